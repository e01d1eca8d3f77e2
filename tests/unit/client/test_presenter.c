/* What the presenter gives to a sink: pictures, black, panels; and what it says of them. */
#include <gst/app/app.h>
#include <gst/gst.h>
#include <gst/video/video.h>
#include <string.h>

#include "client/play/presenter.h"
#include "tests/support/test.h"

#define MS_NS UINT64_C(1000000)
#define PATIENCE_NS (10 * GST_SECOND)
#define WIDTH 320
#define HEIGHT 180
#define BLACK 16
#define TOLD_MAX 512

struct rig {
	GstElement *pipeline;
	GstAppSink *sink;
	struct presenter *presenter;
	GMutex lock;
	unsigned told_count;
	uint64_t told_n[TOLD_MAX], told_pts_ns[TOLD_MAX];
	int width, height; /* as told last */
};

static void on_shown(void *ctx, uint64_t n, uint64_t pts_ns, uint64_t duration_ns, uint64_t at_ns)
{
	(void)duration_ns;
	(void)at_ns;
	struct rig *rig = ctx;
	g_mutex_lock(&rig->lock);
	rig->told_n[rig->told_count % TOLD_MAX] = n;
	rig->told_pts_ns[rig->told_count++ % TOLD_MAX] = pts_ns;
	g_mutex_unlock(&rig->lock);
}

static void on_resized(void *ctx, int width, int height)
{
	struct rig *rig = ctx;
	g_mutex_lock(&rig->lock);
	rig->width = width;
	rig->height = height;
	g_mutex_unlock(&rig->lock);
}

static void on_begun(void *ctx)
{
	(void)ctx;
}

static unsigned told(struct rig *rig)
{
	g_mutex_lock(&rig->lock);
	unsigned count = rig->told_count;
	g_mutex_unlock(&rig->lock);
	return count;
}

static void attach(struct rig *rig)
{
	GstElement *sink = gst_element_factory_make("appsink", NULL);
	g_object_set(sink, "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, NULL);
	rig->sink = GST_APP_SINK(sink);
	rig->pipeline = gst_pipeline_new(NULL);
	presenter_attach(rig->presenter, GST_BIN(rig->pipeline), sink);
	gst_element_set_state(rig->pipeline, GST_STATE_PLAYING);
}

static void detach(struct rig *rig)
{
	gst_element_set_state(rig->pipeline, GST_STATE_NULL);
	presenter_detach(rig->presenter);
	gst_object_unref(rig->pipeline);
}

static void open_rig(struct rig *rig)
{
	*rig = (struct rig){0};
	struct presenter_listener listener = {on_shown, on_resized, on_begun, rig};
	rig->presenter = presenter_new(&listener);
	attach(rig);
}

static void close_rig(struct rig *rig)
{
	detach(rig);
	presenter_free(rig->presenter);
}

/* A picture of one luma. */
static GstSample *picture_of(guint8 luma, uint64_t pts_ns, int par_n, int par_d)
{
	GstVideoInfo info;
	gst_video_info_set_format(&info, GST_VIDEO_FORMAT_I420, WIDTH, HEIGHT);
	info.par_n = par_n;
	info.par_d = par_d;
	GstBuffer *buffer = gst_buffer_new_allocate(NULL, info.size, NULL);
	gst_buffer_memset(buffer, 0, luma, info.size);
	GST_BUFFER_PTS(buffer) = pts_ns;
	GST_BUFFER_DURATION(buffer) = 40 * MS_NS;
	GstCaps *caps = gst_video_info_to_caps(&info);
	GstSample *sample = gst_sample_new(buffer, caps, NULL, NULL);
	gst_caps_unref(caps);
	gst_buffer_unref(buffer);
	return sample;
}

static void show(struct rig *rig, uint64_t n, guint8 luma, uint64_t pts_ns)
{
	presenter_show(rig->presenter, n, picture_of(luma, pts_ns, 1, 1));
}

/* The next frame that the sink has; NULL when there is none in time. */
static GstSample *next(struct rig *rig, uint64_t within_ns)
{
	return gst_app_sink_try_pull_sample(rig->sink, within_ns);
}

static guint8 luma_at(GstSample *sample, int x, int y)
{
	GstVideoInfo info;
	GstVideoFrame frame;
	assert_true(gst_video_info_from_caps(&info, gst_sample_get_caps(sample)));
	assert_true(
		gst_video_frame_map(&frame, &info, gst_sample_get_buffer(sample), GST_MAP_READ));
	const guint8 *line = GST_VIDEO_FRAME_PLANE_DATA(&frame, 0);
	guint8 luma = line[(gsize)y * (gsize)GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0) + (gsize)x];
	gst_video_frame_unmap(&frame);
	return luma;
}

