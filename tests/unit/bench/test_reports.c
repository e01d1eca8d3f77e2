/* reports: JSON as others script against it, read back again; CSV; the text for a terminal. */
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "client/bench/report_csv.h"
#include "client/bench/report_html.h"
#include "client/bench/report_json.h"
#include "client/bench/report_text.h"
#include "tests/support/test.h"
#include "tests/unit/bench/synthetic.h"

#define MS UINT64_C(1000000)

static char *json_of(const struct bench_run *run)
{
	struct bench_statistics *statistics = bench_statistics_new(run);
	GString *text = g_string_new(NULL);
	bench_report_json(run, statistics, text);
	bench_statistics_free(statistics);
	return g_string_free(text, FALSE);
}

static char *text_of(const struct bench_run *run)
{
	struct bench_statistics *statistics = bench_statistics_new(run);
	GString *text = g_string_new(NULL);
	bench_report_text(run, statistics, text);
	bench_statistics_free(statistics);
	return g_string_free(text, FALSE);
}

/* Two zaps: one to 5.1 that went well, one that never saw a packet. */
static struct bench_run *small_run(void)
{
	struct bench_run *run = synthetic_empty();
	struct bench_zap zap = synthetic_zap(ZAP_COLD, 1030);
	zap.record.to = 4;
	zap.record.at_ns[ZAP_RAP_COMPLETE] = zap.scheduled_ns + 1002 * MS;
	zap.check = BENCH_GOOD;
	zap.wire_ns = zap.scheduled_ns + MS / 16;
	zap.waited_ns = 650 * MS;
	zap.ahead = (struct bench_ahead){.streams = 3, .whole = 2, .kbps = 12648};
	bench_run_add_zap(run, &zap);
	zap = synthetic_zap(ZAP_COLD, -1);
	zap.record.from = ZAP_NO_CHANNEL;
	bench_run_add_zap(run, &zap);
	return run;
}

static const char *member(json_t *root, const char *object, const char *name, char *buf)
{
	json_t *value = json_object_get(json_object_get(root, object), name);
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(9));
	g_strlcpy(buf, text, 400);
	free(text);
	return buf;
}

static void test_json_is_as_others_script_against_it(void **state)
{
	(void)state;
	struct bench_run *run = small_run();
	char *text = json_of(run), buf[400];
	json_t *root = json_loads(text, 0, NULL);
	assert_non_null(root);
	assert_non_null(strstr(text,
		"\n{\"n\":1,\"from\":2,\"to\":\"5.1\",\"kind\":\"cold\","
		"\"result\":\"ok\",\"cut_off\":\"none\",\"at_ms\":0.0,\"press\":\"up\","
		"\"check\":\"good\",\"report_stamp\":\"wire\",\"ahead\":{"
		"\"streams\":3,\"whole\":2,\"mbps\":12.648},"
		"\"waited_ms\":650.0,\"ms\":{"
		"\"report\":0.0625,\"first_packet\":null,\"psi\":null,"
		"\"rap\":null,\"rap_complete\":1002.0,\"decoded\":null,"
		"\"picture\":1030.0,\"motion\":null,\"audio\":null}},\n"));
	assert_non_null(strstr(text, "\n{\"n\":1,\"from\":null,\"to\":3,\"kind\":\"cold\","
				     "\"result\":\"timeout\""));
	json_t *summary = json_object_get(root, "summary");
	assert_string_equal(member(summary, "cold", "picture", buf),
		"{\"n\":2,\"p50\":1030.0,\"p95\":\">limit\",\"p99\":\">limit\",\"max\":\">"
		"limit\"}");
	assert_string_equal(member(summary, "cold", "overhead", buf),
		"{\"n\":1,\"p50\":28.0,\"p95\":28.0,\"p99\":28.0,\"max\":28.0}");
	assert_string_equal(member(summary, "cold", "audio", buf),
		"{\"n\":1,\"p50\":\">limit\",\"p95\":\">limit\",\"p99\":\">limit\",\"max\":\">"
		"limit\"}");
	assert_string_equal(member(root, "summary", "warm", buf), "null");
	assert_string_equal(member(root, "scenario", "limit_ms", buf), "5000");
	json_decref(root);
	g_free(text);
	bench_run_free(run);
}

