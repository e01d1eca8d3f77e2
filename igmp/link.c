#include "igmp/link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <net/ethernet.h>
#include <netpacket/packet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define NS_PER_MS UINT64_C(1000000)

/* An IGMP query with every source that fits an Ethernet frame. */
#define RECEIVE_MAX_BYTES 2048

/* Packets taken in one turn of the loop: a flood of queries must not keep keys waiting. */
#define RECEIVE_MAX_PACKETS 64

struct igmp_link {
	struct igmp_host *host;
	struct igmp_iface iface;
	struct igmp_link_events events;
	struct igmp_log log;
	int fd;
	bool send_failed; /* the last one; it has been logged */
	uv_poll_t poll;
	uv_timer_t timer;
	int open_handles;
	void (*done)(void *ctx);
	void *done_ctx;
};

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

static int try_send(const struct igmp_link *link, const struct igmp_action *action)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = link->iface.index,
		.sll_halen = ETH_ALEN,
	};
	ssize_t sent;
	map_to_mac(action->destination, to.sll_addr);
	do
		sent = sendto(link->fd, action->packet, action->len, 0,
			(const struct sockaddr *)&to, sizeof to);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -errno : 0;
}

/*
 * A socket that saw the line go down hands that error to its next call, even if the line has come
 * back meanwhile: only a second one tells.
 */
static int send_packet(const struct igmp_link *link, const struct igmp_action *action)
{
	int err = try_send(link, action);
	return err == -ENETDOWN ? try_send(link, action) : err;
}

/* A line that is down fails every send: said once, until one succeeds again. The repeats go on. */
static void note_send_result(struct igmp_link *link, int err)
{
	if (err < 0 && !link->send_failed)
		igmp_log(&link->log, IGMP_LOG_WARNING,
			"%s: cannot send an IGMP report: %s; its repeats are still tried",
			link->iface.name, strerror(-err));
	link->send_failed = err < 0;
}

static int set_mac(struct igmp_link *link, struct in_addr group, bool join)
{
	struct packet_mreq request = {
		.mr_ifindex = link->iface.index,
		.mr_type = PACKET_MR_MULTICAST,
		.mr_alen = ETH_ALEN,
	};
	map_to_mac(group, request.mr_address);
	if (setsockopt(link->fd, SOL_PACKET, join ? PACKET_ADD_MEMBERSHIP : PACKET_DROP_MEMBERSHIP,
		    &request, sizeof request) < 0)
		return -errno;
	return 0;
}

static void change_mac(struct igmp_link *link, const struct igmp_action *action)
{
	char group[INET_ADDRSTRLEN];
	bool join = action->type == IGMP_ACTION_JOIN_MAC;
	int err = set_mac(link, action->group, join);
	if (err == 0)
		return;
	inet_ntop(AF_INET, &action->group, group, sizeof group);
	igmp_log(&link->log, IGMP_LOG_WARNING, "%s: cannot %s frames for %s: %s", link->iface.name,
		join ? "ask for" : "stop", group, strerror(-err));
}

/* Carries out what the host answered. The time after the last packet sent, 0 where none was. */
static uint64_t carry_out(struct igmp_link *link)
{
	struct igmp_action action;
	uint64_t sent_ns = 0;
	while (igmp_host_next_action(link->host, &action)) {
		if (action.type == IGMP_ACTION_NOTICE) {
			link->events.noticed(link->events.ctx, &action.notice);
			continue;
		}
		if (action.type != IGMP_ACTION_SEND) {
			change_mac(link, &action);
			continue;
		}
		int err = send_packet(link, &action);
		if (err == 0)
			sent_ns = uv_hrtime();
		note_send_result(link, err);
	}
	return sent_ns;
}

static void on_timer(uv_timer_t *timer);

static void arm_timer(struct igmp_link *link)
{
	uint64_t deadline_ns = igmp_host_deadline(link->host);
	if (deadline_ns == UINT64_MAX) {
		uv_timer_stop(&link->timer);
		return;
	}
	uint64_t now_ns = uv_hrtime();
	uint64_t wait_ns = deadline_ns > now_ns ? deadline_ns - now_ns : 0;
	/* Rounded up, as an early wake-up would only have to sleep again. */
	uv_timer_start(&link->timer, on_timer, wait_ns / NS_PER_MS + 1, 0);
}

static void on_timer(uv_timer_t *timer)
{
	struct igmp_link *link = timer->data;
	igmp_host_advance(link->host, uv_hrtime());
	carry_out(link);
	arm_timer(link);
}

