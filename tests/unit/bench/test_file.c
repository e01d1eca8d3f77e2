/* file: a report is there whole or not at all, and a bad path is said before the run. */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client/bench/file.h"
#include "tests/support/test.h"

static int make_folder(void **state)
{
	char *folder = g_dir_make_tmp("bench-XXXXXX", NULL);
	*state = folder;
	return folder ? 0 : -1;
}

static size_t count_files(const char *folder)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	size_t count = 0;
	while (g_dir_read_name(dir))
		count++;
	g_dir_close(dir);
	return count;
}

static int remove_folder(void **state)
{
	GDir *dir = g_dir_open(*state, 0, NULL);
	for (const char *name; (name = g_dir_read_name(dir));) {
		char *path = g_build_filename(*state, name, NULL);
		g_remove(path);
		g_free(path);
	}
	g_dir_close(dir);
	g_rmdir(*state);
	g_free(*state);
	return 0;
}

static char *in(void **state, const char *name)
{
	return g_build_filename(*state, name, NULL);
}

static struct bench_file *open_file(const char *path)
{
	struct bench_file *file;
	char *why;
	assert_int_equal(bench_file_open(path, &file, &why), 0);
	return file;
}

static void assert_content(const char *path, const char *expected)
{
	char *text = NULL;
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	assert_string_equal(text, expected);
	g_free(text);
}

static void commit(struct bench_file *file, const char *text)
{
	char *why;
	assert_int_equal(bench_file_commit(file, text, strlen(text), &why), 0);
}

static void test_nothing_is_there_before_the_commit(void **state)
{
	char *path = in(state, "report.json");
	mode_t mask = umask(027);
	struct bench_file *file = open_file(path);
	assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
	commit(file, "whole");
	assert_content(path, "whole");
	assert_int_equal(count_files(*state), 1);
	struct stat found;
	assert_int_equal(stat(path, &found), 0);
	assert_int_equal(found.st_mode & 0777, 0640);
	umask(mask);
	g_free(path);
}

static void test_a_report_that_is_given_up_leaves_what_was_there(void **state)
{
	char *path = in(state, "report.json");
	g_file_set_contents(path, "before", -1, NULL);
	struct bench_file *file = open_file(path);
	/* Where it can be so, nothing is beside it that a signal could leave. */
	int nameless = open(*state, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	assert_int_equal(count_files(*state), nameless < 0 ? 2 : 1);
	if (nameless >= 0)
		close(nameless);
	bench_file_discard(file);
	bench_file_discard(NULL);
	assert_content(path, "before");
	assert_int_equal(count_files(*state), 1);
	g_free(path);
}

static void test_a_new_report_keeps_the_rights_of_the_old_one(void **state)
{
	char *path = in(state, "report.json");
	struct stat found;
	g_file_set_contents(path, "before", -1, NULL);
	g_chmod(path, 0604);
	commit(open_file(path), "after");
	assert_content(path, "after");
	assert_int_equal(stat(path, &found), 0);
	assert_int_equal(found.st_mode & 0777, 0604);
	g_free(path);
}

static void test_a_link_stays_a_link(void **state)
{
	char *path = in(state, "report.json"), *target = in(state, "target");
	g_file_set_contents(target, "before", -1, NULL);
	assert_int_equal(symlink("target", path), 0);
	commit(open_file(path), "after");
	assert_content(target, "after");
	assert_true(g_file_test(path, G_FILE_TEST_IS_SYMLINK));
	g_free(path);
	g_free(target);
}

static void assert_unwritable(const char *path, int error)
{
	struct bench_file *file = NULL;
	char *why = NULL;
	assert_int_equal(bench_file_open(path, &file, &why), -error);
	assert_true(g_str_has_prefix(why, path));
	assert_non_null(strstr(why, "cannot be written"));
	assert_null(file);
	g_free(why);
}

static void test_what_cannot_be_written_is_said_at_once(void **state)
{
	char *missing = in(state, "no/such/folder/report.json");
	assert_unwritable(missing, ENOENT);
	assert_unwritable(*state, EISDIR);
	assert_unwritable("/proc/report.json", ENOENT);
	assert_unwritable("", ENOENT);
	assert_int_equal(count_files(*state), 0);
	g_free(missing);
}

/* A limit on the size of files stands for a full disk: no device of the machine is at stake. */
static void test_a_full_disk_leaves_no_part_of_a_report(void **state)
{
	char *path = in(state, "report.json"), *why = NULL;
	const char text[] = "longer than it may be";
	struct rlimit before, small;
	struct bench_file *file = open_file(path);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = (struct rlimit){.rlim_cur = 4, .rlim_max = before.rlim_max};
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	int result = bench_file_commit(file, text, strlen(text), &why);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, handler);
	assert_int_equal(result, -EFBIG);
	assert_true(g_str_has_prefix(why, path));
	assert_non_null(strstr(why, "cannot be written: File too large"));
	assert_int_equal(count_files(*state), 0);
	g_free(why);
	g_free(path);
}

