#include "igmp/sent_stamp.h"

#include <stdlib.h>

/* Two readings of the clocks lie this far apart at most, but for being scheduled away. */
static const int64_t SAMPLE_ERROR_NS = 100000;
/* adjtimex(2) slews by 500 ppm at most: 1 in 2000. */
static const uint64_t SLEW_DIVISOR = 2000;

static int64_t ahead_ns(const struct igmp_clocks *clocks)
{
	return (int64_t)(clocks->realtime_ns - clocks->monotonic_ns);
}

uint64_t igmp_sent_stamp(
	const struct igmp_clocks *before, const struct igmp_clocks *after, uint64_t realtime_ns)
{
	uint64_t passed_ns = after->monotonic_ns - before->monotonic_ns;
	int64_t allowed_ns = SAMPLE_ERROR_NS + (int64_t)(passed_ns / SLEW_DIVISOR);
	int64_t age_ns = (int64_t)(after->realtime_ns - realtime_ns);

	if (llabs(ahead_ns(after) - ahead_ns(before)) > allowed_ns)
		return 0;
	if (age_ns < -SAMPLE_ERROR_NS || age_ns > (int64_t)passed_ns + SAMPLE_ERROR_NS)
		return 0;
	return after->monotonic_ns - (uint64_t)age_ns;
}
