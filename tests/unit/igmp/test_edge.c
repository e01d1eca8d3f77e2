/* Both back ends of igmp/membership on a real interface, watched from the other end of the line. */
#include <errno.h>
#include <fcntl.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "igmp/membership.h"
#include "igmp/wire.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/namespace.h"
#include "tests/unit/igmp/packets.h"

#define A "239.1.1.1"
#define B "239.1.1.2"
#define SSM "232.1.1.1"
#define SSM2 "232.1.1.2"
#define SOURCE "10.9.0.9"
#define PORT 5004

#define PATIENCE (5 * SECOND)

/* One test's loop, membership and log. */
struct edge {
	const char *no_namespace; /* why every test is skipped */
	uv_loop_t loop;
	struct igmp_membership *m;
	int capture;
	int warnings;
	char last_warning[512];
	bool closed;
};

static void on_log(void *ctx, enum igmp_log_level level, const char *sentence)
{
	struct edge *e = ctx;
	if (level > IGMP_LOG_WARNING)
		return;
	e->warnings++;
	snprintf(e->last_warning, sizeof e->last_warning, "%s", sentence);
}

static int group_setup(void **state)
{
	struct edge *e = calloc(1, sizeof *e);
	assert_non_null(e);
	e->no_namespace = namespace_enter();
	*state = e;
	return 0;
}

static int group_teardown(void **state)
{
	free(*state);
	return 0;
}

static int setup(void **state)
{
	struct edge *e = *state;
	if (e->no_namespace)
		return 0;
	assert_int_equal(uv_loop_init(&e->loop), 0);
	e->m = NULL;
	e->warnings = 0;
	e->last_warning[0] = '\0';
	e->closed = false;
	e->capture = capture_open();
	return 0;
}

static void on_closed(void *ctx)
{
	((struct edge *)ctx)->closed = true;
}

static void close_membership(struct edge *e)
{
	igmp_membership_close(e->m, on_closed, e);
	assert_int_equal(e->closed, e->m == NULL); /* from the loop, unless there was nothing */
	assert_int_equal(uv_run(&e->loop, UV_RUN_DEFAULT), 0);
	assert_true(e->closed);
	e->m = NULL;
}

/* Every test ends with an empty house. */
static int teardown(void **state)
{
	struct edge *e = *state;
	if (e->no_namespace)
		return 0;
	close_membership(e);
	assert_int_equal(uv_loop_close(&e->loop), 0);
	close(e->capture);
	return 0;
}

#define edge_or_skip(state)                                                                        \
	*(state);                                                                                  \
	if (((struct edge *)*(state))->no_namespace)                                               \
		skip_because(((struct edge *)*(state))->no_namespace);                             \
	(void)0

static int try_open(struct edge *e, const char *iface, enum igmp_backend backend)
{
	const struct igmp_membership_options options = {
		.iface = iface,
		.backend = backend,
		.host = {.unsolicited_interval_ns = 20 * MS},
		.log = on_log,
		.log_ctx = e,
	};
	return igmp_membership_open(&e->loop, &options, &e->m);
}

static void open_on_box(struct edge *e, enum igmp_backend backend)
{
	assert_int_equal(try_open(e, "box", backend), 0);
	assert_int_equal(igmp_membership_backend(e->m, NULL), backend);
}

static uint64_t set(struct edge *e, const char *group, struct igmp_filter filter)
{
	uint64_t sent_ns = 1;
	const struct igmp_listen request = {ip(group), filter, PORT, 0};
	assert_int_equal(igmp_membership_listen(e->m, &request, 1, &sent_ns), 0);
	return sent_ns;
}

static int zap(struct edge *e, const char *from, const char *to, struct igmp_filter filter)
{
	const struct igmp_listen requests[] = {
		{ip(to), filter, PORT, 0}, {ip(from), include(""), PORT, 0}};
	return igmp_membership_listen(e->m, requests, 2, NULL);
}

/* The next frame on the line; "" when none comes within the time. The loop does not turn. */
static const char *seen_within(struct edge *e, int ms)
{
	static char text[4096];
	static const uint8_t mac[] = {0x01, 0x00, 0x5e, 0x00, 0x00, 0x16};
	uint8_t frame[2048];
	struct pollfd pollfd = {.fd = e->capture, .events = POLLIN};
	text[0] = '\0';
	poll(&pollfd, 1, ms);
	ssize_t len = recv(e->capture, frame, sizeof frame, 0);
	if (len <= 0)
		return text;
	assert_true(len > ETH_HLEN);
	assert_memory_equal(frame, mac, sizeof mac);
	report_text(frame + ETH_HLEN, (size_t)len - ETH_HLEN, text, sizeof text);
	return text;
}

