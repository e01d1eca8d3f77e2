#include "channels/enigma2.h"

#include <string.h>

#include "channels/listing.h"
#include "channels/text.h"

/* A service reference: type:flags:kind:sid:tsid:onid:namespace:psid:ptsid:0:path[:name]. */
enum { FIELD_FLAGS = 1, FIELD_KIND = 2, FIELD_PATH = 10, FIELD_NAME = 11, FIELDS = 12 };
enum { FLAG_MARKER = 64 };

/* What a #DESCRIPTION would describe. */
enum described { NOTHING, STREAM, MARKER, OTHER };

struct enigma2_parser {
	struct listing listing;
	struct lines lines;
	char *name;    /* of the bouquet, or NULL */
	char *section; /* what the last marker says, or NULL */
	enum described described;
	unsigned line; /* of the stream: */
	char *address;
	char *title; /* as the reference has it, or NULL */
	enum channel_kind kind;
};

static void set(char **field, const char *value)
{
	g_free(*field);
	*field = g_strdup(value);
}

/* The stream that waited for its description. */
static void flush(struct enigma2_parser *parser, const char *description)
{
	if (parser->described != STREAM)
		return;
	struct listing *listing = &parser->listing;
	struct channel_entry entry = {.line = parser->line,
		.name = *description ? description : parser->title,
		.kind = parser->kind};
	parser->described = NOTHING;
	if (listing_read_source(listing, parser->line, parser->address, &entry.source)) {
		if (parser->name)
			listing_add_bouquets(listing, parser->line, parser->name, "");
		if (parser->section)
			listing_add_bouquets(listing, parser->line, parser->section, "");
		listing_emit(listing, &entry);
	}
	listing_drop(listing);
}

/* "---- News ----": lines drawn around the text are none of it; text alone ends no section. */
static void take_marker(struct enigma2_parser *parser, const char *text)
{
	static const char drawn[] = "-=*_#~ ";
	text += strspn(text, drawn);
	size_t length = strlen(text);
	while (length && strchr(drawn, text[length - 1]))
		length--;
	g_free(parser->section);
	parser->section = g_strndup(text, length);
}

/* Of 'FROM BOUQUET "userbouquet.x.tv" ORDER BY bouquet'. Freed with g_free(); NULL: no file name.
 */
static char *file_of(const char *path)
{
	const char *start = strchr(path, '"');
	const char *end = start ? strchr(start + 1, '"') : NULL;
	if (!end || end == start + 1)
		return NULL;
	char *file = g_strndup(start + 1, (gsize)(end - start - 1));
	if (*file != '.' && !strchr(file, '/'))
		return file;
	g_free(file);
	return NULL;
}

static void take_reference(struct enigma2_parser *parser, unsigned line, const char *path)
{
	char *file = file_of(path);
	if (!file)
		listing_warn_of(&parser->listing, line, CHANNEL_IGNORED, path,
			"names no file beside this one; it is ignored");
	else if (parser->listing.sink.reference)
		parser->listing.sink.reference(parser->listing.sink.user, line, file);
	else
		listing_warn_of(&parser->listing, line, CHANNEL_IGNORED, file,
			"is not read: import that list itself");
	g_free(file);
}

/* A path hides its colons, and may hide more: what comes to light is cleaned. */
static char *decode(const char *path)
{
	char *decoded = g_uri_unescape_string(path, NULL);
	GString *text = g_string_new(decoded ? decoded : path);
	text_clean(text);
	g_free(decoded);
	return g_strstrip(g_string_free(text, FALSE));
}

static void take_stream(struct enigma2_parser *parser, unsigned line, char *const *fields)
{
	parser->described = STREAM;
	parser->line = line;
	parser->kind = listing_kind_of_service(fields[FIELD_KIND]);
	set(&parser->title, fields[FIELD_NAME] ? g_strstrip(fields[FIELD_NAME]) : NULL);
	g_free(parser->address);
	parser->address = decode(fields[FIELD_PATH]);
}

