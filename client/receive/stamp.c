#include "client/receive/stamp.h"

#include <stdlib.h>

/* Two readings of the clocks lie this far apart at most, but for being scheduled away. */
static const int64_t SAMPLE_ERROR_NS = 1000000;
/* adjtimex(2) slews by 500 ppm at most: 1 in 2000. */
static const uint64_t SLEW_DIVISOR = 2000;
static const int64_t STAMP_AGE_MAX_NS = INT64_C(10000000000);

void stamp_clock_sample(struct stamp_clock *clock, uint64_t realtime_ns, uint64_t monotonic_ns)
{
	int64_t offset_ns = (int64_t)(realtime_ns - monotonic_ns);
	uint64_t passed_ns = monotonic_ns - clock->monotonic_ns;
	int64_t allowed_ns = SAMPLE_ERROR_NS + (int64_t)(passed_ns / SLEW_DIVISOR);

	clock->stepped = clock->sampled && llabs(offset_ns - clock->offset_ns) > allowed_ns;
	clock->sampled = true;
	clock->monotonic_ns = monotonic_ns;
	clock->offset_ns = offset_ns;
}

uint64_t stamp_clock_convert(const struct stamp_clock *clock, uint64_t stamp_realtime_ns)
{
	int64_t age_ns =
		(int64_t)(clock->monotonic_ns + (uint64_t)clock->offset_ns - stamp_realtime_ns);

	if (clock->stepped || age_ns < 0 || age_ns > STAMP_AGE_MAX_NS)
		return clock->monotonic_ns;
	return clock->monotonic_ns - (uint64_t)age_ns;
}
