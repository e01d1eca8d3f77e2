/*
 * What must not cost the viewer his line-up: a kill at any moment, a disk that is full or cannot be
 * written to, others who write, a newer version, damage.
 *
 * 100 imports are killed, each at a random moment; so many as ZAPPER_KILLS says, where it is set.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channels/viewer.h"
#include "tests/support/test.h"
#include "tests/unit/channels/scratch.h"

#define ONE "#EXTM3U\n#EXTINF:-1 tvg-chno=\"1\",A\nrtp://239.1.1.1:1\n"
#define OTHER "#EXTM3U\n#EXTINF:-1 tvg-chno=\"2\",B\nrtp://239.1.1.2:1\n"
#define ONE_DUMP "1 1 A tv - - [] rtp://239.1.1.1:1 favourite locked\n"
#define PAGE_BYTES 4096
#define CANNOT_BE_TRIED 77
#define BIT_FLIPS 400

/* A line-up of one channel, of which the viewer made something. */
static void make_one(struct scratch *scratch)
{
	struct lineup *lineup;
	char *why = NULL;
	assert_int_equal(scratch_import(scratch, ONE, IMPORT_REPLACE), 0);
	assert_int_equal(lineup_open(scratch->db, LINEUP_WRITE, &lineup, &why), 0);
	assert_int_equal(lineup_set_favourite(lineup, 1, true), 0);
	assert_int_equal(lineup_set_locked(lineup, 1, true), 0);
	assert_int_equal(lineup_add_history(lineup, 1, 1700000000), 0);
	lineup_close(lineup);
}

/* All of it is there. Where it is not: 1, 2, ... (children cannot assert). */
static int look_at_one(struct scratch *scratch)
{
	char *dump = scratch_dump(scratch);
	int result = strcmp(dump, ONE_DUMP) ? 1 : 0;
	if (result)
		print_error("%s", dump);
	g_free(dump);
	if (!result && scratch_get_int(scratch, "SELECT sum(at_utc_s) FROM history") != 1700000000)
		result = 2;
	if (!result && !scratch_get_int(scratch, "SELECT integrity_check = 'ok' FROM "
						 "pragma_integrity_check"))
		result = 3;
	return result;
}

static void check_one(struct scratch *scratch)
{
	assert_int_equal(look_at_one(scratch), 0);
}

static GBytes *read_file(const char *path)
{
	char *bytes;
	gsize size;
	if (!g_file_get_contents(path, &bytes, &size, NULL))
		fail_msg("%s cannot be read", path);
	return g_bytes_new_take(bytes, size);
}

static void write_file(const char *path, GBytes *content)
{
	gsize size;
	const char *bytes = g_bytes_get_data(content, &size);
	assert_true(g_file_set_contents(path, bytes, (gssize)size, NULL));
}

static void check_same_bytes(const char *path, GBytes *expected)
{
	GBytes *now = read_file(path);
	assert_true(g_bytes_equal(now, expected));
	g_bytes_unref(now);
}

static void check_refused(
	struct scratch *scratch, enum lineup_mode mode, int error, const char *says)
{
	struct lineup *lineup = NULL;
	char *why = NULL;
	assert_int_equal(lineup_open(scratch->db, mode, &lineup, &why), error);
	assert_null(lineup);
	if (!strstr(why, says) || !strstr(why, scratch->db))
		fail_msg("\"%s\" does not say \"%s\" and the path", why, says);
	g_free(why);
}

/* Refused in both modes, and not a byte of it changes. */
static void check_left_alone(struct scratch *scratch, int error, const char *says)
{
	GBytes *before = read_file(scratch->db);
	check_refused(scratch, LINEUP_READ, error, says);
	check_refused(scratch, LINEUP_WRITE, error, says);
	assert_int_equal(scratch_import(scratch, OTHER, IMPORT_REPLACE), error);
	check_same_bytes(scratch->db, before);
	g_bytes_unref(before);
}

static pid_t start_import(struct scratch *scratch, const char *m3u)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(scratch_import(scratch, m3u, IMPORT_REPLACE) ? 1 : 0);
	return pid;
}

