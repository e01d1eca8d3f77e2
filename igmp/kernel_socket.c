#include "igmp/kernel_socket.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "igmp/filter.h"

/* A second of a 16 Mbit/s stream: a loop that is late once must lose nothing. */
#define RECEIVE_BUFFER_BYTES (2 * 1024 * 1024)

static int set_option(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof value) < 0 ? -errno : 0;
}

static struct sockaddr_storage to_sockaddr(struct in_addr address, uint16_t port)
{
	struct sockaddr_storage storage = {0};
	struct sockaddr_in *in = (struct sockaddr_in *)(void *)&storage;
	in->sin_family = AF_INET;
	in->sin_addr = address;
	in->sin_port = htons(port);
	return storage;
}

static int prepare_socket(int fd, struct in_addr group, uint16_t port)
{
	struct sockaddr_storage here = to_sockaddr(group, port);
	int err = set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (err == 0)
		err = set_option(fd, IPPROTO_IP, IP_MULTICAST_ALL, 0);
	if (err == 0)
		err = set_option(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1);
	/* Beyond net.core.rmem_max only with CAP_NET_ADMIN; else as much as there is. */
	if (err == 0 && set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER_BYTES) < 0)
		err = set_option(fd, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER_BYTES);
	if (err == 0 && bind(fd, (const struct sockaddr *)&here, sizeof(struct sockaddr_in)) < 0)
		err = -errno;
	return err;
}

int igmp_kernel_socket_open(struct in_addr group, uint16_t port)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	int err = prepare_socket(fd, group, port);
	if (err < 0) {
		close(fd);
		return err;
	}
	return fd;
}

static int request_group(int fd, int ifindex, struct in_addr group, int name)
{
	struct group_req request = {
		.gr_interface = (uint32_t)ifindex,
		.gr_group = to_sockaddr(group, 0),
	};
	return setsockopt(fd, IPPROTO_IP, name, &request, sizeof request) < 0 ? -errno : 0;
}

static int join_source(int fd, int ifindex, struct in_addr group, struct in_addr source)
{
	struct group_source_req request = {
		.gsr_interface = (uint32_t)ifindex,
		.gsr_group = to_sockaddr(group, 0),
		.gsr_source = to_sockaddr(source, 0),
	};
	if (setsockopt(fd, IPPROTO_IP, MCAST_JOIN_SOURCE_GROUP, &request, sizeof request) < 0)
		return -errno;
	return 0;
}

/* The whole filter of a membership that is there already. */
static int replace_filter(
	int fd, int ifindex, struct in_addr group, const struct igmp_filter *filter)
{
	struct sockaddr_storage sources[IGMP_MAX_SOURCES];
	struct sockaddr_storage to = to_sockaddr(group, 0);
	for (uint16_t i = 0; i < filter->source_count; i++)
		sources[i] = to_sockaddr(filter->sources[i], 0);
	if (setsourcefilter(fd, (uint32_t)ifindex, (const struct sockaddr *)&to,
		    sizeof(struct sockaddr_in),
		    filter->mode == IGMP_INCLUDE ? MCAST_INCLUDE : MCAST_EXCLUDE,
		    filter->source_count, sources) < 0)
		return -errno;
	return 0;
}

static int join(int fd, int ifindex, struct in_addr group, const struct igmp_filter *filter)
{
	bool include = filter->mode == IGMP_INCLUDE;
	int err = include ? join_source(fd, ifindex, group, filter->sources[0])
			  : request_group(fd, ifindex, group, MCAST_JOIN_GROUP);
	if (err < 0 || filter->source_count == (include ? 1 : 0))
		return err;
	err = replace_filter(fd, ifindex, group, filter);
	if (err < 0)
		request_group(fd, ifindex, group, MCAST_LEAVE_GROUP);
	return err;
}

int igmp_kernel_socket_set(int fd, int ifindex, struct in_addr group,
	const struct igmp_filter *from, const struct igmp_filter *to)
{
	if (igmp_filter_equal(from, to))
		return 0;
	if (igmp_filter_is_empty(to))
		return request_group(fd, ifindex, group, MCAST_LEAVE_GROUP);
	if (igmp_filter_is_empty(from))
		return join(fd, ifindex, group, to);
	return replace_filter(fd, ifindex, group, to);
}
