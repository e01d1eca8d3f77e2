/* What is seen on an X display: the picture in its shape, and the bars, in windows of any size. */
#include <gst/gst.h>
#include <stdlib.h>

#include "tests/support/test.h"
#include "tests/unit/client/playing.h"
#include "tests/unit/ui/x11_display.h"

#define SCREEN_WIDTH 1280
#define SCREEN_HEIGHT 720
#define PATIENCE_US (10 * G_USEC_PER_SEC)
/* Of a bar's edge: rounding, and pixels between two lines of the picture. */
#define EDGE 3
#define NO_XVFB "no Xvfb here"

struct fixture {
	struct x11_display *display;
	struct units *hd, *wide, *narrow; /* 16:9 in square pixels; 720x576 in 64:45 and 16:15 */
	xcb_window_t window;
	struct playing playing;
	uint64_t n;
};

/* Where something bright is. */
struct box {
	int left, top, right, bottom;
};

static void resize(struct fixture *f, int width, int height)
{
	const uint32_t size[] = {(uint32_t)width, (uint32_t)height};
	xcb_configure_window(x11_display_connection(f->display), f->window,
		XCB_CONFIG_WINDOW_WIDTH | XCB_CONFIG_WINDOW_HEIGHT, size);
	x11_display_sync(f->display);
}

static void open_window(struct fixture *f, int width, int height)
{
	xcb_connection_t *connection = x11_display_connection(f->display);
	const uint32_t values[] = {0, 1}; /* black, nobody manages it */
	f->window = xcb_generate_id(connection);
	xcb_create_window(connection, XCB_COPY_FROM_PARENT, f->window, x11_display_root(f->display),
		0, 0, (uint16_t)width, (uint16_t)height, 0, XCB_WINDOW_CLASS_INPUT_OUTPUT,
		XCB_COPY_FROM_PARENT, XCB_CW_BACK_PIXEL | XCB_CW_OVERRIDE_REDIRECT, values);
	xcb_map_window(connection, f->window);
	x11_display_sync(f->display);
}

static void open_play(struct fixture *f, int width, int height)
{
	open_window(f, width, height);
	playing_open(&f->playing, (struct play_options){.video_sink = "auto",
					  .audio_sink = "none",
					  .window = {.type = PLAY_WINDOW_X11,
						  .handle = f->window,
						  .width = width,
						  .height = height}});
}

static void close_play(struct fixture *f)
{
	playing_close(&f->playing);
	xcb_destroy_window(x11_display_connection(f->display), f->window);
	x11_display_sync(f->display);
}

static struct box find_bright(struct fixture *f, int width, int height)
{
	xcb_connection_t *connection = x11_display_connection(f->display);
	xcb_get_image_reply_t *image = xcb_get_image_reply(connection,
		xcb_get_image(connection, XCB_IMAGE_FORMAT_Z_PIXMAP, f->window, 0, 0,
			(uint16_t)width, (uint16_t)height, ~0U),
		NULL);
	assert_non_null(image);
	const uint8_t *pixels = xcb_get_image_data(image);
	struct box box = {width, height, -1, -1};
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++) {
			if (pixels[4 * ((gsize)y * (gsize)width + (gsize)x) + 1] < 128)
				continue;
			box.left = MIN(box.left, x);
			box.right = MAX(box.right, x);
			box.top = MIN(box.top, y);
			box.bottom = MAX(box.bottom, y);
		}
	free(image);
	return box;
}

static bool is_near(const struct box *a, const struct box *b)
{
	return abs(a->left - b->left) <= EDGE && abs(a->right - b->right) <= EDGE &&
	       abs(a->top - b->top) <= EDGE && abs(a->bottom - b->bottom) <= EDGE;
}

/* Waits until the picture is in the window's middle, so wide and so high. */
static void expect_picture(
	struct fixture *f, int window_width, int window_height, int width, int height)
{
	const struct box wanted = {(window_width - width) / 2, (window_height - height) / 2,
		(window_width + width) / 2 - 1, (window_height + height) / 2 - 1};
	gint64 until_us = g_get_monotonic_time() + PATIENCE_US;
	struct box found;
	do {
		found = find_bright(f, window_width, window_height);
		if (is_near(&found, &wanted))
			return;
		g_usleep(10000);
	} while (g_get_monotonic_time() < until_us);
	fail_msg("the picture is at %d %d to %d %d instead of %d %d to %d %d", found.left,
		found.top, found.right, found.bottom, wanted.left, wanted.top, wanted.right,
		wanted.bottom);
}

static void zap(struct fixture *f, const struct units *units)
{
	play_flush(f->playing.play, ++f->n);
	playing_push(&f->playing, units, 0, 3, f->n, gst_util_get_timestamp() + 200 * MS_NS);
	playing_await_picture(&f->playing, f->n);
}

static void test_pictures_have_the_shape_that_they_were_sent_in(void **state)
{
	struct fixture *f = *state;
	if (!f->display)
		skip_because(NO_XVFB);
	open_play(f, 1280, 720);
	zap(f, f->hd);
	expect_picture(f, 1280, 720, 1280, 720);
	zap(f, f->wide);
	expect_picture(f, 1280, 720, 1280, 720);
	zap(f, f->narrow);
	expect_picture(f, 1280, 720, 960, 720);
	close_play(f);
}

