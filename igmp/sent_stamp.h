/*
 * igmp/sent_stamp: the kernel's transmit stamps, which are CLOCK_REALTIME, become CLOCK_MONOTONIC.
 * Pure: the clocks are read by the caller, before the packet is sent and after its stamp was taken.
 */
#pragma once

#include <stdint.h>

/* Both clocks at one moment. */
struct igmp_clocks {
	uint64_t realtime_ns, monotonic_ns;
};

/*
 * The stamp in CLOCK_MONOTONIC. 0 where it says nothing: CLOCK_REALTIME was set between the two
 * readings, or the stamp does not lie between them.
 */
uint64_t igmp_sent_stamp(
	const struct igmp_clocks *before, const struct igmp_clocks *after, uint64_t realtime_ns);
