/* The sockets for real: a veth pair in a network namespace of our own, and the loopback there. */
#include "tests/support/test.h"

#include "client/receive/socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <linux/capability.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/udp.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MS UINT64_C(1000000)

/* The head-end's side of the line is "net" with two addresses, ours is "box". */
#define SOURCE_A "10.9.0.1"
#define SOURCE_B "10.9.0.2"

static const char *skip_reason; /* of the whole group; written once before the tests */

struct fixture {
	uv_loop_t loop;
	struct receive_socket *s;
	GString *got; /* "text@group/source:port " */
	uint64_t arrival_ns;
	const char *close_at; /* closes when this comes */
};

static uint64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec;
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	ssize_t n = write(fd, text, strlen(text));
	(void)n;
	close(fd);
}

/* Without privilege the namespace belongs to a user namespace in which we are root. */
static bool enter_namespace(void)
{
	if (unshare(CLONE_NEWNET) == 0)
		return true;
	char uids[32], gids[32];
	snprintf(uids, sizeof(uids), "0 %u 1", getuid());
	snprintf(gids, sizeof(gids), "0 %u 1", getgid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return false;
	write_file("/proc/self/setgroups", "deny");
	write_file("/proc/self/uid_map", uids);
	write_file("/proc/self/gid_map", gids);
	return true;
}

static bool ip(const char *arguments)
{
	char *command = g_strdup_printf("ip %s 2>/dev/null", arguments);
	bool ok = system(command) == 0;
	g_free(command);
	return ok;
}

static int group_setup(void **state)
{
	(void)state;
	if (!enter_namespace()) {
		skip_reason = "no network namespace can be made here";
		return 0;
	}
	if (!ip("link add box type veth peer name net")) {
		skip_reason =
			"no veth pair can be made here (ip, or the kernel's veth, is missing)";
		return 0;
	}
	bool up = ip("link set lo up") && ip("link set box up") && ip("link set net up") &&
		  ip("addr add " SOURCE_A "/24 dev net") &&
		  ip("addr add " SOURCE_B "/24 dev net") && ip("route add 224.0.0.0/4 dev net");
	return up ? 0 : -1;
}

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	f->got = g_string_new("");
	*state = f;
	return uv_loop_init(&f->loop);
}

/* Nothing is left on the loop: each handle was closed. */
static int teardown(void **state)
{
	struct fixture *f = *state;
	receive_socket_close(f->s);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	int rc = uv_loop_close(&f->loop);
	g_string_free(f->got, TRUE);
	g_free(f);
	return rc;
}

static void on_datagram(void *ctx, const struct receive_datagram *d)
{
	struct fixture *f = ctx;
	char group[INET_ADDRSTRLEN], source[INET_ADDRSTRLEN];
	inet_ntop(AF_INET, &d->flow.group, group, sizeof(group));
	inet_ntop(AF_INET, &d->flow.source, source, sizeof(source));
	g_string_append_printf(f->got, "%.*s@%s/%s:%u ", (int)MIN(d->len, 20),
		(const char *)d->payload, group, source, d->flow.port);
	f->arrival_ns = d->arrival_ns;
	if (f->close_at && strncmp(f->close_at, (const char *)d->payload, d->len) == 0) {
		receive_socket_close(f->s);
		f->s = NULL;
	}
}

static struct receive_flow flow(const char *group, const char *source, uint16_t port)
{
	struct receive_flow ret = {.port = port};
	ret.group.s_addr = inet_addr(group);
	ret.source.s_addr = source ? inet_addr(source) : INADDR_ANY;
	return ret;
}

static void send_bytes(const struct receive_flow *to, const char *iface, const void *data, size_t n)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr = to->source};
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons(to->port), .sin_addr = to->group};
	struct ip_mreqn out = {.imr_ifindex = (int)if_nametoindex(iface)};
	assert_int_equal(setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &out, sizeof(out)), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&from, sizeof(from)), 0);
	assert_int_equal(sendto(fd, data, n, 0, (struct sockaddr *)&address, sizeof(address)), n);
	close(fd);
}

