/*
 * ui/remote: which devices are opened, when, and what comes of them. The folder is a temporary one,
 * and a device in it a FIFO that records are written to; what the kernel would say of it is in the
 * fixture.
 */
#include "tests/support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ui/evdev.h"
#include "ui/remote.h"

#define DEVICES 4
#define TOLD_MAX 20000
#define SAID_MAX 16
#define PATIENCE_MS 10000
#define FIRST_SOURCE 40
#define FLOOD 10000
#define TURN_MAX 128

enum kind { REMOTE, KEYBOARD, MOUSE };

/* "event0" and so on. */
struct fake {
	enum kind kind;
	const char *name;
	int writer; /* -1: not there */
	struct ui_key_set down;
	bool silent;
	int grab_error;
	unsigned int opens, closes, grabs;
};

struct fixture {
	uv_loop_t loop;
	uv_timer_t guard; /* ends a run that waits for what never comes */
	bool guarded;
	char dir[64];
	struct fake fakes[DEVICES];
	struct evdev_access access;
	struct ui_remote *remote;
	struct ui_key_event told[TOLD_MAX];
	size_t count;
	char said[SAID_MAX][256];
	size_t said_count;
	bool close_on_key;
	size_t silent_count;
	struct {
		uint32_t source;
		bool is_there;
		size_t behind; /* so many keys */
	} silent[4];
};

static const char *path_of(const struct fixture *f, const char *name)
{
	static char paths[4][256];
	static unsigned int turn;
	char *path = paths[turn++ % 4];

	snprintf(path, 256, "%s/%s", f->dir, name);
	return path;
}

static const char *device_path(const struct fixture *f, unsigned int number)
{
	char name[16];

	snprintf(name, sizeof name, "event%u", number);
	return path_of(f, name);
}

/* ---- what the kernel would do ---- */

static struct fake *fake_of(struct fixture *f, const char *path)
{
	char real[4096];
	const char *name = realpath(path, real) ? strrchr(real, '/') : NULL;
	unsigned int number;

	return name && sscanf(name, "/event%u", &number) == 1 && number < DEVICES
		       ? &f->fakes[number]
		       : NULL;
}

static void add_range(struct ui_key_set *set, uint16_t first, uint16_t last)
{
	for (uint16_t code = first; code <= last; code++)
		ui_key_set_add(set, code);
}

static int open_fake(void *ctx, const char *path, struct evdev_device *ret)
{
	struct fake *fake = fake_of(ctx, path);
	struct stat st;

	if (stat(path, &st) < 0)
		return -errno;
	if (!fake)
		return -ENOTTY;
	fake->opens++;
	if (!(st.st_mode & 0444))
		return -EACCES;
	*ret = (struct evdev_device){.down = fake->down, .silent = fake->silent, .handle = fake};
	snprintf(ret->name, sizeof ret->name, "%s", fake->name ? fake->name : "Remote");
	if (fake->kind == MOUSE)
		add_range(&ret->keys, BTN_LEFT, BTN_TASK);
	else
		add_range(&ret->keys, KEY_NUMERIC_0, KEY_NUMERIC_9);
	if (fake->kind == KEYBOARD)
		add_range(&ret->keys, KEY_ESC, KEY_COMPOSE);
	ret->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return ret->fd < 0 ? -errno : 0;
}

static int grab_fake(void *ctx, struct evdev_device *device)
{
	struct fake *fake = device->handle;

	(void)ctx;
	fake->grabs++;
	return fake->grab_error;
}

static int ask_fake(void *ctx, struct evdev_device *device, struct ui_key_set *ret)
{
	const struct fake *fake = device->handle;

	(void)ctx;
	*ret = fake->down;
	return 0;
}

static void close_fake(void *ctx, struct evdev_device *device)
{
	struct fake *fake = device->handle;

	(void)ctx;
	fake->closes++;
	close(device->fd);
}

