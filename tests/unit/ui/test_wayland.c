/* ui/wayland: the window's size, keys and end, on a compositor of ours and on a real one. */
#include "tests/support/test.h"
#include "tests/unit/ui/window_log.h"

#include <errno.h>
#include <linux/input-event-codes.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <wayland-client.h>

#include "tests/unit/ui/compositor.h"
#include "tests/unit/ui/weston.h"
#include "ui/wayland.h"

#define MS 1000000ull
#define TAPS 2000
#define BATCH 50

struct fixture {
	char dir[64];
	struct window_log log;
	struct compositor *compositor;
	struct ui_wayland *wayland;
};

static void close_window(void *ctx)
{
	struct fixture *f = ctx;

	ui_wayland_close(f->wayland);
	f->wayland = NULL;
}

static int open_window(struct fixture *f)
{
	const struct ui_window_events events = window_log_events(&f->log);

	int r = ui_wayland_open(&f->log.loop, "zapper", &events, &f->wayland);
	if (r == 0) /* the compositor knows of the keyboard */
		wl_display_roundtrip(ui_wayland_display(f->wayland));
	return r;
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	strcpy(f->dir, "/tmp/zapper-wayland-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	setenv("XDG_RUNTIME_DIR", f->dir, 1);
	setenv("WAYLAND_DISPLAY", "nobody", 1);
	window_log_begin(&f->log);
	*state = f;
	return 0;
}

static int setup_window(void **state)
{
	setup(state);
	struct fixture *f = *state;
	f->compositor = compositor_start(&(struct compositor_options){0});
	assert_int_equal(open_window(f), 0);
	compositor_repeat(f->compositor, 0, 0); /* what is held stays so for the test's time */
	return 0;
}

/* Every test ends with an empty loop. */
static int teardown(void **state)
{
	struct fixture *f = *state;

	ui_wayland_close(f->wayland);
	compositor_stop(f->compositor);
	window_log_end(&f->log);
	uv_run(&f->log.loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&f->log.loop), 0);
	assert_int_equal(rmdir(f->dir), 0);
	free(f);
	return 0;
}

static uint32_t now_ms(void)
{
	return (uint32_t)(uv_hrtime() / MS);
}

static void test_opens_mapped(void **state)
{
	struct fixture *f = *state;
	int width, height, shown_width = 0, shown_height = 0;

	ui_wayland_size(f->wayland, &width, &height);
	assert_int_equal(width, 1280);
	assert_int_equal(height, 720);
	assert_non_null(ui_wayland_display(f->wayland));
	assert_non_null(ui_wayland_surface(f->wayland));
	compositor_shown_size(f->compositor, &shown_width, &shown_height);
	assert_int_equal(shown_width, 1280);
	assert_int_equal(shown_height, 720);
	assert_int_equal(f->log.resizes, 0);
}

static unsigned inhibitors(struct fixture *f)
{
	wl_display_roundtrip(ui_wayland_display(f->wayland));
	return compositor_inhibitors(f->compositor);
}

static void test_keeps_the_screen_awake(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(inhibitors(f), 0);
	ui_wayland_keep_awake(f->wayland, true);
	ui_wayland_keep_awake(f->wayland, true);
	assert_int_equal(inhibitors(f), 1);
	ui_wayland_keep_awake(f->wayland, false);
	ui_wayland_keep_awake(f->wayland, false);
	assert_int_equal(inhibitors(f), 0);
	ui_wayland_keep_awake(f->wayland, true); /* and is closed so */
	assert_int_equal(inhibitors(f), 1);
}

static void test_a_compositor_that_knows_no_sleep(void **state)
{
	struct fixture *f = *state;

	f->compositor = compositor_start(&(struct compositor_options){.no_idle = true});
	assert_int_equal(open_window(f), 0);
	ui_wayland_keep_awake(f->wayland, true);
	ui_wayland_keep_awake(f->wayland, false);
	assert_int_equal(inhibitors(f), 0);
}