static void send_text(const char *group, const char *source, uint16_t port, const char *text)
{
	struct receive_flow to = flow(group, source, port);
	send_bytes(&to, "net", text, strlen(text));
}

static void on_timeout(uv_timer_t *timer)
{
	*(bool *)timer->data = true;
}

/* Runs the loop until this text has come, and says whether it has, within two seconds. */
static bool wait_for(struct fixture *f, const char *text)
{
	bool over = false;
	uv_timer_t timer;
	uv_timer_init(&f->loop, &timer);
	timer.data = &over;
	uv_timer_start(&timer, on_timeout, 2000, 0);
	while (!over && !strstr(f->got->str, text))
		uv_run(&f->loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&timer, NULL);
	uv_run(&f->loop, UV_RUN_NOWAIT);
	return strstr(f->got->str, text) != NULL;
}

static void open_packet(struct fixture *f, const struct receive_flow *flows, size_t n)
{
	assert_int_equal(receive_socket_open_packet(&f->loop, "box", on_datagram, f, &f->s), 0);
	assert_int_equal(receive_socket_watch(f->s, flows, n), 0);
}

static struct receive_socket_counters counters(const struct fixture *f)
{
	struct receive_socket_counters ret;
	receive_socket_counters(f->s, &ret);
	return ret;
}

#define NEEDS_NAMESPACE()                                                                          \
	do {                                                                                       \
		if (skip_reason)                                                                   \
			skip_because(skip_reason);                                                 \
	} while (0)

static void only_watched_flows_come_out(void **state)
{
	NEEDS_NAMESPACE();
	struct fixture *f = *state;
	struct receive_flow flows[] = {
		flow("232.1.1.1", SOURCE_A, 5004), flow("239.1.1.1", NULL, 5006)};
	open_packet(f, flows, 2);
	send_text("232.1.1.1", SOURCE_A, 5004, "one");
	send_text("232.1.1.1", SOURCE_B, 5004, "wrong-source");
	send_text("232.1.1.1", SOURCE_A, 5005, "wrong-port");
	send_text("232.1.1.2", SOURCE_A, 5004, "wrong-group");
	send_text("239.1.1.1", SOURCE_A, 5006, "two");
	send_text("239.1.1.1", SOURCE_B, 5006, "three");
	assert_true(wait_for(f, "three"));
	assert_string_equal(f->got->str, "one@232.1.1.1/10.9.0.1:5004 two@239.1.1.1/10.9.0.1:5006 "
					 "three@239.1.1.1/10.9.0.2:5006 ");
	struct receive_socket_counters c = counters(f);
	assert_int_equal(c.datagrams, 3);
	assert_int_equal(c.bytes, 11);
	assert_int_equal(c.dropped_flow + c.dropped_malformed, 0); /* the kernel dropped them */
}

static void after_a_switch_nothing_of_the_old_flow_comes(void **state)
{
	NEEDS_NAMESPACE();
	struct fixture *f = *state;
	struct receive_flow old = flow("232.1.1.1", SOURCE_A, 5004);
	struct receive_flow new = flow("232.1.1.2", SOURCE_A, 5004);
	open_packet(f, &old, 1);
	for (int i = 0; i < 50; i++)
		send_text("232.1.1.1", SOURCE_A, 5004, "old"); /* queued */
	assert_int_equal(receive_socket_watch(f->s, &new, 1), 0);
	send_text("232.1.1.1", SOURCE_A, 5004, "old");
	send_text("232.1.1.2", SOURCE_A, 5004, "new");
	assert_true(wait_for(f, "new"));
	assert_string_equal(f->got->str, "new@232.1.1.2/10.9.0.1:5004 ");
	assert_int_equal(counters(f).dropped_flow, 50);
}

