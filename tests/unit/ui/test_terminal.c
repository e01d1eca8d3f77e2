/* ui/terminal on a pseudo terminal: keys come out, the terminal is as before afterwards. */
#include "tests/support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/input-event-codes.h>
#include <pty.h>
#include <stdbool.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "ui/terminal.h"

struct fixture {
	uv_loop_t loop;
	uv_timer_t guard; /* ends a run that waits for what never comes */
	int master, slave;
	struct termios before;
	int flags_before;
	struct ui_terminal *terminal;
	uint16_t codes[16];
	uint64_t pressed_ns[16];
	size_t count, wanted;
	bool close_on_key;
};

static void on_guard(uv_timer_t *guard)
{
	uv_stop(guard->loop);
}

/* A terminal knows of no releases. */
static void on_key(void *ctx, const struct ui_key_event *event)
{
	struct fixture *f = ctx;

	assert_in_range(f->count, 0, 15);
	assert_int_equal(event->motion, UI_KEY_PRESS);
	assert_int_equal(event->source, UI_KEY_SOURCE_TAPS);
	f->codes[f->count] = event->code;
	f->pressed_ns[f->count++] = event->at_ns;
	if (f->count == f->wanted)
		uv_stop(&f->loop);
	if (f->close_on_key) {
		ui_terminal_close(f->terminal);
		f->terminal = NULL;
		uv_stop(&f->loop);
	}
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	assert_int_equal(uv_loop_init(&f->loop), 0);
	uv_timer_init(&f->loop, &f->guard);
	assert_int_equal(openpty(&f->master, &f->slave, NULL, NULL, NULL), 0);
	assert_int_equal(tcgetattr(f->slave, &f->before), 0);
	f->flags_before = fcntl(f->slave, F_GETFL);
	assert_int_equal(ui_terminal_open(&f->loop, f->slave, on_key, f, &f->terminal), 0);
	*state = f;
	return 0;
}

/* Every test ends with the terminal as it was and an empty loop. */
static int teardown(void **state)
{
	struct fixture *f = *state;
	struct termios after;

	ui_terminal_close(f->terminal);
	assert_int_equal(tcgetattr(f->slave, &after), 0);
	assert_int_equal(after.c_lflag, f->before.c_lflag);
	assert_int_equal(after.c_iflag, f->before.c_iflag);
	assert_memory_equal(after.c_cc, f->before.c_cc, sizeof after.c_cc);
	assert_int_equal(fcntl(f->slave, F_GETFL), f->flags_before);
	uv_close((uv_handle_t *)&f->guard, NULL);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&f->loop), 0);
	close(f->master);
	close(f->slave);
	free(f);
	return 0;
}

static void type(struct fixture *f, const char *bytes)
{
	assert_int_equal(write(f->master, bytes, strlen(bytes)), strlen(bytes));
}

static void wait_for(struct fixture *f, size_t count)
{
	f->wanted = count;
	uv_timer_start(&f->guard, on_guard, 5000, 0);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	uv_timer_stop(&f->guard);
	assert_int_equal(f->count, count);
}

static void test_raw_but_for_signals(void **state)
{
	struct fixture *f = *state;
	struct termios raw;

	assert_int_equal(tcgetattr(f->slave, &raw), 0);
	assert_false(raw.c_lflag & (ICANON | ECHO));
	assert_true(raw.c_lflag & ISIG);
	assert_int_equal(raw.c_oflag, f->before.c_oflag);
}

static void test_the_shared_descriptor_stays_blocking(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(fcntl(f->slave, F_GETFL), f->flags_before);
}

static void test_keys_come_out(void **state)
{
	struct fixture *f = *state;
	uint64_t before_ns = uv_hrtime();

	type(f, "5\033[A\033[6~q");
	wait_for(f, 4);
	assert_int_equal(f->codes[0], KEY_5);
	assert_int_equal(f->codes[1], KEY_UP);
	assert_int_equal(f->codes[2], KEY_PAGEDOWN);
	assert_int_equal(f->codes[3], KEY_Q);
	assert_in_range(f->pressed_ns[0], before_ns, uv_hrtime());
}

