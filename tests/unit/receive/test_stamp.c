#include "tests/support/test.h"

#include "client/receive/stamp.h"

#define S UINT64_C(1000000000)
#define MS UINT64_C(1000000)
#define EPOCH (UINT64_C(1700000000) * S)

static void stamps_keep_their_age(void **state)
{
	(void)state;
	struct stamp_clock c = {0};
	stamp_clock_sample(&c, EPOCH + 50 * S, 50 * S);
	assert_int_equal(stamp_clock_convert(&c, EPOCH + 50 * S - 3 * MS), 50 * S - 3 * MS);
	assert_int_equal(stamp_clock_convert(&c, EPOCH + 50 * S), 50 * S);
}

static void a_step_between_samples_discards_stamps(void **state)
{
	(void)state;
	for (int64_t step_ns = -(int64_t)S; step_ns <= (int64_t)S; step_ns += (int64_t)S / 4) {
		struct stamp_clock c = {0};
		stamp_clock_sample(&c, EPOCH, 50 * S);
		stamp_clock_sample(&c, EPOCH + 40 * MS + (uint64_t)step_ns, 50 * S + 40 * MS);
		/* Stamped 10 ms ago, before the clock was set. */
		uint64_t at_ns = stamp_clock_convert(&c, EPOCH + 30 * MS);
		assert_int_equal(at_ns, 50 * S + (step_ns ? 40 : 30) * MS);
		/* From the next sample on, stamps are of the new time again. */
		stamp_clock_sample(&c, EPOCH + 80 * MS + (uint64_t)step_ns, 50 * S + 80 * MS);
		at_ns = stamp_clock_convert(&c, EPOCH + 70 * MS + (uint64_t)step_ns);
		assert_int_equal(at_ns, 50 * S + 70 * MS);
	}
}

static void slewing_is_no_step(void **state)
{
	(void)state;
	struct stamp_clock c = {0};
	stamp_clock_sample(&c, EPOCH, 50 * S);
	/* 400 ppm for 100 s: 40 ms. */
	stamp_clock_sample(&c, EPOCH + 100 * S + 40 * MS, 150 * S);
	assert_int_equal(stamp_clock_convert(&c, EPOCH + 100 * S + 38 * MS), 150 * S - 2 * MS);
}

static void impossible_stamps_are_discarded(void **state)
{
	(void)state;
	struct stamp_clock c = {0};
	stamp_clock_sample(&c, EPOCH, 50 * S);
	assert_int_equal(stamp_clock_convert(&c, EPOCH + 1), 50 * S);
	assert_int_equal(stamp_clock_convert(&c, EPOCH - 11 * S), 50 * S);
	assert_int_equal(stamp_clock_convert(&c, 0), 50 * S);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stamps_keep_their_age),
		cmocka_unit_test(a_step_between_samples_discards_stamps),
		cmocka_unit_test(slewing_is_no_step),
		cmocka_unit_test(impossible_stamps_are_discarded),
	};
	return cmocka_run_group_tests_name("receive_stamp", tests, NULL, NULL);
}
