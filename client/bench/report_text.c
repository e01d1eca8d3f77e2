#include <math.h>

#include "client/bench/ahead.h"
#include "client/bench/report_text.h"

static const enum bench_figure shown[] = {
	BENCH_REPORT,
	BENCH_PICTURE,
	BENCH_MOTION,
	BENCH_AUDIO,
	BENCH_WAIT,
	BENCH_OVERHEAD,
	BENCH_FREEZE,
};

const char *bench_format_ms(char *buf, double ms, uint32_t limit_ms)
{
	char digits[G_ASCII_DTOSTR_BUF_SIZE];
	double size = fabs(ms);
	const char *format = size < 0.0995  ? "%.3f"
			     : size < 9.995 ? "%.2f"
			     : size < 99.95 ? "%.1f"
					    : "%.0f";
	if (isnan(ms))
		g_snprintf(buf, BENCH_MS_BYTES, "-");
	else if (isinf(ms) && !limit_ms)
		g_snprintf(buf, BENCH_MS_BYTES, "never");
	else if (isinf(ms))
		g_snprintf(buf, BENCH_MS_BYTES, ">%u", limit_ms);
	else
		g_snprintf(buf, BENCH_MS_BYTES, "%s",
			g_ascii_formatd(digits, sizeof digits, format, ms));
	return buf;
}

/* Is a figure of those zaps only that were not cut off before it? */
static bool is_of_survivors(
	const struct bench_statistics *statistics, enum bench_class kind, enum bench_figure figure)
{
	if (figure == BENCH_MOTION || figure == BENCH_AUDIO || figure == BENCH_FREEZE)
		return statistics->cut[kind] || statistics->zaps[BENCH_SUPERSEDED];
	return figure != BENCH_REPORT && statistics->zaps[BENCH_SUPERSEDED];
}

static void append_row(
	GString *out, const char *kind, const char *figure, const struct bench_sample *sample)
{
	static const unsigned percents[] = {50, 95, 99, 100};
	char ms[BENCH_MS_BYTES];
	g_string_append_printf(out, "%-11s %-9s %8zu", kind, figure, sample->count);
	for (size_t i = 0; i < G_N_ELEMENTS(percents); i++)
		g_string_append_printf(out, " %10s",
			bench_format_ms(
				ms, bench_percentile_told(sample, percents[i]), sample->limit_ms));
	g_string_append_c(out, '\n');
}

static void append_class(
	GString *out, const struct bench_statistics *statistics, enum bench_class kind)
{
	const char *name = bench_class_name(kind);
	char figure[16];
	for (size_t i = 0; i < G_N_ELEMENTS(shown); i++) {
		const struct bench_sample *sample = &statistics->samples[kind][shown[i]];
		if (!sample->count)
			continue;
		bool survivors = is_of_survivors(statistics, kind, shown[i]);
		g_snprintf(figure, sizeof figure, "%s%s", bench_figure_name(shown[i]),
			survivors ? "*" : "");
		append_row(out, name, figure, sample);
		name = "";
	}
}

static void append_counts(
	GString *out, const struct bench_run *run, const struct bench_statistics *statistics)
{
	g_string_append_printf(out, "%zu zaps:", bench_run_count(run));
	for (enum bench_class kind = BENCH_COLD; kind < BENCH_ALL; kind++)
		g_string_append_printf(out, "%s %zu %s", kind ? "," : "", statistics->zaps[kind],
			bench_class_name(kind));
	g_string_append_printf(out, "; %zu without a picture\n", statistics->failed[BENCH_ALL]);
}

static void append_never(GString *out, const struct bench_statistics *statistics)
{
	size_t still = statistics->still[BENCH_ALL], unheard = statistics->unheard[BENCH_ALL];
	if (still || unheard)
		g_string_append_printf(out, "never moved: %zu of %zu; never heard: %zu\n", still,
			statistics->samples[BENCH_ALL][BENCH_FREEZE].count, unheard);
}

