#include "channels/lineup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
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

static int check_path(const char *path, enum lineup_mode mode)
{
	int result = database_check_path(path, mode == LINEUP_WRITE);
	return result || mode == LINEUP_READ ? result : make_folder(path);
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
	struct database_header header;
	int result = database_read_header(lineup->db, &header);
	if (result)
		return result;
	if (header.empty)
		return lineup->mode == LINEUP_WRITE ? 0 : -ENOENT;
	if (header.application_id != LINEUP_APPLICATION_ID || header.version < 1)
		return -EILSEQ;
	return header.version > migrations_version() ? -EPROTONOSUPPORT : 0;
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
	if (!result || lineup->mode == LINEUP_WRITE)
		return result;
	int again = database_read_as_it_is(&lineup->db, path, result);
	return again ? again : check_database(lineup);
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
	lineup->file = database_file_at(path);
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

uint64_t lineup_file(const struct lineup *lineup)
{
	return lineup->file;
}

uint64_t lineup_file_at(const char *path)
{
	return database_file_at(path);
}

void lineup_set_patience(struct lineup *lineup, int patience_ms)
{
	sqlite3_busy_timeout(lineup->db, patience_ms);
}

void lineup_close(struct lineup *lineup)
{
	if (!lineup)
		return;
	database_leave(lineup->db, lineup->path, lineup->file);
	close_db(lineup);
	g_free(lineup->path);
	g_free(lineup);
}

/* Nothing is written into a file that is refused, not even what its WAL holds. Returns why. */
static char *give_up(struct lineup *lineup, const char *path, int error)
{
	enum lineup_mode mode = lineup->mode;
	if (lineup->db && database_has_wal(path))
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
	lineup->path = g_strdup(path);
	int result = database_open_patiently(open_once, close_db, lineup, path);
	if (result) {
		*ret_why = give_up(lineup, path, result);
		return result;
	}
	*ret = lineup;
	return 0;
}