static void watching_nothing_gives_nothing(void **state)
{
	NEEDS_NAMESPACE();
	struct fixture *f = *state;
	struct receive_flow flows[] = {flow("232.1.1.1", SOURCE_A, 5004)};
	open_packet(f, NULL, 0);
	send_text("232.1.1.1", SOURCE_A, 5004, "before");
	assert_int_equal(receive_socket_watch(f->s, flows, 1), 0);
	send_text("232.1.1.1", SOURCE_A, 5004, "one");
	assert_true(wait_for(f, "one"));
	assert_int_equal(receive_socket_watch(f->s, NULL, 0), 0);
	send_text("232.1.1.1", SOURCE_A, 5004, "after");
	assert_int_equal(receive_socket_watch(f->s, flows, 1), 0);
	send_text("232.1.1.1", SOURCE_A, 5004, "two");
	assert_true(wait_for(f, "two"));
	assert_null(strstr(f->got->str, "before"));
	assert_null(strstr(f->got->str, "after"));
}

/* Whether a packet's stamp is not that of its reading: the loop is busy with something else first.
 */
static bool is_stamped_on_arrival(struct fixture *f)
{
	uint64_t before_ns = now_ns();
	send_text("232.1.1.1", SOURCE_A, 5004, "one");
	uint64_t sent_ns = now_ns();
	while (now_ns() < sent_ns + 100 * MS)
		;
	uint64_t read_ns = now_ns();
	assert_true(wait_for(f, "one"));
	g_string_truncate(f->got, 0);
	return f->arrival_ns + MS >= before_ns && f->arrival_ns < read_ns;
}

/* The kernel's worker switches stamps on: the first packets of a socket may come before that. */
static void stamps_are_of_arrival_and_monotonic(void **state)
{
	NEEDS_NAMESPACE();
	struct fixture *f = *state;
	struct receive_flow watched = flow("232.1.1.1", SOURCE_A, 5004);
	open_packet(f, &watched, 1);
	bool is_of_arrival = false;
	for (int tries = 0; tries < 10 && !is_of_arrival; tries++)
		is_of_arrival = is_stamped_on_arrival(f);
	assert_true(is_of_arrival);
}

static void what_has_arrived_can_be_read_at_once(void **state)
{
	NEEDS_NAMESPACE();
	struct fixture *f = *state;
	struct receive_flow watched = flow("232.1.1.1", SOURCE_A, 5004);
	open_packet(f, &watched, 1);
	send_text("232.1.1.1", SOURCE_A, 5004, "one");
	uint64_t deadline_ns = now_ns() + 2000 * MS;
	while (!*f->got->str && now_ns() < deadline_ns)
		receive_socket_read(f->s); /* the loop does not run */
	assert_string_equal(f->got->str, "one@232.1.1.1/10.9.0.1:5004 ");
}

static void fragments_are_counted_and_dropped(void **state)
{
	NEEDS_NAMESPACE();
	struct fixture *f = *state;
	struct receive_flow watched = flow("232.1.1.1", SOURCE_A, 5004);
	static const uint8_t large[4000];
	open_packet(f, &watched, 1);
	send_bytes(&watched, "net", large, sizeof(large));
	send_text("232.1.1.1", SOURCE_A, 5004, "one");
	assert_true(wait_for(f, "one"));
	assert_string_equal(f->got->str, "one@232.1.1.1/10.9.0.1:5004 ");
	assert_int_equal(counters(f).dropped_fragment, 1);
}

static void a_line_that_comes_back_is_used_again(void **state)
{
	NEEDS_NAMESPACE();
	struct fixture *f = *state;
	struct receive_flow watched = flow("232.1.1.1", SOURCE_A, 5004);
	open_packet(f, &watched, 1);
	assert_true(ip("link set box down"));
	uv_run(&f->loop, UV_RUN_NOWAIT);
	assert_true(ip("link set box up"));
	assert_true(ip("route replace 224.0.0.0/4 dev net"));
	/* The carrier comes a moment after; until then packets are dropped on the way out. */
	for (int i = 0; i < 100 && f->got->len == 0; i++) {
		send_text("232.1.1.1", SOURCE_A, 5004, "one");
		uint64_t until_ns = now_ns() + 20 * MS;
		while (now_ns() < until_ns && f->got->len == 0)
			uv_run(&f->loop, UV_RUN_NOWAIT);
	}
	assert_non_null(strstr(f->got->str, "one@232.1.1.1"));
}

