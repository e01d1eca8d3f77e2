/*
 * igmp/link_socket: the packet socket of igmp/link: sends IGMP packets to an interface's groups and
 * receives those that belong to this very interface. Needs CAP_NET_RAW.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "igmp/host.h"

/* An IGMP query with every source that fits an Ethernet frame. */
#define IGMP_LINK_PACKET_MAX_BYTES 2048

/*
 * A non-blocking descriptor, or -errno. It receives IPv4 with protocol 2 that came to the interface
 * untagged, or with a priority tag (VLAN 0): what the kernel hands on to eth0.100 passes eth0 too.
 */
int igmp_link_socket_open(int ifindex);

/*
 * 0 or -errno. With `stamped` the kernel is asked when the packet goes on the wire, which
 * igmp_link_socket_sent_at() tells.
 */
int igmp_link_socket_send(int fd, int ifindex, const struct igmp_action *action, bool stamped);

/*
 * The next transmit stamp, CLOCK_REALTIME, in the order of the packets that had to have one; false
 * where none has come (yet). Most devices give one before the send returns, some never.
 */
bool igmp_link_socket_sent_at(int fd, uint64_t *ret_realtime_ns);

/* Begins or ends to receive frames for this group; 0 or -errno. */
int igmp_link_socket_set_mac(int fd, int ifindex, struct in_addr group, bool join);

/*
 * The next packet, from its IP header on: its length, or -errno (-EAGAIN: none). `packet` has room
 * for IGMP_LINK_PACKET_MAX_BYTES.
 */
ssize_t igmp_link_socket_receive(int fd, uint8_t *packet, enum igmp_frame *ret_frame);

/* How many packets found the socket's buffer full since this was asked last; 0 where unknown. */
unsigned igmp_link_socket_take_drops(int fd);
