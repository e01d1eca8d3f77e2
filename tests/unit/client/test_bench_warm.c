/* bench_warm: a key that waits for its channel, and is not pressed when that has just begun. */
#include "client/app/bench_warm.h"
#include "tests/support/test.h"

#define MS UINT64_C(1000000)
#define DUE (1000 * MS)

static struct bench_warm_answer ask(
	struct bench_warm *warm, uint64_t after_ns, bool is_warm, bool any_ahead)
{
	const struct bench_warm_look look = {.at_ns = DUE + after_ns,
		.is_warm = is_warm,
		.any_ahead = any_ahead,
		.limit_ns = 5000 * MS,
		.phase_ns = 700 * MS};
	return bench_warm_ask(warm, &look);
}

static void test_a_warm_channel_is_pressed_at_once(void **state)
{
	(void)state;
	struct bench_warm warm = {.due_ns = DUE};
	assert_int_equal(ask(&warm, 0, true, true).verdict, BENCH_WARM_PRESS);
	assert_int_equal(warm.waited_ns, 0);
}

static void test_a_channel_that_becomes_warm_is_pressed_in_its_own_time(void **state)
{
	(void)state;
	struct bench_warm warm = {.due_ns = DUE};
	struct bench_warm_answer answer = ask(&warm, 0, false, true);
	assert_int_equal(answer.verdict, BENCH_WARM_WAIT);
	assert_in_range(answer.again_ns, DUE + 1, DUE + 10 * MS);
	answer = ask(&warm, 300 * MS, true, true);
	assert_int_equal(answer.verdict, BENCH_WARM_WAIT);
	assert_int_equal(answer.again_ns, DUE + 1000 * MS);
	assert_int_equal(warm.waited_ns, 300 * MS);
	/* Whatever it is by then. */
	assert_int_equal(ask(&warm, 1000 * MS, false, false).verdict, BENCH_WARM_PRESS);
	assert_int_equal(warm.waited_ns, 300 * MS);
}

static void test_it_is_not_waited_for_ever(void **state)
{
	(void)state;
	struct bench_warm warm = {.due_ns = DUE};
	assert_int_equal(ask(&warm, 4999 * MS, false, true).verdict, BENCH_WARM_WAIT);
	assert_int_equal(warm.waited_ns, 0);
	assert_int_equal(ask(&warm, 5000 * MS, false, true).again_ns, DUE + 5700 * MS);
	assert_int_equal(ask(&warm, 5700 * MS, false, true).verdict, BENCH_WARM_PRESS);
}

static void test_where_nothing_is_received_ahead_it_is_in_vain(void **state)
{
	(void)state;
	struct bench_warm warm = {.due_ns = DUE};
	assert_int_equal(ask(&warm, 10 * MS, false, false).verdict, BENCH_WARM_WAIT);
	assert_int_equal(ask(&warm, 5000 * MS, false, false).verdict, BENCH_WARM_NEVER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_warm_channel_is_pressed_at_once),
		cmocka_unit_test(test_a_channel_that_becomes_warm_is_pressed_in_its_own_time),
		cmocka_unit_test(test_it_is_not_waited_for_ever),
		cmocka_unit_test(test_where_nothing_is_received_ahead_it_is_in_vain),
	};
	return cmocka_run_group_tests_name("client_bench_warm", tests, NULL, NULL);
}
