/* The kernel back end on an interface that changes, goes and comes back. */
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include "igmp/iface.h"
#include "igmp/kernel.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/edge.h"
#include "tests/unit/igmp/namespace.h"
#include "tests/unit/igmp/packets.h"

static void on_log(void *ctx, enum igmp_log_level level, const char *sentence)
{
	struct edge *e = ctx;
	if (level <= IGMP_LOG_WARNING)
		e->warnings++;
	snprintf(e->last_warning, sizeof e->last_warning, "%s", sentence);
}

static struct igmp_iface box_now(void)
{
	struct igmp_iface iface;
	assert_int_equal(igmp_iface_lookup("box", &iface), 0);
	return iface;
}

/* The tests say themselves what becomes of the interface: the back end without a watch. */
static struct igmp_kernel *open_kernel(struct edge *e)
{
	const struct igmp_log log = {on_log, e};
	const struct igmp_iface iface = box_now();
	struct igmp_kernel *kernel;
	assert_int_equal(igmp_kernel_open(&e->loop, &iface, 0, &log, &kernel), 0);
	return kernel;
}

static void on_kernel_closed(void *ctx)
{
	*(bool *)ctx = true;
}

static void close_kernel(struct edge *e, struct igmp_kernel *kernel)
{
	bool closed = false;
	igmp_kernel_close(kernel, on_kernel_closed, &closed);
	assert_int_equal(uv_run(&e->loop, UV_RUN_DEFAULT), 0);
	assert_true(closed);
}

static void want(struct igmp_kernel *kernel, const char *group, struct igmp_filter filter)
{
	const struct igmp_listen request = {ip(group), filter, PORT, 0};
	assert_int_equal(igmp_kernel_listen(kernel, &request, 1), 0);
}

static void tell_gone(struct igmp_kernel *kernel)
{
	const struct igmp_iface gone = {.name = "box"};
	igmp_kernel_iface_changed(kernel, &gone);
}

static void tell_now(struct igmp_kernel *kernel)
{
	const struct igmp_iface now = box_now();
	igmp_kernel_iface_changed(kernel, &now);
}

static void expect_data(struct igmp_kernel *kernel, const char *group, const char *source)
{
	inject_data(group, source, PORT);
	assert_string_equal(data_on(igmp_kernel_data_fd(kernel, ip(group), PORT)), source);
}

static void three_groups(struct igmp_kernel *kernel)
{
	want(kernel, A, exclude(""));
	want(kernel, B, exclude("10.9.0.7"));
	want(kernel, SSM, include("10.9.0.8 10.9.0.9"));
}

static void expect_three_groups(struct igmp_kernel *kernel)
{
	assert_int_equal(group_users("box", A), 1);
	assert_string_equal(box_group_filter(B), "-7");
	assert_string_equal(box_group_filter(SSM), "+8 +9");
	expect_data(kernel, A, "10.9.0.1");
	expect_data(kernel, B, "10.9.0.8");
	expect_data(kernel, SSM, "10.9.0.9");
}

/* The descriptors that are lent stay: who reads them need not know. */
static void gone_and_back_under_another_index(void **state)
{
	struct edge *e = edge_or_skip(state);
	struct igmp_kernel *kernel = open_kernel(e);
	int index = box_now().index;
	three_groups(kernel);
	int fd = igmp_kernel_data_fd(kernel, ip(A), PORT);
	assert_true(run_ip("link del box"));
	tell_gone(kernel);
	assert_int_equal(igmp_kernel_data_fd(kernel, ip(A), PORT), fd);
	new_line(e, 0);
	assert_int_not_equal(box_now().index, index);
	tell_now(kernel);
	wait_for(e, "ALLOW " SSM " 10.9.0.8 10.9.0.9; TO_EX " B " 10.9.0.7; TO_EX " A);
	assert_int_equal(igmp_kernel_data_fd(kernel, ip(A), PORT), fd);
	expect_three_groups(kernel);
	want(kernel, A, include(""));
	assert_int_equal(group_users("box", A), 0);
	assert_int_equal(e->warnings, 0);
	close_kernel(e, kernel);
	assert_int_equal(group_users("box", SSM), 0);
}

/* Both events at once, and the index of before: sockets then still name it. */
static void gone_and_back_under_the_same_index(void **state)
{
	struct edge *e = edge_or_skip(state);
	struct igmp_kernel *kernel = open_kernel(e);
	int index = box_now().index;
	three_groups(kernel);
	tell_now(kernel); /* nothing is new */
	assert_true(run_ip("link del box"));
	tell_gone(kernel);
	new_line(e, index);
	assert_int_equal(box_now().index, index);
	tell_now(kernel);
	expect_three_groups(kernel);
	assert_int_equal(e->warnings, 0);
	close_kernel(e, kernel);
}

/* The event that it was gone may be swallowed by the next one. */
static void another_index_without_a_word_between(void **state)
{
	struct edge *e = edge_or_skip(state);
	struct igmp_kernel *kernel = open_kernel(e);
	three_groups(kernel);
	new_line(e, 0);
	tell_now(kernel);
	expect_three_groups(kernel);
	assert_int_equal(e->warnings, 0);
	close_kernel(e, kernel);
}

