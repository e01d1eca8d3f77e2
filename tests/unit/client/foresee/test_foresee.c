/* What is wanted when: the viewer's next key is among it, and the set does not change in vain. */
#include "tests/support/test.h"

#include "tests/unit/client/foresee/world.h"

static struct world *tuned(size_t count, size_t streams, int channel)
{
	struct world *w = world_new(count, streams, 1);
	world_press(w, HISTORY_LIST, channel);
	return w;
}

static size_t wanted(const struct world *w)
{
	size_t n;
	foresee_wanted(w->foresee, &n);
	return n;
}

static int first(const struct world *w)
{
	size_t n;
	const int *channels = foresee_wanted(w->foresee, &n);
	assert_true(n > 0);
	return channels[0];
}

static void stay(struct world *w, uint64_t ns)
{
	world_run_to(w, w->now_ns + ns);
}

static void it_waits_until_the_viewer_has_settled(void **state)
{
	(void)state;
	struct world *w = world_new(10, 2, 1);
	assert_int_equal(foresee_deadline(w->foresee), FORESEE_NEVER);
	world_press(w, HISTORY_LIST, 5);
	assert_int_equal(wanted(w), 0);
	assert_int_equal(foresee_deadline(w->foresee), w->now_ns + 250 * MS);
	stay(w, 250 * MS);
	assert_int_equal(wanted(w), 2);
	assert_true(world_receives(w, 6) && world_receives(w, 4));
	assert_int_equal(w->ahead_reports, 1);
	world_free(w);
}

static void it_looks_in_the_direction_of_travel(void **state)
{
	(void)state;
	for (int step = -1; step <= 1; step += 2) {
		struct world *w = tuned(20, 3, 10);
		stay(w, 4 * SECOND);
		for (int i = 1; i <= 3; i++) {
			world_press(w, step > 0 ? HISTORY_UP : HISTORY_DOWN, FORESEE_NONE);
			stay(w, 4 * SECOND);
		}
		int here = 10 + 3 * step;
		assert_int_equal(first(w), here + step);
		assert_true(world_receives(w, here + 2 * step));
		assert_true(world_receives(w, here - step));
		world_free(w);
	}
}

/* The channel that is left stays, the one that was ahead is watched: nothing is to be reported. */
static void a_foreseen_step_needs_no_report(void **state)
{
	(void)state;
	struct world *w = tuned(20, 2, 10);
	stay(w, 4 * SECOND);
	world_forget_books(w);
	world_press(w, HISTORY_UP, FORESEE_NONE);
	assert_int_equal(w->zap_reports, 0);
	assert_true(world_receives(w, 10) && world_receives(w, 11));
	world_free(w);
}

static void neighbours_wrap_and_skip(void **state)
{
	(void)state;
	const struct foresee_channel channels[] = {
		{.number = 1}, {.number = 2, .skip = true}, {.number = 3}, {.number = 4}};
	struct foresee *f = foresee_new(&(struct budget_settings){.streams = 2}, channels, 4);
	foresee_handle(f, &(struct foresee_event){.type = FORESEE_TUNED,
				  .at_ns = SECOND,
				  .channel = 0,
				  .last = FORESEE_NONE,
				  .action = HISTORY_LIST});
	foresee_handle(f, &(struct foresee_event){.type = FORESEE_TIMER, .at_ns = 2 * SECOND});
	size_t n;
	const int *list = foresee_wanted(f, &n);
	assert_int_equal(n, 2);
	assert_int_equal(list[0], 2);
	assert_int_equal(list[1], 3);
	foresee_free(f);
}

static void last_is_held_wherever_it_is(void **state)
{
	(void)state;
	struct world *w = tuned(60, 4, 40);
	stay(w, 10 * SECOND);
	world_press(w, HISTORY_LIST, 5);
	for (unsigned i = 0; i < 4; i++) {
		stay(w, 4 * SECOND);
		assert_int_equal(w->last, 40);
		assert_true(world_receives(w, 40));
		world_press(w, HISTORY_UP, FORESEE_NONE);
	}
	world_free(w);
}

static void favourites_are_likelier_than_others(void **state)
{
	(void)state;
	struct foresee_channel channels[60] = {0};
	for (size_t i = 0; i < 60; i++)
		channels[i].number = (uint32_t)i + 1;
	channels[30].favourite = channels[50].favourite = true;
	struct foresee *f = foresee_new(&(struct budget_settings){.streams = 8}, channels, 60);
	foresee_handle(f, &(struct foresee_event){.type = FORESEE_TUNED,
				  .at_ns = SECOND,
				  .channel = 10,
				  .last = FORESEE_NONE,
				  .action = HISTORY_LIST});
	foresee_handle(f, &(struct foresee_event){.type = FORESEE_TIMER, .at_ns = 2 * SECOND});
	size_t n, found = 0;
	const int *list = foresee_wanted(f, &n);
	for (size_t i = 0; i < n; i++)
		found += list[i] == 30 || list[i] == 50;
	assert_int_equal(found, 2);
	foresee_free(f);
}

