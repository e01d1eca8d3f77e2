/*
 * ui/wayland_window: the Wayland objects of ui/wayland: the globals, the black toplevel, the
 * keyboard. Listeners only note what happened, for ui/wayland.c to tell on the loop.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <wayland-client.h>

#include "ui/wayland_keymap.h"
#include "ui/wayland_keys.h"

/* The last wl_keyboard.repeat_info. */
struct wayland_repeat {
	bool is_said;
	int32_t per_second, delay_ms;
};

struct wayland_window {
	struct wl_registry *registry;
	struct wl_compositor *compositor;
	struct wl_shm *shm;
	struct wl_seat *seat;
	uint32_t seat_name;
	struct wl_keyboard *keyboard;
	struct xdg_wm_base *wm_base;
	struct wp_viewporter *viewporter;		       /* NULL where there is none */
	struct zxdg_decoration_manager_v1 *decoration_manager; /* NULL where there is none */

	struct wl_surface *surface;
	struct wp_viewport *viewport;
	struct wl_buffer *buffer;
	struct xdg_surface *xdg_surface;
	struct xdg_toplevel *toplevel;
	struct zxdg_toplevel_decoration_v1 *decoration;

	int width, height;
	int next_width, next_height; /* of a configure that is not yet complete */

	bool configured; /* at least once: the window has a size */
	struct wayland_keymap keymap;
	GArray *keys; /* struct wayland_key */
	struct wayland_repeat repeat;
	bool resized, close_asked;
};

/* What happened since the notes were last taken. */
struct wayland_notes {
	GArray *keys; /* freed with g_array_unref() */
	struct wayland_repeat repeat;
	bool resized, close_asked;
};

/* Asks `display` (a wrapper with the queue to use) for the globals; they come with the next events.
 */
int wayland_window_init(struct wayland_window *window, struct wl_display *display);
/* With the globals there. -EPROTONOSUPPORT when one is missing. */
int wayland_window_map(struct wayland_window *window, const char *title);
void wayland_window_set_fullscreen(struct wayland_window *window, bool on);
struct wayland_notes wayland_window_take_notes(struct wayland_window *window);
/* Accepts one that is zeroed or half made. */
void wayland_window_finish(struct wayland_window *window);