static void tap(struct fixture *f, uint32_t code)
{
	compositor_key(f->compositor, code, now_ms(), true);
	compositor_key(f->compositor, code, now_ms(), false);
}

static void test_keys(void **state)
{
	struct fixture *f = *state;
	uint64_t before_ns = uv_hrtime();

	compositor_key(f->compositor, KEY_CHANNELUP, now_ms() - 30, true);
	compositor_key(f->compositor, KEY_CHANNELUP, now_ms(), false);
	compositor_key(f->compositor, KEY_F, now_ms(), true);
	window_log_wait(&f->log, &f->log.keys, 3);
	window_log_expect(&f->log, 0, KEY_CHANNELUP, UI_KEY_PRESS);
	window_log_expect(&f->log, 1, KEY_CHANNELUP, UI_KEY_RELEASE);
	window_log_expect(&f->log, 2, KEY_F, UI_KEY_PRESS);
	assert_int_equal(uv_backend_timeout(&f->log.loop), -1); /* it was told not to repeat */
	assert_in_range(f->log.told[0].at_ns, before_ns - 35 * MS, uv_hrtime() - 28 * MS);
	assert_in_range(f->log.told[1].at_ns, before_ns - 2 * MS, uv_hrtime());
	assert_in_range(f->log.told[2].at_ns, before_ns - 2 * MS, uv_hrtime());
}

/* The client repeats, at the rate that the compositor says. */
static void test_held_key_repeats(void **state)
{
	struct fixture *f = *state;

	compositor_repeat(f->compositor, 100, 60);
	compositor_key(f->compositor, KEY_UP, now_ms(), true);
	window_log_wait(&f->log, &f->log.keys, 1);
	assert_in_range(uv_backend_timeout(&f->log.loop), 0, 60);
	while (f->log.keys < 4)
		window_log_wait_more(&f->log, &f->log.keys, f->log.keys);
	compositor_key(f->compositor, KEY_UP, now_ms(), false);
	compositor_key(f->compositor, KEY_5, now_ms(), true);
	while (f->log.told[f->log.keys - 1].code != KEY_5)
		window_log_wait_more(&f->log, &f->log.keys, f->log.keys);
	const struct ui_key_event *told = f->log.told;
	window_log_expect(&f->log, 0, KEY_UP, UI_KEY_PRESS);
	for (size_t i = 1; i < f->log.keys - 2; i++) {
		window_log_expect(&f->log, i, KEY_UP, UI_KEY_REPEAT);
		assert_true(told[i].at_ns >= told[0].at_ns + (60 + 10 * (i - 1) - 5) * MS);
	}
	window_log_expect(&f->log, f->log.keys - 2, KEY_UP, UI_KEY_RELEASE);
	window_log_expect(&f->log, f->log.keys - 1, KEY_5, UI_KEY_PRESS);
}

/* Of two that are held the later one repeats; with its release none does. */
static void test_the_last_key_repeats(void **state)
{
	struct fixture *f = *state;

	compositor_repeat(f->compositor, 100, 40);
	compositor_key(f->compositor, KEY_UP, now_ms(), true);
	compositor_key(f->compositor, KEY_OK, now_ms(), true);
	while (f->log.keys < 4)
		window_log_wait_more(&f->log, &f->log.keys, f->log.keys);
	window_log_expect(&f->log, 2, KEY_OK, UI_KEY_REPEAT);
	window_log_expect(&f->log, 3, KEY_OK, UI_KEY_REPEAT);
	compositor_key(
		f->compositor, KEY_UP, now_ms(), false); /* that of the other changes nothing */
	size_t released = f->log.keys;
	while (f->log.keys < released + 3)
		window_log_wait_more(&f->log, &f->log.keys, f->log.keys);
	window_log_expect(&f->log, f->log.keys - 1, KEY_OK, UI_KEY_REPEAT);
	compositor_key(f->compositor, KEY_OK, now_ms(), false);
	while (f->log.told[f->log.keys - 1].motion != UI_KEY_RELEASE)
		window_log_wait_more(&f->log, &f->log.keys, f->log.keys);
	window_log_expect(&f->log, f->log.keys - 1, KEY_OK, UI_KEY_RELEASE);
	assert_int_equal(uv_backend_timeout(&f->log.loop), -1); /* nothing is to come */
}

