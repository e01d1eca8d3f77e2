#include "channels/sdp.h"

#include <string.h>

#include "channels/listing.h"
#include "channels/sdp_media.h"

struct sdp_parser {
	struct listing listing;
	struct lines lines;
	bool started;
	/* of the session: */
	char *name;
	char *group;
	struct sdp_scope session;
	/* of the media that is being read: */
	bool in_media;
	unsigned line;
	struct sdp_media media;
};

static void clear_session(struct sdp_parser *parser)
{
	g_free(parser->name);
	g_free(parser->group);
	parser->name = parser->group = NULL;
	sdp_scope_clear(&parser->session);
}

static void emit(struct sdp_parser *parser, const struct channel_address *address)
{
	const struct sdp_media *media = &parser->media;
	struct channel_entry entry = {
		.line = parser->line,
		.name = parser->name,
		.language =
			media->scope.language ? media->scope.language : parser->session.language,
		.kind = media->audio ? CHANNEL_RADIO : CHANNEL_TV,
		.source = channel_source_of(address),
	};
	if (media->scope.title)
		entry.source.label = media->scope.title;
	if (parser->group)
		listing_add_bouquets(&parser->listing, parser->line, parser->group, "");
	listing_emit(&parser->listing, &entry);
}

static void end_media(struct sdp_parser *parser)
{
	if (!parser->in_media)
		return;
	parser->in_media = false;
	struct channel_address addresses[SDP_SENDERS];
	const char *note = NULL;
	char *why = NULL;
	size_t count =
		sdp_media_addresses(&parser->media, &parser->session, addresses, &why, &note);
	if (!count)
		listing_warn(
			&parser->listing, parser->line, CHANNEL_IGNORED, "%s; it is ignored", why);
	else if (note)
		listing_warn(&parser->listing, parser->line, CHANNEL_KEPT, "%s", note);
	g_free(why);
	for (size_t i = 0; i < count; i++)
		emit(parser, &addresses[i]);
	sdp_media_clear(&parser->media);
}

static void begin_session(struct sdp_parser *parser)
{
	end_media(parser);
	clear_session(parser);
}

static void begin_media(struct sdp_parser *parser, unsigned line, const char *value)
{
	end_media(parser);
	parser->in_media = true;
	parser->line = line;
	sdp_media_parse(&parser->media, value);
}

static void set(char **field, const char *value)
{
	if (*value && !*field)
		*field = g_strdup(value);
}

static void take_attribute(struct sdp_parser *parser, struct sdp_scope *scope, const char *value)
{
	static const char plgroup[] = "x-plgroup:", lang[] = "lang:";
	if (g_str_has_prefix(value, plgroup))
		set(&parser->group, value + strlen(plgroup));
	else if (g_str_has_prefix(value, lang))
		set(&scope->language, value + strlen(lang));
	else
		sdp_scope_attribute(scope, value);
}

static void take_field(struct sdp_parser *parser, unsigned line, char type, const char *value)
{
	struct sdp_scope *scope = parser->in_media ? &parser->media.scope : &parser->session;
	switch (type) {
	case 'v':
		begin_session(parser);
		break;
	case 's':
		/* RFC 8866 section 5.3: a session without a name has "-". */
		if (strcmp(value, "-") != 0)
			set(&parser->name, value);
		break;
	case 'i':
		if (parser->in_media)
			set(&scope->title, value);
		break;
	case 'c':
		if (scope->connection)
			listing_warn_of(&parser->listing, line, CHANNEL_IGNORED, value,
				"is a second connection address; it is ignored");
		set(&scope->connection, value);
		break;
	case 'm':
		begin_media(parser, line, value);
		break;
	case 'a':
		take_attribute(parser, scope, value);
		break;
	default:
		break;
	}
}

static void take_text(struct sdp_parser *parser, unsigned line, char *text)
{
	char type = text[0];
	bool known = type && strchr("vosiuepcbtrzkma", type) && text[1] == '=';
	if (!parser->started && type != 'v')
		listing_warn(&parser->listing, line, CHANNEL_KEPT,
			"the description does not begin with v=0; it is read all the same");
	parser->started = true;
	if (known)
		take_field(parser, line, type, g_strstrip(text + 2));
	else
		listing_warn_of(&parser->listing, line, CHANNEL_KEPT, text,
			"is no line of a session description; it is ignored");
}

static void take_line(void *ctx, const struct text_line *line)
{
	struct sdp_parser *parser = ctx;
	if (listing_take_line(&parser->listing, line))
		take_text(parser, line->number, line->text);
}

static void *sdp_create(const char *file, const struct channel_sink *sink)
{
	struct sdp_parser *parser = g_new0(struct sdp_parser, 1);
	listing_init(&parser->listing, file, sink);
	lines_init(&parser->lines, take_line, parser);
	return parser;
}

static void sdp_feed(void *parser, const char *bytes, size_t size)
{
	lines_feed(&((struct sdp_parser *)parser)->lines, bytes, size);
}

static void sdp_finish(void *data)
{
	struct sdp_parser *parser = data;
	lines_finish(&parser->lines);
	end_media(parser);
}

static void sdp_destroy(void *data)
{
	struct sdp_parser *parser = data;
	if (!parser)
		return;
	sdp_media_clear(&parser->media);
	clear_session(parser);
	lines_clear(&parser->lines);
	listing_clear(&parser->listing);
	g_free(parser);
}

static bool sdp_detect(const char *head, size_t size)
{
	struct line_span line;
	return !memchr(head, '\0', size) && lines_next(&head, head + size, &line) &&
	       line.end - line.start == 3 && line_has_prefix(&line, "v=0");
}

const struct channel_parser_class sdp_parser_class = {
	.format = CHANNEL_FORMAT_SDP,
	.name = "sdp",
	.detect = sdp_detect,
	.create = sdp_create,
	.feed = sdp_feed,
	.finish = sdp_finish,
	.destroy = sdp_destroy,
};
