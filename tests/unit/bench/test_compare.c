/* compare: finds what is there, and hardly ever what is not. */
#include <math.h>
#include <string.h>

#include "client/bench/bootstrap.h"
#include "client/bench/compare.h"
#include "client/bench/random.h"
#include "tests/support/test.h"
#include "tests/unit/bench/synthetic.h"

/* Seeds are fixed, so this counts the same pairs every time: 5 % of them, as promised. */
#define PAIRS 1000
#define PAIRS_OF_LARGE_RUNS 200

static size_t seen_between(const struct synthetic_shape *a, const struct synthetic_shape *b)
{
	struct bench_run *first = synthetic_run(a), *second = synthetic_run(b);
	struct bench_comparison *comparison = bench_compare(first, second);
	size_t seen = comparison->seen;
	bench_comparison_free(comparison);
	bench_run_free(first);
	bench_run_free(second);
	return seen;
}

/* Of pairs of runs of one shape hardly any may be called different. */
static void expect_same(struct synthetic_shape shape, int pairs)
{
	int called = 0;
	for (uint32_t pair = 0; pair < (uint32_t)pairs; pair++) {
		struct synthetic_shape a = shape, b = shape;
		a.seed = 2 * pair + 1;
		b.seed = 2 * pair + 2;
		called += seen_between(&a, &b) > 0;
	}
	print_message("%zu cold, %zu partial, %zu warm: %d of %d equal pairs called different\n",
		shape.cold, shape.partial, shape.warm, called, pairs);
	assert_in_range(called, 0, pairs / 20);
}

/* As tests/lab/bench --pairs makes them. */
static void test_equal_runs_of_25_are_hardly_ever_called_different(void **state)
{
	(void)state;
	expect_same((struct synthetic_shape){.warm = 25}, PAIRS);
	expect_same((struct synthetic_shape){.cold = 25, .timeouts_per_mille = 10}, PAIRS);
}

static void test_equal_runs_of_100_are_hardly_ever_called_different(void **state)
{
	(void)state;
	const struct synthetic_shape shape = {.cold = 100, .warm = 100, .timeouts_per_mille = 10};
	expect_same(shape, PAIRS);
}

static void test_equal_runs_of_1000_are_hardly_ever_called_different(void **state)
{
	(void)state;
	const struct synthetic_shape shape = {
		.cold = 1000, .partial = 200, .warm = 1000, .timeouts_per_mille = 10};
	expect_same(shape, PAIRS_OF_LARGE_RUNS);
}

static void test_equal_runs_with_many_timeouts_are_hardly_ever_called_different(void **state)
{
	(void)state;
	/* At the 95th percentile half of the runs say infinity. */
	const struct synthetic_shape shape = {.cold = 200, .timeouts_per_mille = 50};
	expect_same(shape, PAIRS_OF_LARGE_RUNS);
}

static void test_slower_decoding_is_seen(void **state)
{
	(void)state;
	const struct synthetic_shape a = {.seed = 1, .cold = 300, .warm = 300};
	struct synthetic_shape b = a;
	b.seed = 2;
	b.slower_ms = 2;
	struct bench_run *first = synthetic_run(&a), *second = synthetic_run(&b);
	struct bench_comparison *comparison = bench_compare(first, second);
	bool warm = false;
	for (guint i = 0; i < comparison->differences->len; i++) {
		const struct bench_difference *difference =
			&g_array_index(comparison->differences, struct bench_difference, i);
		assert_int_not_equal(difference->verdict, BENCH_LOWER);
		assert_true(difference->low <= difference->high);
		if (difference->kind == BENCH_WARM && difference->figure == BENCH_PICTURE &&
			difference->statistic == BENCH_MEDIAN) {
			warm = difference->verdict == BENCH_HIGHER;
			assert_true(difference->low < 2 && difference->high > 2);
		}
	}
	assert_true(warm);
	bench_comparison_free(comparison);
	comparison = bench_compare(second, first);
	assert_true(comparison->seen > 0);
	bench_comparison_free(comparison);
	bench_run_free(first);
	bench_run_free(second);
}

static void test_more_timeouts_are_seen(void **state)
{
	(void)state;
	/* Too few for the 95th percentile to notice. */
	struct bench_run *first = synthetic_run(&(struct synthetic_shape){.seed = 1, .cold = 1000});
	struct bench_run *second = synthetic_run(
		&(struct synthetic_shape){.seed = 2, .cold = 1000, .timeouts_per_mille = 25});
	struct bench_comparison *comparison = bench_compare(first, second);
	const struct bench_difference *share =
		&g_array_index(comparison->differences, struct bench_difference, 0);
	assert_int_equal(share->statistic, BENCH_SHARE_FAILED);
	assert_int_equal(share->verdict, BENCH_HIGHER);
	assert_true(share->a == 0 && share->b > 0.01);
	bench_comparison_free(comparison);
	bench_run_free(first);
	bench_run_free(second);
}

