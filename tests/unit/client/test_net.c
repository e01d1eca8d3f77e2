/* app/net on a real interface: what arrives while the channel changes, packet by packet. */
#include <string.h>
#include <uv.h>

#include "client/iface.h"
#include "client/app/net.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/edge.h"
#include "tests/unit/igmp/namespace.h"
#include "tests/unit/igmp/packets.h"

/* The line-up; REFUSED is in 232/8, without a source. */
enum { CHANNEL_A, CHANNEL_B, REFUSED, CHANNELS };

struct fixture {
	const char *no_namespace; /* why every test is skipped */
	uv_loop_t loop;
	struct channel_source sources[CHANNELS];
	struct channel rows[CHANNELS];
	struct channel_list channels;
	struct net *net;
	unsigned packets[4];   /* of each zap */
	unsigned errors;       /* in the log */
	uint64_t report_ns[4]; /* of each zap */
	uint64_t wire_ns;      /* of the last packet that the kernel has told the time of */
	uint64_t gap_ns;       /* between leave and join */
};

static void on_event(void *ctx, const struct zap_event *event)
{
	struct fixture *f = ctx;
	if (event->type == ZAP_EVENT_PACKETS)
		f->packets[event->n]++;
	if (event->type == ZAP_EVENT_MILESTONE && event->milestone == ZAP_REPORT)
		f->report_ns[event->n] = event->at_ns;
}

static void on_unit(void *ctx, uint64_t n, const struct stream_unit *unit)
{
	(void)ctx;
	(void)n;
	g_bytes_unref(unit->data);
}

static void on_codecs(void *ctx, uint64_t n, enum stream_codec video, enum stream_codec audio)
{
	(void)ctx;
	(void)n;
	(void)video;
	(void)audio;
}

static void on_scrambled(void *ctx, uint64_t n, bool scrambled)
{
	(void)ctx;
	(void)n;
	(void)scrambled;
}

static void on_misled(void *ctx, uint64_t n)
{
	(void)ctx;
	(void)n;
}

static void on_no_programme(void *ctx, uint64_t n, uint16_t number)
{
	(void)ctx;
	(void)n;
	(void)number;
}

static void recall_nothing(void *ctx, int channel, struct net_recalled *ret)
{
	(void)ctx;
	(void)channel;
	(void)ret;
}

static void on_noticed(void *ctx, const struct igmp_said *said)
{
	(void)ctx;
	(void)said;
}

static void on_stamped(void *ctx, uint64_t wire_ns)
{
	struct fixture *f = ctx;
	f->wire_ns = wire_ns;
}

static void on_log(void *ctx, enum igmp_log_level level, const char *sentence)
{
	struct fixture *f = ctx;
	(void)sentence;
	f->errors += level == IGMP_LOG_ERROR;
}

static void make_lineup(struct fixture *f)
{
	static const char *const groups[CHANNELS] = {A, B, SSM};
	for (int i = 0; i < CHANNELS; i++) {
		f->sources[i].address =
			(struct channel_address){.group = ip(groups[i]), .port = PORT};
		f->rows[i] = (struct channel){.sources = &f->sources[i], .source_count = 1};
	}
	f->channels = (struct channel_list){.count = CHANNELS, .channels = f->rows};
}

static int group_setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	f->no_namespace = namespace_enter();
	make_lineup(f);
	*state = f;
	return 0;
}

static int group_teardown(void **state)
{
	g_free(*state);
	return 0;
}

static int setup(void **state)
{
	struct fixture *f = *state;
	memset(f->packets, 0, sizeof f->packets);
	memset(f->report_ns, 0, sizeof f->report_ns);
	f->gap_ns = f->wire_ns = 0;
	f->errors = 0;
	f->net = NULL;
	return uv_loop_init(&f->loop);
}

/* Nothing is left on the loop: each handle was closed. */
static int teardown(void **state)
{
	struct fixture *f = *state;
	net_close(f->net);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	return uv_loop_close(&f->loop);
}

#define TAKE_FIXTURE(f, state)                                                                     \
	struct fixture *f = *(state);                                                              \
	if (f->no_namespace)                                                                       \
	skip_because(f->no_namespace)

static void open_net(struct fixture *f, enum igmp_backend backend)
{
	static const char *const no_languages[] = {NULL};
	const struct net_options options = {.iface = "box",
		.backend = backend,
		.host = {.pair = f->gap_ns ? IGMP_PAIR_GAP : IGMP_PAIR_ONE,
			.pair_gap_ns = f->gap_ns},
		.channels = &f->channels,
		.languages = no_languages,
		.recall = recall_nothing,
		.log = on_log,
		.log_ctx = f};
	const struct net_listener listener = {on_event, on_unit, on_codecs, on_scrambled, on_misled,
		on_no_programme, on_noticed, on_stamped, f};
	assert_int_equal(net_open(&f->loop, &options, &listener, &f->net), 0);
}

