/*
 * tests/unit/ui/window_log: a loop, and what a window on it has told: its keys, sizes and end.
 */
#pragma once

#include <stdbool.h>
#include <uv.h>

#include "ui/window.h"

#define WINDOW_LOG_KEYS 5000

struct window_log {
	uv_loop_t loop;
	uv_timer_t guard; /* ends a run that waits for what never comes */
	bool guarded;
	struct ui_key_event told[WINDOW_LOG_KEYS];
	size_t keys, /* presses, repeats and releases */
		resizes, closes;
	int width, height, close_status;
	/* Called after each event where it is not NULL; may close the window. */
	void (*on_event)(void *ctx);
	void *ctx;
};

/* The loop is to be closed by the caller, after window_log_end() and a last run. */
void window_log_begin(struct window_log *log);
void window_log_end(struct window_log *log);

/* What to open the window with. */
struct ui_window_events window_log_events(struct window_log *log);

/* What the window's keys are to say whence they come. */
#define WINDOW_LOG_SOURCE 3

/* Fails unless the key that was told as the `at`th is this one. */
void window_log_expect(
	const struct window_log *log, size_t at, uint16_t code, enum ui_key_motion motion);

/* Runs the loop until *count has reached `wanted`, or the width `wanted`; fails after 10 s. */
void window_log_wait(struct window_log *log, const size_t *count, size_t wanted);
/* Until *count is more than that. */
void window_log_wait_more(struct window_log *log, const size_t *count, size_t than);
void window_log_wait_width(struct window_log *log, int wanted);
