/* The benchmark on a real multicast network: what it writes, how exact it is, and how it ends. */
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

#include "tests/system/support/benchmark.h"
#include "tests/system/support/exactness.h"

enum {
	ZAPS = 10,
	/* A GOP of wait, one of freeze, a second of motion, and a slow machine. */
	ZAP_MAX_MS = 10000,
};
/* tests/bench/exactness looks at the 99th percentile, on a calm machine; here the median is that.
 */
#define ERROR_P50_MAX_MS 0.2

/* ---- a whole run ---- */

static void expect_schema(const struct stage *stage, const char *name)
{
	g_autofree char *path = lab_path(&stage->lab, name);
	g_autofree char *schema = g_build_filename(ZAPPER_SOURCE, "doc", "bench.schema.json", NULL);
	const char *const argv[] = {"python3", "-c",
		"import json, sys, jsonschema\n"
		"jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate("
		"json.load(open(sys.argv[2])))",
		schema, path, NULL};
	lab_run(&stage->lab, "box", argv);
}

static unsigned count_rows(const struct stage *stage, const char *name)
{
	g_autofree char *path = lab_path(&stage->lab, name);
	g_autofree char *text = lab_read(path);
	unsigned rows = 0;
	for (const char *c = text; (c = strstr(c, "\r\n")); c += 2)
		rows++;
	return rows;
}

static void expect_zap(const json_t *zap, int n, int from)
{
	const json_t *ms = json_object_get(zap, "ms");
	double first_packet_ms = json_number_value(json_object_get(ms, "first_packet"));
	double rap_ms = json_number_value(json_object_get(ms, "rap_complete"));
	double picture_ms = json_number_value(json_object_get(ms, "picture"));
	assert_int_equal(json_integer_value(json_object_get(zap, "n")), n);
	assert_int_equal(json_integer_value(json_object_get(zap, "from")), from);
	assert_string_equal(json_string_value(json_object_get(zap, "kind")), "cold");
	assert_string_equal(json_string_value(json_object_get(zap, "result")), "ok");
	assert_string_equal(json_string_value(json_object_get(zap, "check")), "whole");
	assert_string_equal(json_string_value(json_object_get(zap, "report_stamp")), "wire");
	assert_true(json_number_value(json_object_get(ms, "report")) < first_packet_ms);
	assert_true(first_packet_ms < rap_ms && rap_ms < picture_ms);
}

/* When pictures have moved for a second. */
static double moved_ms(const json_t *zap)
{
	const json_t *motion = json_object_get(json_object_get(zap, "ms"), "motion");
	return json_number_value(json_object_get(zap, "at_ms")) + json_number_value(motion) + 1000;
}

/* Each begins where the one before has led, and when that is certain to move. */
static void expect_zaps(const json_t *report, int count)
{
	const json_t *zaps = json_object_get(report, "zaps"), *zap;
	double moved = 0;
	int at = 1;
	size_t i;
	assert_int_equal(json_array_size(zaps), count);
	json_array_foreach(zaps, i, zap)
	{
		assert_true(json_number_value(json_object_get(zap, "at_ms")) > moved - 0.001);
		moved = moved_ms(zap);
		expect_zap(zap, (int)i + 1, at);
		at = (int)json_integer_value(json_object_get(zap, "to"));
	}
}

/* Another run can be told from this one by what made it. */
static void expect_notes(const struct stage *stage)
{
	json_t *report = benchmark_report(&stage->lab, "run.json");
	const json_t *notes = json_object_get(json_object_get(report, "scenario"), "notes");
	const json_t *host = json_object_get(report, "host");
	assert_string_equal(
		json_string_value(json_object_get(notes, "options")), "screen.banner_s=0");
	assert_true(json_is_string(json_object_get(notes, "load of the machine before the run")));
	assert_true(json_is_string(json_object_get(notes, "load of the machine after the run")));
	assert_true(json_is_string(json_object_get(host, "build")));
	json_decref(report);
}

static void expect_reports(const struct stage *stage)
{
	g_autofree char *page_path = lab_path(&stage->lab, "run.html");
	g_autofree char *page = lab_read(page_path);
	g_autofree char *table = benchmark_output(&stage->lab);
	expect_notes(stage);
	expect_schema(stage, "run.json");
	assert_int_equal(count_rows(stage, "run.csv"), ZAPS + 1);
	assert_non_null(strstr(page, "</html>"));
	assert_non_null(strstr(table, "10 zaps: 10 cold, 0 partial, 0 warm, 0 superseded; "
				      "0 without a picture\n"));
	assert_non_null(strstr(table, "the tool's own error: p99 "));
	assert_non_null(strstr(table, "\npresses came late by p50 "));
}

