/* channels/database: the line-up's file as the rest of this room sees it. Not for other rooms. */
#pragma once

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

#include "channels/draft.h"
#include "channels/import.h"
#include "channels/lineup.h"
#include "channels/viewer_news.h"

/* Every statement of the room; prepared when the file is opened, reset after each use. */
struct lineup_statements {
	sqlite3_stmt *data_version;
	sqlite3_stmt *channels;
	sqlite3_stmt *sources;
	sqlite3_stmt *bouquets;	   /* all of them */
	sqlite3_stmt *bouquets_of; /* each channel */
	sqlite3_stmt *members;
	sqlite3_stmt *insert_channel;
	sqlite3_stmt *update_channel;
	sqlite3_stmt *vacate_number;
	sqlite3_stmt *delete_channel;
	sqlite3_stmt *insert_source;
	sqlite3_stmt *delete_sources;
	sqlite3_stmt *put_bouquet;
	sqlite3_stmt *insert_member;
	sqlite3_stmt *delete_members;
	sqlite3_stmt *delete_empty_bouquets;
	/* An older line-up that is only read may have no such tables: NULL. */
	sqlite3_stmt *memories;
	sqlite3_stmt *put_memory;
	sqlite3_stmt *steps;
	sqlite3_stmt *insert_step;
	sqlite3_stmt *delete_steps;
	sqlite3_stmt *moods;
	sqlite3_stmt *insert_mood;
	sqlite3_stmt *delete_moods;
	sqlite3_stmt *set_favourite;
	sqlite3_stmt *unset_favourite;
	sqlite3_stmt *set_lock;
	sqlite3_stmt *unset_lock;
	sqlite3_stmt *history;
	sqlite3_stmt *insert_history;
	sqlite3_stmt *trim_history;
	sqlite3_stmt *get_box;
	sqlite3_stmt *set_box;
};

struct lineup {
	sqlite3 *db;
	enum lineup_mode mode;
	char *path;
	uint64_t file;
	struct lineup_statements statements;
};

/* Those that the file's version allows; finalizing accepts what was not prepared. */
int statements_prepare(struct lineup *lineup);
void statements_finalize(struct lineup *lineup);

/* Negative errno for what SQLite reported last. */
int database_error(sqlite3 *db);
int database_exec(sqlite3 *db, const char *sql);

/* The schema's versions, see migrations.c. */
#define LINEUP_APPLICATION_ID 0x7a617070 /* "zapp" */
int migrations_version(void);
/* Brings an empty or older database up to date, each version in a transaction of its own. */
int migrations_run(sqlite3 *db);
/* Reads a PRAGMA's whole number. */
int database_get_int(sqlite3 *db, const char *sql, int *ret);

/* What SQLite tells apart badly: a folder, no database, a missing file, a lack of permission. A
 * file that is to be written may be missing. */
int database_check_path(const char *path, bool writes);

/* As lineup_file_at(). */
uint64_t database_file_at(const char *path);
/*
 * Before a database (or NULL) is closed: SQLite leaves the WAL where it is when that `file` is not
 * at its path any more, and whoever opens the one that has taken its place would read it as that
 * one's.
 */
void database_leave(sqlite3 *db, const char *path, uint64_t file);

/* As database_open_patiently(), for so long. */
int database_open_within(int (*open)(void *file, const char *path), void (*close)(void *file),
	void *file, const char *path, int patience_ms);

/* What a file says of itself. */
struct database_header {
	int application_id, version;
	bool empty; /* nothing was written to it yet */
};
/* As of one moment: another process may be about to make the file. */
int database_read_header(sqlite3 *db, struct database_header *ret);

/*
 * A file in WAL mode cannot be read where nothing can be written (a folder without permission, a
 * full disk), unless it cannot change. Where that may be why `error` came of opening it for
 * reading: opens it anew as one that does not change, and returns what comes of that, else `error`.
 */
int database_read_as_it_is(sqlite3 **db, const char *path, int error);
/* Whether there is something in its WAL. */
bool database_has_wal(const char *path);

/* A row's text for the moment, "" for none. */
const char *database_text(sqlite3_stmt *row, int column);

bool lineup_is_writable(const struct lineup *lineup);
/* A transaction; on a line-up opened for reading it pins the moment. */
int lineup_begin(struct lineup *lineup);
/* Commits if `result` is 0 and succeeds, else rolls back. Returns the first error. */
int lineup_end(struct lineup *lineup, int result);

/*
 * A row's text, kept in `strings`: "" where there is none, and made UTF-8 where a bit that fell
 * over has damaged it.
 */
const char *database_keep_text(sqlite3_stmt *row, int column, GStringChunk *strings);

/* So long is waited for others who write, unless somebody sets less. */
#define DATABASE_PATIENCE_MS 10000

/*
 * Calls `open` for as long as it returns -EBUSY and there is patience left, with `close` in
 * between; `file` is theirs. SQLite's busy handler is not asked where waiting could be a deadlock,
 * as when two turn a new file to WAL at once: one of them is told SQLITE_BUSY there and then, and
 * has to come again.
 */
int database_open_patiently(int (*open)(void *file, const char *path), void (*close)(void *file),
	void *file, const char *path);

/* Both within the caller's transaction; the first as lineup_add_history(). */
int viewer_insert_visit(struct lineup *lineup, int64_t channel, int64_t at_utc_s);
int viewer_news_write(struct lineup *lineup, const struct viewer_news *news);

/* Moves on to the next row. 1: there is one, 0: no more, else negative errno. */
int database_next_row(sqlite3_stmt *statement);
/* Runs a statement that returns no row, and resets it. */
int database_run(sqlite3_stmt *statement);

/* Writes what reconciling decided, touching only rows that differ. `removed`: of struct channel. */
int lineup_store(struct lineup *lineup, const GPtrArray *drafts, const GPtrArray *removed,
	enum import_mode mode);
