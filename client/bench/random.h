/*
 * bench/random: the same numbers from the same seed on every machine. xoshiro256** 1.0 by David
 * Blackman and Sebastiano Vigna (prng.di.unimi.it, public domain), seeded by their SplitMix64.
 * Integers only: no result depends on how a machine's libm rounds.
 */
#pragma once

#include <stdint.h>

struct bench_random {
	uint64_t state[4];
};

void bench_random_seed(struct bench_random *random, uint64_t seed);
uint64_t bench_random_next(struct bench_random *random);

/*
 * 0 to limit - 1, from exactly one bench_random_next(); 0 where `limit` is 0 or 1. The bias is
 * below limit / 2^32.
 */
uint32_t bench_random_below(struct bench_random *random, uint32_t limit);
/* The same of a bench_random_next() that was kept, because the limit was not known then. */
uint32_t bench_random_scale(uint64_t number, uint32_t limit);
