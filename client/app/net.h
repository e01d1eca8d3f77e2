/*
 * app/net: the seam between zap, igmp and receive. Carries out "leave that, join this" and "receive
 * this", and brings back what arrives: events for zap, access units for play.
 */
#pragma once

#include <uv.h>

#include "channels/address.h"
#include "client/receive/socket.h"
#include "client/receive/stream.h"
#include "client/zap.h"
#include "igmp/membership.h"

struct net_options {
	const char *iface;
	enum igmp_backend backend;
	struct igmp_host_settings host;
	igmp_log_fn log;
	void *log_ctx;
};

struct net_listener {
	void (*event)(void *ctx, const struct zap_event *event);
	/* An access unit of zap n; its data is the taker's to g_bytes_unref(). */
	void (*unit)(void *ctx, uint64_t n, const struct stream_unit *unit);
	/* What the stream of zap n holds became known. */
	void (*codecs)(void *ctx, uint64_t n, enum stream_codec video, enum stream_codec audio);
	/* As of igmp_membership_options: also from within net_open() and net_change(). */
	void (*noticed)(void *ctx, const struct igmp_said *said);
	void (*stamped)(void *ctx, uint64_t wire_ns);
	void *ctx;
};

struct net;

/* Errors as igmp_membership_open(). Closed with net_close(). */
int net_open(uv_loop_t *loop, const struct net_options *options,
	const struct net_listener *listener, struct net **ret);

/*
 * Leaves what was joined before and joins `to` (NULL: nothing) in one report. From then on nothing
 * of what was left is handed on, whether it still comes or has been waiting; what comes of `to`
 * waits for net_receive(). *ret_sent_ns and errors as igmp_membership_listen(); with an error
 * nothing is joined. Where the join leaves later, ZAP_REPORT comes as an event of the zap that
 * net_receive() names next.
 */
int net_change(struct net *net, const struct channel_address *to, uint64_t *ret_sent_ns);

/*
 * Begins to receive `address`, which net_change() joined, as zap n, from nothing; NULL: nothing.
 * -errno where the packet socket's filter, or the kernel's socket, cannot be had.
 */
int net_receive(struct net *net, uint64_t n, const struct channel_address *address);

/* Joins anew what is joined: nothing of it comes, and the network may have forgotten it. */
void net_announce(struct net *net);

/*
 * Takes in what has arrived by now. A loop that was late runs its timers before its sockets: ask
 * for this before a silence is believed.
 */
void net_read(struct net *net);

/* For `ctl igmp` and `ctl status`. */
struct igmp_membership *net_membership(struct net *net);
void net_counters(const struct net *net, struct receive_socket_counters *ret_socket,
	struct stream_counters *ret_stream);

/* Leaves everything; memory is freed from the loop. Accepts NULL. */
void net_close(struct net *net);