static void expect_exact(struct figure figures[EXACTNESS_STAGES])
{
	figures_print("10 zaps, what zapper bench says and what was seen from outside apart",
		figures, EXACTNESS_STAGES, "exactness-short.txt");
	for (int i = 0; i < EXACTNESS_STAGES; i++) {
		assert_int_equal(figures[i].ms->len, ZAPS);
		assert_true(figure_percentile(&figures[i], 50) < ERROR_P50_MAX_MS);
	}
}

static void ten_zaps_are_reported_as_seen_from_outside(void **state)
{
	take_stage(stage, state);
	g_autofree char *json = lab_path(&stage->lab, "run.json");
	g_autofree char *csv = lab_path(&stage->lab, "run.csv");
	g_autofree char *html = lab_path(&stage->lab, "run.html");
	struct figure figures[EXACTNESS_STAGES];
	struct shutter *shutter = shutter_open(stage->lab.folder);
	int64_t offset_ns = exactness_clock_offset_ns();
	const char *const more[] = {"--zaps", "10", "--gop", "300", "-o", "screen.banner_s=0",
		"--video-sink", shutter_sink(shutter), "--json", json, "--csv", csv, "--html", html,
		NULL};
	assert_int_equal(
		benchmark_wait(benchmark_start(&stage->lab, more), (ZAPS + 2) * ZAP_MAX_MS), 0);
	json_t *report = benchmark_report(&stage->lab, "run.json");
	expect_reports(stage);
	expect_zaps(report, ZAPS);
	bool comparable = exactness_compare(stage, shutter, report, offset_ns, figures);
	if (comparable)
		expect_exact(figures);
	else
		print_message("the machine's clock was set meanwhile\n");
	for (int i = 0; i < EXACTNESS_STAGES; i++)
		figure_clear(&figures[i]);
	json_decref(report);
	shutter_close(shutter);
}

/* ---- the zap engine ---- */

static unsigned ahead_of(const json_t *zap, const char *what)
{
	return (unsigned)json_integer_value(json_object_get(json_object_get(zap, "ahead"), what));
}

static void expect_kinds(const json_t *report, const char *kind, unsigned streams)
{
	const json_t *zaps = json_object_get(report, "zaps"), *zap;
	size_t i;
	assert_int_equal(json_array_size(zaps), ZAPS);
	json_array_foreach(zaps, i, zap)
	{
		assert_string_equal(json_string_value(json_object_get(zap, "kind")), kind);
		assert_int_equal(ahead_of(zap, "streams"), streams);
		assert_in_range(ahead_of(zap, "whole"), streams ? 1 : 0, streams);
	}
}

static void warm_only_presses_when_the_channel_is_warm(void **state)
{
	take_stage(stage, state);
	g_autofree char *json = lab_path(&stage->lab, "warm.json");
	/* No dwell at all: the next channel up is often not whole yet, and the key waits. */
	const char *const more[] = {"--zaps", "10", "--gop", "0", "--pattern", "up", "--warm-only",
		"--prejoin", "2", "--json", json, NULL};
	assert_int_equal(
		benchmark_wait(benchmark_start(&stage->lab, more), (ZAPS + 2) * ZAP_MAX_MS), 0);
	json_t *report = benchmark_report(&stage->lab, "warm.json");
	json_t *scenario = json_object_get(report, "scenario");
	expect_schema(stage, "warm.json");
	assert_int_equal(json_integer_value(json_object_get(scenario, "prejoin")), 2);
	expect_kinds(report, "warm", 2);
	g_autofree char *table = benchmark_output(&stage->lab);
	assert_non_null(strstr(table, "received ahead (2): 2 streams (2 to 2)"));
	assert_non_null(strstr(table, "keys waited until their channel was warm"));
	assert_null(strstr(table, "were wished"));
	json_decref(report);
}