static void test_a_folder_that_is_gone_is_said(void **state)
{
	char *folder = in(state, "folder"), *path = in(state, "folder/report.json"), *why = NULL;
	assert_int_equal(g_mkdir(folder, 0700), 0);
	struct bench_file *file = open_file(path);
	assert_int_equal(g_rmdir(folder), 0);
	assert_int_equal(bench_file_commit(file, "text", 4, &why), -ENOENT);
	g_free(why);
	g_free(folder);
	g_free(path);
}

static void test_what_is_no_file_is_not_replaced(void **state)
{
	char *path = in(state, "pipe"), read_back[8] = {0};
	struct stat found;
	assert_int_equal(mkfifo(path, 0600), 0);
	int reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(reader >= 0);
	commit(open_file(path), "text");
	assert_int_equal(read(reader, read_back, sizeof read_back - 1), 4);
	assert_string_equal(read_back, "text");
	assert_int_equal(lstat(path, &found), 0);
	assert_true(S_ISFIFO(found.st_mode));
	close(reader);
	g_free(path);
}

static void test_a_pipe_that_nobody_reads_is_said_and_not_waited_for(void **state)
{
	char *path = in(state, "pipe");
	assert_int_equal(mkfifo(path, 0600), 0);
	alarm(10); /* it would wait for a reader, forever */
	assert_unwritable(path, ENXIO);
	alarm(0);
	g_free(path);
}

/* Larger than a pipe holds: it waits for its reader, as any program does. */
static void test_a_pipe_gets_all_of_a_long_report(void **state)
{
	enum { SIZE = 300000 };
	char *path = in(state, "pipe"), *read_back = NULL;
	char *text = g_strnfill(SIZE, 'x');
	gsize length = 0;
	assert_int_equal(mkfifo(path, 0600), 0);
	char cat[] = "cat", *command[] = {cat, path, NULL};
	int from_cat;
	GPid pid;
	assert_true(g_spawn_async_with_pipes(NULL, command, NULL,
		G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL, &from_cat,
		NULL, NULL));
	int keeper = open(path, O_RDWR | O_CLOEXEC); /* so that its end is ours to say */
	struct bench_file *file = open_file(path);
	pid_t writer = fork();
	if (!writer) {
		char *why;
		_exit(bench_file_commit(file, text, SIZE, &why) ? 1 : 0);
	}
	bench_file_discard(file);
	close(keeper);
	GIOChannel *channel = g_io_channel_unix_new(from_cat);
	g_io_channel_set_encoding(channel, NULL, NULL);
	assert_int_equal(
		g_io_channel_read_to_end(channel, &read_back, &length, NULL), G_IO_STATUS_NORMAL);
	assert_int_equal(length, SIZE);
	int status;
	assert_int_equal(waitpid(writer, &status, 0), writer);
	assert_int_equal(status, 0);
	waitpid(pid, NULL, 0);
	g_io_channel_unref(channel);
	close(from_cat);
	g_free(read_back);
	g_free(text);
	g_free(path);
}

