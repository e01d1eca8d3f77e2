/* The kernel back end of igmp/membership, in a network namespace of the test's own. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "igmp/membership.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/edge.h"
#include "tests/unit/igmp/namespace.h"
#include "tests/unit/igmp/packets.h"

static int ask(
	struct edge *e, uint32_t user, const char *group, struct igmp_filter filter, uint16_t port)
{
	const struct igmp_listen request = {ip(group), filter, port, user};
	return igmp_membership_listen(e->m, &request, 1, NULL);
}

/* "239.1.1.1 EX 6; 232.1.1.1 IN 8 9", as `ctl igmp` has it. */
static void see_filter(void *ctx, const struct igmp_membership_group *group)
{
	char *text = ctx, address[INET_ADDRSTRLEN];
	inet_ntop(AF_INET, &group->group, address, sizeof address);
	sprintf(text + strlen(text), "%s%s %s", *text ? "; " : "", address,
		group->filter.mode == IGMP_INCLUDE ? "IN" : "EX");
	for (uint16_t i = 0; i < group->filter.source_count; i++)
		sprintf(text + strlen(text), " %u", ntohl(group->filter.sources[i].s_addr) & 255);
}

static const char *all_filters(const struct edge *e)
{
	static char text[1024];
	text[0] = '\0';
	igmp_membership_each(e->m, see_filter, text);
	return text;
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
	int any = igmp_membership_data_fd(e->m, ip(A), PORT);
	int ssm = igmp_membership_data_fd(e->m, ip(SSM), PORT);
	assert_true(any >= 0 && ssm >= 0 && any != ssm);
	assert_int_equal(igmp_membership_data_fd(e->m, ip(B), PORT), -1);
	inject_data(SSM, "10.9.0.7", PORT); /* another source */
	inject_data(SSM, "10.9.0.8", PORT);
	inject_data(A, "10.9.0.6", PORT);
	assert_string_equal(data_on(ssm), "10.9.0.8");
	assert_string_equal(data_on(any), "10.9.0.6");
	assert_int_equal(recv(ssm, (char[1]){0}, 1, MSG_DONTWAIT), -1);
	assert_int_equal(recv(any, (char[1]){0}, 1, MSG_DONTWAIT), -1);
	/* Another source list keeps the socket, another port does not. */
	set(e, SSM, include("10.9.0.7"));
	assert_int_equal(igmp_membership_data_fd(e->m, ip(SSM), PORT), ssm);
	inject_data(SSM, "10.9.0.8", PORT);
	inject_data(SSM, "10.9.0.7", PORT);
	assert_string_equal(data_on(ssm), "10.9.0.7");
	assert_int_equal(recv(ssm, (char[1]){0}, 1, MSG_DONTWAIT), -1);
	set(e, SSM, include(""));
	assert_int_equal(igmp_membership_data_fd(e->m, ip(SSM), PORT), -1);
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
	inject_data(A, "10.9.0.7", PORT);
	assert_string_equal(data_on(igmp_membership_data_fd(e->m, ip(A), PORT)), "10.9.0.7");
	close(other);
}

/* A channel whose group stays and whose port does not: routers hear nothing of it. */
static void kernel_follows_a_change_of_port(void **state)
{
	struct edge *e = edge_or_skip(state);
	struct igmp_listen request = {ip(A), exclude(""), PORT + 1, 0};
	new_line(e, 0);
	open_on_box(e, IGMP_BACKEND_KERNEL);
	assert_int_equal(igmp_membership_listen(e->m, &request, 1, NULL), 0);
	wait_for(e, "TO_EX " A);
	wait_for(e, "TO_EX " A); /* the repeat */
	int before = igmp_membership_data_fd(e->m, request.group, PORT + 1);
	set(e, A, exclude(""));
	int after = igmp_membership_data_fd(e->m, request.group, PORT);
	assert_int_not_equal(before, after);
	assert_int_equal(fcntl(before, F_GETFD), -1);
	inject_data(A, "10.9.0.7", PORT);
	assert_string_equal(data_on(after), "10.9.0.7");
	assert_string_equal(seen_within(e, 200), "");
}

