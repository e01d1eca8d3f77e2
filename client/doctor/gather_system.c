/* What the kernel says: ioctl, /proc and /proc/sys. */
#include <arpa/inet.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/doctor/gather.h"

/* client/receive asks for so much. */
#define WANTED_BUFFER_BYTES (8 * 1024 * 1024)

static bool ask(int fd, unsigned long request, const char *name, struct ifreq *ret)
{
	*ret = (struct ifreq){0};
	g_strlcpy(ret->ifr_name, name, sizeof ret->ifr_name);
	return ioctl(fd, request, ret) == 0;
}

static void read_vlan(const char *name, struct doctor_iface *ret)
{
	char *path = g_build_filename("/proc/net/vlan", name, NULL), *text = NULL;
	if (g_file_get_contents(path, &text, NULL, NULL))
		ret->vlan = proc_read_vlan(text, ret->parent);
	g_free(text);
	g_free(path);
}

static void ask_device(int fd, const char *name, struct doctor_iface *ret)
{
	struct ifreq answer;
	if (!ask(fd, SIOCGIFFLAGS, name, &answer))
		return;
	ret->exists = true;
	ret->up = answer.ifr_flags & IFF_UP;
	ret->carrier = answer.ifr_flags & IFF_RUNNING;
	ret->multicast = answer.ifr_flags & IFF_MULTICAST;
	ret->loopback = answer.ifr_flags & IFF_LOOPBACK;
	if (ask(fd, SIOCGIFADDR, name, &answer))
		ret->address =
			((const struct sockaddr_in *)(const void *)&answer.ifr_addr)->sin_addr;
	ret->index = if_nametoindex(name);
	read_vlan(name, ret);
	gather_merging(fd, *ret->parent ? ret->parent : name, &ret->merging);
}

void gather_iface(const char *name, struct doctor_iface *ret)
{
	g_free(ret->name);
	ret->name = g_strdup(name);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	/* A name too long for an interface is none. */
	if (*name && strlen(name) < IF_NAMESIZE)
		ask_device(fd, name, ret);
	close(fd);
}

static long read_sysctl(const char *format, const char *name)
{
	char *path = g_strdup_printf(format, name), *text = NULL;
	long number = -1;
	if (g_file_get_contents(path, &text, NULL, NULL))
		number = proc_read_number(text);
	g_free(text);
	g_free(path);
	return number;
}

/* "all" and the interface's own: the larger one counts (ip-sysctl.rst: rp_filter). */
static long read_larger(const char *format, const char *iface)
{
	long all = read_sysctl(format, "all"), own = read_sysctl(format, iface);
	return all > own ? all : own;
}

/* force_igmp_version: "all" counts before the interface's own. */
static long read_forced_version(const char *iface)
{
	const char *format = "/proc/sys/net/ipv4/conf/%s/force_igmp_version";
	long all = read_sysctl(format, "all");
	return all > 0 ? all : read_sysctl(format, iface);
}

/* Tried, not guessed: limits and capabilities both have a say. */
static long try_receive_buffer(void)
{
	int bytes = WANTED_BUFFER_BYTES;
	socklen_t size = sizeof bytes;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
	int failed = getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, &size);
	close(fd);
	return failed ? -1 : bytes / 2; /* the kernel doubles it for its own needs (socket(7)) */
}

static void read_tables(const struct doctor_iface *iface, struct doctor_kernel *ret)
{
	char *igmp = NULL, *filters = NULL;
	if (g_file_get_contents("/proc/net/igmp", &igmp, NULL, NULL)) {
		g_array_unref(ret->igmp.groups);
		proc_read_igmp(igmp, iface->name, &ret->igmp);
	}
	if (g_file_get_contents("/proc/net/mcfilter", &filters, NULL, NULL)) {
		g_array_unref(ret->filters);
		ret->filters = proc_read_mcfilter(filters, iface->index);
	}
	g_free(igmp);
	g_free(filters);
}

void gather_kernel(const struct doctor_iface *iface, struct doctor_kernel *ret)
{
	read_tables(iface, ret);
	ret->force_igmp_version = read_forced_version(iface->name);
	ret->rp_filter = read_larger("/proc/sys/net/ipv4/conf/%s/rp_filter", iface->name);
	ret->max_memberships = read_sysctl("/proc/sys/net/ipv4/%s", "igmp_max_memberships");
	ret->max_sources = read_sysctl("/proc/sys/net/ipv4/%s", "igmp_max_msf");
	ret->rmem_max = read_sysctl("/proc/sys/net/core/%s", "rmem_max");
	ret->receive_buffer_bytes = try_receive_buffer();
}