static void test_json_read_back_is_the_same_run(void **state)
{
	(void)state;
	struct bench_run *run = synthetic_run(&(struct synthetic_shape){.seed = 4,
		.cold = 40,
		.partial = 10,
		.warm = 40,
		.superseded = 10,
		.timeouts_per_mille = 50});
	bench_run_end(run, BENCH_END_INTERRUPTED, "Ctrl-C \xff");
	run->idle_presses = 3;
	run->settings.wish = BENCH_COLD_ONLY;
	run->settings.prejoin = BENCH_PREJOIN_AUTO;
	g_array_index(run->zaps, struct bench_zap, 3).waited_ns = 1234567;
	g_array_index(run->zaps, struct bench_zap, 4).check = BENCH_WHOLE;
	g_array_index(run->zaps, struct bench_zap, 5).cut = BENCH_CUT_RUN;
	g_array_index(run->zaps, struct bench_zap, 6).record.at_ns[ZAP_AUDIO] = 0;
	run->settings.storm_per_s = 9;
	run->settings.storm_ms = 700;
	char *text = json_of(run), *why = NULL;
	struct bench_run *again = NULL;
	assert_int_equal(bench_report_read(text, strlen(text), &again, &why), 0);
	char *once_more = json_of(again);
	assert_string_equal(text, once_more);
	for (size_t i = 0; i < bench_run_count(run); i++)
		assert_int_equal(
			bench_run_zap(run, i)->record.to, bench_run_zap(again, i)->record.to);
	g_free(text);
	g_free(once_more);
	bench_run_free(run);
	bench_run_free(again);
}

static void assert_unreadable(const char *text, int error, const char *expected)
{
	struct bench_run *run = NULL;
	char *why = NULL;
	assert_int_equal(bench_report_read(text, strlen(text), &run, &why), error);
	assert_null(run);
	assert_string_equal(why, expected);
	g_free(why);
}

static void test_foreign_and_broken_files_are_refused_with_a_reason(void **state)
{
	(void)state;
	assert_unreadable(
		"", -EILSEQ, "it is no JSON: line 1: '[' or '{' expected near end of file");
	assert_unreadable("[]", -EILSEQ, "it is no report of zapper bench");
	assert_unreadable("{\"version\":1}", -EILSEQ, "it is no report of zapper bench");
	assert_unreadable("{\"version\":2,\"zaps\":[]}", -EPROTONOSUPPORT,
		"it is of version 2, and this zapper reads version 1 only");
	assert_unreadable("{\"version\":1,\"zaps\":7}", -EILSEQ, "it holds no \"zaps\"");
	assert_unreadable(
		"{\"version\":1,\"zaps\":[7]}", -EILSEQ, "zap 1: a channel has no number");
	assert_unreadable("{\"version\":1,\"zaps\":[{\"n\":1,\"from\":1,\"to\":2,\"kind\":\"hot\","
			  "\"result\":\"ok\",\"ms\":{}}]}",
		-EILSEQ, "zap 1: \"kind\" is none of the words that it can be");
	assert_unreadable("{\"version\":1,\"zaps\":[{\"n\":1,\"from\":1,\"to\":2,\"kind\":\"cold\","
			  "\"result\":\"ok\"}]}",
		-EILSEQ, "zap 1: it has no \"ms\"");
	assert_unreadable("{\"version\":1,\"zaps\":[{\"n\":1,\"from\":1,\"to\":2,\"kind\":\"cold\","
			  "\"result\":\"ok\",\"ms\":{\"picture\":-1}}]}",
		-EILSEQ, "zap 1: \"picture\" is no number of milliseconds");
	assert_unreadable("{\"version\":1,\"scenario\":{\"seed\":-5},\"zaps\":[]}", -EILSEQ,
		"\"seed\" is no count");
}

static void test_motion_before_the_picture_is_refused(void **state)
{
	(void)state;
	assert_unreadable("{\"version\":1,\"zaps\":[{\"n\":1,\"from\":1,\"to\":2,\"kind\":\"cold\","
			  "\"result\":\"ok\",\"ms\":{\"picture\":9,\"motion\":8.5}}]}",
		-EILSEQ, "zap 1: \"motion\" comes before \"picture\"");
	assert_unreadable("{\"version\":1,\"zaps\":[{\"n\":1,\"from\":1,\"to\":2,\"kind\":\"cold\","
			  "\"result\":\"ok\",\"ms\":{\"motion\":8.5}}]}",
		-EILSEQ, "zap 1: \"motion\" comes before \"picture\"");
}

