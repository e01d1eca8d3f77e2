/* channels/source: one way to receive a channel, as line-ups write it. Pure. */
#pragma once

#include <glib.h>

#include "channels/address.h"

/* A place beside the stream itself; port in host order. All zero: the list names none. */
struct channel_endpoint {
	struct in_addr address;
	uint16_t port;
};

/*
 * Where the stream is, and what else the list says of it. Only `address` and `iface` are used so
 * far; the rest is kept for those who export the line-up. Strings are UTF-8, never NULL ("" where
 * the list says nothing).
 */
struct channel_source {
	struct channel_address address;
	const char *iface;	     /* to join on, "": the one that play was given */
	struct channel_endpoint fec; /* 0.0.0.0: on the stream's own group */
	struct channel_endpoint fcc; /* a server of fast channel change */
	const char *fcc_type;	     /* its protocol: "telecom" or "huawei" */
	struct channel_endpoint retransmission;
	const char *http;  /* the same stream over HTTP, such as a udpxy's address */
	const char *label; /* "HD" of an address that ends with "$HD" */
};

/* One with an address and nothing else. */
struct channel_source channel_source_of(const struct channel_address *address);

/*
 * Parses every form in which lists write a multicast address:
 *
 *	rtp|udp|igmp://[@|S@]G[:P][/][?query]	igmp is taken for rtp; P is 5004, for udp 1234
 *	http[s]://host[:port]/(rtp|udp)/[S@]G<sep>P	udpxy: sep is one of : % ~ + - ^ ;
 *	pipe://command with one of the former in it
 *
 * with "$label" and Kodi's "|options" behind it, and in the query (also percent-encoded) fcc=A:P,
 * fcc-type=, fec=PORT, ret=A:P, localaddr=, multicast-iface=, sources= (the first one),
 * multicast-source=+S, and multicat's path options ifindex=, ifaddr=. Other parts of query and path
 * say nothing to zapper. A source before '@' goes before one in the query. `iface` becomes a name,
 * an address or an index, as the list has it.
 *
 * Strings of *ret are put into `strings`. *ret is untouched on failure; *ret_why then points to a
 * constant sentence part such as "the group is not a multicast address". After a success it is
 * NULL, or what is wrong with a part of the address and what was done about it: "its fec= is not a
 * port; this part is ignored". Errors: -EINVAL malformed, -EPROTONOSUPPORT another scheme or IPv6,
 * -EADDRNOTAVAIL not multicast.
 */
int channel_source_parse(
	const char *text, GStringChunk *strings, struct channel_source *ret, const char **ret_why);

/*
 * Reads "A:P", or "P" alone, whose address is 0.0.0.0 then. -EINVAL (*ret is untouched) where it is
 * anything else. Writing gives the same back, and "" for one that is all zero; returns buf.
 */
int channel_endpoint_parse(const char *text, struct channel_endpoint *ret);
#define CHANNEL_ENDPOINT_BYTES 24
const char *channel_endpoint_format(const struct channel_endpoint *endpoint, char *buf);

/* Of the same address and programme: the same source, whatever else is said of it. */
bool channel_source_equal(const struct channel_source *a, const struct channel_source *b);
/*
 * Takes what `source` leaves open from another one of the same address; texts stay borrowed. False
 * where there is nothing to take.
 */
bool channel_source_complete(struct channel_source *source, const struct channel_source *other);
/* Everything is the same. */
bool channel_source_identical(const struct channel_source *a, const struct channel_source *b);
