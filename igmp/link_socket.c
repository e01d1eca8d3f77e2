#include "igmp/link_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/errqueue.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/net_tstamp.h>
#include <net/ethernet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "igmp/wire.h"

#define VLAN_ID_MASK 0x0fff

/* RFC 1112 section 6.4: 01:00:5e and the low 23 bits of the group. */
static void map_to_mac(struct in_addr group, uint8_t ret[ETH_ALEN])
{
	uint32_t bits = ntohl(group.s_addr);
	ret[0] = 0x01;
	ret[1] = 0x00;
	ret[2] = 0x5e;
	ret[3] = (bits >> 16) & 0x7f;
	ret[4] = (bits >> 8) & 0xff;
	ret[5] = bits & 0xff;
}

/* Asks for this packet's transmit stamp alone: nobody wants to know it of answers and repeats. */
static void ask_for_stamp(struct msghdr *message)
{
	const uint32_t when = SOF_TIMESTAMPING_TX_SOFTWARE;
	struct cmsghdr *c = CMSG_FIRSTHDR(message);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SO_TIMESTAMPING;
	c->cmsg_len = CMSG_LEN(sizeof when);
	memcpy(CMSG_DATA(c), &when, sizeof when);
}

static int try_send(int fd, int ifindex, const struct igmp_action *action, bool stamped)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = ifindex,
		.sll_halen = ETH_ALEN,
	};
	_Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(uint32_t))] = {0};
	struct iovec data = {(void *)action->packet, action->len};
	struct msghdr message = {
		.msg_name = &to,
		.msg_namelen = sizeof to,
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof control,
	};
	ssize_t sent;
	map_to_mac(action->destination, to.sll_addr);
	if (stamped)
		ask_for_stamp(&message);
	else
		message.msg_controllen = 0;
	do
		sent = sendmsg(fd, &message, 0);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -errno : 0;
}

/*
 * A socket that saw the line go down hands that error to its next call, even if the line has come
 * back meanwhile: only a second one tells.
 */
int igmp_link_socket_send(int fd, int ifindex, const struct igmp_action *action, bool stamped)
{
	int err = try_send(fd, ifindex, action, stamped);
	return err == -ENETDOWN ? try_send(fd, ifindex, action, stamped) : err;
}

bool igmp_link_socket_sent_at(int fd, uint64_t *ret_realtime_ns)
{
	_Alignas(struct cmsghdr) uint8_t control[256];
	struct msghdr message = {.msg_control = control, .msg_controllen = sizeof control};
	struct scm_timestamping stamps;
	if (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
		return false;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPING)
			continue;
		memcpy(&stamps, CMSG_DATA(c), sizeof stamps);
		*ret_realtime_ns = (uint64_t)stamps.ts[0].tv_sec * UINT64_C(1000000000) +
				   (uint64_t)stamps.ts[0].tv_nsec;
		return true;
	}
	*ret_realtime_ns = 0;
	return true;
}

int igmp_link_socket_set_mac(int fd, int ifindex, struct in_addr group, bool join)
{
	struct packet_mreq request = {
		.mr_ifindex = ifindex,
		.mr_type = PACKET_MR_MULTICAST,
		.mr_alen = ETH_ALEN,
	};
	map_to_mac(group, request.mr_address);
	if (setsockopt(fd, SOL_PACKET, join ? PACKET_ADD_MEMBERSHIP : PACKET_DROP_MEMBERSHIP,
		    &request, sizeof request) < 0)
		return -errno;
	return 0;
}

/*
 * A frame that the kernel took to a device on top of this one (a VLAN, a macvlan) is shown to
 * sockets of both, and says to which device it went. One with a VLAN tag that no device has is
 * marked as another host's; where that tag is still there it is looked at as well. The data of a
 * SOCK_DGRAM packet socket begins with the IP header.
 */
static int attach_filter(int fd, int ifindex)
{
	const uint32_t ancillary = (uint32_t)SKF_AD_OFF;
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ancillary + SKF_AD_IFINDEX),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)ifindex, 0, 10),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ancillary + SKF_AD_PKTTYPE),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OTHERHOST, 8, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 7, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ancillary + SKF_AD_VLAN_TAG_PRESENT),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 2, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ancillary + SKF_AD_VLAN_TAG),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, VLAN_ID_MASK, 3, 0),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_IGMP, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, IGMP_LINK_PACKET_MAX_BYTES),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog program = {sizeof code / sizeof code[0], code};
	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) < 0 ? -errno
											  : 0;
}

static int set_options(int fd)
{
	const int on = 1;
	const uint32_t stamps = SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_TSONLY;
	/* Where there are none the caller's own clock has to do. */
	setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &stamps, sizeof stamps);
	/* Older than Linux 4.20: the filter drops our own packets. */
	if (setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) < 0 &&
		errno != ENOPROTOOPT)
		return -errno;
	return setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof on) < 0 ? -errno : 0;
}

/* Nothing is received before bind() names the protocol: no packet slips past the filter. */
int igmp_link_socket_open(int ifindex)
{
	const struct sockaddr_ll any = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = ifindex,
	};
	const struct in_addr all_hosts = {htonl(INADDR_ALLHOSTS_GROUP)};
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	int err = attach_filter(fd, ifindex);
	if (err == 0)
		err = set_options(fd);
	if (err == 0 && bind(fd, (const struct sockaddr *)&any, sizeof any) < 0)
		err = -errno;
	if (err == 0)
		err = igmp_link_socket_set_mac(fd, ifindex, all_hosts, true);
	if (err < 0) {
		close(fd);
		return err;
	}
	return fd;
}

/* The sender's kernel left the checksum to a network card that this packet has not met. */
static bool has_unfinished_checksum(struct msghdr *message)
{
	struct tpacket_auxdata auxiliary;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
		if (c->cmsg_level != SOL_PACKET || c->cmsg_type != PACKET_AUXDATA)
			continue;
		memcpy(&auxiliary, CMSG_DATA(c), sizeof auxiliary);
		return auxiliary.tp_status & TP_STATUS_CSUMNOTREADY;
	}
	return false;
}

ssize_t igmp_link_socket_receive(int fd, uint8_t *packet, enum igmp_frame *ret_frame)
{
	struct sockaddr_ll from;
	_Alignas(struct cmsghdr) uint8_t control[128];
	struct iovec data = {packet, IGMP_LINK_PACKET_MAX_BYTES};
	struct msghdr message = {
		.msg_name = &from,
		.msg_namelen = sizeof from,
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof control,
	};
	ssize_t len = recvmsg(fd, &message, 0);
	if (len < 0)
		return -errno;
	if (has_unfinished_checksum(&message))
		igmp_finish_checksum(packet, (size_t)len);
	*ret_frame = from.sll_pkttype == PACKET_HOST ? IGMP_FRAME_UNICAST : IGMP_FRAME_MULTICAST;
	return len;
}

unsigned igmp_link_socket_take_drops(int fd)
{
	struct tpacket_stats stats = {0};
	socklen_t size = sizeof stats;
	/* packet(7): reading resets them. */
	getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size);
	return stats.tp_drops;
}
