/* ui/x11: the window's look, size, keys and end, on a real X server without a screen. */
#include "tests/support/test.h"
#include "tests/unit/ui/window_log.h"

#include <X11/keysym.h>
#include <errno.h>
#include <linux/input-event-codes.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xcb/xfixes.h>

#include "tests/unit/ui/x11_display.h"
#include "ui/x11.h"

#define MS 1000000ull
#define MANY 300

struct fixture {
	struct window_log log;
	struct x11_display *display;
	struct ui_x11 *x11;
};

static void close_window(void *ctx)
{
	struct fixture *f = ctx;

	ui_x11_close(f->x11);
	f->x11 = NULL;
}

static int open_window(struct fixture *f)
{
	const struct ui_window_events events = window_log_events(&f->log);

	return ui_x11_open(&f->log.loop, "zapper", &events, &f->x11);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	window_log_begin(&f->log);
	*state = f;
	return 0;
}

/* After the call the window is on the screen, uncovered, and has told of it in its resizes. */
static void start(struct fixture *f, int width, int height)
{
	f->display = x11_display_start(width, height);
	if (!f->display)
		return;
	assert_int_equal(open_window(f), 0);
	window_log_wait_more(&f->log, &f->log.resizes, 0);
	x11_display_sync(f->display);
	uv_run(&f->log.loop, UV_RUN_NOWAIT);
	f->log.resizes = 0;
}

static int setup_window(void **state)
{
	setup(state);
	start(*state, 1600, 900);
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	ui_x11_close(f->x11);
	x11_display_stop(f->display);
	window_log_end(&f->log);
	uv_run(&f->log.loop, UV_RUN_DEFAULT);
	int r = uv_loop_close(&f->log.loop);
	free(f);
	return r;
}

#define NO_XVFB "no Xvfb that starts here"

/* With the screen saver on, which uncovers the window when it ends. */
static void sleep_screen(struct fixture *f)
{
	xcb_connection_t *c = x11_display_connection(f->display);

	xcb_set_screen_saver(c, 600, 600, XCB_BLANKING_NOT_PREFERRED, XCB_EXPOSURES_ALLOWED);
	xcb_force_screen_saver(c, XCB_SCREEN_SAVER_ACTIVE);
	x11_display_sync(f->display);
	uv_run(&f->log.loop, UV_RUN_NOWAIT);
	assert_int_equal(f->log.resizes, 0);
}

/* What the server shows where the mouse is put. */
static bool shows_pointer(struct fixture *f, int16_t x, int16_t y)
{
	xcb_connection_t *c = x11_display_connection(f->display);
	bool shown = false;

	xcb_warp_pointer(c, XCB_NONE, x11_display_root(f->display), 0, 0, 0, 0, x, y);
	xcb_xfixes_get_cursor_image_reply_t *image =
		xcb_xfixes_get_cursor_image_reply(c, xcb_xfixes_get_cursor_image(c), NULL);
	assert_non_null(image);
	const uint32_t *pixels = xcb_xfixes_get_cursor_image_cursor_image(image);
	for (int i = 0; i < xcb_xfixes_get_cursor_image_cursor_image_length(image); i++)
		shown |= pixels[i] != 0;
	free(image);
	return shown;
}

static void test_no_pointer_lies_on_the_picture(void **state)
{
	struct fixture *f = *state;

	if (!f->display)
		skip_because(NO_XVFB);
	xcb_connection_t *c = x11_display_connection(f->display);
	free(xcb_xfixes_query_version_reply(c, xcb_xfixes_query_version(c, 4, 0), NULL));
	assert_true(shows_pointer(f, 1500, 800)); /* beside the window */
	assert_false(shows_pointer(f, 100, 100));
}

static void test_keeps_the_screen_awake(void **state)
{
	struct fixture *f = *state;

	if (!f->display)
		skip_because(NO_XVFB);
	sleep_screen(f);
	ui_x11_keep_awake(f->x11, true);
	ui_x11_keep_awake(f->x11, true);
	window_log_wait_more(&f->log, &f->log.resizes, 0);
	assert_in_range(uv_backend_timeout(&f->log.loop), 1, 60000); /* and again, before long */
	ui_x11_keep_awake(f->x11, false);
	uv_run(&f->log.loop, UV_RUN_NOWAIT);
	assert_int_equal(uv_backend_timeout(&f->log.loop), -1);
	ui_x11_keep_awake(f->x11, true); /* and is closed so */
}