/* "1" is channel 1, then 10 to 19; "13" is 13. The channels that were wanted before come back. */
static void digits_restrict_what_is_likely(void **state)
{
	(void)state;
	struct world *w = tuned(60, 4, 29);
	stay(w, 4 * SECOND);
	assert_true(world_receives(w, 30));
	world_digits(w, "1");
	assert_int_equal(first(w), 0);
	size_t n;
	const int *list = foresee_wanted(w->foresee, &n);
	for (size_t i = 1; i < n; i++)
		assert_true((list[i] >= 9 && list[i] <= 18) || list[i] == 30);
	world_digits(w, "13");
	assert_int_equal(first(w), 12);
	world_digits(w, "");
	assert_true(world_receives(w, 30));
	world_digits(w, "77");
	assert_true(world_receives(w, 30));
	world_digits(w, "00000000000000000000000000");
	world_free(w);
}

/* The number of the channel that is watched: all is as it was. */
static void the_own_number_restores_the_set(void **state)
{
	(void)state;
	struct world *w = tuned(60, 2, 29);
	stay(w, 4 * SECOND);
	world_digits(w, "3");
	assert_false(world_receives(w, 28));
	foresee_handle(w->foresee, &(struct foresee_event){.type = FORESEE_TUNED,
					   .at_ns = w->now_ns + 4 * SECOND,
					   .channel = 29,
					   .last = FORESEE_NONE,
					   .action = HISTORY_NUMBER});
	size_t n;
	const int *list = foresee_wanted(w->foresee, &n);
	assert_int_equal(list[0] + list[1], 28 + 30);
	world_free(w);
}

static void sub_channels_are_typed_with_a_point(void **state)
{
	(void)state;
	struct foresee_channel channels[] = {{.number = 5}, {.number = 5, .subnumber = 1},
		{.number = 5, .subnumber = 2}, {.number = 51}, {.number = 7}, {.number = 8}};
	struct foresee *f = foresee_new(&(struct budget_settings){.streams = 1}, channels, 6);
	size_t n;
	foresee_handle(f, &(struct foresee_event){.type = FORESEE_TUNED,
				  .at_ns = SECOND,
				  .channel = 4,
				  .last = FORESEE_NONE,
				  .action = HISTORY_LIST});
	static const struct {
		const char *digits;
		int channel;
	} typed[] = {{"5", 0}, {"5.1", 1}, {"5.2", 2}, {"51", 3}, {"008", 5}};
	for (size_t i = 0; i < 5; i++) {
		foresee_handle(f, &(struct foresee_event){.type = FORESEE_DIGITS,
					  .at_ns = (2 + 10 * i) * SECOND,
					  .digits = typed[i].digits});
		assert_int_equal(foresee_wanted(f, &n)[0], typed[i].channel);
	}
	foresee_free(f);
}

static void a_long_stay_changes_little(void **state)
{
	(void)state;
	struct world *w = tuned(60, 4, 10);
	world_run_to(w, w->now_ns + 4 * 3600 * SECOND);
	assert_true(w->ahead_reports <= 2);
	assert_int_equal(foresee_deadline(w->foresee), FORESEE_NEVER);
	world_free(w);
}

static void stopping_gives_everything_up(void **state)
{
	(void)state;
	struct world *w = tuned(20, 4, 10);
	stay(w, 4 * SECOND);
	assert_true(foresee_handle(w->foresee, &(struct foresee_event){.type = FORESEE_TUNED,
						       .at_ns = w->now_ns,
						       .channel = FORESEE_NONE,
						       .last = 10}));
	assert_int_equal(wanted(w), 0);
	assert_int_equal(foresee_deadline(w->foresee), FORESEE_NEVER);
	world_free(w);
}

/* A packet of the watched channel, now. Whether what is wanted changed. */
static bool lose(struct world *w)
{
	struct foresee_event loss = {.type = FORESEE_LOSS,
		.at_ns = w->now_ns,
		.since_ns = w->now_ns,
		.channel = w->channel};
	return foresee_handle(w->foresee, &loss);
}

static void loss_after_a_join_is_told_at_once(void **state)
{
	(void)state;
	struct world *w = tuned(20, 4, 10);
	stay(w, SECOND);
	assert_int_equal(wanted(w), 4);
	assert_true(lose(w));
	assert_int_equal(wanted(w), 0);
	world_press(w, HISTORY_UP, FORESEE_NONE);
	stay(w, 4 * SECOND);
	assert_int_equal(wanted(w), 0);
	stay(w, 600 * SECOND);
	assert_int_equal(wanted(w), 4);
	world_free(w);
}

