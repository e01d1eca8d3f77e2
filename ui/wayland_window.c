#include "ui/wayland_window.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "idle-inhibit-unstable-v1-client.h"
#include "viewporter-client.h"
#include "xdg-decoration-unstable-v1-client.h"
#include "xdg-shell-client.h"

/* Where the compositor leaves the size to us. */
#define DEFAULT_WIDTH 1280
#define DEFAULT_HEIGHT 720
#define MAX_SIZE 16384

/* Black, for where no video covers the window. */
static struct wl_buffer *black_buffer(struct wl_shm *shm, int width, int height)
{
	int stride_bytes = width * 4, size_bytes = stride_bytes * height;
	int fd = memfd_create("zapper", MFD_CLOEXEC);
	struct wl_buffer *buffer = NULL;

	if (fd >= 0 && ftruncate(fd, size_bytes) == 0) { /* zeroed: XRGB's black */
		struct wl_shm_pool *pool = wl_shm_create_pool(shm, fd, size_bytes);
		buffer = wl_shm_pool_create_buffer(
			pool, 0, width, height, stride_bytes, WL_SHM_FORMAT_XRGB8888);
		wl_shm_pool_destroy(pool);
	}
	if (fd >= 0)
		close(fd);
	return buffer;
}

/*
 * Attaches what the window's size asks for: one pixel scaled up, or a new buffer of the full size.
 * The pixel, too, is attached with each size: weston (10) puts a window that is to cover the screen
 * there only with a buffer.
 */
static void attach_black(struct wayland_window *window)
{
	struct wl_buffer *old = window->buffer;
	bool is_scaled = window->viewport;

	if (is_scaled)
		wp_viewport_set_destination(window->viewport, window->width, window->height);
	if (!is_scaled || !old)
		window->buffer = black_buffer(
			window->shm, is_scaled ? 1 : window->width, is_scaled ? 1 : window->height);
	wl_surface_attach(window->surface, window->buffer, 0, 0);
	wl_surface_damage(window->surface, 0, 0, INT32_MAX, INT32_MAX);
	if (old && old != window->buffer)
		wl_buffer_destroy(old);
}

static void on_surface_configure(void *data, struct xdg_surface *xdg_surface, uint32_t serial)
{
	struct wayland_window *window = data;
	int width = window->next_width, height = window->next_height;

	xdg_surface_ack_configure(xdg_surface, serial);
	if (width != window->width || height != window->height) {
		window->width = width;
		window->height = height;
		window->resized = true;
		attach_black(window);
	}
	window->configured = true;
	wl_surface_commit(window->surface);
}

static const struct xdg_surface_listener surface_listener = {.configure = on_surface_configure};

/* Whether the size is the screen's rather than the window's own. */
static bool fills_screen(const struct wl_array *states)
{
	const uint32_t *state = states->data, *end = state + states->size / sizeof *state;

	for (; state < end; state++)
		if (*state == XDG_TOPLEVEL_STATE_FULLSCREEN ||
			*state == XDG_TOPLEVEL_STATE_MAXIMIZED)
			return true;
	return false;
}

/* A size of 0 leaves it to the window: that is the one before it filled the screen. */
static void on_toplevel_configure(void *data, struct xdg_toplevel *toplevel, int32_t width,
	int32_t height, struct wl_array *states)
{
	struct wayland_window *window = data;
	bool is_told = width > 0 && height > 0;

	(void)toplevel;
	window->next_width = is_told ? MIN(width, MAX_SIZE) : window->own_width;
	window->next_height = is_told ? MIN(height, MAX_SIZE) : window->own_height;
	if (fills_screen(states))
		return;
	window->own_width = window->next_width;
	window->own_height = window->next_height;
}

static void on_toplevel_close(void *data, struct xdg_toplevel *toplevel)
{
	struct wayland_window *window = data;

	(void)toplevel;
	window->close_asked = true;
}

static const struct xdg_toplevel_listener toplevel_listener = {
	.configure = on_toplevel_configure,
	.close = on_toplevel_close,
};

static void on_ping(void *data, struct xdg_wm_base *wm_base, uint32_t serial)
{
	(void)data;
	xdg_wm_base_pong(wm_base, serial);
}

static const struct xdg_wm_base_listener wm_base_listener = {.ping = on_ping};

