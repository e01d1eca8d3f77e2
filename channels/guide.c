#include "channels/guide.h"

#include <errno.h>

#include "channels/database.h"
#include "channels/guide_database.h"

#define GUIDE_VERSION 2

static const char schema[] =
	"PRAGMA application_id = 2053206119;"
	"CREATE TABLE channel ("
	"	id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"	guide_id TEXT NOT NULL UNIQUE,"
	"	folded TEXT NOT NULL,"
	"	icon TEXT NOT NULL,"
	"	generation INTEGER NOT NULL" /* of the import that its events came with */
	") STRICT;"
	"CREATE INDEX channel_folded ON channel (folded);"
	"CREATE TABLE name ("
	"	channel INTEGER NOT NULL REFERENCES channel (id) ON DELETE CASCADE,"
	"	folded TEXT NOT NULL,"
	"	PRIMARY KEY (channel, folded)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX name_folded ON name (folded);"
	/* stop: NULL where the guide does not say. Rows in the order in which they came: then their
	 * large texts are only ever written at the end of the file. */
	"CREATE TABLE event ("
	"	id INTEGER PRIMARY KEY,"
	"	channel INTEGER NOT NULL REFERENCES channel (id) ON DELETE CASCADE,"
	"	start INTEGER NOT NULL,"
	"	stop INTEGER CHECK (stop > start),"
	"	title TEXT NOT NULL,"
	"	subtitle TEXT NOT NULL,"
	"	description TEXT NOT NULL,"
	"	category TEXT NOT NULL,"
	"	episode TEXT NOT NULL,"
	"	rating TEXT NOT NULL,"
	"	streamed INTEGER NOT NULL DEFAULT 0," /* 1: it is from the channel's stream */
	"	UNIQUE (channel, start)"
	") STRICT;"
	"PRAGMA user_version = 2";

static const char schema_2[] = "ALTER TABLE event ADD COLUMN streamed INTEGER NOT NULL DEFAULT 0;"
			       "PRAGMA user_version = 2";

/* Those that only read work with an older guide, too. */
static const struct {
	size_t offset;
	const char *sql;
	bool writes;
} statements[] = {
#define STATEMENT(name, sql)                                                                       \
	{                                                                                          \
		offsetof(struct guide_statements, name), sql, false                                \
	}
#define WRITING(name, sql)                                                                         \
	{                                                                                          \
		offsetof(struct guide_statements, name), sql, true                                 \
	}
#define EVENT "start, stop, title, subtitle, description, category, episode, rating FROM event "
	STATEMENT(find_id, "SELECT id FROM channel WHERE guide_id = ?1"),
	STATEMENT(find_folded, "SELECT id FROM channel WHERE folded = ?1 ORDER BY id LIMIT 1"),
	STATEMENT(find_name, "SELECT channel FROM name WHERE folded = ?1 ORDER BY channel LIMIT 1"),
	/* A short event may stand within a long one. */
	STATEMENT(now,
		"SELECT " EVENT "WHERE channel = ?1 AND start <= ?2 ORDER BY start DESC LIMIT 4"),
	STATEMENT(next, "SELECT " EVENT "WHERE channel = ?1 AND start > ?2 ORDER BY start LIMIT 2"),
	STATEMENT(put_channel,
		"INSERT INTO channel (guide_id, folded, icon, generation) "
		"VALUES (?1, ?2, ?3, 0) ON CONFLICT (guide_id) DO UPDATE SET icon = "
		"CASE excluded.icon WHEN '' THEN icon ELSE excluded.icon END RETURNING id"),
	STATEMENT(claim_channel,
		"UPDATE channel SET generation = ?2 WHERE id = ?1 AND generation <> ?2"),
	STATEMENT(delete_events, "DELETE FROM event WHERE channel = ?1"),
	STATEMENT(delete_names, "DELETE FROM name WHERE channel = ?1"),
	STATEMENT(put_name, "INSERT OR IGNORE INTO name VALUES (?1, ?2)"),
	STATEMENT(put_event, "INSERT OR REPLACE INTO event (channel, start, stop, title, subtitle, "
			     "description, category, episode, rating) "
			     "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"),
	/* ?2 to ?3; ?4: as long as an event may last. */
	WRITING(overlaps, "SELECT 1 FROM event WHERE channel = ?1 AND streamed = 0 AND start < ?3 "
			  "AND coalesce(stop, start + ?4) > ?2 LIMIT 1"),
	WRITING(delete_streamed,
		"DELETE FROM event WHERE channel = ?1 AND streamed = 1 AND start < ?3 "
		"AND coalesce(stop, start + ?4) > ?2"),
	WRITING(put_streamed,
		"INSERT OR REPLACE INTO event (channel, start, stop, title, subtitle, "
		"description, category, episode, rating, streamed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
		"?7, ?8, ?9, 1)"),
	WRITING(delete_past_streamed,
		"DELETE FROM event WHERE channel = ?1 AND streamed = 1 AND stop <= ?2"),
	STATEMENT(delete_past, "DELETE FROM event WHERE coalesce(stop, start + ?2) <= ?1"),
	STATEMENT(delete_empty, "DELETE FROM channel WHERE NOT EXISTS "
				"(SELECT 1 FROM event WHERE event.channel = channel.id)"),
#undef EVENT
#undef WRITING
#undef STATEMENT
};

static sqlite3_stmt **statement_at(struct guide *guide, size_t index)
{
	return (sqlite3_stmt **)((char *)&guide->statements + statements[index].offset);
}

static int prepare_all(struct guide *guide)
{
	for (size_t i = 0; i < G_N_ELEMENTS(statements); i++)
		if ((guide->mode == GUIDE_WRITE || !statements[i].writes) &&
			sqlite3_prepare_v3(guide->db, statements[i].sql, -1,
				SQLITE_PREPARE_PERSISTENT, statement_at(guide, i), NULL))
			return database_error(guide->db);
	return 0;
}

