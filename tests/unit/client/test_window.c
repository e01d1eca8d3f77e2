/*
 * app/window: which display it takes, and that panels look the same whoever puts them over the
 * picture, with real sinks: what weston shows is compared with what the presenter blends.
 */
#include "client/app/window.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <gst/app/app.h>
#include <gst/gst.h>
#include <string.h>

#include "tests/support/test.h"
#include "tests/unit/ui/samples.h"
#include "tests/unit/ui/weston.h"
#include "tests/unit/ui/weston_shot.h"
#include "tests/unit/ui/x11_display.h"
#include "ui/paint.h"

#define WIDTH 1280
#define HEIGHT 720
#define PATIENCE_MS 20000
#define MS_NS UINT64_C(1000000)

struct fixture {
	char *folder;
	uv_loop_t loop;
	uv_async_t async;
	uv_timer_t guard;
	struct window *window;
	struct play *play;
	unsigned facts[PLAY_FACT_WARNING + 1];
	unsigned resizes, sentences;
	uint64_t zap;
	GBytes *picture; /* a key picture of one colour */
	pid_t weston;
	struct x11_display *x11;
};

static GBytes *encode_picture(void)
{
	gst_init(NULL, NULL);
	GstElement *pipeline = gst_parse_launch(
		"videotestsrc num-buffers=1 pattern=solid-color foreground-color=0xff306090 ! "
		"video/x-raw,format=I420,width=1280,height=720,framerate=25/1 ! x264enc aud=true ! "
		"video/x-h264,stream-format=byte-stream,alignment=au ! appsink name=out sync=false",
		NULL);
	assert_non_null(pipeline);
	GstElement *out = gst_bin_get_by_name(GST_BIN(pipeline), "out");
	gst_element_set_state(pipeline, GST_STATE_PLAYING);
	GstSample *sample = gst_app_sink_pull_sample(GST_APP_SINK(out));
	gpointer data;
	gsize size;
	gst_buffer_extract_dup(gst_sample_get_buffer(sample), 0, G_MAXSIZE, &data, &size);
	gst_sample_unref(sample);
	gst_element_set_state(pipeline, GST_STATE_NULL);
	gst_object_unref(out);
	gst_object_unref(pipeline);
	return g_bytes_new_take(data, size);
}

/* ---- a window, and play in it ---- */

static void on_key(void *ctx, const struct ui_key_event *event)
{
	(void)ctx;
	(void)event;
}

static void on_resize(void *ctx, int width, int height)
{
	struct fixture *f = ctx;
	f->resizes++;
	if (f->play)
		play_place(f->play, width, height);
}

static void on_close(void *ctx, int status)
{
	(void)ctx;
	fail_msg("the window was closed: %d", status);
}

static void on_log(void *ctx, const char *sentence)
{
	struct fixture *f = ctx;
	print_message("%s\n", sentence);
	f->sentences++;
}

static void on_guard(uv_timer_t *timer)
{
	(void)timer;
	fail_msg("nothing more happens");
}

static void on_wake(void *ctx)
{
	struct fixture *f = ctx;
	uv_async_send(&f->async);
}

static void on_async(uv_async_t *async)
{
	struct fixture *f = async->data;
	struct play_fact fact;
	while (f->play && play_next_fact(f->play, &fact)) {
		f->facts[fact.type]++;
		if (fact.type == PLAY_FACT_PLACED)
			window_placed(f->window);
		if (fact.type == PLAY_FACT_FAILED || fact.type == PLAY_FACT_ERROR)
			fail_msg("%s", fact.text);
		if (fact.type == PLAY_FACT_SNAPSHOT)
			assert_string_equal(fact.text, "");
	}
}

/* Since play was opened. */
static void await(struct fixture *f, enum play_fact_type type)
{
	uv_timer_start(&f->guard, on_guard, PATIENCE_MS, 0);
	while (!f->facts[type])
		uv_run(&f->loop, UV_RUN_ONCE);
	uv_timer_stop(&f->guard);
}

