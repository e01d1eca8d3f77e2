#include "ui/wayland_pointer.h"

static void on_enter(void *data, struct wl_pointer *pointer, uint32_t serial,
	struct wl_surface *surface, wl_fixed_t x, wl_fixed_t y)
{
	(void)data;
	(void)surface;
	(void)x;
	(void)y;
	wl_pointer_set_cursor(pointer, serial, NULL, 0, 0);
}

static void on_leave(
	void *data, struct wl_pointer *pointer, uint32_t serial, struct wl_surface *surface)
{
	(void)data;
	(void)pointer;
	(void)serial;
	(void)surface;
}

static void on_motion(
	void *data, struct wl_pointer *pointer, uint32_t time_ms, wl_fixed_t x, wl_fixed_t y)
{
	(void)data;
	(void)pointer;
	(void)time_ms;
	(void)x;
	(void)y;
}

static void on_button(void *data, struct wl_pointer *pointer, uint32_t serial, uint32_t time_ms,
	uint32_t button, uint32_t state)
{
	(void)data;
	(void)pointer;
	(void)serial;
	(void)time_ms;
	(void)button;
	(void)state;
}

static void on_axis(
	void *data, struct wl_pointer *pointer, uint32_t time_ms, uint32_t axis, wl_fixed_t value)
{
	(void)data;
	(void)pointer;
	(void)time_ms;
	(void)axis;
	(void)value;
}

static void on_frame(void *data, struct wl_pointer *pointer)
{
	(void)data;
	(void)pointer;
}

static void on_axis_source(void *data, struct wl_pointer *pointer, uint32_t source)
{
	(void)data;
	(void)pointer;
	(void)source;
}

static void on_axis_stop(void *data, struct wl_pointer *pointer, uint32_t time_ms, uint32_t axis)
{
	(void)data;
	(void)pointer;
	(void)time_ms;
	(void)axis;
}

static void on_axis_discrete(void *data, struct wl_pointer *pointer, uint32_t axis, int32_t steps)
{
	(void)data;
	(void)pointer;
	(void)axis;
	(void)steps;
}

/* libwayland ends the process where one that comes has no function. */
static const struct wl_pointer_listener listener = {
	.enter = on_enter,
	.leave = on_leave,
	.motion = on_motion,
	.button = on_button,
	.axis = on_axis,
	.frame = on_frame,
	.axis_source = on_axis_source,
	.axis_stop = on_axis_stop,
	.axis_discrete = on_axis_discrete,
};

struct wl_pointer *wayland_pointer_hide(struct wl_seat *seat)
{
	struct wl_pointer *pointer = wl_seat_get_pointer(seat);

	wl_pointer_add_listener(pointer, &listener, NULL);
	return pointer;
}

void wayland_pointer_drop(struct wl_pointer *pointer)
{
	if (!pointer)
		return;
	if (wl_pointer_get_version(pointer) >= WL_POINTER_RELEASE_SINCE_VERSION)
		wl_pointer_release(pointer);
	else
		wl_pointer_destroy(pointer);
}
