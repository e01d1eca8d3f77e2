/*
 * The surfaces of the compositor for tests: which is whose child, where, above which others, with
 * what. As the protocol has it: what is asked for takes effect with the surface's commit, a
 * synchronized child's with its parent's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wayland-server.h>

#include "ui/pane.h"

#define SURFACES_MAX 32

struct surface_state {
	uint32_t buffer; /* its object's number; 0: none */
	int width, height;
	struct ui_area damage; /* all of it together, in the surface's own units */
};

struct surface {
	struct wl_resource *resource, *subsurface;
	struct surface *parent;
	struct surface *children[SURFACES_MAX], *next_children[SURFACES_MAX]; /* lowest first */
	size_t child_count, next_child_count;
	int x, y, next_x, next_y;
	int scale;
	bool is_desynchronized, takes_no_input, has_cached;
	struct surface_state pending, cached, shown;
	unsigned commits;
};

struct surfaces {
	struct surface all[SURFACES_MAX];
	bool holds; /* buffers are not released */
	struct {
		struct wl_client *client;
		uint32_t buffer;
	} held[2 * SURFACES_MAX];
	size_t held_count;
};

void surfaces_add(struct surfaces *surfaces, struct wl_resource *resource);
/* A surface, or a subsurface, is gone. */
void surfaces_remove(struct surfaces *surfaces, const struct wl_resource *resource);
struct surface *surfaces_find(struct surfaces *surfaces, const struct wl_resource *resource);
/* One of a wl_surface, wl_subcompositor or wl_subsurface; the new object is there already. */
void surfaces_request(struct surfaces *surfaces, struct wl_resource *resource, const char *request,
	const union wl_argument *args);
/* Buffers that are shown no more are released no more, or all of them and later ones are. */
void surfaces_hold(struct surfaces *surfaces, bool on);
