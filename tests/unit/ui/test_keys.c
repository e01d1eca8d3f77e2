/* ui/keys: what every key of a remote and of a keyboard means, and when a typed number tunes. */
#include "tests/support/test.h"

#include <linux/input-event-codes.h>
#include <string.h>

#include "ui/keys.h"

#define S 1000000000ull

/* A line-up of the channels 1, 5, 5.1, 12, 123, 12345. */
static bool lineup_has_longer(void *ctx, const char *entry)
{
	static const char *const numbers[] = {"1", "5", "5.1", "12", "123", "12345"};

	(void)ctx;
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (strncmp(numbers[i], entry, strlen(entry)) == 0 &&
			strlen(numbers[i]) > strlen(entry))
			return true;
	return false;
}

static struct ui_keys waiting(void)
{
	struct ui_keys keys;

	ui_keys_init(&keys, 0, NULL, NULL);
	return keys;
}

static struct ui_keys knowing(void)
{
	struct ui_keys keys;

	ui_keys_init(&keys, 0, lineup_has_longer, NULL);
	return keys;
}

static void assert_means(uint16_t code, enum ui_action_type type)
{
	struct ui_keys keys = waiting();
	struct ui_action action = ui_keys_press(&keys, code, 7 * S);

	assert_int_equal(action.type, type);
	assert_int_equal(action.pressed_ns, 7 * S);
	assert_true(ui_keys_deadline(&keys) == UINT64_MAX);
}

static void test_plain_keys(void **state)
{
	(void)state;
	assert_means(KEY_UP, UI_ACTION_UP);
	assert_means(KEY_CHANNELUP, UI_ACTION_UP);
	assert_means(KEY_PAGEUP, UI_ACTION_UP);
	assert_means(KEY_DOWN, UI_ACTION_DOWN);
	assert_means(KEY_CHANNELDOWN, UI_ACTION_DOWN);
	assert_means(KEY_PAGEDOWN, UI_ACTION_DOWN);
	assert_means(KEY_LAST, UI_ACTION_LAST);
	assert_means(KEY_PREVIOUS, UI_ACTION_LAST);
	assert_means(KEY_L, UI_ACTION_LAST);
	assert_means(KEY_INFO, UI_ACTION_INFO);
	assert_means(KEY_I, UI_ACTION_INFO);
	assert_means(KEY_Q, UI_ACTION_QUIT);
	assert_means(KEY_POWER, UI_ACTION_QUIT);
}

static void test_keys_without_a_meaning(void **state)
{
	(void)state;
	assert_means(KEY_A, UI_ACTION_NONE);
	assert_means(KEY_VOLUMEUP, UI_ACTION_NONE);
	assert_means(0, UI_ACTION_NONE);
	assert_means(UINT16_MAX, UI_ACTION_NONE);
	/* Those that end an entry, without one. */
	assert_means(KEY_OK, UI_ACTION_NONE);
	assert_means(KEY_BACK, UI_ACTION_NONE);
	assert_means(KEY_DOT, UI_ACTION_NONE);
}

static void test_digits_of_all_three_rows(void **state)
{
	static const uint16_t codes[][10] = {
		{KEY_0, KEY_1, KEY_2, KEY_3, KEY_4, KEY_5, KEY_6, KEY_7, KEY_8, KEY_9},
		{KEY_KP0, KEY_KP1, KEY_KP2, KEY_KP3, KEY_KP4, KEY_KP5, KEY_KP6, KEY_KP7, KEY_KP8,
			KEY_KP9},
		{KEY_NUMERIC_0, KEY_NUMERIC_1, KEY_NUMERIC_2, KEY_NUMERIC_3, KEY_NUMERIC_4,
			KEY_NUMERIC_5, KEY_NUMERIC_6, KEY_NUMERIC_7, KEY_NUMERIC_8, KEY_NUMERIC_9},
	};

	(void)state;
	for (size_t row = 0; row < 3; row++) {
		for (int digit = 0; digit < 10; digit++) {
			struct ui_keys keys = waiting();
			char expected[] = {'1', (char)('0' + digit), '\0'};

			ui_keys_press(&keys, codes[row][1], S);
			struct ui_action action = ui_keys_press(&keys, codes[row][digit], 2 * S);
			assert_int_equal(action.type, UI_ACTION_ENTRY);
			assert_string_equal(action.entry, expected);
		}
	}
}

static void test_zero_alone_is_the_last_channel(void **state)
{
	(void)state;
	assert_means(KEY_0, UI_ACTION_LAST);
	assert_means(KEY_KP0, UI_ACTION_LAST);
	assert_means(KEY_NUMERIC_0, UI_ACTION_LAST);
}

