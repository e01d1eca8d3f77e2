/*
 * receive/socket: datagrams of the watched flows, with their kernel arrival stamps, on a libuv
 * loop. Either an AF_PACKET socket of its own, whose filter lets just these flows through, or
 * UDP sockets that the kernel membership lends.
 */
#pragma once

#include "client/receive/flow.h"

#include <stddef.h>
#include <uv.h>

struct receive_datagram {
	struct receive_flow flow; /* source is the packet's */
	const uint8_t *payload;
	size_t len;
	uint64_t arrival_ns; /* CLOCK_MONOTONIC, from the kernel's stamp */
};

struct receive_socket_counters {
	uint64_t datagrams, bytes;
	uint64_t dropped_flow; /* of a flow that is not (or no longer) watched */
	uint64_t dropped_fragment, dropped_malformed, dropped_kernel /* socket buffer full */;
	/* Larger than the interface's MTU: several that the kernel or the network card merged
	 * (ethtool's rx-udp-gro-forwarding and rx-gro-list), and no longer to be told apart. */
	uint64_t dropped_merged;
};

typedef void (*receive_datagram_fn)(void *ctx, const struct receive_datagram *datagram);

struct receive_socket;

/* Errors: -EPERM without CAP_NET_RAW, -ENODEV, other -errno. */
int receive_socket_open_packet(uv_loop_t *loop, const char *iface, receive_datagram_fn on_datagram,
	void *ctx, struct receive_socket **ret);
/* Without a descriptor of its own: flows come through receive_socket_watch_fd(). */
int receive_socket_open_lent(
	uv_loop_t *loop, receive_datagram_fn on_datagram, void *ctx, struct receive_socket **ret);

/*
 * From now on these flows and no others (the interface lets them in for whoever joined their
 * groups); what is still queued of others is dropped. n may be 0. On a lent socket this can only
 * end flows: those that are not among them. -errno (-E2BIG, -ENOMEM: too many flows for the
 * kernel), and then what was watched is watched still.
 */
int receive_socket_watch(struct receive_socket *s, const struct receive_flow *flows, size_t n);
/*
 * The interface that was opened is gone, and back as this one (also with the same index): receives
 * there from now on; what is watched stays. -errno, and then all is as it was; -EOPNOTSUPP on a
 * lent socket.
 */
int receive_socket_rebind(struct receive_socket *s, unsigned ifindex);

/*
 * The same for one flow of a lent socket: a bound UDP socket that is a member of the group; fd -1
 * ends it; a flow that is watched already stays as it is. The descriptor stays the lender's, but is
 * made non-blocking and told to give stamps, and must be ended here before the lender's close() can
 * leave the group.
 */
int receive_socket_watch_fd(struct receive_socket *s, const struct receive_flow *flow, int fd);

/*
 * Hands out what has arrived by now, without waiting for the loop: a timer that is about to give up
 * on a packet asks for this first, because a loop that was late runs its timers before its sockets.
 */
void receive_socket_read(struct receive_socket *s);

void receive_socket_counters(const struct receive_socket *s, struct receive_socket_counters *ret);
/* Memory is freed from the loop. Accepts NULL. */
void receive_socket_close(struct receive_socket *s);
