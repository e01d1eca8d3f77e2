#include "channels/xml.h"

#include <expat.h>
#include <string.h>

#include "channels/decoder.h"
#include "channels/lines.h"
#include "channels/text.h"

/* Longer names than any that somebody asks for are kept in part. */
#define NAME_BYTES 64

struct xml {
	const char *file;
	struct xml_handler handler;
	struct decoder decoder;
	XML_Parser parser;
	bool failed;
	struct line_count at; /* the text that comes next */
	size_t documents;     /* that are complete */
	/* of the document that is being read: */
	bool in_document, has_root, ended;
	unsigned first_line;
	size_t fed_bytes, used_bytes; /* where the last tag or text began */
	size_t doctype_bytes;	      /* where the declarations begin, 0: they ended */
	unsigned depth;
	char names[XML_DEPTH][NAME_BYTES];
	gsize text_starts[XML_DEPTH];
	GString *text;
	bool cut;
	GHashTable *known; /* names */
	GString *cleaned;
	GStringChunk *values;
};

static const char *local(const char *name)
{
	const char *colon = strrchr(name, ':');
	return colon ? colon + 1 : name;
}

static void say(struct xml *xml, bool error, const char *text)
{
	struct channel_diagnostic diagnostic = {
		.file = xml->file, .line = xml_line(xml), .error = error, .text = text};
	xml->handler.report.diagnostic(xml->handler.report.user, &diagnostic);
}

void xml_fail(struct xml *xml, const char *why)
{
	if (xml->failed)
		return;
	char *text = g_strdup_printf("%s; nothing of it is used", why);
	say(xml, true, text);
	g_free(text);
	xml->failed = true;
	if (xml->in_document)
		XML_StopParser(xml->parser, XML_FALSE);
}

bool xml_has_failed(const struct xml *xml)
{
	return xml->failed;
}

unsigned xml_line(const struct xml *xml)
{
	if (!xml->in_document)
		return xml->at.line;
	return xml->first_line + (unsigned)XML_GetCurrentLineNumber(xml->parser) - 1;
}

const char *xml_ancestor(const struct xml *xml, unsigned generation)
{
	return generation < xml->depth ? xml->names[xml->depth - 1 - generation] : "";
}

/* Line breaks and what is around them become one space, other control characters too. */
static void clean(GString *text)
{
	char *to = text->str;
	for (const char *from = text->str; *from;) {
		size_t blank = strspn(from, " \t\r\n");
		if (blank && strcspn(from, "\r\n") < blank)
			*to++ = ' ';
		else
			to = (char *)memmove(to, from, blank) + blank;
		from += blank;
		size_t word = strcspn(from, " \t\r\n");
		to = (char *)memmove(to, from, word) + word;
		from += word;
	}
	g_string_truncate(text, (gsize)(to - text->str));
	text_clean(text);
}

const char *xml_attribute(struct xml *xml, const char *const *attributes, const char *name)
{
	for (; *attributes; attributes += 2) {
		if (strcmp(local(attributes[0]), name) != 0)
			continue;
		g_string_assign(xml->cleaned, attributes[1]);
		clean(xml->cleaned);
		return g_string_chunk_insert(xml->values, g_strstrip(xml->cleaned->str));
	}
	return "";
}

/* Expat remembers every name that it has seen. */
static void learn(struct xml *xml, const char *name)
{
	if (g_hash_table_contains(xml->known, name))
		return;
	if (g_hash_table_size(xml->known) == XML_NAMES)
		xml_fail(xml, "the XML has too many different names");
	else
		g_hash_table_add(xml->known, g_strdup(name));
}

static void note_use(struct xml *xml)
{
	xml->used_bytes = xml->fed_bytes;
}

static void on_start(void *ctx, const char *name, const char **attributes)
{
	struct xml *xml = ctx;
	note_use(xml);
	learn(xml, name);
	for (size_t i = 0; attributes[i]; i += 2)
		learn(xml, attributes[i]);
	if (xml->depth == XML_DEPTH)
		xml_fail(xml, "the XML's elements are nested too deeply");
	if (xml->failed)
		return;
	xml->has_root = true;
	xml->text_starts[xml->depth] = xml->text->len;
	g_strlcpy(xml->names[xml->depth++], local(name), NAME_BYTES);
	xml->handler.start(xml->handler.ctx, local(name), (const char *const *)attributes);
	g_string_chunk_clear(xml->values);
}

