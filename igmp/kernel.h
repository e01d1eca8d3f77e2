/*
 * igmp/kernel: the kernel's own IGMP host, asked through one UDP socket for each group and port:
 * the back end of igmp/membership that needs no privilege. Membership and data share the socket, as
 * IP_MULTICAST_ALL is off: it receives nothing but what it joined itself.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "igmp/iface.h"
#include "igmp/log.h"
#include "igmp/membership.h"

struct igmp_kernel;

/* max_groups 0: the default. -EADDRNOTAVAIL where the interface has no IPv4 address, -ENOMEM. */
int igmp_kernel_open(uv_loop_t *loop, const struct igmp_iface *iface, size_t max_groups,
	const struct igmp_log *log, struct igmp_kernel **ret);

/*
 * As igmp_membership_listen(). Leaves come before joins, back to back, so that the kernel puts both
 * into one report. A refusal of the kernel is logged with what to do about it. While the interface
 * is gone nothing is refused: what is wanted then is joined when it is back.
 */
int igmp_kernel_listen(struct igmp_kernel *kernel, const struct igmp_listen *requests, size_t n);

/*
 * The interface as it is now (index 0: gone). Where routers have to hear it, every group is joined
 * anew, through the sockets that there are: lent descriptors stay what they were, and go on
 * receiving. What cannot be joined is logged once, and tried again when something changes.
 */
void igmp_kernel_iface_changed(struct igmp_kernel *kernel, const struct igmp_iface *now);

/* Joins every group anew, as igmp_kernel_iface_changed() does. */
void igmp_kernel_announce(struct igmp_kernel *kernel);

/* As igmp_membership_data_fd(). */
int igmp_kernel_data_fd(const struct igmp_kernel *kernel, struct in_addr group, uint16_t port);

void igmp_kernel_each(const struct igmp_kernel *kernel,
	void (*visit)(void *ctx, const struct igmp_membership_group *group), void *ctx);

/* Leaves every group; done(ctx) is called from the loop when the memory has been freed. */
void igmp_kernel_close(struct igmp_kernel *kernel, void (*done)(void *ctx), void *ctx);
