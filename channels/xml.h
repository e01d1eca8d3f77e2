/*
 * channels/xml: what the readers of XML lists and guides have in common, on expat. Pure.
 *
 * Bytes come in pieces; names are without their namespace's prefix, whether or not that was
 * declared. Several documents may stand one behind the other, with blank lines in front. Control
 * characters are spaces and bytes that are not UTF-8 are read as Latin-1, with a warning for the
 * line; entities are not declared but refused. Where the text is malformed or breaks off, that is
 * an error: half a list would take from the line-up whatever stood in the other half, so nothing of
 * it may be used, and there is one diagnostic that says so.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "channels/report.h"

/* So deep may elements be nested, and so many names may they and their attributes have. */
#define XML_DEPTH 64
#define XML_NAMES 1024
/* Of an element's text, what is behind is left out; a tag or comment must not be longer. */
#define XML_TEXT_BYTES 65536
#define XML_TOKEN_BYTES 1048576

struct xml;

struct xml_handler {
	/* `attributes` are for xml_attribute(), during the call. */
	void (*start)(void *ctx, const char *name, const char *const *attributes);
	/*
	 * `text` is what stood in the element, without that of elements inside it and without
	 * white space around it; line breaks within are spaces. For the call only.
	 */
	void (*end)(void *ctx, const char *name, const char *text);
	void *ctx;
	struct channel_report report;
};

/* `file` is borrowed. Freed with xml_destroy(), which accepts NULL. */
struct xml *xml_create(const char *file, const struct xml_handler *handler);
void xml_destroy(struct xml *xml);
void xml_feed(struct xml *xml, const char *bytes, size_t size);
/* The input ends here. False where it was not XML to its end, which was said. */
bool xml_finish(struct xml *xml);

/* Of the tag that is being handled. */
unsigned xml_line(const struct xml *xml);
/* 0 is the element that is being handled, 1 what it stands in; "" outside of the document. */
const char *xml_ancestor(const struct xml *xml, unsigned generation);
/* "" where there is none; cleaned, and valid during the call of start() only. */
const char *xml_attribute(struct xml *xml, const char *const *attributes, const char *name);

/* Gives the input up: says why, and that nothing of it is used. No more elements are handled. */
void xml_fail(struct xml *xml, const char *why);
bool xml_has_failed(const struct xml *xml);

/* Whether what begins like that is XML whose first element has this name (without a prefix). */
bool xml_root_is(const char *head, size_t size, const char *name);