static void test_every_wish_is_seen(void **state)
{
	struct fixture *f = *state;
	if (!f->display)
		skip_because(NO_XVFB);
	open_play(f, 1280, 720);
	zap(f, f->narrow);
	expect_picture(f, 1280, 720, 960, 720);
	const enum play_aspect whole[] = {PLAY_ASPECT_FILL, PLAY_ASPECT_ZOOM, PLAY_ASPECT_16_9};
	for (size_t i = 0; i < 3; i++) {
		play_set_aspect(f->playing.play, whole[i]);
		expect_picture(f, 1280, 720, 1280, 720);
		play_set_aspect(f->playing.play, PLAY_ASPECT_AUTO);
		expect_picture(f, 1280, 720, 960, 720);
	}
	/* It is kept, for pictures of another size too. */
	play_set_aspect(f->playing.play, PLAY_ASPECT_4_3);
	expect_picture(f, 1280, 720, 960, 720);
	zap(f, f->hd);
	expect_picture(f, 1280, 720, 960, 720);
	close_play(f);
}

static void test_a_window_that_changes_is_followed(void **state)
{
	struct fixture *f = *state;
	if (!f->display)
		skip_because(NO_XVFB);
	open_play(f, 1280, 720);
	zap(f, f->wide);
	expect_picture(f, 1280, 720, 1280, 720);
	resize(f, 800, 600);
	play_place(f->playing.play, 800, 600);
	expect_picture(f, 800, 600, 800, 450);
	play_set_aspect(f->playing.play, PLAY_ASPECT_FILL);
	expect_picture(f, 800, 600, 800, 600);
	resize(f, 400, 700);
	play_place(f->playing.play, 400, 700);
	expect_picture(f, 400, 700, 400, 700);
	play_set_aspect(f->playing.play, PLAY_ASPECT_ZOOM);
	expect_picture(f, 400, 700, 400, 700);
	play_set_aspect(f->playing.play, PLAY_ASPECT_AUTO);
	expect_picture(f, 400, 700, 400, 225);
	close_play(f);
}

/* No other picture comes; where it is painted anew too early it stays where it was, now and then.
 */
static void test_a_picture_that_stands_still_follows_too(void **state)
{
	struct fixture *f = *state;
	if (!f->display)
		skip_because(NO_XVFB);
	open_play(f, 1280, 720);
	zap(f, f->wide);
	expect_picture(f, 1280, 720, 1280, 720);
	for (unsigned i = 0; i < 40; i++) {
		const int width = i % 2 ? 1280 : 800, height = i % 2 ? 720 : 600;
		resize(f, width, height);
		play_place(f->playing.play, width, height);
		expect_picture(f, width, height, width, i % 2 ? 720 : 450);
	}
	close_play(f);
}

static void test_black_is_black(void **state)
{
	struct fixture *f = *state;
	if (!f->display)
		skip_because(NO_XVFB);
	open_play(f, 1280, 720);
	zap(f, f->hd);
	expect_picture(f, 1280, 720, 1280, 720);
	play_blank(f->playing.play);
	gint64 until_us = g_get_monotonic_time() + PATIENCE_US;
	while (find_bright(f, 1280, 720).right >= 0 && g_get_monotonic_time() < until_us)
		g_usleep(10000);
	assert_int_equal(find_bright(f, 1280, 720).right, -1);
	zap(f, f->narrow);
	expect_picture(f, 1280, 720, 960, 720);
	close_play(f);
}

/* Standby and back into the same window. */
static void test_the_window_is_drawn_into_again_after_a_rest(void **state)
{
	struct fixture *f = *state;
	if (!f->display)
		skip_because(NO_XVFB);
	open_play(f, 1280, 720);
	for (unsigned i = 0; i < 10; i++) {
		zap(f, f->narrow);
		expect_picture(f, 1280, 720, 960, 720);
		play_rest(f->playing.play, true);
		playing_await(&f->playing, PLAY_FACT_RESTS);
		resize(f, i % 2 ? 1280 : 800, i % 2 ? 720 : 600);
		play_place(f->playing.play, i % 2 ? 1280 : 800, i % 2 ? 720 : 600);
		play_rest(f->playing.play, false);
		zap(f, f->hd);
		expect_picture(f, i % 2 ? 1280 : 800, i % 2 ? 720 : 600, i % 2 ? 1280 : 800,
			i % 2 ? 720 : 450);
		resize(f, 1280, 720);
		play_place(f->playing.play, 1280, 720);
	}
	close_play(f);
}

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	gst_init(NULL, NULL);
	f->display = x11_display_start(SCREEN_WIDTH, SCREEN_HEIGHT);
	f->hd = units_of_picture(1280, 720, "1/1", "white");
	f->wide = units_of_picture(720, 576, "64/45", "white");
	f->narrow = units_of_picture(720, 576, "16/15", "white");
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	units_free(f->hd);
	units_free(f->wide);
	units_free(f->narrow);
	x11_display_stop(f->display);
	g_free(f);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pictures_have_the_shape_that_they_were_sent_in),
		cmocka_unit_test(test_every_wish_is_seen),
		cmocka_unit_test(test_a_window_that_changes_is_followed),
		cmocka_unit_test(test_a_picture_that_stands_still_follows_too),
		cmocka_unit_test(test_black_is_black),
		cmocka_unit_test(test_the_window_is_drawn_into_again_after_a_rest),
	};
	return cmocka_run_group_tests_name("client_play_display", tests, setup, teardown);
}
