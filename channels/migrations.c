#include "channels/database.h"

/*
 * From version N to N + 1, in order; what is here is never changed, only added to. Row ids of
 * channels are not reused (AUTOINCREMENT): what a viewer made of a channel must not pass on to
 * another one.
 */
static const char *const migrations[] = {
	"PRAGMA application_id = 2053206128;"
	"CREATE TABLE channel ("
	"	id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"	number INTEGER NOT NULL CHECK (number > 0),"
	"	subnumber INTEGER NOT NULL CHECK (subnumber >= 0),"
	"	name TEXT NOT NULL CHECK (name <> ''),"
	"	kind TEXT NOT NULL CHECK (kind IN ('tv', 'radio')),"
	"	guide_id TEXT NOT NULL,"
	"	logo TEXT NOT NULL,"
	"	UNIQUE (number, subnumber)"
	") STRICT;"
	/* preference: 0 is tuned first; source_address: NULL where any source will do */
	"CREATE TABLE source ("
	"	channel INTEGER NOT NULL REFERENCES channel (id) ON DELETE CASCADE,"
	"	preference INTEGER NOT NULL CHECK (preference >= 0),"
	"	transport TEXT NOT NULL CHECK (transport IN ('rtp', 'udp')),"
	"	group_address TEXT NOT NULL,"
	"	source_address TEXT,"
	"	port INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),"
	"	PRIMARY KEY (channel, preference)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE bouquet ("
	"	id INTEGER PRIMARY KEY,"
	"	position INTEGER NOT NULL,"
	"	name TEXT NOT NULL UNIQUE CHECK (name <> '')"
	") STRICT;"
	"CREATE TABLE bouquet_member ("
	"	bouquet INTEGER NOT NULL REFERENCES bouquet (id) ON DELETE CASCADE,"
	"	position INTEGER NOT NULL,"
	"	channel INTEGER NOT NULL REFERENCES channel (id) ON DELETE CASCADE,"
	"	PRIMARY KEY (bouquet, position),"
	"	UNIQUE (channel, bouquet)"
	") STRICT, WITHOUT ROWID;",

	/* What play remembers. psi: sections of PAT and PMT; a slack is NULL where none is known.
	 */
	"CREATE TABLE channel_memory ("
	"	channel INTEGER PRIMARY KEY REFERENCES channel (id) ON DELETE CASCADE,"
	"	psi BLOB NOT NULL,"
	"	video_pid INTEGER NOT NULL,"
	"	audio_pid INTEGER NOT NULL,"
	"	pcr_pid INTEGER NOT NULL,"
	"	video_codec TEXT NOT NULL,"
	"	audio_codec TEXT NOT NULL,"
	"	gop_ns INTEGER NOT NULL,"
	"	rap_bytes INTEGER NOT NULL,"
	"	video_slack_ns INTEGER,"
	"	audio_slack_ns INTEGER,"
	"	line_bps INTEGER NOT NULL"
	") STRICT;"
	"CREATE TABLE viewer_step ("
	"	from_channel INTEGER NOT NULL REFERENCES channel (id) ON DELETE CASCADE,"
	"	to_channel INTEGER NOT NULL REFERENCES channel (id) ON DELETE CASCADE,"
	"	action TEXT NOT NULL CHECK (action IN ('up', 'down', 'last', 'number', 'list')),"
	"	weight REAL NOT NULL CHECK (weight > 0),"
	"	PRIMARY KEY (from_channel, to_channel, action)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX viewer_step_to ON viewer_step (to_channel);",

	/* programme: 0 where the list does not say which of a stream with several. */
	("ALTER TABLE source ADD COLUMN programme INTEGER NOT NULL DEFAULT 0"
	 "	CHECK (programme BETWEEN 0 AND 65535);"),

	("CREATE TABLE viewer_mood ("
	 "	context TEXT NOT NULL"
	 "		CHECK (context IN ('up', 'down', 'last', 'choice', 'watching')),"
	 "	action TEXT NOT NULL CHECK (action IN ('up', 'down', 'last', 'number', 'list')),"
	 "	weight REAL NOT NULL CHECK (weight > 0),"
	 "	PRIMARY KEY (context, action)"
	 ") STRICT, WITHOUT ROWID;"),

	/* video_sets: the video's parameter sets with start codes, empty where none are known. */
	"ALTER TABLE channel_memory ADD COLUMN video_sets BLOB NOT NULL DEFAULT x'';",

	/* What a list says of a source beside its address, "" where it says nothing. fec, fcc and
	 * retransmission are "A:P", or "P" on the stream's own group. Of history, the newest row is
	 * the one with the highest id. */
	"ALTER TABLE channel ADD COLUMN language TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE source ADD COLUMN iface TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE source ADD COLUMN fec TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE source ADD COLUMN fcc TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE source ADD COLUMN fcc_type TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE source ADD COLUMN retransmission TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE source ADD COLUMN http TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE source ADD COLUMN label TEXT NOT NULL DEFAULT '';"
	"CREATE TABLE favourite ("
	"	channel INTEGER PRIMARY KEY REFERENCES channel (id) ON DELETE CASCADE"
	") STRICT;"
	"CREATE TABLE lock ("
	"	channel INTEGER PRIMARY KEY REFERENCES channel (id) ON DELETE CASCADE"
	") STRICT;"
	"CREATE TABLE history ("
	"	id INTEGER PRIMARY KEY,"
	"	channel INTEGER NOT NULL REFERENCES channel (id) ON DELETE CASCADE,"
	"	at_utc_s INTEGER NOT NULL"
	") STRICT;"
	"CREATE INDEX history_channel ON history (channel);",

	/* guide_name: what guides call the channel, "" where the list does not say. box: what the
	 * viewer's box keeps, by name. */
	"ALTER TABLE channel ADD COLUMN guide_name TEXT NOT NULL DEFAULT '';"
	"CREATE TABLE box ("
	"	name TEXT PRIMARY KEY,"
	"	value TEXT NOT NULL"
	") STRICT, WITHOUT ROWID;",
};

int migrations_version(void)
{
	return G_N_ELEMENTS(migrations);
}

static int migrate_to(sqlite3 *db, int version)
{
	int result = database_exec(db, migrations[version - 1]);
	if (result)
		return result;
	char *sql = g_strdup_printf("PRAGMA user_version = %d", version);
	result = database_exec(db, sql);
	g_free(sql);
	return result;
}

/* Another process may migrate at the same time: the version counts once the lock is held. */
static int migrate_once(sqlite3 *db, bool *ret_done)
{
	int version;
	int result = database_exec(db, "BEGIN IMMEDIATE");
	if (result)
		return result;
	result = database_get_int(db, "PRAGMA user_version", &version);
	*ret_done = version >= migrations_version();
	if (!result && !*ret_done)
		result = migrate_to(db, version + 1);
	if (!result)
		result = database_exec(db, "COMMIT");
	if (result)
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return result;
}

/* What is up to date already does not wait for those who write. */
int migrations_run(sqlite3 *db)
{
	int version;
	int result = database_get_int(db, "PRAGMA user_version", &version);
	bool done = !result && version >= migrations_version();
	while (!result && !done)
		result = migrate_once(db, &done);
	return result;
}