/*
 * Without a setting: one stream more than the watched one, another one after each half minute
 * without loss. A loss takes the newest join back, and ten minutes long there are no more.
 */
static void without_a_setting_it_grows_while_nothing_is_lost(void **state)
{
	(void)state;
	struct world *w = tuned(20, BUDGET_UNSET, 10);
	stay(w, SECOND);
	assert_int_equal(wanted(w), 1);
	assert_int_equal(w->most_received, 2);
	stay(w, 30 * SECOND);
	assert_int_equal(wanted(w), 2);
	stay(w, 30 * SECOND);
	assert_int_equal(wanted(w), 3);
	/* The newest join is more than 2 s ago only in a moment. */
	assert_true(lose(w));
	assert_int_equal(wanted(w), 2);
	stay(w, 599 * SECOND);
	assert_int_equal(wanted(w), 2);
	stay(w, 2 * SECOND);
	assert_int_equal(wanted(w), 2); /* and then half a minute without loss */
	stay(w, 30 * SECOND);
	assert_int_equal(wanted(w), 3);
	stay(w, 3 * SECOND);
	assert_false(lose(w)); /* too late to be that join's fault: but it grows no more for now */
	stay(w, 29 * SECOND);
	assert_int_equal(wanted(w), 3);
	stay(w, 2 * SECOND);
	assert_int_equal(wanted(w), 4);
	world_free(w);
}

/* The report at the press needs what stays; habits and all else can wait. */
static void what_stays_is_known_before_the_rest(void **state)
{
	(void)state;
	struct world *w = tuned(20, 2, 10);
	size_t n;
	stay(w, 4 * SECOND);
	const int *list = foresee_leave(w->foresee, 11, w->now_ns, &n);
	assert_int_equal(n, 2);
	assert_int_equal(list[0] + list[1], 9 + 10);
	assert_int_equal(history_rows(foresee_history(w->foresee), NULL, 0), 0);
	world_press(w, HISTORY_UP, FORESEE_NONE);
	assert_int_equal(wanted(w), 2);
	assert_true(world_receives(w, 9) && world_receives(w, 10));
	assert_int_equal(history_rows(foresee_history(w->foresee), NULL, 0), 1);
	stay(w, SECOND / 10); /* passed by */
	foresee_leave(w->foresee, 5, w->now_ns, &n);
	world_press(w, HISTORY_LIST, 5);
	assert_false(world_receives(w, 11));
	foresee_leave(w->foresee, FORESEE_NONE, w->now_ns, &n);
	assert_int_equal(n, 0);
	world_free(w);
}

static void another_one_comes_for_one_that_cannot_be_had(void **state)
{
	(void)state;
	struct world *w = tuned(20, 2, 10);
	stay(w, 4 * SECOND);
	struct foresee_event refused = {.type = FORESEE_REFUSED, .channel = 11, .at_ns = w->now_ns};
	assert_true(foresee_handle(w->foresee, &refused));
	assert_int_equal(wanted(w), 2);
	assert_int_equal(first(w), 9);
	refused = (struct foresee_event){
		.type = FORESEE_REFUSED, .channel = 9, .full = true, .at_ns = w->now_ns};
	foresee_handle(w->foresee, &refused);
	assert_int_equal(wanted(w), 1);
	world_free(w);
}

static void without_streams_nothing_is_asked_for(void **state)
{
	(void)state;
	struct world *w = tuned(20, 0, 10);
	assert_int_equal(foresee_deadline(w->foresee), FORESEE_NEVER);
	world_digits(w, "1");
	world_press(w, HISTORY_UP, FORESEE_NONE);
	assert_int_equal(wanted(w), 0);
	assert_int_equal(w->ahead_reports, 0);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_waits_until_the_viewer_has_settled),
		cmocka_unit_test(it_looks_in_the_direction_of_travel),
		cmocka_unit_test(a_foreseen_step_needs_no_report),
		cmocka_unit_test(neighbours_wrap_and_skip),
		cmocka_unit_test(last_is_held_wherever_it_is),
		cmocka_unit_test(favourites_are_likelier_than_others),
		cmocka_unit_test(digits_restrict_what_is_likely),
		cmocka_unit_test(the_own_number_restores_the_set),
		cmocka_unit_test(sub_channels_are_typed_with_a_point),
		cmocka_unit_test(a_long_stay_changes_little),
		cmocka_unit_test(stopping_gives_everything_up),
		cmocka_unit_test(loss_after_a_join_is_told_at_once),
		cmocka_unit_test(without_a_setting_it_grows_while_nothing_is_lost),
		cmocka_unit_test(what_stays_is_known_before_the_rest),
		cmocka_unit_test(another_one_comes_for_one_that_cannot_be_had),
		cmocka_unit_test(without_streams_nothing_is_asked_for),
	};
	return cmocka_run_group_tests_name("foresee", tests, NULL, NULL);
}
