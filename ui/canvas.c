#include "ui/canvas.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

int canvas_open(struct canvas *canvas, const struct rect *area, int screen_width, int screen_height)
{
	int left = area->x > 0 ? area->x : 0, top = area->y > 0 ? area->y : 0;
	int right = rect_right(area) < screen_width ? rect_right(area) : screen_width;
	int bottom = rect_bottom(area) < screen_height ? rect_bottom(area) : screen_height;
	struct ui_image image = {
		.x = left, .y = top, .width = right - left, .height = bottom - top};

	if (right <= left || bottom <= top)
		return -ENOENT;
	image.stride_bytes = cairo_format_stride_for_width(CAIRO_FORMAT_ARGB32, image.width);
	image.pixels = calloc((size_t)image.height, (size_t)image.stride_bytes);
	if (!image.pixels)
		return -ENOMEM;
	*canvas = (struct canvas){.image = image};
	canvas->surface = cairo_image_surface_create_for_data(
		image.pixels, CAIRO_FORMAT_ARGB32, image.width, image.height, image.stride_bytes);
	canvas->cairo = cairo_create(canvas->surface);
	cairo_translate(canvas->cairo, -image.x, -image.y);
	return 0;
}

int canvas_close(struct canvas *canvas, struct ui_image *ret)
{
	cairo_status_t status = cairo_status(canvas->cairo);

	cairo_destroy(canvas->cairo);
	cairo_surface_flush(canvas->surface);
	cairo_surface_destroy(canvas->surface);
	if (canvas->failed || status != CAIRO_STATUS_SUCCESS) {
		ui_image_clear(&canvas->image);
		return -ENOMEM;
	}
	*ret = canvas->image;
	return 0;
}

void canvas_clip(struct canvas *canvas, const struct rect *rect)
{
	cairo_rectangle(canvas->cairo, rect->x, rect->y, rect->width, rect->height);
	cairo_clip(canvas->cairo);
}

void canvas_source(struct canvas *canvas, const struct ui_colour *colour)
{
	cairo_set_source_rgba(
		canvas->cairo, colour->red, colour->green, colour->blue, colour->alpha);
}

static void trace_corner(cairo_t *cairo, double x, double y, double radius, int quarter)
{
	if (radius > 0)
		cairo_arc(cairo, x, y, radius, (quarter - 1) * M_PI_2, quarter * M_PI_2);
	else
		cairo_line_to(cairo, x, y);
}

void canvas_trace(cairo_t *cairo, const struct rect *rect, double left_radius, double right_radius)
{
	double right = rect_right(rect), bottom = rect_bottom(rect), l = left_radius,
	       r = right_radius;

	cairo_new_sub_path(cairo);
	trace_corner(cairo, right - r, rect->y + r, r, 0);
	trace_corner(cairo, right - r, bottom - r, r, 1);
	trace_corner(cairo, rect->x + l, bottom - l, l, 2);
	trace_corner(cairo, rect->x + l, rect->y + l, l, 3);
	cairo_close_path(cairo);
}

void canvas_round(struct canvas *canvas, const struct rect *rect, double radius,
	const struct ui_colour *colour)
{
	if (rect->width <= 0 || rect->height <= 0)
		return;
	radius = fmin(radius, fmin(rect->width, rect->height) / 2.0);
	canvas_source(canvas, colour);
	canvas_trace(canvas->cairo, rect, radius, radius);
	cairo_fill(canvas->cairo);
}

void canvas_outline(struct canvas *canvas, const struct rect *rect, double radius, double width,
	const struct ui_colour *colour)
{
	cairo_t *cairo = canvas->cairo;
	double x = rect->x + width / 2, y = rect->y + width / 2, r = radius - width / 2;
	double right = rect_right(rect) - width / 2, bottom = rect_bottom(rect) - width / 2;

	r = fmax(r, 0);
	cairo_new_sub_path(cairo);
	cairo_arc(cairo, right - r, y + r, r, -M_PI_2, 0);
	cairo_arc(cairo, right - r, bottom - r, r, 0, M_PI_2);
	cairo_arc(cairo, x + r, bottom - r, r, M_PI_2, M_PI);
	cairo_arc(cairo, x + r, y + r, r, M_PI, 3 * M_PI_2);
	cairo_close_path(cairo);
	canvas_source(canvas, colour);
	cairo_set_line_width(cairo, width);
	cairo_stroke(cairo);
}

void canvas_bar(struct canvas *canvas, const struct rect *rect, unsigned permille,
	const struct ui_colour *full, const struct ui_colour *track)
{
	int thickness = rect->width < rect->height ? rect->width : rect->height;
	double share = fmin(permille, 1000) / 1000.0;
	struct rect part = *rect;

	canvas_round(canvas, rect, thickness / 2.0, track);
	if (permille == 0)
		return;
	if (rect->width >= rect->height) {
		part.width = (int)fmax(round(rect->width * share), thickness);
	} else {
		part.height = (int)fmax(round(rect->height * share), thickness);
		part.y = rect_bottom(rect) - part.height;
	}
	canvas_round(canvas, &part, thickness / 2.0, full);
}

void canvas_disc(
	struct canvas *canvas, double x, double y, double radius, const struct ui_colour *colour)
{
	cairo_new_sub_path(canvas->cairo);
	cairo_arc(canvas->cairo, x, y, radius, 0, 2 * M_PI);
	canvas_source(canvas, colour);
	cairo_fill(canvas->cairo);
}
