#include "channels/xspf.h"

#include <string.h>

#include "channels/listing.h"
#include "channels/xml.h"

struct location {
	unsigned line;
	const char *address;
};

enum ids { IDS_UNSEEN, IDS_ARE_NUMBERS, IDS_ARE_COUNTERS };

/* Strings are "" where it does not say. */
struct track {
	bool open;
	unsigned line;
	const char *title, *image, *group, *guide_id, *guide_name, *programme;
	const char *language, *radio;
	const char *number, *track_number, *id;
	struct location locations[XSPF_LOCATIONS];
	size_t location_count;
};

struct xspf_parser {
	struct listing listing;
	struct xml *xml;
	enum ids ids;
	bool tree_said;
	GStringChunk *strings; /* of the track */
	struct track track;
	unsigned location_line;
	const char **meta; /* where the text of this meta goes, or NULL */
};

static void begin_track(struct xspf_parser *parser)
{
	g_string_chunk_clear(parser->strings);
	parser->track = (struct track){.open = true,
		.line = xml_line(parser->xml),
		.title = "",
		.image = "",
		.group = "",
		.guide_id = "",
		.guide_name = "",
		.programme = "",
		.language = "",
		.radio = "",
		.number = "",
		.track_number = "",
		.id = ""};
}

/* "http://www.example.org/group-title" is one, too: rel is a URI by the letter. */
static const char **meta_of(struct track *track, const char *rel)
{
	const char *slash = strrchr(rel, '/');
	const char *name = slash ? slash + 1 : rel;
	const char *hash = strrchr(name, '#');
	if (hash)
		name = hash + 1;
	if (!strcmp(name, "group-title"))
		return &track->group;
	if (!strcmp(name, "tvg-id"))
		return &track->guide_id;
	if (!strcmp(name, "tvg-name"))
		return &track->guide_name;
	if (!strcmp(name, "tvg-language"))
		return &track->language;
	if (!strcmp(name, "radio"))
		return &track->radio;
	return strcmp(name, "tvg-chno") != 0 ? NULL : &track->number;
}

static void warn_tree(struct xspf_parser *parser)
{
	if (!parser->tree_said)
		listing_warn(&parser->listing, xml_line(parser->xml), CHANNEL_KEPT,
			"the playlist sorts its tracks into VLC's folders; these are ignored");
	parser->tree_said = true;
}

static void add_location(struct xspf_parser *parser, const char *address)
{
	struct track *track = &parser->track;
	if (track->open && track->location_count < XSPF_LOCATIONS) {
		track->locations[track->location_count++] = (struct location){
			parser->location_line, g_string_chunk_insert(parser->strings, address)};
		return;
	}
	listing_warn_of(&parser->listing, parser->location_line, CHANNEL_IGNORED, address,
		track->open ? "is one location too many for a track; it is ignored"
			    : "stands behind the track's end; it is ignored");
}

static void keep(struct xspf_parser *parser, const char **field, const char *text)
{
	if (!**field)
		*field = g_string_chunk_insert(parser->strings, text);
}

static void take_option(struct xspf_parser *parser, const char *option)
{
	static const char program[] = "program=";
	option += *option == ':';
	if (g_str_has_prefix(option, program))
		keep(parser, &parser->track.programme, option + strlen(program));
}

static void take_id(struct xspf_parser *parser, const char *text)
{
	if (parser->ids == IDS_UNSEEN)
		parser->ids = strcmp(text, "0") != 0 ? IDS_ARE_NUMBERS : IDS_ARE_COUNTERS;
	if (parser->ids == IDS_ARE_NUMBERS)
		keep(parser, &parser->track.id, text);
}

static const char *number_of(const struct track *track)
{
	if (*track->number)
		return track->number;
	return *track->track_number ? track->track_number : track->id;
}

