#include "igmp/kernel_groups.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "igmp/filter.h"

void igmp_kernel_groups_init(struct igmp_kernel_groups *groups, size_t max_groups)
{
	*groups = (struct igmp_kernel_groups){.max_groups = max_groups};
	igmp_list_init(&groups->all);
}

struct igmp_kernel_group *igmp_kernel_groups_find(
	const struct igmp_kernel_groups *groups, struct in_addr address)
{
	return igmp_table_get(&groups->groups, ntohl(address.s_addr));
}

static int add_group(
	struct igmp_kernel_groups *groups, struct in_addr address, struct igmp_kernel_group **ret)
{
	if (groups->groups.count >= groups->max_groups)
		return -ENOSPC;
	if (igmp_table_reserve(&groups->groups, 1) < 0)
		return -ENOMEM;
	struct igmp_kernel_group *group = calloc(1, sizeof *group);
	if (!group)
		return -ENOMEM;
	group->address = address;
	igmp_users_init(&group->users, address);
	igmp_list_init(&group->ports);
	igmp_table_set(&groups->groups, ntohl(address.s_addr), group);
	igmp_list_append(&groups->all, &group->all);
	*ret = group;
	return 0;
}

struct igmp_kernel_port *igmp_kernel_group_port(
	const struct igmp_kernel_group *group, uint16_t port)
{
	for (struct igmp_node *node = group->ports.next; node != &group->ports; node = node->next) {
		struct igmp_kernel_port *found = igmp_owner(node, struct igmp_kernel_port, node);
		if (found->port == port)
			return found;
	}
	return NULL;
}

static int add_port(struct igmp_kernel_group *group, uint16_t port, struct igmp_kernel_port **ret)
{
	struct igmp_kernel_port *new = calloc(1, sizeof *new);
	if (!new)
		return -ENOMEM;
	new->port = port;
	new->fd = -1;
	igmp_list_append(&group->ports, &new->node);
	*ret = new;
	return 0;
}

static void close_port(struct igmp_kernel_port *port)
{
	igmp_list_remove(&port->node);
	if (port->fd >= 0)
		close(port->fd);
	free(port);
}

static void free_group(struct igmp_kernel_groups *groups, struct igmp_kernel_group *group)
{
	igmp_list_remove(&group->all);
	igmp_users_finish(&group->users, &groups->users);
	igmp_table_set(&groups->groups, ntohl(group->address.s_addr), NULL);
	free(group);
}

void igmp_kernel_groups_settle(struct igmp_kernel_groups *groups, struct in_addr address)
{
	struct igmp_kernel_group *group = igmp_kernel_groups_find(groups, address);
	if (!group)
		return;
	for (struct igmp_node *node = group->ports.next, *next; node != &group->ports;
		node = next) {
		struct igmp_kernel_port *port = igmp_owner(node, struct igmp_kernel_port, node);
		next = node->next;
		if (port->user_count == 0)
			close_port(port);
	}
	if (igmp_list_first(&group->users.list))
		return;
	free_group(groups, group);
	igmp_table_trim(&groups->groups);
	igmp_table_trim(&groups->users);
	igmp_table_trim(&groups->ports);
}

void igmp_kernel_groups_finish(struct igmp_kernel_groups *groups)
{
	struct igmp_node *node, *port;
	while ((node = igmp_list_first(&groups->all)) != NULL) {
		struct igmp_kernel_group *group = igmp_owner(node, struct igmp_kernel_group, all);
		while ((port = igmp_list_first(&group->ports)) != NULL)
			close_port(igmp_owner(port, struct igmp_kernel_port, node));
		free_group(groups, group);
	}
	igmp_table_finish(&groups->groups);
	igmp_table_finish(&groups->users);
	igmp_table_finish(&groups->ports);
}

/* Puts the user's wish and port in the place of those before. Room is there. */
static void swap(struct igmp_kernel_groups *groups, struct igmp_kernel_wish *wish,
	struct igmp_user *user, struct igmp_kernel_port *port)
{
	struct igmp_users *users = &wish->group->users;
	uint64_t key = igmp_users_key(users, wish->user);
	wish->before_port = igmp_table_get(&groups->ports, key);
	if (wish->before_port)
		wish->before_port->user_count--;
	if (port)
		port->user_count++;
	igmp_table_set(&groups->ports, key, port);
	wish->before = igmp_users_swap(users, &groups->users, wish->user, user);
}

int igmp_kernel_groups_wish(struct igmp_kernel_groups *groups, const struct igmp_listen *request,
	struct igmp_kernel_wish *ret)
{
	struct igmp_filter filter = igmp_filter_normalise(&request->filter);
	struct igmp_kernel_group *group = igmp_kernel_groups_find(groups, request->group);
	struct igmp_kernel_port *port = NULL;
	struct igmp_user *user = NULL;
	bool leaves = igmp_filter_is_empty(&filter);
	*ret = (struct igmp_kernel_wish){.user = request->user};
	if (leaves && !group)
		return 0;
	int err = group ? 0 : add_group(groups, request->group, &group);
	if (err == 0 && !leaves)
		port = igmp_kernel_group_port(group, request->port);
	if (err == 0 && !leaves && !port)
		err = add_port(group, request->port, &port);
	if (err == 0)
		err = igmp_users_reserve(&group->users, &groups->users, filter.source_count);
	if (err == 0)
		err = igmp_table_reserve(&groups->ports, 1);
	if (err < 0)
		return err;
	if (!leaves && !(user = igmp_user_new(request->user, &filter)))
		return -ENOMEM;
	ret->group = group;
	swap(groups, ret, user, port);
	return group->users.included_count > IGMP_MAX_SOURCES ? -E2BIG : 0;
}

void igmp_kernel_groups_take_back(
	struct igmp_kernel_groups *groups, const struct igmp_kernel_wish *wish)
{
	struct igmp_kernel_wish back = *wish;
	if (!wish->group)
		return;
	swap(groups, &back, wish->before, wish->before_port);
	free(back.before);
}
