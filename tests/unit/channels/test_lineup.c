#include "channels/lineup.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sched.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/test.h"
#include "tests/unit/channels/scratch.h"

#define ONE "#EXTM3U\n#EXTINF:-1 tvg-chno=\"1\",A\nrtp://239.1.1.1:1\n"
#define ONE_DUMP "1 1 A tv - - [] rtp://239.1.1.1:1\n"

static void check_refused(const char *path, enum lineup_mode mode, int error, const char *why)
{
	struct lineup *lineup = NULL;
	char *said = NULL;
	assert_int_equal(lineup_open(path, mode, &lineup, &said), error);
	assert_null(lineup);
	if (!strstr(said, why) || !strstr(said, path))
		fail_msg("\"%s\" does not say \"%s\" and the path", said, why);
	g_free(said);
}

static void check_dump(struct scratch *scratch, const char *expected)
{
	char *dump = scratch_dump(scratch);
	assert_string_equal(dump, expected);
	g_free(dump);
}

static void test_missing(void **state)
{
	struct scratch *scratch = *state;
	check_refused(scratch->db, LINEUP_READ, -ENOENT, "zapper import");
	assert_false(g_file_test(scratch->db, G_FILE_TEST_EXISTS));
	check_refused(scratch->folder, LINEUP_READ, -EISDIR, "directory");
	check_refused(scratch->folder, LINEUP_WRITE, -EISDIR, "directory");
}

static void test_folder_is_made(void **state)
{
	struct scratch *scratch = *state;
	struct lineup *lineup;
	char *why = NULL;
	scratch->db = scratch_path(scratch, "a/b/lineup.db");
	assert_int_equal(lineup_open(scratch->db, LINEUP_WRITE, &lineup, &why), 0);
	lineup_close(lineup);
	assert_int_equal(scratch_get_int(scratch, "PRAGMA user_version"), 7);
	assert_int_equal(scratch_get_int(scratch, "PRAGMA application_id"), 0x7a617070);
	assert_int_equal(
		scratch_get_int(scratch, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"),
		1);
	lineup_close(NULL);
}

/* What a kill before the first commit leaves. */
static void test_empty_file(void **state)
{
	struct scratch *scratch = *state;
	assert_true(g_file_set_contents(scratch->db, "", 0, NULL));
	check_refused(scratch->db, LINEUP_READ, -ENOENT, "zapper import");
	assert_int_equal(scratch_import(scratch, ONE, IMPORT_REPLACE), 0);
	check_dump(scratch, ONE_DUMP);
}

static void test_rows_that_cannot_be(void **state)
{
	struct scratch *scratch = *state;
	static const char *const sql[] = {"DELETE FROM source",
		"UPDATE source SET group_address = 'x'", "UPDATE source SET source_address = 'x'"};
	for (size_t i = 0; i < G_N_ELEMENTS(sql); i++) {
		struct lineup *lineup;
		struct channel_list *list = NULL;
		char *why = NULL;
		remove(scratch->db);
		assert_int_equal(scratch_import(scratch, ONE, IMPORT_REPLACE), 0);
		scratch_sql(scratch, sql[i]);
		assert_int_equal(lineup_open(scratch->db, LINEUP_READ, &lineup, &why), 0);
		assert_int_equal(lineup_load(lineup, &list), -EILSEQ);
		assert_null(list);
		lineup_close(lineup);
	}
}

static void test_without_permission(void **state)
{
	struct scratch *scratch = *state;
	assert_int_equal(scratch_import(scratch, ONE, IMPORT_REPLACE), 0);
	assert_int_equal(chmod(scratch->db, 0), 0);
	assert_int_equal(chmod(scratch->folder, 0555), 0);
	if (!scratch_become_nobody())
		skip_because("root cannot become another user here");
	check_refused(scratch->db, LINEUP_READ, -EACCES, "reading: Permission denied");
	check_refused(scratch->db, LINEUP_WRITE, -EACCES, "writing: Permission denied");
	check_refused(scratch_path(scratch, "new.db"), LINEUP_WRITE, -EACCES,
		"writing: Permission denied");
	scratch_become_root_again();
	assert_int_equal(chmod(scratch->folder, 0755), 0);
}

static void test_reads_from_a_folder_that_cannot_be_written(void **state)
{
	struct scratch *scratch = *state;
	char *dump = NULL;
	assert_int_equal(scratch_import(scratch, ONE, IMPORT_REPLACE), 0);
	assert_int_equal(chmod(scratch->db, 0444), 0);
	assert_int_equal(chmod(scratch->folder, 0555), 0);
	if (!scratch_become_nobody())
		skip_because("root cannot become another user here");
	dump = scratch_dump(scratch);
	check_refused(scratch->db, LINEUP_WRITE, -EACCES, "Permission denied");
	scratch_become_root_again();
	assert_int_equal(chmod(scratch->folder, 0755), 0);
	assert_string_equal(dump, ONE_DUMP);
	g_free(dump);
}

/* Makes the folder a read-only mount for this process only. */
static bool mount_read_only(const char *folder)
{
	if (unshare(geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER))
		return false;
	return !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) &&
	       !mount(folder, folder, NULL, MS_BIND, NULL) &&
	       !mount(NULL, folder, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL);
}

