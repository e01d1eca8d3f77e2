/* How many streams are received ahead, and that the watched channel never pays for them. */
#include "tests/support/test.h"

#include "client/foresee/budget.h"

#include <stdbool.h>

#define CHANNELS 10
#define SECOND UINT64_C(1000000000)
#define MINUTE (60 * SECOND)
#define START (1000 * SECOND)
#define MBPS UINT64_C(1000000)

static struct budget *make(size_t streams, uint64_t ahead_bps, uint64_t line_bps)
{
	struct budget *b =
		budget_new(&(struct budget_settings){streams, ahead_bps, line_bps}, CHANNELS);
	budget_watch(b, 0, false, START);
	return b;
}

/* Channel 1 is the likeliest, then 2, 3 ... */
static bool choose(struct budget *b, uint64_t now_ns)
{
	double scores[CHANNELS];
	for (size_t i = 0; i < CHANNELS; i++)
		scores[i] = CHANNELS - (double)i;
	return budget_choose(b, scores, now_ns);
}

/* Noticed at once. */
static bool lose(struct budget *b, uint64_t now_ns)
{
	return budget_lose(b, -1, now_ns, now_ns);
}

static size_t held(const struct budget *b)
{
	const int *ret;
	return budget_held(b, &ret);
}

static bool holds(const struct budget *b, int channel)
{
	const int *ret;
	size_t n = budget_held(b, &ret);
	for (size_t i = 0; i < n; i++) {
		if (ret[i] == channel)
			return true;
	}
	return false;
}

static void the_likeliest_come_first(void **state)
{
	(void)state;
	struct budget *b = make(4, 0, 0);
	const int *ret;
	assert_true(choose(b, START));
	assert_int_equal(budget_held(b, &ret), 4);
	for (int i = 0; i < 4; i++)
		assert_int_equal(ret[i], i + 1);
	assert_false(choose(b, START));
	budget_free(b);
}

static void zero_is_off_and_all_is_all(void **state)
{
	(void)state;
	struct budget *off = make(0, 0, 0), *all = make(BUDGET_ALL, 0, 0);
	assert_false(choose(off, START));
	assert_false(budget_watch(off, 1, true, START));
	assert_int_equal(held(off), 0);
	choose(all, START);
	assert_int_equal(held(all), CHANNELS - 1);
	assert_false(holds(all, 0));
	budget_free(off);
	budget_free(all);
}

static void rates_bound_it(void **state)
{
	(void)state;
	struct budget *b = make(BUDGET_ALL, 20 * MBPS, 0);
	choose(b, START);
	assert_int_equal(held(b), 2); /* 8 Mb/s each is assumed */
	budget_rate(b, 0, 4 * MBPS);
	choose(b, START);
	assert_int_equal(held(b), 5);
	/* One does not fit: others do. */
	assert_true(budget_rate(b, 1, 19 * MBPS));
	assert_true(choose(b, START));
	assert_int_equal(held(b), 1);
	for (int i = 2; i < CHANNELS; i++)
		budget_rate(b, i, 4 * MBPS);
	budget_rate(b, 1, 21 * MBPS);
	choose(b, START);
	assert_int_equal(held(b), 5);
	assert_false(holds(b, 1));
	budget_free(b);
}

/* 30 Mb/s carry seven streams of 4: one is watched, and one that was left may still come. */
static void the_line_keeps_room_for_a_zap(void **state)
{
	(void)state;
	struct budget *b = make(BUDGET_ALL, 0, 30 * MBPS);
	for (int i = 0; i < CHANNELS; i++)
		budget_rate(b, i, 4 * MBPS);
	choose(b, START);
	assert_int_equal(held(b), 5);
	/* The watched one grows: the least likely goes. */
	assert_true(budget_rate(b, 0, 7 * MBPS));
	choose(b, START);
	assert_int_equal(held(b), 4);
	assert_true(holds(b, 1) && !holds(b, 5));
	budget_free(b);

	b = make(BUDGET_ALL, 0, 3 * MBPS);
	choose(b, START);
	assert_int_equal(held(b), 0);
	budget_free(b);
}

static void loss_soon_after_a_join_takes_it_back(void **state)
{
	(void)state;
	struct budget *b = make(4, 0, 0);
	choose(b, START);
	assert_false(lose(b, START + 3 * SECOND));
	assert_int_equal(held(b), 4);
	/* Another one is likely now: it is joined, and packets are lost. */
	double scores[CHANNELS] = {0, 10, 10, 10, 0, 9};
	uint64_t joined_ns = START + MINUTE, lost_ns = joined_ns + 2 * SECOND;
	assert_true(budget_choose(b, scores, joined_ns));
	assert_true(holds(b, 5) && !holds(b, 4));
	assert_true(lose(b, lost_ns));
	assert_int_equal(held(b), 3);
	assert_false(holds(b, 5));
	/* Neither it nor another one in its place for 10 minutes. */
	assert_int_equal(budget_deadline(b), lost_ns + 10 * MINUTE);
	scores[4] = 8;
	assert_false(budget_choose(b, scores, lost_ns + 10 * MINUTE - 1));
	assert_true(budget_choose(b, scores, lost_ns + 10 * MINUTE));
	assert_true(holds(b, 5));
	assert_int_equal(held(b), 4);
	budget_free(b);
}

