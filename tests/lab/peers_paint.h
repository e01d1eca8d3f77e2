/*
 * lab/peers_paint: draws known marks at known times over whatever a display shows, so that an
 * observer of that display can tell its own error.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The channel of these marks; their frames count from 0. */
enum { PAINT_CHANNEL = 255 };

struct paint_stroke {
	uint64_t before_ns, after_ns; /* it was drawn between these (CLOCK_MONOTONIC) */
};

struct paint;

/*
 * Starts a thread that draws `count` marks (at most 65536), 5 to 25 ms apart at random, and leaves
 * the last one there. 0 or -ECONNREFUSED.
 */
int paint_start(const char *display, size_t count, uint32_t seed, struct paint **ret);
/* Whether all of them are drawn, or the display has gone. */
bool paint_is_done(const struct paint *paint);
/* Waits for its end, takes the last mark away and frees `paint`; the strokes go to g_free. */
struct paint_stroke *paint_finish(struct paint *paint);
