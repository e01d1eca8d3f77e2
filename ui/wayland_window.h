/*
 * ui/wayland_window: the Wayland objects of ui/wayland: the globals, the black toplevel, the place
 * of the video in it. Listeners only note what happened, for ui/wayland.c to tell on the loop.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <wayland-client.h>

#include "ui/wayland_outputs.h"
#include "ui/wayland_seat.h"

struct wayland_window {
	struct wl_registry *registry;
	struct wl_compositor *compositor;
	struct wl_subcompositor *subcompositor;
	struct wl_shm *shm;
	struct wayland_seat seat;
	struct wayland_outputs outputs;
	struct xdg_wm_base *wm_base;
	struct wp_viewporter *viewporter;		       /* NULL where there is none */
	struct zxdg_decoration_manager_v1 *decoration_manager; /* NULL where there is none */
	struct zwp_idle_inhibit_manager_v1 *idle_manager;      /* NULL where there is none */

	struct wl_surface *surface;
	struct wp_viewport *viewport;
	struct wl_buffer *buffer;
	struct xdg_surface *xdg_surface;
	struct xdg_toplevel *toplevel;
	struct zxdg_toplevel_decoration_v1 *decoration;
	struct zwp_idle_inhibitor_v1 *awake; /* NULL: the screen may sleep */

	/* The sink's surfaces are this one's children, and those of panels its siblings above. */
	struct wl_surface *video;
	struct wl_subsurface *video_place;
	struct wl_buffer *video_buffer;

	int width, height;	     /* in surface coordinates */
	int own_width, own_height;   /* as long as it does not fill the screen */
	int next_width, next_height; /* of a configure that is not yet complete */

	bool configured; /* at least once: the window has a size */
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
/* Pixels of the screen to a unit of the window's size; once it is mapped. */
int wayland_window_scale(const struct wayland_window *window);
void wayland_window_set_fullscreen(struct wayland_window *window, bool on);
void wayland_window_keep_awake(struct wayland_window *window, bool on);
struct wayland_notes wayland_window_take_notes(struct wayland_window *window);
/* Accepts one that is zeroed or half made. */
void wayland_window_finish(struct wayland_window *window);
