/* bench/plot_distribution: how the values of a figure are spread. */
#pragma once

#include "client/bench/plot.h"

/*
 * Bars for equal steps of time; those that never came have a bar of their own. `x_title` says what
 * the time counts from.
 */
void plot_histogram(GString *out, const struct bench_sample *sample, enum bench_class kind,
	const char *title, const char *x_title);

/*
 * The share of zaps that were there by a time, with the median and the 95th percentile marked; and
 * as a dashed line that of `before`, unless it is NULL or empty.
 */
void plot_curve(GString *out, const struct bench_sample *sample, const struct bench_sample *before,
	enum bench_class kind, const char *title);
