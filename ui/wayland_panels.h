/*
 * ui/wayland_panels: the surfaces of ui/wayland's panels, in memory shared with the compositor. All
 * of it belongs to the thread that reads the connection.
 *
 * A panel is a surface of its own: one of the window's size for all of them would have the
 * compositor read and blend the whole screen with each picture of the video, 33 MB of 2160p, for a
 * banner of a sixth of that. They are children of the window's surface and synchronized with it, so
 * what changes, moves, comes and goes of them does so at once.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "ui/pane.h"
#include "ui/wayland_window.h"

struct wayland_panels {
	const struct wayland_window *window;
	GPtrArray *shown; /* the lowest first */
};

/* With the window mapped, and to be finished before it is. */
void wayland_panels_init(struct wayland_panels *panels, const struct wayland_window *window);
/*
 * Shows these (struct ui_pane), painted for `scale` pixels to a unit of the window's size, and no
 * others. False: nothing was done, because the compositor has not yet released a buffer that is
 * needed. When it does, an event comes.
 */
bool wayland_panels_show(struct wayland_panels *panels, const GArray *panes, int scale);
void wayland_panels_finish(struct wayland_panels *panels); /* accepts one that is zeroed */
