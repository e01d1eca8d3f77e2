/* The kernel back end of igmp/membership, in a network namespace of the test's own. */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "igmp/membership.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/edge.h"
#include "tests/unit/igmp/namespace.h"
#include "tests/unit/igmp/packets.h"

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

/* A channel whose group stays and whose port does not. */
static void kernel_follows_a_change_of_port(void **state)
{
	struct edge *e = edge_or_skip(state);
	struct igmp_listen request = {ip(A), exclude(""), PORT + 1, 0};
	open_on_box(e, IGMP_BACKEND_KERNEL);
	assert_int_equal(igmp_membership_listen(e->m, &request, 1, NULL), 0);
	int before = igmp_membership_data_fd(e->m, request.group, PORT + 1);
	set(e, A, exclude(""));
	int after = igmp_membership_data_fd(e->m, request.group, PORT);
	assert_int_not_equal(before, after);
	assert_int_equal(fcntl(before, F_GETFD), -1);
	inject_data(A, "10.9.0.7", PORT);
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
	int fd = igmp_membership_data_fd(e->m, ip(A), PORT);
	assert_int_equal(zap(e, A, SSM, include("10.9.0.9 10.9.0.8")), -ENOBUFS);
	assert_non_null(strstr(e->last_warning, "net.ipv4.igmp_max_msf"));
	assert_int_equal(igmp_membership_data_fd(e->m, ip(A), PORT), fd);
	assert_int_equal(igmp_membership_data_fd(e->m, ip(SSM), PORT), -1);
	inject_data(A, "10.9.0.7", PORT);
	assert_string_equal(data_on(fd), "10.9.0.7");
	igmp_membership_each(e->m, see, groups);
	assert_string_equal(groups, "1/0 ");
	assert_int_equal(zap(e, A, "10.0.0.1", exclude("")), -EINVAL);
	assert_int_equal(igmp_membership_data_fd(e->m, ip(A), PORT), fd);
	assert_true(set_sysctl("igmp_max_msf", "10"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EDGE(kernel_merges_the_pair),
		TEST_EDGE(kernel_lends_one_socket_per_group),
		TEST_EDGE(kernel_receives_its_own_interface_only),
		TEST_EDGE(kernel_follows_a_change_of_port),
		TEST_EDGE(kernel_refusal_changes_nothing),
	};
	return cmocka_run_group_tests_name(
		"igmp_kernel", tests, edge_group_setup, edge_group_teardown);
}
