/* channels/text: text of unknown origin made fit to store and to show. Pure. */
#pragma once

#include <glib.h>

/*
 * Cleans one line in place: control characters become spaces, bytes that are not UTF-8 are read as
 * Latin-1 (0x80 to 0x9f, which is nothing there, as "\x80"), so that different names stay
 * different. Returns the offset of the first byte that was not UTF-8, or -1.
 */
gssize text_clean(GString *line);

/*
 * As it may be shown between other texts: what is not UTF-8 is U+FFFD; control characters and what
 * ends a line or a paragraph become spaces; marks that turn the direction of text (UAX 9), which
 * would reach into what stands beside, are left out. Freed with g_free().
 */
char *text_tame(const char *text);

/* In quotation marks, cut to what fits in a terminal, for a diagnostic. Freed with g_free(). */
char *text_quote(const char *text);
