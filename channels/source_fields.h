/*
 * channels/source_fields: what our own CSV and JSON say of a source beside its address: columns of
 * the one, members of the other. Pure.
 */
#pragma once

#include "channels/listing.h"

enum source_field {
	SOURCE_PROGRAMME, /* its number */
	SOURCE_IFACE,
	SOURCE_FEC, /* "P", or "G:P" where its group is not the stream's */
	SOURCE_FCC, /* "A:P", as SOURCE_RET */
	SOURCE_FCC_TYPE,
	SOURCE_RET,
	SOURCE_HTTP,
	SOURCE_LABEL,
	SOURCE_FIELDS,
};

/* "programme", "iface", "fec", "fcc", "fcc_type", "ret", "http" or "label". */
const char *source_field_name(enum source_field field);

/* Takes a cleaned text; "" says nothing. What is malformed is left out and said. */
void source_field_read(struct listing *listing, unsigned line, enum source_field field,
	const char *text, struct channel_source *source);

/* The text that reads the same, "" where the source says nothing; in `buf` or owned by the source.
 */
const char *source_field_write(
	const struct channel_source *source, enum source_field field, char *buf);
#define SOURCE_FIELD_BYTES CHANNEL_ENDPOINT_BYTES
