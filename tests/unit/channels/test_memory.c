/* What play remembers of channels and of the viewer, and line-ups from before it did. */
#include "channels/memory.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>

#include "tests/support/test.h"
#include "tests/unit/channels/scratch.h"

#define TWO                                                                                        \
	"#EXTM3U\n#EXTINF:-1 tvg-chno=\"1\",One\nrtp://239.0.0.1:5000\n"                           \
	"#EXTINF:-1 tvg-chno=\"2\",Two\nrtp://239.0.0.2:5000\n"
#define SECOND_ONLY "#EXTM3U\n#EXTINF:-1 tvg-chno=\"2\",Two\nrtp://239.0.0.2:5000\n"
#define WITH_PROGRAMME "#EXTM3U\n#EXTINF:-1,Mux\n#EXTVLCOPT:program=7\nudp://239.1.1.1:1\n"

static struct lineup *open_lineup(const char *path, enum lineup_mode mode)
{
	struct lineup *lineup = NULL;
	char *why = NULL;
	if (lineup_open(path, mode, &lineup, &why) < 0)
		fail_msg("%s", why);
	return lineup;
}

struct found {
	size_t memories, steps, moods;
	struct channel_memory
		memory; /* the last one; its psi's first byte is in `psi`, its sets in `sets` */
	char video_codec[16], action[16];
	uint8_t psi, sets[4];
	struct viewer_step step;
	struct viewer_mood mood;
	char context[16];
};

static void take_memory(void *ctx, const struct channel_memory *memory)
{
	struct found *found = ctx;
	found->memories++;
	found->memory = *memory;
	found->psi = memory->psi_bytes ? memory->psi[0] : 0;
	memcpy(found->sets, memory->video_sets ? memory->video_sets : (const uint8_t *)"",
		MIN(memory->video_sets_bytes, sizeof found->sets));
	g_strlcpy(found->video_codec, memory->video_codec, sizeof found->video_codec);
}

static void take_step(void *ctx, const struct viewer_step *step)
{
	struct found *found = ctx;
	found->steps++;
	found->step = *step;
	g_strlcpy(found->action, step->action, sizeof found->action);
}

static void take_mood(void *ctx, const struct viewer_mood *mood)
{
	struct found *found = ctx;
	found->moods++;
	found->mood = *mood;
	g_strlcpy(found->context, mood->context, sizeof found->context);
}

static struct found look(struct lineup *lineup)
{
	struct found found = {0};
	assert_int_equal(lineup_each_memory(lineup, take_memory, &found), 0);
	assert_int_equal(lineup_each_step(lineup, take_step, &found), 0);
	assert_int_equal(lineup_each_mood(lineup, take_mood, &found), 0);
	return found;
}

static int put(struct lineup *lineup, const struct channel_memory *memory)
{
	return lineup_remember(
		lineup, &(struct lineup_memory){.channels = memory, .n_channels = 1});
}

static int replace_steps(struct lineup *lineup, const struct viewer_step *steps, size_t n)
{
	return lineup_remember(
		lineup, &(struct lineup_memory){.has_ways = true, .steps = steps, .n_steps = n});
}

static struct channel_memory memory_of(int64_t channel)
{
	return (struct channel_memory){.channel = channel,
		.psi = (const uint8_t *)"\1psi",
		.psi_bytes = 4,
		.video_pid = 256,
		.audio_pid = 257,
		.pcr_pid = 256,
		.video_codec = "h264",
		.audio_codec = "aac",
		.gop_ns = 2000000000,
		.rap_bytes = 70000,
		.video_slack_ns = -5,
		.audio_slack_ns = INT64_MAX,
		.line_bps = 4200000,
		.video_sets = (const uint8_t *)"\0\0\1g",
		.video_sets_bytes = 4};
}

