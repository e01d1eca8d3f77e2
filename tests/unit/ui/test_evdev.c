/* ui/remote and ui/evdev on devices of the kernel, made through uinput where there is that. */
#include "tests/support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <libevdev/libevdev-uinput.h>
#include <libevdev/libevdev.h>
#include <linux/input.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "ui/remote.h"

#define TOLD_MAX 4000
#define PATIENCE_MS 10000
#define FIRST_SOURCE 20
#define NAME "zapper test remote"
#define NO_UINPUT "no /dev/uinput that makes devices here"
#define FLOOD 1500

struct fixture {
	uv_loop_t loop;
	uv_timer_t guard; /* ends a run that waits for what never comes */
	bool guarded;
	struct libevdev_uinput *device;
	struct ui_remote *remote;
	struct ui_key_event told[TOLD_MAX];
	size_t count;
	char said[256];
};

static void on_key(void *ctx, const struct ui_key_event *event)
{
	struct fixture *f = ctx;

	assert_true(f->count < TOLD_MAX);
	f->told[f->count++] = *event;
}

static void on_log(void *ctx, const char *sentence)
{
	struct fixture *f = ctx;

	snprintf(f->said, sizeof f->said, "%s", sentence);
}

static void on_guard(uv_timer_t *guard)
{
	struct fixture *f = guard->data;

	f->guarded = true;
}

#define wait_until(f, condition)                                                                   \
	do {                                                                                       \
		(f)->guarded = false;                                                              \
		uv_timer_start(&(f)->guard, on_guard, PATIENCE_MS, 0);                             \
		while (!(condition) && !(f)->guarded)                                              \
			uv_run(&(f)->loop, UV_RUN_ONCE);                                           \
		uv_timer_stop(&(f)->guard);                                                        \
		assert_true(condition);                                                            \
	} while (0)

static bool plug(struct fixture *f)
{
	static const unsigned int codes[] = {KEY_OK, KEY_UP, KEY_DOWN, KEY_CHANNELUP,
		KEY_CHANNELDOWN, KEY_VOLUMEUP, KEY_NUMERIC_1};
	struct libevdev *wanted = libevdev_new();

	libevdev_set_name(wanted, NAME);
	libevdev_enable_event_type(wanted, EV_KEY);
	libevdev_enable_event_type(wanted, EV_REP);
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		libevdev_enable_event_code(wanted, EV_KEY, codes[i], NULL);
	int r = libevdev_uinput_create_from_device(
		wanted, LIBEVDEV_UINPUT_OPEN_MANAGED, &f->device);
	libevdev_free(wanted);
	if (r < 0)
		f->device = NULL;
	return r == 0;
}

static void unplug(struct fixture *f)
{
	if (f->device)
		libevdev_uinput_destroy(f->device);
	f->device = NULL;
}

static void key(struct fixture *f, unsigned int code, int value)
{
	assert_int_equal(libevdev_uinput_write_event(f->device, EV_KEY, code, value), 0);
	assert_int_equal(libevdev_uinput_write_event(f->device, EV_SYN, SYN_REPORT, 0), 0);
}

static void open_remote(struct fixture *f)
{
	static const char *const names[] = {NAME, NULL};
	const struct ui_remote_options options = {.devices = names, .first_source = FIRST_SOURCE};
	const struct ui_remote_events events = {.on_key = on_key, .log = on_log, .ctx = f};

	assert_int_equal(ui_remote_open(&f->loop, &options, &events, &f->remote), 0);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	assert_int_equal(uv_loop_init(&f->loop), 0);
	uv_timer_init(&f->loop, &f->guard);
	f->guard.data = f;
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	unplug(f);
	ui_remote_close(f->remote);
	uv_close((uv_handle_t *)&f->guard, NULL);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&f->loop), 0);
	free(f);
	return 0;
}

static void expect(const struct fixture *f, size_t at, uint16_t code, enum ui_key_motion motion,
	uint32_t source)
{
	assert_true(at < f->count);
	assert_int_equal(f->told[at].code, code);
	assert_int_equal(f->told[at].motion, motion);
	assert_int_equal(f->told[at].source, source);
}