/* Processor time to read a report of as many channels as zaps, and to write its page. */
static double cost_of_channels(size_t count)
{
	struct bench_run *run = synthetic_empty(), *again;
	char *why;
	for (size_t i = 0; i < count; i++) {
		char number[16];
		struct bench_zap zap = synthetic_zap(ZAP_COLD, 1000);
		g_snprintf(number, sizeof number, "%zu", 1000 + i);
		bench_run_add_channel(run, number, "");
		zap.record.from = ZAP_NO_CHANNEL;
		zap.record.to = (int)run->channels->len - 1;
		bench_run_add_zap(run, &zap);
	}
	char *text = json_of(run);
	clock_t before = clock();
	assert_int_equal(bench_report_read(text, strlen(text), &again, &why), 0);
	assert_int_equal(bench_run_zap(again, count - 1)->record.to, 8 + count - 1);
	GString *html = g_string_new(NULL);
	bench_report_html(again, "many", NULL, NULL, html);
	double seconds = (double)(clock() - before) / CLOCKS_PER_SEC;
	g_string_free(html, TRUE);
	g_free(text);
	bench_run_free(run);
	bench_run_free(again);
	return seconds;
}

/* Nothing may look through all channels for each zap: eight times as many take 8 times as long, not 64. */
static void test_many_channels_take_no_time(void **state)
{
	(void)state;
	double few = cost_of_channels(2500), many = cost_of_channels(20000);
	print_message("2500 channels: %.3f s, 20000: %.3f s\n", few, many);
	assert_true(many < 30 * few);
}

/* The first of two channels that share a number is meant, as a viewer's digits would. */
static void test_channels_that_share_a_number(void **state)
{
	(void)state;
	const char *text =
		"{\"version\":1,\"channels\":[{\"number\":7,\"name\":\"a\"},"
		"{\"number\":7,\"name\":\"b\"}],\"zaps\":[{\"n\":1,\"from\":\"9.1\",\"to\":7,"
		"\"kind\":\"cold\",\"result\":\"ok\",\"ms\":{}}]}";
	struct bench_run *run;
	char *why;
	assert_int_equal(bench_report_read(text, strlen(text), &run, &why), 0);
	assert_int_equal(bench_run_zap(run, 0)->record.to, 0);
	assert_int_equal(bench_run_zap(run, 0)->record.from, 2);
	bench_run_free(run);
}

static void test_what_design_fixes_is_enough_to_be_read(void **state)
{
	(void)state;
	const char *text =
		"{\"version\":1,\"host\":{\"cpus\":4},\"scenario\":{},\"zaps\":[{\"n\":1,\"from\":"
		"3,"
		"\"to\":4,\"kind\":\"warm\",\"result\":\"ok\",\"ms\":{\"report\":0.06,"
		"\"rap_complete\":0,\"picture\":9.5,\"later\":1}}],\"summary\":{},\"new\":[]}";
	struct bench_run *run;
	char *why;
	assert_int_equal(bench_report_read(text, strlen(text), &run, &why), 0);
	assert_true(fabs(bench_figure(bench_run_zap(run, 0), BENCH_OVERHEAD) - 9.5) < 1e-9);
	assert_string_equal(bench_run_number(run, bench_run_zap(run, 0)->record.to), "4");
	bench_run_free(run);
}

/* Every byte that is missing at the end, and every one that is changed, is survived. */
static void test_no_broken_report_breaks_the_reader(void **state)
{
	(void)state;
	struct bench_run *run = small_run(), *again;
	char *text = json_of(run), *why;
	size_t size = strlen(text) - strlen("\n");
	for (size_t i = 0; i < size; i++) {
		char kept = text[i];
		assert_int_equal(bench_report_read(text, i, &again, &why), -EILSEQ);
		g_free(why);
		text[i] = '"';
		if (bench_report_read(text, size, &again, &why) == 0)
			bench_run_free(again);
		else
			g_free(why);
		text[i] = kept;
	}
	g_free(text);
	bench_run_free(run);
}

