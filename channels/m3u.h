/*
 * channels/m3u: M3U lists, read as a stream and written. Pure.
 *
 * Read are #EXTINF with its attributes, #EXTGRP, #EXTTV (category;language;guide id;logo) and
 * addresses. Each line is used, is a comment, or is named in a diagnostic; directives that zapper
 * has no use for are named once each.
 */
#pragma once

#include <glib.h>

#include "channels/entry.h"

/* Longer lines are ignored, so that memory stays bounded. */
#define M3U_LINE_BYTES 65536
/* What one channel may be a member of; the rest is ignored. */
#define M3U_BOUQUETS 32

struct m3u_parser;

/* `file` names the list in diagnostics; both arguments are copied, `file` shallowly. */
struct m3u_parser *m3u_parser_create(const char *file, const struct channel_sink *sink);
/* Takes bytes in pieces of any size; entries and diagnostics come out in the order of lines. */
void m3u_parser_feed(struct m3u_parser *parser, const char *bytes, size_t size);
/* The input ends here: its last line may lack a line feed. */
void m3u_parser_finish(struct m3u_parser *parser);
void m3u_parser_destroy(struct m3u_parser *parser); /* accepts NULL */

/* Appends the line-up as an M3U; alternate sources repeat the name and number. */
void m3u_write(const struct channel_list *list, GString *out);
