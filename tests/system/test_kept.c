/* What the viewer leaves behind is there when the box is started again. */
#include <string.h>

#include <glib.h>
#include <sqlite3.h>

#include "tests/system/support/stage.h"

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

enum { LIMIT_MS = 6000 };

static int ask_file(struct stage *stage, const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *statement;
	assert_int_equal(sqlite3_open(stage->lab.db, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, LIMIT_MS);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	int number = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return number;
}

/* What is written is there within a second or so. */
static void await_in_file(struct stage *stage, const char *sql, int expected)
{
	uint64_t end_ns = lab_now_ns() + LIMIT_MS * UINT64_C(1000000);
	while (ask_file(stage, sql) != expected) {
		if (lab_now_ns() > end_ns)
			fail_msg("%s: %d instead of %d", sql, ask_file(stage, sql), expected);
		g_usleep(10000);
	}
}

static void start(struct stage *stage, const char *channel, const char *const *more)
{
	const struct player_options options = {.channel = channel, .more = more};
	stage->player = player_start(&stage->lab, &options);
}

static void key(struct stage *stage, const char *name)
{
	player_do(stage->player, "key", json_pack("{s:s}", "key", name));
}

static int64_t status_number(struct stage *stage, const char *member)
{
	json_t *status = player_ask(stage->player, "status", NULL);
	int64_t number = json_integer_value(json_object_get(status, member));
	json_decref(status);
	return number;
}

static bool status_is(struct stage *stage, const char *member)
{
	json_t *status = player_ask(stage->player, "status", NULL);
	bool is = json_is_true(json_object_get(status, member));
	json_decref(status);
	return is;
}

static void again(struct stage *stage, const char *const *more)
{
	stage_quit(stage);
	g_clear_pointer(&stage->player, player_free);
	start(stage, NULL, more);
}

/* One that was only passed on the way is not where he was. */
static void the_box_begins_where_the_viewer_was(void **state)
{
	take_stage(stage, state);
	const char *const *soon = WORDS("-o", "zap.watched_s=0.2");
	start(stage, "3", soon);
	await_in_file(stage,
		"SELECT count(*) FROM history JOIN channel ON channel = channel.id "
		"WHERE number = 3",
		1);
	again(stage, WORDS("-o", "zap.watched_s=3600"));
	assert_int_equal(status_number(stage, "channel"), 3);
	key(stage, "5");
	again(stage, soon);
	assert_int_equal(status_number(stage, "channel"), 3);
	stage_quit(stage);
}

static void one_that_is_named_comes_before_that(void **state)
{
	take_stage(stage, state);
	start(stage, "4", WORDS("-o", "zap.watched_s=0.2"));
	await_in_file(stage,
		"SELECT number FROM history JOIN channel ON channel = channel.id "
		"ORDER BY history.id DESC LIMIT 1",
		4);
	stage_quit(stage);
	g_clear_pointer(&stage->player, player_free);
	start(stage, "6", NULL);
	assert_int_equal(status_number(stage, "channel"), 6);
	stage_quit(stage);
}

/* The last key goes back to what was watched before the start. */
static void last_goes_back_to_an_earlier_day(void **state)
{
	take_stage(stage, state);
	const char *const *soon = WORDS("-o", "zap.watched_s=0.2");
	const char *newest = "SELECT number FROM history JOIN channel ON channel = channel.id "
			     "ORDER BY history.id DESC LIMIT 1";
	start(stage, "7", soon);
	await_in_file(stage, newest, 7);
	key(stage, "2");
	await_in_file(stage, newest, 2);
	again(stage, soon);
	assert_int_equal(status_number(stage, "channel"), 2);
	key(stage, "LAST");
	assert_int_equal(status_number(stage, "channel"), 7);
	stage_quit(stage);
}

static void how_loud_it_was_is_kept(void **state)
{
	take_stage(stage, state);
	start(stage, "1", WORDS("-o", "play.volume=60"));
	assert_int_equal(status_number(stage, "volume"), 60);
	key(stage, "VOLUMEDOWN");
	key(stage, "VOLUMEDOWN");
	key(stage, "VOLUMEDOWN");
	key(stage, "MUTE");
	assert_int_equal(status_number(stage, "volume"), 45);
	again(stage, WORDS("-o", "play.volume=60"));
	assert_int_equal(status_number(stage, "volume"), 45);
	assert_true(status_is(stage, "muted"));
	key(stage, "MUTE");
	again(stage, NULL);
	assert_false(status_is(stage, "muted"));
	stage_quit(stage);
}

/* A favourite that the yellow key makes is one for whoever reads the line-up. */
static void favourites_are_kept(void **state)
{
	take_stage(stage, state);
	const char *marked = "SELECT count(*) FROM favourite JOIN channel ON channel = channel.id "
			     "WHERE number = 2";
	start(stage, "2", NULL);
	key(stage, "OK");
	key(stage, "YELLOW");
	key(stage, "BACK");
	await_in_file(stage, marked, 1);
	/* It was no other line-up, which would have been said. */
	json_t *event = player_event(stage->player, json_pack("{s:s}", "event", "lineup"), 1500);
	assert_null(event);
	again(stage, NULL);
	key(stage, "OK");
	key(stage, "YELLOW");
	await_in_file(stage, marked, 0);
	stage_quit(stage);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(the_box_begins_where_the_viewer_was),
		STAGE_TEST(one_that_is_named_comes_before_that),
		STAGE_TEST(last_goes_back_to_an_earlier_day),
		STAGE_TEST(how_loud_it_was_is_kept),
		STAGE_TEST(favourites_are_kept),
	};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("system_kept", tests, stage_open, stage_close);
}
