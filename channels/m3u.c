#include "channels/m3u.h"

#include <string.h>

#include "channels/extinf.h"
#include "channels/lines.h"
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
	const char *file;
	struct channel_sink sink;
	struct lines lines;
	GStringChunk *strings; /* of the source that is being read */
	unsigned line_number;
	bool started;	  /* a line that is not blank was seen */
	char *held_group; /* #EXTGRP in front of #EXTINF holds until the next one */
	struct pending pending;
	GHashTable *unused; /* names of directives that were reported */
};

static void clear_pending(struct pending *pending)
{
	g_free(pending->text);
	g_free(pending->group);
	g_strfreev(pending->tv);
	*pending = (struct pending){0};
}

#define warn(parser, at, loss, ...)                                                                \
	channel_warn(&(parser)->sink.report, (parser)->file, at, loss, __VA_ARGS__)

static void drop_pending(struct m3u_parser *parser)
{
	if (parser->pending.text) {
		char *name = text_quote(parser->pending.info.name);
		warn(parser, parser->pending.line, CHANNEL_IGNORED,
			"%s has no address; it is ignored", name);
		g_free(name);
	}
	clear_pending(&parser->pending);
}

static void take_extinf(struct m3u_parser *parser, const char *value)
{
	uint16_t programme = parser->pending.text ? 0 : parser->pending.programme;
	drop_pending(parser);
	parser->pending.programme = programme;
	parser->pending.text = g_strdup(value);
	parser->pending.line = parser->line_number;
	extinf_parse(parser->pending.text, &parser->pending.info);
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
	if (g_hash_table_contains(parser->unused, name)) {
		g_free(name);
		return;
	}
	char *quoted = text_quote(name);
	warn(parser, parser->line_number, CHANNEL_KEPT,
		"zapper has no use for %s; this line and others like it are ignored", quoted);
	g_free(quoted);
	g_hash_table_add(parser->unused, name);
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

/* Which programme of a stream that holds several, as VLC's and Kodi's lists say it. */
static void take_programme(struct m3u_parser *parser, const char *value)
{
	guint64 number;
	if (g_ascii_string_to_unsigned(value, 10, 1, UINT16_MAX, &number, NULL)) {
		parser->pending.programme = (uint16_t)number;
		return;
	}
	char *quoted = text_quote(value);
	warn(parser, parser->line_number, CHANNEL_KEPT,
		"%s is not a programme number; the first programme of the stream is played",
		quoted);
	g_free(quoted);
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

static void take_option(struct m3u_parser *parser, const char *line)
{
	const char *programme = option_value(line, "#EXTVLCOPT", "program");
	if (!programme)
		programme =
			option_value(line, "#KODIPROP", "inputstream.ffmpegdirect.program_number");
	if (programme)
		take_programme(parser, programme);
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
	} else if (!value_of(line, "#EXTM3U") && !value_of(line, "#EXTREM"))
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

static void add_bouquets(
	struct m3u_parser *parser, const char *list, const char *delimiters, GPtrArray *bouquets)
{
	char **names = g_strsplit_set(list, delimiters, -1);
	bool cut = false;
	for (char **name = names; *name && !cut; name++) {
		const char *stripped = g_strstrip(*name);
		if (!*stripped ||
			g_ptr_array_find_with_equal_func(bouquets, stripped, g_str_equal, NULL))
			continue;
		cut = bouquets->len == M3U_BOUQUETS;
		if (!cut)
			g_ptr_array_add(bouquets, g_strdup(stripped));
	}
	if (cut)
		warn(parser, parser->line_number, CHANNEL_KEPT,
			"more than %d groups for one channel; the others are ignored",
			M3U_BOUQUETS);
	g_strfreev(names);
}

/* NULL-terminated, owning its strings. */
static GPtrArray *collect_bouquets(struct m3u_parser *parser)
{
	struct pending *pending = &parser->pending;
	GPtrArray *bouquets = g_ptr_array_new_with_free_func(g_free);
	if (pending->text)
		add_bouquets(parser, pending->info.group, ";|", bouquets);
	if (pending->group)
		add_bouquets(parser, pending->group, ";|", bouquets);
	if (!bouquets->len && parser->held_group)
		add_bouquets(parser, parser->held_group, ";|", bouquets);
	if (!bouquets->len)
		add_bouquets(parser, tv_field(pending, 0), ",", bouquets);
	g_ptr_array_add(bouquets, NULL);
	return bouquets;
}

static void read_number(struct m3u_parser *parser, struct channel_entry *entry)
{
	const char *text = parser->pending.info.number;
	if (!*text)
		return;
	entry->numbered = !channel_number_parse(text, &entry->number, &entry->subnumber);
	if (!entry->numbered) {
		char *quoted = text_quote(text);
		warn(parser, parser->pending.line, CHANNEL_KEPT,
			"%s is not a channel number; the channel gets the next free one", quoted);
		g_free(quoted);
	}
}

static void describe(struct m3u_parser *parser, struct channel_entry *entry)
{
	const struct pending *pending = &parser->pending;
	if (!pending->text)
		return;
	const struct extinf *info = &pending->info;
	entry->name = either(info->name, either(info->tvg_name, info->guide_id));
	entry->guide_id = either(info->guide_id, tv_field(pending, 2));
	entry->logo = either(info->logo, tv_field(pending, 3));
	entry->kind = info->radio ? CHANNEL_RADIO : CHANNEL_TV;
	read_number(parser, entry);
}

/* For a channel that has none. Freed with g_free(). */
static char *name_of(const struct channel_address *address)
{
	char uri[CHANNEL_ADDRESS_BYTES];
	channel_address_format(address, uri);
	return address->programme ? g_strdup_printf("%s programme %u", uri, address->programme)
				  : g_strdup(uri);
}

static void emit(struct m3u_parser *parser, const struct channel_source *source)
{
	GPtrArray *bouquets = collect_bouquets(parser);
	struct channel_entry entry = {
		.line = parser->line_number,
		.name = "",
		.language = "",
		.guide_id = "",
		.logo = "",
		.bouquets = (const char *const *)bouquets->pdata,
		.source = *source,
	};
	describe(parser, &entry);
	entry.source.address.programme = parser->pending.programme;
	char *name = *entry.name ? NULL : name_of(&entry.source.address);
	if (name) {
		entry.name = name;
		warn(parser, parser->line_number, CHANNEL_KEPT,
			"the channel has no name; it is called \"%s\"", name);
	}
	parser->sink.entry(parser->sink.user, &entry);
	g_free(name);
	g_ptr_array_unref(bouquets);
}

static void take_address(struct m3u_parser *parser, const char *line)
{
	struct channel_source source;
	const char *why;
	if (!channel_source_parse(line, parser->strings, &source, &why)) {
		emit(parser, &source);
	} else {
		char *quoted = text_quote(line);
		warn(parser, parser->line_number, CHANNEL_IGNORED, "%s: %s; it is ignored", quoted,
			why);
		g_free(quoted);
	}
	g_string_chunk_clear(parser->strings);
	clear_pending(&parser->pending);
}

static void take_overlong(struct m3u_parser *parser, const char *line)
{
	bool address = *line != '#';
	warn(parser, parser->line_number, address ? CHANNEL_IGNORED : CHANNEL_KEPT,
		"the line is longer than %d bytes; it is ignored", LINES_BYTES);
	if (address)
		clear_pending(&parser->pending);
}

static void check_start(struct m3u_parser *parser, const char *line)
{
	if (!parser->started && !value_of(line, "#EXTM3U"))
		warn(parser, parser->line_number, CHANNEL_KEPT,
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
	if (bad >= 0)
		warn(parser, parser->line_number, CHANNEL_KEPT,
			"the text is not UTF-8 from byte %" G_GSSIZE_FORMAT
			" on; its bytes are read as Latin-1",
			bad + 1);
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
	parser->file = file;
	parser->sink = *sink;
	lines_init(&parser->lines, take_line, parser);
	parser->strings = g_string_chunk_new(256);
	parser->unused = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
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
	g_hash_table_unref(parser->unused);
	lines_clear(&parser->lines);
	g_string_chunk_free(parser->strings);
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
