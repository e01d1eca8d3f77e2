/* app/bench_keys: the benchmark's keys, which go the way of a viewer's. */
#pragma once

#include "client/app/state.h"
#include "client/bench/plan.h"

/* Presses it, as if at at_ns (CLOCK_MONOTONIC); of a number all digits, and what ends it. */
void bench_keys_press(struct app *app, const struct bench_press *press, uint64_t at_ns);
