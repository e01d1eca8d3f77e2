#include "ui/wayland.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>

#include "ui/wayland_window.h"

#define OPEN_TIMEOUT_NS 3000000000u
#define NS_PER_MS 1000000u

struct ui_wayland {
	struct ui_wayland_events events;
	struct wl_display *display;
	struct wl_event_queue *queue;
	struct wl_display
		*wrapper; /* the display, to make objects whose events come on our queue */
	struct wayland_window window;

	uv_poll_t poll;
	uv_prepare_t prepare;
	uv_check_t check;
	int open_handles;
	int polled;   /* the events that `poll` looks for */
	bool reading; /* between wl_display_prepare_read_queue() and the read or its cancel */
	bool lost;
	bool closing;
};

static bool is_over(const struct ui_wayland *wayland)
{
	return wayland->closing || wayland->lost;
}

static void lose(struct ui_wayland *wayland, int status)
{
	wayland->lost = true;
	uv_poll_stop(&wayland->poll);
	uv_prepare_stop(&wayland->prepare);
	uv_check_stop(&wayland->check);
	if (wayland->events.on_close)
		wayland->events.on_close(wayland->events.ctx, status);
}

/* Tells what the listeners noted. Each callback may close the window. */
static void tell(struct ui_wayland *wayland)
{
	const struct ui_wayland_events *events = &wayland->events;
	struct wayland_window *window = &wayland->window;

	for (guint i = 0; i < window->presses->len && !wayland->closing; i++) {
		struct wayland_press press =
			g_array_index(window->presses, struct wayland_press, i);
		if (events->on_key)
			events->on_key(events->ctx, press.code, press.pressed_ns);
	}
	g_array_set_size(window->presses, 0);
	if (window->resized && !wayland->closing) {
		window->resized = false;
		if (events->on_resize)
			events->on_resize(events->ctx, window->width, window->height);
	}
	if (window->close_asked && !wayland->closing) {
		window->close_asked = false;
		if (events->on_close)
			events->on_close(events->ctx, 0);
	}
}

static void dispatch(struct ui_wayland *wayland)
{
	int r = wl_display_dispatch_queue_pending(wayland->display, wayland->queue);
	int error = r < 0 ? -errno : 0;

	tell(wayland);
	if (error && !wayland->closing)
		lose(wayland, error);
}

static void end_reading(struct ui_wayland *wayland, bool readable)
{
	if (!wayland->reading)
		return;
	wayland->reading = false;
	if (readable)
		wl_display_read_events(wayland->display);
	else
		wl_display_cancel_read(wayland->display);
}

static void on_polled(uv_poll_t *poll, int status, int events)
{
	struct ui_wayland *wayland = poll->data;

	end_reading(wayland, status >= 0 && events & UV_READABLE);
	if (status < 0)
		lose(wayland, status);
	else
		dispatch(wayland);
}

/* Requests go out; what the socket does not take waits until it is writable. */
static void flush(struct ui_wayland *wayland)
{
	int events = UV_READABLE;

	if (wl_display_flush(wayland->display) < 0 && errno == EAGAIN)
		events |= UV_WRITABLE;
	if (events != wayland->polled)
		uv_poll_start(&wayland->poll, events, on_polled);
	wayland->polled = events;
}

/*
 * Before the loop waits, the read is announced: from then on no other thread takes events off the
 * socket without us, and what one took before is on our queue and told now.
 */
static void on_prepare(uv_prepare_t *prepare)
{
	struct ui_wayland *wayland = prepare->data;

	while (!is_over(wayland) &&
		wl_display_prepare_read_queue(wayland->display, wayland->queue) < 0)
		dispatch(wayland);
	if (is_over(wayland))
		return;
	wayland->reading = true;
	flush(wayland);
}

static void on_check(uv_check_t *check)
{
	struct ui_wayland *wayland = check->data;

	end_reading(wayland, false);
	dispatch(wayland);
}

