/* Where the viewer was when he left, as `zapper play` finds it in the line-up's file. */
#include "client/cmd_play_history.h"

#include <glib.h>

#include "channels/viewer.h"
#include "tests/support/test.h"
#include "tests/unit/channels/scratch.h"

#define FOUR                                                                                       \
	"#EXTM3U\n#EXTINF:-1 tvg-chno=\"40\",A\nudp://239.1.1.1:1\n"                               \
	"#EXTINF:-1 tvg-chno=\"30\",B\nudp://239.1.1.2:1\n"                                        \
	"#EXTINF:-1 tvg-chno=\"20\",C\nudp://239.1.1.3:1\n"                                        \
	"#EXTINF:-1 tvg-chno=\"10\",D\nudp://239.1.1.4:1\n"

static int setup(void **state)
{
	return scratch_setup(state) || scratch_import(*state, FOUR, IMPORT_REPLACE);
}

static struct lineup *open_lineup(struct scratch *scratch, enum lineup_mode mode)
{
	struct lineup *lineup = NULL;
	char *why = NULL;
	if (lineup_open(scratch->db, mode, &lineup, &why))
		fail_msg("%s", why);
	return lineup;
}

/* By their ids, which are 1 to 4 for A to D. */
static void watch(struct scratch *scratch, const int64_t *channels, size_t count)
{
	struct lineup *lineup = open_lineup(scratch, LINEUP_WRITE);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(lineup_add_history(lineup, channels[i], 100 + (int64_t)i), 0);
	lineup_close(lineup);
}

/* Their names, in the order that they were found in. */
static void check_found(struct scratch *scratch, size_t max, const char *expected)
{
	struct lineup *lineup = open_lineup(scratch, LINEUP_READ);
	struct channel_list *list;
	int32_t found[8];
	assert_int_equal(lineup_load(lineup, &list), 0);
	size_t count = last_watched(lineup, list, found, max);
	GString *names = g_string_new(NULL);
	for (size_t i = 0; i < count; i++)
		g_string_append(names, list->channels[found[i]].name);
	assert_string_equal(names->str, expected);
	g_string_free(names, TRUE);
	channel_list_free(list);
	lineup_close(lineup);
}

static void test_each_channel_is_found_once_the_newest_first(void **state)
{
	watch(*state, (const int64_t[]){1, 2, 1, 3, 3, 1}, 6);
	check_found(*state, 8, "ACB");
	check_found(*state, 2, "AC");
}

static void test_nobody_has_watched_yet(void **state)
{
	check_found(*state, 8, "");
}

static void test_channels_that_are_gone_are_not_found(void **state)
{
	watch(*state, (const int64_t[]){4, 2, 1}, 3);
	assert_int_equal(scratch_import(*state,
				 "#EXTM3U\n#EXTINF:-1 tvg-chno=\"7\",B\nudp://239.1.1.2:1\n"
				 "#EXTINF:-1 tvg-chno=\"5\",D\nudp://239.1.1.4:1\n",
				 IMPORT_REPLACE),
		0);
	check_found(*state, 8, "BD");
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_each_channel_is_found_once_the_newest_first),
		TEST(test_nobody_has_watched_yet),
		TEST(test_channels_that_are_gone_are_not_found),
	};
	return cmocka_run_group_tests_name("client_play_history", tests, NULL, NULL);
}