static void plug(struct fixture *f, unsigned int number, mode_t mode)
{
	const char *path = device_path(f, number);

	assert_int_equal(mkfifo(path, 0600), 0);
	f->fakes[number].writer = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	assert_true(f->fakes[number].writer >= 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void unplug(struct fixture *f, unsigned int number)
{
	close(f->fakes[number].writer);
	f->fakes[number].writer = -1;
	assert_int_equal(unlink(device_path(f, number)), 0);
}

static bool write_record(
	struct fixture *f, unsigned int number, uint16_t type, uint16_t code, int value)
{
	uint64_t now_us = uv_hrtime() / 1000;
	struct input_event record = {.type = type, .code = code, .value = value};

	record.input_event_sec = (__typeof__(record.input_event_sec))(now_us / 1000000);
	record.input_event_usec = (__typeof__(record.input_event_usec))(now_us % 1000000);
	return write(f->fakes[number].writer, &record, sizeof record) == sizeof record;
}

static void key(struct fixture *f, unsigned int number, uint16_t code, int value)
{
	assert_true(write_record(f, number, EV_KEY, code, value));
	assert_true(write_record(f, number, EV_SYN, SYN_REPORT, 0));
}

/* ---- the remote, and what it tells ---- */

static void on_key(void *ctx, const struct ui_key_event *event)
{
	struct fixture *f = ctx;

	assert_true(f->count < TOLD_MAX);
	f->told[f->count++] = *event;
	if (f->close_on_key) {
		ui_remote_close(f->remote);
		f->remote = NULL;
	}
}

static void on_log(void *ctx, const char *sentence)
{
	struct fixture *f = ctx;

	assert_true(f->said_count < SAID_MAX);
	snprintf(f->said[f->said_count++], sizeof f->said[0], "%s", sentence);
}

static void on_silent(void *ctx, uint32_t source, bool is_there)
{
	struct fixture *f = ctx;

	assert_true(f->silent_count < 4);
	f->silent[f->silent_count].source = source;
	f->silent[f->silent_count].is_there = is_there;
	f->silent[f->silent_count++].behind = f->count;
}

static void open_remote(struct fixture *f, struct ui_remote_options options)
{
	const struct ui_remote_events events = {
		.on_key = on_key, .log = on_log, .ctx = f, .on_silent = on_silent};

	options.first_source = FIRST_SOURCE;
	if (!options.folder)
		options.folder = f->dir;
	assert_int_equal(ui_remote_open(&f->loop, &options, &events, &f->remote), 0);
}

static void open_fakes(struct fixture *f, struct ui_remote_options options)
{
	options.access = &f->access;
	open_remote(f, options);
}

static void on_guard(uv_timer_t *guard)
{
	struct fixture *f = guard->data;

	f->guarded = true;
}

/* Runs the loop turn by turn until `condition`. */
#define wait_until(f, condition)                                                                   \
	do {                                                                                       \
		(f)->guarded = false;                                                              \
		uv_timer_start(&(f)->guard, on_guard, PATIENCE_MS, 0);                             \
		while (!(condition) && !(f)->guarded)                                              \
			uv_run(&(f)->loop, UV_RUN_ONCE);                                           \
		uv_timer_stop(&(f)->guard);                                                        \
		assert_true(condition);                                                            \
	} while (0)

/* Until the remote sleeps: no search to come, nothing to be read. */
static void wait_for_rest(struct fixture *f)
{
	do
		uv_run(&f->loop, UV_RUN_NOWAIT);
	while (uv_backend_timeout(&f->loop) != -1 && uv_run(&f->loop, UV_RUN_ONCE));
}

static void expect(
	struct fixture *f, size_t at, uint16_t code, enum ui_key_motion motion, uint32_t source)
{
	assert_true(at < f->count);
	assert_int_equal(f->told[at].code, code);
	assert_int_equal(f->told[at].motion, motion);
	assert_int_equal(f->told[at].source, source);
}

static bool has_said(const struct fixture *f, const char *part, const char *other_part)
{
	for (size_t i = 0; i < f->said_count; i++)
		if (strstr(f->said[i], part) && strstr(f->said[i], other_part))
			return true;
	return false;
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	assert_int_equal(uv_loop_init(&f->loop), 0);
	uv_timer_init(&f->loop, &f->guard);
	f->guard.data = f;
	strcpy(f->dir, "/tmp/zapper-remote-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	f->access = (struct evdev_access){open_fake, grab_fake, ask_fake, close_fake, f};
	for (size_t i = 0; i < DEVICES; i++)
		f->fakes[i].writer = -1;
	*state = f;
	return 0;
}

static void remove_tree(const char *dir)
{
	char command[128];

	snprintf(command, sizeof command, "rm -rf '%s'", dir);
	assert_int_equal(system(command), 0);
}

/* Every test ends with an empty loop, and each device that was opened closed. */
static int teardown(void **state)
{
	struct fixture *f = *state;

	ui_remote_close(f->remote);
	uv_close((uv_handle_t *)&f->guard, NULL);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&f->loop), 0);
	for (size_t i = 0; i < DEVICES; i++)
		if (f->fakes[i].writer >= 0)
			close(f->fakes[i].writer);
	remove_tree(f->dir);
	free(f);
	return 0;
}

static void test_remotes_that_are_there(void **state)
{
	struct fixture *f = *state;

	f->fakes[1].kind = MOUSE;
	f->fakes[2].kind = KEYBOARD;
	for (unsigned int i = 0; i < DEVICES; i++)
		plug(f, i, 0600);
	open_fakes(f, (struct ui_remote_options){0});
	assert_int_equal(ui_remote_count(f->remote), 2);
	key(f, 0, KEY_CHANNELUP, 1);
	wait_until(f, f->count == 1);
	key(f, 3, KEY_OK, 1);
	wait_until(f, f->count == 2);
	key(f, 0, KEY_CHANNELUP, 2);
	wait_until(f, f->count == 3);
	key(f, 3, KEY_OK, 0);
	wait_until(f, f->count == 4);
	assert_int_equal(f->told[0].source + f->told[1].source, 2 * FIRST_SOURCE + 1);
	expect(f, 0, KEY_CHANNELUP, UI_KEY_PRESS, f->told[0].source);
	expect(f, 1, KEY_OK, UI_KEY_PRESS, f->told[1].source);
	expect(f, 2, KEY_CHANNELUP, UI_KEY_REPEAT, f->told[0].source);
	expect(f, 3, KEY_OK, UI_KEY_RELEASE, f->told[1].source);
	assert_int_equal(f->fakes[0].grabs, 1);
	assert_int_equal(f->fakes[1].grabs + f->fakes[2].grabs, 0);
	assert_int_equal(f->fakes[1].closes + f->fakes[2].closes, 2);
	assert_int_equal(f->said_count, 0);
}

static void test_keyboards_where_wanted(void **state)
{
	struct fixture *f = *state;

	f->fakes[0].kind = MOUSE;
	f->fakes[1].kind = KEYBOARD;
	plug(f, 0, 0600);
	plug(f, 1, 0600);
	open_fakes(f, (struct ui_remote_options){.keyboards = true});
	assert_int_equal(ui_remote_count(f->remote), 1);
	key(f, 1, KEY_5, 1);
	wait_until(f, f->count == 1);
}

static void test_plugged_in_later_and_again(void **state)
{
	struct fixture *f = *state;

	open_fakes(f, (struct ui_remote_options){0});
	assert_int_equal(ui_remote_count(f->remote), 0);
	plug(f, 0, 0600);
	wait_until(f, ui_remote_count(f->remote) == 1);
	key(f, 0, KEY_VOLUMEUP, 1);
	wait_until(f, f->count == 1);
	unplug(f, 0); /* in mid-press */
	wait_until(f, f->count == 2);
	expect(f, 1, KEY_VOLUMEUP, UI_KEY_RELEASE, FIRST_SOURCE);
	assert_int_equal(ui_remote_count(f->remote), 0);
	plug(f, 0, 0600);
	wait_until(f, ui_remote_count(f->remote) == 1);
	key(f, 0, KEY_VOLUMEUP, 1);
	wait_until(f, f->count == 3);
	expect(f, 2, KEY_VOLUMEUP, UI_KEY_PRESS, FIRST_SOURCE + 1);
	assert_int_equal(f->said_count, 0);
}

/* Before its first key, and behind its last one. */
static void test_a_device_that_does_not_repeat_is_told(void **state)
{
	struct fixture *f = *state;

	f->fakes[1].silent = true;
	plug(f, 0, 0600);
	plug(f, 1, 0600);
	open_fakes(f, (struct ui_remote_options){0});
	wait_until(f, ui_remote_count(f->remote) == 2);
	assert_int_equal(f->silent_count, 1);
	assert_true(f->silent[0].is_there);
	key(f, 1, KEY_VOLUMEUP, 1);
	wait_until(f, f->count == 1);
	assert_int_equal(f->told[0].source, f->silent[0].source);
	unplug(f, 1);
	wait_until(f, f->silent_count == 2);
	assert_false(f->silent[1].is_there);
	assert_int_equal(f->silent[1].source, f->silent[0].source);
	assert_int_equal(f->silent[1].behind, 2); /* the release */
	unplug(f, 0);
	wait_until(f, ui_remote_count(f->remote) == 0);
	assert_int_equal(f->silent_count, 2);
}

/* udev gives the node to its group only after it is there: that is no fault to speak of. */
static void test_permission_comes_later(void **state)
{
	struct fixture *f = *state;

	open_fakes(f, (struct ui_remote_options){0});
	plug(f, 0, 0);
	wait_until(f, f->fakes[0].opens == 1);
	assert_int_equal(ui_remote_count(f->remote), 0);
	assert_int_equal(chmod(device_path(f, 0), 0640), 0);
	wait_until(f, ui_remote_count(f->remote) == 1);
	wait_for_rest(f);
	assert_int_equal(f->said_count, 0);
}

static void test_no_permission_is_said_once(void **state)
{
	struct fixture *f = *state;

	plug(f, 0, 0);
	plug(f, 1, 0);
	open_fakes(f, (struct ui_remote_options){0});
	wait_until(f, f->said_count > 0);
	assert_int_equal(f->said_count, 1); /* for both: there may be many */
	assert_true(has_said(f, "no permission to read /tmp/", "group \"input\""));
	assert_true(has_said(f, "/event0", "/event1"));
	assert_true(has_said(f, "udev rule", ""));
	unsigned int opens = f->fakes[0].opens;
	plug(f, 2, 0600);
	wait_until(f, ui_remote_count(f->remote) == 1);
	wait_for_rest(f);
	assert_true(f->fakes[0].opens > opens); /* it was tried again */
	assert_int_equal(f->said_count, 1);
}

static void test_folder_that_comes_and_goes(void **state)
{
	struct fixture *f = *state;
	char dir[64], folder[128];

	strcpy(dir, f->dir);
	snprintf(folder, sizeof folder, "%s/dev/input", dir);
	open_fakes(f, (struct ui_remote_options){.folder = folder});
	wait_for_rest(f);
	for (int i = 1; i <= 2; i++) {
		strcpy(f->dir, dir);
		assert_int_equal(mkdir(path_of(f, "dev"), 0700), 0);
		assert_int_equal(mkdir(folder, 0700), 0);
		strcpy(f->dir, folder);
		plug(f, 0, 0600);
		wait_until(f, ui_remote_count(f->remote) == 1);
		key(f, 0, KEY_OK, 1);
		wait_until(f, f->count == (size_t)(2 * i - 1));
		unplug(f, 0);
		wait_until(f, ui_remote_count(f->remote) == 0);
		assert_int_equal(rmdir(folder), 0);
		strcpy(f->dir, dir);
		assert_int_equal(rmdir(path_of(f, "dev")), 0);
		wait_for_rest(f);
	}
	assert_int_equal(f->said_count, 0);
}

static void test_by_name(void **state)
{
	const char *names[] = {"Nice Remote [1]", "gpio_ir*", "nobody", NULL};
	struct fixture *f = *state;

	f->fakes[0].name = "nice remote [1]";
	f->fakes[1].name = "other";
	f->fakes[2].name = "gpio_ir_recv";
	f->fakes[2].kind = MOUSE; /* named, it may look like anything */
	for (unsigned int i = 0; i < 3; i++)
		plug(f, i, 0600);
	open_fakes(f, (struct ui_remote_options){.devices = names});
	assert_int_equal(ui_remote_count(f->remote), 2);
	assert_int_equal(f->fakes[1].closes, 1);
	wait_until(f, f->said_count == 1);
	assert_true(has_said(f, "no input device \"nobody\"", "waited for"));
	plug(f, 3, 0600);
	wait_until(f, f->fakes[3].closes == 1);
	assert_int_equal(f->fakes[1].opens, 1); /* known as another's, it is left in peace */
	wait_for_rest(f);
	assert_int_equal(f->said_count, 1);
}

/* As udev makes it: a link in a folder that is not there yet. */
static void test_by_path(void **state)
{
	struct fixture *f = *state;
	char link[128];
	const char *names[] = {link, NULL};

	snprintf(link, sizeof link, "%s/by-id/usb-remote-event-kbd", f->dir);
	f->fakes[0].kind = KEYBOARD;
	open_fakes(f, (struct ui_remote_options){.devices = names});
	wait_until(f, f->said_count == 1);
	assert_true(has_said(f, link, "waited for"));
	plug(f, 0, 0600);
	plug(f, 1, 0600);
	wait_for_rest(f);
	assert_int_equal(f->fakes[0].opens + f->fakes[1].opens, 0);
	assert_int_equal(mkdir(path_of(f, "by-id"), 0700), 0);
	wait_for_rest(f);
	assert_int_equal(symlink("../event0", link), 0);
	wait_until(f, ui_remote_count(f->remote) == 1);
	assert_int_equal(f->fakes[1].opens, 0);
	key(f, 0, KEY_1, 1);
	wait_until(f, f->count == 1);
	assert_int_equal(unlink(link), 0); /* the device is still there */
	wait_for_rest(f);
	assert_int_equal(ui_remote_count(f->remote), 1);
	assert_int_equal(f->said_count, 1);
}

/* Named twice, or by a link and by its name, it is one device. */
static void test_one_device_once(void **state)
{
	struct fixture *f = *state;
	char path[128];
	const char *names[] = {path, path, "remote", NULL};

	snprintf(path, sizeof path, "%s", device_path(f, 0));
	plug(f, 0, 0600);
	open_fakes(f, (struct ui_remote_options){.devices = names});
	wait_for_rest(f);
	assert_int_equal(ui_remote_count(f->remote), 1);
	assert_int_equal(f->fakes[0].opens, 1);
}

/* Through the kernel: whatever lies there is told, once, and then there is rest. */
static void test_impossible_devices(void **state)
{
	struct fixture *f = *state;

	plug(f, 0, 0600);
	close(open(path_of(f, "event1"), O_CREAT | O_WRONLY, 0600));
	assert_int_equal(mkdir(path_of(f, "event2"), 0700), 0);
	assert_int_equal(symlink("nowhere", path_of(f, "event3")), 0);
	assert_int_equal(symlink("event4", path_of(f, "event4")), 0);
	assert_int_equal(symlink("/dev/null", path_of(f, "event5")), 0);
	close(open(path_of(f, "mouse0"), O_CREAT | O_WRONLY, 0600));
	open_remote(f, (struct ui_remote_options){0});
	wait_until(f, f->said_count == 5);
	assert_true(has_said(f, "/event0 ", "no input device"));
	assert_true(has_said(f, "/event1 ", "no input device"));
	assert_true(has_said(f, "/event2 ", "no input device"));
	assert_true(has_said(f, "/event4:", "cannot be opened"));
	assert_true(has_said(f, "/event5 ", "no input device"));
	wait_for_rest(f);
	key(f, 0, KEY_OK, 1); /* a change in the folder */
	assert_int_equal(chmod(path_of(f, "event1"), 0644), 0);
	wait_for_rest(f);
	assert_int_equal(f->said_count, 5);
	assert_int_equal(f->count, 0);
	assert_int_equal(ui_remote_count(f->remote), 0);
}

static void test_folder_that_is_none(void **state)
{
	struct fixture *f = *state;
	char folder[128];

	snprintf(folder, sizeof folder, "%s/file", f->dir);
	close(open(folder, O_CREAT | O_WRONLY, 0600));
	open_remote(f, (struct ui_remote_options){.folder = folder});
	wait_until(f, f->said_count == 1);
	assert_true(has_said(f, folder, "cannot be opened"));
	wait_for_rest(f);
	assert_int_equal(f->said_count, 1);
}

/* Who got the press of a key waits for its release: only then is the device ours alone. */
static void test_grab_waits_for_keys(void **state)
{
	struct fixture *f = *state;

	ui_key_set_add(&f->fakes[0].down, KEY_ENTER);
	plug(f, 0, 0600);
	open_fakes(f, (struct ui_remote_options){0});
	key(f, 0, KEY_ENTER, 2);
	key(f, 0, KEY_1, 1);
	key(f, 0, KEY_ENTER, 0);
	wait_until(f, f->count == 1);
	assert_int_equal(f->fakes[0].grabs, 0);
	key(f, 0, KEY_1, 0);
	wait_until(f, f->fakes[0].grabs == 1);
	key(f, 0, KEY_ENTER, 1);
	wait_until(f, f->count == 3);
	expect(f, 2, KEY_ENTER, UI_KEY_PRESS, FIRST_SOURCE);
	assert_int_equal(f->fakes[0].grabs, 1);
}

static void test_shared(void **state)
{
	struct fixture *f = *state;

	plug(f, 0, 0600);
	open_fakes(f, (struct ui_remote_options){.shared = true});
	key(f, 0, KEY_1, 1);
	key(f, 0, KEY_1, 0);
	wait_until(f, f->count == 2);
	assert_int_equal(f->fakes[0].grabs, 0);
}

static void test_grabbed_by_another(void **state)
{
	struct fixture *f = *state;

	f->fakes[0].grab_error = -EBUSY;
	plug(f, 0, 0600);
	open_fakes(f, (struct ui_remote_options){0});
	assert_int_equal(f->said_count, 1);
	assert_true(has_said(f, "\"Remote\"", "another program"));
	key(f, 0, KEY_1, 1);
	key(f, 0, KEY_1, 0);
	wait_until(f, f->count == 2);
	assert_int_equal(f->said_count, 1);
}

static void test_dropped_records(void **state)
{
	struct fixture *f = *state;

	plug(f, 0, 0600);
	open_fakes(f, (struct ui_remote_options){0});
	key(f, 0, KEY_UP, 1);
	wait_until(f, f->count == 1);
	ui_key_set_add(&f->fakes[0].down, KEY_OK);
	assert_true(write_record(f, 0, EV_SYN, SYN_DROPPED, 0));
	key(f, 0, KEY_7, 1);
	key(f, 0, KEY_7, 0);
	wait_until(f, f->count == 5);
	expect(f, 1, KEY_7, UI_KEY_PRESS, FIRST_SOURCE);
	expect(f, 2, KEY_7, UI_KEY_RELEASE, FIRST_SOURCE);
	expect(f, 3, KEY_UP, UI_KEY_RELEASE, FIRST_SOURCE);
	expect(f, 4, KEY_OK, UI_KEY_PRESS, FIRST_SOURCE);
}

/* As no device tells them; but what is read is not taken for granted. */
static void test_parts_of_records(void **state)
{
	const struct input_event records[] = {{.type = EV_KEY, .code = KEY_1, .value = 1},
		{.type = EV_KEY, .code = KEY_2, .value = 1},
		{.type = EV_KEY, .code = KEY_3, .value = 1}};
	const size_t ends[] = {sizeof records[0] / 2, 2 * sizeof records[0] - 1, sizeof records};
	struct fixture *f = *state;
	size_t written = 0;

	plug(f, 0, 0600);
	open_fakes(f, (struct ui_remote_options){0});
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		ssize_t part = (ssize_t)(ends[i] - written);
		assert_int_equal(
			write(f->fakes[0].writer, (const char *)records + written, (size_t)part),
			part);
		written = ends[i];
		wait_for_rest(f);
		assert_int_equal(f->count, written / sizeof records[0]);
	}
	expect(f, 0, KEY_1, UI_KEY_PRESS, FIRST_SOURCE);
	expect(f, 1, KEY_2, UI_KEY_PRESS, FIRST_SOURCE);
	expect(f, 2, KEY_3, UI_KEY_PRESS, FIRST_SOURCE);
}

