/*
 * foresee/predict: how much it is worth to have each channel warm when the next key comes. Pure.
 */
#pragma once

#include "client/foresee/foresee.h"

/* Where the viewer is. */
struct predict_place {
	int channel, last;
	enum history_context context;
	const char *digits; /* typed so far; "": none */
};

/*
 * ret[i]: the likelihood that the next zap goes to channel i, and a share of that of the zaps after
 * it: who presses on faster than a stream becomes warm needs the channels beyond the next one, too.
 * 0 for the watched channel and for those to be skipped.
 */
void predict(const struct history *history, const struct foresee_channel *channels, size_t count,
	const struct predict_place *place, double *ret);

/* The channel that a step of up (1) or down (-1) leads to; FORESEE_NONE where there is no other. */
int predict_neighbour(const struct foresee_channel *channels, size_t count, int channel, int step);
