/* ui/key_event: what every source of keys tells: evdev devices, windows, the terminal, `ctl key`. */
#pragma once

#include <stdint.h>

enum ui_key_motion {
	UI_KEY_PRESS,
	UI_KEY_REPEAT, /* it is still held: evdev's value 2 */
	UI_KEY_RELEASE,
};

struct ui_key_event {
	uint16_t code; /* Linux's KEY_*, whatever the source */
	enum ui_key_motion motion;
	/*
	 * Which source it came from: a key that is held on one is not released by another. A source
	 * that does not know of releases (a terminal, `ctl key`) says UI_KEY_SOURCE_TAPS: its
	 * presses are over at once, and what it repeats are presses.
	 */
	uint32_t source;
	uint64_t at_ns; /* CLOCK_MONOTONIC, the kernel's or the display's stamp where there is one */
};

#define UI_KEY_SOURCE_TAPS 0u

/* On the loop. May close its source. */
typedef void (*ui_key_fn)(void *ctx, const struct ui_key_event *event);
