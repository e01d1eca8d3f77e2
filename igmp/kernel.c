#include "igmp/kernel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "igmp/filter.h"
#include "igmp/kernel_socket.h"

struct kernel_group {
	struct in_addr address;
	struct igmp_filter filter; /* INCLUDE{}: not joined */
	uint16_t port;
	int fd;
};

struct igmp_kernel {
	struct igmp_iface iface;
	struct igmp_log log;
	struct kernel_group *groups;
	size_t group_count;
	uv_timer_t closer; /* never started: its closing calls done() from the loop, as raw does */
	void (*done)(void *ctx);
	void *done_ctx;
};

/* What one request does: `after` takes the place of `before`, with a socket of its own or the same.
 */
struct step {
	struct kernel_group before;
	struct kernel_group after;
	bool done;
};

static const struct kernel_group *find_group(
	const struct igmp_kernel *kernel, struct in_addr address)
{
	for (size_t i = 0; i < kernel->group_count; i++) {
		if (kernel->groups[i].address.s_addr == address.s_addr)
			return &kernel->groups[i];
	}
	return NULL;
}

static void explain(const struct igmp_kernel *kernel, struct in_addr address, int err)
{
	char group[INET_ADDRSTRLEN];
	inet_ntop(AF_INET, &address, group, sizeof group);
	if (err == -ENOBUFS)
		igmp_log(&kernel->log, IGMP_LOG_ERROR,
			"%s: the kernel refuses %s: too many groups (sysctl "
			"net.ipv4.igmp_max_memberships) or sources (net.ipv4.igmp_max_msf)",
			kernel->iface.name, group);
	else
		igmp_log(&kernel->log, IGMP_LOG_ERROR, "%s: the kernel refuses %s: %s",
			kernel->iface.name, group, strerror(-err));
}

static int plan_step(
	struct igmp_kernel *kernel, const struct igmp_listen *request, struct step *step)
{
	const struct kernel_group *old = find_group(kernel, request->group);
	const struct kernel_group none = {.address = request->group, .fd = -1};
	step->before = old ? *old : none;
	step->after = (struct kernel_group){
		.address = request->group,
		.filter = igmp_filter_normalise(&request->filter),
		.port = request->port,
		.fd = step->before.fd,
	};
	if (igmp_filter_is_empty(&step->after.filter) || (old && old->port == request->port))
		return 0;
	step->after.fd = igmp_kernel_socket_open(request->group, request->port);
	return step->after.fd < 0 ? step->after.fd : 0;
}

static bool has_new_socket(const struct step *step)
{
	return step->after.fd >= 0 && step->after.fd != step->before.fd;
}

static int take_step(const struct igmp_kernel *kernel, struct step *step)
{
	const struct igmp_filter nothing = {.mode = IGMP_INCLUDE};
	const struct igmp_filter *from = has_new_socket(step) ? &nothing : &step->before.filter;
	if (step->after.fd < 0)
		return 0; /* not joined and not wanted */
	int err = igmp_kernel_socket_set(step->after.fd, kernel->iface.index, step->after.address,
		from, &step->after.filter);
	step->done = err == 0;
	return err;
}

/* What a new socket joined ends when it is closed. */
static void undo_step(const struct igmp_kernel *kernel, const struct step *step)
{
	if (step->done && !has_new_socket(step))
		igmp_kernel_socket_set(step->after.fd, kernel->iface.index, step->after.address,
			&step->after.filter, &step->before.filter);
	if (has_new_socket(step))
		close(step->after.fd);
}

/* Leaves first. */
static int take_steps(struct igmp_kernel *kernel, struct step *steps, size_t n)
{
	for (int leaving = 1; leaving >= 0; leaving--) {
		for (size_t i = 0; i < n; i++) {
			if (igmp_filter_is_empty(&steps[i].after.filter) != leaving)
				continue;
			int err = take_step(kernel, &steps[i]);
			if (err < 0) {
				explain(kernel, steps[i].after.address, err);
				return err;
			}
		}
	}
	return 0;
}

static void remember_step(struct igmp_kernel *kernel, const struct step *step)
{
	struct kernel_group *group = NULL;
	for (size_t i = 0; i < kernel->group_count && !group; i++) {
		if (kernel->groups[i].address.s_addr == step->after.address.s_addr)
			group = &kernel->groups[i];
	}
	bool leaves = igmp_filter_is_empty(&step->after.filter);
	if (step->before.fd >= 0 && (leaves || has_new_socket(step)))
		close(step->before.fd);
	if (leaves && group)
		*group = kernel->groups[--kernel->group_count];
	else if (group)
		*group = step->after;
	else if (!leaves)
		kernel->groups[kernel->group_count++] = step->after;
}

