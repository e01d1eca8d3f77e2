/*
 * synthetic: runs of the benchmark as they would come from the reference scenario, made from a
 * seed: cold zaps wait a uniform time for a RAP, warm ones take about 10 ms with a heavy tail.
 */
#pragma once

#include "client/bench/result.h"

struct synthetic_shape {
	uint32_t seed;
	size_t cold, partial, warm, superseded;
	uint32_t timeouts_per_mille; /* of all zaps but the superseded ones */
	uint32_t still_per_mille;    /* likewise: they show a picture that never moves */
	uint32_t cut_per_mille;	     /* likewise: another key comes before it moves */
	double slower_ms;	     /* added to every decode */
};

/* Eight channels, names with markup and Arabic among them. Freed with bench_run_free(). */
struct bench_run *synthetic_run(const struct synthetic_shape *shape);

/* The same without zaps. */
struct bench_run *synthetic_empty(void);

/* One zap of 2 -> 3 that took so long; a picture_ms below 0 is a timeout without any packet. */
struct bench_zap synthetic_zap(enum zap_kind kind, double picture_ms);
