/*
 * receive/pcr_clock: the sender's clock, recovered from when its PCRs arrive. Maps stream times to
 * CLOCK_MONOTONIC. Pure.
 *
 * A line through (PCR, arrival) is followed by a Kalman filter of two states, offset and rate:
 * right from the first PCR on, then ever slower, down to a time constant of about a minute. So
 * jitter of tens of milliseconds averages out, and a head-end that is 100 ppm off is followed for
 * hours.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Farther than this from the expected arrival, a PCR starts the clock anew. */
#define PCR_CLOCK_JUMP_NS INT64_C(500000000)

struct pcr_line {
	bool set;
	uint64_t time_27mhz;   /* unwrapped; at this time of the stream ... */
	uint64_t at_ns;	       /* ... the clock says this */
	double rate;	       /* how much faster than the stream's the local clock runs, minus 1 */
	double variance[3];    /* of offset (s^2), of both, of rate */
	uint64_t odd_since_ns; /* PCRs arrive far from the line since then; 0: they do not */
};

/* Zeroed: nothing known yet. */
struct pcr_clock {
	struct pcr_line now;
	struct pcr_line before;	  /* what was valid before the last discontinuity */
	bool guessed;		  /* `now` is not from a PCR */
	uint64_t reference_90khz; /* the latest time unwrapped */
};

/*
 * A PCR arrived. `discontinuity`: the stream says that a new time base begins. Returns true when
 * the clock started anew, also by the first one.
 */
bool pcr_clock_receive(
	struct pcr_clock *clock, uint64_t pcr_27mhz, uint64_t arrival_ns, bool discontinuity);

/* Without a PCR: the stream time is due at `due_ns`, until a PCR says better. */
void pcr_clock_guess(struct pcr_clock *clock, uint64_t time_90khz, uint64_t due_ns);

/*
 * A PTS or DTS of 33 bits becomes one that grows across the wrap: the one nearest to the clock, the
 * first one 2^33 above what was read, so that none is negative.
 */
uint64_t pcr_clock_unwrap(struct pcr_clock *clock, uint64_t time_33bit);

bool pcr_clock_ready(const struct pcr_clock *clock);
/*
 * When the sender's clock shows this time (unwrapped, 90 kHz). A time that is far from the clock
 * but near to what it was before a discontinuity is meant by that one. 0 when not ready.
 */
uint64_t pcr_clock_due(const struct pcr_clock *clock, uint64_t time_90khz);
