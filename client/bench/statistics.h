/*
 * bench/statistics: a run's figures, class by class.
 *
 * Percentiles are nearest-rank: the smallest value that at least p % of the values do not exceed
 * (rank ceil(p n / 100)); it is always a value that was measured. What never came is INFINITY and
 * takes part; figures that a zap has not (NAN) do not.
 */
#pragma once

#include "client/bench/figures.h"

struct bench_sample {
	double *ms; /* ascending; infinite ones last */
	size_t count;
	size_t finite; /* so many of them are not infinite */
	/*
	 * So long was waited for the infinite ones, and no other is above. 0: there is no such
	 * limit, or one that would mislead: whatever never came is "never", and not ">5000".
	 */
	uint32_t limit_ms;
};

struct bench_statistics {
	struct bench_sample samples[BENCH_CLASSES][BENCH_FIGURES];
	size_t zaps[BENCH_CLASSES];
	size_t failed[BENCH_CLASSES];  /* without a picture that counts */
	size_t still[BENCH_CLASSES];   /* bench_never_moved() */
	size_t unheard[BENCH_CLASSES]; /* bench_never_heard() */
	size_t unfinished; /* superseded ones that were so by the run's end, and not by a key */
	/* Cut off after their picture: figures beyond it are of those that had the time. */
	size_t cut[BENCH_CLASSES];
};

struct bench_statistics *bench_statistics_new(const struct bench_run *run);
void bench_statistics_free(struct bench_statistics *statistics); /* accepts NULL */

/* `percent` from 1 to 100, where 100 is the largest. NAN of an empty sample. */
double bench_percentile(const struct bench_sample *sample, unsigned percent);

/* For people: NAN too where fewer than 100 / (100 - percent) values say nothing of a tail. */
double bench_percentile_told(const struct bench_sample *sample, unsigned percent);

/* Sets limit_ms of a sample of `figure`. Of motion and sound other times are waited. */
void bench_sample_limit(struct bench_sample *sample, enum bench_figure figure, uint32_t limit_ms);

/* Takes `ms` over, NAN among it too; freed with bench_sample_clear(). */
void bench_sample_init(struct bench_sample *sample, double *ms, size_t count);
void bench_sample_clear(struct bench_sample *sample);

/* How many values are at most `ms`. */
size_t bench_sample_up_to(const struct bench_sample *sample, double ms);

/* Bins of equal width from 0 on; what lies above the last one is counted apart. */
struct bench_histogram {
	double width_ms;
	size_t count; /* of bins; 0 of a sample without a finite value */
	size_t *bins;
	size_t above; /* finite, but beyond the last bin */
	size_t never;
	size_t highest; /* the largest of all these counts */
};

/*
 * About `wanted` bins of a round width. An outlier does not press all others into one bin: what
 * lies far above the 95th percentile goes to `above`.
 */
void bench_histogram_init(
	struct bench_histogram *histogram, const struct bench_sample *sample, size_t wanted);
void bench_histogram_clear(struct bench_histogram *histogram);

/* The smallest of 1, 2 and 5 times a power of ten that is at least `least` (above 0). */
double bench_round_up(double least);

/* The stages' means over the zaps of a class that have a picture; false where none has. */
bool bench_mean_stages(const struct bench_run *run, enum bench_class kind, double *ret_ms);
bool bench_in_class(const struct bench_zap *zap, enum bench_class kind);
