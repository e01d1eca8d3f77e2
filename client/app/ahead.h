/*
 * app/ahead: the seam to foresee: tells it what the viewer does and how the streams fare, and has
 * net hold the channels that it wants received ahead.
 */
#pragma once

#include <uv.h>

#include "channels/lineup.h"
#include "client/app/net.h"
#include "client/foresee/foresee.h"
#include "client/settings.h"

struct ahead;

/* One sentence for the log. */
typedef void (*ahead_log_fn)(void *ctx, const char *sentence);

/* All outlive it. -errno of libuv. Closed with ahead_close(). */
int ahead_open(uv_loop_t *loop, const struct settings *settings,
	const struct channel_list *channels, struct net *net, ahead_log_fn log, void *log_ctx,
	struct ahead **ret);
void ahead_close(struct ahead *ahead); /* memory is freed from the loop; accepts NULL */

/*
 * The viewer leaves for `channel` (ZAP_NO_CHANNEL: none): what of the channels held ahead stays, as
 * many as *ret_count, for the report that must not wait. Valid until the next call, ahead_tuned().
 */
const int *ahead_keep(struct ahead *ahead, int channel, uint64_t pressed_ns, size_t *ret_count);
/*
 * The rest of it, when the report has left: LAST now goes to `last`. Nothing is joined here; a
 * moment later net holds what is worth it.
 */
void ahead_tuned(struct ahead *ahead, int channel, int last, enum history_action action,
	uint64_t pressed_ns);
/* What is typed so far; "": no entry is in progress. */
void ahead_typed(struct ahead *ahead, const char *digits);

/* What a channel took of the line when it was last received, until it is measured anew. */
void ahead_expect_rate(struct ahead *ahead, int channel, uint64_t line_bps);
/* What it takes, or took; 0: unknown. */
uint64_t ahead_rate(const struct ahead *ahead, int channel);

/*
 * The line-up is this one now, in which channel i has become to[i], negative: it is gone; net has
 * taken it over. What is worth it there is held.
 */
void ahead_take(struct ahead *ahead, const struct channel_list *channels, const int *to);

/* The viewer's habits, to be loaded and saved. */
struct history *ahead_history(struct ahead *ahead);
