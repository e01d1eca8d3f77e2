/* Another line-up in the place of the one at hand: which channel is which. */
#include "client/app/takeover.h"

#include <string.h>

#include "tests/support/test.h"
#include "tests/unit/channels/scratch.h"

#define CHANNEL(number, name)                                                                      \
	"#EXTINF:-1 tvg-chno=\"" number "\"," name "\nudp://239.255.80." number ":5000\n"

static struct channel_list *import(struct scratch *scratch, const char *m3u)
{
	struct lineup *lineup = NULL;
	struct channel_list *list = NULL;
	char *why = NULL;
	assert_int_equal(scratch_import(scratch, m3u, IMPORT_REPLACE), 0);
	assert_int_equal(lineup_open(scratch->db, LINEUP_READ, &lineup, &why), 0);
	assert_int_equal(lineup_load(lineup, &list), 0);
	lineup_close(lineup);
	return list;
}

/* "1 One, 2 Two". Freed with g_free(). */
static char *describe(const struct channel_list *list)
{
	GString *out = g_string_new(NULL);
	for (size_t i = 0; i < list->count; i++)
		g_string_append_printf(out, "%s%u %s", i ? ", " : "", list->channels[i].number,
			list->channels[i].name);
	return g_string_free(out, FALSE);
}

static void assert_list(const struct channel_list *list, const char *expected)
{
	char *found = describe(list);
	assert_string_equal(found, expected);
	g_free(found);
}

static void test_channels_are_found_again_by_their_ids(void **state)
{
	struct channel_list *before =
		import(*state, CHANNEL("1", "One") CHANNEL("2", "Two") CHANNEL("3", "Three"));
	struct channel_list *after =
		import(*state, CHANNEL("3", "Three") CHANNEL("4", "Four") CHANNEL("1", "One"));
	struct takeover *t = takeover_new(before, after, 2, TAKEOVER_NONE);
	assert_list(&t->list, "1 One, 3 Three, 4 Four");
	assert_int_equal(t->to[0], 0);
	assert_int_equal(t->to[1], TAKEOVER_NONE);
	assert_int_equal(t->to[2], 1);
	assert_int_equal(t->added, 1);
	assert_int_equal(t->removed, 1);
	assert_int_equal(t->stays, TAKEOVER_NONE);
	channel_list_free(before);
	takeover_free(t);
}

/* With all that is known of it, in the place of its number, until it is left. */
static void test_the_watched_one_stays_until_it_is_left(void **state)
{
	struct channel_list *before =
		import(*state, CHANNEL("1", "One") CHANNEL("2", "Two") CHANNEL("3", "Three"));
	struct channel_list *after = import(*state, CHANNEL("1", "One") CHANNEL("3", "Three"));
	struct takeover *t = takeover_new(before, after, 1, TAKEOVER_NONE);
	channel_list_free(before); /* nothing points into it */
	assert_list(&t->list, "1 One, 2 Two, 3 Three");
	assert_int_equal(t->stays, 1);
	assert_int_equal(t->to[1], 1);
	assert_int_equal(t->to[2], 2);
	assert_int_equal(t->removed, 1);
	assert_int_equal(t->added, 0);
	const struct channel *stays = &t->list.channels[1];
	char uri[CHANNEL_ADDRESS_BYTES];
	assert_string_equal(
		channel_address_format(&stays->sources[0].address, uri), "udp://239.255.80.2:5000");
	assert_string_equal(stays->sources[0].http, "");
	assert_null(stays->bouquets[0]);

	/* Left: the same line-up without it. */
	struct takeover *later = takeover_new(&t->list, g_steal_pointer(&t->loaded), 2, t->stays);
	takeover_free(t);
	assert_list(&later->list, "1 One, 3 Three");
	assert_int_equal(later->to[0], 0);
	assert_int_equal(later->to[1], TAKEOVER_NONE);
	assert_int_equal(later->to[2], 1);
	takeover_free(later);
}

static void test_one_that_stays_may_stay_over_several_line_ups(void **state)
{
	struct channel_list *before = import(*state, CHANNEL("1", "One") CHANNEL("2", "Two"));
	struct takeover *t =
		takeover_new(before, import(*state, CHANNEL("1", "One")), 1, TAKEOVER_NONE);
	channel_list_free(before);
	struct channel_list *after = import(*state, CHANNEL("1", "One") CHANNEL("3", "Three"));
	struct takeover *later = takeover_new(&t->list, after, 1, t->stays);
	takeover_free(t);
	assert_list(&later->list, "1 One, 2 Two, 3 Three");
	assert_int_equal(later->stays, 1);
	assert_int_equal(later->removed, 0); /* it is gone since the one before */
	assert_int_equal(later->added, 1);
	takeover_free(later);
}

