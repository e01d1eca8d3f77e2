/* What the viewer makes of the line-up gets into its file, and does not come back as another one.
 */
#include "client/app/writer.h"

#include <stdio.h>

#include "channels/viewer.h"
#include "tests/support/test.h"
#include "tests/unit/channels/scratch.h"

#define LINEUP                                                                                     \
	"#EXTM3U\n#EXTINF:-1 tvg-chno=\"1\",One\nudp://239.255.79.1:5000\n"                        \
	"#EXTINF:-1 tvg-chno=\"2\",Two\nudp://239.255.79.2:5000\n"

struct desk {
	uv_loop_t loop;
	struct writer *writer;
	struct scratch *scratch;
	bool is_loaded;
	struct channel_list *at_hand, *fresh; /* the newest that came */
	unsigned lineups, sentences;
};

static void on_loaded(void *ctx, const struct writer_loaded *loaded)
{
	struct desk *desk = ctx;
	assert_null(loaded->why);
	desk->is_loaded = true;
}

static void on_lineup(void *ctx, struct channel_list *list)
{
	struct desk *desk = ctx;
	desk->lineups++;
	channel_list_free(desk->fresh);
	desk->fresh = list;
}

static void on_log(void *ctx, const char *sentence)
{
	struct desk *desk = ctx;
	(void)sentence;
	desk->sentences++;
}

static struct lineup *open_lineup(const struct desk *desk)
{
	struct lineup *lineup = NULL;
	char *why = NULL;
	if (lineup_open(desk->scratch->db, LINEUP_READ, &lineup, &why))
		fail_msg("%s", why);
	return lineup;
}

static int setup(void **state)
{
	void *scratch;
	if (scratch_setup(&scratch) || scratch_import(scratch, LINEUP, IMPORT_REPLACE))
		return -1;
	struct desk *desk = g_new0(struct desk, 1);
	desk->scratch = scratch;
	struct lineup *lineup = open_lineup(desk);
	assert_int_equal(lineup_load(lineup, &desk->at_hand), 0);
	lineup_close(lineup);
	uv_loop_init(&desk->loop);
	const struct writer_options options = {.path = desk->scratch->db,
		.channels = desk->at_hand,
		.loaded = on_loaded,
		.lineup = on_lineup,
		.ctx = desk,
		.log = on_log,
		.log_ctx = desk};
	assert_int_equal(writer_open(&desk->loop, &options, &desk->writer), 0);
	while (!desk->is_loaded)
		uv_run(&desk->loop, UV_RUN_ONCE);
	*state = desk;
	return 0;
}

/* What was put is written by then. */
static void stop(struct desk *desk)
{
	writer_close(desk->writer);
	uv_run(&desk->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&desk->loop), 0);
	desk->writer = NULL;
}

static int teardown(void **state)
{
	struct desk *desk = *state;
	void *scratch = desk->scratch;
	if (desk->writer)
		stop(desk);
	channel_list_free(desk->at_hand);
	channel_list_free(desk->fresh);
	g_free(desk);
	return scratch_teardown(&scratch);
}

static int count(const struct desk *desk, const char *sql)
{
	return scratch_get_int(desk->scratch, sql);
}

/* The writer's thread does what it does when it does it: the file is looked at again. */
static void await_count(const struct desk *desk, const char *sql, int expected)
{
	while (count(desk, sql) != expected)
		g_usleep(1000);
}

static void wait_for_lineups(struct desk *desk, unsigned lineups)
{
	while (desk->lineups < lineups)
		uv_run(&desk->loop, UV_RUN_ONCE);
}

static void note_watched(void *ctx, int64_t channel, int64_t at_utc_s)
{
	g_string_append_printf(ctx, "%d@%d ", (int)channel, (int)at_utc_s);
}

static void check_history(const struct desk *desk, const char *expected)
{
	struct lineup *lineup = open_lineup(desk);
	GString *history = g_string_new(NULL);
	assert_int_equal(lineup_each_history(lineup, 10, note_watched, history), 0);
	assert_string_equal(history->str, expected);
	g_string_free(history, TRUE);
	lineup_close(lineup);
}

static void check_volume(const struct desk *desk, unsigned expected, bool expected_muted)
{
	struct lineup *lineup = open_lineup(desk);
	uint16_t percent = 0;
	bool muted = !expected_muted;
	assert_true(lineup_get_volume(lineup, &percent, &muted));
	assert_int_equal(percent, expected);
	assert_int_equal(muted, expected_muted);
	lineup_close(lineup);
}

