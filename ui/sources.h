/*
 * ui/sources: every source of keys as one stream: the evdev devices and the terminal, which it
 * opens, and those that others open: the window, `ctl key`. Each key of each source is pressed,
 * repeated and released in this order, and one that is held on one source is not released by
 * another.
 *
 * Sources tell a bounded number of keys in a turn of the loop each, so that none starves another.
 */
#pragma once

#include <stdint.h>
#include <uv.h>

#include "ui/key_event.h"
#include "ui/remote.h"

#define UI_SOURCE_WINDOW 1u
#define UI_SOURCE_CONTROL 2u
#define UI_SOURCE_DEVICES 16u /* the first device; those that come later have those that follow */

struct ui_sources;

struct ui_sources_options {
	/* -1: none. Where it is no terminal, or that of another job, keys come from elsewhere. */
	int terminal_fd;
	const struct ui_remote_options *remote; /* NULL: no devices. first_source is set here */
};

/* Errors: -errno of libuv. `events` as for ui_remote_open(), with the keys of all sources. */
int ui_sources_open(uv_loop_t *loop, const struct ui_sources_options *options,
	const struct ui_remote_events *events, struct ui_sources **ret);

/*
 * A key of a source that is opened elsewhere: `ctx` is the struct ui_sources, so that it is a
 * ui_key_fn for windows.
 */
void ui_sources_tell(void *ctx, const struct ui_key_event *event);

/* After the program was stopped and goes on (SIGCONT). */
void ui_sources_resume(struct ui_sources *sources);

/*
 * Gives terminal and devices back; nothing is told from now on, nor may be told to it. May be
 * called from on_key. Memory is freed from the loop. Accepts NULL.
 */
void ui_sources_close(struct ui_sources *sources);
