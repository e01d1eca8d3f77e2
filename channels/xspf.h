/*
 * channels/xspf: playlists in XML (xspf.org, version 1), as VLC writes them, too. Pure.
 *
 * Each location of a track is a source of the channel that its title names; its image is the logo.
 * Also used are meta with a rel that ends in group-title, tvg-id, tvg-chno, tvg-language or radio,
 * trackNum, and in VLC's extensions option ("program=N") and id. The number is tvg-chno's, else
 * trackNum's, else the id's, unless the first id is 0: then they only count the tracks. What else a
 * playlist says, such as annotation, duration and xml:base, says nothing to zapper; VLC's tree of
 * folders is named in a warning. A playlist that is malformed or breaks off is an error
 * (channels/xml.h).
 */
#pragma once

#include "channels/parser.h"
#include "channels/writer.h"

/* Locations of one track that are read. */
#define XSPF_LOCATIONS 64

extern const struct channel_parser_class xspf_parser_class;
/* A track for each channel, and one more for each of its addresses with another programme. */
extern const struct channel_writer_class xspf_writer_class;
