/* ui/window: what the windows of ui/wayland and ui/x11 have in common. */
#pragma once

#include <stdint.h>

#include "ui/key_event.h"

/* Any of the callbacks may be NULL, and may close the window. They come on the loop. */
struct ui_window_events {
	/* A key that is down when the window loses the keyboard, or the display, is released. */
	ui_key_fn on_key;
	/*
	 * The size in pixels (Wayland: in surface coordinates). The caller then has the sink place
	 * its picture anew. It may be unchanged: an X11 window also says so when it was uncovered,
	 * and a Wayland one when it has come to a screen of another scale.
	 */
	void (*on_resize)(void *ctx, int width, int height);
	/* status 0: the viewer closed the window; -EPIPE or another: the display is gone. */
	void (*on_close)(void *ctx, int status);
	void *ctx;
	uint32_t source; /* of the keys: not UI_KEY_SOURCE_TAPS */
};

/*
 * Pure: when a key was pressed or released, from the 32 bits of milliseconds that the display
 * server stamped the event with (CLOCK_MONOTONIC everywhere we know of, but both protocols leave
 * the clock open). A stamp that is not of the last seconds is of another clock: then it is now_ns.
 */
uint64_t ui_window_press_ns(uint32_t stamp_ms, uint64_t now_ns);
