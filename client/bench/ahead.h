/* bench/ahead: what was received ahead in a run, and how its zaps were as wished. Pure. */
#pragma once

#include "client/bench/statistics.h"

struct bench_ahead_summary {
	/* When a key was pressed: in the median, and at least and at most. */
	double streams, streams_min, streams_max;
	double whole; /* of these with a whole random access point, in the median */
	double mbps;  /* what they took of the line, in the median */
	/* Keys that were held back until their channel was warm, or in vain. */
	size_t waits;
	double wait_max_ms, wait_mean_ms;
	/* Of bench_settings.wish; superseded zaps are of no class. */
	size_t not_wished;
};

/* Of no zaps, all 0. */
void bench_ahead_summarize(const struct bench_run *run, struct bench_ahead_summary *ret);
