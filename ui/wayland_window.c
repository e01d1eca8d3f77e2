#include "ui/wayland_window.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#include "ui/window.h"
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

/* Attaches what the window's size asks for: one pixel scaled up, or a new buffer of the full size.
 */
static void attach_black(struct wayland_window *window)
{
	struct wl_buffer *old = window->buffer;

	if (window->viewport)
		wp_viewport_set_destination(window->viewport, window->width, window->height);
	if (window->viewport && old)
		return;
	window->buffer = window->viewport
				 ? black_buffer(window->shm, 1, 1)
				 : black_buffer(window->shm, window->width, window->height);
	wl_surface_attach(window->surface, window->buffer, 0, 0);
	wl_surface_damage(window->surface, 0, 0, INT32_MAX, INT32_MAX);
	if (old)
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

static void on_toplevel_configure(void *data, struct xdg_toplevel *toplevel, int32_t width,
	int32_t height, struct wl_array *states)
{
	struct wayland_window *window = data;

	(void)toplevel;
	(void)states;
	if (width > 0 && height > 0) {
		window->next_width = MIN(width, MAX_SIZE);
		window->next_height = MIN(height, MAX_SIZE);
	}
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

/* Whatever is down, and however it was told, is up: with the time of now, for want of another. */
static void release_keys(struct wayland_window *window)
{
	const struct wayland_key none = {.at_ns = uv_hrtime()};

	g_array_append_val(window->keys, none);
}

/* Where the keymap cannot be read the kernel's codes are all there is. */
static void learn_keymap(struct wayland_keymap *keymap, int fd, size_t size)
{
	struct stat st;

	wayland_keymap_init(keymap);
	if (size == 0 || fstat(fd, &st) < 0 || st.st_size < (off_t)size)
		return;
	char *text = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (text == MAP_FAILED)
		return;
	wayland_keymap_learn(keymap, text, size);
	munmap(text, size);
}

static void on_keymap(
	void *data, struct wl_keyboard *keyboard, uint32_t format, int32_t fd, uint32_t size)
{
	struct wayland_window *window = data;

	(void)keyboard;
	/* What is down was told as something else. */
	release_keys(window);
	if (format == WL_KEYBOARD_KEYMAP_FORMAT_XKB_V1)
		learn_keymap(&window->keymap, fd, size);
	else
		wayland_keymap_init(&window->keymap);
	close(fd);
}

/* Keys already held when the window got the focus were pressed for somebody else. */
static void on_keyboard_enter(void *data, struct wl_keyboard *keyboard, uint32_t serial,
	struct wl_surface *surface, struct wl_array *held)
{
	(void)data;
	(void)keyboard;
	(void)serial;
	(void)surface;
	(void)held;
}

static void on_keyboard_leave(
	void *data, struct wl_keyboard *keyboard, uint32_t serial, struct wl_surface *surface)
{
	(void)keyboard;
	(void)serial;
	(void)surface;
	release_keys(data);
}

static void on_key(void *data, struct wl_keyboard *keyboard, uint32_t serial, uint32_t time_ms,
	uint32_t key, uint32_t state)
{
	struct wayland_window *window = data;

	(void)keyboard;
	(void)serial;
	if (key == 0 || key >= UI_KEY_CODES)
		return;
	uint16_t code = window->keymap.codes[key];
	const struct wayland_key note = {
		.code = code,
		.pressed = state == WL_KEYBOARD_KEY_STATE_PRESSED,
		.repeats = !ui_key_set_has(&window->keymap.once, code),
		.at_ns = ui_window_press_ns(time_ms, uv_hrtime()),
	};
	g_array_append_val(window->keys, note);
}

static void on_modifiers(void *data, struct wl_keyboard *keyboard, uint32_t serial,
	uint32_t depressed, uint32_t latched, uint32_t locked, uint32_t group)
{
	(void)data;
	(void)keyboard;
	(void)serial;
	(void)depressed;
	(void)latched;
	(void)locked;
	(void)group;
}

static void on_repeat_info(
	void *data, struct wl_keyboard *keyboard, int32_t per_second, int32_t delay_ms)
{
	struct wayland_window *window = data;

	(void)keyboard;
	window->repeat = (struct wayland_repeat){true, per_second, delay_ms};
}

static const struct wl_keyboard_listener keyboard_listener = {
	.keymap = on_keymap,
	.enter = on_keyboard_enter,
	.leave = on_keyboard_leave,
	.key = on_key,
	.modifiers = on_modifiers,
	.repeat_info = on_repeat_info,
};

static void drop_keyboard(struct wayland_window *window)
{
	if (!window->keyboard)
		return;
	if (wl_keyboard_get_version(window->keyboard) >= WL_KEYBOARD_RELEASE_SINCE_VERSION)
		wl_keyboard_release(window->keyboard);
	else
		wl_keyboard_destroy(window->keyboard);
	window->keyboard = NULL;
	release_keys(window);
}

static void drop_seat(struct wayland_window *window)
{
	drop_keyboard(window);
	if (!window->seat)
		return;
	if (wl_seat_get_version(window->seat) >= WL_SEAT_RELEASE_SINCE_VERSION)
		wl_seat_release(window->seat);
	else
		wl_seat_destroy(window->seat);
	window->seat = NULL;
}

static void on_capabilities(void *data, struct wl_seat *seat, uint32_t capabilities)
{
	struct wayland_window *window = data;
	bool has_keyboard = capabilities & WL_SEAT_CAPABILITY_KEYBOARD;

	if (has_keyboard && !window->keyboard) {
		window->keyboard = wl_seat_get_keyboard(seat);
		wl_keyboard_add_listener(window->keyboard, &keyboard_listener, window);
	} else if (!has_keyboard) {
		drop_keyboard(window);
	}
}

static void on_seat_name(void *data, struct wl_seat *seat, const char *name)
{
	(void)data;
	(void)seat;
	(void)name;
}

static const struct wl_seat_listener seat_listener = {
	.capabilities = on_capabilities,
	.name = on_seat_name,
};

static void bind_seat(struct wayland_window *window, uint32_t name, uint32_t version)
{
	if (window->seat)
		return;
	window->seat =
		wl_registry_bind(window->registry, name, &wl_seat_interface, MIN(version, 5));
	window->seat_name = name;
	wl_seat_add_listener(window->seat, &seat_listener, window);
}

static void on_global(void *data, struct wl_registry *registry, uint32_t name,
	const char *interface, uint32_t version)
{
	struct wayland_window *window = data;

	if (strcmp(interface, wl_compositor_interface.name) == 0) {
		window->compositor = wl_registry_bind(registry, name, &wl_compositor_interface, 1);
	} else if (strcmp(interface, wl_shm_interface.name) == 0) {
		window->shm = wl_registry_bind(registry, name, &wl_shm_interface, 1);
	} else if (strcmp(interface, wl_seat_interface.name) == 0) {
		bind_seat(window, name, version);
	} else if (strcmp(interface, xdg_wm_base_interface.name) == 0) {
		window->wm_base = wl_registry_bind(registry, name, &xdg_wm_base_interface, 1);
		xdg_wm_base_add_listener(window->wm_base, &wm_base_listener, window);
	} else if (strcmp(interface, wp_viewporter_interface.name) == 0) {
		window->viewporter = wl_registry_bind(registry, name, &wp_viewporter_interface, 1);
	} else if (strcmp(interface, zxdg_decoration_manager_v1_interface.name) == 0) {
		window->decoration_manager =
			wl_registry_bind(registry, name, &zxdg_decoration_manager_v1_interface, 1);
	}
}

static void on_global_remove(void *data, struct wl_registry *registry, uint32_t name)
{
	struct wayland_window *window = data;

	(void)registry;
	if (window->seat && name == window->seat_name)
		drop_seat(window);
}

static const struct wl_registry_listener registry_listener = {
	.global = on_global,
	.global_remove = on_global_remove,
};

static GArray *keys_new(void)
{
	return g_array_new(FALSE, FALSE, sizeof(struct wayland_key));
}

int wayland_window_init(struct wayland_window *window, struct wl_display *display)
{
	*window = (struct wayland_window){
		.next_width = DEFAULT_WIDTH,
		.next_height = DEFAULT_HEIGHT,
		.keys = keys_new(),
	};
	wayland_keymap_init(&window->keymap);
	window->registry = wl_display_get_registry(display);
	if (!window->registry)
		return -ENOMEM;
	wl_registry_add_listener(window->registry, &registry_listener, window);
	return 0;
}

int wayland_window_map(struct wayland_window *window, const char *title)
{
	if (!window->compositor || !window->shm || !window->wm_base)
		return -EPROTONOSUPPORT;
	window->surface = wl_compositor_create_surface(window->compositor);
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

void wayland_window_set_fullscreen(struct wayland_window *window, bool on)
{
	if (on)
		xdg_toplevel_set_fullscreen(window->toplevel, NULL);
	else
		xdg_toplevel_unset_fullscreen(window->toplevel);
}

struct wayland_notes wayland_window_take_notes(struct wayland_window *window)
{
	struct wayland_notes notes = {
		window->keys, window->repeat, window->resized, window->close_asked};

	window->keys = keys_new();
	window->repeat.is_said = false;
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
	DESTROY(window->decoration, zxdg_toplevel_decoration_v1_destroy);
	DESTROY(window->toplevel, xdg_toplevel_destroy);
	DESTROY(window->xdg_surface, xdg_surface_destroy);
	DESTROY(window->viewport, wp_viewport_destroy);
	DESTROY(window->surface, wl_surface_destroy);
	DESTROY(window->buffer, wl_buffer_destroy);
	drop_seat(window);
	DESTROY(window->decoration_manager, zxdg_decoration_manager_v1_destroy);
	DESTROY(window->viewporter, wp_viewporter_destroy);
	DESTROY(window->wm_base, xdg_wm_base_destroy);
	DESTROY(window->shm, wl_shm_destroy);
	DESTROY(window->compositor, wl_compositor_destroy);
	DESTROY(window->registry, wl_registry_destroy);
	DESTROY(window->keys, g_array_unref);
}
