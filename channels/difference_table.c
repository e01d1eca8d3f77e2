#include "channels/difference_table.h"

#include "channels/cells.h"

static const char *const names[] = {
	[IMPORT_SAME] = "same",
	[IMPORT_ADDED] = "added",
	[IMPORT_CHANGED] = "changed",
	[IMPORT_RENUMBERED] = "renumbered",
	[IMPORT_REMOVED] = "removed",
};

static const struct cells_column columns[] = {
	{.heading = "Change", .whole = true},
	{.heading = "No.", .align = CELLS_POINT, .whole = true},
	{.heading = "Name"},
	{.heading = "What"},
};

struct rows {
	struct cells *cells;
	size_t count;
};

/* Of a channel that comes or goes, where it is. */
static void add_row(void *ctx, const struct import_difference *difference)
{
	struct rows *rows = ctx;
	const struct channel *channel = difference->after ? difference->after : difference->before;
	char number[CHANNEL_NUMBER_BYTES], uri[CHANNEL_ADDRESS_BYTES];
	const char *const texts[] = {names[difference->change],
		channel_number_format(channel, number), channel->name,
		*difference->what ? difference->what
				  : channel_address_format(&channel->sources[0].address, uri)};
	cells_add(rows->cells, texts);
	rows->count++;
}

void difference_table_write(const struct import *import, size_t terminal, GString *out)
{
	struct rows rows = {.cells = cells_create(columns, G_N_ELEMENTS(columns))};
	import_each_change(import, add_row, &rows);
	if (rows.count)
		cells_write(rows.cells, terminal, out);
	cells_destroy(rows.cells);
}
