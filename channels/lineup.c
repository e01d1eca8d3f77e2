#include "channels/lineup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "channels/database.h"

#define BUSY_TIMEOUT_MS 10000
#define BUSY_RETRY_MS 5

/* A line-up that is only read may be of an older version: `since` and `until` are versions. */
static const struct {
	size_t offset;
	const char *sql;
	int since, until;
} statements[] = {
#define STATEMENT(name, sql) BETWEEN(1, INT_MAX, name, sql)
#define SINCE(version, name, sql) BETWEEN(version, INT_MAX, name, sql)
#define BETWEEN(since, until, name, sql)                                                           \
	{                                                                                          \
		offsetof(struct lineup_statements, name), sql, since, until                        \
	}
	STATEMENT(channels, "SELECT id, number, subnumber, name, kind, guide_id, logo FROM channel "
			    "ORDER BY number, subnumber"),
	BETWEEN(1, 2, sources,
		"SELECT channel, transport, group_address, source_address, port, 0 "
		"FROM channel JOIN source ON channel = id ORDER BY number, subnumber, preference"),
	SINCE(3, sources,
		"SELECT channel, transport, group_address, source_address, port, programme "
		"FROM channel JOIN source ON channel = id ORDER BY number, subnumber, preference"),
	STATEMENT(bouquets,
		"SELECT m.channel, b.name FROM channel c JOIN bouquet_member m ON m.channel = c.id "
		"JOIN bouquet b ON b.id = m.bouquet ORDER BY c.number, c.subnumber, b.position"),
	STATEMENT(members,
		"SELECT b.name, m.channel FROM bouquet b JOIN bouquet_member m ON m.bouquet = b.id "
		"ORDER BY b.position, b.id, m.position"),
	STATEMENT(insert_channel,
		"INSERT INTO channel (number, subnumber, name, kind, guide_id, logo) "
		"VALUES (?2, ?3, ?4, ?5, ?6, ?7)"),
	STATEMENT(update_channel,
		"UPDATE channel SET number = ?2, subnumber = ?3, name = ?4, kind = ?5, "
		"guide_id = ?6, logo = ?7 WHERE id = ?1"),
	/* Above every number that may be asked for, and each its own: numbers can be swapped. */
	STATEMENT(vacate_number,
		"UPDATE channel SET number = 4294967296 + id, subnumber = 0 WHERE id = ?1"),
	STATEMENT(delete_channel, "DELETE FROM channel WHERE id = ?1"),
	SINCE(3, insert_source,
		"INSERT INTO source (channel, preference, transport, group_address, "
		"source_address, port, programme) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
	STATEMENT(delete_sources, "DELETE FROM source WHERE channel = ?1"),
	STATEMENT(put_bouquet,
		"INSERT INTO bouquet (position, name) VALUES (?1, ?2) "
		"ON CONFLICT (name) DO UPDATE SET position = excluded.position RETURNING id"),
	STATEMENT(insert_member, "INSERT INTO bouquet_member VALUES (?1, ?2, ?3)"),
	STATEMENT(delete_members, "DELETE FROM bouquet_member"),
	STATEMENT(delete_empty_bouquets,
		"DELETE FROM bouquet WHERE id NOT IN (SELECT bouquet FROM bouquet_member)"),
	SINCE(5, memories,
		"SELECT channel, psi, video_pid, audio_pid, pcr_pid, video_codec, audio_codec, "
		"gop_ns, rap_bytes, video_slack_ns, audio_slack_ns, line_bps, video_sets "
		"FROM channel_memory"),
	SINCE(5, put_memory,
		"INSERT OR REPLACE INTO channel_memory (channel, psi, video_pid, audio_pid, "
		"pcr_pid, video_codec, audio_codec, gop_ns, rap_bytes, video_slack_ns, "
		"audio_slack_ns, line_bps, video_sets) "
		"SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13 "
		"WHERE EXISTS (SELECT 1 FROM channel WHERE id = ?1)"),
	SINCE(2, steps, "SELECT from_channel, to_channel, action, weight FROM viewer_step"),
	SINCE(2, insert_step,
		"INSERT OR REPLACE INTO viewer_step (from_channel, to_channel, action, weight) "
		"SELECT ?1, ?2, ?3, ?4 "
		"WHERE EXISTS (SELECT 1 FROM channel WHERE id = ?1) "
		"AND EXISTS (SELECT 1 FROM channel WHERE id = ?2)"),
	SINCE(2, delete_steps, "DELETE FROM viewer_step"),
	SINCE(4, moods, "SELECT context, action, weight FROM viewer_mood"),
	SINCE(4, insert_mood,
		"INSERT OR REPLACE INTO viewer_mood (context, action, weight) VALUES (?1, ?2, ?3)"),
	SINCE(4, delete_moods, "DELETE FROM viewer_mood"),
#undef STATEMENT
#undef SINCE
#undef BETWEEN
};

static sqlite3_stmt **statement_at(struct lineup *lineup, size_t index)
{
	return (sqlite3_stmt **)((char *)&lineup->statements + statements[index].offset);
}

static int prepare_all(struct lineup *lineup)
{
	int version;
	int result = database_get_int(lineup->db, "PRAGMA user_version", &version);
	for (size_t i = 0; !result && i < G_N_ELEMENTS(statements); i++)
		if (version >= statements[i].since && version <= statements[i].until &&
			sqlite3_prepare_v3(lineup->db, statements[i].sql, -1,
				SQLITE_PREPARE_PERSISTENT, statement_at(lineup, i), NULL))
			result = database_error(lineup->db);
	return result;
}

static int make_folder(const char *path)
{
	char *folder = g_path_get_dirname(path);
	int result = 0;
	if (g_mkdir_with_parents(folder, 0755) ||
		faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS))
		result = -errno;
	g_free(folder);
	return result;
}

