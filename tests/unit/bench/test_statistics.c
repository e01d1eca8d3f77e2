/* statistics: figures of a zap, percentiles with zaps that never came, histograms. */
#include <math.h>
#include <string.h>

#include "client/bench/statistics.h"
#include "tests/support/test.h"
#include "tests/unit/bench/synthetic.h"

#define MS UINT64_C(1000000)

static struct bench_sample sample_of(const double *ms, size_t count)
{
	struct bench_sample sample;
	bench_sample_init(&sample, g_memdup2(ms, count * sizeof *ms), count);
	return sample;
}

static void assert_percentiles(
	const struct bench_sample *sample, double p50, double p95, double p99, double max)
{
	assert_true(bench_percentile(sample, 50) == p50);
	assert_true(bench_percentile(sample, 95) == p95);
	assert_true(bench_percentile(sample, 99) == p99);
	assert_true(bench_percentile(sample, 100) == max);
}

static void test_percentiles_are_nearest_rank(void **state)
{
	(void)state;
	double ms[200];
	for (int i = 0; i < 200; i++)
		ms[i] = 200 - i;
	struct bench_sample sample = sample_of(ms, 200);
	assert_percentiles(&sample, 100, 190, 198, 200);
	bench_sample_clear(&sample);
	/* Wikipedia's example of the definition: 15 20 35 40 50. */
	sample = sample_of((const double[]){35, 20, 15, 50, 40}, 5);
	assert_percentiles(&sample, 35, 50, 50, 50);
	assert_true(bench_percentile(&sample, 40) == 20);
	assert_true(bench_percentile(&sample, 5) == 15);
	bench_sample_clear(&sample);
}

static void test_what_never_came_stays_in_as_infinity(void **state)
{
	(void)state;
	const double ms[] = {INFINITY, 1, NAN, 3, 2, INFINITY};
	struct bench_sample sample = sample_of(ms, 6);
	assert_int_equal(sample.count, 5);
	assert_int_equal(sample.finite, 3);
	assert_percentiles(&sample, 3, INFINITY, INFINITY, INFINITY);
	bench_sample_clear(&sample);
}

static void test_empty_and_single_samples(void **state)
{
	(void)state;
	struct bench_sample sample = sample_of((const double[]){NAN}, 1);
	assert_int_equal(sample.count, 0);
	assert_true(isnan(bench_percentile(&sample, 50)));
	bench_sample_clear(&sample);
	sample = sample_of((const double[]){7}, 1);
	assert_percentiles(&sample, 7, 7, 7, 7);
	bench_sample_clear(&sample);
}

static void test_percentiles_of_a_handful_are_not_told(void **state)
{
	(void)state;
	const struct {
		size_t count;
		unsigned percent;
		bool told;
	} cases[] = {{1, 50, true}, {1, 100, true}, {19, 95, false}, {20, 95, true},
		{99, 99, false}, {100, 99, true}, {0, 50, false}, {0, 100, false}};
	double ms[100] = {0};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct bench_sample sample = sample_of(ms, cases[i].count);
		assert_int_equal(
			!isnan(bench_percentile_told(&sample, cases[i].percent)), cases[i].told);
		bench_sample_clear(&sample);
	}
}

static void test_the_limit_is_told_only_where_nothing_took_longer(void **state)
{
	(void)state;
	const struct {
		double ms;
		enum bench_figure figure;
		uint32_t told_ms;
	} cases[] = {{4999, BENCH_PICTURE, 5000}, {7000, BENCH_PICTURE, 0},
		/* These were given other times, or count from elsewhere. */
		{10, BENCH_MOTION, 0}, {10, BENCH_AUDIO, 0}, {10, BENCH_FREEZE, 0}};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct bench_sample sample = sample_of((const double[]){cases[i].ms, INFINITY}, 2);
		bench_sample_limit(&sample, cases[i].figure, 5000);
		assert_int_equal(sample.limit_ms, cases[i].told_ms);
		bench_sample_clear(&sample);
	}
}

