/*
 * bench/plan: what to press, and when. Pure: the same settings, line-up and seed give the same
 * presses on every machine.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/bench/random.h"
#include "client/bench/script.h"

enum bench_pattern {
	BENCH_UP,
	BENCH_DOWN,
	BENCH_RANDOM, /* any other channel, chosen directly */
	BENCH_LAST,   /* to and fro between two channels */
	BENCH_NUMBER, /* any other channel, its number typed */
	BENCH_MIX,    /* as viewers do: see mix.h */
	BENCH_FILE,   /* keys with times, from a script */
	BENCH_PATTERNS,
};

/*
 * Which class of zaps is wished. Cold: nothing is received ahead. Warm: where there is a choice it
 * is among the channels that are, and whoever presses waits until a random access point is there.
 */
enum bench_wish { BENCH_ANY, BENCH_COLD_ONLY, BENCH_WARM_ONLY, BENCH_WISHES };

/* bench_settings.prejoin besides a number: as zap.prejoin of zapper.conf(5). */
#define BENCH_PREJOIN_ALL UINT32_MAX
#define BENCH_PREJOIN_AUTO (UINT32_MAX - 1)

#define BENCH_GOP_MS_DEFAULT 2000

struct bench_settings {
	enum bench_pattern pattern;
	enum bench_wish wish;
	uint32_t seed;
	uint32_t zaps;	   /* presses to make; for BENCH_FILE at most so many, 0: all */
	uint32_t dwell_ms; /* how long a viewer stays once a zap is over */
	uint32_t gop_ms;   /* each dwell is lengthened by U(0, gop_ms): random GOP phase */
	uint32_t prejoin;  /* streams received ahead; only noted here */
	uint32_t learned;  /* presses whose habits were known before the run; only noted here */
	/* Where storm_per_s is not 0: instead of one press, so many a second for storm_ms. */
	uint32_t storm_per_s;
	uint32_t storm_ms;
};

enum bench_from {
	BENCH_FROM_ZAP,	  /* `after_ns` counts from the end of the previous zap (its record) */
	BENCH_FROM_PRESS, /* ... from the previous press, or from the start of the run */
};

struct bench_press {
	enum bench_from from;
	uint64_t after_ns;
	uint64_t phase_ns; /* what is random of it; 0 where the press has a time of its own */
	enum bench_action action;
	int channel; /* index, for BENCH_PRESS_CHANNEL and BENCH_PRESS_NUMBER */
};

/* Where the client is at the moment of a press. */
struct bench_view {
	int current; /* index of the channel, ZAP_NO_CHANNEL for none */
	int last;    /* where the key "last" would lead, ZAP_NO_CHANNEL for nowhere */
	/*
	 * Per channel: received ahead, by policy and not by what the ring happens to hold, or the
	 * same seed would not give the same presses. NULL for none.
	 */
	const bool *ahead;
};

struct bench_plan;

/*
 * A plan for a line-up of `channels`; `script` is wanted by BENCH_FILE only and must outlive the
 * plan. -EINVAL where these settings can give no zap (a line-up of one channel, ...), and *ret_why
 * is a sentence for the user, freed with g_free().
 */
int bench_plan_new(const struct bench_settings *settings, size_t channels,
	const struct bench_script *script, struct bench_plan **ret, char **ret_why);
void bench_plan_free(struct bench_plan *plan); /* accepts NULL */

/* When the next press is due, in *ret; false where the plan has ended. */
bool bench_plan_next(struct bench_plan *plan, struct bench_press *ret);
/* Which key that press is: to be asked when it is due, as it depends on where the client is. */
void bench_plan_aim(
	const struct bench_plan *plan, const struct bench_view *view, struct bench_press *press);
/* Where it leads from there. */
int bench_plan_target(const struct bench_plan *plan, const struct bench_view *view,
	const struct bench_press *press);

/* How many presses the whole plan has, and how many were taken. */
size_t bench_plan_total(const struct bench_plan *plan);
size_t bench_plan_done(const struct bench_plan *plan);

/*
 * How long the rest will take once a press was made, by the plan's own dwells; `zap_ns` is what one
 * zap took so far from when its press was due to its record, 0 while that is not known.
 */
uint64_t bench_plan_left_ns(const struct bench_plan *plan, uint64_t zap_ns);

/* "up", "mix", ...; and back: false where there is no such name. */
const char *bench_pattern_name(enum bench_pattern pattern);
bool bench_pattern_find(const char *name, enum bench_pattern *ret);
const char *bench_wish_name(enum bench_wish wish); /* "any", "cold", "warm" */
bool bench_wish_find(const char *name, enum bench_wish *ret);

/* "auto", "all" or a number, for bench_settings.prejoin; and back. */
#define BENCH_PREJOIN_BYTES 16
const char *bench_prejoin_name(char *buf, uint32_t prejoin);
bool bench_prejoin_find(const char *name, uint32_t *ret);