/* The loop was busy with something else: a release that waits to be read ends the repeats. */
static void test_a_late_loop_makes_no_repeats(void **state)
{
	struct fixture *f = *state;

	compositor_repeat(f->compositor, 100, 20);
	compositor_key(f->compositor, KEY_UP, now_ms(), true);
	window_log_wait(&f->log, &f->log.keys, 1);
	compositor_key(f->compositor, KEY_UP, now_ms(), false);
	wl_display_roundtrip(ui_wayland_display(f->wayland)); /* the thread has it */
	uint64_t late_ns = uv_hrtime() + 60 * MS;
	while (uv_hrtime() < late_ns)
		sched_yield();
	window_log_wait(&f->log, &f->log.keys, 2);
	window_log_expect(&f->log, 1, KEY_UP, UI_KEY_RELEASE);
	assert_int_equal(uv_backend_timeout(&f->log.loop), -1);
}

static void test_keyboard_lost_in_mid_press(void **state)
{
	struct fixture *f = *state;

	compositor_enter(f->compositor, KEY_ENTER);
	compositor_key(f->compositor, KEY_UP, now_ms(), true);
	compositor_key(f->compositor, KEY_OK, now_ms(), true);
	compositor_leave(f->compositor);
	window_log_wait(&f->log, &f->log.keys, 4);
	window_log_expect(&f->log, 2, KEY_UP, UI_KEY_RELEASE);
	window_log_expect(&f->log, 3, KEY_OK, UI_KEY_RELEASE);
	compositor_enter(f->compositor, KEY_UP); /* still held: another's now */
	compositor_key(f->compositor, KEY_UP, now_ms(), false);
	tap(f, KEY_5);
	window_log_wait(&f->log, &f->log.keys, 6);
	window_log_expect(&f->log, 4, KEY_5, UI_KEY_PRESS);
}

static void test_keyboard_unplugged_in_mid_press(void **state)
{
	struct fixture *f = *state;

	compositor_key(f->compositor, KEY_UP, now_ms(), true);
	window_log_wait(&f->log, &f->log.keys, 1);
	compositor_unplug_keyboard(f->compositor);
	window_log_wait(&f->log, &f->log.keys, 2);
	window_log_expect(&f->log, 1, KEY_UP, UI_KEY_RELEASE);
}

/* As a program that types has it: the first key is "Up". */
static void test_no_pointer_lies_on_the_picture(void **state)
{
	struct fixture *f = *state;

	compositor_await_no_pointer(f->compositor);
	compositor_await_no_pointer(f->compositor); /* the next time as well */
	compositor_unplug_keyboard(f->compositor);  /* and the mouse */
	tap(f, KEY_5);
}

static void test_keymap(void **state)
{
	static const char text[] =
		"xkb_keymap {\n"
		"xkb_keycodes { minimum = 8; maximum = 11; <K1> = 9; };\n"
		"xkb_types { type \"ONE_LEVEL\" { modifiers = none; map[none] = Level1; }; };\n"
		"xkb_compatibility { };\n"
		"xkb_symbols { key <K1> { [ Up ] }; };\n"
		"};\n";
	struct fixture *f = *state;

	compositor_key(f->compositor, KEY_ESC, now_ms(), true);
	compositor_keymap(f->compositor, text);
	compositor_key(f->compositor, KEY_ESC, now_ms(), false);
	tap(f, 1);
	compositor_keymap(f->compositor, "");
	tap(f, 1);
	compositor_keymap(f->compositor, "nonsense");
	tap(f, 1);
	window_log_wait(&f->log, &f->log.keys, 8);
	window_log_expect(&f->log, 0, KEY_ESC, UI_KEY_PRESS);
	window_log_expect(&f->log, 1, KEY_ESC, UI_KEY_RELEASE);
	window_log_expect(&f->log, 2, KEY_UP, UI_KEY_PRESS);
	window_log_expect(&f->log, 4, KEY_ESC, UI_KEY_PRESS);
	window_log_expect(&f->log, 6, KEY_ESC, UI_KEY_PRESS);
}

