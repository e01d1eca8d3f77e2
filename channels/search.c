#include "channels/search.h"

#include <glib.h>
#include <string.h>

static bool is_accent(gunichar c)
{
	GUnicodeType type = g_unichar_type(c);
	return type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK;
}

char *channel_fold(const char *text)
{
	if (g_str_is_ascii(text))
		return g_ascii_strdown(text, -1);
	char *apart = g_utf8_normalize(text, -1, G_NORMALIZE_ALL);
	if (!apart)
		return g_strdup(text);
	GString *plain = g_string_new(NULL);
	for (const char *c = apart; *c; c = g_utf8_next_char(c))
		if (!is_accent(g_utf8_get_char(c)))
			g_string_append_unichar(plain, g_utf8_get_char(c));
	char *folded = g_utf8_casefold(plain->str, -1);
	g_string_free(plain, TRUE);
	g_free(apart);
	return folded;
}

/* A word as it is looked for. */
struct needle {
	char *folded;
	uint32_t number; /* 0: it is none */
	uint32_t subnumber;
};

static void clear_needle(gpointer data)
{
	g_free(((struct needle *)data)->folded);
}

static GArray *needles_of(const char *const *words)
{
	GArray *needles = g_array_new(FALSE, FALSE, sizeof(struct needle));
	g_array_set_clear_func(needles, clear_needle);
	for (; *words; words++) {
		struct needle needle = {.folded = channel_fold(*words)};
		channel_number_parse(*words, &needle.number, &needle.subnumber);
		g_array_append_val(needles, needle);
	}
	return needles;
}

static bool has_number(const struct channel *channel, const struct needle *needle)
{
	return needle->number && channel->number == needle->number &&
	       (!needle->subnumber || channel->subnumber == needle->subnumber);
}

/* What of a channel is searched, with line feeds between, which no text has. */
static char *text_of(const struct channel *channel)
{
	char *bouquets = g_strjoinv("\n", (char **)channel->bouquets);
	char *text = g_strconcat(channel->name, "\n", bouquets, NULL);
	char *folded = channel_fold(text);
	g_free(bouquets);
	g_free(text);
	return folded;
}

static bool matches(const struct channel *channel, const GArray *needles)
{
	char *text = text_of(channel);
	bool all = true;
	for (guint i = 0; i < needles->len && all; i++) {
		const struct needle *needle = &g_array_index(needles, struct needle, i);
		all = has_number(channel, needle) || strstr(text, needle->folded);
	}
	g_free(text);
	return all;
}

static struct channel_list list_of(GArray *channels, const struct channel_list *list)
{
	size_t count = channels->len;
	return (struct channel_list){.count = count,
		.channels = (const void *)g_array_free(channels, FALSE),
		.bouquets = list->bouquets};
}

struct channel_list channel_search(const struct channel_list *list, const char *const *words)
{
	GArray *needles = needles_of(words);
	GArray *found = g_array_new(FALSE, FALSE, sizeof(struct channel));
	for (size_t i = 0; i < list->count; i++)
		if (matches(&list->channels[i], needles))
			g_array_append_val(found, list->channels[i]);
	g_array_unref(needles);
	return list_of(found, list);
}

static void add_by_number(const struct channel_list *list, const char *text, GArray *found)
{
	uint32_t number, subnumber;
	if (channel_number_parse(text, &number, &subnumber))
		return;
	ptrdiff_t index = channel_list_find(list, number, subnumber);
	if (index >= 0)
		g_array_append_val(found, list->channels[index]);
}

static void add_by_name(const struct channel_list *list, const char *text, GArray *found)
{
	char *wanted = channel_fold(text);
	for (size_t i = 0; i < list->count; i++) {
		char *name = channel_fold(list->channels[i].name);
		if (!strcmp(name, wanted))
			g_array_append_val(found, list->channels[i]);
		g_free(name);
	}
	g_free(wanted);
}

struct channel_list channel_pick(const struct channel_list *list, const char *const *words)
{
	GArray *found = g_array_new(FALSE, FALSE, sizeof(struct channel));
	char *text = g_strjoinv(" ", (char **)words);
	add_by_number(list, text, found);
	if (!found->len)
		add_by_name(list, text, found);
	g_free(text);
	if (found->len)
		return list_of(found, list);
	g_array_unref(found);
	return channel_search(list, words);
}