static struct bench_zap whole_zap(void)
{
	struct bench_zap zap = synthetic_zap(ZAP_COLD, 1030);
	uint64_t *at_ns = zap.record.at_ns;
	at_ns[ZAP_FIRST_PACKET] = zap.scheduled_ns + 2 * MS;
	at_ns[ZAP_PSI] = zap.scheduled_ns + 40 * MS;
	at_ns[ZAP_RAP] = zap.scheduled_ns + 802 * MS;
	at_ns[ZAP_RAP_COMPLETE] = zap.scheduled_ns + 1002 * MS;
	at_ns[ZAP_DECODED] = zap.scheduled_ns + 1029 * MS;
	at_ns[ZAP_MOTION] = zap.scheduled_ns + 1130 * MS;
	return zap;
}

static void assert_figure(const struct bench_zap *zap, enum bench_figure figure, double expected)
{
	double ms = bench_figure(zap, figure);
	if (isfinite(expected))
		assert_true(fabs(ms - expected) < 1e-6);
	else
		assert_true(isnan(expected) ? isnan(ms) : isinf(ms));
}

static void test_figures_of_a_cold_zap(void **state)
{
	(void)state;
	struct bench_zap zap = whole_zap();
	/* Figures count from the schedule, however late the key came. */
	zap.record.pressed_ns = zap.scheduled_ns + 100 * MS;
	assert_figure(&zap, BENCH_REPORT, 0.05);
	assert_figure(&zap, BENCH_PICTURE, 1030);
	assert_figure(&zap, BENCH_OVERHEAD, 28);
	assert_figure(&zap, BENCH_FREEZE, 100);
	assert_figure(&zap, BENCH_WAIT, 1000);
	assert_figure(&zap, BENCH_AUDIO, NAN);
	assert_false(bench_failed(&zap));
	zap.wire_ns = zap.scheduled_ns + MS / 4;
	assert_figure(&zap, BENCH_REPORT, 0.25);
}

static void test_what_came_before_the_press_counts_as_zero(void **state)
{
	(void)state;
	struct bench_zap zap = whole_zap();
	zap.record.kind = ZAP_WARM;
	zap.record.at_ns[ZAP_REPORT] = 0; /* none was needed */
	zap.record.at_ns[ZAP_FIRST_PACKET] = zap.scheduled_ns - 900 * MS;
	zap.record.at_ns[ZAP_RAP] = zap.scheduled_ns - 800 * MS;
	zap.record.at_ns[ZAP_RAP_COMPLETE] = zap.scheduled_ns - 600 * MS;
	zap.record.at_ns[ZAP_PICTURE] = zap.scheduled_ns + 9 * MS;
	assert_figure(&zap, BENCH_REPORT, NAN);
	assert_figure(&zap, BENCH_RAP_COMPLETE, 0);
	assert_figure(&zap, BENCH_WAIT, 0);
	assert_figure(&zap, BENCH_OVERHEAD, 9);
}

static void test_a_timeout_is_infinite_from_where_it_stopped(void **state)
{
	(void)state;
	struct bench_zap zap = synthetic_zap(ZAP_COLD, -1);
	assert_figure(&zap, BENCH_REPORT, 0.05);
	assert_figure(&zap, BENCH_FIRST_PACKET, INFINITY);
	assert_figure(&zap, BENCH_PICTURE, INFINITY);
	assert_figure(&zap, BENCH_AUDIO, INFINITY);
	/* Nobody knows what the client had added. */
	assert_figure(&zap, BENCH_OVERHEAD, NAN);
	assert_figure(&zap, BENCH_WAIT, NAN);
	assert_true(bench_failed(&zap));
	zap.record.at_ns[ZAP_FIRST_PACKET] = zap.scheduled_ns + MS;
	assert_figure(&zap, BENCH_WAIT, INFINITY);
	zap.record.at_ns[ZAP_RAP_COMPLETE] = zap.scheduled_ns + 900 * MS;
	assert_figure(&zap, BENCH_OVERHEAD, INFINITY);
	assert_figure(&zap, BENCH_FREEZE, NAN);
	/* It showed a picture and did not move, and a stamp before that is missing. */
	zap.record.at_ns[ZAP_PICTURE] = zap.scheduled_ns + 910 * MS;
	zap.record.at_ns[ZAP_RAP_COMPLETE] = 0;
	assert_figure(&zap, BENCH_OVERHEAD, NAN);
	assert_figure(&zap, BENCH_FREEZE, INFINITY);
	assert_false(bench_failed(&zap));
}