/* A document ends with its first element: what follows may be another one. */
static void end_document(struct xml *xml)
{
	xml->ended = true;
	xml->used_bytes = (size_t)XML_GetCurrentByteIndex(xml->parser) +
			  (size_t)XML_GetCurrentByteCount(xml->parser);
	XML_StopParser(xml->parser, XML_FALSE);
}

static void warn_cut(struct xml *xml)
{
	channel_warn(&xml->handler.report, xml->file, xml_line(xml), CHANNEL_KEPT,
		"the text of %s is longer than %d bytes; the rest is ignored", xml_ancestor(xml, 0),
		XML_TEXT_BYTES);
	xml->cut = false;
}

static void on_end(void *ctx, const char *name)
{
	struct xml *xml = ctx;
	note_use(xml);
	/* Expat may have more to say after it was stopped. */
	if (xml->failed || xml->ended)
		return;
	if (xml->cut)
		warn_cut(xml);
	gsize start = xml->text_starts[xml->depth - 1];
	g_string_assign(xml->cleaned, xml->text->str + start);
	g_string_truncate(xml->text, start);
	clean(xml->cleaned);
	xml->handler.end(xml->handler.ctx, local(name), g_strstrip(xml->cleaned->str));
	if (!--xml->depth && !xml->failed)
		end_document(xml);
}

static void on_text(void *ctx, const char *text, int size)
{
	struct xml *xml = ctx;
	note_use(xml);
	if (!xml->depth)
		return;
	/* White space in front says nothing, and there is much of it between elements. */
	bool first = xml->text->len == xml->text_starts[xml->depth - 1];
	for (; first && size && g_ascii_isspace(*text); text++)
		size--;
	gsize room = XML_TEXT_BYTES - xml->text->len, fits = (gsize)size;
	if (fits > room) {
		xml->cut = true;
		/* Characters are kept whole. */
		for (fits = room; fits && ((guchar)text[fits] & 0xc0) == 0x80;)
			fits--;
	}
	g_string_append_len(xml->text, text, (gssize)fits);
}

static void on_other(void *ctx, const char *text, int size)
{
	(void)text;
	(void)size;
	note_use(ctx);
}

static void on_doctype(
	void *ctx, const char *name, const char *system_id, const char *public_id, int has_internal)
{
	struct xml *xml = ctx;
	(void)name;
	(void)system_id;
	(void)public_id;
	xml->doctype_bytes = has_internal ? MAX(xml->fed_bytes, 1) : 0;
}

static void on_doctype_end(void *ctx)
{
	((struct xml *)ctx)->doctype_bytes = 0;
}

/* A few lines of them grow to gigabytes ("billion laughs"), and no list needs any. */
static void on_entity(void *ctx, const char *name, int is_parameter, const char *value,
	int value_length, const char *base, const char *system_id, const char *public_id,
	const char *notation)
{
	(void)name;
	(void)is_parameter;
	(void)value;
	(void)value_length;
	(void)base;
	(void)system_id;
	(void)public_id;
	(void)notation;
	xml_fail(ctx, "the XML declares entities, which zapper does not read");
}

static void begin_document(struct xml *xml)
{
	XML_ParserReset(xml->parser, "UTF-8");
	XML_SetUserData(xml->parser, xml);
	XML_SetElementHandler(xml->parser, on_start, on_end);
	XML_SetCharacterDataHandler(xml->parser, on_text);
	XML_SetDefaultHandler(xml->parser, on_other);
	XML_SetDoctypeDeclHandler(xml->parser, on_doctype, on_doctype_end);
	XML_SetEntityDeclHandler(xml->parser, on_entity);
	g_hash_table_remove_all(xml->known);
	g_string_truncate(xml->text, 0);
	xml->in_document = true;
	xml->has_root = xml->ended = xml->cut = false;
	xml->first_line = xml->at.line;
	xml->fed_bytes = xml->used_bytes = xml->doctype_bytes = 0;
	xml->depth = 0;
}

static void fail_by_expat(struct xml *xml)
{
	char *why = g_strdup_printf(
		"the text is malformed XML (%s)", XML_ErrorString(XML_GetErrorCode(xml->parser)));
	xml_fail(xml, why);
	g_free(why);
}

