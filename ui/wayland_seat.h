/*
 * ui/wayland_seat: the keyboard of ui/wayland's window, and its mouse, unseen. Listeners only note
 * what happened, for ui/wayland.c to tell on the loop.
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

struct wayland_seat {
	struct wl_seat *seat; /* the first there is; NULL: none */
	uint32_t name;
	struct wl_keyboard *keyboard;
	struct wl_pointer *pointer; /* hidden */
	struct wayland_keymap keymap;
	GArray *keys; /* struct wayland_key, since they were last taken */
	struct wayland_repeat repeat;
};

void wayland_seat_init(struct wayland_seat *seat);
/* The registry has a wl_seat of this name, or no global of this name any more. */
void wayland_seat_add(
	struct wayland_seat *seat, struct wl_registry *registry, uint32_t name, uint32_t version);
void wayland_seat_remove(struct wayland_seat *seat, uint32_t name);
/* The keys so far; freed with g_array_unref(). */
GArray *wayland_seat_take_keys(struct wayland_seat *seat);
void wayland_seat_finish(struct wayland_seat *seat); /* accepts one that is zeroed */
