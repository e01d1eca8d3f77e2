/*
 * ui/pane: painted panels on their way to who shows them (a Wayland compositor, a plane of a
 * display controller): pixels that nobody changes any more. Pure.
 */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/* A rectangle of premultiplied ARGB32 (native endian, cairo's). */
struct ui_pane {
	int x, y; /* of its top left corner, in pixels of the screen it was painted for */
	int width, height;
	int stride_bytes;
	GBytes *pixels; /* stride_bytes * height of them */
};

struct ui_area {
	int x, y, width, height;
};

/* The smallest that has both in it; an empty one adds nothing. */
struct ui_area ui_area_union(struct ui_area a, struct ui_area b);

/*
 * An array of struct ui_pane, without those that have no pixels, with a reference to the pixels of
 * each; g_array_unref() drops them.
 */
GArray *ui_panes_copy(const struct ui_pane *panes, size_t count);

/*
 * Where two pictures of width x height pixels of 32 bits differ: writes areas, from the top down,
 * that together hold each pixel that does, and are narrow where that is cheap. Returns how many.
 */
#define UI_CHANGES_MAX 8
size_t ui_find_changes(const uint8_t *before, int before_stride_bytes, const uint8_t *after,
	int after_stride_bytes, int width, int height, struct ui_area ret_areas[UI_CHANGES_MAX]);

/* What the panes cover of a screen of this size; 0 x 0 at 0, 0 where that is nothing. */
struct ui_area ui_panes_bounds(const struct ui_pane *panes, size_t count, int width, int height);

/*
 * One row of what all panes make together, later ones above earlier ones: `width` pixels from x, y
 * on, premultiplied, transparent where there is none.
 */
void ui_panes_row(
	const struct ui_pane *panes, size_t count, int x, int y, int width, uint32_t *ret_row);
