/*
 * bench/mix: how viewers zap, as published.
 *
 * Published: 56 % of the changes are sequential and 44 % aim at a channel; of the sequential ones
 * 69 % go up and 31 % down (Qiu, Ge, Lee, Wang, Zhao, Xu: Modeling user activities in a large IPTV
 * system, IMC 2009; cited, not read again here). That most changes are linear was found on 255 000
 * households too (Ramos et al.: Channel smurfing, ICME 2010, on the data of Cha et al.: Watching
 * television over an IP network, IMC 2008).
 * Published: 80 % of the changes come within 5 s of the one before; the mean is 98 s (Kaye: Remote
 * control devices, a naturalistic study, Florida State University; 13 680 changes of 44 viewers;
 * read in its abstract). Cha et al. found over 60 % within 10 s (cited, not read again here).
 * Derived: that a quarter of the changes that aim at a channel are the key "last", the others a
 * typed number (no figure was found); that nobody presses twice within 0.5 s; that times in a surf
 * are uniform between that and 5 s. The fifth that is not surfing is cut to the dwell of the plan:
 * a benchmark learns nothing from minutes of watching.
 * Published: few channels have most of the viewers, by a law close to Zipf's (Cha et al.; Qiu et
 * al.: Modeling channel popularity dynamics in a large IPTV system, SIGMETRICS 2009; both cited).
 * Derived: that the channels of one viewer, when he types a number, follow Zipf's law with
 * exponent 1. Which ones are dear to him is drawn once for each length of line-up, whatever the
 * seed: all runs are of the same viewer, whose habits can be learned from one and found again in
 * another.
 */
#pragma once

#include "client/bench/random.h"
#include "client/bench/script.h"

#define BENCH_SURF_PER_MILLE 800
#define BENCH_SURF_MIN_MS 500
#define BENCH_SURF_MAX_MS 5000

/* Takes one number of `random`; BENCH_PRESS_UP, _DOWN, _LAST or _NUMBER. */
enum bench_action bench_mix_action(struct bench_random *random);

/* Milliseconds since the last press in a surf, 0 for a channel that is watched. Takes one number.
 */
uint32_t bench_mix_surf_ms(struct bench_random *random);

/* By channel: its place in the viewer's favour, from 0, the dearest. Freed with g_free(). */
int *bench_mix_ranks(int channels);
/* How often, relative to others, a channel of that place is chosen. Below 2^20. */
uint32_t bench_mix_weight(int rank);