/* Ten thousand keys from one: none is lost, and the other remote's turn comes as soon as ever. */
static void test_a_flood_starves_nobody(void **state)
{
	struct fixture *f = *state;
	size_t written = 0;
	bool seen = false;

	plug(f, 0, 0600);
	plug(f, 1, 0600);
	open_fakes(f, (struct ui_remote_options){0});
	wait_for_rest(f);
	while (f->count < FLOOD + 1) {
		while (written < FLOOD &&
			write_record(f, 0, EV_KEY, KEY_1 + written / 2 % 9, written % 2 == 0))
			written++;
		size_t before = f->count;
		if (before == 0)
			key(f, 1, KEY_OK, 1);
		assert_int_not_equal(uv_run(&f->loop, UV_RUN_ONCE), 0);
		assert_true(f->count > before || before == 0);
		assert_true(f->count - before <= TURN_MAX + 1);
		for (size_t i = before; i < f->count; i++)
			seen |= f->told[i].code == KEY_OK;
		assert_true(seen); /* from the first turn on */
	}
	for (size_t i = 0, n = 0; i < f->count; i++) {
		if (f->told[i].code == KEY_OK)
			continue;
		expect(f, i, (uint16_t)(KEY_1 + n / 2 % 9),
			n % 2 == 0 ? UI_KEY_PRESS : UI_KEY_RELEASE, f->told[i].source);
		n++;
	}
}

