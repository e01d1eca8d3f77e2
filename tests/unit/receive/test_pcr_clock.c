#include "tests/support/test.h"

#include "client/receive/pcr_clock.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define MS UINT64_C(1000000)
#define S UINT64_C(1000000000)
#define WRAP (UINT64_C(1) << 33)

/* A head-end whose clock runs `ppm` fast, seen through a network with jitter. */
struct head_end {
	double ppm;
	double jitter_ms; /* plus and minus, evenly spread */
	uint64_t start_90khz, start_ns;
	GRand *random;
};

static uint64_t stream_time_27mhz(const struct head_end *h, double t_s)
{
	return h->start_90khz * 300 + (uint64_t)(t_s * (1 + h->ppm / 1e6) * 27e6);
}

static uint64_t arrival(const struct head_end *h, double t_s)
{
	double jitter_s = g_rand_double_range(h->random, -1, 1) * h->jitter_ms / 1e3;
	return h->start_ns + (uint64_t)llround((t_s + jitter_s) * 1e9);
}

static bool push(struct pcr_clock *clock, const struct head_end *h, double t_s)
{
	uint64_t pcr_27mhz = stream_time_27mhz(h, t_s) % (WRAP * 300);
	return pcr_clock_receive(clock, pcr_27mhz, arrival(h, t_s), false);
}

/* How far the clock is off for a unit due `lead_s` later than now. */
static double error_ms(struct pcr_clock *clock, const struct head_end *h, double t_s, double lead_s)
{
	uint64_t time_90khz = stream_time_27mhz(h, t_s + lead_s) / 300;
	uint64_t due_ns = pcr_clock_due(clock, pcr_clock_unwrap(clock, time_90khz % WRAP));
	double wanted_ns = (double)h->start_ns + (t_s + lead_s) * 1e9;
	return ((double)due_ns - wanted_ns) / 1e6;
}

/* Largest error from `from_s` to `to_s`, with a PCR each 40 ms. */
static double run(struct head_end *h, double from_s, double to_s)
{
	struct pcr_clock clock = {0};
	double largest = 0;
	h->random = g_rand_new_with_seed(42);
	for (unsigned i = 0; i * 0.04 < to_s; i++) {
		bool anew = push(&clock, h, i * 0.04);
		assert_int_equal(anew, i == 0);
		if (i * 0.04 >= from_s)
			largest = fmax(largest, fabs(error_ms(&clock, h, i * 0.04, 0.8)));
	}
	g_rand_free(h->random);
	return largest;
}

static void the_first_pcr_suffices(void **state)
{
	(void)state;
	struct pcr_clock clock = {0};
	assert_false(pcr_clock_ready(&clock));
	assert_int_equal(pcr_clock_due(&clock, 123), 0);
	assert_true(pcr_clock_receive(&clock, UINT64_C(90000) * 300, 5 * S, false));
	assert_true(pcr_clock_ready(&clock));
	uint64_t pts_90khz = pcr_clock_unwrap(&clock, 90000 + 45000);
	assert_int_equal(pcr_clock_due(&clock, pts_90khz), 5 * S + S / 2);
	/* What has been due already, too. */
	pts_90khz = pcr_clock_unwrap(&clock, 0);
	assert_int_equal(pcr_clock_due(&clock, pts_90khz), 4 * S);
}

static void jitter_averages_out(void **state)
{
	(void)state;
	struct head_end h = {.jitter_ms = 10, .start_90khz = 1000, .start_ns = 100 * S};
	double at_once = run(&h, 0, 2), second = run(&h, 2, 10), later = run(&h, 60, 600);
	print_message(
		"jitter of 10 ms: off by %.2f ms within 2 s, %.2f ms within 10 s, %.2f ms later\n",
		at_once, second, later);
	assert_true(at_once < 11);
	assert_true(second < 4);
	assert_true(later < 1);
}

