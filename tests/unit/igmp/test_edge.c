/* Both back ends of igmp/membership on a real interface, watched from the other end of the line. */
#include <errno.h>
#include <string.h>

#include "igmp/membership.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/edge.h"
#include "tests/unit/igmp/namespace.h"
#include "tests/unit/igmp/packets.h"

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
	assert_int_equal(igmp_membership_data_fd(e->m, ip(B), PORT), -1);
}

/* Not the time at which it was handed to the kernel, and not of what nobody has asked for. */
static void raw_tells_when_a_change_went_on_the_wire(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_on_box(e, IGMP_BACKEND_RAW);
	uint64_t before = uv_hrtime();
	uint64_t sent = set(e, A, exclude(""));
	assert_int_equal(e->on_wire, 1);
	assert_in_range(e->wire_ns, before, sent);
	wait_for(e, "TO_EX " A);
	wait_for(e, "TO_EX " A); /* repeated */
	assert_int_equal(e->on_wire, 1);
	assert_int_equal(zap(e, A, B, exclude("")), 0);
	assert_int_equal(e->on_wire, 2);
	assert_in_range(e->wire_ns, sent, uv_hrtime());
}

/* Its stamp could only be the one of a packet before. */
static void raw_tells_nothing_of_what_was_not_sent(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_on_box(e, IGMP_BACKEND_RAW);
	assert_true(run_ip("link set box down"));
	set(e, A, exclude(""));
	assert_int_equal(e->on_wire, 0);
	assert_true(line_up());
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

/* A loop that is held up hears no more than its socket has room for; what is lost is counted. */
static void raw_counts_what_its_socket_had_no_room_for(void **state)
{
	enum { AT_ONCE = 500, AT_MOST = 100000 };
	struct edge *e = edge_or_skip(state);
	struct igmp_counters counters = {0};
	uint64_t asked = 0, before;
	open_on_box(e, IGMP_BACKEND_RAW);
	while (counters.dropped_socket == 0 && asked < AT_MOST) {
		for (unsigned i = 0; i < AT_ONCE; i++, asked++)
			ask();
		igmp_membership_counters(e->m, &counters);
	}
	assert_true(counters.dropped_socket > 0);
	uint64_t until = uv_hrtime() + (5 * SECOND);
	do {
		uv_run(&e->loop, UV_RUN_NOWAIT);
		igmp_membership_counters(e->m, &counters);
	} while (
		counters.queries_received + counters.dropped_socket < asked && uv_hrtime() < until);
	assert_int_equal(counters.queries_received + counters.dropped_socket, asked);
	/* The kernel forgets what it has told, and a socket that is closed: the counter does not.
	 */
	before = counters.dropped_socket;
	for (unsigned i = 0; i < asked; i++)
		ask();
	new_line(e, 0);
	wait_until_said(e, "link-up");
	igmp_membership_counters(e->m, &counters);
	assert_true(counters.dropped_socket > before);
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

static void raw_logs_a_failing_send_once(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_on_box(e, IGMP_BACKEND_RAW);
	assert_true(run_ip("link set box down"));
	assert_true(set(e, A, exclude("")) == 0);
	assert_true(set(e, A, include(SOURCE)) == 0);
	assert_int_equal(e->warnings, 1);
	assert_non_null(strstr(e->last_warning, "box: cannot send an IGMP report"));
	assert_true(line_up());
	wait_for(e, "TO_IN " A " " SOURCE); /* the change that nobody has heard */
	wait_until_said(e, "link-up");
	assert_string_equal(e->all_said, "link-down link-up ");
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

static void see_said(void *ctx, const struct igmp_said *said)
{
	char *text = ctx;
	sprintf(text + strlen(text), "%s: %s\n", said->type, said->sentence);
}

/* What the host notices is logged, told, and kept for who asks later. */
static void raw_tells_what_is_noticed(void **state)
{
	struct edge *e = edge_or_skip(state);
	char text[512] = "";
	open_on_box(e, IGMP_BACKEND_RAW);
	assert_int_equal(igmp_membership_iface(e->m)->address.s_addr, ip("10.9.0.2").s_addr);
	set(e, A, include(SOURCE));
	assert_int_equal(e->said, 1);
	assert_string_equal(e->last_said, "source-outside-ssm");
	assert_memory_equal(e->last_warning, "box: " A " is joined with single", 29);
	igmp_membership_each_said(e->m, see_said, text);
	assert_memory_equal(text, "source-outside-ssm: " A " is joined", 39);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EDGE(raw_pair_has_left_when_listen_returns),
		TEST_EDGE(raw_tells_when_a_change_went_on_the_wire),
		TEST_EDGE(raw_tells_nothing_of_what_was_not_sent),
		TEST_EDGE(raw_repeats_the_pair_by_the_loops_timer),
		TEST_EDGE(raw_answers_a_general_query),
		TEST_EDGE(raw_counts_what_its_socket_had_no_room_for),
		TEST_EDGE(raw_still_listens_after_the_line_was_down),
		TEST_EDGE(raw_sends_at_once_when_the_line_is_back),
		TEST_EDGE(raw_logs_a_failing_send_once),
		TEST_EDGE(raw_sets_the_mac_filter),
		TEST_EDGE(raw_leaves_everything_at_close),
		TEST_EDGE(raw_tells_what_is_noticed),
		TEST_EDGE(auto_takes_raw_where_permitted),
		TEST_EDGE(auto_takes_the_kernel_without_cap_net_raw_and_says_so),
		TEST_EDGE(interfaces_that_cannot_do_it_are_refused),
		TEST_EDGE(loopback_is_the_kernels),
	};
	return cmocka_run_group_tests_name(
		"igmp_edge", tests, edge_group_setup, edge_group_teardown);
}
