#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "tests/lab/control.h"
#include "tests/support/test.h"

enum { POLL_MS = 5000, MANY = 4 };

static char *dir, *path;

static int make_dir(void **state)
{
	(void)state;
	dir = g_dir_make_tmp("zapper-lab-XXXXXX", NULL);
	path = g_build_filename(dir, "socket", NULL);
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	g_unlink(path);
	g_rmdir(dir);
	g_free(path);
	g_free(dir);
	return 0;
}

static char *echo(void *user, const char *line)
{
	(*(unsigned *)user)++;
	return g_strdup_printf("ok %s", line);
}

static gpointer ask(gpointer line)
{
	char *answer = NULL;
	return control_ask(path, line, &answer) == 0 ? answer : NULL;
}

static void serve_until(struct control *control, unsigned *served, unsigned count)
{
	struct pollfd fds[CONTROL_MAX_FDS];
	while (*served < count) {
		size_t n = control_fill(control, fds);
		assert_true(poll(fds, n, POLL_MS) > 0);
		control_serve(control, fds, n, echo, served);
	}
}

static void every_client_gets_its_answer(void **state)
{
	(void)state;
	static char lines[MANY][16] = {"one", "two 2", "three 3 3", ""};
	struct control *control;
	GThread *threads[MANY];
	unsigned served = 0;
	assert_int_equal(control_open(path, &control), 0);
	for (int i = 0; i < MANY; i++)
		threads[i] = g_thread_new("ask", ask, lines[i]);
	serve_until(control, &served, MANY);
	for (int i = 0; i < MANY; i++) {
		g_autofree char *answer = g_thread_join(threads[i]);
		g_autofree char *expected = g_strdup_printf("ok %s", lines[i]);
		assert_non_null(answer);
		assert_string_equal(answer, expected);
	}
	control_close(control);
	assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

static void a_second_listener_is_refused(void **state)
{
	(void)state;
	struct control *control, *second;
	assert_int_equal(control_open(path, &control), 0);
	assert_int_equal(control_open(path, &second), -EADDRINUSE);
	control_close(control);
}

static void a_dead_socket_is_replaced(void **state)
{
	(void)state;
	struct control *control, *second;
	g_autofree char *moved = g_strconcat(path, ".old", NULL);
	assert_int_equal(control_open(path, &control), 0);
	assert_int_equal(g_rename(path, moved), 0);
	control_close(control);
	assert_int_equal(g_rename(moved, path), 0);
	assert_int_equal(control_open(path, &second), 0);
	control_close(second);
}

static void a_line_without_end_is_cut(void **state)
{
	(void)state;
	struct control *control;
	unsigned served = 0;
	g_autofree char *line = g_strnfill(10000, 'x');
	assert_int_equal(control_open(path, &control), 0);
	GThread *thread = g_thread_new("ask", ask, line);
	struct pollfd fds[CONTROL_MAX_FDS];
	size_t n;
	do {
		n = control_fill(control, fds);
		assert_true(poll(fds, n, POLL_MS) > 0);
		control_serve(control, fds, n, echo, &served);
	} while (n == 1 || control_fill(control, fds) > 1);
	assert_null(g_thread_join(thread));
	assert_int_equal(served, 0);
	control_close(control);
}

static void nobody_there_is_an_error(void **state)
{
	(void)state;
	char *answer;
	assert_int_equal(control_ask(path, "status", &answer), -ENOENT);
	g_autofree char *line = g_strnfill(200, 'x');
	assert_int_equal(control_ask(line, "status", &answer), -ENAMETOOLONG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_client_gets_its_answer),
		cmocka_unit_test(a_second_listener_is_refused),
		cmocka_unit_test(a_dead_socket_is_replaced),
		cmocka_unit_test(a_line_without_end_is_cut),
		cmocka_unit_test(nobody_there_is_an_error),
	};
	return cmocka_run_group_tests_name("lab_control", tests, make_dir, remove_dir);
}
