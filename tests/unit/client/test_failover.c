/* From which source a channel comes, on virtual time. */
#include "client/app/failover.h"

#include <glib.h>

#include "tests/support/test.h"

#define S UINT64_C(1000000000)
#define HOUR (3600 * S)
#define T0 (100 * S)
#define CHANNELS 4
#define GOP (4 * S)
/* Silence that ends a source. */
#define ENOUGH (GOP + 1 * S)

static int setup(void **state)
{
	*state = failover_new(CHANNELS);
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	failover_free(*state);
	return 0;
}

static void assert_stays(struct failover *f, uint64_t at_ns)
{
	size_t source;
	assert_false(failover_advance(f, at_ns, &source));
}

static void assert_goes_to(struct failover *f, uint64_t at_ns, size_t expected)
{
	size_t source;
	assert_int_equal(failover_deadline(f), at_ns);
	assert_stays(f, at_ns - 1);
	assert_true(failover_advance(f, at_ns, &source));
	assert_int_equal(source, expected);
}

/* As a zap does it. */
static void watch(struct failover *f, int channel, size_t count, uint64_t at_ns)
{
	failover_watch(f, channel, failover_first(f, channel, at_ns), count, GOP, at_ns);
}

static void test_a_silent_source_gives_way_after_a_gop_and_a_second(void **state)
{
	struct failover *f = *state;
	watch(f, 1, 2, T0);
	assert_goes_to(f, T0 + ENOUGH, 1);
}

static void test_without_a_known_gop_an_ordinary_one_is_waited_for(void **state)
{
	struct failover *f = *state;
	failover_watch(f, 1, 0, 2, 0, T0);
	assert_goes_to(f, T0 + 3 * S, 1);
}

static void test_the_only_source_is_stayed_with(void **state)
{
	struct failover *f = *state;
	assert_int_equal(failover_deadline(f), FAILOVER_NEVER);
	watch(f, 1, 1, T0);
	assert_int_equal(failover_deadline(f), FAILOVER_NEVER);
	watch(f, 1, 2, T0);
	failover_watch(f, -1, 0, 0, 0, T0);
	assert_int_equal(failover_deadline(f), FAILOVER_NEVER);
}

static void test_one_that_falls_silent_while_it_plays_gives_way_too(void **state)
{
	struct failover *f = *state;
	watch(f, 1, 2, T0);
	failover_heard(f, 0, T0 + 1 * S);
	failover_heard(f, 0, T0 + 60 * S);
	assert_goes_to(f, T0 + 60 * S + ENOUGH, 1);
}

/* They go round, and a dead channel is not worth a report every few seconds for ever. */
static void test_all_are_tried_again_and_again_ever_more_slowly(void **state)
{
	struct failover *f = *state;
	uint64_t at_ns = T0;
	watch(f, 1, 2, at_ns);
	assert_goes_to(f, at_ns += ENOUGH, 1);
	assert_goes_to(f, at_ns += ENOUGH, 0);
	assert_goes_to(f, at_ns += 2 * ENOUGH, 1);
	assert_goes_to(f, at_ns += 2 * ENOUGH, 0);
	for (unsigned i = 0; i < 20; i++) {
		size_t source;
		uint64_t before_ns = at_ns;
		at_ns = failover_deadline(f);
		assert_in_range(at_ns - before_ns, 4 * ENOUGH, 16 * ENOUGH);
		assert_true(failover_advance(f, at_ns, &source));
	}
	/* A sign of life, and all is as at the beginning. */
	failover_heard(f, 0, at_ns + 1 * S);
	assert_int_equal(failover_deadline(f), at_ns + 1 * S + ENOUGH);
}

/* Back after a long silence it is not to be missed for long, because another one is dead. */
static void test_one_that_never_sent_keeps_nobody_waiting(void **state)
{
	struct failover *f = *state;
	uint64_t at_ns = T0;
	watch(f, 1, 3, at_ns);
	failover_heard(f, 0, at_ns);
	for (unsigned round = 0; round < 8; round++) {
		assert_goes_to(f, at_ns += ENOUGH << MIN(round, 4), 1);
		assert_goes_to(f, at_ns += ENOUGH, 2);
		assert_goes_to(f, at_ns += ENOUGH, 0);
	}
	/* Which one worked is another matter on another channel. */
	watch(f, 2, 2, at_ns);
	assert_goes_to(f, at_ns += ENOUGH, 1);
	assert_goes_to(f, at_ns += ENOUGH, 0);
	assert_goes_to(f, at_ns += 2 * ENOUGH, 1);
	assert_goes_to(f, at_ns += 2 * ENOUGH, 0);
	failover_heard(f, 0, at_ns += 1 * S);
	failover_heard(f, 0, at_ns += 1 * S);
	assert_goes_to(f, at_ns += ENOUGH, 1);
	failover_heard(f, 1, at_ns += 1 * S);
	assert_goes_to(f, at_ns += ENOUGH, 0);
	assert_goes_to(f, at_ns += ENOUGH, 1);
	assert_goes_to(f, at_ns += 2 * ENOUGH, 0); /* the one that was heard last */
	assert_goes_to(f, at_ns += ENOUGH, 1);
}

