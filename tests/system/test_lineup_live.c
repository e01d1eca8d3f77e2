/*
 * The line-up while it is played: a source that falls silent gives way to the next one, a changed
 * line-up is taken over without leaving the channel, and a first start waits for one.
 */
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "tests/system/support/stage.h"

enum {
	PICTURE_LIMIT_MS = 6000, /* a GOP, a buffer model's delay, and a slow machine */
	/* A GOP that is not known counts as 2 s, and a second more; then a report and a picture. */
	FAILOVER_LIMIT_MS = 3000 + PICTURE_LIMIT_MS,
	TAKEOVER_LIMIT_MS = 6000,
	GOES_ON_MS = 1500,
};
#define MS_NS UINT64_C(1000000)
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

#define ROW(number, name, uri) "#EXTINF:-1 tvg-chno=\"" #number "\"," name "\n" uri "\n"
#define ONE "rtp://@239.1.1.1:5004"
#define TWO "rtp://10.0.1.10@232.1.1.2:5004"
#define THREE "rtp://@239.1.1.3:5004"
#define FIVE "rtp://@239.1.1.5:5004"
/* Of one channel two sources, which carry other pictures than each other: so they are told apart.
 */
#define TWO_SOURCES ROW(1, "Doppel", ONE) ROW(1, "Doppel", THREE) ROW(2, "Zwei", TWO)

/* Into this line-up, in the place of what is in it. */
static void import(struct stage *stage, const char *db, const char *rows)
{
	g_autofree char *list = lab_path(&stage->lab, "list.m3u");
	g_autofree char *out = lab_path(&stage->lab, "list.out");
	g_autofree char *m3u = g_strconcat("#EXTM3U\n", rows, NULL);
	assert_true(g_file_set_contents(list, m3u, -1, NULL));
	const char *const argv[] = {
		stage->lab.zapper, "import", "--replace", "--db", db, list, NULL};
	assert_int_equal(lab_wait(lab_spawn(&stage->lab, "box", argv, out, out), 10000), 0);
}

/* Plays channel 1 or 2 of these rows; the database's path is to be freed with g_free. */
static char *play_rows(struct stage *stage, const char *name, const char *rows, int channel)
{
	char *db = lab_path(&stage->lab, name);
	const struct player_options options = {.more = WORDS("--db", db)};
	import(stage, db, rows);
	stage_play_with(stage, channel, &options);
	return db;
}

/* The source that is received, from 1. */
static int source_number(struct stage *stage)
{
	json_t *status = player_ask(stage->player, "status", NULL);
	json_t *source = json_object_get(status, "source");
	int number = (int)json_integer_value(json_object_get(source, "number"));
	json_decref(status);
	return number;
}

static json_t *await_event(struct stage *stage, const char *name, unsigned limit_ms)
{
	json_t *event = player_event(stage->player, json_pack("{s:s}", "event", name), limit_ms);
	if (!event) {
		g_autofree char *errors = player_errors(stage->player);
		fail_msg("no event \"%s\" within %u ms, but: %s", name, limit_ms, errors);
	}
	return event;
}

/* The report that changes the source: both records in one. */
static void expect_change(struct stage *stage, const char *expected)
{
	struct captured report;
	size_t index = 0;
	while (capture_await(
		stage->capture, &index, capture_now_ns(), capture_is_change, NULL, &report)) {
		g_autofree char *records = capture_describe(&report);
		if (!strcmp(records, expected))
			return;
		if (strstr(records, "TO_IN") || strstr(records, "BLOCK"))
			fail_msg("\"%s\" was left and not \"%s\"", records, expected);
	}
	fail_msg("\"%s\" was not said", expected);
}

static void a_source_that_is_silent_gives_way_to_the_next(void **state)
{
	take_stage(stage, state);
	size_t shown = 0;
	lab_headend(&stage->lab, "stop 1");
	g_free(play_rows(stage, "sources.db", TWO_SOURCES, 1));
	json_t *event = await_event(stage, "source", FAILOVER_LIMIT_MS);
	json_t *source = json_object_get(event, "source");
	assert_string_equal(
		json_string_value(json_object_get(source, "uri")), "rtp://239.1.1.3:5004");
	assert_int_equal(json_integer_value(json_object_get(source, "number")), 2);
	assert_int_equal(json_integer_value(json_object_get(source, "count")), 2);
	json_decref(event);
	stage_await_whole(stage, 3, &shown, PICTURE_LIMIT_MS);
	player_await_state(stage->player, "playing", PICTURE_LIMIT_MS);
	player_await_error(stage->player, "nothing comes from rtp://239.1.1.1:5004, trying "
					  "rtp://239.1.1.3:5004 (source 2 of 2)");
	expect_change(stage, "TO_IN 239.1.1.1 | TO_EX 239.1.1.3");

	/* Within the hour the one that worked comes first. */
	player_tune(stage->player, 2, NULL);
	stage_await_whole(stage, 2, &shown, PICTURE_LIMIT_MS);
	player_tune(stage->player, 1, NULL);
	assert_int_equal(source_number(stage), 2);
	stage_await_whole(stage, 3, &shown, PICTURE_LIMIT_MS);
	lab_headend(&stage->lab, "resume 1");
	stage_quit(stage);
}

