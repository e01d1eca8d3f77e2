#include "ui/x11.h"

#include <errno.h>
#include <glib.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <xcb/xcb.h>
#include <xcb/xcbext.h> /* xcb_poll_for_reply() */

#include "ui/x11_awake.h"
#include "ui/x11_keys.h"
#include "ui/x11_manager.h"
#include "ui/x11_xkb.h"

#define DEFAULT_WIDTH 1280
#define DEFAULT_HEIGHT 720
#define FIRST_KEYCODE 8 /* that X11 knows: where it has the kernel's codes that of KEY_RESERVED */
#define TURN_EVENTS 64	/* told in a turn of the loop, then others have theirs */
#define SYNTHETIC 0x80u /* the bit of an event's type that says another client sent it */

struct ui_x11 {
	struct ui_window_events events;
	xcb_connection_t *connection;
	uv_poll_t poll;
	xcb_window_t window;
	struct x11_manager manager;
	int width, height;
	bool resized, close_asked;
	struct x11_awake *awake; /* NULL: it may sleep */

	GQueue waiting; /* xcb_generic_event_t *, read and not yet handled */
	struct x11_keys keys;
	bool has_kernel_codes; /* its keycodes are Linux's, moved by FIRST_KEYCODE */
	xcb_get_keyboard_mapping_cookie_t asked; /* for the codes anew */
	bool is_asked;
	uint8_t xkb_event; /* type of those that tell of another keyboard; 0: none does */
	bool closing;
};

/* ---- the keyboard ---- */

static xcb_get_keyboard_mapping_cookie_t ask_for_keys(xcb_connection_t *connection)
{
	const xcb_setup_t *setup = xcb_get_setup(connection);

	return xcb_get_keyboard_mapping(connection, setup->min_keycode,
		(uint8_t)(setup->max_keycode - setup->min_keycode + 1));
}

static void learn_keys(struct ui_x11 *x11, const xcb_get_keyboard_mapping_reply_t *reply)
{
	const xcb_keysym_t *keysyms = xcb_get_keyboard_mapping_keysyms(reply);
	int length = xcb_get_keyboard_mapping_keysyms_length(reply);
	int per_key = reply->keysyms_per_keycode;
	int keycode = xcb_get_setup(x11->connection)->min_keycode;

	for (; per_key > 0 && length >= per_key && keycode < X11_KEYCODES; keycode++) {
		uint16_t code = x11_key_code(keysyms, (size_t)per_key);
		if (!code && x11->has_kernel_codes)
			code = (uint16_t)(keycode - FIRST_KEYCODE);
		x11->keys.codes[keycode] = code;
		keysyms += per_key;
		length -= per_key;
	}
}

/* Whether `codes` are those of the keys that wait: the answer to a new question may be on its way.
 */
static bool knows_keys(struct ui_x11 *x11)
{
	void *reply = NULL;
	xcb_generic_error_t *error = NULL;

	if (!x11->is_asked)
		return true;
	if (!xcb_poll_for_reply(x11->connection, x11->asked.sequence, &reply, &error))
		return false;
	x11->is_asked = false;
	if (reply)
		learn_keys(x11, reply);
	free(reply);
	free(error);
	return true;
}

static void ask_anew(struct ui_x11 *x11)
{
	if (x11->is_asked)
		xcb_discard_reply(x11->connection, x11->asked.sequence);
	x11->asked = ask_for_keys(x11->connection);
	x11->is_asked = true;
}

static void tell(struct ui_x11 *x11, struct ui_key_event *event, uint64_t at_ns)
{
	const struct ui_window_events *events = &x11->events;

	event->source = events->source;
	event->at_ns = at_ns;
	if (!x11->closing && events->on_key)
		events->on_key(events->ctx, event);
}

static void press_key(struct ui_x11 *x11, const xcb_key_press_event_t *press)
{
	struct ui_key_event event;

	if (x11_keys_press(&x11->keys, press->detail, &event))
		tell(x11, &event, ui_window_press_ns(press->time, uv_hrtime()));
}

static void release_key(struct ui_x11 *x11, const xcb_key_release_event_t *release)
{
	struct ui_key_event event;

	if (x11_keys_release(&x11->keys, release->detail, &event))
		tell(x11, &event, ui_window_press_ns(release->time, uv_hrtime()));
}

/* Comes behind each FocusIn: the keys that are down were pressed for somebody else. */
static void enter(struct ui_x11 *x11, const xcb_keymap_notify_event_t *notify)
{
	uint8_t bits[X11_KEYCODES / 8] = {0};
	struct ui_key_event event;

	memcpy(bits + FIRST_KEYCODE / 8, notify->keys, sizeof notify->keys);
	while (x11_keys_enter(&x11->keys, bits, &event))
		tell(x11, &event, uv_hrtime());
}