/* The pair of interfaces is taken down and made again: other indices, the same names. */
static void make_line_again(void)
{
	assert_true(ip("link del box"));
	assert_true(ip("link add other type veth peer name spare")); /* takes the indices */
	assert_true(ip("link add box type veth peer name net") && ip("link del other"));
	assert_true(ip("link set box up") && ip("link set net up"));
	assert_true(
		ip("addr add " SOURCE_A "/24 dev net") && ip("addr add " SOURCE_B "/24 dev net"));
	assert_true(ip("route add 224.0.0.0/4 dev net"));
}

static void an_interface_that_is_back_is_received_from_again(void **state)
{
	NEEDS_NAMESPACE();
	struct fixture *f = *state;
	struct receive_flow watched = flow("232.1.1.1", SOURCE_A, 5004);
	unsigned before = if_nametoindex("box");
	open_packet(f, &watched, 1);
	send_text("232.1.1.1", SOURCE_A, 5004, "one");
	assert_true(wait_for(f, "one"));
	make_line_again();
	unsigned after = if_nametoindex("box");
	assert_int_not_equal(before, after);
	assert_int_equal(
		receive_socket_rebind(f->s, before), -ENODEV); /* and nothing has changed */
	assert_int_equal(receive_socket_rebind(f->s, after), 0);
	send_text("232.1.1.1", SOURCE_B, 5004, "wrong-source");
	send_text("232.1.1.1", SOURCE_A, 5004, "two");
	assert_true(wait_for(f, "two"));
	assert_string_equal(
		f->got->str, "one@232.1.1.1/10.9.0.1:5004 two@232.1.1.1/10.9.0.1:5004 ");
	assert_int_equal(counters(f).datagrams, 2);
}

/* Sends a frame from "net" as it is, with the packet that send_text() would send in it. */
static void send_frame(const uint8_t *head, size_t head_len, const char *text)
{
	uint8_t frame[128] = {0};
	uint8_t *packet = frame + head_len, *udp = packet + 20;
	const struct receive_flow to = flow("232.1.1.1", SOURCE_A, 5004);
	const struct sockaddr_ll out = {.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)if_nametoindex("net")};
	size_t len = strlen(text), total = 28 + len;
	memcpy(frame, head, head_len);
	packet[0] = 0x45;
	packet[3] = (uint8_t)total;
	packet[8] = 1;
	packet[9] = IPPROTO_UDP;
	memcpy(packet + 12, &to.source, 4);
	memcpy(packet + 16, &to.group, 4);
	udp[2] = to.port >> 8;
	udp[3] = to.port & 0xff;
	udp[5] = (uint8_t)(8 + len);
	memcpy(udp + 8, text, len);
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	assert_int_equal(
		sendto(fd, frame, head_len + total, 0, (const struct sockaddr *)&out, sizeof(out)),
		head_len + total);
	close(fd);
}

/* A VLAN is another network; VLAN 0 is a priority and no VLAN. */
static void frames_of_vlans_are_not_the_interfaces(void **state)
{
	NEEDS_NAMESPACE();
	struct fixture *f = *state;
	struct receive_flow watched = flow("232.1.1.1", SOURCE_A, 5004);
	uint8_t head[18] = {1, 0, 0x5e, 1, 1, 1, 2, 0, 0, 0, 0, 1, 0x81, 0, 0xa0, 100, 8, 0};
	open_packet(f, &watched, 1);
	send_frame(head, sizeof(head), "tagged");
	head[15] = 0;
	send_frame(head, sizeof(head), "priority");
	assert_true(wait_for(f, "priority"));
	assert_string_equal(f->got->str, "priority@232.1.1.1/10.9.0.1:5004 ");
}

