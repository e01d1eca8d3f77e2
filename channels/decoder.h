/* channels/decoder: text of one character set, which comes in pieces, as UTF-8. Pure. */
#pragma once

#include "channels/charset.h"
#include "channels/lines.h"

#define DECODER_BYTES 4096

struct decoder {
	const char *file;
	const char *name;
	struct charset_sink sink;
	bool plain; /* from UTF-8: nothing is converted, but all of it is looked at */
	GIConv converter;
	size_t unit_bytes; /* 1, or 2 or 4 where every character takes so many or a multiple */
	struct line_count at;
	unsigned warned_line;
	/* A character whose end has not come yet waits at the front. */
	char held[DECODER_BYTES];
	size_t held_bytes;
};

/*
 * `file` and `name` are borrowed. What is no text of that character set is read as text_clean()
 * does it (of wide characters, as U+FFFD), with one warning for each line. -EINVAL: the name is not
 * known (then there is nothing to clear).
 */
int decoder_init(struct decoder *decoder, const char *file, const char *name,
	const struct charset_sink *sink);
void decoder_clear(struct decoder *decoder);
void decoder_feed(struct decoder *decoder, const char *bytes, size_t size);
void decoder_finish(struct decoder *decoder); /* the input ends here */

/* The name under which iconv knows it, "UTF-8" for all of its spellings, or NULL. */
const char *decoder_name(const char *name);
/* Whether it is one that lists are written in: those of the web. Iconv's others are many, rarely
 * used, and were a way to break into programs that let strangers choose. */
bool decoder_is_common(const char *name);