/* Turns the loop until this report is on the line. */
static void wait_for(struct edge *e, const char *report)
{
	uint64_t until = uv_hrtime() + PATIENCE;
	while (strcmp(seen_within(e, 1), report)) {
		assert_true(uv_hrtime() < until);
		uv_run(&e->loop, UV_RUN_NOWAIT);
	}
}

static uint64_t reports_sent(const struct edge *e)
{
	struct igmp_counters counters;
	igmp_membership_counters(e->m, &counters);
	return counters.reports_sent;
}

/* RFC 9776 section 5.1: at once, within the call; the pair in one report, the leave first. */
static void raw_pair_has_left_when_listen_returns(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_on_box(e, IGMP_BACKEND_RAW);
	uint64_t before = uv_hrtime();
	uint64_t sent = set(e, A, exclude(""));
	assert_in_range(sent, before, uv_hrtime());
	assert_string_equal(seen_within(e, 1000), "TO_EX " A);
	assert_int_equal(zap(e, A, B, exclude("")), 0);
	assert_string_equal(seen_within(e, 1000), "TO_IN " A "; TO_EX " B);
	assert_int_equal(reports_sent(e), 2);
	assert_true(set(e, B, exclude("")) == 0); /* no change: nothing to send */
	assert_int_equal(igmp_membership_data_fd(e->m, ip(B)), -1);
}

static void raw_repeats_the_pair_by_the_loops_timer(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_on_box(e, IGMP_BACKEND_RAW);
	set(e, SSM, include(SOURCE));
	wait_for(e, "ALLOW " SSM " " SOURCE); /* at once */
	wait_for(e, "ALLOW " SSM " " SOURCE); /* repeated */
	assert_int_equal(zap(e, SSM, SSM2, include(SOURCE)), 0);
	assert_string_equal(
		seen_within(e, 1000), "BLOCK " SSM " " SOURCE "; ALLOW " SSM2 " " SOURCE);
	wait_for(e, "BLOCK " SSM " " SOURCE "; ALLOW " SSM2 " " SOURCE);
	assert_int_equal(uv_run(&e->loop, UV_RUN_NOWAIT), 1); /* the socket is still watched */
	assert_int_equal(reports_sent(e), 4);
}

static void ask(void)
{
	static const uint8_t all_hosts[] = {0x01, 0x00, 0x5e, 0x00, 0x00, 0x01};
	uint8_t packet[1500];
	struct query query = query_defaults();
	query.code = 1; /* a tenth of a second */
	inject(all_hosts, packet, query_build(&query, packet));
}

static void raw_answers_a_general_query(void **state)
{
	struct edge *e = edge_or_skip(state);
	struct igmp_querier querier;
	open_on_box(e, IGMP_BACKEND_RAW);
	set(e, A, exclude(""));
	ask();
	wait_for(e, "IS_EX " A);
	igmp_membership_querier(e->m, &querier);
	assert_int_equal(querier.address.s_addr, ip("10.0.0.254").s_addr);
	assert_int_equal(querier.version, 3);
}

/* A line that went down and came back: libuv must still watch the socket. */
static void raw_still_listens_after_the_line_was_down(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_on_box(e, IGMP_BACKEND_RAW);
	set(e, A, exclude(""));
	wait_for(e, "TO_EX " A);
	wait_for(e, "TO_EX " A);
	assert_true(run_ip("link set box down"));
	uv_run(&e->loop, UV_RUN_NOWAIT);
	assert_true(line_up());
	ask();
	wait_for(e, "IS_EX " A);
}

/* The error of a line that was down is no reason to lose the first report after it. */
static void raw_sends_at_once_when_the_line_is_back(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_on_box(e, IGMP_BACKEND_RAW);
	assert_true(run_ip("link set box down"));
	assert_true(line_up());
	assert_true(set(e, A, exclude("")) != 0);
	assert_string_equal(seen_within(e, 1000), "TO_EX " A);
	assert_int_equal(e->warnings, 0);
}

