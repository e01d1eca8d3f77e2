#include "channels/viewer.h"

#include <errno.h>
#include <string.h>

#include "tests/support/test.h"
#include "tests/unit/channels/scratch.h"

#define HEAD "#EXTM3U\n"
#define THREE                                                                                      \
	HEAD "#EXTINF:-1,A\nrtp://239.1.1.1:1\n#EXTINF:-1,B\nrtp://239.1.1.2:1\n"                  \
	     "#EXTINF:-1,C\nrtp://239.1.1.3:1\n"

static struct lineup *open_lineup(struct scratch *scratch, enum lineup_mode mode)
{
	struct lineup *lineup = NULL;
	char *why = NULL;
	if (lineup_open(scratch->db, mode, &lineup, &why))
		fail_msg("%s", why);
	return lineup;
}

static void check_dump(struct scratch *scratch, const char *expected)
{
	char *dump = scratch_dump(scratch);
	assert_string_equal(dump, expected);
	g_free(dump);
}

static void note_watched(void *ctx, int64_t channel, int64_t at_utc_s)
{
	g_string_append_printf(ctx, "%d@%d ", (int)channel, (int)at_utc_s);
}

static void check_history(struct lineup *lineup, size_t limit, const char *expected)
{
	GString *history = g_string_new(NULL);
	assert_int_equal(lineup_each_history(lineup, limit, note_watched, history), 0);
	assert_string_equal(history->str, expected);
	g_string_free(history, TRUE);
}

/* A is a favourite and locked, C is locked; A, C and A were watched. */
static void make_marks(struct scratch *scratch)
{
	assert_int_equal(scratch_import(scratch, THREE, IMPORT_REPLACE), 0);
	struct lineup *lineup = open_lineup(scratch, LINEUP_WRITE);
	assert_int_equal(lineup_set_favourite(lineup, 1, true), 0);
	assert_int_equal(lineup_set_locked(lineup, 1, true), 0);
	assert_int_equal(lineup_set_locked(lineup, 3, true), 0);
	assert_int_equal(lineup_add_history(lineup, 1, 100), 0);
	assert_int_equal(lineup_add_history(lineup, 3, 200), 0);
	assert_int_equal(lineup_add_history(lineup, 1, 300), 0);
	lineup_close(lineup);
}

static void test_marks_are_set_and_taken(void **state)
{
	struct scratch *scratch = *state;
	make_marks(scratch);
	check_dump(scratch, "1 1 A tv - - [] rtp://239.1.1.1:1 favourite locked\n"
			    "2 2 B tv - - [] rtp://239.1.1.2:1\n"
			    "3 3 C tv - - [] rtp://239.1.1.3:1 locked\n");
	struct lineup *lineup = open_lineup(scratch, LINEUP_WRITE);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(lineup_set_favourite(lineup, 2, true), 0);
		assert_int_equal(lineup_set_favourite(lineup, 1, false), 0);
		assert_int_equal(lineup_set_locked(lineup, 3, false), 0);
	}
	lineup_close(lineup);
	check_dump(scratch, "1 1 A tv - - [] rtp://239.1.1.1:1 locked\n"
			    "2 2 B tv - - [] rtp://239.1.1.2:1 favourite\n"
			    "3 3 C tv - - [] rtp://239.1.1.3:1\n");
}

static void test_a_channel_that_is_not_there(void **state)
{
	struct scratch *scratch = *state;
	make_marks(scratch);
	struct lineup *lineup = open_lineup(scratch, LINEUP_WRITE);
	assert_int_equal(lineup_set_favourite(lineup, 77, true), -ENOENT);
	assert_int_equal(lineup_set_locked(lineup, 77, true), -ENOENT);
	assert_int_equal(lineup_add_history(lineup, 77, 400), -ENOENT);
	assert_int_equal(lineup_set_favourite(lineup, 77, false), 0);
	/* And goes on as if nothing had been. */
	assert_int_equal(lineup_add_history(lineup, 2, 500), 0);
	check_history(lineup, 10, "2@500 1@300 3@200 1@100 ");
	lineup_close(lineup);
}