/* Who looks now and then sees it late: the time of the loss counts, not that of the look. */
static void a_loss_that_is_noticed_late_is_blamed_too(void **state)
{
	(void)state;
	struct budget *b = make(2, 0, 0);
	uint64_t since_ns = START + 2 * SECOND, noticed_ns = since_ns + SECOND / 4;
	choose(b, START);
	assert_false(budget_lose(b, 0, since_ns + 1, noticed_ns));
	assert_true(budget_lose(b, 0, since_ns, noticed_ns));
	assert_int_equal(held(b), 0);
	assert_false(choose(b, noticed_ns + 10 * MINUTE - 1));
	assert_true(choose(b, noticed_ns + 10 * MINUTE));
	budget_free(b);
}

/* What was received already costs the line nothing more: it is not blamed. */
static void the_channel_that_was_watched_is_not_blamed(void **state)
{
	(void)state;
	struct budget *b = make(2, 0, 0);
	choose(b, START);
	assert_true(budget_watch(b, 1, true, START + MINUTE));
	assert_true(holds(b, 0) && holds(b, 2));
	assert_false(lose(b, START + MINUTE + SECOND));
	/* One more, not received ahead: the least likely makes room. */
	budget_watch(b, 7, true, START + 2 * MINUTE);
	assert_int_equal(held(b), 2);
	assert_true(holds(b, 1) && holds(b, 2));
	/* Passed by: it is left. */
	budget_watch(b, 8, false, START + 2 * MINUTE);
	assert_false(holds(b, 7));
	budget_free(b);
}

static void unset_grows_while_nothing_is_lost(void **state)
{
	(void)state;
	struct budget *b = make(BUDGET_UNSET, 0, 0);
	uint64_t now_ns = START;
	choose(b, now_ns);
	assert_int_equal(held(b), 1);
	for (size_t n = 1; n < 8; n++) {
		assert_int_equal(held(b), n);
		assert_int_equal(budget_deadline(b), now_ns + 30 * SECOND);
		now_ns = budget_deadline(b);
		choose(b, now_ns);
	}
	assert_int_equal(held(b), 8);
	assert_int_equal(budget_deadline(b), UINT64_MAX);
	assert_true(lose(b, now_ns + SECOND));
	assert_int_equal(held(b), 7);
	budget_free(b);
}

static void loss_holds_growth_up(void **state)
{
	(void)state;
	struct budget *b = make(BUDGET_UNSET, 0, 0);
	choose(b, START);
	assert_false(lose(b, START + 20 * SECOND));
	assert_int_equal(budget_deadline(b), START + 50 * SECOND);
	assert_false(choose(b, START + 40 * SECOND));
	assert_true(choose(b, START + 50 * SECOND));
	assert_true(lose(b, START + 51 * SECOND));
	assert_int_equal(held(b), 1);
	assert_int_equal(budget_deadline(b), START + 651 * SECOND);
	choose(b, START + 651 * SECOND);
	assert_int_equal(held(b), 1);
	assert_true(choose(b, START + 681 * SECOND));
	assert_int_equal(held(b), 2);
	budget_free(b);
}

/* Nothing was joined for long, and still the line is too full: one stream less each time. */
static void repeated_loss_gives_up_the_least_likely(void **state)
{
	(void)state;
	struct budget *b = make(4, 0, 0);
	uint64_t now_ns = START + MINUTE;
	choose(b, START);
	assert_false(lose(b, now_ns));
	assert_false(lose(b, now_ns + SECOND / 4)); /* the same loss, seen by two */
	assert_false(lose(b, now_ns + 5 * SECOND));
	assert_false(budget_lose(b, 2, now_ns + 9 * SECOND, now_ns + 9 * SECOND)); /* ahead */
	assert_true(lose(b, now_ns + 10 * SECOND));
	assert_int_equal(held(b), 3);
	assert_false(holds(b, 4));
	assert_false(choose(b, now_ns + 5 * MINUTE));
	for (unsigned i = 0; i < 3; i++) /* too rare to be more than chance */
		assert_false(lose(b, now_ns + MINUTE + i * 20 * SECOND));
	now_ns += 5 * MINUTE;
	for (unsigned i = 0; i < 100; i++)
		lose(b, now_ns + i * SECOND);
	assert_int_equal(held(b), 0);
	assert_false(choose(b, now_ns + 10 * MINUTE));
	assert_true(choose(b, now_ns + 12 * MINUTE));
	assert_int_equal(held(b), 4);
	budget_free(b);
}

static void a_smaller_rate_makes_room(void **state)
{
	(void)state;
	struct budget *b = make(4, 8 * MBPS, 0);
	choose(b, START);
	assert_int_equal(held(b), 1); /* 8 Mb/s are assumed */
	assert_true(budget_rate(b, 0, 4 * MBPS));
	assert_true(choose(b, START + SECOND));
	assert_int_equal(held(b), 2);
	assert_true(budget_rate(b, 1, 9 * MBPS));
	budget_free(b);
	b = make(2, 0, 0);
	choose(b, START);
	assert_false(budget_rate(b, 0, 4 * MBPS)); /* nothing waits for room */
	budget_free(b);
}

