/* channels/json_elements: the objects of arrays in a JSON text that comes in pieces. Pure. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "channels/lines.h"

/* A larger object is handed out without its text; deeper arrays and objects are taken for damage.
 */
#define JSON_ELEMENT_BYTES 1048576
#define JSON_ELEMENTS_DEPTH 64

struct json_elements_sink {
	/* `text` may be changed; NULL where it is too large. Its syntax was not looked at. */
	void (*element)(void *ctx, unsigned line, GString *text);
	/*
	 * The rest of the input cannot be made sense of; nothing follows. `whole`: what stands
	 * before it is JSON that has ended.
	 */
	void (*broken)(void *ctx, unsigned line, const char *why, bool whole);
	void *ctx;
};

struct json_elements {
	struct json_elements_sink sink;
	GString *element;
	size_t marks; /* bytes of a byte order mark at the beginning */
	struct line_count at;
	unsigned element_line;
	bool broken, in_string, escaped, too_large;
	bool whole;	       /* what was opened was closed */
	unsigned depth;	       /* outside of the element */
	unsigned inside_depth; /* within it, 0: there is none */
	char brackets[JSON_ELEMENTS_DEPTH];
};

/* Objects that are members of others are looked into, those that an array holds are handed out. */
void json_elements_init(struct json_elements *elements, const struct json_elements_sink *sink);
void json_elements_clear(struct json_elements *elements);
void json_elements_feed(struct json_elements *elements, const char *bytes, size_t size);
void json_elements_finish(struct json_elements *elements);
