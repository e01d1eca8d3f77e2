/*
 * ui/screen: what is shown over the picture, as a pure function of state and time. Strings are
 * copied and cut to fit. Times are CLOCK_MONOTONIC nanoseconds.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A picture of premultiplied ARGB32 (native endian, cairo's). */
struct ui_logo {
	int width, height;
	int stride_bytes; /* as cairo has it for that width */
	const uint8_t *pixels;
};

struct ui_screen {
	uint64_t banner_ns; /* how long the banner stays; 0: none at all */
	uint64_t banner_until_ns;
	char number[16]; /* channel number, or digits while they are typed */
	char name[96];
	const struct ui_logo *logo; /* of the banner's channel, borrowed; NULL: none */
	char message[160];	    /* a sentence: "No signal on channel 5." */
	uint64_t message_until_ns;  /* UINT64_MAX: until cleared */
};

/* What is visible at one moment; memcmp tells whether anything must be drawn anew. */
struct ui_view {
	char number[16];
	char name[96];
	const struct ui_logo *logo;
	char message[160];
};

void ui_screen_init(struct ui_screen *screen, uint64_t banner_ns);
void ui_screen_banner(
	struct ui_screen *screen, const char *number, const char *name, uint64_t now_ns);
/* The logo of the banner at hand, as long as it is that. It lives until there is another one. */
void ui_screen_logo(struct ui_screen *screen, const struct ui_logo *logo);
/* A message for `duration_ns`, UINT64_MAX until cleared. NULL clears. */
void ui_screen_message(
	struct ui_screen *screen, const char *text, uint64_t duration_ns, uint64_t now_ns);
struct ui_view ui_screen_view(const struct ui_screen *screen, uint64_t now_ns);
/* When the view changes by itself next; UINT64_MAX when never. */
uint64_t ui_screen_deadline(const struct ui_screen *screen, uint64_t now_ns);
