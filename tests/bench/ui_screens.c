/*
 * ui_screens FOLDER [WIDTH HEIGHT [day|night]] [NAME...]: the sample views as a viewer would see
 * them, over a made up picture, as PNG files. doc/screens is made by it at 1280 x 720.
 */
#include <cairo.h>
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/palette_png.h"
#include "tests/unit/ui/samples.h"
#include "ui/paint.h"

static void hills(cairo_t *cairo, double width, double height, double top, double swing,
	double phase, double light)
{
	cairo_set_source_rgb(cairo, 0.13 * light, 0.3 * light, 0.33 * light);
	cairo_move_to(cairo, 0, height);
	for (int i = 0; i <= 64; i++)
		cairo_line_to(cairo, width * i / 64.0,
			height * (top + swing * sin(i * 0.11 + phase) * cos(i * 0.043 + phase)));
	cairo_line_to(cairo, width, height);
	cairo_fill(cairo);
}

/* A coast in the evening, or on a very bright day. */
static void landscape(cairo_t *cairo, double width, double height, bool day)
{
	cairo_pattern_t *sky = cairo_pattern_create_linear(0, 0, 0, height);
	double light = day ? 3 : 1;

	cairo_pattern_add_color_stop_rgb(
		sky, 0, day ? 0.75 : 0.16, day ? 0.9 : 0.24, day ? 1 : 0.42);
	cairo_pattern_add_color_stop_rgb(sky, 0.7, day ? 1 : 0.93, day ? 1 : 0.6, day ? 1 : 0.42);
	cairo_set_source(cairo, sky);
	cairo_paint(cairo);
	cairo_pattern_destroy(sky);
	cairo_set_source_rgb(cairo, 1, day ? 1 : 0.86, day ? 0.9 : 0.6);
	cairo_arc(cairo, width * 0.66, height * 0.5, height * 0.09, 0, 2 * M_PI);
	cairo_fill(cairo);
	hills(cairo, width, height, 0.60, 0.10, 0.4, light);
	hills(cairo, width, height, 0.72, 0.08, 2.1, light * 0.66);
	hills(cairo, width, height, 0.86, 0.07, 4.0, light * 0.36);
}

static void blend(cairo_t *cairo, const struct ui_image *image)
{
	cairo_surface_t *surface = cairo_image_surface_create_for_data(image->pixels,
		CAIRO_FORMAT_ARGB32, image->width, image->height, image->stride_bytes);

	cairo_set_source_surface(cairo, surface, image->x, image->y);
	cairo_paint(cairo);
	cairo_surface_destroy(surface);
}

static int write_sample(struct ui_painter *painter, const struct ui_sample *sample,
	const char *folder, int width, int height, bool day)
{
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
	cairo_t *cairo = cairo_create(surface);
	struct ui_view *view = g_new0(struct ui_view, 1);

	sample->fill(view);
	landscape(cairo, width, height, day);
	for (enum ui_panel panel = 0; panel < UI_PANELS; panel++) {
		struct ui_image image = {0};
		if (ui_paint_panel(painter, panel, view, width, height, &image) == 0 &&
			image.pixels)
			blend(cairo, &image);
		ui_image_clear(&image);
	}
	char *path = g_strdup_printf("%s/%s.png", folder, sample->name);
	int r = palette_png_write(surface, path);
	if (r < 0)
		fprintf(stderr, "%s could not be written\n", path);
	g_free(path);
	g_free(view);
	cairo_destroy(cairo);
	cairo_surface_destroy(surface);
	return r;
}

static void say(void *ctx, const char *sentence)
{
	(void)ctx;
	fprintf(stderr, "%s\n", sentence);
}

static bool is_wanted(const char *name, int count, char **names)
{
	for (int i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return true;
	return count <= 0;
}

int main(int argc, char **argv)
{
	struct ui_painter_options options = {.logos = ui_sample_logos, .say = say};
	int width = argc > 3 ? atoi(argv[2]) : 1280, height = argc > 3 ? atoi(argv[3]) : 720;
	bool day = argc > 4 && !strcmp(argv[4], "day");
	int failed = 0;

	if (argc < 2 || width < 16 || height < 16) {
		fprintf(stderr, "usage: ui_screens FOLDER [WIDTH HEIGHT [day|night [NAME...]]]\n");
		return 64;
	}
	struct ui_painter *painter = ui_painter_new(&options);
	if (!painter)
		return 1;
	for (size_t i = 0; i < ui_sample_count; i++)
		if (is_wanted(ui_samples[i].name, argc - 5, argv + 5))
			failed |=
				write_sample(painter, &ui_samples[i], argv[1], width, height, day);
	ui_painter_free(painter);
	return failed ? 1 : 0;
}
