#include "client/guide_time.h"

#include <errno.h>

#include "tests/support/test.h"

/* As in Berlin, without the machine's tables of time zones. */
#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"
/* Sunday, 22 November 2026, 20:00 CET */
#define NOW G_GINT64_CONSTANT(1795374000)
#define HOUR 3600

static int setup(void **state)
{
	*state = g_time_zone_new_identifier(BERLIN);
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	g_time_zone_unref(*state);
	return 0;
}

static void check(GTimeZone *zone, const char *text, gint64 expected)
{
	gint64 got = -1;
	assert_int_equal(guide_time_parse(text, NOW, zone, &got), 0);
	assert_int_equal(got, expected);
}

static void test_from_now_on(void **state)
{
	check(*state, "now", NOW);
	check(*state, "+2h", NOW + 2 * HOUR);
	check(*state, "-30m", NOW - HOUR / 2);
	check(*state, "+1d12h30m", NOW + 36 * HOUR + HOUR / 2);
	check(*state, "+0m", NOW);
}

static void test_of_today(void **state)
{
	check(*state, "20:15", NOW + HOUR / 4);
	check(*state, "20:15:30", NOW + HOUR / 4 + 30);
	check(*state, "00:00", NOW - 20 * HOUR);
	check(*state, "19:00Z", NOW);
}

static void test_of_a_day(void **state)
{
	check(*state, "2026-11-22", NOW - 20 * HOUR);
	check(*state, "2026-11-22 20:00", NOW);
	check(*state, "2026-11-22T20:00:00", NOW);
	check(*state, "2026-11-22T19:00:00Z", NOW);
	check(*state, "2026-11-22t19:00:00.25z", NOW);
	check(*state, "2026-11-22T14:00:00-05:00", NOW);
	check(*state, "2026-11-22 20:00+01:00", NOW);
	/* Summer time. */
	check(*state, "2026-07-01T12:00:00", 1782900000);
	check(*state, "2028-02-29", 1835391600);
}

static void test_what_is_no_time(void **state)
{
	static const char *const wrong[] = {"", " ", "nonsense", "8", "8:15", "20:60", "24:00",
		"20:15 ", "20:15x", "20:15:60", "20:15:", "2026-02-29", "2026-13-01", "2026-11-22T",
		"2026-11-22 ", "2026-11-22 20", "2026-11-22T20:00+1", "2026-11-22T20:00+25:00",
		"2026-11-22Z5", "+", "-", "+h", "+2", "+2x", "+2h3", "2h", "+-2h", "+99999999999d",
		"+99999999999999999999m", "22.11.2026", "0000-00-00", "0001-01-01", "9999-12-31"};
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		gint64 got = 42;
		if (guide_time_parse(wrong[i], NOW, *state, &got) != -EINVAL)
			fail_msg("\"%s\" was read as %d", wrong[i], (int)got);
		assert_int_equal(got, 42);
	}
}

static void check_day(GTimeZone *zone, const char *text, int hours)
{
	gint64 at, from, to;
	assert_int_equal(guide_time_parse(text, NOW, zone, &at), 0);
	guide_time_day(at, zone, &from, &to);
	assert_in_range(at, from, to - 1);
	assert_int_equal(to - from, hours * HOUR);
	char *midnight = guide_time_format(from, zone, "%H:%M:%S");
	assert_string_equal(midnight, "00:00:00");
	g_free(midnight);
}

static void test_days(void **state)
{
	check_day(*state, "now", 24);
	check_day(*state, "2026-11-22", 24);
	check_day(*state, "2026-11-22 23:59:59", 24);
	check_day(*state, "2026-03-29 12:00", 23);
	check_day(*state, "2026-10-25 12:00", 25);
	check_day(*state, "1970-01-02", 24);
	check_day(*state, "9998-12-31", 24);
}

static void test_format(void **state)
{
	char *text = guide_time_format(NOW, *state, "%Y-%m-%dT%H:%M:%S%:z");
	assert_string_equal(text, "2026-11-22T20:00:00+01:00");
	g_free(text);
	text = guide_time_format(G_MAXINT64, *state, "%Y");
	assert_string_equal(text, "?");
	g_free(text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_from_now_on),
		TEST(test_of_today),
		TEST(test_of_a_day),
		TEST(test_what_is_no_time),
		TEST(test_days),
		TEST(test_format),
	};
	return cmocka_run_group_tests_name("client_guide_time", tests, NULL, NULL);
}