static void test_history_is_read_without_writing(void **state)
{
	struct scratch *scratch = *state;
	make_marks(scratch);
	struct lineup *lineup = open_lineup(scratch, LINEUP_READ);
	check_history(lineup, 10, "1@300 3@200 1@100 ");
	check_history(lineup, 2, "1@300 3@200 ");
	check_history(lineup, 0, "");
	check_history(lineup, SIZE_MAX, "1@300 3@200 1@100 ");
	assert_true(lineup_set_favourite(lineup, 2, true) < 0);
	assert_true(lineup_add_history(lineup, 2, 400) < 0);
	lineup_close(lineup);
}

/* A clock that was set back does not mix up what came last. */
static void test_history_is_bounded(void **state)
{
	struct scratch *scratch = *state;
	make_marks(scratch);
	struct lineup *lineup = open_lineup(scratch, LINEUP_WRITE);
	scratch_sql(scratch, "BEGIN; WITH RECURSIVE t (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM "
			     "t WHERE i < 996) INSERT INTO history (channel, at_utc_s) "
			     "SELECT 2, 1000 + i FROM t; COMMIT");
	assert_int_equal(lineup_add_history(lineup, 3, 50), 0);
	assert_int_equal(scratch_get_int(scratch, "SELECT count(*) FROM history"), VIEWER_HISTORY);
	assert_int_equal(lineup_add_history(lineup, 1, 40), 0);
	assert_int_equal(lineup_add_history(lineup, 1, 41), 0);
	assert_int_equal(scratch_get_int(scratch, "SELECT count(*) FROM history"), VIEWER_HISTORY);
	assert_int_equal(scratch_get_int(scratch, "SELECT min(at_utc_s) FROM history"), 40);
	check_history(lineup, 4, "1@41 1@40 3@50 2@1996 ");
	/* The oldest two of all are gone. */
	assert_int_equal(
		scratch_get_int(scratch, "SELECT count(*) FROM history WHERE at_utc_s < 301"), 4);
	lineup_close(lineup);
}

/* By name, by guide id or by address: it is the same channel, whatever its number is. */
static void test_marks_stay_with_their_channel_when_replaced(void **state)
{
	struct scratch *scratch = *state;
	make_marks(scratch);
	assert_int_equal(scratch_import(scratch,
				 HEAD "#EXTINF:-1 tvg-chno=\"30\",A new name\nrtp://239.1.1.1:1\n"
				      "#EXTINF:-1 tvg-chno=\"10\",C\nrtp://239.9.9.9:1\n"
				      "#EXTINF:-1 tvg-chno=\"20\",New\nrtp://239.9.9.8:1\n",
				 IMPORT_REPLACE),
		0);
	check_dump(scratch, "3 10 C tv - - [] rtp://239.9.9.9:1 locked\n"
			    "4 20 New tv - - [] rtp://239.9.9.8:1\n"
			    "1 30 A new name tv - - [] rtp://239.1.1.1:1 favourite locked\n");
	struct lineup *lineup = open_lineup(scratch, LINEUP_READ);
	check_history(lineup, 10, "1@300 3@200 1@100 ");
	lineup_close(lineup);
}

static void test_marks_stay_with_their_channel_when_merged(void **state)
{
	struct scratch *scratch = *state;
	make_marks(scratch);
	assert_int_equal(scratch_import(scratch,
				 HEAD "#EXTINF:-1 tvg-chno=\"9\",A\nrtp://239.9.9.9:1\n"
				      "#EXTINF:-1 tvg-chno=\"1\",New\nrtp://239.9.9.8:1\n",
				 IMPORT_MERGE),
		0);
	check_dump(scratch, "1 1 A tv - - [] rtp://239.1.1.1:1 rtp://239.9.9.9:1 favourite locked\n"
			    "2 2 B tv - - [] rtp://239.1.1.2:1\n"
			    "3 3 C tv - - [] rtp://239.1.1.3:1 locked\n"
			    "4 4 New tv - - [] rtp://239.9.9.8:1\n");
}