static void cold_only_receives_nothing_ahead(void **state)
{
	take_stage(stage, state);
	g_autofree char *json = lab_path(&stage->lab, "cold.json");
	const char *const more[] = {"--zaps", "10", "--gop", "0", "--pattern", "last",
		"--cold-only", "--json", json, NULL};
	assert_int_equal(
		benchmark_wait(benchmark_start(&stage->lab, more), (ZAPS + 2) * ZAP_MAX_MS), 0);
	json_t *report = benchmark_report(&stage->lab, "cold.json");
	expect_schema(stage, "cold.json");
	expect_kinds(report, "cold", 0);
	json_decref(report);
}

/* ---- the plan ---- */

static void the_same_seed_gives_the_same_zaps(void **state)
{
	take_stage(stage, state);
	static const char *const patterns[] = {"random", "number", "mix", "last", "up", "down"};
	for (size_t i = 0; i < G_N_ELEMENTS(patterns); i++) {
		char *printed[3];
		static const char *const seeds[] = {"7", "7", "8"};
		for (int k = 0; k < 3; k++) {
			assert_int_equal(benchmark_do(&stage->lab, "--dry-run", "--pattern",
						 patterns[i], "--seed", seeds[k]),
				0);
			printed[k] = benchmark_output(&stage->lab);
		}
		assert_true(strlen(printed[0]) > 100);
		assert_string_equal(printed[0], printed[1]);
		assert_string_not_equal(printed[0], printed[2]);
		for (int k = 0; k < 3; k++)
			g_free(printed[k]);
	}
}

/* ---- how it ends ---- */

static void await_zap(const struct lab *lab, const char *text)
{
	/* It is not on a terminal, so its progress is not to be seen: the router's is. */
	gint64 deadline_us = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
	for (;;) {
		g_autofree char *groups = lab_bridge_groups(lab);
		if (!strcmp(groups, text))
			return;
		if (g_get_monotonic_time() > deadline_us)
			fail_msg("the box has never been on %s alone", text);
		g_usleep(10000);
	}
}

/* It is on a channel, whichever. */
static void await_any_zap(const struct lab *lab)
{
	gint64 deadline_us = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
	for (;;) {
		g_autofree char *groups = lab_bridge_groups(lab);
		if (*groups)
			return;
		if (g_get_monotonic_time() > deadline_us)
			fail_msg("the box has never been on a channel");
		g_usleep(10000);
	}
}

/* The one that somebody lost patience with stays in the report; taken out of it. */
static void expect_unfinished(json_t *report)
{
	json_t *zaps = json_object_get(report, "zaps"), *zap = json_array_get(zaps, 1);
	const json_t *ms = json_object_get(zap, "ms");
	assert_int_equal(json_array_size(zaps), 2);
	assert_int_equal(json_integer_value(json_object_get(zap, "to")), 6);
	assert_string_equal(json_string_value(json_object_get(zap, "cut_off")), "run");
	assert_string_equal(json_string_value(json_object_get(zap, "kind")), "superseded");
	assert_true(json_is_number(json_object_get(ms, "report")));
	assert_true(json_is_null(json_object_get(ms, "picture")));
	json_array_remove(zaps, 1);
}

static void ctrl_c_gives_a_complete_report(void **state)
{
	take_stage(stage, state);
	g_autofree char *json = lab_path(&stage->lab, "early.json");
	g_autofree char *keys = lab_path(&stage->lab, "keys");
	assert_true(g_file_set_contents(keys, "0 3\n3.5 6\n60 8\n", -1, NULL));
	const char *const more[] = {"--keys", keys, "--json", json, NULL};
	lab_headend(&stage->lab, "stop 6"); /* so that its zap is not over when Ctrl-C comes */
	pid_t pid = benchmark_start(&stage->lab, more);
	await_zap(&stage->lab, "232.1.1.6");
	kill(pid, SIGINT);
	assert_int_equal(benchmark_wait(pid, 5000), 0);
	lab_headend(&stage->lab, "resume 6");
	json_t *report = benchmark_report(&stage->lab, "early.json");
	json_t *end = json_object_get(report, "end");
	expect_schema(stage, "early.json");
	assert_string_equal(json_string_value(json_object_get(end, "reason")), "interrupted");
	const char *why = json_string_value(json_object_get(end, "why"));
	assert_true(g_str_has_prefix(why, "Interrupt after 2 of 3 presses; no picture of the last "
					  "zap had come for "));
	expect_unfinished(report);
	expect_zaps(report, 1);
	json_decref(report);
	/* The last thing that it did: the group is left. */
	await_zap(&stage->lab, "");
}

