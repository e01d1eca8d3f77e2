/*
 * channels/sdp: session descriptions (RFC 8866), one behind the other. Pure.
 *
 * Each m= that carries a transport stream by multicast is a source of the channel that s= names, so
 * that the duplicates of a=group:DUP (RFC 7104) are alternates; its i= is the source's label.
 * Source filters are RFC 4570's: each sender that one includes is a source. What else is used:
 * a=x-plgroup: (VLC's group) and a=lang:. Other attributes are none of zapper's business (RFC 8866
 * section 5.13), nor are who made the session and when it takes place; what is no line of a
 * description is named in a diagnostic, and so is each m= that cannot be received.
 */
#pragma once

#include "channels/parser.h"

/* Payload formats and senders of one m= that are read. */
#define SDP_FORMATS 16
#define SDP_SENDERS 16

extern const struct channel_parser_class sdp_parser_class;
