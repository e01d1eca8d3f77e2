#include "client/receive/packet_socket.h"

#include "client/receive/batch.h"
#include "client/receive/filter.h"

#include <errno.h>
#include <glib.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

size_t packet_socket_mtu(int fd, unsigned ifindex)
{
	struct ifreq request = {.ifr_ifindex = (int)ifindex};
	if (ioctl(fd, SIOCGIFNAME, &request) < 0 || ioctl(fd, SIOCGIFMTU, &request) < 0)
		return 0;
	return (size_t)request.ifr_mtu;
}

int packet_socket_watch(int fd, unsigned ifindex, const struct receive_flow *flows, size_t n)
{
	struct sock_filter *code = g_new(struct sock_filter, FILTER_MAX_INSTRUCTIONS);
	int len = filter_build(flows, n, ifindex, code, FILTER_MAX_INSTRUCTIONS);
	int rc = len < 0 ? len : 0;
	if (len > 0) {
		struct sock_fprog program = {.len = (unsigned short)len, .filter = code};
		if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) < 0)
			rc = -errno;
	}
	g_free(code);
	return rc;
}

/* Filtering comes before binding: no packet of anything else is ever queued. */
int packet_socket_open(unsigned ifindex, const struct receive_flow *flows, size_t n)
{
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	int rc = packet_socket_watch(fd, ifindex, flows, n);
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = (int)ifindex,
	};
	/* Before Linux 4.20 there is none: then what we send to a watched group comes back to us.
	 */
	int on = 1;
	setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on));
	batch_prepare_socket(fd);
	if (rc == 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		rc = -errno;
	if (rc < 0) {
		close(fd);
		return rc;
	}
	return fd;
}