static void drift_is_followed_for_hours(void **state)
{
	(void)state;
	for (int sign = -1; sign <= 1; sign += 2) {
		struct head_end h = {
			.ppm = 100 * sign,
			.jitter_ms = 10,
			.start_90khz = WRAP - 3600 * 90000, /* wraps after an hour */
			.start_ns = 100 * S,
		};
		double early = run(&h, 2, 60), later = run(&h, 60, 3 * 3600);
		print_message("%+d ppm, jitter of 10 ms: off by %.2f ms within a minute, "
			      "%.2f ms within 3 h\n",
			100 * sign, early, later);
		assert_true(early < 4);
		assert_true(later < 1);
	}
}

static void a_steady_network_gives_a_steady_clock(void **state)
{
	(void)state;
	struct head_end h = {.ppm = 30, .start_ns = 100 * S};
	double largest = run(&h, 0, 600);
	print_message("30 ppm, no jitter: off by %.3f ms at most\n", largest);
	assert_true(largest < 0.3);
}

static void times_grow_across_the_wrap(void **state)
{
	(void)state;
	struct pcr_clock clock = {0};
	pcr_clock_receive(&clock, (WRAP - 9000) * 300, 10 * S, false);
	uint64_t before = pcr_clock_unwrap(&clock, WRAP - 1);
	uint64_t behind = pcr_clock_unwrap(&clock, 0);
	assert_true(behind == before + 1);
	assert_int_equal(pcr_clock_due(&clock, behind), 10 * S + S / 10);
	assert_false(pcr_clock_receive(&clock, 0, 10 * S + S / 10, false));
	assert_true(pcr_clock_unwrap(&clock, WRAP - 1) == before);
	assert_true(pcr_clock_unwrap(&clock, 1) == before + 2);
}

static void the_first_time_of_all_may_go_back(void **state)
{
	(void)state;
	struct pcr_clock clock = {0};
	uint64_t first = pcr_clock_unwrap(&clock, 5);
	/* A smaller one from before the wrap. */
	assert_true(pcr_clock_unwrap(&clock, WRAP - 5) == first - 10);
}

static void a_jump_starts_anew(void **state)
{
	(void)state;
	struct pcr_clock clock = {0};
	pcr_clock_receive(&clock, 27000000, 10 * S, false);
	/* 0.4 s early or late is jitter, 0.6 s is not. */
	assert_false(pcr_clock_receive(&clock, 2 * 27000000, 11 * S + 400 * MS, false));
	assert_true(pcr_clock_receive(&clock, 3 * 27000000, 12 * S + 700 * MS, false));
	assert_int_equal(
		pcr_clock_due(&clock, pcr_clock_unwrap(&clock, 3 * 90000)), 12 * S + 700 * MS);
	/* Backwards, by however little. */
	assert_true(pcr_clock_receive(&clock, 3 * 27000000 - 27000, 12 * S + 740 * MS, false));
}

static void an_announced_discontinuity_starts_anew(void **state)
{
	(void)state;
	struct pcr_clock clock = {0};
	pcr_clock_receive(&clock, 27000000, 10 * S, false);
	assert_true(pcr_clock_receive(&clock, 2 * 27000000, 11 * S + 100 * MS, true));
	assert_int_equal(
		pcr_clock_due(&clock, pcr_clock_unwrap(&clock, 180000)), 11 * S + 100 * MS);
}

static void units_of_the_old_time_base_keep_their_times(void **state)
{
	(void)state;
	struct pcr_clock clock = {0};
	pcr_clock_receive(&clock, UINT64_C(5000) * 27000000, 10 * S, false);
	pcr_clock_receive(&clock, UINT64_C(100) * 27000000, 11 * S, false);
	uint64_t old_90khz = pcr_clock_unwrap(&clock, UINT64_C(5001) * 90000 + 45000);
	assert_int_equal(pcr_clock_due(&clock, old_90khz), 11 * S + 500 * MS);
	uint64_t new_90khz = pcr_clock_unwrap(&clock, UINT64_C(100) * 90000 + 45000);
	assert_int_equal(pcr_clock_due(&clock, new_90khz), 11 * S + 500 * MS);
}

