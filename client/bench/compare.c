#include <math.h>
#include <string.h>

#include "client/bench/bootstrap.h"
#include "client/bench/compare.h"

static const enum bench_figure compared[] = {
	BENCH_PICTURE,
	BENCH_MOTION,
	BENCH_REPORT,
	BENCH_AUDIO,
	BENCH_OVERHEAD,
	BENCH_FREEZE,
};

/* Over all classes so many of them are compared: those that a viewer notices. */
#define COMPARED_OF_ALL 2

static const char *const statistic_names[] = {
	[BENCH_MEDIAN] = "p50",
	[BENCH_P95] = "p95",
	[BENCH_SHARE_FAILED] = "no picture",
	[BENCH_SHARE_STILL] = "never moved",
	[BENCH_SHARE_CLASS] = "of all zaps",
};

/* Notes that say what came of a run, and not how it was made. */
static const char *const outcomes[] = {
	"clock at the start",
	"presses came late by",
	"reports stamped",
	"the clock was set",
	"what zapper said of them, and what they are",
};

const char *bench_statistic_name(enum bench_statistic statistic)
{
	return statistic_names[statistic];
}

bool bench_is_share(enum bench_statistic statistic)
{
	return statistic >= BENCH_SHARE_FAILED;
}

bool bench_is_worse(const struct bench_difference *difference)
{
	bool wanted = difference->statistic == BENCH_SHARE_CLASS && difference->kind == BENCH_WARM;
	return difference->verdict == (wanted ? BENCH_LOWER : BENCH_HIGHER);
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

struct share {
	size_t hits, count;
};

static struct share share_of(const struct bench_statistics *statistics, enum bench_class kind,
	enum bench_statistic statistic)
{
	switch (statistic) {
	case BENCH_SHARE_STILL:
		return (struct share){
			statistics->still[kind], statistics->samples[kind][BENCH_FREEZE].count};
	case BENCH_SHARE_CLASS:
		return (struct share){statistics->zaps[kind],
			statistics->zaps[BENCH_ALL] + statistics->zaps[BENCH_SUPERSEDED]};
	default:
		return (struct share){statistics->failed[kind], statistics->zaps[kind]};
	}
}

/*
 * Where no zap or every zap of both runs is one of them, no difference can be found, so it need not
 * count among the comparisons (Tarone, "A modified Bonferroni method for discrete data", 1990).
 */
static void add_share(struct bench_comparison *comparison, enum bench_class kind,
	enum bench_statistic statistic, const struct bench_statistics *a,
	const struct bench_statistics *b)
{
	struct share of_a = share_of(a, kind, statistic), of_b = share_of(b, kind, statistic);
	size_t hits = of_a.hits + of_b.hits;
	if (MIN(of_a.count, of_b.count) < BENCH_COMPARED_MIN)
		return;
	if (hits && hits < of_a.count + of_b.count)
		add(comparison, kind, BENCH_PICTURE, statistic);
}

static void add_figures(struct bench_comparison *comparison, enum bench_class kind, size_t figures,
	const struct bench_statistics *a, const struct bench_statistics *b)
{
	for (size_t i = 0; i < figures; i++) {
		size_t count = MIN(
			a->samples[kind][compared[i]].count, b->samples[kind][compared[i]].count);
		if (count >= BENCH_COMPARED_MIN)
			add(comparison, kind, compared[i], BENCH_MEDIAN);
		if (count >= BENCH_COMPARED_P95_MIN)
			add(comparison, kind, compared[i], BENCH_P95);
	}
}

/* Are all zaps together something else than those of one class? */
static bool are_mixed(const struct bench_statistics *a, const struct bench_statistics *b)
{
	for (enum bench_class kind = BENCH_COLD; kind <= BENCH_WARM; kind++)
		if (a->zaps[kind] == a->zaps[BENCH_ALL] && b->zaps[kind] == b->zaps[BENCH_ALL])
			return false;
	return true;
}

/* All that will be compared: how many it is decides how sure each one has to be. */
static void list_differences(struct bench_comparison *comparison, const struct bench_statistics *a,
	const struct bench_statistics *b)
{
	for (enum bench_class kind = BENCH_COLD; kind <= BENCH_WARM; kind++) {
		if (MIN(a->zaps[kind], b->zaps[kind]) < BENCH_COMPARED_MIN)
			continue;
		add(comparison, kind, BENCH_PICTURE, BENCH_SHARE_FAILED);
		add_share(comparison, kind, BENCH_SHARE_STILL, a, b);
		add_figures(comparison, kind, G_N_ELEMENTS(compared), a, b);
	}
	for (enum bench_class kind = BENCH_COLD; kind < BENCH_ALL; kind++)
		add_share(comparison, kind, BENCH_SHARE_CLASS, a, b);
	if (are_mixed(a, b))
		add_figures(comparison, BENCH_ALL, COMPARED_OF_ALL, a, b);
}

static void measure_share(struct bench_difference *difference, const struct bench_statistics *a,
	const struct bench_statistics *b, double outside)
{
	struct share of_a = share_of(a, difference->kind, difference->statistic);
	struct share of_b = share_of(b, difference->kind, difference->statistic);
	difference->a = (double)of_a.hits / (double)of_a.count;
	difference->b = (double)of_b.hits / (double)of_b.count;
	bench_share_difference(of_a.hits, of_a.count, of_b.hits, of_b.count, outside,
		&difference->low, &difference->high);
}

static void measure(struct bench_difference *difference, const struct bench_statistics *a,
	const struct bench_statistics *b, double outside)
{
	if (bench_is_share(difference->statistic)) {
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
	double by = difference->b - difference->a; /* NAN where neither ever got there */
	if (!bench_is_share(difference->statistic) && !(fabs(by) > comparison->resolution_ms))
		return;
	if (difference->low > 0)
		difference->verdict = BENCH_HIGHER;
	else if (difference->high < 0)
		difference->verdict = BENCH_LOWER;
	comparison->seen += difference->verdict != BENCH_SAME;
}

static double unseen_ms(const struct bench_comparison *comparison, enum bench_class kind)
{
	for (guint i = 0; i < comparison->differences->len; i++) {
		const struct bench_difference *difference =
			&g_array_index(comparison->differences, struct bench_difference, i);
		if (difference->kind == kind && difference->figure == BENCH_PICTURE &&
			difference->statistic == BENCH_MEDIAN)
			return fmax((difference->high - difference->low) / 2,
				comparison->resolution_ms);
	}
	return NAN;
}

static void list_powers(struct bench_comparison *comparison, const struct bench_statistics *a,
	const struct bench_statistics *b)
{
	for (enum bench_class kind = BENCH_COLD; kind <= BENCH_WARM; kind++) {
		struct bench_power power = {.kind = kind,
			.a = a->zaps[kind],
			.b = b->zaps[kind],
			.unseen_ms = unseen_ms(comparison, kind)};
		if (power.a || power.b)
			g_array_append_val(comparison->powers, power);
	}
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
	comparison->powers = g_array_new(FALSE, TRUE, sizeof(struct bench_power));
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
	list_powers(comparison, of_a, of_b);
	bench_statistics_free(of_a);
	bench_statistics_free(of_b);
	return comparison;
}

void bench_comparison_free(struct bench_comparison *comparison)
{
	if (!comparison)
		return;
	g_array_free(comparison->differences, TRUE);
	g_array_free(comparison->powers, TRUE);
	g_free(comparison);
}

static const char *find_note(const GPtrArray *notes, const char *key)
{
	for (guint i = 0; i < notes->len; i++) {
		const struct bench_note *note = g_ptr_array_index(notes, i);
		if (strcmp(note->key, key) == 0)
			return note->value;
	}
	return NULL;
}

static bool is_outcome(const char *key)
{
	for (size_t i = 0; i < G_N_ELEMENTS(outcomes); i++)
		if (strcmp(key, outcomes[i]) == 0)
			return true;
	return strstr(key, "load") != NULL;
}

static void name_condition(GString *text, const char *what)
{
	g_string_append_printf(text, "%s%s", text->len ? ", " : "", what);
}

/* What is noted of one run and not, or otherwise, of the other. */
static void name_notes(GString *text, const GPtrArray *before, const GPtrArray *now)
{
	for (guint i = 0; i < before->len; i++) {
		const struct bench_note *note = g_ptr_array_index(before, i);
		const char *other = find_note(now, note->key);
		if (!is_outcome(note->key) && g_strcmp0(note->value, other) != 0)
			name_condition(text, note->key);
	}
	for (guint i = 0; i < now->len; i++) {
		const struct bench_note *note = g_ptr_array_index(now, i);
		if (!is_outcome(note->key) && !find_note(before, note->key))
			name_condition(text, note->key);
	}
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
		{before->zaps == now->zaps, "zaps asked for"},
		{before->dwell_ms == now->dwell_ms, "dwell"},
		{before->gop_ms == now->gop_ms, "GOP"},
		{before->prejoin == now->prejoin, "channels received ahead"},
		{before->learned == now->learned, "habits learned before"},
		{before->wish == now->wish, "class wished"},
		{before->storm_per_s == now->storm_per_s && before->storm_ms == now->storm_ms,
			"storm"},
		{a->limit_ms == b->limit_ms, "limit"},
		{a->channels->len == b->channels->len, "length of the line-up"},
		{!a->self_test.count == !b->self_test.count, "self-test"},
		{a->end == b->end, "how the run ended"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(conditions); i++)
		if (!conditions[i].same)
			name_condition(text, conditions[i].what);
	name_notes(text, a->scenario, b->scenario);
	name_notes(text, a->host, b->host);
	return g_string_free(text, text->len == 0);
}