/* Two line-ups of channels with the same addresses: importing the one renames all of the other. */
struct pair {
	GString *m3u[2];
	char *dump[2];
	gint64 import_us;
};

static void make_pair(struct scratch *scratch, struct pair *pair)
{
	for (int i = 0; i < 2; i++) {
		pair->m3u[i] = g_string_new(NULL);
		scratch_fill(pair->m3u[i], 3000, i ? "B" : "A");
		gint64 start_us = g_get_monotonic_time();
		assert_int_equal(scratch_import(scratch, pair->m3u[i]->str, IMPORT_REPLACE), 0);
		pair->import_us = g_get_monotonic_time() - start_us;
		if (!i)
			scratch_sql(scratch, "INSERT INTO favourite SELECT id FROM channel "
					     "WHERE id % 3 = 0;"
					     "INSERT INTO history (channel, at_utc_s) "
					     "SELECT id, id FROM channel WHERE id <= 1000");
		pair->dump[i] = scratch_dump(scratch);
	}
	/* The first import is one into an empty file: the favourites came behind it. */
	assert_int_equal(scratch_import(scratch, pair->m3u[0]->str, IMPORT_REPLACE), 0);
	g_free(pair->dump[0]);
	pair->dump[0] = scratch_dump(scratch);
}

static void free_pair(struct pair *pair)
{
	for (int i = 0; i < 2; i++) {
		g_string_free(pair->m3u[i], TRUE);
		g_free(pair->dump[i]);
	}
}

static unsigned count_kills(void)
{
	const char *text = g_getenv("ZAPPER_KILLS");
	guint64 kills = 100;
	if (text && !g_ascii_string_to_unsigned(text, 10, 1, 1000000, &kills, NULL))
		fail_msg("ZAPPER_KILLS is no number: %s", text);
	return (unsigned)kills;
}

/* False where the import was through before the moment came. */
static bool kill_import(struct scratch *scratch, const char *m3u, double after_us)
{
	int status;
	pid_t pid = start_import(scratch, m3u);
	g_usleep((gulong)after_us);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status);
}

static void test_killed_at_any_moment(void **state)
{
	struct scratch *scratch = *state;
	struct pair pair;
	unsigned kills = count_kills(), seen[2] = {0, 0}, killed = 0, imports = 0;
	guint32 seed = g_random_int();
	GRand *random = g_rand_new_with_seed(seed);
	make_pair(scratch, &pair);
	print_message("seed %u, an import takes %ld us\n", seed, (long)pair.import_us);
	for (; killed < kills; imports++) {
		double after_us = g_rand_double_range(random, 0, 1.1 * (double)pair.import_us);
		killed += kill_import(scratch, pair.m3u[imports % 2]->str, after_us);
		char *dump = scratch_dump(scratch);
		bool first = !strcmp(dump, pair.dump[0]);
		assert_true(first || !strcmp(dump, pair.dump[1]));
		seen[first]++;
		g_free(dump);
	}
	print_message("%u imports, %u of them killed: %u times the one line-up, %u times the "
		      "other\n",
		imports, killed, seen[1], seen[0]);
	assert_int_equal(scratch_get_int(scratch, "SELECT count(*) FROM history"), 1000);
	assert_int_equal(scratch_get_int(scratch, "SELECT integrity_check = 'ok' FROM "
						  "pragma_integrity_check"),
		1);
	free_pair(&pair);
	g_rand_free(random);
}

/* Of a child that leaves with 0, or with CANNOT_BE_TRIED: returns whether it could. */
static bool wait_for(pid_t pid)
{
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == CANNOT_BE_TRIED)
		return false;
	assert_int_equal(WEXITSTATUS(status), 0);
	return true;
}

/* No file may grow beyond what is there: what a full disk does, without one. */
static void test_no_file_may_grow(void **state)
{
	struct scratch *scratch = *state;
	GString *m3u = g_string_new(NULL);
	make_one(scratch);
	scratch_fill(m3u, 5000, "A");
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		const struct rlimit limit = {120000, 120000};
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &limit);
		_exit(scratch_import(scratch, m3u->str, IMPORT_REPLACE) < 0 ? 0 : 1);
	}
	assert_true(wait_for(pid));
	check_one(scratch);
	g_string_free(m3u, TRUE);
}

