/*
 * foresee: which channels are to be received ahead, so that the next zap finds a random access
 * point already there. Pure: an event and its time go in, the wanted set is asked for. It knows
 * channels by their index and number, streams by their rates, and nothing else.
 *
 *   history   what this viewer does        budget   how many streams the line bears
 *   predict   how likely each channel is   foresee  when the set changes
 *
 * A change of the set costs an IGMP report, and a stream needs a GOP to become warm. So the set
 * changes when the viewer has settled on a channel (not while he presses on), when digits are
 * typed, and after long stays, and what is held stays unless something is clearly more likely.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/foresee/budget.h"
#include "client/foresee/history.h"

#define FORESEE_NONE (-1)
#define FORESEE_NEVER UINT64_MAX
#define FORESEE_DIGITS_MAX 16

/* A channel of the line-up, in its order: up and down go to the neighbours and wrap. */
struct foresee_channel {
	uint32_t number, subnumber; /* 5.1; subnumber 0: none */
	bool favourite;
	bool skip; /* cannot be played: who comes there goes on, and it is never wanted */
};

enum foresee_event_type {
	FORESEE_TUNED,	/* the viewer left for `channel` (FORESEE_NONE: none) by `action`; LAST now
			   goes to `last` */
	FORESEE_DIGITS, /* `digits` are typed so far, "12" or "5.1"; "": no entry is in progress */
	FORESEE_LOSS,	/* packets of `channel`, watched or received ahead, were lost, at `since_ns`
			   at the earliest */
	FORESEE_REFUSED, /* `channel`, which is wanted, cannot be received; `full`: for want of room
			  */
	FORESEE_RATE,	 /* `channel` takes `rate_bps` of the line, headers included */
	FORESEE_TIMER,	 /* foresee_deadline() has come */
};

struct foresee_event {
	enum foresee_event_type type;
	uint64_t at_ns; /* never earlier than the event before */
	int channel, last;
	enum history_action action;
	const char *digits;
	uint64_t rate_bps;
	uint64_t since_ns;
	bool full;
};

struct foresee;

/* `channels` (copied) are numbered from 0. */
struct foresee *foresee_new(const struct budget_settings *settings,
	const struct foresee_channel *channels, size_t count);
void foresee_free(struct foresee *f); /* accepts NULL */

/* The viewer's habits, to be loaded and saved; they are learned from FORESEE_TUNED. */
struct history *foresee_history(struct foresee *f);

/*
 * Returns whether the wanted set changed. After FORESEE_TUNED it only gives up: the report that the
 * zap sends anyway may carry that.
 */
bool foresee_handle(struct foresee *f, const struct foresee_event *event);

/*
 * The viewer leaves for `channel`, now: what of foresee_wanted() stays, for the report that must
 * not wait. No memory is taken and nothing is looked up. FORESEE_TUNED of the same time then says
 * the rest.
 */
const int *foresee_leave(struct foresee *f, int channel, uint64_t at_ns, size_t *ret_count);

/*
 * The line-up is this one (copied) from now on, in which channel i has become to[i], negative: it
 * is gone. Where the viewer has settled there is chosen anew.
 */
void foresee_move(struct foresee *f, const struct foresee_channel *channels, size_t count,
	const int *to, uint64_t at_ns);

/* To be received besides the watched channel, the most likely first: join in this order. */
const int *foresee_wanted(const struct foresee *f, size_t *ret_count);

/* When FORESEE_TIMER is wanted; FORESEE_NEVER when never. */
uint64_t foresee_deadline(const struct foresee *f);
