/*
 * data/lineup-N.db is a line-up as the zapper of version N of the schema left it. Each one can be
 * read as it is, and brought up to date without losing anything.
 */
#include <errno.h>
#include <sqlite3.h>
#include <string.h>

#include "channels/database.h"
#include "channels/memory.h"
#include "channels/viewer.h"
#include "tests/support/test.h"
#include "tests/unit/channels/scratch.h"

#define EIGHT                                                                                      \
	"1 1 Nord Eins tv nord-eins.zapper - [Allgemein] rtp://239.1.1.1:5004\n"                   \
	"2 2 Kanal Zwei HD tv kanal-zwei.zapper - [Allgemein] rtp://10.0.1.10@232.1.1.2:5004%s\n"  \
	"3 3 Ostsee 24, Hafen und Meer tv ostsee.zapper - [Allgemein] rtp://239.1.1.3:5004\n"      \
	"4 4 Sport Arena tv sport-arena.zapper - [Sport] rtp://10.0.1.10@232.1.1.4:5004\n"         \
	"5 5 Северное сияние tv severnoe.zapper - [Welt] rtp://239.1.1.5:5004\n"     \
	"6 6 中国新闻 tv zhongguo.zapper - [Welt] rtp://10.0.1.10@232.1.1.6:5004\n"            \
	"7 7 Ciné Été tv cine-ete.zapper - [Film] rtp://239.1.1.7:5004%s\n"                     \
	"8 8 Musik & Oper tv musik.zapper - [Film] rtp://10.0.1.10@232.1.1.8:5004\n"
#define NINTH                                                                                      \
	"9 9.1 Hafen Radio radio hafen.zapper hafen.png [Welt,Radio] udp://239.1.1.9:5004#7 "      \
	"rtp://10.0.1.10@232.1.1.9:5006#8\n"
#define TENTH                                                                                      \
	"10 10 Tiefsee tv tief.zapper - [Welt,Meer] rtp://10.0.1.10@232.1.1.10:5140 "              \
	"(iface 10.0.2.2) (fec 5142) (fcc 10.0.1.20:8027) (fcc-type telecom) "                     \
	"(ret 10.0.1.30:7000) (http http://192.168.1.1:4022/rtp/10.0.1.10@232.1.1.10:5140"         \
	"?fcc=10.0.1.20:8027&fcc-type=telecom&fec=5142&ret=10.0.1.30:7000&localaddr=10.0.2.2) "    \
	"(label UHD) udp://239.1.1.10:5140 (label SD) language=de%s favourite\n"

static char *kept_file(int version)
{
	return g_strdup_printf("%s/lineup-%d.db", TEST_DATA, version);
}

static void copy_kept(struct scratch *scratch, int version)
{
	char *path = kept_file(version), *content;
	gsize size;
	if (!g_file_get_contents(path, &content, &size, NULL))
		fail_msg("there is no %s", path);
	assert_true(g_file_set_contents(scratch->db, content, (gssize)size, NULL));
	g_free(content);
	g_free(path);
}

static void check_channels(struct scratch *scratch, int version)
{
	bool marked = version >= 6;
	char *eight = g_strdup_printf(EIGHT, marked ? " favourite" : "", marked ? " locked" : "");
	char *tenth = g_strdup_printf(TENTH, version >= 7 ? " guide-name=Tief_HD" : "");
	char *expected =
		g_strconcat(eight, version >= 4 ? NINTH : "", version >= 6 ? tenth : "", NULL);
	char *dump = scratch_dump(scratch);
	assert_string_equal(dump, expected);
	g_free(dump);
	g_free(expected);
	g_free(tenth);
	g_free(eight);
}

static void migrate(struct scratch *scratch)
{
	struct lineup *lineup;
	char *why = NULL;
	if (lineup_open(scratch->db, LINEUP_WRITE, &lineup, &why))
		fail_msg("%s", why);
	lineup_close(lineup);
}

static sqlite3 *open_file(const char *path)
{
	sqlite3 *db;
	char *uri = g_strdup_printf("file:%s?immutable=1", path);
	assert_int_equal(
		sqlite3_open_v2(uri, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL), SQLITE_OK);
	g_free(uri);
	return db;
}

/* Rows of one query, a line each. */
static GString *rows_of(sqlite3 *db, const char *sql)
{
	GString *rows = g_string_new(NULL);
	sqlite3_stmt *statement;
	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL))
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	while (sqlite3_step(statement) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(statement); i++) {
			const char *text = (const char *)sqlite3_column_text(statement, i);
			g_string_append_printf(rows, "%s|", text ? text : "NULL");
		}
		g_string_append_c(rows, '\n');
	}
	sqlite3_finalize(statement);
	return rows;
}