static int open_window(struct fixture *f, const char *video_sink)
{
	const struct window_events events = {on_key, on_resize, on_close, on_log, f};
	return window_open(&f->loop, video_sink, &events, &f->window);
}

static void open_play(struct fixture *f, const char *video_sink)
{
	const struct play_options options = {.video_sink = video_sink,
		.audio_sink = "none",
		.window = window_for_play(f->window),
		.wake = on_wake,
		.wake_ctx = f};
	memset(f->facts, 0, sizeof f->facts);
	f->play = play_open(&options);
	await(f, PLAY_FACT_OPENED);
	if (options.window.type == PLAY_WINDOW_WAYLAND)
		await(f, PLAY_FACT_PLACED);
}

/* From now on the video is of that colour. */
static void play_colour(struct fixture *f)
{
	uint64_t now_ns = gst_util_get_timestamp();
	const struct play_unit unit = {.n = ++f->zap,
		.kind = PLAY_VIDEO,
		.codec = PLAY_CODEC_H264,
		.key = true,
		.pts_ns = now_ns + 100 * MS_NS,
		.dts_ns = now_ns + 100 * MS_NS,
		.arrival_ns = now_ns,
		.data = g_bytes_ref(f->picture)};
	play_flush(f->play, f->zap);
	assert_true(play_push(f->play, &unit));
	await(f, PLAY_FACT_PICTURE);
}

static void close_play(struct fixture *f)
{
	if (!f->play)
		return;
	play_stop(f->play);
	await(f, PLAY_FACT_STOPPED);
	play_free(f->play);
	f->play = NULL;
}

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	f->folder = g_dir_make_tmp("zapper-window-XXXXXX", NULL);
	g_setenv("XDG_RUNTIME_DIR", f->folder, TRUE);
	g_unsetenv("WAYLAND_DISPLAY");
	g_unsetenv("DISPLAY");
	f->picture = encode_picture();
	assert_int_equal(uv_loop_init(&f->loop), 0);
	uv_async_init(&f->loop, &f->async, on_async);
	uv_timer_init(&f->loop, &f->guard);
	f->async.data = f;
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	close_play(f);
	window_close(f->window);
	uv_close((uv_handle_t *)&f->async, NULL);
	uv_close((uv_handle_t *)&f->guard, NULL);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&f->loop), 0);
	if (f->weston)
		weston_stop(f->weston);
	x11_display_stop(f->x11);
	assert_int_equal(g_rmdir(f->folder), 0);
	g_bytes_unref(f->picture);
	g_free(f->folder);
	g_free(f);
	return 0;
}

/* ---- panels ---- */

static struct play_overlay overlay_of(struct ui_image *image)
{
	return (struct play_overlay){.x = image->x,
		.y = image->y,
		.width = image->width,
		.height = image->height,
		.stride_bytes = image->stride_bytes,
		.pixels = g_bytes_new_take(
			image->pixels, (gsize)image->stride_bytes * (gsize)image->height)};
}

/* Those of all samples' panels that are in `wanted`, from the lowest up. */
static GArray *paint(int width, int height, uint32_t wanted)
{
	GArray *panels = g_array_new(FALSE, FALSE, sizeof(struct play_overlay));
	struct ui_painter *painter =
		ui_painter_new(&(struct ui_painter_options){.logos = ui_sample_logos});
	struct ui_view *view = g_new0(struct ui_view, 1);
	view->volume = (struct ui_volume_view){.visible = true, .percent = 40};
	ui_sample_banner(&view->banner, 3);
	ui_sample_list(&view->list, 5);
	view->banner.visible = view->list.visible = true;
	for (int i = 0; i < UI_PANELS; i++) {
		struct ui_image image = {0};
		if (!(wanted & 1u << i))
			continue;
		assert_int_equal(
			ui_paint_panel(painter, (enum ui_panel)i, view, width, height, &image), 0);
		assert_non_null(image.pixels);
		struct play_overlay panel = overlay_of(&image);
		g_array_append_val(panels, panel);
	}
	g_free(view);
	ui_painter_free(painter);
	return panels;
}

