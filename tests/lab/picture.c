#include "tests/lab/picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "tests/lab/format.h"
#include "tests/lab/mark.h"

enum {
	/* About so many pixels a picture; exactly so many in the reference clips. */
	PAN_PER_PICTURE = 3,
	/* How wide the texture is at least; a multiple of all octaves' cells. */
	TEXTURE_WIDTH = 1600,
	TEXTURE_CELL = 160,
	GRAIN_BYTES = 1 << 16,
	/* Amplitudes found by trial, with clip.c's encoder settings: see the test of the head-end.
	 */
	TEXTURE_DETAIL = 22,
	GRAIN = 5,
	GLYPH_COLUMNS = 5,
	GLYPH_ROWS = 7,
	FLASH_PICTURES = 2,
	WHITE = 235,
};

struct painter {
	uint8_t channel;
	int width, height;
	unsigned pictures; /* of a clip */
	bool interlaced;
	int texture_width;
	unsigned pans;	  /* how often the texture passes by in a clip */
	uint8_t *texture; /* texture_width x height */
	uint8_t *chroma;  /* both planes */
	int8_t *grain;	  /* GRAIN_BYTES, and one row more */
};

/* Digits of five by seven; the highest bit of five is the left column. */
static const uint8_t glyphs[10][GLYPH_ROWS] = {
	{0x0E, 0x11, 0x13, 0x15, 0x19, 0x11, 0x0E},
	{0x04, 0x0C, 0x04, 0x04, 0x04, 0x04, 0x0E},
	{0x0E, 0x11, 0x01, 0x02, 0x04, 0x08, 0x1F},
	{0x1F, 0x02, 0x04, 0x02, 0x01, 0x11, 0x0E},
	{0x02, 0x06, 0x0A, 0x12, 0x1F, 0x02, 0x02},
	{0x1F, 0x10, 0x1E, 0x01, 0x01, 0x11, 0x0E},
	{0x06, 0x08, 0x10, 0x1E, 0x11, 0x11, 0x0E},
	{0x1F, 0x01, 0x02, 0x04, 0x08, 0x08, 0x08},
	{0x0E, 0x11, 0x11, 0x0E, 0x11, 0x11, 0x0E},
	{0x0E, 0x11, 0x11, 0x0F, 0x01, 0x02, 0x0C},
};