static void test_csv_has_a_row_per_zap(void **state)
{
	(void)state;
	struct bench_run *run = small_run();
	GString *csv = g_string_new(NULL);
	g_array_index(run->zaps, struct bench_zap, 1).record.to = 3;
	bench_report_csv(run, csv);
	assert_string_equal(csv->str,
		"n,at_ms,press,from,to,to_name,kind,result,check,report_ms,first_packet_ms,psi_ms,"
		"rap_ms,rap_complete_ms,decoded_ms,picture_ms,motion_ms,audio_ms,overhead_ms,"
		"freeze_ms,wait_ms,ahead,ahead_whole,ahead_mbps,waited_ms,cut_off\r\n"
		"1,0.000000,up,2,5.1,France "
		"2,cold,ok,good,0.062500,,,,1002.000000,,1030.000000,>limit,,"
		"28.000000,>limit,,3,2,12.648,650.000000,none\r\n"
		"1,0.000000,up,-,4,\"\"\"Quoted\"\" 'n' sharp\",cold,timeout,unchecked,0.050000,"
		">limit,>limit,>limit,>limit,>limit,>limit,>limit,>limit,,,,0,0,0.000,"
		"0.000000,none\r\n");
	g_string_free(csv, TRUE);
	bench_run_free(run);
}

static void assert_narrow(const char *text)
{
	char **lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++)
		assert_true(g_utf8_strlen(*line, -1) <= 80);
	g_strfreev(lines);
}

static void test_text_fits_80_columns(void **state)
{
	(void)state;
	struct bench_run *run = small_run();
	run->limit_ms = UINT32_MAX;
	char *text = text_of(run);
	assert_narrow(text);
	g_free(text);
	bench_run_free(run);
}

static void test_text_says_what_has_to_be_known(void **state)
{
	(void)state;
	struct bench_run *run = small_run();
	run->idle_presses = 2;
	bench_run_end(run, BENCH_END_INTERRUPTED, NULL);
	char *text = text_of(run);
	assert_string_equal(text,
		"2 zaps: 2 cold, 0 partial, 0 warm, 0 superseded; 1 without a picture\n"
		"class       ms            zaps        p50        p95        p99        max\n"
		"cold        report           2      0.050          -          -      0.062\n"
		"            picture          2       1030          -          -      >5000\n"
		"            motion           2      never          -          -      never\n"
		"            audio            1      never          -          -      never\n"
		"            overhead         1       28.0          -          -       28.0\n"
		"            freeze           1      never          -          -      never\n"
		"never moved: 1 of 1; never heard: 0\n"
		"first pictures: 1 good\n"
		"received ahead (2): 0 streams (0 to 3), 0 of them whole, 0.0 Mb/s\n"
		"1 keys waited until their channel was warm: 650 ms, 650 ms at most\n"
		"the tool's own error: p99 0.090 ms, max 0.31 ms (1000 known delays)\n"
		"2 presses led to no zap\n"
		"the run was interrupted\n");
	g_free(text);
	bench_run_free(run);
	run = bench_run_new();
	text = text_of(run);
	assert_string_equal(text, "0 zaps: 0 cold, 0 partial, 0 warm, 0 superseded; 0 without a "
				  "picture\n");
	g_free(text);
	bench_run_free(run);
}

static void expect_line(const struct bench_run *run, const char *line, bool there)
{
	char *text = text_of(run);
	if ((strstr(text, line) != NULL) != there)
		fail_msg("\"%s\" is %s in: %s", line, there ? "not" : "there", text);
	g_free(text);
}

static void test_text_says_what_never_moved_and_what_was_cut_off(void **state)
{
	(void)state;
	struct bench_run *run = synthetic_run(&(struct synthetic_shape){.seed = 1, .cold = 30});
	struct bench_zap *zaps = &g_array_index(run->zaps, struct bench_zap, 0);
	expect_line(run, "never", false);
	expect_line(run, "had the time", false);
	expect_line(run, "*", false);
	zaps[0].record.at_ns[ZAP_MOTION] = zaps[1].record.at_ns[ZAP_MOTION] = 0;
	zaps[2].record.at_ns[ZAP_AUDIO] = 0;
	expect_line(run, "\nnever moved: 2 of 30; never heard: 1\n", true);
	zaps[0].cut = zaps[3].cut = BENCH_CUT_KEY;
	zaps[4].record.kind = ZAP_SUPERSEDED;
	expect_line(run, "\nnever moved: 1 of 28; never heard: 1\n", true);
	expect_line(run,
		"\n* of zaps that had the time; 1 were cut off before the picture, 2 after it\n",
		true);
	expect_line(run, "            motion*         ", true);
	expect_line(run, "report* ", false);
	/* No key did that. */
	zaps[5].record.kind = ZAP_SUPERSEDED;
	zaps[5].cut = BENCH_CUT_RUN;
	expect_line(run,
		"\n* of zaps that had the time; 2 were cut off before the picture, 2 after it\n",
		true);
	expect_line(run, "\n1 zap was unfinished when the run ended\n", true);
	char *text = text_of(run);
	assert_narrow(text);
	g_free(text);
	bench_run_free(run);
}

