/*
 * ui/wayland_outputs: how many pixels of the screen there are to a unit of the window's size. Where
 * that is no whole number, compositors say the next larger one, and make what is painted for it
 * smaller themselves.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <wayland-client.h>

struct wayland_outputs {
	GPtrArray *all;
	/* The largest of the outputs that the window is on; of all, as long as it is on none. */
	int scale;
	void (*changed)(void *ctx); /* the scale has */
	void *ctx;
};

void wayland_outputs_init(struct wayland_outputs *outputs, void (*changed)(void *ctx), void *ctx);
/* The registry has a wl_output of this name, or no global of this name any more. */
void wayland_outputs_add(struct wayland_outputs *outputs, struct wl_registry *registry,
	uint32_t name, uint32_t version);
void wayland_outputs_remove(struct wayland_outputs *outputs, uint32_t name);
/* The window is on this one from now on, or no more. */
void wayland_outputs_cross(
	struct wayland_outputs *outputs, const struct wl_output *output, bool is_on);
void wayland_outputs_finish(struct wayland_outputs *outputs); /* accepts one that is zeroed */
