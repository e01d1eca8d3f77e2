/*
 * ui/x11_manager: what a window manager is told of ui/x11's window (ICCCM, Extended Window Manager
 * Hints), and what it does where there is none.
 */
#pragma once

#include <stdbool.h>
#include <xcb/xcb.h>

enum x11_atom {
	X11_WM_PROTOCOLS,
	X11_WM_DELETE_WINDOW,
	X11_NET_WM_NAME,
	X11_NET_WM_STATE,
	X11_NET_WM_STATE_FULLSCREEN,
	X11_UTF8_STRING,
	X11_XKB_RULES_NAMES,
	X11_ATOMS,
};

struct x11_manager {
	xcb_connection_t *connection;
	const xcb_screen_t *screen;
	xcb_window_t window;
	xcb_atom_t atoms[X11_ATOMS];
	bool is_there;
};

/* Waits for the display's answers. */
void x11_manager_init(struct x11_manager *manager, xcb_connection_t *connection,
	const xcb_screen_t *screen, xcb_window_t window);

/* Names the window and says that it wants the keyboard, and to be asked before it is closed. */
void x11_manager_name(struct x11_manager *manager, const char *title);
bool x11_manager_asks_close(
	const struct x11_manager *manager, const xcb_client_message_event_t *message);

/* A mouse is of no use in it, so its pointer does not lie on the picture. */
void x11_manager_hide_pointer(struct x11_manager *manager);

/* Where nobody hands the keyboard out: the window, once it is mapped, has it. */
void x11_manager_take_keyboard(struct x11_manager *manager);

/* width and height: what the window goes back to where nobody manages it. */
void x11_manager_set_fullscreen(
	struct x11_manager *manager, bool on, uint16_t width, uint16_t height);

/* Whether the display's keycodes are the kernel's codes, moved by 8. Waits for its answer. */
bool x11_manager_has_kernel_codes(struct x11_manager *manager);