/* The verdict on one share or figure; -1 where it is not compared. */
static int verdict_of(const struct bench_comparison *comparison, enum bench_class kind,
	enum bench_figure figure, enum bench_statistic statistic)
{
	for (guint i = 0; i < comparison->differences->len; i++) {
		const struct bench_difference *difference =
			&g_array_index(comparison->differences, struct bench_difference, i);
		if (difference->kind == kind && difference->statistic == statistic &&
			(bench_is_share(statistic) || difference->figure == figure))
			return (int)difference->verdict;
	}
	return -1;
}

static struct bench_comparison *compare_shapes(
	const struct synthetic_shape *a, const struct synthetic_shape *b)
{
	struct bench_run *first = synthetic_run(a), *second = synthetic_run(b);
	struct bench_comparison *comparison = bench_compare(first, second);
	bench_run_free(first);
	bench_run_free(second);
	return comparison;
}

static void test_fewer_warm_zaps_are_seen(void **state)
{
	(void)state;
	const struct synthetic_shape a = {.seed = 1, .cold = 100, .partial = 40, .warm = 260},
				     b = {.seed = 2, .cold = 240, .partial = 40, .warm = 120};
	struct bench_comparison *comparison = compare_shapes(&a, &b);
	assert_int_equal(verdict_of(comparison, BENCH_WARM, 0, BENCH_SHARE_CLASS), BENCH_LOWER);
	assert_int_equal(verdict_of(comparison, BENCH_COLD, 0, BENCH_SHARE_CLASS), BENCH_HIGHER);
	assert_int_equal(verdict_of(comparison, BENCH_PARTIAL, 0, BENCH_SHARE_CLASS), BENCH_SAME);
	for (guint i = 0; i < comparison->differences->len; i++) {
		const struct bench_difference *difference =
			&g_array_index(comparison->differences, struct bench_difference, i);
		assert_int_equal(bench_is_worse(difference), difference->verdict != BENCH_SAME);
	}
	/* Each class is as it was, and yet the viewer waits longer. */
	assert_int_equal(
		verdict_of(comparison, BENCH_WARM, BENCH_PICTURE, BENCH_MEDIAN), BENCH_SAME);
	assert_int_equal(
		verdict_of(comparison, BENCH_ALL, BENCH_PICTURE, BENCH_MEDIAN), BENCH_HIGHER);
	assert_int_equal(
		verdict_of(comparison, BENCH_ALL, BENCH_MOTION, BENCH_MEDIAN), BENCH_HIGHER);
	bench_comparison_free(comparison);
}

static void test_more_superseded_zaps_are_seen(void **state)
{
	(void)state;
	const struct synthetic_shape a = {.seed = 1, .warm = 300},
				     b = {.seed = 2, .warm = 260, .superseded = 40};
	struct bench_comparison *comparison = compare_shapes(&a, &b);
	assert_int_equal(
		verdict_of(comparison, BENCH_SUPERSEDED, 0, BENCH_SHARE_CLASS), BENCH_HIGHER);
	/* All that have a picture are warm: it is said once. */
	assert_int_equal(verdict_of(comparison, BENCH_ALL, BENCH_PICTURE, BENCH_MEDIAN), -1);
	assert_int_equal(verdict_of(comparison, BENCH_COLD, 0, BENCH_SHARE_CLASS), -1);
	bench_comparison_free(comparison);
}

static void test_more_pictures_that_never_move_are_seen(void **state)
{
	(void)state;
	const struct synthetic_shape a = {.seed = 1, .warm = 400},
				     b = {.seed = 2, .warm = 400, .still_per_mille = 40};
	struct bench_comparison *comparison = compare_shapes(&a, &b);
	assert_int_equal(verdict_of(comparison, BENCH_WARM, 0, BENCH_SHARE_STILL), BENCH_HIGHER);
	bench_comparison_free(comparison);
	comparison = compare_shapes(&a, &a);
	assert_int_equal(verdict_of(comparison, BENCH_WARM, 0, BENCH_SHARE_STILL), -1);
	bench_comparison_free(comparison);
}

static void test_equal_mixes_are_hardly_ever_called_different(void **state)
{
	(void)state;
	const struct synthetic_shape shape = {.cold = 80,
		.partial = 20,
		.warm = 80,
		.superseded = 20,
		.still_per_mille = 20,
		.cut_per_mille = 50};
	expect_same(shape, PAIRS_OF_LARGE_RUNS);
}

