/* What a viewer sees of zaps, blanks and panels, as snapshots have it. */
#include <gst/app/app.h>
#include <gst/gst.h>
#include <gst/video/video.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/test.h"
#include "tests/unit/client/playing.h"

struct fixture {
	struct units *white, *narrow; /* narrow: 4:3, all white, too */
	struct playing playing;
	char *dir, *path;
};

static void open_play(struct fixture *f, bool black_between)
{
	playing_open(&f->playing, (struct play_options){.video_sink = "none",
					  .audio_sink = "none",
					  .black_between = black_between});
	playing_await(&f->playing, PLAY_FACT_SIZE);
}

static void zap(struct fixture *f, const struct units *units, uint64_t n)
{
	play_flush(f->playing.play, n);
	playing_push(&f->playing, units, 0, 3, n, gst_util_get_timestamp() + 200 * MS_NS);
	playing_await_picture(&f->playing, n);
}

/* Reads a PNG, in RGB. */
static GstSample *read_png(const char *path)
{
	char *description = g_strdup_printf(
		"filesrc location=%s ! pngdec ! videoconvert ! video/x-raw,format=RGB ! "
		"appsink name=out sync=false",
		path);
	GstElement *pipeline = gst_parse_launch(description, NULL);
	GstElement *out = gst_bin_get_by_name(GST_BIN(pipeline), "out");
	gst_element_set_state(pipeline, GST_STATE_PLAYING);
	GstSample *sample = gst_app_sink_pull_sample(GST_APP_SINK(out));
	assert_non_null(sample);
	gst_element_set_state(pipeline, GST_STATE_NULL);
	gst_object_unref(out);
	gst_object_unref(pipeline);
	g_free(description);
	return sample;
}

static GstSample *look(struct fixture *f, const struct play_screen *screen)
{
	if (screen)
		play_snapshot_screen(f->playing.play, f->path, 1, screen);
	else
		play_snapshot(f->playing.play, f->path, 1);
	assert_string_equal(playing_await(&f->playing, PLAY_FACT_SNAPSHOT).text, "");
	GstSample *sample = read_png(f->path);
	unlink(f->path);
	return sample;
}

static void expect_size(GstSample *sample, int width, int height)
{
	GstVideoInfo info;
	assert_true(gst_video_info_from_caps(&info, gst_sample_get_caps(sample)));
	assert_int_equal(info.width, width);
	assert_int_equal(info.height, height);
}

static void expect_rgb(GstSample *sample, int x, int y, int red, int green, int blue)
{
	GstVideoInfo info;
	GstVideoFrame frame;
	assert_true(gst_video_info_from_caps(&info, gst_sample_get_caps(sample)));
	assert_true(
		gst_video_frame_map(&frame, &info, gst_sample_get_buffer(sample), GST_MAP_READ));
	const guint8 *pixel = GST_VIDEO_FRAME_PLANE_DATA(&frame, 0);
	pixel += (gsize)y * (gsize)GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0) + 3 * (gsize)x;
	if (abs(pixel[0] - red) > 6 || abs(pixel[1] - green) > 6 || abs(pixel[2] - blue) > 6)
		fail_msg("%d %d: %d %d %d", x, y, pixel[0], pixel[1], pixel[2]);
	gst_video_frame_unmap(&frame);
}

/* All of it: 0 or 255. */
static void expect_all(struct fixture *f, int level)
{
	GstSample *sample = look(f, NULL);
	expect_rgb(sample, 40, 40, level, level, level);
	expect_rgb(sample, 300, 160, level, level, level);
	gst_sample_unref(sample);
}

static void test_the_old_picture_is_held(void **state)
{
	struct fixture *f = *state;
	open_play(f, false);
	zap(f, f->white, 1);
	expect_all(f, 255);
	play_flush(f->playing.play, 2);
	play_place(f->playing.play, 320, 180);
	playing_await(&f->playing, PLAY_FACT_PLACED); /* the flush is over */
	expect_all(f, 255);
	playing_close(&f->playing);
}

static void await_black(struct fixture *f)
{
	gint64 until_us = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;
	bool black = false;
	while (!black && g_get_monotonic_time() < until_us) {
		GstSample *sample = look(f, NULL);
		GstMapInfo map;
		gst_buffer_map(gst_sample_get_buffer(sample), &map, GST_MAP_READ);
		black = map.data[0] < 6;
		gst_buffer_unmap(gst_sample_get_buffer(sample), &map);
		gst_sample_unref(sample);
	}
	assert_true(black);
}

static void test_or_a_zap_is_black(void **state)
{
	struct fixture *f = *state;
	open_play(f, true);
	for (uint64_t n = 1; n < 7; n += 2) {
		zap(f, f->white, n);
		expect_all(f, 255);
		play_flush(f->playing.play, n + 1);
		await_black(f);
		expect_all(f, 0);
	}
	playing_close(&f->playing);
}

