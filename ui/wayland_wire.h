/*
 * ui/wayland_wire: the connection of ui/wayland, with an event queue of our own, and the wait for
 * what comes over it.
 */
#pragma once

#include <stdbool.h>
#include <wayland-client.h>

struct wayland_wire {
	struct wl_display *display;
	struct wl_event_queue *queue;
	/* The display, to make objects whose events come on our queue. */
	struct wl_display *wrapper;
	int wake_fd; /* an eventfd */
};

/* Connects to $WAYLAND_DISPLAY. Errors: -ENOENT or another -errno; to be closed then, too. */
int wayland_wire_open(struct wayland_wire *wire);

/*
 * Waits for events, which are then to be dispatched, or for wayland_wire_wake(). Each reader of a
 * display has to wait, in wl_display_read_events(), until all others that have announced a read are
 * there. The sink's thread can keep us waiting for as long as a busy processor does not run it, so
 * this must not be the loop. timeout_ms -1: for ever. Errors: -ETIMEDOUT, another -errno.
 */
int wayland_wire_wait(struct wayland_wire *wire, int timeout_ms, bool *ret_woken);
int wayland_wire_dispatch(struct wayland_wire *wire);	 /* the connection's -errno, or 0 */
void wayland_wire_wake(const struct wayland_wire *wire); /* from any thread */
void wayland_wire_close(struct wayland_wire *wire);