/* What the kernel refuses leaves everything as it was, and is said in words that help. */
static void kernel_refusal_changes_nothing(void **state)
{
	struct edge *e = edge_or_skip(state);
	if (!set_sysctl("igmp_max_msf", "1"))
		skip_because("/proc/sys is not writable");
	open_on_box(e, IGMP_BACKEND_KERNEL);
	set(e, A, exclude(""));
	int fd = igmp_membership_data_fd(e->m, ip(A), PORT);
	assert_int_equal(zap(e, A, SSM, include("10.9.0.9 10.9.0.8")), -ENOBUFS);
	assert_non_null(strstr(e->last_warning, "net.ipv4.igmp_max_msf"));
	assert_int_equal(igmp_membership_data_fd(e->m, ip(A), PORT), fd);
	assert_int_equal(igmp_membership_data_fd(e->m, ip(SSM), PORT), -1);
	inject_data(A, "10.9.0.7", PORT);
	assert_string_equal(data_on(fd), "10.9.0.7");
	assert_string_equal(all_filters(e), A " EX");
	assert_int_equal(zap(e, A, "10.0.0.1", exclude("")), -EINVAL);
	assert_int_equal(igmp_membership_data_fd(e->m, ip(A), PORT), fd);
	assert_true(set_sysctl("igmp_max_msf", "10"));
}

/* RFC 9776 section 3.2: the sources that any user includes. */
static void kernel_merges_users_that_include(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_on_box(e, IGMP_BACKEND_KERNEL);
	assert_int_equal(ask(e, 1, SSM, include("10.9.0.9"), PORT), 0);
	assert_int_equal(ask(e, 2, SSM, include("10.9.0.8 10.9.0.7"), PORT), 0);
	assert_string_equal(all_filters(e), SSM " IN 7 8 9");
	assert_string_equal(box_group_filter(SSM), "+7 +8 +9");
	int fd = igmp_membership_data_fd(e->m, ip(SSM), PORT);
	inject_data(SSM, "10.9.0.9", PORT);
	inject_data(SSM, "10.9.0.8", PORT);
	assert_string_equal(data_on(fd), "10.9.0.9");
	assert_string_equal(data_on(fd), "10.9.0.8");
	assert_int_equal(ask(e, 1, SSM, include("10.9.0.7"), PORT), 0);
	assert_string_equal(box_group_filter(SSM), "+7 +8");
	assert_int_equal(ask(e, 2, SSM, include(""), PORT), 0);
	assert_string_equal(box_group_filter(SSM), "+7");
	assert_int_equal(igmp_membership_data_fd(e->m, ip(SSM), PORT), fd);
	assert_int_equal(ask(e, 1, SSM, include(""), PORT), 0);
	assert_int_equal(group_users("box", SSM), 0);
	assert_int_equal(igmp_membership_data_fd(e->m, ip(SSM), PORT), -1);
	assert_string_equal(all_filters(e), "");
}

/* The same: what every excluding user excludes, less what others include. */
static void kernel_merges_users_that_exclude(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_on_box(e, IGMP_BACKEND_KERNEL);
	assert_int_equal(ask(e, 1, A, exclude("10.9.0.5 10.9.0.6 10.9.0.7"), PORT), 0);
	assert_int_equal(ask(e, 2, A, exclude("10.9.0.6 10.9.0.7 10.9.0.8"), PORT), 0);
	assert_string_equal(all_filters(e), A " EX 6 7");
	assert_string_equal(box_group_filter(A), "-6 -7");
	assert_int_equal(ask(e, 3, A, include("10.9.0.6"), PORT), 0);
	assert_string_equal(all_filters(e), A " EX 7");
	assert_string_equal(box_group_filter(A), "-7");
	int fd = igmp_membership_data_fd(e->m, ip(A), PORT);
	inject_data(A, "10.9.0.7", PORT);
	inject_data(A, "10.9.0.6", PORT);
	assert_string_equal(data_on(fd), "10.9.0.6");
	/* Only the one who includes is left. */
	assert_int_equal(ask(e, 1, A, include(""), PORT), 0);
	assert_int_equal(ask(e, 2, A, include(""), PORT), 0);
	assert_string_equal(all_filters(e), A " IN 6");
	assert_string_equal(box_group_filter(A), "+6");
}

