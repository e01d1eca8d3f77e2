/* app/bench_notes: under which circumstances a run of the benchmark was made. */
#pragma once

#include <glib.h>

#include "client/app/state.h"
#include "client/bench/result.h"

/*
 * Adds them to the run. late_ms (double) has how late each key was pressed; the machine's clock was
 * set during clock_steps of the zaps.
 */
void bench_note_run(
	struct app *app, struct bench_run *run, const GArray *late_ms, uint32_t clock_steps);
