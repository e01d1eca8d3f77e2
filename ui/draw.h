/* ui/draw: a view of the screen as pixels, with pango and cairo. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/image.h"
#include "ui/screen.h"

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