/* Two programmes on two ports of one group: a socket for each, and one membership. */
static void kernel_lends_one_socket_per_port(void **state)
{
	struct edge *e = edge_or_skip(state);
	new_line(e, 0);
	open_on_box(e, IGMP_BACKEND_KERNEL);
	assert_int_equal(ask(e, 1, A, exclude(""), PORT), 0);
	wait_for(e, "TO_EX " A);
	wait_for(e, "TO_EX " A); /* the repeat */
	assert_int_equal(ask(e, 2, A, exclude(""), PORT + 2), 0);
	int first = igmp_membership_data_fd(e->m, ip(A), PORT);
	int second = igmp_membership_data_fd(e->m, ip(A), PORT + 2);
	assert_true(first >= 0 && second >= 0 && first != second);
	assert_int_equal(igmp_membership_data_fd(e->m, ip(A), PORT + 1), -1);
	assert_int_equal(group_users("box", A), 2);
	assert_string_equal(all_filters(e), A " EX");
	inject_data(A, "10.9.0.7", PORT + 2);
	inject_data(A, "10.9.0.8", PORT);
	assert_string_equal(data_on(first), "10.9.0.8");
	assert_string_equal(data_on(second), "10.9.0.7");
	/* The group is still wanted: routers hear nothing. */
	assert_int_equal(ask(e, 1, A, include(""), PORT), 0);
	assert_int_equal(fcntl(first, F_GETFD), -1);
	assert_int_equal(group_users("box", A), 1);
	inject_data(A, "10.9.0.6", PORT + 2);
	assert_string_equal(data_on(second), "10.9.0.6");
	assert_string_equal(seen_within(e, 100), "");
	assert_int_equal(ask(e, 2, A, include(""), 0), 0);
	wait_for(e, "TO_IN " A);
}

/* All sockets of a group have the filter of all its users. */
static void kernel_merges_across_ports(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_on_box(e, IGMP_BACKEND_KERNEL);
	assert_int_equal(ask(e, 1, A, include("10.9.0.9"), PORT), 0);
	assert_int_equal(ask(e, 2, A, exclude("10.9.0.8 10.9.0.9"), PORT + 2), 0);
	assert_string_equal(all_filters(e), A " EX 8");
	assert_string_equal(box_group_filter(A), "-8");
	assert_int_equal(ask(e, 2, A, include(""), PORT + 2), 0);
	assert_string_equal(box_group_filter(A), "+9");
}

/* The other user's socket neither closes nor changes. */
static void kernel_moves_one_user_to_another_port(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_on_box(e, IGMP_BACKEND_KERNEL);
	assert_int_equal(ask(e, 1, A, exclude(""), PORT), 0);
	assert_int_equal(ask(e, 2, A, exclude(""), PORT), 0);
	int stays = igmp_membership_data_fd(e->m, ip(A), PORT);
	assert_int_equal(ask(e, 2, A, exclude(""), PORT + 2), 0);
	int moved = igmp_membership_data_fd(e->m, ip(A), PORT + 2);
	assert_int_equal(igmp_membership_data_fd(e->m, ip(A), PORT), stays);
	inject_data(A, "10.9.0.7", PORT);
	inject_data(A, "10.9.0.8", PORT + 2);
	assert_string_equal(data_on(stays), "10.9.0.7");
	assert_string_equal(data_on(moved), "10.9.0.8");
	assert_int_equal(ask(e, 1, A, exclude(""), PORT + 2), 0);
	assert_int_equal(igmp_membership_data_fd(e->m, ip(A), PORT), -1);
	assert_int_equal(fcntl(stays, F_GETFD), -1);
	assert_int_equal(igmp_membership_data_fd(e->m, ip(A), PORT + 2), moved);
}

/* What the same user asks for twice in one call is decided by the last. */
static void kernel_takes_the_last_of_a_users_wishes(void **state)
{
	struct edge *e = edge_or_skip(state);
	const struct igmp_listen requests[] = {{ip(A), exclude(""), PORT, 1},
		{ip(B), exclude(""), PORT, 1}, {ip(A), include(""), PORT, 1},
		{ip(B), exclude(""), PORT + 2, 1}};
	open_on_box(e, IGMP_BACKEND_KERNEL);
	assert_int_equal(igmp_membership_listen(e->m, requests, 4, NULL), 0);
	assert_string_equal(all_filters(e), B " EX");
	assert_int_equal(igmp_membership_data_fd(e->m, ip(B), PORT), -1);
	assert_true(igmp_membership_data_fd(e->m, ip(B), PORT + 2) >= 0);
	assert_int_equal(group_users("box", A), 0);
	assert_int_equal(group_users("box", B), 1);
}

