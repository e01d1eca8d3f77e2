/* ui/sources: keys of devices, a terminal, windows and `ctl key` as one stream. */
#include "tests/support/test.h"

#include <fcntl.h>
#include <linux/input.h>
#include <pty.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ui/evdev.h"
#include "ui/sources.h"

#define TOLD_MAX 64
#define PATIENCE_MS 10000

struct fixture {
	uv_loop_t loop;
	uv_timer_t guard; /* ends a run that waits for what never comes */
	bool guarded;
	char dir[64], device[128]; /* a FIFO, as in test_remote.c */
	int writer, master, slave;
	struct evdev_access access;
	struct ui_sources *sources;
	struct ui_key_event told[TOLD_MAX];
	size_t count;
	bool close_on_key;
};

static int open_fifo(void *ctx, const char *path, struct evdev_device *ret)
{
	(void)ctx;
	*ret = (struct evdev_device){.fd = open(path, O_RDONLY | O_NONBLOCK), .name = "Remote"};
	ui_key_set_add(&ret->keys, KEY_CHANNELUP);
	ui_key_set_add(&ret->keys, KEY_CHANNELDOWN);
	return 0;
}

static int grab_fifo(void *ctx, struct evdev_device *device)
{
	(void)ctx;
	(void)device;
	return 0;
}

static int ask_fifo(void *ctx, struct evdev_device *device, struct ui_key_set *ret)
{
	(void)ctx;
	(void)device;
	*ret = (struct ui_key_set){0};
	return 0;
}

static void close_fifo(void *ctx, struct evdev_device *device)
{
	(void)ctx;
	close(device->fd);
}

static void on_key(void *ctx, const struct ui_key_event *event)
{
	struct fixture *f = ctx;

	assert_true(f->count < TOLD_MAX);
	f->told[f->count++] = *event;
	if (f->close_on_key) {
		ui_sources_close(f->sources);
		f->sources = NULL;
	}
}

static void on_log(void *ctx, const char *sentence)
{
	(void)ctx;
	fail_msg("%s", sentence);
}

static void on_guard(uv_timer_t *guard)
{
	struct fixture *f = guard->data;

	f->guarded = true;
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	const struct ui_remote_events events = {.on_key = on_key, .log = on_log, .ctx = f};

	assert_int_equal(uv_loop_init(&f->loop), 0);
	uv_timer_init(&f->loop, &f->guard);
	f->guard.data = f;
	strcpy(f->dir, "/tmp/zapper-sources-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->device, sizeof f->device, "%s/event0", f->dir);
	assert_int_equal(mkfifo(f->device, 0600), 0);
	f->writer = open(f->device, O_RDWR | O_NONBLOCK);
	assert_int_equal(openpty(&f->master, &f->slave, NULL, NULL, NULL), 0);
	f->access = (struct evdev_access){open_fifo, grab_fifo, ask_fifo, close_fifo, f};
	const struct ui_remote_options remote = {.folder = f->dir, .access = &f->access};
	const struct ui_sources_options options = {.terminal_fd = f->slave, .remote = &remote};
	assert_int_equal(ui_sources_open(&f->loop, &options, &events, &f->sources), 0);
	*state = f;
	return 0;
}

/* Every test ends with an empty loop. */
static int teardown(void **state)
{
	struct fixture *f = *state;

	ui_sources_close(f->sources);
	uv_close((uv_handle_t *)&f->guard, NULL);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&f->loop), 0);
	close(f->writer);
	close(f->master);
	close(f->slave);
	unlink(f->device);
	assert_int_equal(rmdir(f->dir), 0);
	free(f);
	return 0;
}

static void wait_for(struct fixture *f, size_t count)
{
	f->guarded = false;
	uv_timer_start(&f->guard, on_guard, PATIENCE_MS, 0);
	while (f->count < count && !f->guarded)
		uv_run(&f->loop, UV_RUN_ONCE);
	uv_timer_stop(&f->guard);
	assert_int_equal(f->count, count);
}

static void press_on_device(struct fixture *f, uint16_t code, int value)
{
	struct input_event record = {.type = EV_KEY, .code = code, .value = value};

	assert_int_equal(write(f->writer, &record, sizeof record), sizeof record);
}

static void tell(struct fixture *f, uint32_t source, uint16_t code, enum ui_key_motion motion)
{
	ui_sources_tell(f->sources, &(struct ui_key_event){code, motion, source, 5});
}

static void expect(
	struct fixture *f, size_t at, uint16_t code, enum ui_key_motion motion, uint32_t source)
{
	assert_true(at < f->count);
	assert_int_equal(f->told[at].code, code);
	assert_int_equal(f->told[at].motion, motion);
	assert_int_equal(f->told[at].source, source);
}