/* As Shift has it. */
static void test_key_that_does_not_repeat(void **state)
{
	static const char text[] =
		"xkb_keymap {\n"
		"xkb_keycodes { minimum = 8; maximum = 11; <K1> = 9; };\n"
		"xkb_types { type \"ONE_LEVEL\" { modifiers = none; map[none] = Level1; }; };\n"
		"xkb_compatibility { };\n"
		"xkb_symbols { key <K1> { repeat = no, [ Up ] }; };\n"
		"};\n";
	struct fixture *f = *state;

	compositor_repeat(f->compositor, 100, 40);
	compositor_keymap(f->compositor, text);
	compositor_key(f->compositor, 1, now_ms(), true);
	window_log_wait(&f->log, &f->log.keys, 1);
	window_log_expect(&f->log, 0, KEY_UP, UI_KEY_PRESS);
	assert_int_equal(uv_backend_timeout(&f->log.loop), -1);
}

static void test_fullscreen(void **state)
{
	struct fixture *f = *state;

	ui_wayland_set_fullscreen(f->wayland, true);
	window_log_wait(&f->log, &f->log.resizes, 1);
	assert_int_equal(f->log.width, 1920);
	assert_int_equal(f->log.height, 1080);
	ui_wayland_set_fullscreen(f->wayland, false);
	window_log_wait(&f->log, &f->log.resizes, 2);
	assert_int_equal(f->log.width, 1280);
	compositor_configure(f->compositor, 800, 600); /* a viewer pulled at its corner */
	window_log_wait(&f->log, &f->log.resizes, 3);
	ui_wayland_set_fullscreen(f->wayland, true);
	window_log_wait(&f->log, &f->log.resizes, 4);
	ui_wayland_set_fullscreen(f->wayland, false);
	window_log_wait(&f->log, &f->log.resizes, 5);
	assert_int_equal(f->log.width, 800);
	assert_int_equal(f->log.height, 600);
}

/* What was told is not told again with the next event. */
static void assert_told_once(struct fixture *f)
{
	size_t closes = f->log.closes, resizes = f->log.resizes;

	tap(f, KEY_1);
	window_log_wait(&f->log, &f->log.keys, f->log.keys + 2);
	assert_int_equal(f->log.closes, closes);
	assert_int_equal(f->log.resizes, resizes);
}

static void follow_size(struct fixture *f)
{
	int width, height, shown_width, shown_height;

	compositor_configure(f->compositor, 1920, 1080);
	window_log_wait(&f->log, &f->log.resizes, 1);
	assert_int_equal(f->log.width, 1920);
	assert_int_equal(f->log.height, 1080);
	ui_wayland_size(f->wayland, &width, &height);
	assert_int_equal(width, 1920);
	assert_int_equal(height, 1080);
	compositor_configure(f->compositor, 0, 0); /* "as you like": stays as it is */
	compositor_configure(f->compositor, 640, 360);
	window_log_wait(&f->log, &f->log.resizes, 2);
	assert_int_equal(f->log.width, 640);
	assert_true(wl_display_roundtrip(ui_wayland_display(f->wayland)) >= 0);
	compositor_shown_size(f->compositor, &shown_width, &shown_height);
	assert_int_equal(shown_width, 640);
	assert_int_equal(shown_height, 360);
	assert_told_once(f);
}

static void test_follows_the_size(void **state)
{
	follow_size(*state);
}

static void test_follows_the_size_without_viewporter(void **state)
{
	struct fixture *f = *state;

	f->compositor = compositor_start(&(struct compositor_options){.no_viewporter = true});
	assert_int_equal(open_window(f), 0);
	follow_size(f);
}

static void test_close_button(void **state)
{
	struct fixture *f = *state;

	compositor_ask_close(f->compositor);
	window_log_wait(&f->log, &f->log.closes, 1);
	assert_int_equal(f->log.close_status, 0);
	assert_told_once(f);
}