static void leave(struct ui_x11 *x11)
{
	struct ui_key_event event;

	while (x11_keys_leave(&x11->keys, &event))
		tell(x11, &event, uv_hrtime());
}

/* ---- events ---- */

static void note_size(struct ui_x11 *x11, const xcb_configure_notify_event_t *configure)
{
	if (configure->width == x11->width && configure->height == x11->height)
		return;
	x11->width = configure->width;
	x11->height = configure->height;
	x11->resized = true;
}

static void handle(struct ui_x11 *x11, const xcb_generic_event_t *event)
{
	const xcb_focus_out_event_t *focus_out = (const void *)event;
	const xcb_client_message_event_t *message = (const void *)event;
	const xcb_mapping_notify_event_t *mapping = (const void *)event;

	switch (event->response_type & ~SYNTHETIC) {
	case XCB_KEY_PRESS:
		press_key(x11, (const void *)event);
		break;
	case XCB_KEY_RELEASE:
		release_key(x11, (const void *)event);
		break;
	case XCB_KEYMAP_NOTIFY:
		enter(x11, (const void *)event);
		break;
	case XCB_FOCUS_OUT:
		if (focus_out->detail != XCB_NOTIFY_DETAIL_INFERIOR) /* a window in ours has it */
			leave(x11);
		break;
	case XCB_CONFIGURE_NOTIFY:
		note_size(x11, (const void *)event);
		break;
	case XCB_EXPOSE:
		x11->resized = true;
		break;
	case XCB_MAPPING_NOTIFY:
		if (mapping->request == XCB_MAPPING_KEYBOARD)
			ask_anew(x11);
		break;
	case XCB_CLIENT_MESSAGE:
		if (x11_manager_asks_close(&x11->manager, message))
			x11->close_asked = true;
		break;
	default:
		if (x11->xkb_event && (event->response_type & ~SYNTHETIC) == x11->xkb_event)
			ask_anew(x11);
		break;
	}
}

static bool can_handle(struct ui_x11 *x11)
{
	return !g_queue_is_empty(&x11->waiting) && knows_keys(x11);
}

/*
 * Reads all that is there, answers too, and tells whether any of it can be handled. Nothing stays
 * in xcb's own queue, where the loop would not see it.
 */
static bool has_work(struct ui_x11 *x11)
{
	xcb_generic_event_t *event;

	while ((event = xcb_poll_for_event(x11->connection)))
		g_queue_push_tail(&x11->waiting, event);
	return can_handle(x11);
}

/*
 * Keys each at once; what changes the window once for all events. Callbacks may close it. What is
 * left over has its turn when the others had theirs.
 */
static void work(struct ui_x11 *x11)
{
	const struct ui_window_events *events = &x11->events;

	for (int i = 0; i < TURN_EVENTS && !x11->closing && can_handle(x11); i++) {
		xcb_generic_event_t *event = g_queue_pop_head(&x11->waiting);
		handle(x11, event);
		free(event);
	}
	if (x11->resized && !x11->closing && events->on_resize)
		events->on_resize(events->ctx, x11->width, x11->height);
	x11->resized = false;
	if (x11->close_asked && !x11->closing && events->on_close)
		events->on_close(events->ctx, 0);
	x11->close_asked = false;
}

static void lose(struct ui_x11 *x11, int status)
{
	uv_poll_stop(&x11->poll);
	leave(x11);
	if (!x11->closing && x11->events.on_close)
		x11->events.on_close(x11->events.ctx, status);
}

static void on_polled(uv_poll_t *poll, int status, int polled)
{
	struct ui_x11 *x11 = poll->data;

	if (has_work(x11))
		work(x11);
	if (x11->closing)
		return;
	xcb_flush(x11->connection);
	/* What is left over, or came while we asked for more, has the next turn: it is writable. */
	bool is_more = has_work(x11);
	if (is_more || polled & UV_WRITABLE)
		uv_poll_start(poll, UV_READABLE | (is_more ? UV_WRITABLE : 0), on_polled);
	if (status < 0)
		lose(x11, status);
	else if (xcb_connection_has_error(x11->connection))
		lose(x11, -EPIPE);
}

/* ---- opening and closing ---- */

static int connect_display(struct ui_x11 *x11, xcb_screen_t **ret_screen)
{
	int number = 0;

	x11->connection = xcb_connect(NULL, &number);
	switch (xcb_connection_has_error(x11->connection)) {
	case 0:
		break;
	case XCB_CONN_CLOSED_PARSE_ERR:
	case XCB_CONN_CLOSED_INVALID_SCREEN:
		return -ENOENT;
	case XCB_CONN_CLOSED_MEM_INSUFFICIENT:
		return -ENOMEM;
	default:
		return -ECONNREFUSED;
	}
	xcb_screen_iterator_t screens = xcb_setup_roots_iterator(xcb_get_setup(x11->connection));
	while (number-- > 0)
		xcb_screen_next(&screens);
	*ret_screen = screens.data;
	return 0;
}

