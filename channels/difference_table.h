/* channels/difference_table: what an import does to the line-up, for people, in columns. Pure. */
#pragma once

#include <glib.h>

#include "channels/import.h"

/*
 * Appends a line per channel that is not what it was, and nothing where there is none. `terminal`
 * as in channels/cells.h.
 */
void difference_table_write(const struct import *import, size_t terminal, GString *out);
