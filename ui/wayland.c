#include "ui/wayland.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "ui/wayland_panels.h"
#include "ui/wayland_window.h"
#include "ui/wayland_wire.h"

#define OPEN_TIMEOUT_NS 3000000000u
#define NS_PER_MS 1000000u
#define TURN_KEYS 64 /* told in a turn of the loop, then others have theirs */

struct ui_wayland {
	struct ui_window_events events;
	struct wayland_wire wire;

	uv_thread_t thread;
	uv_async_t async; /* there are notes */
	uv_mutex_t lock;  /* of what follows, once the thread runs */
	struct wayland_window window;
	int lost;      /* -errno: the connection is no more */
	GArray *panes; /* struct ui_pane, to be shown instead of what is; NULL: no others */
	bool stop;

	/* The thread's own. */
	struct wayland_panels panels;
	GArray *waiting_panes; /* their buffers are still the compositor's; NULL: none wait */

	/* The loop's side. */
	struct wayland_keys keys;
	GArray *waiting; /* struct wayland_key, read and not yet told */
	int open_handles;
	int width, height, scale;
	bool closing;
};

static int dispatch(struct ui_wayland *wayland)
{
	uv_mutex_lock(&wayland->lock);
	int r = wayland_wire_dispatch(&wayland->wire);
	uv_mutex_unlock(&wayland->lock);
	return r;
}

static bool must_stop(struct ui_wayland *wayland)
{
	uv_mutex_lock(&wayland->lock);
	bool stop = wayland->stop;
	uv_mutex_unlock(&wayland->lock);
	return stop;
}

/* Errors: as wayland_wire_wait(), and -ECANCELED by ui_wayland_close(). */
static int wait_and_dispatch(struct ui_wayland *wayland, int timeout_ms)
{
	bool is_woken;
	int r = wayland_wire_wait(&wayland->wire, timeout_ms, &is_woken);

	if (r == 0)
		r = dispatch(wayland);
	return r == 0 && is_woken && must_stop(wayland) ? -ECANCELED : r;
}

static bool has_notes(struct ui_wayland *wayland)
{
	uv_mutex_lock(&wayland->lock);
	const struct wayland_window *window = &wayland->window;
	bool any = window->seat.keys->len > 0 || window->seat.repeat.is_said || window->resized ||
		   window->close_asked;
	uv_mutex_unlock(&wayland->lock);
	return any;
}

/*
 * Large panels take a while to copy, so that is this thread's work. Of those that came while their
 * buffers were still the compositor's only the last are shown.
 */
static void show_panels(struct ui_wayland *wayland)
{
	uv_mutex_lock(&wayland->lock);
	GArray *panes = wayland->panes;
	int scale = wayland_window_scale(&wayland->window);
	wayland->panes = NULL;
	uv_mutex_unlock(&wayland->lock);

	if (panes) {
		g_clear_pointer(&wayland->waiting_panes, g_array_unref);
		wayland->waiting_panes = panes;
	}
	if (wayland->waiting_panes &&
		wayland_panels_show(&wayland->panels, wayland->waiting_panes, scale))
		g_clear_pointer(&wayland->waiting_panes, g_array_unref);
}

static void run(void *ctx)
{
	struct ui_wayland *wayland = ctx;
	int r;

	while ((r = wait_and_dispatch(wayland, -1)) == 0) {
		if (has_notes(wayland))
			uv_async_send(&wayland->async);
		show_panels(wayland);
	}
	if (r == -ECANCELED)
		return;
	uv_mutex_lock(&wayland->lock);
	wayland->lost = r;
	uv_mutex_unlock(&wayland->lock);
	uv_async_send(&wayland->async);
}

static void on_key(void *ctx, const struct ui_key_event *event)
{
	const struct ui_wayland *wayland = ctx;

	if (!wayland->closing && wayland->events.on_key)
		wayland->events.on_key(wayland->events.ctx, event);
}

/* Not more than others can wait for; false where some are left for the next turn. */
static bool tell_keys(struct ui_wayland *wayland)
{
	guint n = MIN(wayland->waiting->len, TURN_KEYS);

	for (guint i = 0; i < n && !wayland->closing; i++) {
		struct wayland_key key = g_array_index(wayland->waiting, struct wayland_key, i);
		wayland_keys_follow(&wayland->keys, &key);
	}
	g_array_remove_range(wayland->waiting, 0, n);
	return wayland->waiting->len == 0;
}