/* SQLite tells a folder, a missing file and a lack of permission apart badly. */
static int check_path(const char *path, enum lineup_mode mode)
{
	struct stat status;
	if (stat(path, &status)) {
		if (errno != ENOENT || mode == LINEUP_READ)
			return -errno;
	} else if (!S_ISREG(status.st_mode)) {
		return S_ISDIR(status.st_mode) ? -EISDIR : -EILSEQ;
	} else if (faccessat(
			   AT_FDCWD, path, mode == LINEUP_WRITE ? R_OK | W_OK : R_OK, AT_EACCESS)) {
		return -errno;
	}
	return mode == LINEUP_WRITE ? make_folder(path) : 0;
}

/*
 * Readers open for writing too, held back by query_only: only so can the last one to leave put the
 * WAL's content into the file. SQLite itself falls back to reading where the file allows no more.
 */
static int open_db(struct lineup *lineup, const char *path)
{
	int flags = SQLITE_OPEN_READWRITE;
	if (lineup->mode == LINEUP_WRITE)
		flags |= SQLITE_OPEN_CREATE;
	if (sqlite3_open_v2(path, &lineup->db, flags, NULL))
		return database_error(lineup->db);
	sqlite3_busy_timeout(lineup->db, BUSY_TIMEOUT_MS);
	return database_exec(
		lineup->db, lineup->mode == LINEUP_WRITE
				    ? "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF"
				    : "PRAGMA query_only = ON; PRAGMA trusted_schema = OFF");
}

/* A file with a WAL cannot be read in a folder that cannot be written to, unless it cannot change.
 */
static int open_immutable(struct lineup *lineup, const char *path)
{
	char *absolute = g_canonicalize_filename(path, NULL);
	char *file_uri = g_filename_to_uri(absolute, NULL, NULL);
	char *uri = g_strconcat(file_uri, "?immutable=1", NULL);
	sqlite3_close(lineup->db);
	int code = sqlite3_open_v2(uri, &lineup->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
	g_free(uri);
	g_free(file_uri);
	g_free(absolute);
	return code ? database_error(lineup->db) : 0;
}

static bool has_wal(const char *path)
{
	struct stat status;
	char *wal = g_strconcat(path, "-wal", NULL);
	bool has = !stat(wal, &status) && status.st_size > 0;
	g_free(wal);
	return has;
}

static int check_content(sqlite3 *db)
{
	sqlite3_stmt *statement;
	if (sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &statement, NULL))
		return database_error(db);
	int result = sqlite3_step(statement) == SQLITE_ROW ? 0 : database_error(db);
	if (!result && strcmp((const char *)sqlite3_column_text(statement, 0), "ok"))
		result = -EILSEQ;
	sqlite3_finalize(statement);
	return result;
}

