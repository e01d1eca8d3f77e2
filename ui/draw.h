/* ui/draw: a view of the screen as pixels, with pango and cairo. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/screen.h"

/* A rectangle of premultiplied ARGB32 (native endian, cairo's), to be blended over the picture. */
struct ui_image {
	int x, y; /* where its top left corner belongs on a screen of the size that was asked for */
	int width, height;
	int stride_bytes;
	uint8_t *pixels; /* freed with ui_image_clear() */
};

/*
 * Draws `view` for a screen of width x height. What is empty draws nothing: then *ret is {0} and
 * the result 0. Text keeps a safe area of 5 % and is at least 1/30 of the height. Errors: -ENOMEM.
 */
int ui_draw(const struct ui_view *view, int width, int height, struct ui_image *ret);
void ui_image_clear(struct ui_image *image); /* accepts {0} and leaves {0} */
