/*
 * igmp/kernel_groups: what users want of the kernel back end: groups with users, merged as the host
 * core merges them (RFC 9776 section 3.2), and one UDP socket for each port of a group, opened and
 * joined by igmp/kernel. Inside this room only.
 */
#pragma once

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#include "igmp/list.h"
#include "igmp/membership.h"
#include "igmp/table.h"
#include "igmp/users.h"

/*
 * One socket: a port of a group. All sockets of a group join with the same filter, that of its
 * users together, as all users of the packet socket see the same data.
 */
struct igmp_kernel_port {
	struct igmp_node node;
	uint16_t port;
	int fd; /* -1: not opened yet */
	size_t user_count;
	struct igmp_filter joined; /* as the kernel was told; INCLUDE{}: no member */
	struct igmp_filter before; /* while a batch is carried out: `joined` at its start */
};

struct igmp_kernel_group {
	struct igmp_node all;
	struct in_addr address;
	struct igmp_users users;
	struct igmp_node ports;
};

struct igmp_kernel_groups {
	size_t max_groups;
	struct igmp_node all;	  /* in the order of their joining */
	struct igmp_table groups; /* address -> group */
	struct igmp_table users;  /* igmp_users_key() -> user */
	struct igmp_table ports;  /* igmp_users_key() -> the port that the user wants */
};

/* One request that was carried out here: what takes it back. */
struct igmp_kernel_wish {
	struct igmp_kernel_group *group; /* NULL: there was nothing to do */
	uint32_t user;
	struct igmp_user *before;
	struct igmp_kernel_port *before_port;
};

void igmp_kernel_groups_init(struct igmp_kernel_groups *groups, size_t max_groups);
/* Closes every socket, which leaves. */
void igmp_kernel_groups_finish(struct igmp_kernel_groups *groups);

struct igmp_kernel_group *igmp_kernel_groups_find(
	const struct igmp_kernel_groups *groups, struct in_addr address);
/* NULL where no user wants it. */
struct igmp_kernel_port *igmp_kernel_group_port(
	const struct igmp_kernel_group *group, uint16_t port);

/* Notes what one user wants from now on. -E2BIG, -ENOSPC, -ENOMEM: *ret is to be taken back then.
 */
int igmp_kernel_groups_wish(struct igmp_kernel_groups *groups, const struct igmp_listen *request,
	struct igmp_kernel_wish *ret);
/* In the reverse order of the wishes. */
void igmp_kernel_groups_take_back(
	struct igmp_kernel_groups *groups, const struct igmp_kernel_wish *wish);
/* Closes the sockets of a group that nobody wants, and forgets a group without users. */
void igmp_kernel_groups_settle(struct igmp_kernel_groups *groups, struct in_addr address);