static void test_an_escape_alone_is_a_key(void **state)
{
	struct fixture *f = *state;
	uint64_t typed_ns = uv_hrtime();

	type(f, "\033");
	wait_for(f, 1);
	assert_int_equal(f->codes[0], KEY_ESC);
	assert_true(uv_hrtime() - typed_ns >= 49000000);	 /* it was given time to go on */
	assert_true(uv_hrtime() - f->pressed_ns[0] >= 49000000); /* stamped when it was read */
}

static void test_a_sequence_in_two_parts_is_one_key(void **state)
{
	struct fixture *f = *state;

	type(f, "\033");
	uv_run(&f->loop, UV_RUN_NOWAIT);
	type(f, "[");
	uv_run(&f->loop, UV_RUN_NOWAIT);
	assert_int_equal(f->count, 0);
	type(f, "B");
	wait_for(f, 1);
	assert_int_equal(f->codes[0], KEY_DOWN);
}

static void test_a_late_loop_does_not_tear_a_sequence(void **state)
{
	struct fixture *f = *state;

	type(f, "\033");
	uv_run(&f->loop, UV_RUN_NOWAIT);
	type(f, "[B");
	usleep(60000); /* the loop is busy with something else, longer than an escape may last */
	wait_for(f, 1);
	assert_int_equal(f->codes[0], KEY_DOWN);
}

static void test_an_unfinished_sequence_is_dropped(void **state)
{
	struct fixture *f = *state;
	uint64_t typed_ns = uv_hrtime();

	type(f, "\033[1");
	while (uv_hrtime() - typed_ns < 80000000)
		uv_run(&f->loop, UV_RUN_NOWAIT);
	assert_int_equal(f->count, 0);
	type(f, "7");
	wait_for(f, 1);
	assert_int_equal(f->codes[0], KEY_7);
}

static void test_more_than_a_buffer_at_once(void **state)
{
	struct fixture *f = *state;
	char bytes[301];

	memset(bytes, ' ', sizeof bytes - 1); /* no keys of ours */
	bytes[sizeof bytes - 1] = '\0';
	memcpy(bytes + 62, "\033[5~", 4); /* across the buffer's end */
	bytes[299] = '8';
	type(f, bytes);
	wait_for(f, 2);
	assert_int_equal(f->codes[0], KEY_PAGEUP);
	assert_int_equal(f->codes[1], KEY_8);
}

static void test_close_from_a_key(void **state)
{
	struct fixture *f = *state;

	f->close_on_key = true;
	type(f, "qqq");
	wait_for(f, 1);
}

static void test_unread_keys_are_not_left_for_the_shell(void **state)
{
	struct fixture *f = *state;
	char byte;

	type(f, "rm\n");
	ui_terminal_close(f->terminal);
	f->terminal = NULL;
	fcntl(f->slave, F_SETFL, f->flags_before | O_NONBLOCK);
	assert_int_equal(read(f->slave, &byte, 1), -1);
	assert_int_equal(errno, EAGAIN);
	fcntl(f->slave, F_SETFL, f->flags_before);
}

static void test_no_terminal(void **state)
{
	struct fixture *f = *state;
	struct ui_terminal *terminal = NULL;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(ui_terminal_open(&f->loop, ends[0], on_key, f, &terminal), -ENOTTY);
	assert_null(terminal);
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(ui_terminal_open(&f->loop, -1, on_key, f, &terminal), -ENOTTY);
	ui_terminal_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_raw_but_for_signals, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_the_shared_descriptor_stays_blocking, setup, teardown),
		cmocka_unit_test_setup_teardown(test_keys_come_out, setup, teardown),
		cmocka_unit_test_setup_teardown(test_an_escape_alone_is_a_key, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_a_sequence_in_two_parts_is_one_key, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_a_late_loop_does_not_tear_a_sequence, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_an_unfinished_sequence_is_dropped, setup, teardown),
		cmocka_unit_test_setup_teardown(test_more_than_a_buffer_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_close_from_a_key, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_unread_keys_are_not_left_for_the_shell, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_terminal, setup, teardown),
	};
	return cmocka_run_group_tests_name("ui_terminal", tests, NULL, NULL);
}
