#include "tests/unit/ui/window_log.h"

#include "tests/support/test.h"

#define PATIENCE_MS 10000

static void note_event(struct window_log *log)
{
	uv_stop(&log->loop);
	if (log->on_event)
		log->on_event(log->ctx);
}

static void on_key(void *ctx, const struct ui_key_event *event)
{
	struct window_log *log = ctx;

	assert_true(log->keys < WINDOW_LOG_KEYS);
	assert_int_equal(event->source, WINDOW_LOG_SOURCE);
	log->told[log->keys++] = *event;
	note_event(log);
}

static void on_resize(void *ctx, int width, int height)
{
	struct window_log *log = ctx;

	log->resizes++;
	log->width = width;
	log->height = height;
	note_event(log);
}

static void on_close(void *ctx, int status)
{
	struct window_log *log = ctx;

	log->closes++;
	log->close_status = status;
	note_event(log);
}

static void on_guard(uv_timer_t *guard)
{
	struct window_log *log = guard->data;

	log->guarded = true;
	uv_stop(guard->loop);
}

void window_log_begin(struct window_log *log)
{
	assert_int_equal(uv_loop_init(&log->loop), 0);
	uv_timer_init(&log->loop, &log->guard);
	log->guard.data = log;
}

void window_log_end(struct window_log *log)
{
	uv_close((uv_handle_t *)&log->guard, NULL);
}

struct ui_window_events window_log_events(struct window_log *log)
{
	return (struct ui_window_events){on_key, on_resize, on_close, log, WINDOW_LOG_SOURCE};
}

void window_log_expect(
	const struct window_log *log, size_t at, uint16_t code, enum ui_key_motion motion)
{
	assert_true(at < log->keys);
	assert_int_equal(log->told[at].code, code);
	assert_int_equal(log->told[at].motion, motion);
}

static void start_guard(struct window_log *log)
{
	log->guarded = false;
	uv_timer_start(&log->guard, on_guard, PATIENCE_MS, 0);
}

void window_log_wait(struct window_log *log, const size_t *count, size_t wanted)
{
	start_guard(log);
	while (*count < wanted && !log->guarded)
		uv_run(&log->loop, UV_RUN_DEFAULT);
	uv_timer_stop(&log->guard);
	assert_int_equal(*count, wanted);
}

void window_log_wait_more(struct window_log *log, const size_t *count, size_t than)
{
	start_guard(log);
	while (*count <= than && !log->guarded)
		uv_run(&log->loop, UV_RUN_DEFAULT);
	uv_timer_stop(&log->guard);
	assert_true(*count > than);
}

void window_log_wait_width(struct window_log *log, int wanted)
{
	start_guard(log);
	while (log->width != wanted && !log->guarded)
		uv_run(&log->loop, UV_RUN_DEFAULT);
	uv_timer_stop(&log->guard);
	assert_int_equal(log->width, wanted);
}
