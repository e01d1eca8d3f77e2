#include "channels/lineup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "channels/aside.h"
#include "channels/database.h"

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
	sqlite3_busy_timeout(lineup->db, DATABASE_PATIENCE_MS);
	return database_exec(
		lineup->db, lineup->mode == LINEUP_WRITE
				    ? "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF"
				    : "PRAGMA query_only = ON; PRAGMA trusted_schema = OFF");
}

/*
 * A file in WAL mode cannot be read where nothing can be written (a folder without permission, a
 * full disk), unless it cannot change.
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

/* Before it is written to, indexes are compared with their tables, too. */
static int check_content(sqlite3 *db, enum lineup_mode mode)
{
	sqlite3_stmt *statement;
	const char *sql =
		mode == LINEUP_WRITE ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)";
	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL))
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
		result = check_content(lineup->db, lineup->mode);
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
	bool no_room = result == -EACCES || result == -EROFS || result == -ENOSPC;
	if (no_room && lineup->mode == LINEUP_READ && !has_wal(path)) {
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

/* `aside`: where the file is now, or NULL. */
static char *explain(const char *path, enum lineup_mode mode, int error, const char *aside)
{
	switch (error) {
	case -ENOENT:
		if (mode == LINEUP_READ)
			return g_strdup_printf("There is no line-up in %s yet; 'zapper import' "
					       "makes one from a channel list.",
				path);
		break;
	case -EILSEQ:
		if (aside)
			return g_strdup_printf("%s is damaged: it is kept as %s. The next 'zapper "
					       "import' makes a new line-up.",
				path, aside);
		return g_strdup_printf(
			"%s is not a line-up or is damaged; it was left as it is.", path);
	case -EPROTONOSUPPORT:
		return g_strdup_printf(
			"%s was written by a newer zapper; it was left as it is.", path);
	case -EBUSY:
		return g_strdup_printf("%s has been in use by another program for %d s.", path,
			DATABASE_PATIENCE_MS / 1000);
	}
	return g_strdup_printf("%s cannot be opened for %s: %s.", path,
		mode == LINEUP_WRITE ? "writing" : "reading", g_strerror(-error));
}

/* What is written to has to be one that can be loaded: else no import could ever mend it. */
static int check_rows(struct lineup *lineup)
{
	struct channel_list *list = NULL;
	int result = lineup->mode == LINEUP_WRITE ? lineup_load(lineup, &list) : 0;
	channel_list_free(list);
	return result;
}

static int open_once(void *file, const char *path)
{
	struct lineup *lineup = file;
	int result = open_and_check(lineup, path);
	if (!result)
		result = bring_up_to_date(lineup);
	if (!result)
		result = statements_prepare(lineup);
	return result ? result : check_rows(lineup);
}

static void close_db(void *file)
{
	struct lineup *lineup = file;
	statements_finalize(lineup);
	sqlite3_close(lineup->db);
	lineup->db = NULL;
}

int lineup_data_version(struct lineup *lineup, int64_t *ret)
{
	sqlite3_stmt *row = lineup->statements.data_version;
	int more = database_next_row(row);
	if (more > 0)
		*ret = sqlite3_column_int64(row, 0);
	sqlite3_reset(row);
	return MIN(more, 0);
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

/* Nothing is written into a file that is refused, not even what its WAL holds. Returns why. */
static char *give_up(struct lineup *lineup, const char *path, int error)
{
	enum lineup_mode mode = lineup->mode;
	if (lineup->db && has_wal(path))
		sqlite3_db_config(lineup->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	lineup_close(lineup);
	char *aside = NULL;
	if (error == -EILSEQ && mode == LINEUP_WRITE)
		aside = lineup_set_aside(path);
	char *why = explain(path, mode, error, aside);
	g_free(aside);
	return why;
}

int lineup_open(const char *path, enum lineup_mode mode, struct lineup **ret, char **ret_why)
{
	struct lineup *lineup = g_new0(struct lineup, 1);
	lineup->mode = mode;
	int result = database_open_patiently(open_once, close_db, lineup, path);
	if (result) {
		*ret_why = give_up(lineup, path, result);
		return result;
	}
	*ret = lineup;
	return 0;
}
