/*
 * app/bench_clock: was the machine's clock set during a zap? Packets are stamped with
 * CLOCK_REALTIME, and what is measured counts in CLOCK_MONOTONIC.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* CLOCK_REALTIME less CLOCK_MONOTONIC, now. */
int64_t bench_clock_offset_ns(void);

/*
 * As for the stamps of packets (receive/stamp): have the clocks moved apart by more than slewing
 * and reading them can explain? Times are CLOCK_MONOTONIC, with the offset at each. Pure.
 */
bool bench_clock_was_set(
	uint64_t before_ns, int64_t before_offset_ns, uint64_t now_ns, int64_t offset_ns);