/* Of several requests for one group the last counts. */
static bool is_overruled(const struct igmp_listen *requests, size_t n, size_t i)
{
	for (size_t later = i + 1; later < n; later++) {
		if (requests[later].group.s_addr == requests[i].group.s_addr)
			return true;
	}
	return false;
}

static int plan_steps(struct igmp_kernel *kernel, const struct igmp_listen *requests, size_t n,
	struct step *steps, size_t *ret_count)
{
	*ret_count = 0;
	for (size_t i = 0; i < n; i++) {
		if (is_overruled(requests, n, i))
			continue;
		int err = plan_step(kernel, &requests[i], &steps[*ret_count]);
		if (err < 0) {
			explain(kernel, requests[i].group, err);
			return err;
		}
		(*ret_count)++;
	}
	return 0;
}

/* Room for every request to be a new group, so that remembering cannot fail. */
static int reserve(struct igmp_kernel *kernel, size_t n)
{
	struct kernel_group *groups =
		realloc(kernel->groups, (kernel->group_count + n) * sizeof groups[0]);
	if (!groups)
		return -ENOMEM;
	kernel->groups = groups;
	return 0;
}

static int apply(struct igmp_kernel *kernel, const struct igmp_listen *requests, size_t n,
	struct step *steps)
{
	size_t count;
	int err = plan_steps(kernel, requests, n, steps, &count);
	if (err == 0)
		err = reserve(kernel, n);
	if (err == 0)
		err = take_steps(kernel, steps, count);
	for (size_t i = count; err < 0 && i-- > 0;)
		undo_step(kernel, &steps[i]);
	for (size_t i = 0; err == 0 && i < count; i++)
		remember_step(kernel, &steps[i]);
	return err;
}

int igmp_kernel_listen(struct igmp_kernel *kernel, const struct igmp_listen *requests, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct igmp_change change = {requests[i].group, requests[i].filter, 0};
		int err = requests[i].user == 0 ? igmp_change_check(&change) : -EOPNOTSUPP;
		if (err < 0)
			return err;
	}
	if (n == 0)
		return 0;
	struct step *steps = calloc(n, sizeof *steps);
	if (!steps)
		return -ENOMEM;
	int err = apply(kernel, requests, n, steps);
	free(steps);
	return err;
}

int igmp_kernel_open(uv_loop_t *loop, const struct igmp_iface *iface, const struct igmp_log *log,
	struct igmp_kernel **ret)
{
	if (iface->address.s_addr == 0)
		return -EADDRNOTAVAIL;
	struct igmp_kernel *kernel = calloc(1, sizeof *kernel);
	if (!kernel)
		return -ENOMEM;
	kernel->iface = *iface;
	kernel->log = *log;
	uv_timer_init(loop, &kernel->closer);
	kernel->closer.data = kernel;
	*ret = kernel;
	return 0;
}

int igmp_kernel_data_fd(const struct igmp_kernel *kernel, struct in_addr group)
{
	const struct kernel_group *found = find_group(kernel, group);
	return found ? found->fd : -1;
}

void igmp_kernel_each(const struct igmp_kernel *kernel,
	void (*visit)(void *ctx, const struct igmp_membership_group *group), void *ctx)
{
	for (size_t i = 0; i < kernel->group_count; i++) {
		const struct igmp_membership_group group = {
			.group = kernel->groups[i].address,
			.filter = kernel->groups[i].filter,
		};
		visit(ctx, &group);
	}
}

static void on_closed(uv_handle_t *handle)
{
	struct igmp_kernel *kernel = handle->data;
	void (*done)(void *ctx) = kernel->done;
	void *ctx = kernel->done_ctx;
	free(kernel->groups);
	free(kernel);
	done(ctx);
}

void igmp_kernel_close(struct igmp_kernel *kernel, void (*done)(void *ctx), void *ctx)
{
	kernel->done = done;
	kernel->done_ctx = ctx;
	for (size_t i = 0; i < kernel->group_count; i++)
		close(kernel->groups[i].fd);
	kernel->group_count = 0;
	uv_close((uv_handle_t *)&kernel->closer, on_closed);
}