/* The slower ones are more often cut off: what is left looks better than it is. */
static void append_cut(GString *out, const struct bench_statistics *statistics)
{
	size_t superseded = statistics->zaps[BENCH_SUPERSEDED], cut = statistics->cut[BENCH_ALL];
	if (superseded || cut)
		g_string_append_printf(out,
			"* of zaps that had the time; %zu were cut off before the picture, %zu "
			"after it\n",
			superseded, cut);
	if (statistics->unfinished)
		g_string_append_printf(out, "%zu zap%s unfinished when the run ended\n",
			statistics->unfinished, statistics->unfinished == 1 ? " was" : "s were");
}

static const char *const class_wished[] = {[BENCH_COLD_ONLY] = "cold", [BENCH_WARM_ONLY] = "warm"};

static void append_ahead(GString *out, const struct bench_run *run)
{
	struct bench_ahead_summary ahead;
	char setting[BENCH_PREJOIN_BYTES], largest[BENCH_MS_BYTES], mean[BENCH_MS_BYTES];
	bench_ahead_summarize(run, &ahead);
	if (run->settings.prejoin || ahead.streams_max > 0)
		g_string_append_printf(out,
			"received ahead (%s): %.0f streams (%.0f to %.0f), %.0f of them whole, "
			"%.1f Mb/s\n",
			bench_prejoin_name(setting, run->settings.prejoin), ahead.streams,
			ahead.streams_min, ahead.streams_max, ahead.whole, ahead.mbps);
	if (ahead.waits)
		g_string_append_printf(out,
			"%zu keys waited until their channel was warm: %s ms, %s ms at most\n",
			ahead.waits, bench_format_ms(mean, ahead.wait_mean_ms, 0),
			bench_format_ms(largest, ahead.wait_max_ms, 0));
	if (ahead.not_wished)
		g_string_append_printf(out, "%s zaps were wished, and %zu are not\n",
			class_wished[run->settings.wish], ahead.not_wished);
}

static void append_checks(GString *out, const struct bench_run *run)
{
	size_t checks[BENCH_CHECKS] = {0};
	for (size_t i = 0; i < bench_run_count(run); i++) {
		const struct bench_zap *zap = bench_run_zap(run, i);
		checks[zap->check] += zap->record.at_ns[ZAP_PICTURE] != 0;
	}
	g_string_append(out, "first pictures:");
	const char *separator = " ";
	for (enum bench_check check = 0; check < BENCH_CHECKS; check++) {
		if (!checks[check])
			continue;
		g_string_append_printf(
			out, "%s%zu %s", separator, checks[check], bench_check_name(check));
		separator = ", ";
	}
	g_string_append(out, *separator == ' ' ? " none\n" : "\n");
}

static void append_doubts(GString *out, const struct bench_run *run)
{
	const struct bench_self_test *test = &run->self_test;
	char p99[BENCH_MS_BYTES], largest[BENCH_MS_BYTES];
	if (test->count)
		g_string_append_printf(out,
			"the tool's own error: p99 %s ms, max %s ms (%u known delays)\n",
			bench_format_ms(p99, test->p99_ms, 0),
			bench_format_ms(largest, test->max_ms, 0), test->count);
	if (run->idle_presses)
		g_string_append_printf(out, "%u presses led to no zap\n", run->idle_presses);
	if (run->end != BENCH_END_DONE)
		g_string_append_printf(out, "the run %s%s%s\n",
			run->end == BENCH_END_INTERRUPTED ? "was interrupted" : "failed",
			run->end_why ? ": " : "", run->end_why ? run->end_why : "");
}

void bench_report_text(
	const struct bench_run *run, const struct bench_statistics *statistics, GString *out)
{
	append_counts(out, run, statistics);
	if (bench_run_count(run))
		g_string_append_printf(out, "%-11s %-9s %8s %10s %10s %10s %10s\n", "class", "ms",
			"zaps", "p50", "p95", "p99", "max");
	for (enum bench_class kind = BENCH_COLD; kind < BENCH_ALL; kind++)
		append_class(out, statistics, kind);
	if (bench_run_count(run)) {
		append_never(out, statistics);
		append_cut(out, statistics);
		append_checks(out, run);
		append_ahead(out, run);
	}
	append_doubts(out, run);
}