static void on_global(void *data, struct wl_registry *registry, uint32_t name,
	const char *interface, uint32_t version)
{
	struct wayland_window *window = data;

	if (strcmp(interface, wl_compositor_interface.name) == 0) {
		window->compositor =
			wl_registry_bind(registry, name, &wl_compositor_interface, MIN(version, 3));
	} else if (strcmp(interface, wl_subcompositor_interface.name) == 0) {
		window->subcompositor =
			wl_registry_bind(registry, name, &wl_subcompositor_interface, 1);
	} else if (strcmp(interface, wl_output_interface.name) == 0) {
		wayland_outputs_add(&window->outputs, registry, name, version);
	} else if (strcmp(interface, wl_shm_interface.name) == 0) {
		window->shm = wl_registry_bind(registry, name, &wl_shm_interface, 1);
	} else if (strcmp(interface, wl_seat_interface.name) == 0) {
		wayland_seat_add(&window->seat, registry, name, version);
	} else if (strcmp(interface, xdg_wm_base_interface.name) == 0) {
		window->wm_base = wl_registry_bind(registry, name, &xdg_wm_base_interface, 1);
		xdg_wm_base_add_listener(window->wm_base, &wm_base_listener, window);
	} else if (strcmp(interface, wp_viewporter_interface.name) == 0) {
		window->viewporter = wl_registry_bind(registry, name, &wp_viewporter_interface, 1);
	} else if (strcmp(interface, zxdg_decoration_manager_v1_interface.name) == 0) {
		window->decoration_manager =
			wl_registry_bind(registry, name, &zxdg_decoration_manager_v1_interface, 1);
	} else if (strcmp(interface, zwp_idle_inhibit_manager_v1_interface.name) == 0) {
		window->idle_manager =
			wl_registry_bind(registry, name, &zwp_idle_inhibit_manager_v1_interface, 1);
	}
}

static void on_global_remove(void *data, struct wl_registry *registry, uint32_t name)
{
	struct wayland_window *window = data;

	(void)registry;
	wayland_seat_remove(&window->seat, name);
	wayland_outputs_remove(&window->outputs, name);
}

static const struct wl_registry_listener registry_listener = {
	.global = on_global,
	.global_remove = on_global_remove,
};

/* What is painted for the screen's pixels needs to be painted anew, as with another size. */
static void on_scale(void *ctx)
{
	struct wayland_window *window = ctx;

	window->resized = true;
}

int wayland_window_init(struct wayland_window *window, struct wl_display *display)
{
	*window = (struct wayland_window){
		.next_width = DEFAULT_WIDTH,
		.next_height = DEFAULT_HEIGHT,
		.own_width = DEFAULT_WIDTH,
		.own_height = DEFAULT_HEIGHT,
	};
	wayland_seat_init(&window->seat);
	wayland_outputs_init(&window->outputs, on_scale, window);
	window->registry = wl_display_get_registry(display);
	if (!window->registry)
		return -ENOMEM;
	wl_registry_add_listener(window->registry, &registry_listener, window);
	return 0;
}

static void on_enter(void *data, struct wl_surface *surface, struct wl_output *output)
{
	struct wayland_window *window = data;

	(void)surface;
	wayland_outputs_cross(&window->outputs, output, true);
}

static void on_leave(void *data, struct wl_surface *surface, struct wl_output *output)
{
	struct wayland_window *window = data;

	(void)surface;
	wayland_outputs_cross(&window->outputs, output, false);
}

static const struct wl_surface_listener window_listener = {.enter = on_enter, .leave = on_leave};

/*
 * The sink puts its surfaces, each time it starts, above all others of the one that it is given. So
 * it gets one of its own, a pixel in the corner, and all that is the sink's is below what is above
 * this one.
 */
static void map_video(struct wayland_window *window)
{
	struct wl_region *nowhere = wl_compositor_create_region(window->compositor);

	window->video = wl_compositor_create_surface(window->compositor);
	window->video_place = wl_subcompositor_get_subsurface(
		window->subcompositor, window->video, window->surface);
	wl_subsurface_set_desync(window->video_place);
	wl_surface_set_input_region(window->video, nowhere);
	wl_region_destroy(nowhere);
	window->video_buffer = black_buffer(window->shm, 1, 1);
	wl_surface_attach(window->video, window->video_buffer, 0, 0);
	wl_surface_damage(window->video, 0, 0, 1, 1);
	wl_surface_commit(window->video);
}

