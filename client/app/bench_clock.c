#include "client/app/bench_clock.h"

#include "client/receive/clocks.h"
#include "client/receive/stamp.h"

int64_t bench_clock_offset_ns(void)
{
	struct clocks now = clocks_read();
	return (int64_t)(now.realtime_ns - now.monotonic_ns);
}

bool bench_clock_was_set(
	uint64_t before_ns, int64_t before_offset_ns, uint64_t now_ns, int64_t offset_ns)
{
	struct stamp_clock clock = {
		.sampled = true, .monotonic_ns = before_ns, .offset_ns = before_offset_ns};
	stamp_clock_sample(&clock, now_ns + (uint64_t)offset_ns, now_ns);
	return clock.stepped;
}
