#include "client/app/takeover.h"

#include <string.h>

#include "channels/identity.h"
#include "client/app/channel_ids.h"

/* Of a channel that no line-up has. */
#define NO_ID (-1)

static void find_by_ids(
	const struct channel_list *before, const struct channel_list *loaded, ptrdiff_t *ret)
{
	GHashTable *ids = channel_ids_new(loaded);
	for (size_t i = 0; i < before->count; i++)
		ret[i] = channel_ids_find(ids, before->channels[i].id);
	g_hash_table_unref(ids);
}

static const struct channel **pointers_of(const struct channel_list *list)
{
	const struct channel **pointers = g_new(const struct channel *, list->count);
	for (size_t i = 0; i < list->count; i++)
		pointers[i] = &list->channels[i];
	return pointers;
}

/* Ids of another file say nothing. */
static void find_by_identity(
	const struct channel_list *before, const struct channel_list *loaded, ptrdiff_t *ret)
{
	const struct channel **a = pointers_of(before), **b = pointers_of(loaded);
	identity_match(&(struct identity_side){a, before->count},
		&(struct identity_side){b, loaded->count}, IDENTITY_ALL, ret);
	g_free(a);
	g_free(b);
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
static void let_stay(struct takeover *t, const struct channel *watched, bool same_file)
{
	size_t at = 0;
	while (at < t->loaded->count && !is_behind(&t->loaded->channels[at], watched))
		at++;
	t->channels = g_new(struct channel, t->loaded->count + 1);
	memcpy(t->channels, t->loaded->channels, at * sizeof *t->channels);
	t->channels[at] = copy_channel(t, watched);
	if (!same_file)
		t->channels[at].id = NO_ID;
	memcpy(t->channels + at + 1, t->loaded->channels + at,
		(t->loaded->count - at) * sizeof *t->channels);
	t->list.count = t->loaded->count + 1;
	t->list.channels = t->channels;
	t->stays = (int)at;
}

/* `found`: where each is in the loaded list. The one that stayed was gone before: it does not go
 * anew, and may come back. */
static void find_again(
	struct takeover *t, const struct channel_list *before, const ptrdiff_t *found, int stayed)
{
	size_t there = 0;
	t->to = g_new(int, before->count);
	for (size_t i = 0; i < before->count; i++) {
		bool is_behind_it = t->stays != TAKEOVER_NONE && found[i] >= t->stays;
		t->to[i] = found[i] < 0 ? TAKEOVER_NONE : (int)found[i] + is_behind_it;
		if ((int)i != stayed)
			*(found[i] >= 0 ? &there : &t->removed) += 1;
	}
	t->added = t->loaded->count - there;
}

struct takeover *takeover_new(
	const struct channel_list *before, struct channel_list *loaded, int watched, int stayed)
{
	struct takeover *t = g_new0(struct takeover, 1);
	ptrdiff_t *found = g_new(ptrdiff_t, before->count);
	bool same_file = before->file == loaded->file;
	t->loaded = loaded;
	t->list = *loaded;
	t->stays = TAKEOVER_NONE;
	(same_file ? find_by_ids : find_by_identity)(before, loaded, found);
	if (watched != TAKEOVER_NONE && found[watched] < 0)
		let_stay(t, &before->channels[watched], same_file);
	find_again(t, before, found, stayed);
	if (t->stays != TAKEOVER_NONE)
		t->to[watched] = t->stays;
	g_free(found);
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
