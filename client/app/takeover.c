#include "client/app/takeover.h"

#include <string.h>

/* By id: the index + 1 in the list. */
static GHashTable *index_ids(const struct channel_list *list)
{
	GHashTable *indexes = g_hash_table_new(g_int64_hash, g_int64_equal);
	for (size_t i = 0; i < list->count; i++)
		g_hash_table_insert(
			indexes, (gpointer)&list->channels[i].id, GINT_TO_POINTER((int)i + 1));
	return indexes;
}

static const char *keep(GStringChunk *strings, const char *text)
{
	return g_string_chunk_insert(strings, text);
}

static struct channel_source copy_source(GStringChunk *strings, const struct channel_source *from)
{
	struct channel_source source = *from;
	source.iface = keep(strings, from->iface);
	source.fcc_type = keep(strings, from->fcc_type);
	source.http = keep(strings, from->http);
	source.label = keep(strings, from->label);
	return source;
}

/* What points into the line-up before is copied; in bouquets it is no more. */
static struct channel copy_channel(struct takeover *t, const struct channel *from)
{
	static const char *const no_bouquets[] = {NULL};
	struct channel channel = *from;
	t->strings = g_string_chunk_new(256);
	t->sources = g_new(struct channel_source, from->source_count);
	for (size_t i = 0; i < from->source_count; i++)
		t->sources[i] = copy_source(t->strings, &from->sources[i]);
	channel.name = keep(t->strings, from->name);
	channel.language = keep(t->strings, from->language);
	channel.guide_id = keep(t->strings, from->guide_id);
	channel.guide_name = keep(t->strings, from->guide_name);
	channel.logo = keep(t->strings, from->logo);
	channel.bouquets = no_bouquets;
	channel.sources = t->sources;
	return channel;
}

static bool is_behind(const struct channel *a, const struct channel *b)
{
	return a->number != b->number ? a->number > b->number : a->subnumber > b->subnumber;
}

/* Behind whoever has its number now. */
static void let_stay(struct takeover *t, const struct channel *watched)
{
	size_t at = 0;
	while (at < t->loaded->count && !is_behind(&t->loaded->channels[at], watched))
		at++;
	t->channels = g_new(struct channel, t->loaded->count + 1);
	memcpy(t->channels, t->loaded->channels, at * sizeof *t->channels);
	t->channels[at] = copy_channel(t, watched);
	memcpy(t->channels + at + 1, t->loaded->channels + at,
		(t->loaded->count - at) * sizeof *t->channels);
	t->list.count = t->loaded->count + 1;
	t->list.channels = t->channels;
	t->stays = (int)at;
}

/* The one that stayed was gone before: it does not go anew, and may come back. */
static void find_again(struct takeover *t, const struct channel_list *before, int stayed)
{
	GHashTable *indexes = index_ids(&t->list);
	size_t found = 0;
	t->to = g_new(int, before->count);
	for (size_t i = 0; i < before->count; i++) {
		gpointer index = g_hash_table_lookup(indexes, &before->channels[i].id);
		t->to[i] = index ? GPOINTER_TO_INT(index) - 1 : TAKEOVER_NONE;
		bool is_there = index && t->to[i] != t->stays;
		if ((int)i != stayed)
			*(is_there ? &found : &t->removed) += 1;
	}
	g_hash_table_unref(indexes);
	t->added = t->loaded->count - found;
}

static bool has_id(const struct channel_list *list, int64_t id)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->channels[i].id == id)
			return true;
	return false;
}

struct takeover *takeover_new(
	const struct channel_list *before, struct channel_list *loaded, int watched, int stayed)
{
	struct takeover *t = g_new0(struct takeover, 1);
	t->loaded = loaded;
	t->list = *loaded;
	t->stays = TAKEOVER_NONE;
	if (watched != TAKEOVER_NONE && !has_id(loaded, before->channels[watched].id))
		let_stay(t, &before->channels[watched]);
	find_again(t, before, stayed);
	return t;
}

void takeover_free(struct takeover *t)
{
	if (!t)
		return;
	if (t->strings)
		g_string_chunk_free(t->strings);
	channel_list_free(t->loaded);
	g_free(t->sources);
	g_free(t->channels);
	g_free(t->to);
	g_free(t);
}

static bool has_number(const struct channel_list *list, ptrdiff_t index, const struct channel *of)
{
	return index >= 0 && (size_t)index < list->count &&
	       list->channels[index].number == of->number &&
	       list->channels[index].subnumber == of->subnumber;
}

ptrdiff_t takeover_find(
	const struct channel_list *list, int stays, uint32_t number, uint32_t subnumber)
{
	ptrdiff_t index = channel_list_find(list, number, subnumber);
	/* Whoever has its number stands before it. */
	if (index >= 0 && index == stays && has_number(list, index - 1, &list->channels[index]))
		return index - 1;
	return index;
}
