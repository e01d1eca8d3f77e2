/*
 * igmp/kernel: the kernel's own IGMP host, asked through one UDP socket per group: the back end of
 * igmp/membership that needs no privilege. Membership and data share the socket, as
 * IP_MULTICAST_ALL is off: it receives nothing but what it joined itself.
 */
#pragma once

#include <stddef.h>
#include <uv.h>

#include "igmp/iface.h"
#include "igmp/log.h"
#include "igmp/membership.h"

struct igmp_kernel;

/* -EADDRNOTAVAIL where the interface has no IPv4 address, -ENOMEM. */
int igmp_kernel_open(uv_loop_t *loop, const struct igmp_iface *iface, const struct igmp_log *log,
	struct igmp_kernel **ret);

/*
 * As igmp_membership_listen(). Leaves come before joins, back to back, so that the kernel puts
 * both into one report. A refusal of the kernel is logged with what to do about it.
 */
int igmp_kernel_listen(struct igmp_kernel *kernel, const struct igmp_listen *requests, size_t n);

int igmp_kernel_data_fd(const struct igmp_kernel *kernel, struct in_addr group);

void igmp_kernel_each(const struct igmp_kernel *kernel,
	void (*visit)(void *ctx, const struct igmp_membership_group *group), void *ctx);

/* Leaves every group; done(ctx) is called from the loop when the memory has been freed. */
void igmp_kernel_close(struct igmp_kernel *kernel, void (*done)(void *ctx), void *ctx);
