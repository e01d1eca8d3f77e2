/* channels/parser: what the reader of every format of lists looks like. Pure. */
#pragma once

#include "channels/entry.h"
#include "channels/format.h"

/*
 * Bytes go in, in pieces of any size and in UTF-8 unless `decodes` says otherwise; entries and
 * diagnostics come out of the sink, in the order of the list. Each line or element of it is used,
 * is a comment, or is named in a diagnostic. Memory stays bounded, whatever comes in.
 */
struct channel_parser_class {
	enum channel_format format;
	const char *name; /* as --format has it */
	/* Whether a list that begins like that is one of these; all of it where it is shorter. */
	bool (*detect)(const char *head, size_t size);
	/* `file` names the list in diagnostics; both arguments are copied, `file` shallowly. */
	void *(*create)(const char *file, const struct channel_sink *sink);
	void (*feed)(void *parser, const char *bytes, size_t size);
	void (*finish)(void *parser); /* the input ends here */
	void (*destroy)(void *parser);
};

/* NULL for CHANNEL_FORMAT_AUTO, and for a guide's. */
const struct channel_parser_class *channel_parser_of(enum channel_format format);
/* By its beginning (CHANNEL_FORMAT_HEAD_BYTES of it), or NULL. */
const struct channel_parser_class *channel_parser_detect(const char *head, size_t size);
/* By --format's word, or NULL. */
const struct channel_parser_class *channel_parser_named(const char *name);

/* What --format's word means, "auto" and a guide's "xmltv" too. False: there is no such word. */
bool channel_format_named(const char *name, enum channel_format *ret);
