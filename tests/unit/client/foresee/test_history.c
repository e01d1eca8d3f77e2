/* What is remembered of a viewer, how it fades, and that it survives as plain rows. */
#include "tests/support/test.h"

#include "client/foresee/history.h"

#define CHANNELS 10

static void even(double *prior)
{
	for (size_t i = 0; i < CHANNELS; i++)
		prior[i] = 1. / CHANNELS;
}

static double likely(const struct history *h, int from, int to)
{
	double prior[CHANNELS], ret[CHANNELS], sum = 0;
	even(prior);
	history_next_choice(h, from, prior, ret);
	for (size_t i = 0; i < CHANNELS; i++)
		sum += ret[i];
	assert_true(sum > 0.999 && sum < 1.001);
	return ret[to];
}

static void choose(struct history *h, int from, int to, unsigned times)
{
	for (unsigned i = 0; i < times; i++)
		history_add(h, HISTORY_WATCHING, from, HISTORY_NUMBER, to);
}

static void nothing_known_is_the_prior(void **state)
{
	(void)state;
	struct history *h = history_new(CHANNELS);
	for (int to = 0; to < CHANNELS; to++)
		assert_true(likely(h, 3, to) > 0.099 && likely(h, 3, to) < 0.101);
	double up[HISTORY_ACTIONS], down[HISTORY_ACTIONS], sum = 0;
	history_next_action(h, HISTORY_AFTER_UP, up);
	history_next_action(h, HISTORY_AFTER_DOWN, down);
	for (size_t i = 0; i < HISTORY_ACTIONS; i++)
		sum += up[i];
	assert_true(sum > 0.999 && sum < 1.001);
	assert_true(up[HISTORY_UP] > 0.5 && down[HISTORY_DOWN] > 0.5);
	assert_int_equal(history_rows(h, NULL, 0), 0);
	history_free(h);
}

/* From 1 he goes to 2; elsewhere 2 is only popular. */
static void habits_belong_to_where_he_is(void **state)
{
	(void)state;
	struct history *h = history_new(CHANNELS);
	choose(h, 1, 2, 20);
	choose(h, 5, 6, 20);
	assert_true(likely(h, 1, 2) > 0.8);
	assert_true(likely(h, 5, 6) > 0.8);
	assert_true(likely(h, 9, 2) > 0.3 && likely(h, 9, 2) < 0.5);
	assert_true(likely(h, 9, 2) > 5 * likely(h, 9, 3));
	history_free(h);
}

static void steps_are_not_choices(void **state)
{
	(void)state;
	struct history *h = history_new(CHANNELS);
	for (unsigned i = 0; i < 50; i++)
		history_add(h, HISTORY_AFTER_UP, 1, HISTORY_UP, 2);
	assert_true(likely(h, 1, 2) < 0.11);
	double action[HISTORY_ACTIONS];
	history_next_action(h, HISTORY_AFTER_UP, action);
	assert_true(action[HISTORY_UP] > 0.9);
	history_next_action(h, HISTORY_WATCHING, action);
	assert_true(action[HISTORY_UP] < 0.5);
	history_free(h);
}

static void old_habits_fade(void **state)
{
	(void)state;
	struct history *h = history_new(CHANNELS);
	struct history_row rows[4];
	choose(h, 1, 2, 100);
	double before = likely(h, 9, 2);
	choose(h, 1, 3, 2000);
	assert_true(likely(h, 9, 2) < before / 10);
	assert_int_equal(history_rows(h, rows, 4), 2);
	assert_int_equal(rows[0].to, 2);
	assert_true(rows[0].weight > 48 && rows[0].weight < 50);
	choose(h, 1, 3, 40000);
	assert_int_equal(history_rows(h, rows, 4), 1);
	assert_int_equal(rows[0].to, 3);
	history_free(h);
}

static void rows_carry_it_over(void **state)
{
	(void)state;
	struct history *h = history_new(CHANNELS), *again = history_new(CHANNELS);
	struct history_row rows[8];
	choose(h, 1, 2, 30);
	choose(h, 1, 4, 10);
	history_add(h, HISTORY_AFTER_UP, 4, HISTORY_UP, 5);
	history_add(h, HISTORY_AFTER_UP, 5, HISTORY_LIST, 2);
	size_t n = history_rows(h, rows, 8);
	assert_int_equal(n, 4);
	history_load(again, rows, n);
	for (int to = 0; to < CHANNELS; to++) {
		double difference = likely(h, 1, to) - likely(again, 1, to);
		assert_true(difference > -1e-3 && difference < 1e-3);
	}
	assert_int_equal(history_rows(h, rows, 2), 4);
	history_free(h);
	history_free(again);
}

