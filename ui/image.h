/* ui/image: pixels of a part of the screen, to be blended over the picture. */
#pragma once

#include <stdint.h>

/* A rectangle of premultiplied ARGB32 (native endian, cairo's), to be blended over the picture. */
struct ui_image {
	int x, y; /* where its top left corner belongs on a screen of the size that was asked for */
	int width, height;
	int stride_bytes;
	uint8_t *pixels; /* freed with ui_image_clear() */
};

void ui_image_clear(struct ui_image *image); /* accepts {0} and leaves {0} */
