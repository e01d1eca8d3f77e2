#include <math.h>

#include "client/bench/plot.h"

/* From here on an axis is in seconds. */
#define SECONDS_FROM_MS 1000

void plot_open(GString *out, const char *title)
{
	g_string_append_printf(
		out, "<svg viewBox=\"0 0 %d %d\" role=\"img\"><title>", PLOT_WIDTH, PLOT_HEIGHT);
	html_text(out, title);
	g_string_append(out, "</title>\n");
}

void plot_close(GString *out)
{
	g_string_append(out, "</svg>\n");
}

int plot_x(const struct plot *plot, double ms)
{
	double share = CLAMP(ms / plot->x_max, 0, 1);
	return PLOT_LEFT + (int)lround(share * (plot->right - PLOT_LEFT));
}

int plot_y(const struct plot *plot, double value)
{
	double share = CLAMP(value / plot->y_max, 0, 1);
	return PLOT_BOTTOM - (int)lround(share * (PLOT_BOTTOM - PLOT_TOP));
}

struct plot_ticks plot_ticks(double max_ms, int wanted)
{
	struct plot_ticks ticks = {.seconds = max_ms >= SECONDS_FROM_MS};
	ticks.step_ms = bench_round_up(max_ms / wanted);
	ticks.count = (size_t)floor(max_ms / ticks.step_ms * (1 + 1e-9));
	return ticks;
}

/* As many decimals as a step of 1, 2 or 5 times a power of ten needs. */
static const char *format_step(char *buf, double step, double value)
{
	char format[8];
	int decimals = step >= 1 || value == 0 ? 0 : (int)ceil(-log10(step) - 1e-9);
	g_snprintf(format, sizeof format, "%%.%df", MIN(decimals, 6));
	return g_ascii_formatd(buf, G_ASCII_DTOSTR_BUF_SIZE, format, value);
}

const char *plot_tick_text(char *buf, const struct plot_ticks *ticks, size_t i)
{
	double unit = ticks->seconds ? 1000 : 1;
	return format_step(buf, ticks->step_ms / unit, (double)i * ticks->step_ms / unit);
}

static void draw_x(GString *out, const struct plot *plot, const char *title)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];
	struct plot_ticks ticks = plot_ticks(plot->x_max, 6);
	for (size_t i = 0; i <= ticks.count; i++) {
		int x = plot_x(plot, (double)i * ticks.step_ms);
		g_string_append_printf(out,
			"<line class=\"grid-line\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>"
			"<text class=\"middle\" x=\"%d\" y=\"%d\">%s</text>\n",
			x, x, PLOT_TOP, PLOT_BOTTOM, x, PLOT_BOTTOM + 170,
			plot_tick_text(text, &ticks, i));
	}
	g_string_append_printf(out, "<text class=\"middle\" x=\"%d\" y=\"%d\">%s, %s</text>\n",
		(PLOT_LEFT + plot->right) / 2, PLOT_BOTTOM + 380, title,
		ticks.seconds ? "seconds" : "milliseconds");
}

static void draw_y(GString *out, const struct plot *plot, const char *title)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];
	double step = bench_round_up(plot->y_max / 4);
	if (plot->percent)
		step = 0.25;
	else if (step < 1)
		step = 1; /* of whole zaps */
	for (double value = 0; value <= plot->y_max * (1 + 1e-9); value += step) {
		int y = plot_y(plot, value);
		double shown = plot->percent ? value * 100 : value;
		g_string_append_printf(out,
			"<line class=\"%s\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>"
			"<text class=\"end\" x=\"%d\" y=\"%d\">%s%s</text>\n",
			value > 0 ? "grid-line" : "axis", PLOT_LEFT, PLOT_RIGHT, y, y,
			PLOT_LEFT - 70, y + 40, format_step(text, 1, shown),
			plot->percent ? "\u202f%" : "");
	}
	g_string_append_printf(out, "<text x=\"0\" y=\"%d\">%s</text>\n", PLOT_TOP - 140, title);
}

void plot_axes(GString *out, const struct plot *plot, const char *x_title, const char *y_title)
{
	draw_x(out, plot, x_title);
	draw_y(out, plot, y_title);
}

void plot_scale(GString *out, double max_ms, int wanted)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];
	struct plot_ticks ticks = plot_ticks(max_ms, wanted);
	g_string_append(out, "<div class=\"scale\">");
	for (size_t i = 0; i <= ticks.count; i++) {
		int per_mille = (int)lround(1000 * (double)i * ticks.step_ms / max_ms);
		g_string_append_printf(out, "<span%s style=\"left:%d.%d%%\">%s\u202f%s</span>",
			per_mille > 940 ? " class=\"last\"" : "", per_mille / 10, per_mille % 10,
			plot_tick_text(text, &ticks, i), ticks.seconds ? "s" : "ms");
	}
	g_string_append(out, "</div>\n");
}