static void test_all_that_the_viewer_does_is_written(void **state)
{
	struct desk *desk = *state;
	writer_put_mark(desk->writer, WRITER_FAVOURITE, 2, true);
	writer_put_mark(desk->writer, WRITER_LOCKED, 1, true);
	writer_put_mark(desk->writer, WRITER_LOCKED, 2, true);
	writer_put_mark(desk->writer, WRITER_LOCKED, 2, false);
	writer_put_history(desk->writer, 1, 100);
	writer_put_history(desk->writer, 2, 200);
	writer_put_volume(desk->writer, 70, true);
	writer_put_volume(desk->writer, 35, false);
	stop(desk);
	assert_int_equal(desk->sentences, 0);
	assert_int_equal(count(desk, "SELECT sum(channel) FROM favourite"), 2);
	assert_int_equal(count(desk, "SELECT sum(channel) FROM lock"), 1);
	check_history(desk, "2@200 1@100 ");
	check_volume(desk, 35, false);
}

static void test_the_volume_is_kept_while_it_is_muted(void **state)
{
	struct desk *desk = *state;
	writer_put_volume(desk->writer, 0, false);
	writer_put_volume(desk->writer, 100, true);
	stop(desk);
	check_volume(desk, 100, true);
}

/* As it is before anybody has changed it, and where somebody else has written there. */
static void test_a_volume_that_is_none_is_none(void **state)
{
	struct desk *desk = *state;
	static const char *const bad[] = {"", "loud", "101", "-5", "999999"};
	for (size_t i = 0; i <= G_N_ELEMENTS(bad); i++) {
		struct lineup *lineup = open_lineup(desk);
		uint16_t percent = 17;
		bool muted = true;
		assert_false(lineup_get_volume(lineup, &percent, &muted));
		assert_int_equal(percent, 17);
		assert_true(muted);
		lineup_close(lineup);
		if (i == G_N_ELEMENTS(bad))
			break;
		g_autofree char *sql = g_strdup_printf(
			"INSERT OR REPLACE INTO box VALUES ('volume', '%s')", bad[i]);
		scratch_sql(desk->scratch, sql);
	}
}

/* A channel that an import has just removed takes nothing else along. */
static void test_marks_of_channels_that_are_gone_hinder_nothing(void **state)
{
	struct desk *desk = *state;
	writer_put_mark(desk->writer, WRITER_FAVOURITE, 77, true);
	writer_put_history(desk->writer, 77, 50);
	writer_put_mark(desk->writer, WRITER_FAVOURITE, 1, true);
	writer_put_history(desk->writer, 1, 100);
	stop(desk);
	assert_int_equal(desk->sentences, 0);
	assert_int_equal(count(desk, "SELECT sum(channel) FROM favourite"), 1);
	check_history(desk, "1@100 ");
}

/* It looks at the file before it writes the second one. */
static void let_it_look(struct desk *desk)
{
	for (int i = 1; i <= 2; i++) {
		writer_put_history(desk->writer, 1, i);
		await_count(desk, "SELECT count(*) FROM history", i);
	}
	uv_run(&desk->loop, UV_RUN_NOWAIT);
}

/* The viewer has seen it on the screen already. Another change does come, and has his marks. */
static void test_our_own_marks_are_no_other_line_up(void **state)
{
	struct desk *desk = *state;
	writer_put_mark(desk->writer, WRITER_FAVOURITE, 2, true);
	writer_put_mark(desk->writer, WRITER_LOCKED, 1, true);
	await_count(desk, "SELECT count(*) FROM lock", 1);
	scratch_sql(desk->scratch, "INSERT INTO viewer_mood VALUES ('up', 'up', 1.0)");
	let_it_look(desk);
	assert_int_equal(desk->lineups, 0);
	scratch_sql(desk->scratch, "UPDATE channel SET name = 'Won' WHERE id = 1");
	wait_for_lineups(desk, 1);
	assert_string_equal(desk->fresh->channels[0].name, "Won");
	assert_true(desk->fresh->channels[0].locked);
	assert_true(desk->fresh->channels[1].favourite);
}

static void test_what_others_mark_comes_by_itself(void **state)
{
	struct desk *desk = *state;
	scratch_sql(desk->scratch, "INSERT INTO favourite VALUES (1)");
	wait_for_lineups(desk, 1);
	assert_true(desk->fresh->channels[0].favourite);
	scratch_sql(desk->scratch, "DELETE FROM favourite; INSERT INTO favourite VALUES (2)");
	wait_for_lineups(desk, 2);
	assert_false(desk->fresh->channels[0].favourite);
	assert_true(desk->fresh->channels[1].favourite);
}

