/* What a line is called, what is said when it cannot be used, and when a report has left by it. */
#include <string.h>
#include <sys/resource.h>

#include "tests/support/test.h"
#include "tests/unit/igmp/edge.h"
#include "tests/unit/igmp/namespace.h"
#include "tests/unit/igmp/packets.h"

/* The interface's own name and address are taken, and it is still there when rtnetlink has spoken.
 */
static void expect_box_as(struct edge *e, const char *name, const char *address)
{
	assert_int_equal(try_open(e, name, IGMP_BACKEND_RAW), 0);
	const struct igmp_iface *iface = igmp_membership_iface(e->m);
	assert_string_equal(iface->name, "box");
	assert_int_equal(iface->address.s_addr, ip(address).s_addr);
	assert_true(run_ip("link set box mtu 1400"));
	wait_until_said(e, "mtu-changed");
	assert_string_equal(e->all_said, "mtu-changed ");
	assert_true(run_ip("link set box mtu 1500"));
	join(e, A);
	assert_int_equal(e->seen_from.s_addr, ip(address).s_addr);
}

static void an_interface_may_be_called_by_its_other_name(void **state)
{
	struct edge *e = edge_or_skip(state);
	if (!run_ip("link property add dev box altname tvnet"))
		skip_because("this kernel knows no alternative names");
	expect_box_as(e, "tvnet", "10.9.0.2");
	assert_true(run_ip("link property del dev box altname tvnet"));
}

/* Labels are the addresses', whatever they look like. */
static void an_interface_may_be_called_by_an_addresss_label(void **state)
{
	struct edge *e = edge_or_skip(state);
	assert_true(run_ip("addr flush dev box"));
	assert_true(run_ip("addr add 10.9.7.2/24 dev box label boxtv"));
	assert_true(run_ip("addr add 10.9.0.2/24 dev box label box:tv"));
	expect_box_as(e, "box:tv", "10.9.7.2");
	assert_true(run_ip("addr flush dev box") && run_ip("addr add 10.9.0.2/24 dev box"));
}

/* Away and back under its name, and no socket can be had then. Returns the limit as it was. */
static struct rlimit come_back_without_a_socket(struct edge *e)
{
	open_joined(e);
	assert_true(run_ip("link set box down") && run_ip("link set box name away"));
	wait_until_said(e, "interface-gone");
	assert_true(run_ip("link set away name box") && line_up());
	struct rlimit before = allow_descriptors(0);
	wait_until_said(e, "no-socket");
	assert_string_equal(e->all_said, "interface-gone interface-back link-up no-socket ");
	assert_int_equal(e->warnings, 2);
	assert_non_null(strstr(e->last_warning, "box: "));
	assert_non_null(strstr(e->last_warning, "Too many open files"));
	return before;
}

static void see_sentence(void *ctx, const struct igmp_said *said)
{
	if (!strcmp(said->type, "link-up"))
		snprintf(ctx, 128, "%s", said->sentence);
}

static void raw_tries_again_until_it_has_a_socket(void **state)
{
	struct edge *e = edge_or_skip(state);
	char sentence[128] = "";
	struct rlimit before = come_back_without_a_socket(e);
	igmp_membership_each_said(e->m, see_sentence, sentence);
	setrlimit(RLIMIT_NOFILE, &before);
	assert_string_equal(sentence, "the line is up"); /* nothing was said anew */
	expect_announcement(e, "TO_EX " A);
	assert_string_equal(
		e->all_said, "interface-gone interface-back link-up no-socket socket-back ");
	assert_int_equal(e->warnings, 2);
}

static void raw_tries_for_a_socket_at_each_zap(void **state)
{
	struct edge *e = edge_or_skip(state);
	struct rlimit before = come_back_without_a_socket(e);
	bool sent_without = set(e, B, exclude("")) != 0;
	setrlimit(RLIMIT_NOFILE, &before);
	assert_false(sent_without);
	assert_true(set(e, SSM, include(SOURCE)) != 0);
	assert_string_equal(
		seen_within(e, 1000), "TO_EX " A "; TO_EX " B "; ALLOW " SSM " " SOURCE);
	assert_string_equal(e->last_said, "socket-back");
	assert_int_equal(e->warnings, 2);
}

/* What is gone is not tried for: it is said to be gone, and no more. */
static void raw_wants_no_socket_of_an_interface_that_is_gone(void **state)
{
	struct edge *e = edge_or_skip(state);
	struct rlimit before = come_back_without_a_socket(e);
	setrlimit(RLIMIT_NOFILE, &before);
	assert_true(run_ip("link set box down") && run_ip("link set box name away"));
	wait_until_said(e, "interface-gone");
	assert_true(run_ip("link set away name box") && line_up());
	expect_announcement(e, "TO_EX " A);
	assert_null(strstr(e->all_said, "socket-back"));
}

/* Leaves A and joins B. When that had left as the call returned, 0 where not. */
static uint64_t zap_to_b(struct edge *e)
{
	uint64_t sent_ns = 1;
	const struct igmp_listen requests[] = {
		{ip(B), exclude(""), PORT, 0}, {ip(A), include(""), PORT, 0}};
	assert_int_equal(igmp_membership_listen(e->m, requests, 2, &sent_ns), 0);
	return sent_ns;
}

