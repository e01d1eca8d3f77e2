/*
 * channels/m3u: M3U lists, read as a stream and written. Pure.
 *
 * Read are #EXTINF with its attributes, #EXTGRP, #EXTTV (category;language;guide id;logo), players'
 * options that choose a programme, and addresses. Each line is used, is a comment, or is named in a
 * diagnostic; directives and attributes that zapper has no use for are named once each, and so are
 * guides that the list names.
 */
#pragma once

#include <glib.h>

#include "channels/parser.h"
#include "channels/writer.h"

/* So many directives, attributes and guides are named; a list that has more is told so. */
#define M3U_NAMED 64

extern const struct channel_parser_class m3u_parser_class;

/* Also lists without a single directive: addresses are enough. */
bool m3u_detect(const char *head, size_t size);

/* Alternate sources repeat the channel's name and details. */
extern const struct channel_writer_class m3u_writer_class;
