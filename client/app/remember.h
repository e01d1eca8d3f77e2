/*
 * app/remember: what is known of each channel and of the viewer from earlier, kept in the line-up's
 * file: it is there soon after the start, is used at the next zap, and is replaced where the live
 * stream says otherwise.
 */
#pragma once

#include <uv.h>

#include "channels/lineup.h"
#include "client/app/ahead.h"
#include "client/app/net.h"
#include "client/zap.h"

struct remember;

struct remember_options {
	const char *path; /* of the line-up's database */
	const struct channel_list *channels;
	struct net *net;
	struct ahead *ahead;
	struct zap *zap;
	void (*log)(void *ctx, const char *sentence);
	void *log_ctx;
};

/* All of the options but the path outlive it, the log the loop. -errno of libuv. Closed with
 * remember_close(). */
int remember_open(uv_loop_t *loop, const struct remember_options *options, struct remember **ret);
/* Before what it looks at is closed. What is new is still written. Accepts NULL. */
void remember_close(struct remember *remember);

/*
 * The line-up is this one now (it outlives `remember`, or the next call), in which channel i has
 * become to[i], negative: it is gone. The rooms have taken it over.
 */
void remember_take(struct remember *remember, const struct channel_list *channels, const int *to);

/* Sections for stream_expect(); NULL: none are known. Good until the loop's next turn. */
const uint8_t *remember_psi(const struct remember *remember, int channel, size_t *ret_len);