static void test_an_entry_tunes_two_seconds_after_its_last_digit(void **state)
{
	struct ui_keys keys = waiting();

	(void)state;
	ui_keys_press(&keys, KEY_1, 10 * S);
	assert_true(ui_keys_deadline(&keys) == 12 * S);
	ui_keys_press(&keys, KEY_2, 11 * S);
	assert_true(ui_keys_deadline(&keys) == 13 * S);
	assert_int_equal(ui_keys_expire(&keys, 13 * S - 1).type, UI_ACTION_NONE);
	struct ui_action action = ui_keys_expire(&keys, 13 * S + 5);
	assert_int_equal(action.type, UI_ACTION_TUNE);
	assert_int_equal(action.number, 12);
	assert_int_equal(action.subnumber, 0);
	assert_string_equal(action.entry, "12");
	assert_true(action.pressed_ns == 11 * S);
	assert_true(ui_keys_deadline(&keys) == UINT64_MAX);
	assert_int_equal(ui_keys_expire(&keys, UINT64_MAX - 1).type, UI_ACTION_NONE);
}

static void test_the_timeout_is_a_setting(void **state)
{
	struct ui_keys keys;

	(void)state;
	ui_keys_init(&keys, S / 2, NULL, NULL);
	ui_keys_press(&keys, KEY_1, 10 * S);
	assert_true(ui_keys_deadline(&keys) == 10 * S + S / 2);
}

static void test_ok_completes_at_once(void **state)
{
	static const uint16_t codes[] = {KEY_OK, KEY_ENTER, KEY_SELECT, KEY_KPENTER};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct ui_keys keys = waiting();

		ui_keys_press(&keys, KEY_4, S);
		ui_keys_press(&keys, KEY_2, 2 * S);
		struct ui_action action = ui_keys_press(&keys, codes[i], 3 * S);
		assert_int_equal(action.type, UI_ACTION_TUNE);
		assert_int_equal(action.number, 42);
		assert_true(action.pressed_ns == 3 * S);
		assert_true(ui_keys_deadline(&keys) == UINT64_MAX);
	}
}

static void test_back_cancels(void **state)
{
	static const uint16_t codes[] = {KEY_BACK, KEY_EXIT, KEY_ESC, KEY_BACKSPACE};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct ui_keys keys = waiting();

		ui_keys_press(&keys, KEY_4, S);
		assert_int_equal(
			ui_keys_press(&keys, codes[i], 2 * S).type, UI_ACTION_ENTRY_CANCELLED);
		assert_true(ui_keys_deadline(&keys) == UINT64_MAX);
		assert_string_equal(ui_keys_press(&keys, KEY_7, 3 * S).entry, "7");
	}
}

static void test_going_elsewhere_drops_the_digits(void **state)
{
	static const uint16_t codes[] = {KEY_UP, KEY_DOWN, KEY_LAST, KEY_Q};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct ui_keys keys = waiting();

		ui_keys_press(&keys, KEY_4, S);
		ui_keys_press(&keys, codes[i], 2 * S);
		assert_int_equal(ui_keys_expire(&keys, 9 * S).type, UI_ACTION_NONE);
	}
}

static void test_other_keys_leave_the_digits_alone(void **state)
{
	static const uint16_t codes[] = {KEY_INFO, KEY_VOLUMEUP, KEY_A};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct ui_keys keys = waiting();

		ui_keys_press(&keys, KEY_4, S);
		ui_keys_press(&keys, codes[i], 2 * S);
		assert_int_equal(ui_keys_expire(&keys, 3 * S).number, 4);
	}
}

static void test_tunes_at_once_when_no_longer_number_matches(void **state)
{
	struct ui_keys keys = knowing();

	(void)state;
	assert_int_equal(ui_keys_press(&keys, KEY_1, S).type, UI_ACTION_ENTRY);
	assert_int_equal(ui_keys_press(&keys, KEY_2, 2 * S).type, UI_ACTION_ENTRY);
	assert_int_equal(ui_keys_press(&keys, KEY_3, 3 * S).type, UI_ACTION_ENTRY);
	struct ui_action action = ui_keys_press(&keys, KEY_9, 4 * S);
	assert_int_equal(action.type, UI_ACTION_TUNE);
	assert_int_equal(action.number, 1239);
	assert_true(action.pressed_ns == 4 * S);
	assert_string_equal(action.entry, "1239");
	assert_true(ui_keys_deadline(&keys) == UINT64_MAX);
}

