/*
 * app/failover: from which of its sources a channel is received. Pure: what is watched and what
 * arrives go in with their times, which source is to be tuned comes out. Channels are indexes of
 * the line-up, sources are indexes of the channel's, the preferred one first.
 *
 * The watched channel's source is given up for the next one, round and round, where nothing comes
 * for as long as a GOP takes and a second more: so long a decoder might have had to wait anyway.
 * After a round without a sign of life each source gets twice as long, up to a bound; where one of
 * them has worked, only that one. A source that took over and from which something came is the
 * first to be tried for an hour.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FAILOVER_NEVER UINT64_MAX

struct failover;
struct failover *failover_new(size_t channels);
void failover_free(struct failover *f); /* accepts NULL */

/* Which source of the channel is to be tuned first now. */
size_t failover_first(const struct failover *f, int channel, uint64_t now_ns);

/*
 * From now on this channel (negative: none) is watched, whose sources are so many, and received
 * from `source`: `count` or more says that it is none of them (by an earlier line-up). A GOP takes
 * gop_ns there, 0: nobody knows.
 */
void failover_watch(struct failover *f, int channel, size_t source, size_t count, uint64_t gop_ns,
	uint64_t now_ns);
/* Something came, from this source: the one that was to be tuned, unless that was not to be had. */
void failover_heard(struct failover *f, size_t source, uint64_t at_ns);
/* Silence until now has another reason than the source: the wait for it begins anew. */
void failover_excuse(struct failover *f, uint64_t now_ns);

/* When failover_advance() has something to say; FAILOVER_NEVER when never. */
uint64_t failover_deadline(const struct failover *f);
/* Whether another source is to be tuned now, which counts as done then. */
bool failover_advance(struct failover *f, uint64_t now_ns, size_t *ret_source);

/* What is remembered of the channel holds no longer: its sources are others now. */
void failover_forget(struct failover *f, int channel);
/* Channel i is to[i] from now on, negative: gone, of `count` channels. What is watched stays. */
void failover_move(struct failover *f, const int *to, size_t count);
