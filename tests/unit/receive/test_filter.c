/*
 * The program is run by the kernel itself: attached to one end of a pair of Unix datagram sockets,
 * where it sees the message from its first byte on, as it does on AF_PACKET from the IP header on.
 */
#include "tests/support/test.h"

#include "client/receive/filter.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct fixture {
	int tx, rx;
	struct sock_filter code[FILTER_MAX_INSTRUCTIONS];
};

static struct receive_flow flow(const char *group, const char *source, uint16_t port)
{
	struct receive_flow f = {.port = port};
	f.group.s_addr = inet_addr(group);
	f.source.s_addr = source ? inet_addr(source) : INADDR_ANY;
	return f;
}

static int setup(void **state)
{
	static struct fixture f;
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) < 0)
		return -1;
	f.tx = pair[0];
	f.rx = pair[1];
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	close(f->tx);
	close(f->rx);
	return 0;
}

static void attach(struct fixture *f, const struct receive_flow *flows, size_t n)
{
	int len = filter_build(flows, n, 0, f->code, FILTER_MAX_INSTRUCTIONS);
	assert_true(len > 0);
	struct sock_fprog program = {.len = (unsigned short)len, .filter = f->code};
	assert_int_equal(
		setsockopt(f->rx, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)), 0);
}

struct wire {
	uint8_t bytes[64];
	size_t len;
};

static struct wire packet(const struct receive_flow *f, size_t options)
{
	struct wire w = {.len = 20 + options + 8 + 4};
	uint8_t *udp = w.bytes + 20 + options;
	w.bytes[0] = (uint8_t)(0x45 + options / 4);
	w.bytes[3] = (uint8_t)w.len;
	w.bytes[9] = 17;
	memcpy(w.bytes + 12, &f->source, 4);
	memcpy(w.bytes + 16, &f->group, 4);
	udp[0] = 0x99;
	udp[1] = 0x99;
	udp[2] = (uint8_t)(f->port >> 8);
	udp[3] = (uint8_t)f->port;
	udp[5] = 12;
	return w;
}

/* Unix sockets run the filter within send(), and say EPERM where it drops. */
static bool passes(struct fixture *f, const struct wire *w)
{
	uint8_t buffer[64];
	bool sent = send(f->tx, w->bytes, w->len, MSG_DONTWAIT) == (ssize_t)w->len;
	ssize_t n = recv(f->rx, buffer, sizeof(buffer), MSG_DONTWAIT);
	if (n > 0)
		assert_int_equal(n, w->len); /* whole, not cut */
	return sent && n > 0;
}

static bool flow_passes(struct fixture *f, const char *group, const char *source, uint16_t port)
{
	struct receive_flow wanted = flow(group, source, port);
	struct wire w = packet(&wanted, 0);
	return passes(f, &w);
}

static void nothing_passes_without_flows(void **state)
{
	attach(*state, NULL, 0);
	assert_false(flow_passes(*state, "232.1.1.1", "10.0.0.1", 5004));
}

static void a_flow_with_source_passes_alone(void **state)
{
	struct receive_flow wanted = flow("232.1.1.1", "10.0.0.1", 5004);
	attach(*state, &wanted, 1);
	assert_true(flow_passes(*state, "232.1.1.1", "10.0.0.1", 5004));
	assert_false(flow_passes(*state, "232.1.1.2", "10.0.0.1", 5004));
	assert_false(flow_passes(*state, "232.1.1.1", "10.0.0.2", 5004));
	assert_false(flow_passes(*state, "232.1.1.1", "10.0.0.1", 5005));
}

static void any_source_passes_where_none_is_asked_for(void **state)
{
	struct receive_flow wanted = flow("239.1.1.1", NULL, 5004);
	attach(*state, &wanted, 1);
	assert_true(flow_passes(*state, "239.1.1.1", "10.0.0.1", 5004));
	assert_true(flow_passes(*state, "239.1.1.1", "192.168.7.9", 5004));
	assert_false(flow_passes(*state, "239.1.1.1", "10.0.0.1", 5005));
	assert_false(flow_passes(*state, "239.1.1.2", "10.0.0.1", 5004));
}

static void the_port_is_found_behind_options(void **state)
{
	struct receive_flow wanted = flow("232.1.1.1", "10.0.0.1", 5004);
	attach(*state, &wanted, 1);
	struct wire w = packet(&wanted, 4);
	assert_true(passes(*state, &w));
	wanted.port = 5005;
	w = packet(&wanted, 4);
	assert_false(passes(*state, &w));
}

static void other_protocols_and_later_fragments_are_dropped(void **state)
{
	struct receive_flow wanted = flow("232.1.1.1", "10.0.0.1", 5004);
	attach(*state, &wanted, 1);
	struct wire w = packet(&wanted, 0);
	w.bytes[9] = 6;
	assert_false(passes(*state, &w));
	w = packet(&wanted, 0);
	w.bytes[0] = 0x65;
	assert_false(passes(*state, &w));
	w = packet(&wanted, 0);
	w.bytes[7] = 1;
	assert_false(passes(*state, &w));
	w = packet(&wanted, 0);
	w.bytes[6] = 0x10;
	assert_false(passes(*state, &w));
	w = packet(&wanted, 0);
	w.len = 20; /* no UDP header at all */
	assert_false(passes(*state, &w));
	/* The first fragment is let through to be counted. */
	w = packet(&wanted, 0);
	w.bytes[6] = 0x20;
	assert_true(passes(*state, &w));
}

static void five_hundred_flows_pass_and_no_other(void **state)
{
	enum { N = 500 };
	struct receive_flow flows[N];
	for (uint32_t i = 0; i < N; i++) {
		flows[i] = flow("232.0.0.0", i % 2 ? "10.0.0.1" : NULL, (uint16_t)(5000 + i));
		flows[i].group.s_addr |= htonl(i + 1);
	}
	attach(*state, flows, N);
	for (uint32_t i = 0; i < N; i++) {
		struct receive_flow sent = flows[i];
		sent.source.s_addr = inet_addr("10.0.0.1");
		struct wire w = packet(&sent, 0);
		assert_true(passes(*state, &w));
		sent.port++;
		w = packet(&sent, 0);
		assert_false(passes(*state, &w));
	}
}

static void a_program_that_does_not_fit_is_refused(void **state)
{
	struct fixture *f = *state;
	struct receive_flow wanted = flow("232.1.1.1", "10.0.0.1", 5004);
	int len = filter_build(&wanted, 1, 0, f->code, FILTER_MAX_INSTRUCTIONS);
	assert_true(len > 0);
	assert_int_equal(filter_build(&wanted, 1, 0, f->code, (size_t)len - 1), -E2BIG);
	assert_int_equal(filter_build(&wanted, 1, 0, f->code, (size_t)len), len);
	assert_int_equal(filter_build(NULL, 0, 0, f->code, 0), -E2BIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_passes_without_flows, setup, teardown),
		cmocka_unit_test_setup_teardown(a_flow_with_source_passes_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(
			any_source_passes_where_none_is_asked_for, setup, teardown),
		cmocka_unit_test_setup_teardown(the_port_is_found_behind_options, setup, teardown),
		cmocka_unit_test_setup_teardown(
			other_protocols_and_later_fragments_are_dropped, setup, teardown),
		cmocka_unit_test_setup_teardown(
			five_hundred_flows_pass_and_no_other, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_program_that_does_not_fit_is_refused, setup, teardown),
	};
	return cmocka_run_group_tests_name("receive_filter", tests, NULL, NULL);
}