static void assert_property(struct fixture *f, const char *name, const void *value, size_t bytes)
{
	xcb_connection_t *c = x11_display_connection(f->display);
	xcb_intern_atom_reply_t *atom = xcb_intern_atom_reply(
		c, xcb_intern_atom(c, true, (uint16_t)strlen(name), name), NULL);
	assert_non_null(atom);
	xcb_get_property_reply_t *property = xcb_get_property_reply(c,
		xcb_get_property(c, false, ui_x11_window(f->x11), atom->atom,
			XCB_GET_PROPERTY_TYPE_ANY, 0, 64),
		NULL);
	assert_non_null(property);
	assert_int_equal(xcb_get_property_value_length(property), bytes);
	assert_memory_equal(xcb_get_property_value(property), value, bytes);
	free(atom);
	free(property);
}

static void test_is_black_and_named(void **state)
{
	struct fixture *f = *state;
	int width, height;

	if (!f->display)
		skip_because(NO_XVFB);
	xcb_connection_t *c = x11_display_connection(f->display);
	ui_x11_size(f->x11, &width, &height);
	assert_int_equal(width, 1280);
	assert_int_equal(height, 720);
	assert_property(f, "WM_NAME", "zapper", 6);
	assert_property(f, "_NET_WM_NAME", "zapper", 6);
	assert_property(f, "WM_CLASS", "zapper\0zapper", 14);
	xcb_get_image_reply_t *image = xcb_get_image_reply(c,
		xcb_get_image(c, XCB_IMAGE_FORMAT_Z_PIXMAP, x11_display_root(f->display), 1279, 719,
			2, 1, ~0u),
		NULL);
	assert_non_null(image);
	assert_memory_equal(xcb_get_image_data(image), "\0\0\0\0\xff\xff\xff", 7);
	free(image);
}

static void test_small_screen(void **state)
{
	struct fixture *f = *state;
	int width, height;

	start(f, 720, 576);
	if (!f->display)
		skip_because(NO_XVFB);
	ui_x11_size(f->x11, &width, &height);
	assert_int_equal(width, 720);
	assert_int_equal(height, 576);
}

static void tap(struct fixture *f, uint8_t keycode)
{
	x11_display_key(f->display, keycode, true);
	x11_display_key(f->display, keycode, false);
}

static void test_keys(void **state)
{
	static const struct {
		uint32_t keysym;
		uint16_t code;
	} keys[] = {{XK_0, KEY_0}, {XK_1, KEY_1}, {XK_9, KEY_9}, {XK_KP_8, KEY_KP8},
		{XK_period, KEY_DOT}, {XK_Up, KEY_UP}, {XK_Down, KEY_DOWN},
		{XK_Page_Up, KEY_PAGEUP}, {XK_Page_Down, KEY_PAGEDOWN}, {XK_Return, KEY_ENTER},
		{XK_KP_Enter, KEY_KPENTER}, {XK_Escape, KEY_ESC}, {XK_BackSpace, KEY_BACKSPACE},
		{XK_q, KEY_Q}, {XK_i, KEY_I}, {XK_f, KEY_F}, {XK_F11, KEY_F11},
		{XK_minus, KEY_MINUS}, {XK_equal, KEY_EQUAL},
		/* No keysym of ours: the kernel's code. */
		{XK_semicolon, KEY_SEMICOLON}, {XK_Scroll_Lock, KEY_SCROLLLOCK}};
	struct fixture *f = *state;

	if (!f->display)
		skip_because(NO_XVFB);
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		uint8_t keycode = x11_display_keycode(f->display, keys[i].keysym);
		assert_int_not_equal(keycode, 0);
		tap(f, keycode);
		window_log_wait(&f->log, &f->log.keys, 2 * i + 2);
		window_log_expect(&f->log, 2 * i, keys[i].code, UI_KEY_PRESS);
		window_log_expect(&f->log, 2 * i + 1, keys[i].code, UI_KEY_RELEASE);
	}
}

