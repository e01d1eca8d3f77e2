/* tests/unit/channels/written: a line-up in memory as a list, and what that comes in again as. */
#pragma once

#include "channels/draft.h"
#include "channels/parser.h"
#include "channels/writer.h"

/* Freed with g_string_free(). */
GString *written(const struct channel_writer_class *class, const struct channel_list *list,
	const GArray *columns);

/* What the parser of the same format makes of it; diagnostics are appended to `said`, a line each.
 * Freed with draft_list_destroy(). */
struct draft_list *read_again(enum channel_format format, const GString *text, GString *said);