static void take_fields(
	struct enigma2_parser *parser, unsigned line, const char *text, char *const *fields)
{
	guint count = g_strv_length((char **)fields);
	const char *path = count > FIELD_PATH ? g_strstrip(fields[FIELD_PATH]) : "";
	parser->described = OTHER;
	if (count < FIELD_PATH) {
		listing_warn_of(&parser->listing, line, CHANNEL_IGNORED, text,
			"is no reference to a service; it is ignored");
	} else if (g_ascii_strtoull(fields[FIELD_FLAGS], NULL, 10) & FLAG_MARKER) {
		parser->described = MARKER;
		take_marker(parser, count > FIELD_NAME ? fields[FIELD_NAME] : path);
	} else if (g_str_has_prefix(path, "FROM ")) {
		take_reference(parser, line, path);
	} else if (*path) {
		take_stream(parser, line, fields);
	} else {
		listing_warn_of(&parser->listing, line, CHANNEL_IGNORED, text,
			"is a service of a DVB tuner, not a stream; it is ignored");
	}
}

static void take_service(struct enigma2_parser *parser, unsigned line, const char *value)
{
	char **fields = g_strsplit(value, ":", FIELDS);
	flush(parser, "");
	take_fields(parser, line, value, fields);
	g_strfreev(fields);
}

static void take_description(struct enigma2_parser *parser, unsigned line, const char *value)
{
	if (parser->described == MARKER)
		take_marker(parser, value);
	else if (parser->described == NOTHING)
		listing_warn_of(&parser->listing, line, CHANNEL_KEPT, value,
			"describes no service; it is ignored");
	flush(parser, value);
	parser->described = NOTHING;
}

static void take_name(struct enigma2_parser *parser, const char *value)
{
	flush(parser, "");
	parser->described = NOTHING;
	set(&parser->name, value);
	set(&parser->section, NULL);
}

/* What follows "#KEY", "#KEY:" or "#KEY: " in the line, or NULL. */
static const char *value_of(const char *line, const char *key)
{
	size_t length = strlen(key);
	if (g_ascii_strncasecmp(line, key, length) || (line[length] && !strchr(": ", line[length])))
		return NULL;
	line += length + (line[length] == ':');
	return line + strspn(line, " ");
}

static void take_text(struct enigma2_parser *parser, unsigned line, const char *text)
{
	const char *value;
	if ((value = value_of(text, "#SERVICE")))
		take_service(parser, line, value);
	else if ((value = value_of(text, "#DESCRIPTION")))
		take_description(parser, line, value);
	else if ((value = value_of(text, "#NAME")))
		take_name(parser, value);
	else if (*text != '#')
		listing_warn_of(&parser->listing, line, CHANNEL_IGNORED, text,
			"is no line of a bouquet; it is ignored");
}

static void take_line(void *ctx, const struct text_line *line)
{
	struct enigma2_parser *parser = ctx;
	if (listing_take_line(&parser->listing, line))
		take_text(parser, line->number, line->text);
}

static void *enigma2_create(const char *file, const struct channel_sink *sink)
{
	struct enigma2_parser *parser = g_new0(struct enigma2_parser, 1);
	listing_init(&parser->listing, file, sink);
	lines_init(&parser->lines, take_line, parser);
	return parser;
}

static void enigma2_feed(void *parser, const char *bytes, size_t size)
{
	lines_feed(&((struct enigma2_parser *)parser)->lines, bytes, size);
}

static void enigma2_finish(void *data)
{
	struct enigma2_parser *parser = data;
	lines_finish(&parser->lines);
	flush(parser, "");
}

static void enigma2_destroy(void *data)
{
	struct enigma2_parser *parser = data;
	if (!parser)
		return;
	lines_clear(&parser->lines);
	listing_clear(&parser->listing);
	g_free(parser->name);
	g_free(parser->section);
	g_free(parser->address);
	g_free(parser->title);
	g_free(parser);
}

static bool enigma2_detect(const char *head, size_t size)
{
	const char *end = head + size;
	struct line_span line;
	if (memchr(head, '\0', size))
		return false;
	while (lines_next(&head, end, &line))
		if (line_has_prefix(&line, "#SERVICE ") || line_has_prefix(&line, "#SERVICE:") ||
			line_has_prefix(&line, "#NAME "))
			return true;
	return false;
}

const struct channel_parser_class enigma2_parser_class = {
	.format = CHANNEL_FORMAT_ENIGMA2,
	.name = "enigma2",
	.detect = enigma2_detect,
	.create = enigma2_create,
	.feed = enigma2_feed,
	.finish = enigma2_finish,
	.destroy = enigma2_destroy,
};
