#include "channels/reconcile.h"

#include <string.h>

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
	return *channel->guide_id ? g_strdup(channel->guide_id) : NULL;
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
		g_hash_table_add(matched, (gpointer)channel);
	}
	g_hash_table_unref(old_index);
	g_hash_table_unref(draft_index);
}

/* Puts the draft behind what the line-up has of the channel. */
static void merge_draft(struct draft_list *list, struct draft *draft)
{
	const struct channel *old = draft->old;
	struct draft merged = {.channel = *old};
	merged.channel.sources = NULL;
	merged.channel.source_count = 0;
	merged.channel.bouquets = NULL;
	for (size_t i = 0; i < old->source_count; i++)
		draft_add_source(list, &merged, &old->sources[i]);
	for (size_t i = 0; i < draft->channel.source_count; i++)
		draft_add_source(list, &merged, &draft->channel.sources[i]);
	for (size_t i = 0; old->bouquets[i]; i++)
		draft_add_bouquet(list, &merged, old->bouquets[i]);
	for (size_t i = 0; draft->channel.bouquets[i]; i++)
		draft_add_bouquet(list, &merged, draft->channel.bouquets[i]);

	g_free((gpointer)draft->channel.sources);
	g_free((gpointer)draft->channel.bouquets);
	draft->channel.sources = merged.channel.sources;
	draft->channel.source_count = merged.channel.source_count;
	draft->channel.bouquets =
		merged.channel.bouquets ? merged.channel.bouquets : g_new0(const char *, 1);
	if (!*draft->channel.language)
		draft->channel.language = old->language;
	if (!*draft->channel.guide_id)
		draft->channel.guide_id = old->guide_id;
	if (!*draft->channel.logo)
		draft->channel.logo = old->logo;
	if (old->kind == CHANNEL_RADIO)
		draft->channel.kind = CHANNEL_RADIO;
}

static bool same_bouquets(const struct channel *a, const struct channel *b)
{
	const char *const *x = a->bouquets, *const *y = b->bouquets;
	if (g_strv_length((char **)x) != g_strv_length((char **)y))
		return false;
	for (; *x; x++)
		if (!g_strv_contains(y, *x))
			return false;
	return true;
}

bool channel_same_details(const struct channel *a, const struct channel *b)
{
	return a->number == b->number && a->subnumber == b->subnumber && a->kind == b->kind &&
	       !strcmp(a->name, b->name) && !strcmp(a->language, b->language) &&
	       !strcmp(a->guide_id, b->guide_id) && !strcmp(a->logo, b->logo);
}

bool channel_same_sources(const struct channel *a, const struct channel *b)
{
	if (a->source_count != b->source_count)
		return false;
	for (size_t i = 0; i < a->source_count; i++)
		if (!channel_source_identical(&a->sources[i], &b->sources[i]))
			return false;
	return true;
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

static GArray *unmatched_ids(const struct channel_list *old, GHashTable *matched)
{
	GArray *ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	for (size_t i = 0; i < old->count; i++)
		if (!g_hash_table_contains(matched, &old->channels[i]))
			g_array_append_val(ids, old->channels[i].id);
	return ids;
}

static bool is_changed(const struct draft *draft)
{
	return !channel_same_details(&draft->channel, draft->old) ||
	       !channel_same_sources(&draft->channel, draft->old) ||
	       !same_bouquets(&draft->channel, draft->old);
}

static void count_changes(const GPtrArray *drafts, struct reconciled *ret)
{
	for (guint i = 0; i < drafts->len; i++) {
		const struct draft *draft = drafts->pdata[i];
		if (!draft->old)
			ret->added++;
		else
			ret->changed += is_changed(draft);
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
			merge_draft(drafts, draft);
	}
	ret->removed = mode == IMPORT_REPLACE ? unmatched_ids(old, matched)
					      : g_array_new(FALSE, FALSE, sizeof(int64_t));
	ret->renumbered = number_drafts(drafts->drafts, old, mode, report);
	count_changes(drafts->drafts, ret);
	g_hash_table_unref(matched);
}
