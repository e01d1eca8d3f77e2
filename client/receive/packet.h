/*
 * receive/packet: the UDP payload inside an IPv4 packet as AF_PACKET gives it (SOCK_DGRAM: from the
 * IP header on). Pure. Trusts no field: each length is held against the others and against what was
 * captured. Checksums are not verified: the network card or the sender of a virtual link leaves
 * them to nobody, so that a wrong one says nothing here.
 */
#pragma once

#include "client/receive/flow.h"

#include <stddef.h>

struct packet_udp {
	struct receive_flow flow; /* addresses of the packet, destination port */
	const uint8_t *payload;	  /* into the packet */
	size_t len;
};

/*
 * RFC 791 section 3.1, RFC 768. Bytes behind the IP packet's total length (Ethernet padding) are
 * left out. Errors, with *ret untouched: -EBADMSG not IPv4 with UDP, or a length that cannot be;
 * -EMSGSIZE cut short by the capture; -EPROTO a fragment, also the first one.
 */
int packet_parse(const uint8_t *data, size_t len, struct packet_udp *ret);
