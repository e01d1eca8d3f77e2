/* What `ctl stats` says of what is played, and of a stream that is not there. */
#include "client/app/stats.h"
#include "tests/support/test.h"

static void expect(json_t *counters, const char *name, int value)
{
	json_t *counter = json_object_get(counters, name);
	assert_true(json_is_integer(counter));
	assert_int_equal(json_integer_value(counter), value);
}

static void test_play(void **state)
{
	(void)state;
	const struct play_counters play = {
		.pictures = 1, .damaged = 2, .damaged_units = 3, .rebuilds = 4, .gaps = 5};
	json_t *counters = stats_play(&play, 6);
	expect(counters, "pictures", 1);
	expect(counters, "damaged", 2);
	expect(counters, "damaged_units", 3);
	expect(counters, "rebuilds", 4);
	expect(counters, "sound_gaps", 5);
	expect(counters, "refused_units", 6);
	json_decref(counters);
}

static void test_no_stream(void **state)
{
	(void)state;
	json_t *counters = stats_stream(NULL);
	expect(counters, "datagrams", 0);
	expect(counters, "rtp_lost", 0);
	expect(counters, "programme_missing", 0);
	json_decref(counters);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_play),
		cmocka_unit_test(test_no_stream),
	};
	return cmocka_run_group_tests_name("client_stats", tests, NULL, NULL);
}
