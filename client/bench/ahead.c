#include "client/bench/ahead.h"

static bool is_wished(enum bench_wish wish, enum zap_kind kind)
{
	if (wish == BENCH_ANY || kind == ZAP_SUPERSEDED)
		return true;
	return kind == (wish == BENCH_COLD_ONLY ? ZAP_COLD : ZAP_WARM);
}

static double streams_of(const struct bench_zap *zap)
{
	return zap->ahead.streams;
}

static double whole_of(const struct bench_zap *zap)
{
	return zap->ahead.whole;
}

static double mbps_of(const struct bench_zap *zap)
{
	return zap->ahead.kbps / 1e3;
}

/* Cleared with bench_sample_clear(). */
static struct bench_sample sample_of(
	const struct bench_run *run, double (*of)(const struct bench_zap *zap))
{
	struct bench_sample sample;
	size_t count = bench_run_count(run);
	double *values = g_new(double, count);
	for (size_t i = 0; i < count; i++)
		values[i] = of(bench_run_zap(run, i));
	bench_sample_init(&sample, values, count);
	return sample;
}

static void sum_up_streams(const struct bench_run *run, struct bench_ahead_summary *ret)
{
	struct bench_sample streams = sample_of(run, streams_of);
	struct bench_sample whole = sample_of(run, whole_of), mbps = sample_of(run, mbps_of);
	ret->streams = bench_percentile(&streams, 50);
	ret->streams_min = streams.ms[0];
	ret->streams_max = bench_percentile(&streams, 100);
	ret->whole = bench_percentile(&whole, 50);
	ret->mbps = bench_percentile(&mbps, 50);
	bench_sample_clear(&streams);
	bench_sample_clear(&whole);
	bench_sample_clear(&mbps);
}

static void sum_up_waits(const struct bench_run *run, struct bench_ahead_summary *ret)
{
	for (size_t i = 0; i < bench_run_count(run); i++) {
		const struct bench_zap *zap = bench_run_zap(run, i);
		double ms = (double)zap->waited_ns / 1e6;
		ret->waits += zap->waited_ns != 0;
		ret->wait_mean_ms += ms;
		ret->wait_max_ms = MAX(ret->wait_max_ms, ms);
		ret->not_wished += !is_wished(run->settings.wish, zap->record.kind);
	}
	if (ret->waits)
		ret->wait_mean_ms /= (double)ret->waits;
}

void bench_ahead_summarize(const struct bench_run *run, struct bench_ahead_summary *ret)
{
	*ret = (struct bench_ahead_summary){0};
	if (!bench_run_count(run))
		return;
	sum_up_streams(run, ret);
	sum_up_waits(run, ret);
}
