/*
 * ui/wayland_pointer: a mouse is of no use here, so its pointer does not lie on the picture:
 * nowhere on the surfaces of this client.
 */
#pragma once

#include <wayland-client.h>

/* Of a seat that has one. Freed with wayland_pointer_drop(). */
struct wl_pointer *wayland_pointer_hide(struct wl_seat *seat);
void wayland_pointer_drop(struct wl_pointer *pointer); /* accepts NULL */
