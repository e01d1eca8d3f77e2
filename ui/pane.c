#include "ui/pane.h"

#include <stdbool.h>
#include <string.h>

#define PIXEL_BYTES 4
/* Changes so close above each other are one: an area of its own costs the compositor more. */
#define NEAR_ROWS 16

static void drop_pixels(gpointer item)
{
	struct ui_pane *pane = item;
	g_bytes_unref(pane->pixels);
}

GArray *ui_panes_copy(const struct ui_pane *panes, size_t count)
{
	GArray *copy = g_array_sized_new(FALSE, FALSE, sizeof *panes, (guint)count);

	g_array_set_clear_func(copy, drop_pixels);
	for (size_t i = 0; i < count; i++) {
		if (panes[i].width <= 0 || panes[i].height <= 0)
			continue;
		g_bytes_ref(panes[i].pixels);
		g_array_append_val(copy, panes[i]);
	}
	return copy;
}

static bool is_empty(struct ui_area area)
{
	return area.width <= 0 || area.height <= 0;
}

struct ui_area ui_area_union(struct ui_area a, struct ui_area b)
{
	if (is_empty(a) || is_empty(b))
		return is_empty(a) ? b : a;
	int x = MIN(a.x, b.x), y = MIN(a.y, b.y);
	int right = MAX(a.x + a.width, b.x + b.width);
	int bottom = MAX(a.y + a.height, b.y + b.height);

	return (struct ui_area){x, y, right - x, bottom - y};
}

/* Of a row that differs: from the first pixel that does to the last. */
static struct ui_area row_change(const uint32_t *before, const uint32_t *after, int width, int y)
{
	int first = 0, last = width - 1;

	while (before[first] == after[first])
		first++;
	while (before[last] == after[last])
		last--;
	return (struct ui_area){first, y, last + 1 - first, 1};
}

size_t ui_find_changes(const uint8_t *before, int before_stride_bytes, const uint8_t *after,
	int after_stride_bytes, int width, int height, struct ui_area ret_areas[UI_CHANGES_MAX])
{
	size_t count = 0;

	for (int y = 0; y < height; y++) {
		const uint8_t *a = before + (size_t)y * (size_t)before_stride_bytes;
		const uint8_t *b = after + (size_t)y * (size_t)after_stride_bytes;
		if (memcmp(a, b, (size_t)width * PIXEL_BYTES) == 0)
			continue;
		struct ui_area row = row_change((const void *)a, (const void *)b, width, y);
		struct ui_area *last = count ? &ret_areas[count - 1] : NULL;
		if (last && (y - last->y - last->height < NEAR_ROWS || count == UI_CHANGES_MAX))
			*last = ui_area_union(*last, row);
		else
			ret_areas[count++] = row;
	}
	return count;
}

struct ui_area ui_panes_bounds(const struct ui_pane *panes, size_t count, int width, int height)
{
	struct ui_area bounds = {0};

	for (size_t i = 0; i < count; i++) {
		int x = MAX(panes[i].x, 0), y = MAX(panes[i].y, 0);
		int right = MIN(panes[i].x + panes[i].width, width);
		int bottom = MIN(panes[i].y + panes[i].height, height);
		bounds = ui_area_union(bounds, (struct ui_area){x, y, right - x, bottom - y});
	}
	return is_empty(bounds) ? (struct ui_area){0} : bounds;
}

/* Two of the four channels at a time, each times rest / 255, rounded. */
static uint32_t fade(uint32_t channels, uint32_t rest)
{
	uint32_t product = (channels & 0x00ff00ff) * rest + 0x00800080;

	return ((product + ((product >> 8) & 0x00ff00ff)) >> 8) & 0x00ff00ff;
}

static uint32_t over(uint32_t above, uint32_t below)
{
	uint32_t rest = 255 - (above >> 24);

	return above + (fade(below, rest) | fade(below >> 8, rest) << 8);
}

void ui_panes_row(
	const struct ui_pane *panes, size_t count, int x, int y, int width, uint32_t *ret_row)
{
	memset(ret_row, 0, (size_t)width * PIXEL_BYTES);
	for (size_t i = 0; i < count; i++) {
		const struct ui_pane *pane = &panes[i];
		if (y < pane->y || y >= pane->y + pane->height)
			continue;
		const uint8_t *pixels = g_bytes_get_data(pane->pixels, NULL);
		const uint32_t *row =
			(const void *)(pixels + (size_t)(y - pane->y) * (size_t)pane->stride_bytes);
		int end = MIN(pane->x + pane->width, x + width);
		for (int at = MAX(pane->x, x); at < end; at++)
			ret_row[at - x] = over(row[at - pane->x], ret_row[at - x]);
	}
}
