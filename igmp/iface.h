/*
 * igmp/iface: what the room has to know of a network interface, asked once at open.
 */
#pragma once

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

struct igmp_iface {
	char name[IF_NAMESIZE];
	int index; /* 0: it is not there (any more) */
	bool up;   /* administratively, and with a carrier */
	size_t mtu_bytes;
	struct in_addr address; /* the first one; 0.0.0.0 while there is none */
	/*
	 * IGMP is spoken there. It is silent on loopback and on interfaces without multicast
	 * (RFC 9776 section 5).
	 */
	bool speaks;
};

/* -ENODEV where there is no such interface, other -errno. */
int igmp_iface_lookup(const char *name, struct igmp_iface *ret);
