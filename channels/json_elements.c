#include "channels/json_elements.h"

#include <string.h>

void json_elements_init(struct json_elements *elements, const struct json_elements_sink *sink)
{
	*elements =
		(struct json_elements){.sink = *sink, .element = g_string_new(NULL), .at.line = 1};
}

void json_elements_clear(struct json_elements *elements)
{
	g_string_free(elements->element, TRUE);
	*elements = (struct json_elements){0};
}

static void fail(struct json_elements *elements, const char *why)
{
	elements->broken = true;
	elements->sink.broken(elements->sink.ctx, elements->at.line, why, elements->whole);
}

/* Whether the byte belongs to a string, with its quotation marks. */
static bool take_string(struct json_elements *elements, char byte)
{
	if (!elements->in_string) {
		elements->in_string = byte == '"';
		return elements->in_string;
	}
	if (elements->escaped)
		elements->escaped = false;
	else if (byte == '\\')
		elements->escaped = true;
	else if (byte == '"')
		elements->in_string = false;
	return true;
}

static void keep(struct json_elements *elements, char byte)
{
	if (elements->element->len < JSON_ELEMENT_BYTES)
		g_string_append_c(elements->element, byte);
	else
		elements->too_large = true;
}

static void end_element(struct json_elements *elements)
{
	elements->sink.element(elements->sink.ctx, elements->element_line,
		elements->too_large ? NULL : elements->element);
	g_string_truncate(elements->element, 0);
	elements->too_large = false;
}

static void take_inside(struct json_elements *elements, char byte)
{
	keep(elements, byte);
	if (take_string(elements, byte))
		return;
	if (byte == '{' || byte == '[')
		elements->inside_depth++;
	else if ((byte == '}' || byte == ']') && !--elements->inside_depth)
		end_element(elements);
}

static void open_bracket(struct json_elements *elements, char byte)
{
	bool in_array = elements->depth && elements->brackets[elements->depth - 1] == '[';
	if (byte == '{' && in_array) {
		elements->element_line = elements->at.line;
		elements->inside_depth = 1;
		keep(elements, byte);
	} else if (elements->depth == JSON_ELEMENTS_DEPTH) {
		fail(elements, "arrays and objects are nested too deeply");
	} else {
		elements->brackets[elements->depth++] = byte;
		elements->whole = false;
	}
}

static void close_bracket(struct json_elements *elements, char byte)
{
	char opened = elements->depth ? elements->brackets[elements->depth - 1] : '\0';
	if ((byte != '}' || opened != '{') && (byte != ']' || opened != '[')) {
		fail(elements, "a bracket is closed that was not opened");
		return;
	}
	elements->whole = !--elements->depth;
}

static void take_outside(struct json_elements *elements, char byte)
{
	if (take_string(elements, byte))
		return;
	if (byte == '{' || byte == '[')
		open_bracket(elements, byte);
	else if (byte == '}' || byte == ']')
		close_bracket(elements, byte);
	else if (!g_ascii_isalnum(byte) && !g_ascii_isspace(byte) &&
		 (!byte || !strchr(",:+-.", byte)))
		fail(elements, "the text is not JSON");
}

void json_elements_feed(struct json_elements *elements, const char *bytes, size_t size)
{
	static const char bom[] = "\xef\xbb\xbf";
	for (const char *c = bytes; c < bytes + size && !elements->broken; c++) {
		if (elements->marks < 3 && *c == bom[elements->marks]) {
			elements->marks++;
			continue;
		}
		elements->marks = 3;
		line_count(&elements->at, c, 1);
		if (elements->inside_depth)
			take_inside(elements, *c);
		else
			take_outside(elements, *c);
	}
}

void json_elements_finish(struct json_elements *elements)
{
	if (!elements->broken && (elements->depth || elements->in_string))
		fail(elements, "the text breaks off");
}