static void test_what_is_put_is_there_after_a_while(void **state)
{
	struct scratch *scratch = *state;
	scratch_import(scratch, TWO, IMPORT_REPLACE);
	struct lineup *lineup = open_lineup(scratch->db, LINEUP_WRITE);
	struct channel_memory memory = memory_of(1);
	memory.gop_ns = 1;
	assert_int_equal(put(lineup, &memory), 0);
	memory = memory_of(1);
	assert_int_equal(put(lineup, &memory), 0);
	const struct viewer_step steps[] = {{1, 2, "up", 3.5}, {2, 1, "last", 1}};
	assert_int_equal(replace_steps(lineup, steps, 2), 0);
	assert_int_equal(replace_steps(lineup, steps, 1), 0);
	lineup_close(lineup);

	lineup = open_lineup(scratch->db, LINEUP_WRITE);
	struct found found = look(lineup);
	assert_int_equal(found.memories, 1);
	assert_int_equal(found.memory.channel, 1);
	assert_int_equal(found.memory.psi_bytes, 4);
	assert_int_equal(found.psi, 1);
	assert_string_equal(found.video_codec, "h264");
	assert_int_equal(found.memory.gop_ns, 2000000000);
	assert_int_equal(found.memory.rap_bytes, 70000);
	assert_int_equal(found.memory.video_slack_ns, -5);
	assert_true(found.memory.audio_slack_ns == INT64_MAX);
	assert_int_equal(found.memory.line_bps, 4200000);
	assert_int_equal(found.memory.video_sets_bytes, 4);
	assert_memory_equal(found.sets, "\0\0\1g", 4);
	assert_int_equal(found.steps, 1);
	assert_int_equal(found.step.from, 1);
	assert_int_equal(found.step.to, 2);
	assert_string_equal(found.action, "up");
	assert_true(found.step.weight == 3.5);
	lineup_close(lineup);
}

static void test_memories_go_with_their_channel(void **state)
{
	struct scratch *scratch = *state;
	scratch_import(scratch, TWO, IMPORT_REPLACE);
	struct lineup *lineup = open_lineup(scratch->db, LINEUP_WRITE);
	struct channel_memory first = memory_of(1), second = memory_of(2), none = memory_of(77);
	const struct viewer_step steps[] = {
		{1, 2, "up", 1}, {2, 1, "down", 1}, {2, 77, "number", 1}, {77, 2, "number", 1}};
	put(lineup, &first);
	put(lineup, &second);
	assert_int_equal(put(lineup, &none), 0);
	assert_int_equal(replace_steps(lineup, steps, 4), 0);
	struct found found = look(lineup);
	assert_int_equal(found.memories, 2);
	assert_int_equal(found.steps, 2);
	lineup_close(lineup);

	scratch_import(scratch, SECOND_ONLY, IMPORT_REPLACE);
	lineup = open_lineup(scratch->db, LINEUP_WRITE);
	found = look(lineup);
	assert_int_equal(found.memories, 1);
	assert_int_equal(found.memory.channel, 2);
	assert_int_equal(found.steps, 0);
	lineup_close(lineup);
}

static void test_moods_are_kept_beside_steps(void **state)
{
	struct scratch *scratch = *state;
	scratch_import(scratch, TWO, IMPORT_REPLACE);
	struct lineup *lineup = open_lineup(scratch->db, LINEUP_WRITE);
	const struct viewer_mood moods[] = {{"watching", "last", 2.5}, {"up", "up", 1}};
	struct lineup_memory memory = {.has_ways = true, .moods = moods, .n_moods = 2};
	assert_int_equal(lineup_remember(lineup, &memory), 0);
	assert_int_equal(look(lineup).moods, 2);
	memory.n_moods = 1;
	assert_int_equal(lineup_remember(lineup, &memory), 0);
	struct found found = look(lineup);
	assert_int_equal(found.moods, 1);
	assert_string_equal(found.context, "watching");
	assert_true(found.mood.weight == 2.5);
	lineup_close(lineup);
}

/* What one of them cannot be, none is. */
static void test_all_is_remembered_or_nothing(void **state)
{
	struct scratch *scratch = *state;
	scratch_import(scratch, TWO, IMPORT_REPLACE);
	struct lineup *lineup = open_lineup(scratch->db, LINEUP_WRITE);
	const struct viewer_step steps[] = {{1, 2, "up", 3}};
	const struct viewer_mood moods[] = {{"never", "up", 1}};
	struct channel_memory memory = memory_of(1);
	assert_int_equal(replace_steps(lineup, steps, 1), 0);
	const struct lineup_memory wrong = {.channels = &memory,
		.n_channels = 1,
		.has_ways = true,
		.moods = moods,
		.n_moods = 1};
	assert_true(lineup_remember(lineup, &wrong) < 0);
	struct found found = look(lineup);
	assert_int_equal(found.memories, 0);
	assert_int_equal(found.steps, 1);
	lineup_close(lineup);
}

