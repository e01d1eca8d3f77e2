/*
 * play/sound_clock: keeps sound continuous while its times drift. Pure. Pieces of sound come with
 * the times at which they are to be heard, which follow the sender's clock; the sink wants samples
 * without gaps, counted by ours. So each piece is made a little longer or shorter, far below what
 * can be heard, and begins anew only where its time is really another one.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Farther apart than this, samples are not stretched but begin anew at their time: less than the
 * shortest frame (AAC, 21 ms), so that one that is lost is no jitter.
 */
#define SOUND_CLOCK_APART_NS INT64_C(15000000)
/* A difference is made up for within this; 100 ppm then leave a difference of 0.5 ms. */
#define SOUND_CLOCK_REACT_NS INT64_C(5000000000)
/* At most so much longer or shorter: a fiftieth of a semitone. */
#define SOUND_CLOCK_MOST 0.001

/* Zeroed: nothing was played yet. */
struct sound_clock {
	bool running;
	uint64_t begin_ns, samples; /* since it began */
	unsigned rate;
};

struct sound_step {
	bool anew;	/* not continuous with what came before */
	uint64_t at_ns; /* when its first sample is to be heard, by count */
	double longer;	/* 1: as it is */
};

/* The next piece, to be heard at at_ns; `held_ns` of what came before it are still to come out. */
struct sound_step sound_clock_take(
	struct sound_clock *clock, uint64_t at_ns, uint64_t held_ns, unsigned rate);
/* So many samples came of it. */
void sound_clock_count(struct sound_clock *clock, uint64_t samples);