static void test_a_picture_that_never_moves_is_a_freeze_without_end(void **state)
{
	(void)state;
	struct bench_zap zap = whole_zap();
	zap.record.at_ns[ZAP_MOTION] = 0;
	assert_figure(&zap, BENCH_PICTURE, 1030);
	assert_figure(&zap, BENCH_MOTION, INFINITY);
	assert_figure(&zap, BENCH_FREEZE, INFINITY);
	assert_true(bench_never_moved(&zap));
	assert_false(bench_failed(&zap));
	/* Whoever was cut off tells nothing of it. */
	for (enum bench_cut cut = BENCH_CUT_KEY; cut <= BENCH_CUT_RUN; cut++) {
		zap.cut = cut;
		assert_figure(&zap, BENCH_MOTION, NAN);
		assert_figure(&zap, BENCH_FREEZE, NAN);
		assert_false(bench_never_moved(&zap));
	}
	/* Radio has no picture that could move. */
	zap = whole_zap();
	memset(&zap.record.at_ns[ZAP_RAP], 0, 5 * sizeof zap.record.at_ns[0]);
	zap.record.at_ns[ZAP_AUDIO] = zap.scheduled_ns + 90 * MS;
	assert_figure(&zap, BENCH_MOTION, NAN);
	assert_false(bench_failed(&zap));
}

/* Zaps to channel 2, the first of which is heard; and one to a channel that never is. */
static struct bench_run *sounding_run(void)
{
	struct bench_run *run = synthetic_empty();
	struct bench_zap zap = whole_zap();
	zap.record.at_ns[ZAP_AUDIO] = zap.scheduled_ns + 1100 * MS;
	bench_run_add_zap(run, &zap);
	zap.record.at_ns[ZAP_AUDIO] = 0;
	bench_run_add_zap(run, &zap);
	zap.cut = BENCH_CUT_KEY;
	bench_run_add_zap(run, &zap);
	zap.cut = BENCH_CUT_NONE;
	zap.record.to = 3;
	bench_run_add_zap(run, &zap);
	bench_run_end(run, BENCH_END_DONE, NULL);
	return run;
}

static void test_a_channel_that_was_heard_has_sound(void **state)
{
	(void)state;
	struct bench_run *run = sounding_run();
	assert_figure(bench_run_zap(run, 0), BENCH_AUDIO, 1100);
	assert_figure(bench_run_zap(run, 1), BENCH_AUDIO, INFINITY);
	assert_figure(bench_run_zap(run, 2), BENCH_AUDIO, NAN);
	assert_figure(bench_run_zap(run, 3), BENCH_AUDIO, NAN);
	struct bench_statistics *statistics = bench_statistics_new(run);
	assert_int_equal(statistics->unheard[BENCH_COLD], 1);
	assert_int_equal(statistics->cut[BENCH_COLD], 1);
	assert_int_equal(statistics->still[BENCH_COLD], 0);
	bench_statistics_free(statistics);
	bench_run_free(run);
}

static void test_a_superseded_zap_is_no_timeout(void **state)
{
	(void)state;
	struct bench_zap zap = synthetic_zap(ZAP_SUPERSEDED, -1);
	assert_figure(&zap, BENCH_REPORT, 0.05);
	assert_figure(&zap, BENCH_PICTURE, NAN);
	assert_false(bench_failed(&zap));
}

