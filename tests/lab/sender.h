/*
 * lab/sender: what all channels send at what time, with what a bad network does to it on top. Pure:
 * time is an argument (nanoseconds of any one clock), packets come out through a callback, the next
 * deadline is asked for, and the seed decides everything that is random.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "tests/lab/fec.h"
#include "tests/lab/feed.h"

struct sender;

/* What is done to one channel. A share is 0 to 1, of the packets, drawn for each one. */
struct disturbance {
	bool stopped;	   /* nothing is sent; the programme goes on meanwhile */
	bool other_source; /* packets come from the alternate source address */
	double lose, duplicate;
	double reorder; /* a packet is overtaken by the next one to three */
	double delay;	/* a packet is held for delay_ms */
	unsigned delay_ms;
	unsigned jitter_ms; /* packets leave in order, but those of up to so long at once */
	bool raw_udp;	    /* TS packets without RTP around them */
	bool fec;	    /* sends forward error correction, too; see fec.h */
	bool both_sources;  /* the other source sends the clip as well, from a phase of its own */
	double garbage; /* random bytes, cut off, not RTP, or TS packets without their sync bytes */
};

struct datagram {
	unsigned channel;    /* counted from 1 */
	unsigned port_above; /* the channel's */
	bool other_source;
	const uint8_t *bytes; /* valid during the call only */
	size_t size;	      /* SENDER_MAX_BYTES at most */
};

enum { SENDER_MAX_BYTES = FEC_PACKET_BYTES };

typedef void sender_emit(void *user, const struct datagram *datagram);

/*
 * channels feeds, borrowed; one may be given several times. Every channel begins at a phase,
 * sequence number, SSRC and clock of its own, which follow from seed alone. Sending begins at
 * start_ns. Free with sender_destroy, which accepts NULL.
 */
struct sender *sender_create(
	struct feed *const *feeds, unsigned channels, uint64_t seed, uint64_t start_ns);
void sender_destroy(struct sender *sender);

unsigned sender_channels(const struct sender *sender);

/* When sender_run is to be called next. */
uint64_t sender_deadline_ns(const struct sender *sender);

/*
 * Emits everything that is due at now_ns: packets of a channel 1/380 s apart, those of different
 * channels between them. A caller who comes late gets what it missed, but no more than 100 ms of
 * it: beyond that the whole schedule moves, as if the head-end had stood still, and no burst is
 * made up for it.
 */
void sender_run(struct sender *sender, uint64_t now_ns, sender_emit *emit, void *user);

/*
 * From now on the head-end's clock, and with it everything that it sends, is faster by so many
 * parts of a million; at most 1000, less than 0 is slower.
 */
void sender_set_clock(struct sender *sender, int fast_ppm);
int sender_clock(const struct sender *sender);

/* A channel's disturbance, to be read and changed; NULL when there is no such channel. */
struct disturbance *sender_disturbance(struct sender *sender, unsigned channel);

/* Other PIDs and a new version with the channel's next PMT; the usual ones at the next call, and so
 * on. */
void sender_change_map(struct sender *sender, unsigned channel);
/* Whether the channel is on, or about to change to, the other PIDs. */
bool sender_map_changed(const struct sender *sender, unsigned channel);

/* Packets emitted, and how often the schedule had to move. */
struct sender_counts {
	uint64_t packets, stalls;
};
struct sender_counts sender_counts(const struct sender *sender);
