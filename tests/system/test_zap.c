/*
 * A channel change on a real multicast network: what is shown, what is said on the wire, what
 * router and bridge hold afterwards, and how long it takes.
 */
#include <math.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include "tests/lab/format.h"
#include "tests/system/support/figures.h"
#include "tests/system/support/rapscan.h"
#include "tests/system/support/stage.h"

enum {
	CHANNELS = 8,
	ZAPS = 100,
	PICTURE_LIMIT_MS = 6000, /* a GOP, a buffer model's delay, and a slow machine */
	MAX_RESPONSE_MS = 1000,
	ANSWER_SLACK_MS = 50,
	QUIET_MS = 2500,  /* in which nothing may be said after a zap but its repeat */
	REPEAT_MS = 1000, /* URI: the repeat comes within it (RFC 9776 section 6.1) */
	PRUNED_MS = 100,
	FAR_OFF_MS = 2, /* less than a packet takes at the streams' rate */
	UDP_HEADER_BYTES = 8,
};
#define MS_NS UINT64_C(1000000)
#define SEED 0x5eed

/* ---- what is shown ---- */

/* From picture `index` on: pictures of `from` (or none yet), then of `to` only. */
static void expect_one_change(struct stage *stage, size_t index, int from, int to)
{
	bool changed = false;
	for (size_t i = index, n = screen_count(stage->screen); i < n; i++) {
		int channel = screen_at(stage->screen, i).seen.mark.channel;
		changed = changed || channel == to;
		if (channel != (changed ? to : from))
			fail_msg("picture %zu after the change from %d to %d is of channel %d",
				i - index, from, to, channel);
	}
	assert_true(changed);
}

static void each_channel_shows_its_own_whole_pictures(void **state)
{
	take_stage(stage, state);
	stage_play(stage, CHANNELS);
	size_t index = 0;
	stage_await_whole(stage, CHANNELS, &index, PICTURE_LIMIT_MS);
	for (int channel = 1, before = CHANNELS; channel <= CHANNELS; before = channel++) {
		size_t first = screen_count(stage->screen);
		index = first;
		player_tune(stage->player, channel, NULL);
		stage_await_whole(stage, channel, &index, PICTURE_LIMIT_MS);
		index++;
		stage_await_whole(stage, channel, &index, PICTURE_LIMIT_MS);
		expect_one_change(stage, first, before, channel);
	}
	stage_expect_undamaged(stage, 0);
	stage_quit(stage);
}

/* ---- a hundred zaps ---- */

enum {
	REPORT_ON_WIRE,
	OVERHEAD,
	FIRST_PACKET,
	RAP_COMPLETE,
	PICTURE,
	PICTURE_SEEN,
	MOTION,
	AUDIO,
	RAP_DIFFERENCE,
	FIGURES
};

/* One zap as the test saw it. */
struct observed {
	uint64_t zap;
	int to;
	double report_ms;	/* from the request's writing to the wire */
	double seen_ms;		/* to the picture's being read */
	double rap_complete_ms; /* from the report on the wire; NAN: the capture has it not */
};

static double ms_between(uint64_t from_ns, uint64_t to_ns)
{
	return ((double)to_ns - (double)from_ns) / 1e6;
}

/* From what has passed the bridge: NAN when the unit after the key unit is not in it. */
static double scan_rap_complete(struct stage *stage, int channel, uint64_t from_ns)
{
	struct rapscan scan = {0};
	uint32_t group = lab_group(channel);
	for (size_t i = 0, n = capture_count(stage->capture); i < n; i++) {
		struct captured packet = capture_at(stage->capture, i);
		if (!capture_is_data(&packet, &group))
			continue;
		size_t header = 4u * (packet.packet[0] & 0xf) + UDP_HEADER_BYTES;
		if (rapscan_take(&scan, packet.packet + header, packet.len - header, packet.at_ns))
			return ms_between(from_ns, scan.rap_complete_ns);
	}
	return NAN;
}

/* A viewer's dwell time, after which a change meets the new channel's GOP at any of its points. */
static void dwell(GRand *random)
{
	const double gop_s = (double)LAB_GOP / LAB_PICTURES_PER_S;
	g_usleep((gulong)(g_rand_double_range(random, 0, gop_s) * 1e6));
}

/* Worth a look, when the table's maxima raise the question what happened. */
static void print_reports(struct stage *stage, uint64_t sent_ns)
{
	for (size_t i = 0, n = capture_count(stage->capture); i < n; i++) {
		struct captured packet = capture_at(stage->capture, i);
		if (!capture_is_igmp_of_box(&packet, NULL))
			continue;
		g_autofree char *text = capture_describe(&packet);
		print_message("packet %zu, %.3f ms after the request: %s\n", i,
			ms_between(sent_ns, packet.at_ns), text);
	}
}

