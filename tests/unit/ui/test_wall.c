/* ui/wall: the time on the wall, in words. */
#include "tests/support/test.h"

#include "ui/wall.h"

#define S UINT64_C(1000000000)
#define MS UINT64_C(1000000)
#define SUNDAY_EVENING_S INT64_C(1795375200) /* 22 November 2026, 19:20 UTC */

static const struct ui_clock berlin = {
	.at_ns = 100 * S + 7, .unix_ms = SUNDAY_EVENING_S * 1000 + 400, .offset_s = 3600};

static void test_it_goes_on_from_when_it_was_read(void **state)
{
	(void)state;
	assert_int_equal(ui_wall_s(&berlin, berlin.at_ns), SUNDAY_EVENING_S);
	assert_int_equal(ui_wall_s(&berlin, berlin.at_ns + 600 * MS - 1), SUNDAY_EVENING_S);
	assert_int_equal(ui_wall_s(&berlin, berlin.at_ns + 600 * MS), SUNDAY_EVENING_S + 1);
	assert_int_equal(ui_wall_s(&berlin, berlin.at_ns - 400 * MS - 1), SUNDAY_EVENING_S - 1);
}

static void test_the_next_tick_is_when_the_wall_shows_it(void **state)
{
	(void)state;
	for (uint64_t now_ns = berlin.at_ns - 30 * S; now_ns < berlin.at_ns + 30 * S;
		now_ns += 333333333) {
		uint64_t next_ns = ui_wall_next_ns(&berlin, now_ns, 10);
		int64_t then_s = ui_wall_s(&berlin, next_ns);
		assert_true(next_ns > now_ns && next_ns <= now_ns + 10 * S);
		assert_int_equal(then_s % 10, 0);
		assert_int_equal(ui_wall_s(&berlin, next_ns - 1), then_s - 1);
	}
}

static void test_a_clock_that_nobody_set(void **state)
{
	const struct ui_clock none = {0}, absurd = {.unix_ms = INT64_MAX};
	const struct ui_clock at_boot = {.unix_ms = 300000}; /* of a box without a battery */

	(void)state;
	assert_int_equal(ui_wall_s(&none, 5 * S), 0);
	assert_true(ui_wall_next_ns(&none, 5 * S, 10) == UINT64_MAX);
	assert_int_equal(ui_wall_s(&absurd, 5 * S), 0);
	assert_int_equal(ui_wall_s(&at_boot, 5 * S), 0);
	assert_true(ui_wall_next_ns(&at_boot, 5 * S, 10) == UINT64_MAX);
	assert_int_equal(
		ui_wall_s(&berlin, UINT64_MAX), SUNDAY_EVENING_S + (int64_t)(UINT64_MAX / S) - 99);
}

static void test_times_and_spans_are_the_viewers(void **state)
{
	char text[UI_CLOCK_BYTES], span[UI_SPAN_BYTES];
	struct ui_clock clock = berlin;

	(void)state;
	ui_wall_time(&clock, SUNDAY_EVENING_S, text);
	assert_string_equal(text, "20:20");
	ui_wall_span(&clock, SUNDAY_EVENING_S, SUNDAY_EVENING_S + 5 * 3600, span);
	assert_string_equal(span, "20:20 \u2013 01:20");
	clock.offset_s = -12600; /* Newfoundland */
	ui_wall_time(&clock, SUNDAY_EVENING_S, text);
	assert_string_equal(text, "15:50");
	ui_wall_span(&clock, INT64_MIN, INT64_MAX, span);
	assert_string_equal(span, "20:30 \u2013 20:29");
}

static void test_summer_time_ends_within_the_guide(void **state)
{
	struct ui_clock clock = berlin;
	char text[UI_CLOCK_BYTES];

	(void)state;
	clock.changes_at_s = SUNDAY_EVENING_S + 3600;
	clock.offset_after_s = 0;
	ui_wall_time(&clock, SUNDAY_EVENING_S + 3599, text);
	assert_string_equal(text, "21:19");
	ui_wall_time(&clock, SUNDAY_EVENING_S + 3600, text);
	assert_string_equal(text, "20:20");
}

static void test_half_hours_are_the_viewers(void **state)
{
	struct ui_clock clock = berlin;

	(void)state;
	assert_int_equal(ui_wall_half_hour_s(&clock, SUNDAY_EVENING_S), SUNDAY_EVENING_S - 1200);
	clock.offset_s = 20700; /* Nepal: a quarter of an hour apart */
	assert_int_equal(ui_wall_half_hour_s(&clock, SUNDAY_EVENING_S), SUNDAY_EVENING_S - 300);
}

static void test_days(void **state)
{
	char text[UI_NAME_BYTES];

	(void)state;
	ui_wall_day(&berlin, SUNDAY_EVENING_S, SUNDAY_EVENING_S, text);
	assert_string_equal(text, "Today");
	ui_wall_day(&berlin, SUNDAY_EVENING_S + 4 * 3600, SUNDAY_EVENING_S, text);
	assert_string_equal(text, "Tomorrow"); /* 00:20 here, and still Sunday in UTC */
	ui_wall_day(&berlin, SUNDAY_EVENING_S + 2 * 86400, SUNDAY_EVENING_S, text);
	assert_string_equal(text, "Tuesday 24 November");
	ui_wall_day(&berlin, SUNDAY_EVENING_S, 0, text);
	assert_string_equal(text, "Sunday 22 November");
	ui_wall_day(&berlin, INT64_MIN, 0, text);
	assert_string_equal(text, "Thursday 1 January");
	ui_wall_day(&berlin, INT64_MAX, 0, text);
	assert_string_equal(text, "Saturday 1 January"); /* 10000 begins in Berlin */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_goes_on_from_when_it_was_read),
		cmocka_unit_test(test_the_next_tick_is_when_the_wall_shows_it),
		cmocka_unit_test(test_a_clock_that_nobody_set),
		cmocka_unit_test(test_times_and_spans_are_the_viewers),
		cmocka_unit_test(test_summer_time_ends_within_the_guide),
		cmocka_unit_test(test_half_hours_are_the_viewers),
		cmocka_unit_test(test_days),
	};
	return cmocka_run_group_tests_name("ui_wall", tests, NULL, NULL);
}
