/*
 * igmp/membership: what the rest of the program sees of this room. One object keeps the multicast
 * memberships of one interface, on a libuv loop, through one of two back ends:
 *
 *   raw     our own IGMPv3 host (igmp/host) over AF_PACKET (igmp/link); needs CAP_NET_RAW
 *   kernel  the kernel's host, through a UDP socket per group and port (igmp/kernel); needs nothing
 */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "igmp/host.h"
#include "igmp/iface.h"
#include "igmp/said.h"

enum igmp_backend {
	IGMP_BACKEND_AUTO, /* raw where permitted, else kernel */
	IGMP_BACKEND_RAW,
	IGMP_BACKEND_KERNEL,
};

enum igmp_log_level { IGMP_LOG_ERROR, IGMP_LOG_WARNING, IGMP_LOG_INFO, IGMP_LOG_DEBUG };

/* Called on the loop's thread with one sentence, without a newline. */
typedef void (*igmp_log_fn)(void *ctx, enum igmp_log_level level, const char *sentence);

struct igmp_membership_options {
	const char *iface; /* interface name, e.g. "eth0"; not kept after open */
	enum igmp_backend backend;
	struct igmp_host_settings host;
	igmp_log_fn log; /* may be NULL */
	void *log_ctx;

	/*
	 * All may be NULL, and are called on the loop's thread, also from within
	 * igmp_membership_open() (a line that is down) and _listen(); no more once
	 * igmp_membership_close() has been called.
	 */
	/* After the memberships were said anew. The data descriptors are what they were. */
	void (*iface_changed)(void *ctx, const struct igmp_iface *now);
	/*
	 * Raw back end: all that the last igmp_membership_listen() asked for has left at last, by
	 * at_ns (CLOCK_MONOTONIC), where that call returned 0 because it had not: after a gap
	 * between leave and join, or when a line that was down is back.
	 */
	void (*sent)(void *ctx, uint64_t at_ns);
	/* What is worth a viewer's or operator's look; it has been logged. */
	void (*noticed)(void *ctx, const struct igmp_said *said);
	/*
	 * A packet of igmp_membership_listen()'s change went on the wire at wire_ns
	 * (CLOCK_MONOTONIC), by the kernel's transmit stamp. As a rule from within that call, or,
	 * of what left later, just before `sent`; a device that queues tells it later, and one
	 * without stamps, like the kernel back end, never. Of a change that takes several packets
	 * each one is told, in their order; of a leave and a join with a gap between them
	 * (IGMP_PAIR_GAP) only the join.
	 */
	void (*stamped)(void *ctx, uint64_t wire_ns);
	void *event_ctx;
};

/* One request to change what is received, RFC 9776 section 2 (IPMulticastListen). */
struct igmp_listen {
	struct in_addr group;
	struct igmp_filter filter; /* leave: INCLUDE with no source */
	uint16_t port; /* UDP port of the data, host order: the kernel back end binds to it */
	uint32_t user; /* whose wish it is, as in igmp_change: each has a filter and a port */
};

struct igmp_membership;

/*
 * Opens the memberships of an interface. On success *ret is owned by the caller and closed with
 * igmp_membership_close(). Errors: -ENODEV no such interface, -EADDRNOTAVAIL the interface has no
 * IPv4 address (kernel back end only), -EPERM raw asked for and not permitted, -EOPNOTSUPP raw
 * asked for on loopback or an interface without multicast, other -errno.
 *
 * On loopback IGMP is silent (RFC 9776 section 5): auto takes the kernel back end there, whose
 * memberships are a local matter and send nothing.
 */
int igmp_membership_open(uv_loop_t *loop, const struct igmp_membership_options *options,
	struct igmp_membership **ret);

/*
 * Applies all n requests as one change: with the raw back end one report carries all records,
 * those that leave first, and it is on its way when this returns. *ret_sent_ns (may be NULL) is the
 * CLOCK_MONOTONIC time after the last send, 0 where nothing had to be sent, a join is held back
 * (IGMP_PAIR_GAP), or no send succeeded (which is logged, and the repeats are still tried):
 * options' `sent` tells when it has left. With the kernel back end it is the time at which the
 * kernel was asked; its report leaves later. Errors: -EINVAL not a multicast group, an EXCLUDE
 * filter inside 232/8 (RFC 4607) or a source that is no unicast address, -E2BIG too many sources,
 * -ENOSPC too many groups, -ENOMEM, and what the kernel says (kernel back end: -ENOBUFS, -EMFILE
 * and others, each with a sentence in the log); with an error nothing has changed.
 */
int igmp_membership_listen(struct igmp_membership *m, const struct igmp_listen *requests, size_t n,
	uint64_t *ret_sent_ns);

/* The back end that runs: IGMP_BACKEND_RAW or IGMP_BACKEND_KERNEL, and why, as a sentence. */
enum igmp_backend igmp_membership_backend(const struct igmp_membership *m, const char **ret_why);

/*
 * The UDP socket that receives a group's data on a port where the kernel back end runs; -1 with the
 * raw one, or when no user wants that. It receives from the sources that the group's users want
 * together. It stays the property of this room: the caller watches and reads it, and forgets it
 * before its last user leaves the group or takes another port. It outlives the interface.
 */
int igmp_membership_data_fd(const struct igmp_membership *m, struct in_addr group, uint16_t port);

/* What `ctl igmp` shows. With the kernel back end only groups and filters are known. */
struct igmp_membership_group {
	struct in_addr group;
	struct igmp_filter filter;
	unsigned pending_reports; /* state-change repeats that are still to be sent */
};
void igmp_membership_each(const struct igmp_membership *m,
	void (*visit)(void *ctx, const struct igmp_membership_group *group), void *ctx);
void igmp_membership_querier(const struct igmp_membership *m, struct igmp_querier *ret);
void igmp_membership_counters(const struct igmp_membership *m, struct igmp_counters *ret);

/* What was noticed lately, oldest first; at most IGMP_SAID_MAX are kept. */
void igmp_membership_each_said(const struct igmp_membership *m,
	void (*visit)(void *ctx, const struct igmp_said *said), void *ctx);
/* The interface as it is now; index 0 while it is gone. */
const struct igmp_iface *igmp_membership_iface(const struct igmp_membership *m);

/*
 * Says every membership anew, as if just joined: where what was joined does not come, a router or
 * switch may have forgotten it, or have taken a join for nothing. Routers that have not are told
 * nothing new.
 */
void igmp_membership_announce(struct igmp_membership *m);

/*
 * Leaves every group (sends the report at once) and closes all handles; done(ctx) is called from
 * the loop when none is left and the memory has been freed. m may be NULL (done is then called at
 * once).
 */
void igmp_membership_close(struct igmp_membership *m, void (*done)(void *ctx), void *ctx);