static void emit(struct xspf_parser *parser, const struct location *location)
{
	const struct track *track = &parser->track;
	struct listing *listing = &parser->listing;
	struct channel_entry entry = {.line = location->line,
		.name = track->title,
		.kind = strcmp(track->radio, "true") ? CHANNEL_TV : CHANNEL_RADIO,
		.language = track->language,
		.guide_id = track->guide_id,
		.guide_name = track->guide_name,
		.logo = track->image};
	if (!listing_read_source(listing, location->line, location->address, &entry.source))
		return;
	if (*track->programme)
		entry.source.address.programme =
			listing_read_programme(listing, location->line, track->programme);
	listing_read_number(listing, location->line, number_of(track), &entry);
	listing_add_bouquets(listing, location->line, track->group, ";|");
	listing_emit(listing, &entry);
}

static void end_track(struct xspf_parser *parser)
{
	struct track *track = &parser->track;
	if (!track->open)
		return;
	track->open = false;
	if (!track->location_count)
		listing_warn_lost(&parser->listing, track->line, track->title);
	for (size_t i = 0; i < track->location_count; i++) {
		emit(parser, &track->locations[i]);
		listing_drop(&parser->listing);
	}
}

static void on_start(void *ctx, const char *name, const char *const *attributes)
{
	struct xspf_parser *parser = ctx;
	const char *parent = xml_ancestor(parser->xml, 1);
	if (!strcmp(name, "track")) {
		/* Where one stands within another, that one ends here. */
		end_track(parser);
		begin_track(parser);
	} else if (!strcmp(name, "location"))
		parser->location_line = xml_line(parser->xml);
	else if (!strcmp(name, "node") && !strcmp(parent, "extension"))
		warn_tree(parser);
	else if (!strcmp(name, "meta"))
		parser->meta =
			meta_of(&parser->track, xml_attribute(parser->xml, attributes, "rel"));
}

static void take_detail(struct xspf_parser *parser, const char *name, const char *text)
{
	struct track *track = &parser->track;
	if (!strcmp(name, "location") && *text)
		add_location(parser, text);
	else if (!strcmp(name, "title"))
		keep(parser, &track->title, text);
	else if (!strcmp(name, "image"))
		keep(parser, &track->image, text);
	else if (!strcmp(name, "trackNum"))
		keep(parser, &track->track_number, text);
	else if (!strcmp(name, "meta") && parser->meta)
		keep(parser, parser->meta, text);
}

static void on_end(void *ctx, const char *name, const char *text)
{
	struct xspf_parser *parser = ctx;
	bool in_track = !strcmp(xml_ancestor(parser->xml, 1), "track");
	bool in_extension = !strcmp(xml_ancestor(parser->xml, 1), "extension") &&
			    !strcmp(xml_ancestor(parser->xml, 2), "track");
	if (!strcmp(name, "track"))
		end_track(parser);
	else if (in_track)
		take_detail(parser, name, text);
	else if (in_extension && !strcmp(name, "id"))
		take_id(parser, text);
	else if (in_extension && !strcmp(name, "option"))
		take_option(parser, text);
}

static void *xspf_create(const char *file, const struct channel_sink *sink)
{
	struct xspf_parser *parser = g_new0(struct xspf_parser, 1);
	const struct xml_handler handler = {on_start, on_end, parser, sink->report};
	listing_init(&parser->listing, file, sink);
	parser->xml = xml_create(file, &handler);
	parser->strings = g_string_chunk_new(1024);
	begin_track(parser);
	parser->track.open = false;
	return parser;
}

static void xspf_feed(void *parser, const char *bytes, size_t size)
{
	xml_feed(((struct xspf_parser *)parser)->xml, bytes, size);
}

static void xspf_finish(void *parser)
{
	xml_finish(((struct xspf_parser *)parser)->xml);
}

static void xspf_destroy(void *data)
{
	struct xspf_parser *parser = data;
	if (!parser)
		return;
	xml_destroy(parser->xml);
	g_string_chunk_free(parser->strings);
	listing_clear(&parser->listing);
	g_free(parser);
}

static bool xspf_detect(const char *head, size_t size)
{
	return xml_root_is(head, size, "playlist");
}

const struct channel_parser_class xspf_parser_class = {
	.format = CHANNEL_FORMAT_XSPF,
	.name = "xspf",
	.detect = xspf_detect,
	.create = xspf_create,
	.feed = xspf_feed,
	.finish = xspf_finish,
	.destroy = xspf_destroy,
};