static void test_all_in_one(void **state)
{
	struct fixture *f = *state;

	press_on_device(f, KEY_CHANNELUP, 1);
	wait_for(f, 1);
	assert_int_equal(write(f->master, "5", 1), 1);
	wait_for(f, 2);
	tell(f, UI_SOURCE_WINDOW, KEY_UP, UI_KEY_PRESS);
	tell(f, UI_SOURCE_CONTROL, KEY_OK, UI_KEY_PRESS);
	press_on_device(f, KEY_CHANNELUP, 2);
	wait_for(f, 5);
	expect(f, 0, KEY_CHANNELUP, UI_KEY_PRESS, UI_SOURCE_DEVICES);
	expect(f, 1, KEY_5, UI_KEY_PRESS, UI_KEY_SOURCE_TAPS);
	expect(f, 2, KEY_UP, UI_KEY_PRESS, UI_SOURCE_WINDOW);
	expect(f, 3, KEY_OK, UI_KEY_PRESS, UI_SOURCE_CONTROL);
	expect(f, 4, KEY_CHANNELUP, UI_KEY_REPEAT, UI_SOURCE_DEVICES);
	assert_true(f->told[2].at_ns == 5);
}

static void test_each_source_has_its_own_keys(void **state)
{
	struct fixture *f = *state;

	tell(f, UI_SOURCE_WINDOW, KEY_UP, UI_KEY_PRESS);
	tell(f, UI_SOURCE_CONTROL, KEY_UP, UI_KEY_RELEASE); /* it holds none */
	tell(f, UI_SOURCE_CONTROL, KEY_UP, UI_KEY_REPEAT);
	tell(f, UI_SOURCE_CONTROL, KEY_UP, UI_KEY_PRESS);
	tell(f, UI_SOURCE_WINDOW, KEY_UP, UI_KEY_RELEASE);
	tell(f, UI_SOURCE_CONTROL, KEY_UP, UI_KEY_REPEAT);
	assert_int_equal(f->count, 4);
	expect(f, 0, KEY_UP, UI_KEY_PRESS, UI_SOURCE_WINDOW);
	expect(f, 1, KEY_UP, UI_KEY_PRESS, UI_SOURCE_CONTROL);
	expect(f, 2, KEY_UP, UI_KEY_RELEASE, UI_SOURCE_WINDOW);
	expect(f, 3, KEY_UP, UI_KEY_REPEAT, UI_SOURCE_CONTROL);
}

/* They are over at once: each is a press, however many come. */
static void test_taps(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 3; i++)
		tell(f, UI_KEY_SOURCE_TAPS, KEY_DOWN, UI_KEY_PRESS);
	assert_int_equal(f->count, 3);
	for (size_t i = 0; i < 3; i++)
		expect(f, i, KEY_DOWN, UI_KEY_PRESS, UI_KEY_SOURCE_TAPS);
}

static void test_closed_from_a_key(void **state)
{
	struct fixture *f = *state;

	press_on_device(f, KEY_CHANNELUP, 1);
	press_on_device(f, KEY_CHANNELUP, 0);
	assert_int_equal(write(f->master, "55", 2), 2);
	f->close_on_key = true;
	wait_for(f, 1);
	assert_null(f->sources);
}

/* A release comes first, and with it the end: the press behind it is nobody's. */
static void test_closed_from_the_first_of_two(void **state)
{
	struct fixture *f = *state;

	tell(f, UI_SOURCE_WINDOW, KEY_OK, UI_KEY_PRESS);
	f->close_on_key = true;
	tell(f, UI_SOURCE_WINDOW, KEY_OK, UI_KEY_PRESS);
	assert_int_equal(f->count, 2);
	expect(f, 1, KEY_OK, UI_KEY_RELEASE, UI_SOURCE_WINDOW);
}

static void test_with_nothing(void **state)
{
	struct fixture *f = *state;
	const struct ui_remote_events events = {.on_key = on_key, .log = on_log, .ctx = f};
	struct ui_sources *none = NULL;

	assert_int_equal(ui_sources_open(&f->loop, &(struct ui_sources_options){.terminal_fd = -1},
				 &events, &none),
		0);
	ui_sources_resume(none);
	ui_sources_tell(none, &(struct ui_key_event){KEY_1, UI_KEY_PRESS, UI_SOURCE_WINDOW, 1});
	assert_int_equal(f->count, 1);
	ui_sources_close(none);
	ui_sources_close(NULL);
}

#define SOURCES_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SOURCES_TEST(test_all_in_one),
		SOURCES_TEST(test_each_source_has_its_own_keys),
		SOURCES_TEST(test_taps),
		SOURCES_TEST(test_closed_from_a_key),
		SOURCES_TEST(test_closed_from_the_first_of_two),
		SOURCES_TEST(test_with_nothing),
	};
	return cmocka_run_group_tests_name("ui_sources", tests, NULL, NULL);
}