static guint8 next_luma(struct rig *rig)
{
	GstSample *sample = next(rig, PATIENCE_NS);
	assert_non_null(sample);
	guint8 luma = luma_at(sample, 10, 10);
	gst_sample_unref(sample);
	return luma;
}

static void expect_nothing(struct rig *rig, uint64_t for_ns)
{
	GstSample *sample = next(rig, for_ns);
	if (sample)
		fail_msg("a frame of luma %d came", luma_at(sample, 10, 10));
}

static void set_panel(struct rig *rig, int x, int y, int width, int height)
{
	gsize bytes = (gsize)width * (gsize)height * 4;
	guint8 *white = g_malloc(bytes);
	memset(white, 0xff, bytes);
	struct play_overlay panel = {.x = x,
		.y = y,
		.width = width,
		.height = height,
		.stride_bytes = width * 4,
		.pixels = g_bytes_new_take(white, bytes)};
	presenter_set_overlay(rig->presenter, &panel, 1);
	g_bytes_unref(panel.pixels);
}

/* ---- black ---- */

static void test_black_stays_until_a_picture_comes(void **state)
{
	(void)state;
	struct rig rig;
	open_rig(&rig);
	assert_int_equal(next_luma(&rig), BLACK);
	show(&rig, 1, 200, 0);
	assert_int_equal(next_luma(&rig), 200);
	presenter_black(rig.presenter, 0, 0);
	assert_int_equal(next_luma(&rig), BLACK);
	presenter_set_overlay(rig.presenter, NULL, 0); /* repainted, black again */
	assert_int_equal(next_luma(&rig), BLACK);
	show(&rig, 2, 150, 40 * MS_NS);
	assert_int_equal(next_luma(&rig), 150);
	expect_nothing(&rig, 50 * MS_NS);
	assert_int_equal(told(&rig), 2); /* black is no picture */
	close_rig(&rig);
}

/* The same zap's same picture, when it comes behind black, is shown again. */
static void test_the_same_picture_ends_black_too(void **state)
{
	(void)state;
	struct rig rig;
	open_rig(&rig);
	next_luma(&rig);
	show(&rig, 1, 200, 0);
	assert_int_equal(next_luma(&rig), 200);
	show(&rig, 1, 200, 0); /* the still comes again at its time: not shown twice */
	expect_nothing(&rig, 50 * MS_NS);
	presenter_black(rig.presenter, 0, 0);
	assert_int_equal(next_luma(&rig), BLACK);
	show(&rig, 1, 200, 0);
	assert_int_equal(next_luma(&rig), 200);
	close_rig(&rig);
}

static void test_a_picture_in_time_spares_the_black(void **state)
{
	(void)state;
	struct rig rig;
	open_rig(&rig);
	next_luma(&rig);
	show(&rig, 1, 200, 0);
	assert_int_equal(next_luma(&rig), 200);
	presenter_black(rig.presenter, 0, 100 * MS_NS);
	show(&rig, 2, 150, 40 * MS_NS);
	assert_int_equal(next_luma(&rig), 150);
	expect_nothing(&rig, 200 * MS_NS);
	/* And without one it comes by itself. */
	uint64_t at_ns = gst_util_get_timestamp();
	presenter_black(rig.presenter, 0, 60 * MS_NS);
	assert_int_equal(next_luma(&rig), BLACK);
	assert_true(gst_util_get_timestamp() >= at_ns + 59 * MS_NS);
	close_rig(&rig);
}

