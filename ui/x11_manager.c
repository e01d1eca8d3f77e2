#include "ui/x11_manager.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

/* Of a _NET_WM_STATE message (Extended Window Manager Hints). */
#define STATE_REMOVE 0
#define STATE_ADD 1
#define SOURCE_APPLICATION 1

/* The names are asked for all at once, and then waited for. */
static void intern_atoms(struct x11_manager *manager)
{
	static const char *const names[X11_ATOMS] = {
		[X11_WM_PROTOCOLS] = "WM_PROTOCOLS",
		[X11_WM_DELETE_WINDOW] = "WM_DELETE_WINDOW",
		[X11_NET_WM_NAME] = "_NET_WM_NAME",
		[X11_NET_WM_STATE] = "_NET_WM_STATE",
		[X11_NET_WM_STATE_FULLSCREEN] = "_NET_WM_STATE_FULLSCREEN",
		[X11_UTF8_STRING] = "UTF8_STRING",
		[X11_XKB_RULES_NAMES] = "_XKB_RULES_NAMES",
	};
	xcb_connection_t *connection = manager->connection;
	xcb_intern_atom_cookie_t cookies[X11_ATOMS];

	for (size_t i = 0; i < X11_ATOMS; i++)
		cookies[i] =
			xcb_intern_atom(connection, false, (uint16_t)strlen(names[i]), names[i]);
	for (size_t i = 0; i < X11_ATOMS; i++) {
		xcb_intern_atom_reply_t *reply =
			xcb_intern_atom_reply(connection, cookies[i], NULL);
		manager->atoms[i] = reply ? reply->atom : XCB_ATOM_NONE;
		free(reply);
	}
}

/* There can be only one, and it alone is asked before a window is mapped. */
static bool is_managed(const struct x11_manager *manager)
{
	xcb_get_window_attributes_reply_t *reply = xcb_get_window_attributes_reply(
		manager->connection,
		xcb_get_window_attributes(manager->connection, manager->screen->root), NULL);
	bool managed = reply && reply->all_event_masks & XCB_EVENT_MASK_SUBSTRUCTURE_REDIRECT;

	free(reply);
	return managed;
}

void x11_manager_init(struct x11_manager *manager, xcb_connection_t *connection,
	const xcb_screen_t *screen, xcb_window_t window)
{
	*manager = (struct x11_manager){connection, screen, window, {0}, false};
	intern_atoms(manager);
	manager->is_there = is_managed(manager);
}

/* A cursor that its mask leaves nothing of; the window keeps it. */
void x11_manager_hide_pointer(struct x11_manager *manager)
{
	xcb_connection_t *connection = manager->connection;
	xcb_pixmap_t nothing = xcb_generate_id(connection);
	xcb_gcontext_t clear = xcb_generate_id(connection);
	xcb_cursor_t cursor = xcb_generate_id(connection);

	xcb_create_pixmap(connection, 1, nothing, manager->window, 1, 1);
	xcb_create_gc(connection, clear, nothing, XCB_GC_FOREGROUND, &(uint32_t){0});
	xcb_poly_fill_rectangle(connection, nothing, clear, 1, &(xcb_rectangle_t){0, 0, 1, 1});
	xcb_create_cursor(connection, cursor, nothing, nothing, 0, 0, 0, 0, 0, 0, 0, 0);
	xcb_change_window_attributes(connection, manager->window, XCB_CW_CURSOR, &cursor);
	xcb_free_cursor(connection, cursor);
	xcb_free_gc(connection, clear);
	xcb_free_pixmap(connection, nothing);
}

