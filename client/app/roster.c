#include "client/app/roster.h"

#include <glib.h>

#include "client/app/members.h"

struct roster {
	struct ui_lineup lineup;
	struct ui_channel *channels;
	struct ui_bouquet *bouquets;
	GArray **members;   /* of uint32_t, by bouquet */
	GArray *favourites; /* of uint32_t */
	GStringChunk *numbers;
};

static uint32_t flags_of(const struct channel *channel, const struct roster_options *options)
{
	uint32_t flags = channel->kind == CHANNEL_RADIO ? UI_CHANNEL_RADIO : 0;
	if (!options->has_viewer)
		return flags;
	if (channel->locked)
		flags |= UI_CHANNEL_LOCKED;
	return members_can_have(channel) ? flags : flags | UI_CHANNEL_UNPLAYABLE;
}

static void describe(struct roster *roster, const struct channel_list *list,
	const struct roster_options *options)
{
	char number[CHANNEL_NUMBER_BYTES];
	for (size_t i = 0; i < list->count; i++) {
		const struct channel *channel = &list->channels[i];
		uint32_t index = (uint32_t)i;
		roster->channels[i] = (struct ui_channel){
			.number = g_string_chunk_insert(
				roster->numbers, channel_number_format(channel, number)),
			.name = channel->name,
			.flags = flags_of(channel, options),
			.logo = options->logo ? options->logo(options->ctx, channel->logo) : 0};
		if (channel->favourite)
			g_array_append_val(roster->favourites, index);
	}
}

static size_t count_bouquets(const struct channel_list *list)
{
	return list->bouquets ? g_strv_length((char **)list->bouquets) : 0;
}

/* By name: the index + 1. */
static GHashTable *index_bouquets(const struct channel_list *list, size_t count)
{
	GHashTable *indexes = g_hash_table_new(g_str_hash, g_str_equal);
	for (size_t i = 0; i < count; i++)
		g_hash_table_insert(
			indexes, (gpointer)list->bouquets[i], GINT_TO_POINTER((int)i + 1));
	return indexes;
}

static void fill_bouquets(struct roster *roster, const struct channel_list *list, size_t count)
{
	GHashTable *indexes = index_bouquets(list, count);
	for (uint32_t i = 0; i < list->count; i++) {
		const char *const *name = list->channels[i].bouquets;
		for (; name && *name; name++) {
			int at = GPOINTER_TO_INT(g_hash_table_lookup(indexes, *name));
			if (at)
				g_array_append_val(roster->members[at - 1], i);
		}
	}
	g_hash_table_unref(indexes);
	for (size_t i = 0; i < count; i++)
		roster->bouquets[i] = (struct ui_bouquet){.name = list->bouquets[i],
			.channels = (const uint32_t *)(const void *)roster->members[i]->data,
			.count = roster->members[i]->len};
}

struct roster *roster_new(const struct channel_list *list, const struct roster_options *options)
{
	struct roster *roster = g_new0(struct roster, 1);
	size_t count = count_bouquets(list);
	roster->channels = g_new0(struct ui_channel, list->count);
	roster->bouquets = g_new0(struct ui_bouquet, count);
	roster->members = g_new0(GArray *, count);
	for (size_t i = 0; i < count; i++)
		roster->members[i] = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	roster->favourites = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	roster->numbers = g_string_chunk_new(4096);
	describe(roster, list, options);
	fill_bouquets(roster, list, count);
	roster->lineup = (struct ui_lineup){.channels = roster->channels,
		.count = list->count,
		.bouquets = roster->bouquets,
		.bouquet_count = count,
		.favourites = (const uint32_t *)(const void *)roster->favourites->data,
		.favourite_count = roster->favourites->len};
	return roster;
}

void roster_free(struct roster *roster)
{
	if (!roster)
		return;
	for (size_t i = 0; i < roster->lineup.bouquet_count; i++)
		g_array_unref(roster->members[i]);
	g_array_unref(roster->favourites);
	g_string_chunk_free(roster->numbers);
	g_free(roster->members);
	g_free(roster->bouquets);
	g_free(roster->channels);
	g_free(roster);
}

const struct ui_lineup *roster_lineup(const struct roster *roster)
{
	return &roster->lineup;
}
