#include "channels/identity.h"

#include <glib.h>

/* What a channel is recognised by, or NULL where it has none. Freed with g_free(). */
typedef char *(*key_fn)(const struct channel *channel);

/* In the place of an index + 1: channels that share a key are told apart by the next key. */
#define AMBIGUOUS GINT_TO_POINTER(-1)

struct matching {
	const struct identity_side *a, *b;
	ptrdiff_t *to;	 /* of each of `a` */
	ptrdiff_t *from; /* of each of `b` */
};

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

/* Of those that were not matched yet. */
static GHashTable *index_by(
	key_fn key_of, const struct identity_side *side, const ptrdiff_t *matched)
{
	GHashTable *index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (size_t i = 0; i < side->count; i++) {
		char *key = matched[i] < 0 ? key_of(side->channels[i]) : NULL;
		if (!key)
			continue;
		bool again = g_hash_table_contains(index, key);
		g_hash_table_replace(index, key, again ? AMBIGUOUS : GINT_TO_POINTER((int)i + 1));
	}
	return index;
}

static void match_by(const struct matching *m, key_fn key_of)
{
	GHashTable *a = index_by(key_of, m->a, m->to), *b = index_by(key_of, m->b, m->from);
	GHashTableIter iter;
	gpointer key, value;
	g_hash_table_iter_init(&iter, a);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		gpointer other = g_hash_table_lookup(b, key);
		if (!other || other == AMBIGUOUS || value == AMBIGUOUS)
			continue;
		m->to[GPOINTER_TO_INT(value) - 1] = GPOINTER_TO_INT(other) - 1;
		m->from[GPOINTER_TO_INT(other) - 1] = GPOINTER_TO_INT(value) - 1;
	}
	g_hash_table_unref(a);
	g_hash_table_unref(b);
}

void identity_match(const struct identity_side *a, const struct identity_side *b,
	enum identity_keys keys, ptrdiff_t *ret)
{
	const struct matching m = {a, b, ret, g_new(ptrdiff_t, b->count)};
	for (size_t i = 0; i < a->count; i++)
		m.to[i] = -1;
	for (size_t i = 0; i < b->count; i++)
		m.from[i] = -1;
	match_by(&m, name_key);
	if (keys == IDENTITY_ALL) {
		match_by(&m, guide_key);
		match_by(&m, address_key);
	}
	g_free(m.from);
}