/* The cache is what an import of any size takes. */
static int open_db(struct guide *guide, const char *path)
{
	int flags = SQLITE_OPEN_READWRITE;
	if (guide->mode == GUIDE_WRITE)
		flags |= SQLITE_OPEN_CREATE;
	if (sqlite3_open_v2(path, &guide->db, flags, NULL))
		return database_error(guide->db);
	sqlite3_busy_timeout(guide->db, guide->patience_ms);
	return database_exec(
		guide->db, guide->mode == GUIDE_WRITE
				   ? "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON;"
				     "PRAGMA cache_size = -16384; PRAGMA synchronous = NORMAL"
				   : "PRAGMA trusted_schema = OFF; PRAGMA query_only = ON");
}

/* Whether the file is a guide that can be read, or (in write mode) still empty. */
static int check_header(struct guide *guide, struct database_header *ret)
{
	int result = database_read_header(guide->db, ret);
	if (result)
		return result;
	if (ret->empty)
		return guide->mode == GUIDE_WRITE ? 0 : -ENOENT;
	if (ret->application_id != GUIDE_APPLICATION_ID)
		return -EILSEQ;
	return ret->version > GUIDE_VERSION ? -EPROTONOSUPPORT : 0;
}

/* Within a transaction: another process may make the same file. */
static int make_schema(struct guide *guide)
{
	struct database_header header;
	int result = database_exec(guide->db, "PRAGMA journal_mode = WAL; BEGIN IMMEDIATE");
	if (result)
		return result;
	result = check_header(guide, &header);
	if (!result && header.empty)
		result = database_exec(guide->db, schema);
	else if (!result && header.version < 2)
		result = database_exec(guide->db, schema_2);
	if (!result)
		return database_exec(guide->db, "COMMIT");
	sqlite3_exec(guide->db, "ROLLBACK", NULL, NULL, NULL);
	return result;
}

static int open_to_read(struct guide *guide, const char *path, struct database_header *ret)
{
	int result = open_db(guide, path);
	if (!result)
		result = check_header(guide, ret);
	if (!result)
		return 0;
	int again = database_read_as_it_is(&guide->db, path, result);
	return again ? again : check_header(guide, ret);
}

static int open_to_write(struct guide *guide, const char *path, struct database_header *ret)
{
	int result = open_db(guide, path);
	if (!result)
		result = check_header(guide, ret);
	if (!result && (ret->empty || ret->version < GUIDE_VERSION))
		result = make_schema(guide);
	return result;
}

static int open_and_check(void *file, const char *path)
{
	struct guide *guide = file;
	struct database_header header;
	bool writes = guide->mode == GUIDE_WRITE;
	int result = database_check_path(path, writes);
	if (!result)
		result = (writes ? open_to_write : open_to_read)(guide, path, &header);
	return result ? result : prepare_all(guide);
}

static void close_db(void *file)
{
	struct guide *guide = file;
	for (size_t i = 0; i < G_N_ELEMENTS(statements); i++) {
		sqlite3_finalize(*statement_at(guide, i));
		*statement_at(guide, i) = NULL;
	}
	sqlite3_close(guide->db);
	guide->db = NULL;
}

static char *explain(const char *path, int error, int patience_ms)
{
	switch (error) {
	case -ENOENT:
		return g_strdup_printf("There is no guide in %s yet; 'zapper import' makes one "
				       "from a guide in XMLTV.",
			path);
	case -EILSEQ:
		return g_strdup_printf(
			"%s is not a guide or is damaged; it was left as it is. Without that file "
			"the next import makes a new one.",
			path);
	case -EPROTONOSUPPORT:
		return g_strdup_printf(
			"%s was written by a newer zapper; it was left as it is.", path);
	case -EBUSY:
		return g_strdup_printf(
			"%s has been in use by another program for %g s.", path, patience_ms / 1e3);
	default:
		return g_strdup_printf("%s cannot be opened: %s.", path, g_strerror(-error));
	}
}

char *guide_path_beside(const char *lineup_path)
{
	char *folder = g_path_get_dirname(lineup_path);
	char *path = g_build_filename(folder, "guide.db", NULL);
	g_free(folder);
	return path;
}

int guide_open(const char *path, enum guide_mode mode, struct guide **ret, char **ret_why)
{
	return guide_open_within(path, mode, DATABASE_PATIENCE_MS, ret, ret_why);
}

int guide_open_within(
	const char *path, enum guide_mode mode, int patience_ms, struct guide **ret, char **ret_why)
{
	struct guide *guide = g_new0(struct guide, 1);
	guide->mode = mode;
	guide->patience_ms = patience_ms;
	guide->path = g_strdup(path);
	guide->texts = g_string_chunk_new(1024);
	guide->channels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	int result = database_open_within(open_and_check, close_db, guide, path, patience_ms);
	guide->file = database_file_at(path);
	if (result) {
		guide_close(guide);
		*ret_why = explain(path, result, patience_ms);
		return result;
	}
	*ret = guide;
	return 0;
}

bool guide_is_current(const struct guide *guide)
{
	return database_file_at(guide->path) == guide->file;
}

void guide_set_patience(struct guide *guide, int patience_ms)
{
	sqlite3_busy_timeout(guide->db, patience_ms);
}

void guide_close(struct guide *guide)
{
	if (!guide)
		return;
	database_leave(guide->db, guide->path, guide->file);
	close_db(guide);
	g_hash_table_unref(guide->channels);
	g_string_chunk_free(guide->texts);
	g_free(guide->path);
	g_free(guide);
}
