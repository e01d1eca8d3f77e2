#include "tests/system/support/signs.h"

#include <math.h>
#include <stdio.h>

#include "tests/support/test.h"
#include "ui/paint.h"

/* How alike what is seen and what was painted have to be (the correlation of their pixels). */
#define ALIKE 0.9

/* One place, and the numbers that may be there. */
struct place {
	struct mark_area area;
	size_t count;
	int64_t *numbers;
	uint8_t **shapes; /* of the area, row by row */
};

struct signs {
	int width, height;
	struct ui_painter *painter;
	GArray *places; /* struct place */
	GArray *areas;	/* struct mark_area, of the places */
};

static void clear_place(gpointer data)
{
	struct place *place = data;
	for (size_t i = 0; i < place->count; i++)
		g_free(place->shapes[i]);
	g_free(place->shapes);
	g_free(place->numbers);
}

struct signs *signs_new(int width, int height)
{
	struct signs *signs = g_new0(struct signs, 1);
	const struct ui_painter_options options = {0};
	signs->width = width;
	signs->height = height;
	signs->painter = ui_painter_new(&options);
	assert_non_null(signs->painter);
	signs->places = g_array_new(FALSE, FALSE, sizeof(struct place));
	g_array_set_clear_func(signs->places, clear_place);
	signs->areas = g_array_new(FALSE, FALSE, sizeof(struct mark_area));
	return signs;
}

void signs_free(struct signs *signs)
{
	if (!signs)
		return;
	ui_painter_free(signs->painter);
	g_array_unref(signs->places);
	g_array_unref(signs->areas);
	g_free(signs);
}

/* The panel on a black screen. As tests/lab/peers_grab makes luma of what it sees. */
static uint8_t *paint(const struct signs *signs, enum ui_panel panel, const struct ui_view *view)
{
	uint8_t *luma = g_malloc0((gsize)signs->width * (gsize)signs->height);
	struct ui_image image = {0};
	int error =
		ui_paint_panel(signs->painter, panel, view, signs->width, signs->height, &image);
	assert_int_equal(error, 0);
	for (int y = 0; y < image.height; y++)
		for (int x = 0; x < image.width; x++) {
			const uint8_t *in = image.pixels + (long)y * image.stride_bytes + 4L * x;
			int column = image.x + x, row = image.y + y;
			if (column >= 0 && column < signs->width && row >= 0 && row < signs->height)
				luma[(long)row * signs->width + column] =
					(uint8_t)((18 * in[0] + 183 * in[1] + 55 * in[2]) >> 8);
		}
	ui_image_clear(&image);
	return luma;
}

/* Where any two of them differ. */
static struct mark_area difference(const struct signs *signs, uint8_t *const *planes, size_t count)
{
	int left = signs->width, right = -1, top = signs->height, bottom = -1;
	for (int y = 0; y < signs->height; y++)
		for (int x = 0; x < signs->width; x++) {
			long at = (long)y * signs->width + x;
			bool differs = false;
			for (size_t i = 1; i < count; i++)
				differs = differs || planes[i][at] != planes[0][at];
			if (!differs)
				continue;
			left = MIN(left, x);
			right = MAX(right, x);
			top = MIN(top, y);
			bottom = y;
		}
	assert_true(right >= left);
	return (struct mark_area){left, top, right - left + 1, bottom - top + 1};
}

static uint8_t *cut(const struct signs *signs, const uint8_t *plane, struct mark_area area)
{
	uint8_t *shape = g_malloc((gsize)area.width * (gsize)area.height);
	for (int y = 0; y < area.height; y++)
		memcpy(shape + (long)y * area.width,
			plane + (long)(area.top + y) * signs->width + area.left,
			(size_t)area.width);
	return shape;
}

