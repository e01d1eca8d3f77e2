/*
 * lab/feed: a clip as it is sent: endless, its loops joined so that sequence numbers, time stamps,
 * PCR, PTS, DTS and continuity counters go on across the loop point. Pure but for opening the file:
 * packet number n of a line is a function of n.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tests/lab/format.h"

enum {
	FEED_PACKET_BYTES = 12 + LAB_PACKET_PAYLOAD, /* RTP header and seven TS packets */
	FEED_PID_SHIFT = 0x100, /* what the other elementary PIDs are above the usual ones */
};

struct feed;

/*
 * Maps the transport stream file of a clip. 0; -EBADMSG when it is not one that mux.h makes;
 * another negative errno when it cannot be read. Close with feed_close, which accepts NULL.
 */
int feed_open(const char *ts_path, struct feed **ret);
void feed_close(struct feed *feed);

/* RTP packets in a loop. */
uint64_t feed_packets(const struct feed *feed);

/* What makes one sending of a feed differ from another. Sequence numbers and clocks begin here. */
struct feed_line {
	uint32_t ssrc, rtp_start;
	uint16_t sequence_start;
	uint64_t clock_start_90k; /* 33 bits: added to PCR, PTS and DTS */
};

/* The programme's map: feed_map's changes take effect with the first PMT that follows. */
struct feed_map {
	unsigned changes_due; /* how often the PMT is to change; the caller counts up, feed_packet
				 down */
	uint8_t version;      /* 5 bits */
	bool other_pids;
};

/*
 * Writes packet number n, counted from 0 through all loops. The packet's RTP time stamp is that of
 * its first byte (RFC 2250, 2) at 380 packets a second. map may change, see there.
 */
void feed_packet(const struct feed *feed, const struct feed_line *line, uint64_t n,
	struct feed_map *map, uint8_t ret[FEED_PACKET_BYTES]);