static void expect_files(const struct lab *lab, const char *prefix, unsigned count)
{
	GDir *dir = g_dir_open(lab->folder, 0, NULL);
	unsigned found = 0;
	for (const char *name; (name = g_dir_read_name(dir));)
		found += g_str_has_prefix(name, prefix);
	g_dir_close(dir);
	assert_int_equal(found, count);
}

static void expect_error(const struct stage *stage, const char *sentence)
{
	g_autofree char *errors = benchmark_errors(&stage->lab);
	if (!strstr(errors, sentence))
		fail_msg("\"%s\" was not said, but: %s", sentence, errors);
}

/* Also the reports beside it that could be written are not begun. */
static void a_report_that_cannot_be_written_is_said_before_the_run(void **state)
{
	take_stage(stage, state);
	g_autofree char *json = lab_path(&stage->lab, "bad.json");
	uint64_t before_ns = lab_now_ns();
	assert_int_equal(
		benchmark_do(&stage->lab, "--json", json, "--html", "/nowhere/bad.html"), 1);
	expect_error(stage, "/nowhere/bad.html cannot be written: No such file or directory");
	assert_int_equal(benchmark_do(&stage->lab, "--json", json, "--csv", json), 64);
	expect_error(stage, "two reports cannot go to one file");
	assert_int_equal(benchmark_do(&stage->lab, "--json", json, "--iface", "nothing0"), 1);
	expect_error(stage, "nothing0");
	expect_files(&stage->lab, "bad.json", 0);
	assert_true(lab_now_ns() - before_ns < 10 * UINT64_C(1000000000));
}

/* What nobody wants: the run would be for nothing, or its end, or what it was made from. */
static void a_report_does_no_harm_where_it_goes(void **state)
{
	take_stage(stage, state);
	g_autofree char *keys = lab_path(&stage->lab, "a.keys");
	g_autofree char *pipe = lab_path(&stage->lab, "pipe");
	g_autofree char *link = lab_path(&stage->lab, "here");
	g_autofree char *json = lab_path(&stage->lab, "one.json");
	g_autofree char *by_link = g_build_filename(link, "one.json", NULL);
	uint64_t before_ns = lab_now_ns();
	assert_true(g_file_set_contents(keys, "0 3\n", -1, NULL));
	assert_int_equal(mkfifo(pipe, 0600), 0);
	assert_int_equal(symlink(".", link), 0);
	assert_int_equal(benchmark_do(&stage->lab, "--json", pipe), 1);
	expect_error(stage, "nobody reads from it");
	assert_int_equal(benchmark_do(&stage->lab, "--json", json, "--csv", by_link), 64);
	expect_error(stage, "two reports cannot go to one file");
	assert_int_equal(benchmark_do(&stage->lab, "--csv", stage->lab.db), 64);
	expect_error(stage, "cannot take the place of what is read");
	assert_int_equal(benchmark_do(&stage->lab, "--keys", keys, "--html", keys), 64);
	expect_error(stage, "cannot take the place of what is read");
	assert_true(lab_now_ns() - before_ns < 10 * UINT64_C(1000000000));
}