static void check_bounds(struct xml *xml)
{
	if (xml->fed_bytes - xml->used_bytes > XML_TOKEN_BYTES)
		xml_fail(xml, "the XML has a tag or comment that is too long");
	else if (xml->doctype_bytes && xml->fed_bytes - xml->doctype_bytes > XML_TEXT_BYTES)
		xml_fail(xml, "the XML's declarations are too long");
}

/* Returns how much of it belongs to the document. */
static size_t feed_document(struct xml *xml, const char *text, size_t size)
{
	enum XML_Status status = XML_Parse(xml->parser, text, (int)size, 0);
	if (xml->ended && !xml->failed) {
		size_t used = xml->used_bytes - xml->fed_bytes;
		line_count(&xml->at, text, used);
		xml->in_document = false;
		xml->documents++;
		return used;
	}
	if (status == XML_STATUS_ERROR)
		fail_by_expat(xml);
	xml->fed_bytes += size;
	line_count(&xml->at, text, size);
	check_bounds(xml);
	return size;
}

/* White space and byte order marks in front of a document. */
static size_t skip_blank(struct xml *xml, const char *text, size_t size)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t at = 0;
	while (at < size) {
		if (g_ascii_isspace(text[at]))
			at++;
		else if (size - at >= strlen(mark) && !memcmp(text + at, mark, strlen(mark)))
			at += strlen(mark);
		else
			break;
	}
	line_count(&xml->at, text, at);
	return at;
}

static void take_text(void *ctx, const char *text, size_t size)
{
	struct xml *xml = ctx;
	while (size && !xml->failed) {
		size_t used;
		if (xml->in_document) {
			used = feed_document(xml, text, size);
		} else {
			used = skip_blank(xml, text, size);
			if (used < size)
				begin_document(xml);
		}
		text += used;
		size -= used;
	}
}

/* Of the decoder, which may be ahead of where the input was given up. */
static void pass_diagnostic(void *user, const struct channel_diagnostic *diagnostic)
{
	struct xml *xml = user;
	if (!xml->failed)
		xml->handler.report.diagnostic(xml->handler.report.user, diagnostic);
}

struct xml *xml_create(const char *file, const struct xml_handler *handler)
{
	struct xml *xml = g_new0(struct xml, 1);
	const struct charset_sink sink = {take_text, xml, {pass_diagnostic, xml}};
	xml->file = file;
	xml->handler = *handler;
	xml->at.line = 1;
	xml->parser = XML_ParserCreate("UTF-8");
	if (!xml->parser)
		g_error("out of memory");
	xml->text = g_string_new(NULL);
	xml->cleaned = g_string_new(NULL);
	xml->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	xml->values = g_string_chunk_new(512);
	decoder_init(&xml->decoder, file, "UTF-8", &sink);
	return xml;
}

void xml_destroy(struct xml *xml)
{
	if (!xml)
		return;
	decoder_clear(&xml->decoder);
	XML_ParserFree(xml->parser);
	g_string_chunk_free(xml->values);
	g_hash_table_unref(xml->known);
	g_string_free(xml->cleaned, TRUE);
	g_string_free(xml->text, TRUE);
	g_free(xml);
}

/* XML has no control characters, and one in the text of a list is no reason to do without it. */
static void blank_controls(char *bytes, size_t size)
{
	for (char *c = bytes; c < bytes + size; c++)
		if ((guchar)*c < 0x20 && !strchr("\t\r\n", *c ? *c : 1))
			*c = ' ';
}

void xml_feed(struct xml *xml, const char *bytes, size_t size)
{
	char piece[DECODER_BYTES];
	while (size && !xml->failed) {
		size_t taken = MIN(size, sizeof piece);
		memcpy(piece, bytes, taken);
		blank_controls(piece, taken);
		decoder_feed(&xml->decoder, piece, taken);
		bytes += taken;
		size -= taken;
	}
}

/* Comments may stand behind the last document. */
static void finish_document(struct xml *xml)
{
	XML_Parse(xml->parser, "", 0, 1);
	bool empty = XML_GetErrorCode(xml->parser) == XML_ERROR_NO_ELEMENTS;
	if (xml->has_root)
		xml_fail(xml, "the XML breaks off");
	else if (!empty || !xml->documents)
		fail_by_expat(xml);
}

bool xml_finish(struct xml *xml)
{
	if (!xml->failed)
		decoder_finish(&xml->decoder);
	if (!xml->failed && xml->in_document)
		finish_document(xml);
	else if (!xml->failed && !xml->documents)
		xml_fail(xml, "there is no XML in it");
	return !xml->failed;
}