static int change(struct fixture *f, int to)
{
	return net_change(f->net, to, NULL, 0, NULL);
}

static int receive(struct fixture *f, uint64_t n, int channel)
{
	enum ring_state state;
	return net_receive(f->net, n, channel, uv_hrtime(), &state);
}

static void send_to(const char *group, unsigned times)
{
	while (times-- > 0)
		inject_data(group, SOURCE, PORT);
}

static void wait_for_packets(struct fixture *f, unsigned n, unsigned count)
{
	uint64_t until = uv_hrtime() + (5 * SECOND);
	while (f->packets[n] < count) {
		assert_true(uv_hrtime() < until);
		uv_run(&f->loop, UV_RUN_NOWAIT);
	}
	assert_int_equal(f->packets[n], count);
}

static uint64_t dropped_flow(const struct fixture *f)
{
	struct receive_socket_counters socket;
	net_counters(f->net, &socket);
	return socket.dropped_flow;
}

static void watch(struct fixture *f, enum igmp_backend backend)
{
	open_net(f, backend);
	assert_int_equal(change(f, CHANNEL_A), 0);
	assert_int_equal(receive(f, 1, CHANNEL_A), 0);
	send_to(A, 1);
	wait_for_packets(f, 1, 1);
}

/*
 * From the moment of the zap: of what was queued before, of what comes before anybody asks for the
 * new channel's packets, and of what comes later nothing is handed on. Of the new channel nothing
 * is lost.
 */
static void zap_among_packets(struct fixture *f, enum igmp_backend backend)
{
	watch(f, backend);
	send_to(A, 3);
	assert_int_equal(change(f, CHANNEL_B), 0);
	send_to(A, 5);
	send_to(B, 1);
	assert_int_equal(receive(f, 2, CHANNEL_B), 0);
	send_to(A, 7);
	send_to(B, 1);
	wait_for_packets(f, 2, 2);
	net_read(f->net);
	assert_int_equal(f->packets[1], 1);
	assert_int_equal(f->packets[2], 2);
}

/* What the filter drops is never queued: there are but the three from before the zap. */
static void raw_drops_a_left_groups_data_at_once(void **state)
{
	TAKE_FIXTURE(f, state);
	zap_among_packets(f, IGMP_BACKEND_RAW);
	assert_int_equal(dropped_flow(f), 3);
}

static void kernel_drops_a_left_groups_data_at_once(void **state)
{
	TAKE_FIXTURE(f, state);
	zap_among_packets(f, IGMP_BACKEND_KERNEL);
}

/* Even if somebody looks for packets before the new channel's are asked for. */
static void read_within_the_zap(struct fixture *f, enum igmp_backend backend)
{
	watch(f, backend);
	send_to(A, 3);
	assert_int_equal(change(f, CHANNEL_B), 0);
	send_to(A, 5);
	net_read(f->net);
	uv_run(&f->loop, UV_RUN_NOWAIT);
	assert_int_equal(f->packets[1], 1);
}

static void raw_hands_on_nothing_that_is_read_within_the_zap(void **state)
{
	TAKE_FIXTURE(f, state);
	read_within_the_zap(f, IGMP_BACKEND_RAW);
	assert_int_equal(dropped_flow(f), 3);
}

static void kernel_hands_on_nothing_that_is_read_within_the_zap(void **state)
{
	TAKE_FIXTURE(f, state);
	read_within_the_zap(f, IGMP_BACKEND_KERNEL);
}

static void nothing_comes_when_everything_was_left(void **state)
{
	TAKE_FIXTURE(f, state);
	watch(f, IGMP_BACKEND_RAW);
	assert_int_equal(change(f, ZAP_NO_CHANNEL), 0);
	send_to(A, 3);
	assert_int_equal(receive(f, 2, ZAP_NO_CHANNEL), 0);
	send_to(A, 3);
	net_read(f->net);
	assert_int_equal(f->packets[1] + f->packets[2], 1);
	assert_int_equal(dropped_flow(f), 0);
}

/* 232/8 without a source is refused, and what was left is not received on. */
static void a_refused_channel_leaves_nothing_behind(void **state)
{
	TAKE_FIXTURE(f, state);
	watch(f, IGMP_BACKEND_RAW);
	assert_true(change(f, REFUSED) < 0);
	send_to(A, 3);
	net_read(f->net);
	assert_int_equal(f->packets[1], 1);
	assert_int_equal(dropped_flow(f), 0);
}

/* Begun anew, without a change of membership: the packets go to the new zap. */
static void receiving_anew_goes_on_with_what_is_joined(void **state)
{
	TAKE_FIXTURE(f, state);
	watch(f, IGMP_BACKEND_RAW);
	assert_int_equal(receive(f, 2, CHANNEL_A), 0);
	send_to(A, 2);
	wait_for_packets(f, 2, 2);
}