static void one_that_falls_silent_while_it_plays_gives_way_too(void **state)
{
	take_stage(stage, state);
	size_t shown = 0;
	g_free(play_rows(stage, "silent.db", TWO_SOURCES, 1));
	stage_await_whole(stage, 1, &shown, PICTURE_LIMIT_MS);
	assert_int_equal(source_number(stage), 1);
	lab_headend(&stage->lab, "stop 1");
	stage_await_whole(stage, 3, &shown, FAILOVER_LIMIT_MS);
	assert_int_equal(source_number(stage), 2);
	/* It stays, and goes back when it has to: round and round. */
	lab_headend(&stage->lab, "resume 1");
	lab_headend(&stage->lab, "stop 3");
	stage_await_whole(stage, 1, &shown, FAILOVER_LIMIT_MS);
	assert_int_equal(source_number(stage), 1);
	lab_headend(&stage->lab, "resume 3");
	player_await_state(stage->player, "playing", PICTURE_LIMIT_MS);
	stage_quit(stage);
}

static void expect_channel(struct stage *stage, int number, const char *name)
{
	json_t *status = player_ask(stage->player, "status", NULL);
	assert_int_equal(json_integer_value(json_object_get(status, "channel")), number);
	assert_string_equal(json_string_value(json_object_get(status, "name")), name);
	json_decref(status);
}

/* Pictures of it came for so long without a stop. */
static void expect_it_goes_on(struct stage *stage, int clip, size_t index)
{
	uint64_t until_ns = lab_now_ns() + GOES_ON_MS * MS_NS;
	while (lab_now_ns() < until_ns)
		stage_await_whole(stage, clip, &index, 1000);
	stage_expect_undamaged(stage, index);
	g_autofree char *now = player_status(stage->player, "state");
	assert_string_equal(now, "playing");
}

/* Channel 2 of three is watched. Returns the database's path, to be freed with g_free(). */
static char *play_three(struct stage *stage, const char *name)
{
	size_t shown = 0;
	char *db = play_rows(
		stage, name, ROW(1, "Eins", ONE) ROW(2, "Zwei", TWO) ROW(3, "Drei", THREE), 2);
	stage_await_whole(stage, 2, &shown, PICTURE_LIMIT_MS);
	json_decref(await_event(stage, "zap", PICTURE_LIMIT_MS));
	capture_clear(stage->capture);
	return db;
}

/* One is gone, one is new, and the watched one, whose picture `index` was the last, is channel 7.
 */
static void expect_taken_over(struct stage *stage, size_t index)
{
	json_t *event = await_event(stage, "lineup", TAKEOVER_LIMIT_MS);
	assert_int_equal(json_integer_value(json_object_get(event, "channels")), 3);
	assert_int_equal(json_integer_value(json_object_get(event, "added")), 1);
	assert_int_equal(json_integer_value(json_object_get(event, "removed")), 1);
	assert_int_equal(json_integer_value(json_object_get(event, "channel")), 7);
	json_decref(event);
	expect_channel(stage, 7, "Zwei");
	expect_it_goes_on(stage, 2, index);
	struct captured report;
	size_t from = 0;
	assert_false(capture_await(
		stage->capture, &from, capture_now_ns(), capture_is_change, NULL, &report));

	size_t shown = screen_count(stage->screen);
	player_do(stage->player, "up", NULL);
	stage_await_whole(stage, 3, &shown, PICTURE_LIMIT_MS);
	expect_channel(stage, 9, "Drei");
	player_do(stage->player, "up", NULL);
	stage_await_whole(stage, 5, &shown, PICTURE_LIMIT_MS);
	expect_channel(stage, 5, "Fuenf");
}

static void a_changed_line_up_is_taken_over_while_it_plays(void **state)
{
	take_stage(stage, state);
	g_autofree char *db = play_three(stage, "changed.db");
	size_t index = screen_count(stage->screen);
	import(stage, db, ROW(5, "Fuenf", FIVE) ROW(7, "Zwei", TWO) ROW(9, "Drei", THREE));
	expect_taken_over(stage, index);
	stage_quit(stage);
}