/* A hash of the seed as random numbers that are the same everywhere (splitmix64's finalizer). */
static uint32_t scramble(uint64_t seed)
{
	seed += UINT64_C(0x9E3779B97F4A7C15);
	seed = (seed ^ seed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	seed = (seed ^ seed >> 27) * UINT64_C(0x94D049BB133111EB);
	return (uint32_t)(seed >> 32);
}

/* Noise between -1 and 1 on a lattice of the given cell, periodic in the texture's width. */
static double lattice_noise(const struct painter *painter, int x, int y, int cell)
{
	uint8_t channel = painter->channel;
	int column = x / cell, row = y / cell, columns = painter->texture_width / cell;
	double fx = (double)(x % cell) / cell, fy = (double)(y % cell) / cell;
	double corners[4];
	for (int i = 0; i < 4; i++) {
		uint64_t at =
			(uint64_t)(row + i / 2) << 32 | (uint64_t)((column + i % 2) % columns);
		corners[i] = scramble(at ^ (uint64_t)channel << 56 ^ (uint64_t)cell << 48) /
				     2147483648.0 -
			     1;
	}
	double above = corners[0] + (corners[1] - corners[0]) * fx;
	double below = corners[2] + (corners[3] - corners[2]) * fx;
	return above + (below - above) * fy;
}

static void make_texture(struct painter *painter)
{
	static const struct {
		int cell; /* divides TEXTURE_CELL */
		double share;
	} octaves[] = {{TEXTURE_CELL, 1.6}, {32, 1.0}, {8, 0.7}, {4, 0.5}};
	int width = painter->texture_width;
	painter->texture = g_malloc((gsize)width * painter->height);
	for (int y = 0; y < painter->height; y++) {
		for (int x = 0; x < width; x++) {
			double sum = 0;
			for (size_t i = 0; i < G_N_ELEMENTS(octaves); i++)
				sum += octaves[i].share *
				       lattice_noise(painter, x, y, octaves[i].cell);
			double luma = 90 + 40.0 * y / painter->height + TEXTURE_DETAIL * sum;
			painter->texture[(gsize)y * width + x] =
				(uint8_t)CLAMP(luma, 16 + GRAIN, WHITE - GRAIN);
		}
	}
}

/* One hue per clip, fading towards grey on the right so that there is a gradient to be banded. */
static void make_chroma(struct painter *painter)
{
	int width = painter->width / 2, height = painter->height / 2;
	double hue = 2 * G_PI * (painter->channel - 1) / LAB_CLIPS;
	painter->chroma = g_malloc((gsize)2 * width * height);
	for (int y = 0; y < height; y++) {
		for (int x = 0; x < width; x++) {
			double strength = 55 - 35.0 * x / width;
			uint8_t *at = painter->chroma + (gsize)y * width + x;
			at[0] = (uint8_t)(128 + strength * cos(hue));
			at[(gsize)width * height] = (uint8_t)(128 + strength * sin(hue));
		}
	}
}

struct painter *painter_create(uint8_t channel, int width, int height)
{
	struct clip_format format = {.seconds = LAB_CLIP_S, .width = width, .height = height};
	return painter_create_for(&format, channel);
}

struct painter *painter_create_for(const struct clip_format *format, uint8_t channel)
{
	struct painter *painter = g_new0(struct painter, 1);
	int width = format->width;
	*painter = (struct painter){.channel = channel,
		.width = width,
		.height = format->height,
		.pictures = clip_pictures(format),
		.interlaced = format->interlaced};
	painter->texture_width =
		MAX(TEXTURE_WIDTH, (width + TEXTURE_CELL - 1) / TEXTURE_CELL * TEXTURE_CELL);
	painter->pans = MAX(1, painter->pictures * PAN_PER_PICTURE / painter->texture_width);
	make_texture(painter);
	make_chroma(painter);
	painter->grain = g_malloc((gsize)GRAIN_BYTES + width);
	for (int i = 0; i < GRAIN_BYTES + width; i++)
		painter->grain[i] = (int8_t)(scramble((uint64_t)channel << 32 | (uint32_t)i) %
					     (2 * GRAIN + 1)) -
				    GRAIN;
	return painter;
}

void painter_destroy(struct painter *painter)
{
	if (!painter)
		return;
	g_free(painter->texture);
	g_free(painter->chroma);
	g_free(painter->grain);
	g_free(painter);
}

/* What moves is drawn as it is at a moment, of which a picture has two. */
static void draw_background(const struct painter *painter, unsigned moment, uint8_t *luma)
{
	int width = painter->texture_width;
	int pan = (int)(moment * (unsigned)width * painter->pans / (2 * painter->pictures)) % width;
	for (int y = 0; y < painter->height; y++) {
		const uint8_t *row = painter->texture + (gsize)y * width;
		uint32_t key = moment / 2 << 16 | (moment & 1) << 15 | (uint32_t)y;
		const int8_t *grain = painter->grain + scramble(key) % GRAIN_BYTES;
		uint8_t *out = luma + (gsize)y * painter->width;
		int first = MIN(painter->width, width - pan);
		memcpy(out, row + pan, (size_t)first);
		memcpy(out + first, row, (size_t)(painter->width - first));
		for (int x = 0; x < painter->width; x++)
			out[x] = (uint8_t)(out[x] + grain[x]);
	}
}

static void fill(const struct painter *painter, uint8_t *luma, int left, int top, int width,
	int height, uint8_t value)
{
	for (int y = top; y < top + height; y++)
		memset(luma + (gsize)y * painter->width + left, value, (size_t)width);
}

/* A number of the given digits, each of its pixels a square of scale, on a dark plate. */
static void draw_number(
	const struct painter *painter, uint8_t *luma, int top, int scale, const char *digits)
{
	int advance = (GLYPH_COLUMNS + 1) * scale, length = (int)strlen(digits);
	int left = (painter->width - length * advance + scale) / 2;
	fill(painter, luma, left - scale, top - scale, length * advance + scale,
		(GLYPH_ROWS + 2) * scale, 40);
	for (int i = 0; i < length; i++)
		for (int row = 0; row < GLYPH_ROWS; row++)
			for (int column = 0; column < GLYPH_COLUMNS; column++)
				if (glyphs[digits[i] - '0'][row] >> (GLYPH_COLUMNS - 1 - column) &
					1)
					fill(painter, luma, left + i * advance + column * scale,
						top + row * scale, scale, scale, WHITE);
}

/* Goes through its figure a whole number of times in a clip: once each 8 s. */
static void draw_disc(const struct painter *painter, unsigned moment, uint8_t *luma)
{
	double turn = 2 * G_PI * moment / (2 * painter->pictures);
	unsigned times = MAX(1, painter->pictures / (8 * LAB_PICTURES_PER_S));
	int radius = painter->height / 12;
	int centre_x = (int)(painter->width * (0.5 + 0.42 * sin(2 * times * turn)));
	int centre_y = (int)(painter->height * (0.5 + 0.38 * cos(3 * times * turn)));
	for (int y = -radius; y <= radius; y++) {
		int half = (int)sqrt((double)(radius * radius - y * y));
		fill(painter, luma, centre_x - half, centre_y + y, 2 * half, 1, 200);
	}
}

/* The rows of the lower field, which is of the picture's second moment. */
static void draw_lower_field(const struct painter *painter, uint16_t frame, uint8_t *luma)
{
	size_t width = (size_t)painter->width;
	g_autofree uint8_t *later = g_malloc(width * (size_t)painter->height);
	draw_background(painter, 2u * frame + 1, later);
	draw_disc(painter, 2u * frame + 1, later);
	for (size_t y = 1; y < (size_t)painter->height; y += 2)
		memcpy(luma + y * width, later + y * width, width);
}

void painter_draw(const struct painter *painter, uint16_t frame, uint8_t *i420)
{
	int width = painter->width, height = painter->height, unit = height / 90;
	char digits[8];
	draw_background(painter, 2u * frame, i420);
	draw_disc(painter, 2u * frame, i420);
	if (painter->interlaced)
		draw_lower_field(painter, frame, i420);
	if (frame % LAB_PICTURES_PER_S < FLASH_PICTURES)
		fill(painter, i420, width - 16 * unit, 5 * unit, 8 * unit, 8 * unit, WHITE);
	g_snprintf(digits, sizeof digits, "%u", painter->channel);
	draw_number(painter, i420, 20 * unit, 5 * unit, digits);
	g_snprintf(digits, sizeof digits, "%04u", frame);
	draw_number(painter, i420, 62 * unit, unit, digits);
	mark_draw(i420, width, height, width,
		(struct mark){.channel = painter->channel, .frame = frame});
	memcpy(i420 + (gsize)width * height, painter->chroma, (gsize)width * height / 2);
}

void sound_render(uint8_t channel, unsigned seconds, uint64_t first, unsigned samples, int16_t *ret)
{
	/* Semitones above 220 Hz, rounded so that the clip holds a whole number of periods. */
	double tone_hz = round(220 * pow(2, channel / 12.0) * seconds) / seconds;
	for (unsigned i = 0; i < samples; i++) {
		uint64_t at = (first + i) % ((uint64_t)seconds * LAB_AUDIO_RATE_HZ);
		double time_s = (double)at / LAB_AUDIO_RATE_HZ;
		double value = 3000 * sin(2 * G_PI * tone_hz * time_s);
		if (at % LAB_AUDIO_RATE_HZ < LAB_AUDIO_RATE_HZ * 80 / 1000)
			value += 9000 * sin(2 * G_PI * 1000 * time_s);
		ret[2 * i] = ret[2 * i + 1] = (int16_t)value;
	}
}