/* Before the window is on the loop: dispatches until *done, or OPEN_TIMEOUT_NS passed. */
static int wait_until(struct ui_wayland *wayland, const bool *done)
{
	uint64_t deadline_ns = uv_hrtime() + OPEN_TIMEOUT_NS;
	struct pollfd fd = {.fd = wl_display_get_fd(wayland->display), .events = POLLIN};

	while (!*done) {
		if (wl_display_dispatch_queue_pending(wayland->display, wayland->queue) < 0)
			return -errno;
		if (*done)
			break;
		if (wl_display_prepare_read_queue(wayland->display, wayland->queue) < 0)
			continue;
		wl_display_flush(wayland->display);
		uint64_t now_ns = uv_hrtime();
		int left_ms =
			now_ns < deadline_ns ? (int)((deadline_ns - now_ns) / NS_PER_MS) + 1 : 0;
		int n = poll(&fd, 1, left_ms);
		if (n > 0) {
			wl_display_read_events(wayland->display);
			continue;
		}
		wl_display_cancel_read(wayland->display);
		if (n == 0)
			return -ETIMEDOUT;
		if (errno != EINTR)
			return -errno;
	}
	return 0;
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
	struct wl_callback *callback = wl_display_sync(wayland->wrapper);

	if (!callback)
		return -ENOMEM;
	wl_callback_add_listener(callback, &sync_listener, &done);
	int r = wait_until(wayland, &done);
	wl_callback_destroy(callback);
	return r;
}

static int connect_window(struct ui_wayland *wayland, const char *title)
{
	wayland->display = wl_display_connect(NULL);
	if (!wayland->display)
		return errno ? -errno : -ENOENT;
	wayland->queue = wl_display_create_queue(wayland->display);
	wayland->wrapper = wl_proxy_create_wrapper(wayland->display);
	if (!wayland->queue || !wayland->wrapper)
		return -ENOMEM;
	wl_proxy_set_queue((struct wl_proxy *)wayland->wrapper, wayland->queue);
	int r = wayland_window_init(&wayland->window, wayland->wrapper);
	if (r == 0)
		r = wait_for_globals(wayland);
	if (r == 0)
		r = wayland_window_map(&wayland->window, title);
	if (r == 0)
		r = wait_until(wayland, &wayland->window.configured);
	wayland->window.resized = false;
	wl_display_flush(wayland->display);
	return r;
}

static void disconnect_window(struct ui_wayland *wayland)
{
	wayland_window_finish(&wayland->window);
	if (wayland->wrapper)
		wl_proxy_wrapper_destroy(wayland->wrapper);
	if (wayland->queue)
		wl_event_queue_destroy(wayland->queue);
	if (wayland->display)
		wl_display_disconnect(wayland->display);
	wayland->display = NULL;
}

static int start_handles(struct ui_wayland *wayland, uv_loop_t *loop)
{
	int r = uv_poll_init(loop, &wayland->poll, wl_display_get_fd(wayland->display));
	if (r < 0)
		return r;
	uv_prepare_init(loop, &wayland->prepare);
	uv_check_init(loop, &wayland->check);
	wayland->open_handles = 3;
	wayland->poll.data = wayland->prepare.data = wayland->check.data = wayland;
	uv_prepare_start(&wayland->prepare, on_prepare);
	uv_check_start(&wayland->check, on_check);
	return 0;
}

int ui_wayland_open(uv_loop_t *loop, const char *title, const struct ui_wayland_events *events,
	struct ui_wayland **ret)
{
	struct ui_wayland *wayland = calloc(1, sizeof *wayland);
	if (!wayland)
		return -ENOMEM;
	wayland->events = *events;
	int r = connect_window(wayland, title);
	if (r == 0)
		r = start_handles(wayland, loop);
	if (r < 0) {
		disconnect_window(wayland);
		wayland_window_free_notes(&wayland->window);
		free(wayland);
		return r;
	}
	*ret = wayland;
	return 0;
}

struct wl_display *ui_wayland_display(struct ui_wayland *wayland)
{
	return wayland->display;
}

struct wl_surface *ui_wayland_surface(struct ui_wayland *wayland)
{
	return wayland->window.surface;
}

void ui_wayland_size(const struct ui_wayland *wayland, int *ret_width, int *ret_height)
{
	*ret_width = wayland->window.width;
	*ret_height = wayland->window.height;
}

void ui_wayland_commit(struct ui_wayland *wayland)
{
	wl_surface_commit(wayland->window.surface);
}

static void on_closed(uv_handle_t *handle)
{
	struct ui_wayland *wayland = handle->data;

	if (--wayland->open_handles > 0)
		return;
	wayland_window_free_notes(&wayland->window);
	free(wayland);
}

void ui_wayland_close(struct ui_wayland *wayland)
{
	if (!wayland)
		return;
	wayland->closing = true;
	end_reading(wayland, false);
	uv_close((uv_handle_t *)&wayland->poll, on_closed);
	uv_close((uv_handle_t *)&wayland->prepare, on_closed);
	uv_close((uv_handle_t *)&wayland->check, on_closed);
	disconnect_window(wayland);
}