static void raw_logs_a_failing_send_once_and_tries_the_repeat(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_on_box(e, IGMP_BACKEND_RAW);
	assert_true(run_ip("link set box down"));
	assert_true(set(e, A, exclude("")) == 0);
	assert_true(set(e, A, include(SOURCE)) == 0);
	assert_int_equal(e->warnings, 1);
	assert_non_null(strstr(e->last_warning, "box: cannot send an IGMP report"));
	assert_true(line_up());
	wait_for(e, "TO_IN " A " " SOURCE);
	assert_int_equal(e->warnings, 1);
}

/* The MAC filter is the device's: what is not joined the hardware may drop. */
static void raw_sets_the_mac_filter(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_on_box(e, IGMP_BACKEND_RAW);
	set(e, "239.129.2.3", exclude(""));
	assert_true(box_receives_mac("01005e010203"));
	set(e, "239.129.2.3", include(""));
	assert_false(box_receives_mac("01005e010203"));
}

static void raw_leaves_everything_at_close(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_on_box(e, IGMP_BACKEND_RAW);
	set(e, A, exclude(""));
	set(e, SSM, include(SOURCE));
	seen_within(e, 1000);
	seen_within(e, 1000);
	close_membership(e);
	assert_string_equal(seen_within(e, 1000), "TO_IN " A "; BLOCK " SSM " " SOURCE);
	e->closed = false;
}

/* A UDP packet for the group; its payload is the source, so that a test sees which one came. */
static void inject_data(const char *group, const char *source)
{
	uint8_t packet[64] = {0x45, 0, 0, 0, 0, 0, 0x40, 0, 8, IPPROTO_UDP};
	const struct in_addr from = ip(source), to = ip(group);
	uint8_t mac[6] = {0x01, 0x00, 0x5e};
	size_t payload = strlen(source);
	packet[3] = (uint8_t)(28 + payload);
	memcpy(packet + 12, &from, 4);
	memcpy(packet + 16, &to, 4);
	memcpy(mac + 3, packet + 17, 3);
	mac[3] &= 0x7f;
	uint16_t sum = igmp_checksum(packet, 20);
	memcpy(packet + 10, &sum, 2);
	packet[20] = packet[22] = PORT >> 8;
	packet[21] = packet[23] = PORT & 0xff;
	packet[25] = (uint8_t)(8 + payload); /* and no checksum */
	memcpy(packet + 28, source, payload);
	inject(mac, packet, 28 + payload);
}

static const char *data_on(int fd)
{
	static char data[32];
	struct pollfd pollfd = {.fd = fd, .events = POLLIN};
	poll(&pollfd, 1, 1000);
	ssize_t len = recv(fd, data, sizeof data - 1, 0);
	data[len > 0 ? len : 0] = '\0';
	return data;
}

/* Leave and join are asked for back to back: the kernel puts them into one report, leave first. */
static void kernel_merges_the_pair(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_on_box(e, IGMP_BACKEND_KERNEL);
	assert_true(set(e, A, exclude("")) != 0);
	wait_for(e, "TO_EX " A);
	assert_int_equal(zap(e, A, B, exclude("")), 0);
	wait_for(e, "TO_IN " A "; TO_EX " B);
	assert_int_equal(zap(e, B, SSM, include(SOURCE)), 0);
	wait_for(e, "TO_IN " B "; ALLOW " SSM " " SOURCE);
}

/* IP_MULTICAST_ALL is off: each socket has its group and source, whatever others joined. */
static void kernel_lends_one_socket_per_group(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_on_box(e, IGMP_BACKEND_KERNEL);
	set(e, A, exclude(""));
	set(e, SSM, include("10.9.0.9 10.9.0.8"));
	int any = igmp_membership_data_fd(e->m, ip(A));
	int ssm = igmp_membership_data_fd(e->m, ip(SSM));
	assert_true(any >= 0 && ssm >= 0 && any != ssm);
	assert_int_equal(igmp_membership_data_fd(e->m, ip(B)), -1);
	inject_data(SSM, "10.9.0.7"); /* another source */
	inject_data(SSM, "10.9.0.8");
	inject_data(A, "10.9.0.6");
	assert_string_equal(data_on(ssm), "10.9.0.8");
	assert_string_equal(data_on(any), "10.9.0.6");
	assert_int_equal(recv(ssm, (char[1]){0}, 1, MSG_DONTWAIT), -1);
	assert_int_equal(recv(any, (char[1]){0}, 1, MSG_DONTWAIT), -1);
	/* Another source list keeps the socket, another port does not. */
	set(e, SSM, include("10.9.0.7"));
	assert_int_equal(igmp_membership_data_fd(e->m, ip(SSM)), ssm);
	inject_data(SSM, "10.9.0.8");
	inject_data(SSM, "10.9.0.7");
	assert_string_equal(data_on(ssm), "10.9.0.7");
	assert_int_equal(recv(ssm, (char[1]){0}, 1, MSG_DONTWAIT), -1);
	set(e, SSM, include(""));
	assert_int_equal(igmp_membership_data_fd(e->m, ip(SSM)), -1);
	assert_int_equal(fcntl(ssm, F_GETFD), -1);
}

