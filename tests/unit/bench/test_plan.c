/* plan: which keys are pressed when, and that one seed gives one run. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "client/bench/mix.h"
#include "client/bench/plan.h"
#include "client/zap.h"
#include "tests/support/test.h"

#define MS UINT64_C(1000000)

static const struct bench_settings ordinary = {
	.pattern = BENCH_RANDOM, .seed = 1, .zaps = 200, .dwell_ms = 1000, .gop_ms = 2000};

static struct bench_plan *plan_of(const struct bench_settings *settings, size_t channels)
{
	struct bench_plan *plan;
	char *why;
	assert_int_equal(bench_plan_new(settings, channels, NULL, &plan, &why), 0);
	return plan;
}

/* A client that follows the keys: where it is, and where "last" leads. */
static void follow(
	struct bench_view *view, const struct bench_press *press, int channels, int target)
{
	int to = press->channel;
	if (press->action == BENCH_PRESS_UP)
		to = (view->current + 1) % channels;
	else if (press->action == BENCH_PRESS_DOWN)
		to = (view->current + channels - 1) % channels;
	else if (press->action == BENCH_PRESS_LAST)
		to = view->last;
	assert_int_equal(to, target);
	assert_int_not_equal(to, view->current);
	assert_in_range(to, 0, channels - 1);
	view->last = view->current;
	view->current = to;
}

static bool next(struct bench_plan *plan, const struct bench_view *view, struct bench_press *ret)
{
	bool more = bench_plan_next(plan, ret);
	if (more)
		bench_plan_aim(plan, view, ret);
	return more;
}

/* All presses of a plan; every one of them must lead to another channel. */
static GArray *presses_of(const struct bench_settings *settings, int channels)
{
	struct bench_plan *plan = plan_of(settings, (size_t)channels);
	GArray *presses = g_array_new(FALSE, TRUE, sizeof(struct bench_press));
	struct bench_view view = {.current = 0, .last = ZAP_NO_CHANNEL};
	struct bench_press press;
	while (next(plan, &view, &press)) {
		follow(&view, &press, channels, bench_plan_target(plan, &view, &press));
		g_array_append_val(presses, press);
	}
	assert_int_equal(presses->len, bench_plan_total(plan));
	assert_int_equal(bench_plan_left_ns(plan, 300 * MS), 300 * MS); /* of the last zap */
	bench_plan_free(plan);
	return presses;
}

static const struct bench_press *at(const GArray *presses, guint i)
{
	return &g_array_index(presses, struct bench_press, i);
}

static bool same(const GArray *a, const GArray *b)
{
	bool equal = a->len == b->len;
	for (guint i = 0; equal && i < a->len; i++)
		equal = at(a, i)->action == at(b, i)->action &&
			at(a, i)->channel == at(b, i)->channel &&
			at(a, i)->after_ns == at(b, i)->after_ns &&
			at(a, i)->from == at(b, i)->from;
	return equal;
}

static void test_random_numbers_are_the_published_generators(void **state)
{
	(void)state;
	/* SplitMix64 of 0 begins with these words in its authors' own program; the first output of
	 * xoshiro256** follows from the second: rotl(s1 * 5, 7) * 9. */
	struct bench_random random;
	bench_random_seed(&random, 0);
	assert_int_equal(random.state[0], UINT64_C(0xe220a8397b1dcdaf));
	assert_int_equal(random.state[1], UINT64_C(0x6e789e6aa1b965f4));
	assert_int_equal(bench_random_next(&random), UINT64_C(0x99ec5f36cb75f2b4));
}

static void test_one_seed_gives_one_run_and_another_gives_another(void **state)
{
	(void)state;
	for (enum bench_pattern pattern = BENCH_UP; pattern < BENCH_FILE; pattern++) {
		struct bench_settings settings = ordinary;
		settings.pattern = pattern;
		GArray *first = presses_of(&settings, 8), *again = presses_of(&settings, 8);
		settings.seed = 2;
		GArray *other = presses_of(&settings, 8);
		assert_true(same(first, again));
		assert_false(same(first, other));
		g_array_free(first, TRUE);
		g_array_free(again, TRUE);
		g_array_free(other, TRUE);
	}
}

/* Written down once: the same on every machine and in every later version. */
static void test_seed_1_gives_these_presses(void **state)
{
	(void)state;
	GArray *presses = presses_of(&ordinary, 8);
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < 6; i++)
		g_string_append_printf(text, "%d@%u ", at(presses, i)->channel,
			(unsigned)(at(presses, i)->after_ns / MS));
	assert_string_equal(text->str, "4@1782 1@1762 4@2914 5@2781 3@1127 4@1699 ");
	g_string_free(text, TRUE);
	g_array_free(presses, TRUE);
}