/* In which the watched channel's row id is another one's. */
static void a_file_that_takes_its_place_is_taken_over_while_it_plays(void **state)
{
	take_stage(stage, state);
	g_autofree char *db = play_three(stage, "replaced.db");
	g_autofree char *ready = lab_path(&stage->lab, "ready.db");
	size_t index = screen_count(stage->screen);
	import(stage, ready, ROW(9, "Drei", THREE) ROW(5, "Fuenf", FIVE) ROW(7, "Zwei", TWO));
	assert_int_equal(rename(ready, db), 0);
	player_await_error(stage->player, "is another file by now");
	expect_taken_over(stage, index);
	stage_quit(stage);
}

static void expect_no_channel(struct stage *stage, int number)
{
	json_t *answer = player_ask(stage->player, "tune", json_pack("{s:i}", "number", number));
	assert_true(json_is_false(json_object_get(answer, "ok")));
	json_decref(answer);
}

static void a_channel_that_is_gone_goes_on_until_the_next_key(void **state)
{
	take_stage(stage, state);
	size_t shown = 0;
	g_autofree char *db = play_rows(
		stage, "gone.db", ROW(1, "Eins", ONE) ROW(2, "Zwei", TWO) ROW(3, "Drei", THREE), 2);
	stage_await_whole(stage, 2, &shown, PICTURE_LIMIT_MS);
	json_decref(await_event(stage, "zap", PICTURE_LIMIT_MS));
	size_t index = screen_count(stage->screen);
	import(stage, db, ROW(1, "Eins", ONE) ROW(3, "Drei", THREE));
	json_decref(await_event(stage, "lineup", TAKEOVER_LIMIT_MS));
	expect_channel(stage, 2, "Zwei");
	expect_it_goes_on(stage, 2, index);
	shown = screen_count(stage->screen);
	player_do(stage->player, "up", NULL);
	stage_await_whole(stage, 3, &shown, PICTURE_LIMIT_MS);
	expect_channel(stage, 3, "Drei");
	json_decref(await_event(stage, "zap", PICTURE_LIMIT_MS));
	expect_no_channel(stage, 2);
	player_do(stage->player, "down", NULL);
	stage_await_whole(stage, 1, &shown, PICTURE_LIMIT_MS);
	stage_quit(stage);
}

static void a_first_start_waits_for_a_line_up(void **state)
{
	take_stage(stage, state);
	size_t shown = 0;
	g_autofree char *db = lab_path(&stage->lab, "first.db");
	const struct player_options options = {.more = WORDS("--db", db)};
	stage_play_with(stage, 3, &options);
	g_autofree char *said = g_strdup_printf("zapper import --db %s LIST.m3u", db);
	player_await_error(stage->player, said);
	g_autofree char *idle = player_status(stage->player, "state");
	assert_string_equal(idle, "idle");
	expect_no_channel(stage, 1);
	player_do(stage->player, "up", NULL);
	assert_false(g_file_test(db, G_FILE_TEST_EXISTS));

	import(stage, db, ROW(1, "Eins", ONE) ROW(3, "Drei", THREE));
	stage_await_whole(stage, 3, &shown, TAKEOVER_LIMIT_MS + PICTURE_LIMIT_MS);
	expect_channel(stage, 3, "Drei");
	player_do(stage->player, "up", NULL);
	stage_await_whole(stage, 1, &shown, PICTURE_LIMIT_MS);
	stage_quit(stage);
}

static void press_power(struct stage *stage)
{
	player_do(stage->player, "key", json_pack("{s:s}", "key", "POWER"));
}

static void one_that_comes_while_the_box_sleeps_is_there_when_it_wakes(void **state)
{
	take_stage(stage, state);
	g_autofree char *db = lab_path(&stage->lab, "asleep.db");
	const struct player_options options = {.channel = "3", .more = WORDS("--db", db)};
	stage->player = player_start(&stage->lab, &options); /* its sink may come and go */
	press_power(stage);
	import(stage, db, ROW(1, "Eins", ONE) ROW(3, "Drei", THREE));
	json_decref(await_event(stage, "lineup", TAKEOVER_LIMIT_MS));
	g_autofree char *idle = player_status(stage->player, "state");
	assert_string_equal(idle, "idle"); /* who sleeps is not woken */
	press_power(stage);
	player_await_state(stage->player, "playing", PICTURE_LIMIT_MS);
	expect_channel(stage, 3, "Drei");
	stage_quit(stage);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(a_source_that_is_silent_gives_way_to_the_next),
		STAGE_TEST(one_that_falls_silent_while_it_plays_gives_way_too),
		STAGE_TEST(a_changed_line_up_is_taken_over_while_it_plays),
		STAGE_TEST(a_file_that_takes_its_place_is_taken_over_while_it_plays),
		STAGE_TEST(a_channel_that_is_gone_goes_on_until_the_next_key),
		STAGE_TEST(a_first_start_waits_for_a_line_up),
		STAGE_TEST(one_that_comes_while_the_box_sleeps_is_there_when_it_wakes),
	};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("system_lineup_live", tests, stage_open, stage_close);
}
