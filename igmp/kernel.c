#include "igmp/kernel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "igmp/filter.h"
#include "igmp/kernel_groups.h"
#include "igmp/kernel_socket.h"

struct igmp_kernel {
	struct igmp_iface iface;
	struct igmp_log log;
	struct igmp_kernel_groups groups;
	uv_timer_t closer; /* never started: its closing calls done() from the loop, as raw does */
	void (*done)(void *ctx);
	void *done_ctx;
};

/*
 * The order in which the sockets of a batch follow it. A port that nobody wants of a group that is
 * kept is closed at the end, so that the group is never left in between.
 */
enum step { STEP_OPEN, STEP_LEAVE, STEP_JOIN, STEPS };

static const struct igmp_filter nothing = {.mode = IGMP_INCLUDE};

/*
 * The kernel counts igmp_max_memberships for each socket, and ours join one group each, so that it
 * is met only where it is 0. Memory of options (net.core.optmem_max) ends with ENOBUFS too.
 */
static void explain(const struct igmp_kernel *kernel, struct in_addr address, int err)
{
	char group[INET_ADDRSTRLEN];
	const char *hint = "";
	inet_ntop(AF_INET, &address, group, sizeof group);
	if (err == -ENOBUFS)
		hint = ": too many sources (sysctl net.ipv4.igmp_max_msf) or groups (sysctl "
		       "net.ipv4.igmp_max_memberships)";
	if (err == -EMFILE)
		hint = ": each group and port takes one (ulimit -n)";
	igmp_log(&kernel->log, IGMP_LOG_ERROR, "%s: the kernel refuses %s: %s%s",
		kernel->iface.name, group, strerror(-err), hint);
}

/*
 * An interface that is gone refuses nothing: what is wanted is joined when it is back. The kernel
 * says ENODEV before the event that tells so is read.
 */
static int set_port(const struct igmp_kernel *kernel, const struct igmp_kernel_group *group,
	struct igmp_kernel_port *port, const struct igmp_filter *wanted)
{
	if (kernel->iface.index == 0)
		return 0;
	int err = igmp_kernel_socket_set(
		port->fd, kernel->iface.index, group->address, &port->joined, wanted);
	if (err == 0)
		port->joined = *wanted;
	return err == -ENODEV ? 0 : err;
}

static int open_port(const struct igmp_kernel_group *group, struct igmp_kernel_port *port)
{
	int fd = igmp_kernel_socket_open(group->address, port->port);
	if (fd < 0)
		return fd;
	port->fd = fd;
	return 0;
}

static int take_step(const struct igmp_kernel *kernel, const struct igmp_kernel_group *group,
	struct igmp_kernel_port *port, enum step step)
{
	struct igmp_filter merged = igmp_users_merge(&group->users);
	switch (step) {
	case STEP_OPEN:
		return port->fd < 0 ? open_port(group, port) : 0;
	case STEP_LEAVE:
		return igmp_filter_is_empty(&merged) ? set_port(kernel, group, port, &nothing) : 0;
	case STEP_JOIN:
		return port->user_count > 0 ? set_port(kernel, group, port, &merged) : 0;
	case STEPS:
		break;
	}
	return 0;
}

/* Brings the sockets of a group to what its users want. */
static int follow(
	const struct igmp_kernel *kernel, const struct igmp_kernel_group *group, enum step step)
{
	struct igmp_node *node;
	int err = 0;
	for (node = group->ports.next; err == 0 && node != &group->ports; node = node->next)
		err = take_step(
			kernel, group, igmp_owner(node, struct igmp_kernel_port, node), step);
	if (err < 0)
		explain(kernel, group->address, err);
	return err;
}

static void note_before(const struct igmp_kernel_group *group)
{
	struct igmp_node *node;
	for (node = group->ports.next; node != &group->ports; node = node->next) {
		struct igmp_kernel_port *port = igmp_owner(node, struct igmp_kernel_port, node);
		port->before = port->joined;
	}
}

static void set_before(const struct igmp_kernel *kernel, const struct igmp_kernel_group *group)
{
	struct igmp_node *node;
	for (node = group->ports.next; node != &group->ports; node = node->next) {
		struct igmp_kernel_port *port = igmp_owner(node, struct igmp_kernel_port, node);
		int err = set_port(kernel, group, port, &port->before);
		if (err < 0)
			explain(kernel, group->address, err);
	}
}

/* Takes the sockets to what the wishes made of the groups, or back. */
static int carry_out(struct igmp_kernel *kernel, const struct igmp_kernel_wish *wishes, size_t n)
{
	int err = 0;
	for (size_t i = 0; i < n; i++) {
		if (wishes[i].group)
			note_before(wishes[i].group);
	}
	for (enum step step = STEP_OPEN; err == 0 && step < STEPS; step++) {
		for (size_t i = 0; err == 0 && i < n; i++) {
			if (wishes[i].group)
				err = follow(kernel, wishes[i].group, step);
		}
	}
	for (size_t i = 0; err < 0 && i < n; i++) {
		if (wishes[i].group)
			set_before(kernel, wishes[i].group);
	}
	return err;
}

static int change(struct igmp_kernel *kernel, const struct igmp_listen *requests, size_t n,
	struct igmp_kernel_wish *wishes)
{
	int err = 0;
	size_t wished = 0;
	while (err == 0 && wished < n) {
		err = igmp_kernel_groups_wish(&kernel->groups, &requests[wished], &wishes[wished]);
		wished++;
	}
	if (err == 0)
		err = carry_out(kernel, wishes, n);
	for (size_t i = wished; i-- > 0;) {
		if (err < 0)
			igmp_kernel_groups_take_back(&kernel->groups, &wishes[i]);
		else
			free(wishes[i].before);
	}
	for (size_t i = 0; i < wished; i++)
		igmp_kernel_groups_settle(&kernel->groups, requests[i].group);
	return err;
}

