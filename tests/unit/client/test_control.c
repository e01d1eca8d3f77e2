/* control: the socket that others script against, with clients of every kind. */
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "client/app/control.h"
#include "tests/support/test.h"

struct fixture {
	uv_loop_t loop;
	struct control *control;
	char *dir, *path;
	uint64_t last_client;
	int requests;
};

/*
 * "hello" is answered at once, "later" by the test, "follow" subscribes, "bye" closes control,
 * "last" too, and has an answer.
 */
static json_t *on_request(void *ctx, uint64_t client, json_t *request, uint64_t at_ns)
{
	struct fixture *f = ctx;
	const char *cmd = json_string_value(json_object_get(request, "cmd"));
	assert_true(at_ns > 0);
	f->last_client = client;
	f->requests++;
	if (cmd && !strcmp(cmd, "later"))
		return NULL;
	if (cmd && (!strcmp(cmd, "bye") || !strcmp(cmd, "last"))) {
		control_close(f->control);
		f->control = NULL;
		return *cmd == 'l' ? control_ok() : NULL;
	}
	if (cmd && !strcmp(cmd, "follow"))
		control_subscribe(f->control, client);
	return cmd ? control_ok() : control_error("no %s", "cmd");
}

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	f->dir = g_dir_make_tmp("zapper-XXXXXX", NULL);
	f->path = g_build_filename(f->dir, "s.sock", NULL);
	struct control_handler handler = {on_request, f};
	uv_loop_init(&f->loop);
	assert_int_equal(control_open(&f->loop, f->path, &handler, &f->control), 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	control_close(f->control);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&f->loop), 0);
	assert_false(g_file_test(f->path, G_FILE_TEST_EXISTS));
	g_rmdir(f->dir);
	g_free(f->path);
	g_free(f->dir);
	g_free(f);
	return 0;
}

static int connect_client(const struct fixture *f)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	g_strlcpy(address.sun_path, f->path, sizeof address.sun_path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
	return fd;
}

static void write_text(int fd, const char *text)
{
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

/* Runs the loop until a whole line has come; "" when the other end was closed. */
static char *read_line(struct fixture *f, int fd)
{
	GString *line = g_string_new(NULL);
	gint64 deadline_us = g_get_monotonic_time() + 5 * G_USEC_PER_SEC;
	while (g_get_monotonic_time() < deadline_us) {
		char c;
		ssize_t got = read(fd, &c, 1);
		if (got == 0 || (got == 1 && c == '\n'))
			return g_string_free(line, FALSE);
		if (got == 1)
			g_string_append_c(line, c);
		else
			uv_run(&f->loop, UV_RUN_NOWAIT);
	}
	fail_msg("no line came, only \"%s\"", line->str);
	return NULL;
}

static void assert_answer(struct fixture *f, int fd, const char *expected)
{
	char *line = read_line(f, fd);
	assert_string_equal(line, expected);
	g_free(line);
}

static void test_answers_carry_the_id_of_the_request(void **state)
{
	struct fixture *f = *state;
	int fd = connect_client(f);
	write_text(fd, "{\"id\":7,\"cmd\":\"hello\"}\n{\"id\":\"x\",\"cmd\":\"hello\"}\n");
	assert_answer(f, fd, "{\"ok\":true,\"id\":7}");
	assert_answer(f, fd, "{\"ok\":true,\"id\":\"x\"}");
	write_text(fd, "{\"cmd\":");
	uv_run(&f->loop, UV_RUN_NOWAIT);
	write_text(fd, "\"hello\"}\n"); /* in two parts, and without an id */
	assert_answer(f, fd, "{\"ok\":true}");
	write_text(fd, "{\"id\":8}\n");
	assert_answer(f, fd, "{\"ok\":false,\"error\":\"no cmd\",\"id\":8}");
	close(fd);
}

static void test_what_is_no_request_is_answered_and_the_next_one_works(void **state)
{
	struct fixture *f = *state;
	int fd = connect_client(f);
	const char *const bad[] = {"what\n", "[1]\n", "\n", "{\"a\":1,\"a\":2}\n", "\x01\xff\n"};
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		write_text(fd, bad[i]);
		char *line = read_line(f, fd);
		assert_non_null(strstr(line, "\"ok\":false"));
		g_free(line);
	}
	assert_int_equal(f->requests, 0);
	write_text(fd, "{\"cmd\":\"hello\"}\n");
	assert_answer(f, fd, "{\"ok\":true}");
	close(fd);
}

static void test_a_line_without_end_is_cut_off(void **state)
{
	struct fixture *f = *state;
	int fd = connect_client(f);
	char chunk[4096];
	memset(chunk, 'x', sizeof chunk);
	ssize_t sent = 0;
	for (int i = 0; i < 100 && sent >= 0; i++) {
		sent = send(fd, chunk, sizeof chunk, MSG_NOSIGNAL);
		if (sent < 0 && errno == EAGAIN)
			sent = 0;
		uv_run(&f->loop, UV_RUN_NOWAIT);
	}
	assert_int_equal(sent, -1);
	assert_int_equal(errno, EPIPE);
	close(fd);
	fd = connect_client(f);
	write_text(fd, "{\"cmd\":\"hello\"}\n");
	assert_answer(f, fd, "{\"ok\":true}");
	close(fd);
}

static void test_a_late_answer_finds_its_client_or_nobody(void **state)
{
	struct fixture *f = *state;
	int fd = connect_client(f);
	write_text(fd, "{\"id\":3,\"cmd\":\"later\"}\n");
	while (!f->requests)
		uv_run(&f->loop, UV_RUN_ONCE);
	json_t *id = json_integer(3);
	control_answer(f->control, f->last_client, id, control_ok());
	assert_answer(f, fd, "{\"ok\":true,\"id\":3}");
	close(fd);
	control_answer(f->control, f->last_client + 1, id, control_ok());
	json_decref(id);
}

