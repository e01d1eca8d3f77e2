/*
 * receive/filter: the classic BPF program that lets the packets of a list of flows through. Pure.
 * For an AF_PACKET socket of type SOCK_DGRAM: offset 0 is the IP header.
 */
#pragma once

#include "client/receive/flow.h"

#include <linux/filter.h>
#include <stddef.h>

/* What the kernel takes at most: more than 500 flows, where its memory for filters suffices. */
#define FILTER_MAX_INSTRUCTIONS BPF_MAXINSNS

/*
 * Writes a program that accepts IPv4 UDP packets of the flows and drops all others; without flows,
 * one that drops everything. Fragments but the first are dropped, for they name no port; the first
 * one passes, so that who receives can count (and drop) fragments of a flow that it wants. Only
 * frames that came to the interface `ifindex` itself (0: to any), untagged or with a mere priority
 * tag, and not sent by this host: nothing of a VLAN on top of it. Returns the number of
 * instructions, or -E2BIG when `max` does not suffice.
 */
int filter_build(const struct receive_flow *flows, size_t n, unsigned ifindex,
	struct sock_filter *ret, size_t max);
