/*
 * app/remember: what is known of each channel and of the viewer from earlier, kept in the line-up's
 * file: it is there soon after the start, is used at the next zap, and is replaced where the live
 * stream says otherwise.
 */
#pragma once

#include <uv.h>

#include "channels/memory.h"
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
	/* What was known is here. */
	void (*loaded)(void *ctx);
	void (*log)(void *ctx, const char *sentence);
	void *ctx;
};

/* All of the options but the path outlive it, the log the loop. -errno of libuv. Closed with
 * remember_close(). */
int remember_open(uv_loop_t *loop, const struct remember_options *options, struct remember **ret);
/* Before what it looks at is closed. What is new is still written. Accepts NULL. */
void remember_close(struct remember *remember);

/*
 * What is known of a channel: of the reception at hand, and where that has not said it yet, of the
 * ones before. Good until the loop's next turn. False (also where `remember` is NULL): nothing is.
 */
bool remember_channel(
	const struct remember *remember, int channel, struct channel_memory *ret_memory);