/* The next zap's black comes later; a panel that changes meanwhile shows nothing of before. */
static void test_what_is_black_stays_black(void **state)
{
	(void)state;
	struct rig rig;
	open_rig(&rig);
	next_luma(&rig);
	show(&rig, 1, 200, 0);
	assert_int_equal(next_luma(&rig), 200);
	presenter_black(rig.presenter, 0, 0);
	assert_int_equal(next_luma(&rig), BLACK);
	presenter_black(rig.presenter, 0, 1000 * MS_NS);
	presenter_set_overlay(rig.presenter, NULL, 0);
	assert_int_equal(next_luma(&rig), BLACK);
	show(&rig, 2, 150, 40 * MS_NS);
	assert_int_equal(next_luma(&rig), 150);
	close_rig(&rig);
}

static void test_blank_refuses_what_is_left_of_a_zap(void **state)
{
	(void)state;
	struct rig rig;
	open_rig(&rig);
	next_luma(&rig);
	show(&rig, 3, 200, 0);
	assert_int_equal(next_luma(&rig), 200);
	presenter_black(rig.presenter, 4, 0);
	assert_int_equal(next_luma(&rig), BLACK);
	show(&rig, 3, 201, 40 * MS_NS);
	expect_nothing(&rig, 50 * MS_NS);
	show(&rig, 4, 150, 80 * MS_NS);
	assert_int_equal(next_luma(&rig), 150);
	close_rig(&rig);
}

static void test_panels_lie_over_black(void **state)
{
	(void)state;
	struct rig rig;
	open_rig(&rig);
	next_luma(&rig);
	show(&rig, 1, 200, 0);
	next_luma(&rig);
	presenter_black(rig.presenter, 0, 0);
	assert_int_equal(next_luma(&rig), BLACK);
	set_panel(&rig, 100, 50, 20, 20);
	GstSample *sample = next(&rig, PATIENCE_NS);
	assert_int_equal(luma_at(sample, 110, 60), 235);
	assert_int_equal(luma_at(sample, 10, 10), BLACK);
	gst_sample_unref(sample);
	/* And stay over the picture that ends it. */
	show(&rig, 2, 150, 40 * MS_NS);
	sample = next(&rig, PATIENCE_NS);
	assert_int_equal(luma_at(sample, 110, 60), 235);
	assert_int_equal(luma_at(sample, 10, 10), 150);
	gst_sample_unref(sample);
	close_rig(&rig);
}

/* ---- what is told ---- */

static void await_told(struct rig *rig, uint64_t pts_ns)
{
	uint64_t until_ns = gst_util_get_timestamp() + PATIENCE_NS;
	bool found = false;
	while (!found && gst_util_get_timestamp() < until_ns) {
		GstSample *sample = next(rig, 10 * MS_NS);
		g_clear_pointer(&sample, gst_sample_unref);
		g_mutex_lock(&rig->lock);
		found = rig->told_count &&
			rig->told_pts_ns[(rig->told_count - 1) % TOLD_MAX] == pts_ns;
		g_mutex_unlock(&rig->lock);
	}
	assert_true(found);
}

/* A sink that takes nothing for a while: older pictures are dropped, and counted. */
static void test_pictures_that_nobody_saw_are_counted(void **state)
{
	(void)state;
	struct rig rig;
	open_rig(&rig);
	next_luma(&rig);
	g_object_set(rig.sink, "max-buffers", 1, NULL);
	for (unsigned i = 0; i < 40; i++) {
		show(&rig, 1, 100, i * 40 * MS_NS);
		set_panel(&rig, 8, 8, 4, 4);
		g_usleep(1000); /* so that some are composed and wait before the sink */
	}
	await_told(&rig, 39 * 40 * MS_NS);
	assert_true(presenter_dropped(rig.presenter) > 0);
	assert_int_equal(told(&rig) + presenter_dropped(rig.presenter), 40);
	close_rig(&rig);
}