/* With a gap in between the report is the join's, not the leave's before it. */
static void raw_tells_when_a_join_left_after_a_gap(void **state)
{
	struct edge *e = edge_or_skip(state);
	e->settings.pair = IGMP_PAIR_GAP;
	e->settings.pair_gap_ns = 50 * MS;
	open_joined(e);
	assert_int_equal(e->sent, 0);
	assert_int_equal(e->on_wire, 1);
	uint64_t before_ns = uv_hrtime();
	assert_true(zap_to_b(e) == 0);
	assert_string_equal(seen_within(e, 1000), "TO_IN " A);
	assert_int_equal(e->on_wire, 1);
	wait_for(e, "TO_EX " B);
	assert_int_equal(e->sent, 1);
	assert_int_equal(e->on_wire, 2);
	assert_in_range(e->sent_ns, before_ns + 50 * MS, uv_hrtime());
	assert_in_range(e->wire_ns, before_ns + 50 * MS, e->sent_ns);
	wait_for(e, "TO_EX " B); /* the repeat is none */
	assert_int_equal(e->sent, 1);
	assert_int_equal(e->on_wire, 2);
}

/* The join that was held back is given up: nobody waits for it any more. */
static void raw_tells_nothing_of_a_join_that_never_left(void **state)
{
	struct edge *e = edge_or_skip(state);
	e->settings.pair = IGMP_PAIR_GAP;
	e->settings.pair_gap_ns = 50 * MS;
	open_joined(e);
	assert_true(zap_to_b(e) == 0);
	assert_true(set(e, B, include("")) == 0);
	wait_for(e, "TO_IN " A);
	wait_for(e, "TO_IN " A);
	assert_int_equal(e->sent, 0);
}

static void raw_tells_when_a_report_left_that_had_no_line(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_joined(e);
	assert_true(run_ip("link set box down"));
	wait_until_said(e, "link-down");
	assert_true(zap_to_b(e) == 0);
	assert_int_equal(e->sent, 0);
	assert_true(line_up());
	expect_announcement(e, "TO_IN " A "; TO_EX " B);
	assert_int_equal(e->sent, 1);
}

static void raw_tells_when_a_report_left_that_could_not_be_sent(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_joined(e);
	/* Of this the loop hears later: the send is tried, and fails. */
	assert_true(run_ip("link set box down"));
	assert_true(zap_to_b(e) == 0);
	assert_true(line_up());
	wait_until_said(e, "link-up");
	assert_int_equal(e->sent, 1);
}

static void kernel_says_it_anew_when_multicast_is_back(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_on_box(e, IGMP_BACKEND_KERNEL);
	set(e, A, exclude(""));
	wait_for(e, "TO_EX " A);
	assert_true(run_ip("link set box multicast off"));
	wait_until_said(e, "multicast-off");
	while (*seen_within(e, 300)) /* the kernel's own repeats */
		continue;
	assert_true(run_ip("link set box multicast on"));
	wait_for(e, "TO_EX " A);
	/* The report may have been seen before that. */
	wait_until_said(e, "multicast-on");
	assert_string_equal(e->all_said, "multicast-off multicast-on ");
}

/* A general query that comes before there is anybody to hear it but the system. */
static void a_v2_router_asks(void)
{
	static const uint8_t all_hosts[] = {0x01, 0x00, 0x5e, 0x00, 0x00, 0x01};
	uint8_t packet[1500];
	struct query query = query_defaults();
	query.igmp_bytes = 8;
	inject(all_hosts, packet, query_build(&query, packet));
}

static unsigned system_version(void)
{
	struct igmp_iface iface;
	assert_int_equal(igmp_iface_lookup("box", &iface), 0);
	return igmp_iface_system_version(&iface);
}

/* Else an older router would hear nothing that it understands until it asks again. */
static void raw_begins_in_the_version_that_the_system_heard(void **state)
{
	struct edge *e = edge_or_skip(state);
	struct igmp_querier querier;
	assert_int_equal(system_version(), 3);
	a_v2_router_asks();
	uint64_t until = uv_hrtime() + 5 * SECOND;
	while (system_version() != 2)
		assert_true(uv_hrtime() < until);
	open_on_box(e, IGMP_BACKEND_RAW);
	igmp_membership_querier(e->m, &querier);
	assert_int_equal(querier.host_version, 2);
	new_line(e, 0); /* the next test's system has heard nothing */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EDGE(an_interface_may_be_called_by_its_other_name),
		TEST_EDGE(an_interface_may_be_called_by_an_addresss_label),
		TEST_EDGE(raw_tries_again_until_it_has_a_socket),
		TEST_EDGE(raw_tries_for_a_socket_at_each_zap),
		TEST_EDGE(raw_wants_no_socket_of_an_interface_that_is_gone),
		TEST_EDGE(raw_tells_when_a_join_left_after_a_gap),
		TEST_EDGE(raw_tells_nothing_of_a_join_that_never_left),
		TEST_EDGE(raw_tells_when_a_report_left_that_had_no_line),
		TEST_EDGE(raw_tells_when_a_report_left_that_could_not_be_sent),
		TEST_EDGE(kernel_says_it_anew_when_multicast_is_back),
		TEST_EDGE(raw_begins_in_the_version_that_the_system_heard),
	};
	return cmocka_run_group_tests_name(
		"igmp_line", tests, edge_group_setup, edge_group_teardown);
}