static int open_on_read_only_mount(struct scratch *scratch)
{
	struct lineup *lineup = NULL;
	char *why = NULL;
	if (!mount_read_only(scratch->folder))
		return 77;
	if (lineup_open(scratch->db, LINEUP_WRITE, &lineup, &why) != -EROFS)
		return 1;
	return lineup_open(scratch->db, LINEUP_READ, &lineup, &why) ? 2 : 0;
}

static void test_reads_from_a_read_only_file_system(void **state)
{
	struct scratch *scratch = *state;
	assert_int_equal(scratch_import(scratch, ONE, IMPORT_REPLACE), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(open_on_read_only_mount(scratch));
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip_because("no mount namespace can be made here");
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_readers_see_the_old_line_up_while_one_writes(void **state)
{
	struct scratch *scratch = *state;
	sqlite3 *db;
	assert_int_equal(scratch_import(scratch, ONE, IMPORT_REPLACE), 0);
	assert_int_equal(sqlite3_open(scratch->db, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(db, "BEGIN IMMEDIATE; DELETE FROM source; DELETE FROM channel", NULL,
			NULL, NULL),
		SQLITE_OK);
	check_dump(scratch, ONE_DUMP);
	sqlite3_close(db);
	check_dump(scratch, ONE_DUMP);
}

/* Runs in a child: imports and leaves with its result. */
static pid_t start_import(struct scratch *scratch, const char *m3u, enum import_mode mode)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(scratch_import(scratch, m3u, mode) ? 1 : 0);
	return pid;
}

static void import_six_at_once(struct scratch *scratch)
{
	pid_t pids[6];
	for (size_t i = 0; i < G_N_ELEMENTS(pids); i++) {
		char *m3u = g_strdup_printf(
			"#EXTM3U\n#EXTINF:-1,C%zu\nrtp://239.1.1.%zu:1\n", i, i + 1);
		pids[i] = start_import(scratch, m3u, IMPORT_MERGE);
		g_free(m3u);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(pids); i++) {
		int status;
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
}

/* Into a file that is not there yet, which all want to make: a race, so it is run many times. */
static void test_imports_at_once_wait_for_each_other(void **state)
{
	struct scratch *scratch = *state;
	for (int i = 0; i < 100; i++) {
		import_six_at_once(scratch);
		assert_int_equal(scratch_get_int(scratch, "SELECT count(*) FROM channel"), 6);
		assert_int_equal(scratch_get_int(scratch, "SELECT max(number) FROM channel"), 6);
		assert_int_equal(unlink(scratch->db), 0);
	}
}

/* Texts are UTF-8, whatever the file has. */
static void test_a_name_that_is_not_utf8(void **state)
{
	struct scratch *scratch = *state;
	assert_int_equal(scratch_import(scratch, ONE, IMPORT_REPLACE), 0);
	scratch_sql(scratch, "UPDATE channel SET name = CAST (x'41ff42' AS TEXT)");
	check_dump(scratch, "1 1 A\xef\xbf\xbd"
			    "B tv - - [] rtp://239.1.1.1:1\n");
}

static void test_find(void **state)
{
	struct scratch *scratch = *state;
	struct lineup *lineup;
	struct channel_list *list;
	char *why = NULL;
	assert_int_equal(scratch_import(scratch,
				 "#EXTM3U\n#EXTINF:-1 tvg-chno=\"5.1\",B\nrtp://239.1.1.2:1\n"
				 "#EXTINF:-1 tvg-chno=\"100\",D\nrtp://239.1.1.4:1\n"
				 "#EXTINF:-1 tvg-chno=\"5\",A\nudp://10.0.0.1@239.1.1.1:1\n"
				 "#EXTINF:-1 tvg-chno=\"5.10\",C\nrtp://239.1.1.3:1\n",
				 IMPORT_REPLACE),
		0);
	assert_int_equal(lineup_open(scratch->db, LINEUP_READ, &lineup, &why), 0);
	assert_int_equal(lineup_load(lineup, &list), 0);
	lineup_close(lineup);
	assert_int_equal(list->count, 4);
	assert_int_equal(channel_list_find(list, 5, 0), 0);
	assert_int_equal(channel_list_find(list, 5, 1), 1);
	assert_int_equal(channel_list_find(list, 5, 10), 2);
	assert_int_equal(channel_list_find(list, 100, 0), 3);
	assert_int_equal(channel_list_find(list, 5, 2), -1);
	assert_int_equal(channel_list_find(list, 4, 0), -1);
	assert_int_equal(channel_list_find(list, 101, 0), -1);
	const struct channel *first = &list->channels[0];
	assert_int_equal(first->source_count, 1);
	assert_int_equal(first->sources[0].address.transport, CHANNEL_UDP);
	assert_int_equal(ntohl(first->sources[0].address.source.s_addr), 0x0a000001);
	assert_null(first->bouquets[0]);
	channel_list_free(list);
	channel_list_free(NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_missing),
		TEST(test_folder_is_made),
		TEST(test_empty_file),
		TEST(test_rows_that_cannot_be),
		TEST(test_without_permission),
		TEST(test_reads_from_a_folder_that_cannot_be_written),
		TEST(test_reads_from_a_read_only_file_system),
		TEST(test_readers_see_the_old_line_up_while_one_writes),
		TEST(test_imports_at_once_wait_for_each_other),
		TEST(test_a_name_that_is_not_utf8),
		TEST(test_find),
	};
	return cmocka_run_group_tests_name("channels_lineup", tests, NULL, NULL);
}