static const struct bench_power *power_of(
	const struct bench_comparison *comparison, enum bench_class kind)
{
	for (guint i = 0; i < comparison->powers->len; i++) {
		const struct bench_power *power =
			&g_array_index(comparison->powers, struct bench_power, i);
		if (power->kind == kind)
			return power;
	}
	return NULL;
}

/* What is said to stay unseen does, and what is three times as much does not. */
static void test_it_is_said_what_so_few_zaps_do_not_show(void **state)
{
	(void)state;
	const struct synthetic_shape a = {.seed = 1, .cold = 5, .warm = 40};
	struct synthetic_shape b = {.seed = 2, .cold = 40, .warm = 40};
	struct bench_comparison *comparison = compare_shapes(&a, &b);
	const struct bench_power *power = power_of(comparison, BENCH_COLD);
	assert_true(power->a == 5 && power->b == 40 && isnan(power->unseen_ms));
	assert_null(power_of(comparison, BENCH_PARTIAL));
	power = power_of(comparison, BENCH_WARM);
	double unseen_ms = power->unseen_ms;
	assert_true(unseen_ms > 0.3 && unseen_ms < 6);
	bench_comparison_free(comparison);
	for (int times = 0; times <= 3; times += 3) {
		b.slower_ms = times * unseen_ms;
		comparison = compare_shapes(&a, &b);
		assert_int_equal(verdict_of(comparison, BENCH_WARM, BENCH_PICTURE, BENCH_MEDIAN),
			times ? BENCH_HIGHER : BENCH_SAME);
		bench_comparison_free(comparison);
	}
}

static void test_runs_too_small_to_compare_show_nothing(void **state)
{
	(void)state;
	const struct synthetic_shape a = {.seed = 1, .cold = 5}, b = {.seed = 2, .warm = 50};
	assert_int_equal(seen_between(&a, &b), 0);
	assert_int_equal(seen_between(&a, &(struct synthetic_shape){0}), 0);
	/* Nothing ever came: no picture in either, and no difference. */
	const struct synthetic_shape never = {.seed = 1, .cold = 150, .timeouts_per_mille = 1000};
	assert_int_equal(seen_between(&never, &never), 0);
}

static void test_differences_below_the_tool_s_own_error_are_none(void **state)
{
	(void)state;
	const struct synthetic_shape shape = {.seed = 1, .warm = 1000};
	struct bench_run *first = synthetic_run(&shape), *second = synthetic_run(&shape);
	for (size_t i = 0; i < bench_run_count(second); i++)
		g_array_index(second->zaps, struct bench_zap, i).record.at_ns[ZAP_PICTURE] +=
			3000000;
	struct bench_comparison *comparison = bench_compare(first, second);
	assert_true(comparison->seen > 0);
	bench_comparison_free(comparison);
	second->self_test.p99_ms = 4;
	comparison = bench_compare(first, second);
	assert_true(comparison->resolution_ms == 4);
	assert_int_equal(comparison->seen, 0);
	bench_comparison_free(comparison);
	bench_run_free(first);
	bench_run_free(second);
}

static void test_caveat_names_other_conditions(void **state)
{
	(void)state;
	struct bench_run *first = synthetic_empty(), *second = synthetic_empty();
	assert_null(bench_compare_caveat(first, second));
	second->settings.seed++;
	second->settings.dwell_ms++;
	char *caveat = bench_compare_caveat(first, second);
	assert_string_equal(caveat, "seed, dwell");
	g_free(caveat);
	second->settings = first->settings;
	second->settings.zaps++;
	second->self_test.count = 0;
	bench_run_add_scenario(second, "clock at the start", "5.0 s of CLOCK_MONOTONIC");
	bench_run_add_scenario(second, "load of the machine", "3.1");
	bench_run_add_scenario(second, "line_mbps", "20");
	bench_run_add_host(first, "build", "1f2e3d");
	bench_run_add_host(second, "build", "4c5b6a");
	bench_run_end(second, BENCH_END_INTERRUPTED, NULL);
	caveat = bench_compare_caveat(first, second);
	assert_string_equal(
		caveat, "zaps asked for, self-test, how the run ended, line_mbps, build");
	g_free(caveat);
	caveat = bench_compare_caveat(second, first);
	assert_string_equal(
		caveat, "zaps asked for, self-test, how the run ended, line_mbps, build");
	g_free(caveat);
	bench_run_free(first);
	bench_run_free(second);
}

