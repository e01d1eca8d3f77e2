/*
 * app/window: the window that the picture is shown in, where there is a display: it gives keys, and
 * what play needs to draw into it.
 */
#pragma once

#include <uv.h>

#include "client/play/play.h"
#include "ui/window.h"

struct window;

struct window_events {
	ui_key_fn on_key;
	/* The sink is to place its picture anew (play_place()). */
	void (*on_resize)(void *ctx, int width, int height);
	void (*on_close)(void *ctx, int status); /* 0: by the viewer; -errno: the display is gone */
	void (*log)(void *ctx, const char *sentence);
	void *ctx;
};

/*
 * Opens a window for this video sink: "wayland" or "x11" on that display, where the result is a
 * negative errno when it cannot; "auto" on the first of $WAYLAND_DISPLAY and $DISPLAY that answers,
 * where one that does not is logged and none at all is no error. *ret is NULL, and the result 0,
 * where there is none or the sink needs none. Closed with window_close() after the video sink has
 * let go of it.
 */
int window_open(uv_loop_t *loop, const char *video_sink, const struct window_events *events,
	struct window **ret);
void window_close(struct window *window); /* accepts NULL */

/* What play draws into; PLAY_WINDOW_NONE for NULL. */
struct play_window window_for_play(struct window *window);
/* The sink has drawn anew or elsewhere (PLAY_FACT_PLACED): this shows it. Accepts NULL. */
void window_placed(struct window *window);