/* Whoever types its number means the one that has it now. */
static void test_its_number_may_be_another_s(void **state)
{
	struct channel_list *before = import(*state, CHANNEL("1", "One") CHANNEL("2", "Two"));
	struct channel_list *after = import(*state,
		CHANNEL("1", "One") "#EXTINF:-1 tvg-chno=\"2\",Other\nudp://239.255.80.9:5000\n");
	struct takeover *t = takeover_new(before, after, 1, TAKEOVER_NONE);
	assert_list(&t->list, "1 One, 2 Other, 2 Two");
	assert_int_equal(t->stays, 2);
	assert_int_equal(takeover_find(&t->list, t->stays, 2, 0), 1);
	assert_int_equal(takeover_find(&t->list, t->stays, 1, 0), 0);
	assert_int_equal(takeover_find(&t->list, t->stays, 3, 0), -1);
	channel_list_free(before);
	takeover_free(t);
}

static void test_the_number_of_one_that_stays_is_its_own_otherwise(void **state)
{
	struct channel_list *before = import(*state, CHANNEL("1", "One") CHANNEL("2", "Two"));
	struct takeover *t =
		takeover_new(before, import(*state, CHANNEL("2", "Two")), 0, TAKEOVER_NONE);
	assert_list(&t->list, "1 One, 2 Two");
	assert_int_equal(t->stays, 0);
	assert_int_equal(takeover_find(&t->list, t->stays, 1, 0), 0);
	assert_int_equal(takeover_find(&t->list, t->stays, 2, 0), 1);
	channel_list_free(before);
	takeover_free(t);
}

/* As if somebody had made it elsewhere: the same ids are other channels. */
static struct channel_list *import_elsewhere(struct scratch *scratch, const char *m3u)
{
	const char *before = scratch->db;
	scratch->db = scratch_path(scratch, "elsewhere.db");
	struct channel_list *list = import(scratch, m3u);
	scratch->db = before;
	return list;
}

static void test_another_file_s_channels_are_found_by_what_they_say(void **state)
{
	struct channel_list *before =
		import(*state, CHANNEL("1", "One") CHANNEL("2", "Two") CHANNEL("3", "Three"));
	struct channel_list *after = import_elsewhere(
		*state, CHANNEL("7", "Seven") CHANNEL("8",
				"Two") "#EXTINF:-1 tvg-chno=\"9\",Drei\nudp://239.255.80.3:5000\n");
	struct takeover *t = takeover_new(before, after, 1, TAKEOVER_NONE);
	assert_list(&t->list, "7 Seven, 8 Two, 9 Drei");
	assert_int_equal(t->to[0], TAKEOVER_NONE);
	assert_int_equal(t->to[1], 1);
	assert_int_equal(t->to[2], 2);
	assert_int_equal(t->added, 1);
	assert_int_equal(t->removed, 1);
	assert_int_equal(t->stays, TAKEOVER_NONE);
	assert_true(t->list.file == after->file && before->file != after->file);
	channel_list_free(before);
	takeover_free(t);
}

/* Its id is another channel's there. */
static void test_who_stays_in_another_file_s_line_up_has_no_id(void **state)
{
	struct channel_list *before = import(*state, CHANNEL("1", "One") CHANNEL("2", "Two"));
	struct channel_list *after =
		import_elsewhere(*state, CHANNEL("7", "Seven") CHANNEL("8", "Eight"));
	struct takeover *t = takeover_new(before, after, 1, TAKEOVER_NONE);
	assert_list(&t->list, "2 Two, 7 Seven, 8 Eight");
	assert_int_equal(t->stays, 0);
	assert_int_equal(t->to[0], TAKEOVER_NONE);
	assert_int_equal(t->to[1], 0);
	assert_int_equal(t->list.channels[2].id, before->channels[1].id);
	assert_true(t->list.channels[0].id < 0);
	channel_list_free(before);
	takeover_free(t);
}

static void test_the_first_line_up_of_all(void **state)
{
	const struct channel_list none = {0};
	struct channel_list *after = import(*state, CHANNEL("1", "One"));
	struct takeover *t = takeover_new(&none, after, TAKEOVER_NONE, TAKEOVER_NONE);
	assert_list(&t->list, "1 One");
	assert_int_equal(t->added, 1);
	assert_int_equal(t->removed, 0);
	takeover_free(t);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_channels_are_found_again_by_their_ids),
		TEST(test_the_watched_one_stays_until_it_is_left),
		TEST(test_one_that_stays_may_stay_over_several_line_ups),
		TEST(test_its_number_may_be_another_s),
		TEST(test_the_number_of_one_that_stays_is_its_own_otherwise),
		TEST(test_another_file_s_channels_are_found_by_what_they_say),
		TEST(test_who_stays_in_another_file_s_line_up_has_no_id),
		TEST(test_the_first_line_up_of_all),
	};
	return cmocka_run_group_tests_name("client_takeover", tests, NULL, NULL);
}