/* Another program of this box joins the same group on another interface. */
static void kernel_receives_its_own_interface_only(void **state)
{
	struct edge *e = edge_or_skip(state);
	const struct ip_mreqn lo = {
		.imr_multiaddr = ip(A), .imr_ifindex = (int)if_nametoindex("lo")};
	const struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_addr = ip(A), .sin_port = htons(PORT)};
	const int on = 1;
	int other = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(other >= 0);
	assert_int_equal(setsockopt(other, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), 0);
	assert_int_equal(bind(other, (const struct sockaddr *)&to, sizeof to), 0);
	assert_int_equal(setsockopt(other, IPPROTO_IP, IP_ADD_MEMBERSHIP, &lo, sizeof lo), 0);
	assert_int_equal(setsockopt(other, IPPROTO_IP, IP_MULTICAST_IF, &lo, sizeof lo), 0);
	open_on_box(e, IGMP_BACKEND_KERNEL);
	set(e, A, exclude(""));
	assert_int_equal(sendto(other, "x", 1, 0, (const struct sockaddr *)&to, sizeof to), 1);
	assert_string_equal(data_on(other), "x");
	inject_data(A, "10.9.0.7");
	assert_string_equal(data_on(igmp_membership_data_fd(e->m, ip(A))), "10.9.0.7");
	close(other);
}

/* A channel whose group stays and whose port does not. */
static void kernel_follows_a_change_of_port(void **state)
{
	struct edge *e = edge_or_skip(state);
	struct igmp_listen request = {ip(A), exclude(""), PORT + 1, 0};
	open_on_box(e, IGMP_BACKEND_KERNEL);
	assert_int_equal(igmp_membership_listen(e->m, &request, 1, NULL), 0);
	int before = igmp_membership_data_fd(e->m, request.group);
	set(e, A, exclude(""));
	int after = igmp_membership_data_fd(e->m, request.group);
	assert_int_not_equal(before, after);
	assert_int_equal(fcntl(before, F_GETFD), -1);
	inject_data(A, "10.9.0.7");
	assert_string_equal(data_on(after), "10.9.0.7");
}

static void see(void *ctx, const struct igmp_membership_group *group)
{
	char *text = ctx;
	sprintf(text + strlen(text), "%u/%u ", ntohl(group->group.s_addr) & 255,
		group->filter.source_count);
}

static bool set_sysctl(const char *name, const char *value)
{
	char path[128];
	snprintf(path, sizeof path, "/proc/sys/net/ipv4/%s", name);
	FILE *file = fopen(path, "w");
	if (!file)
		return false;
	bool ok = fputs(value, file) >= 0;
	return fclose(file) == 0 && ok;
}

/* What the kernel refuses leaves everything as it was, and is said in words that help. */
static void kernel_refusal_changes_nothing(void **state)
{
	struct edge *e = edge_or_skip(state);
	char groups[128] = "";
	if (!set_sysctl("igmp_max_msf", "1"))
		skip_because("/proc/sys is not writable");
	open_on_box(e, IGMP_BACKEND_KERNEL);
	set(e, A, exclude(""));
	int fd = igmp_membership_data_fd(e->m, ip(A));
	assert_int_equal(zap(e, A, SSM, include("10.9.0.9 10.9.0.8")), -ENOBUFS);
	assert_non_null(strstr(e->last_warning, "net.ipv4.igmp_max_msf"));
	assert_int_equal(igmp_membership_data_fd(e->m, ip(A)), fd);
	assert_int_equal(igmp_membership_data_fd(e->m, ip(SSM)), -1);
	inject_data(A, "10.9.0.7");
	assert_string_equal(data_on(fd), "10.9.0.7");
	igmp_membership_each(e->m, see, groups);
	assert_string_equal(groups, "1/0 ");
	assert_int_equal(zap(e, A, "10.0.0.1", exclude("")), -EINVAL);
	assert_int_equal(igmp_membership_data_fd(e->m, ip(A)), fd);
	assert_true(set_sysctl("igmp_max_msf", "10"));
}