/* Two users with a port each, and a third group: what the tests of refusals begin with. */
static void begin_refusals(struct edge *e)
{
	open_on_box(e, IGMP_BACKEND_KERNEL);
	assert_int_equal(ask(e, 1, B, exclude(""), PORT), 0);
	assert_int_equal(ask(e, 1, A, include("10.9.0.9"), PORT), 0);
	assert_int_equal(ask(e, 2, A, include("10.9.0.8"), PORT + 2), 0);
}

static void expect_nothing_changed(struct edge *e)
{
	assert_string_equal(all_filters(e), B " EX; " A " IN 8 9");
	assert_string_equal(box_group_filter(A), "+8 +9");
	assert_int_equal(group_users("box", A), 2);
	assert_int_equal(group_users("box", B), 1);
	assert_int_equal(group_users("box", SSM), 0);
	assert_true(igmp_membership_data_fd(e->m, ip(A), PORT) >= 0);
	assert_true(igmp_membership_data_fd(e->m, ip(A), PORT + 2) >= 0);
	assert_int_equal(igmp_membership_data_fd(e->m, ip(A), PORT + 4), -1);
	assert_int_equal(igmp_membership_data_fd(e->m, ip(SSM), PORT), -1);
	inject_data(A, "10.9.0.9", PORT);
	assert_string_equal(data_on(igmp_membership_data_fd(e->m, ip(A), PORT)), "10.9.0.9");
	inject_data(A, "10.9.0.8", PORT + 2);
	assert_string_equal(data_on(igmp_membership_data_fd(e->m, ip(A), PORT + 2)), "10.9.0.8");
}

/* A leave, a new port, a changed filter, all carried out before the kernel refuses the last. */
static int ask_for_too_much(struct edge *e, struct igmp_filter last)
{
	const struct igmp_listen requests[] = {{ip(SSM), last, PORT, 3},
		{ip(B), include(""), PORT, 1}, {ip(A), include(""), PORT, 1},
		{ip(A), include("10.9.0.7"), PORT + 4, 1}, {ip(A), include(""), 0, 2},
		{ip(SSM2), include("10.9.0.9"), PORT, 2}, {ip(SSM), last, PORT, 4}};
	return igmp_membership_listen(e->m, requests, 7, NULL);
}

static void kernel_takes_a_whole_batch_back(void **state)
{
	struct edge *e = edge_or_skip(state);
	if (!set_sysctl("igmp_max_msf", "2"))
		skip_because("/proc/sys is not writable");
	begin_refusals(e);
	assert_int_equal(ask_for_too_much(e, include("10.9.0.5 10.9.0.6 10.9.0.7")), -ENOBUFS);
	assert_int_equal(e->warnings, 1);
	assert_string_equal(e->last_warning,
		"box: the kernel refuses " SSM ": No buffer space available: too many sources "
		"(sysctl net.ipv4.igmp_max_msf) or groups (sysctl net.ipv4.igmp_max_memberships)");
	assert_true(set_sysctl("igmp_max_msf", "10"));
	expect_nothing_changed(e);
	assert_int_equal(ask_for_too_much(e, include("10.9.0.5 10.9.0.6 10.9.0.7")), 0);
	assert_string_equal(all_filters(e), A " IN 7; " SSM " IN 5 6 7; " SSM2 " IN 9");
}

static struct igmp_filter many_sources(unsigned first, uint16_t count)
{
	struct igmp_filter filter = {.mode = IGMP_INCLUDE, .source_count = count};
	for (unsigned i = 0; i < count; i++)
		filter.sources[i].s_addr = htonl(0x0a090100 + first + i);
	return filter;
}

/* The room's own bounds, which are those of the host core. */
static void kernel_refuses_more_sources_than_fit(void **state)
{
	struct edge *e = edge_or_skip(state);
	if (!set_sysctl("igmp_max_msf", "100"))
		skip_because("/proc/sys is not writable");
	begin_refusals(e);
	/* The first user of SSM has 33 of them, the second would bring 33 more. */
	const struct igmp_listen requests[] = {{ip(B), include(""), PORT, 1},
		{ip(SSM), many_sources(0, 33), PORT, 1}, {ip(SSM), many_sources(40, 33), PORT, 2}};
	assert_int_equal(igmp_membership_listen(e->m, requests, 3, NULL), -E2BIG);
	expect_nothing_changed(e);
	assert_int_equal(igmp_membership_listen(e->m, requests, 2, NULL), 0);
	assert_int_equal(ask(e, 2, SSM, many_sources(33, 31), PORT), 0); /* 64 together */
	assert_int_equal(ask(e, 2, SSM, many_sources(33, 32), PORT), -E2BIG);
	assert_int_equal(e->warnings, 0);
	assert_true(set_sysctl("igmp_max_msf", "10"));
}