static char *comparison_text(const struct bench_run *a, const struct bench_run *b)
{
	struct bench_comparison *comparison = bench_compare(a, b);
	GString *text = g_string_new(NULL);
	bench_comparison_text(comparison, "a.json", "b.json", text);
	bench_comparison_free(comparison);
	return g_string_free(text, FALSE);
}

static void test_comparison_says_no_difference_seen(void **state)
{
	(void)state;
	struct bench_run *a = synthetic_run(&(struct synthetic_shape){
		.seed = 1, .cold = 150, .warm = 150, .timeouts_per_mille = 60});
	struct bench_run *slow = synthetic_run(
		&(struct synthetic_shape){.seed = 2, .cold = 150, .warm = 150, .slower_ms = 9});
	struct bench_run *none = synthetic_empty();
	char *text = comparison_text(a, a);
	assert_true(g_str_has_suffix(text, "\nno difference seen\n"));
	assert_non_null(strstr(text, " zaps may not show a median picture changed by "));
	assert_narrow(text);
	g_free(text);
	text = comparison_text(a, slow);
	assert_null(strstr(text, "no difference seen"));
	assert_non_null(strstr(text, " HIGHER\n"));
	assert_narrow(text);
	g_free(text);
	text = comparison_text(slow, none);
	assert_non_null(strstr(text, "nothing to compare"));
	assert_non_null(
		strstr(text, "warm: 150 and 0 zaps are too few to compare: it takes 10 in both\n"));
	g_free(text);
	bench_run_free(a);
	bench_run_free(slow);
	bench_run_free(none);
}

static void test_progress_line(void **state)
{
	(void)state;
	char buf[BENCH_PROGRESS_BYTES];
	const uint64_t second = 1000000000;
	assert_string_equal(
		bench_progress(buf, 37, 100, 250 * second), "zap 37 of 100, 4 min left");
	assert_string_equal(
		bench_progress(buf, 37, 100, 290 * second), "zap 37 of 100, 5 min left");
	assert_string_equal(bench_progress(buf, 99, 100, 1), "zap 99 of 100, 1 s left");
	assert_string_equal(bench_progress(buf, 1, 9, 59 * second), "zap 1 of 9, 59 s left");
	assert_string_equal(
		bench_progress(buf, 1, 9, 7500 * second), "zap 1 of 9, 2 h 05 min left");
	assert_string_equal(
		bench_progress(buf, 1, 9, 7190 * second), "zap 1 of 9, 2 h 00 min left");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_is_as_others_script_against_it),
		cmocka_unit_test(test_json_read_back_is_the_same_run),
		cmocka_unit_test(test_foreign_and_broken_files_are_refused_with_a_reason),
		cmocka_unit_test(test_motion_before_the_picture_is_refused),
		cmocka_unit_test(test_many_channels_take_no_time),
		cmocka_unit_test(test_channels_that_share_a_number),
		cmocka_unit_test(test_what_design_fixes_is_enough_to_be_read),
		cmocka_unit_test(test_no_broken_report_breaks_the_reader),
		cmocka_unit_test(test_csv_has_a_row_per_zap),
		cmocka_unit_test(test_text_fits_80_columns),
		cmocka_unit_test(test_text_says_what_has_to_be_known),
		cmocka_unit_test(test_text_says_what_never_moved_and_what_was_cut_off),
		cmocka_unit_test(test_comparison_says_no_difference_seen),
		cmocka_unit_test(test_progress_line),
	};
	return cmocka_run_group_tests_name("bench_reports", tests, NULL, NULL);
}