/* Where not all can be kept, it is the lightest that goes. */
static void the_heaviest_rows_are_kept(void **state)
{
	(void)state;
	struct history *h = history_new(CHANNELS);
	struct history_row rows[2];
	choose(h, 1, 2, 5);
	choose(h, 3, 4, 50);
	choose(h, 8, 9, 20);
	assert_int_equal(history_rows(h, rows, 2), 3);
	assert_int_equal(rows[0].to, 4);
	assert_int_equal(rows[1].to, 9);
	history_free(h);
}

/* Whoever mostly goes back to the last channel still does after a restart. */
static void moods_are_carried_over(void **state)
{
	(void)state;
	struct history *h = history_new(CHANNELS), *again = history_new(CHANNELS);
	double moods[HISTORY_CONTEXTS][HISTORY_ACTIONS];
	double before[HISTORY_ACTIONS], after[HISTORY_ACTIONS];
	for (unsigned i = 0; i < 40; i++)
		history_add(h, HISTORY_WATCHING, i % 2, HISTORY_LAST, 1 - i % 2);
	history_moods(h, moods);
	moods[HISTORY_AFTER_UP][HISTORY_UP] = -1;
	history_load_moods(again, moods);
	history_next_action(h, HISTORY_WATCHING, before);
	history_next_action(again, HISTORY_WATCHING, after);
	assert_true(before[HISTORY_LAST] > 0.7);
	for (size_t i = 0; i < HISTORY_ACTIONS; i++)
		assert_true(before[i] - after[i] < 1e-9 && after[i] - before[i] < 1e-9);
	history_next_action(h, HISTORY_AFTER_UP, before);
	history_next_action(again, HISTORY_AFTER_UP, after);
	assert_true(before[HISTORY_UP] == after[HISTORY_UP]);
	history_free(h);
	history_free(again);
}

static void rows_that_do_not_fit_are_left_out(void **state)
{
	(void)state;
	struct history *h = history_new(CHANNELS);
	const struct history_row rows[] = {
		{.from = -1, .to = 2, .action = HISTORY_NUMBER, .weight = 1},
		{.from = 1, .to = CHANNELS, .action = HISTORY_NUMBER, .weight = 1},
		{.from = 1, .to = 2, .action = HISTORY_ACTIONS, .weight = 1},
		{.from = 1, .to = 2, .action = HISTORY_NUMBER, .weight = -1},
		{.from = 1, .to = 3, .action = HISTORY_NUMBER, .weight = 1},
	};
	struct history_row left;
	history_load(h, rows, 5);
	history_add(h, HISTORY_WATCHING, -1, HISTORY_NUMBER, 2);
	assert_int_equal(history_rows(h, &left, 1), 1);
	assert_int_equal(left.to, 3);
	history_free(h);
}

static void habits_move_with_their_channels(void **state)
{
	(void)state;
	struct history *h = history_new(CHANNELS);
	int to[CHANNELS];
	for (int i = 0; i < CHANNELS; i++)
		to[i] = (i + 1) % CHANNELS;
	to[3] = -1;
	choose(h, 1, 2, 20);
	choose(h, 1, 3, 20);
	choose(h, 3, 2, 20);
	history_move(h, to, CHANNELS);
	struct history_row row;
	assert_int_equal(history_rows(h, &row, 1), 1);
	assert_int_equal(row.from, 2);
	assert_int_equal(row.to, 3);
	assert_true(likely(h, 2, 3) > 0.8);
	choose(h, 2, 3, 1);
	assert_int_equal(history_rows(h, NULL, 0), 1);
	int only[CHANNELS] = {-1, -1, 0, -1, -1, -1, -1, -1, -1, -1};
	history_move(h, only, 1);
	assert_int_equal(history_rows(h, NULL, 0), 0);
	history_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_known_is_the_prior),
		cmocka_unit_test(habits_belong_to_where_he_is),
		cmocka_unit_test(steps_are_not_choices),
		cmocka_unit_test(old_habits_fade),
		cmocka_unit_test(rows_carry_it_over),
		cmocka_unit_test(the_heaviest_rows_are_kept),
		cmocka_unit_test(moods_are_carried_over),
		cmocka_unit_test(rows_that_do_not_fit_are_left_out),
		cmocka_unit_test(habits_move_with_their_channels),
	};
	return cmocka_run_group_tests_name("foresee_history", tests, NULL, NULL);
}
