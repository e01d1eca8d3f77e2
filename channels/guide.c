#include "channels/guide.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static int check_path(const char *path, enum guide_mode mode)
{
	struct stat status;
	if (stat(path, &status))
		return errno == ENOENT && mode == GUIDE_WRITE ? 0 : -errno;
	if (!S_ISREG(status.st_mode))
		return S_ISDIR(status.st_mode) ? -EISDIR : -EILSEQ;
	return access(path, mode == GUIDE_WRITE ? R_OK | W_OK : R_OK) ? -errno : 0;
}

/* The cache is what an import of any size takes. */
static int open_db(struct guide *guide, const char *path)
{
	int flags = SQLITE_OPEN_READWRITE;
	if (guide->mode == GUIDE_WRITE)
		flags |= SQLITE_OPEN_CREATE;
	if (sqlite3_open_v2(path, &guide->db, flags, NULL))
		return database_error(guide->db);
	sqlite3_busy_timeout(guide->db, DATABASE_PATIENCE_MS);
	return database_exec(
		guide->db, guide->mode == GUIDE_WRITE
				   ? "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON;"
				     "PRAGMA cache_size = -16384; PRAGMA synchronous = NORMAL"
				   : "PRAGMA trusted_schema = OFF; PRAGMA query_only = ON");
}

static int read_header(struct guide *guide, int *ret_version, bool *ret_empty)
{
	int id, tables;
	int result = database_get_int(guide->db, "PRAGMA application_id", &id);
	if (!result)
		result = database_get_int(guide->db, "PRAGMA user_version", ret_version);
	if (!result)
		result = database_get_int(guide->db, "SELECT count(*) FROM sqlite_schema", &tables);
	if (result)
		return result;
	*ret_empty = !id && !*ret_version && !tables;
	return *ret_empty || id == GUIDE_APPLICATION_ID ? 0 : -EILSEQ;
}

/* As of one moment: another process may be about to make the file. */
static int check_header(struct guide *guide, int *ret_version, bool *ret_empty)
{
	int result = database_exec(guide->db, "BEGIN");
	if (result)
		return result;
	result = read_header(guide, ret_version, ret_empty);
	int ended = database_exec(guide->db, "COMMIT");
	return result ? result : ended;
}

/* Within a transaction: another process may make the same file. */
static int make_schema(struct guide *guide)
{
	int version;
	bool empty;
	int result = database_exec(guide->db, "PRAGMA journal_mode = WAL; BEGIN IMMEDIATE");
	if (result)
		return result;
	result = read_header(guide, &version, &empty);
	if (!result && empty)
		result = database_exec(guide->db, schema);
	else if (!result && version < 2)
		result = database_exec(guide->db, schema_2);
	if (!result)
		return database_exec(guide->db, "COMMIT");
	sqlite3_exec(guide->db, "ROLLBACK", NULL, NULL, NULL);
	return result;
}

static int open_and_check(void *file, const char *path)
{
	struct guide *guide = file;
	int version;
	bool empty;
	int result = check_path(path, guide->mode);
	if (!result)
		result = open_db(guide, path);
	if (!result)
		result = check_header(guide, &version, &empty);
	if (!result && !empty && version > GUIDE_VERSION)
		result = -EPROTONOSUPPORT;
	if (!result && empty && guide->mode == GUIDE_READ)
		result = -ENOENT;
	if (!result && guide->mode == GUIDE_WRITE && (empty || version < GUIDE_VERSION))
		result = make_schema(guide);
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

static char *explain(const char *path, int error)
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
		return g_strdup_printf("%s has been in use by another program for %d s.", path,
			DATABASE_PATIENCE_MS / 1000);
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
	struct guide *guide = g_new0(struct guide, 1);
	guide->mode = mode;
	guide->texts = g_string_chunk_new(1024);
	guide->channels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	int result = database_open_patiently(open_and_check, close_db, guide, path);
	if (result) {
		guide_close(guide);
		*ret_why = explain(path, result);
		return result;
	}
	*ret = guide;
	return 0;
}

void guide_set_patience(struct guide *guide, int patience_ms)
{
	sqlite3_busy_timeout(guide->db, patience_ms);
}

void guide_close(struct guide *guide)
{
	if (!guide)
		return;
	close_db(guide);
	g_hash_table_unref(guide->channels);
	g_string_chunk_free(guide->texts);
	g_free(guide);
}