/* "zapper bench --csv /dev/stdout >> log". */
static void test_a_descriptor_is_written_where_it_stands(void **state)
{
	char *log = in(state, "log"), *link = in(state, "link");
	g_file_set_contents(log, "before ", -1, NULL);
	int fd = open(log, O_WRONLY | O_APPEND | O_CLOEXEC);
	char *own = g_strdup_printf("/dev/fd/%d", fd);
	char *other = g_strdup_printf("/proc/self/fd/%d", fd);
	assert_int_equal(symlink(own, link), 0);
	commit(open_file(own), "one ");
	commit(open_file(other), "two ");
	commit(open_file(link), "three");
	assert_content(log, "before one two three");
	assert_int_equal(count_files(*state), 2);
	close(fd);
	assert_unwritable(own, EBADF);
	struct bench_file *file = open_file("/dev/stdout");
	assert_true(bench_file_is_output(file));
	bench_file_discard(file);
	file = open_file(log);
	assert_false(bench_file_is_output(file));
	bench_file_discard(file);
	g_free(own);
	g_free(other);
	g_free(log);
	g_free(link);
}

static void test_a_link_to_nothing_yet_stays_a_link(void **state)
{
	char *path = in(state, "report.json"), *target = in(state, "target");
	char *round = in(state, "round");
	assert_int_equal(symlink("target", path), 0);
	assert_int_equal(symlink("round", round), 0);
	commit(open_file(path), "text");
	assert_content(target, "text");
	assert_true(g_file_test(path, G_FILE_TEST_IS_SYMLINK));
	assert_unwritable(round, ELOOP);
	g_free(path);
	g_free(target);
	g_free(round);
}

static void test_files_are_the_same_by_whatever_name(void **state)
{
	char *file = in(state, "a"), *missing = in(state, "b"), *folder = in(state, "folder");
	char *by_folder = in(state, "folder/a"), *missing_by_folder = in(state, "folder/./b");
	char *link = in(state, "link"), *dangling = in(state, "dangling");
	g_file_set_contents(file, "text", -1, NULL);
	assert_int_equal(symlink(".", folder), 0);
	assert_int_equal(symlink("a", link), 0);
	assert_int_equal(symlink("b", dangling), 0);
	assert_true(bench_file_is_same(file, by_folder));
	assert_true(bench_file_is_same(file, link));
	assert_true(bench_file_is_same(missing, missing_by_folder));
	assert_true(bench_file_is_same(dangling, missing_by_folder));
	assert_false(bench_file_is_same(file, missing));
	assert_false(bench_file_is_same(missing, "/nowhere/b"));
	assert_false(bench_file_is_same("/dev/null", "/dev/null"));
	g_free(file);
	g_free(missing);
	g_free(folder);
	g_free(by_folder);
	g_free(missing_by_folder);
	g_free(link);
	g_free(dangling);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_nothing_is_there_before_the_commit),
		TEST(test_a_report_that_is_given_up_leaves_what_was_there),
		TEST(test_a_new_report_keeps_the_rights_of_the_old_one),
		TEST(test_a_link_stays_a_link),
		TEST(test_what_cannot_be_written_is_said_at_once),
		TEST(test_a_full_disk_leaves_no_part_of_a_report),
		TEST(test_a_folder_that_is_gone_is_said),
		TEST(test_what_is_no_file_is_not_replaced),
		TEST(test_a_pipe_that_nobody_reads_is_said_and_not_waited_for),
		TEST(test_a_pipe_gets_all_of_a_long_report),
		TEST(test_a_descriptor_is_written_where_it_stands),
		TEST(test_a_link_to_nothing_yet_stays_a_link),
		TEST(test_files_are_the_same_by_whatever_name),
	};
	return cmocka_run_group_tests_name("bench_file", tests, NULL, NULL);
}
