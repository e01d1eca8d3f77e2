/*
 * receive/stamp: kernel arrival stamps, which are CLOCK_REALTIME, become CLOCK_MONOTONIC. Pure:
 * both clocks are read by the caller, one right after the other.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Zeroed: no sample yet. */
struct stamp_clock {
	bool sampled;
	bool stepped; /* CLOCK_REALTIME was set between the last two samples */
	uint64_t monotonic_ns;
	int64_t offset_ns; /* CLOCK_REALTIME minus CLOCK_MONOTONIC */
};

/* A new sample, before the stamps of a batch of packets are converted. */
void stamp_clock_sample(struct stamp_clock *clock, uint64_t realtime_ns, uint64_t monotonic_ns);

/*
 * The stamp in CLOCK_MONOTONIC. Where the clock was stepped since, or where the stamp lies in the
 * future or more than 10 s back, it says nothing: then the time of the last sample.
 */
uint64_t stamp_clock_convert(const struct stamp_clock *clock, uint64_t stamp_realtime_ns);
