/*
 * system/support/screen: every picture that the player hands to its sink, in order, as read from a
 * FIFO by a thread of its own.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/lab/watch.h"

struct screen;

/* The luma plane, quartered in both directions: enough to see where a picture has changed. */
enum { SCREEN_SMALL_WIDTH = 320, SCREEN_SMALL_HEIGHT = 180 };

struct screen_picture {
	struct watch_picture seen;
	/* NULL unless the screen was opened with keep_pixels; the screen's. seen.i420 is NULL. */
	const uint8_t *small;
};

/* Makes a FIFO in `folder`. screen_close accepts NULL; the player has ended then. */
struct screen *screen_open(const char *folder, const char *clips, bool keep_pixels);
void screen_close(struct screen *screen);

/* What to give to zapper as --video-sink. */
const char *screen_sink(const struct screen *screen);

size_t screen_count(struct screen *screen);
struct screen_picture screen_at(struct screen *screen, size_t i);

typedef bool screen_match(const struct screen_picture *picture, const void *ctx);

/* The first picture from *index on that matches; false when none came within limit_ms. *index
 * becomes that picture's. */
bool screen_await(struct screen *screen, size_t *index, unsigned limit_ms, screen_match *match,
	const void *ctx, struct screen_picture *ret);

/* A picture of the channel *(const int *)ctx. */
screen_match screen_is_channel;
/* An undamaged one of that channel. */
screen_match screen_is_whole;
