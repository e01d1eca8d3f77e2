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

#define UI_IMAGES_MAX 2 /* the banner and the message */

/*
 * Draws `view` for a screen of width x height into `images` (room for UI_IMAGES_MAX), one image for
 * each thing that is visible, as small as possible; *ret_count is 0 when there is nothing to see.
 * Text keeps a safe area of 5 % and is at least 1/30 of the height; the bottom left ninth of the
 * screen stays free. The first call of a process loads fonts, which can take 100 ms and more: make
 * one before the first key. Errors: -ENOMEM, with *ret_count untouched and nothing to free.
 */
int ui_draw(const struct ui_view *view, int width, int height,
	struct ui_image images[UI_IMAGES_MAX], size_t *ret_count);
void ui_image_clear(struct ui_image *image); /* accepts {0} and leaves {0} */
