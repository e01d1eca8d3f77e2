/* Standby: everything is let go of, nothing is forgotten, and it plays again as at the start. */
#include <dirent.h>
#include <gst/gst.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/test.h"
#include "tests/unit/client/playing.h"

#define RESTS 100
/* GLib keeps a few threads without work for those who come next. */
#define IDLE_THREADS 12

static void open_play(struct playing *playing, const char *video_sink)
{
	playing_open(
		playing, (struct play_options){.video_sink = video_sink, .audio_sink = "none"});
}

static void rest(struct playing *playing)
{
	play_rest(playing->play, true);
	playing_await(playing, PLAY_FACT_RESTS);
}

static void wake(struct playing *playing)
{
	play_rest(playing->play, false);
	playing_await(playing, PLAY_FACT_OPENED);
}

/* Returns how long the first picture took. */
static uint64_t zap(struct playing *playing, const struct units *units, uint64_t n)
{
	uint64_t at_ns = gst_util_get_timestamp();
	play_flush(playing->play, n);
	playing_push(playing, units, 0, 3, n, at_ns + 200 * MS_NS);
	return playing_await_picture(playing, n).at_ns - at_ns;
}

static unsigned entries(const char *path)
{
	DIR *dir = opendir(path);
	unsigned count = 0;
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static void test_a_hundred_rests_leave_nothing_behind(void **state)
{
	struct playing playing;
	open_play(&playing, "none");
	unsigned fds = 0, threads = 0;
	uint64_t slowest_ns = 0;
	for (uint64_t n = 1; n <= RESTS; n++) {
		uint64_t took_ns = zap(&playing, *state, n);
		if (n > 1 && took_ns > slowest_ns)
			slowest_ns = took_ns;
		rest(&playing);
		if (n == 5) {
			fds = entries("/proc/self/fd");
			threads = entries("/proc/self/task");
		}
		wake(&playing);
	}
	rest(&playing);
	assert_int_equal(entries("/proc/self/fd"), fds);
	assert_true(entries("/proc/self/task") <= threads + IDLE_THREADS);
	assert_true(slowest_ns < 1000 * MS_NS);
	playing_close(&playing);
}

/* Whether the zap's first sound was heard: it does not wait for a picture that will never come. */
static bool begins_with_sound(
	struct playing *playing, const struct units *pictures, const struct units *tone, uint64_t n)
{
	uint64_t due_ns = gst_util_get_timestamp() + 200 * MS_NS;
	struct play_fact fact;
	play_flush(playing->play, n);
	playing_push(playing, pictures, 0, 10, n, due_ns);
	playing_push(playing, tone, 0, tone->count, n, due_ns);
	do
		fact = playing_await(playing, PLAY_FACT_AUDIO);
	while (fact.n != n);
	return fact.pts_ns == due_ns;
}

static void test_without_pictures_sound_is_heard(void **state)
{
	struct playing playing;
	struct play_fact fact = {0};
	struct units *tone = units_of_tone();
	playing_open(
		&playing, (struct play_options){
				  .video_sink = "none", .audio_sink = "none", .no_pictures = true});
	uint64_t n = 1;
	while (!begins_with_sound(&playing, *state, tone, n)) /* on a busy machine it is late */
		assert_true(++n <= 5);
	/* Nor are they decoded by now, which takes less long. */
	while (play_next_fact(playing.play, &fact))
		assert_int_not_equal(fact.type, PLAY_FACT_DECODED);
	struct play_counters counters;
	play_counters(playing.play, &counters);
	assert_int_equal(counters.pictures, 0);
	playing_close(&playing);
	units_free(tone);
}

static void test_sinks_are_let_go_of_and_opened_again(void **state)
{
	(void)state;
	struct playing playing;
	open_play(&playing, "none");
	struct play_fact opened = playing_await(&playing, PLAY_FACT_OPENED);
	assert_non_null(strstr(opened.text, "fakesink"));
	assert_string_equal(play_video_sink(playing.play), "fakesink");
	rest(&playing);
	assert_string_equal(play_video_sink(playing.play), "");
	assert_string_equal(play_audio_sink(playing.play), "");
	rest(&playing); /* whoever asks again is answered again */
	wake(&playing);
	assert_string_equal(play_video_sink(playing.play), "fakesink");
	playing_close(&playing);
}

static void test_what_is_asked_for_at_rest_is_kept(void **state)
{
	struct playing playing;
	open_play(&playing, "none");
	zap(&playing, *state, 1);
	rest(&playing);
	play_flush(playing.play, 5);
	playing_push(&playing, *state, 0, 3, 5, gst_util_get_timestamp());
	play_place(playing.play, 640, 480);
	playing_await(&playing, PLAY_FACT_PLACED);
	play_set_aspect(playing.play, PLAY_ASPECT_FILL);
	play_rest(playing.play, false);
	/* The black one of 1280 x 720 fills the window, which is narrower. */
	struct play_fact size = playing_await(&playing, PLAY_FACT_SIZE);
	assert_int_equal(size.width, 1280);
	assert_int_equal(size.height, 960);
	/* Its units were dropped, and what comes now is of the zap that was begun meanwhile. */
	playing_push(&playing, *state, 0, 3, 5, gst_util_get_timestamp() + 200 * MS_NS);
	playing_await_picture(&playing, 5);
	playing_close(&playing);
}

static char *snapshot(struct playing *playing, const char *dir, gsize *ret_bytes)
{
	char *path = g_build_filename(dir, "shown.png", NULL), *data = NULL;
	play_snapshot(playing->play, path, 1);
	assert_string_equal(playing_await(playing, PLAY_FACT_SNAPSHOT).text, "");
	assert_true(g_file_get_contents(path, &data, ret_bytes, NULL));
	unlink(path);
	g_free(path);
	return data;
}

static void test_panels_stay_and_the_picture_is_black(void **state)
{
	static uint32_t white[100 * 50];
	memset(white, 0xff, sizeof white);
	char *dir = g_dir_make_tmp("zapper-XXXXXX", NULL);
	struct playing playing;
	open_play(&playing, "none");
	struct play_overlay panel = {.x = 1100,
		.y = 40,
		.width = 100,
		.height = 50,
		.stride_bytes = 400,
		.pixels = g_bytes_new_static(white, sizeof white)};
	play_set_overlay(playing.play, &panel, 1);
	g_bytes_unref(panel.pixels);
	gsize before_bytes, after_bytes;
	playing_await(&playing, PLAY_FACT_SIZE);
	char *before = snapshot(&playing, dir, &before_bytes);
	zap(&playing, *state, 1);
	rest(&playing);
	wake(&playing);
	char *after = snapshot(&playing, dir, &after_bytes);
	assert_int_equal(before_bytes, after_bytes);
	assert_memory_equal(before, after, before_bytes);
	playing_close(&playing);
	rmdir(dir);
	g_free(before);
	g_free(after);
	g_free(dir);
}

static void test_counters_go_on(void **state)
{
	struct playing playing;
	struct play_counters before, after;
	open_play(&playing, "none");
	zap(&playing, *state, 1);
	play_counters(playing.play, &before);
	assert_int_equal(before.rebuilds, 1);
	rest(&playing);
	wake(&playing);
	zap(&playing, *state, 2);
	play_counters(playing.play, &after);
	assert_int_equal(after.rebuilds, 2);
	assert_true(after.pictures > before.pictures);
	playing_close(&playing);
}

/* What cannot be built can be asked for again, and ended. */
static void test_a_pipeline_that_fails_rests(void **state)
{
	(void)state;
	struct playing playing;
	open_play(&playing, "no_such_sink_here");
	for (unsigned i = 0; i < 3; i++) {
		if (i)
			play_rest(playing.play, false);
		struct play_fact failed = playing_await(&playing, PLAY_FACT_FAILED);
		assert_non_null(strstr(failed.text, "no_such_sink_here"));
	}
	playing_close(&playing);
}

static void test_many_wishes_at_once_end_as_the_last_one(void **state)
{
	struct playing playing;
	open_play(&playing, "none");
	for (unsigned i = 0; i < 20; i++) {
		play_rest(playing.play, true);
		play_flush(playing.play, i + 1);
		play_rest(playing.play, false);
	}
	zap(&playing, *state, 30);
	play_rest(playing.play, true);
	play_rest(playing.play, false);
	play_rest(playing.play, true);
	playing_close(&playing); /* at once: what is on its way is carried out before */
}

static int setup(void **state)
{
	*state = units_of_picture(320, 180, "1/1", "smpte");
	return 0;
}

static int teardown(void **state)
{
	units_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_hundred_rests_leave_nothing_behind),
		cmocka_unit_test(test_without_pictures_sound_is_heard),
		cmocka_unit_test(test_sinks_are_let_go_of_and_opened_again),
		cmocka_unit_test(test_what_is_asked_for_at_rest_is_kept),
		cmocka_unit_test(test_panels_stay_and_the_picture_is_black),
		cmocka_unit_test(test_counters_go_on),
		cmocka_unit_test(test_a_pipeline_that_fails_rests),
		cmocka_unit_test(test_many_wishes_at_once_end_as_the_last_one),
	};
	return cmocka_run_group_tests_name("client_play_rest", tests, setup, teardown);
}