static void append_value(GString *out, const struct bench_difference *difference, double value)
{
	char text[BENCH_MS_BYTES];
	if (bench_is_share(difference->statistic))
		g_snprintf(text, sizeof text, "%.1f %%", value * 100);
	else if (isinf(value))
		g_snprintf(text, sizeof text, "%s", value > 0 ? "never" : "-never");
	else
		bench_format_ms(text, value, 0);
	g_string_append_printf(out, " %9s", text);
}

static void append_difference(GString *out, const struct bench_difference *difference)
{
	/* Large letters are for what is worse. */
	static const char *const verdicts[][2] = {[BENCH_SAME] = {"", ""},
		[BENCH_LOWER] = {"lower", "LOWER"},
		[BENCH_HIGHER] = {"higher", "HIGHER"}};
	bool share = bench_is_share(difference->statistic);
	g_string_append_printf(out, "%-10s %-8s %-11s", bench_class_name(difference->kind),
		share ? "" : bench_figure_name(difference->figure),
		bench_statistic_name(difference->statistic));
	append_value(out, difference, difference->a);
	append_value(out, difference, difference->b);
	append_value(out, difference, difference->low);
	append_value(out, difference, difference->high);
	g_string_append_printf(
		out, " %6s\n", verdicts[difference->verdict][bench_is_worse(difference)]);
}

static void append_power(GString *out, const struct bench_power *power)
{
	char unseen[BENCH_MS_BYTES];
	g_string_append_printf(
		out, "%s: %zu and %zu zaps", bench_class_name(power->kind), power->a, power->b);
	if (isnan(power->unseen_ms))
		g_string_append_printf(
			out, " are too few to compare: it takes %u in both\n", BENCH_COMPARED_MIN);
	else if (isinf(power->unseen_ms))
		g_string_append(out, "; too many failed to compare median pictures\n");
	else
		g_string_append_printf(out, " may not show a median picture changed by %s ms\n",
			bench_format_ms(unseen, power->unseen_ms, 0));
}

static void append_powers(GString *out, const struct bench_comparison *comparison)
{
	for (guint i = 0; i < comparison->powers->len; i++)
		append_power(out, &g_array_index(comparison->powers, struct bench_power, i));
}

void bench_comparison_text(
	const struct bench_comparison *comparison, const char *a, const char *b, GString *out)
{
	guint count = comparison->differences->len;
	char resolution[BENCH_MS_BYTES];
	g_string_append_printf(out, "A: %s\nB: %s\n", a, b);
	if (!count) {
		g_string_append(out, "nothing to compare: no class has enough zaps in both runs\n");
		append_powers(out, comparison);
		return;
	}
	g_string_append_printf(out, "%-10s %-8s %-11s %9s %9s %9s %9s\n", "class", "ms", "", "A",
		"B", "B-A from", "to");
	for (guint i = 0; i < count; i++)
		append_difference(
			out, &g_array_index(comparison->differences, struct bench_difference, i));
	g_string_append_printf(out,
		"%u intervals of %.2f %% each: together they hold for 95 %% of such pairs;\n"
		"differences of at most %s ms are below what the tool can tell\n",
		count, comparison->confidence * 100,
		bench_format_ms(resolution, comparison->resolution_ms, 0));
	append_powers(out, comparison);
	if (comparison->seen)
		g_string_append_printf(out, "%zu differences seen\n", comparison->seen);
	else
		g_string_append(out, "no difference seen\n");
}

const char *bench_progress(char *buf, size_t done, size_t total, uint64_t left_ns)
{
	unsigned seconds = (unsigned)((left_ns + 999999999) / 1000000000);
	char left[32];
	if (seconds < 60)
		g_snprintf(left, sizeof left, "%u s", seconds);
	else if (seconds < 100 * 60)
		g_snprintf(left, sizeof left, "%u min", (seconds + 30) / 60);
	else
		g_snprintf(left, sizeof left, "%u h %02u min", (seconds + 30) / 3600,
			(seconds + 30) / 60 % 60);
	g_snprintf(buf, BENCH_PROGRESS_BYTES, "zap %zu of %zu, %s left", done, total, left);
	return buf;
}
