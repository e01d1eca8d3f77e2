#include "igmp/iface.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "igmp/iface_track.h"

#define MESSAGE_MAX_BYTES 32768

static int take_answer(const struct nlmsghdr *message, void *ctx)
{
	igmp_iface_track_answer(ctx, message);
	return MNL_CB_OK;
}

static int read_answers(struct mnl_socket *socket, struct igmp_iface_track *track)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX_BYTES];
	int more = MNL_CB_OK;
	while (more == MNL_CB_OK) {
		ssize_t len = mnl_socket_recvfrom(socket, buffer, sizeof buffer);
		if (len < 0)
			return -errno;
		more = mnl_cb_run(
			buffer, (size_t)len, 0, mnl_socket_get_portid(socket), take_answer, track);
	}
	return more == MNL_CB_STOP ? 0 : -errno;
}

static int ask_addresses(struct mnl_socket *socket, struct igmp_iface_track *track)
{
	_Alignas(struct nlmsghdr) char buffer[256];
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	message->nlmsg_type = RTM_GETADDR;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	struct ifaddrmsg *address = mnl_nlmsg_put_extra_header(message, sizeof *address);
	address->ifa_family = AF_INET;
	igmp_iface_track_addresses_asked(track);
	if (mnl_socket_sendto(socket, message, message->nlmsg_len) < 0)
		return -errno;
	return read_answers(socket, track);
}

/* By the interface's index: getifaddrs(3) knows an address by its label, which may be any word. */
static int find_address(struct igmp_iface *iface)
{
	struct igmp_iface_track track;
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!socket)
		return -errno;
	igmp_iface_track_init(&track, iface);
	int err = mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0 ? -errno : -EINTR;
	/* Again where the list changed while it was read, or a signal came. */
	while (err == -EINTR)
		err = ask_addresses(socket, &track);
	mnl_socket_close(socket);
	igmp_iface_track_addresses_end(&track);
	iface->address = track.now.address;
	return err;
}

static int ask_device(int fd, const char *name, struct igmp_iface *ret)
{
	struct ifreq request = {0};
	memcpy(request.ifr_name, name, strlen(name) + 1);
	if (ioctl(fd, SIOCGIFINDEX, &request) < 0)
		return -errno;
	ret->index = request.ifr_ifindex;
	/* It may have been called by an alternative name, or by a label of an address. */
	if (!if_indextoname((unsigned)ret->index, ret->name))
		return errno == ENXIO ? -ENODEV : -errno;
	memcpy(request.ifr_name, ret->name, sizeof request.ifr_name);
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
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	int err = ask_device(fd, name, &iface);
	close(fd);
	if (err == 0)
		err = find_address(&iface);
	if (err == 0)
		*ret = iface;
	return err;
}

unsigned igmp_iface_system_version(const struct igmp_iface *iface)
{
	char line[256];
	unsigned version = 0;
	FILE *file = fopen("/proc/net/igmp", "re");
	while (file && !version && fgets(line, sizeof line, file)) {
		int index;
		unsigned found;
		/* "4	eth0      :     1      V3"; its groups stand below, behind tabs. */
		if (line[0] != '\t' && sscanf(line, "%d %*[^:]: %*u V%u", &index, &found) == 2 &&
			index == iface->index)
			version = found;
	}
	if (file)
		fclose(file);
	return version;
}