/* The way through the network became 200 ms longer: after a second of it, it is believed. */
static void a_lasting_delay_is_taken_over(void **state)
{
	(void)state;
	struct pcr_clock clock = {0};
	struct head_end h = {.start_ns = 100 * S, .random = g_rand_new_with_seed(1)};
	double t = 0;
	for (; t < 60; t += 0.04)
		push(&clock, &h, t);
	h.start_ns += 200 * MS;
	unsigned restarts = 0;
	for (; t < 63; t += 0.04)
		restarts += push(&clock, &h, t);
	assert_int_equal(restarts, 1);
	assert_true(fabs(error_ms(&clock, &h, t, 0)) < 0.1);
	g_rand_free(h.random);
}

static void a_passing_delay_is_not(void **state)
{
	(void)state;
	struct pcr_clock clock = {0};
	struct head_end h = {.start_ns = 100 * S, .random = g_rand_new_with_seed(1)};
	double t = 0;
	for (; t < 60; t += 0.04)
		push(&clock, &h, t);
	h.start_ns += 200 * MS;
	for (; t < 60.5; t += 0.04)
		assert_false(push(&clock, &h, t));
	h.start_ns -= 200 * MS;
	double off_ms = fabs(error_ms(&clock, &h, t, 0));
	assert_true(off_ms < 2);
	for (; t < 200; t += 0.04)
		assert_false(push(&clock, &h, t));
	assert_true(fabs(error_ms(&clock, &h, t, 0)) < 1);
	g_rand_free(h.random);
}

static void a_guess_holds_until_a_pcr_comes(void **state)
{
	(void)state;
	struct pcr_clock clock = {0};
	uint64_t dts_90khz = pcr_clock_unwrap(&clock, 90000);
	pcr_clock_guess(&clock, dts_90khz, 20 * S);
	assert_true(pcr_clock_ready(&clock));
	assert_int_equal(pcr_clock_due(&clock, dts_90khz), 20 * S);
	assert_int_equal(pcr_clock_due(&clock, dts_90khz + 90), 20 * S + MS);
	/* However near to the guess. */
	assert_true(pcr_clock_receive(&clock, UINT64_C(99000) * 300, 20 * S + 150 * MS, false));
	assert_int_equal(pcr_clock_due(&clock, dts_90khz), 20 * S + 50 * MS);
}

static void jumps_back_never_come_near_zero(void **state)
{
	(void)state;
	struct pcr_clock clock = {0};
	/* Each is nearer backwards than forwards. */
	static const uint64_t times_90khz[] = {2, WRAP / 2 + 5, 100, WRAP / 2 + 200, 300};
	for (unsigned i = 0; i < G_N_ELEMENTS(times_90khz); i++) {
		pcr_clock_receive(&clock, times_90khz[i] * 300, (10 + i) * S, false);
		assert_true(pcr_clock_unwrap(&clock, times_90khz[i]) >= WRAP / 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_pcr_suffices),
		cmocka_unit_test(jitter_averages_out),
		cmocka_unit_test(drift_is_followed_for_hours),
		cmocka_unit_test(a_steady_network_gives_a_steady_clock),
		cmocka_unit_test(times_grow_across_the_wrap),
		cmocka_unit_test(the_first_time_of_all_may_go_back),
		cmocka_unit_test(a_jump_starts_anew),
		cmocka_unit_test(an_announced_discontinuity_starts_anew),
		cmocka_unit_test(units_of_the_old_time_base_keep_their_times),
		cmocka_unit_test(a_lasting_delay_is_taken_over),
		cmocka_unit_test(a_passing_delay_is_not),
		cmocka_unit_test(a_guess_holds_until_a_pcr_comes),
		cmocka_unit_test(jumps_back_never_come_near_zero),
	};
	return cmocka_run_group_tests_name("receive_pcr_clock", tests, NULL, NULL);
}
