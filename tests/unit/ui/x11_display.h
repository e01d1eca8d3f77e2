/* An Xvfb for tests, with a client that does to it what a viewer would. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <xcb/xcb.h>

struct x11_display;

/*
 * Starts one with a white screen and sets $DISPLAY, when it is ready. Dies with the caller. NULL
 * where there is no Xvfb, or it does not start.
 */
struct x11_display *x11_display_start(int width, int height);
void x11_display_stop(struct x11_display *display); /* accepts NULL */

xcb_connection_t *x11_display_connection(struct x11_display *display);
xcb_window_t x11_display_root(struct x11_display *display);

/* The key that carries `keysym`, with whatever modifier; 0 where none does. */
uint8_t x11_display_keycode(struct x11_display *display, uint32_t keysym);
/* From now on the key carries this keysym alone. */
void x11_display_map_key(struct x11_display *display, uint8_t keycode, uint32_t keysym);
/* The key goes down or up, at another time than before; done when this returns. */
void x11_display_key(struct x11_display *display, uint8_t keycode, bool down);
/* Waits until the server has done all that it was asked for. */
void x11_display_sync(struct x11_display *display);
