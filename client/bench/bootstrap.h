/*
 * bench/bootstrap: how far a quantile can be trusted.
 *
 * The bootstrap draws samples of the same size from the sample, with replacement, and looks how the
 * quantile varies. For an order statistic nothing has to be drawn: the k-th smallest of n draws is
 * at most the j-th value with the probability that at least k of n draws are, which is the
 * regularized incomplete beta function I(j/n; k, n-k+1) (Efron, "Bootstrap methods: another look at
 * the jackknife", 1979, gives it for the median). So the intervals here are those of
 * infinitely many draws, and no seed is in them.
 */
#pragma once

#include "client/bench/statistics.h"

/*
 * The interval of percentile(b) - percentile(a) that holds all but `outside` of the bootstrap's
 * differences, half of that on either side. Infinite where the values are; infinity less infinity
 * is 0, as both runs never got there. Both samples hold something, `percent` is below 100.
 */
void bench_bootstrap_difference(const struct bench_sample *a, const struct bench_sample *b,
	unsigned percent, double outside, double *ret_low, double *ret_high);

/*
 * The interval of (hits_b / count_b) - (hits_a / count_a) for the same confidence, by Newcombe's
 * hybrid score method ("Interval estimation for the difference between independent proportions",
 * Statistics in Medicine 17, 1998, method 10): a bootstrap of no hits would be sure of itself.
 * Counts are above 0.
 */
void bench_share_difference(size_t hits_a, size_t count_a, size_t hits_b, size_t count_b,
	double outside, double *ret_low, double *ret_high);

/* Regularized incomplete beta function I(x; a, b), 0 <= x <= 1, a and b above 0. */
double bench_incomplete_beta(double x, double a, double b);
