#include <math.h>

#include "client/bench/html.h"

static void append_unit(GString *out, double ms)
{
	if (isfinite(ms))
		g_string_append(out, "\u202fms");
}

static void append_fact(
	GString *out, const char *what, const struct bench_sample *sample, unsigned percent)
{
	g_string_append_printf(out, "<dt>%s</dt><dd>", what);
	html_percentile(out, sample, percent);
	append_unit(out, bench_percentile_told(sample, percent));
	g_string_append(out, "</dd>");
}

static void append_share(GString *out, const char *what, size_t part, size_t whole)
{
	g_string_append_printf(out, "<dt>%s</dt><dd%s>", what, part ? " class=\"bad\"" : "");
	html_count(out, part);
	if (part) {
		g_string_append(out, " (");
		html_share(out, part, whole);
		g_string_append(out, ")");
	}
	g_string_append(out, "</dd>");
}

static void append_cut(GString *out, size_t cut)
{
	if (!cut)
		return;
	g_string_append(out, "<dt>cut off after it*</dt><dd>");
	html_count(out, cut);
	g_string_append(out, "</dd>");
}

static void append_facts(GString *out, const struct html_page *page, enum bench_class kind)
{
	const struct bench_statistics *statistics = page->statistics;
	const struct bench_sample *samples = statistics->samples[kind];
	const struct bench_sample *picture = &samples[BENCH_PICTURE];
	g_string_append(out, "<dl>");
	append_fact(out, "picture, p95", picture, 95);
	append_fact(out, "picture, p99", picture, 99);
	append_fact(out, "picture, max", picture, 100);
	append_fact(out, "moving, p95", &samples[BENCH_MOTION], 95);
	append_fact(out, "freeze, p50", &samples[BENCH_FREEZE], 50);
	append_fact(out, "freeze, p95", &samples[BENCH_FREEZE], 95);
	append_fact(out, "sound, p50", &samples[BENCH_AUDIO], 50);
	append_fact(out, "sound, p95", &samples[BENCH_AUDIO], 95);
	append_fact(out, "overhead, p50", &samples[BENCH_OVERHEAD], 50);
	append_fact(out, "overhead, p95", &samples[BENCH_OVERHEAD], 95);
	append_share(out, "no picture", statistics->failed[kind], picture->count);
	append_share(out, "never moved", statistics->still[kind], samples[BENCH_FREEZE].count);
	append_share(out, "never heard", statistics->unheard[kind], samples[BENCH_AUDIO].count);
	append_cut(out, statistics->cut[kind]);
	g_string_append(out, "</dl>\n");
}

static void append_big(GString *out, const struct bench_sample *sample, const char *what)
{
	g_string_append(out, "<p class=\"big\">");
	html_percentile(out, sample, 50);
	g_string_append_printf(out, "%s</p><p class=\"what\">%s</p>\n",
		isfinite(bench_percentile(sample, 50)) ? "<small>ms</small>" : "", what);
}

static void append_superseded(GString *out, size_t unfinished)
{
	g_string_append(out, "<p class=\"what\">Another key came first: these tell nothing of a "
			     "picture.");
	if (unfinished)
		g_string_append_printf(out, " But %zu %s unfinished when the run ended.",
			unfinished, unfinished == 1 ? "was" : "were");
	g_string_append(out, "</p>\n");
}

static void append_class(GString *out, const struct html_page *page, enum bench_class kind)
{
	const struct bench_sample *samples = page->statistics->samples[kind];
	size_t zaps = page->statistics->zaps[kind];
	g_string_append_printf(out, "<div class=\"card head %s\"><h3>%s <span class=\"zaps\">",
		bench_class_name(kind), html_class_title(kind));
	html_count(out, zaps);
	g_string_append_printf(out, " zap%s</span></h3>\n", zaps == 1 ? "" : "s");
	if (kind == BENCH_SUPERSEDED) {
		append_big(out, &samples[BENCH_REPORT], "median time to the report");
		append_superseded(out, page->statistics->unfinished);
	} else {
		append_big(out, &samples[BENCH_PICTURE], "median until there is a picture");
		append_big(out, &samples[BENCH_MOTION], "median until it moves");
		append_facts(out, page, kind);
	}
	g_string_append(out, "</div>\n");
}

/* The slower ones are more often cut off: what is left looks better than it is. */
static void append_survivors(GString *out, const struct bench_statistics *statistics)
{
	if (statistics->zaps[BENCH_SUPERSEDED])
		g_string_append(out, "<p class=\"about note\">Superseded zaps had no time to show "
				     "a picture: percentiles of the picture are of those that "
				     "had.</p>\n");
	if (statistics->cut[BENCH_ALL])
		g_string_append(out, "<p class=\"about note\">* Another key, or the end of the "
				     "run, came after their picture: percentiles of motion, sound "
				     "and freeze are of those that had the time.</p>\n");
}

void html_headline(GString *out, const struct html_page *page)
{
	if (!bench_run_count(page->run)) {
		g_string_append(out,
			"<section><h2>No zap</h2><p class=\"about\">The run ended before "
			"a key led to another channel: there is nothing to "
			"show.</p></section>\n");
		return;
	}
	g_string_append(out,
		"<section><h2>At a glance</h2><p class=\"about\">Cold: the new channel was not "
		"being received. Partial: it was, without a complete random access point. Warm: a "
		"complete one was there at the press.</p>\n<div class=\"grid\">\n");
	for (enum bench_class kind = BENCH_COLD; kind < BENCH_ALL; kind++)
		if (page->statistics->zaps[kind])
			append_class(out, page, kind);
	g_string_append(out, "</div>\n");
	append_survivors(out, page->statistics);
	g_string_append(out, "</section>\n");
}