/* False when the socket is empty. */
static bool receive_packet(struct igmp_link *link)
{
	uint8_t packet[RECEIVE_MAX_BYTES];
	struct sockaddr_ll from;
	socklen_t from_len = sizeof from;
	ssize_t len =
		recvfrom(link->fd, packet, sizeof packet, 0, (struct sockaddr *)&from, &from_len);
	if (len < 0)
		/* Other errors (the line went down) are reported once by the socket and over. */
		return errno != EAGAIN;
	if (from.sll_pkttype == PACKET_OTHERHOST || from.sll_pkttype == PACKET_OUTGOING)
		return true;
	enum igmp_frame frame =
		from.sll_pkttype == PACKET_HOST ? IGMP_FRAME_UNICAST : IGMP_FRAME_MULTICAST;
	igmp_host_receive(link->host, packet, (size_t)len, frame, uv_hrtime());
	return true;
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
	struct igmp_link *link = poll->data;
	(void)events;
	for (int i = 0; i < RECEIVE_MAX_PACKETS && receive_packet(link); i++)
		continue;
	/* libuv stops watching a descriptor that had an error, which a line going down is. */
	if (status < 0)
		uv_poll_start(&link->poll, UV_READABLE, on_readable);
	carry_out(link);
	arm_timer(link);
}

/* IP protocol 2. The data of a SOCK_DGRAM packet socket begins with the IP header. */
static int attach_filter(int fd)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_IGMP, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, RECEIVE_MAX_BYTES),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog program = {sizeof code / sizeof code[0], code};
	const int on = 1;
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) < 0)
		return -errno;
	/* Older than Linux 4.20: receive_packet() drops our own packets. */
	if (setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) < 0 &&
		errno != ENOPROTOOPT)
		return -errno;
	return 0;
}

/* Nothing is received before bind() names the protocol: no packet slips past the filter. */
static int open_socket(struct igmp_link *link)
{
	const struct sockaddr_ll any = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = link->iface.index,
	};
	const struct in_addr all_hosts = {htonl(INADDR_ALLHOSTS_GROUP)};
	link->fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (link->fd < 0)
		return -errno;
	int err = attach_filter(link->fd);
	if (err < 0)
		return err;
	if (bind(link->fd, (const struct sockaddr *)&any, sizeof any) < 0)
		return -errno;
	return set_mac(link, all_hosts, true);
}

static int open_host(struct igmp_link *link, const struct igmp_host_settings *settings)
{
	struct igmp_host_settings s = *settings;
	if (s.mtu_bytes == 0)
		s.mtu_bytes = link->iface.mtu_bytes;
	if (s.seed == 0)
		uv_random(NULL, NULL, &s.seed, sizeof s.seed, 0, NULL);
	link->host = igmp_host_new(&s);
	if (!link->host)
		return -ENOMEM;
	igmp_host_set_address(link->host, link->iface.address);
	return 0;
}

static void free_link(struct igmp_link *link)
{
	if (link->fd >= 0)
		close(link->fd);
	igmp_host_free(link->host);
	free(link);
}

/* The timer cannot fail; where the poll handle does, nothing has been opened. */
static int open_handles(uv_loop_t *loop, struct igmp_link *link)
{
	int err = uv_poll_init(loop, &link->poll, link->fd);
	if (err < 0)
		return err;
	uv_timer_init(loop, &link->timer);
	link->poll.data = link;
	link->timer.data = link;
	link->open_handles = 2;
	uv_poll_start(&link->poll, UV_READABLE, on_readable);
	return 0;
}

int igmp_link_open(uv_loop_t *loop, const struct igmp_iface *iface,
	const struct igmp_host_settings *settings, const struct igmp_link_events *events,
	const struct igmp_log *log, struct igmp_link **ret)
{
	if (!iface->speaks)
		return -EOPNOTSUPP;
	struct igmp_link *link = calloc(1, sizeof *link);
	if (!link)
		return -ENOMEM;
	link->fd = -1;
	link->iface = *iface;
	link->events = *events;
	link->log = *log;
	int err = open_socket(link);
	if (err == 0)
		err = open_host(link, settings);
	if (err == 0)
		err = open_handles(loop, link);
	if (err < 0) {
		free_link(link);
		return err;
	}
	*ret = link;
	return 0;
}

int igmp_link_listen(
	struct igmp_link *link, const struct igmp_change *changes, size_t n, uint64_t *ret_sent_ns)
{
	int err = igmp_host_listen(link->host, changes, n, uv_hrtime());
	if (err < 0)
		return err;
	*ret_sent_ns = carry_out(link);
	arm_timer(link);
	return 0;
}

const struct igmp_host *igmp_link_host(const struct igmp_link *link)
{
	return link->host;
}

static void on_closed(uv_handle_t *handle)
{
	struct igmp_link *link = handle->data;
	if (--link->open_handles > 0)
		return;
	void (*done)(void *ctx) = link->done;
	void *ctx = link->done_ctx;
	free_link(link);
	done(ctx);
}

void igmp_link_close(struct igmp_link *link, void (*done)(void *ctx), void *ctx)
{
	link->done = done;
	link->done_ctx = ctx;
	igmp_host_leave_all(link->host);
	carry_out(link);
	uv_close((uv_handle_t *)&link->poll, on_closed);
	uv_close((uv_handle_t *)&link->timer, on_closed);
}