/* What the listeners noted, with the keys in `waiting`. */
static struct wayland_notes take_notes(struct ui_wayland *wayland, int *ret_lost)
{
	uv_mutex_lock(&wayland->lock);
	struct wayland_window *window = &wayland->window;
	struct wayland_notes notes = wayland_window_take_notes(window);
	*ret_lost = wayland->lost;
	wayland->lost = 0;
	wayland->width = window->width;
	wayland->height = window->height;
	wayland->scale = wayland_window_scale(window);
	uv_mutex_unlock(&wayland->lock);

	if (notes.repeat.is_said)
		wayland_keys_set_repeat(
			&wayland->keys, notes.repeat.per_second, notes.repeat.delay_ms);
	g_array_append_vals(wayland->waiting, notes.keys->data, notes.keys->len);
	g_array_unref(notes.keys);
	return notes;
}

/* Tells what the listeners noted; false where keys are left over. Callbacks may close the window.
 */
static bool tell_notes(void *ctx)
{
	struct ui_wayland *wayland = ctx;
	const struct ui_window_events *events = &wayland->events;
	int lost;
	struct wayland_notes notes = take_notes(wayland, &lost);
	bool all = tell_keys(wayland);

	if (notes.resized && !wayland->closing && events->on_resize)
		events->on_resize(events->ctx, wayland->width, wayland->height);
	if (lost && !wayland->closing)
		wayland_keys_follow(&wayland->keys, &(struct wayland_key){.at_ns = uv_hrtime()});
	if ((notes.close_asked || lost) && !wayland->closing && events->on_close)
		events->on_close(events->ctx, lost);
	if (!all && !wayland->closing)
		uv_async_send(&wayland->async);
	return all && !wayland->closing;
}

static void on_notes(uv_async_t *async)
{
	tell_notes(async->data);
}

/* Before the thread runs: dispatches until *done, or OPEN_TIMEOUT_NS passed. */
static int wait_until(struct ui_wayland *wayland, const bool *done)
{
	uint64_t deadline_ns = uv_hrtime() + OPEN_TIMEOUT_NS;
	int r = 0;

	while (r == 0 && !*done) {
		uint64_t now_ns = uv_hrtime();
		uint64_t left_ns = now_ns < deadline_ns ? deadline_ns - now_ns : 0;
		r = wait_and_dispatch(wayland, (int)(left_ns / NS_PER_MS));
	}
	return r;
}

static void on_synced(void *data, struct wl_callback *callback, uint32_t serial)
{
	bool *done = data;

	(void)callback;
	(void)serial;
	*done = true;
}

static const struct wl_callback_listener sync_listener = {.done = on_synced};

static int wait_for_globals(struct ui_wayland *wayland)
{
	bool done = false;
	struct wl_callback *callback = wl_display_sync(wayland->wire.wrapper);

	if (!callback)
		return -ENOMEM;
	wl_callback_add_listener(callback, &sync_listener, &done);
	int r = wait_until(wayland, &done);
	wl_callback_destroy(callback);
	return r;
}

static int connect_window(struct ui_wayland *wayland, const char *title)
{
	struct wayland_window *window = &wayland->window;

	int r = wayland_wire_open(&wayland->wire);
	if (r == 0)
		r = wayland_window_init(window, wayland->wire.wrapper);
	if (r == 0)
		r = wait_for_globals(wayland);
	if (r == 0)
		r = wayland_window_map(window, title);
	if (r == 0)
		r = wait_until(wayland, &window->configured);
	if (r < 0)
		return r;
	window->resized = false;
	wayland->width = window->width;
	wayland->height = window->height;
	wayland->scale = wayland_window_scale(window);
	wayland_panels_init(&wayland->panels, window);
	return 0;
}

static void disconnect_window(struct ui_wayland *wayland)
{
	wayland_panels_finish(&wayland->panels);
	wayland_window_finish(&wayland->window);
	wayland_wire_close(&wayland->wire);
	g_clear_pointer(&wayland->panes, g_array_unref);
	g_clear_pointer(&wayland->waiting_panes, g_array_unref);
	uv_mutex_destroy(&wayland->lock);
}

static void wayland_free(struct ui_wayland *wayland)
{
	g_array_unref(wayland->waiting);
	free(wayland);
}

