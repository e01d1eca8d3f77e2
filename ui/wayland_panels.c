#include "ui/wayland_panels.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PIXEL_BYTES 4

/* Pixels that the compositor sees as well. */
struct sheet {
	struct wl_buffer *buffer; /* NULL: not made, or there is no memory for it */
	uint8_t *pixels;
	size_t size_bytes;
	bool is_held; /* the compositor reads it */
	bool is_blank;
};

/*
 * Where a pane is in units of the window's size, and its pixels within a buffer that begins and
 * ends with whole units.
 */
struct place {
	int x, y;
	int left, top;
	int width, height; /* of the buffer */
};

struct panel {
	struct wl_surface *surface;
	struct wl_subsurface *subsurface;
	struct ui_pane pane; /* what it shows; pixels NULL: nothing yet */
	struct place place;
	int scale;
	struct sheet sheets[2];
	int front; /* the one that is shown */
	bool is_wanted;
};

static int floor_to(int value, int step)
{
	int rest = value % step;

	return value - (rest < 0 ? rest + step : rest);
}

static struct place place_of(const struct ui_pane *pane, int scale)
{
	int x = floor_to(pane->x, scale), y = floor_to(pane->y, scale);
	int right = pane->x + pane->width, bottom = pane->y + pane->height;

	return (struct place){
		.x = x / scale,
		.y = y / scale,
		.left = pane->x - x,
		.top = pane->y - y,
		.width = floor_to(right + scale - 1, scale) - x,
		.height = floor_to(bottom + scale - 1, scale) - y,
	};
}

static void on_release(void *data, struct wl_buffer *buffer)
{
	struct sheet *sheet = data;

	(void)buffer;
	sheet->is_held = false;
}

static const struct wl_buffer_listener buffer_listener = {.release = on_release};

