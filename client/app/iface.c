#include "client/app/iface.h"

#include <errno.h>
#include <glib.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

static gboolean receives_multicast(const struct ifaddrs *entry)
{
	return entry->ifa_addr && entry->ifa_addr->sa_family == AF_INET &&
	       (entry->ifa_flags & IFF_UP) && (entry->ifa_flags & IFF_MULTICAST) &&
	       !(entry->ifa_flags & IFF_LOOPBACK);
}

char *iface_choose(const char *wanted)
{
	if (wanted && *wanted)
		return g_strdup(wanted);
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