/* igmp_max_memberships is for one socket, and each of ours has one group. */
static void kernel_joins_more_groups_than_a_socket_may(void **state)
{
	struct edge *e = edge_or_skip(state);
	struct igmp_listen requests[40];
	open_on_box(e, IGMP_BACKEND_KERNEL);
	for (unsigned i = 0; i < 40; i++)
		requests[i] = (struct igmp_listen){{htonl(0xef020200 + i)}, exclude(""), PORT, 0};
	assert_int_equal(igmp_membership_listen(e->m, requests, 40, NULL), 0);
	assert_int_equal(group_users("box", "239.2.2.0"), 1);
	assert_int_equal(group_users("box", "239.2.2.39"), 1);
}

static void kernel_says_when_groups_are_not_allowed(void **state)
{
	struct edge *e = edge_or_skip(state);
	if (!set_sysctl("igmp_max_memberships", "0"))
		skip_because("/proc/sys is not writable");
	open_on_box(e, IGMP_BACKEND_KERNEL);
	int err = ask(e, 1, A, exclude(""), PORT);
	assert_true(set_sysctl("igmp_max_memberships", "20"));
	assert_int_equal(err, -ENOBUFS);
	assert_non_null(strstr(e->last_warning, "net.ipv4.igmp_max_memberships"));
	assert_string_equal(all_filters(e), "");
}

static void kernel_says_when_files_are_used_up(void **state)
{
	struct edge *e = edge_or_skip(state);
	struct rlimit before, few;
	begin_refusals(e);
	int next = dup(e->capture);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = (struct rlimit){(rlim_t)next + 1, before.rlim_max};
	assert_int_equal(close(next), 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0); /* room for one more */
	int err = ask_for_too_much(e, include("10.9.0.5"));
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(err, -EMFILE);
	assert_non_null(strstr(e->last_warning, "Too many open files"));
	assert_non_null(strstr(e->last_warning, "ulimit -n"));
	expect_nothing_changed(e);
}

/* Settings bound the groups of this back end too. */
static void kernel_refuses_more_groups_than_set(void **state)
{
	struct edge *e = edge_or_skip(state);
	const struct igmp_membership_options options = {
		.iface = "box", .backend = IGMP_BACKEND_KERNEL, .host = {.max_groups = 2}};
	assert_int_equal(igmp_membership_open(&e->loop, &options, &e->m), 0);
	assert_int_equal(ask(e, 1, A, exclude(""), PORT), 0);
	assert_int_equal(ask(e, 1, B, exclude(""), PORT), 0);
	assert_int_equal(ask(e, 1, SSM, include("10.9.0.9"), PORT), -ENOSPC);
	assert_int_equal(ask(e, 2, A, exclude(""), PORT + 2), 0);
	assert_string_equal(all_filters(e), A " EX; " B " EX");
	assert_int_equal(ask(e, 1, B, include(""), PORT), 0);
	assert_int_equal(ask(e, 1, SSM, include("10.9.0.9"), PORT), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EDGE(kernel_merges_the_pair),
		TEST_EDGE(kernel_lends_one_socket_per_group),
		TEST_EDGE(kernel_receives_its_own_interface_only),
		TEST_EDGE(kernel_follows_a_change_of_port),
		TEST_EDGE(kernel_refusal_changes_nothing),
		TEST_EDGE(kernel_merges_users_that_include),
		TEST_EDGE(kernel_merges_users_that_exclude),
		TEST_EDGE(kernel_lends_one_socket_per_port),
		TEST_EDGE(kernel_merges_across_ports),
		TEST_EDGE(kernel_moves_one_user_to_another_port),
		TEST_EDGE(kernel_takes_the_last_of_a_users_wishes),
		TEST_EDGE(kernel_takes_a_whole_batch_back),
		TEST_EDGE(kernel_refuses_more_sources_than_fit),
		TEST_EDGE(kernel_joins_more_groups_than_a_socket_may),
		TEST_EDGE(kernel_says_when_groups_are_not_allowed),
		TEST_EDGE(kernel_says_when_files_are_used_up),
		TEST_EDGE(kernel_refuses_more_groups_than_set),
	};
	return cmocka_run_group_tests_name(
		"igmp_kernel", tests, edge_group_setup, edge_group_teardown);
}