/* ICCCM section 4.1.2, and the Extended Window Manager Hints. */
void x11_manager_name(struct x11_manager *manager, const char *title)
{
	static const char class[] = "zapper\0zapper"; /* instance and class, each with its NUL */
	static const uint32_t hints[9] = {1 /* InputHint */, 1 /* give it the keyboard */};
	xcb_connection_t *connection = manager->connection;
	xcb_window_t window = manager->window;
	const xcb_atom_t *atoms = manager->atoms;
	uint32_t title_bytes = (uint32_t)strlen(title);

	xcb_change_property(connection, XCB_PROP_MODE_REPLACE, window, XCB_ATOM_WM_NAME,
		XCB_ATOM_STRING, 8, title_bytes, title);
	xcb_change_property(connection, XCB_PROP_MODE_REPLACE, window, atoms[X11_NET_WM_NAME],
		atoms[X11_UTF8_STRING], 8, title_bytes, title);
	xcb_change_property(connection, XCB_PROP_MODE_REPLACE, window, XCB_ATOM_WM_CLASS,
		XCB_ATOM_STRING, 8, sizeof class, class);
	xcb_change_property(connection, XCB_PROP_MODE_REPLACE, window, XCB_ATOM_WM_HINTS,
		XCB_ATOM_WM_HINTS, 32, sizeof hints / sizeof hints[0], hints);
	xcb_change_property(connection, XCB_PROP_MODE_REPLACE, window, atoms[X11_WM_PROTOCOLS],
		XCB_ATOM_ATOM, 32, 1, &atoms[X11_WM_DELETE_WINDOW]);
}

bool x11_manager_asks_close(
	const struct x11_manager *manager, const xcb_client_message_event_t *message)
{
	return message->type == manager->atoms[X11_WM_PROTOCOLS] &&
	       message->data.data32[0] == manager->atoms[X11_WM_DELETE_WINDOW];
}

void x11_manager_take_keyboard(struct x11_manager *manager)
{
	if (!manager->is_there)
		xcb_set_input_focus(manager->connection, XCB_INPUT_FOCUS_POINTER_ROOT,
			manager->window, XCB_CURRENT_TIME);
}

static void ask_for_fullscreen(struct x11_manager *manager, bool on)
{
	const xcb_client_message_event_t message = {
		.response_type = XCB_CLIENT_MESSAGE,
		.format = 32,
		.window = manager->window,
		.type = manager->atoms[X11_NET_WM_STATE],
		.data.data32 = {on ? STATE_ADD : STATE_REMOVE,
			manager->atoms[X11_NET_WM_STATE_FULLSCREEN], XCB_ATOM_NONE,
			SOURCE_APPLICATION},
	};

	xcb_send_event(manager->connection, false, manager->screen->root,
		XCB_EVENT_MASK_SUBSTRUCTURE_REDIRECT | XCB_EVENT_MASK_SUBSTRUCTURE_NOTIFY,
		(const char *)&message);
}

void x11_manager_set_fullscreen(
	struct x11_manager *manager, bool on, uint16_t width, uint16_t height)
{
	const xcb_screen_t *screen = manager->screen;
	const uint32_t place[] = {0, 0,
		on ? screen->width_in_pixels : MIN(width, screen->width_in_pixels),
		on ? screen->height_in_pixels : MIN(height, screen->height_in_pixels)};

	if (manager->is_there)
		ask_for_fullscreen(manager, on);
	else
		xcb_configure_window(manager->connection, manager->window,
			XCB_CONFIG_WINDOW_X | XCB_CONFIG_WINDOW_Y | XCB_CONFIG_WINDOW_WIDTH |
				XCB_CONFIG_WINDOW_HEIGHT,
			place);
}

/* The first of XKB's rules says what the keyboard was made of. */
bool x11_manager_has_kernel_codes(struct x11_manager *manager)
{
	static const char evdev[] = "evdev";
	xcb_get_property_reply_t *rules = xcb_get_property_reply(manager->connection,
		xcb_get_property(manager->connection, false, manager->screen->root,
			manager->atoms[X11_XKB_RULES_NAMES], XCB_ATOM_STRING, 0, 64),
		NULL);
	bool found = rules && xcb_get_property_value_length(rules) >= (int)sizeof evdev &&
		     memcmp(xcb_get_property_value(rules), evdev, sizeof evdev) == 0;

	free(rules);
	return found;
}
