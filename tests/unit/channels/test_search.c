#include "channels/search.h"

#include <glib.h>

#include "tests/support/test.h"

static const char *const none[] = {NULL};
static const char *const news[] = {"Actualités", "HD", NULL};

static const struct channel channels[] = {
	{.number = 1, .name = "Das Erste", .bouquets = none},
	{.number = 5, .name = "Télé Zürich", .bouquets = news},
	{.number = 5, .subnumber = 1, .name = "ＣＮＮ", .bouquets = news},
	{.number = 7, .name = "Straße 15", .bouquets = none},
	{.number = 15, .name = "東京テレビ", .bouquets = none},
	{.number = 20, .name = "Das Erste HD", .bouquets = none},
};
static const struct channel_list list = {
	.count = G_N_ELEMENTS(channels), .channels = channels, .bouquets = news};

typedef struct channel_list (*find_fn)(const struct channel_list *list, const char *const *words);

/* The numbers that are found, with a space behind each. */
static void check(find_fn find, const char *words, const char *expected)
{
	char **split = g_strsplit(words, " ", -1);
	struct channel_list found = find(&list, (const char *const *)split);
	GString *numbers = g_string_new(NULL);
	for (size_t i = 0; i < found.count; i++) {
		char number[CHANNEL_NUMBER_BYTES];
		g_string_append_printf(
			numbers, "%s ", channel_number_format(&found.channels[i], number));
	}
	assert_string_equal(numbers->str, expected);
	assert_ptr_equal(found.bouquets, list.bouquets);
	g_string_free(numbers, TRUE);
	g_free((gpointer)found.channels);
	g_strfreev(split);
}

static void test_case_and_accents_do_not_matter(void **state)
{
	(void)state;
	check(channel_search, "tele", "5 ");
	check(channel_search, "TÉLÉ", "5 ");
	check(channel_search, "zurich", "5 ");
	check(channel_search, "Te\u0301le\u0301", "5 ");
	check(channel_search, "strasse", "7 ");
	check(channel_search, "cnn", "5.1 ");
	check(channel_search, "actualites", "5 5.1 ");
	check(channel_search, "テレビ", "15 ");
	check(channel_search, "nonsense", "");
}

static void test_each_word_counts(void **state)
{
	(void)state;
	check(channel_search, "erste hd", "20 ");
	check(channel_search, "HD das", "20 ");
	check(channel_search, "hd", "5 5.1 20 ");
	check(channel_search, "erste cnn", "");
	check(channel_search, "", "1 5 5.1 7 15 20 ");
	/* Not over the border of a name. */
	check(channel_search, "cnnactualites", "");
}

/* A number is not part of another one. */
static void test_numbers(void **state)
{
	(void)state;
	check(channel_search, "5.1", "5.1 ");
	check(channel_search, "20", "20 ");
	check(channel_search, "1", "1 7 ");
	check(channel_search, "15", "7 15 ");
	check(channel_search, "hd 5", "5 5.1 ");
	check(channel_search, "99", "");
}

static void test_one_channel_is_meant(void **state)
{
	(void)state;
	check(channel_pick, "15", "15 ");
	check(channel_pick, "5", "5 ");
	check(channel_pick, "5.1", "5.1 ");
	check(channel_pick, "das erste", "1 ");
	check(channel_pick, "das", "1 20 ");
	check(channel_pick, "erste hd", "20 ");
	check(channel_pick, "nonsense", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_case_and_accents_do_not_matter),
		cmocka_unit_test(test_each_word_counts),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_one_channel_is_meant),
	};
	return cmocka_run_group_tests_name("channels_search", tests, NULL, NULL);
}
