/*
 * system/support/eyes: somebody who looks at an X display every 2 ms, whoever draws there, and
 * notes when what he reads on it is another thing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/lab/mark.h"

struct eyes;

/*
 * What is to be read: `luma` is a plane of the screen's size (stride: its width) in which only the
 * areas are up to date. Called by the thread of the eyes.
 */
typedef int64_t eyes_read(void *ctx, const uint8_t *luma, int width, int height);

/* Times are CLOCK_MONOTONIC. What was drawn became visible between the two. */
struct eyes_sight {
	uint64_t after_ns; /* the look before, which did not show it yet, was asked for */
	uint64_t at_ns;	   /* the display's answer was here */
	int64_t what;
};

/* Of $DISPLAY. NULL where there is none. `areas` are copied. Close with eyes_close (NULL is fine).
 */
struct eyes *eyes_open(const struct mark_area *areas, size_t count, eyes_read *read, void *ctx);
void eyes_close(struct eyes *eyes);

/* Each is another thing than the one before; the first one is what was there at the beginning. */
size_t eyes_count(struct eyes *eyes);
struct eyes_sight eyes_at(struct eyes *eyes, size_t i);
/* Waits for `what`, from sight *index on, which becomes that one's; false where it does not come.
 */
bool eyes_await(struct eyes *eyes, size_t *index, unsigned limit_ms, int64_t what);
