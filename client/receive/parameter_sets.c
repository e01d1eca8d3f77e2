#include "client/receive/parameter_sets.h"

#include "client/receive/video.h"

#include <string.h>

/* No codec has so many: what is larger is no parameter set. */
#define SETS_BYTES_MAX 65536

struct set {
	unsigned which, id;
	GBytes *data;
};

static void release(gpointer set)
{
	g_bytes_unref(((struct set *)set)->data);
}

void parameter_sets_clear(struct parameter_sets *sets)
{
	if (sets->list)
		g_array_unref(sets->list);
	*sets = (struct parameter_sets){0};
}

static struct set *set_at(const struct parameter_sets *sets, guint i)
{
	return &g_array_index(sets->list, struct set, i);
}

static guint count(const struct parameter_sets *sets)
{
	return sets->list ? sets->list->len : 0;
}

/* Takes a reference of the data. */
static void append(struct parameter_sets *sets, const struct set *set)
{
	size_t len = g_bytes_get_size(set->data);
	if (sets->bytes + len > SETS_BYTES_MAX)
		return;
	if (!sets->list) {
		sets->list = g_array_new(FALSE, FALSE, sizeof(struct set));
		g_array_set_clear_func(sets->list, release);
	}
	g_bytes_ref(set->data);
	g_array_append_vals(sets->list, set, 1);
	sets->bytes += len;
	sets->which |= set->which;
}

void parameter_sets_add(
	struct parameter_sets *sets, unsigned which, unsigned id, const uint8_t *data, size_t len)
{
	struct set set = {which, id, g_bytes_new(data, len)};
	append(sets, &set);
	g_bytes_unref(set.data);
}

void parameter_sets_move(struct parameter_sets *sets, struct parameter_sets *own)
{
	for (guint i = 0; i < count(own); i++)
		append(sets, set_at(own, i));
	parameter_sets_clear(own);
}

static void drop(struct parameter_sets *sets, unsigned which, unsigned id)
{
	for (guint i = count(sets); i-- > 0;) {
		const struct set *set = set_at(sets, i);
		if (set->which != which || set->id != id)
			continue;
		sets->bytes -= g_bytes_get_size(set->data);
		g_array_remove_index(sets->list, i);
	}
}

void parameter_sets_update(struct parameter_sets *sets, struct parameter_sets *own)
{
	if (own->which & VIDEO_SET_SEQUENCE)
		parameter_sets_clear(sets);
	for (guint i = 0; i < count(own); i++)
		drop(sets, set_at(own, i)->which, set_at(own, i)->id);
	parameter_sets_move(sets, own);
}

GBytes *parameter_sets_insert(
	const struct parameter_sets *sets, const uint8_t *unit, size_t len, size_t offset)
{
	uint8_t *whole = g_malloc(len + sets->bytes), *to = whole;
	to = mempcpy(to, unit, offset);
	for (guint i = 0; i < count(sets); i++) {
		gsize n;
		const void *data = g_bytes_get_data(set_at(sets, i)->data, &n);
		to = mempcpy(to, data, n);
	}
	memcpy(to, unit + offset, len - offset);
	return g_bytes_new_take(whole, len + sets->bytes);
}
