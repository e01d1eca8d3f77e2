/*
 * receive/packet_socket: an AF_PACKET socket that lets just some flows of an interface through.
 */
#pragma once

#include "client/receive/flow.h"

#include <stddef.h>

/*
 * A non-blocking descriptor that gives batches (receive/batch.h) of IPv4 packets, from the IP
 * header on; or -errno: -EPERM without CAP_NET_RAW, and as packet_socket_watch().
 */
int packet_socket_open(unsigned ifindex, const struct receive_flow *flows, size_t n);

/*
 * From now on these flows and no others; what is queued stays so. 0 or -errno (-E2BIG, -ENOMEM: too
 * many flows for the kernel), and then it is as it was.
 */
int packet_socket_watch(int fd, unsigned ifindex, const struct receive_flow *flows, size_t n);

/* The interface's MTU; 0 where it is not known. Any socket will do. */
size_t packet_socket_mtu(int fd, unsigned ifindex);
