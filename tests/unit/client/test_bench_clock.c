/* bench_clock: a clock that is set, and one that is slewed. */
#include "client/app/bench_clock.h"

#include <uv.h>

#include "tests/support/test.h"

#define MS INT64_C(1000000)
#define T0 UINT64_C(50000000000)
#define OFFSET (1700000000 * INT64_C(1000000000))

static bool was_set(uint64_t after_ms, int64_t moved_ns)
{
	return bench_clock_was_set(T0, OFFSET, T0 + after_ms * (uint64_t)MS, OFFSET + moved_ns);
}

static void test_a_clock_that_is_set(void **state)
{
	(void)state;
	assert_true(was_set(2000, 3600000 * MS));
	assert_true(was_set(2000, -5 * MS));
	assert_true(was_set(2000, 3 * MS));
	/* Back, before the epoch. */
	assert_true(was_set(2000, -2 * OFFSET));
}

static void test_a_clock_that_is_slewed_or_read_late(void **state)
{
	(void)state;
	assert_false(was_set(2000, 0));
	assert_false(was_set(100, MS / 2));
	/* 500 ppm of 10 s, either way. */
	assert_false(was_set(10000, 5 * MS));
	assert_false(was_set(10000, -5 * MS));
}

static void test_this_machine_s_clock_stands_still_beside_the_other(void **state)
{
	(void)state;
	uint64_t before_ns = uv_hrtime();
	int64_t offset_ns = bench_clock_offset_ns();
	assert_false(
		bench_clock_was_set(before_ns, offset_ns, uv_hrtime(), bench_clock_offset_ns()));
	assert_true(offset_ns > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_clock_that_is_set),
		cmocka_unit_test(test_a_clock_that_is_slewed_or_read_late),
		cmocka_unit_test(test_this_machine_s_clock_stands_still_beside_the_other),
	};
	return cmocka_run_group_tests_name("client_bench_clock", tests, NULL, NULL);
}
