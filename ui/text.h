/*
 * ui/text: names and sentences from anywhere made fit for a view: valid UTF-8 on one line, cut at a
 * character.
 */
#pragma once

#include <glib.h>
#include <stddef.h>

/*
 * Copies `text` (NULL is "") into a field of `size_bytes`, the rest zeroed. An invalid byte becomes
 * U+FFFD; control characters (also DVB's, ETSI EN 300 468 annex A) and runs of spaces become one
 * space; what would turn the writing direction of its surroundings is left out. Reads no more than
 * there is room for.
 */
void ui_text_copy(char *field, size_t size_bytes, const char *text);

/*
 * The same with printf's format. Names in it have been through ui_text_copy(), and stand as
 * UI_NAME: so they keep their own direction, and the sentence around them too (Unicode UAX #9).
 */
void ui_text_format(char *field, size_t size_bytes, const char *format, ...) G_GNUC_PRINTF(3, 4);

#define UI_NAME "\u2068%s\u2069"
