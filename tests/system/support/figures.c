#include "tests/system/support/figures.h"

#include <math.h>
#include <stdio.h>

struct figure figure_new(const char *name, double target_p50_ms)
{
	return (struct figure){name, target_p50_ms, g_array_new(FALSE, FALSE, sizeof(double))};
}

void figure_clear(struct figure *figure)
{
	g_clear_pointer(&figure->ms, g_array_unref);
}

void figure_add(struct figure *figure, double ms)
{
	g_array_append_val(figure->ms, ms);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

double figure_percentile(const struct figure *figure, double p)
{
	guint n = figure->ms->len;
	if (!n)
		return NAN;
	g_array_sort(figure->ms, compare);
	double rank = ceil(p / 100 * n);
	return g_array_index(figure->ms, double, rank < 1 ? 0 : (guint)rank - 1);
}

static void append_row(GString *text, const struct figure *figure)
{
	g_string_append_printf(text, "%-44s %5u", figure->name, figure->ms->len);
	const double percentiles[] = {50, 95, 99, 100};
	for (size_t i = 0; i < G_N_ELEMENTS(percentiles); i++)
		g_string_append_printf(text, " %9.3f", figure_percentile(figure, percentiles[i]));
	if (figure->target_p50_ms > 0)
		g_string_append_printf(text, "   p50 at most %g: %s", figure->target_p50_ms,
			figure_percentile(figure, 50) <= figure->target_p50_ms ? "reached"
									       : "missed");
	g_string_append_c(text, '\n');
}

void figures_print(const char *title, const struct figure *figures, size_t n, const char *name)
{
	GString *text = g_string_new(NULL);
	g_string_printf(text, "%s\n%-44s %5s %9s %9s %9s %9s\n", title, "ms", "n", "p50", "p95",
		"p99", "max");
	for (size_t i = 0; i < n; i++)
		append_row(text, &figures[i]);
	/* On standard error: standard output may be a report. */
	fputs(text->str, stderr);
	const char *build = g_getenv("ZAPPER_BUILD");
	g_autofree char *path =
		g_build_filename(build ? build : ".", "tests", "system", name, NULL);
	g_file_set_contents(path, text->str, (gssize)text->len, NULL);
	g_string_free(text, TRUE);
}
