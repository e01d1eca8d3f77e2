#include "client/receive/clocks.h"

#include <time.h>

enum {
	TRIES = 5,
	APART_NS = 50000,
};

static uint64_t read_clock(clockid_t id)
{
	struct timespec now;
	clock_gettime(id, &now);
	return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

struct clocks clocks_read(void)
{
	uint64_t before_ns, realtime_ns, after_ns;
	int tries = TRIES;
	do {
		before_ns = read_clock(CLOCK_MONOTONIC);
		realtime_ns = read_clock(CLOCK_REALTIME);
		after_ns = read_clock(CLOCK_MONOTONIC);
	} while (after_ns - before_ns > APART_NS && --tries > 0);
	return (struct clocks){
		.monotonic_ns = before_ns + (after_ns - before_ns) / 2, .realtime_ns = realtime_ns};
}
