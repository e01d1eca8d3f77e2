#include "channels/m3u.h"

#include <string.h>

#include "channels/extinf.h"
#include "channels/listing.h"
#include "channels/m3u_header.h"
#include "channels/text.h"

/* What came since the last address: it belongs to the next one. */
struct pending {
	char *text; /* holds what `info` points to; NULL: no #EXTINF yet */
	unsigned line;
	struct extinf info;
	char *group;	    /* #EXTGRP behind #EXTINF */
	char **tv;	    /* fields of #EXTTV */
	uint16_t programme; /* 0: not said; players' options stand in front of #EXTINF, too */
};

struct m3u_parser {
	struct listing listing;
	struct lines lines;
	unsigned line_number;
	bool started;	  /* a line that is not blank was seen */
	char *held_group; /* #EXTGRP in front of #EXTINF holds until the next one */
	struct pending pending;
	GHashTable *named; /* directives, attributes and guides that were reported */
};

static void clear_pending(struct pending *pending)
{
	g_free(pending->text);
	g_free(pending->group);
	g_strfreev(pending->tv);
	*pending = (struct pending){0};
}

static void drop_pending(struct m3u_parser *parser)
{
	if (parser->pending.text)
		listing_warn_lost(
			&parser->listing, parser->pending.line, parser->pending.info.name);
	clear_pending(&parser->pending);
}

/* Whether `name` is new; lists of many thousands of different ones are cut short. */
static bool name_once(struct m3u_parser *parser, const char *name)
{
	if (g_hash_table_size(parser->named) > M3U_NAMED ||
		g_hash_table_contains(parser->named, name))
		return false;
	g_hash_table_add(parser->named, g_strdup(name));
	if (g_hash_table_size(parser->named) <= M3U_NAMED)
		return true;
	listing_warn(&parser->listing, parser->line_number, CHANNEL_KEPT,
		"zapper has no use for much of this list; the rest of it is not named");
	return false;
}

static void note_attribute(void *ctx, const char *key)
{
	struct m3u_parser *parser = ctx;
	char *folded = g_ascii_strdown(key, -1);
	if (name_once(parser, folded)) {
		char *quoted = text_quote(folded);
		listing_warn(&parser->listing, parser->line_number, CHANNEL_KEPT,
			"zapper has no use for the attribute %s; it is ignored here and in other "
			"lines",
			quoted);
		g_free(quoted);
	}
	g_free(folded);
}

static void note_guide(void *ctx, const char *url)
{
	struct m3u_parser *parser = ctx;
	if (!name_once(parser, url))
		return;
	char *quoted = text_quote(url);
	listing_warn(&parser->listing, parser->line_number, CHANNEL_KEPT,
		"the list's guide is at %s; it is not fetched (XMLTV files can be imported)",
		quoted);
	g_free(quoted);
}

static void take_header(struct m3u_parser *parser, const char *value)
{
	const struct m3u_header_sink sink = {note_guide, note_attribute, parser};
	char *text = g_strdup(value);
	m3u_header_parse(text, &sink);
	g_free(text);
}

static void take_extinf(struct m3u_parser *parser, const char *value)
{
	uint16_t programme = parser->pending.text ? 0 : parser->pending.programme;
	drop_pending(parser);
	parser->pending.programme = programme;
	parser->pending.text = g_strdup(value);
	parser->pending.line = parser->line_number;
	extinf_parse(parser->pending.text, &parser->pending.info, note_attribute, parser);
}

static void take_group(struct m3u_parser *parser, const char *value)
{
	char **group = parser->pending.text ? &parser->pending.group : &parser->held_group;
	g_free(*group);
	*group = g_strdup(value);
}

static void note_unused(struct m3u_parser *parser, const char *line)
{
	char *name = g_ascii_strup(line, (gssize)strcspn(line, ": "));
	if (name_once(parser, name)) {
		char *quoted = text_quote(name);
		listing_warn(&parser->listing, parser->line_number, CHANNEL_KEPT,
			"zapper has no use for %s; this line and others like it are ignored",
			quoted);
		g_free(quoted);
	}
	g_free(name);
}

/* The value of a directive: what follows its name and a colon, or NULL. */
static const char *value_of(const char *line, const char *directive)
{
	size_t length = strlen(directive);
	if (g_ascii_strncasecmp(line, directive, length) ||
		(line[length] && line[length] != ':' && line[length] != ' '))
		return NULL;
	line += length + (line[length] == ':');
	return line + strspn(line, " ");
}

/* What follows `option` and '=' in one of a player's options, or NULL. */
static const char *option_value(const char *line, const char *directive, const char *option)
{
	const char *value = value_of(line, directive);
	size_t length = strlen(option);
	if (!value || g_ascii_strncasecmp(value, option, length) || value[length] != '=')
		return NULL;
	return value + length + 1;
}

/* Which programme of a stream that holds several, as VLC's and Kodi's lists say it. */
static void take_option(struct m3u_parser *parser, const char *line)
{
	const char *programme = option_value(line, "#EXTVLCOPT", "program");
	if (!programme)
		programme =
			option_value(line, "#KODIPROP", "inputstream.ffmpegdirect.program_number");
	if (programme)
		parser->pending.programme =
			listing_read_programme(&parser->listing, parser->line_number, programme);
	else
		note_unused(parser, line);
}