static void test_events_go_to_those_who_asked(void **state)
{
	struct fixture *f = *state;
	int follower = connect_client(f), other = connect_client(f);
	write_text(follower, "{\"cmd\":\"follow\"}\n");
	assert_answer(f, follower, "{\"ok\":true}");
	write_text(other, "{\"cmd\":\"hello\"}\n");
	assert_answer(f, other, "{\"ok\":true}");
	control_publish(f->control, json_pack("{s:s}", "event", "one"));
	assert_answer(f, follower, "{\"event\":\"one\"}");
	char c;
	uv_run(&f->loop, UV_RUN_NOWAIT);
	assert_int_equal(read(other, &c, 1), -1);
	close(follower);
	close(other);
}

/* Reads until the other end is closed; returns how many bytes came. */
static size_t read_to_end(struct fixture *f, int fd)
{
	static char buffer[65536];
	size_t total = 0;
	gint64 deadline_us = g_get_monotonic_time() + 5 * G_USEC_PER_SEC;
	while (g_get_monotonic_time() < deadline_us) {
		ssize_t got = read(fd, buffer, sizeof buffer);
		if (got == 0)
			return total;
		if (got > 0)
			total += (size_t)got;
		else
			uv_run(&f->loop, UV_RUN_NOWAIT);
	}
	fail_msg("the other end stays open");
	return 0;
}

static void test_a_follower_that_never_reads_is_cut_off(void **state)
{
	struct fixture *f = *state;
	int fd = connect_client(f);
	const size_t event_bytes = 60000, events = 200;
	write_text(fd, "{\"cmd\":\"follow\"}\n");
	while (!f->requests)
		uv_run(&f->loop, UV_RUN_ONCE);
	char *text = g_strnfill(event_bytes, 'x');
	for (size_t i = 0; i < events; i++) {
		control_publish(f->control, json_pack("{s:s}", "event", text));
		uv_run(&f->loop, UV_RUN_NOWAIT);
	}
	g_free(text);
	assert_true(read_to_end(f, fd) < events * event_bytes);
	int next = connect_client(f);
	write_text(next, "{\"cmd\":\"hello\"}\n");
	assert_answer(f, next, "{\"ok\":true}");
	close(next);
	close(fd);
}

static void test_requests_behind_the_last_one_are_not_taken(void **state)
{
	struct fixture *f = *state;
	int fd = connect_client(f);
	write_text(fd, "{\"cmd\":\"bye\"}\n{\"cmd\":\"hello\"}\n");
	assert_answer(f, fd, ""); /* the other end is closed */
	assert_int_equal(f->requests, 1);
	close(fd);
}

static void test_a_request_that_is_the_last_one_is_answered(void **state)
{
	struct fixture *f = *state;
	int fd = connect_client(f);
	write_text(fd, "{\"id\":1,\"cmd\":\"last\"}\n{\"cmd\":\"hello\"}\n");
	assert_answer(f, fd, "{\"ok\":true,\"id\":1}");
	assert_answer(f, fd, "");
	assert_int_equal(f->requests, 1);
	close(fd);
}

static void test_a_file_in_the_way_is_left_alone(void **state)
{
	struct fixture *f = *state;
	struct control_handler handler = {on_request, f};
	struct control *second = NULL;
	char *file = g_build_filename(f->dir, "list.m3u", NULL), *text = NULL;
	assert_true(g_file_set_contents(file, "#EXTM3U\n", -1, NULL));
	assert_int_equal(control_open(&f->loop, file, &handler, &second), -EADDRINUSE);
	assert_true(g_file_get_contents(file, &text, NULL, NULL));
	assert_string_equal(text, "#EXTM3U\n");
	uv_run(&f->loop, UV_RUN_NOWAIT);
	g_unlink(file);
	g_free(text);
	g_free(file);
}

static void test_a_second_program_is_refused_and_a_dead_socket_replaced(void **state)
{
	struct fixture *f = *state;
	struct control_handler handler = {on_request, f};
	struct control *second = NULL;
	assert_int_equal(control_open(&f->loop, f->path, &handler, &second), -EADDRINUSE);
	assert_true(g_file_test(f->path, G_FILE_TEST_EXISTS)); /* the first one's is left alone */

	char *stale = g_build_filename(f->dir, "stale.sock", NULL);
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	g_strlcpy(address.sun_path, stale, sizeof address.sun_path);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	close(fd); /* as after kill -9: the file stays, nobody listens */
	assert_int_equal(control_open(&f->loop, stale, &handler, &second), 0);
	control_close(second);
	char *long_name = g_strnfill(120, 'd');
	char *deep = g_build_filename(f->dir, long_name, NULL);
	assert_int_equal(control_open(&f->loop, deep, &handler, &second), -ENAMETOOLONG);
	uv_run(&f->loop, UV_RUN_NOWAIT);
	g_free(stale);
	g_free(deep);
	g_free(long_name);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_answers_carry_the_id_of_the_request),
		TEST(test_what_is_no_request_is_answered_and_the_next_one_works),
		TEST(test_a_line_without_end_is_cut_off),
		TEST(test_a_late_answer_finds_its_client_or_nobody),
		TEST(test_events_go_to_those_who_asked),
		TEST(test_a_follower_that_never_reads_is_cut_off),
		TEST(test_requests_behind_the_last_one_are_not_taken),
		TEST(test_a_request_that_is_the_last_one_is_answered),
		TEST(test_a_file_in_the_way_is_left_alone),
		TEST(test_a_second_program_is_refused_and_a_dead_socket_replaced),
	};
	return cmocka_run_group_tests_name("client_control", tests, NULL, NULL);
}
