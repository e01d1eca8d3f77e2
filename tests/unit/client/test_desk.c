/* The desk: keys become effects and views, and what is late is read before it counts. */
#include "client/app/desk.h"

#include <glib.h>
#include <linux/input-event-codes.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/test.h"
#include "ui/sources.h"

#define MS UINT64_C(1000000)
#define SOURCE 20 /* a device that tells its repeats */
#define LONG_NS (100 * MS)

static const struct ui_channel channels[] = {{.number = "1", .name = "One"},
	{.number = "2", .name = "Two"}, {.number = "3", .name = "Three"}};
static const struct ui_lineup lineup = {.channels = channels, .count = 3};

struct fixture {
	uv_loop_t loop;
	struct desk *desk;
	unsigned effects, tunes, views;
	struct ui_effect last;	/* TUNE */
	unsigned tunes_at_view; /* how many there were when the view came */
	struct ui_view view;
	bool closes;
	uv_pipe_t pipe; /* a source that is read by the loop */
	int fd;
	struct ui_key_event on_read;
};

static void on_effect(void *ctx, const struct ui_effect *effect)
{
	struct fixture *f = ctx;
	f->effects++;
	if (effect->type == UI_EFFECT_TUNE) {
		f->tunes++;
		f->last = *effect;
	}
	if (f->closes)
		desk_close(f->desk);
}

static void on_view(void *ctx, const struct ui_view *view)
{
	struct fixture *f = ctx;
	f->views++;
	f->tunes_at_view = f->tunes;
	f->view = *view;
}

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	struct ui_keymap keymap;
	const struct desk_options options = {
		.model = {.banner_ns = 100 * MS, .entry_timeout_ns = 50 * MS},
		.presses = {.long_ns = LONG_NS,
			.repeat_delay_ns = 20 * MS,
			.repeat_every_ns = 5 * MS},
		.keymap = &keymap,
		.effect = on_effect,
		.view = on_view,
		.ctx = f};
	ui_keymap_init(&keymap);
	uv_loop_init(&f->loop);
	f->desk = desk_open(&f->loop, &options);
	desk_take(f->desk, &lineup, NULL);
	desk_tune(f->desk, 0, uv_hrtime());
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	if (!f->closes)
		desk_close(f->desk);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	int left = uv_loop_close(&f->loop);
	g_free(f);
	return left;
}

static void key(struct fixture *f, uint16_t code, enum ui_key_motion motion)
{
	const struct ui_key_event event = {code, motion, SOURCE, uv_hrtime()};
	desk_key(f->desk, &event);
}

static void test_a_key_is_carried_out_before_it_is_seen(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(f->tunes, 1);
	uint64_t pressed_ns = uv_hrtime();
	const struct ui_key_event press = {KEY_CHANNELUP, UI_KEY_PRESS, SOURCE, pressed_ns};
	desk_key(f->desk, &press);
	assert_int_equal(f->tunes, 2);
	assert_int_equal(f->last.channel, 1);
	assert_int_equal(f->last.how, UI_TUNE_UP);
	assert_int_equal(f->last.at_ns, pressed_ns);
	assert_int_equal(f->tunes_at_view, 2);
	assert_true(f->view.banner.visible);
	assert_string_equal(f->view.banner.name, "Two");
}

static void test_time_passes_by_itself(void **state)
{
	struct fixture *f = *state;
	key(f, KEY_3, UI_KEY_PRESS);
	key(f, KEY_3, UI_KEY_RELEASE);
	assert_int_equal(f->last.channel, 2); /* no longer number begins so */
	while (f->view.banner.visible)
		uv_run(&f->loop, UV_RUN_ONCE);
	assert_string_equal(ui_model_typed(desk_model(f->desk)), "");
}

/* Of a command that has a long form: the short one at the release, the long one by time. */
static void test_long_and_short(void **state)
{
	struct fixture *f = *state;
	key(f, KEY_OK, UI_KEY_PRESS);
	assert_false(f->view.list.visible);
	key(f, KEY_OK, UI_KEY_RELEASE);
	assert_string_equal(f->view.list.title, "All channels");
	key(f, KEY_BACK, UI_KEY_PRESS);
	key(f, KEY_BACK, UI_KEY_RELEASE);
	assert_false(f->view.list.visible);
	key(f, KEY_OK, UI_KEY_PRESS);
	while (!f->view.list.visible)
		uv_run(&f->loop, UV_RUN_ONCE);
	assert_string_equal(f->view.list.title, "Bouquets");
}