/* A press counts from the kernel's stamp, however late the loop gets to know of it. */
static void test_stamps(void **state)
{
	struct fixture *f = *state;

	plug(f, 0, 0600);
	open_fakes(f, (struct ui_remote_options){0});
	uint64_t before_ns = uv_hrtime();
	key(f, 0, KEY_5, 1);
	uint64_t after_ns = uv_hrtime();
	while (uv_hrtime() < after_ns + 20000000)
		;
	wait_until(f, f->count == 1);
	assert_in_range(f->told[0].at_ns, before_ns - 1000, after_ns);
}

/* One that vanishes as often as it is opened costs an attempt a second, not the processor. */
static void test_keeps_vanishing(void **state)
{
	struct fixture *f = *state;

	plug(f, 0, 0600);
	open_fakes(f, (struct ui_remote_options){0});
	wait_for_rest(f);
	close(f->fakes[0].writer); /* and the node stays */
	f->fakes[0].writer = -1;
	wait_until(f, f->fakes[0].closes == 1);
	uv_update_time(&f->loop);
	assert_true(uv_backend_timeout(&f->loop) > 500);
	assert_int_equal(f->fakes[0].opens, 1);
	wait_until(f, f->fakes[0].opens == 2);
	assert_int_equal(f->said_count, 0);
}

