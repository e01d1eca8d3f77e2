#include "tests/lab/peers_like.h"

#include <math.h>

#include <glib.h>

#include "tests/lab/format.h"
#include "tests/lab/picture.h"

enum {
	ROWS = 18, /* every 40 lines of 720: hardly a slice escapes */
	/* Each by itself, or the number's plate, the same in all pictures, would outweigh the rest.
	 */
	PARTS = 4,
	/* So many pixels are one value: grain and what coding made of it cancel out. */
	CELL = 8,
};

struct like {
	int width, height;
	struct painter *painters[LAB_CLIPS];
	uint8_t *expected; /* I420, of this mark: */
	struct mark mark;
	struct mark_area rows[ROWS];
};

struct like *like_create(int width, int height)
{
	struct like *like = g_new0(struct like, 1);
	*like = (struct like){.width = width, .height = height};
	for (int i = 0; i < LAB_CLIPS; i++)
		like->painters[i] = painter_create((uint8_t)(i + 1), width, height);
	for (int i = 0; i < ROWS; i++)
		like->rows[i] = (struct mark_area){
			.top = (2 * i + 1) * height / (2 * ROWS), .width = width, .height = 1};
	like->expected = g_malloc((gsize)width * (gsize)height * 3 / 2);
	return like;
}

void like_destroy(struct like *like)
{
	if (!like)
		return;
	for (int i = 0; i < LAB_CLIPS; i++)
		painter_destroy(like->painters[i]);
	g_free(like->expected);
	g_free(like);
}

const struct mark_area *like_rows(const struct like *like, size_t *ret_count)
{
	*ret_count = ROWS;
	return like->rows;
}

static double cell_sum(const uint8_t *row, int cell)
{
	int sum = 0;
	for (int x = cell * CELL; x < (cell + 1) * CELL; x++)
		sum += row[x];
	return sum;
}

/* Pearson's; a row without any detail is like no other. */
static double correlate(const uint8_t *one, const uint8_t *other, int cells)
{
	double sum_a = 0, sum_b = 0, sum_aa = 0, sum_bb = 0, sum_ab = 0;
	for (int i = 0; i < cells; i++) {
		double a = cell_sum(one, i), b = cell_sum(other, i);
		sum_a += a;
		sum_b += b;
		sum_aa += a * a;
		sum_bb += b * b;
		sum_ab += a * b;
	}
	double spread = (cells * sum_aa - sum_a * sum_a) * (cells * sum_bb - sum_b * sum_b);
	return spread > 0 ? (cells * sum_ab - sum_a * sum_b) / sqrt(spread) : 0;
}

double like_measure(struct like *like, struct mark mark, const uint8_t *luma)
{
	double worst = 1;
	if (mark.channel < 1 || mark.channel > LAB_CLIPS || mark.frame >= LAB_PICTURES)
		return 0;
	if (mark.channel != like->mark.channel || mark.frame != like->mark.frame)
		painter_draw(like->painters[mark.channel - 1], mark.frame, like->expected);
	like->mark = mark;
	for (int i = 0; i < ROWS; i++) {
		long row = (long)like->rows[i].top * like->width;
		for (int part = 0; part < PARTS; part++) {
			long at = row + part * (like->width / PARTS);
			worst = fmin(worst, correlate(luma + at, like->expected + at,
						    like->width / PARTS / CELL));
		}
	}
	return worst;
}