static void test_keys_wherever_the_pointer_is(void **state)
{
	struct fixture *f = *state;

	if (!f->display)
		skip_because(NO_XVFB);
	xcb_warp_pointer(x11_display_connection(f->display), XCB_NONE, x11_display_root(f->display),
		0, 0, 0, 0, 1500, 800);
	x11_display_key(f->display, x11_display_keycode(f->display, XK_Down), true);
	window_log_wait(&f->log, &f->log.keys, 1);
}

/* The press counts from when it was made, however late the loop gets to know of it. */
static void test_press_time(void **state)
{
	struct fixture *f = *state;

	if (!f->display)
		skip_because(NO_XVFB);
	uint8_t keycode = x11_display_keycode(f->display, XK_5);
	uint64_t before_ns = uv_hrtime();
	x11_display_key(f->display, keycode, true);
	uint64_t after_ns = uv_hrtime();
	while (uv_hrtime() < after_ns + 50 * MS)
		sched_yield();
	window_log_wait(&f->log, &f->log.keys, 1);
	assert_true(f->log.told[0].at_ns + 2 * MS > before_ns); /* the stamp is in whole ms */
	assert_true(f->log.told[0].at_ns < after_ns + 2 * MS);
	x11_display_key(f->display, keycode, false);
}

static void test_held_key_repeats(void **state)
{
	struct fixture *f = *state;

	if (!f->display)
		skip_because(NO_XVFB);
	uint8_t keycode = x11_display_keycode(f->display, XK_Up);
	x11_display_key(f->display, keycode, true);
	while (f->log.keys < 4)
		window_log_wait_more(&f->log, &f->log.keys, f->log.keys);
	x11_display_key(f->display, keycode, false);
	x11_display_key(f->display, x11_display_keycode(f->display, XK_5), true);
	while (f->log.told[f->log.keys - 1].code != KEY_5)
		window_log_wait_more(&f->log, &f->log.keys, f->log.keys);
	window_log_expect(&f->log, 0, KEY_UP, UI_KEY_PRESS);
	for (size_t i = 1; i < f->log.keys - 2; i++) {
		window_log_expect(&f->log, i, KEY_UP, UI_KEY_REPEAT);
		assert_true(f->log.told[i].at_ns > f->log.told[i - 1].at_ns);
	}
	window_log_expect(&f->log, f->log.keys - 2, KEY_UP, UI_KEY_RELEASE);
	window_log_expect(&f->log, f->log.keys - 1, KEY_5, UI_KEY_PRESS);
}

static void give_keyboard_to(struct fixture *f, xcb_window_t window)
{
	xcb_set_input_focus(x11_display_connection(f->display), XCB_INPUT_FOCUS_POINTER_ROOT,
		window, XCB_CURRENT_TIME);
	x11_display_sync(f->display);
}

/* A client like any other sees the window's key go on. */
static void wait_for_repeats(struct fixture *f)
{
	const uint32_t key_presses = XCB_EVENT_MASK_KEY_PRESS;
	xcb_connection_t *c = x11_display_connection(f->display);

	xcb_change_window_attributes(c, ui_x11_window(f->x11), XCB_CW_EVENT_MASK, &key_presses);
	x11_display_sync(f->display);
	for (int presses = 0; presses < 3;) {
		xcb_generic_event_t *event = xcb_wait_for_event(c);
		assert_non_null(event);
		presses += event->response_type == XCB_KEY_PRESS;
		free(event);
	}
}

/* What is held then goes on in another window: here it is up, and when it comes back not ours. */
static void test_keyboard_lost_in_mid_press(void **state)
{
	struct fixture *f = *state;

	if (!f->display)
		skip_because(NO_XVFB);
	uint8_t up = x11_display_keycode(f->display, XK_Up);
	uint8_t enter = x11_display_keycode(f->display, XK_Return);
	x11_display_key(f->display, up, true);
	x11_display_key(f->display, enter, true);
	window_log_wait(&f->log, &f->log.keys, 2);
	give_keyboard_to(f, XCB_NONE);
	window_log_wait(&f->log, &f->log.keys, 4);
	assert_int_equal(f->log.told[2].motion, UI_KEY_RELEASE);
	assert_int_equal(f->log.told[3].motion, UI_KEY_RELEASE);
	assert_int_equal(f->log.told[2].code + f->log.told[3].code, KEY_UP + KEY_ENTER);
	give_keyboard_to(f, ui_x11_window(f->x11));
	wait_for_repeats(f);
	x11_display_key(f->display, up, false);
	tap(f, x11_display_keycode(f->display, XK_5));
	x11_display_key(f->display, enter, false);
	tap(f, enter);
	window_log_wait(&f->log, &f->log.keys, 8);
	window_log_expect(&f->log, 4, KEY_5, UI_KEY_PRESS);
	window_log_expect(&f->log, 5, KEY_5, UI_KEY_RELEASE);
	window_log_expect(&f->log, 6, KEY_ENTER, UI_KEY_PRESS);
	window_log_expect(&f->log, 7, KEY_ENTER, UI_KEY_RELEASE);
}