/* How far CLOCK_REALTIME is ahead of CLOCK_MONOTONIC: another value means that somebody has set it.
 */
static double clock_offset_ms(void)
{
	return ms_between(lab_now_ns(), capture_now_ns());
}

/* What compares the kernel's stamps is worth nothing once the clock that they come from was set. */
static void forget_across_step(struct observed *zap, double offset_ms)
{
	double step_ms = clock_offset_ms() - offset_ms;
	if (fabs(step_ms) < FAR_OFF_MS)
		return;
	print_message(
		"the machine's clock was set by %.3f ms during zap %d\n", step_ms, (int)zap->zap);
	zap->report_ms = zap->rap_complete_ms = NAN;
}

static struct observed zap_once(struct stage *stage, int to, GRand *random)
{
	struct observed zap = {.to = to};
	struct captured report;
	struct screen_picture picture;
	size_t index = 0, shown = screen_count(stage->screen);
	uint64_t sent_ns, now_ns = lab_now_ns();
	double offset_ms = clock_offset_ms();
	capture_clear(stage->capture);
	zap.zap = player_tune(stage->player, to, &sent_ns);
	assert_true(capture_await(
		stage->capture, &index, sent_ns + 1000 * MS_NS, capture_is_change, NULL, &report));
	zap.report_ms = ms_between(sent_ns, report.at_ns);
	if (!screen_await(
		    stage->screen, &shown, PICTURE_LIMIT_MS, screen_is_channel, &to, &picture))
		fail_msg("no picture of channel %d within %d ms", to, PICTURE_LIMIT_MS);
	zap.seen_ms = ms_between(now_ns, picture.seen.at_ns);
	dwell(random);
	if (fabs(zap.report_ms) > FAR_OFF_MS)
		print_reports(stage, sent_ns);
	zap.rap_complete_ms = scan_rap_complete(stage, to, report.at_ns);
	forget_across_step(&zap, offset_ms);
	return zap;
}

static double record_ms(json_t *record, const char *name)
{
	json_t *ms = json_object_get(json_object_get(record, "ms"), name);
	return json_is_number(ms) ? json_number_value(ms) : NAN;
}

static void add_known(struct figure *figure, double ms)
{
	if (!isnan(ms))
		figure_add(figure, ms);
}

/* What zapper wrote down of it beside what the test saw. */
static void add_figures(struct figure figures[FIGURES], json_t *record, const struct observed *zap)
{
	double rap_complete_ms = record_ms(record, "rap_complete");
	assert_string_equal(json_string_value(json_object_get(record, "kind")), "cold");
	assert_string_equal(json_string_value(json_object_get(record, "result")), "ok");
	assert_int_equal(json_integer_value(json_object_get(record, "to")), zap->to);
	add_known(&figures[REPORT_ON_WIRE], zap->report_ms);
	add_known(&figures[OVERHEAD], record_ms(record, "picture") - rap_complete_ms);
	add_known(&figures[FIRST_PACKET], record_ms(record, "first_packet"));
	add_known(&figures[RAP_COMPLETE], rap_complete_ms);
	add_known(&figures[PICTURE], record_ms(record, "picture"));
	add_known(&figures[PICTURE_SEEN], zap->seen_ms);
	add_known(&figures[MOTION], record_ms(record, "motion"));
	add_known(&figures[AUDIO], record_ms(record, "audio"));
	double since_report_ms = rap_complete_ms - record_ms(record, "report");
	add_known(&figures[RAP_DIFFERENCE], fabs(since_report_ms - zap->rap_complete_ms));
	/* Worth a look, when the table's maxima raise the question which zap it was. */
	if (zap->report_ms > FAR_OFF_MS ||
		fabs(since_report_ms - zap->rap_complete_ms) > FAR_OFF_MS) {
		char *text = json_dumps(record, JSON_COMPACT);
		print_message("report on the wire after %.3f ms, rap_complete %.3f ms later, "
			      "picture received after %.3f ms; %s\n",
			zap->report_ms, zap->rap_complete_ms, zap->seen_ms, text);
		free(text);
	}
}

static json_t *find_record(json_t *records, uint64_t zap)
{
	json_t *record;
	size_t i;
	json_array_foreach(records, i, record) if ((uint64_t)json_integer_value(json_object_get(
							   record, "n")) == zap) return record;
	fail_msg("'zaps' knows nothing of zap %d", (int)zap);
	return NULL;
}

