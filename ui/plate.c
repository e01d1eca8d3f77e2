/* Grounds of panels, straight into the pixels: large areas are most of what a panel costs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ui/canvas.h"

static uint32_t premultiply(const struct ui_colour *colour, double coverage)
{
	double alpha = colour->alpha * coverage;

	return (uint32_t)lround(alpha * 255) << 24 |
	       (uint32_t)lround(colour->red * alpha * 255) << 16 |
	       (uint32_t)lround(colour->green * alpha * 255) << 8 |
	       (uint32_t)lround(colour->blue * alpha * 255);
}

static struct ui_colour between(
	const struct ui_colour *from, const struct ui_colour *to, double share)
{
	return (struct ui_colour){from->red + (to->red - from->red) * share,
		from->green + (to->green - from->green) * share,
		from->blue + (to->blue - from->blue) * share,
		from->alpha + (to->alpha - from->alpha) * share};
}

static uint32_t *row_of(const struct canvas *canvas, int y)
{
	return (uint32_t *)(void *)(canvas->image.pixels +
				    (size_t)(y - canvas->image.y) *
					    (size_t)canvas->image.stride_bytes);
}

static void fill_span(const struct canvas *canvas, int y, int from, int to, uint32_t pixel)
{
	uint32_t *row = row_of(canvas, y);

	for (int x = from - canvas->image.x; x < to - canvas->image.x; x++)
		row[x] = pixel;
}

void canvas_wash(struct canvas *canvas, const struct ui_colour *colour)
{
	const struct ui_image *image = &canvas->image;
	uint32_t pixel = premultiply(colour, 1);

	for (int y = image->y; y < image->y + image->height; y++)
		fill_span(canvas, y, image->x, image->x + image->width, pixel);
	cairo_surface_mark_dirty(canvas->surface);
}

/* A box that is out of focus: its share at `at` along one axis. */
static float blurred(double at, double from, double to, double reach)
{
	double softness = reach / 2;

	return (float)((erf((at - from) / softness) - erf((at - to) / softness)) / 2);
}

/* How much of a pixel lies within the rounded rectangle, by its distance from the edge. */
static double coverage(const struct plate *plate, double x, double y)
{
	const struct rect *rect = &plate->rect;
	double r = plate->radius;
	double dx = fabs(x - rect->x - rect->width / 2.0) - rect->width / 2.0 + r;
	double dy = fabs(y - rect->y - rect->height / 2.0) - rect->height / 2.0 + r;
	double outside = hypot(fmax(dx, 0), fmax(dy, 0)) + fmin(fmax(dx, dy), 0) - r;

	return fmin(fmax(0.5 - outside, 0), 1);
}

static uint32_t mix(uint32_t under, uint32_t over, double share)
{
	uint32_t pixel = 0;

	for (int shift = 0; shift < 32; shift += 8) {
		double a = under >> shift & 255, b = over >> shift & 255;
		pixel |= (uint32_t)lround(a + (b - a) * share) << shift;
	}
	return pixel;
}

struct ground {
	const struct plate *plate;
	uint32_t shadow[256];
	float *across;	 /* the shadow's share at each x of the image */
	int left, right; /* the pixels between have the shadow's full width, and no corner */
};

static int ground_init(
	struct ground *ground, const struct canvas *canvas, const struct plate *plate)
{
	const struct ui_image *image = &canvas->image;
	const struct rect *rect = &plate->rect;
	int margin = plate->shadow > plate->radius ? plate->shadow : plate->radius;

	*ground = (struct ground){.plate = plate};
	ground->across = malloc((size_t)image->width * sizeof *ground->across);
	if (!ground->across)
		return -1;
	for (int x = 0; x < image->width; x++)
		ground->across[x] = blurred(
			image->x + x + 0.5, rect->x, rect_right(rect), fmax(plate->shadow, 1));
	for (int i = 0; i < 256; i++)
		ground->shadow[i] = premultiply(&plate->theme->shadow, i / 255.0);
	ground->left = rect->x + margin;
	ground->right = rect_right(rect) - margin;
	if (ground->right < ground->left)
		ground->right = ground->left;
	return 0;
}

struct ground_row {
	int y;
	uint32_t fill;
	float down;  /* the shadow's share in this row */
	bool within; /* the panel has a part of this row */
	bool round;  /* and a corner in it */
};

static struct ground_row row_at(const struct plate *plate, int y)
{
	const struct rect *rect = &plate->rect;
	double share = (y + 0.5 - rect->y) / rect->height;
	struct ui_colour colour =
		between(&plate->theme->panel, &plate->theme->panel_low, fmin(fmax(share, 0), 1));

	return (struct ground_row){.y = y,
		.fill = premultiply(&colour, 1),
		/* It lies somewhat lower than what throws it. */
		.down = blurred(y + 0.5 - plate->shadow / 6.0, rect->y, rect_bottom(rect),
			fmax(plate->shadow, 1)),
		.within = y >= rect->y && y < rect_bottom(rect),
		.round = y < rect->y + plate->radius || y >= rect_bottom(rect) - plate->radius};
}

static void paint_ends(const struct ground *ground, const struct canvas *canvas,
	const struct ground_row *row, int from, int to)
{
	const struct rect *rect = &ground->plate->rect;
	uint32_t *pixels = row_of(canvas, row->y);

	for (int x = from; x < to; x++) {
		int i = x - canvas->image.x;
		uint32_t shadow = ground->shadow[(int)(ground->across[i] * row->down * 255)];
		if (!row->within || x < rect->x || x >= rect_right(rect))
			pixels[i] = shadow;
		else if (!row->round)
			pixels[i] = row->fill;
		else
			pixels[i] = mix(
				shadow, row->fill, coverage(ground->plate, x + 0.5, row->y + 0.5));
	}
}

static void paint_row(const struct ground *ground, const struct canvas *canvas, int y)
{
	struct ground_row row = row_at(ground->plate, y);
	int left = canvas->image.x, right = left + canvas->image.width;
	int core_left = (int)fmin(fmax(ground->left, left), right);
	int core_right = (int)fmin(fmax(ground->right, core_left), right);

	paint_ends(ground, canvas, &row, left, core_left);
	fill_span(canvas, y, core_left, core_right,
		row.within ? row.fill : ground->shadow[(int)(row.down * 255)]);
	paint_ends(ground, canvas, &row, core_right, right);
}

void canvas_plate(struct canvas *canvas, const struct plate *plate)
{
	struct ground ground;
	int width = plate->rect.width / 1000 > 1 ? plate->rect.width / 1000 : 1;

	if (ground_init(&ground, canvas, plate) < 0) {
		canvas->failed = true;
		return;
	}
	for (int y = 0; y < canvas->image.height; y++)
		paint_row(&ground, canvas, canvas->image.y + y);
	free(ground.across);
	cairo_surface_mark_dirty(canvas->surface);
	canvas_outline(canvas, &plate->rect, plate->radius, width, &plate->theme->edge);
}
