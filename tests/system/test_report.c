/*
 * What a channel change says on the wire, what router and bridge hold afterwards, and how the
 * player takes its leave.
 */
#include <signal.h>
#include <string.h>

#include <glib.h>

#include "tests/lab/format.h"
#include "tests/system/support/stage.h"

enum {
	PICTURE_LIMIT_MS = 6000, /* a GOP, a buffer model's delay, and a slow machine */
	MAX_RESPONSE_MS = 1000,
	ANSWER_SLACK_MS = 50,
	QUIET_MS = 2500,  /* in which nothing may be said after a zap but its repeat */
	REPEAT_MS = 1000, /* URI: the repeat comes within it (RFC 9776 section 6.1) */
	PRUNED_MS = 100,
};
#define MS_NS UINT64_C(1000000)

/* ---- what is said on the wire ---- */

/* Waits for the join of the first channel, its repeat and its picture. */
static void settle(struct stage *stage, int channel)
{
	size_t index = 0, shown = 0;
	struct captured report;
	for (int i = 0; i < 2; i++)
		assert_true(capture_await(stage->capture, &index,
			capture_now_ns() + 2 * REPEAT_MS * MS_NS, capture_is_change, NULL,
			&report));
	stage_await_whole(stage, channel, &shown, PICTURE_LIMIT_MS);
}

static bool is_query(const struct captured *captured, const void *ctx)
{
	(void)ctx;
	return captured->to_box && captured->packet[9] == IPPROTO_IGMP;
}

/* Whether this may be the answer to a query of the router: it then belongs to no zap. */
static bool answers_query(struct stage *stage, const struct captured *report)
{
	struct captured query;
	size_t index = 0;
	if (capture_is_change(report, NULL))
		return false;
	while (capture_await(stage->capture, &index, report->at_ns, is_query, NULL, &query))
		if (report->at_ns < query.at_ns + capture_message(&query).max_response_ns +
					    ANSWER_SLACK_MS * MS_NS)
			return true;
	return false;
}

/* A zap is one report with both records, the leaving one first, and its one repeat. */
static void expect_two_reports(struct stage *stage, int from, int to, const char *records)
{
	struct captured report;
	uint64_t sent_ns, first_ns = 0;
	size_t index = capture_count(stage->capture), shown = screen_count(stage->screen);
	int reports = 0;
	player_tune(stage->player, to, &sent_ns);
	while (capture_await(stage->capture, &index,
		(first_ns ? first_ns : sent_ns) + QUIET_MS * MS_NS, capture_is_igmp_of_box, NULL,
		&report)) {
		g_autofree char *text = capture_describe(&report);
		if (answers_query(stage, &report))
			continue;
		assert_string_equal(text, records);
		assert_true(capture_message(&report).router_alert);
		if (reports++ == 0)
			first_ns = report.at_ns;
		else
			assert_true(capture_ms_between(first_ns, report.at_ns) < 1.2 * REPEAT_MS);
	}
	assert_int_equal(reports, 2);
	size_t first = shown;
	stage_await_whole(stage, to, &shown, PICTURE_LIMIT_MS);
	stage_expect_one_change(stage, first, from, to);
}

static void a_zap_is_one_report_of_both_groups_and_one_repeat(void **state)
{
	take_stage(stage, state);
	stage_play(stage, 1);
	settle(stage, 1);
	expect_two_reports(stage, 1, 2, "TO_IN 239.1.1.1 | ALLOW 232.1.1.2 10.0.1.10");
	expect_two_reports(stage, 2, 4, "BLOCK 232.1.1.2 10.0.1.10 | ALLOW 232.1.1.4 10.0.1.10");
	expect_two_reports(stage, 4, 3, "BLOCK 232.1.1.4 10.0.1.10 | TO_EX 239.1.1.3");
	expect_two_reports(stage, 3, 5, "TO_IN 239.1.1.3 | TO_EX 239.1.1.5");
	stage_quit(stage);
}

