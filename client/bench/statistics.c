#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "client/bench/statistics.h"

/* A histogram ends here, in multiples of the 95th percentile, even where values go on. */
#define HISTOGRAM_REACH 1.5

static int compare_doubles(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;
	return (left > right) - (left < right);
}

void bench_sample_init(struct bench_sample *sample, double *ms, size_t count)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; i++)
		if (!isnan(ms[i]))
			ms[kept++] = ms[i];
	if (kept)
		qsort(ms, kept, sizeof *ms, compare_doubles);
	*sample = (struct bench_sample){.ms = ms, .count = kept};
	sample->finite = bench_sample_up_to(sample, G_MAXDOUBLE);
}

void bench_sample_clear(struct bench_sample *sample)
{
	g_free(sample->ms);
	*sample = (struct bench_sample){0};
}

size_t bench_sample_up_to(const struct bench_sample *sample, double ms)
{
	size_t low = 0, high = sample->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (sample->ms[middle] <= ms)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

double bench_percentile(const struct bench_sample *sample, unsigned percent)
{
	if (!sample->count)
		return NAN;
	size_t rank = (sample->count * percent + 99) / 100;
	return sample->ms[rank ? rank - 1 : 0];
}

double bench_percentile_told(const struct bench_sample *sample, unsigned percent)
{
	bool tail = percent > 50 && percent < 100;
	return tail && sample->count * (100 - percent) < 100 ? NAN
							     : bench_percentile(sample, percent);
}

void bench_sample_limit(struct bench_sample *sample, enum bench_figure figure, uint32_t limit_ms)
{
	bool later = sample->finite && sample->ms[sample->finite - 1] > limit_ms;
	sample->limit_ms = figure <= BENCH_PICTURE && !later ? limit_ms : 0;
}

bool bench_in_class(const struct bench_zap *zap, enum bench_class kind)
{
	if (kind == BENCH_ALL)
		return zap->record.kind != ZAP_SUPERSEDED;
	return (int)zap->record.kind == (int)kind;
}

static void collect(
	const struct bench_run *run, enum bench_class kind, struct bench_statistics *statistics)
{
	size_t zaps = bench_run_count(run);
	for (int figure = 0; figure < BENCH_FIGURES; figure++) {
		double *ms = g_new(double, MAX(zaps, 1));
		size_t count = 0;
		for (size_t i = 0; i < zaps; i++)
			if (bench_in_class(bench_run_zap(run, i), kind))
				ms[count++] = bench_figure(
					bench_run_zap(run, i), (enum bench_figure)figure);
		struct bench_sample *sample = &statistics->samples[kind][figure];
		bench_sample_init(sample, ms, count);
		bench_sample_limit(sample, (enum bench_figure)figure, run->limit_ms);
		statistics->zaps[kind] = count;
	}
}

static void count(
	const struct bench_run *run, enum bench_class kind, struct bench_statistics *statistics)
{
	for (size_t i = 0; i < bench_run_count(run); i++) {
		const struct bench_zap *zap = bench_run_zap(run, i);
		if (!bench_in_class(zap, kind))
			continue;
		statistics->failed[kind] += bench_failed(zap);
		statistics->still[kind] += bench_never_moved(zap);
		statistics->unheard[kind] += bench_never_heard(zap);
		statistics->cut[kind] +=
			zap->cut != BENCH_CUT_NONE && zap->record.at_ns[ZAP_PICTURE] != 0;
	}
}

struct bench_statistics *bench_statistics_new(const struct bench_run *run)
{
	struct bench_statistics *statistics = g_new0(struct bench_statistics, 1);
	for (enum bench_class kind = 0; kind < BENCH_CLASSES; kind++) {
		collect(run, kind, statistics);
		count(run, kind, statistics);
	}
	for (size_t i = 0; i < bench_run_count(run); i++)
		statistics->unfinished += bench_in_class(bench_run_zap(run, i), BENCH_SUPERSEDED) &&
					  bench_run_zap(run, i)->cut == BENCH_CUT_RUN;
	return statistics;
}

void bench_statistics_free(struct bench_statistics *statistics)
{
	if (!statistics)
		return;
	for (int kind = 0; kind < BENCH_CLASSES; kind++)
		for (int figure = 0; figure < BENCH_FIGURES; figure++)
			bench_sample_clear(&statistics->samples[kind][figure]);
	g_free(statistics);
}

double bench_round_up(double least)
{
	static const double steps[] = {1, 2, 5, 10};
	double power = pow(10, floor(log10(least)));
	size_t i = 0;
	/* A little too large by rounding alone is not too large. */
	while (i + 1 < G_N_ELEMENTS(steps) && steps[i] * power < least * (1 - 1e-9))
		i++;
	return steps[i] * power;
}

/* Where the last bin has to end. */
static double histogram_end(const struct bench_sample *sample)
{
	double largest = sample->ms[sample->finite - 1];
	struct bench_sample finite = {.ms = sample->ms, .count = sample->finite};
	double usual = bench_percentile(&finite, 95) * HISTOGRAM_REACH;
	return usual > 0 && usual < largest ? usual : largest;
}

static void fill(struct bench_histogram *histogram, const struct bench_sample *sample)
{
	for (size_t i = 0; i < sample->finite; i++) {
		double bin = floor(sample->ms[i] / histogram->width_ms);
		if (bin >= (double)histogram->count)
			histogram->above++;
		else
			histogram->bins[bin > 0 ? (size_t)bin : 0]++;
	}
	histogram->never = sample->count - sample->finite;
	histogram->highest = MAX(histogram->above, histogram->never);
	for (size_t i = 0; i < histogram->count; i++)
		histogram->highest = MAX(histogram->highest, histogram->bins[i]);
}

void bench_histogram_init(
	struct bench_histogram *histogram, const struct bench_sample *sample, size_t wanted)
{
	*histogram = (struct bench_histogram){.never = sample->count, .highest = sample->count};
	if (!sample->finite)
		return;
	/* A span may be negative where stamps of two clocks meet; it counts with the first bin. */
	double end = fmax(histogram_end(sample), 0);
	histogram->width_ms = end > 0 ? bench_round_up(end / (double)wanted) : 1;
	histogram->count = (size_t)floor(end / histogram->width_ms) + 1;
	histogram->bins = g_new0(size_t, histogram->count);
	fill(histogram, sample);
}

void bench_histogram_clear(struct bench_histogram *histogram)
{
	g_free(histogram->bins);
	*histogram = (struct bench_histogram){0};
}

bool bench_mean_stages(const struct bench_run *run, enum bench_class kind, double *ret_ms)
{
	double stages_ms[BENCH_STAGES];
	size_t count = 0;
	memset(ret_ms, 0, BENCH_STAGES * sizeof *ret_ms);
	for (size_t i = 0; i < bench_run_count(run); i++) {
		const struct bench_zap *zap = bench_run_zap(run, i);
		if (!bench_in_class(zap, kind) || !bench_stages(zap, stages_ms))
			continue;
		count++;
		for (int stage = 0; stage < BENCH_STAGES; stage++)
			ret_ms[stage] += stages_ms[stage];
	}
	for (int stage = 0; stage < BENCH_STAGES && count; stage++)
		ret_ms[stage] /= (double)count;
	return count > 0;
}
