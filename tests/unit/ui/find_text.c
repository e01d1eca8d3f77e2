#include "tests/unit/ui/find_text.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define POINTS 64
#define DIFFERENCE 70 /* of 255, between ink and ground */

struct point {
	int x, y;
};

/* Points on strokes and between them; both relative to the ink's corner. */
struct shape {
	struct rect ink;
	struct point on[POINTS], off[POINTS];
	int count;
};

static uint8_t grey(const cairo_surface_t *surface, int x, int y)
{
	cairo_surface_t *from = (cairo_surface_t *)surface;
	const uint8_t *pixels = cairo_image_surface_get_data(from);
	uint32_t pixel;

	memcpy(&pixel,
		pixels + (size_t)y * (size_t)cairo_image_surface_get_stride(from) + (size_t)x * 4,
		4);
	return (uint8_t)(((pixel >> 16 & 255) * 54 + (pixel >> 8 & 255) * 183 +
				 (pixel & 255) * 19) >>
			 8);
}

static struct rect ink_of(cairo_surface_t *surface)
{
	int width = cairo_image_surface_get_width(surface), left = width, right = -1;
	int height = cairo_image_surface_get_height(surface), top = height, bottom = -1;

	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++)
			if (grey(surface, x, y) > 40) {
				left = x < left ? x : left;
				right = x > right ? x : right;
				top = y < top ? y : top;
				bottom = y;
			}
	return (struct rect){left, top, right - left + 1, bottom - top + 1};
}

/* Points all over the ink, by a sequence that is always the same. */
static void choose(cairo_surface_t *surface, struct shape *shape, bool on, struct point *points)
{
	GRand *random = g_rand_new_with_seed(7);
	int count = 0;

	for (int tries = 0; tries < 200000 && count < POINTS; tries++) {
		struct point point = {g_rand_int_range(random, 0, shape->ink.width),
			g_rand_int_range(random, 0, shape->ink.height)};
		uint8_t value = grey(surface, shape->ink.x + point.x, shape->ink.y + point.y);
		if (on ? value > 248 : value == 0)
			points[count++] = point;
	}
	shape->count = count < shape->count ? count : shape->count;
	g_rand_free(random);
}

static struct shape shape_of(struct typeset *typeset, enum style style, const char *utf8)
{
	const struct text *text = typeset_line(typeset, style, utf8, 1 << 14);
	int margin = text->height;
	cairo_surface_t *surface = cairo_image_surface_create(
		CAIRO_FORMAT_RGB24, text->width + 2 * margin, text->height + 2 * margin);
	cairo_t *cairo = cairo_create(surface);
	struct shape shape = {.count = POINTS};

	typeset_draw(cairo, text, margin, margin + text->baseline, &(struct ui_colour){1, 1, 1, 1});
	cairo_destroy(cairo);
	cairo_surface_flush(surface);
	shape.ink = ink_of(surface);
	choose(surface, &shape, true, shape.on);
	choose(surface, &shape, false, shape.off);
	cairo_surface_destroy(surface);
	return shape;
}

/*
 * By how much all strokes are brighter than all that is between them, or with `sign` -1 darker;
 * 0 where that is too little.
 */
static int distance(const struct shape *shape, cairo_surface_t *screen, int x, int y, int sign)
{
	int nearest_on = 1 << 16, nearest_off = -(1 << 16);

	for (int i = 0; i < shape->count; i++) {
		int on = sign * grey(screen, x + shape->on[i].x, y + shape->on[i].y);
		int off = sign * grey(screen, x + shape->off[i].x, y + shape->off[i].y);
		nearest_on = MIN(nearest_on, on);
		nearest_off = MAX(nearest_off, off);
		if (nearest_on - nearest_off < DIFFERENCE)
			return 0;
	}
	return nearest_on - nearest_off;
}

static double luminance(uint8_t value)
{
	double share = value / 255.0;

	return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4);
}

static double contrast_at(
	const struct shape *shape, cairo_surface_t *screen, int x, int y, int sign)
{
	uint8_t bright = 255,
		dark = 0; /* the darkest of what is bright, the brightest of what is dark */

	for (int i = 0; i < shape->count; i++) {
		uint8_t on = grey(screen, x + shape->on[i].x, y + shape->on[i].y);
		uint8_t off = grey(screen, x + shape->off[i].x, y + shape->off[i].y);
		bright = MIN(bright, sign > 0 ? on : off);
		dark = MAX(dark, sign > 0 ? off : on);
	}
	return (luminance(bright) + 0.05) / (luminance(dark) + 0.05);
}

/* The first match may be beside the best one. */
static struct found settle(
	const struct shape *shape, cairo_surface_t *screen, int first_x, int first_y, int sign)
{
	int right = cairo_image_surface_get_width(screen) - shape->ink.width;
	int bottom = cairo_image_surface_get_height(screen) - shape->ink.height;
	int best = 0, best_x = first_x, best_y = first_y;

	for (int y = first_y; y <= MIN(first_y + 3, bottom); y++)
		for (int x = MAX(first_x - 3, 0); x <= MIN(first_x + 3, right); x++) {
			int here = distance(shape, screen, x, y, sign);
			if (here > best) {
				best = here;
				best_x = x;
				best_y = y;
			}
		}
	return (struct found){{best_x, best_y, shape->ink.width, shape->ink.height},
		contrast_at(shape, screen, best_x, best_y, sign)};
}

struct found find_text(
	struct typeset *typeset, cairo_surface_t *screen, enum style style, const char *utf8)
{
	struct shape shape = shape_of(typeset, style, utf8);
	int right = cairo_image_surface_get_width(screen) - shape.ink.width;
	int bottom = cairo_image_surface_get_height(screen) - shape.ink.height;

	cairo_surface_flush(screen);
	for (int y = 0; shape.count > 8 && y <= bottom; y++)
		for (int x = 0; x <= right; x++)
			for (int sign = -1; sign <= 1; sign += 2)
				if (distance(&shape, screen, x, y, sign))
					return settle(&shape, screen, x, y, sign);
	return (struct found){0};
}
