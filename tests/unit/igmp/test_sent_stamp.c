/* The kernel's transmit stamps on another clock, and clocks that are set meanwhile. */
#include "igmp/sent_stamp.h"
#include "tests/support/test.h"

#define US UINT64_C(1000)
#define MS (1000 * US)
#define S (1000 * MS)
#define MONO (5000 * S)
#define REAL (1700000000 * S)

static uint64_t stamp(uint64_t passed_ns, uint64_t step_ns, uint64_t real_ns)
{
	struct igmp_clocks before = {REAL, MONO},
			   after = {REAL + passed_ns + step_ns, MONO + passed_ns};
	return igmp_sent_stamp(&before, &after, real_ns);
}

static void a_stamp_between_the_readings_is_converted(void **state)
{
	(void)state;
	assert_true(stamp(40 * US, 0, REAL + 15 * US) == MONO + 15 * US);
	assert_true(stamp(40 * US, 0, REAL) == MONO);
	assert_true(stamp(40 * US, 0, REAL + 40 * US) == MONO + 40 * US);
	assert_true(stamp(2 * S, 0, REAL + 1 * S) == MONO + 1 * S);
}

static void the_clocks_slow_correction_is_no_step(void **state)
{
	(void)state;
	/* 500 ppm of 2 s are 1 ms; the second reading is the nearer one. */
	assert_true(stamp(2 * S, 1 * MS, REAL + 2 * S) == MONO + 2 * S - 1 * MS);
}

static void a_clock_that_was_set_makes_a_stamp_worthless(void **state)
{
	(void)state;
	assert_true(stamp(40 * US, 1 * MS, REAL + 15 * US) == 0);
	assert_true(stamp(40 * US, 3600 * S, REAL + 15 * US) == 0);
	assert_true(stamp(40 * US, -3600 * S, REAL + 15 * US) == 0);
}

static void a_stamp_of_another_packet_is_none(void **state)
{
	(void)state;
	assert_true(stamp(40 * US, 0, REAL - 1 * MS) == 0);
	assert_true(stamp(40 * US, 0, REAL + 1 * MS) == 0);
	assert_true(stamp(40 * US, 0, 0) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stamp_between_the_readings_is_converted),
		cmocka_unit_test(the_clocks_slow_correction_is_no_step),
		cmocka_unit_test(a_clock_that_was_set_makes_a_stamp_worthless),
		cmocka_unit_test(a_stamp_of_another_packet_is_none),
	};
	return cmocka_run_group_tests_name("igmp_sent_stamp", tests, NULL, NULL);
}
