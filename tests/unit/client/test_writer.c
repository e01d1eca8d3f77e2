/* What is to be remembered gets into the file, whoever else writes there, and nobody waits long. */
#include "client/app/writer.h"

#include <sqlite3.h>
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

static struct desk *start(struct scratch *scratch)
{
	struct desk *desk = g_new0(struct desk, 1);
	uv_loop_init(&desk->loop);
	const struct writer_options options = {.path = scratch->db,
		.loaded = on_loaded,
		.ctx = desk,
		.log = on_log,
		.log_ctx = desk};
	assert_int_equal(writer_open(&desk->loop, &options, &desk->writer), 0);
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
	g_free(desk);
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

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_the_newest_is_written_and_read_again),
		TEST(test_the_end_does_not_wait_for_ever),
		TEST(test_what_could_not_be_written_comes_with_the_next),
		TEST(test_a_file_that_cannot_be_read_is_left_alone),
		TEST(test_what_is_closed_at_once_ends),
	};
	return cmocka_run_group_tests_name("client_writer", tests, NULL, NULL);
}
