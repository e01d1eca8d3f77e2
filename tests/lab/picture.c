#include "tests/lab/picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "tests/lab/format.h"
#include "tests/lab/mark.h"

enum {
	/* Three pixels a picture pan over the texture's width in a divisor of the clip's length. */
	PAN_PER_PICTURE = 3,
	TEXTURE_WIDTH = LAB_PICTURES,
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
	uint8_t *texture; /* TEXTURE_WIDTH x height */
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

/* Noise between -1 and 1 on a lattice of the given cell, periodic in TEXTURE_WIDTH. */
static double lattice_noise(uint8_t channel, int x, int y, int cell)
{
	int column = x / cell, row = y / cell, columns = TEXTURE_WIDTH / cell;
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
		int cell; /* divides TEXTURE_WIDTH */
		double share;
	} octaves[] = {{160, 1.6}, {32, 1.0}, {8, 0.7}, {4, 0.5}};
	painter->texture = g_malloc((gsize)TEXTURE_WIDTH * painter->height);
	for (int y = 0; y < painter->height; y++) {
		for (int x = 0; x < TEXTURE_WIDTH; x++) {
			double sum = 0;
			for (size_t i = 0; i < G_N_ELEMENTS(octaves); i++)
				sum += octaves[i].share *
				       lattice_noise(painter->channel, x, y, octaves[i].cell);
			double luma = 90 + 40.0 * y / painter->height + TEXTURE_DETAIL * sum;
			painter->texture[(gsize)y * TEXTURE_WIDTH + x] =
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
	struct painter *painter = g_new0(struct painter, 1);
	*painter = (struct painter){.channel = channel, .width = width, .height = height};
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

static void draw_background(const struct painter *painter, uint16_t frame, uint8_t *luma)
{
	int pan = frame * PAN_PER_PICTURE % TEXTURE_WIDTH;
	for (int y = 0; y < painter->height; y++) {
		const uint8_t *row = painter->texture + (gsize)y * TEXTURE_WIDTH;
		uint32_t key = (uint32_t)frame << 16 | (uint32_t)y;
		const int8_t *grain = painter->grain + scramble(key) % GRAIN_BYTES;
		uint8_t *out = luma + (gsize)y * painter->width;
		int first = MIN(painter->width, TEXTURE_WIDTH - pan);
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

/* Goes through its figure a whole number of times in a clip. */
static void draw_disc(const struct painter *painter, uint16_t frame, uint8_t *luma)
{
	double turn = 2 * G_PI * frame / LAB_PICTURES;
	int radius = painter->height / 12;
	int centre_x = (int)(painter->width * (0.5 + 0.42 * sin(16 * turn)));
	int centre_y = (int)(painter->height * (0.5 + 0.38 * cos(24 * turn)));
	for (int y = -radius; y <= radius; y++) {
		int half = (int)sqrt((double)(radius * radius - y * y));
		fill(painter, luma, centre_x - half, centre_y + y, 2 * half, 1, 200);
	}
}

void painter_draw(const struct painter *painter, uint16_t frame, uint8_t *i420)
{
	int width = painter->width, height = painter->height, unit = height / 90;
	char digits[8];
	draw_background(painter, frame, i420);
	draw_disc(painter, frame, i420);
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

void sound_render(uint8_t channel, uint64_t first, unsigned samples, int16_t *ret)
{
	/* Semitones above 220 Hz, rounded so that the clip holds a whole number of periods. */
	double tone_hz = round(220 * pow(2, channel / 12.0) * LAB_CLIP_S) / LAB_CLIP_S;
	for (unsigned i = 0; i < samples; i++) {
		uint64_t at = (first + i) % (LAB_CLIP_S * LAB_AUDIO_RATE_HZ);
		double seconds = (double)at / LAB_AUDIO_RATE_HZ;
		double value = 3000 * sin(2 * G_PI * tone_hz * seconds);
		if (at % LAB_AUDIO_RATE_HZ < LAB_AUDIO_RATE_HZ * 80 / 1000)
			value += 9000 * sin(2 * G_PI * 1000 * seconds);
		ret[2 * i] = ret[2 * i + 1] = (int16_t)value;
	}
}
