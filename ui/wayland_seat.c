#include "ui/wayland_seat.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#include "ui/wayland_pointer.h"
#include "ui/window.h"

/* Whatever is down, and however it was told, is up: with the time of now, for want of another. */
static void release_keys(struct wayland_seat *seat)
{
	const struct wayland_key none = {.at_ns = uv_hrtime()};

	g_array_append_val(seat->keys, none);
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
	struct wayland_seat *seat = data;

	(void)keyboard;
	/* What is down was told as something else. */
	release_keys(seat);
	if (format == WL_KEYBOARD_KEYMAP_FORMAT_XKB_V1)
		learn_keymap(&seat->keymap, fd, size);
	else
		wayland_keymap_init(&seat->keymap);
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
	struct wayland_seat *seat = data;

	(void)keyboard;
	(void)serial;
	if (key == 0 || key >= UI_KEY_CODES)
		return;
	uint16_t code = seat->keymap.codes[key];
	const struct wayland_key note = {
		.code = code,
		.pressed = state == WL_KEYBOARD_KEY_STATE_PRESSED,
		.repeats = !ui_key_set_has(&seat->keymap.once, code),
		.at_ns = ui_window_press_ns(time_ms, uv_hrtime()),
	};
	g_array_append_val(seat->keys, note);
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
	struct wayland_seat *seat = data;

	(void)keyboard;
	seat->repeat = (struct wayland_repeat){true, per_second, delay_ms};
}

static const struct wl_keyboard_listener keyboard_listener = {
	.keymap = on_keymap,
	.enter = on_keyboard_enter,
	.leave = on_keyboard_leave,
	.key = on_key,
	.modifiers = on_modifiers,
	.repeat_info = on_repeat_info,
};

static void drop_keyboard(struct wayland_seat *seat)
{
	if (!seat->keyboard)
		return;
	if (wl_keyboard_get_version(seat->keyboard) >= WL_KEYBOARD_RELEASE_SINCE_VERSION)
		wl_keyboard_release(seat->keyboard);
	else
		wl_keyboard_destroy(seat->keyboard);
	seat->keyboard = NULL;
	release_keys(seat);
}

static void drop_pointer(struct wayland_seat *seat)
{
	wayland_pointer_drop(seat->pointer);
	seat->pointer = NULL;
}

static void drop_seat(struct wayland_seat *seat)
{
	drop_keyboard(seat);
	drop_pointer(seat);
	if (!seat->seat)
		return;
	if (wl_seat_get_version(seat->seat) >= WL_SEAT_RELEASE_SINCE_VERSION)
		wl_seat_release(seat->seat);
	else
		wl_seat_destroy(seat->seat);
	seat->seat = NULL;
}

static void on_capabilities(void *data, struct wl_seat *wl_seat, uint32_t capabilities)
{
	struct wayland_seat *seat = data;
	bool has_keyboard = capabilities & WL_SEAT_CAPABILITY_KEYBOARD;
	bool has_pointer = capabilities & WL_SEAT_CAPABILITY_POINTER;

	if (has_keyboard && !seat->keyboard) {
		seat->keyboard = wl_seat_get_keyboard(wl_seat);
		wl_keyboard_add_listener(seat->keyboard, &keyboard_listener, seat);
	} else if (!has_keyboard) {
		drop_keyboard(seat);
	}
	if (has_pointer && !seat->pointer)
		seat->pointer = wayland_pointer_hide(wl_seat);
	else if (!has_pointer)
		drop_pointer(seat);
}

static void on_seat_name(void *data, struct wl_seat *wl_seat, const char *name)
{
	(void)data;
	(void)wl_seat;
	(void)name;
}

static const struct wl_seat_listener seat_listener = {
	.capabilities = on_capabilities,
	.name = on_seat_name,
};

void wayland_seat_add(
	struct wayland_seat *seat, struct wl_registry *registry, uint32_t name, uint32_t version)
{
	if (seat->seat)
		return;
	seat->seat = wl_registry_bind(registry, name, &wl_seat_interface, MIN(version, 5));
	seat->name = name;
	wl_seat_add_listener(seat->seat, &seat_listener, seat);
}

void wayland_seat_remove(struct wayland_seat *seat, uint32_t name)
{
	if (seat->seat && seat->name == name)
		drop_seat(seat);
}

static GArray *keys_new(void)
{
	return g_array_new(FALSE, FALSE, sizeof(struct wayland_key));
}

void wayland_seat_init(struct wayland_seat *seat)
{
	*seat = (struct wayland_seat){.keys = keys_new()};
	wayland_keymap_init(&seat->keymap);
}

GArray *wayland_seat_take_keys(struct wayland_seat *seat)
{
	GArray *keys = seat->keys;

	seat->keys = keys_new();
	return keys;
}

void wayland_seat_finish(struct wayland_seat *seat)
{
	if (!seat->keys)
		return;
	drop_seat(seat);
	g_array_unref(seat->keys);
	*seat = (struct wayland_seat){0};
}