static void on_async_closed(uv_handle_t *handle)
{
	struct ui_wayland *wayland = handle->data;

	if (--wayland->open_handles == 0)
		wayland_free(wayland);
}

static void on_keys_closed(uv_handle_t *handle)
{
	const struct wayland_keys *keys = handle->data;
	struct ui_wayland *wayland = keys->ctx;

	if (--wayland->open_handles == 0)
		wayland_free(wayland);
}

static void close_handles(struct ui_wayland *wayland)
{
	uv_close((uv_handle_t *)&wayland->async, on_async_closed);
	wayland_keys_close(&wayland->keys, on_keys_closed);
}

static int start_thread(struct ui_wayland *wayland, uv_loop_t *loop)
{
	int r = uv_async_init(loop, &wayland->async, on_notes);
	if (r < 0)
		return r;
	wayland->async.data = wayland;
	wayland->keys = (struct wayland_keys){
		.on_key = on_key,
		.catch_up = tell_notes,
		.ctx = wayland,
		.source = wayland->events.source,
	};
	wayland_keys_init(&wayland->keys, loop);
	wayland->open_handles = 2;
	return uv_thread_create(&wayland->thread, run, wayland);
}

int ui_wayland_open(uv_loop_t *loop, const char *title, const struct ui_window_events *events,
	struct ui_wayland **ret)
{
	struct ui_wayland *wayland = calloc(1, sizeof *wayland);
	if (!wayland)
		return -ENOMEM;
	wayland->events = *events;
	wayland->waiting = g_array_new(FALSE, FALSE, sizeof(struct wayland_key));
	int r = uv_mutex_init(&wayland->lock);
	if (r < 0) {
		wayland_free(wayland);
		return r;
	}
	r = connect_window(wayland, title);
	if (r == 0)
		r = start_thread(wayland, loop);
	if (r == 0) {
		uv_async_send(&wayland->async); /* what came while we waited for the size */
		*ret = wayland;
		return 0;
	}
	disconnect_window(wayland);
	if (wayland->open_handles > 0)
		close_handles(wayland);
	else
		wayland_free(wayland);
	return r;
}

struct wl_display *ui_wayland_display(struct ui_wayland *wayland)
{
	return wayland->wire.display;
}

struct wl_surface *ui_wayland_surface(struct ui_wayland *wayland)
{
	return wayland->window.video;
}

void ui_wayland_size(const struct ui_wayland *wayland, int *ret_width, int *ret_height)
{
	*ret_width = wayland->width;
	*ret_height = wayland->height;
}

void ui_wayland_panel_size(const struct ui_wayland *wayland, int *ret_width, int *ret_height)
{
	*ret_width = wayland->width * wayland->scale;
	*ret_height = wayland->height * wayland->scale;
}

void ui_wayland_set_panels(struct ui_wayland *wayland, const struct ui_pane *panes, size_t count)
{
	GArray *next = ui_panes_copy(panes, count);

	uv_mutex_lock(&wayland->lock);
	GArray *before = wayland->panes;
	wayland->panes = next;
	uv_mutex_unlock(&wayland->lock);
	wayland_wire_wake(&wayland->wire);
	if (before)
		g_array_unref(before);
}

void ui_wayland_commit(struct ui_wayland *wayland)
{
	wl_surface_commit(wayland->window.video);
	wl_display_flush(wayland->wire.display);
}

void ui_wayland_set_fullscreen(struct ui_wayland *wayland, bool on)
{
	uv_mutex_lock(&wayland->lock);
	wayland_window_set_fullscreen(&wayland->window, on);
	uv_mutex_unlock(&wayland->lock);
	wl_display_flush(wayland->wire.display);
}

void ui_wayland_keep_awake(struct ui_wayland *wayland, bool on)
{
	uv_mutex_lock(&wayland->lock);
	wayland_window_keep_awake(&wayland->window, on);
	uv_mutex_unlock(&wayland->lock);
	wl_display_flush(wayland->wire.display);
}

void ui_wayland_close(struct ui_wayland *wayland)
{
	if (!wayland)
		return;
	wayland->closing = true;
	uv_mutex_lock(&wayland->lock);
	wayland->stop = true;
	uv_mutex_unlock(&wayland->lock);
	wayland_wire_wake(&wayland->wire);
	uv_thread_join(&wayland->thread);
	disconnect_window(wayland);
	close_handles(wayland);
}