static void sheet_make(struct sheet *sheet, struct wl_shm *shm, int width, int height)
{
	int stride_bytes = width * PIXEL_BYTES, size_bytes = stride_bytes * height;
	int fd = memfd_create("zapper", MFD_CLOEXEC);
	void *pixels = MAP_FAILED;

	if (fd >= 0 && ftruncate(fd, size_bytes) == 0)
		pixels = mmap(NULL, (size_t)size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (pixels != MAP_FAILED) {
		struct wl_shm_pool *pool = wl_shm_create_pool(shm, fd, size_bytes);
		*sheet = (struct sheet){
			.buffer = wl_shm_pool_create_buffer(
				pool, 0, width, height, stride_bytes, WL_SHM_FORMAT_ARGB8888),
			.pixels = pixels,
			.size_bytes = (size_t)size_bytes,
			.is_blank = true,
		};
		wl_shm_pool_destroy(pool);
		wl_buffer_add_listener(sheet->buffer, &buffer_listener, sheet);
	}
	if (fd >= 0)
		close(fd);
}

static void sheet_clear(struct sheet *sheet)
{
	if (!sheet->buffer)
		return;
	wl_buffer_destroy(sheet->buffer);
	munmap(sheet->pixels, sheet->size_bytes);
	*sheet = (struct sheet){0};
}

static void panel_free(struct panel *panel)
{
	wl_subsurface_destroy(panel->subsurface);
	wl_surface_destroy(panel->surface);
	for (size_t i = 0; i < G_N_ELEMENTS(panel->sheets); i++)
		sheet_clear(&panel->sheets[i]);
	if (panel->pane.pixels)
		g_bytes_unref(panel->pane.pixels);
	g_free(panel);
}

/* It has the size of this pane for good. */
static struct panel *panel_new(
	const struct wayland_window *window, const struct ui_pane *pane, int scale)
{
	struct panel *panel = g_new0(struct panel, 1);
	struct wl_region *nowhere = wl_compositor_create_region(window->compositor);

	panel->surface = wl_compositor_create_surface(window->compositor);
	panel->subsurface = wl_subcompositor_get_subsurface(
		window->subcompositor, panel->surface, window->surface);
	wl_surface_set_input_region(panel->surface, nowhere);
	wl_region_destroy(nowhere);
	if (scale > 1)
		wl_surface_set_buffer_scale(panel->surface, scale);
	panel->place = place_of(pane, scale);
	panel->scale = scale;
	panel->front = 1; /* the other one is drawn first */
	wl_subsurface_set_position(panel->subsurface, panel->place.x, panel->place.y);
	return panel;
}

static const uint8_t *pixels_of(const struct ui_pane *pane)
{
	return g_bytes_get_data(pane->pixels, NULL);
}

/* Where the panel's part of the sheet begins. */
static uint8_t *origin(const struct panel *panel, const struct sheet *sheet)
{
	return sheet->pixels +
	       ((size_t)panel->place.top * (size_t)panel->place.width + (size_t)panel->place.left) *
		       PIXEL_BYTES;
}

static void copy_area(const struct panel *panel, const struct sheet *sheet,
	const struct ui_pane *pane, const struct ui_area *area)
{
	size_t stride_bytes = (size_t)panel->place.width * PIXEL_BYTES;

	for (int y = area->y; y < area->y + area->height; y++)
		memcpy(origin(panel, sheet) + (size_t)y * stride_bytes +
				(size_t)area->x * PIXEL_BYTES,
			pixels_of(pane) + (size_t)y * (size_t)pane->stride_bytes +
				(size_t)area->x * PIXEL_BYTES,
			(size_t)area->width * PIXEL_BYTES);
}

/* What the sheet still has is of the time before last: what differs from that is copied. */
static void draw(const struct panel *panel, struct sheet *sheet, const struct ui_pane *pane)
{
	struct ui_area areas[UI_CHANGES_MAX] = {{0, 0, pane->width, pane->height}};
	size_t count = 1;

	if (!sheet->is_blank)
		count = ui_find_changes(origin(panel, sheet), panel->place.width * PIXEL_BYTES,
			pixels_of(pane), pane->stride_bytes, pane->width, pane->height, areas);
	for (size_t i = 0; i < count; i++)
		copy_area(panel, sheet, pane, &areas[i]);
	sheet->is_blank = false;
}

/* In units of the window's size, since that is what any compositor understands. */
static void damage(const struct panel *panel, const struct ui_area *area)
{
	int scale = panel->scale;
	int left = panel->place.left + area->x, top = panel->place.top + area->y;
	int right = left + area->width + scale - 1, bottom = top + area->height + scale - 1;

	wl_surface_damage(panel->surface, left / scale, top / scale, right / scale - left / scale,
		bottom / scale - top / scale);
}

/* Attaches what was not attached before. False: it looks the same. */
static bool show_pixels(struct panel *panel, const struct ui_pane *pane, struct wl_shm *shm)
{
	struct ui_area areas[UI_CHANGES_MAX] = {{0, 0, pane->width, pane->height}};
	struct sheet *sheet = &panel->sheets[!panel->front];
	size_t count = 1;

	if (panel->pane.pixels)
		count = ui_find_changes(pixels_of(&panel->pane), panel->pane.stride_bytes,
			pixels_of(pane), pane->stride_bytes, pane->width, pane->height, areas);
	if (count && !sheet->buffer)
		sheet_make(sheet, shm, panel->place.width, panel->place.height);
	if (!count || !sheet->buffer)
		return false;
	draw(panel, sheet, pane);
	wl_surface_attach(panel->surface, sheet->buffer, 0, 0);
	for (size_t i = 0; i < count; i++)
		damage(panel, &areas[i]);
	wl_surface_commit(panel->surface);
	sheet->is_held = true;
	panel->front = !panel->front;
	return true;
}

static bool panel_show(struct panel *panel, const struct ui_pane *pane, struct wl_shm *shm)
{
	struct place place = place_of(pane, panel->scale);
	bool moves = place.x != panel->place.x || place.y != panel->place.y;
	bool changes = pane->pixels != panel->pane.pixels && show_pixels(panel, pane, shm);

	if (moves)
		wl_subsurface_set_position(panel->subsurface, place.x, place.y);
	panel->place = place;
	g_bytes_ref(pane->pixels);
	if (panel->pane.pixels)
		g_bytes_unref(panel->pane.pixels);
	panel->pane = *pane;
	return moves || changes;
}

/* Whether the panel can show the pane: what is of another size gets a panel of its own. */
static bool fits(const struct panel *panel, const struct ui_pane *pane, int scale)
{
	struct place place = place_of(pane, scale);

	return scale == panel->scale && pane->width == panel->pane.width &&
	       pane->height == panel->pane.height && place.left == panel->place.left &&
	       place.top == panel->place.top && place.width == panel->place.width &&
	       place.height == panel->place.height;
}

static bool has_pixels(const struct panel *panel, const struct ui_pane *pane, int scale)
{
	return fits(panel, pane, scale) && pane->pixels == panel->pane.pixels;
}

static bool has_place(const struct panel *panel, const struct ui_pane *pane, int scale)
{
	return fits(panel, pane, scale) && pane->x == panel->pane.x && pane->y == panel->pane.y;
}

typedef bool (*match_fn)(const struct panel *panel, const struct ui_pane *pane, int scale);

/* Gives a panel to each pane in `next` that has none and that one matches. */
static void match(const struct wayland_panels *panels, const GArray *panes, int scale,
	match_fn matches, GPtrArray *next)
{
	for (guint i = 0; i < panes->len; i++) {
		const struct ui_pane *pane = &g_array_index(panes, struct ui_pane, i);
		for (guint j = 0; j < panels->shown->len && !next->pdata[i]; j++) {
			struct panel *panel = panels->shown->pdata[j];
			if (panel->is_wanted || !matches(panel, pane, scale))
				continue;
			panel->is_wanted = true;
			next->pdata[i] = panel;
		}
	}
}

/* Which of the panels is to show each of the panes; NULL for those that need a new one. */
static GPtrArray *choose(const struct wayland_panels *panels, const GArray *panes, int scale)
{
	static const match_fn best_first[] = {has_pixels, has_place, fits};
	GPtrArray *next = g_ptr_array_new();

	g_ptr_array_set_size(next, (gint)panes->len);
	for (guint i = 0; i < panels->shown->len; i++)
		((struct panel *)panels->shown->pdata[i])->is_wanted = false;
	for (size_t i = 0; i < G_N_ELEMENTS(best_first); i++)
		match(panels, panes, scale, best_first[i], next);
	return next;
}

static bool are_released(const GPtrArray *next, const GArray *panes)
{
	for (guint i = 0; i < next->len; i++) {
		const struct panel *panel = next->pdata[i];
		const struct ui_pane *pane = &g_array_index(panes, struct ui_pane, i);
		if (panel && pane->pixels != panel->pane.pixels &&
			panel->sheets[!panel->front].is_held)
			return false;
	}
	return true;
}

static bool is_same_stack(const GPtrArray *a, const GPtrArray *b)
{
	return a->len == b->len &&
	       (a->len == 0 || memcmp(a->pdata, b->pdata, a->len * sizeof *a->pdata) == 0);
}

static void restack(const struct wayland_panels *panels, const GPtrArray *next)
{
	struct wl_surface *below = panels->window->video;

	for (guint i = 0; i < next->len; i++) {
		const struct panel *panel = next->pdata[i];
		wl_subsurface_place_above(panel->subsurface, below);
		below = panel->surface;
	}
}

/* With the window's own commit all that was prepared is seen, and then nothing else is. */
static void change_over(struct wayland_panels *panels, GPtrArray *next)
{
	wl_surface_commit(panels->window->surface);
	for (guint i = 0; i < panels->shown->len; i++) {
		struct panel *panel = panels->shown->pdata[i];
		if (!panel->is_wanted)
			panel_free(panel);
	}
	g_ptr_array_unref(panels->shown);
	panels->shown = next;
}

bool wayland_panels_show(struct wayland_panels *panels, const GArray *panes, int scale)
{
	GPtrArray *next = choose(panels, panes, scale);
	bool changes = !is_same_stack(next, panels->shown);
	bool is_restacked = changes;

	if (!are_released(next, panes)) {
		g_ptr_array_unref(next);
		return false;
	}
	for (guint i = 0; i < panes->len; i++) {
		const struct ui_pane *pane = &g_array_index(panes, struct ui_pane, i);
		if (!next->pdata[i])
			next->pdata[i] = panel_new(panels->window, pane, scale);
		changes |= panel_show(next->pdata[i], pane, panels->window->shm);
	}
	if (is_restacked)
		restack(panels, next);
	if (changes) {
		change_over(panels, next);
	} else {
		g_ptr_array_unref(next);
	}
	return true;
}

void wayland_panels_init(struct wayland_panels *panels, const struct wayland_window *window)
{
	*panels = (struct wayland_panels){window, g_ptr_array_new()};
}

void wayland_panels_finish(struct wayland_panels *panels)
{
	if (!panels->shown)
		return;
	for (guint i = 0; i < panels->shown->len; i++)
		panel_free(panels->shown->pdata[i]);
	g_ptr_array_unref(panels->shown);
	*panels = (struct wayland_panels){0};
}
