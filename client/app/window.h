/*
 * app/window: what the picture is shown in, where there is a display: a window, which gives keys,
 * or a whole screen; what play needs to draw into it; and panels above the picture, where the
 * display can lay them over it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#include "client/play/play.h"
#include "ui/window.h"

struct window;

struct window_events {
	ui_key_fn on_key;
	/*
	 * The sink is to place its picture anew (play_place()), and panels may have to be painted
	 * for another size (window_panel_size()), which can also be where this one did not change.
	 */
	void (*on_resize)(void *ctx, int width, int height);
	void (*on_close)(void *ctx, int status); /* 0: by the viewer; -errno: the display is gone */
	void (*log)(void *ctx, const char *sentence);
	void *ctx;
};

/*
 * Opens a window for this video sink: "wayland" or "x11" on that display, where the result is a
 * negative errno when it cannot; "auto" on the first of $WAYLAND_DISPLAY and $DISPLAY that answers,
 * where one that does not is logged and none at all is no error. "kms", and "auto" without such a
 * display, takes the screen of the first DRM device with a plane for panels above one for the
 * picture. *ret is NULL, and the result 0, where there is none or the sink needs none. Closed with
 * window_close() after the video sink has let go of it.
 */
int window_open(uv_loop_t *loop, const char *video_sink, const struct window_events *events,
	struct window **ret);
void window_close(struct window *window); /* accepts NULL */

/* Whether a keyboard's keys come from it: those of a whole screen have to be got elsewhere. */
bool window_gives_keys(const struct window *window); /* accepts NULL */

/* What play draws into; PLAY_WINDOW_NONE for NULL. */
struct play_window window_for_play(struct window *window);
/* The sink has drawn anew or elsewhere (PLAY_FACT_PLACED): this shows it. Accepts NULL. */
void window_placed(struct window *window);

/* Asks for the whole screen, or not; on_resize tells what comes of it. Accepts NULL. */
void window_full_screen(struct window *window, bool on);

/*
 * Whether the display may blank or lock its screen as if nobody were there: it may not as long as
 * somebody watches. The default is that it may not. Accepts NULL.
 */
void window_keep_awake(struct window *window, bool on);

/*
 * The size in pixels that panels are to be painted for where the window shows them by itself; 0 x 0
 * where it does not: there they go over the picture, and have its size (PLAY_FACT_SIZE). Accepts
 * NULL.
 */
void window_panel_size(struct window *window, int *ret_width, int *ret_height);

/*
 * Has the window show exactly these panels above the picture, later ones above earlier ones; a
 * panel with the same pixels as before (the same GBytes) costs nothing. References are taken. True:
 * it does so at once, on a thread of its own. False (X11, no window, NULL): they are for
 * play_set_overlay(). It is one or the other for as long as the window is open.
 */
bool window_set_panels(struct window *window, const struct play_overlay *panels, size_t count);