static int create_window(struct ui_x11 *x11, const xcb_screen_t *screen)
{
	const uint32_t values[] = {screen->black_pixel,
		XCB_EVENT_MASK_KEY_PRESS | XCB_EVENT_MASK_KEY_RELEASE |
			XCB_EVENT_MASK_KEYMAP_STATE | XCB_EVENT_MASK_FOCUS_CHANGE |
			XCB_EVENT_MASK_EXPOSURE | XCB_EVENT_MASK_STRUCTURE_NOTIFY};

	x11->width = MIN(DEFAULT_WIDTH, screen->width_in_pixels);
	x11->height = MIN(DEFAULT_HEIGHT, screen->height_in_pixels);
	x11->window = xcb_generate_id(x11->connection);
	xcb_void_cookie_t cookie = xcb_create_window_checked(x11->connection, XCB_COPY_FROM_PARENT,
		x11->window, screen->root, 0, 0, (uint16_t)x11->width, (uint16_t)x11->height, 0,
		XCB_WINDOW_CLASS_INPUT_OUTPUT, screen->root_visual,
		XCB_CW_BACK_PIXEL | XCB_CW_EVENT_MASK, values);
	xcb_generic_error_t *error = xcb_request_check(x11->connection, cookie);
	if (!error)
		return 0;
	free(error);
	return -EPROTO;
}

static int open_window(struct ui_x11 *x11, const char *title)
{
	xcb_screen_t *screen;
	int r = connect_display(x11, &screen);
	if (r == 0)
		r = create_window(x11, screen);
	if (r < 0)
		return r;
	x11_manager_init(&x11->manager, x11->connection, screen, x11->window);
	x11_manager_name(&x11->manager, title);
	x11_manager_hide_pointer(&x11->manager);
	x11->xkb_event = x11_xkb_use(x11->connection);
	x11->has_kernel_codes = x11_manager_has_kernel_codes(&x11->manager);
	xcb_get_keyboard_mapping_reply_t *keys = xcb_get_keyboard_mapping_reply(
		x11->connection, ask_for_keys(x11->connection), NULL);
	if (!keys)
		return -EPROTO;
	learn_keys(x11, keys);
	free(keys);
	xcb_map_window(x11->connection, x11->window);
	x11_manager_take_keyboard(&x11->manager);
	return xcb_flush(x11->connection) > 0 ? 0 : -EPIPE;
}

static int start_polling(struct ui_x11 *x11, uv_loop_t *loop)
{
	int r = uv_poll_init(loop, &x11->poll, xcb_get_file_descriptor(x11->connection));
	if (r < 0)
		return r;
	x11->poll.data = x11;
	/* Writable it is at once: that handles the events that xcb has read while we waited. */
	uv_poll_start(&x11->poll, UV_READABLE | UV_WRITABLE, on_polled);
	return 0;
}

int ui_x11_open(uv_loop_t *loop, const char *title, const struct ui_window_events *events,
	struct ui_x11 **ret)
{
	struct ui_x11 *x11 = calloc(1, sizeof *x11);
	if (!x11)
		return -ENOMEM;
	x11->events = *events;
	g_queue_init(&x11->waiting);
	int r = open_window(x11, title);
	if (r == 0)
		r = start_polling(x11, loop);
	if (r == 0) {
		*ret = x11;
		return 0;
	}
	xcb_disconnect(x11->connection);
	free(x11);
	return r;
}

uint32_t ui_x11_window(const struct ui_x11 *x11)
{
	return x11->window;
}

void ui_x11_size(const struct ui_x11 *x11, int *ret_width, int *ret_height)
{
	*ret_width = x11->width;
	*ret_height = x11->height;
}

void ui_x11_set_fullscreen(struct ui_x11 *x11, bool on)
{
	x11_manager_set_fullscreen(&x11->manager, on, DEFAULT_WIDTH, DEFAULT_HEIGHT);
	xcb_flush(x11->connection);
}

void ui_x11_keep_awake(struct ui_x11 *x11, bool on)
{
	if (on && !x11->awake)
		x11->awake = x11_awake_begin(x11->poll.loop, x11->connection);
	else if (!on)
		g_clear_pointer(&x11->awake, x11_awake_end);
}

static void on_closed(uv_handle_t *handle)
{
	struct ui_x11 *x11 = handle->data;

	g_queue_clear_full(&x11->waiting, free);
	free(x11);
}

void ui_x11_close(struct ui_x11 *x11)
{
	if (!x11)
		return;
	x11->closing = true;
	x11_awake_end(x11->awake);
	uv_close((uv_handle_t *)&x11->poll, on_closed);
	xcb_disconnect(x11->connection);
}
