/* tests/unit/channels/parsing: what a parser makes of a list, as text. */
#pragma once

#include "channels/parser.h"

/*
 * Asserts what comes out, however the bytes arrive. A line each: "line number <name> kind guide_id
 * logo [bouquets] address", then where there is one " programme N", " language=", " guide-name=",
 * " iface=", " fec=", " fcc=", " fcc-type=", " ret=", " http=", " label="; or "line -> file" for a
 * list that it names; or "! line text" with " (lost)" where an address did not become a source.
 */
void expect_parsed(const struct channel_parser_class *class, const char *bytes, size_t size,
	const char *expected);

/* The same text for pieces of `piece` bytes; freed with g_free(). */
char *parse_list(
	const struct channel_parser_class *class, const char *bytes, size_t size, size_t piece);
