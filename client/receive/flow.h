/*
 * receive/flow: what a datagram is known by: group, source and UDP port.
 */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

struct receive_flow {
	struct in_addr group;
	struct in_addr source; /* 0.0.0.0: any */
	uint16_t port;	       /* host order */
};

/* Is a packet of exactly `packet` (its source is never "any") one of `wanted`? */
static inline bool receive_flow_matches(
	const struct receive_flow *wanted, const struct receive_flow *packet)
{
	return wanted->group.s_addr == packet->group.s_addr && wanted->port == packet->port &&
	       (wanted->source.s_addr == INADDR_ANY ||
		       wanted->source.s_addr == packet->source.s_addr);
}
