/*
 * igmp/iface: what the room has to know of a network interface: asked here for the beginning, and
 * followed by igmp/iface_watch.
 */
#pragma once

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

struct igmp_iface {
	char name[IF_NAMESIZE]; /* its own */
	int index;		/* 0: it is not there (any more) */
	bool up;		/* administratively, and with a carrier */
	size_t mtu_bytes;
	struct in_addr address; /* the first one; 0.0.0.0 while there is none */
	/*
	 * IGMP is spoken there. It is silent on loopback and on interfaces without multicast
	 * (RFC 9776 section 5).
	 */
	bool speaks;
};

/*
 * `name` may also be an alternative name of it, or the label of one of its addresses where that is
 * its name, a colon and more. -ENODEV where there is no such interface, other -errno.
 */
int igmp_iface_lookup(const char *name, struct igmp_iface *ret);

/*
 * The version in which the system itself would report there: that of the oldest querier it has
 * heard of late, or what it was told to speak. 0 where it does not say.
 */
unsigned igmp_iface_system_version(const struct igmp_iface *iface);
