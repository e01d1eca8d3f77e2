/*
 * igmp/link: carries the answers of igmp/host to one interface over AF_PACKET, on a libuv loop: the
 * raw back end of igmp/membership. Needs CAP_NET_RAW. The kernel takes no part in it: it sends no
 * IGMP for these groups and hands none of their data to UDP sockets.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "igmp/host.h"
#include "igmp/iface.h"
#include "igmp/log.h"

struct igmp_link;

struct igmp_link_events {
	/* What the host noticed; may come from within any call but igmp_link_open(). */
	void (*noticed)(void *ctx, const struct igmp_notice *notice);
	/* A packet socket that could not be had is there, and memberships were said anew. */
	void (*socket_back)(void *ctx);
	/* As of igmp_membership_options. */
	void (*sent)(void *ctx, uint64_t at_ns);
	/* As of igmp_membership_options; may be NULL. */
	void (*stamped)(void *ctx, uint64_t wire_ns);
	void *ctx;
};

/*
 * settings->mtu_bytes 0 takes the interface's. Errors: -EPERM without CAP_NET_RAW, -EOPNOTSUPP
 * where the interface does not speak IGMP, other -errno. Closed with igmp_link_close().
 */
int igmp_link_open(uv_loop_t *loop, const struct igmp_iface *iface,
	const struct igmp_host_settings *settings, const struct igmp_link_events *events,
	const struct igmp_log *log, struct igmp_link **ret);

/*
 * As igmp_host_listen(); *ret_sent_ns is when the report was sent, 0 where it was not or not with
 * all of the change: what is left of it then is told of by events.sent.
 */
int igmp_link_listen(
	struct igmp_link *link, const struct igmp_change *changes, size_t n, uint64_t *ret_sent_ns);

/*
 * The interface as it is now (index 0: gone; another index: another one of the same name).
 * Memberships are said anew where routers or switches may have forgotten them; while the interface
 * is gone, down or unable to speak nothing is sent, and what is due then waits. 1 where memberships
 * were said anew, 0 where not; -errno where no packet socket can be had now: it is tried for again
 * each second, and with each call.
 */
int igmp_link_iface_changed(struct igmp_link *link, const struct igmp_iface *now);

/* The state machine, for those who look at it. */
const struct igmp_host *igmp_link_host(const struct igmp_link *link);

/* The host's, and what the socket had no room for. */
void igmp_link_counters(struct igmp_link *link, struct igmp_counters *ret);

/* Says every membership anew, at once where the line is up: the network seems to have lost it. */
void igmp_link_announce(struct igmp_link *link);

/* Leaves every group at once; done(ctx) is called from the loop when the memory has been freed. */
void igmp_link_close(struct igmp_link *link, void (*done)(void *ctx), void *ctx);
