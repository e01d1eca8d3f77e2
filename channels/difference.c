#include "channels/difference.h"

#include <string.h>

bool channel_same_details(const struct channel *a, const struct channel *b)
{
	return a->number == b->number && a->subnumber == b->subnumber && a->kind == b->kind &&
	       !strcmp(a->name, b->name) && !strcmp(a->language, b->language) &&
	       !strcmp(a->guide_id, b->guide_id) && !strcmp(a->guide_name, b->guide_name) &&
	       !strcmp(a->logo, b->logo);
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

static bool same_number(const struct channel *a, const struct channel *b)
{
	return a->number == b->number && a->subnumber == b->subnumber;
}

enum import_change difference_between(const struct channel *before, const struct channel *after)
{
	if (!before)
		return IMPORT_ADDED;
	if (!same_number(before, after))
		return IMPORT_RENUMBERED;
	return channel_same_details(before, after) && channel_same_sources(before, after) &&
			       same_bouquets(before, after)
		       ? IMPORT_SAME
		       : IMPORT_CHANGED;
}

/* One more part of a sentence. */
static void say(GString *out, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void say(GString *out, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	if (out->len)
		g_string_append(out, ", ");
	g_string_append_vprintf(out, format, arguments);
	va_end(arguments);
}

static void say_number(GString *out, const struct channel *before, const struct channel *after)
{
	char from[CHANNEL_NUMBER_BYTES], to[CHANNEL_NUMBER_BYTES];
	if (!same_number(before, after))
		say(out, "number %s -> %s", channel_number_format(before, from),
			channel_number_format(after, to));
}

static void say_text(GString *out, const char *what, const char *before, const char *after)
{
	if (!strcmp(before, after))
		return;
	if (*before && *after)
		say(out, "%s %s -> %s", what, before, after);
	else
		say(out, *after ? "%s %s" : "no %s %s", what, *after ? after : before);
}

static void say_bouquets(
	GString *out, const char *what, const struct channel *without, const struct channel *with)
{
	for (const char *const *name = with->bouquets; *name; name++)
		if (!g_strv_contains(without->bouquets, *name))
			say(out, "%s bouquet %s", what, *name);
}

static size_t count_other_sources(const struct channel *channel, const struct channel *other)
{
	size_t count = 0;
	for (size_t i = 0; i < channel->source_count; i++)
		count += !channel_find_source(other, &channel->sources[i]);
	return count;
}

static size_t count_changed_sources(const struct channel *before, const struct channel *after)
{
	size_t count = 0;
	for (size_t i = 0; i < after->source_count; i++) {
		const struct channel_source *source =
			channel_find_source(before, &after->sources[i]);
		count += source && !channel_source_identical(source, &after->sources[i]);
	}
	return count;
}

static void say_count(GString *out, size_t count, const char *what)
{
	if (count)
		say(out, "%zu address%s %s", count, count == 1 ? "" : "es", what);
}

static void say_sources(GString *out, const struct channel *before, const struct channel *after)
{
	size_t added = count_other_sources(after, before);
	size_t removed = count_other_sources(before, after);
	size_t changed = count_changed_sources(before, after);
	say_count(out, added, "added");
	say_count(out, removed, "removed");
	say_count(out, changed, "with other details");
	if (!added && !removed && !changed && !channel_same_sources(before, after))
		say(out, "addresses in another order");
}

static void say_all(GString *out, const struct channel *before, const struct channel *after)
{
	g_string_truncate(out, 0);
	say_number(out, before, after);
	say_text(out, "name", before->name, after->name);
	if (before->kind != after->kind)
		say(out, "%s", after->kind == CHANNEL_RADIO ? "tv -> radio" : "radio -> tv");
	say_text(out, "language", before->language, after->language);
	say_text(out, "guide id", before->guide_id, after->guide_id);
	say_text(out, "guide name", before->guide_name, after->guide_name);
	say_text(out, "logo", before->logo, after->logo);
	say_bouquets(out, "in", before, after);
	say_bouquets(out, "not in", after, before);
	say_sources(out, before, after);
}

static const struct channel *shown(const struct import_difference *difference)
{
	return difference->after ? difference->after : difference->before;
}

static int compare(const void *a, const void *b)
{
	const struct import_difference *x = a, *y = b;
	const struct channel *p = shown(x), *q = shown(y);
	if (p->number != q->number)
		return p->number < q->number ? -1 : 1;
	if (p->subnumber != q->subnumber)
		return p->subnumber < q->subnumber ? -1 : 1;
	return 0;
}

/* Those that were removed come first, and stay there: sorting is stable. */
static GArray *collect(const GPtrArray *drafts, const GPtrArray *removed)
{
	GArray *differences = g_array_new(FALSE, FALSE, sizeof(struct import_difference));
	for (guint i = 0; i < removed->len; i++) {
		const struct import_difference difference = {
			.change = IMPORT_REMOVED, .before = removed->pdata[i]};
		g_array_append_val(differences, difference);
	}
	for (guint i = 0; i < drafts->len; i++) {
		const struct draft *draft = drafts->pdata[i];
		const struct import_difference difference = {
			.change = difference_between(draft->old, &draft->channel),
			.before = draft->old,
			.after = &draft->channel};
		if (difference.change != IMPORT_SAME)
			g_array_append_val(differences, difference);
	}
	g_array_sort(differences, compare);
	return differences;
}

void difference_each(
	const GPtrArray *drafts, const GPtrArray *removed, import_change_fn fn, void *ctx)
{
	GArray *differences = collect(drafts, removed);
	GString *what = g_string_new(NULL);
	for (guint i = 0; i < differences->len; i++) {
		struct import_difference *difference =
			&g_array_index(differences, struct import_difference, i);
		g_string_truncate(what, 0);
		if (difference->before && difference->after)
			say_all(what, difference->before, difference->after);
		difference->what = what->str;
		fn(ctx, difference);
	}
	g_string_free(what, TRUE);
	g_array_unref(differences);
}