static void test_dwell_is_lengthened_by_a_uniform_part_of_a_gop(void **state)
{
	(void)state;
	struct bench_settings settings = ordinary;
	settings.zaps = 4000;
	GArray *presses = presses_of(&settings, 8);
	size_t quarters[4] = {0};
	for (guint i = 0; i < presses->len; i++) {
		assert_int_equal(at(presses, i)->from, BENCH_FROM_ZAP);
		assert_in_range(at(presses, i)->after_ns, 1000 * MS, 3000 * MS - 1);
		quarters[(at(presses, i)->after_ns - 1000 * MS) / (500 * MS)]++;
	}
	for (int i = 0; i < 4; i++)
		assert_in_range(quarters[i], 900, 1100);
	g_array_free(presses, TRUE);
}

static void test_random_visits_every_channel(void **state)
{
	(void)state;
	GArray *presses = presses_of(&ordinary, 8);
	size_t visits[8] = {0};
	for (guint i = 0; i < presses->len; i++)
		visits[at(presses, i)->channel]++;
	for (int i = 0; i < 8; i++)
		assert_in_range(visits[i], 10, 45);
	g_array_free(presses, TRUE);
}

static void test_patterns_press_their_keys(void **state)
{
	(void)state;
	const enum bench_action keys[] = {[BENCH_UP] = BENCH_PRESS_UP,
		[BENCH_DOWN] = BENCH_PRESS_DOWN,
		[BENCH_RANDOM] = BENCH_PRESS_CHANNEL,
		[BENCH_LAST] = BENCH_PRESS_LAST,
		[BENCH_NUMBER] = BENCH_PRESS_NUMBER};
	for (enum bench_pattern pattern = BENCH_UP; pattern <= BENCH_NUMBER; pattern++) {
		struct bench_settings settings = ordinary;
		settings.pattern = pattern;
		GArray *presses = presses_of(&settings, 2);
		/* There is no last channel before the first zap. */
		if (pattern == BENCH_LAST)
			assert_int_equal(at(presses, 0)->action, BENCH_PRESS_UP);
		for (guint i = 1; i < presses->len; i++)
			assert_int_equal(at(presses, i)->action, keys[pattern]);
		g_array_free(presses, TRUE);
	}
}

static void test_mix_follows_the_published_shares(void **state)
{
	(void)state;
	struct bench_settings settings = ordinary;
	settings.pattern = BENCH_MIX;
	settings.zaps = 10000;
	GArray *presses = presses_of(&settings, 60);
	size_t actions[BENCH_ACTIONS] = {0}, surfed = 0;
	for (guint i = 0; i < presses->len; i++) {
		actions[at(presses, i)->action]++;
		surfed += at(presses, i)->from == BENCH_FROM_PRESS;
		if (at(presses, i)->from == BENCH_FROM_PRESS)
			assert_in_range(at(presses, i)->after_ns, 500 * MS, 5000 * MS);
	}
	assert_in_range(actions[BENCH_PRESS_UP], 3700, 4020);
	assert_in_range(actions[BENCH_PRESS_DOWN], 1600, 1880);
	assert_in_range(actions[BENCH_PRESS_LAST], 1000, 1200);
	assert_in_range(surfed, 7850, 8150);
	g_array_free(presses, TRUE);
}

static void test_storm_presses_fast_and_then_waits(void **state)
{
	(void)state;
	struct bench_settings settings = ordinary;
	settings.storm_per_s = 10;
	settings.storm_ms = 2000;
	GArray *presses = presses_of(&settings, 8);
	for (guint i = 0; i < presses->len; i++) {
		bool first = i % 20 == 0;
		assert_int_equal(at(presses, i)->from, first ? BENCH_FROM_ZAP : BENCH_FROM_PRESS);
		if (!first)
			assert_int_equal(at(presses, i)->after_ns, 100 * MS);
	}
	g_array_free(presses, TRUE);
}

static void test_channels_chosen_for_warm_zaps_are_received_ahead(void **state)
{
	(void)state;
	const bool ahead[8] = {[2] = true, [5] = true, [6] = true};
	const struct bench_view view = {.current = 2, .last = 5, .ahead = ahead};
	struct bench_settings settings = ordinary;
	struct bench_press press;
	bool seen[8] = {false};
	settings.wish = BENCH_WARM_ONLY;
	struct bench_plan *plan = plan_of(&settings, 8);
	while (next(plan, &view, &press))
		seen[press.channel] = true;
	for (int i = 0; i < 8; i++)
		assert_int_equal(seen[i], i == 5 || i == 6);
	bench_plan_free(plan);
}

