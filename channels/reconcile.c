#include "channels/reconcile.h"

#include <string.h>

#include "channels/difference.h"
#include "channels/numbering.h"

/* Channels that share a key are told apart by the next key. */
static const struct channel ambiguous;

/* What a channel is recognised by, or NULL where it has none. Freed with g_free(). */
typedef char *(*key_fn)(const struct channel *channel);

static char *name_key(const struct channel *channel)
{
	return g_strdup(channel->name);
}

static char *guide_key(const struct channel *channel)
{
	const char *key = *channel->guide_id ? channel->guide_id : channel->guide_name;
	return *key ? g_strdup(key) : NULL;
}

static char *address_key(const struct channel *channel)
{
	char uri[CHANNEL_ADDRESS_BYTES];
	return g_strdup_printf("%s %u", channel_address_format(&channel->sources[0].address, uri),
		channel->sources[0].address.programme);
}

/* `matched` holds the channels of the line-up that a draft was found for. */
static void index_channel(
	GHashTable *index, key_fn key_of, const struct channel *channel, const void *value)
{
	char *key = key_of(channel);
	if (!key)
		return;
	if (g_hash_table_contains(index, key))
		value = &ambiguous;
	g_hash_table_replace(index, key, (gpointer)value);
}

static GHashTable *create_index(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static void match_by(
	const GPtrArray *drafts, const struct channel_list *old, GHashTable *matched, key_fn key_of)
{
	GHashTable *old_index = create_index(), *draft_index = create_index();
	for (size_t i = 0; i < old->count; i++)
		if (!g_hash_table_contains(matched, &old->channels[i]))
			index_channel(old_index, key_of, &old->channels[i], &old->channels[i]);
	for (guint i = 0; i < drafts->len; i++) {
		struct draft *draft = drafts->pdata[i];
		if (!draft->old)
			index_channel(draft_index, key_of, &draft->channel, draft);
	}

	GHashTableIter iter;
	gpointer key, value;
	g_hash_table_iter_init(&iter, draft_index);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		const struct channel *channel = g_hash_table_lookup(old_index, key);
		if (!channel || channel == &ambiguous || value == &ambiguous)
			continue;
		struct draft *draft = value;
		draft->old = channel;
		draft->channel.id = channel->id;
		draft->channel.favourite = channel->favourite;
		draft->channel.locked = channel->locked;
		g_hash_table_add(matched, (gpointer)channel);
	}
	g_hash_table_unref(old_index);
	g_hash_table_unref(draft_index);
}

/* First those of the line-up, with what the list says of them, then the list's. */
static void merge_sources(struct draft_list *list, const struct draft *draft, struct draft *merged,
	const struct draft_origin *origin)
{
	const struct channel *old = draft->old;
	for (size_t i = 0; i < old->source_count; i++) {
		struct channel_source source = old->sources[i];
		const struct channel_source *said = channel_find_source(&draft->channel, &source);
		if (said) {
			source = *said;
			channel_source_complete(&source, &old->sources[i]);
		}
		draft_add_source(list, merged, &source, origin);
	}
	for (size_t i = 0; i < draft->channel.source_count; i++)
		draft_add_source(list, merged, &draft->channel.sources[i], origin);
}

static void merge_details(struct channel *channel, const struct channel *old)
{
	if (!*channel->language)
		channel->language = old->language;
	if (!*channel->guide_id)
		channel->guide_id = old->guide_id;
	if (!*channel->guide_name)
		channel->guide_name = old->guide_name;
	if (!*channel->logo)
		channel->logo = old->logo;
	if (old->kind == CHANNEL_RADIO)
		channel->kind = CHANNEL_RADIO;
}

/* Puts the draft behind what the line-up has of the channel. */
static void merge_draft(
	struct draft_list *list, struct draft *draft, const struct channel_report *report)
{
	const struct draft_origin origin = {draft->file, draft->line, report};
	struct draft merged = {
		.channel = {.name = draft->channel.name, .bouquets = g_new0(const char *, 1)}};
	merge_sources(list, draft, &merged, &origin);
	draft_add_bouquets(list, &merged, draft->old->bouquets, &origin);
	draft_add_bouquets(list, &merged, draft->channel.bouquets, &origin);
	g_free((gpointer)draft->channel.sources);
	g_free((gpointer)draft->channel.bouquets);
	draft->channel.sources = merged.channel.sources;
	draft->channel.source_count = merged.channel.source_count;
	draft->channel.bouquets = merged.channel.bouquets;
	merge_details(&draft->channel, draft->old);
}

static void match_all(const GPtrArray *drafts, const struct channel_list *old,
	enum import_mode mode, GHashTable *matched)
{
	match_by(drafts, old, matched, name_key);
	if (mode == IMPORT_REPLACE) {
		match_by(drafts, old, matched, guide_key);
		match_by(drafts, old, matched, address_key);
	}
}

static GPtrArray *unmatched(const struct channel_list *old, GHashTable *matched)
{
	GPtrArray *channels = g_ptr_array_new();
	for (size_t i = 0; i < old->count; i++)
		if (!g_hash_table_contains(matched, &old->channels[i]))
			g_ptr_array_add(channels, (gpointer)&old->channels[i]);
	return channels;
}

static void count_changes(const GPtrArray *drafts, struct reconciled *ret)
{
	for (guint i = 0; i < drafts->len; i++) {
		const struct draft *draft = drafts->pdata[i];
		enum import_change change = difference_between(draft->old, &draft->channel);
		if (change == IMPORT_ADDED)
			ret->added++;
		else
			ret->changed += change != IMPORT_SAME;
	}
}

void reconcile(struct draft_list *drafts, const struct channel_list *old, enum import_mode mode,
	const struct channel_report *report, struct reconciled *ret)
{
	GHashTable *matched = g_hash_table_new(NULL, NULL);
	*ret = (struct reconciled){0};
	match_all(drafts->drafts, old, mode, matched);
	for (guint i = 0; mode == IMPORT_MERGE && i < drafts->drafts->len; i++) {
		struct draft *draft = drafts->drafts->pdata[i];
		if (draft->old)
			merge_draft(drafts, draft, report);
	}
	ret->removed = mode == IMPORT_REPLACE ? unmatched(old, matched) : g_ptr_array_new();
	ret->renumbered = number_drafts(drafts->drafts, old, mode, report);
	count_changes(drafts->drafts, ret);
	g_hash_table_unref(matched);
}
