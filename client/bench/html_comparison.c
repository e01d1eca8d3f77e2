#include <math.h>

#include "client/bench/html.h"

static void append_value(
	GString *out, const struct bench_difference *difference, double value, bool sign)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];
	if (sign && value > 0)
		g_string_append_c(out, '+');
	if (isinf(value)) {
		g_string_append(out, value > 0 ? "never" : "\u2212never");
	} else if (bench_is_share(difference->statistic)) {
		g_ascii_formatd(text, sizeof text, "%.1f", fabs(value) * 100);
		g_string_append_printf(out, "%s%s\u202f%%", value < 0 ? "\u2212" : "", text);
	} else {
		html_ms(out, value, 0);
	}
}

static void append_cell(GString *out, const struct bench_difference *difference, double value)
{
	g_string_append(out, "<td>");
	append_value(out, difference, value, false);
	g_string_append(out, "</td>");
}

static void append_verdict(GString *out, const struct bench_difference *difference)
{
	static const char *const words[] = {
		[BENCH_SAME] = "none seen",
		[BENCH_LOWER] = "\u2193 lower",
		[BENCH_HIGHER] = "\u2191 higher",
	};
	const char *class = difference->verdict == BENCH_SAME ? "none"
			    : bench_is_worse(difference)      ? "bad"
							      : "good";
	g_string_append_printf(
		out, "<td class=\"l %s\">%s</td>", class, words[difference->verdict]);
}

static void append_row(GString *out, const struct bench_difference *difference)
{
	bool share = bench_is_share(difference->statistic);
	g_string_append_printf(out, "<tr><td class=\"l\">%s</td><td class=\"l\">%s%s%s</td>",
		bench_class_name(difference->kind),
		share ? "" : bench_figure_name(difference->figure), share ? "" : " ",
		bench_statistic_name(difference->statistic));
	append_verdict(out, difference);
	g_string_append(out, "<td>");
	append_value(out, difference, difference->low, true);
	g_string_append(out, " \u2026 ");
	append_value(out, difference, difference->high, true);
	g_string_append(out, "</td>");
	append_cell(out, difference, difference->a);
	append_cell(out, difference, difference->b);
	g_string_append(out, "</tr>\n");
}

/* The verdict stands where a narrow screen shows it too. */
static void append_table(GString *out, const struct bench_comparison *comparison)
{
	g_string_append(out,
		"<div class=\"card scroll\"><table><thead><tr><th class=\"l\">class</th>"
		"<th class=\"l\">figure</th><th class=\"l\">difference</th><th>by</th>"
		"<th>before</th><th>this run</th></tr></thead><tbody>\n");
	for (guint i = 0; i < comparison->differences->len; i++)
		append_row(
			out, &g_array_index(comparison->differences, struct bench_difference, i));
	g_string_append(out, "</tbody></table></div>\n");
}

static void append_verdict_line(GString *out, const struct bench_comparison *comparison)
{
	if (!comparison->differences->len)
		g_string_append(out, "<p class=\"state\">Nothing to compare: no class has enough "
				     "zaps in both runs.</p>\n");
	else if (!comparison->seen)
		g_string_append(out, "<p class=\"state good\">No difference seen.</p>\n");
	else
		g_string_append_printf(out,
			"<p class=\"state\">%zu of %u comparisons show a "
			"difference.</p>\n",
			comparison->seen, comparison->differences->len);
}

static void append_method(GString *out, const struct bench_comparison *comparison)
{
	char confidence[G_ASCII_DTOSTR_BUF_SIZE];
	g_ascii_formatd(confidence, sizeof confidence, "%.2f", comparison->confidence * 100);
	g_string_append_printf(out,
		"<p class=\"about\">Milliseconds, this run less the one before, as bootstrap "
		"intervals of %s\u202f%% each: all %u of them together hold for 95\u202f%% of "
		"pairs of equal runs. Differences of at most ",
		confidence, comparison->differences->len);
	html_ms(out, comparison->resolution_ms, 0);
	g_string_append(out, "\u202fms are below what the tool can tell.</p>\n");
}

/* How much so many zaps can show. */
static void append_power(GString *out, const struct bench_power *power)
{
	g_string_append_printf(out, "<li>%s: ", html_class_title(power->kind));
	html_count(out, power->a);
	g_string_append(out, " and ");
	html_count(out, power->b);
	g_string_append(out, " zaps");
	if (isnan(power->unseen_ms)) {
		g_string_append_printf(
			out, " are too few to compare: it takes %u in both", BENCH_COMPARED_MIN);
	} else if (isinf(power->unseen_ms)) {
		g_string_append(out, "; too many failed for a median picture to be compared");
	} else {
		g_string_append(out, "; most changes of the median picture below ");
		html_ms(out, power->unseen_ms, 0);
		g_string_append(out, "\u202fms stay unseen");
	}
	g_string_append(out, ".</li>\n");
}

static void append_powers(GString *out, const struct bench_comparison *comparison)
{
	if (!comparison->powers->len)
		return;
	g_string_append(out, "<ul class=\"about\">\n");
	for (guint i = 0; i < comparison->powers->len; i++)
		append_power(out, &g_array_index(comparison->powers, struct bench_power, i));
	g_string_append(out, "</ul>\n");
}

static void append_caveat(GString *out, const struct html_page *page)
{
	char *caveat = bench_compare_caveat(page->before, page->run);
	if (caveat) {
		/* Notes among it may come from a file. */
		g_string_append(
			out, "<p class=\"state\">The runs were made under other conditions (");
		html_text(out, caveat);
		g_string_append(out, "): a difference may come from that.</p>\n");
	}
	g_free(caveat);
}

void html_comparison(GString *out, const struct html_page *page)
{
	if (!page->before)
		return;
	struct bench_comparison *comparison = bench_compare(page->before, page->run);
	g_string_append(out, "<section><h2>Compared with the run before</h2><p class=\"lead\">This "
			     "run: <bdi>");
	html_text(out, page->name);
	g_string_append(out, "</bdi>. Before: <bdi>");
	html_text(out, page->before_name);
	g_string_append(out, "</bdi>.</p>\n");
	append_verdict_line(out, comparison);
	append_caveat(out, page);
	if (comparison->differences->len)
		append_method(out, comparison);
	append_powers(out, comparison);
	if (comparison->differences->len)
		append_table(out, comparison);
	g_string_append(out, "</section>\n");
	bench_comparison_free(comparison);
}
