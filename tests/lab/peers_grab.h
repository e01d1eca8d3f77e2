/*
 * lab/peers_grab: what an X display shows at this moment, as luma. One round trip to the server for
 * any number of areas; the server answers between two drawings of its clients.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "tests/lab/mark.h"

struct grab;

/*
 * Opens the display named (NULL: $DISPLAY). 0, -ECONNREFUSED, or -ENOTSUP where its pixels are not
 * 32 bits of blue, green, red and nothing. Close with grab_close, which accepts NULL.
 */
int grab_open(const char *display, struct grab **ret);
void grab_close(struct grab *grab);

/* The size of the screen in pixels. */
void grab_size(const struct grab *grab, int *ret_width, int *ret_height);

/*
 * Writes each area to its place in a plane of the screen's size (stride: its width). Full range,
 * ITU-R BT.709. 0 or -EPIPE: the display has gone.
 */
int grab_luma(struct grab *grab, const struct mark_area *areas, size_t count, uint8_t *luma);