/* A list waits for the end of a zap, and the viewer's keys do not. */
static void test_a_list_that_waits_gets_what_is_marked_meanwhile(void **state)
{
	struct desk *desk = *state;
	scratch_sql(desk->scratch, "UPDATE channel SET name = 'Won' WHERE id = 1");
	wait_for_lineups(desk, 1);
	writer_put_mark(desk->writer, WRITER_FAVOURITE, 1, true);
	writer_put_mark(desk->writer, WRITER_LOCKED, 2, true);
	writer_put_mark(desk->writer, WRITER_FAVOURITE, 2, true);
	writer_put_mark(desk->writer, WRITER_FAVOURITE, 2, false);
	assert_false(desk->fresh->channels[0].favourite);
	writer_refresh_marks(desk->writer, desk->fresh);
	assert_true(desk->fresh->channels[0].favourite);
	assert_true(desk->fresh->channels[1].locked);
	assert_false(desk->fresh->channels[1].favourite);
}

/* What the file had when the list was read is not marked over again. */
static void test_what_others_took_away_stays_away(void **state)
{
	struct desk *desk = *state;
	writer_put_mark(desk->writer, WRITER_FAVOURITE, 1, true);
	await_count(desk, "SELECT count(*) FROM favourite", 1);
	scratch_sql(desk->scratch, "DELETE FROM favourite");
	wait_for_lineups(desk, 1);
	writer_refresh_marks(desk->writer, desk->fresh);
	assert_false(desk->fresh->channels[0].favourite);
}

#define OTHER_LINEUP                                                                               \
	"#EXTM3U\n#EXTINF:-1 tvg-chno=\"1\",Three\nudp://239.255.79.3:5000\n"                      \
	"#EXTINF:-1 tvg-chno=\"2\",Four\nudp://239.255.79.4:5000\n"

/* Moved into its place, as who hands out ready files does. */
static void replace_file(struct scratch *scratch)
{
	const char *before = scratch->db;
	scratch->db = scratch_path(scratch, "ready.db");
	assert_int_equal(scratch_import(scratch, OTHER_LINEUP, IMPORT_REPLACE), 0);
	assert_int_equal(rename(scratch->db, before), 0);
	scratch->db = before;
}

/* There the same ids are other channels. */
static void test_marks_are_not_passed_on_to_another_file(void **state)
{
	struct desk *desk = *state;
	writer_put_mark(desk->writer, WRITER_FAVOURITE, 1, true);
	await_count(desk, "SELECT count(*) FROM favourite", 1);
	replace_file(desk->scratch);
	wait_for_lineups(desk, 1);
	assert_string_equal(desk->fresh->channels[0].name, "Three");
	writer_put_mark(desk->writer, WRITER_LOCKED, 2, true); /* of the line-up at hand */
	writer_refresh_marks(desk->writer, desk->fresh);
	assert_false(desk->fresh->channels[0].favourite);
	assert_false(desk->fresh->channels[1].locked);
	writer_taken(desk->writer, desk->fresh->file);
	writer_put_mark(desk->writer, WRITER_FAVOURITE, 2, true);
	stop(desk);
	assert_int_equal(count(desk, "SELECT sum(channel) FROM favourite"), 2);
	assert_int_equal(count(desk, "SELECT count(*) FROM lock"), 0);
}

/* An address is played, or nothing may be remembered: there is no writer. */
static void test_without_a_file_nothing_is_kept(void **state)
{
	struct desk *desk = *state;
	writer_put_mark(NULL, WRITER_FAVOURITE, 1, true);
	writer_put_history(NULL, 1, 100);
	writer_put_volume(NULL, 50, false);
	writer_refresh_marks(NULL, desk->at_hand);
	assert_false(desk->at_hand->channels[0].favourite);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_all_that_the_viewer_does_is_written),
		TEST(test_the_volume_is_kept_while_it_is_muted),
		TEST(test_a_volume_that_is_none_is_none),
		TEST(test_marks_of_channels_that_are_gone_hinder_nothing),
		TEST(test_our_own_marks_are_no_other_line_up),
		TEST(test_what_others_mark_comes_by_itself),
		TEST(test_a_list_that_waits_gets_what_is_marked_meanwhile),
		TEST(test_what_others_took_away_stays_away),
		TEST(test_marks_are_not_passed_on_to_another_file),
		TEST(test_without_a_file_nothing_is_kept),
	};
	return cmocka_run_group_tests_name("client_writer_marks", tests, NULL, NULL);
}
