#include "channels/difference_table.h"

static const char *const names[] = {
	[IMPORT_SAME] = "same",
	[IMPORT_ADDED] = "added",
	[IMPORT_CHANGED] = "changed",
	[IMPORT_RENUMBERED] = "renumbered",
	[IMPORT_REMOVED] = "removed",
};

static void append_row(void *ctx, const struct import_difference *difference)
{
	GString *out = ctx;
	const struct channel *channel = difference->after ? difference->after : difference->before;
	char number[CHANNEL_NUMBER_BYTES], uri[CHANNEL_ADDRESS_BYTES];
	if (!out->len)
		g_string_append_printf(out, "%-10s %8s  %s\n", "Change", "No.", "Name");
	g_string_append_printf(out, "%-10s %8s  %s", names[difference->change],
		channel_number_format(channel, number), channel->name);
	if (*difference->what)
		g_string_append_printf(out, ": %s", difference->what);
	else if (difference->change == IMPORT_ADDED)
		g_string_append_printf(
			out, ": %s", channel_address_format(&channel->sources[0].address, uri));
	g_string_append_c(out, '\n');
}

void difference_table_write(const struct import *import, GString *out)
{
	GString *rows = g_string_new(NULL);
	import_each_change(import, append_row, rows);
	g_string_append_len(out, rows->str, (gssize)rows->len);
	g_string_free(rows, TRUE);
}
