/*
 * bench/compare: are two runs different? Medians and 95th percentiles of the figures below are
 * compared in every class that both runs hold enough of, and so are the shares of zaps without a
 * picture and with one that never moves. Classes alone are blind: a client that has fewer warm zaps
 * may be as fast in each of them. So the shares of the classes are compared too, and picture and
 * motion over all zaps where these are of more than one class.
 *
 * So many comparisons find something by chance: each is made with the confidence that lets all of
 * them together be wrong in 5 % of the pairs of equal runs at most (Bonferroni). A difference below
 * what the tool can tell apart is none.
 */
#pragma once

#include "client/bench/statistics.h"

/* All comparisons of two runs together are wrong with this probability at most. */
#define BENCH_FAMILY_ERROR 0.05
/* A class is compared where both runs hold so many zaps of it; its 95th percentile from more on. */
#define BENCH_COMPARED_MIN 10
#define BENCH_COMPARED_P95_MIN 100
/* The least difference that counts, even where the self-test says that the tool could do better. */
#define BENCH_RESOLUTION_MS 0.1

enum bench_statistic {
	BENCH_MEDIAN,
	BENCH_P95,
	BENCH_SHARE_FAILED, /* of the class's zaps: they have no picture */
	BENCH_SHARE_STILL,  /* of those that have one and were given the time: it never moved */
	BENCH_SHARE_CLASS,  /* of all zaps, the superseded ones too: they are of this class */
};
enum bench_verdict { BENCH_SAME, BENCH_LOWER, BENCH_HIGHER }; /* the second run than the first */

/* Milliseconds, or shares from 0 to 1 where bench_is_share(). */
struct bench_difference {
	enum bench_class kind;
	enum bench_figure figure; /* of no meaning for shares */
	enum bench_statistic statistic;
	double a, b;	  /* in the two runs */
	double low, high; /* the interval of b - a */
	enum bench_verdict verdict;
};

/* How much the zaps of a class can show. */
struct bench_power {
	enum bench_class kind;
	size_t a, b; /* so many have the two runs */
	/*
	 * Most changes of the median picture that are smaller stay unseen (half of the interval:
	 * of a change of that size every second one does). NAN: too few zaps to compare at all.
	 */
	double unseen_ms;
};

struct bench_comparison {
	GArray *differences;  /* struct bench_difference */
	GArray *powers;	      /* struct bench_power, of the classes that one of the runs has */
	double confidence;    /* of each interval: 0.998 */
	double resolution_ms; /* differences up to here are none */
	size_t seen;	      /* so many are not BENCH_SAME; 0: "no difference seen" */
};

/* `a` is the run before, `b` the one that is judged. */
struct bench_comparison *bench_compare(const struct bench_run *a, const struct bench_run *b);
void bench_comparison_free(struct bench_comparison *comparison); /* accepts NULL */

bool bench_is_share(enum bench_statistic statistic);
/* Was a difference seen, and for the worse? Only of warm zaps there cannot be too many. */
bool bench_is_worse(const struct bench_difference *difference);
const char *bench_statistic_name(enum bench_statistic statistic); /* "p50", "no picture", ... */

/*
 * What two runs were made with that makes their figures hard to compare ("seed, interface"), NULL
 * for nothing; freed with g_free(). Of what is noted beside the settings all counts that is no
 * outcome of the run.
 */
char *bench_compare_caveat(const struct bench_run *a, const struct bench_run *b);
