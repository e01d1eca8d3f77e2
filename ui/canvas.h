/*
 * ui/canvas: the pixels of one panel, and the shapes that panels are made of. Coordinates are those
 * of the screen. For ui/paint_* only.
 */
#pragma once

#include <cairo.h>
#include <stdbool.h>

#include "ui/image.h"
#include "ui/theme.h"

struct rect {
	int x, y, width, height;
};

struct canvas {
	struct ui_image image;
	cairo_surface_t *surface;
	cairo_t *cairo;
	bool failed; /* memory was short */
};

static inline int rect_right(const struct rect *rect)
{
	return rect->x + rect->width;
}

static inline int rect_bottom(const struct rect *rect)
{
	return rect->y + rect->height;
}

static inline struct rect rect_grown(const struct rect *rect, int by)
{
	return (struct rect){
		rect->x - by, rect->y - by, rect->width + 2 * by, rect->height + 2 * by};
}

/*
 * Opens a canvas for what of `area` lies on the screen; nothing is painted yet. Errors: -ENOMEM;
 * -ENOENT when that is nothing. canvas_close() ends it and hands the image out; -ENOMEM when
 * something could not be painted, with *ret untouched.
 */
int canvas_open(
	struct canvas *canvas, const struct rect *area, int screen_width, int screen_height);
int canvas_close(struct canvas *canvas, struct ui_image *ret);

struct plate {
	struct rect rect;
	int radius;
	int shadow; /* how far it reaches around */
	const struct ui_theme *theme;
};

/* The first thing on a canvas: a panel's ground from `panel` to `panel_low`, shadow and hairline.
 */
void canvas_plate(struct canvas *canvas, const struct plate *plate);
/* The first thing on a canvas: all of it in one colour. */
void canvas_wash(struct canvas *canvas, const struct ui_colour *colour);

/* Nothing is painted outside of it from now on. */
void canvas_clip(struct canvas *canvas, const struct rect *rect);

void canvas_source(struct canvas *canvas, const struct ui_colour *colour);
void canvas_round(struct canvas *canvas, const struct rect *rect, double radius,
	const struct ui_colour *colour);
/* A line of `width` inside the edge. */
void canvas_outline(struct canvas *canvas, const struct rect *rect, double radius, double width,
	const struct ui_colour *colour);
/* Rounded at both ends; `permille` of it in `full`, from the left or, where it is upright, below.
 */
void canvas_bar(struct canvas *canvas, const struct rect *rect, unsigned permille,
	const struct ui_colour *full, const struct ui_colour *track);
void canvas_disc(
	struct canvas *canvas, double x, double y, double radius, const struct ui_colour *colour);
/* Rounded only where asked for. */
void canvas_trace(cairo_t *cairo, const struct rect *rect, double left_radius, double right_radius);
