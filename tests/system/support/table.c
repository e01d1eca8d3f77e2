#include "tests/system/support/table.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/if_bridge.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <glib.h>

#include "tests/support/test.h"

enum { CHANNELS_MAX = 31, ANSWER_STEP_BYTES = 4096 };

struct table {
	enum table_kind kind;
	struct mnl_socket *link; /* of the kernel's tables */
	unsigned sequence;
	unsigned port; /* what leads to the box: an interface's index */
	int fd;	       /* of FRR's shell, or of the kernel's list of joined groups */
};

static uint32_t channel_bit(uint32_t group)
{
	for (int channel = 1; channel <= CHANNELS_MAX; channel++)
		if (lab_group(channel) == group)
			return UINT32_C(1) << channel;
	return 0;
}

/* ---- the kernel's ---- */

static int open_or_fail(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail_msg("%s: %s", path, strerror(errno));
	return fd;
}

/* What is opened between these two belongs to the node for good. Returns the way back. */
static int enter_node(const struct lab *lab, const char *node)
{
	g_autofree char *there = g_build_filename(lab->dir, "ns", node, NULL);
	int here_fd = open_or_fail("/proc/thread-self/ns/net"), there_fd = open_or_fail(there);
	assert_int_equal(setns(there_fd, CLONE_NEWNET), 0);
	close(there_fd);
	return here_fd;
}

static void leave_node(int here_fd)
{
	assert_int_equal(setns(here_fd, CLONE_NEWNET), 0);
	close(here_fd);
}

static void open_link(
	struct table *table, const struct lab *lab, const char *node, const char *port)
{
	int here_fd = enter_node(lab, node);
	table->link = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	table->port = if_nametoindex(port);
	leave_node(here_fd);
	assert_non_null(table->link);
	assert_true(table->port);
	assert_int_equal(mnl_socket_bind(table->link, 0, MNL_SOCKET_AUTOPID), 0);
}

struct dump {
	const struct table *table;
	uint32_t held;
};

static void take_entry(struct dump *dump, const struct nlattr *info)
{
	const struct br_mdb_entry *entry = mnl_attr_get_payload(info);
	if (entry->ifindex == dump->table->port && entry->addr.proto == htons(ETH_P_IP))
		dump->held |= channel_bit(ntohl(entry->addr.u.ip4));
}

static int take_groups(const struct nlmsghdr *message, void *ctx)
{
	const struct nlattr *all, *group, *info;
	mnl_attr_for_each(all, message, sizeof(struct br_port_msg))
	{
		if (mnl_attr_get_type(all) != MDBA_MDB)
			continue;
		mnl_attr_for_each_nested(group, all)
		{
			mnl_attr_for_each_nested(info, group)
			{
				take_entry(ctx, info);
			}
		}
	}
	return MNL_CB_OK;
}

static bool leads_to(const struct nlattr *hops, unsigned port)
{
	const struct rtnexthop *hop = mnl_attr_get_payload(hops);
	int left = (int)mnl_attr_get_payload_len(hops);
	for (; RTNH_OK(hop, left); left -= RTNH_ALIGN(hop->rtnh_len), hop = RTNH_NEXT(hop))
		if (hop->rtnh_ifindex == (int)port)
			return true;
	return false;
}

static int take_route(const struct nlmsghdr *message, void *ctx)
{
	struct dump *dump = ctx;
	const struct nlattr *attr;
	uint32_t group = 0;
	bool leads = false;
	mnl_attr_for_each(attr, message, sizeof(struct rtmsg))
	{
		if (mnl_attr_get_type(attr) == RTA_DST)
			group = ntohl(mnl_attr_get_u32(attr));
		if (mnl_attr_get_type(attr) == RTA_MULTIPATH)
			leads = leads_to(attr, dump->table->port);
	}
	if (leads)
		dump->held |= channel_bit(group);
	return MNL_CB_OK;
}

static void ask_kernel(struct table *table, int family, uint16_t type, size_t header_bytes)
{
	char bytes[256];
	struct nlmsghdr *message = mnl_nlmsg_put_header(bytes);
	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	message->nlmsg_seq = ++table->sequence;
	/* Of either kind of request the first octet is the family. */
	uint8_t *header = mnl_nlmsg_put_extra_header(message, header_bytes);
	*header = (uint8_t)family;
	assert_true(mnl_socket_sendto(table->link, message, message->nlmsg_len) > 0);
}

