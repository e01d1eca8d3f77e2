/*
 * channels/charset: lists of any character set as UTF-8. It stands in front of every parser; bytes
 * go in, in pieces of any size. Pure.
 *
 * Which character set it is, is said by, in this order: a byte order mark (UTF-8, UTF-16, UTF-32,
 * GB18030), the user (--charset), every second byte being zero (UTF-16), an XML declaration of one
 * that is common (decoder_is_common()). Else
 * it is UTF-8, and goes through as it is: parsers read what is none of it as text_clean() does, and
 * say so. In other character sets that is done and said here, once for each line. Byte order marks
 * are left out. Names that are used for more than they say are read as what is meant: gb2312 and
 * gbk as GB18030, iso-8859-1 as windows-1252, shift_jis as CP932, euc-kr as CP949.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "channels/report.h"

struct charset_sink {
	void (*text)(void *ctx, const char *utf8, size_t size);
	void *ctx;
	struct channel_report report;
};

struct charset;

/* Whether --charset may have that name. */
bool charset_is_known(const char *name);

/*
 * `file` names the list in diagnostics, `name` is the user's character set or NULL; both are
 * copied. NULL where the name is not known. Freed with charset_destroy(), which accepts NULL.
 */
struct charset *charset_create(const char *file, const char *name, const struct charset_sink *sink);
void charset_destroy(struct charset *charset);
void charset_feed(struct charset *charset, const char *bytes, size_t size);
void charset_finish(struct charset *charset); /* the input ends here */
/* Here too, and what comes next is another text, of a character set of its own. */
void charset_next(struct charset *charset);
