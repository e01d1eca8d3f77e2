/* channels/address: the multicast address of a channel's source, as line-ups write it. Pure. */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum channel_transport { CHANNEL_RTP, CHANNEL_UDP };

struct channel_address {
	enum channel_transport transport;
	struct in_addr group;
	struct in_addr source; /* 0.0.0.0: any source */
	uint16_t port;	       /* host order */
	uint16_t programme;    /* its number, where the stream holds several; 0: not said */
};

/*
 * Parses "rtp|udp://[@|S@]G:P" (the '@' may be missing or stand alone; case of the scheme does not
 * matter; a query part and a label are ignored, and it names no programme). *ret is untouched on
 * failure; *ret_why (may be NULL) then points to a constant sentence part such as "the group is not
 * a multicast address". Errors: -EINVAL malformed, -EPROTONOSUPPORT another scheme, -EADDRNOTAVAIL
 * not multicast.
 */
int channel_address_parse(const char *uri, struct channel_address *ret, const char **ret_why);

/* Writes the canonical form "rtp|udp://[S@]G:P", without the programme. Returns buf. */
#define CHANNEL_ADDRESS_BYTES 64
const char *channel_address_format(const struct channel_address *address, char *buf);

/* "rtp" or "udp". */
const char *channel_transport_name(enum channel_transport transport);

/* Of the same programme, too. */
bool channel_address_equal(const struct channel_address *a, const struct channel_address *b);