/* Whether the file is ours to read, or (in write mode) still empty. */
static int check_header(struct lineup *lineup)
{
	int id, version, tables;
	int result = database_get_int(lineup->db, "PRAGMA application_id", &id);
	if (!result)
		result = database_get_int(lineup->db, "PRAGMA user_version", &version);
	if (!result)
		result =
			database_get_int(lineup->db, "SELECT count(*) FROM sqlite_schema", &tables);
	if (result)
		return result;
	if (!id && !version && !tables)
		return lineup->mode == LINEUP_WRITE ? 0 : -ENOENT;
	if (id != LINEUP_APPLICATION_ID || version < 1)
		return -EILSEQ;
	return version > migrations_version() ? -EPROTONOSUPPORT : 0;
}

/* As of one moment: another process may be about to make the file. Writes nothing. */
static int check_database(struct lineup *lineup)
{
	int result = database_exec(lineup->db, "BEGIN");
	if (result)
		return result;
	result = check_header(lineup);
	if (!result)
		result = check_content(lineup->db);
	return lineup_end(lineup, result);
}

static int open_and_check(struct lineup *lineup, const char *path)
{
	int result = check_path(path, lineup->mode);
	if (result)
		return result;
	result = open_db(lineup, path);
	if (!result)
		result = check_database(lineup);
	if ((result == -EACCES || result == -EROFS) && lineup->mode == LINEUP_READ &&
		!has_wal(path)) {
		result = open_immutable(lineup, path);
		if (!result)
			result = check_database(lineup);
	}
	return result;
}

static int bring_up_to_date(struct lineup *lineup)
{
	if (lineup->mode == LINEUP_READ)
		return 0;
	if (sqlite3_db_readonly(lineup->db, "main"))
		return -EACCES;
	int result = database_exec(lineup->db, "PRAGMA journal_mode = WAL");
	return result ? result : migrations_run(lineup->db);
}

static char *explain(const char *path, enum lineup_mode mode, int error)
{
	switch (error) {
	case -ENOENT:
		if (mode == LINEUP_READ)
			return g_strdup_printf("There is no line-up in %s yet; 'zapper import' "
					       "makes one from a channel list.",
				path);
		break;
	case -EILSEQ:
		return g_strdup_printf(
			"%s is not a line-up or is damaged; it was left as it is.", path);
	case -EPROTONOSUPPORT:
		return g_strdup_printf(
			"%s was written by a newer zapper; it was left as it is.", path);
	case -EBUSY:
		return g_strdup_printf("%s has been in use by another program for %d s.", path,
			BUSY_TIMEOUT_MS / 1000);
	}
	return g_strdup_printf("%s cannot be opened for %s: %s.", path,
		mode == LINEUP_WRITE ? "writing" : "reading", g_strerror(-error));
}

static int open_once(struct lineup *lineup, const char *path)
{
	int result = open_and_check(lineup, path);
	if (!result)
		result = bring_up_to_date(lineup);
	return result ? result : prepare_all(lineup);
}

static void close_db(struct lineup *lineup)
{
	for (size_t i = 0; i < G_N_ELEMENTS(statements); i++) {
		sqlite3_finalize(*statement_at(lineup, i));
		*statement_at(lineup, i) = NULL;
	}
	sqlite3_close(lineup->db);
	lineup->db = NULL;
}

/*
 * SQLite's busy handler is not asked where waiting could be a deadlock, as when two turn a new file
 * to WAL at once: one of them is told SQLITE_BUSY there and then, and has to come again.
 */
static int open_patiently(struct lineup *lineup, const char *path)
{
	gint64 end_us = g_get_monotonic_time() + BUSY_TIMEOUT_MS * INT64_C(1000);
	for (;;) {
		int result = open_once(lineup, path);
		if (result != -EBUSY || g_get_monotonic_time() >= end_us)
			return result;
		close_db(lineup);
		g_usleep(BUSY_RETRY_MS * 1000);
	}
}

void lineup_set_patience(struct lineup *lineup, int patience_ms)
{
	sqlite3_busy_timeout(lineup->db, patience_ms);
}

void lineup_close(struct lineup *lineup)
{
	if (!lineup)
		return;
	close_db(lineup);
	g_free(lineup);
}

int lineup_open(const char *path, enum lineup_mode mode, struct lineup **ret, char **ret_why)
{
	struct lineup *lineup = g_new0(struct lineup, 1);
	lineup->mode = mode;
	int result = open_patiently(lineup, path);
	if (result) {
		lineup_close(lineup);
		*ret_why = explain(path, mode, result);
		return result;
	}
	*ret = lineup;
	return 0;
}
