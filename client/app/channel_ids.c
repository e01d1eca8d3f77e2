#include "client/app/channel_ids.h"

GHashTable *channel_ids_new(const struct channel_list *list)
{
	GHashTable *ids = g_hash_table_new(g_int64_hash, g_int64_equal);
	for (size_t i = 0; i < list->count; i++)
		g_hash_table_insert(
			ids, (gpointer)&list->channels[i].id, GINT_TO_POINTER((int)i + 1));
	return ids;
}

int channel_ids_find(GHashTable *ids, int64_t id)
{
	return GPOINTER_TO_INT(g_hash_table_lookup(ids, &id)) - 1;
}