/* fill(view, i) makes a view with the i-th number, and returns that. */
static void add_place(struct signs *signs, enum ui_panel panel, size_t count,
	int64_t (*fill)(struct ui_view *view, size_t i, int variant), int variant)
{
	struct place place = {.count = count,
		.numbers = g_new(int64_t, count),
		.shapes = g_new(uint8_t *, count)};
	uint8_t **planes = g_new(uint8_t *, count);
	struct ui_view *view = g_new(struct ui_view, 1);
	for (size_t i = 0; i < count; i++) {
		memset(view, 0, sizeof *view);
		place.numbers[i] = fill(view, i, variant);
		planes[i] = paint(signs, panel, view);
	}
	place.area = difference(signs, planes, count);
	for (size_t i = 0; i < count; i++) {
		place.shapes[i] = cut(signs, planes[i], place.area);
		g_free(planes[i]);
	}
	g_free(planes);
	g_free(view);
	g_array_append_val(signs->places, place);
	g_array_append_val(signs->areas, place.area);
}

/* With nothing below the number, with the bouquet, and with what is on and comes next. */
enum { BANNER_VARIANTS = 3 };

static int64_t fill_banner(struct ui_view *view, size_t i, int variant)
{
	struct ui_banner_view *banner = &view->banner;
	banner->visible = true;
	snprintf(banner->number, sizeof banner->number, "%zu", i + 1);
	banner->now.progress_permille = banner->next.progress_permille = UI_PROGRESS_NONE;
	if (variant > 0)
		snprintf(banner->bouquet, sizeof banner->bouquet, "Bouquet");
	if (variant > 1)
		snprintf(banner->next.title, sizeof banner->next.title, "Next");
	return (int64_t)i + 1;
}

void signs_add_banner(struct signs *signs, int last)
{
	for (int variant = 0; variant < BANNER_VARIANTS; variant++)
		add_place(signs, UI_PANEL_BANNER, (size_t)last, fill_banner, variant);
}

static int64_t fill_volume(struct ui_view *view, size_t i, int variant)
{
	(void)variant;
	view->volume = (struct ui_volume_view){.visible = true, .percent = (uint16_t)(5 * i)};
	return 5 * (int64_t)i;
}

void signs_add_volume(struct signs *signs)
{
	add_place(signs, UI_PANEL_VOLUME, 21, fill_volume, 0);
}

const struct mark_area *signs_areas(const struct signs *signs, size_t *ret_count)
{
	*ret_count = signs->areas->len;
	return (const struct mark_area *)(const void *)signs->areas->data;
}

/* Pearson's correlation: 1 where they are alike but for brightness and contrast. */
static double correlation(
	const uint8_t *shape, const uint8_t *seen, int stride, struct mark_area area)
{
	int64_t n = (int64_t)area.width * area.height;
	int64_t a = 0, b = 0, aa = 0, bb = 0, ab = 0;
	for (int y = 0; y < area.height; y++, shape += area.width, seen += stride)
		for (int x = 0; x < area.width; x++) {
			a += shape[x];
			b += seen[x];
			aa += shape[x] * shape[x];
			bb += seen[x] * seen[x];
			ab += shape[x] * seen[x];
		}
	double variance = (double)(n * aa - a * a) * (double)(n * bb - b * b);
	return variance > 0 ? (double)(n * ab - a * b) / sqrt(variance) : 0;
}

int64_t signs_read(void *data, const uint8_t *luma, int width, int height)
{
	const struct signs *signs = data;
	int64_t best = SIGNS_NONE;
	double most = ALIKE;
	(void)height;
	for (guint i = 0; i < signs->places->len; i++) {
		const struct place *place = &g_array_index(signs->places, struct place, i);
		const uint8_t *seen = luma + (long)place->area.top * width + place->area.left;
		for (size_t j = 0; j < place->count; j++) {
			double alike = correlation(place->shapes[j], seen, width, place->area);
			if (alike <= most)
				continue;
			most = alike;
			best = place->numbers[j];
		}
	}
	return best;
}