static uint32_t read_kernel(struct table *table, mnl_cb_t take)
{
	char bytes[32768];
	struct dump dump = {table, 0};
	int more = MNL_CB_OK;
	while (more > MNL_CB_STOP) {
		ssize_t len = mnl_socket_recvfrom(table->link, bytes, sizeof bytes);
		assert_true(len > 0);
		more = mnl_cb_run(bytes, (size_t)len, table->sequence,
			mnl_socket_get_portid(table->link), take, &dump);
	}
	assert_int_equal(more, MNL_CB_STOP);
	return dump.held;
}

static uint32_t look_at_bridge(struct table *table)
{
	ask_kernel(table, AF_BRIDGE, RTM_GETMDB, sizeof(struct br_port_msg));
	return read_kernel(table, take_groups);
}

static uint32_t look_at_routes(struct table *table)
{
	ask_kernel(table, RTNL_FAMILY_IPMR, RTM_GETROUTE, sizeof(struct rtmsg));
	return read_kernel(table, take_route);
}

static void open_joined(struct table *table, const struct lab *lab)
{
	int here_fd = enter_node(lab, "router");
	table->fd = open_or_fail("/proc/thread-self/net/igmp");
	leave_node(here_fd);
}

/* Both interfaces are listed, but a router joins no channel on the one to the box. */
static uint32_t look_upstream(struct table *table)
{
	char text[8192], *line = text, *next;
	uint32_t held = 0;
	unsigned group;
	ssize_t len = pread(table->fd, text, sizeof text - 1, 0);
	assert_true(len > 0);
	text[len] = '\0';
	for (; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (sscanf(line, "\t\t\t\t%8x", &group) == 1)
			held |= channel_bit(ntohl(group));
	}
	return held;
}

/* ---- FRR's ---- */

/* As vtysh speaks: a command ends with a zero; an answer with three and the command's result. */
static GString *ask_frr(struct table *table, const char *command)
{
	GString *answer = g_string_new(NULL);
	ssize_t len = (ssize_t)strlen(command) + 1;
	assert_int_equal(send(table->fd, command, (size_t)len, MSG_NOSIGNAL), len);
	while (answer->len < 4 || memcmp(answer->str + answer->len - 4, "\0\0", 3) != 0) {
		gsize had = answer->len;
		g_string_set_size(answer, had + ANSWER_STEP_BYTES);
		len = recv(table->fd, answer->str + had, ANSWER_STEP_BYTES, 0);
		assert_true(len > 0);
		g_string_set_size(answer, had + (gsize)len);
	}
	return answer;
}

static void open_frr(struct table *table, const struct lab *lab)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	g_autofree char *path = g_build_filename(lab->dir, "frr", "pimd.vty", NULL);
	assert_true(g_strlcpy(address.sun_path, path, sizeof address.sun_path) <
		    sizeof address.sun_path);
	table->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(table->fd, (const struct sockaddr *)&address, sizeof address), 0);
	g_string_free(ask_frr(table, "enable"), TRUE);
}

/* Its list of groups will not do: it keeps those that nobody wants any more, without sources. */
static uint32_t look_at_frr(struct table *table)
{
	GString *text = ask_frr(table, "show ip igmp sources json");
	json_t *answer = json_loads(text->str, 0, NULL), *group;
	uint32_t held = 0;
	const char *name;
	assert_non_null(answer);
	json_object_foreach(json_object_get(answer, "eth1"), name, group)
	{
		if (json_array_size(json_object_get(group, "sources")))
			held |= channel_bit(ntohl(inet_addr(name)));
	}
	json_decref(answer);
	g_string_free(text, TRUE);
	return held;
}

/* ---- any of them ---- */

struct table *table_open(const struct lab *lab, enum table_kind kind)
{
	struct table *table = g_new0(struct table, 1);
	table->kind = kind;
	table->fd = -1;
	if (kind == TABLE_BRIDGE)
		open_link(table, lab, "bridge", "box");
	else if (kind == TABLE_ROUTES)
		open_link(table, lab, "router", "eth1");
	else if (kind == TABLE_UPSTREAM)
		open_joined(table, lab);
	else
		open_frr(table, lab);
	return table;
}

void table_close(struct table *table)
{
	if (!table)
		return;
	if (table->link)
		mnl_socket_close(table->link);
	if (table->fd >= 0)
		close(table->fd);
	g_free(table);
}

uint32_t table_look(struct table *table)
{
	switch (table->kind) {
	case TABLE_BRIDGE:
		return look_at_bridge(table);
	case TABLE_FRR:
		return look_at_frr(table);
	case TABLE_ROUTES:
		return look_at_routes(table);
	case TABLE_UPSTREAM:
		return look_upstream(table);
	}
	return 0;
}
