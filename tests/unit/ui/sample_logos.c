#include <cairo.h>
#include <math.h>
#include <string.h>

#include "tests/unit/ui/samples.h"

static void disc(cairo_t *cairo, double w, double h)
{
	cairo_set_source_rgb(cairo, 0.93, 0.23, 0.24);
	cairo_arc(cairo, w / 2, h / 2, h / 2, 0, 2 * M_PI);
	cairo_fill(cairo);
	cairo_set_source_rgb(cairo, 1, 1, 1);
	cairo_rectangle(cairo, w / 2 - h * 0.07, h * 0.22, h * 0.14, h * 0.56);
	cairo_fill(cairo);
}

/* Dark on nothing: it needs a light ground. */
static void wave(cairo_t *cairo, double w, double h)
{
	cairo_set_source_rgb(cairo, 0.06, 0.13, 0.32);
	cairo_set_line_width(cairo, h * 0.2);
	cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
	cairo_move_to(cairo, w * 0.12, h * 0.62);
	cairo_curve_to(cairo, w * 0.36, -h * 0.1, w * 0.56, h * 1.2, w * 0.88, h * 0.36);
	cairo_stroke(cairo);
}

static void bars(cairo_t *cairo, double w, double h)
{
	static const double colours[3][3] = {{0.16, 0.78, 0.6}, {0.98, 0.78, 0.2}, {0.3, 0.6, 1}};

	for (int i = 0; i < 3; i++) {
		cairo_set_source_rgb(cairo, colours[i][0], colours[i][1], colours[i][2]);
		cairo_rectangle(cairo, w * (0.14 + i * 0.26), h * (0.6 - i * 0.25), w * 0.2,
			h * (0.3 + i * 0.25));
		cairo_fill(cairo);
	}
}

/* Without anything transparent. */
static void block(cairo_t *cairo, double w, double h)
{
	cairo_set_source_rgb(cairo, 0.1, 0.36, 0.84);
	cairo_paint(cairo);
	cairo_set_source_rgb(cairo, 1, 1, 1);
	cairo_move_to(cairo, w * 0.3, h * 0.25);
	cairo_line_to(cairo, w * 0.72, h * 0.5);
	cairo_line_to(cairo, w * 0.3, h * 0.75);
	cairo_fill(cairo);
}

static enum ui_logo_state get(void *ctx, int64_t id, int width, int height, struct ui_logo *ret)
{
	static void (*const kinds[])(cairo_t *, double, double) = {disc, wave, bars, block};

	(void)ctx;
	if (id == 14 || width < 1 || height < 1)
		return UI_LOGO_LATER;
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
	cairo_t *cairo = cairo_create(surface);
	kinds[id % 4](cairo, width, height);
	cairo_destroy(cairo);
	cairo_surface_flush(surface);
	int stride_bytes = cairo_image_surface_get_stride(surface);
	gsize size_bytes = (gsize)stride_bytes * (gsize)height;
	*ret = (struct ui_logo){width, height, stride_bytes,
		g_bytes_new(cairo_image_surface_get_data(surface),
			id == 13 ? size_bytes / 2 : size_bytes)};
	cairo_surface_destroy(surface);
	return UI_LOGO_READY;
}

const struct ui_logos ui_sample_logos = {.get = get};