static void test_subnumbers(void **state)
{
	struct ui_keys keys = knowing();

	(void)state;
	assert_int_equal(ui_keys_press(&keys, KEY_5, S).type, UI_ACTION_ENTRY);
	assert_string_equal(ui_keys_press(&keys, KEY_KPDOT, 2 * S).entry, "5.");
	struct ui_action action = ui_keys_press(&keys, KEY_1, 3 * S);
	assert_int_equal(action.type, UI_ACTION_TUNE);
	assert_int_equal(action.number, 5);
	assert_int_equal(action.subnumber, 1);
	assert_string_equal(action.entry, "5.1");
}

static void test_a_dot_with_nothing_behind_is_the_channel_itself(void **state)
{
	struct ui_keys keys = waiting();

	(void)state;
	ui_keys_press(&keys, KEY_5, S);
	ui_keys_press(&keys, KEY_DOT, S);
	assert_int_equal(ui_keys_press(&keys, KEY_DOT, S).type, UI_ACTION_NONE);
	struct ui_action action = ui_keys_press(&keys, KEY_OK, S);
	assert_int_equal(action.number, 5);
	assert_int_equal(action.subnumber, 0);
}

static void test_five_digits_are_the_limit(void **state)
{
	struct ui_keys keys = waiting();

	(void)state;
	for (int i = 0; i < 5; i++)
		assert_int_equal(ui_keys_press(&keys, KEY_9, S).type, UI_ACTION_ENTRY);
	assert_int_equal(ui_keys_press(&keys, KEY_9, 2 * S).type, UI_ACTION_NONE);
	assert_true(ui_keys_deadline(&keys) == 3 * S); /* a digit too many does not prolong it */
	ui_keys_press(&keys, KEY_DOT, S);
	for (int i = 0; i < 5; i++)
		ui_keys_press(&keys, KEY_8, S);
	assert_int_equal(ui_keys_press(&keys, KEY_8, S).type, UI_ACTION_NONE);
	struct ui_action action = ui_keys_expire(&keys, 9 * S);
	assert_int_equal(action.number, 99999);
	assert_int_equal(action.subnumber, 88888);
	assert_string_equal(action.entry, "99999.88888");
}

static void test_names(void **state)
{
	(void)state;
	assert_int_equal(ui_key_from_name("up"), KEY_UP);
	assert_int_equal(ui_key_from_name("KEY_CHANNELUP"), KEY_CHANNELUP);
	assert_int_equal(ui_key_from_name("key_channeldown"), KEY_CHANNELDOWN);
	assert_int_equal(ui_key_from_name("0"), KEY_0);
	assert_int_equal(ui_key_from_name("5"), KEY_5);
	assert_int_equal(ui_key_from_name("."), KEY_DOT);
	assert_int_equal(ui_key_from_name("Ok"), KEY_OK);
	assert_int_equal(ui_key_from_name("numeric_7"), KEY_NUMERIC_7);
	assert_int_equal(ui_key_from_name("epg"), KEY_EPG);
	assert_int_equal(ui_key_from_name("red"), KEY_RED);
}

static void test_wrong_names(void **state)
{
	(void)state;
	assert_int_equal(ui_key_from_name(""), 0);
	assert_int_equal(ui_key_from_name("KEY_"), 0);
	assert_int_equal(ui_key_from_name("KEY_KEY_UP"), 0);
	assert_int_equal(ui_key_from_name("upp"), 0);
	assert_int_equal(ui_key_from_name("10"), 0);
	assert_int_equal(ui_key_from_name("up "), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_keys),
		cmocka_unit_test(test_keys_without_a_meaning),
		cmocka_unit_test(test_digits_of_all_three_rows),
		cmocka_unit_test(test_zero_alone_is_the_last_channel),
		cmocka_unit_test(test_an_entry_tunes_two_seconds_after_its_last_digit),
		cmocka_unit_test(test_the_timeout_is_a_setting),
		cmocka_unit_test(test_ok_completes_at_once),
		cmocka_unit_test(test_back_cancels),
		cmocka_unit_test(test_going_elsewhere_drops_the_digits),
		cmocka_unit_test(test_other_keys_leave_the_digits_alone),
		cmocka_unit_test(test_tunes_at_once_when_no_longer_number_matches),
		cmocka_unit_test(test_subnumbers),
		cmocka_unit_test(test_a_dot_with_nothing_behind_is_the_channel_itself),
		cmocka_unit_test(test_five_digits_are_the_limit),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_wrong_names),
	};
	return cmocka_run_group_tests_name("ui_keys", tests, NULL, NULL);
}
