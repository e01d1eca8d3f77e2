#include <errno.h>
#include <string.h>

#include "channels/database.h"
#include "channels/guide_database.h"

/* Of channels whose row id is remembered; beyond, they are looked up anew. */
#define REMEMBERED 65536

int guide_bind_texts(sqlite3_stmt *statement, int first, const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (sqlite3_bind_text(statement, first + (int)i, texts[i], -1, SQLITE_STATIC))
			return database_error(sqlite3_db_handle(statement));
	return 0;
}

static int run_with(sqlite3_stmt *statement, int64_t a, int64_t b)
{
	sqlite3_bind_int64(statement, 1, a);
	if (sqlite3_bind_parameter_count(statement) > 1)
		sqlite3_bind_int64(statement, 2, b);
	return database_run(statement);
}

int guide_put_row(struct guide *guide, const char *id, const char *icon, int64_t *ret)
{
	sqlite3_stmt *statement = guide->statements.put_channel;
	char *folded = guide_fold(id);
	const char *const texts[] = {id, folded, icon};
	int result = guide_bind_texts(statement, 1, texts, G_N_ELEMENTS(texts));
	if (!result && sqlite3_step(statement) == SQLITE_ROW)
		*ret = sqlite3_column_int64(statement, 0);
	else if (!result)
		result = database_error(guide->db);
	sqlite3_reset(statement);
	g_free(folded);
	return result;
}

/* The first event of an import throws out what there was. */
static int claim_channel(struct guide *guide, int64_t channel)
{
	int result = run_with(guide->statements.claim_channel, channel, guide->generation);
	if (result || !sqlite3_changes(guide->db))
		return result;
	return run_with(guide->statements.delete_events, channel, 0);
}

static int channel_of(struct guide *guide, const char *id, int64_t *ret)
{
	const int64_t *known = g_hash_table_lookup(guide->channels, id);
	if (known) {
		*ret = *known;
		return 0;
	}
	int result = guide_put_row(guide, id, "", ret);
	if (!result)
		result = claim_channel(guide, *ret);
	if (result)
		return result;
	if (g_hash_table_size(guide->channels) == REMEMBERED)
		g_hash_table_remove_all(guide->channels);
	g_hash_table_insert(guide->channels, g_strdup(id), g_memdup2(ret, sizeof *ret));
	return 0;
}

int guide_begin(struct guide *guide)
{
	int result = database_exec(guide->db, "BEGIN IMMEDIATE");
	if (!result)
		result = database_get_int(guide->db,
			"SELECT coalesce(max(generation), 0) + 1 FROM channel", &guide->generation);
	return result;
}

int guide_put_channel(struct guide *guide, const struct xmltv_channel *channel)
{
	int64_t row;
	int result = guide_put_row(guide, channel->id, channel->icon, &row);
	if (!result)
		result = run_with(guide->statements.delete_names, row, 0);
	for (const char *const *name = channel->names; !result && *name; name++) {
		char *folded = guide_fold(*name);
		const char *const texts[] = {folded};
		sqlite3_bind_int64(guide->statements.put_name, 1, row);
		result = guide_bind_texts(guide->statements.put_name, 2, texts, 1);
		if (!result)
			result = database_run(guide->statements.put_name);
		g_free(folded);
	}
	return result;
}

int guide_put_event(struct guide *guide, const struct xmltv_event *event)
{
	sqlite3_stmt *statement = guide->statements.put_event;
	const char *const texts[] = {event->title, event->subtitle, event->description,
		event->category, event->episode, event->rating};
	int64_t channel;
	int result = channel_of(guide, event->channel, &channel);
	if (!result)
		result = guide_bind_texts(statement, 4, texts, G_N_ELEMENTS(texts));
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, channel);
	sqlite3_bind_int64(statement, 2, event->start_utc_s);
	if (event->stop_utc_s)
		sqlite3_bind_int64(statement, 3, event->stop_utc_s);
	else
		sqlite3_bind_null(statement, 3);
	return database_run(statement);
}

int guide_end(struct guide *guide, int result, int64_t keep_from_utc_s)
{
	if (!result)
		result = run_with(guide->statements.delete_past, keep_from_utc_s, GUIDE_LASTS_S);
	if (!result)
		result = database_run(guide->statements.delete_empty);
	if (!result)
		result = database_exec(guide->db, "COMMIT");
	if (result)
		sqlite3_exec(guide->db, "ROLLBACK", NULL, NULL, NULL);
	else
		/* Else the log would stay as large as the guide. Readers may hinder it: no matter.
		 */
		sqlite3_exec(guide->db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
	g_hash_table_remove_all(guide->channels);
	return result;
}