/* A press right behind a change of the keyboard waits for what the change was. */
static void test_follows_the_keyboard(void **state)
{
	struct fixture *f = *state;

	if (!f->display)
		skip_because(NO_XVFB);
	uint8_t keycode = x11_display_keycode(f->display, XK_x);
	const uint32_t keysyms[] = {XK_7, XK_q};
	for (size_t i = 0; i < 2; i++) {
		x11_display_map_key(f->display, keycode, keysyms[i]);
		tap(f, keycode);
		window_log_wait(&f->log, &f->log.keys, 2 * i + 2);
	}
	window_log_expect(&f->log, 0, KEY_7, UI_KEY_PRESS);
	window_log_expect(&f->log, 2, KEY_Q, UI_KEY_PRESS);
}

/* It is released as what it was pressed as. */
static void test_keyboard_changes_in_mid_press(void **state)
{
	struct fixture *f = *state;

	if (!f->display)
		skip_because(NO_XVFB);
	uint8_t keycode = x11_display_keycode(f->display, XK_x);
	x11_display_map_key(f->display, keycode, XK_7);
	x11_display_key(f->display, keycode, true);
	window_log_wait(&f->log, &f->log.keys, 1);
	x11_display_map_key(f->display, keycode, XK_q);
	x11_display_key(f->display, keycode, false);
	window_log_wait(&f->log, &f->log.keys, 2);
	window_log_expect(&f->log, 1, KEY_7, UI_KEY_RELEASE);
}

/* More at once than are told in one turn of the loop: none is lost, nor out of its order. */
static void test_many_keys_at_once(void **state)
{
	struct fixture *f = *state;

	if (!f->display)
		skip_because(NO_XVFB);
	uint8_t first = x11_display_keycode(f->display, XK_1);
	for (int i = 0; i < MANY; i++)
		tap(f, (uint8_t)(first + i % 9));
	window_log_wait(&f->log, &f->log.keys, 2 * MANY);
	for (size_t i = 0; i < MANY; i++) {
		uint16_t code = (uint16_t)(KEY_1 + i % 9);
		window_log_expect(&f->log, 2 * i, code, UI_KEY_PRESS);
		window_log_expect(&f->log, 2 * i + 1, code, UI_KEY_RELEASE);
	}
}

static void test_follows_the_size(void **state)
{
	const uint32_t sizes[][2] = {{900, 500}, {640, 360}};
	struct fixture *f = *state;
	int width, height;

	if (!f->display)
		skip_because(NO_XVFB);
	xcb_connection_t *c = x11_display_connection(f->display);
	for (size_t i = 0; i < 2; i++) {
		xcb_configure_window(c, ui_x11_window(f->x11),
			XCB_CONFIG_WINDOW_WIDTH | XCB_CONFIG_WINDOW_HEIGHT, sizes[i]);
		x11_display_sync(f->display);
	}
	window_log_wait_width(&f->log, 640);
	assert_int_equal(f->log.height, 360);
	ui_x11_size(f->x11, &width, &height);
	assert_int_equal(width, 640);
	assert_int_equal(height, 360);
}

