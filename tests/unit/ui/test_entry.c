/* ui/entry: a number while it is typed, and when it tunes. */
#include "tests/support/test.h"

#include <string.h>

#include "ui/entry.h"

#define S UINT64_C(1000000000)

/* A line-up of the channels 1, 5, 5.1, 12, 123, 12345, 77777.3. */
static unsigned match(void *ctx, const char *typed)
{
	static const char *const numbers[] = {"1", "5", "5.1", "12", "123", "12345", "77777.3"};
	size_t len = strlen(typed);
	unsigned found = 0;

	(void)ctx;
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (strncmp(numbers[i], typed, len) == 0)
			found |= numbers[i][len] ? UI_NUMBER_LONGER : UI_NUMBER_EXACT;
	return found;
}

static struct ui_entry fresh(void)
{
	struct ui_entry entry;

	ui_entry_init(&entry, 0, match, NULL);
	return entry;
}

/* What the last digit came to. */
static enum ui_entry_step type(struct ui_entry *entry, const char *digits, uint64_t now_ns)
{
	enum ui_entry_step step = UI_ENTRY_NOTHING;

	for (; *digits; digits++)
		step = ui_entry_type(entry, *digits, now_ns);
	return step;
}

static void test_it_tunes_two_seconds_after_the_last_digit(void **state)
{
	struct ui_entry entry = fresh();

	(void)state;
	assert_int_equal(type(&entry, "1", 10 * S), UI_ENTRY_TYPING);
	assert_int_equal(ui_entry_deadline(&entry), 12 * S);
	assert_int_equal(type(&entry, "2", 11 * S), UI_ENTRY_TYPING);
	assert_string_equal(entry.typed, "12");
	assert_int_equal(ui_entry_deadline(&entry), 13 * S);
	assert_int_equal(ui_entry_expire(&entry, 13 * S - 1), UI_ENTRY_NOTHING);
	assert_int_equal(ui_entry_expire(&entry, 13 * S), UI_ENTRY_DONE);
	assert_string_equal(entry.number, "12");
	assert_string_equal(entry.typed, "");
	assert_true(ui_entry_deadline(&entry) == UINT64_MAX);
	assert_int_equal(ui_entry_expire(&entry, UINT64_MAX), UI_ENTRY_NOTHING);
}

static void test_the_timeout_is_a_setting(void **state)
{
	struct ui_entry entry;

	(void)state;
	ui_entry_init(&entry, S / 2, match, NULL);
	type(&entry, "1", 10 * S);
	assert_int_equal(ui_entry_deadline(&entry), 10 * S + S / 2);
}

static void test_it_tunes_at_once_when_no_longer_number_can_match(void **state)
{
	struct ui_entry entry = fresh();

	(void)state;
	assert_int_equal(type(&entry, "123", 10 * S), UI_ENTRY_TYPING);
	entry = fresh();
	assert_int_equal(type(&entry, "12345", 10 * S), UI_ENTRY_DONE);
	assert_string_equal(entry.number, "12345");
	entry = fresh();
	assert_int_equal(type(&entry, "5.", 10 * S), UI_ENTRY_TYPING);
	assert_int_equal(type(&entry, "1", 10 * S), UI_ENTRY_DONE);
	assert_string_equal(entry.number, "5.1");
}

static void test_ok_tunes_at_once(void **state)
{
	struct ui_entry entry = fresh();

	(void)state;
	assert_int_equal(ui_entry_ok(&entry, S), UI_ENTRY_NOTHING);
	type(&entry, "5", 10 * S);
	assert_int_equal(ui_entry_ok(&entry, 10 * S), UI_ENTRY_DONE);
	assert_string_equal(entry.number, "5");
	type(&entry, "5.", 20 * S);
	assert_int_equal(ui_entry_ok(&entry, 20 * S), UI_ENTRY_DONE);
	assert_string_equal(entry.number, "5");
}

static void test_back_cancels(void **state)
{
	struct ui_entry entry = fresh();

	(void)state;
	assert_int_equal(ui_entry_cancel(&entry), UI_ENTRY_NOTHING);
	type(&entry, "12", 10 * S);
	assert_int_equal(ui_entry_cancel(&entry), UI_ENTRY_OVER);
	assert_string_equal(entry.typed, "");
	assert_true(ui_entry_deadline(&entry) == UINT64_MAX);
}