static void test_compositor_gone(void **state)
{
	struct fixture *f = *state;

	compositor_key(f->compositor, KEY_UP, now_ms(), true);
	window_log_wait(&f->log, &f->log.keys, 1);
	compositor_stop(f->compositor);
	f->compositor = NULL;
	window_log_wait(&f->log, &f->log.closes, 1);
	assert_true(f->log.close_status < 0);
	uv_run(&f->log.loop, UV_RUN_NOWAIT);
	assert_int_equal(f->log.closes, 1);
	assert_int_equal(f->log.keys, 2);
	window_log_expect(&f->log, 1, KEY_UP, UI_KEY_RELEASE);
}

static void test_closed_from_its_own_events(void **state)
{
	struct fixture *f = *state;

	f->log.on_event = close_window;
	f->log.ctx = f;
	for (int i = 0; i < 5; i++)
		compositor_key(f->compositor, KEY_Q, now_ms(), true);
	window_log_wait(&f->log, &f->log.keys, 1);
	uv_run(&f->log.loop, UV_RUN_NOWAIT);
	assert_int_equal(f->log.keys, 1);

	assert_int_equal(open_window(f), 0);
	compositor_configure(f->compositor, 320, 180);
	window_log_wait(&f->log, &f->log.resizes, 1);

	assert_int_equal(open_window(f), 0);
	compositor_stop(f->compositor);
	f->compositor = NULL;
	window_log_wait(&f->log, &f->log.closes, 1);
}

struct other_reader {
	struct wl_display *display;
	int stop[2];
	size_t reads;
};

/* What waylandsink's thread does: reads the same socket for an event queue of its own. */
static void *read_too(void *ctx)
{
	struct other_reader *reader = ctx;
	struct wl_event_queue *queue = wl_display_create_queue(reader->display);
	struct pollfd fds[] = {{.fd = wl_display_get_fd(reader->display), .events = POLLIN},
		{.fd = reader->stop[0], .events = POLLIN}};

	while (!(fds[1].revents & POLLIN)) {
		while (wl_display_prepare_read_queue(reader->display, queue) < 0)
			wl_display_dispatch_queue_pending(reader->display, queue);
		poll(fds, 2, -1);
		if (fds[1].revents & POLLIN || !(fds[0].revents & POLLIN)) {
			wl_display_cancel_read(reader->display);
		} else {
			wl_display_read_events(reader->display);
			reader->reads++;
		}
		wl_display_dispatch_queue_pending(reader->display, queue);
	}
	wl_event_queue_destroy(queue);
	return NULL;
}

static void test_no_key_is_lost_beside_another_reader(void **state)
{
	struct fixture *f = *state;
	struct other_reader reader = {.display = ui_wayland_display(f->wayland)};
	pthread_t thread;

	assert_int_equal(pipe(reader.stop), 0);
	assert_int_equal(pthread_create(&thread, NULL, read_too, &reader), 0);
	for (size_t i = 0; i < TAPS; i++) {
		tap(f, (uint32_t)(KEY_1 + i % 9));
		if (i % BATCH == BATCH - 1) /* a compositor drops a client that does not read */
			window_log_wait(&f->log, &f->log.keys, 2 * i + 2);
	}
	assert_int_equal(f->log.keys, 2 * TAPS);
	for (size_t i = 0; i < TAPS; i++) {
		window_log_expect(&f->log, 2 * i, (uint16_t)(KEY_1 + i % 9), UI_KEY_PRESS);
		window_log_expect(&f->log, 2 * i + 1, (uint16_t)(KEY_1 + i % 9), UI_KEY_RELEASE);
	}
	assert_int_equal(write(reader.stop[1], "", 1), 1);
	pthread_join(thread, NULL);
	assert_true(reader.reads > 0);
	close(reader.stop[0]);
	close(reader.stop[1]);
}

static void test_no_compositor(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(open_window(f), -ENOENT);
	assert_null(f->wayland);
	ui_wayland_close(NULL);
}