static void test_closed_from_a_key(void **state)
{
	struct fixture *f = *state;

	f->close_on_key = true;
	plug(f, 0, 0600);
	plug(f, 1, 0600);
	open_fakes(f, (struct ui_remote_options){0});
	for (int i = 0; i < 3; i++) {
		key(f, 0, KEY_1, 1);
		key(f, 1, KEY_2, 1);
	}
	wait_until(f, f->remote == NULL);
	wait_until(f, f->fakes[0].closes + f->fakes[1].closes == 2);
	assert_int_equal(f->count, 1);
}

/* As it lets its keys go. */
static void test_closed_from_the_release_of_one_that_vanishes(void **state)
{
	struct fixture *f = *state;

	plug(f, 0, 0600);
	open_fakes(f, (struct ui_remote_options){0});
	key(f, 0, KEY_1, 1);
	key(f, 0, KEY_2, 1);
	wait_until(f, f->count == 2);
	f->close_on_key = true;
	unplug(f, 0);
	wait_until(f, f->remote == NULL);
	wait_until(f, f->fakes[0].closes == 1);
	assert_int_equal(f->count, 3);
	ui_remote_close(NULL);
}

#define REMOTE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		REMOTE_TEST(test_remotes_that_are_there),
		REMOTE_TEST(test_keyboards_where_wanted),
		REMOTE_TEST(test_plugged_in_later_and_again),
		REMOTE_TEST(test_a_device_that_does_not_repeat_is_told),
		REMOTE_TEST(test_permission_comes_later),
		REMOTE_TEST(test_no_permission_is_said_once),
		REMOTE_TEST(test_folder_that_comes_and_goes),
		REMOTE_TEST(test_by_name),
		REMOTE_TEST(test_by_path),
		REMOTE_TEST(test_one_device_once),
		REMOTE_TEST(test_impossible_devices),
		REMOTE_TEST(test_folder_that_is_none),
		REMOTE_TEST(test_grab_waits_for_keys),
		REMOTE_TEST(test_shared),
		REMOTE_TEST(test_grabbed_by_another),
		REMOTE_TEST(test_dropped_records),
		REMOTE_TEST(test_parts_of_records),
		REMOTE_TEST(test_a_flood_starves_nobody),
		REMOTE_TEST(test_stamps),
		REMOTE_TEST(test_keeps_vanishing),
		REMOTE_TEST(test_closed_from_a_key),
		REMOTE_TEST(test_closed_from_the_release_of_one_that_vanishes),
	};
	return cmocka_run_group_tests_name("ui_remote", tests, NULL, NULL);
}