static void test_the_one_that_worked_is_first_for_an_hour(void **state)
{
	struct failover *f = *state;
	watch(f, 1, 3, T0);
	assert_goes_to(f, T0 + ENOUGH, 1);
	assert_goes_to(f, T0 + 2 * ENOUGH, 2);
	assert_int_equal(failover_first(f, 1, T0 + 2 * ENOUGH), 0); /* nothing came yet */
	uint64_t heard_ns = T0 + 2 * ENOUGH + 1 * S;
	failover_heard(f, 2, heard_ns);
	assert_int_equal(failover_first(f, 1, heard_ns), 2);
	assert_int_equal(failover_first(f, 0, heard_ns), 0);
	/* A zap there does not begin the hour anew: then the preferred one would never be tried. */
	watch(f, 1, 3, heard_ns + HOUR / 2);
	failover_heard(f, 2, heard_ns + HOUR / 2 + 1);
	assert_int_equal(failover_first(f, 1, heard_ns + HOUR - 1), 2);
	assert_int_equal(failover_first(f, 1, heard_ns + HOUR), 0);
}

static void test_the_preferred_one_that_works_again_is_first_at_once(void **state)
{
	struct failover *f = *state;
	watch(f, 1, 2, T0);
	assert_goes_to(f, T0 + ENOUGH, 1);
	failover_heard(f, 1, T0 + ENOUGH + 1);
	assert_goes_to(f, T0 + ENOUGH + 1 + ENOUGH, 0);
	failover_heard(f, 0, T0 + 2 * ENOUGH + 2);
	assert_int_equal(failover_first(f, 1, T0 + 2 * ENOUGH + 3), 0);
}

/* The next source could not be had, and then the silent one came back. */
static void test_what_was_heard_is_remembered_and_not_what_was_wanted(void **state)
{
	struct failover *f = *state;
	watch(f, 1, 3, T0);
	assert_goes_to(f, T0 + ENOUGH, 1);
	assert_goes_to(f, T0 + 2 * ENOUGH, 2);
	failover_heard(f, 1, T0 + 2 * ENOUGH + 1);
	assert_int_equal(failover_first(f, 1, T0 + 3 * ENOUGH), 1);
}

static void test_a_line_that_is_down_is_no_source_s_fault(void **state)
{
	struct failover *f = *state;
	watch(f, 1, 2, T0);
	failover_excuse(f, T0 + ENOUGH);
	assert_goes_to(f, T0 + 2 * ENOUGH, 1);
	assert_int_equal(failover_first(f, 1, T0 + 2 * ENOUGH), 0);
}

static void test_another_line_up_keeps_what_is_known(void **state)
{
	struct failover *f = *state;
	const int to[CHANNELS] = {-1, 4, 0, 2};
	watch(f, 1, 2, T0);
	assert_goes_to(f, T0 + ENOUGH, 1);
	failover_heard(f, 1, T0 + ENOUGH + 1);
	watch(f, 2, 2, T0 + 10 * S);
	failover_move(f, to, 5);
	assert_int_equal(failover_first(f, 4, T0 + 20 * S), 1);
	for (int i = 0; i < 4; i++)
		assert_int_equal(failover_first(f, i, T0 + 20 * S), 0);
	assert_goes_to(f, T0 + 10 * S + ENOUGH, 1);
	failover_heard(f, 1, T0 + 20 * S);
	assert_int_equal(failover_first(f, 0, T0 + 20 * S), 1);
	failover_forget(f, 4);
	assert_int_equal(failover_first(f, 4, T0 + 20 * S), 0);
}

/* It goes on from an address that the line-up has no longer: that, too, may fall silent. */
static void test_what_is_none_of_its_sources_gives_way_to_the_first(void **state)
{
	struct failover *f = *state;
	failover_watch(f, 1, 1, 1, GOP, T0);
	failover_heard(f, 1, T0 + 1 * S);
	assert_goes_to(f, T0 + 1 * S + ENOUGH, 0);
	assert_int_equal(failover_deadline(f), FAILOVER_NEVER); /* the only one now */
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_a_silent_source_gives_way_after_a_gop_and_a_second),
		TEST(test_without_a_known_gop_an_ordinary_one_is_waited_for),
		TEST(test_the_only_source_is_stayed_with),
		TEST(test_one_that_falls_silent_while_it_plays_gives_way_too),
		TEST(test_all_are_tried_again_and_again_ever_more_slowly),
		TEST(test_one_that_never_sent_keeps_nobody_waiting),
		TEST(test_the_one_that_worked_is_first_for_an_hour),
		TEST(test_the_preferred_one_that_works_again_is_first_at_once),
		TEST(test_what_was_heard_is_remembered_and_not_what_was_wanted),
		TEST(test_a_line_that_is_down_is_no_source_s_fault),
		TEST(test_another_line_up_keeps_what_is_known),
		TEST(test_what_is_none_of_its_sources_gives_way_to_the_first),
	};
	return cmocka_run_group_tests_name("client_failover", tests, NULL, NULL);
}