static void collect_figures(
	struct stage *stage, const struct observed *zaps, struct figure figures[FIGURES])
{
	static const char *const names[FIGURES] = {"report on the wire, from the request's writing",
		"cold overhead: picture after rap_complete", "first_packet", "rap_complete",
		"picture", "picture, as the test received it", "motion", "audio",
		"rap_complete, zapper's and the capture's apart"};
	json_t *answer = player_ask(stage->player, "zaps", NULL);
	json_t *records = json_object_get(answer, "zaps");
	for (int i = 0; i < FIGURES; i++)
		figures[i] = figure_new(names[i], 0);
	figures[REPORT_ON_WIRE].target_p50_ms = 0.5;
	figures[OVERHEAD].target_p50_ms = 25;
	for (int i = 0; i < ZAPS; i++)
		add_figures(figures, find_record(records, zaps[i].zap), &zaps[i]);
	json_decref(answer);
}

/* The channels in the order in which their pictures came; 0 for pictures without a mark. */
static void expect_shown(struct stage *stage, const int *channels, size_t n)
{
	size_t run = 0;
	for (size_t i = 0, count = screen_count(stage->screen); i < count; i++) {
		int channel = screen_at(stage->screen, i).seen.mark.channel;
		if (run < n && channel == channels[run])
			run++;
		else if (run == 0 || channel != channels[run - 1])
			assert_true(run == 0 && channel == 0); /* black before the first */
	}
	assert_int_equal(run, n);
}

static void a_hundred_zaps_show_the_right_channel_undamaged_and_in_time(void **state)
{
	take_stage(stage, state);
	GRand *random = g_rand_new_with_seed(SEED);
	struct observed zaps[ZAPS];
	struct figure figures[FIGURES];
	int channels[ZAPS + 1] = {1};
	stage_play(stage, 1);
	size_t first = 0;
	stage_await_whole(stage, 1, &first, PICTURE_LIMIT_MS);
	for (int i = 0; i < ZAPS; i++) {
		channels[i + 1] =
			(channels[i] + g_rand_int_range(random, 0, CHANNELS - 1)) % CHANNELS + 1;
		zaps[i] = zap_once(stage, channels[i + 1], random);
	}
	g_rand_free(random);
	/* The last zap is written down when it is complete. */
	json_decref(player_event(stage->player,
		json_pack("{s:s, s:I}", "event", "zap", "n", (json_int_t)zaps[ZAPS - 1].zap),
		10000));
	collect_figures(stage, zaps, figures);
	figures_print("100 random cold zaps, 720p, seed 0x5eed", figures, FIGURES, "figures.txt");

	expect_shown(stage, channels, ZAPS + 1);
	assert_true(stage_expect_undamaged(stage, 0) > ZAPS);
	/* Times depend on the machine: only what is far off fails. */
	assert_true(figure_percentile(&figures[REPORT_ON_WIRE], 50) < 5);
	assert_true(figure_percentile(&figures[OVERHEAD], 50) < 250);
	assert_int_equal(figures[PICTURE].ms->len, ZAPS);
	assert_int_equal(figures[AUDIO].ms->len, ZAPS);
	assert_true(figures[MOTION].ms->len > 0); /* a short dwell ends before it is certain */
	assert_true(figures[REPORT_ON_WIRE].ms->len > ZAPS / 2);
	assert_true(figures[RAP_DIFFERENCE].ms->len > ZAPS / 2);
	assert_true(figure_percentile(&figures[RAP_DIFFERENCE], 95) < FAR_OFF_MS);
	for (int i = 0; i < FIGURES; i++)
		figure_clear(&figures[i]);
	stage_quit(stage);
}

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
			assert_true(ms_between(first_ns, report.at_ns) < 1.2 * REPEAT_MS);
	}
	assert_int_equal(reports, 2);
	size_t first = shown;
	stage_await_whole(stage, to, &shown, PICTURE_LIMIT_MS);
	expect_one_change(stage, first, from, to);
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
				ms_between(report.at_ns, last_ns));
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
		STAGE_TEST(each_channel_shows_its_own_whole_pictures),
		STAGE_TEST(a_zap_is_one_report_of_both_groups_and_one_repeat),
		STAGE_TEST(the_old_channel_stops_at_once),
		STAGE_TEST(router_and_bridge_hold_the_new_group_only),
		STAGE_TEST(a_general_query_is_answered_with_the_joined_group),
		STAGE_TEST(quit_leaves_the_group_and_nothing_behind),
		STAGE_TEST(sigterm_ends_it_as_quit_does),
		STAGE_TEST(ctrl_c_ends_it_as_quit_does),
		STAGE_TEST(a_hundred_zaps_show_the_right_channel_undamaged_and_in_time),
	};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("system_zap", tests, stage_open, stage_close);
}
