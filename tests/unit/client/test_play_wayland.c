/* Pictures in a window of ours on Wayland: every shape, and standby and back into the same window.
 */
#include <dirent.h>
#include <gst/gst.h>
#include <unistd.h>
#include <uv.h>

#include "tests/support/test.h"
#include "tests/unit/client/playing.h"
#include "tests/unit/ui/weston.h"
#include "ui/wayland.h"

#define NO_WESTON "no weston here"

struct fixture {
	char *dir;
	pid_t weston;
	uv_loop_t loop;
	struct ui_wayland *window;
	struct units *hd, *narrow;
	struct playing playing;
	uint64_t n;
};

static unsigned open_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned count = 0;
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

/* What the loop of app does with it. */
static void await_placed(struct fixture *f)
{
	playing_await(&f->playing, PLAY_FACT_PLACED);
	ui_wayland_commit(f->window);
}

static void open_play(struct fixture *f)
{
	struct play_options options = {.video_sink = "auto",
		.audio_sink = "none",
		.window = {.type = PLAY_WINDOW_WAYLAND,
			.display = ui_wayland_display(f->window),
			.handle = (uintptr_t)ui_wayland_surface(f->window)}};
	ui_wayland_size(f->window, &options.window.width, &options.window.height);
	playing_open(&f->playing, options);
	await_placed(f);
	assert_string_equal(play_video_sink(f->playing.play), "waylandsink");
}

static void zap(struct fixture *f, const struct units *units)
{
	play_flush(f->playing.play, ++f->n);
	playing_push(&f->playing, units, 0, 5, f->n, gst_util_get_timestamp() + 200 * MS_NS);
	for (unsigned i = 0; i < 3; i++)
		playing_await_picture(&f->playing, f->n);
}

static void test_every_shape_is_shown(void **state)
{
	struct fixture *f = *state;
	if (!f->weston)
		skip_because(NO_WESTON);
	open_play(f);
	for (int aspect = 0; aspect < PLAY_ASPECTS; aspect++) {
		play_set_aspect(f->playing.play, (enum play_aspect)aspect);
		zap(f, f->hd);
		zap(f, f->narrow);
	}
	play_place(f->playing.play, 800, 600);
	await_placed(f);
	zap(f, f->hd);
	playing_close(&f->playing);
}

static void test_the_window_is_drawn_into_again_after_a_rest(void **state)
{
	struct fixture *f = *state;
	unsigned fds = 0;
	if (!f->weston)
		skip_because(NO_WESTON);
	open_play(f);
	for (unsigned i = 0; i < 20; i++) {
		zap(f, i % 2 ? f->hd : f->narrow);
		play_rest(f->playing.play, true);
		playing_await(&f->playing, PLAY_FACT_RESTS);
		if (i == 3)
			fds = open_fds();
		if (i > 3)
			assert_int_equal(open_fds(), fds);
		play_rest(f->playing.play, false);
		await_placed(f);
	}
	zap(f, f->hd);
	playing_close(&f->playing);
}

static void open_window(struct fixture *f)
{
	const struct ui_window_events events = {.ctx = f};
	f->weston = weston_start(1280, 720);
	if (f->weston)
		assert_int_equal(ui_wayland_open(&f->loop, "zapper", &events, &f->window), 0);
}

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	f->dir = g_dir_make_tmp("zapper-XXXXXX", NULL);
	g_setenv("XDG_RUNTIME_DIR", f->dir, TRUE);
	uv_loop_init(&f->loop);
	f->hd = units_of_picture(1280, 720, "1/1", "smpte");
	f->narrow = units_of_picture(720, 576, "16/15", "smpte");
	open_window(f);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	ui_wayland_close(f->window);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&f->loop), 0);
	if (f->weston)
		weston_stop(f->weston);
	units_free(f->hd);
	units_free(f->narrow);
	rmdir(f->dir);
	g_free(f->dir);
	g_free(f);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_shape_is_shown),
		cmocka_unit_test(test_the_window_is_drawn_into_again_after_a_rest),
	};
	return cmocka_run_group_tests_name("client_play_wayland", tests, setup, teardown);
}
