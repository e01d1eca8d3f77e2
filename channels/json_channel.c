#include "channels/json_channel.h"

#include <string.h>

#include "channels/source_fields.h"

/* A member by its name in any case, or NULL. */
static json_t *member(const json_t *object, const char *name)
{
	const char *key;
	json_t *value;
	json_object_foreach((json_t *)object, key, value)
	{
		if (!g_ascii_strcasecmp(key, name))
			return value;
	}
	return NULL;
}

/* Numbers were read as reals: 5 is "5", and 5.1 "5.1". */
static const char *number_text(struct listing *listing, double number)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];
	g_ascii_formatd(text, sizeof text, "%.15g", number);
	return g_string_chunk_insert(listing->strings, text);
}

/* A string or a number as cleaned text, "" for anything else; until the entry is dropped. */
static const char *text_of(struct listing *listing, const json_t *value)
{
	if (json_is_string(value))
		return listing_keep(listing, json_string_value(value), json_string_length(value));
	return json_is_real(value) ? number_text(listing, json_real_value(value)) : "";
}

static const char *member_text(struct listing *listing, const json_t *object, const char *name)
{
	return text_of(listing, member(object, name));
}

static const char *either(const char *first, const char *second)
{
	return *first ? first : second;
}

/* Operators write that there is none as 0, "0", "" or "null". */
static bool says_nothing(const char *text)
{
	return !*text || !strcmp(text, "0") || !g_ascii_strcasecmp(text, "null");
}

/* 0 for what is none. */
static unsigned place_of(const json_t *value)
{
	double place = json_number_value(value);
	return place >= 1 && place <= G_MAXINT ? (unsigned)place : 0;
}

static void add_bouquets(
	struct listing *listing, unsigned line, const json_t *names, const json_t *places)
{
	for (size_t i = 0; i < json_array_size(names) && !listing->full; i++)
		listing_add_bouquet(listing, line, text_of(listing, json_array_get(names, i)),
			place_of(json_array_get(places, i)));
}

/* Emitting drops the texts: each source reads its channel's anew. */
static void emit_own(struct listing *listing, unsigned line, const json_t *object,
	const json_t *fields, const struct channel_source *source)
{
	struct channel_entry entry = {.line = line,
		.name = member_text(listing, object, "name"),
		.kind = listing_read_kind(listing, line, member_text(listing, object, "kind")),
		.language = member_text(listing, object, "language"),
		.guide_id = member_text(listing, object, "guide_id"),
		.guide_name = member_text(listing, object, "guide_name"),
		.logo = member_text(listing, object, "logo"),
		.source = *source};
	for (int field = 0; field < SOURCE_FIELDS; field++)
		source_field_read(listing, line, field,
			member_text(listing, fields, source_field_name(field)), &entry.source);
	add_bouquets(listing, line, member(object, "bouquets"), member(object, "bouquet_places"));
	listing_read_number(listing, line, member_text(listing, object, "number"), &entry);
	listing_emit(listing, &entry);
}

static void warn_left_out(struct listing *listing, unsigned line, size_t count)
{
	if (count > JSON_SOURCES)
		listing_warn(listing, line, CHANNEL_IGNORED,
			"a channel has %zu addresses; those behind the first %d are ignored", count,
			JSON_SOURCES);
}

static void read_own(
	struct listing *listing, unsigned line, const json_t *object, const json_t *sources)
{
	size_t count = json_array_size(sources);
	warn_left_out(listing, line, count);
	for (size_t i = 0; i < MIN(count, JSON_SOURCES); i++) {
		const json_t *fields = json_array_get(sources, i);
		const char *uri = member_text(listing, fields, "uri");
		struct channel_source source;
		if (!*uri)
			listing_warn_of(listing, line, CHANNEL_IGNORED,
				member_text(listing, object, "name"),
				"has a source without an address; it is ignored");
		else if (listing_read_source(listing, line, uri, &source))
			emit_own(listing, line, object, fields, &source);
		listing_drop(listing);
	}
}

static const char *operators_logo(struct listing *listing, const json_t *object)
{
	const char *direct = either(member_text(listing, object, "channelLogoURL"),
		member_text(listing, object, "logo"));
	const json_t *logos = member(object, "channelLogoStruct");
	return either(
		direct, json_is_object(logos) ? member_text(listing, logos, "channelLogoURL") : "");
}

static const char *operators_name(struct listing *listing, const json_t *object)
{
	return either(
		member_text(listing, object, "channelName"), member_text(listing, object, "name"));
}

static void read_servers(
	struct listing *listing, unsigned line, const json_t *object, struct channel_source *source)
{
	const char *fec = member_text(listing, object, "channelFECPort");
	const char *server = member_text(listing, object, "channelFCCIP");
	const char *port = member_text(listing, object, "channelFCCPort");
	if (!says_nothing(fec))
		source_field_read(listing, line, SOURCE_FEC, fec, source);
	if (says_nothing(server) || says_nothing(port))
		return;
	char *fcc = g_strconcat(server, ":", port, NULL);
	source_field_read(listing, line, SOURCE_FCC, fcc, source);
	g_free(fcc);
}

static void emit_operators(struct listing *listing, unsigned line, const json_t *object,
	const struct channel_source *source)
{
	const char *number = either(member_text(listing, object, "userChannelID"),
		either(member_text(listing, object, "channelNumber"),
			member_text(listing, object, "number")));
	struct channel_entry entry = {.line = line,
		.name = operators_name(listing, object),
		.logo = operators_logo(listing, object),
		.source = *source};
	listing_read_number(listing, line, number, &entry);
	read_servers(listing, line, object, &entry.source);
	listing_emit(listing, &entry);
}

static bool can_be_received(const char *address)
{
	GStringChunk *strings = g_string_chunk_new(64);
	struct channel_source source;
	const char *why;
	int result = channel_source_parse(address, strings, &source, &why);
	g_string_chunk_free(strings);
	return !result;
}

/* "igmp://…|rtsp://…": of several, those of unicast are there for boxes that want these. */
static void read_operators(
	struct listing *listing, unsigned line, const json_t *object, const char *url)
{
	char **addresses = g_strsplit(url, "|", -1);
	size_t count = g_strv_length(addresses);
	bool any = false;
	warn_left_out(listing, line, count);
	count = MIN(count, JSON_SOURCES);
	for (size_t i = 0; i < count; i++)
		any = can_be_received(g_strstrip(addresses[i])) || any;
	for (size_t i = 0; i < count; i++) {
		struct channel_source source;
		if (any && !can_be_received(addresses[i]))
			continue;
		if (listing_read_source(listing, line, addresses[i], &source))
			emit_operators(listing, line, object, &source);
	}
	g_strfreev(addresses);
}

void json_channel_read(struct listing *listing, unsigned line, const json_t *object)
{
	const json_t *sources = member(object, "sources");
	char *url = g_strdup(either(member_text(listing, object, "channelURL"),
		either(member_text(listing, object, "url"), member_text(listing, object, "uri"))));
	if (json_array_size(sources))
		read_own(listing, line, object, sources);
	else if (!says_nothing(url))
		read_operators(listing, line, object, url);
	else
		listing_warn_lost(listing, line, operators_name(listing, object));
	g_free(url);
}