/* A policy may still hold what is watched by now: that is no other channel. */
static void test_the_watched_channel_is_no_warm_one(void **state)
{
	(void)state;
	const bool ahead[8] = {[2] = true};
	const struct bench_view view = {.current = 2, .last = 5, .ahead = ahead};
	struct bench_settings settings = ordinary;
	struct bench_press press;
	settings.wish = BENCH_WARM_ONLY;
	struct bench_plan *plan = plan_of(&settings, 8);
	while (next(plan, &view, &press)) {
		assert_int_not_equal(press.channel, 2);
		assert_in_range(press.channel, 0, 7);
	}
	bench_plan_free(plan);
}

/* A step that leads elsewhere is taken all the same: whoever presses waits for it. */
static void test_steps_are_not_bent_towards_warm_zaps(void **state)
{
	(void)state;
	const bool ahead[8] = {[6] = true};
	const struct bench_view view = {.current = 2, .last = 4, .ahead = ahead};
	struct bench_settings settings = ordinary;
	struct bench_press press;
	settings.wish = BENCH_WARM_ONLY;
	settings.pattern = BENCH_UP;
	struct bench_plan *plan = plan_of(&settings, 8);
	assert_true(next(plan, &view, &press));
	assert_int_equal(press.action, BENCH_PRESS_UP);
	assert_int_equal(bench_plan_target(plan, &view, &press), 3);
	bench_plan_free(plan);
	/* A viewer's mix may do something else instead. */
	settings.pattern = BENCH_MIX;
	plan = plan_of(&settings, 8);
	while (next(plan, &view, &press))
		assert_int_equal(bench_plan_target(plan, &view, &press), 6);
	bench_plan_free(plan);
}

/* Nothing is there yet: any channel will do, and the run says what came of it. */
static void test_warm_zaps_begin_with_nothing_received_ahead(void **state)
{
	(void)state;
	struct bench_settings settings = ordinary;
	settings.wish = BENCH_WARM_ONLY;
	GArray *presses = presses_of(&settings, 8), *any = presses_of(&ordinary, 8);
	assert_true(same(presses, any));
	g_array_free(presses, TRUE);
	g_array_free(any, TRUE);
}

static void test_times_do_not_depend_on_what_is_received_ahead(void **state)
{
	(void)state;
	const bool ahead[8] = {[3] = true, [4] = true, [7] = true};
	const struct bench_view none = {.current = 1, .last = 2},
				some = {.current = 3, .last = 2, .ahead = ahead};
	struct bench_settings settings = ordinary;
	struct bench_press a, b;
	settings.wish = BENCH_WARM_ONLY;
	struct bench_plan *left = plan_of(&settings, 8), *right = plan_of(&settings, 8);
	while (next(left, &none, &a)) {
		assert_true(next(right, &some, &b));
		assert_int_equal(a.after_ns, b.after_ns);
		assert_int_equal(a.after_ns - a.phase_ns, 1000 * MS);
	}
	bench_plan_free(left);
	bench_plan_free(right);
}

/* The viewer of all mixes is the same one, with channels that are dear to him. */
static void test_numbers_of_a_mix_follow_zipf_s_law(void **state)
{
	(void)state;
	struct bench_settings settings = ordinary;
	settings.pattern = BENCH_MIX;
	settings.zaps = 20000;
	size_t typed[60] = {0}, all = 0;
	int *ranks = bench_mix_ranks(60);
	for (uint32_t seed = 1; seed <= 2; seed++) {
		settings.seed = seed;
		GArray *presses = presses_of(&settings, 60);
		for (guint i = 0; i < presses->len; i++)
			if (at(presses, i)->action == BENCH_PRESS_NUMBER) {
				typed[ranks[at(presses, i)->channel]]++;
				all++;
			}
		g_array_free(presses, TRUE);
	}
	/* 1 / (1 + 1/2 + ... + 1/60) is 21.4 %, less where he is on the dearest already. */
	assert_in_range(typed[0] * 1000 / all, 150, 214);
	assert_in_range(typed[0] * 10 / typed[9], 60, 120);
	assert_true(typed[0] > typed[1] && typed[1] > typed[3] && typed[3] > typed[15]);
	for (int i = 0; i < 60; i++)
		assert_true(typed[i] > 0);
	g_free(ranks);
}

static void assert_refused(
	const struct bench_settings *settings, size_t channels, const char *expected)
{
	struct bench_plan *plan;
	char *why;
	assert_int_equal(bench_plan_new(settings, channels, NULL, &plan, &why), -EINVAL);
	assert_non_null(strstr(why, expected));
	g_free(why);
}

