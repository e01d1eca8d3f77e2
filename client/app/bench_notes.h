/* app/bench_notes: under which circumstances a run of the benchmark was made. */
#pragma once

#include <glib.h>

#include "client/app/state.h"
#include "client/bench/result.h"

/* How late keys were pressed. */
#define BENCH_NOTE_LATE "presses came late by"

/* The run starts now, which is at_ns of CLOCK_MONOTONIC. */
void bench_note_start(struct bench_run *run, uint64_t at_ns);

/* Adds to `why` (NULL: nothing), which it takes, that a picture had not come for so long. */
char *bench_note_waiting(char *why, uint64_t waited_ns);

/*
 * Adds them to the run. late_ms (double) has how late each key was pressed; clock_steps (guint) the
 * numbers of the zaps during which the machine's clock was set.
 */
void bench_note_run(
	struct app *app, struct bench_run *run, const GArray *late_ms, const GArray *clock_steps);
