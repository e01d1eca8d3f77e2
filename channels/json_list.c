#include "channels/json_list.h"

#include <jansson.h>
#include <string.h>

#include "channels/json_channel.h"
#include "channels/json_elements.h"
#include "channels/text.h"

struct json_parser {
	struct listing listing;
	struct json_elements elements;
};

/* What text_clean() writes for a byte that is nothing, "\x80", is an escape in JSON: mask it. */
static void mask_escapes(GString *text)
{
	for (gsize i = 0; i + 1 < text->len; i++) {
		if (text->str[i] != '\\')
			continue;
		if (text->str[i + 1] == 'x')
			g_string_insert_c(text, (gssize)i, '\\');
		i++;
	}
}

static json_t *load(struct json_parser *parser, unsigned line, GString *text)
{
	gssize bad = text_clean(text);
	if (bad >= 0) {
		listing_warn(&parser->listing, line, CHANNEL_KEPT,
			"the text is not UTF-8; its bytes are read as Latin-1");
		mask_escapes(text);
	}
	/* Identifiers are numbers of any length to some. */
	json_error_t error;
	json_t *object =
		json_loadb(text->str, text->len, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);
	if (!object)
		listing_warn(&parser->listing, line, CHANNEL_IGNORED,
			"the object is malformed (%s); it is ignored",
			listing_keep(&parser->listing, error.text, strlen(error.text)));
	return object;
}

static void take_element(void *ctx, unsigned line, GString *text)
{
	struct json_parser *parser = ctx;
	if (!text) {
		listing_warn(&parser->listing, line, CHANNEL_IGNORED,
			"the object is larger than %d bytes; it is ignored", JSON_ELEMENT_BYTES);
		return;
	}
	json_t *object = load(parser, line, text);
	if (object)
		json_channel_read(&parser->listing, line, object);
	json_decref(object);
	listing_drop(&parser->listing);
}

/* Half a list would take from the line-up what stood in the other half. */
static void take_broken(void *ctx, unsigned line, const char *why, bool whole)
{
	struct json_parser *parser = ctx;
	if (whole)
		listing_warn(&parser->listing, line, CHANNEL_KEPT,
			"what stands behind the end of the list is ignored: %s", why);
	else
		channel_fail(&parser->listing.sink.report, parser->listing.file, line,
			"%s; nothing of the list is used", why);
}

static void *json_create(const char *file, const struct channel_sink *sink)
{
	struct json_parser *parser = g_new0(struct json_parser, 1);
	const struct json_elements_sink elements_sink = {take_element, take_broken, parser};
	listing_init(&parser->listing, file, sink);
	json_elements_init(&parser->elements, &elements_sink);
	return parser;
}

static void json_feed(void *parser, const char *bytes, size_t size)
{
	json_elements_feed(&((struct json_parser *)parser)->elements, bytes, size);
}

static void json_finish(void *parser)
{
	json_elements_finish(&((struct json_parser *)parser)->elements);
}

static void json_destroy(void *data)
{
	struct json_parser *parser = data;
	if (!parser)
		return;
	json_elements_clear(&parser->elements);
	listing_clear(&parser->listing);
	g_free(parser);
}

/* A bracket, and behind it what JSON has there: many other things begin with a bracket. */
static bool json_detect(const char *head, size_t size)
{
	const char *end = head + size;
	struct line_span line;
	if (memchr(head, '\0', size) || !lines_next(&head, end, &line) ||
		!strchr("[{", *line.start))
		return false;
	const char *next = line.start + 1;
	while (next < end && g_ascii_isspace(*next))
		next++;
	return next < end && strchr(*line.start == '[' ? "[{]\"" : "\"", *next);
}

const struct channel_parser_class json_parser_class = {
	.format = CHANNEL_FORMAT_JSON,
	.name = "json",
	.detect = json_detect,
	.create = json_create,
	.feed = json_feed,
	.finish = json_finish,
	.destroy = json_destroy,
};
