#include "tests/unit/igmp/namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/support/test.h"
#include "tests/unit/igmp/packets.h"

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool ok = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return ok;
}

/* Without privilege the namespace's owner is a user namespace in which we are root. */
static bool unshare_as_user(void)
{
	char uids[32], gids[32];
	snprintf(uids, sizeof uids, "0 %u 1", getuid());
	snprintf(gids, sizeof gids, "0 %u 1", getgid());
	return unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 &&
	       write_file("/proc/self/setgroups", "deny") &&
	       write_file("/proc/self/uid_map", uids) && write_file("/proc/self/gid_map", gids);
}

bool run_ip(const char *arguments)
{
	char command[256];
	snprintf(command, sizeof command, "ip %s 2>/dev/null", arguments);
	return system(command) == 0;
}

static bool is_running(const char *name)
{
	struct ifreq request = {0};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	strcpy(request.ifr_name, name);
	bool running = ioctl(fd, SIOCGIFFLAGS, &request) == 0 && request.ifr_flags & IFF_RUNNING;
	close(fd);
	return running;
}

/*
 * The kernel notices the carrier later and drops until then what is sent. One more `ip`, which
 * waits for the kernel's lock, comes after that work has ended.
 */
bool line_up(void)
{
	for (int tries = 0; tries < 2000; tries++) {
		if (!run_ip("link set box up"))
			return false;
		if (is_running("box") && is_running("net"))
			return run_ip("link set box up");
	}
	return false;
}

/* The kernel tells of a lost carrier later too. */
bool line_down(void)
{
	for (int tries = 0; tries < 2000; tries++) {
		if (!run_ip("link set net down"))
			return false;
		if (!is_running("box"))
			return true;
	}
	return false;
}

bool line_new(int index)
{
	char add[128];
	if (index)
		snprintf(add, sizeof add, "link add name box index %d type veth peer name net",
			index);
	else
		strcpy(add, "link add name box type veth peer name net");
	return run_ip(add) && run_ip("addr add 10.9.0.2/24 dev box") && run_ip("link set net up") &&
	       line_up(); /* or the first frame may be lost */
}

const char *namespace_enter(void)
{
	if (unshare(CLONE_NEWNET) < 0 && !unshare_as_user())
		return "no network namespace can be made here";
	if (!run_ip("link set lo up") || !line_new(0))
		return "no veth pair can be made here (ip, or the kernel's veth, is missing)";
	return NULL;
}

int capture_open(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, ETH_HLEN + 9),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_IGMP, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0xffff),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog program = {4, code};
	const struct sockaddr_ll net = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = (int)if_nametoindex("net"),
	};
	const int on = 1;
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program), 0);
	assert_int_equal(setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on), 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&net, sizeof net), 0);
	return fd;
}

void inject(const uint8_t mac[6], const uint8_t *packet, size_t len)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = (int)if_nametoindex("net"),
		.sll_halen = 6,
	};
	memcpy(to.sll_addr, mac, 6);
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(
		sendto(fd, packet, len, 0, (const struct sockaddr *)&to, sizeof to), (ssize_t)len);
	close(fd);
}

bool set_net_raw(bool on)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];
	const uint32_t bit = 1u << CAP_NET_RAW;
	assert_int_equal(syscall(SYS_capget, &header, data), 0);
	bool was = data[0].effective & bit;
	data[0].effective = on ? data[0].effective | bit : data[0].effective & ~bit;
	assert_int_equal(syscall(SYS_capset, &header, data), 0);
	return was;
}

bool box_receives_mac(const char *mac)
{
	char line[256];
	bool found = false;
	FILE *file = fopen("/proc/net/dev_mcast", "r");
	assert_non_null(file);
	while (!found && fgets(line, sizeof line, file))
		found = strstr(line, " box ") && strstr(line, mac);
	fclose(file);
	return found;
}

unsigned group_users(const char *iface, const char *group)
{
	const struct in_addr address = ip(group);
	char line[256], name[IF_NAMESIZE] = "";
	unsigned users = 0, number, count;
	FILE *file = fopen("/proc/net/igmp", "r");
	assert_non_null(file);
	while (fgets(line, sizeof line, file)) {
		if (line[0] != '\t')
			sscanf(line, "%*d %15s", name);
		else if (!strcmp(name, iface) && sscanf(line, "%x %u", &number, &count) == 2 &&
			 number == address.s_addr)
			users = count;
	}
	fclose(file);
	return users;
}

/* The file shows an interface only where the group that came last has sources. */
static int join_with_source(void)
{
	const struct ip_mreq_source last = {
		.imr_multiaddr = ip("232.255.255.255"),
		.imr_interface = ip("10.9.0.2"),
		.imr_sourceaddr = ip("10.9.0.254"),
	};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(
		setsockopt(fd, IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP, &last, sizeof last), 0);
	return fd;
}

const char *box_group_filter(const char *group)
{
	static char text[1024];
	char line[256], name[IF_NAMESIZE], signs[256] = "";
	unsigned number, source, includes;
	int last = join_with_source();
	FILE *file = fopen("/proc/net/mcfilter", "r");
	assert_non_null(file);
	while (fgets(line, sizeof line, file)) {
		if (sscanf(line, "%*d %15s %x %x %u", name, &number, &source, &includes) == 4 &&
			!strcmp(name, "box") && number == ntohl(ip(group).s_addr))
			signs[source & 255] = includes ? '+' : '-';
	}
	fclose(file);
	close(last);
	text[0] = '\0';
	for (unsigned i = 0; i < sizeof signs; i++) {
		if (signs[i])
			sprintf(text + strlen(text), "%s%c%u", *text ? " " : "", signs[i], i);
	}
	return text;
}

bool set_sysctl(const char *name, const char *value)
{
	char path[128];
	snprintf(path, sizeof path, "/proc/sys/net/ipv4/%s", name);
	FILE *file = fopen(path, "w");
	if (!file)
		return false;
	bool ok = fputs(value, file) >= 0;
	return fclose(file) == 0 && ok;
}
