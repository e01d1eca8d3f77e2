/*
 * A Wayland compositor for tests: shows nothing, but configures a window (1920 x 1080 when it wants
 * the whole screen), presses its keys, closes it and goes away when told. Runs on a thread of its
 * own; calls return when it has done its part.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/pane.h"

struct compositor;

struct compositor_options {
	bool no_shell; /* without xdg_wm_base */
	bool no_viewporter;
	bool no_subsurfaces;
	bool no_idle;	 /* without zwp_idle_inhibit_manager_v1 */
	int scale;	 /* of its output; 0: 1 */
	int other_scale; /* of a second output; 0: there is none */
};

/* Its socket is in $XDG_RUNTIME_DIR; $WAYLAND_DISPLAY is set to it. Asserts that it works. */
struct compositor *compositor_start(const struct compositor_options *options);
void compositor_key(struct compositor *compositor, uint32_t code, uint32_t time_ms, bool pressed);
/* What its keyboards say of repeats, and are; "" is no keymap. */
void compositor_repeat(struct compositor *compositor, uint32_t per_second, uint32_t delay_ms);
void compositor_keymap(struct compositor *compositor, const char *text);
/* The window has the keyboard, with this key held already, or has lost it. */
void compositor_enter(struct compositor *compositor, uint32_t held);
void compositor_leave(struct compositor *compositor);
/* The keyboard is unplugged. */
void compositor_unplug_keyboard(struct compositor *compositor);
void compositor_configure(struct compositor *compositor, int width, int height);
void compositor_ask_close(struct compositor *compositor);
/* The size at which the window's surface would be shown; 0 x 0 while it is not mapped. */
void compositor_shown_size(struct compositor *compositor, int *ret_width, int *ret_height);
/* Its (first) output gets another scale. */
void compositor_set_scale(struct compositor *compositor, int scale);
/* The window is on this output (0 or 1) from now on. */
void compositor_enter_output(struct compositor *compositor, int n);
/* This one is unplugged. */
void compositor_unplug_output(struct compositor *compositor, int n);

/* How often the window's surface was committed; waits until that is n times, or fails the test. */
unsigned compositor_commits(struct compositor *compositor);
void compositor_await_commits(struct compositor *compositor, unsigned n);

/* A surface above the video's. */
struct compositor_panel {
	int x, y;	   /* in the window's units */
	int width, height; /* of its buffer; 0 x 0: it is not seen */
	int scale;	   /* pixels of the buffer to a unit */
	bool takes_no_input;
	unsigned commits;      /* that took effect */
	struct ui_area damage; /* of the last of them, all together, in the window's units */
};

/* How many there are, and the nth of them, from the lowest (0) up. */
size_t compositor_panels(struct compositor *compositor);
struct compositor_panel compositor_panel(struct compositor *compositor, size_t n);
/* Buffers that are shown no more are released no more, or all of them and later ones are. */
void compositor_hold_buffers(struct compositor *compositor, bool on);

/* Its mouse goes over the window; waits until no pointer is seen there, or fails the test. */
void compositor_await_no_pointer(struct compositor *compositor);

/* How many ask it not to let the screen sleep. */
unsigned compositor_inhibitors(struct compositor *compositor);

/* Its clients lose their connection. Accepts NULL. */
void compositor_stop(struct compositor *compositor);