static void what_would_do_nothing_is_refused(void **state)
{
	take_stage(stage, state);
	static const char *const lines[][6] = {
		{"--read", "x.json", "--pattern", "up"},
		{"--read", "x.json", "--zaps", "100"},
		{"--read", "x.json", "--seed", "1"},
		{"--compare", "a.json", "b.json", "--cold-only"},
		{"--compare", "a.json", "b.json", "--csv", "c"},
		{"--compare", "a.json", "b.json", "--read", "c"},
		{"--self-test", "--json", "x.json"},
		{"--dry-run", "--json", "x.json"},
		{"--storm-length", "100"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
		assert_int_equal(benchmark_run(&stage->lab, lines[i]), 64);
		expect_error(stage, "is of no use with");
	}
	assert_int_equal(benchmark_do(&stage->lab, "--zaps", "-1"), 64);
	expect_error(stage, "--zaps takes 1 to 1000000");
}

/* As nohup(1) starts it. */
static void who_ignores_a_signal_still_does(void **state)
{
	take_stage(stage, state);
	const char *const more[] = {"--zaps", "2", "--gop", "0", "--pattern", "number", NULL};
	signal(SIGHUP, SIG_IGN);
	pid_t pid = benchmark_start(&stage->lab, more);
	signal(SIGHUP, SIG_DFL); /* also where whoever runs this test ignores it */
	await_any_zap(&stage->lab);
	kill(pid, SIGHUP);
	assert_int_equal(benchmark_wait(pid, (2 + 2) * ZAP_MAX_MS), 0);
	g_autofree char *table = benchmark_output(&stage->lab);
	assert_non_null(strstr(table, "2 zaps: 2 cold"));
	/* One that is not ignored ends it. */
	pid = benchmark_start(&stage->lab, more);
	await_any_zap(&stage->lab);
	kill(pid, SIGHUP);
	assert_int_equal(benchmark_wait(pid, 5000), 128 + SIGHUP);
	g_autofree char *interrupted = benchmark_output(&stage->lab);
	assert_non_null(strstr(interrupted, "Hangup after "));
}

static void a_silent_network_gives_timeouts(void **state)
{
	take_stage(stage, state);
	g_autofree char *json = lab_path(&stage->lab, "silent.json");
	lab_headend(&stage->lab, "stop all");
	int code = benchmark_do(
		&stage->lab, "--zaps", "4", "--gop", "0", "--limit", "1200", "--json", json);
	lab_headend(&stage->lab, "resume all");
	assert_int_equal(code, 1);
	json_t *report = benchmark_report(&stage->lab, "silent.json"), *zap;
	json_t *cold = json_object_get(json_object_get(report, "summary"), "cold");
	json_t *picture = json_object_get(cold, "picture");
	size_t i;
	expect_schema(stage, "silent.json");
	assert_int_equal(json_integer_value(json_object_get(cold, "failed")), 4);
	assert_string_equal(json_string_value(json_object_get(picture, "p50")), ">limit");
	json_array_foreach(json_object_get(report, "zaps"), i, zap)
		assert_string_equal(json_string_value(json_object_get(zap, "result")), "timeout");
	expect_error(stage, "no zap has shown a picture");
	g_autofree char *table = benchmark_output(&stage->lab);
	assert_non_null(strstr(table, ">1200"));
	json_decref(report);
}

/* What cannot be had is said, rather than done as if. */
static void what_cannot_be_measured_is_said(void **state)
{
	take_stage(stage, state);
	g_autofree char *list = lab_path(&stage->lab, "one.m3u");
	g_autofree char *db = lab_path(&stage->lab, "one.db");
	assert_true(g_file_set_contents(list, "#EXTINF:-1,One\nrtp://239.1.1.1:5004\n", -1, NULL));
	const char *const import[] = {stage->lab.zapper, "import", "--db", db, list, NULL};
	assert_int_equal(
		lab_wait(lab_spawn(&stage->lab, "box", import, "/dev/null", NULL), 10000), 0);
	assert_int_equal(benchmark_do(&stage->lab, "--db", db), 66);
	expect_error(stage, "the line-up has one channel");
	assert_int_equal(benchmark_do(&stage->lab, "--warm-only"), 64);
	expect_error(stage, "--warm-only wants channels received ahead");
	assert_int_equal(benchmark_do(&stage->lab, "--cold-only", "--prejoin", "2"), 64);
	expect_error(stage, "--cold-only receives nothing ahead");
	assert_int_equal(benchmark_do(&stage->lab, "--prejoin", "some"), 64);
	expect_error(stage, "auto|all|N");
	assert_int_equal(benchmark_do(&stage->lab, "--pattern", "zigzag"), 64);
	expect_error(stage, "there is no pattern 'zigzag'");
	assert_int_equal(benchmark_do(&stage->lab, "--compare", "/nowhere/a", "/nowhere/b"), 66);
}

/* ---- two runs ---- */

/* A milestone that was reached, 200 ms later. */
static void put_off(json_t *ms, const char *milestone)
{
	const json_t *at_ms = json_object_get(ms, milestone);
	if (json_is_number(at_ms))
		json_object_set_new(ms, milestone, json_real(json_number_value(at_ms) + 200));
}

/* A run whose pictures are all 200 ms later than in the one that was made. */
static void write_slower(const struct stage *stage, const char *path)
{
	json_t *report = benchmark_report(&stage->lab, "run.json"), *zap;
	size_t i;
	json_array_foreach(json_object_get(report, "zaps"), i, zap)
	{
		json_t *ms = json_object_get(zap, "ms");
		put_off(ms, "picture");
		put_off(ms, "motion"); /* a report in which it comes first is refused */
	}
	assert_int_equal(json_dump_file(report, path, 0), 0);
	json_decref(report);
}

/* The JSON that found no room is where it was said; taken away. */
static void expect_kept(const struct stage *stage)
{
	g_autofree char *errors = benchmark_errors(&stage->lab);
	const char *said = strstr(errors, "the JSON is in ");
	assert_non_null(said);
	said += strlen("the JSON is in ");
	g_autofree char *path = g_strndup(said, strcspn(said, " \n"));
	json_t *report = json_load_file(path, 0, NULL);
	assert_int_equal(unlink(path), 0);
	assert_non_null(report);
	json_decref(report);
}

/* Of the run above, or where only this is asked for, of a short one. */
static void runs_are_compared_and_read_again(void **state)
{
	take_stage(stage, state);
	g_autofree char *json = lab_path(&stage->lab, "run.json");
	g_autofree char *csv = lab_path(&stage->lab, "run.csv");
	g_autofree char *again = lab_path(&stage->lab, "again.csv");
	g_autofree char *slower = lab_path(&stage->lab, "slower.json");
	g_autofree char *page_path = lab_path(&stage->lab, "compared.html");
	const char *const run[] = {
		"--zaps", "10", "--gop", "0", "--json", json, "--csv", csv, NULL};
	if (!g_file_test(json, G_FILE_TEST_EXISTS))
		assert_int_equal(
			benchmark_wait(benchmark_start(&stage->lab, run), (ZAPS + 2) * ZAP_MAX_MS),
			0);
	assert_int_equal(benchmark_do(&stage->lab, "--compare", json, json), 0);
	g_autofree char *same = benchmark_output(&stage->lab);
	assert_non_null(strstr(same, "no difference seen"));
	write_slower(stage, slower);
	assert_int_equal(
		benchmark_do(&stage->lab, "--compare", json, slower, "--html", page_path), 0);
	g_autofree char *different = benchmark_output(&stage->lab);
	assert_non_null(strstr(different, "HIGHER"));
	g_autofree char *page = lab_read(page_path);
	assert_non_null(strstr(page, "slower.json"));
	assert_int_equal(benchmark_do(&stage->lab, "--read", json, "--csv", again), 0);
	g_autofree char *before = lab_read(csv), *after = lab_read(again);
	assert_string_equal(before, after);
	/* What goes to the output is only that. */
	assert_int_equal(benchmark_do(&stage->lab, "--read", json, "--json", "/dev/stdout"), 0);
	g_autofree char *piped = benchmark_output(&stage->lab);
	g_autofree char *table = benchmark_errors(&stage->lab);
	json_t *report = json_loads(piped, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(report);
	assert_non_null(strstr(table, " zaps: "));
	json_decref(report);
	/* A device without room: nothing is lost. */
	assert_int_equal(benchmark_do(&stage->lab, "--read", json, "--json", "/dev/full"), 1);
	expect_error(stage, "/dev/full cannot be written: No space left on device");
	expect_kept(stage);
	assert_int_equal(benchmark_do(&stage->lab, "--read", json, "--json", json), 64);
	assert_int_equal(
		benchmark_do(&stage->lab, "--compare", json, slower, "--html", slower), 64);
	expect_error(stage, "cannot take the place of what is read");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(ten_zaps_are_reported_as_seen_from_outside),
		STAGE_TEST(runs_are_compared_and_read_again),
		STAGE_TEST(warm_only_presses_when_the_channel_is_warm),
		STAGE_TEST(cold_only_receives_nothing_ahead),
		STAGE_TEST(the_same_seed_gives_the_same_zaps),
		STAGE_TEST(ctrl_c_gives_a_complete_report),
		STAGE_TEST(a_report_that_cannot_be_written_is_said_before_the_run),
		STAGE_TEST(a_report_does_no_harm_where_it_goes),
		STAGE_TEST(what_would_do_nothing_is_refused),
		STAGE_TEST(who_ignores_a_signal_still_does),
		STAGE_TEST(a_silent_network_gives_timeouts),
		STAGE_TEST(what_cannot_be_measured_is_said),
	};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("system_bench", tests, stage_open, stage_close);
}
