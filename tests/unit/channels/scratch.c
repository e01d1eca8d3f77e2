#include "tests/unit/channels/scratch.h"

#include <ftw.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/test.h"

/* Another thread of the test may be about to write. */
enum { OTHERS_WRITE_MS = 10000 };

int scratch_setup(void **state)
{
	struct scratch *scratch = g_new0(struct scratch, 1);
	scratch->folder = g_dir_make_tmp("zapper-test-XXXXXX", NULL);
	if (!scratch->folder)
		return -1;
	scratch->db = scratch_path(scratch, "lineup.db");
	scratch->diagnostics = g_string_new(NULL);
	scratch->changes = g_string_new(NULL);
	*state = scratch;
	return 0;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
	(void)status;
	(void)type;
	(void)ftw;
	return remove(path);
}

int scratch_teardown(void **state)
{
	struct scratch *scratch = *state;
	int result = nftw(scratch->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	g_free(scratch->folder);
	g_string_free(scratch->diagnostics, TRUE);
	g_string_free(scratch->changes, TRUE);
	g_free(scratch);
	return result;
}

const char *scratch_path(const struct scratch *scratch, const char *name)
{
	char *path = g_build_filename(scratch->folder, name, NULL);
	const char *kept = g_intern_string(path);
	g_free(path);
	return kept;
}

static void note(void *user, const struct channel_diagnostic *diagnostic)
{
	struct scratch *scratch = user;
	g_string_append_printf(scratch->diagnostics, "%s:%u: %s: %s\n", diagnostic->file,
		diagnostic->line, diagnostic->error ? "error" : "warning", diagnostic->text);
}

static void note_change(void *ctx, const struct import_difference *difference)
{
	static const char *const words[] = {
		[IMPORT_ADDED] = "added",
		[IMPORT_CHANGED] = "changed",
		[IMPORT_RENUMBERED] = "renumbered",
		[IMPORT_REMOVED] = "removed",
	};
	struct scratch *scratch = ctx;
	const struct channel *channel = difference->before ? difference->before : difference->after;
	char number[CHANNEL_NUMBER_BYTES];
	g_string_append_printf(scratch->changes, "%s %s %s%s%s\n", words[difference->change],
		channel_number_format(channel, number), channel->name,
		*difference->what ? ": " : "", difference->what);
}

int scratch_import(struct scratch *scratch, const char *m3u, enum import_mode mode)
{
	struct channel_report report = {.diagnostic = note, .user = scratch};
	struct import *import = import_create(&report);
	g_string_truncate(scratch->diagnostics, 0);
	g_string_truncate(scratch->changes, 0);
	import_begin(import, "list", CHANNEL_FORMAT_AUTO);
	import_bytes(import, m3u, strlen(m3u));
	int result = import_end(import);
	if (!result) {
		struct lineup *lineup = NULL;
		char *why = NULL;
		result = lineup_open(scratch->db, LINEUP_WRITE, &lineup, &why);
		if (!result)
			result = import_write(import, lineup, mode, &scratch->summary);
		else
			print_error("%s\n", why);
		import_each_change(import, note_change, scratch);
		g_free(why);
		lineup_close(lineup);
	}
	import_destroy(import);
	return result;
}

void scratch_sql(struct scratch *scratch, const char *sql)
{
	sqlite3 *db;
	assert_int_equal(sqlite3_open(scratch->db, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, OTHERS_WRITE_MS);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

int scratch_get_int(struct scratch *scratch, const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *statement;
	assert_int_equal(sqlite3_open(scratch->db, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, OTHERS_WRITE_MS);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	int value = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return value;
}

void scratch_fill(GString *m3u, int count, const char *name)
{
	g_string_assign(m3u, "#EXTM3U\n");
	for (int i = 0; i < count; i++)
		g_string_append_printf(m3u,
			"#EXTINF:-1 group-title=\"G%d\",%s %d\nrtp://239.1.%d.%d:1\n", i % 5, name,
			i, i / 250, i % 250 + 1);
}

static void dump_endpoint(GString *out, const char *name, const struct channel_endpoint *endpoint)
{
	char text[CHANNEL_ENDPOINT_BYTES];
	if (endpoint->port)
		g_string_append_printf(
			out, " (%s %s)", name, channel_endpoint_format(endpoint, text));
}

static void dump_text(GString *out, const char *name, const char *text)
{
	if (*text)
		g_string_append_printf(out, " (%s %s)", name, text);
}

static void dump_source(GString *out, const struct channel_source *source)
{
	char uri[CHANNEL_ADDRESS_BYTES];
	g_string_append_printf(out, " %s", channel_address_format(&source->address, uri));
	if (source->address.programme)
		g_string_append_printf(out, "#%u", source->address.programme);
	dump_text(out, "iface", source->iface);
	dump_endpoint(out, "fec", &source->fec);
	dump_endpoint(out, "fcc", &source->fcc);
	dump_text(out, "fcc-type", source->fcc_type);
	dump_endpoint(out, "ret", &source->retransmission);
	dump_text(out, "http", source->http);
	dump_text(out, "label", source->label);
}

static void dump_channel(GString *out, const struct channel *channel, bool with_id)
{
	char number[CHANNEL_NUMBER_BYTES];
	char *bouquets = g_strjoinv(",", (char **)channel->bouquets);
	if (with_id)
		g_string_append_printf(out, "%d ", (int)channel->id);
	g_string_append_printf(out, "%s %s %s %s %s [%s]", channel_number_format(channel, number),
		channel->name, channel->kind == CHANNEL_RADIO ? "radio" : "tv",
		*channel->guide_id ? channel->guide_id : "-", *channel->logo ? channel->logo : "-",
		bouquets);
	for (size_t i = 0; i < channel->source_count; i++)
		dump_source(out, &channel->sources[i]);
	if (*channel->language)
		g_string_append_printf(out, " language=%s", channel->language);
	if (*channel->guide_name)
		g_string_append_printf(out, " guide-name=%s", channel->guide_name);
	g_string_append_printf(out, "%s%s", channel->favourite ? " favourite" : "",
		channel->locked ? " locked" : "");
	g_string_append_c(out, '\n');
	g_free(bouquets);
}

static char *dump(struct scratch *scratch, bool with_id)
{
	struct lineup *lineup = NULL;
	char *why = NULL;
	if (lineup_open(scratch->db, LINEUP_READ, &lineup, &why))
		fail_msg("%s", why);
	struct channel_list *list = NULL;
	assert_int_equal(lineup_load(lineup, &list), 0);
	GString *out = g_string_new(NULL);
	for (size_t i = 0; i < list->count; i++)
		dump_channel(out, &list->channels[i], with_id);
	channel_list_free(list);
	lineup_close(lineup);
	return g_string_free(out, FALSE);
}

char *scratch_dump(struct scratch *scratch)
{
	return dump(scratch, true);
}

char *scratch_dump_content(struct scratch *scratch)
{
	return dump(scratch, false);
}

/* Root may do everything, so these tests are somebody else for a while. */
bool scratch_become_nobody(void)
{
	return geteuid() != 0 || !seteuid(65534);
}

void scratch_become_root_again(void)
{
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
}
