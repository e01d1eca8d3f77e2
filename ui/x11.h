/*
 * ui/x11: a window of our own on an X11 display, black, with its keyboard. GStreamer's ximagesink
 * and xvimagesink draw their video into it (GstVideoOverlay's window handle is the window's id),
 * over a connection of their own; they would look for keys every 50 ms only.
 *
 * Callbacks come on the loop, which never waits for the display once the window is open.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "ui/window.h"

struct ui_x11;

/*
 * Connects to $DISPLAY, waits for its answers and asks it to show a window of 1280 x 720, or of the
 * screen's size where that is smaller; a window manager may have made it another by the first
 * on_resize. Errors: -ENOENT when $DISPLAY is unset or means no screen, -ECONNREFUSED when nobody
 * answers there or lets us in, -EPROTO when the display refuses the window, -ENOMEM.
 */
int ui_x11_open(uv_loop_t *loop, const char *title, const struct ui_window_events *events,
	struct ui_x11 **ret);

/* The window's id (XID), valid until it is closed. */
uint32_t ui_x11_window(const struct ui_x11 *x11);
void ui_x11_size(const struct ui_x11 *x11, int *ret_width, int *ret_height);

/*
 * Asks the window manager to have the window cover the screen, or not to. Where there is none the
 * window takes the screen's size itself, or that of its beginning. What comes of it is told by
 * on_resize. Keys that one may want this for (F, F11) are told like any other.
 */
void ui_x11_set_fullscreen(struct ui_x11 *x11, bool on);

/*
 * Whether the display's screen saver and power saving are kept from beginning, as a television's
 * are while somebody watches. At first they are not.
 */
void ui_x11_keep_awake(struct ui_x11 *x11, bool on);

/* After the sink has let go of the window (state NULL). Memory is freed from the loop. Accepts
 * NULL. */
void ui_x11_close(struct ui_x11 *x11);
