/*
 * channels/list_reader: one list or guide, of any character set (channels/charset) and format: its
 * bytes go in, in pieces of any size; entries, what a guide has, and diagnostics come out. Pure.
 */
#pragma once

#include "channels/entry.h"
#include "channels/format.h"
#include "channels/xmltv.h"

struct list_options {
	const char *file; /* names the list in diagnostics; outlives the reader */
	enum channel_format format;
	const char *charset;	      /* the user's, or NULL; one that charset_is_known() */
	const char *const *languages; /* as xmltv_create() has it; outlives the reader */
};

/* All callbacks get `channels.user`; `channels.reference` may be NULL, as in channels/entry.h. */
struct list_sink {
	struct channel_sink channels;
	void (*guide_channel)(void *user, const struct xmltv_channel *channel);
	void (*guide_event)(void *user, const struct xmltv_event *event);
};

enum list_result {
	LIST_READ,
	LIST_EMPTY,	  /* neither a channel came out of it, nor the name of a list */
	LIST_EMPTY_GUIDE, /* it is a guide without an event */
	LIST_UNKNOWN,	  /* it is in no format that is known */
	LIST_BROKEN,	  /* nothing of it may be used, which was said */
};

struct list_reader;

/* `options` and `sink` are copied. Freed with list_reader_destroy(), which accepts NULL. */
struct list_reader *list_reader_create(
	const struct list_options *options, const struct list_sink *sink);
void list_reader_destroy(struct list_reader *reader);
void list_reader_feed(struct list_reader *reader, const char *bytes, size_t size);
/* What comes next is another document of the list, in a character set of its own. */
void list_reader_next(struct list_reader *reader);
/* The input ends here. Also says what of the list is not used (channels/unused.h). */
enum list_result list_reader_finish(struct list_reader *reader);
