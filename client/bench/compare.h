/*
 * bench/compare: are two runs different? Medians and 95th percentiles of the figures below are
 * compared in every class that both runs hold enough of, and the share of zaps without a picture.
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

enum bench_statistic { BENCH_MEDIAN, BENCH_P95, BENCH_SHARE_FAILED };
enum bench_verdict { BENCH_SAME, BENCH_LOWER, BENCH_HIGHER }; /* the second run than the first */

/* Milliseconds, or shares from 0 to 1 for BENCH_SHARE_FAILED. */
struct bench_difference {
	enum bench_class kind;
	enum bench_figure figure; /* BENCH_PICTURE for BENCH_SHARE_FAILED */
	enum bench_statistic statistic;
	double a, b;	  /* in the two runs */
	double low, high; /* the interval of b - a */
	enum bench_verdict verdict;
};

struct bench_comparison {
	GArray *differences;  /* struct bench_difference */
	double confidence;    /* of each interval: 0.998 */
	double resolution_ms; /* differences up to here are none */
	size_t seen;	      /* so many are not BENCH_SAME; 0: "no difference seen" */
};

/* `a` is the run before, `b` the one that is judged. */
struct bench_comparison *bench_compare(const struct bench_run *a, const struct bench_run *b);
void bench_comparison_free(struct bench_comparison *comparison); /* accepts NULL */

const char *bench_statistic_name(enum bench_statistic statistic); /* "p50", "p95", "no picture" */

/*
 * What two runs were made with that makes their figures hard to compare ("the seed"), NULL for
 * nothing; freed with g_free().
 */
char *bench_compare_caveat(const struct bench_run *a, const struct bench_run *b);