/* What goes to the address of such a device the kernel takes to it, as it does a VLAN's. */
static void frames_of_a_device_on_top_are_not_the_interfaces(void **state)
{
	NEEDS_NAMESPACE();
	struct fixture *f = *state;
	struct receive_flow watched = flow("232.1.1.1", SOURCE_A, 5004);
	uint8_t head[14] = {0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 8, 0};
	struct ifreq request = {.ifr_name = "box"};
	if (!ip("link add link box name top type macvlan mode passthru"))
		skip_because("this kernel has no macvlan");
	assert_true(ip("link set top up"));
	open_packet(f, &watched, 1);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(ioctl(fd, SIOCGIFHWADDR, &request), 0);
	close(fd);
	memcpy(head, request.ifr_hwaddr.sa_data, 6);
	send_frame(head, sizeof(head), "on-top");
	assert_true(ip("link del top"));
	send_frame(head, sizeof(head), "own");
	assert_true(wait_for(f, "own"));
	assert_string_equal(f->got->str, "own@232.1.1.1/10.9.0.1:5004 ");
}

/* As a network card or the kernel merges them on request: larger than any packet of this line. */
static void merged_packets_are_counted_and_dropped(void **state)
{
	NEEDS_NAMESPACE();
	struct fixture *f = *state;
	struct receive_flow watched = flow("232.1.1.1", SOURCE_A, 5004);
	static const uint8_t zeros[40 * 1000];
	int segment_bytes = 1000;
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(5004), .sin_addr = watched.group};
	struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr = watched.source};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &segment_bytes, sizeof(segment_bytes)) < 0) {
		close(fd);
		skip_because("this kernel merges no UDP packets");
	}
	assert_int_equal(bind(fd, (struct sockaddr *)&from, sizeof(from)), 0);
	open_packet(f, &watched, 1);
	assert_int_equal(sendto(fd, zeros, 3000, 0, (struct sockaddr *)&to, sizeof(to)), 3000);
	assert_int_equal(sendto(fd, zeros, sizeof(zeros), 0, (struct sockaddr *)&to, sizeof(to)),
		sizeof(zeros));
	close(fd);
	send_text("232.1.1.1", SOURCE_A, 5004, "one");
	assert_true(wait_for(f, "one"));
	assert_string_equal(f->got->str, "one@232.1.1.1/10.9.0.1:5004 ");
	assert_int_equal(counters(f).dropped_merged, 2);
	assert_int_equal(counters(f).dropped_malformed, 0);
}

static void it_may_be_closed_from_within(void **state)
{
	NEEDS_NAMESPACE();
	struct fixture *f = *state;
	struct receive_flow watched = flow("232.1.1.1", SOURCE_A, 5004);
	open_packet(f, &watched, 1);
	f->close_at = "last";
	send_text("232.1.1.1", SOURCE_A, 5004, "first");
	send_text("232.1.1.1", SOURCE_A, 5004, "last");
	send_text("232.1.1.1", SOURCE_A, 5004, "never");
	uv_run(&f->loop, UV_RUN_DEFAULT); /* ends because nothing is left */
	assert_string_equal(
		f->got->str, "first@232.1.1.1/10.9.0.1:5004 last@232.1.1.1/10.9.0.1:5004 ");
}

static void sixty_flows_may_be_watched_and_changed(void **state)
{
	NEEDS_NAMESPACE();
	struct fixture *f = *state;
	struct receive_flow flows[60];
	for (uint32_t i = 0; i < 60; i++) {
		flows[i] = flow("232.1.0.0", SOURCE_A, 5004);
		flows[i].group.s_addr |= htonl(i);
	}
	open_packet(f, flows, 60);
	for (int i = 0; i < 3; i++)
		assert_int_equal(receive_socket_watch(f->s, flows, 60), 0);
	send_text("232.1.0.59", SOURCE_A, 5004, "last");
	assert_true(wait_for(f, "last@232.1.0.59"));
}

