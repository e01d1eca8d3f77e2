/* Sound is continuous, whatever clock its times follow, and made shorter without raising it. */
#include <malloc.h>
#include <math.h>

#include <gst/gst.h>

#include "client/play/sound_clock.h"
#include "client/play/stretch.h"
#include "client/play/tempo.h"
#include "tests/support/test.h"

#define NS_PER_S UINT64_C(1000000000)
#define MS_NS UINT64_C(1000000)
#define RATE 48000
#define PIECE 1024
#define HZ 440

/* Plays `pieces`, whose times the sender's clock stretches; returns how far apart they came. */
static double follow(struct sound_clock *clock, double sender, unsigned pieces, uint64_t *samples)
{
	double worst_ms = 0, rest = 0;
	for (unsigned i = 0; i < pieces; i++) {
		double at_ns = 5e9 + (double)i * PIECE / RATE * 1e9 * sender;
		struct sound_step step = sound_clock_take(clock, (uint64_t)at_ns, 0, RATE);
		assert_true(step.anew == (i == 0));
		worst_ms = fmax(worst_ms, fabs((double)step.at_ns - at_ns) / 1e6);
		double exact = PIECE * step.longer + rest;
		uint64_t out = (uint64_t)exact;
		rest = exact - (double)out;
		sound_clock_count(clock, out);
		*samples += out;
	}
	return worst_ms;
}

static void test_hours_of_a_sender_that_is_off_are_one_piece(void **state)
{
	(void)state;
	const double senders[] = {1 + 100e-6, 1 - 100e-6, 1 + 500e-6};
	for (unsigned i = 0; i < 3; i++) {
		struct sound_clock clock = {0};
		uint64_t samples = 0;
		unsigned pieces = 10 * 3600 * 47;
		/* 100 ppm are 3.6 s in ten hours; what is left of them is what makes it follow. */
		assert_true(follow(&clock, senders[i], pieces, &samples) < 3);
		double wanted = (double)pieces * PIECE * senders[i];
		assert_true(fabs((double)samples - wanted) < 0.003 * RATE);
	}
}

static void test_jitter_of_times_is_not_heard(void **state)
{
	(void)state;
	struct sound_clock clock = {0};
	for (unsigned i = 0; i < 10000; i++) {
		uint64_t at_ns = 5 * NS_PER_S + i * PIECE * NS_PER_S / RATE;
		uint64_t late_ns = i * 7919 % 4 * MS_NS;
		struct sound_step step = sound_clock_take(&clock, at_ns + late_ns, 0, RATE);
		assert_true(step.anew == (i == 0));
		assert_true(fabs(step.longer - 1) <= 0.001);
		sound_clock_count(&clock, PIECE);
	}
}

static void test_another_time_begins_anew_there(void **state)
{
	(void)state;
	/* The first is a lost frame of AAC. */
	const int64_t jumps_ms[] = {21, 100, -100, 5000, -5000};
	for (unsigned i = 0; i < 5; i++) {
		struct sound_clock clock = {0};
		sound_clock_take(&clock, 60 * NS_PER_S, 0, RATE);
		sound_clock_count(&clock, RATE);
		uint64_t at_ns = 61 * NS_PER_S + (uint64_t)(jumps_ms[i] * (int64_t)MS_NS);
		struct sound_step step = sound_clock_take(&clock, at_ns, 0, RATE);
		assert_true(step.anew);
		assert_int_equal(step.at_ns, at_ns);
		assert_true(step.longer == 1);
	}
}

static void test_what_is_held_is_no_difference(void **state)
{
	(void)state;
	struct sound_clock clock = {0};
	sound_clock_take(&clock, 60 * NS_PER_S, 0, RATE);
	sound_clock_count(&clock, RATE - RATE / 20);
	struct sound_step step = sound_clock_take(&clock, 61 * NS_PER_S, 50 * MS_NS, RATE);
	assert_false(step.anew);
	assert_true(fabs(step.longer - 1) < 1e-6);
}

/* ---- tempo ---- */

static void fill_sine(float *frames, unsigned first)
{
	for (unsigned i = 0; i < PIECE; i++) {
		float value = (float)sin(2 * G_PI * HZ * (first + i) / RATE);
		frames[2 * i] = value;
		frames[2 * i + 1] = -value;
	}
}

static void play_sine(
	struct tempo *tempo, unsigned *first, unsigned pieces, double speed, GArray *out)
{
	float frames[2 * PIECE];
	for (unsigned i = 0; i < pieces; i++, *first += PIECE) {
		fill_sine(frames, *first);
		tempo_take(tempo, frames, PIECE, speed, out);
	}
}

static float left(const GArray *out, guint frame)
{
	return g_array_index(out, float, 2 * frame);
}

