/* app/channel_ids: where in a line-up a row id is. Pure. */
#pragma once

#include <glib.h>

#include "channels/lineup.h"

/* Lives no longer than the list. Freed with g_hash_table_unref(). */
GHashTable *channel_ids_new(const struct channel_list *list);
/* The channel's index, or -1. */
int channel_ids_find(GHashTable *ids, int64_t id);