static void test_blank_lasts_until_the_next_zap(void **state)
{
	struct fixture *f = *state;
	open_play(f, false);
	zap(f, f->white, 1);
	playing_push(&f->playing, f->white, 3, f->white->count, 1, gst_util_get_timestamp());
	play_blank(f->playing.play);
	expect_all(f, 0);
	/* The stream goes on for a while. */
	struct play_counters counters = {0};
	while (counters.pictures < 20) {
		g_usleep(1000);
		play_counters(f->playing.play, &counters);
	}
	expect_all(f, 0);
	zap(f, f->white, 2);
	expect_all(f, 255);
	/* What was flushed for before is not of a later zap. */
	play_flush(f->playing.play, 3);
	play_blank(f->playing.play);
	playing_push(&f->playing, f->white, 0, 3, 3, gst_util_get_timestamp());
	/* The decoder has it. */
	while (playing_await(&f->playing, PLAY_FACT_DECODED).n != 3)
		continue;
	expect_all(f, 0);
	zap(f, f->white, 4);
	expect_all(f, 255);
	playing_close(&f->playing);
}

/* No picture of the zap may come for long; one that does is shown. */
static void test_the_old_picture_is_hidden(void **state)
{
	struct fixture *f = *state;
	open_play(f, false);
	zap(f, f->white, 1);
	expect_all(f, 255);
	/* Before it is flushed for, what is on its way does not come any more. */
	play_hide(f->playing.play, 2);
	playing_push(&f->playing, f->white, 3, f->white->count, 1, gst_util_get_timestamp());
	struct play_counters counters = {0};
	while (counters.pictures < 20) {
		g_usleep(1000);
		play_counters(f->playing.play, &counters);
	}
	expect_all(f, 0);
	play_flush(f->playing.play, 2);
	playing_push(&f->playing, f->white, 0, 3, 2, gst_util_get_timestamp() + 200 * MS_NS);
	playing_await_picture(&f->playing, 2);
	expect_all(f, 255);
	playing_close(&f->playing);
}

/* Panels of this size are blended as if pixels were square. */
static void test_the_size_for_panels_is_told(void **state)
{
	struct fixture *f = *state;
	open_play(f, false);
	zap(f, f->white, 1);
	struct play_fact size = {.width = 0};
	zap(f, f->narrow, 2);
	play_set_aspect(f->playing.play, PLAY_ASPECT_16_9);
	while (size.width != 1024)
		size = playing_await(&f->playing, PLAY_FACT_SIZE);
	assert_int_equal(size.height, 576);
	playing_close(&f->playing);
}

static struct play_overlay red_panel(int x, int y)
{
	static uint32_t red[100 * 50];
	for (size_t i = 0; i < G_N_ELEMENTS(red); i++)
		red[i] = 0xffff0000;
	return (struct play_overlay){.x = x,
		.y = y,
		.width = 100,
		.height = 50,
		.stride_bytes = 400,
		.pixels = g_bytes_new_static(red, sizeof red)};
}

static void test_a_screen_has_bars_and_panels(void **state)
{
	struct fixture *f = *state;
	open_play(f, false);
	zap(f, f->narrow, 1);
	struct play_overlay panel = red_panel(20, 600);
	const struct play_screen screen = {1280, 720, &panel, 1};
	GstSample *sample = look(f, &screen);
	expect_size(sample, 1280, 720);
	expect_rgb(sample, 640, 360, 255, 255, 255);
	expect_rgb(sample, 170, 360, 255, 255, 255);
	expect_rgb(sample, 150, 360, 0, 0, 0);
	expect_rgb(sample, 1130, 360, 0, 0, 0);
	expect_rgb(sample, 70, 625, 255, 0, 0);
	expect_rgb(sample, 10, 625, 0, 0, 0);
	gst_sample_unref(sample);
	/* Larger than the window's, without a panel, filled. */
	play_set_aspect(f->playing.play, PLAY_ASPECT_FILL);
	const struct play_screen large = {1920, 1080, NULL, 0};
	sample = look(f, &large);
	expect_size(sample, 1920, 1080);
	expect_rgb(sample, 5, 540, 255, 255, 255);
	expect_rgb(sample, 1914, 540, 255, 255, 255);
	gst_sample_unref(sample);
	g_bytes_unref(panel.pixels);
	playing_close(&f->playing);
}

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	f->white = units_of_picture(320, 180, "1/1", "white");
	f->narrow = units_of_picture(720, 576, "16/15", "white");
	f->dir = g_dir_make_tmp("zapper-XXXXXX", NULL);
	f->path = g_build_filename(f->dir, "shown.png", NULL);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	units_free(f->white);
	units_free(f->narrow);
	rmdir(f->dir);
	g_free(f->dir);
	g_free(f->path);
	g_free(f);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_old_picture_is_held),
		cmocka_unit_test(test_or_a_zap_is_black),
		cmocka_unit_test(test_blank_lasts_until_the_next_zap),
		cmocka_unit_test(test_the_old_picture_is_hidden),
		cmocka_unit_test(test_the_size_for_panels_is_told),
		cmocka_unit_test(test_a_screen_has_bars_and_panels),
	};
	return cmocka_run_group_tests_name("client_play_shown", tests, setup, teardown);
}
