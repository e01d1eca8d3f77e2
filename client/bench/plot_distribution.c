#include <math.h>

#include "client/bench/plot_distribution.h"

/* A curve of more points looks the same. */
#define CURVE_POINTS 400
#define BAR_GAP 14
/* What a bar beside the axis (above, never) takes. */
#define ASIDE_WIDTH 420
#define ASIDE_GAP 120
/* Room for "p95 1 234 ms". */
#define LABEL_WIDTH 1000
#define BINS_MIN 10
#define BINS_MAX 50

/* So few bins that a bar tells more than chance, so many that the shape shows. */
static size_t bins_for(const struct bench_sample *sample)
{
	return (size_t)CLAMP(2 * sqrt((double)sample->count), BINS_MIN, BINS_MAX);
}

/* Where the x axis ends, so that the same sample gives the same axis in both plots. */
static double axis_end(const struct bench_histogram *histogram)
{
	return histogram->count ? histogram->width_ms * (double)histogram->count : 1;
}

static void draw_bar(GString *out, const struct plot *plot, const char *class, int from, int to,
	size_t count, const char *what)
{
	if (!count)
		return;
	int y = plot_y(plot, (double)count);
	g_string_append_printf(out,
		"<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"><title>%zu: "
		"%s</title></rect>\n",
		class, from, y, MAX(to - from, 4), PLOT_BOTTOM - y, count, what);
}

static void draw_bins(GString *out, const struct plot *plot,
	const struct bench_histogram *histogram, enum bench_class kind)
{
	for (size_t i = 0; i < histogram->count; i++) {
		double from_ms = (double)i * histogram->width_ms;
		char what[2 * G_ASCII_DTOSTR_BUF_SIZE], low[G_ASCII_DTOSTR_BUF_SIZE],
			high[G_ASCII_DTOSTR_BUF_SIZE];
		g_snprintf(what, sizeof what, "%s to %s ms",
			g_ascii_formatd(low, sizeof low, "%.6g", from_ms),
			g_ascii_formatd(high, sizeof high, "%.6g", from_ms + histogram->width_ms));
		draw_bar(out, plot, bench_class_name(kind), plot_x(plot, from_ms) + BAR_GAP / 2,
			plot_x(plot, from_ms + histogram->width_ms) - BAR_GAP / 2,
			histogram->bins[i], what);
	}
}

/* A bar that stands beside the axis, with its name below it and its count above it. */
static void draw_aside(GString *out, const struct plot *plot, const char *class, int at,
	size_t count, const char *name)
{
	draw_bar(out, plot, class, at + 90, at + ASIDE_WIDTH - 90, count, name);
	g_string_append_printf(out,
		"<text class=\"middle\" x=\"%d\" y=\"%d\">%s</text>"
		"<text class=\"middle strong\" x=\"%d\" y=\"%d\">%zu</text>\n",
		at + ASIDE_WIDTH / 2, PLOT_BOTTOM + 170, name, at + ASIDE_WIDTH / 2,
		plot_y(plot, (double)count) - 50, count);
}

/* Where the axis has to end to leave room for the bars beside it. */
static int right_of(const struct bench_histogram *histogram)
{
	int asides = (histogram->above > 0) + (histogram->never > 0);
	return PLOT_RIGHT - asides * ASIDE_WIDTH - (asides ? ASIDE_GAP : 0);
}

void plot_histogram(GString *out, const struct bench_sample *sample, enum bench_class kind,
	const char *title, const char *x_title)
{
	struct bench_histogram histogram;
	bench_histogram_init(&histogram, sample, bins_for(sample));
	struct plot plot = {.x_max = axis_end(&histogram),
		.y_max = MAX((double)histogram.highest, 1) * 1.05,
		.right = right_of(&histogram)};
	char never[32] = "never";
	if (sample->limit_ms && sample->limit_ms % 1000 == 0)
		g_snprintf(never, sizeof never, "&gt;%u\u202fs", sample->limit_ms / 1000);
	plot_open(out, title);
	plot_axes(out, &plot, x_title, "zaps");
	draw_bins(out, &plot, &histogram, kind);
	if (histogram.above)
		draw_aside(out, &plot, bench_class_name(kind), plot.right + ASIDE_GAP,
			histogram.above, "later");
	if (histogram.never)
		draw_aside(out, &plot, "never", PLOT_RIGHT - ASIDE_WIDTH, histogram.never, never);
	plot_close(out);
	bench_histogram_clear(&histogram);
}

/* Steps at so many of the values that no more can be seen. */
static void draw_curve(
	GString *out, const struct plot *plot, const struct bench_sample *sample, const char *class)
{
	size_t stride = MAX(sample->finite / CURVE_POINTS, 1), last = 0;
	g_string_append_printf(
		out, "<path class=\"curve %s\" d=\"M%d %d", class, PLOT_LEFT, PLOT_BOTTOM);
	for (size_t i = 0; i < sample->finite && sample->ms[i] <= plot->x_max; i++) {
		last = i + 1;
		if (i % stride && i + 1 < sample->finite)
			continue;
		g_string_append_printf(out, "H%dV%d", plot_x(plot, sample->ms[i]),
			plot_y(plot, (double)(i + 1) / (double)sample->count));
	}
	g_string_append_printf(out, "V%dH%d\"/>\n",
		plot_y(plot, (double)last / (double)sample->count), plot->right);
}

/* A dotted line down from the curve, and the value beside it, where the curve is not. */
static void draw_guide(GString *out, const struct plot *plot, const struct bench_sample *sample,
	unsigned percent, int text_y)
{
	double ms = bench_percentile_told(sample, percent);
	if (!(ms <= plot->x_max))
		return;
	int x = plot_x(plot, ms);
	bool left = x + LABEL_WIDTH > PLOT_RIGHT;
	g_string_append_printf(out,
		"<line class=\"guide\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>"
		"<text class=\"strong%s\" x=\"%d\" y=\"%d\">p%u ",
		x, x, plot_y(plot, percent / 100.0), PLOT_BOTTOM, left ? " end" : "",
		x + (left ? -60 : 60), text_y, percent);
	html_ms(out, ms, 0);
	g_string_append(out, "\u202fms</text>\n");
}

void plot_curve(GString *out, const struct bench_sample *sample, const struct bench_sample *before,
	enum bench_class kind, const char *title)
{
	struct bench_histogram histogram;
	bench_histogram_init(&histogram, sample, bins_for(sample));
	struct plot plot = {
		.x_max = axis_end(&histogram), .y_max = 1, .right = PLOT_RIGHT, .percent = true};
	plot_open(out, title);
	plot_axes(out, &plot, "from the press", "share of zaps that were there");
	if (before && before->count)
		draw_curve(out, &plot, before, "before");
	draw_curve(out, &plot, sample, bench_class_name(kind));
	draw_guide(out, &plot, sample, 50, PLOT_BOTTOM - 80);
	draw_guide(out, &plot, sample, 95, PLOT_BOTTOM - 280);
	plot_close(out);
	bench_histogram_clear(&histogram);
}
