#include "channels/listing.h"

#include "channels/text.h"

void listing_init(struct listing *listing, const char *file, const struct channel_sink *sink)
{
	*listing = (struct listing){.file = file,
		.sink = *sink,
		.strings = g_string_chunk_new(1024),
		.bouquets = g_ptr_array_new_with_free_func(g_free),
		.places = g_array_new(FALSE, FALSE, sizeof(unsigned))};
}

void listing_clear(struct listing *listing)
{
	g_string_chunk_free(listing->strings);
	g_ptr_array_unref(listing->bouquets);
	g_array_unref(listing->places);
	*listing = (struct listing){0};
}

void listing_drop(struct listing *listing)
{
	g_string_chunk_clear(listing->strings);
	g_ptr_array_set_size(listing->bouquets, 0);
	g_array_set_size(listing->places, 0);
	listing->full = false;
}

void listing_warn_of(struct listing *listing, unsigned line, enum channel_loss loss,
	const char *text, const char *rest)
{
	char *quoted = text_quote(text);
	listing_warn(listing, line, loss, "%s %s", quoted, rest);
	g_free(quoted);
}

void listing_warn_lost(struct listing *listing, unsigned line, const char *name)
{
	static const char why[] = "has no address; it is ignored";
	if (*name)
		listing_warn_of(listing, line, CHANNEL_IGNORED, name, why);
	else
		listing_warn(listing, line, CHANNEL_IGNORED, "a channel without a name %s", why);
}

void listing_warn_bad(struct listing *listing, unsigned line, gssize bad)
{
	if (bad >= 0)
		listing_warn(listing, line, CHANNEL_KEPT,
			"the text is not UTF-8 from byte %" G_GSSIZE_FORMAT
			" on; its bytes are read as Latin-1",
			bad + 1);
}

void listing_warn_overlong(struct listing *listing, unsigned line, enum channel_loss loss)
{
	listing_warn(listing, line, loss, "the line is longer than %d bytes; it is ignored",
		LINES_BYTES);
}

bool listing_take_line(struct listing *listing, const struct text_line *line)
{
	if (line->overlong)
		listing_warn_overlong(listing, line->number, CHANNEL_IGNORED);
	if (line->overlong || !*line->text)
		return false;
	listing_warn_bad(listing, line->number, line->bad);
	return true;
}

const char *listing_keep(struct listing *listing, const char *text, size_t size)
{
	GString *cleaned = g_string_new_len(text, (gssize)size);
	text_clean(cleaned);
	const char *kept = g_string_chunk_insert(listing->strings, g_strstrip(cleaned->str));
	g_string_free(cleaned, TRUE);
	return kept;
}

void listing_add_bouquet(struct listing *listing, unsigned line, const char *name, unsigned place)
{
	GPtrArray *bouquets = listing->bouquets;
	if (listing->full)
		return;
	char *stripped = g_strstrip(g_strdup(name));
	bool known = !*stripped ||
		     g_ptr_array_find_with_equal_func(bouquets, stripped, g_str_equal, NULL);
	bool room = bouquets->len < LISTING_BOUQUETS;
	if (!known && room) {
		g_ptr_array_add(bouquets, g_steal_pointer(&stripped));
		g_array_append_val(listing->places, place);
	} else if (!known) {
		listing_warn(listing, line, CHANNEL_KEPT,
			"more than %d groups for one channel; the others are ignored",
			LISTING_BOUQUETS);
		listing->full = true;
	}
	g_free(stripped);
}

void listing_add_bouquets(
	struct listing *listing, unsigned line, const char *list, const char *delimiters)
{
	char **names = g_strsplit_set(list, delimiters, -1);
	for (char **name = names; *name && !listing->full; name++)
		listing_add_bouquet(listing, line, *name, 0);
	g_strfreev(names);
}

bool listing_read_source(
	struct listing *listing, unsigned line, const char *text, struct channel_source *ret)
{
	const char *why;
	int result = channel_source_parse(text, listing->strings, ret, &why);
	if (!why)
		return true;
	char *quoted = text_quote(text);
	listing_warn(listing, line, result ? CHANNEL_IGNORED : CHANNEL_KEPT, "%s: %s%s", quoted,
		why, result ? "; it is ignored" : "");
	g_free(quoted);
	return !result;
}

void listing_read_number(
	struct listing *listing, unsigned line, const char *text, struct channel_entry *entry)
{
	if (!*text)
		return;
	entry->numbered = !channel_number_parse(text, &entry->number, &entry->subnumber);
	if (!entry->numbered)
		listing_warn_of(listing, line, CHANNEL_KEPT, text,
			"is not a channel number; the channel gets the next free one");
}

enum channel_kind listing_read_kind(struct listing *listing, unsigned line, const char *text)
{
	bool radio = !g_ascii_strcasecmp(text, "radio");
	if (*text && !radio && g_ascii_strcasecmp(text, "tv"))
		listing_warn_of(listing, line, CHANNEL_KEPT, text,
			"is neither tv nor radio; it is taken for tv");
	return radio ? CHANNEL_RADIO : CHANNEL_TV;
}

enum channel_kind listing_kind_of_service(const char *type)
{
	guint64 number = g_ascii_strtoull(type, NULL, 16);
	return number == 0x02 || number == 0x0a ? CHANNEL_RADIO : CHANNEL_TV;
}

uint16_t listing_read_programme(struct listing *listing, unsigned line, const char *text)
{
	guint64 number = 0;
	if (*text && !g_ascii_string_to_unsigned(text, 10, 1, UINT16_MAX, &number, NULL))
		listing_warn_of(listing, line, CHANNEL_KEPT, text,
			"is not a programme number; the first programme of the stream is played");
	return (uint16_t)number;
}

/* For a channel that has no name. */
static const char *name_of(struct listing *listing, const struct channel_address *address)
{
	char uri[CHANNEL_ADDRESS_BYTES];
	channel_address_format(address, uri);
	if (!address->programme)
		return g_string_chunk_insert(listing->strings, uri);
	char *name = g_strdup_printf("%s programme %u", uri, address->programme);
	const char *kept = g_string_chunk_insert(listing->strings, name);
	g_free(name);
	return kept;
}

static const char *text_or_none(const char *text)
{
	return text ? text : "";
}

void listing_emit(struct listing *listing, const struct channel_entry *entry)
{
	struct channel_entry whole = *entry;
	whole.name = text_or_none(entry->name);
	whole.language = text_or_none(entry->language);
	whole.guide_id = text_or_none(entry->guide_id);
	whole.guide_name = text_or_none(entry->guide_name);
	whole.logo = text_or_none(entry->logo);
	if (!*whole.name) {
		whole.name = name_of(listing, &entry->source.address);
		listing_warn(listing, entry->line, CHANNEL_KEPT,
			"the channel has no name; it is called \"%s\"", whole.name);
	}
	g_ptr_array_add(listing->bouquets, NULL);
	whole.bouquets = (const char *const *)listing->bouquets->pdata;
	whole.bouquet_places = (const unsigned *)(const void *)listing->places->data;
	listing->sink.entry(listing->sink.user, &whole);
	listing_drop(listing);
}