static void test_evdev_keys_come_with_the_kernels_stamp(void **state)
{
	struct fixture *f = *state;

	if (!plug(f))
		skip_because(NO_UINPUT);
	open_remote(f);
	wait_until(f, ui_remote_count(f->remote) == 1);
	uint64_t before_ns = uv_hrtime();
	key(f, KEY_CHANNELUP, 1);
	uint64_t after_ns = uv_hrtime();
	while (uv_hrtime() < after_ns + 20000000)
		;
	wait_until(f, f->count >= 1);
	expect(f, 0, KEY_CHANNELUP, UI_KEY_PRESS, FIRST_SOURCE);
	assert_in_range(f->told[0].at_ns, before_ns - 1000, after_ns);
	wait_until(f, f->count >= 3); /* the kernel repeats it */
	expect(f, 1, KEY_CHANNELUP, UI_KEY_REPEAT, FIRST_SOURCE);
	key(f, KEY_CHANNELUP, 0);
	wait_until(f, f->told[f->count - 1].motion == UI_KEY_RELEASE);
	assert_string_equal(f->said, "");
}

/* Somebody else who reads the device gets no key of ours. */
static void test_evdev_is_grabbed(void **state)
{
	struct fixture *f = *state;
	struct input_event record;

	if (!plug(f))
		skip_because(NO_UINPUT);
	open_remote(f);
	wait_until(f, ui_remote_count(f->remote) == 1);
	int other = open(libevdev_uinput_get_devnode(f->device), O_RDONLY | O_NONBLOCK);
	assert_true(other >= 0);
	key(f, KEY_OK, 1);
	key(f, KEY_OK, 0);
	wait_until(f, f->count == 2);
	assert_int_equal(read(other, &record, sizeof record), -1);
	assert_int_equal(errno, EAGAIN);
	close(other);
}

static void test_evdev_vanishes_in_mid_press_and_comes_again(void **state)
{
	struct fixture *f = *state;

	open_remote(f);
	if (!plug(f))
		skip_because(NO_UINPUT);
	for (uint32_t i = 0; i < 2; i++) {
		wait_until(f, ui_remote_count(f->remote) == 1);
		size_t before = f->count;
		key(f, KEY_OK, 1);
		wait_until(f, f->count == before + 1);
		expect(f, before, KEY_OK, UI_KEY_PRESS, FIRST_SOURCE + i);
		unplug(f);
		wait_until(f, ui_remote_count(f->remote) == 0);
		expect(f, f->count - 1, KEY_OK, UI_KEY_RELEASE, FIRST_SOURCE + i);
		assert_true(plug(f));
	}
}

/* More than the kernel keeps for us: what is down in the end is what the device says. */
static void test_evdev_drops_what_nobody_reads(void **state)
{
	struct fixture *f = *state;

	if (!plug(f))
		skip_because(NO_UINPUT);
	open_remote(f);
	wait_until(f, ui_remote_count(f->remote) == 1);
	key(f, KEY_UP, 1);
	wait_until(f, f->count == 1);
	key(f, KEY_UP, 0);
	for (int i = 0; i < FLOOD; i++)
		key(f, KEY_DOWN, i % 2 == 0);
	key(f, KEY_OK, 1);
	wait_until(f, f->told[f->count - 1].code == KEY_OK);
	assert_true(f->count < FLOOD); /* there was something to make up for */
	bool up_is_down = true;
	for (size_t i = 1; i < f->count; i++)
		if (f->told[i].code == KEY_UP && f->told[i].motion == UI_KEY_RELEASE)
			up_is_down = false;
	assert_false(up_is_down);
}

#define EVDEV_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EVDEV_TEST(test_evdev_keys_come_with_the_kernels_stamp),
		EVDEV_TEST(test_evdev_is_grabbed),
		EVDEV_TEST(test_evdev_vanishes_in_mid_press_and_comes_again),
		EVDEV_TEST(test_evdev_drops_what_nobody_reads),
	};
	return cmocka_run_group_tests_name("ui_evdev", tests, NULL, NULL);
}
