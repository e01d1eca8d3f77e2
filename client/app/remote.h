/*
 * app/remote: every way a key can come (terminal, window, `ctl key`) becomes one stream of actions,
 * through ui/keys.
 */
#pragma once

#include <stdbool.h>
#include <uv.h>

#include "channels/lineup.h"
#include "ui/keys.h"

struct remote;

struct remote_options {
	uint64_t entry_timeout_ns;
	const struct channel_list *channels; /* outlives the remote */
	bool terminal; /* take keys from standard input, where that is a terminal */
};

typedef void (*remote_action_fn)(void *ctx, const struct ui_action *action);

/* -errno of libuv. Closed with remote_close(). */
int remote_open(uv_loop_t *loop, const struct remote_options *options, remote_action_fn on_action,
	void *ctx, struct remote **ret);
/* After the program was stopped and goes on (SIGCONT). */
void remote_resume(struct remote *remote);
/* Gives the terminal back at once; memory is freed from the loop. Accepts NULL. */
void remote_close(struct remote *remote);

/* The line-up is this one now; it outlives the remote, or the next call. */
void remote_take(struct remote *remote, const struct channel_list *channels);
/* A key from elsewhere: KEY_* code, CLOCK_MONOTONIC time of its press. */
void remote_key(struct remote *remote, uint16_t code, uint64_t pressed_ns);