static void test_drawing_drops_nothing(void **state)
{
	(void)state;
	struct rig rig;
	open_rig(&rig);
	next_luma(&rig);
	for (unsigned i = 0; i < 100; i++) {
		show(&rig, 1 + i / 50, 100, i * 40 * MS_NS);
		for (unsigned k = 0; k < 4; k++)
			set_panel(&rig, 8 * (int)k, 8, 100, 50);
		await_told(&rig, i * 40 * MS_NS);
	}
	assert_int_equal(presenter_dropped(rig.presenter), 0);
	assert_int_equal(told(&rig), 100);
	close_rig(&rig);
}

/* What an old zap did not get to show is no loss of the new one. */
static void test_a_zap_drops_nothing(void **state)
{
	(void)state;
	struct rig rig;
	open_rig(&rig);
	next_luma(&rig);
	for (uint64_t n = 1; n <= 100; n++)
		show(&rig, n, 100, n * 40 * MS_NS);
	await_told(&rig, 100 * 40 * MS_NS);
	assert_int_equal(presenter_dropped(rig.presenter), 0);
	close_rig(&rig);
}

static void test_a_repaint_after_an_error_tells_of_nothing(void **state)
{
	(void)state;
	struct rig rig;
	open_rig(&rig);
	next_luma(&rig);
	show(&rig, 1, 100, 0);
	await_told(&rig, 0);
	show(&rig, 1, 110, 40 * MS_NS);
	presenter_repaint(rig.presenter);
	while (next_luma(&rig) != 110)
		continue;
	unsigned before = told(&rig);
	presenter_repaint(rig.presenter);
	assert_int_equal(next_luma(&rig), 110);
	assert_int_equal(told(&rig), before);
	/* The next one is told again. */
	show(&rig, 1, 120, 80 * MS_NS);
	await_told(&rig, 80 * MS_NS);
	close_rig(&rig);
}

/* ---- shape ---- */

static void expect_shape(GstSample *sample, int width, int height, int par_n, int par_d)
{
	GstVideoInfo info;
	assert_true(gst_video_info_from_caps(&info, gst_sample_get_caps(sample)));
	assert_int_equal(info.width, width);
	assert_int_equal(info.height, height);
	assert_int_equal(info.par_n * par_d, info.par_d * par_n);
}

static void test_the_shape_follows_wish_and_window(void **state)
{
	(void)state;
	struct rig rig;
	open_rig(&rig);
	next_luma(&rig);
	presenter_show(rig.presenter, 1, picture_of(100, 0, 4, 3));
	GstSample *sample = next(&rig, PATIENCE_NS);
	expect_shape(sample, WIDTH, HEIGHT, 4, 3);
	gst_sample_unref(sample);
	assert_int_equal(rig.width, 427);
	assert_int_equal(rig.height, HEIGHT);

	presenter_set_aspect(rig.presenter, PLAY_ASPECT_FILL);
	sample = next(&rig, PATIENCE_NS);
	expect_shape(sample, WIDTH, HEIGHT, 1, 1); /* the shape of a television */
	gst_sample_unref(sample);
	presenter_set_window(rig.presenter, 400, 450);
	sample = next(&rig, PATIENCE_NS);
	expect_shape(sample, WIDTH, HEIGHT, 1, 2);
	gst_sample_unref(sample);
	assert_int_equal(rig.width, WIDTH);
	assert_int_equal(rig.height, 360);

	presenter_set_window(rig.presenter, 320, 240);
	gst_sample_unref(next(&rig, PATIENCE_NS));
	presenter_set_aspect(rig.presenter, PLAY_ASPECT_ZOOM);
	sample = next(&rig, PATIENCE_NS);
	expect_shape(sample, 184, HEIGHT, 4 * 180, 3 * 184);
	gst_sample_unref(sample);
	close_rig(&rig);
}