static void the_old_channel_stops_at_once(void **state)
{
	take_stage(stage, state);
	static const int channels[] = {1, 2, 4, 3, 5};
	stage_play(stage, channels[0]);
	settle(stage, channels[0]);
	for (size_t i = 1; i < G_N_ELEMENTS(channels); i++) {
		uint32_t old = lab_group(channels[i - 1]);
		struct captured report, late;
		uint64_t sent_ns;
		size_t index = 0, shown = screen_count(stage->screen);
		capture_clear(stage->capture);
		player_tune(stage->player, channels[i], &sent_ns);
		assert_true(capture_await(stage->capture, &index, sent_ns + 1000 * MS_NS,
			capture_is_change, NULL, &report));
		uint64_t last_ns = report.at_ns, limit_ns = report.at_ns + 5 * PRUNED_MS * MS_NS;
		while (capture_await(
			stage->capture, &index, limit_ns, capture_is_data, &old, &late))
			last_ns = late.at_ns;
		if (last_ns > report.at_ns + PRUNED_MS * MS_NS)
			fail_msg("channel %d still came %.1f ms after it was left", channels[i - 1],
				capture_ms_between(report.at_ns, last_ns));
		stage_await_whole(stage, channels[i], &shown, PICTURE_LIMIT_MS);
	}
	stage_quit(stage);
}

/* Until a table holds just these groups: routers forget a group only after asking for it. */
static void await_groups(struct stage *stage, char *(*look)(const struct lab *), const char *what,
	const char *groups)
{
	uint64_t deadline_ns = lab_now_ns() + 15000 * MS_NS;
	g_autofree char *held = look(&stage->lab);
	while (strcmp(held, groups) != 0) {
		if (lab_now_ns() > deadline_ns)
			fail_msg("%s holds '%s', not '%s'", what, held, groups);
		g_usleep(50000);
		g_free(held);
		held = look(&stage->lab);
	}
}

static void router_and_bridge_hold_the_new_group_only(void **state)
{
	take_stage(stage, state);
	stage_play(stage, 1);
	settle(stage, 1);
	static const struct {
		int channel;
		const char *group;
	} steps[] = {{2, "232.1.1.2"}, {6, "232.1.1.6"}, {3, "239.1.1.3"}, {7, "239.1.1.7"}};
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		player_tune(stage->player, steps[i].channel, NULL);
		await_groups(stage, lab_bridge_groups, "the bridge", steps[i].group);
		await_groups(stage, lab_router_groups, "the router", steps[i].group);
	}
	stage_quit(stage);
	await_groups(stage, lab_bridge_groups, "the bridge", "");
	await_groups(stage, lab_router_groups, "the router", "");
}

static void expect_answer(struct stage *stage, const char *records)
{
	struct captured report;
	size_t index = 0;
	capture_clear(stage->capture);
	uint64_t asked_ns = capture_now_ns();
	capture_send_query("box", MAX_RESPONSE_MS / 100);
	assert_true(capture_await(stage->capture, &index,
		asked_ns + (MAX_RESPONSE_MS + ANSWER_SLACK_MS) * MS_NS, capture_is_igmp_of_box,
		NULL, &report));
	g_autofree char *text = capture_describe(&report);
	assert_string_equal(text, records);
}

static void a_general_query_is_answered_with_the_joined_group(void **state)
{
	take_stage(stage, state);
	stage_play(stage, 5);
	settle(stage, 5);
	expect_answer(stage, "IS_EX 239.1.1.5");
	capture_clear(stage->capture);
	size_t shown = screen_count(stage->screen);
	player_tune(stage->player, 6, NULL);
	stage_await_whole(stage, 6, &shown, PICTURE_LIMIT_MS);
	/* Its repeat would come between. */
	size_t index = 0;
	struct captured report;
	for (int i = 0; i < 2; i++)
		assert_true(capture_await(stage->capture, &index,
			capture_now_ns() + 2 * REPEAT_MS * MS_NS, capture_is_change, NULL,
			&report));
	expect_answer(stage, "IS_IN 232.1.1.6 10.0.1.10");
	stage_quit(stage);
}

