/* app/bench_ahead: what the benchmark asks of the zap engine: what it receives ahead, and how far.
 */
#pragma once

#include "client/app/state.h"
#include "client/bench/plan.h"
#include "client/bench/result.h"
#include "client/foresee/history.h"

/* What is received besides the watched channel, now; ret_held[] has one for each channel. */
void bench_ahead_look(struct app *app, bool *ret_held, struct bench_ahead *ret);
/* Would a zap to this channel be warm now? */
bool bench_ahead_is_warm(struct app *app, int channel);

/*
 * The viewer has made these presses before, as far as the engine knows: it learns from them as from
 * his own. `habits` is used up, beginning on the first channel.
 */
void bench_ahead_learn(struct history *history, struct bench_plan *habits);
