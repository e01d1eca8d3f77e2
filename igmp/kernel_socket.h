/*
 * igmp/kernel_socket: the UDP socket of one group, for the kernel back end (RFC 3678).
 */
#pragma once

#include <netinet/in.h>
#include <stdint.h>

#include "igmp/host.h"

/*
 * A socket bound to group and port, with arrival stamps and a large buffer, that has joined nothing
 * yet. The descriptor, or -errno.
 */
int igmp_kernel_socket_open(struct in_addr group, uint16_t port);

/* Changes the socket's membership from one filter to another; INCLUDE{} is none. 0 or -errno. */
int igmp_kernel_socket_set(int fd, int ifindex, struct in_addr group,
	const struct igmp_filter *from, const struct igmp_filter *to);