static void test_columns_are_known_by_name(void **state)
{
	struct scratch *scratch = *state;
	scratch_import(scratch, TWO, IMPORT_REPLACE);
	struct lineup *lineup = open_lineup(scratch->db, LINEUP_WRITE);
	struct channel_memory memory = memory_of(1);
	assert_int_equal(put(lineup, &memory), 0);
	lineup_close(lineup);
	sqlite3 *db;
	assert_int_equal(sqlite3_open(scratch->db, &db), SQLITE_OK);
	/* The first column but one comes last. */
	assert_int_equal(
		sqlite3_exec(db,
			"ALTER TABLE channel_memory RENAME COLUMN psi TO old;"
			"ALTER TABLE channel_memory ADD COLUMN psi BLOB NOT NULL DEFAULT x'';"
			"UPDATE channel_memory SET psi = old;"
			"ALTER TABLE channel_memory DROP COLUMN old",
			NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(db);
	lineup = open_lineup(scratch->db, LINEUP_WRITE);
	assert_int_equal(look(lineup).memory.rap_bytes, 70000);
	assert_int_equal(put(lineup, &memory), 0);
	assert_int_equal(look(lineup).psi, 1);
	assert_int_equal(look(lineup).memory.line_bps, 4200000);
	lineup_close(lineup);
}

/* A line-up as that version of the schema left it, written by the zapper of its time. */
static void copy_old(struct scratch *scratch, int version)
{
	char *content;
	gsize len;
	char *path = g_strdup_printf("%s/lineup-%d.db", TEST_DATA, version);
	assert_true(g_file_get_contents(path, &content, &len, NULL));
	assert_true(g_file_set_contents(scratch->db, content, (gssize)len, NULL));
	g_free(content);
	g_free(path);
}

/* All channels are there; none of that time has a programme. */
static void check_channels(struct lineup *lineup)
{
	struct channel_list *list;
	assert_int_equal(lineup_load(lineup, &list), 0);
	assert_int_equal(list->count, 8);
	for (size_t i = 0; i < list->count; i++)
		assert_int_equal(list->channels[i].sources[0].address.programme, 0);
	channel_list_free(list);
}

static void test_an_older_lineup_is_read_as_it_is(void **state)
{
	struct scratch *scratch = *state;
	for (int version = 1; version <= 3; version++) {
		copy_old(scratch, version);
		struct lineup *lineup = open_lineup(scratch->db, LINEUP_READ);
		check_channels(lineup);
		lineup_close(lineup);
	}
}

static void test_an_older_lineup_learns_to_remember(void **state)
{
	struct scratch *scratch = *state;
	copy_old(scratch, 1);
	struct lineup *lineup = open_lineup(scratch->db, LINEUP_WRITE);
	check_channels(lineup);
	struct found found = look(lineup);
	assert_int_equal(found.memories + found.steps, 0);
	struct channel_memory memory = memory_of(8);
	assert_int_equal(put(lineup, &memory), 0);
	assert_int_equal(look(lineup).memories, 1);
	lineup_close(lineup);
	lineup = open_lineup(scratch->db, LINEUP_READ);
	check_channels(lineup);
	lineup_close(lineup);
}

static void test_an_older_lineup_learns_programmes_and_forgets_nothing(void **state)
{
	struct scratch *scratch = *state;
	copy_old(scratch, 2);
	struct lineup *lineup = open_lineup(scratch->db, LINEUP_WRITE);
	check_channels(lineup);
	struct found found = look(lineup);
	assert_int_equal(found.memories, 1);
	assert_int_equal(found.memory.channel, 2);
	assert_int_equal(found.memory.rap_bytes, 70000);
	assert_int_equal(found.memory.video_sets_bytes, 0);
	assert_int_equal(found.steps, 1);
	assert_string_equal(found.action, "up");
	lineup_close(lineup);
	assert_int_equal(scratch_import(scratch, WITH_PROGRAMME, IMPORT_MERGE), 0);
	char *dump = scratch_dump(scratch);
	assert_non_null(strstr(dump, " udp://239.1.1.1:1#7\n"));
	g_free(dump);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_what_is_put_is_there_after_a_while),
		TEST(test_memories_go_with_their_channel),
		TEST(test_moods_are_kept_beside_steps),
		TEST(test_all_is_remembered_or_nothing),
		TEST(test_columns_are_known_by_name),
		TEST(test_an_older_lineup_is_read_as_it_is),
		TEST(test_an_older_lineup_learns_to_remember),
		TEST(test_an_older_lineup_learns_programmes_and_forgets_nothing),
	};
	return cmocka_run_group_tests_name("channels_memory", tests, NULL, NULL);
}
