/* channels/listing: what the parsers of lists have in common: entries that are put together. Pure.
 */
#pragma once

#include "channels/entry.h"
#include "channels/lines.h"

/* What one channel may be a member of; the rest is ignored. */
#define LISTING_BOUQUETS 256

struct listing {
	const char *file;
	struct channel_sink sink;
	/* of the entry that is being read: */
	GStringChunk *strings;
	GPtrArray *bouquets;
	GArray *places; /* of each of them: unsigned, 0 where it is not said */
	bool full;	/* there are more bouquets than these */
};

/* `file` is borrowed. Freed with listing_clear(). */
void listing_init(struct listing *listing, const char *file, const struct channel_sink *sink);
void listing_clear(struct listing *listing);

#define listing_warn(listing, at, loss, ...)                                                       \
	channel_warn(&(listing)->sink.report, (listing)->file, at, loss, __VA_ARGS__)
/* With `text` in quotation marks in front of a space and the rest. */
void listing_warn_of(struct listing *listing, unsigned line, enum channel_loss loss,
	const char *text, const char *rest);
/* That the channel of that name ("": without one) has no address. */
void listing_warn_lost(struct listing *listing, unsigned line, const char *name);
/* Says it of a line whose text was not UTF-8, or was too long (of which nothing is used). */
void listing_warn_bad(struct listing *listing, unsigned line, gssize bad);
void listing_warn_overlong(struct listing *listing, unsigned line, enum channel_loss loss);
/* Whether a line has text to read: an empty or overlong one has not. Says what is wrong with it. */
bool listing_take_line(struct listing *listing, const struct text_line *line);

/* Keeps a text, cleaned and stripped, until the entry is emitted or dropped. */
const char *listing_keep(struct listing *listing, const char *text, size_t size);
/* Each name once; empty ones are left out. `names` is a list where there are `delimiters`. */
void listing_add_bouquets(
	struct listing *listing, unsigned line, const char *names, const char *delimiters);
/* One, with its place in the line-up's order of them (from 1, 0: not said). */
void listing_add_bouquet(struct listing *listing, unsigned line, const char *name, unsigned place);

/* False where it cannot be received; what is wrong with it is said in either case. */
bool listing_read_source(
	struct listing *listing, unsigned line, const char *text, struct channel_source *ret);
/* Leaves the entry without a number, and says so, where `text` is none; "" says nothing. */
void listing_read_number(
	struct listing *listing, unsigned line, const char *text, struct channel_entry *entry);
/* "tv" or "radio", in any case; else tv, and says so, unless it is "". */
enum channel_kind listing_read_kind(struct listing *listing, unsigned line, const char *text);
/* By DVB's service type in hexadecimal (EN 300 468 table 87), "" is tv: digital radio has two, the
 * second one is that of advanced codecs. */
enum channel_kind listing_kind_of_service(const char *type);
/* 0, and says so, where `text` is no number of a programme; "" says nothing. */
uint16_t listing_read_programme(struct listing *listing, unsigned line, const char *text);

/*
 * Hands the entry out: texts that are NULL become "", bouquets are those that were added, and one
 * without a name is called by its address. Then all of it is dropped.
 */
void listing_emit(struct listing *listing, const struct channel_entry *entry);
void listing_drop(struct listing *listing);
