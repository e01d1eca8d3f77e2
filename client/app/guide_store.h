/*
 * app/guide_store: the part of the guide that is looked at, in memory. Whoever draws is answered
 * from there at once; what is not there yet is read on a worker of libuv, through a connection of
 * its own, so that it waits for nothing that is being written.
 *
 * A day of a channel is read at a time, with those of its neighbours in the line-up. An import may
 * have come meanwhile, so it is read again, when it is looked at after some time.
 */
#pragma once

#include <uv.h>

#include "channels/lineup.h"
#include "client/app/guide_desk.h"

struct guide_store;

struct guide_store_options {
	const char *lineup_path; /* the guide is beside it */
	uint64_t again_ms;	 /* what is looked at is read again after so long */
	/* Something that was asked for is there now; on the loop. */
	void (*ready)(void *ctx);
	void *ctx;
};

struct guide_store *guide_store_open(uv_loop_t *loop, const struct guide_store_options *options);
/* Nothing is called from now on; memory is freed from the loop. Accepts NULL. */
void guide_store_close(struct guide_store *store);

/* There is another line-up, in which ids may be other channels': nothing is known any more. */
void guide_store_forget(struct guide_store *store);

/*
 * The event that is on at this time (Unix time) on this channel of the list or, where none is, the
 * first one that begins later on this day or the next. NULL: none is known, or none yet. Good until
 * the loop's next turn.
 */
const struct guide_event *guide_store_find(struct guide_store *store,
	const struct channel_list *channels, size_t channel, int64_t time_s);