static void what_cannot_be_had_is_not_asked_for_again_and_again(void **state)
{
	(void)state;
	struct budget *b = make(2, 0, 0);
	const double scores[CHANNELS] = {0, 30, 9, 8, 7};
	budget_choose(b, scores, START);
	budget_refuse(b, 1, false, START);
	assert_true(budget_choose(b, scores, START));
	assert_true(holds(b, 2) && holds(b, 3));
	assert_false(budget_choose(b, scores, START + 10 * MINUTE - 1));
	assert_true(budget_choose(b, scores, START + 10 * MINUTE));
	assert_true(holds(b, 1));
	budget_refuse(b, 7, true, START); /* is not held: says nothing */
	assert_int_equal(held(b), 2);
	budget_free(b);
}

static void where_there_is_no_room_others_have_none_either(void **state)
{
	(void)state;
	struct budget *b = make(BUDGET_ALL, 0, 0);
	choose(b, START);
	assert_int_equal(held(b), CHANNELS - 1);
	for (int channel = 6; channel < CHANNELS; channel++)
		budget_refuse(b, channel, true, START);
	assert_int_equal(held(b), 5);
	assert_false(choose(b, START + SECOND));
	assert_int_equal(budget_deadline(b), START + 10 * MINUTE);
	assert_true(choose(b, START + 10 * MINUTE));
	assert_int_equal(held(b), CHANNELS - 1);
	budget_free(b);
}

/* Two that are about as likely do not take turns. */
static void memberships_do_not_flap(void **state)
{
	(void)state;
	struct budget *b = make(1, 0, 0);
	double one[CHANNELS] = {0, 1, 0.9}, other[CHANNELS] = {0, 0.9, 1};
	budget_choose(b, one, START);
	for (unsigned i = 1; i < 10; i++)
		assert_false(budget_choose(b, i % 2 ? other : one, START + i * MINUTE));
	other[2] = 2;
	assert_true(budget_choose(b, other, START + 10 * MINUTE));
	/* It is becoming warm: even what is twice as likely now comes too late. */
	one[1] = 5;
	one[2] = 2;
	assert_false(budget_choose(b, one, START + 10 * MINUTE + 2 * SECOND));
	assert_true(budget_choose(b, one, START + 10 * MINUTE + 3 * SECOND));
	budget_free(b);
}

static void nothing_watched_is_nothing_held(void **state)
{
	(void)state;
	struct budget *b = make(4, 0, 0);
	choose(b, START);
	assert_true(budget_clear(b));
	assert_int_equal(held(b), 0);
	assert_false(budget_clear(b));
	budget_free(b);
}

/* What is held, what is known of it and what is watched; what is gone is held no more. */
static void another_line_up_moves_what_is_held(void **state)
{
	(void)state;
	struct budget *b = make(3, 0, 0);
	const int *ret;
	choose(b, START); /* 1, 2, 3 */
	budget_rate(b, 3, 50 * MBPS);
	const int to[CHANNELS] = {5, 6, -1, 0, 1, 2, 3, 4, -1, -1};
	budget_move(b, to, 7);
	assert_int_equal(budget_held(b, &ret), 2);
	assert_int_equal(ret[0], 6);
	assert_int_equal(ret[1], 0);
	const double scores[7] = {6, 5, 4, 3, 2, 100, 1};
	assert_true(budget_choose(b, scores, START + MINUTE));
	assert_int_equal(held(b), 3);
	assert_true(holds(b, 0) && holds(b, 1) && holds(b, 2));
	assert_false(holds(b, 5)); /* the watched one */
	budget_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_likeliest_come_first),
		cmocka_unit_test(zero_is_off_and_all_is_all),
		cmocka_unit_test(rates_bound_it),
		cmocka_unit_test(the_line_keeps_room_for_a_zap),
		cmocka_unit_test(loss_soon_after_a_join_takes_it_back),
		cmocka_unit_test(a_loss_that_is_noticed_late_is_blamed_too),
		cmocka_unit_test(the_channel_that_was_watched_is_not_blamed),
		cmocka_unit_test(unset_grows_while_nothing_is_lost),
		cmocka_unit_test(loss_holds_growth_up),
		cmocka_unit_test(repeated_loss_gives_up_the_least_likely),
		cmocka_unit_test(a_smaller_rate_makes_room),
		cmocka_unit_test(what_cannot_be_had_is_not_asked_for_again_and_again),
		cmocka_unit_test(where_there_is_no_room_others_have_none_either),
		cmocka_unit_test(memberships_do_not_flap),
		cmocka_unit_test(nothing_watched_is_nothing_held),
		cmocka_unit_test(another_line_up_moves_what_is_held),
	};
	return cmocka_run_group_tests_name("foresee_budget", tests, NULL, NULL);
}
