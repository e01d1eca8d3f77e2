/* How loud, and how soon: by ear, with and without a device, over zaps and rests. */
#include <gst/gst.h>
#include <math.h>

#include "client/play/volume.h"
#include "tests/support/test.h"
#include "tests/unit/client/ear.h"
#include "tests/unit/client/playing.h"

#define RATE 48000
#define PIECE 480
/* Until a sink without buffers has it: a piece that waits for its time, and the fade. */
#define SOON_NS (40 * MS_NS)
/* Where a device holds 40 ms and its driver as much. */
#define DEVICE_SOON_NS (110 * MS_NS)
#define SILENCE 0.0005F

/* ---- the volume by itself ---- */

static float pass(struct volume *volume, float *samples)
{
	for (int i = 0; i < 2 * PIECE; i++)
		samples[i] = 0.5F;
	if (volume_changes(volume))
		volume_apply(volume, samples, PIECE, 2, RATE);
	return samples[2 * PIECE - 1] / 0.5F;
}

static void test_full_volume_changes_nothing(void **state)
{
	(void)state;
	struct volume volume;
	volume_init(&volume);
	assert_false(volume_changes(&volume));
	volume_set(&volume, 30, false);
	assert_true(volume_changes(&volume));
	volume_set(&volume, 1000, false); /* more than all is all */
	float samples[2 * PIECE];
	pass(&volume, samples);
	assert_false(volume_changes(&volume));
}

static void test_each_percent_is_louder(void **state)
{
	(void)state;
	struct volume volume;
	volume_init(&volume);
	float samples[2 * PIECE], before = -1;
	for (uint16_t percent = 0; percent <= 100; percent++) {
		volume_set(&volume, percent, false);
		float gain = pass(&volume, samples);
		assert_true(gain > before);
		before = gain;
	}
	assert_true(before == 1);
	volume_set(&volume, 0, false);
	assert_true(pass(&volume, samples) == 0);
	/* Half to the ear is an eighth of the amplitude. */
	volume_set(&volume, 50, false);
	assert_true(fabsf(pass(&volume, samples) - 0.125F) < 0.001F);
}

static void test_mute_keeps_the_volume_and_fades(void **state)
{
	(void)state;
	struct volume volume;
	volume_init(&volume);
	float samples[2 * PIECE];
	pass(&volume, samples);
	volume_set(&volume, 80, true);
	assert_true(pass(&volume, samples) == 0);
	for (int i = 2; i < 2 * PIECE; i++)
		assert_true(fabsf(samples[i] - samples[i - 2]) < 0.005F);
	volume_set(&volume, 80, false);
	assert_true(fabsf(pass(&volume, samples) - 0.512F) < 0.001F);
}

static void test_the_first_sound_is_as_loud_as_wanted(void **state)
{
	(void)state;
	struct volume volume;
	volume_init(&volume);
	volume_set(&volume, 50, true);
	float samples[2 * PIECE];
	pass(&volume, samples);
	assert_true(samples[0] == 0);
}

/* ---- in play ---- */

struct fixture {
	struct units *tone;
	struct playing playing;
};

static void open_ear(struct fixture *fixture, const char *sink)
{
	ear_reset();
	playing_open(
		&fixture->playing, (struct play_options){.video_sink = "none", .audio_sink = sink});
}

/* Zap n, with sound from now on; returns when it is heard. */
static uint64_t sound(struct fixture *fixture, uint64_t n)
{
	play_flush(fixture->playing.play, n);
	playing_push(&fixture->playing, fixture->tone, 0, fixture->tone->count, n,
		gst_util_get_timestamp() + 200 * MS_NS);
	struct play_fact fact;
	do
		fact = playing_await(&fixture->playing, PLAY_FACT_AUDIO);
	while (fact.n != n);
	return fact.at_ns;
}

/* Sets it in the midst of sound, and looks how loud it is soon after. */
static float peak_after(
	struct fixture *fixture, uint16_t percent, bool muted, uint64_t soon_ns, uint64_t *ret_ns)
{
	uint64_t at_ns = *ret_ns = gst_util_get_timestamp();
	play_set_volume(fixture->playing.play, percent, muted);
	ear_await(at_ns + soon_ns + 150 * MS_NS);
	return ear_peak(at_ns + soon_ns, at_ns + soon_ns + 100 * MS_NS);
}

static void expect_volume(struct fixture *fixture, const char *sink, uint64_t soon_ns)
{
	open_ear(fixture, sink);
	uint64_t heard_ns = sound(fixture, 1), at_ns;
	ear_await(heard_ns + 300 * MS_NS);
	assert_true(ear_peak(heard_ns + 100 * MS_NS, heard_ns + 300 * MS_NS) > 0.4F);
	assert_true(peak_after(fixture, 100, true, soon_ns, &at_ns) < SILENCE);
	/* Without a click: no step is much larger than the tone's own. */
	assert_true(ear_step(at_ns - 50 * MS_NS, at_ns + soon_ns) < 0.09F);
	assert_true(peak_after(fixture, 100, false, soon_ns, &at_ns) > 0.4F);
	float peak = peak_after(fixture, 50, false, soon_ns, &at_ns);
	assert_true(peak > 0.05F && peak < 0.08F);
	playing_close(&fixture->playing);
}

