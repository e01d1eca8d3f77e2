/*
 * lab/mark: the machine-readable mark in a picture's bottom left corner. Three rows of twenty black
 * or white blocks: a sync pattern, then channel, frame counter and a CRC-16 of both. Position and
 * size are shares of the picture's (a block is 1/80 of its width and 1/45 of its height: one
 * macroblock in 720p), so that a scaled picture reads the same. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct mark {
	uint8_t channel; /* 1 to 255 */
	uint16_t frame;	 /* frame counter, modulo the clip's pictures */
};

/* The smallest picture that can carry a mark. */
enum { MARK_MIN_WIDTH = 320, MARK_MIN_HEIGHT = 180 };

/*
 * Draws into a luma plane of 8 bits, limited range. stride is in bytes. Does nothing to a picture
 * that is too small.
 */
void mark_draw(uint8_t *luma, int width, int height, int stride, struct mark mark);

/* Where the mark is, in pixels of a picture of this size. */
struct mark_area {
	int left, top, width, height;
};
struct mark_area mark_area(int width, int height);

/*
 * True when the plane carries a whole mark: every block clearly black or white, sync pattern and
 * CRC right, channel not 0. Otherwise false, and ret is untouched. Reads limited and full range
 * alike.
 */
bool mark_read(const uint8_t *luma, int width, int height, int stride, struct mark *ret);
