/* How many zaps are warm: the shares that viewers get, in virtual time, with fixed seeds. */
#include "tests/support/test.h"

#include "tests/unit/client/foresee/viewer.h"

#include <stdio.h>

/* The benchmark's viewer: up, down or last at random, each after 4 s and up to a GOP. */
static void press_at_random(struct world *w, unsigned zaps)
{
	while (world_total(w->zaps) < zaps) {
		world_run_to(w, w->now_ns + 4 * SECOND + (uint64_t)(world_uniform(w) * 2e9));
		world_press(
			w, (enum history_action)g_rand_int_range(w->random, 0, 3), FORESEE_NONE);
	}
}

static void up_down_and_last_are_warm_with_four(void **state)
{
	(void)state;
	static const size_t counts[] = {8, 60};
	for (size_t i = 0; i < 2; i++) {
		struct world *w = world_new(counts[i], 4, 1);
		world_press(w, HISTORY_NUMBER, 0);
		press_at_random(w, 1000);
		world_print(w, counts[i] == 8 ? "random, 8 channels, 4 ahead"
					      : "random, 60 channels, 4 ahead");
		assert_true(world_share(w) >= 97);
		assert_true(w->most_received <= 5);
		world_free(w);
	}
}

/* The model does what is published of people. */
static void the_viewer_is_the_published_one(void **state)
{
	(void)state;
	struct world *w = world_new(60, 0, 1);
	struct viewer *v = viewer_new(w, 2, VIEWER_ORDINARY);
	viewer_zap(v, 10000);
	double near = 100. * w->near / world_total(w->zaps);
	double linear = 100. * w->zaps[WORLD_UP_DOWN] / world_total(w->zaps);
	printf("viewer: linear %.1f %%, by one step within a minute %.1f %%, last %.1f %%\n",
		linear, near, 100. * w->zaps[WORLD_LAST] / world_total(w->zaps));
	assert_true(near > 43 && near < 47);
	assert_true(linear > 50 && linear < 65);
	assert_true(world_share(w) < 0.1);
	assert_int_equal(w->ahead_reports, 0);
	viewer_free(v);
	world_free(w);
}

/* A viewer who zapped `learn` times before; then so many zaps count. */
static struct world *watch(
	size_t streams, unsigned seed, struct viewer_habits habits, unsigned learn, unsigned zaps)
{
	struct world *w = world_new(60, streams, seed);
	struct viewer *v = viewer_new(w, seed + 1, habits);
	viewer_zap(v, learn);
	world_forget_books(w);
	viewer_zap(v, zaps);
	viewer_free(v);
	return w;
}

static double watched_share(size_t streams, unsigned seed, unsigned learn, const char *what)
{
	struct world *w = watch(streams, seed, VIEWER_ORDINARY, learn, 1000);
	double share = world_share(w);
	world_print(w, what);
	world_free(w);
	return share;
}

static void the_mix_over_60_channels(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 5; seed++)
		assert_true(watched_share(8, seed, 2000, "viewer, 8 ahead, learned") >= 70);
}

/* Not only for the viewer as we imagine him: choices spread wide, and follow nothing. */
static void an_erratic_viewer_gets_warm_too(void **state)
{
	(void)state;
	struct world *w = watch(8, 1, VIEWER_ERRATIC, 2000, 1000);
	world_print(w, "erratic viewer, 8 ahead");
	assert_true(world_share(w) >= 70);
	world_free(w);
}

/* For comparison, and that fewer streams are of use too. */
static void fewer_streams_are_of_use(void **state)
{
	(void)state;
	double none = watched_share(0, 1, 2000, "viewer, 0 ahead");
	double one = watched_share(1, 1, 2000, "viewer, 1 ahead");
	double two = watched_share(2, 1, 2000, "viewer, 2 ahead");
	double four = watched_share(4, 1, 2000, "viewer, 4 ahead");
	double unset = watched_share(BUDGET_UNSET, 1, 2000, "viewer, unset");
	assert_true(none == 0 && one > 30 && two > one && four > two && unset > four);
}

/* What is chosen by number or from a list is foreseen better by whom the viewer is known to. */
static void habits_are_learned(void **state)
{
	(void)state;
	double fresh = 0, learned = 0;
	for (unsigned seed = 1; seed <= 10; seed++) {
		struct world *before = watch(8, seed, VIEWER_ORDINARY, 0, 200);
		struct world *after = watch(8, seed, VIEWER_ORDINARY, 2000, 200);
		fresh += 10. * before->warm[WORLD_CHOICE] / before->zaps[WORLD_CHOICE];
		learned += 10. * after->warm[WORLD_CHOICE] / after->zaps[WORLD_CHOICE];
		world_free(before);
		world_free(after);
	}
	printf("warm choices: fresh %.1f %%, learned %.1f %%\n", fresh, learned);
	assert_true(learned > fresh + 10);
}

static void all_are_warm_with_all(void **state)
{
	(void)state;
	double share = watched_share(BUDGET_ALL, 1, 10, "viewer, all");
	assert_true(share == 100);
}

/* 20 presses a second for 10 s: nothing that is passed by is joined ahead. */
static void a_storm_joins_nothing_ahead(void **state)
{
	(void)state;
	struct world *w = world_new(60, 4, 1);
	world_press(w, HISTORY_NUMBER, 0);
	world_run_to(w, w->now_ns + 10 * SECOND);
	world_forget_books(w);
	for (unsigned i = 0; i < 200; i++) {
		world_press(w, HISTORY_UP, FORESEE_NONE);
		world_run_to(w, w->now_ns + 50 * MS);
	}
	assert_int_equal(w->ahead_reports, 0);
	assert_int_equal(w->ahead_joins, 0);
	assert_true(w->most_received <= 5);
	world_run_to(w, w->now_ns + 10 * SECOND);
	world_print(w, "storm");
	assert_int_equal(w->ahead_reports, 1);
	assert_true(w->zap_reports <= 200);
	assert_int_equal(w->channel, 200 % 60);
	assert_true(world_receives(w, 21) && world_receives(w, 19));
	world_free(w);
}

/* Who surfs at a press a second finds later channels warm, for more than the next one is joined. */
static void a_fast_surf_gets_warm(void **state)
{
	(void)state;
	struct world *w = world_new(60, 4, 1);
	world_press(w, HISTORY_NUMBER, 0);
	world_run_to(w, w->now_ns + 10 * SECOND);
	for (unsigned i = 0; i < 60; i++) {
		world_press(w, HISTORY_UP, FORESEE_NONE);
		world_run_to(w, w->now_ns + SECOND);
	}
	world_print(w, "a press a second");
	assert_true(world_share(w) >= 80);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(up_down_and_last_are_warm_with_four),
		cmocka_unit_test(the_viewer_is_the_published_one),
		cmocka_unit_test(the_mix_over_60_channels),
		cmocka_unit_test(an_erratic_viewer_gets_warm_too),
		cmocka_unit_test(fewer_streams_are_of_use),
		cmocka_unit_test(habits_are_learned),
		cmocka_unit_test(all_are_warm_with_all),
		cmocka_unit_test(a_storm_joins_nothing_ahead),
		cmocka_unit_test(a_fast_surf_gets_warm),
	};
	return cmocka_run_group_tests_name("foresee_viewers", tests, NULL, NULL);
}