/* The middle of a picture whose luma is its column. */
static void test_zoom_cuts_both_sides(void **state)
{
	(void)state;
	struct rig rig;
	open_rig(&rig);
	next_luma(&rig);
	presenter_set_window(rig.presenter, 180, 180);
	gst_sample_unref(next(&rig, PATIENCE_NS));
	presenter_set_aspect(rig.presenter, PLAY_ASPECT_ZOOM);
	gst_sample_unref(next(&rig, PATIENCE_NS));
	GstSample *columns = picture_of(0, 0, 1, 1);
	GstMapInfo map;
	gst_buffer_map(gst_sample_get_buffer(columns), &map, GST_MAP_WRITE);
	for (int i = 0; i < WIDTH * HEIGHT; i++)
		map.data[i] = (guint8)(i % WIDTH / 2);
	gst_buffer_unmap(gst_sample_get_buffer(columns), &map);
	presenter_show(rig.presenter, 1, columns);
	set_panel(&rig, 0, 0, 2, 2);
	/* The picture may have come before the panel. */
	GstSample *sample = next(&rig, PATIENCE_NS), *later = next(&rig, 200 * MS_NS);
	if (later) {
		gst_sample_unref(sample);
		sample = later;
	}
	expect_shape(sample, 184, HEIGHT, 180, 184);
	assert_int_equal(luma_at(sample, 0, 0), 235); /* panels belong to what is seen */
	assert_int_equal(luma_at(sample, 4, 100), 72 / 2);
	assert_int_equal(luma_at(sample, 183, 100), 251 / 2);
	gst_sample_unref(sample);
	close_rig(&rig);
}

/* ---- a pipeline after the other ---- */

static void test_the_next_pipeline_begins_black_with_panels(void **state)
{
	(void)state;
	struct rig rig;
	open_rig(&rig);
	next_luma(&rig);
	show(&rig, 1, 200, 0);
	assert_int_equal(next_luma(&rig), 200);
	detach(&rig);
	/* Nobody waits for what is not shown. */
	GstSample *shown = presenter_shown(rig.presenter);
	assert_int_equal(luma_at(shown, 10, 10), BLACK);
	gst_sample_unref(shown);
	set_panel(&rig, 100, 50, 20, 20);
	attach(&rig);
	GstSample *sample = next(&rig, PATIENCE_NS);
	assert_int_equal(luma_at(sample, 10, 10), BLACK);
	assert_int_equal(luma_at(sample, 110, 60), 235);
	gst_sample_unref(sample);
	show(&rig, 2, 150, 0);
	assert_int_equal(next_luma(&rig), 150);
	close_rig(&rig);
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
		cmocka_unit_test(test_black_stays_until_a_picture_comes),
		cmocka_unit_test(test_the_same_picture_ends_black_too),
		cmocka_unit_test(test_a_picture_in_time_spares_the_black),
		cmocka_unit_test(test_what_is_black_stays_black),
		cmocka_unit_test(test_blank_refuses_what_is_left_of_a_zap),
		cmocka_unit_test(test_panels_lie_over_black),
		cmocka_unit_test(test_pictures_that_nobody_saw_are_counted),
		cmocka_unit_test(test_drawing_drops_nothing),
		cmocka_unit_test(test_a_zap_drops_nothing),
		cmocka_unit_test(test_a_repaint_after_an_error_tells_of_nothing),
		cmocka_unit_test(test_the_shape_follows_wish_and_window),
		cmocka_unit_test(test_zoom_cuts_both_sides),
		cmocka_unit_test(test_the_next_pipeline_begins_black_with_panels),
	};
	return cmocka_run_group_tests_name("client_presenter", tests, setup, NULL);
}
