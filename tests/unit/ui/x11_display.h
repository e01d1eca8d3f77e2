/* An Xvfb of our own with a client that does to it what a viewer would. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <xcb/xcb.h>

struct display;

/*
 * Starts one with a screen of this size and sets $DISPLAY when it is ready. Dies with the caller.
 * NULL where there is no Xvfb, or it does not start.
 */
struct display *display_start(int width, int height);
void display_stop(struct display *display); /* accepts NULL; twice is once */

/* A connection beside the window's. */
xcb_connection_t *display_connection(struct display *display);

/* Presses or releases the key of `keycode` (XTEST); 0 as its time means now. */
void display_key(struct display *display, uint8_t keycode, bool pressed);
/* A keycode that carries `keysym` in its first column, 0 where none does. */
uint8_t display_keycode(struct display *display, uint32_t keysym);
/* Changes the keyboard: the key now carries just this keysym. */
void display_map_key(struct display *display, uint8_t keycode, uint32_t keysym);
/* Waits until the server has done all that was asked. */
void display_sync(struct display *display);
