#include "tests/bench/palette_png.h"

#include <glib.h>
#include <png.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BITS 6 /* of each colour that are told apart */
#define BINS (1 << 3 * BITS)
#define COLOURS 256

struct bin {
	uint32_t count, index; /* index: within all bins, then of the palette */
	uint8_t rgb[3];
};

/* Bins from `from` to before `to`, which will be one colour. */
struct box {
	int from, to;
	int widest; /* which of red, green and blue differs most */
	uint64_t cost;
};

static uint32_t bin_of(const uint8_t *pixel)
{
	uint32_t argb;

	memcpy(&argb, pixel, 4);
	return (argb >> (24 - BITS) & ((1 << BITS) - 1)) << 2 * BITS |
	       (argb >> (16 - BITS) & ((1 << BITS) - 1)) << BITS |
	       (argb >> (8 - BITS) & ((1 << BITS) - 1));
}

static int compare(gconstpointer a, gconstpointer b, gpointer channel)
{
	return ((const struct bin *)a)->rgb[*(int *)channel] -
	       ((const struct bin *)b)->rgb[*(int *)channel];
}

static void measure(const struct bin *bins, struct box *box)
{
	uint64_t count = 0;
	int widest = 0;

	for (int i = box->from; i < box->to; i++)
		count += bins[i].count;
	for (int channel = 0; channel < 3; channel++) {
		int least = 255, most = 0;
		for (int i = box->from; i < box->to; i++) {
			least = MIN(least, bins[i].rgb[channel]);
			most = MAX(most, bins[i].rgb[channel]);
		}
		if (most - least > widest) {
			widest = most - least;
			box->widest = channel;
		}
	}
	/* Large areas count, but so do the few pixels of a colour that nothing else has. */
	box->cost = (uint64_t)widest * (uint64_t)widest * (count + 1000);
}

/* Cuts a box where half of its pixels are on either side. */
static struct box cut(struct bin *bins, struct box *box)
{
	uint64_t count = 0, half = 0;
	int at = box->from;

	g_qsort_with_data(
		bins + box->from, box->to - box->from, sizeof *bins, compare, &box->widest);
	for (int i = box->from; i < box->to; i++)
		count += bins[i].count;
	while (at < box->to - 1 && (half == 0 || half + bins[at].count < count / 2))
		half += bins[at++].count;
	struct box rest = {.from = at, .to = box->to};
	box->to = at;
	measure(bins, box);
	measure(bins, &rest);
	return rest;
}

static int make_boxes(struct bin *bins, int bin_count, struct box *boxes)
{
	int count = 1;

	boxes[0] = (struct box){.to = bin_count};
	measure(bins, &boxes[0]);
	while (count < COLOURS) {
		int dearest = 0;
		for (int i = 1; i < count; i++)
			if (boxes[i].cost > boxes[dearest].cost)
				dearest = i;
		if (boxes[dearest].to - boxes[dearest].from < 2)
			break;
		boxes[count] = cut(bins, &boxes[dearest]);
		count++;
	}
	return count;
}

static png_color mean(const struct bin *bins, const struct box *box)
{
	uint64_t sums[3] = {0}, count = 0;

	for (int i = box->from; i < box->to; i++) {
		for (int channel = 0; channel < 3; channel++)
			sums[channel] += (uint64_t)bins[i].rgb[channel] * bins[i].count;
		count += bins[i].count;
	}
	return (png_color){(png_byte)(sums[0] / count), (png_byte)(sums[1] / count),
		(png_byte)(sums[2] / count)};
}

/* Fills the palette, and for each of all bins its colour; returns how many colours there are. */
static int make_palette(cairo_surface_t *surface, png_color *palette, uint8_t *colour_of)
{
	const uint8_t *pixels = cairo_image_surface_get_data(surface);
	int width = cairo_image_surface_get_width(surface), bin_count = 0;
	size_t stride_bytes = (size_t)cairo_image_surface_get_stride(surface);
	struct bin *bins = g_new0(struct bin, BINS);
	struct box boxes[COLOURS];

	for (int y = 0; y < cairo_image_surface_get_height(surface); y++)
		for (int x = 0; x < width; x++) {
			uint32_t index = bin_of(pixels + (size_t)y * stride_bytes + (size_t)x * 4);
			bins[index].count++;
			bins[index].index = index;
			for (int i = 0; i < 3; i++) /* blue is the first byte */
				bins[index].rgb[2 - i] = pixels[(size_t)y * stride_bytes +
								(size_t)x * 4 + (size_t)i];
		}
	for (int i = 0; i < BINS; i++)
		if (bins[i].count)
			bins[bin_count++] = bins[i];
	int count = make_boxes(bins, bin_count, boxes);
	for (int i = 0; i < count; i++) {
		palette[i] = mean(bins, &boxes[i]);
		for (int j = boxes[i].from; j < boxes[i].to; j++)
			colour_of[bins[j].index] = (uint8_t)i;
	}
	g_free(bins);
	return count;
}

int palette_png_write(cairo_surface_t *surface, const char *path)
{
	int width = cairo_image_surface_get_width(surface);
	int height = cairo_image_surface_get_height(surface);
	uint8_t *colour_of = g_malloc0(BINS), *indexes = g_malloc((gsize)width * (gsize)height);
	png_color palette[COLOURS];
	png_image image = {.version = PNG_IMAGE_VERSION,
		.width = (png_uint_32)width,
		.height = (png_uint_32)height,
		.format = PNG_FORMAT_RGB_COLORMAP};

	cairo_surface_flush(surface);
	image.colormap_entries = (png_uint_32)make_palette(surface, palette, colour_of);
	for (int y = 0; y < height; y++) {
		const uint8_t *row = cairo_image_surface_get_data(surface) +
				     (size_t)y * (size_t)cairo_image_surface_get_stride(surface);
		for (int x = 0; x < width; x++)
			indexes[(size_t)y * (size_t)width + (size_t)x] =
				colour_of[bin_of(row + (size_t)x * 4)];
	}
	int written = png_image_write_to_file(&image, path, 0, indexes, width, palette);
	g_free(indexes);
	g_free(colour_of);
	return written ? 0 : -1;
}
