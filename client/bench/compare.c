#include <math.h>

#include "client/bench/bootstrap.h"
#include "client/bench/compare.h"

static const enum bench_figure compared[] = {
	BENCH_REPORT,
	BENCH_PICTURE,
	BENCH_MOTION,
	BENCH_AUDIO,
	BENCH_OVERHEAD,
	BENCH_FREEZE,
};

static const char *const statistic_names[] = {
	[BENCH_MEDIAN] = "p50",
	[BENCH_P95] = "p95",
	[BENCH_SHARE_FAILED] = "no picture",
};

const char *bench_statistic_name(enum bench_statistic statistic)
{
	return statistic_names[statistic];
}

static unsigned percent_of(enum bench_statistic statistic)
{
	return statistic == BENCH_P95 ? 95 : 50;
}

static void add(struct bench_comparison *comparison, enum bench_class kind,
	enum bench_figure figure, enum bench_statistic statistic)
{
	struct bench_difference difference = {
		.kind = kind, .figure = figure, .statistic = statistic};
	g_array_append_val(comparison->differences, difference);
}

static void add_figures(struct bench_comparison *comparison, enum bench_class kind,
	const struct bench_statistics *a, const struct bench_statistics *b)
{
	for (size_t i = 0; i < G_N_ELEMENTS(compared); i++) {
		size_t count = MIN(
			a->samples[kind][compared[i]].count, b->samples[kind][compared[i]].count);
		if (count >= BENCH_COMPARED_MIN)
			add(comparison, kind, compared[i], BENCH_MEDIAN);
		if (count >= BENCH_COMPARED_P95_MIN)
			add(comparison, kind, compared[i], BENCH_P95);
	}
}

/* All that will be compared: how many it is decides how sure each one has to be. */
static void list_differences(struct bench_comparison *comparison, const struct bench_statistics *a,
	const struct bench_statistics *b)
{
	for (enum bench_class kind = BENCH_COLD; kind <= BENCH_WARM; kind++) {
		if (MIN(a->zaps[kind], b->zaps[kind]) < BENCH_COMPARED_MIN)
			continue;
		add(comparison, kind, BENCH_PICTURE, BENCH_SHARE_FAILED);
		add_figures(comparison, kind, a, b);
	}
}

static void measure_share(struct bench_difference *difference, const struct bench_statistics *a,
	const struct bench_statistics *b, double outside)
{
	enum bench_class kind = difference->kind;
	difference->a = (double)a->failed[kind] / (double)a->zaps[kind];
	difference->b = (double)b->failed[kind] / (double)b->zaps[kind];
	bench_share_difference(a->failed[kind], a->zaps[kind], b->failed[kind], b->zaps[kind],
		outside, &difference->low, &difference->high);
}

static void measure(struct bench_difference *difference, const struct bench_statistics *a,
	const struct bench_statistics *b, double outside)
{
	if (difference->statistic == BENCH_SHARE_FAILED) {
		measure_share(difference, a, b, outside);
		return;
	}
	unsigned percent = percent_of(difference->statistic);
	const struct bench_sample *from_a = &a->samples[difference->kind][difference->figure];
	const struct bench_sample *from_b = &b->samples[difference->kind][difference->figure];
	difference->a = bench_percentile(from_a, percent);
	difference->b = bench_percentile(from_b, percent);
	bench_bootstrap_difference(
		from_a, from_b, percent, outside, &difference->low, &difference->high);
}

static void judge(struct bench_comparison *comparison, struct bench_difference *difference)
{
	bool share = difference->statistic == BENCH_SHARE_FAILED;
	double by = difference->b - difference->a; /* NAN where neither ever got there */
	if (!share && !(fabs(by) > comparison->resolution_ms))
		return;
	if (difference->low > 0)
		difference->verdict = BENCH_HIGHER;
	else if (difference->high < 0)
		difference->verdict = BENCH_LOWER;
	comparison->seen += difference->verdict != BENCH_SAME;
}

/* What the worse of two self-tests leaves in doubt. */
static double resolution_ms(const struct bench_run *a, const struct bench_run *b)
{
	double worst_ms = BENCH_RESOLUTION_MS;
	if (a->self_test.count)
		worst_ms = fmax(worst_ms, a->self_test.p99_ms);
	if (b->self_test.count)
		worst_ms = fmax(worst_ms, b->self_test.p99_ms);
	return worst_ms;
}

struct bench_comparison *bench_compare(const struct bench_run *a, const struct bench_run *b)
{
	struct bench_comparison *comparison = g_new0(struct bench_comparison, 1);
	struct bench_statistics *of_a = bench_statistics_new(a), *of_b = bench_statistics_new(b);
	comparison->differences = g_array_new(FALSE, TRUE, sizeof(struct bench_difference));
	comparison->resolution_ms = resolution_ms(a, b);
	list_differences(comparison, of_a, of_b);
	double outside = BENCH_FAMILY_ERROR / MAX(comparison->differences->len, 1);
	comparison->confidence = 1 - outside;
	for (guint i = 0; i < comparison->differences->len; i++) {
		struct bench_difference *difference =
			&g_array_index(comparison->differences, struct bench_difference, i);
		measure(difference, of_a, of_b, outside);
		judge(comparison, difference);
	}
	bench_statistics_free(of_a);
	bench_statistics_free(of_b);
	return comparison;
}

void bench_comparison_free(struct bench_comparison *comparison)
{
	if (!comparison)
		return;
	g_array_free(comparison->differences, TRUE);
	g_free(comparison);
}

char *bench_compare_caveat(const struct bench_run *a, const struct bench_run *b)
{
	const struct bench_settings *before = &a->settings, *now = &b->settings;
	GString *text = g_string_new(NULL);
	const struct {
		bool same;
		const char *what;
	} conditions[] = {
		{before->pattern == now->pattern, "pattern"},
		{before->seed == now->seed, "seed"},
		{before->dwell_ms == now->dwell_ms, "dwell"},
		{before->gop_ms == now->gop_ms, "GOP"},
		{before->prejoin == now->prejoin, "channels received ahead"},
		{before->learned == now->learned, "habits learned before"},
		{before->wish == now->wish, "class wished"},
		{before->storm_per_s == now->storm_per_s && before->storm_ms == now->storm_ms,
			"storm"},
		{a->limit_ms == b->limit_ms, "limit"},
		{a->channels->len == b->channels->len, "length of the line-up"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(conditions); i++)
		if (!conditions[i].same)
			g_string_append_printf(
				text, "%s%s", text->len ? ", " : "", conditions[i].what);
	return g_string_free(text, text->len == 0);
}
