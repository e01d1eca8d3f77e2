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
 * Parses "[@|S[:port]@]G<sep>P" of `size` bytes, with one of `separators` in front of the port; a
 * bare group has `usual_port`, unless that is 0. S may have a port, which says nothing. *ret
 * (transport and programme too, which are 0 then) is untouched on failure; *ret_why then points to
 * a constant sentence part such as "the group is not a multicast address". Errors: -EINVAL
 * malformed, -EPROTONOSUPPORT IPv6, -EADDRNOTAVAIL not multicast.
 */
int channel_address_parse(const char *text, size_t size, const char *separators,
	uint16_t usual_port, struct channel_address *ret, const char **ret_why);

/* A dotted quad, and a port from 1 to 65535, of `size` bytes. -EINVAL: *ret is untouched. */
int channel_quad_parse(const char *text, size_t size, struct in_addr *ret);
int channel_port_parse(const char *text, size_t size, uint16_t *ret);

/* Whether a sender can have it. */
bool channel_is_unicast(struct in_addr address);

/* Writes the canonical form "rtp|udp://[S@]G:P", without the programme. Returns buf. */
#define CHANNEL_ADDRESS_BYTES 64
const char *channel_address_format(const struct channel_address *address, char *buf);

/* "rtp" or "udp". */
const char *channel_transport_name(enum channel_transport transport);

/* Of the same programme, too. */
bool channel_address_equal(const struct channel_address *a, const struct channel_address *b);
