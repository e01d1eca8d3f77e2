/* channels/table: the line-up for people, in columns. Pure. */
#pragma once

#include <glib.h>

#include "channels/lineup.h"

/*
 * Appends a line per channel: number, name, bouquets, address. Columns are aligned as a terminal
 * shows them (wide and combining characters); long names are cut.
 */
void channel_table_write(const struct channel_list *list, GString *out);
