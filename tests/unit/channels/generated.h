/* tests/unit/channels/generated: line-ups by chance, the same ones for a seed. */
#pragma once

#include <glib.h>

#include "channels/lineup.h"

enum texts {
	TEXTS_CLEAN, /* as a line-up has them: all scripts, and what formats use as separators */
	TEXTS_DIRTY, /* and line feeds, escapes and other control characters */
};

struct generated {
	struct channel_list list;
	GArray *channels;
	GPtrArray *arrays; /* of sources and bouquets */
	GStringChunk *strings;
};

/* `count` channels with different names and ascending numbers. Freed with generated_free(). */
struct generated *generated_lineup(guint32 seed, guint count, enum texts texts);
void generated_free(struct generated *generated);
