/* app/window on a screen without display server, where ui/kms is the test's own. */
#include "client/app/window.h"

#include <errno.h>
#include <glib.h>

#include "tests/support/test.h"
#include "ui/kms.h"

/* ---- a screen of 1920 x 1080 ---- */

struct ui_kms {
	bool is_there, is_open;
	size_t panel_count;
};

static struct ui_kms screen;

int ui_kms_open(const char *folder, struct ui_kms **ret)
{
	(void)folder;
	if (!screen.is_there)
		return -ENOENT;
	screen.is_open = true;
	*ret = &screen;
	return 0;
}

struct ui_kms_video ui_kms_video(const struct ui_kms *kms)
{
	(void)kms;
	return (struct ui_kms_video){.fd = 7, .connector = 8, .plane = 9};
}

void ui_kms_size(const struct ui_kms *kms, int *ret_width, int *ret_height)
{
	(void)kms;
	*ret_width = 1920;
	*ret_height = 1080;
}

void ui_kms_set_panels(struct ui_kms *kms, const struct ui_pane *panes, size_t count)
{
	(void)panes;
	kms->panel_count = count;
}

void ui_kms_close(struct ui_kms *kms)
{
	if (kms)
		kms->is_open = false;
}

/* ---- what becomes of it ---- */

static void log_nothing(void *ctx, const char *sentence)
{
	(void)ctx;
	fail_msg("\"%s\"", sentence);
}

static struct window *open_window(uv_loop_t *loop, const char *sink)
{
	const struct window_events events = {.log = log_nothing};
	struct window *window;

	g_unsetenv("WAYLAND_DISPLAY");
	g_unsetenv("DISPLAY");
	assert_int_equal(uv_loop_init(loop), 0);
	assert_int_equal(window_open(loop, sink, &events, &window), 0);
	return window;
}

static void test_a_screen_is_shown_on(void **state)
{
	const struct play_overlay panel = {.width = 1, .height = 1};
	int width, height;
	uv_loop_t loop;

	(void)state;
	screen = (struct ui_kms){.is_there = true};
	struct window *window = open_window(&loop, "auto");
	assert_non_null(window);
	assert_int_equal(window_for_play(window).type, PLAY_WINDOW_KMS);
	assert_int_equal(window_for_play(window).plane_id, 9);
	window_panel_size(window, &width, &height);
	assert_int_equal(width, 1920);
	assert_int_equal(height, 1080);
	assert_true(window_set_panels(window, &panel, 1));
	assert_int_equal(screen.panel_count, 1);
	window_full_screen(window, true); /* as it is */
	window_close(window);
	assert_false(screen.is_open);
	assert_int_equal(uv_loop_close(&loop), 0);
}

/* A box with nothing but a keyboard, as many a remote says that it is, must not be without keys. */
static void test_a_screen_gives_no_keys(void **state)
{
	uv_loop_t loop;

	(void)state;
	screen = (struct ui_kms){.is_there = true};
	struct window *window = open_window(&loop, "kms");
	assert_non_null(window);
	assert_false(window_gives_keys(window));
	window_close(window);
	assert_int_equal(uv_loop_close(&loop), 0);
}

static void test_without_planes_the_sink_is_left_to_itself(void **state)
{
	uv_loop_t loop;

	(void)state;
	screen = (struct ui_kms){0};
	assert_null(open_window(&loop, "kms"));
	assert_int_equal(uv_loop_close(&loop), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_screen_is_shown_on),
		cmocka_unit_test(test_a_screen_gives_no_keys),
		cmocka_unit_test(test_without_planes_the_sink_is_left_to_itself),
	};
	return cmocka_run_group_tests_name("client_window_kms", tests, NULL, NULL);
}