static void test_settings_that_give_no_zap_are_refused(void **state)
{
	(void)state;
	struct bench_settings settings = ordinary;
	for (enum bench_pattern pattern = BENCH_UP; pattern < BENCH_PATTERNS; pattern++) {
		settings.pattern = pattern;
		assert_refused(&settings, 0, "empty");
		assert_refused(&settings, 1, "one channel");
	}
	assert_refused(&settings, 8, "wants a file");
	settings.pattern = BENCH_UP;
	settings.zaps = 0;
	assert_refused(&settings, 8, "no zaps");
	settings = ordinary;
	settings.storm_per_s = 20;
	settings.storm_ms = 1000;
	settings.wish = BENCH_WARM_ONLY;
	assert_refused(&settings, 8, "cannot be kept to warm zaps");
}

static void test_time_left_is_estimated_from_dwells(void **state)
{
	(void)state;
	struct bench_settings settings = ordinary;
	settings.zaps = 100;
	struct bench_plan *plan = plan_of(&settings, 8);
	/* 1 s of dwell, 1 s of phase on average, and what a zap takes; then the last zap. */
	assert_int_equal(bench_plan_left_ns(plan, 500 * MS), (100 * 2500 + 500) * MS);
	assert_int_equal(bench_plan_left_ns(plan, 0), (100 * 4000 + 2000) * MS);
	struct bench_press press;
	assert_true(bench_plan_next(plan, &press));
	assert_int_equal(bench_plan_done(plan), 1);
	assert_int_equal(bench_plan_left_ns(plan, 500 * MS), (99 * 2500 + 500) * MS);
	bench_plan_free(plan);
	settings.wish = BENCH_WARM_ONLY; /* no wait for a GOP */
	plan = plan_of(&settings, 8);
	assert_int_equal(bench_plan_left_ns(plan, 0), (100 * 3000 + 1000) * MS);
	bench_plan_free(plan);
}

static void test_names_lead_back(void **state)
{
	(void)state;
	enum bench_pattern pattern;
	enum bench_wish wish;
	for (enum bench_pattern i = 0; i < BENCH_PATTERNS; i++) {
		assert_true(bench_pattern_find(bench_pattern_name(i), &pattern));
		assert_int_equal(pattern, i);
	}
	for (enum bench_wish i = 0; i < BENCH_WISHES; i++) {
		assert_true(bench_wish_find(bench_wish_name(i), &wish));
		assert_int_equal(wish, i);
	}
	static const uint32_t prejoins[] = {0, 1, 10000, BENCH_PREJOIN_AUTO, BENCH_PREJOIN_ALL};
	for (size_t i = 0; i < G_N_ELEMENTS(prejoins); i++) {
		char name[BENCH_PREJOIN_BYTES];
		uint32_t prejoin = 7;
		assert_true(bench_prejoin_find(bench_prejoin_name(name, prejoins[i]), &prejoin));
		assert_int_equal(prejoin, prejoins[i]);
		assert_false(bench_prejoin_find("some", &prejoin));
		assert_false(bench_prejoin_find("-1", &prejoin));
		assert_false(bench_prejoin_find("4294967295", &prejoin));
	}
	assert_false(bench_pattern_find("sideways", &pattern));
	assert_false(bench_wish_find("hot", &wish));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_numbers_are_the_published_generators),
		cmocka_unit_test(test_one_seed_gives_one_run_and_another_gives_another),
		cmocka_unit_test(test_seed_1_gives_these_presses),
		cmocka_unit_test(test_dwell_is_lengthened_by_a_uniform_part_of_a_gop),
		cmocka_unit_test(test_random_visits_every_channel),
		cmocka_unit_test(test_patterns_press_their_keys),
		cmocka_unit_test(test_mix_follows_the_published_shares),
		cmocka_unit_test(test_storm_presses_fast_and_then_waits),
		cmocka_unit_test(test_channels_chosen_for_warm_zaps_are_received_ahead),
		cmocka_unit_test(test_the_watched_channel_is_no_warm_one),
		cmocka_unit_test(test_steps_are_not_bent_towards_warm_zaps),
		cmocka_unit_test(test_warm_zaps_begin_with_nothing_received_ahead),
		cmocka_unit_test(test_times_do_not_depend_on_what_is_received_ahead),
		cmocka_unit_test(test_numbers_of_a_mix_follow_zipf_s_law),
		cmocka_unit_test(test_settings_that_give_no_zap_are_refused),
		cmocka_unit_test(test_time_left_is_estimated_from_dwells),
		cmocka_unit_test(test_names_lead_back),
	};
	return cmocka_run_group_tests_name("bench_plan", tests, NULL, NULL);
}