/* For this process only. */
static bool own_mounts(void)
{
	return !unshare(geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER) &&
	       !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

static bool mount_small_disk(const char *folder)
{
	return own_mounts() && !mount("tmpfs", folder, "tmpfs", 0, "size=512k");
}

/* To the last byte. */
static void fill_disk(struct scratch *scratch)
{
	char zeros[4096] = {0};
	int fd = open(scratch_path(scratch, "ballast"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	while (write(fd, zeros, sizeof zeros) > 0 || write(fd, zeros, 1) > 0)
		;
	close(fd);
}

/* The disk is small, then full; in the end there is room again. */
static int live_on_a_small_disk(struct scratch *scratch, const char *large)
{
	if (!mount_small_disk(scratch->folder))
		return CANNOT_BE_TRIED;
	make_one(scratch);
	if (scratch_import(scratch, large, IMPORT_REPLACE) != -ENOSPC)
		return 10;
	if (look_at_one(scratch))
		return 11;
	fill_disk(scratch);
	if (scratch_import(scratch, OTHER, IMPORT_REPLACE) != -ENOSPC)
		return 20;
	char *dump = scratch_dump(scratch);
	if (strcmp(dump, ONE_DUMP))
		return 21;
	unlink(scratch_path(scratch, "ballast"));
	if (look_at_one(scratch))
		return 30;
	return scratch_import(scratch, OTHER, IMPORT_MERGE) ? 31 : 0;
}

static void test_full_disk(void **state)
{
	struct scratch *scratch = *state;
	GString *large = g_string_new(NULL);
	scratch_fill(large, 10000, "A");
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(live_on_a_small_disk(scratch, large->str));
	bool could = wait_for(pid);
	g_string_free(large, TRUE);
	if (!could)
		skip_because("no mount namespace can be made here");
}

static int import_read_only(struct scratch *scratch)
{
	if (!own_mounts() || mount(scratch->folder, scratch->folder, NULL, MS_BIND, NULL) ||
		mount(NULL, scratch->folder, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL))
		return CANNOT_BE_TRIED;
	if (scratch_import(scratch, OTHER, IMPORT_REPLACE) != -EROFS)
		return 10;
	char *dump = scratch_dump(scratch);
	return strcmp(dump, ONE_DUMP) ? 11 : 0;
}

static void test_read_only(void **state)
{
	struct scratch *scratch = *state;
	make_one(scratch);
	GBytes *before = read_file(scratch->db);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(import_read_only(scratch));
	bool could = wait_for(pid);
	check_same_bytes(scratch->db, before);
	g_bytes_unref(before);
	if (!could)
		skip_because("no mount namespace can be made here");
	check_one(scratch);
}

static void test_read_only_file(void **state)
{
	struct scratch *scratch = *state;
	make_one(scratch);
	assert_int_equal(chmod(scratch->db, 0444), 0);
	/* Root may do everything, so this is somebody else for a while. */
	bool is_root = geteuid() == 0;
	if (is_root && (chown(scratch->folder, 65534, 65534) || seteuid(65534)))
		skip_because("root cannot become another user here");
	int result = scratch_import(scratch, OTHER, IMPORT_REPLACE);
	if (is_root)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(result, -EACCES);
	assert_int_equal(chmod(scratch->db, 0644), 0);
	check_one(scratch);
}

static void ignore(void *user, const struct channel_diagnostic *diagnostic)
{
	(void)user;
	(void)diagnostic;
}

/* With patience of a moment. */
static int import_impatiently(struct scratch *scratch, struct lineup *lineup)
{
	const struct channel_report report = {.diagnostic = ignore};
	struct import *import = import_create(&report);
	import_begin(import, "list", CHANNEL_FORMAT_M3U);
	import_bytes(import, OTHER, sizeof OTHER - 1);
	assert_int_equal(import_end(import), 0);
	lineup_set_patience(lineup, 20);
	int result = import_write(import, lineup, IMPORT_REPLACE, &scratch->summary);
	import_destroy(import);
	return result;
}

static void test_locked(void **state)
{
	struct scratch *scratch = *state;
	struct lineup *lineup;
	char *why = NULL;
	sqlite3 *other;
	make_one(scratch);
	assert_int_equal(sqlite3_open(scratch->db, &other), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(other, "BEGIN IMMEDIATE; DELETE FROM channel", NULL, NULL, NULL),
		SQLITE_OK);
	/* Opening does not wait for it. */
	assert_int_equal(lineup_open(scratch->db, LINEUP_WRITE, &lineup, &why), 0);
	assert_int_equal(import_impatiently(scratch, lineup), -EBUSY);
	assert_int_equal(lineup_set_favourite(lineup, 1, false), -EBUSY);
	assert_int_equal(lineup_add_history(lineup, 1, 1), -EBUSY);
	sqlite3_close(other);
	check_one(scratch);
	assert_int_equal(import_impatiently(scratch, lineup), 0);
	lineup_close(lineup);
}

static void set_version(struct scratch *scratch, int version)
{
	char *sql = g_strdup_printf("PRAGMA user_version = %d", version);
	scratch_sql(scratch, sql);
	g_free(sql);
}

static void test_newer_version(void **state)
{
	struct scratch *scratch = *state;
	make_one(scratch);
	int version = scratch_get_int(scratch, "PRAGMA user_version");
	set_version(scratch, version + 1);
	check_left_alone(scratch, -EPROTONOSUPPORT, "newer zapper; it was left as it is");
	set_version(scratch, version);
	check_one(scratch);
}

static void test_another_programs_database(void **state)
{
	struct scratch *scratch = *state;
	scratch_sql(scratch, "CREATE TABLE other (x)");
	check_left_alone(scratch, -EILSEQ, "not a line-up");
	scratch_sql(scratch, "PRAGMA application_id = 7; PRAGMA user_version = 1");
	check_left_alone(scratch, -EILSEQ, "not a line-up");
}

/* What does not begin as a line-up does may be anything. */
static void test_garbage(void **state)
{
	struct scratch *scratch = *state;
	char garbage[2 * PAGE_BYTES];
	memset(garbage, 'x', sizeof garbage);
	assert_true(g_file_set_contents(scratch->db, garbage, sizeof garbage, NULL));
	check_left_alone(scratch, -EILSEQ, "left as it is");
	assert_true(g_file_set_contents(scratch->db, "short", 5, NULL));
	check_left_alone(scratch, -EILSEQ, "left as it is");
}

static void test_garbage_in_the_header(void **state)
{
	struct scratch *scratch = *state;
	make_one(scratch);
	FILE *file = fopen(scratch->db, "r+");
	assert_non_null(file);
	for (int i = 0; i < 100; i++)
		fputc('x', file);
	fclose(file);
	check_left_alone(scratch, -EILSEQ, "left as it is");
}

/* Reading leaves it where it is; writing, too, but under another name, and then begins anew. */
static void check_kept_aside(struct scratch *scratch, const char *name, GBytes *damaged)
{
	char *aside = g_strconcat(scratch->db, name, NULL);
	char *says = g_strconcat("it is kept as ", aside, ". The next", NULL);
	write_file(scratch->db, damaged);
	check_refused(scratch, LINEUP_READ, -EILSEQ, "left as it is");
	check_same_bytes(scratch->db, damaged);
	check_refused(scratch, LINEUP_WRITE, -EILSEQ, says);
	check_same_bytes(aside, damaged);
	assert_false(g_file_test(scratch->db, G_FILE_TEST_EXISTS));
	check_refused(scratch, LINEUP_READ, -ENOENT, "zapper import");
	assert_int_equal(scratch_import(scratch, OTHER, IMPORT_REPLACE), 0);
	check_same_bytes(aside, damaged);
	g_free(says);
	g_free(aside);
}

static void test_damaged(void **state)
{
	struct scratch *scratch = *state;
	GString *m3u = g_string_new(NULL);
	scratch_fill(m3u, 500, "A");
	assert_int_equal(scratch_import(scratch, m3u->str, IMPORT_REPLACE), 0);
	g_string_free(m3u, TRUE);
	GBytes *whole = read_file(scratch->db);
	gsize size;
	const char *bytes = g_bytes_get_data(whole, &size);
	GBytes *half = g_bytes_new_from_bytes(whole, 0, size / 2);
	char *copy = g_memdup2(bytes, size);
	memset(copy + size / 2, 0x5a, PAGE_BYTES);
	GBytes *spoilt = g_bytes_new_take(copy, size);
	check_kept_aside(scratch, ".damaged", half);
	check_kept_aside(scratch, ".damaged-2", spoilt);
	check_kept_aside(scratch, ".damaged-3", half);
	g_bytes_unref(spoilt);
	g_bytes_unref(half);
	g_bytes_unref(whole);
}

/* The file without one of its pages is refused and kept, or (where the page is free) read whole. */
static bool lose_page(struct scratch *scratch, GBytes *whole, gsize at, const char *dump)
{
	gsize size;
	const char *bytes = g_bytes_get_data(whole, &size);
	char *copy = g_memdup2(bytes, size);
	memset(copy + at, 0x5a, MIN(size, at + PAGE_BYTES) - at);
	if (!at)
		memcpy(copy, bytes, 100); /* the file's header */
	GBytes *spoilt = g_bytes_new_take(copy, size);
	char *aside = g_strconcat(scratch->db, ".damaged", NULL), *why = NULL;
	struct lineup *lineup = NULL;
	write_file(scratch->db, spoilt);
	int result = lineup_open(scratch->db, LINEUP_WRITE, &lineup, &why);
	lineup_close(lineup);
	if (result) {
		assert_int_equal(result, -EILSEQ);
		check_same_bytes(aside, spoilt);
		assert_int_equal(unlink(aside), 0);
	} else {
		char *now = scratch_dump(scratch);
		assert_string_equal(now, dump);
		g_free(now);
	}
	g_free(why);
	g_free(aside);
	g_bytes_unref(spoilt);
	return result != 0;
}

static void test_any_page_damaged(void **state)
{
	struct scratch *scratch = *state;
	GString *m3u = g_string_new(NULL);
	scratch_fill(m3u, 300, "A");
	assert_int_equal(scratch_import(scratch, m3u->str, IMPORT_REPLACE), 0);
	g_string_free(m3u, TRUE);
	GBytes *whole = read_file(scratch->db);
	char *dump = scratch_dump(scratch);
	gsize pages = g_bytes_get_size(whole) / PAGE_BYTES, refused = 0;
	for (gsize i = 0; i < pages; i++)
		refused += lose_page(scratch, whole, i * PAGE_BYTES, dump);
	print_message("%zu of %zu pages were missed\n", refused, pages);
	assert_true(refused >= pages - 1);
	g_free(dump);
	g_bytes_unref(whole);
}

/* Of what SQLite takes for whole, some cannot be a line-up. */
static void test_rows_that_cannot_be(void **state)
{
	struct scratch *scratch = *state;
	static const char *const sql[] = {"DELETE FROM source",
		"UPDATE source SET group_address = 'x'", "UPDATE source SET source_address = 'x'",
		"UPDATE source SET fec = 'x'"};
	for (size_t i = 0; i < G_N_ELEMENTS(sql); i++) {
		unlink(scratch->db);
		make_one(scratch);
		scratch_sql(scratch, sql[i]);
		GBytes *damaged = read_file(scratch->db);
		check_refused(scratch, LINEUP_WRITE, -EILSEQ, "it is kept as");
		const char *aside = scratch_path(scratch, "lineup.db.damaged");
		check_same_bytes(aside, damaged);
		assert_int_equal(unlink(aside), 0);
		make_one(scratch);
		check_one(scratch);
		g_bytes_unref(damaged);
	}
}

/* Whatever is refused is where it was, or aside, as it was. */
static void check_not_lost(struct scratch *scratch, GBytes *bytes)
{
	const char *aside = scratch_path(scratch, "lineup.db.damaged");
	bool is_aside = g_file_test(aside, G_FILE_TEST_EXISTS);
	check_same_bytes(is_aside ? aside : scratch->db, bytes);
	if (is_aside)
		assert_int_equal(unlink(aside), 0);
}

/* What opens takes an import: nothing is damaged so that no import could ever mend it. */
static bool flip_bit(struct scratch *scratch, GBytes *whole, gsize at, int bit)
{
	gsize size;
	char *copy = g_memdup2(g_bytes_get_data(whole, &size), g_bytes_get_size(whole));
	copy[at] = (char)(copy[at] ^ 1 << bit);
	GBytes *flipped = g_bytes_new_take(copy, size);
	struct lineup *lineup = NULL;
	char *why = NULL;
	write_file(scratch->db, flipped);
	int result = lineup_open(scratch->db, LINEUP_WRITE, &lineup, &why);
	if (result)
		check_not_lost(scratch, flipped);
	else
		assert_int_equal(import_impatiently(scratch, lineup), 0);
	lineup_close(lineup);
	g_free(why);
	g_bytes_unref(flipped);
	return result != 0;
}

static void test_any_bit_flipped(void **state)
{
	struct scratch *scratch = *state;
	GString *m3u = g_string_new(NULL);
	scratch_fill(m3u, 60, "A");
	assert_int_equal(scratch_import(scratch, m3u->str, IMPORT_REPLACE), 0);
	g_string_free(m3u, TRUE);
	GBytes *whole = read_file(scratch->db);
	guint32 seed = g_random_int();
	GRand *random = g_rand_new_with_seed(seed);
	gint32 size = (gint32)g_bytes_get_size(whole);
	int refused = 0;
	print_message("seed %u\n", seed);
	for (int i = 0; i < BIT_FLIPS; i++)
		refused += flip_bit(scratch, whole,
			(gsize)g_rand_int_range(random, 0, i % 4 ? size : 100),
			g_rand_int_range(random, 0, 8));
	print_message("%d of %d flips were seen\n", refused, BIT_FLIPS);
	assert_true(refused > 0 && refused < BIT_FLIPS);
	g_rand_free(random);
	g_bytes_unref(whole);
}

/* A WAL that was not put into the file belongs to it. */
static void test_damaged_with_a_wal(void **state)
{
	struct scratch *scratch = *state;
	make_one(scratch);
	GBytes *whole = read_file(scratch->db);
	sqlite3 *other;
	assert_int_equal(sqlite3_open(scratch->db, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "DELETE FROM history", NULL, NULL, NULL), SQLITE_OK);
	char *wal = g_strconcat(scratch->db, "-wal", NULL);
	GBytes *content = read_file(wal);
	sqlite3_close(other);

	gsize size;
	char *copy = g_memdup2(g_bytes_get_data(whole, &size), g_bytes_get_size(whole));
	memset(copy + PAGE_BYTES, 0x5a, PAGE_BYTES);
	GBytes *spoilt = g_bytes_new_take(copy, size);
	write_file(scratch->db, spoilt);
	write_file(wal, content);
	check_refused(scratch, LINEUP_WRITE, -EILSEQ, "it is kept as");
	check_same_bytes(scratch_path(scratch, "lineup.db.damaged"), spoilt);
	check_same_bytes(scratch_path(scratch, "lineup.db.damaged-wal"), content);
	assert_false(g_file_test(wal, G_FILE_TEST_EXISTS));
	make_one(scratch);
	check_one(scratch);
	g_bytes_unref(spoilt);
	g_bytes_unref(content);
	g_bytes_unref(whole);
	g_free(wal);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_killed_at_any_moment),
		TEST(test_no_file_may_grow),
		TEST(test_full_disk),
		TEST(test_read_only),
		TEST(test_read_only_file),
		TEST(test_locked),
		TEST(test_newer_version),
		TEST(test_another_programs_database),
		TEST(test_garbage),
		TEST(test_garbage_in_the_header),
		TEST(test_damaged),
		TEST(test_any_page_damaged),
		TEST(test_rows_that_cannot_be),
		TEST(test_any_bit_flipped),
		TEST(test_damaged_with_a_wal),
	};
	return cmocka_run_group_tests_name("channels_disasters", tests, NULL, NULL);
}
