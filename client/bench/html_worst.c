#include <math.h>
#include <stdlib.h>

#include "client/bench/plot.h"

#define WORST_MAX 10
#define BAR_WIDTH 10000

/* Those without a picture first, then those whose picture never moved, then the slowest. */
static int compare_zaps(const void *a, const void *b)
{
	const struct bench_zap *const *left = a, *const *right = b;
	double left_ms = bench_figure(*left, BENCH_PICTURE),
	       right_ms = bench_figure(*right, BENCH_PICTURE);
	int still = (int)bench_never_moved(*right) - (int)bench_never_moved(*left);
	if (isinf(left_ms) == isinf(right_ms) && still)
		return still;
	if (left_ms != right_ms)
		return left_ms < right_ms ? 1 : -1;
	return ((*left)->record.n > (*right)->record.n) - ((*left)->record.n < (*right)->record.n);
}

/* Pointers to at most WORST_MAX zaps that were to show a picture. */
static GPtrArray *worst_of(const struct bench_run *run)
{
	GPtrArray *zaps = g_ptr_array_new();
	for (size_t i = 0; i < bench_run_count(run); i++) {
		const struct bench_zap *zap = bench_run_zap(run, i);
		if (bench_in_class(zap, BENCH_ALL) && !isnan(bench_figure(zap, BENCH_PICTURE)))
			g_ptr_array_add(zaps, (gpointer)(uintptr_t)zap);
	}
	g_ptr_array_sort(zaps, compare_zaps);
	if (zaps->len > WORST_MAX)
		g_ptr_array_set_size(zaps, WORST_MAX);
	return zaps;
}

/* Up to where the bar of a zap goes at least: when it moved, or how far it got. */
static double end_of(const struct bench_zap *zap)
{
	double stages_ms[BENCH_STAGES], reached_ms = 0;
	bench_stages_reached(zap, stages_ms);
	for (int stage = 0; stage < BENCH_STAGES; stage++)
		reached_ms += stages_ms[stage];
	double motion_ms = bench_figure(zap, BENCH_MOTION);
	return isfinite(motion_ms) ? fmax(motion_ms, reached_ms) : reached_ms;
}

static double scale_of(const GPtrArray *zaps, uint32_t limit_ms)
{
	double scale_ms = 0;
	for (guint i = 0; i < zaps->len; i++) {
		const struct bench_zap *zap = g_ptr_array_index(zaps, i);
		scale_ms = fmax(scale_ms, end_of(zap));
		if (bench_failed(zap) || bench_never_moved(zap))
			scale_ms = fmax(scale_ms, limit_ms);
	}
	return scale_ms > 0 ? scale_ms : 1;
}

static void append_piece(GString *out, int class, double from_ms, double to_ms, double scale_ms)
{
	int from = (int)lround(from_ms / scale_ms * BAR_WIDTH);
	int to = (int)lround(to_ms / scale_ms * BAR_WIDTH);
	if (to > from)
		g_string_append_printf(out,
			"<rect class=\"s%d\" x=\"%d\" y=\"0\" width=\"%d\" height=\"10\"/>", class,
			from, to - from);
}

static void append_bar(GString *out, const struct bench_zap *zap, double scale_ms)
{
	double stages_ms[BENCH_STAGES], at_ms = 0;
	bench_stages_reached(zap, stages_ms);
	g_string_append_printf(out,
		"<svg class=\"bar\" viewBox=\"0 0 %d 10\" preserveAspectRatio=\"none\" "
		"role=\"img\"><title>Timeline</title>",
		BAR_WIDTH);
	for (int stage = 0; stage < BENCH_STAGES; stage++) {
		append_piece(out, stage, at_ms, at_ms + stages_ms[stage], scale_ms);
		at_ms += stages_ms[stage];
	}
	if (bench_failed(zap))
		append_piece(out, HTML_NEVER_CLASS, at_ms, scale_ms, scale_ms);
	else
		append_piece(out, HTML_FREEZE_CLASS, at_ms,
			bench_never_moved(zap) ? scale_ms : end_of(zap), scale_ms);
	g_string_append(out, "</svg>\n");
}

/* Why there is no picture, or what it lacks, in a word. */
static const char *trouble_of(const struct bench_zap *zap)
{
	if (bench_never_moved(zap))
		return "never moved";
	if (!bench_failed(zap))
		return zap->cut == BENCH_CUT_NONE ? NULL : "cut off";
	if (zap->record.result == ZAP_OK)
		return bench_check_name(zap->check);
	if (zap->record.result == ZAP_TIMEOUT && !zap->record.at_ns[ZAP_FIRST_PACKET])
		return "no packet came";
	return bench_result_name(zap->record.result);
}

static void append_picture_ms(
	GString *out, const struct html_page *page, const struct bench_zap *zap)
{
	uint32_t limit_ms = page->statistics->samples[BENCH_ALL][BENCH_PICTURE].limit_ms;
	double ms = bench_figure(zap, BENCH_PICTURE);
	html_ms(out, ms, limit_ms);
	g_string_append(out, isfinite(ms) || limit_ms ? "\u202fms" : "");
}

static void append_label(GString *out, const struct html_page *page, const struct bench_zap *zap)
{
	const struct bench_run *run = page->run;
	const char *trouble = trouble_of(zap);
	g_string_append_printf(out,
		"<div class=\"row\"><span>zap %" G_GUINT64_FORMAT " <em>\u00b7</em> <bdi>",
		zap->record.n);
	html_text(out, bench_run_number(run, zap->record.from));
	g_string_append(out, "</bdi> \u2192 <bdi>");
	html_text(out, bench_run_number(run, zap->record.to));
	if (zap->record.to >= 0 && (guint)zap->record.to < run->channels->len) {
		const struct bench_channel *channel =
			g_ptr_array_index(run->channels, (guint)zap->record.to);
		g_string_append(out, "</bdi> <bdi>");
		html_text(out, channel->name);
	}
	g_string_append_printf(out, "</bdi> <em>\u00b7 %s, %s</em>",
		bench_class_name((enum bench_class)zap->record.kind),
		bench_action_name(zap->action));
	if (trouble)
		g_string_append_printf(out, " <em class=\"bad\">\u00b7 %s</em>", trouble);
	g_string_append(out, "</span><b>");
	append_picture_ms(out, page, zap);
	g_string_append(out, "</b></div>\n");
}

void html_worst(GString *out, const struct html_page *page)
{
	GPtrArray *zaps = worst_of(page->run);
	if (zaps->len) {
		double scale_ms = scale_of(zaps, page->run->limit_ms);
		g_string_append_printf(out,
			"<section><h2>%s</h2><p class=\"about\">Zaps without a picture that counts "
			"come first, then those whose picture never moved, then the slowest, all "
			"on one scale.</p><div class=\"card\">\n",
			zaps->len < WORST_MAX ? "The worst zaps" : "The worst ten zaps");
		html_stage_legend(out, true);
		for (guint i = 0; i < zaps->len; i++) {
			append_label(out, page, g_ptr_array_index(zaps, i));
			append_bar(out, g_ptr_array_index(zaps, i), scale_ms);
		}
		plot_scale(out, scale_ms, 6);
		g_string_append(out, "</div></section>\n");
	}
	g_ptr_array_free(zaps, TRUE);
}
