/*
 * channels/txt: lists of lines "name,address", with "group,#genre#" in front of each group. Pure.
 *
 * A line may hold several addresses, with '#' between them. Each line is used, is a comment ('#' or
 * "//" in front), or is named in a diagnostic.
 */
#pragma once

#include "channels/parser.h"
#include "channels/writer.h"

extern const struct channel_parser_class txt_parser_class;
/*
 * In the order of the channels, so that a group may come more than once; a channel is in its first
 * bouquet's.
 */
extern const struct channel_writer_class txt_writer_class;
