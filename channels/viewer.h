/*
 * channels/viewer: what the viewer made of the line-up: favourites, locks, and what was watched. It
 * stays with a channel over imports for as long as that is the same one (channels/reconcile.h), and
 * goes when its channel goes. Which channels are favourites and which are locked, lineup_load()
 * says. And what the viewer's box keeps beside the channels: no import touches that.
 *
 * All functions want a line-up that was opened with LINEUP_WRITE, but for lineup_each_history() and
 * lineup_get_box().
 * Channels are struct channel's ids; -ENOENT: the line-up has no such channel (taking a mark from
 * one that is gone is no error). Where the database fails, other negative errno (-EBUSY, -ENOSPC,
 * ...), and nothing is changed.
 */
#pragma once

#include "channels/lineup.h"

int lineup_set_favourite(struct lineup *lineup, int64_t channel, bool favourite);
int lineup_set_locked(struct lineup *lineup, int64_t channel, bool locked);

/* So many times are kept; the oldest one goes when one more comes. */
#define VIEWER_HISTORY 1000

/* The channel was tuned at that time (seconds since 1970). Times come in order. */
int lineup_add_history(struct lineup *lineup, int64_t channel, int64_t at_utc_s);

/*
 * The newest first, `limit` of them at most; a channel comes as often as it was tuned. `fn` may not
 * call the line-up.
 */
typedef void (*viewer_history_fn)(void *ctx, int64_t channel, int64_t at_utc_s);
int lineup_each_history(struct lineup *lineup, size_t limit, viewer_history_fn fn, void *ctx);

/*
 * A text under a name ("volume"): it replaces the one before. *ret_value is freed with g_free();
 * -ENOENT: there is none of that name.
 */
int lineup_set_box(struct lineup *lineup, const char *name, const char *value);
int lineup_get_box(struct lineup *lineup, const char *name, char **ret_value);
