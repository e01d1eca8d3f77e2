#include "igmp/iface.h"

#include <errno.h>
#include <ifaddrs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int find_address(const char *name, struct in_addr *ret)
{
	struct ifaddrs *all;
	if (getifaddrs(&all) < 0)
		return -errno;
	ret->s_addr = 0;
	for (const struct ifaddrs *i = all; i; i = i->ifa_next) {
		if (!i->ifa_addr || i->ifa_addr->sa_family != AF_INET || strcmp(i->ifa_name, name))
			continue;
		*ret = ((const struct sockaddr_in *)(const void *)i->ifa_addr)->sin_addr;
		break;
	}
	freeifaddrs(all);
	return 0;
}

static int ask_device(int fd, const char *name, struct igmp_iface *ret)
{
	struct ifreq request = {0};
	memcpy(request.ifr_name, name, strlen(name) + 1);
	if (ioctl(fd, SIOCGIFINDEX, &request) < 0)
		return -errno;
	ret->index = request.ifr_ifindex;
	if (ioctl(fd, SIOCGIFMTU, &request) < 0)
		return -errno;
	ret->mtu_bytes = (size_t)request.ifr_mtu;
	if (ioctl(fd, SIOCGIFFLAGS, &request) < 0)
		return -errno;
	ret->up = (request.ifr_flags & IFF_UP) && (request.ifr_flags & IFF_RUNNING);
	ret->speaks = (request.ifr_flags & IFF_MULTICAST) && !(request.ifr_flags & IFF_LOOPBACK);
	return 0;
}

int igmp_iface_lookup(const char *name, struct igmp_iface *ret)
{
	struct igmp_iface iface = {0};
	if (strlen(name) >= sizeof iface.name)
		return -ENODEV;
	memcpy(iface.name, name, strlen(name) + 1);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	int err = ask_device(fd, name, &iface);
	close(fd);
	if (err == 0)
		err = find_address(name, &iface.address);
	if (err == 0)
		*ret = iface;
	return err;
}