static void drop(GArray *panels)
{
	for (guint i = 0; i < panels->len; i++)
		g_bytes_unref(g_array_index(panels, struct play_overlay, i).pixels);
	g_array_unref(panels);
}

static const struct play_overlay *list_of(const GArray *panels)
{
	return (const void *)panels->data;
}

/* ---- what is seen ---- */

/* What play_snapshot() was asked for; the path is freed. */
static GdkPixbuf *await_snapshot(struct fixture *f, char *path)
{
	await(f, PLAY_FACT_SNAPSHOT);
	f->facts[PLAY_FACT_SNAPSHOT] = 0;
	GdkPixbuf *picture = gdk_pixbuf_new_from_file(path, NULL);
	assert_non_null(picture);
	g_unlink(path);
	g_free(path);
	return picture;
}

/* What the presenter makes of the panels over the video. */
static GdkPixbuf *blend(struct fixture *f, const GArray *panels)
{
	char *path = g_build_filename(f->folder, "blended.png", NULL);
	open_play(f, "fakesink");
	play_colour(f);
	play_set_overlay(f->play, list_of(panels), panels->len);
	play_snapshot(f->play, path, 1);
	GdkPixbuf *picture = await_snapshot(f, path);
	close_play(f);
	return picture;
}

static uint32_t pixel_of(const GdkPixbuf *picture, int x, int y)
{
	const guint8 *at = gdk_pixbuf_read_pixels(picture) + y * gdk_pixbuf_get_rowstride(picture) +
			   x * gdk_pixbuf_get_n_channels(picture);
	return (uint32_t)(at[0] << 16 | at[1] << 8 | at[2]);
}

/* Of the two pixels: of that one of red, green and blue which differs most. */
static int difference(uint32_t a, uint32_t b)
{
	int largest = 0;
	for (int shift = 0; shift < 24; shift += 8)
		largest = MAX(largest, abs((int)(a >> shift & 0xff) - (int)(b >> shift & 0xff)));
	return largest;
}

/*
 * The presenter blends in Y'CbCr, with half the resolution of colour, so each colour is some steps
 * away, and more at an edge of one. Panels that are not there, or elsewhere, are far more.
 */
static bool look_alike(const struct weston_shot *shot, const GdkPixbuf *picture)
{
	double sum = 0;
	int far = 0;
	for (int y = 0; y < HEIGHT; y++) {
		for (int x = 0; x < WIDTH; x++) {
			int d = difference(weston_shot_at(shot, x, y), pixel_of(picture, x, y));
			sum += d;
			far += d > 48;
		}
	}
	return sum / (WIDTH * HEIGHT) < 4 && far < WIDTH * HEIGHT / 500;
}

/*
 * With the compositor's next pictures. The sink drops one that comes before the compositor has
 * shown the last, so there are more of the video as well.
 */
static void expect_alike(struct fixture *f, const GdkPixbuf *picture)
{
	gint64 deadline_us = g_get_monotonic_time() + PATIENCE_MS * 1000;
	for (bool alike = false; !alike;) {
		struct weston_shot shot = weston_shoot();
		assert_int_equal(shot.width, WIDTH);
		alike = look_alike(&shot, picture);
		free(shot.pixels);
		assert_true(alike || g_get_monotonic_time() < deadline_us);
		if (!alike)
			play_colour(f);
	}
}

/* What somebody is shown who asks for a picture of the screen. */
static void expect_snapshot_alike(struct fixture *f, const GArray *panels)
{
	char *path = g_build_filename(f->folder, "screen.png", NULL);
	const struct play_screen screen = {WIDTH, HEIGHT, list_of(panels), panels->len};
	play_snapshot_screen(f->play, path, 1, &screen);
	GdkPixbuf *picture = await_snapshot(f, path);
	expect_alike(f, picture);
	g_object_unref(picture);
}