static void test_marks_go_with_their_channel(void **state)
{
	struct scratch *scratch = *state;
	make_marks(scratch);
	assert_int_equal(scratch_import(scratch,
				 HEAD "#EXTINF:-1,B\nrtp://239.1.1.2:1\n"
				      "#EXTINF:-1,C\nrtp://239.1.1.3:1\n",
				 IMPORT_REPLACE),
		0);
	struct lineup *lineup = open_lineup(scratch, LINEUP_READ);
	check_history(lineup, 10, "3@200 ");
	lineup_close(lineup);
	/* The one who comes back is another one. */
	assert_int_equal(scratch_import(scratch, THREE, IMPORT_REPLACE), 0);
	check_dump(scratch, "4 1 A tv - - [] rtp://239.1.1.1:1\n"
			    "2 2 B tv - - [] rtp://239.1.1.2:1\n"
			    "3 3 C tv - - [] rtp://239.1.1.3:1 locked\n");
}

static void expect_box(struct lineup *lineup, const char *name, const char *expected)
{
	char *value = NULL;
	assert_int_equal(lineup_get_box(lineup, name, &value), expected ? 0 : -ENOENT);
	if (expected)
		assert_string_equal(value, expected);
	else
		assert_null(value);
	g_free(value);
}

/* Whatever becomes of the channels. */
static void test_what_the_box_keeps_stays_over_imports(void **state)
{
	struct scratch *scratch = *state;
	struct lineup *lineup = open_lineup(scratch, LINEUP_WRITE);
	expect_box(lineup, "volume", NULL);
	assert_int_equal(lineup_set_box(lineup, "volume", "30"), 0);
	assert_int_equal(lineup_set_box(lineup, "mute", ""), 0);
	assert_int_equal(lineup_set_box(lineup, "volume", "40"), 0);
	expect_box(lineup, "volume", "40");
	expect_box(lineup, "mute", "");
	lineup_close(lineup);
	assert_int_equal(scratch_import(scratch, THREE, IMPORT_REPLACE), 0);
	assert_int_equal(
		scratch_import(scratch, HEAD "#EXTINF:-1,D\nrtp://239.9.9.9:1\n", IMPORT_REPLACE),
		0);
	lineup = open_lineup(scratch, LINEUP_READ);
	expect_box(lineup, "volume", "40");
	expect_box(lineup, "mute", "");
	expect_box(lineup, "Volume", NULL);
	assert_true(lineup_set_box(lineup, "volume", "50") < 0);
	expect_box(lineup, "volume", "40");
	lineup_close(lineup);
}

static int64_t data_version(struct lineup *lineup)
{
	int64_t version = -1;
	assert_int_equal(lineup_data_version(lineup, &version), 0);
	return version;
}

static void test_changes_by_others_are_seen(void **state)
{
	struct scratch *scratch = *state;
	assert_int_equal(scratch_import(scratch, THREE, IMPORT_REPLACE), 0);
	struct lineup *reader = open_lineup(scratch, LINEUP_READ);
	int64_t first = data_version(reader);
	assert_true(data_version(reader) == first);
	/* The same list again changes nothing. */
	assert_int_equal(scratch_import(scratch, THREE, IMPORT_REPLACE), 0);
	assert_true(data_version(reader) == first);
	assert_int_equal(
		scratch_import(scratch, HEAD "#EXTINF:-1,D\nrtp://239.1.1.4:1\n", IMPORT_MERGE), 0);
	int64_t second = data_version(reader);
	assert_true(second != first);
	struct channel_list *list;
	assert_int_equal(lineup_load(reader, &list), 0);
	assert_int_equal(list->count, 4);
	channel_list_free(list);
	assert_true(data_version(reader) == second);
	struct lineup *writer = open_lineup(scratch, LINEUP_WRITE);
	assert_int_equal(lineup_set_favourite(writer, 1, true), 0);
	assert_true(data_version(reader) != second);
	lineup_close(writer);
	lineup_close(reader);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_marks_are_set_and_taken),
		TEST(test_a_channel_that_is_not_there),
		TEST(test_history_is_read_without_writing),
		TEST(test_history_is_bounded),
		TEST(test_marks_stay_with_their_channel_when_replaced),
		TEST(test_marks_stay_with_their_channel_when_merged),
		TEST(test_marks_go_with_their_channel),
		TEST(test_what_the_box_keeps_stays_over_imports),
		TEST(test_changes_by_others_are_seen),
	};
	return cmocka_run_group_tests_name("channels_viewer", tests, NULL, NULL);
}
