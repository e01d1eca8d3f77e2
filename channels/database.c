#include "channels/database.h"

#include <errno.h>

#define BUSY_RETRY_MS 5

static int system_error(sqlite3 *db, int otherwise)
{
	int error = sqlite3_system_errno(db);
	return error ? -error : otherwise;
}

int database_error(sqlite3 *db)
{
	int error;
	switch (sqlite3_errcode(db) & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_FORMAT:
		return -EILSEQ;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return -EACCES;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_CANTOPEN:
		/* The file was there: it is its WAL that is not, and cannot be made. */
		error = system_error(db, -EACCES);
		return error == -ENOENT ? -EACCES : error;
	default:
		return system_error(db, -EIO);
	}
}

int database_exec(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) ? database_error(db) : 0;
}

int database_get_int(sqlite3 *db, const char *sql, int *ret)
{
	sqlite3_stmt *statement;
	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL))
		return database_error(db);
	int result = 0;
	if (sqlite3_step(statement) == SQLITE_ROW)
		*ret = sqlite3_column_int(statement, 0);
	else
		result = database_error(db);
	sqlite3_finalize(statement);
	return result;
}

const char *database_keep_text(sqlite3_stmt *row, int column, GStringChunk *strings)
{
	const char *text = (const char *)sqlite3_column_text(row, column);
	if (!text || !*text)
		return "";
	if (g_utf8_validate(text, -1, NULL))
		return g_string_chunk_insert(strings, text);
	char *valid = g_utf8_make_valid(text, -1);
	const char *kept = g_string_chunk_insert(strings, valid);
	g_free(valid);
	return kept;
}

int database_open_patiently(int (*open)(void *file, const char *path), void (*close)(void *file),
	void *file, const char *path)
{
	gint64 end_us = g_get_monotonic_time() + DATABASE_PATIENCE_MS * INT64_C(1000);
	for (;;) {
		int result = open(file, path);
		if (result != -EBUSY || g_get_monotonic_time() >= end_us)
			return result;
		close(file);
		g_usleep(BUSY_RETRY_MS * 1000);
	}
}

int database_next_row(sqlite3_stmt *statement)
{
	int code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		return 1;
	return code == SQLITE_DONE ? 0 : database_error(sqlite3_db_handle(statement));
}

int database_run(sqlite3_stmt *statement)
{
	int result = 0;
	if (sqlite3_step(statement) != SQLITE_DONE)
		result = database_error(sqlite3_db_handle(statement));
	sqlite3_reset(statement);
	return result;
}

bool lineup_is_writable(const struct lineup *lineup)
{
	return lineup->mode == LINEUP_WRITE;
}

int lineup_begin(struct lineup *lineup)
{
	return database_exec(lineup->db, lineup_is_writable(lineup) ? "BEGIN IMMEDIATE" : "BEGIN");
}

int lineup_end(struct lineup *lineup, int result)
{
	if (!result)
		result = database_exec(lineup->db, "COMMIT");
	if (result)
		sqlite3_exec(lineup->db, "ROLLBACK", NULL, NULL, NULL);
	return result;
}