/* What covered the window took the picture with it: the sink has to paint it again. */
static void test_uncovered(void **state)
{
	struct fixture *f = *state;

	if (!f->display)
		skip_because(NO_XVFB);
	xcb_connection_t *c = x11_display_connection(f->display);
	xcb_window_t cover = xcb_generate_id(c);
	xcb_create_window(c, XCB_COPY_FROM_PARENT, cover, x11_display_root(f->display), 0, 0, 200,
		200, 0, XCB_WINDOW_CLASS_INPUT_OUTPUT, XCB_COPY_FROM_PARENT, 0, NULL);
	xcb_map_window(c, cover);
	xcb_destroy_window(c, cover);
	x11_display_sync(f->display);
	window_log_wait(&f->log, &f->log.resizes, 1);
	assert_int_equal(f->log.width, 1280);
	assert_int_equal(f->log.height, 720);
}

static xcb_atom_t atom(xcb_connection_t *c, const char *name)
{
	xcb_intern_atom_reply_t *reply = xcb_intern_atom_reply(
		c, xcb_intern_atom(c, false, (uint16_t)strlen(name), name), NULL);
	assert_non_null(reply);
	xcb_atom_t found = reply->atom;
	free(reply);
	return found;
}

/* As a window manager does it when its close button is pressed (ICCCM section 4.2.8.1). */
static void test_close_button(void **state)
{
	struct fixture *f = *state;

	if (!f->display)
		skip_because(NO_XVFB);
	xcb_connection_t *c = x11_display_connection(f->display);
	const xcb_client_message_event_t message = {
		.response_type = XCB_CLIENT_MESSAGE,
		.format = 32,
		.window = ui_x11_window(f->x11),
		.type = atom(c, "WM_PROTOCOLS"),
		.data.data32 = {atom(c, "WM_DELETE_WINDOW")},
	};
	assert_property(f, "WM_PROTOCOLS", &message.data.data32[0], 4);
	xcb_send_event(c, false, message.window, 0, (const char *)&message);
	x11_display_sync(f->display);
	window_log_wait(&f->log, &f->log.closes, 1);
	assert_int_equal(f->log.close_status, 0);
}

/* Nobody manages the windows: it takes the screen itself. */
static void test_fullscreen_alone(void **state)
{
	struct fixture *f = *state;

	if (!f->display)
		skip_because(NO_XVFB);
	ui_x11_set_fullscreen(f->x11, true);
	window_log_wait_width(&f->log, 1600);
	assert_int_equal(f->log.height, 900);
	ui_x11_set_fullscreen(f->x11, false);
	window_log_wait_width(&f->log, 1280);
	assert_int_equal(f->log.height, 720);
}

/* The next message for a manager of windows; what else it is asked is done. */
static xcb_client_message_event_t *wait_for_message(xcb_connection_t *c)
{
	for (;;) {
		xcb_generic_event_t *event = xcb_wait_for_event(c);
		assert_non_null(event);
		if (event->response_type == XCB_MAP_REQUEST)
			xcb_map_window(c, ((xcb_map_request_event_t *)event)->window);
		if ((event->response_type & 0x7f) == XCB_CLIENT_MESSAGE)
			return (xcb_client_message_event_t *)event;
		xcb_flush(c);
		free(event);
	}
}

static void test_fullscreen_by_a_manager(void **state)
{
	const uint32_t manages =
		XCB_EVENT_MASK_SUBSTRUCTURE_REDIRECT | XCB_EVENT_MASK_SUBSTRUCTURE_NOTIFY;
	struct fixture *f = *state;

	f->display = x11_display_start(1600, 900);
	if (!f->display)
		skip_because(NO_XVFB);
	xcb_connection_t *c = x11_display_connection(f->display);
	xcb_change_window_attributes(c, x11_display_root(f->display), XCB_CW_EVENT_MASK, &manages);
	x11_display_sync(f->display);
	assert_int_equal(open_window(f), 0);
	for (int on = 1; on >= 0; on--) {
		ui_x11_set_fullscreen(f->x11, on);
		xcb_client_message_event_t *message = wait_for_message(c);
		assert_int_equal(message->window, ui_x11_window(f->x11));
		assert_int_equal(message->type, atom(c, "_NET_WM_STATE"));
		assert_int_equal(message->data.data32[0], on);
		assert_int_equal(message->data.data32[1], atom(c, "_NET_WM_STATE_FULLSCREEN"));
		free(message);
	}
}