#define begin_on_weston(f)                                                                         \
	do {                                                                                       \
		(f)->weston = weston_start_seen(WIDTH, HEIGHT, 1);                                 \
		if (!(f)->weston)                                                                  \
			skip_because("no weston that starts headless here");                       \
		assert_int_equal(open_window(f, "wayland"), 0);                                    \
		window_full_screen((f)->window, true);                                             \
	} while (0)

static void test_looks_the_same(void **state)
{
	struct fixture *f = *state;
	static const uint32_t sets[] = {1 << UI_PANEL_BANNER,
		1 << UI_PANEL_LIST | 1 << UI_PANEL_VOLUME,
		1 << UI_PANEL_BANNER | 1 << UI_PANEL_VOLUME};
	GdkPixbuf *blended[G_N_ELEMENTS(sets)];
	GArray *panels[G_N_ELEMENTS(sets)];
	int width = 0, height = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(sets); i++) {
		panels[i] = paint(WIDTH, HEIGHT, sets[i]);
		blended[i] = blend(f, panels[i]);
	}

	begin_on_weston(f);
	open_play(f, "wayland");
	play_colour(f);
	window_panel_size(f->window, &width, &height);
	assert_int_equal(width, WIDTH);
	assert_int_equal(height, HEIGHT);
	for (size_t i = 0; i < G_N_ELEMENTS(sets); i++) {
		assert_true(window_set_panels(f->window, list_of(panels[i]), panels[i]->len));
		expect_alike(f, blended[i]);
		expect_snapshot_alike(f, panels[i]);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(sets); i++) {
		drop(panels[i]);
		g_object_unref(blended[i]);
	}
}

/* The sink is taken down and built anew, as for standby: with panels before, while, and after. */
static void test_panels_stay_above_a_sink_that_comes_back(void **state)
{
	struct fixture *f = *state;
	GArray *banner = paint(WIDTH, HEIGHT, 1 << UI_PANEL_BANNER);
	GArray *list = paint(WIDTH, HEIGHT, 1 << UI_PANEL_LIST);
	GdkPixbuf *with_banner = blend(f, banner), *with_list = blend(f, list);
	const struct weston_spot dark[] = {{WIDTH / 2, 10, 0}, {10, HEIGHT / 2, 0}};

	begin_on_weston(f);
	assert_true(window_set_panels(f->window, list_of(banner), banner->len));
	for (int i = 0; i < 3; i++) {
		open_play(f, "wayland");
		play_colour(f);
		expect_alike(f, with_banner);
		window_set_panels(f->window, list_of(list), list->len);
		expect_alike(f, with_list);
		close_play(f);
		weston_expect(dark, 2, 0);
		window_set_panels(f->window, list_of(banner), banner->len);
	}
	drop(banner);
	drop(list);
	g_object_unref(with_banner);
	g_object_unref(with_list);
}

/* Standby: the sink lets go of the window, which stays with its panels, and comes back. */
static void test_panels_stay_through_standby(void **state)
{
	struct fixture *f = *state;
	GArray *banner = paint(WIDTH, HEIGHT, 1 << UI_PANEL_BANNER);
	GdkPixbuf *with_banner = blend(f, banner);
	const struct weston_spot dark[] = {{WIDTH / 2, 10, 0}, {10, HEIGHT / 2, 0}};

	begin_on_weston(f);
	open_play(f, "wayland");
	for (int i = 0; i < 3; i++) {
		play_colour(f);
		window_set_panels(f->window, list_of(banner), banner->len);
		expect_alike(f, with_banner);
		memset(f->facts, 0, sizeof f->facts);
		play_rest(f->play, true);
		await(f, PLAY_FACT_RESTS);
		weston_expect(dark, 2, 0);
		play_rest(f->play, false);
		await(f, PLAY_FACT_OPENED);
		await(f, PLAY_FACT_PLACED);
	}
	drop(banner);
	g_object_unref(with_banner);
}

