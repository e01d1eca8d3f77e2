/*
 * app/net_socket: the socket that packets of all channels come through. With the host of our own it
 * is one packet socket, whose filter has all their flows; it dies with its interface and is bound
 * anew. With the kernel's host the memberships lend theirs. In: the flows that are wanted. Out:
 * datagrams, and a sentence where none can come.
 */
#pragma once

#include <uv.h>

#include "client/receive/socket.h"
#include "igmp/membership.h"

struct net_socket;

struct net_socket_options {
	struct igmp_membership *membership; /* says which of the two it is; outlives it */
	receive_datagram_fn datagram;
	void *datagram_ctx;
	igmp_log_fn log;
	void *log_ctx;
};

/* Errors as receive_socket_open_packet(). Closed with net_socket_close(). */
int net_socket_open(
	uv_loop_t *loop, const struct net_socket_options *options, struct net_socket **ret);

/* Its sockets are the memberships': they close when their group is left. */
bool net_socket_is_lent(const struct net_socket *s);

/*
 * Lets in these flows (named twice, it is one) and no others. Those of a lent socket are only ended
 * here: net_socket_borrow() begins them. -errno as receive_socket_watch(), and then nothing has
 * changed.
 */
int net_socket_let_in(struct net_socket *s, const struct receive_flow *flows, size_t n);
/* Of what is let in, begins what is joined by now. -errno of the first that cannot be had. */
int net_socket_borrow(struct net_socket *s);

/* The interface has changed, or may have: a socket that is missing is tried for at once. */
void net_socket_follow_iface(struct net_socket *s);

/* As receive_socket_read() and receive_socket_counters(). */
void net_socket_read(struct net_socket *s);
void net_socket_counters(const struct net_socket *s, struct receive_socket_counters *ret);

/* Memory is freed from the loop. Accepts NULL. */
void net_socket_close(struct net_socket *s);
