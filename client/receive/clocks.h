/* receive/clocks: the machine's two clocks, read at one moment. */
#pragma once

#include <stdint.h>

struct clocks {
	uint64_t monotonic_ns, realtime_ns;
};

/*
 * Reads CLOCK_REALTIME between two readings of CLOCK_MONOTONIC, whose middle counts. Whoever is
 * scheduled away in between tries again, a few times, or it would look as if a clock had been set.
 */
struct clocks clocks_read(void);