static void auto_takes_raw_where_permitted(void **state)
{
	struct edge *e = edge_or_skip(state);
	const char *why;
	assert_int_equal(try_open(e, "box", IGMP_BACKEND_AUTO), 0);
	assert_int_equal(igmp_membership_backend(e->m, &why), IGMP_BACKEND_RAW);
	assert_memory_equal(why, "raw: ", 5);
	assert_int_equal(e->warnings, 0);
}

static void auto_takes_the_kernel_without_cap_net_raw_and_says_so(void **state)
{
	struct edge *e = edge_or_skip(state);
	const char *why;
	bool had = set_net_raw(false);
	int raw = try_open(e, "box", IGMP_BACKEND_RAW);
	int automatic = try_open(e, "box", IGMP_BACKEND_AUTO);
	set_net_raw(had);
	assert_int_equal(raw, -EPERM);
	assert_int_equal(automatic, 0);
	assert_int_equal(igmp_membership_backend(e->m, &why), IGMP_BACKEND_KERNEL);
	assert_memory_equal(why, "kernel: CAP_NET_RAW is missing", 30);
	assert_int_equal(e->warnings, 1);
	assert_string_equal(e->last_warning, why);
}

static void interfaces_that_cannot_do_it_are_refused(void **state)
{
	struct edge *e = edge_or_skip(state);
	assert_int_equal(try_open(e, "nosuch0", IGMP_BACKEND_AUTO), -ENODEV);
	assert_int_equal(try_open(e, "a-name-longer-than-any", IGMP_BACKEND_AUTO), -ENODEV);
	assert_int_equal(try_open(e, "net", IGMP_BACKEND_KERNEL), -EADDRNOTAVAIL);
	assert_null(e->m);
	/* Raw without an address works, and warns of what some routers make of it. */
	assert_int_equal(try_open(e, "net", IGMP_BACKEND_RAW), 0);
	assert_int_equal(e->warnings, 1);
}

/* RFC 9776 section 5: IGMP is silent on loopback; memberships there are a local matter. */
static void loopback_is_the_kernels(void **state)
{
	struct edge *e = edge_or_skip(state);
	assert_int_equal(try_open(e, "lo", IGMP_BACKEND_RAW), -EOPNOTSUPP);
	assert_int_equal(try_open(e, "lo", IGMP_BACKEND_AUTO), 0);
	assert_int_equal(igmp_membership_backend(e->m, NULL), IGMP_BACKEND_KERNEL);
	assert_int_equal(e->warnings, 0);
	set(e, A, exclude(""));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	/* The kernel's repeats outlive its tests: those that look at every frame come first. */
	const struct CMUnitTest tests[] = {
		TEST(raw_pair_has_left_when_listen_returns),
		TEST(raw_repeats_the_pair_by_the_loops_timer),
		TEST(raw_answers_a_general_query),
		TEST(raw_still_listens_after_the_line_was_down),
		TEST(raw_sends_at_once_when_the_line_is_back),
		TEST(raw_logs_a_failing_send_once_and_tries_the_repeat),
		TEST(raw_sets_the_mac_filter),
		TEST(raw_leaves_everything_at_close),
		TEST(kernel_merges_the_pair),
		TEST(kernel_lends_one_socket_per_group),
		TEST(kernel_receives_its_own_interface_only),
		TEST(kernel_follows_a_change_of_port),
		TEST(kernel_refusal_changes_nothing),
		TEST(auto_takes_raw_where_permitted),
		TEST(auto_takes_the_kernel_without_cap_net_raw_and_says_so),
		TEST(interfaces_that_cannot_do_it_are_refused),
		TEST(loopback_is_the_kernels),
	};
	return cmocka_run_group_tests_name("igmp_edge", tests, group_setup, group_teardown);
}
