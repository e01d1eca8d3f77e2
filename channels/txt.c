#include "channels/txt.h"

#include <string.h>

#include "channels/listing.h"

struct txt_parser {
	struct listing listing;
	struct lines lines;
	char *group; /* that the lines are in, or NULL */
};

/* Chinese keyboards have a comma of their own. */
static const char wide_comma[] = "\xef\xbc\x8c";

/* Where the last comma in text[0..size) begins, or NULL. */
static const char *last_comma(const char *text, size_t size)
{
	const char *comma = memrchr(text, ',', size);
	const char *wide = g_strrstr_len(text, (gssize)size, wide_comma);
	return wide && (!comma || wide > comma) ? wide : comma;
}

static const char *after_comma(const char *comma)
{
	return comma + (*comma == ',' ? 1 : strlen(wide_comma));
}

static bool is_comment(const char *line)
{
	return line[0] == '#' || (line[0] == '/' && line[1] == '/');
}

/* Whether the line begins a group, whose name is what is in front of the comma. */
static bool take_group(struct txt_parser *parser, const char *line)
{
	const char *mark = strcasestr(line, "#genre#");
	const char *comma = mark ? last_comma(line, (size_t)(mark - line)) : NULL;
	if (!comma)
		return false;
	g_free(parser->group);
	parser->group = g_strstrip(g_strndup(line, (gsize)(comma - line)));
	return true;
}

static void take_address(
	struct txt_parser *parser, unsigned line, const char *name, const char *address)
{
	struct listing *listing = &parser->listing;
	struct channel_entry entry = {.line = line, .name = name};
	if (listing_read_source(listing, line, address, &entry.source)) {
		if (parser->group)
			listing_add_bouquets(listing, line, parser->group, "");
		listing_emit(listing, &entry);
	}
	listing_drop(listing);
}

/* Names may hold commas, and so may addresses behind their scheme. */
static void take_channel(struct txt_parser *parser, unsigned line, const char *text)
{
	const char *scheme = strstr(text, "://");
	const char *comma = last_comma(text, scheme ? (size_t)(scheme - text) : strlen(text));
	char *name = g_strstrip(g_strndup(text, comma ? (gsize)(comma - text) : 0));
	char **addresses = g_strsplit(comma ? after_comma(comma) : text, "#", -1);
	size_t found = 0;
	for (char **address = addresses; *address; address++) {
		if (!*g_strstrip(*address))
			continue;
		take_address(parser, line, name, *address);
		found++;
	}
	if (!found)
		listing_warn_lost(&parser->listing, line, name);
	g_strfreev(addresses);
	g_free(name);
}

static void take_line(void *ctx, const struct text_line *line)
{
	struct txt_parser *parser = ctx;
	if (line->overlong)
		listing_warn_overlong(&parser->listing, line->number,
			is_comment(line->text) ? CHANNEL_KEPT : CHANNEL_IGNORED);
	if (line->overlong || !*line->text || is_comment(line->text))
		return;
	listing_warn_bad(&parser->listing, line->number, line->bad);
	if (!take_group(parser, line->text))
		take_channel(parser, line->number, line->text);
}

static void *txt_create(const char *file, const struct channel_sink *sink)
{
	struct txt_parser *parser = g_new0(struct txt_parser, 1);
	listing_init(&parser->listing, file, sink);
	lines_init(&parser->lines, take_line, parser);
	return parser;
}

static void txt_feed(void *parser, const char *bytes, size_t size)
{
	lines_feed(&((struct txt_parser *)parser)->lines, bytes, size);
}

static void txt_finish(void *parser)
{
	lines_finish(&((struct txt_parser *)parser)->lines);
}

static void txt_destroy(void *data)
{
	struct txt_parser *parser = data;
	if (!parser)
		return;
	lines_clear(&parser->lines);
	listing_clear(&parser->listing);
	g_free(parser->group);
	g_free(parser);
}

static bool is_txt_line(const struct line_span *line)
{
	char *text = g_strndup(line->start, (gsize)(line->end - line->start));
	const char *mark = strcasestr(text, "#genre#");
	const char *scheme = strstr(text, "://");
	const char *name_end = mark ? mark : scheme;
	bool is_one = !is_comment(text) && name_end && last_comma(text, (size_t)(name_end - text));
	g_free(text);
	return is_one;
}

static bool txt_detect(const char *head, size_t size)
{
	const char *end = head + size;
	struct line_span line;
	bool found = false;
	if (memchr(head, '\0', size))
		return false;
	while (lines_next(&head, end, &line)) {
		/* Markup has commas and addresses, too. */
		if (*line.start == '<' || line_has_prefix(&line, "#EXT"))
			return false;
		found = found || is_txt_line(&line);
	}
	return found;
}

const struct channel_parser_class txt_parser_class = {
	.format = CHANNEL_FORMAT_TXT,
	.name = "txt",
	.detect = txt_detect,
	.create = txt_create,
	.feed = txt_feed,
	.finish = txt_finish,
	.destroy = txt_destroy,
};
