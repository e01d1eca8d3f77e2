/*
 * ui/wayland: a window of our own on a Wayland compositor, black, with its keyboard. GStreamer's
 * waylandsink (1.22) draws its video into it (GstVideoOverlay's window handle is the wl_surface,
 * the context "GstWlDisplayHandleContextType" carries the wl_display) but hands no keys on.
 *
 * Panels are surfaces above the video's, one each: the compositor puts them over it, and has to
 * read and blend no more of the screen than they cover.
 *
 * A thread reads the connection, with an event queue of our own, so that the sink's thread may
 * share the display and the loop never waits for either. It copies panels, too. Callbacks come on
 * the loop.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "ui/pane.h"
#include "ui/window.h"

struct wl_display;
struct wl_surface;
struct ui_wayland;

/*
 * Connects to $WAYLAND_DISPLAY and waits (3 s at most) until the window has its size.
 * Errors: -ENOENT or another -errno of the connection, -EPROTONOSUPPORT when the compositor lacks
 * wl_compositor, wl_subcompositor, wl_shm or xdg_wm_base, -ETIMEDOUT, -ENOMEM.
 */
int ui_wayland_open(uv_loop_t *loop, const char *title, const struct ui_window_events *events,
	struct ui_wayland **ret);

/*
 * Both are the window's own: valid until it is closed. The surface is one for the sink's: all that
 * becomes its child is below the panels.
 */
struct wl_display *ui_wayland_display(struct ui_wayland *window);
struct wl_surface *ui_wayland_surface(struct ui_wayland *window);
/* In surface coordinates, and in pixels of the screen: the size that panels are painted for. */
void ui_wayland_size(const struct ui_wayland *window, int *ret_width, int *ret_height);
void ui_wayland_panel_size(const struct ui_wayland *window, int *ret_width, int *ret_height);

/*
 * Has the window show exactly these panes, the later ones above the earlier ones. All of them
 * change at once; what has the same pixels as before (the same GBytes) costs nothing, and of what
 * is painted anew only what differs is copied. References are taken. When more come than the
 * compositor shows, it gets the last.
 */
void ui_wayland_set_panels(struct ui_wayland *window, const struct ui_pane *panes, size_t count);

/*
 * Makes what the sink did visible: its surface's place is part of our surface's state, and weston
 * shows a surface that was empty only with the next change of one that it shows already.
 */
void ui_wayland_commit(struct ui_wayland *window);

/*
 * Asks the compositor to have the window cover the screen, or not to. What comes of it is told by
 * on_resize. Keys that one may want this for (F, F11) are told like any other.
 */
void ui_wayland_set_fullscreen(struct ui_wayland *window, bool on);

/*
 * Whether the compositor is asked to leave the screen on, as a television's is while somebody
 * watches; where it knows of that (idle-inhibit). At first it is not.
 */
void ui_wayland_keep_awake(struct ui_wayland *window, bool on);

/*
 * After the sink has let go of the display (state NULL). Joins the thread; memory is freed from the
 * loop. Accepts NULL.
 */
void ui_wayland_close(struct ui_wayland *window);
