/*
 * app/bench_warm: when a key is pressed, where only warm zaps are wished. Pure.
 *
 * The key waits until its channel is warm. Pressed then, it would always meet a ring that has just
 * begun, which is soonest shown: so it is held back for another random part of a GOP.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Zeroed with the time at which the key was due. */
struct bench_warm {
	uint64_t due_ns;
	uint64_t waited_ns; /* for its channel, which is warm now or was waited for in vain */
};

/* What is the case when the key's time has come. */
struct bench_warm_look {
	uint64_t at_ns;
	bool is_warm;	   /* its channel */
	bool any_ahead;	   /* any channel is received besides the watched one */
	uint64_t limit_ns; /* no longer is waited */
	uint64_t phase_ns; /* the random part */
};

enum bench_warm_verdict {
	BENCH_WARM_PRESS,
	BENCH_WARM_WAIT,  /* ask again at again_ns */
	BENCH_WARM_NEVER, /* no channel will ever be */
};
struct bench_warm_answer {
	enum bench_warm_verdict verdict;
	uint64_t again_ns;
};

struct bench_warm_answer bench_warm_ask(
	struct bench_warm *warm, const struct bench_warm_look *look);