static void an_interface_that_is_not_there_is_said_so(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(
		receive_socket_open_packet(&f->loop, "nosuch0", on_datagram, f, &f->s), -ENODEV);
	assert_null(f->s);
}

static void without_the_capability_it_is_refused(void **state)
{
	NEEDS_NAMESPACE();
	struct fixture *f = *state;
	pid_t child = fork();
	if (child == 0) {
		struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
		struct __user_cap_data_struct none[2] = {{0}};
		syscall(SYS_capset, &header, none);
		int rc = receive_socket_open_packet(&f->loop, "box", on_datagram, f, &f->s);
		_exit(rc == -EPERM ? 0 : 1);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* As a kernel membership lends it: bound, and a member of the group on the loopback. */
static int lend(const char *group, uint16_t port)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int on = 1;
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct ip_mreqn member = {.imr_ifindex = (int)if_nametoindex("lo")};
	member.imr_multiaddr.s_addr = inet_addr(group);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	assert_int_equal(bind(fd, (struct sockaddr *)&any, sizeof(any)), 0);
	assert_int_equal(setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &member, sizeof(member)), 0);
	return fd;
}

static void send_locally(const char *group, const char *source, uint16_t port, const char *text)
{
	struct receive_flow to = flow(group, source, port);
	send_bytes(&to, "lo", text, strlen(text));
}

static void a_lent_socket_gives_its_own_flow_only(void **state)
{
	NEEDS_NAMESPACE();
	struct fixture *f = *state;
	struct receive_flow watched = flow("232.1.1.1", "127.0.0.1", 5004);
	int fd = lend("232.1.1.1", 5004);
	int other_fd = lend("232.1.1.2", 5004); /* now the first hears this group, too */
	assert_int_equal(receive_socket_open_lent(&f->loop, on_datagram, f, &f->s), 0);
	assert_int_equal(receive_socket_watch_fd(f->s, &watched, fd), 0);
	uint64_t before_ns = now_ns();
	send_locally("232.1.1.2", "127.0.0.1", 5004, "wrong-group");
	send_locally("232.1.1.1", "127.0.0.2", 5004, "wrong-source");
	send_locally("232.1.1.1", "127.0.0.1", 5004, "one");
	uint64_t sent_ns = now_ns();
	assert_true(wait_for(f, "one"));
	assert_string_equal(f->got->str, "one@232.1.1.1/127.0.0.1:5004 ");
	assert_int_equal(counters(f).dropped_flow, 2);
	assert_true(f->arrival_ns + MS >= before_ns && f->arrival_ns <= sent_ns + MS);
	close(other_fd);
	close(fd);
}

static void a_lent_socket_is_the_lenders_again(void **state)
{
	NEEDS_NAMESPACE();
	struct fixture *f = *state;
	struct receive_flow watched = flow("232.1.1.1", NULL, 5004);
	struct receive_flow kept = flow("232.1.1.3", NULL, 5006);
	int fd = lend("232.1.1.1", 5004), kept_fd = lend("232.1.1.3", 5006);
	assert_int_equal(receive_socket_open_lent(&f->loop, on_datagram, f, &f->s), 0);
	assert_int_equal(receive_socket_watch_fd(f->s, &watched, fd), 0);
	assert_int_equal(receive_socket_watch_fd(f->s, &kept, kept_fd), 0);
	send_locally("232.1.1.1", "127.0.0.1", 5004, "one");
	assert_true(wait_for(f, "one"));
	assert_int_equal(receive_socket_watch_fd(f->s, &watched, -1), 0);
	send_locally("232.1.1.1", "127.0.0.1", 5004, "mine");
	send_locally("232.1.1.3", "127.0.0.1", 5006, "two");
	assert_true(wait_for(f, "two"));
	assert_null(strstr(f->got->str, "mine"));
	char buffer[16];
	assert_int_equal(recv(fd, buffer, sizeof(buffer), 0), 4);
	assert_memory_equal(buffer, "mine", 4);

	/* Only those that are named stay. */
	assert_int_equal(receive_socket_watch(f->s, &kept, 1), 0);
	send_locally("232.1.1.3", "127.0.0.1", 5006, "three");
	assert_true(wait_for(f, "three"));
	assert_int_equal(receive_socket_watch(f->s, NULL, 0), 0);
	uv_run(&f->loop, UV_RUN_DEFAULT); /* nothing is polled any more */
	close(fd);
	close(kept_fd);
}

