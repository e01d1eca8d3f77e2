/* What is to be remembered gets into the file, whoever else writes there, and nobody waits long. */
#include "client/app/writer.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/test.h"
#include "tests/unit/channels/scratch.h"

#define LINEUP                                                                                     \
	"#EXTM3U\n#EXTINF:-1 tvg-chno=\"1\",One\nudp://239.255.79.1:5000\n"                        \
	"#EXTINF:-1 tvg-chno=\"2\",Two\nudp://239.255.79.2:5000\n"

struct desk {
	uv_loop_t loop;
	struct writer *writer;
	unsigned loads, memories, steps, moods, sentences;
	char *why, *sentence;
	struct channel_list *channels; /* at hand */
	struct channel_list *fresh;    /* the newest that came */
	unsigned lineups;
	struct guide_page *page;
};

static void on_loaded(void *ctx, const struct writer_loaded *loaded)
{
	struct desk *desk = ctx;
	desk->loads++;
	desk->memories = loaded->memories->len;
	desk->steps = loaded->steps->len;
	desk->moods = loaded->moods->len;
	desk->why = g_strdup(loaded->why);
}

static void on_log(void *ctx, const char *sentence)
{
	struct desk *desk = ctx;
	desk->sentences++;
	g_free(desk->sentence);
	desk->sentence = g_strdup(sentence);
}

static void on_lineup(void *ctx, struct channel_list *list)
{
	struct desk *desk = ctx;
	desk->lineups++;
	channel_list_free(desk->fresh);
	desk->fresh = list;
}

static void on_guide(void *ctx, struct guide_page *page)
{
	struct desk *desk = ctx;
	guide_page_free(desk->page);
	desk->page = page;
}

/* One that watches a line-up, which is this one at hand; NULL: one that does not. */
static struct desk *open_desk(const char *path, struct channel_list *channels)
{
	struct desk *desk = g_new0(struct desk, 1);
	uv_loop_init(&desk->loop);
	desk->channels = channels;
	const struct writer_options options = {.path = path,
		.channels = channels,
		.loaded = on_loaded,
		.lineup = channels ? on_lineup : NULL,
		.guide = on_guide,
		.ctx = desk,
		.log = on_log,
		.log_ctx = desk};
	assert_int_equal(writer_open(&desk->loop, &options, &desk->writer), 0);
	return desk;
}

static struct desk *start(struct scratch *scratch)
{
	struct desk *desk = open_desk(scratch->db, NULL);
	while (!desk->loads)
		uv_run(&desk->loop, UV_RUN_ONCE);
	return desk;
}

/* How long that took, in ms. */
static unsigned stop(struct desk *desk)
{
	gint64 begun_us = g_get_monotonic_time();
	writer_close(desk->writer);
	uv_run(&desk->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&desk->loop), 0);
	return (unsigned)((g_get_monotonic_time() - begun_us) / 1000);
}

static void clear(struct desk *desk)
{
	g_free(desk->why);
	g_free(desk->sentence);
	channel_list_free(desk->fresh);
	channel_list_free(desk->channels);
	guide_page_free(desk->page);
	g_free(desk);
}

static struct channel_list *load(struct scratch *scratch)
{
	struct lineup *lineup = NULL;
	struct channel_list *list = NULL;
	char *why = NULL;
	assert_int_equal(lineup_open(scratch->db, LINEUP_READ, &lineup, &why), 0);
	assert_int_equal(lineup_load(lineup, &list), 0);
	lineup_close(lineup);
	return list;
}