static void await_resize(struct fixture *f, unsigned count)
{
	uv_timer_start(&f->guard, on_guard, PATIENCE_MS, 0);
	while (f->resizes < count)
		uv_run(&f->loop, UV_RUN_ONCE);
	uv_timer_stop(&f->guard);
}

static void expect_panel_size(struct fixture *f, int wanted_width, int wanted_height)
{
	int width, height;
	window_panel_size(f->window, &width, &height);
	assert_int_equal(width, wanted_width);
	assert_int_equal(height, wanted_height);
}

/* Panels are painted for what there is to see: all pixels of a screen with two to a unit. */
static void test_full_screen(void **state)
{
	struct fixture *f = *state;

	f->weston = weston_start_seen(1600, 900, 2);
	if (!f->weston)
		skip_because("no weston that starts headless here");
	assert_int_equal(open_window(f, "auto"), 0);
	assert_true(window_gives_keys(f->window));
	expect_panel_size(f, 2560, 1440);
	window_full_screen(f->window, true);
	await_resize(f, 1);
	expect_panel_size(f, 3200, 1800);
	assert_int_equal(window_for_play(f->window).width, 1600);
	window_full_screen(f->window, false);
	await_resize(f, 2);
	expect_panel_size(f, 2560, 1440);
}

/* There the presenter blends. */
static void test_x11_shows_none(void **state)
{
	struct fixture *f = *state;
	GArray *banner = paint(WIDTH, HEIGHT, 1 << UI_PANEL_BANNER);
	int width = 1, height = 1;

	f->x11 = x11_display_start(WIDTH, HEIGHT);
	if (!f->x11)
		skip_because("no Xvfb that starts here");
	assert_int_equal(open_window(f, "auto"), 0);
	assert_int_equal(window_for_play(f->window).type, PLAY_WINDOW_X11);
	assert_true(window_gives_keys(f->window));
	assert_false(window_set_panels(f->window, list_of(banner), banner->len));
	window_panel_size(f->window, &width, &height);
	assert_int_equal(width, 0);
	assert_int_equal(height, 0);
	drop(banner);
}

static void test_the_display_that_answers(void **state)
{
	struct fixture *f = *state;

	g_setenv("WAYLAND_DISPLAY", "nobody", TRUE);
	f->x11 = x11_display_start(WIDTH, HEIGHT);
	if (!f->x11)
		skip_because("no Xvfb that starts here");
	assert_int_equal(open_window(f, "auto"), 0);
	assert_int_equal(f->sentences, 1);
	assert_int_equal(window_for_play(f->window).type, PLAY_WINDOW_X11);
	window_full_screen(f->window, true);
}

static void test_no_window(void **state)
{
	struct fixture *f = *state;
	int width = 1, height = 1;

	assert_int_equal(open_window(f, "none"), 0);
	assert_null(f->window);
	assert_int_equal(window_for_play(NULL).type, PLAY_WINDOW_NONE);
	assert_false(window_gives_keys(NULL));
	assert_false(window_set_panels(NULL, NULL, 0));
	window_panel_size(NULL, &width, &height);
	assert_int_equal(width + height, 0);
	window_full_screen(NULL, true);
	window_keep_awake(NULL, true);
	window_placed(NULL);
	window_close(NULL);
	assert_int_not_equal(open_window(f, "wayland"), 0);
	assert_null(f->window);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_no_window, setup, teardown),
		cmocka_unit_test_setup_teardown(test_looks_the_same, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_panels_stay_above_a_sink_that_comes_back, setup, teardown),
		cmocka_unit_test_setup_teardown(test_panels_stay_through_standby, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full_screen, setup, teardown),
		cmocka_unit_test_setup_teardown(test_x11_shows_none, setup, teardown),
		cmocka_unit_test_setup_teardown(test_the_display_that_answers, setup, teardown),
	};
	return cmocka_run_group_tests_name("client_window", tests, NULL, NULL);
}