static void test_a_damaged_or_wrong_picture_does_not_count(void **state)
{
	(void)state;
	for (enum bench_check check = BENCH_DAMAGED; check <= BENCH_WRONG; check++) {
		struct bench_zap zap = whole_zap();
		zap.check = check;
		assert_figure(&zap, BENCH_PICTURE, INFINITY);
		assert_figure(&zap, BENCH_OVERHEAD, INFINITY);
		assert_true(bench_failed(&zap));
	}
}

static void test_stages_add_up_to_the_picture(void **state)
{
	(void)state;
	struct bench_zap zap = whole_zap();
	const double expected[] = {0.05, 1.95, 800, 200, 27, 1};
	double ms[BENCH_STAGES];
	assert_true(bench_stages(&zap, ms));
	for (int i = 0; i < BENCH_STAGES; i++)
		assert_true(fabs(ms[i] - expected[i]) < 1e-6);
	/* A milestone that nobody took leaves its time to the next stage. */
	zap.record.at_ns[ZAP_DECODED] = 0;
	assert_true(bench_stages(&zap, ms));
	assert_true(ms[BENCH_STAGE_DECODE] == 0 && fabs(ms[BENCH_STAGE_PRESENT] - 28) < 1e-6);
	zap = synthetic_zap(ZAP_COLD, -1);
	assert_false(bench_stages(&zap, ms));
}

static void test_classes_are_kept_apart(void **state)
{
	(void)state;
	struct bench_run *run = bench_run_new();
	const struct bench_zap zaps[] = {
		synthetic_zap(ZAP_COLD, 1000),
		synthetic_zap(ZAP_COLD, -1),
		synthetic_zap(ZAP_WARM, 10),
		synthetic_zap(ZAP_SUPERSEDED, -1),
	};
	for (size_t i = 0; i < G_N_ELEMENTS(zaps); i++)
		bench_run_add_zap(run, &zaps[i]);
	struct bench_statistics *statistics = bench_statistics_new(run);
	const size_t expected[] = {2, 0, 1, 1, 3};
	for (int kind = 0; kind < BENCH_CLASSES; kind++)
		assert_int_equal(statistics->zaps[kind], expected[kind]);
	assert_int_equal(statistics->failed[BENCH_COLD], 1);
	assert_int_equal(statistics->failed[BENCH_ALL], 1);
	assert_int_equal(statistics->failed[BENCH_SUPERSEDED], 0);
	assert_percentiles(&statistics->samples[BENCH_COLD][BENCH_PICTURE], 1000, INFINITY,
		INFINITY, INFINITY);
	assert_true(
		isnan(bench_percentile(&statistics->samples[BENCH_PARTIAL][BENCH_PICTURE], 50)));
	assert_int_equal(statistics->samples[BENCH_SUPERSEDED][BENCH_PICTURE].count, 0);
	bench_statistics_free(statistics);
	bench_run_free(run);
}

static size_t histogram_total(const struct bench_histogram *histogram)
{
	size_t total = histogram->above + histogram->never;
	for (size_t i = 0; i < histogram->count; i++)
		total += histogram->bins[i];
	return total;
}

static void test_histogram_counts_every_value_once(void **state)
{
	(void)state;
	struct bench_run *run = synthetic_run(&(struct synthetic_shape){
		.seed = 3, .cold = 300, .warm = 300, .timeouts_per_mille = 20});
	struct bench_statistics *statistics = bench_statistics_new(run);
	for (int kind = 0; kind < BENCH_CLASSES; kind++)
		for (int figure = 0; figure < BENCH_FIGURES; figure++) {
			const struct bench_sample *sample = &statistics->samples[kind][figure];
			struct bench_histogram histogram;
			bench_histogram_init(&histogram, sample, 40);
			assert_int_equal(histogram_total(&histogram), sample->count);
			assert_true(histogram.count <= 41);
			bench_histogram_clear(&histogram);
		}
	bench_statistics_free(statistics);
	bench_run_free(run);
}