/* 98 does not exist: its 9 says so at once, and its 8 must not be taken for channel 8. */
static void test_the_rest_of_an_unknown_number_belongs_to_it(void **state)
{
	struct ui_entry entry = fresh();

	(void)state;
	assert_int_equal(type(&entry, "9", 10 * S), UI_ENTRY_UNKNOWN);
	assert_true(entry.unknown);
	assert_int_equal(type(&entry, "1", 11 * S), UI_ENTRY_UNKNOWN);
	assert_string_equal(entry.typed, "91");
	assert_int_equal(ui_entry_deadline(&entry), 13 * S);
	assert_int_equal(ui_entry_expire(&entry, 13 * S), UI_ENTRY_OVER);
	assert_string_equal(entry.typed, "");
	assert_false(entry.unknown);
}

static void test_unknown_at_the_end_of_the_wait(void **state)
{
	struct ui_entry entry = fresh();

	(void)state;
	assert_int_equal(type(&entry, "1234", 10 * S), UI_ENTRY_TYPING);
	assert_int_equal(ui_entry_expire(&entry, 12 * S), UI_ENTRY_UNKNOWN);
	assert_string_equal(entry.typed, "1234");
	assert_int_equal(ui_entry_deadline(&entry), 14 * S);
	/* It is over: the next digit is the first one of another number. */
	assert_int_equal(type(&entry, "5", 13 * S), UI_ENTRY_TYPING);
	assert_string_equal(entry.typed, "5");
	assert_false(entry.unknown);
}

static void test_unknown_at_ok(void **state)
{
	struct ui_entry entry = fresh();

	(void)state;
	type(&entry, "1234", 10 * S);
	assert_int_equal(ui_entry_ok(&entry, 10 * S), UI_ENTRY_UNKNOWN);
	assert_int_equal(ui_entry_ok(&entry, 10 * S), UI_ENTRY_OVER);
}

static void test_no_more_than_five_digits(void **state)
{
	struct ui_entry entry = fresh();

	(void)state;
	assert_int_equal(type(&entry, "99999", 10 * S), UI_ENTRY_UNKNOWN);
	assert_int_equal(type(&entry, "9", 10 * S), UI_ENTRY_NOTHING);
	assert_string_equal(entry.typed, "99999");
	assert_int_equal(type(&entry, ".99999", 10 * S), UI_ENTRY_UNKNOWN);
	assert_int_equal(type(&entry, "9", 10 * S), UI_ENTRY_NOTHING);
	assert_int_equal(type(&entry, ".", 10 * S), UI_ENTRY_NOTHING);
	assert_string_equal(entry.typed, "99999.99999");
}

static void test_behind_five_digits_a_dot_may_follow(void **state)
{
	struct ui_entry entry = fresh();

	(void)state;
	assert_int_equal(type(&entry, "77777", 10 * S), UI_ENTRY_TYPING);
	assert_int_equal(type(&entry, ".3", 10 * S), UI_ENTRY_DONE);
	assert_string_equal(entry.number, "77777.3");
}

static void test_a_dot_is_nothing_at_first(void **state)
{
	struct ui_entry entry = fresh();

	(void)state;
	assert_int_equal(type(&entry, ".", 10 * S), UI_ENTRY_NOTHING);
	assert_true(ui_entry_deadline(&entry) == UINT64_MAX);
}

static unsigned nothing(void *ctx, const char *typed)
{
	(void)ctx;
	(void)typed;
	return 0;
}

static void test_the_line_up_changes_meanwhile(void **state)
{
	struct ui_entry entry = fresh();

	(void)state;
	type(&entry, "12", 10 * S);
	entry.match = nothing;
	ui_entry_rematch(&entry);
	assert_true(entry.unknown);
	entry.match = match;
	ui_entry_rematch(&entry);
	assert_false(entry.unknown);
	assert_int_equal(ui_entry_expire(&entry, 12 * S), UI_ENTRY_DONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_tunes_two_seconds_after_the_last_digit),
		cmocka_unit_test(test_the_timeout_is_a_setting),
		cmocka_unit_test(test_it_tunes_at_once_when_no_longer_number_can_match),
		cmocka_unit_test(test_ok_tunes_at_once),
		cmocka_unit_test(test_back_cancels),
		cmocka_unit_test(test_the_rest_of_an_unknown_number_belongs_to_it),
		cmocka_unit_test(test_unknown_at_the_end_of_the_wait),
		cmocka_unit_test(test_unknown_at_ok),
		cmocka_unit_test(test_no_more_than_five_digits),
		cmocka_unit_test(test_behind_five_digits_a_dot_may_follow),
		cmocka_unit_test(test_a_dot_is_nothing_at_first),
		cmocka_unit_test(test_the_line_up_changes_meanwhile),
	};
	return cmocka_run_group_tests_name("ui_entry", tests, NULL, NULL);
}