static void test_incomplete_beta_against_binomial_sums(void **state)
{
	(void)state;
	/* I(p; k, n-k+1) is the chance of at least k of n: summed up here the long way. */
	for (int n = 1; n <= 60; n += 7)
		for (int k = 1; k <= n; k += 3)
			for (double p = 0.05; p < 1; p += 0.15) {
				double sum = 0;
				for (int i = k; i <= n; i++)
					sum += exp(lgamma(n + 1) - lgamma(i + 1) -
						   lgamma(n - i + 1) + i * log(p) +
						   (n - i) * log(1 - p));
				assert_true(
					fabs(bench_incomplete_beta(p, k, n - k + 1) - sum) < 1e-10);
			}
	assert_true(bench_incomplete_beta(0, 2, 3) == 0 && bench_incomplete_beta(1, 2, 3) == 1);
	assert_true(fabs(bench_incomplete_beta(0.5, 50000, 50001) - 0.5) < 0.01);
}

static int compare_doubles(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;
	return (left > right) - (left < right);
}

static double drawn_median(struct bench_random *random, const struct bench_sample *sample)
{
	double drawn[31];
	for (int i = 0; i < 31; i++)
		drawn[i] = sample->ms[bench_random_below(random, (uint32_t)sample->count)];
	qsort(drawn, 31, sizeof *drawn, compare_doubles);
	return drawn[15];
}

static void test_intervals_are_those_of_a_bootstrap_that_draws(void **state)
{
	(void)state;
	struct bench_random random;
	struct bench_sample samples[2];
	static double differences[40000];
	bench_random_seed(&random, 5);
	for (int i = 0; i < 2; i++) {
		double *ms = g_new(double, 31);
		for (int j = 0; j < 31; j++)
			ms[j] = bench_random_below(&random, 2000000) / 1e3;
		bench_sample_init(&samples[i], ms, 31);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(differences); i++) {
		double a = drawn_median(&random, &samples[0]);
		differences[i] = drawn_median(&random, &samples[1]) - a;
	}
	qsort(differences, G_N_ELEMENTS(differences), sizeof *differences, compare_doubles);
	double low, high;
	bench_bootstrap_difference(&samples[0], &samples[1], 50, 0.1, &low, &high);
	/* Between the drawn ones of a little more and a little less confidence. */
	assert_true(low >= differences[1800] && low <= differences[2200]);
	assert_true(high >= differences[37800] && high <= differences[38200]);
	bench_sample_clear(&samples[0]);
	bench_sample_clear(&samples[1]);
}

static void test_interval_of_shares_as_published(void **state)
{
	(void)state;
	double low, high;
	/* Newcombe 1998, table II, method 10: 56/70 - 48/80, 0.0524 to 0.3339; 9/10 - 3/10. */
	bench_share_difference(48, 80, 56, 70, 0.05, &low, &high);
	assert_true(fabs(low - 0.0524) < 5e-5 && fabs(high - 0.3339) < 5e-5);
	bench_share_difference(3, 10, 9, 10, 0.05, &low, &high);
	assert_true(fabs(low - 0.1705) < 5e-5 && fabs(high - 0.8090) < 5e-5);
	bench_share_difference(0, 100, 0, 100, 0.05, &low, &high);
	assert_true(low < 0 && high > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal_runs_of_25_are_hardly_ever_called_different),
		cmocka_unit_test(test_equal_runs_of_100_are_hardly_ever_called_different),
		cmocka_unit_test(test_equal_runs_of_1000_are_hardly_ever_called_different),
		cmocka_unit_test(
			test_equal_runs_with_many_timeouts_are_hardly_ever_called_different),
		cmocka_unit_test(test_slower_decoding_is_seen),
		cmocka_unit_test(test_more_timeouts_are_seen),
		cmocka_unit_test(test_fewer_warm_zaps_are_seen),
		cmocka_unit_test(test_more_superseded_zaps_are_seen),
		cmocka_unit_test(test_more_pictures_that_never_move_are_seen),
		cmocka_unit_test(test_equal_mixes_are_hardly_ever_called_different),
		cmocka_unit_test(test_it_is_said_what_so_few_zaps_do_not_show),
		cmocka_unit_test(test_runs_too_small_to_compare_show_nothing),
		cmocka_unit_test(test_differences_below_the_tool_s_own_error_are_none),
		cmocka_unit_test(test_caveat_names_other_conditions),
		cmocka_unit_test(test_incomplete_beta_against_binomial_sums),
		cmocka_unit_test(test_intervals_are_those_of_a_bootstrap_that_draws),
		cmocka_unit_test(test_interval_of_shares_as_published),
	};
	return cmocka_run_group_tests_name("bench_compare", tests, NULL, NULL);
}
