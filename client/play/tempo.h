/*
 * play/tempo: makes sound shorter without raising its voices: segments are left out where what
 * comes before and behind is most alike (synchronous overlap-add). Pure. At speed 1 it hands on
 * what it gets, sample by sample.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

struct tempo {
	unsigned rate, channels;
	bool active;  /* segments are being cut; `held` waits for the next cut */
	GArray *held; /* float, interleaved */
	GArray *tail; /* what would follow what was given out last */
	double rest;  /* of a frame, that was not left out yet */
};

void tempo_init(struct tempo *tempo, unsigned rate, unsigned channels);
void tempo_clear(struct tempo *tempo); /* accepts a zeroed one */

/* Takes frames of interleaved samples and appends what comes of them to `out` (of float). */
void tempo_take(struct tempo *tempo, const float *in, gsize frames, double speed, GArray *out);
/* Frames that were taken and are not given out yet. */
gsize tempo_held(const struct tempo *tempo);
