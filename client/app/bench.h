/*
 * app/bench: the benchmark's run. Nobody watches: keys are pressed by a plan, each at its exact
 * time, and go the way of a viewer's; the records of their zaps are collected.
 *
 * A key's scheduled time is its time stamp. It is pressed when a timerfd wakes the loop (see
 * app/presser); how much later than scheduled that is, is in every figure, as a loop that is late
 * is late for a viewer too.
 */
#pragma once

#include "client/app/app.h"
#include "client/bench/plan.h"
#include "client/bench/result.h"

struct app_bench_options {
	struct bench_plan *plan;
	/* Presses that the viewer made before: his habits are learned from them. NULL: none. */
	struct bench_plan *habits;
	/* Filled in: zaps, self_test, idle_presses, start_ns, duration_ns, started, end, scenario
	 * notes. */
	struct bench_run *run;
	bool progress; /* say how far it is, on standard error, which is a terminal */
};

/*
 * Runs the plan; an exit code. Tunes to options->channel first, which is no part of the run; all
 * that the plan presses is in it. While that channel plays the self-test is made, see
 * app/self_test; what is wrong with that is said. *ret_ended: the run has, as bench_run.end says,
 * and `run` is filled in; false where things could not be opened. SIGINT, SIGTERM, SIGHUP and
 * SIGQUIT may be blocked: they are let in as soon as the run has begun, and end it early; SIGINT,
 * which the user sends, is no failure, others are 128 plus their number. What comes after the first
 * one of them does nothing.
 */
int app_bench(
	const struct app_options *options, const struct app_bench_options *bench, bool *ret_ended);