/* No step is larger than the sine's own, and no wave shorter or longer. */
static void expect_sine(const GArray *out)
{
	const double steepest = 2 * G_PI * HZ / RATE;
	guint frames = out->len / 2, waves = 0;
	for (guint i = 1; i < frames; i++) {
		assert_true(fabs((double)left(out, i) - left(out, i - 1)) < steepest * 1.3);
		assert_true(left(out, i) == -g_array_index(out, float, 2 * i + 1));
		waves += left(out, i - 1) < 0 && left(out, i) >= 0;
	}
	assert_true(fabs(waves - (double)frames * HZ / RATE) < 0.01 * waves + 2);
}

static void test_speed_1_is_sample_by_sample(void **state)
{
	(void)state;
	struct tempo tempo;
	GArray *out = g_array_new(FALSE, FALSE, sizeof(float));
	unsigned first = 0;
	tempo_init(&tempo, RATE, 2);
	play_sine(&tempo, &first, 10, 1, out);
	assert_int_equal(out->len, 2 * first);
	assert_int_equal(tempo_held(&tempo), 0);
	float frames[2 * PIECE];
	fill_sine(frames, 9 * PIECE);
	assert_memory_equal(
		frames, out->data + (gsize)9 * 2 * PIECE * sizeof(float), sizeof frames);
	g_array_unref(out);
	tempo_clear(&tempo);
}

static void test_faster_is_shorter_and_not_higher(void **state)
{
	(void)state;
	const double speeds[] = {1.05, 8. / 7, 1.5};
	for (unsigned i = 0; i < 3; i++) {
		struct tempo tempo;
		GArray *out = g_array_new(FALSE, FALSE, sizeof(float));
		unsigned first = 0;
		tempo_init(&tempo, RATE, 2);
		play_sine(&tempo, &first, 50, 1, out);
		guint before = out->len / 2;
		play_sine(&tempo, &first, 470, speeds[i], out);
		double used = 470. * PIECE - (double)tempo_held(&tempo);
		double played = out->len / 2. - before;
		assert_true(fabs(played - used / speeds[i]) < 0.06 * RATE);
		/* And back again: what is held comes out, and nothing is held any longer. */
		play_sine(&tempo, &first, 50, 1, out);
		assert_int_equal(tempo_held(&tempo), 0);
		expect_sine(out);
		g_array_unref(out);
		tempo_clear(&tempo);
	}
}

/* ---- stretch ---- */

/* As a sender's clock does it: longer and shorter by up to a thousandth, and through 1. */
static double longer_at(unsigned piece)
{
	return piece % 7 ? 1 + 0.001 * sin(piece * 0.05) : 1;
}

static void stretch_sine(struct stretch *stretch, unsigned pieces, GArray *out)
{
	float frames[2 * PIECE];
	for (unsigned i = 0; i < pieces; i++) {
		fill_sine(frames, i * PIECE);
		gsize count = stretch_ask(stretch, PIECE, longer_at(i));
		guint before = out->len;
		g_array_set_size(out, before + (guint)count * 2);
		stretch_take(stretch, frames, PIECE, (float *)out->data + before, count);
	}
}

static void test_stretching_is_not_heard(void **state)
{
	(void)state;
	struct stretch stretch;
	GArray *out = g_array_new(FALSE, FALSE, sizeof(float));
	const double step = 2 * G_PI * HZ / RATE;
	double wanted = 0;
	for (unsigned i = 0; i < 400; i++)
		wanted += PIECE * longer_at(i);
	stretch_init(&stretch, RATE, 2);
	stretch_sine(&stretch, 400, out);
	assert_true(fabs(out->len / 2. + (double)stretch_held(&stretch) - wanted) < 2);
	/* Not from zeros to the middle of a wave: its edge rings. How a sine bends at most. */
	for (guint i = 64; i < out->len / 2; i++) {
		double bend = (double)left(out, i) - 2. * left(out, i - 1) + left(out, i - 2);
		assert_true(fabs(bend) < step * step * 1.1);
	}
	g_array_unref(out);
	stretch_clear(&stretch);
}

static size_t memory_bytes(void)
{
	struct mallinfo2 info = mallinfo2();
	return info.hblkhd + info.uordblks;
}

static void test_stretching_needs_little_memory(void **state)
{
	(void)state;
	struct stretch stretch;
	GArray *out = g_array_new(FALSE, FALSE, sizeof(float));
	size_t before = memory_bytes();
	stretch_init(&stretch, RATE, 2);
	stretch_sine(&stretch, 10, out);
	assert_true(memory_bytes() - before < 1 << 20);
	g_array_unref(out);
	stretch_clear(&stretch);
}

static int setup(void **state)
{
	(void)state;
	gst_init(NULL, NULL);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hours_of_a_sender_that_is_off_are_one_piece),
		cmocka_unit_test(test_jitter_of_times_is_not_heard),
		cmocka_unit_test(test_another_time_begins_anew_there),
		cmocka_unit_test(test_what_is_held_is_no_difference),
		cmocka_unit_test(test_speed_1_is_sample_by_sample),
		cmocka_unit_test(test_faster_is_shorter_and_not_higher),
		cmocka_unit_test(test_stretching_is_not_heard),
		cmocka_unit_test(test_stretching_needs_little_memory),
	};
	return cmocka_run_group_tests_name("client_play_sound", tests, setup, NULL);
}
