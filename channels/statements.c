#include "channels/database.h"

#include <limits.h>

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
	STATEMENT(data_version, "PRAGMA data_version"),
	BETWEEN(1, 5, channels,
		"SELECT id, number, subnumber, name, kind, guide_id, logo, '', 0, 0, '' "
		"FROM channel ORDER BY number, subnumber"),
#define CHANNELS(column)                                                                           \
	"SELECT id, number, subnumber, name, kind, guide_id, logo, language, "                     \
	"favourite.channel IS NOT NULL, lock.channel IS NOT NULL, " column " "                     \
	"FROM channel LEFT JOIN favourite ON favourite.channel = id "                              \
	"LEFT JOIN lock ON lock.channel = id ORDER BY number, subnumber"
	BETWEEN(6, 6, channels, CHANNELS("''")),
	SINCE(7, channels, CHANNELS("guide_name")),
#define SOURCES(columns)                                                                           \
	"SELECT channel, transport, group_address, source_address, port, " columns " "             \
	"FROM channel JOIN source ON channel = id ORDER BY number, subnumber, preference"
	BETWEEN(1, 2, sources, SOURCES("0, '', '', '', '', '', '', ''")),
	BETWEEN(3, 5, sources, SOURCES("programme, '', '', '', '', '', '', ''")),
	SINCE(6, sources,
		SOURCES("programme, iface, fec, fcc, fcc_type, retransmission, http, label")),
	STATEMENT(bouquets, "SELECT name FROM bouquet ORDER BY position, id"),
	STATEMENT(bouquets_of,
		"SELECT m.channel, b.name FROM channel c JOIN bouquet_member m ON m.channel = c.id "
		"JOIN bouquet b ON b.id = m.bouquet ORDER BY c.number, c.subnumber, b.position, "
		"b.id"),
	STATEMENT(members,
		"SELECT b.name, m.channel FROM bouquet b JOIN bouquet_member m ON m.bouquet = b.id "
		"ORDER BY b.position, b.id, m.position"),
	SINCE(7, insert_channel,
		"INSERT INTO channel (number, subnumber, name, kind, guide_id, logo, language, "
		"guide_name) VALUES (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"),
	SINCE(7, update_channel,
		"UPDATE channel SET number = ?2, subnumber = ?3, name = ?4, kind = ?5, "
		"guide_id = ?6, logo = ?7, language = ?8, guide_name = ?9 WHERE id = ?1"),
	/* Above every number that may be asked for, and each its own: numbers can be swapped. */
	STATEMENT(vacate_number,
		"UPDATE channel SET number = 4294967296 + id, subnumber = 0 WHERE id = ?1"),
	STATEMENT(delete_channel, "DELETE FROM channel WHERE id = ?1"),
	SINCE(6, insert_source,
		"INSERT INTO source (channel, preference, transport, group_address, "
		"source_address, port, programme, iface, fec, fcc, fcc_type, retransmission, http, "
		"label) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"),
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
	SINCE(6, set_favourite, "INSERT OR IGNORE INTO favourite VALUES (?1)"),
	SINCE(6, unset_favourite, "DELETE FROM favourite WHERE channel = ?1"),
	SINCE(6, set_lock, "INSERT OR IGNORE INTO lock VALUES (?1)"),
	SINCE(6, unset_lock, "DELETE FROM lock WHERE channel = ?1"),
	SINCE(6, history, "SELECT channel, at_utc_s FROM history ORDER BY id DESC LIMIT ?1"),
	SINCE(6, insert_history, "INSERT INTO history (channel, at_utc_s) VALUES (?1, ?2)"),
	SINCE(6, trim_history,
		"DELETE FROM history WHERE id <= "
		"(SELECT id FROM history ORDER BY id DESC LIMIT 1 OFFSET ?1)"),
	SINCE(7, get_box, "SELECT value FROM box WHERE name = ?1"),
	SINCE(7, set_box,
		"INSERT INTO box (name, value) VALUES (?1, ?2) "
		"ON CONFLICT (name) DO UPDATE SET value = excluded.value"),
#undef CHANNELS
#undef SOURCES
#undef STATEMENT
#undef SINCE
#undef BETWEEN
};

static sqlite3_stmt **statement_at(struct lineup *lineup, size_t index)
{
	return (sqlite3_stmt **)((char *)&lineup->statements + statements[index].offset);
}

int statements_prepare(struct lineup *lineup)
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

void statements_finalize(struct lineup *lineup)
{
	for (size_t i = 0; i < G_N_ELEMENTS(statements); i++) {
		sqlite3_finalize(*statement_at(lineup, i));
		*statement_at(lineup, i) = NULL;
	}
}
