#include "client/iface.h"

#include <errno.h>
#include <glib.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "igmp/iface.h"

/* Its address comes from igmp_iface_lookup(): this list knows an address by its label. */
static bool receives_multicast(const struct ifaddrs *entry)
{
	struct igmp_iface iface;
	return entry->ifa_addr && entry->ifa_addr->sa_family == AF_PACKET &&
	       (entry->ifa_flags & IFF_UP) && igmp_iface_lookup(entry->ifa_name, &iface) == 0 &&
	       iface.speaks && iface.address.s_addr;
}

static char *choose_first(void)
{
	struct ifaddrs *all;
	char *chosen = NULL;
	if (getifaddrs(&all) < 0)
		return NULL;
	for (const struct ifaddrs *entry = all; entry && !chosen; entry = entry->ifa_next)
		if (receives_multicast(entry))
			chosen = g_strdup(entry->ifa_name);
	freeifaddrs(all);
	return chosen;
}

char *iface_choose(const char *wanted)
{
	struct igmp_iface iface;
	if (!wanted || !*wanted)
		return choose_first();
	return g_strdup(igmp_iface_lookup(wanted, &iface) == 0 ? iface.name : wanted);
}

const char *iface_sentence(int error)
{
	switch (error) {
	case -ENODEV:
		return "there is no such interface";
	case -EADDRNOTAVAIL:
		return "it has no IPv4 address";
	case -EPERM:
		return "raw membership needs the capability CAP_NET_RAW (run as root, "
		       "'setcap cap_net_raw+ep zapper', or use --membership kernel)";
	case -EOPNOTSUPP:
		return "raw membership does not work on an interface without multicast";
	default:
		return g_strerror(-error);
	}
}
