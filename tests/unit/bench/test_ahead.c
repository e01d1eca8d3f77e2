/* ahead: what is said of channels received ahead, and of zaps that are not as wished. */
#include <math.h>
#include <string.h>

#include "client/bench/ahead.h"
#include "client/bench/report_text.h"
#include "tests/support/test.h"
#include "tests/unit/bench/synthetic.h"

static void add(struct bench_run *run, enum zap_kind kind, uint32_t streams, uint64_t waited_ms)
{
	struct bench_zap zap = synthetic_zap(kind, 10);
	zap.waited_ns = waited_ms * 1000000;
	zap.check = BENCH_WHOLE;
	zap.ahead = (struct bench_ahead){
		.streams = streams, .whole = streams / 2, .kbps = 4216 * streams};
	bench_run_add_zap(run, &zap);
}

static char *text_of(const struct bench_run *run)
{
	struct bench_statistics *statistics = bench_statistics_new(run);
	GString *text = g_string_new(NULL);
	bench_report_text(run, statistics, text);
	bench_statistics_free(statistics);
	return g_string_free(text, FALSE);
}

static void expect_said(const struct bench_run *run, const char *sentence, bool said)
{
	char *text = text_of(run);
	if ((strstr(text, sentence) != NULL) != said)
		fail_msg("\"%s\" is %s in: %s", sentence, said ? "not" : "there", text);
	g_free(text);
}

static void test_streams_rates_and_waits_are_summed_up(void **state)
{
	(void)state;
	struct bench_run *run = synthetic_empty();
	struct bench_ahead_summary summary;
	run->settings.wish = BENCH_WARM_ONLY;
	run->settings.prejoin = 4;
	add(run, ZAP_WARM, 4, 0);
	add(run, ZAP_WARM, 4, 600);
	add(run, ZAP_PARTIAL, 4, 0);
	add(run, ZAP_COLD, 1, 5000);
	add(run, ZAP_SUPERSEDED, 4, 0);
	bench_ahead_summarize(run, &summary);
	assert_true(summary.streams == 4 && summary.streams_min == 1 && summary.streams_max == 4);
	assert_true(summary.whole == 2);
	assert_true(fabs(summary.mbps - 16.864) < 1e-9);
	assert_int_equal(summary.waits, 2);
	assert_true(summary.wait_max_ms == 5000 && summary.wait_mean_ms == 2800);
	assert_int_equal(summary.not_wished, 2);
	expect_said(
		run, "received ahead (4): 4 streams (1 to 4), 2 of them whole, 16.9 Mb/s\n", true);
	expect_said(run, "2 keys waited until their channel was warm: 2800 ms, 5000 ms at most\n",
		true);
	expect_said(run, "warm zaps were wished, and 2 are not\n", true);
	expect_said(run, "first pictures: 5 whole\n", true);
	run->settings.wish = BENCH_COLD_ONLY;
	expect_said(run, "cold zaps were wished, and 3 are not\n", true);
	run->settings.wish = BENCH_ANY;
	expect_said(run, "were wished", false);
	bench_run_free(run);
}

static void test_nothing_is_said_where_nothing_was_received_ahead(void **state)
{
	(void)state;
	struct bench_run *run = synthetic_empty();
	struct bench_ahead_summary summary;
	run->settings.prejoin = 0;
	bench_ahead_summarize(run, &summary);
	assert_true(summary.streams == 0 && summary.waits == 0);
	expect_said(run, "received ahead", false);
	add(run, ZAP_COLD, 0, 0);
	expect_said(run, "received ahead", false);
	expect_said(run, "waited", false);
	/* It was wanted, but the budget left no room. */
	run->settings.prejoin = BENCH_PREJOIN_ALL;
	expect_said(
		run, "received ahead (all): 0 streams (0 to 0), 0 of them whole, 0.0 Mb/s\n", true);
	bench_run_free(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_streams_rates_and_waits_are_summed_up),
		cmocka_unit_test(test_nothing_is_said_where_nothing_was_received_ahead),
	};
	return cmocka_run_group_tests_name("bench_ahead", tests, NULL, NULL);
}