/* The columns that the old file has, as a query for either file. */
static char *query_of(sqlite3 *old, const char *table)
{
	char *sql = g_strdup_printf(
		"SELECT group_concat(quote(name)) FROM pragma_table_info('%s')", table);
	GString *columns = rows_of(old, sql);
	g_string_truncate(columns, columns->len - 2);
	/* Quoted as texts: as names they have other marks. */
	for (char *c = columns->str; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	g_free(sql);
	sql = g_strdup_printf(
		"SELECT %s FROM \"%s\" ORDER BY %s", columns->str, table, columns->str);
	g_string_free(columns, TRUE);
	return sql;
}

/* Every row of every table of the old file is in the new one, with all that it had. */
static void check_nothing_lost(const char *old_path, const char *new_path)
{
	sqlite3 *old = open_file(old_path), *new = open_file(new_path);
	GString *names = rows_of(old, "SELECT name FROM sqlite_schema WHERE type = 'table'");
	char **tables = g_strsplit(names->str, "|\n", -1);
	assert_true(g_strv_length(tables) > 4);
	for (char **table = tables; **table; table++) {
		char *sql = query_of(old, *table);
		GString *before = rows_of(old, sql), *after = rows_of(new, sql);
		assert_string_equal(after->str, before->str);
		g_string_free(before, TRUE);
		g_string_free(after, TRUE);
		g_free(sql);
	}
	g_strfreev(tables);
	g_string_free(names, TRUE);
	sqlite3_close(old);
	sqlite3_close(new);
}

static void test_each_is_read_as_it_is(void **state)
{
	struct scratch *scratch = *state;
	for (int version = 1; version <= migrations_version(); version++) {
		copy_kept(scratch, version);
		assert_int_equal(scratch_get_int(scratch, "PRAGMA user_version"), version);
		check_channels(scratch, version);
		assert_int_equal(scratch_get_int(scratch, "PRAGMA user_version"), version);
	}
}

static void test_each_is_brought_up_to_date_and_loses_nothing(void **state)
{
	struct scratch *scratch = *state;
	for (int version = 1; version <= migrations_version(); version++) {
		char *path = kept_file(version);
		copy_kept(scratch, version);
		migrate(scratch);
		assert_int_equal(
			scratch_get_int(scratch, "PRAGMA user_version"), migrations_version());
		check_channels(scratch, version);
		check_nothing_lost(path, scratch->db);
		assert_int_equal(
			scratch_get_int(scratch, "SELECT count(*) FROM pragma_foreign_key_check"),
			0);
		g_free(path);
	}
}

/* It comes to the same whether a file has grown old or is new. */
static void test_each_gets_the_schema_of_a_new_one(void **state)
{
	struct scratch *scratch = *state;
	static const char sql[] = "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name";
	migrate(scratch);
	sqlite3 *db = open_file(scratch->db);
	GString *wanted = rows_of(db, sql);
	sqlite3_close(db);
	assert_non_null(strstr(wanted->str, "favourite"));
	for (int version = 1; version <= migrations_version(); version++) {
		copy_kept(scratch, version);
		migrate(scratch);
		db = open_file(scratch->db);
		GString *schema = rows_of(db, sql);
		sqlite3_close(db);
		assert_string_equal(schema->str, wanted->str);
		g_string_free(schema, TRUE);
	}
	g_string_free(wanted, TRUE);
}

static void test_tables_are_strict(void **state)
{
	struct scratch *scratch = *state;
	migrate(scratch);
	assert_int_equal(scratch_get_int(scratch, "SELECT count(*) FROM pragma_table_list "
						  "WHERE schema = 'main' AND NOT strict AND name "
						  "NOT LIKE 'sqlite_%'"),
		0);
	assert_int_equal(
		scratch_get_int(scratch, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"),
		1);
}

static void count(void *ctx, int64_t channel, int64_t at_utc_s)
{
	(void)channel;
	(void)at_utc_s;
	++*(int *)ctx;
}

/* What was added later is empty, and works. */
static void test_an_old_one_learns_what_is_new(void **state)
{
	struct scratch *scratch = *state;
	struct lineup *lineup;
	char *why = NULL;
	char *volume = NULL;
	int watched = 0;
	copy_kept(scratch, 1);
	assert_int_equal(lineup_open(scratch->db, LINEUP_READ, &lineup, &why), 0);
	assert_int_equal(lineup_each_history(lineup, 10, count, &watched), 0);
	assert_int_equal(lineup_get_box(lineup, "volume", &volume), -ENOENT);
	lineup_close(lineup);
	assert_int_equal(lineup_open(scratch->db, LINEUP_WRITE, &lineup, &why), 0);
	assert_int_equal(lineup_each_history(lineup, 10, count, &watched), 0);
	assert_int_equal(watched, 0);
	assert_int_equal(lineup_set_favourite(lineup, 2, true), 0);
	assert_int_equal(lineup_set_locked(lineup, 7, true), 0);
	assert_int_equal(lineup_add_history(lineup, 8, 1700000000), 0);
	assert_int_equal(lineup_each_history(lineup, 10, count, &watched), 0);
	assert_int_equal(watched, 1);
	assert_int_equal(lineup_set_box(lineup, "volume", "40"), 0);
	assert_int_equal(lineup_get_box(lineup, "volume", &volume), 0);
	assert_string_equal(volume, "40");
	g_free(volume);
	lineup_close(lineup);
	char *expected = g_strdup_printf(EIGHT, " favourite", " locked");
	char *dump = scratch_dump(scratch);
	assert_string_equal(dump, expected);
	g_free(dump);
	g_free(expected);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_each_is_read_as_it_is),
		TEST(test_each_is_brought_up_to_date_and_loses_nothing),
		TEST(test_each_gets_the_schema_of_a_new_one),
		TEST(test_tables_are_strict),
		TEST(test_an_old_one_learns_what_is_new),
	};
	return cmocka_run_group_tests_name("channels_versions", tests, NULL, NULL);
}
