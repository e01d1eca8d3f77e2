/* channels/writer: what the writer of every format of lists looks like. Pure. */
#pragma once

#include <glib.h>

#include "channels/format.h"
#include "channels/lineup.h"

/* The list that is being written. */
struct channel_writing {
	const struct channel_list *list;
	const GArray *columns; /* of enum channel_column, for CSV; NULL: all of them */
	GHashTable *places;    /* of bouquets in the line-up's order, from 1, by name */
};

/*
 * Text is appended, and comes in again as the same channels but for what the format cannot hold
 * (doc/zapper-channels.1.scd). Whatever the texts of a channel are, they do not become more lines
 * or channels than there are.
 */
struct channel_writer_class {
	enum channel_format format;
	const char *name;						    /* as --format has it */
	void (*begin)(const struct channel_writing *writing, GString *out); /* may be NULL */
	void (*channel)(const struct channel_writing *writing, size_t index, GString *out);
	void (*end)(const struct channel_writing *writing, GString *out); /* may be NULL */
};

/* By --format's word, or NULL. */
const struct channel_writer_class *channel_writer_named(const char *name);

/* False: no more is wanted. */
typedef bool (*channel_output_fn)(void *ctx, const char *bytes, size_t size);

/*
 * Hands the list out in pieces of some ten KiB, so that a long one does not fill memory. Bouquets
 * of `list` may be more than its channels have. False where `output` wanted no more.
 */
bool channel_list_write(const struct channel_writer_class *class, const struct channel_list *list,
	const GArray *columns, channel_output_fn output, void *ctx);

/* For writers: the place of a bouquet, 0 where the line-up gives none. */
unsigned channel_writing_place(const struct channel_writing *writing, const char *bouquet);
/* Appends a text on one line: control characters are spaces. */
void channel_writing_text(GString *out, const char *text);
/* Appends the bouquets for formats that know no escape: ';' between them, and ',' for ';' and '|'
 * in them. */
void channel_writing_bouquets(GString *out, const struct channel *channel);
