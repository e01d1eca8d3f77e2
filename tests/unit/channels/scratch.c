#include "tests/unit/channels/scratch.h"

#include <ftw.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/test.h"

int scratch_setup(void **state)
{
	struct scratch *scratch = g_new0(struct scratch, 1);
	scratch->folder = g_dir_make_tmp("zapper-test-XXXXXX", NULL);
	if (!scratch->folder)
		return -1;
	scratch->db = g_build_filename(scratch->folder, "lineup.db", NULL);
	scratch->diagnostics = g_string_new(NULL);
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
	g_free(scratch->db);
	g_string_free(scratch->diagnostics, TRUE);
	g_free(scratch);
	return result;
}

char *scratch_path(struct scratch *scratch, const char *name)
{
	char *path = g_build_filename(scratch->folder, name, NULL);
	const char *kept = g_intern_string(path);
	g_free(path);
	return (char *)kept;
}

static void note(void *user, const struct channel_diagnostic *diagnostic)
{
	struct scratch *scratch = user;
	g_string_append_printf(scratch->diagnostics, "%s:%u: %s: %s\n", diagnostic->file,
		diagnostic->line, diagnostic->error ? "error" : "warning", diagnostic->text);
}

int scratch_import(struct scratch *scratch, const char *m3u, enum import_mode mode)
{
	struct channel_report report = {.diagnostic = note, .user = scratch};
	struct import *import = import_create(&report);
	g_string_truncate(scratch->diagnostics, 0);
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
		g_free(why);
		lineup_close(lineup);
	}
	import_destroy(import);
	return result;
}

static void dump_channel(GString *out, const struct channel *channel, bool with_id)
{
	char number[CHANNEL_NUMBER_BYTES], uri[CHANNEL_ADDRESS_BYTES];
	char *bouquets = g_strjoinv(",", (char **)channel->bouquets);
	if (with_id)
		g_string_append_printf(out, "%d ", (int)channel->id);
	g_string_append_printf(out, "%s %s %s %s %s [%s]", channel_number_format(channel, number),
		channel->name, channel->kind == CHANNEL_RADIO ? "radio" : "tv",
		*channel->guide_id ? channel->guide_id : "-", *channel->logo ? channel->logo : "-",
		bouquets);
	for (size_t i = 0; i < channel->source_count; i++) {
		const struct channel_address *source = &channel->sources[i].address;
		g_string_append_printf(out, " %s", channel_address_format(source, uri));
		if (source->programme)
			g_string_append_printf(out, "#%u", source->programme);
	}
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
