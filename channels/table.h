/* channels/table: the line-up for people, in columns. Pure. */
#pragma once

#include <glib.h>

#include "channels/lineup.h"

/*
 * Appends a line per channel, as channels/cells.h aligns them; `terminal` is as there. `columns`
 * (of enum channel_column, without those of CSV only) or NULL: number, name, bouquets, address.
 * What is said of a source is said of the preferred one.
 */
void channel_table_write(
	const struct channel_list *list, const GArray *columns, size_t terminal, GString *out);