static void test_display_gone(void **state)
{
	struct fixture *f = *state;

	if (!f->display)
		skip_because(NO_XVFB);
	x11_display_key(f->display, x11_display_keycode(f->display, XK_Up), true);
	window_log_wait(&f->log, &f->log.keys, 1);
	x11_display_stop(f->display);
	f->display = NULL;
	window_log_wait(&f->log, &f->log.closes, 1);
	assert_true(f->log.close_status < 0);
	uv_run(&f->log.loop, UV_RUN_NOWAIT);
	assert_int_equal(f->log.closes, 1);
	window_log_expect(&f->log, f->log.keys - 1, KEY_UP, UI_KEY_RELEASE);
}

static void test_closed_from_its_own_events(void **state)
{
	struct fixture *f = *state;

	if (!f->display)
		skip_because(NO_XVFB);
	uint8_t keycode = x11_display_keycode(f->display, XK_1);
	f->log.on_event = close_window;
	f->log.ctx = f;
	for (int i = 0; i < 3; i++) {
		x11_display_key(f->display, keycode, true);
		x11_display_key(f->display, keycode, false);
	}
	window_log_wait(&f->log, &f->log.keys, 1);
	assert_null(f->x11);
	uv_run(&f->log.loop, UV_RUN_NOWAIT);
	assert_int_equal(f->log.keys, 1);
}

static void test_no_display(void **state)
{
	struct fixture *f = *state;

	unsetenv("DISPLAY");
	assert_int_equal(open_window(f), -ENOENT);
	setenv("DISPLAY", "nonsense", 1);
	assert_int_equal(open_window(f), -ENOENT);
	setenv("DISPLAY", ":64999", 1);
	assert_int_equal(open_window(f), -ECONNREFUSED);
	assert_null(f->x11);
	ui_x11_close(NULL);
}

#define NO_NAMESPACE 99

static void open_elsewhere(struct fixture *f)
{
	if (unshare(CLONE_NEWNET) < 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		_exit(NO_NAMESPACE);
	_exit(-open_window(f));
}

/* As in the lab: the display's abstract socket is out of reach there, its path is not. */
static void test_from_another_network_namespace(void **state)
{
	struct fixture *f = *state;
	int status;

	if (!f->display)
		skip_because(NO_XVFB);
	pid_t pid = fork();
	if (pid == 0)
		open_elsewhere(f);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NO_NAMESPACE)
		skip_because("no network namespaces here");
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_is_black_and_named, setup_window, teardown),
		cmocka_unit_test_setup_teardown(
			test_no_pointer_lies_on_the_picture, setup_window, teardown),
		cmocka_unit_test_setup_teardown(
			test_keeps_the_screen_awake, setup_window, teardown),
		cmocka_unit_test_setup_teardown(test_small_screen, setup, teardown),
		cmocka_unit_test_setup_teardown(test_keys, setup_window, teardown),
		cmocka_unit_test_setup_teardown(
			test_keys_wherever_the_pointer_is, setup_window, teardown),
		cmocka_unit_test_setup_teardown(test_press_time, setup_window, teardown),
		cmocka_unit_test_setup_teardown(test_held_key_repeats, setup_window, teardown),
		cmocka_unit_test_setup_teardown(
			test_keyboard_lost_in_mid_press, setup_window, teardown),
		cmocka_unit_test_setup_teardown(test_follows_the_keyboard, setup_window, teardown),
		cmocka_unit_test_setup_teardown(
			test_keyboard_changes_in_mid_press, setup_window, teardown),
		cmocka_unit_test_setup_teardown(test_many_keys_at_once, setup_window, teardown),
		cmocka_unit_test_setup_teardown(test_fullscreen_alone, setup_window, teardown),
		cmocka_unit_test_setup_teardown(test_fullscreen_by_a_manager, setup, teardown),
		cmocka_unit_test_setup_teardown(test_follows_the_size, setup_window, teardown),
		cmocka_unit_test_setup_teardown(test_uncovered, setup_window, teardown),
		cmocka_unit_test_setup_teardown(test_close_button, setup_window, teardown),
		cmocka_unit_test_setup_teardown(test_display_gone, setup_window, teardown),
		cmocka_unit_test_setup_teardown(
			test_closed_from_its_own_events, setup_window, teardown),
		cmocka_unit_test_setup_teardown(test_no_display, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_from_another_network_namespace, setup_window, teardown),
	};
	return cmocka_run_group_tests_name("ui_x11", tests, NULL, NULL);
}
