/*
 * system/support/replay: a head-end of the test's own. It sends a clip of the lab's to the box,
 * past router and bridge, and spoils it as the lab's head-end does not: any change of any packet.
 *
 * Positions are RTP packets since the replay began; 380 of them are a second.
 */
#pragma once

#include "tests/lab/feed.h"
#include "tests/system/support/forge.h"
#include "tests/system/support/lab.h"

/* A datagram's payload is changed in place, or filled anew; returns its length. */
typedef size_t replay_spoil(uint64_t n, uint8_t rtp[FEED_PACKET_BYTES]);

/* From one position on, to another. */
struct replay_fault {
	replay_spoil *spoil; /* NULL: nothing of it */
	uint64_t from, to;
	uint64_t skip;	       /* at `from`, so many packets of the clip are left out for good */
	uint64_t shift_90k;    /* from `from` on, all times are later by this */
	uint32_t ssrc_changes; /* and the sender is another one: its SSRC is larger by this */
};

/* A key picture: its number in the clip, and the first and last packet that hold it. */
struct replay_key {
	uint64_t first, last;
	unsigned frame;
};

struct replay;

/* The clip of a channel; fails the test where it is not there. replay_close accepts NULL. */
struct replay *replay_open(const struct lab *lab, int clip);
void replay_close(struct replay *replay);

/* Sends it from now on, as the flood of `forge`, from this source to this group (host order). */
void replay_start(struct replay *replay, struct forge *forge, uint32_t source, uint32_t group);
/* The packet that is sent next. */
uint64_t replay_position(const struct replay *replay);
/* One fault at a time; what it left out or shifted stays so. */
void replay_set_fault(struct replay *replay, const struct replay_fault *fault);
/* The first key picture that begins at this position or later, as it will be sent. */
struct replay_key replay_next_key(const struct replay *replay, uint64_t position);
