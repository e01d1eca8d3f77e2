/* channels/lines: the lines of a list that comes in pieces. Pure. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Of longer lines only so much is kept, so that memory stays bounded. */
#define LINES_BYTES 65536

struct text_line {
	char *text;	 /* cleaned (channels/text.h) and stripped; may be changed in place */
	unsigned number; /* from 1 */
	gssize bad;	 /* offset of the first byte that was not UTF-8, or -1 */
	bool overlong;	 /* cut */
};

/* The number of the line that text, which comes in pieces, has got to: begins as {.line = 1}. */
struct line_count {
	unsigned line;
	bool after_cr;
};
void line_count(struct line_count *count, const char *text, size_t size);

typedef void (*lines_fn)(void *ctx, const struct text_line *line);

struct lines {
	lines_fn take;
	void *ctx;
	GString *line;
	unsigned number;
	bool overlong, after_cr;
};

/* Hands every line to `take`, blank ones too. Freed with lines_clear(). */
void lines_init(struct lines *lines, lines_fn take, void *ctx);
void lines_clear(struct lines *lines);
/* A line ends with LF, CR LF or CR. A byte order mark in front of the first one is left out. */
void lines_feed(struct lines *lines, const char *bytes, size_t size);
/* The input ends here: its last line may lack a line feed. */
void lines_finish(struct lines *lines);

/*
 * Of text that is in memory, such as the beginning of a list: the next line that is not blank, from
 * *at on, without white space and byte order mark around it. False at the end.
 */
struct line_span {
	const char *start, *end;
};
bool lines_next(const char **at, const char *end, struct line_span *ret);
bool line_has_prefix(const struct line_span *line, const char *prefix); /* any case */