/* What is asked for meanwhile is no error, as with the raw back end. */
static void zaps_while_gone_are_joined_when_it_is_back(void **state)
{
	struct edge *e = edge_or_skip(state);
	struct igmp_kernel *kernel = open_kernel(e);
	three_groups(kernel);
	assert_true(run_ip("link del box"));
	want(kernel, A, include("")); /* the event has not been read yet */
	want(kernel, SSM2, include("10.9.0.9"));
	tell_gone(kernel);
	want(kernel, B, include(""));
	want(kernel, SSM, include("10.9.0.7"));
	/* Not on the interface that the routes name instead. */
	assert_true(run_ip("route add 224.0.0.0/4 dev lo"));
	want(kernel, "239.1.1.3", exclude(""));
	assert_int_equal(group_users("lo", "239.1.1.3"), 0);
	assert_true(run_ip("route del 224.0.0.0/4 dev lo"));
	new_line(e, 0);
	tell_now(kernel);
	assert_int_equal(group_users("box", A), 0);
	assert_int_equal(group_users("box", B), 0);
	assert_string_equal(box_group_filter(SSM), "+7");
	assert_string_equal(box_group_filter(SSM2), "+9");
	expect_data(kernel, SSM2, "10.9.0.9");
	assert_int_equal(e->warnings, 0);
	close_kernel(e, kernel);
}

static struct igmp_filter many_sources(void)
{
	struct igmp_filter filter = {.mode = IGMP_INCLUDE};
	for (uint16_t i = 0; i < 11; i++)
		filter.sources[filter.source_count++].s_addr = htonl(0x0a090001 + i);
	return filter;
}

/* Two groups have a source too many: said with the first, and made good later. */
static void what_cannot_be_joined_again_is_said_once(void **state)
{
	struct edge *e = edge_or_skip(state);
	if (!set_sysctl("igmp_max_msf", "10"))
		skip_because("/proc/sys is not writable");
	struct igmp_kernel *kernel = open_kernel(e);
	want(kernel, SSM, include("10.9.0.8 10.9.0.9"));
	want(kernel, SSM2, include("10.9.0.8 10.9.0.9"));
	want(kernel, A, exclude(""));
	assert_true(run_ip("link del box"));
	tell_gone(kernel);
	assert_true(set_sysctl("igmp_max_msf", "1"));
	new_line(e, 0);
	tell_now(kernel);
	assert_true(set_sysctl("igmp_max_msf", "10"));
	assert_int_equal(e->warnings, 1);
	assert_non_null(strstr(e->last_warning, "box: the kernel refuses " SSM ":"));
	expect_data(kernel, A, "10.9.0.1");
	assert_int_equal(group_users("box", SSM), 0);
	struct igmp_iface down = box_now();
	down.up = false;
	igmp_kernel_iface_changed(kernel, &down);
	tell_now(kernel);
	assert_string_equal(box_group_filter(SSM), "+8 +9");
	assert_string_equal(box_group_filter(SSM2), "+8 +9");
	assert_int_equal(e->warnings, 1);
	/* And what is asked for and refused later is said again. */
	const struct igmp_listen much = {ip(B), many_sources(), PORT, 0};
	assert_int_equal(igmp_kernel_listen(kernel, &much, 1), -ENOBUFS);
	assert_int_equal(e->warnings, 2);
	close_kernel(e, kernel);
}

/* Joined, and the kernel has said it as often as it does. */
static struct igmp_kernel *settled_on_a_new_line(struct edge *e)
{
	new_line(e, 0);
	struct igmp_kernel *kernel = open_kernel(e);
	want(kernel, A, exclude(""));
	wait_for(e, "TO_EX " A);
	wait_for(e, "TO_EX " A);
	return kernel;
}

/*
 * Linux says nothing when a carrier comes back, though the next switch may be another one. No leave
 * is on the line, which would have a router ask.
 */
static void says_its_groups_when_the_carrier_is_back(void **state)
{
	struct edge *e = edge_or_skip(state);
	struct igmp_kernel *kernel = settled_on_a_new_line(e);
	assert_true(line_down());
	tell_now(kernel);
	assert_true(run_ip("link set net up") && line_up());
	assert_string_equal(seen_within(e, 200), "");
	tell_now(kernel);
	assert_string_equal(seen_within(e, 1000), "TO_EX " A);
	expect_data(kernel, A, "10.9.0.1");
	close_kernel(e, kernel);
}

static void says_its_groups_under_a_new_address(void **state)
{
	struct edge *e = edge_or_skip(state);
	struct igmp_kernel *kernel = settled_on_a_new_line(e);
	assert_true(run_ip("addr flush dev box"));
	tell_now(kernel);
	assert_string_equal(seen_within(e, 200), ""); /* there is no address to say it from */
	assert_true(run_ip("addr add 10.9.0.2/24 dev box"));
	assert_string_equal(seen_within(e, 200), "");
	tell_now(kernel);
	assert_string_equal(seen_within(e, 1000), "TO_EX " A);
	expect_data(kernel, A, "10.9.0.1");
	close_kernel(e, kernel);
}

static void other_changes_are_no_reason_to_speak(void **state)
{
	struct edge *e = edge_or_skip(state);
	struct igmp_kernel *kernel = settled_on_a_new_line(e);
	struct igmp_iface other = box_now();
	other.mtu_bytes = 1400;
	igmp_kernel_iface_changed(kernel, &other);
	assert_string_equal(seen_within(e, 200), "");
	close_kernel(e, kernel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EDGE(gone_and_back_under_another_index),
		TEST_EDGE(gone_and_back_under_the_same_index),
		TEST_EDGE(another_index_without_a_word_between),
		TEST_EDGE(zaps_while_gone_are_joined_when_it_is_back),
		TEST_EDGE(what_cannot_be_joined_again_is_said_once),
		TEST_EDGE(says_its_groups_when_the_carrier_is_back),
		TEST_EDGE(says_its_groups_under_a_new_address),
		TEST_EDGE(other_changes_are_no_reason_to_speak),
	};
	return cmocka_run_group_tests_name(
		"igmp_kernel_iface", tests, edge_group_setup, edge_group_teardown);
}
