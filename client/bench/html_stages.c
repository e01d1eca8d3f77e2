#include <math.h>

#include "client/bench/plot.h"

#define BAR_WIDTH 10000

/* What one plot of bars says of a class. */
struct bars {
	bool any;
	double ms[BENCH_STAGES];
	double sum_ms;
};

static struct bars bars_of(const struct bench_run *run, enum bench_class kind)
{
	struct bars bars = {0};
	bars.any = bench_mean_stages(run, kind, bars.ms);
	for (int stage = 0; stage < BENCH_STAGES; stage++)
		bars.sum_ms += bars.ms[stage];
	return bars;
}

void html_stage_legend(GString *out, bool timeline)
{
	g_string_append(out, "<ul class=\"legend\">");
	for (enum bench_stage stage = 0; stage < BENCH_STAGES; stage++)
		g_string_append_printf(out, "<li><i class=\"s%d\"></i>%s</li>", (int)stage,
			bench_stage_name(stage));
	if (timeline)
		g_string_append_printf(out,
			"<li><i class=\"s%d\"></i>still, until it moves</li><li><i "
			"class=\"s%d\"></i>no picture</li>",
			HTML_FREEZE_CLASS, HTML_NEVER_CLASS);
	g_string_append(out, "</ul>\n");
}

static void draw_bar(GString *out, const struct bars *bars)
{
	double before_ms = 0;
	for (enum bench_stage stage = 0; stage < BENCH_STAGES; stage++) {
		int from = (int)lround(before_ms / bars->sum_ms * BAR_WIDTH);
		before_ms += bars->ms[stage];
		int to = (int)lround(before_ms / bars->sum_ms * BAR_WIDTH);
		g_string_append_printf(out,
			"<rect class=\"s%d\" x=\"%d\" y=\"0\" width=\"%d\" "
			"height=\"10\"><title>%s ",
			(int)stage, from, to - from, bench_stage_name(stage));
		html_ms(out, bars->ms[stage], 0);
		g_string_append(out, " ms</title></rect>\n");
	}
}

static void append_class(GString *out, const struct bars *bars, enum bench_class kind)
{
	g_string_append_printf(
		out, "<div class=\"row\"><span>%s</span><b>", html_class_title(kind));
	html_ms(out, bars->sum_ms, 0);
	g_string_append_printf(out,
		"\u202fms</b></div><svg class=\"bar thick\" "
		"viewBox=\"0 0 %d 10\" preserveAspectRatio=\"none\" role=\"img\"><title>Mean "
		"milliseconds of each stage</title>\n",
		BAR_WIDTH);
	draw_bar(out, bars);
	g_string_append(out, "</svg>\n");
	plot_scale(out, bars->sum_ms, 5);
}

static void append_table(GString *out, const struct bars *bars)
{
	g_string_append(
		out, "<div class=\"scroll\"><table><thead><tr><th class=\"l\">mean ms</th>");
	for (enum bench_class kind = BENCH_COLD; kind <= BENCH_WARM; kind++)
		if (bars[kind].any)
			g_string_append_printf(out, "<th>%s</th>", bench_class_name(kind));
	g_string_append(out, "</tr></thead><tbody>\n");
	for (enum bench_stage stage = 0; stage < BENCH_STAGES; stage++) {
		g_string_append_printf(out, "<tr><th>%s</th>", bench_stage_name(stage));
		for (enum bench_class kind = BENCH_COLD; kind <= BENCH_WARM; kind++) {
			if (!bars[kind].any)
				continue;
			g_string_append(out, "<td>");
			html_ms(out, bars[kind].ms[stage], 0);
			g_string_append(out, "</td>");
		}
		g_string_append(out, "</tr>\n");
	}
	g_string_append(out, "</tbody></table></div>\n");
}

void html_stages(GString *out, const struct html_page *page)
{
	struct bars bars[BENCH_WARM + 1];
	bool any = false;
	for (enum bench_class kind = BENCH_COLD; kind <= BENCH_WARM; kind++) {
		bars[kind] = bars_of(page->run, kind);
		any |= bars[kind].any;
	}
	if (!any)
		return;
	g_string_append(out,
		"<section><h2>Where the milliseconds go</h2><p class=\"about\">Means over the zaps "
		"that have a picture, because means add up; each class on a scale of its own. Blue "
		"and green: the network and the stream. The other colours: the client.</p>\n<div "
		"class=\"grid wide\"><div class=\"card\">\n");
	html_stage_legend(out, false);
	for (enum bench_class kind = BENCH_COLD; kind <= BENCH_WARM; kind++)
		if (bars[kind].any && bars[kind].sum_ms > 0)
			append_class(out, &bars[kind], kind);
	g_string_append(out, "</div><div class=\"card\">\n");
	append_table(out, bars);
	g_string_append(out, "</div></div></section>\n");
}
