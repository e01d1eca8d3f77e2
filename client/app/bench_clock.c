#include "client/app/bench_clock.h"

#include <time.h>
#include <uv.h>

#include "client/receive/stamp.h"

/* The two clocks are read within so short a time, where that can be had. */
#define CLOCKS_APART_NS 100000

/* Whoever is scheduled away between the two clocks tries again: it would look like a step. */
int64_t bench_clock_offset_ns(void)
{
	struct timespec realtime;
	uint64_t before_ns, after_ns;
	int tries = 5;
	do {
		before_ns = uv_hrtime();
		clock_gettime(CLOCK_REALTIME, &realtime);
		after_ns = uv_hrtime();
	} while (after_ns - before_ns > CLOCKS_APART_NS && --tries);
	return realtime.tv_sec * INT64_C(1000000000) + realtime.tv_nsec - (int64_t)before_ns;
}

bool bench_clock_was_set(
	uint64_t before_ns, int64_t before_offset_ns, uint64_t now_ns, int64_t offset_ns)
{
	struct stamp_clock clock = {
		.sampled = true, .monotonic_ns = before_ns, .offset_ns = before_offset_ns};
	stamp_clock_sample(&clock, now_ns + (uint64_t)offset_ns, now_ns);
	return clock.stepped;
}