int wayland_window_map(struct wayland_window *window, const char *title)
{
	if (!window->compositor || !window->subcompositor || !window->shm || !window->wm_base)
		return -EPROTONOSUPPORT;
	window->surface = wl_compositor_create_surface(window->compositor);
	wl_surface_add_listener(window->surface, &window_listener, window);
	map_video(window);
	if (window->viewporter)
		window->viewport = wp_viewporter_get_viewport(window->viewporter, window->surface);
	window->xdg_surface = xdg_wm_base_get_xdg_surface(window->wm_base, window->surface);
	xdg_surface_add_listener(window->xdg_surface, &surface_listener, window);
	window->toplevel = xdg_surface_get_toplevel(window->xdg_surface);
	xdg_toplevel_add_listener(window->toplevel, &toplevel_listener, window);
	xdg_toplevel_set_title(window->toplevel, title);
	xdg_toplevel_set_app_id(window->toplevel, "zapper");
	if (window->decoration_manager) {
		window->decoration = zxdg_decoration_manager_v1_get_toplevel_decoration(
			window->decoration_manager, window->toplevel);
		zxdg_toplevel_decoration_v1_set_mode(
			window->decoration, ZXDG_TOPLEVEL_DECORATION_V1_MODE_SERVER_SIDE);
	}
	wl_surface_commit(window->surface); /* asks for the first configure */
	return 0;
}

int wayland_window_scale(const struct wayland_window *window)
{
	uint32_t version = wl_proxy_get_version((struct wl_proxy *)window->compositor);

	return version < WL_SURFACE_SET_BUFFER_SCALE_SINCE_VERSION ? 1 : window->outputs.scale;
}

void wayland_window_set_fullscreen(struct wayland_window *window, bool on)
{
	if (on)
		xdg_toplevel_set_fullscreen(window->toplevel, NULL);
	else
		xdg_toplevel_unset_fullscreen(window->toplevel);
}

void wayland_window_keep_awake(struct wayland_window *window, bool on)
{
	if (on && !window->awake && window->idle_manager)
		window->awake = zwp_idle_inhibit_manager_v1_create_inhibitor(
			window->idle_manager, window->surface);
	else if (!on && window->awake)
		g_clear_pointer(&window->awake, zwp_idle_inhibitor_v1_destroy);
}

struct wayland_notes wayland_window_take_notes(struct wayland_window *window)
{
	struct wayland_notes notes = {
		.keys = wayland_seat_take_keys(&window->seat),
		.repeat = window->seat.repeat,
		.resized = window->resized,
		.close_asked = window->close_asked,
	};

	window->seat.repeat.is_said = false;
	window->resized = false;
	window->close_asked = false;
	return notes;
}

#define DESTROY(object, destroy)                                                                   \
	do {                                                                                       \
		if (object)                                                                        \
			destroy(object);                                                           \
		(object) = NULL;                                                                   \
	} while (0)

void wayland_window_finish(struct wayland_window *window)
{
	DESTROY(window->awake, zwp_idle_inhibitor_v1_destroy);
	DESTROY(window->decoration, zxdg_toplevel_decoration_v1_destroy);
	DESTROY(window->toplevel, xdg_toplevel_destroy);
	DESTROY(window->xdg_surface, xdg_surface_destroy);
	DESTROY(window->viewport, wp_viewport_destroy);
	DESTROY(window->video_place, wl_subsurface_destroy);
	DESTROY(window->video, wl_surface_destroy);
	DESTROY(window->video_buffer, wl_buffer_destroy);
	DESTROY(window->surface, wl_surface_destroy);
	DESTROY(window->buffer, wl_buffer_destroy);
	wayland_seat_finish(&window->seat);
	wayland_outputs_finish(&window->outputs);
	DESTROY(window->idle_manager, zwp_idle_inhibit_manager_v1_destroy);
	DESTROY(window->decoration_manager, zxdg_decoration_manager_v1_destroy);
	DESTROY(window->viewporter, wp_viewporter_destroy);
	DESTROY(window->wm_base, xdg_wm_base_destroy);
	DESTROY(window->shm, wl_shm_destroy);
	DESTROY(window->subcompositor, wl_subcompositor_destroy);
	DESTROY(window->compositor, wl_compositor_destroy);
	DESTROY(window->registry, wl_registry_destroy);
}
