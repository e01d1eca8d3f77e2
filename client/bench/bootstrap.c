#include <math.h>
#include <stdlib.h>

#include "client/bench/bootstrap.h"

/* A value that is less probable than this cannot move an interval. */
#define WEIGHT_MIN 1e-7

/* Values that the quantile takes in the bootstrap, with their probabilities. */
struct weighted {
	double value, weight;
};

/* The d-th coefficient of the continued fraction, DLMF 8.17.23. */
static double beta_coefficient(int d, double x, double a, double b)
{
	int m = d / 2;
	if (d % 2)
		return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
	return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
}

/* 1/(1 + d1/(1 + d2/(1 + ...))), DLMF 8.17.22, by the modified Lentz algorithm, DLMF 3.10(iii). */
static double beta_fraction(double x, double a, double b)
{
	const double tiny = 1e-300;
	double value = 1, c = 1, d = 0;
	for (int i = 1; i <= 100000; i++) {
		double coefficient = beta_coefficient(i, x, a, b);
		d = 1 + coefficient * d;
		c = 1 + coefficient / c;
		if (fabs(d) < tiny)
			d = tiny;
		if (fabs(c) < tiny)
			c = tiny;
		d = 1 / d;
		value *= c * d;
		if (fabs(c * d - 1) < 1e-14)
			break;
	}
	return 1 / value;
}

double bench_incomplete_beta(double x, double a, double b)
{
	if (x <= 0 || x >= 1)
		return x <= 0 ? 0 : 1;
	/* The fraction converges fast on this side, DLMF 8.17(v); 8.17.4 gives the other. */
	if (x > (a + 1) / (a + b + 2))
		return 1 - bench_incomplete_beta(1 - x, b, a);
	double front = exp(a * log(x) + b * log1p(-x) + lgamma(a + b) - lgamma(a) - lgamma(b)) / a;
	return front * beta_fraction(x, a, b);
}

/* The values of the sample that the percentile takes, and how often; freed with g_free(). */
static struct weighted *quantile_weights(
	const struct bench_sample *sample, unsigned percent, size_t *ret_count)
{
	double n = (double)sample->count;
	double rank = (double)((sample->count * percent + 99) / 100);
	/* Ten standard deviations of where the rank may fall hold all that counts. */
	double reach = 10 * sqrt(n) / 2 + 10;
	size_t from = rank > reach ? (size_t)(rank - reach) : 0, count = 0;
	size_t to = MIN(sample->count, (size_t)(rank + reach));
	struct weighted *weights = g_new(struct weighted, to - from);
	double before = bench_incomplete_beta((double)from / n, rank, n - rank + 1);
	for (size_t i = from; i < to; i++) {
		double here = bench_incomplete_beta((double)(i + 1) / n, rank, n - rank + 1);
		if (here - before > WEIGHT_MIN)
			weights[count++] = (struct weighted){sample->ms[i], here - before};
		before = here;
	}
	*ret_count = count;
	return weights;
}

static int compare_values(const void *a, const void *b)
{
	double left = ((const struct weighted *)a)->value,
	       right = ((const struct weighted *)b)->value;
	return (left > right) - (left < right);
}

static double difference(double a, double b)
{
	return isinf(a) && isinf(b) ? 0 : b - a;
}

/* The value up to which `share` of the whole weight lies; `all` is sorted. */
static double weighted_quantile(const struct weighted *all, size_t count, double share)
{
	double whole = 0, sum = 0;
	for (size_t i = 0; i < count; i++)
		whole += all[i].weight;
	for (size_t i = 0; i < count; i++) {
		sum += all[i].weight;
		if (sum >= share * whole)
			return all[i].value;
	}
	return all[count - 1].value;
}

void bench_bootstrap_difference(const struct bench_sample *a, const struct bench_sample *b,
	unsigned percent, double outside, double *ret_low, double *ret_high)
{
	size_t count_a, count_b, count = 0;
	struct weighted *from_a = quantile_weights(a, percent, &count_a);
	struct weighted *from_b = quantile_weights(b, percent, &count_b);
	struct weighted *all = g_new(struct weighted, count_a * count_b);
	for (size_t i = 0; i < count_a; i++)
		for (size_t j = 0; j < count_b; j++)
			all[count++] =
				(struct weighted){difference(from_a[i].value, from_b[j].value),
					from_a[i].weight * from_b[j].weight};
	qsort(all, count, sizeof *all, compare_values);
	*ret_low = weighted_quantile(all, count, outside / 2);
	*ret_high = weighted_quantile(all, count, 1 - outside / 2);
	g_free(all);
	g_free(from_a);
	g_free(from_b);
}

/* How many standard deviations leave `outside` of a normal distribution on both sides together. */
static double normal_reach(double outside)
{
	double low = 0, high = 40;
	for (int i = 0; i < 100; i++) {
		double middle = (low + high) / 2;
		if (erfc(middle / sqrt(2)) > outside)
			low = middle;
		else
			high = middle;
	}
	return high;
}

/* Wilson's score interval of a share. */
static void score_interval(size_t hits, size_t count, double z, double *ret_low, double *ret_high)
{
	double n = (double)count, share = (double)hits / n;
	double centre = share + z * z / (2 * n);
	double reach = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n));
	*ret_low = (centre - reach) / (1 + z * z / n);
	*ret_high = (centre + reach) / (1 + z * z / n);
}

void bench_share_difference(size_t hits_a, size_t count_a, size_t hits_b, size_t count_b,
	double outside, double *ret_low, double *ret_high)
{
	double z = normal_reach(outside), low_a, high_a, low_b, high_b;
	double share_a = (double)hits_a / (double)count_a;
	double share_b = (double)hits_b / (double)count_b;
	score_interval(hits_a, count_a, z, &low_a, &high_a);
	score_interval(hits_b, count_b, z, &low_b, &high_b);
	*ret_low = share_b - share_a - hypot(share_b - low_b, high_a - share_a);
	*ret_high = share_b - share_a + hypot(high_b - share_b, share_a - low_a);
}
