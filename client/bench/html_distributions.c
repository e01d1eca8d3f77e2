#include <math.h>

#include "client/bench/plot_distribution.h"

static void open_card(GString *out, enum bench_class kind, const char *what)
{
	g_string_append_printf(
		out, "<div class=\"card\"><h3>%s: %s</h3>\n", html_class_title(kind), what);
}

/* A plot of nothing but infinity has no axis. */
static void append_never(GString *out, const struct bench_sample *sample)
{
	g_string_append(out, "<p class=\"about\">None of ");
	html_count(out, sample->count);
	g_string_append(out, " zaps got there.</p></div>\n");
}

static void append_pair(
	GString *out, const struct html_page *page, enum bench_class kind, enum bench_figure figure)
{
	const struct bench_sample *sample = &page->statistics->samples[kind][figure];
	const struct bench_sample *before =
		page->before ? &page->before_statistics->samples[kind][figure] : NULL;
	open_card(out, kind, "how many took how long");
	if (!sample->finite) {
		append_never(out, sample);
		return;
	}
	plot_histogram(out, sample, kind, "Histogram of that time", "from the press");
	g_string_append(out, "</div>\n");
	open_card(out, kind, "how many were there by when");
	plot_curve(out, sample, before, kind, "Cumulative share of that time");
	g_string_append(out, "</div>\n");
}

static void append_figure(GString *out, const struct html_page *page, enum bench_figure figure,
	const char *title, const char *about)
{
	if (!page->statistics->samples[BENCH_ALL][figure].count)
		return;
	g_string_append_printf(
		out, "<section><h2>%s</h2><p class=\"about\">%s</p>\n", title, about);
	if (page->before)
		g_string_append(out, "<ul class=\"legend\"><li><i class=\"line\"></i>this run</li>"
				     "<li><i class=\"dash\"></i>the run before</li></ul>\n");
	g_string_append(out, "<div class=\"grid wide\">\n");
	for (enum bench_class kind = BENCH_COLD; kind <= BENCH_WARM; kind++)
		if (page->statistics->samples[kind][figure].count)
			append_pair(out, page, kind, figure);
	g_string_append(out, "</div></section>\n");
}

void html_distributions(GString *out, const struct html_page *page)
{
	append_figure(out, page, BENCH_PICTURE, "Time to the picture",
		"From the scheduled press until the first new picture was handed to the sink. Each "
		"class has an axis of its own; the same one on both sides.");
	append_figure(out, page, BENCH_MOTION, "Time until it moves",
		"From the scheduled press until the first later picture that is followed by a "
		"second "
		"without a gap. Until then a viewer sees a still.");
	append_figure(out, page, BENCH_AUDIO, "Time until it is heard",
		"From the scheduled press until the first sound was due. Channels that were not "
		"heard in the whole run are taken for silent ones.");
}

static void append_share(GString *out, const struct html_page *page, enum bench_class kind,
	enum bench_figure figure, const char *what, const char *x_title)
{
	const struct bench_sample *sample = &page->statistics->samples[kind][figure];
	if (!sample->count || bench_percentile(sample, 100) == 0)
		return;
	open_card(out, kind, what);
	if (!sample->finite) {
		append_never(out, sample);
		return;
	}
	g_string_append(out, "<p class=\"what\">Milliseconds: median ");
	html_percentile(out, sample, 50);
	g_string_append(out, ", p95 ");
	html_percentile(out, sample, 95);
	g_string_append(out, "</p>\n");
	plot_histogram(out, sample, kind, what, x_title);
	g_string_append(out, "</div>\n");
}

void html_shares(GString *out, const struct html_page *page)
{
	const struct bench_sample *all = page->statistics->samples[BENCH_ALL];
	if (!all[BENCH_WAIT].count && !all[BENCH_OVERHEAD].count)
		return;
	g_string_append(out,
		"<section><h2>The wait, the overhead and the freeze</h2><p class=\"about\">The "
		"wait is "
		"nature\u2019s: from the first packet until the first random access point (RAP) "
		"was there whole; nothing on the client\u2019s side can shorten it. The overhead "
		"is ours: from there to the picture. On a warm zap there is nothing to wait "
		"for. The freeze is how long that picture stood still.</p>\n<div class=\"grid "
		"wide\">\n");
	for (enum bench_class kind = BENCH_COLD; kind <= BENCH_WARM; kind++) {
		append_share(out, page, kind, BENCH_WAIT, "the wait", "from the first packet");
		append_share(out, page, kind, BENCH_OVERHEAD, "the overhead",
			kind == BENCH_WARM ? "from the press" : "from the complete RAP");
		append_share(out, page, kind, BENCH_FREEZE, "the freeze", "from the picture");
	}
	g_string_append(out, "</div></section>\n");
}
