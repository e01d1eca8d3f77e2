/* A small clip of made-up access units for the tests of the lab: 4 s, a GOP of 2 s, sound of 32 ms.
 */
#pragma once

#include <stdint.h>

#include "tests/lab/mux.h"

enum {
	SYNTHETIC_S = 4,
	SYNTHETIC_PICTURES = 100,
	SYNTHETIC_GOP = 50,
	SYNTHETIC_FRAMES = 125,
	SYNTHETIC_PACKETS = SYNTHETIC_S * 2660,
	SYNTHETIC_BYTES = SYNTHETIC_PACKETS * 188,
	SYNTHETIC_KEY_BYTES = 90000,
};

struct synthetic {
	struct mux_unit pictures[SYNTHETIC_PICTURES], frames[SYNTHETIC_FRAMES];
	uint8_t bytes[SYNTHETIC_KEY_BYTES]; /* all units share it */
	struct mux_stream streams[2];	    /* sound, then video */
	struct mux_plan plan;
};

/* Free with g_free. */
struct synthetic *synthetic_new(void);

/* Multiplexes it into a file with a name of its own, for feed_open; free with synthetic_remove. */
char *synthetic_file(void);
void synthetic_remove(char *path);