int igmp_kernel_listen(struct igmp_kernel *kernel, const struct igmp_listen *requests, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct igmp_change wish = {requests[i].group, requests[i].filter, 0};
		int err = igmp_change_check(&wish);
		if (err < 0)
			return err;
	}
	struct igmp_kernel_wish *wishes = calloc(n ? n : 1, sizeof *wishes);
	if (!wishes)
		return -ENOMEM;
	int err = change(kernel, requests, n, wishes);
	free(wishes);
	return err;
}

int igmp_kernel_open(uv_loop_t *loop, const struct igmp_iface *iface, size_t max_groups,
	const struct igmp_log *log, struct igmp_kernel **ret)
{
	if (iface->address.s_addr == 0)
		return -EADDRNOTAVAIL;
	struct igmp_kernel *kernel = calloc(1, sizeof *kernel);
	if (!kernel)
		return -ENOMEM;
	kernel->iface = *iface;
	kernel->log = *log;
	igmp_kernel_groups_init(&kernel->groups, max_groups ? max_groups : IGMP_DEFAULT_MAX_GROUPS);
	uv_timer_init(loop, &kernel->closer);
	kernel->closer.data = kernel;
	*ret = kernel;
	return 0;
}

/*
 * Whatever the kernel says, the membership is over: of an interface that is gone it has dropped the
 * groups, but a socket's list still names the old index, and only this takes it off there. The
 * index may come back as another interface's, and joining it would give EADDRINUSE.
 */
static void leave_all(struct igmp_kernel *kernel, const struct igmp_kernel_group *group)
{
	struct igmp_node *node;
	for (node = group->ports.next; node != &group->ports; node = node->next) {
		struct igmp_kernel_port *port = igmp_owner(node, struct igmp_kernel_port, node);
		set_port(kernel, group, port, &nothing);
		port->joined = nothing;
	}
}

/* The first failure stands for all. */
static void join_all(struct igmp_kernel *kernel)
{
	const struct igmp_node *all = &kernel->groups.all;
	struct igmp_log log = kernel->log;
	for (struct igmp_node *node = all->next; node != all; node = node->next) {
		if (follow(kernel, igmp_owner(node, struct igmp_kernel_group, all), STEP_JOIN) < 0)
			kernel->log.fn = NULL;
	}
	kernel->log = log;
}

/*
 * As seen on Linux 6.18: after `ip link set down` and `up` it announces every group by itself. It
 * does not when a carrier comes back, perhaps on another switch, when multicast is switched on
 * again, nor for a new address, which routers that ignore 0.0.0.0 wait for. Leaving and joining
 * back to back makes one report with the joins alone: the leave's record is dropped when the group
 * is back before the report's random delay of some milliseconds is over.
 */
static bool is_to_be_announced(const struct igmp_iface *before, const struct igmp_iface *now)
{
	return before->index != now->index || (now->up && !before->up) ||
	       (now->speaks && !before->speaks) ||
	       (now->address.s_addr != 0 && now->address.s_addr != before->address.s_addr);
}

static void leave_everything(struct igmp_kernel *kernel)
{
	const struct igmp_node *all = &kernel->groups.all;
	for (struct igmp_node *node = all->next; node != all; node = node->next)
		leave_all(kernel, igmp_owner(node, struct igmp_kernel_group, all));
}

void igmp_kernel_iface_changed(struct igmp_kernel *kernel, const struct igmp_iface *now)
{
	bool announce = is_to_be_announced(&kernel->iface, now);
	if (announce)
		leave_everything(kernel);
	kernel->iface = *now;
	if (announce)
		join_all(kernel);
}

void igmp_kernel_announce(struct igmp_kernel *kernel)
{
	leave_everything(kernel);
	join_all(kernel);
}

int igmp_kernel_data_fd(const struct igmp_kernel *kernel, struct in_addr address, uint16_t port)
{
	const struct igmp_kernel_group *group = igmp_kernel_groups_find(&kernel->groups, address);
	const struct igmp_kernel_port *found = group ? igmp_kernel_group_port(group, port) : NULL;
	return found ? found->fd : -1;
}

void igmp_kernel_each(const struct igmp_kernel *kernel,
	void (*visit)(void *ctx, const struct igmp_membership_group *group), void *ctx)
{
	const struct igmp_node *all = &kernel->groups.all;
	for (struct igmp_node *node = all->next; node != all; node = node->next) {
		const struct igmp_kernel_group *group =
			igmp_owner(node, struct igmp_kernel_group, all);
		const struct igmp_membership_group seen = {
			.group = group->address,
			.filter = igmp_users_merge(&group->users),
		};
		visit(ctx, &seen);
	}
}

static void on_closed(uv_handle_t *handle)
{
	struct igmp_kernel *kernel = handle->data;
	void (*done)(void *ctx) = kernel->done;
	void *ctx = kernel->done_ctx;
	free(kernel);
	done(ctx);
}

void igmp_kernel_close(struct igmp_kernel *kernel, void (*done)(void *ctx), void *ctx)
{
	kernel->done = done;
	kernel->done_ctx = ctx;
	igmp_kernel_groups_finish(&kernel->groups);
	uv_close((uv_handle_t *)&kernel->closer, on_closed);
}
