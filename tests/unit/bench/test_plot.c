/* plot: axes have round numbers, and what is drawn lies where its value is. */
#include <math.h>
#include <string.h>

#include "client/bench/plot_distribution.h"
#include "tests/support/test.h"

static void assert_ticks(double max_ms, int wanted, const char *expected)
{
	struct plot_ticks ticks = plot_ticks(max_ms, wanted);
	GString *text = g_string_new(NULL);
	char number[G_ASCII_DTOSTR_BUF_SIZE];
	for (size_t i = 0; i <= ticks.count; i++)
		g_string_append_printf(text, "%s ", plot_tick_text(number, &ticks, i));
	g_string_append(text, ticks.seconds ? "s" : "ms");
	assert_string_equal(text->str, expected);
	g_string_free(text, TRUE);
}

static void test_ticks_are_round_numbers(void **state)
{
	(void)state;
	assert_ticks(999, 5, "0 200 400 600 800 ms");
	assert_ticks(2340, 6, "0 0.5 1.0 1.5 2.0 s");
	assert_ticks(26, 6, "0 5 10 15 20 25 ms");
	assert_ticks(0.06, 6, "0 0.01 0.02 0.03 0.04 0.05 0.06 ms");
	assert_ticks(60000, 6, "0 10 20 30 40 50 60 s");
}

static void test_values_lie_on_their_axis(void **state)
{
	(void)state;
	const struct plot plot = {.x_max = 200, .y_max = 10, .right = PLOT_RIGHT};
	assert_int_equal(plot_x(&plot, 0), PLOT_LEFT);
	assert_int_equal(plot_x(&plot, 100), (PLOT_LEFT + PLOT_RIGHT) / 2);
	assert_int_equal(plot_x(&plot, 200), PLOT_RIGHT);
	assert_int_equal(plot_y(&plot, 0), PLOT_BOTTOM);
	assert_int_equal(plot_y(&plot, 10), PLOT_TOP);
	/* Nothing leaves the plot. */
	assert_int_equal(plot_x(&plot, 1e9), PLOT_RIGHT);
	assert_int_equal(plot_y(&plot, -1), PLOT_BOTTOM);
}

static struct bench_sample sample_of(const double *ms, size_t count)
{
	struct bench_sample sample;
	bench_sample_init(&sample, g_memdup2(ms, count * sizeof *ms), count);
	return sample;
}

static void test_histogram_shows_the_late_and_the_missing_apart(void **state)
{
	(void)state;
	double ms[50];
	for (int i = 0; i < 50; i++)
		ms[i] = i < 48 ? 10 + i % 4 : i == 48 ? 900 : INFINITY;
	struct bench_sample sample = sample_of(ms, 50);
	bench_sample_limit(&sample, BENCH_PICTURE, 5000);
	GString *svg = g_string_new(NULL);
	plot_histogram(svg, &sample, BENCH_WARM, "title <1>", "from the press");
	assert_non_null(strstr(svg->str, "<title>title &lt;1&gt;</title>"));
	assert_non_null(strstr(svg->str, "<title>24: 10 to 12 ms</title>"));
	assert_non_null(strstr(svg->str, "<title>1: later</title>"));
	assert_non_null(strstr(svg->str, "<title>1: &gt;5\u202fs</title>"));
	g_string_free(svg, TRUE);
	bench_sample_clear(&sample);
}

static void test_curve_ends_below_100_percent_where_some_never_came(void **state)
{
	(void)state;
	const struct plot whole = {.x_max = 1, .y_max = 1, .right = PLOT_RIGHT};
	const double ms[] = {1, 2, 3, INFINITY};
	struct bench_sample sample = sample_of(ms, 4);
	GString *svg = g_string_new(NULL);
	char end[64];
	plot_curve(svg, &sample, NULL, BENCH_COLD, "title");
	g_snprintf(end, sizeof end, "V%dH%d\"/>", plot_y(&whole, 0.75), PLOT_RIGHT);
	assert_non_null(strstr(svg->str, end));
	/* The median is marked, the 95th percentile is beyond the axis. */
	assert_non_null(strstr(svg->str, ">p50 2.00\u202fms<"));
	assert_null(strstr(svg->str, "p95"));
	g_string_free(svg, TRUE);
	bench_sample_clear(&sample);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ticks_are_round_numbers),
		cmocka_unit_test(test_values_lie_on_their_axis),
		cmocka_unit_test(test_histogram_shows_the_late_and_the_missing_apart),
		cmocka_unit_test(test_curve_ends_below_100_percent_where_some_never_came),
	};
	return cmocka_run_group_tests_name("bench_plot", tests, NULL, NULL);
}