static void test_a_key_that_is_held_by_a_request(void **state)
{
	struct fixture *f = *state;
	desk_hold(f->desk, KEY_OK, true, uv_hrtime());
	while (!f->view.list.visible)
		uv_run(&f->loop, UV_RUN_ONCE);
	assert_string_equal(f->view.list.title, "Bouquets");
	desk_press(f->desk, UI_COMMAND_EXIT, uv_hrtime());
	desk_hold(f->desk, KEY_VOLUMEDOWN, false, uv_hrtime());
	while (f->view.volume.percent > 80)
		uv_run(&f->loop, UV_RUN_ONCE);
	desk_let_go(f->desk, KEY_VOLUMEUP, uv_hrtime()); /* another one */
	unsigned percent = f->view.volume.percent;
	while (f->view.volume.percent == percent)
		uv_run(&f->loop, UV_RUN_ONCE);
	assert_true(f->view.volume.visible); /* else nothing has changed for long */
	desk_let_go(f->desk, KEY_VOLUMEDOWN, uv_hrtime());
	percent = f->view.volume.percent;
	uint64_t until_ns = uv_hrtime() + 40 * MS;
	while (uv_hrtime() < until_ns)
		uv_run(&f->loop, UV_RUN_NOWAIT);
	assert_int_equal(f->view.volume.percent, percent);
}

/* A front panel without EV_REP. It vanishes in mid-press: nothing goes on repeating. */
static void test_a_source_that_does_not_repeat(void **state)
{
	struct fixture *f = *state;
	desk_make_repeats(f->desk, SOURCE, true);
	key(f, KEY_VOLUMEDOWN, UI_KEY_PRESS);
	assert_int_equal(f->view.volume.percent, 95);
	while (f->view.volume.percent > 80)
		uv_run(&f->loop, UV_RUN_ONCE);
	assert_true(f->view.volume.visible);
	desk_make_repeats(f->desk, SOURCE, false);
	unsigned percent = f->view.volume.percent;
	uint64_t until_ns = uv_hrtime() + 40 * MS;
	while (uv_hrtime() < until_ns)
		uv_run(&f->loop, UV_RUN_NOWAIT);
	assert_int_equal(f->view.volume.percent, percent);
}

static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
	static char bytes[16];
	(void)handle;
	(void)size;
	*buf = uv_buf_init(bytes, sizeof bytes);
}

static void on_bytes(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf)
{
	struct fixture *f = stream->data;
	(void)buf;
	if (count > 0)
		desk_key(f->desk, &f->on_read);
}

/*
 * The loop was busy for longer than a long press takes; the release lies in its source, and was
 * there in time.
 */
static void test_a_late_loop_reads_before_it_believes(void **state)
{
	struct fixture *f = *state;
	int fds[2];
	assert_int_equal(pipe(fds), 0);
	uv_pipe_init(&f->loop, &f->pipe, 0);
	uv_pipe_open(&f->pipe, fds[0]);
	f->pipe.data = f;
	uv_read_start((uv_stream_t *)&f->pipe, on_alloc, on_bytes);

	uint64_t pressed_ns = uv_hrtime();
	const struct ui_key_event press = {KEY_OK, UI_KEY_PRESS, SOURCE, pressed_ns};
	desk_key(f->desk, &press);
	f->on_read = (struct ui_key_event){KEY_OK, UI_KEY_RELEASE, SOURCE, pressed_ns + 20 * MS};
	assert_int_equal(write(fds[1], "x", 1), 1);
	while (uv_hrtime() < pressed_ns + 2 * LONG_NS)
		;
	while (!f->view.list.visible)
		uv_run(&f->loop, UV_RUN_ONCE);
	assert_string_equal(f->view.list.title, "All channels"); /* not that of the long press */
	uv_close((uv_handle_t *)&f->pipe, NULL);
	close(fds[1]);
}

/* What is open has no say, and nothing is seen in between. */
static void test_a_command_alone(void **state)
{
	struct fixture *f = *state;
	desk_press(f->desk, UI_COMMAND_LIST, uv_hrtime());
	assert_true(f->view.list.visible);
	unsigned views = f->views;
	desk_press_alone(f->desk, UI_COMMAND_CHANNEL_UP, uv_hrtime());
	assert_int_equal(f->views, views + 1);
	assert_int_equal(f->last.channel, 1);
	assert_false(f->view.list.visible);
	assert_string_equal(f->view.banner.name, "Two");
}

static void test_it_may_be_closed_by_what_it_asked_for(void **state)
{
	struct fixture *f = *state;
	desk_press(f->desk, UI_COMMAND_MUTE, uv_hrtime());
	f->closes = true;
	unsigned views = f->views, effects = f->effects;
	key(f, KEY_VOLUMEUP, UI_KEY_PRESS); /* sound again, and louder */
	assert_int_equal(f->views, views);
	assert_int_equal(f->effects, effects + 1);
	uv_run(&f->loop, UV_RUN_DEFAULT);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_a_key_is_carried_out_before_it_is_seen),
		TEST(test_time_passes_by_itself),
		TEST(test_long_and_short),
		TEST(test_a_key_that_is_held_by_a_request),
		TEST(test_a_source_that_does_not_repeat),
		TEST(test_a_late_loop_reads_before_it_believes),
		TEST(test_a_command_alone),
		TEST(test_it_may_be_closed_by_what_it_asked_for),
	};
	return cmocka_run_group_tests_name("client_desk", tests, NULL, NULL);
}