/* The zap's report is the join's: one that is held back is told of when it has left. */
static void a_held_join_is_the_zaps_report(void **state)
{
	TAKE_FIXTURE(f, state);
	uint64_t until = uv_hrtime() + 5 * SECOND, sent_ns = 1;
	f->gap_ns = 50 * MS;
	watch(f, IGMP_BACKEND_RAW);
	uint64_t before_ns = uv_hrtime();
	assert_int_equal(net_change(f->net, CHANNEL_B, NULL, 0, &sent_ns), 0);
	assert_true(sent_ns == 0);
	assert_int_equal(receive(f, 2, CHANNEL_B), 0);
	while (f->report_ns[2] == 0 && uv_hrtime() < until)
		uv_run(&f->loop, UV_RUN_NOWAIT);
	assert_in_range(f->report_ns[2], before_ns + 50 * MS, uv_hrtime());
	assert_in_range(f->wire_ns, before_ns + 50 * MS, f->report_ns[2]);
	assert_true(f->report_ns[1] == 0);
}

/* A channel that is joined ahead has a report of its own: no zap waited for it. */
static void what_is_held_ahead_is_no_zaps_report(void **state)
{
	TAKE_FIXTURE(f, state);
	const int ahead[] = {CHANNEL_B};
	watch(f, IGMP_BACKEND_RAW);
	assert_true(f->wire_ns > 0);
	f->wire_ns = 0;
	assert_int_equal(net_hold(f->net, ahead, 1, &(bool){false}), 1);
	uv_run(&f->loop, UV_RUN_NOWAIT);
	assert_true(f->wire_ns == 0);
	assert_true(f->report_ns[1] == 0);
	assert_int_equal(change(f, ZAP_NO_CHANNEL), 0);
	assert_true(f->wire_ns > 0);
}

/* The interface goes away and comes back; there is a socket for IGMP then, but none for data. */
static void come_back_without_a_data_socket(struct fixture *f)
{
	uint64_t until = uv_hrtime() + 5 * SECOND;
	watch(f, IGMP_BACKEND_RAW);
	assert_true(run_ip("link del box"));
	while (igmp_membership_iface(net_membership(f->net))->index != 0 && uv_hrtime() < until)
		uv_run(&f->loop, UV_RUN_NOWAIT);
	assert_true(line_new(0));
	struct rlimit before = allow_descriptors(1);
	while (f->errors == 0 && uv_hrtime() < until)
		uv_run(&f->loop, UV_RUN_NOWAIT);
	setrlimit(RLIMIT_NOFILE, &before);
	assert_int_equal(f->errors, 1);
}

static void raw_tries_again_until_it_has_a_data_socket(void **state)
{
	TAKE_FIXTURE(f, state);
	come_back_without_a_data_socket(f);
	uint64_t until = uv_hrtime() + 5 * SECOND;
	while (f->packets[1] == 1 && uv_hrtime() < until) {
		send_to(A, 1);
		uv_run(&f->loop, UV_RUN_NOWAIT);
	}
	assert_true(f->packets[1] > 1);
	assert_int_equal(f->errors, 1);
}

static void raw_tries_for_a_data_socket_at_each_zap(void **state)
{
	TAKE_FIXTURE(f, state);
	come_back_without_a_data_socket(f);
	assert_int_equal(change(f, CHANNEL_B), 0);
	assert_int_equal(receive(f, 2, CHANNEL_B), 0);
	send_to(B, 1);
	wait_for_packets(f, 2, 1);
}

/* What the kernel calls it: events, files of /proc and settings know no other name. */
static void an_interface_has_one_name(void **state)
{
	TAKE_FIXTURE(f, state);
	assert_true(run_ip("addr flush dev box"));
	assert_null(iface_choose(NULL));
	assert_true(run_ip("addr add 10.9.0.2/24 dev box label boxtv"));
	static const char *const names[] = {NULL, "", "box", "box:tv"};
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *name = iface_choose(names[i]);
		assert_string_equal(name, "box");
	}
	g_autofree char *missing = iface_choose("nope0");
	assert_string_equal(missing, "nope0"); /* what the sentence about it names */
	assert_true(run_ip("addr flush dev box") && run_ip("addr add 10.9.0.2/24 dev box"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_held_join_is_the_zaps_report),
		TEST(what_is_held_ahead_is_no_zaps_report),
		TEST(raw_tries_again_until_it_has_a_data_socket),
		TEST(raw_tries_for_a_data_socket_at_each_zap),
		TEST(an_interface_has_one_name),
		TEST(raw_drops_a_left_groups_data_at_once),
		TEST(kernel_drops_a_left_groups_data_at_once),
		TEST(raw_hands_on_nothing_that_is_read_within_the_zap),
		TEST(kernel_hands_on_nothing_that_is_read_within_the_zap),
		TEST(nothing_comes_when_everything_was_left),
		TEST(a_refused_channel_leaves_nothing_behind),
		TEST(receiving_anew_goes_on_with_what_is_joined),
	};
	return cmocka_run_group_tests_name("client_net", tests, group_setup, group_teardown);
}