/* ---- the figure ---- */

static void expect_figure(struct stage *stage, int channel, double at_least_ms)
{
	struct captured report;
	uint64_t sent_ns;
	size_t index = capture_count(stage->capture);
	uint32_t group = lab_group(channel);
	json_int_t zap = (json_int_t)player_tune(stage->player, channel, &sent_ns);
	json_t *event = player_event(stage->player,
		json_pack("{s:s, s:I}", "event", "report", "zap", zap), 2 * REPEAT_MS);
	assert_non_null(event);
	double ms = json_number_value(json_object_get(event, "ms"));
	json_decref(event);
	assert_true(ms >= at_least_ms);
	assert_true(capture_await(stage->capture, &index, sent_ns + REPEAT_MS * MS_NS,
		capture_is_join, &group, &report));
	/* The press comes a moment after the request is written, the capture after the send. */
	double seen_ms = capture_ms_between(sent_ns, report.at_ns);
	if (seen_ms < ms - 1 || seen_ms > ms + ANSWER_SLACK_MS)
		fail_msg("the join left after %.1f ms and was seen after %.1f", ms, seen_ms);
}

/* The line is too thin for two streams: the leave goes at once, and the zap's report is the join's.
 */
static void with_a_gap_the_figure_is_the_joins(void **state)
{
	take_stage(stage, state);
	const struct player_options options = {
		.more = (const char *const[]){"-o", "igmp.pair=gap:150", NULL}};
	stage_play_with(stage, 1, &options);
	settle(stage, 1);
	expect_figure(stage, 5, 150);
	/* Zapped on within the gap: of the channel between nothing is said. */
	player_tune(stage->player, 6, NULL);
	expect_figure(stage, 3, 1);
	stage_quit(stage);
}

/* ---- the end ---- */

static void expect_leave(struct stage *stage, const char *records)
{
	struct captured report;
	size_t index = 0;
	assert_true(capture_await(stage->capture, &index, capture_now_ns() + 1000 * MS_NS,
		capture_is_change, NULL, &report));
	g_autofree char *text = capture_describe(&report);
	assert_string_equal(text, records);
}

static void quit_leaves_the_group_and_nothing_behind(void **state)
{
	take_stage(stage, state);
	stage_play(stage, 1);
	settle(stage, 1);
	capture_clear(stage->capture);
	stage_quit(stage);
	expect_leave(stage, "TO_IN 239.1.1.1");
}

static void end_by_signal(struct stage *stage, int number)
{
	stage_play(stage, 2);
	settle(stage, 2);
	capture_clear(stage->capture);
	kill(player_pid(stage->player), number);
	stage_expect_good_end(stage);
	expect_leave(stage, "BLOCK 232.1.1.2 10.0.1.10");
}

static void sigterm_ends_it_as_quit_does(void **state)
{
	take_stage(stage, state);
	end_by_signal(stage, SIGTERM);
}

static void ctrl_c_ends_it_as_quit_does(void **state)
{
	take_stage(stage, state);
	end_by_signal(stage, SIGINT);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(a_zap_is_one_report_of_both_groups_and_one_repeat),
		STAGE_TEST(the_old_channel_stops_at_once),
		STAGE_TEST(router_and_bridge_hold_the_new_group_only),
		STAGE_TEST(a_general_query_is_answered_with_the_joined_group),
		STAGE_TEST(with_a_gap_the_figure_is_the_joins),
		STAGE_TEST(quit_leaves_the_group_and_nothing_behind),
		STAGE_TEST(sigterm_ends_it_as_quit_does),
		STAGE_TEST(ctrl_c_ends_it_as_quit_does),
	};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("system_report", tests, stage_open, stage_close);
}