/* Another program changes something, and waits where it has to. */
static void change(struct scratch *scratch, const char *sql)
{
	sqlite3 *db;
	assert_int_equal(sqlite3_open(scratch->db, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 10000);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void wait_for_lineups(struct desk *desk, unsigned lineups)
{
	while (desk->lineups < lineups)
		uv_run(&desk->loop, UV_RUN_ONCE);
}

static void put(struct desk *desk, int64_t channel, uint64_t gop_ns)
{
	const struct channel_memory memory = {.channel = channel,
		.psi = (const uint8_t *)"psi",
		.psi_bytes = 3,
		.video_codec = "h264",
		.audio_codec = "",
		.gop_ns = gop_ns};
	writer_put(desk->writer, &(struct lineup_memory){.channels = &memory, .n_channels = 1});
}

static void put_ways(struct desk *desk, double weight)
{
	const struct viewer_step step = {1, 2, "up", weight};
	const struct viewer_mood mood = {"up", "up", weight};
	writer_put(desk->writer, &(struct lineup_memory){.has_ways = true,
					 .steps = &step,
					 .n_steps = 1,
					 .moods = &mood,
					 .n_moods = 1});
}

/* What another program would find. */
static char *query(struct scratch *scratch, const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *statement;
	assert_int_equal(sqlite3_open(scratch->db, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	char *found = g_strdup((const char *)sqlite3_column_text(statement, 0));
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return found;
}

static void assert_found(struct scratch *scratch, const char *sql, const char *expected)
{
	char *found = query(scratch, sql);
	assert_string_equal(found, expected);
	g_free(found);
}

/* Another program that writes, until it is closed. */
static sqlite3 *lock(struct scratch *scratch)
{
	sqlite3 *db;
	assert_int_equal(sqlite3_open(scratch->db, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	return db;
}

static int setup(void **state)
{
	return scratch_setup(state) || scratch_import(*state, LINEUP, IMPORT_REPLACE);
}

static void test_the_newest_is_written_and_read_again(void **state)
{
	struct desk *desk = start(*state);
	assert_int_equal(desk->memories + desk->steps + desk->moods, 0);
	for (uint64_t gop_ns = 1; gop_ns <= 50; gop_ns++) {
		put(desk, 1, gop_ns);
		put(desk, 2, 100 + gop_ns);
		put_ways(desk, (double)gop_ns);
	}
	put(desk, 77, 1); /* there is no such channel */
	stop(desk);
	assert_int_equal(desk->sentences, 0);
	clear(desk);
	assert_found(*state, "SELECT group_concat(gop_ns) FROM channel_memory", "50,150");
	assert_found(*state, "SELECT weight FROM viewer_step", "50.0");
	desk = start(*state);
	assert_int_equal(desk->memories, 2);
	assert_int_equal(desk->steps, 1);
	assert_int_equal(desk->moods, 1);
	assert_null(desk->why);
	stop(desk);
	clear(desk);
}

/* Nobody waits for a long import, whatever there is to write; but it is said. */
static void test_the_end_does_not_wait_for_ever(void **state)
{
	struct desk *desk = start(*state);
	sqlite3 *other = lock(*state);
	for (uint64_t i = 0; i < 20; i++)
		put(desk, 1 + (int64_t)i % 2, i);
	assert_in_range(stop(desk), 0, 4000);
	assert_non_null(strstr(desk->sentence, "is lost"));
	sqlite3_close(other);
	assert_found(*state, "SELECT count(*) FROM channel_memory", "0");
	clear(desk);
}

static void test_what_could_not_be_written_comes_with_the_next(void **state)
{
	struct desk *desk = start(*state);
	sqlite3 *other = lock(*state);
	put(desk, 1, 10);
	put_ways(desk, 3);
	while (!desk->sentences)
		uv_run(&desk->loop, UV_RUN_ONCE);
	assert_non_null(strstr(desk->sentence, "waits"));
	sqlite3_close(other);
	put(desk, 2, 20);
	stop(desk);
	assert_int_equal(desk->sentences, 1);
	assert_found(*state, "SELECT group_concat(gop_ns) FROM channel_memory", "10,20");
	assert_found(*state, "SELECT weight FROM viewer_step", "3.0");
	clear(desk);
}

/* What cannot be read is not to be replaced. */
static void test_a_file_that_cannot_be_read_is_left_alone(void **state)
{
	struct scratch *scratch = *state;
	assert_true(g_file_set_contents(scratch->db, "no database", -1, NULL));
	struct desk *desk = start(scratch);
	assert_non_null(desk->why);
	put(desk, 1, 10);
	put_ways(desk, 3);
	stop(desk);
	assert_int_equal(desk->sentences, 0); /* it has been said why */
	char *content;
	assert_true(g_file_get_contents(scratch->db, &content, NULL, NULL));
	assert_string_equal(content, "no database");
	g_free(content);
	clear(desk);
}

static void test_what_is_closed_at_once_ends(void **state)
{
	struct scratch *scratch = *state;
	struct desk desk = {0};
	uv_loop_init(&desk.loop);
	const struct writer_options options = {.path = scratch->db,
		.loaded = on_loaded,
		.ctx = &desk,
		.log = on_log,
		.log_ctx = &desk};
	assert_int_equal(writer_open(&desk.loop, &options, &desk.writer), 0);
	put(&desk, 1, 10);
	stop(&desk);
	assert_int_equal(desk.loads, 0);
	assert_found(scratch, "SELECT gop_ns FROM channel_memory", "10");
}

#define OTHER_LINEUP                                                                               \
	"#EXTM3U\n#EXTINF:-1 tvg-chno=\"1\",One\nudp://239.255.79.1:5000\n"                        \
	"#EXTINF:-1 tvg-chno=\"3\",Three\nudp://239.255.79.3:5000\n"

static void test_a_changed_line_up_comes_by_itself(void **state)
{
	struct scratch *scratch = *state;
	struct desk *desk = open_desk(scratch->db, load(scratch));
	while (!desk->loads)
		uv_run(&desk->loop, UV_RUN_ONCE);
	/* What it writes itself is no change, nor is what another one remembers. */
	put(desk, 1, 10);
	change(scratch, "INSERT INTO viewer_mood VALUES ('up', 'up', 1.0)");
	assert_int_equal(scratch_import(scratch, OTHER_LINEUP, IMPORT_REPLACE), 0);
	wait_for_lineups(desk, 1);
	assert_int_equal(desk->fresh->count, 2);
	assert_string_equal(desk->fresh->channels[1].name, "Three");
	assert_int_equal(scratch_import(scratch, LINEUP, IMPORT_MERGE), 0);
	wait_for_lineups(desk, 2);
	assert_int_equal(desk->fresh->count, 3);
	stop(desk);
	assert_int_equal(desk->lineups, 2);
	assert_int_equal(desk->sentences, 0);
	clear(desk);
}

/* One that was changed between its reading and the opening here is another one, too. */
static void test_a_line_up_that_changed_before_comes_at_once(void **state)
{
	struct scratch *scratch = *state;
	struct channel_list *at_hand = load(scratch);
	assert_int_equal(scratch_import(scratch, OTHER_LINEUP, IMPORT_REPLACE), 0);
	struct desk *desk = open_desk(scratch->db, at_hand);
	wait_for_lineups(desk, 1);
	assert_string_equal(desk->fresh->channels[1].name, "Three");
	stop(desk);
	clear(desk);
}

static void test_who_only_remembers_changes_no_line_up(void **state)
{
	struct scratch *scratch = *state;
	struct desk *desk = open_desk(scratch->db, load(scratch));
	while (!desk->loads)
		uv_run(&desk->loop, UV_RUN_ONCE);
	change(scratch, "INSERT INTO viewer_mood VALUES ('up', 'up', 1.0)");
	assert_int_equal(scratch_import(scratch, LINEUP, IMPORT_REPLACE), 0);
	/* It looks each second: by the time that an import is seen, those before it were. */
	change(scratch, "UPDATE channel SET name = 'Won' WHERE number = 1");
	wait_for_lineups(desk, 1);
	assert_string_equal(desk->fresh->channels[0].name, "Won");
	stop(desk);
	assert_int_equal(desk->lineups, 1);
	clear(desk);
}

/* A first start. It makes no file, and remembers from then on. */
static void test_a_line_up_may_come_later(void **state)
{
	struct scratch *scratch = *state;
	const char *path = scratch_path(scratch, "later/lineup.db");
	struct channel_list *none = load(scratch);
	none->count = 0;
	none->file = 0;
	struct desk *desk = open_desk(path, none);
	assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
	const char *before = scratch->db;
	scratch->db = path;
	assert_int_equal(scratch_import(scratch, LINEUP, IMPORT_REPLACE), 0);
	wait_for_lineups(desk, 1);
	assert_int_equal(desk->fresh->count, 2);
	assert_int_equal(desk->loads, 1);
	put(desk, 1, 10);
	stop(desk);
	assert_found(scratch, "SELECT gop_ns FROM channel_memory", "10");
	scratch->db = before;
	clear(desk);
}

/* That is how an operator breaks it; the viewer goes on. */
/* The file is there before its channels are. */
static void test_a_line_up_that_is_being_made_is_none_yet(void **state)
{
	struct scratch *scratch = *state;
	struct channel_list *none = load(scratch);
	none->count = 0;
	none->file = 0;
	scratch->db = scratch_path(scratch, "later.db");
	struct desk *desk = open_desk(scratch->db, none);
	struct lineup *lineup = NULL;
	char *why = NULL;
	assert_int_equal(lineup_open(scratch->db, LINEUP_WRITE, &lineup, &why), 0);
	lineup_close(lineup);
	while (!desk->loads) /* it looks at once then */
		uv_run(&desk->loop, UV_RUN_ONCE);
	assert_int_equal(scratch_import(scratch, LINEUP, IMPORT_REPLACE), 0);
	wait_for_lineups(desk, 1);
	assert_int_equal(desk->fresh->count, 2);
	stop(desk);
	assert_int_equal(desk->sentences, 0);
	clear(desk);
}

static void test_a_line_up_that_breaks_is_said_and_not_taken(void **state)
{
	struct scratch *scratch = *state;
	struct desk *desk = open_desk(scratch->db, load(scratch));
	while (!desk->loads)
		uv_run(&desk->loop, UV_RUN_ONCE);
	change(scratch, "DELETE FROM source WHERE channel = 2");
	while (!desk->sentences)
		uv_run(&desk->loop, UV_RUN_ONCE);
	assert_non_null(strstr(desk->sentence, "stays as it is"));
	change(scratch, "DELETE FROM channel WHERE id = 2");
	wait_for_lineups(desk, 1);
	assert_int_equal(desk->fresh->count, 1);
	stop(desk);
	assert_int_equal(desk->sentences, 1);
	clear(desk);
}

/* A file with this line-up is moved into the place of the one that is open. */
static void replace_file(struct scratch *scratch, const char *m3u)
{
	const char *before = scratch->db;
	scratch->db = scratch_path(scratch, "ready.db");
	assert_int_equal(scratch_import(scratch, m3u, IMPORT_REPLACE), 0);
	assert_int_equal(rename(scratch->db, before), 0);
	scratch->db = before;
}

static void wait_for_sentences(struct desk *desk, unsigned sentences)
{
	while (desk->sentences < sentences)
		uv_run(&desk->loop, UV_RUN_ONCE);
}

static void wait_for_memories(struct scratch *scratch)
{
	while (!scratch_get_int(scratch, "SELECT count(*) FROM channel_memory"))
		g_usleep(1000);
}

/* As who hands out ready files does. Until the loop has taken that over, what it learns is of
 * channels that have other ids there. */
static void test_another_file_is_taken_over(void **state)
{
	struct scratch *scratch = *state;
	struct desk *desk = open_desk(scratch->db, load(scratch));
	while (!desk->loads)
		uv_run(&desk->loop, UV_RUN_ONCE);
	/* It is in the log that lies beside the file, and is not to be read into the other one. */
	put(desk, 1, 77);
	wait_for_memories(scratch);
	replace_file(scratch, OTHER_LINEUP);
	wait_for_lineups(desk, 1);
	assert_string_equal(desk->fresh->channels[1].name, "Three");
	assert_true(desk->fresh->file != desk->channels->file);
	assert_non_null(strstr(desk->sentence, "another file by now"));
	put(desk, 2, 20);
	writer_taken(desk->writer, desk->fresh->file);
	put(desk, 1, 10);
	stop(desk);
	assert_int_equal(desk->sentences, 1);
	assert_found(scratch, "SELECT group_concat(channel || ':' || gop_ns) FROM channel_memory",
		"1:10");
	assert_found(scratch, "PRAGMA integrity_check", "ok");
	clear(desk);
}

/* The same channels, too: their ids may be others. */
static void test_a_copy_is_another_file(void **state)
{
	struct scratch *scratch = *state;
	struct desk *desk = open_desk(scratch->db, load(scratch));
	while (!desk->loads)
		uv_run(&desk->loop, UV_RUN_ONCE);
	replace_file(scratch, LINEUP);
	wait_for_lineups(desk, 1);
	replace_file(scratch, LINEUP);
	wait_for_lineups(desk, 2);
	/* The loop was slow: this is the one before. */
	writer_taken(desk->writer, desk->channels->file);
	put(desk, 1, 10);
	stop(desk);
	assert_int_equal(desk->sentences, 2);
	assert_found(scratch, "SELECT count(*) FROM channel_memory", "0");
	clear(desk);
}

/* It is not given up for good. */
static void test_a_file_that_is_mended_is_opened(void **state)
{
	struct scratch *scratch = *state;
	struct channel_list *channels = load(scratch);
	assert_true(g_file_set_contents(scratch->db, "no database", -1, NULL));
	struct desk *desk = open_desk(scratch->db, channels);
	while (!desk->loads)
		uv_run(&desk->loop, UV_RUN_ONCE);
	assert_non_null(desk->why);
	g_clear_pointer(&desk->why, g_free);
	replace_file(scratch, OTHER_LINEUP);
	wait_for_lineups(desk, 1);
	assert_int_equal(desk->loads, 2);
	assert_null(desk->why);
	writer_taken(desk->writer, desk->fresh->file);
	put(desk, 1, 10);
	stop(desk);
	assert_int_equal(desk->sentences, 0);
	assert_found(scratch, "SELECT gop_ns FROM channel_memory", "10");
	clear(desk);
}

/* And one that takes its place and cannot be had is said once. */
static void test_a_file_that_comes_broken_is_said_once(void **state)
{
	struct scratch *scratch = *state;
	struct desk *desk = open_desk(scratch->db, load(scratch));
	while (!desk->loads)
		uv_run(&desk->loop, UV_RUN_ONCE);
	const char *path = scratch_path(scratch, "broken.db");
	assert_true(g_file_set_contents(path, "no database", -1, NULL));
	assert_int_equal(rename(path, scratch->db), 0);
	wait_for_sentences(desk, 2);
	assert_non_null(strstr(desk->sentence, "is not a line-up"));
	replace_file(scratch, OTHER_LINEUP);
	wait_for_lineups(desk, 1);
	stop(desk);
	assert_int_equal(desk->sentences, 2);
	clear(desk);
}

static unsigned count_threads(void)
{
	GDir *dir = g_dir_open("/proc/self/task", 0, NULL);
	unsigned n = 0;
	while (g_dir_read_name(dir))
		n++;
	g_dir_close(dir);
	return n;
}

/* More than one thing goes wrong before the loop has heard of the first. */
static void test_all_that_goes_wrong_is_said(void **state)
{
	struct scratch *scratch = *state;
	unsigned threads = count_threads();
	char *path = guide_path_beside(scratch->db);
	assert_true(g_file_set_contents(path, "no guide at all, but long enough", -1, NULL));
	struct desk *desk = start(scratch);
	sqlite3 *other = lock(scratch);
	struct channel_list *channels = load(scratch);
	put(desk, 1, 10);
	writer_put_guide(desk->writer, guide_page_new(&channels->channels[0], 1700000000));
	writer_close(desk->writer);
	while (count_threads() > threads)
		g_usleep(1000);
	stop(desk);
	/* The guide's one, and the line-up's: that it waits where there was the time for it, and
	 * that it is lost. */
	assert_in_range(desk->sentences, 2, 3);
	sqlite3_close(other);
	channel_list_free(channels);
	g_free(path);
	clear(desk);
}

#define NOON INT64_C(1700000000)

static struct guide_page *page_of(const struct channel *channel, const char *title)
{
	struct guide_page *page = guide_page_new(channel, NOON);
	const struct guide_event event = {
		.known = true, .start_utc_s = NOON - 600, .stop_utc_s = NOON + 600, .title = title};
	guide_page_put(page, &page->now, &event);
	return page;
}

static void test_what_a_stream_says_is_in_the_guide(void **state)
{
	struct scratch *scratch = *state;
	struct desk *desk = open_desk(scratch->db, load(scratch));
	const struct channel *one = &desk->channels->channels[0];
	writer_ask_guide(desk->writer, guide_page_new(one, NOON));
	while (!desk->page)
		uv_run(&desk->loop, UV_RUN_ONCE);
	assert_int_equal(desk->page->channel, one->id);
	assert_false(desk->page->now.known);
	on_guide(desk, NULL);
	writer_put_guide(desk->writer, page_of(one, "Old News"));
	writer_put_guide(desk->writer, page_of(one, "News"));
	writer_ask_guide(desk->writer, guide_page_new(one, NOON));
	while (!desk->page)
		uv_run(&desk->loop, UV_RUN_ONCE);
	assert_true(desk->page->now.known);
	assert_string_equal(desk->page->now.title, "News");
	assert_string_equal(desk->page->now.description, "");
	assert_int_equal(desk->page->now.stop_utc_s, NOON + 600);
	assert_false(desk->page->next.known);
	stop(desk);
	assert_int_equal(desk->sentences, 0);
	clear(desk);
}

static void expect_on_air(struct desk *desk, const char *title)
{
	const struct channel *one = &desk->channels->channels[0];
	on_guide(desk, NULL);
	writer_ask_guide(desk->writer, guide_page_new(one, NOON));
	while (!desk->page)
		uv_run(&desk->loop, UV_RUN_ONCE);
	assert_int_equal(desk->page->now.known, *title != '\0');
	assert_string_equal(desk->page->now.title, title);
}

/* One that was moved into the place of the one at hand, or taken away. */
static void test_another_guide_is_read(void **state)
{
	struct scratch *scratch = *state;
	struct desk *desk = open_desk(scratch->db, load(scratch));
	const struct channel *one = &desk->channels->channels[0];
	const struct guide_subject subject = {"", "", "One"};
	const struct guide_page *page = page_of(one, "Sport");
	const char *ready = scratch_path(scratch, "ready.db");
	char *path = guide_path_beside(scratch->db), *why = NULL;
	struct guide *guide = NULL;
	writer_put_guide(desk->writer, page_of(one, "News"));
	expect_on_air(desk, "News");
	assert_int_equal(guide_open(ready, GUIDE_WRITE, &guide, &why), 0);
	assert_int_equal(guide_complete(guide, &subject, &page->now, 1, 0), 0);
	guide_close(guide);
	assert_int_equal(rename(ready, path), 0);
	expect_on_air(desk, "Sport");
	assert_int_equal(remove(path), 0);
	expect_on_air(desk, "");
	stop(desk);
	assert_int_equal(desk->sentences, 0);
	guide_page_free((struct guide_page *)page);
	g_free(path);
	clear(desk);
}

static void test_a_guide_that_cannot_be_written_is_said_once(void **state)
{
	struct scratch *scratch = *state;
	char *path = guide_path_beside(scratch->db);
	assert_true(g_file_set_contents(path, "no guide at all, but long enough", -1, NULL));
	struct desk *desk = open_desk(scratch->db, load(scratch));
	writer_put_guide(desk->writer, page_of(&desk->channels->channels[0], "News"));
	writer_put_guide(desk->writer, page_of(&desk->channels->channels[1], "Sport"));
	stop(desk);
	assert_int_equal(desk->sentences, 1);
	assert_non_null(strstr(desk->sentence, "is not kept"));
	char *content;
	assert_true(g_file_get_contents(path, &content, NULL, NULL));
	assert_string_equal(content, "no guide at all, but long enough");
	g_free(content);
	g_free(path);
	clear(desk);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_the_newest_is_written_and_read_again),
		TEST(test_the_end_does_not_wait_for_ever),
		TEST(test_what_could_not_be_written_comes_with_the_next),
		TEST(test_a_file_that_cannot_be_read_is_left_alone),
		TEST(test_what_is_closed_at_once_ends),
		TEST(test_a_changed_line_up_comes_by_itself),
		TEST(test_a_line_up_that_changed_before_comes_at_once),
		TEST(test_who_only_remembers_changes_no_line_up),
		TEST(test_a_line_up_may_come_later),
		TEST(test_a_line_up_that_is_being_made_is_none_yet),
		TEST(test_a_line_up_that_breaks_is_said_and_not_taken),
		TEST(test_another_file_is_taken_over),
		TEST(test_a_copy_is_another_file),
		TEST(test_a_file_that_is_mended_is_opened),
		TEST(test_a_file_that_comes_broken_is_said_once),
		TEST(test_another_guide_is_read),
		TEST(test_all_that_goes_wrong_is_said),
		TEST(test_what_a_stream_says_is_in_the_guide),
		TEST(test_a_guide_that_cannot_be_written_is_said_once),
	};
	return cmocka_run_group_tests_name("client_writer", tests, NULL, NULL);
}
