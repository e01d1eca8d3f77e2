#include "channels/database.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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

int database_check_path(const char *path, bool writes)
{
	struct stat status;
	if (stat(path, &status))
		return errno == ENOENT && writes ? 0 : -errno;
	if (!S_ISREG(status.st_mode))
		return S_ISDIR(status.st_mode) ? -EISDIR : -EILSEQ;
	int access = writes ? R_OK | W_OK : R_OK;
	return faccessat(AT_FDCWD, path, access, AT_EACCESS) ? -errno : 0;
}

static int read_header(sqlite3 *db, struct database_header *ret)
{
	int tables;
	int result = database_get_int(db, "PRAGMA application_id", &ret->application_id);
	if (!result)
		result = database_get_int(db, "PRAGMA user_version", &ret->version);
	if (!result)
		result = database_get_int(db, "SELECT count(*) FROM sqlite_schema", &tables);
	if (!result)
		ret->empty = !ret->application_id && !ret->version && !tables;
	return result;
}

int database_read_header(sqlite3 *db, struct database_header *ret)
{
	bool own = sqlite3_get_autocommit(db);
	int result = own ? database_exec(db, "BEGIN") : 0;
	if (result)
		return result;
	result = read_header(db, ret);
	if (own)
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return result;
}

bool database_has_wal(const char *path)
{
	struct stat status;
	char *wal = g_strconcat(path, "-wal", NULL);
	bool has = !stat(wal, &status) && status.st_size > 0;
	g_free(wal);
	return has;
}

static int open_immutable(sqlite3 **db, const char *path)
{
	char *absolute = g_canonicalize_filename(path, NULL);
	char *file_uri = g_filename_to_uri(absolute, NULL, NULL);
	char *uri = g_strconcat(file_uri, "?immutable=1", NULL);
	sqlite3_close(*db);
	int code = sqlite3_open_v2(uri, db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
	g_free(uri);
	g_free(file_uri);
	g_free(absolute);
	return code ? database_error(*db) : 0;
}

int database_read_as_it_is(sqlite3 **db, const char *path, int error)
{
	bool may_help = error == -EACCES || error == -EROFS || error == -ENOSPC;
	return *db && may_help && !database_has_wal(path) ? open_immutable(db, path) : error;
}

const char *database_text(sqlite3_stmt *row, int column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);
	return text ? text : "";
}

const char *database_keep_text(sqlite3_stmt *row, int column, GStringChunk *strings)
{
	const char *text = database_text(row, column);
	if (!*text)
		return "";
	if (g_utf8_validate(text, -1, NULL))
		return g_string_chunk_insert(strings, text);
	char *valid = g_utf8_make_valid(text, -1);
	const char *kept = g_string_chunk_insert(strings, valid);
	g_free(valid);
	return kept;
}

uint64_t database_file_at(const char *path)
{
	struct statx status = {0};
	if (statx(AT_FDCWD, path, 0, STATX_INO | STATX_BTIME, &status))
		return 0;
	/* An inode may be that of another file soon after its own one is gone: it is as old as the
	 * file, where file systems say how old that is. */
	uint64_t born_ns =
		(uint64_t)status.stx_btime.tv_sec * 1000000000 + status.stx_btime.tv_nsec;
	uint64_t device = (uint64_t)status.stx_dev_major << 32 | status.stx_dev_minor;
	return status.stx_ino ^ device << 40 ^ born_ns * UINT64_C(0x9e3779b97f4a7c15);
}

void database_leave(sqlite3 *db, const char *path, uint64_t file)
{
	if (db && file && database_file_at(path) != file)
		database_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)");
}

int database_open_patiently(int (*open)(void *file, const char *path), void (*close)(void *file),
	void *file, const char *path)
{
	return database_open_within(open, close, file, path, DATABASE_PATIENCE_MS);
}

int database_open_within(int (*open)(void *file, const char *path), void (*close)(void *file),
	void *file, const char *path, int patience_ms)
{
	gint64 end_us = g_get_monotonic_time() + patience_ms * INT64_C(1000);
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
