#include "channels/numbers.h"

#include <errno.h>

#include "channels/lineup.h"
#include "tests/support/test.h"

static void check_next(struct numbers *numbers, uint32_t number, uint32_t subnumber,
	uint32_t expected_number, uint32_t expected_subnumber)
{
	numbers_next_free(numbers, &number, &subnumber);
	assert_int_equal(number, expected_number);
	assert_int_equal(subnumber, expected_subnumber);
}

static void test_next_free(void **state)
{
	(void)state;
	struct numbers *numbers = numbers_create();
	check_next(numbers, 5, 0, 5, 0);
	assert_true(numbers_take(numbers, 5, 0, "a"));
	assert_false(numbers_take(numbers, 5, 0, "b"));
	assert_string_equal(numbers_owner(numbers, 5, 0), "a");
	assert_null(numbers_owner(numbers, 6, 0));
	assert_true(numbers_take(numbers, 7, 0, "c"));
	check_next(numbers, 5, 0, 6, 0);
	assert_true(numbers_take(numbers, 6, 0, "d"));
	check_next(numbers, 5, 0, 8, 0);
	check_next(numbers, 6, 0, 8, 0);
	numbers_destroy(numbers);
}

static void test_subchannels_are_numbers_of_their_own(void **state)
{
	(void)state;
	struct numbers *numbers = numbers_create();
	assert_true(numbers_take(numbers, 5, 1, "a"));
	check_next(numbers, 5, 0, 5, 0);
	check_next(numbers, 5, 1, 5, 2);
	assert_true(numbers_take(numbers, 5, 0, "b"));
	check_next(numbers, 5, 0, 6, 0);
	numbers_destroy(numbers);
}

static void test_begins_again_behind_the_last(void **state)
{
	(void)state;
	struct numbers *numbers = numbers_create();
	assert_true(numbers_take(numbers, CHANNEL_NUMBER_MAX, 0, "a"));
	assert_true(numbers_take(numbers, 1, 0, "b"));
	check_next(numbers, CHANNEL_NUMBER_MAX, 0, 2, 0);
	numbers_destroy(numbers);
}

/* What is found step by step is what looking at each number finds. */
static void test_against_a_plain_search(void **state)
{
	(void)state;
	struct numbers *numbers = numbers_create();
	bool taken[512] = {false};
	uint32_t random = 1;
	for (int i = 0; i < 300; i++) {
		random = random * 1103515245 + 12345;
		uint32_t wanted = 1 + (random >> 16) % 200, expected = wanted;
		while (taken[expected])
			expected++;
		check_next(numbers, wanted, 0, expected, 0);
		assert_true(numbers_take(numbers, expected, 0, "x"));
		taken[expected] = true;
	}
	numbers_destroy(numbers);
}

static void test_parse_and_format(void **state)
{
	(void)state;
	struct channel channel = {0};
	char buf[CHANNEL_NUMBER_BYTES];
	assert_int_equal(channel_number_parse("5.1", &channel.number, &channel.subnumber), 0);
	assert_string_equal(channel_number_format(&channel, buf), "5.1");
	assert_int_equal(channel_number_parse("005.0", &channel.number, &channel.subnumber), 0);
	assert_string_equal(channel_number_format(&channel, buf), "5");
	assert_int_equal(
		channel_number_parse("999999999.999999999", &channel.number, &channel.subnumber),
		0);
	assert_string_equal(channel_number_format(&channel, buf), "999999999.999999999");
	static const char *const bad[] = {"", "0", "0.1", "a", "5a", "5.", "5.1.1", " 5", "-5",
		"1000000000", "5.1000000000", "99999999999999999999999"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		channel.number = 42;
		assert_int_equal(
			channel_number_parse(bad[i], &channel.number, &channel.subnumber), -EINVAL);
		assert_int_equal(channel.number, 42);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_next_free),
		cmocka_unit_test(test_subchannels_are_numbers_of_their_own),
		cmocka_unit_test(test_begins_again_behind_the_last),
		cmocka_unit_test(test_against_a_plain_search),
		cmocka_unit_test(test_parse_and_format),
	};
	return cmocka_run_group_tests_name("channels_numbers", tests, NULL, NULL);
}
