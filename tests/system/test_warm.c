/* Channels received ahead: zaps to them are warm, and what that costs on the wire is bounded. */
#include <math.h>
#include <string.h>

#include <glib.h>
#include <sqlite3.h>

#include "tests/lab/format.h"
#include "tests/system/support/figures.h"
#include "tests/system/support/stage.h"

enum {
	CHANNELS = 8,
	PICTURE_LIMIT_MS = 6000,
	RECORD_LIMIT_MS = 10000,
	DWELL_MS = 4000, /* of a viewer who surfs */
	WATCHED_MS = 2100,
	QUIET_MS = 200, /* foresee waits 250 ms until a viewer has settled */
	AHEAD_LIMIT_MS = 10000,
};
#define MS_NS UINT64_C(1000000)

static int ask_db(struct stage *stage, const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *row;
	assert_int_equal(sqlite3_open(stage->lab.db, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &row, NULL), SQLITE_OK);
	int value = sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_int(row, 0) : 0;
	assert_int_equal(sqlite3_finalize(row), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return value;
}

/* What earlier tests left would change what is chosen. */
static void forget(struct stage *stage)
{
	if (!ask_db(stage, "SELECT count(*) FROM sqlite_schema WHERE name = 'viewer_step'"))
		return;
	ask_db(stage, "DELETE FROM channel_memory");
	ask_db(stage, "DELETE FROM viewer_step");
	ask_db(stage, "DELETE FROM history");
}

static void start(struct stage *stage, const char *prejoin, const char *const *more)
{
	const struct player_options options = {.prejoin = prejoin, .more = more};
	size_t index = 0;
	stage_play_with(stage, 1, &options);
	stage_await_whole(stage, 1, &index, PICTURE_LIMIT_MS);
}

static void start_anew(struct stage *stage, const char *prejoin, const char *const *more)
{
	forget(stage);
	start(stage, prejoin, more);
}

/* ---- what is held ahead ---- */

static size_t count_ahead(struct stage *stage, bool warm_only)
{
	json_t *status = player_ask(stage->player, "status", NULL), *item;
	size_t i, n = 0;
	json_array_foreach(json_object_get(status, "ahead"), i, item) n +=
		!warm_only || !strcmp(json_string_value(json_object_get(item, "ring")), "warm");
	json_decref(status);
	return n;
}

static void await_ahead(struct stage *stage, size_t n, bool warm_only)
{
	uint64_t deadline_ns = lab_now_ns() + AHEAD_LIMIT_MS * MS_NS;
	size_t held;
	while ((held = count_ahead(stage, warm_only)) != n) {
		if (lab_now_ns() > deadline_ns) {
			g_autofree char *errors = player_errors(stage->player);
			fputs(errors, stderr);
			fail_msg("%zu channels are held ahead, not %zu", held, n);
		}
		g_usleep(20000);
	}
}

static size_t count_words(const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	return g_strv_length(words);
}

/* The bridge lets through so many groups, this channel's among them. */
static void await_bridge(struct stage *stage, size_t n, int channel)
{
	uint64_t deadline_ns = lab_now_ns() + AHEAD_LIMIT_MS * MS_NS;
	g_autofree char *group =
		g_strdup_printf("%s.1.1.%d", lab_is_ssm(channel) ? "232" : "239", channel);
	g_autofree char *held = lab_bridge_groups(&stage->lab);
	while (count_words(held) != n || !strstr(held, group)) {
		if (lab_now_ns() > deadline_ns)
			fail_msg("the bridge holds '%s', not %zu groups with %s", held, n, group);
		g_usleep(50000);
		g_free(held);
		held = lab_bridge_groups(&stage->lab);
	}
}

/* ---- warm zaps ---- */

enum { PICTURE, SEEN, MOTION, AUDIO, FIGURES };

struct press {
	const char *key;
	int to;
};

static json_t *await_record(struct stage *stage, uint64_t zap)
{
	json_t *record = player_event(stage->player,
		json_pack("{s:s, s:I}", "event", "zap", "n", (json_int_t)zap), RECORD_LIMIT_MS);
	if (!record)
		fail_msg("zap %d was not written down", (int)zap);
	return record;
}

static double record_ms(json_t *record, const char *name)
{
	json_t *ms = json_object_get(json_object_get(record, "ms"), name);
	return json_is_number(ms) ? json_number_value(ms) : NAN;
}

static uint64_t press(struct stage *stage, const char *key, int *ret_channel)
{
	json_t *answer = player_ask(stage->player, key, NULL);
	uint64_t zap = (uint64_t)json_integer_value(json_object_get(answer, "zap"));
	*ret_channel = (int)json_integer_value(json_object_get(answer, "channel"));
	json_decref(answer);
	return zap;
}

/* Nothing is said at the press: the set ahead changes when the viewer has settled. */
static void expect_no_report(struct stage *stage, uint64_t pressed_ns)
{
	size_t index = 0;
	struct captured report;
	if (!capture_await(stage->capture, &index, pressed_ns + QUIET_MS * MS_NS, capture_is_change,
		    NULL, &report))
		return;
	g_autofree char *text = capture_describe(&report);
	fail_msg("%.1f ms after the press: %s", capture_ms_between(pressed_ns, report.at_ns), text);
}

static void zap_warm(
	struct stage *stage, int from, const struct press *wanted, struct figure figures[FIGURES])
{
	size_t first = screen_count(stage->screen), index = first;
	int channel;
	capture_clear(stage->capture);
	uint64_t now_ns = lab_now_ns(), pressed_ns = capture_now_ns();
	uint64_t zap = press(stage, wanted->key, &channel);
	assert_int_equal(channel, wanted->to);
	struct watch_picture seen = stage_await_whole(stage, channel, &index, PICTURE_LIMIT_MS);
	figure_add(&figures[SEEN], capture_ms_between(now_ns, seen.at_ns));
	expect_no_report(stage, pressed_ns);
	json_t *record = await_record(stage, zap);
	assert_string_equal(json_string_value(json_object_get(record, "kind")), "warm");
	assert_true(json_is_null(json_object_get(json_object_get(record, "ms"), "report")));
	assert_true(record_ms(record, "rap_complete") == 0);
	figure_add(&figures[PICTURE], record_ms(record, "picture"));
	figure_add(&figures[MOTION], record_ms(record, "motion"));
	figure_add(&figures[AUDIO], record_ms(record, "audio"));
	json_decref(record);
	stage_expect_one_change(stage, first, from, channel);
}

static bool is_warm(struct stage *stage, int channel)
{
	json_t *status = player_ask(stage->player, "status", NULL), *item;
	bool warm = false;
	size_t i;
	json_array_foreach(json_object_get(status, "ahead"), i, item) warm =
		warm || (json_integer_value(json_object_get(item, "channel")) == channel &&
				!strcmp(json_string_value(json_object_get(item, "ring")), "warm"));
	json_decref(status);
	return warm;
}

/*
 * Until the viewer has watched and the next one is foreseen: that is to be so when a dwell time is
 * over.
 */
static void dwell(struct stage *stage, int next, uint64_t since_ns)
{
	uint64_t now_ns;
	while ((now_ns = lab_now_ns()) < since_ns + WATCHED_MS * MS_NS || !is_warm(stage, next)) {
		if (now_ns > since_ns + DWELL_MS * MS_NS)
			fail_msg("%d ms after a zap channel %d is not held warm", DWELL_MS, next);
		g_usleep(20000);
	}
}

static void zap_all(struct stage *stage, const struct press *presses, size_t n, const char *title,
	const char *file)
{
	struct figure figures[FIGURES] = {figure_new("picture", 12),
		figure_new("picture, as the test received it", 0), figure_new("motion", 60),
		figure_new("audio", 0)};
	uint64_t pressed_ns = lab_now_ns();
	for (size_t i = 0, from = 1; i < n; from = (size_t)presses[i++].to) {
		dwell(stage, presses[i].to, pressed_ns);
		pressed_ns = lab_now_ns();
		zap_warm(stage, (int)from, &presses[i], figures);
	}
	figures_print(title, figures, FIGURES, file);
	stage_expect_undamaged(stage, 0);
	/* Times depend on the machine: only what is far off fails. */
	assert_true(figure_percentile(&figures[PICTURE], 50) < 100);
	for (int i = 0; i < FIGURES; i++)
		figure_clear(&figures[i]);
}

/* So that after WATCHED_MS the last key leads back. */
static const char *const watched_soon[] = {"-o", "zap.watched_s=2", NULL};

static void foreseen_zaps_are_warm_whole_and_need_no_report(void **state)
{
	take_stage(stage, state);
	static const struct press presses[] = {{"up", 2}, {"up", 3}, {"down", 2}, {"up", 3},
		{"last", 2}, {"last", 3}, {"up", 4}, {"up", 5}, {"up", 6}, {"down", 5}, {"down", 4},
		{"last", 5}, {"up", 6}, {"up", 7}, {"up", 8}, {"up", 1}};
	start_anew(stage, "4", watched_soon);
	zap_all(stage, presses, G_N_ELEMENTS(presses), "16 foreseen zaps, 720p, prejoin 4",
		"figures-warm.txt");
	stage_quit(stage);
}

static void the_kernel_back_end_zaps_warm_too(void **state)
{
	take_stage(stage, state);
	static const struct press presses[] = {
		{"up", 2}, {"up", 3}, {"down", 2}, {"last", 3}, {"up", 4}};
	start_anew(stage, "4",
		(const char *const[]){"--membership", "kernel", "-o", "zap.watched_s=2", NULL});
	zap_all(stage, presses, G_N_ELEMENTS(presses),
		"5 foreseen zaps, 720p, prejoin 4, kernel back end", "figures-warm-kernel.txt");
	stage_quit(stage);
}

/* ---- on the wire ---- */

static size_t count_joins(const char *records)
{
	size_t n = 0;
	g_auto(GStrv) all = g_strsplit(records, " | ", -1);
	for (char **record = all; *record; record++)
		n += g_str_has_prefix(*record, "ALLOW") || g_str_has_prefix(*record, "TO_EX");
	return n;
}

/* A zap to what is not held: its report joins nothing else, and the set ahead follows later. */
static void what_is_held_ahead_changes_after_the_zap_within_its_budget(void **state)
{
	take_stage(stage, state);
	start_anew(stage, "2", NULL);
	await_ahead(stage, 2, true);
	await_bridge(stage, 3, 1);
	struct captured report, later;
	size_t index = 0;
	uint64_t sent_ns;
	capture_clear(stage->capture);
	player_tune(stage->player, 5, &sent_ns);
	assert_true(capture_await(
		stage->capture, &index, sent_ns + 1000 * MS_NS, capture_is_change, NULL, &report));
	g_autofree char *first = capture_describe(&report);
	assert_non_null(strstr(first, "TO_EX 239.1.1.5"));
	assert_int_equal(count_joins(first), 1);
	do {
		assert_true(capture_await(stage->capture, &index, sent_ns + 3000 * MS_NS,
			capture_is_change, NULL, &later));
		g_autofree char *text = capture_describe(&later);
		if (strstr(text, "ALLOW 232.1.1.6"))
			break;
	} while (true);
	assert_true(capture_ms_between(report.at_ns, later.at_ns) > QUIET_MS);
	await_ahead(stage, 2, true);
	await_bridge(stage, 3, 5);
	stage_quit(stage);
	g_autofree char *left = lab_bridge_groups(&stage->lab);
	assert_string_equal(left, "");
}

static void all_of_the_bouquet_is_received_where_it_may(void **state)
{
	take_stage(stage, state);
	start_anew(stage, "all", (const char *const[]){"-o", "zap.prejoin_mbps=100", NULL});
	await_ahead(stage, CHANNELS - 1, true);
	await_bridge(stage, CHANNELS, 1);
	uint64_t zap = player_tune(stage->player, 6, NULL);
	json_t *record = await_record(stage, zap);
	assert_string_equal(json_string_value(json_object_get(record, "kind")), "warm");
	json_decref(record);
	await_ahead(stage, CHANNELS - 1, true);
	stage_expect_undamaged(stage, 0);
	stage_quit(stage);
}

static void the_rate_ahead_keeps_within_its_budget(void **state)
{
	take_stage(stage, state);
	/* Each takes 4.2 Mb/s of the line, and counts as 8 until that is measured. */
	start_anew(stage, "all", (const char *const[]){"-o", "zap.prejoin_mbps=9", NULL});
	await_ahead(stage, 2, true);
	await_bridge(stage, 3, 1);
	player_tune(stage->player, 5, NULL);
	await_ahead(stage, 2, true);
	await_bridge(stage, 3, 5);
	stage_quit(stage);
}

static void a_loss_takes_the_join_ahead_back(void **state)
{
	take_stage(stage, state);
	start_anew(stage, "2", NULL);
	await_ahead(stage, 2, true);
	lab_headend(&stage->lab, "lose all 0.02");
	/* The one watched before is kept and costs no join; another one is joined, and taken back.
	 */
	player_tune(stage->player, 5, NULL);
	await_ahead(stage, 1, false);
	player_await_error(stage->player, "soon after channels were joined ahead");
	await_bridge(stage, 2, 5);
	lab_headend(&stage->lab, "clear all");
	/* And it stays so, whatever is likely: for ten minutes. */
	size_t shown = screen_count(stage->screen);
	player_tune(stage->player, 7, NULL);
	stage_await_whole(stage, 7, &shown, PICTURE_LIMIT_MS);
	await_bridge(stage, 2, 7);
	assert_int_equal(count_ahead(stage, false), 1);
	stage_quit(stage);
}

/* ---- what is remembered ---- */

/* Watches it until it is remembered. */
static void watch(struct stage *stage, int channel)
{
	g_autofree char *sql =
		g_strdup_printf("SELECT count(*) FROM channel_memory WHERE channel = %d", channel);
	size_t shown = screen_count(stage->screen);
	uint64_t deadline_ns = lab_now_ns() + RECORD_LIMIT_MS * MS_NS;
	player_tune(stage->player, channel, NULL);
	stage_await_whole(stage, channel, &shown, PICTURE_LIMIT_MS);
	while (!ask_db(stage, sql)) {
		assert_true(lab_now_ns() < deadline_ns);
		g_usleep(20000);
	}
}

static void channels_and_habits_are_remembered_and_checked(void **state)
{
	take_stage(stage, state);
	start_anew(stage, "0", NULL);
	watch(stage, 3);
	watch(stage, 5);
	watch(stage, 1);
	stage_quit(stage);
	g_clear_pointer(&stage->player, player_free);
	g_clear_pointer(&stage->screen, screen_close);
	assert_int_equal(ask_db(stage, "SELECT count(*) FROM channel_memory WHERE length(psi) > 30 "
				       "AND video_codec = 'h264' AND audio_codec = 'aac'"),
		3);
	assert_true(ask_db(stage, "SELECT count(*) FROM viewer_step WHERE action = 'number'") > 0);

	/* The head-end has moved to other PIDs since: the live tables win. */
	lab_headend(&stage->lab, "pmt 3");
	start(stage, "0", NULL);
	watch(stage, 5);
	watch(stage, 3);
	stage_expect_undamaged(stage, 0);
	stage_quit(stage);
	assert_int_equal(ask_db(stage, "SELECT count(DISTINCT video_pid) FROM channel_memory"), 2);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(foreseen_zaps_are_warm_whole_and_need_no_report),
		STAGE_TEST(what_is_held_ahead_changes_after_the_zap_within_its_budget),
		STAGE_TEST(all_of_the_bouquet_is_received_where_it_may),
		STAGE_TEST(the_rate_ahead_keeps_within_its_budget),
		STAGE_TEST(a_loss_takes_the_join_ahead_back),
		STAGE_TEST(channels_and_habits_are_remembered_and_checked),
		/* The last one: the kernel repeats its leaves when the player is long gone. */
		STAGE_TEST(the_kernel_back_end_zaps_warm_too),
	};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("system_warm", tests, stage_open, stage_close);
}
