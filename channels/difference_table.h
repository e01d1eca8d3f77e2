/* channels/difference_table: what an import does to the line-up, for people, in columns. Pure. */
#pragma once

#include <glib.h>

#include "channels/import.h"

/* Appends a line per channel that is not what it was; nothing where there is none. */
void difference_table_write(const struct import *import, GString *out);