/* The lender left too early and its number is another file's now: that one is not touched. */
static void a_descriptor_closed_too_early_does_no_harm(void **state)
{
	NEEDS_NAMESPACE();
	struct fixture *f = *state;
	struct receive_flow watched = flow("232.1.1.1", NULL, 5004);
	int fd = lend("232.1.1.1", 5004);
	assert_int_equal(receive_socket_open_lent(&f->loop, on_datagram, f, &f->s), 0);
	assert_int_equal(receive_socket_watch_fd(f->s, &watched, fd), 0);
	close(fd);
	int again_fd = lend("232.1.1.9", 5009);
	assert_int_equal(again_fd, fd);
	send_locally("232.1.1.9", "127.0.0.1", 5009, "mine");
	assert_int_equal(receive_socket_watch_fd(f->s, &watched, -1), 0);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	char buffer[16];
	assert_int_equal(recv(again_fd, buffer, sizeof(buffer), 0), 4);
	close(again_fd);
}

static void what_the_kernel_drops_is_counted(void **state)
{
	NEEDS_NAMESPACE();
	struct fixture *f = *state;
	struct receive_flow watched = flow("232.1.1.1", NULL, 5004);
	int fd = lend("232.1.1.1", 5004), bytes = 4096;
	assert_int_equal(receive_socket_open_lent(&f->loop, on_datagram, f, &f->s), 0);
	assert_int_equal(receive_socket_watch_fd(f->s, &watched, fd), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	for (int i = 0; i < 200; i++)
		send_locally("232.1.1.1", "127.0.0.1", 5004, "flood");
	assert_true(wait_for(f, "flood"));
	send_locally("232.1.1.1", "127.0.0.1", 5004, "end");
	assert_true(wait_for(f, "end"));
	struct receive_socket_counters c = counters(f);
	assert_true(c.dropped_kernel > 0);
	assert_int_equal(c.dropped_kernel + c.datagrams, 201);
	close(fd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(only_watched_flows_come_out),
		TEST(after_a_switch_nothing_of_the_old_flow_comes),
		TEST(watching_nothing_gives_nothing),
		TEST(stamps_are_of_arrival_and_monotonic),
		TEST(what_has_arrived_can_be_read_at_once),
		TEST(fragments_are_counted_and_dropped),
		TEST(a_line_that_comes_back_is_used_again),
		TEST(an_interface_that_is_back_is_received_from_again),
		TEST(frames_of_vlans_are_not_the_interfaces),
		TEST(frames_of_a_device_on_top_are_not_the_interfaces),
		TEST(merged_packets_are_counted_and_dropped),
		TEST(it_may_be_closed_from_within),
		TEST(sixty_flows_may_be_watched_and_changed),
		TEST(an_interface_that_is_not_there_is_said_so),
		TEST(without_the_capability_it_is_refused),
		TEST(a_lent_socket_gives_its_own_flow_only),
		TEST(a_lent_socket_is_the_lenders_again),
		TEST(a_descriptor_closed_too_early_does_no_harm),
		TEST(what_the_kernel_drops_is_counted),
	};
	return cmocka_run_group_tests_name("receive_socket", tests, group_setup, NULL);
}