static void test_compositor_without_windows(void **state)
{
	struct fixture *f = *state;

	f->compositor = compositor_start(&(struct compositor_options){.no_shell = true});
	assert_int_equal(open_window(f), -EPROTONOSUPPORT);
}

/* The sink could not draw into it, either. */
static void test_compositor_without_subsurfaces(void **state)
{
	struct fixture *f = *state;

	f->compositor = compositor_start(&(struct compositor_options){.no_subsurfaces = true});
	assert_int_equal(open_window(f), -EPROTONOSUPPORT);
}

static void test_compositor_that_does_not_answer(void **state)
{
	struct fixture *f = *state;
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof address.sun_path, "%s/nobody", f->dir);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(open_window(f), -ETIMEDOUT);
	close(fd);
	unlink(address.sun_path);
}

/* Kiosk-shell shows one window on the whole output. */
static void test_on_weston(void **state)
{
	struct fixture *f = *state;
	pid_t weston = weston_start(1024, 600);
	int width = 0, height = 0;

	if (!weston)
		skip_because("no weston that starts headless here");
	int r = open_window(f);
	if (r == 0) {
		ui_wayland_size(f->wayland, &width, &height);
		uv_run(&f->log.loop, UV_RUN_NOWAIT);
	}
	int error = r == 0 ? wl_display_get_error(ui_wayland_display(f->wayland)) : 0;
	ui_wayland_close(f->wayland);
	f->wayland = NULL;
	weston_stop(weston);
	assert_int_equal(r, 0);
	assert_int_equal(error, 0);
	assert_int_equal(width, 1024);
	assert_int_equal(height, 600);
	assert_int_equal(f->log.closes, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_opens_mapped, setup_window, teardown),
		cmocka_unit_test_setup_teardown(
			test_keeps_the_screen_awake, setup_window, teardown),
		cmocka_unit_test_setup_teardown(
			test_a_compositor_that_knows_no_sleep, setup, teardown),
		cmocka_unit_test_setup_teardown(test_keys, setup_window, teardown),
		cmocka_unit_test_setup_teardown(
			test_no_pointer_lies_on_the_picture, setup_window, teardown),
		cmocka_unit_test_setup_teardown(test_held_key_repeats, setup_window, teardown),
		cmocka_unit_test_setup_teardown(test_the_last_key_repeats, setup_window, teardown),
		cmocka_unit_test_setup_teardown(
			test_a_late_loop_makes_no_repeats, setup_window, teardown),
		cmocka_unit_test_setup_teardown(
			test_keyboard_lost_in_mid_press, setup_window, teardown),
		cmocka_unit_test_setup_teardown(
			test_keyboard_unplugged_in_mid_press, setup_window, teardown),
		cmocka_unit_test_setup_teardown(test_keymap, setup_window, teardown),
		cmocka_unit_test_setup_teardown(
			test_key_that_does_not_repeat, setup_window, teardown),
		cmocka_unit_test_setup_teardown(test_fullscreen, setup_window, teardown),
		cmocka_unit_test_setup_teardown(test_follows_the_size, setup_window, teardown),
		cmocka_unit_test_setup_teardown(
			test_follows_the_size_without_viewporter, setup, teardown),
		cmocka_unit_test_setup_teardown(test_close_button, setup_window, teardown),
		cmocka_unit_test_setup_teardown(test_compositor_gone, setup_window, teardown),
		cmocka_unit_test_setup_teardown(
			test_closed_from_its_own_events, setup_window, teardown),
		cmocka_unit_test_setup_teardown(
			test_no_key_is_lost_beside_another_reader, setup_window, teardown),
		cmocka_unit_test_setup_teardown(test_no_compositor, setup, teardown),
		cmocka_unit_test_setup_teardown(test_compositor_without_windows, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_compositor_without_subsurfaces, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_compositor_that_does_not_answer, setup, teardown),
		cmocka_unit_test_setup_teardown(test_on_weston, setup, teardown),
	};
	return cmocka_run_group_tests_name("ui_wayland", tests, NULL, NULL);
}