static void take_directive(struct m3u_parser *parser, const char *line)
{
	const char *value;
	if ((value = value_of(line, "#EXTINF")))
		take_extinf(parser, value);
	else if ((value = value_of(line, "#EXTGRP")))
		take_group(parser, value);
	else if ((value = value_of(line, "#EXTTV")) && parser->pending.text) {
		g_strfreev(parser->pending.tv);
		parser->pending.tv = g_strsplit(value, ";", 4);
	} else if ((value = value_of(line, "#EXTM3U")))
		take_header(parser, value);
	else if (!value_of(line, "#EXTREM"))
		take_option(parser, line);
}

static const char *tv_field(const struct pending *pending, size_t index)
{
	if (!pending->tv || g_strv_length(pending->tv) <= index)
		return "";
	return g_strstrip(pending->tv[index]);
}

static const char *either(const char *first, const char *second)
{
	return *first ? first : second;
}

static void collect_bouquets(struct m3u_parser *parser)
{
	const struct pending *pending = &parser->pending;
	struct listing *listing = &parser->listing;
	unsigned line = parser->line_number;
	if (pending->text)
		listing_add_bouquets(listing, line, pending->info.group, ";|");
	if (pending->group)
		listing_add_bouquets(listing, line, pending->group, ";|");
	if (!listing->bouquets->len && parser->held_group)
		listing_add_bouquets(listing, line, parser->held_group, ";|");
	if (!listing->bouquets->len)
		listing_add_bouquets(listing, line, tv_field(pending, 0), ",");
}

static void describe(struct m3u_parser *parser, struct channel_entry *entry)
{
	const struct pending *pending = &parser->pending;
	if (!pending->text)
		return;
	const struct extinf *info = &pending->info;
	entry->name = either(info->name, either(info->tvg_name, info->guide_id));
	entry->language = either(info->language, tv_field(pending, 1));
	entry->guide_id = either(info->guide_id, tv_field(pending, 2));
	entry->guide_name = info->tvg_name;
	entry->logo = either(info->logo, tv_field(pending, 3));
	entry->kind = info->radio ? CHANNEL_RADIO : CHANNEL_TV;
	listing_read_number(&parser->listing, pending->line, info->number, entry);
}

static void take_address(struct m3u_parser *parser, const char *line)
{
	struct channel_entry entry = {.line = parser->line_number};
	if (listing_read_source(&parser->listing, parser->line_number, line, &entry.source)) {
		collect_bouquets(parser);
		describe(parser, &entry);
		entry.source.address.programme = parser->pending.programme;
		listing_emit(&parser->listing, &entry);
	}
	listing_drop(&parser->listing);
	clear_pending(&parser->pending);
}

static void take_overlong(struct m3u_parser *parser, const char *line)
{
	bool address = *line != '#';
	listing_warn_overlong(
		&parser->listing, parser->line_number, address ? CHANNEL_IGNORED : CHANNEL_KEPT);
	if (address)
		clear_pending(&parser->pending);
}

static void check_start(struct m3u_parser *parser, const char *line)
{
	if (!parser->started && !value_of(line, "#EXTM3U"))
		listing_warn(&parser->listing, parser->line_number, CHANNEL_KEPT,
			"the list does not begin with #EXTM3U; it is read all the same");
	parser->started = true;
}

/* Whether a line beginning with '#' is more than a comment. */
static bool is_directive(const char *line)
{
	return !g_ascii_strncasecmp(line, "#EXT", 4) || !g_ascii_strncasecmp(line, "#KODI", 5);
}

static void take_text(struct m3u_parser *parser, char *line, gssize bad)
{
	if (!*line)
		return;
	check_start(parser, line);
	if (*line == '#' && !is_directive(line))
		return;
	listing_warn_bad(&parser->listing, parser->line_number, bad);
	if (*line == '#')
		take_directive(parser, line);
	else
		take_address(parser, line);
}

static void take_line(void *ctx, const struct text_line *line)
{
	struct m3u_parser *parser = ctx;
	parser->line_number = line->number;
	if (line->overlong)
		take_overlong(parser, line->text);
	else
		take_text(parser, line->text, line->bad);
}

static void *m3u_create(const char *file, const struct channel_sink *sink)
{
	struct m3u_parser *parser = g_new0(struct m3u_parser, 1);
	listing_init(&parser->listing, file, sink);
	lines_init(&parser->lines, take_line, parser);
	parser->named = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return parser;
}

static void m3u_feed(void *parser, const char *bytes, size_t size)
{
	lines_feed(&((struct m3u_parser *)parser)->lines, bytes, size);
}

static void m3u_finish(void *data)
{
	struct m3u_parser *parser = data;
	lines_finish(&parser->lines);
	drop_pending(parser);
}

static void m3u_destroy(void *data)
{
	struct m3u_parser *parser = data;
	if (!parser)
		return;
	clear_pending(&parser->pending);
	g_hash_table_unref(parser->named);
	lines_clear(&parser->lines);
	listing_clear(&parser->listing);
	g_free(parser->held_group);
	g_free(parser);
}

const struct channel_parser_class m3u_parser_class = {
	.format = CHANNEL_FORMAT_M3U,
	.name = "m3u",
	.detect = m3u_detect,
	.create = m3u_create,
	.feed = m3u_feed,
	.finish = m3u_finish,
	.destroy = m3u_destroy,
};
