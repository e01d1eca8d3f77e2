#include "channels/reconcile.h"

#include "channels/difference.h"
#include "channels/identity.h"
#include "channels/numbering.h"

static void match_draft(struct draft *draft, const struct channel *channel, GHashTable *matched)
{
	draft->old = channel;
	draft->channel.id = channel->id;
	draft->channel.favourite = channel->favourite;
	draft->channel.locked = channel->locked;
	g_hash_table_add(matched, (gpointer)channel);
}

/* `matched` gets the channels of the line-up that a draft was found for. */
static void match_all(const GPtrArray *drafts, const struct channel_list *old,
	enum import_mode mode, GHashTable *matched)
{
	const struct channel **wanted = g_new(const struct channel *, drafts->len);
	const struct channel **there = g_new(const struct channel *, old->count);
	ptrdiff_t *found = g_new(ptrdiff_t, drafts->len);
	for (guint i = 0; i < drafts->len; i++)
		wanted[i] = &((const struct draft *)drafts->pdata[i])->channel;
	for (size_t i = 0; i < old->count; i++)
		there[i] = &old->channels[i];
	identity_match(&(struct identity_side){wanted, drafts->len},
		&(struct identity_side){there, old->count},
		mode == IMPORT_REPLACE ? IDENTITY_ALL : IDENTITY_NAME, found);
	for (guint i = 0; i < drafts->len; i++)
		if (found[i] >= 0)
			match_draft(drafts->pdata[i], there[found[i]], matched);
	g_free(found);
	g_free(there);
	g_free(wanted);
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
