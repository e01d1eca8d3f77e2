#include "client/cmd_play_history.h"

#include <glib.h>

#include "channels/viewer.h"

struct search {
	GHashTable *indexes; /* a channel's id -> its index; of those that were not found yet */
	int32_t *found;
	size_t count, max;
};

static void on_watched(void *ctx, int64_t channel, int64_t at_utc_s)
{
	struct search *search = ctx;
	gpointer index;
	(void)at_utc_s;
	if (search->count == search->max ||
		!g_hash_table_lookup_extended(search->indexes, &channel, NULL, &index))
		return;
	search->found[search->count++] = GPOINTER_TO_INT(index);
	g_hash_table_remove(search->indexes, &channel);
}

size_t last_watched(
	struct lineup *lineup, const struct channel_list *channels, int32_t *ret, size_t max)
{
	struct search search = {
		.indexes = g_hash_table_new(g_int64_hash, g_int64_equal), .found = ret, .max = max};
	for (size_t i = 0; i < channels->count; i++)
		g_hash_table_insert(search.indexes, (gpointer)&channels->channels[i].id,
			GINT_TO_POINTER((int)i));
	lineup_each_history(lineup, VIEWER_HISTORY, on_watched, &search);
	g_hash_table_unref(search.indexes);
	return search.count;
}