static void test_volume_is_heard_soon(void **state)
{
	expect_volume(*state, "testear", SOON_NS);
}

static void test_volume_is_heard_soon_from_a_device(void **state)
{
	expect_volume(*state, "testdac", DEVICE_SOON_NS);
}

static void test_the_next_zap_is_as_loud(void **state)
{
	struct fixture *fixture = *state;
	open_ear(fixture, "testear");
	play_set_volume(fixture->playing.play, 50, false);
	for (uint64_t n = 1; n <= 3; n++) {
		uint64_t heard_ns = sound(fixture, n);
		ear_await(heard_ns + 200 * MS_NS);
		assert_true(ear_peak(heard_ns, heard_ns + 200 * MS_NS) > 0.04F);
	}
	assert_true(ear_peak(0, UINT64_MAX) < 0.08F);
	playing_close(&fixture->playing);
}

static void test_a_pipeline_after_a_rest_is_as_loud(void **state)
{
	struct fixture *fixture = *state;
	open_ear(fixture, "testear");
	sound(fixture, 1);
	play_rest(fixture->playing.play, true);
	playing_await(&fixture->playing, PLAY_FACT_RESTS);
	uint64_t rests_ns = gst_util_get_timestamp();
	play_set_volume(fixture->playing.play, 50, false);
	play_rest(fixture->playing.play, false);
	uint64_t heard_ns = sound(fixture, 2);
	ear_await(heard_ns + 200 * MS_NS);
	float peak = ear_peak(rests_ns, UINT64_MAX);
	assert_true(peak > 0.04F && peak < 0.08F);
	playing_close(&fixture->playing);
}

/* Heard when it is said to be: a device's buffer swallows nothing of it, nor delays it. */
static void test_a_device_plays_sound_at_its_time(void **state)
{
	struct fixture *fixture = *state;
	open_ear(fixture, "testdac");
	for (uint64_t n = 1; n <= 3; n++) {
		ear_reset();
		uint64_t said_ns = sound(fixture, n), heard_ns = ear_await_sound(0.1F);
		assert_true(heard_ns + 20 * MS_NS > said_ns && heard_ns < said_ns + 60 * MS_NS);
	}
	/* Of two seconds nothing is missing. */
	uint64_t from_ns = gst_util_get_timestamp();
	ear_await(from_ns + 1000 * MS_NS);
	for (unsigned i = 0; i < 50; i++, from_ns += 20 * MS_NS)
		assert_true(ear_peak(from_ns, from_ns + 20 * MS_NS) > 0.4F);
	assert_true(ear_step(from_ns - 1000 * MS_NS, from_ns) < 0.09F);
	playing_close(&fixture->playing);
}

/* The old sound stops with the key, not when the new one comes. */
static void test_a_flush_is_silence(void **state)
{
	struct fixture *fixture = *state;
	const char *const sinks[] = {"testear", "testdac"};
	for (size_t i = 0; i < 2; i++) {
		open_ear(fixture, sinks[i]);
		for (uint64_t n = 1; n < 6; n += 2) {
			uint64_t heard_ns = sound(fixture, n);
			ear_await(heard_ns + 200 * MS_NS);
			uint64_t at_ns = gst_util_get_timestamp();
			play_flush(fixture->playing.play, n + 1);
			ear_await(at_ns + 300 * MS_NS);
			assert_true(ear_peak(at_ns - 100 * MS_NS, at_ns) > 0.4F);
			assert_true(ear_peak(at_ns + 20 * MS_NS, UINT64_MAX) == 0);
		}
		playing_close(&fixture->playing);
	}
}

static int setup(void **state)
{
	gst_init(NULL, NULL);
	ear_init();
	struct fixture *fixture = g_new0(struct fixture, 1);
	fixture->tone = units_of_tone();
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	units_free(fixture->tone);
	g_free(fixture);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_full_volume_changes_nothing),
		cmocka_unit_test(test_each_percent_is_louder),
		cmocka_unit_test(test_mute_keeps_the_volume_and_fades),
		cmocka_unit_test(test_the_first_sound_is_as_loud_as_wanted),
		cmocka_unit_test(test_volume_is_heard_soon),
		cmocka_unit_test(test_volume_is_heard_soon_from_a_device),
		cmocka_unit_test(test_the_next_zap_is_as_loud),
		cmocka_unit_test(test_a_pipeline_after_a_rest_is_as_loud),
		cmocka_unit_test(test_a_device_plays_sound_at_its_time),
		cmocka_unit_test(test_a_flush_is_silence),
	};
	return cmocka_run_group_tests_name("client_play_volume", tests, setup, teardown);
}
