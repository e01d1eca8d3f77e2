/* Prints channel and frame of the mark in a PNG or in the first picture of a Y4M file; see mark.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <cairo.h>
#include <glib.h>

#include "tests/lab/mark.h"
#include "tests/lab/y4m.h"

/* All of these return 1 with a mark, 0 without one, or a negative errno. */
static int read_surface(cairo_surface_t *surface, struct mark *ret)
{
	int width = cairo_image_surface_get_width(surface);
	int height = cairo_image_surface_get_height(surface);
	int stride = cairo_image_surface_get_stride(surface);
	const unsigned char *bytes = cairo_image_surface_get_data(surface);
	cairo_format_t format = cairo_image_surface_get_format(surface);
	if (format != CAIRO_FORMAT_ARGB32 && format != CAIRO_FORMAT_RGB24)
		return -ENOTSUP;
	g_autofree uint8_t *luma = g_malloc((gsize)width * (gsize)height);
	for (int y = 0; y < height; y++) {
		for (int x = 0; x < width; x++) {
			uint32_t pixel;
			memcpy(&pixel, bytes + (gsize)y * stride + 4 * x, sizeof pixel);
			uint32_t red = pixel >> 16 & 255, green = pixel >> 8 & 255;
			/* ITU-R BT.601; black and white are the same in any other. */
			luma[(gsize)y * width + x] =
				(uint8_t)((77 * red + 150 * green + 29 * (pixel & 255)) >> 8);
		}
	}
	return mark_read(luma, width, height, width, ret);
}

static int read_png(const char *path, struct mark *ret)
{
	cairo_surface_t *surface = cairo_image_surface_create_from_png(path);
	cairo_status_t status = cairo_surface_status(surface);
	int result = status == CAIRO_STATUS_SUCCESS	     ? read_surface(surface, ret)
		     : status == CAIRO_STATUS_FILE_NOT_FOUND ? -ENOENT
							     : -EBADMSG;
	cairo_surface_destroy(surface);
	return result;
}

static int read_y4m(const char *path, struct mark *ret)
{
	struct y4m *y4m;
	const uint8_t *i420;
	int result = y4m_open(path, &y4m);
	if (result < 0)
		return result;
	struct y4m_format format = y4m_format(y4m);
	result = y4m_next(y4m, &i420);
	if (result > 0)
		result = mark_read(i420, format.width, format.height, format.width, ret);
	y4m_close(y4m);
	return result;
}

int main(int argc, char **argv)
{
	struct mark mark;
	if (argc != 2 || argv[1][0] == '-') {
		fputs("usage: readmark FILE.png|FILE.y4m\n", stderr);
		return EX_USAGE;
	}
	const char *path = argv[1];
	int result = g_str_has_suffix(path, ".y4m") ? read_y4m(path, &mark) : read_png(path, &mark);
	if (result > 0) {
		printf("%u %u\n", mark.channel, mark.frame);
		return EXIT_SUCCESS;
	}
	fprintf(stderr, "readmark: %s: %s\n", path,
		result == 0 ? "there is no mark in this picture" : strerror(-result));
	return EXIT_FAILURE;
}