static void test_one_outlier_does_not_flatten_a_histogram(void **state)
{
	(void)state;
	double ms[100];
	for (int i = 0; i < 99; i++)
		ms[i] = 5 + i % 10;
	ms[99] = 3000;
	struct bench_sample sample = sample_of(ms, 100);
	struct bench_histogram histogram;
	bench_histogram_init(&histogram, &sample, 40);
	assert_true(histogram.width_ms <= 1);
	assert_int_equal(histogram.above, 1);
	bench_histogram_clear(&histogram);
	bench_sample_clear(&sample);
	/* Nothing but zeros, and nothing at all. */
	sample = sample_of((const double[]){0, 0}, 2);
	bench_histogram_init(&histogram, &sample, 40);
	assert_int_equal(histogram_total(&histogram), 2);
	bench_histogram_clear(&histogram);
	bench_sample_clear(&sample);
	sample = sample_of((const double[]){-1200, -3}, 2);
	bench_histogram_init(&histogram, &sample, 40);
	assert_int_equal(histogram.bins[0], 2);
	bench_histogram_clear(&histogram);
	bench_sample_clear(&sample);
	sample = sample_of((const double[]){INFINITY}, 1);
	bench_histogram_init(&histogram, &sample, 40);
	assert_int_equal(histogram.count, 0);
	assert_int_equal(histogram.never, 1);
	bench_histogram_clear(&histogram);
	bench_sample_clear(&sample);
}

static void test_curve_is_the_share_up_to_a_time(void **state)
{
	(void)state;
	struct bench_sample sample = sample_of((const double[]){1, 2, 2, INFINITY}, 4);
	assert_int_equal(bench_sample_up_to(&sample, 0.5), 0);
	assert_int_equal(bench_sample_up_to(&sample, 2), 3);
	assert_int_equal(bench_sample_up_to(&sample, 1e12), 3);
	bench_sample_clear(&sample);
}

static void test_round_numbers(void **state)
{
	(void)state;
	assert_true(bench_round_up(1) == 1);
	assert_true(bench_round_up(1.01) == 2);
	assert_true(bench_round_up(37) == 50);
	assert_true(bench_round_up(51) == 100);
	assert_true(fabs(bench_round_up(0.03) - 0.05) < 1e-12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_percentiles_are_nearest_rank),
		cmocka_unit_test(test_what_never_came_stays_in_as_infinity),
		cmocka_unit_test(test_empty_and_single_samples),
		cmocka_unit_test(test_percentiles_of_a_handful_are_not_told),
		cmocka_unit_test(test_the_limit_is_told_only_where_nothing_took_longer),
		cmocka_unit_test(test_figures_of_a_cold_zap),
		cmocka_unit_test(test_what_came_before_the_press_counts_as_zero),
		cmocka_unit_test(test_a_timeout_is_infinite_from_where_it_stopped),
		cmocka_unit_test(test_a_picture_that_never_moves_is_a_freeze_without_end),
		cmocka_unit_test(test_a_channel_that_was_heard_has_sound),
		cmocka_unit_test(test_a_superseded_zap_is_no_timeout),
		cmocka_unit_test(test_a_damaged_or_wrong_picture_does_not_count),
		cmocka_unit_test(test_stages_add_up_to_the_picture),
		cmocka_unit_test(test_classes_are_kept_apart),
		cmocka_unit_test(test_histogram_counts_every_value_once),
		cmocka_unit_test(test_one_outlier_does_not_flatten_a_histogram),
		cmocka_unit_test(test_curve_is_the_share_up_to_a_time),
		cmocka_unit_test(test_round_numbers),
	};
	return cmocka_run_group_tests_name("bench_statistics", tests, NULL, NULL);
}
