#include "client/receive/parameter_sets.h"

#include "client/receive/nal.h"

#include <string.h>

/* No codec has so many: what is larger is no parameter set. */
#define SETS_BYTES_MAX 65536

struct set {
	unsigned which, id;
	bool expected;
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
	sets->expected |= set->expected;
}

void parameter_sets_add(
	struct parameter_sets *sets, unsigned which, unsigned id, const uint8_t *data, size_t len)
{
	struct set set = {which, id, false, g_bytes_new(data, len)};
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

/* A set ends where the next start code begins, and that may have a zero more or less before it. */
static size_t length(const struct set *set)
{
	gsize len;
	const uint8_t *data = g_bytes_get_data(set->data, &len);
	while (len > 0 && data[len - 1] == 0)
		len--;
	return len;
}

static bool is_same(const struct set *a, const struct set *b)
{
	return length(a) == length(b) &&
	       !memcmp(g_bytes_get_data(a->data, NULL), g_bytes_get_data(b->data, NULL), length(a));
}

/* Of several with one kind and number, as an MPEG sequence header and its extension, any counts. */
static bool contradicts(const struct parameter_sets *sets, const struct set *own)
{
	bool found = false;
	for (guint i = 0; i < count(sets); i++) {
		const struct set *set = set_at(sets, i);
		if (!set->expected || set->which != own->which || set->id != own->id)
			continue;
		if (is_same(set, own))
			return false;
		found = true;
	}
	return found;
}

static bool is_misled(const struct parameter_sets *sets, const struct parameter_sets *own)
{
	bool misled = false;
	for (guint i = 0; sets->trusted && i < count(own); i++)
		misled |= contradicts(sets, set_at(own, i));
	return misled;
}

static bool expects_any(const struct parameter_sets *sets)
{
	bool any = false;
	for (guint i = 0; i < count(sets); i++)
		any |= set_at(sets, i)->expected;
	return any;
}

bool parameter_sets_update(struct parameter_sets *sets, struct parameter_sets *own)
{
	bool misled = is_misled(sets, own);
	if (own->which & VIDEO_SET_SEQUENCE)
		parameter_sets_clear(sets);
	for (guint i = 0; i < count(own); i++)
		drop(sets, set_at(own, i)->which, set_at(own, i)->id);
	sets->expected = expects_any(sets);
	sets->trusted &= sets->expected;
	parameter_sets_move(sets, own);
	return misled;
}

static uint8_t *copy_all(const struct parameter_sets *sets, uint8_t *to)
{
	for (guint i = 0; i < count(sets); i++) {
		gsize n;
		const void *data = g_bytes_get_data(set_at(sets, i)->data, &n);
		to = mempcpy(to, data, n);
	}
	return to;
}

GBytes *parameter_sets_insert(
	struct parameter_sets *sets, const uint8_t *unit, size_t len, size_t offset)
{
	uint8_t *whole = g_malloc(len + sets->bytes), *to = whole;
	to = mempcpy(to, unit, offset);
	to = copy_all(sets, to);
	memcpy(to, unit + offset, len - offset);
	sets->trusted |= sets->expected;
	return g_bytes_new_take(whole, len + sets->bytes);
}

bool parameter_sets_have(const struct parameter_sets *sets, unsigned which, unsigned id)
{
	for (guint i = 0; i < count(sets); i++)
		if (set_at(sets, i)->which == which && set_at(sets, i)->id == id)
			return true;
	return false;
}

/* False for what is none. */
static bool expect_set(struct parameter_sets *sets, const struct video_codec *codec, void *state,
	const uint8_t *data, size_t len)
{
	struct video_info info = {0};
	if (len > START_CODE_BYTES)
		codec->look(state, data + START_CODE_BYTES, len - START_CODE_BYTES, &info);
	if (!info.sets)
		return false;
	struct set set = {info.sets, info.set_id, true, g_bytes_new(data, len)};
	append(sets, &set);
	g_bytes_unref(set.data);
	return true;
}

bool parameter_sets_expect(struct parameter_sets *sets, const struct video_codec *codec,
	void *state, const uint8_t *data, size_t len)
{
	if (len == 0)
		return false;
	const uint8_t *end = data + len, *at = data;
	bool good = start_code_find(data, end) == data;
	while (good && at < end) {
		const uint8_t *next = start_code_find(at + START_CODE_BYTES, end);
		good = expect_set(sets, codec, state, at, (size_t)(next - at));
		at = next;
	}
	good = good && !(codec->sets_wanted & ~sets->which);
	if (!good)
		parameter_sets_clear(sets);
	return good;
}

GBytes *parameter_sets_bytes(const struct parameter_sets *sets, const struct video_codec *codec)
{
	if (sets->expected || (codec->sets_wanted & ~sets->which))
		return NULL;
	uint8_t *all = g_malloc(sets->bytes);
	copy_all(sets, all);
	return g_bytes_new_take(all, sets->bytes);
}
