/* Channels watched and held ahead, over real sockets on the loopback interface. */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "client/app/net.h"
#include "tests/support/test.h"
#include "tests/unit/client/air.h"

enum { CHANNELS = 5, GOP = AIR_GOP };
/* The line-up: three on one group (two of them on one port), one apart, one that cannot be joined.
 */
enum { FIRST, OTHER_PORT, FROM_SOURCE, APART, IMPOSSIBLE };

struct fixture {
	uv_loop_t loop;
	struct channel_address addresses[CHANNELS];
	struct channel rows[CHANNELS];
	struct channel_list channels;
	struct net *net;
	int sender;
	struct air air[CHANNELS];
	/* Of the zap at hand. */
	uint64_t n, units[2], raps;
	bool began_with_key;
	bool complete;	  /* ZAP_RAP_COMPLETE came */
	uint64_t gop_ns;  /* the longest */
	uint16_t missing; /* the programme that is not in its stream */
};

static void on_event(void *ctx, const struct zap_event *event)
{
	struct fixture *f = ctx;
	assert_int_equal(event->n, f->n);
	if (event->type == ZAP_EVENT_MILESTONE && event->milestone == ZAP_RAP)
		f->raps++;
	if (event->type == ZAP_EVENT_MILESTONE && event->milestone == ZAP_RAP_COMPLETE)
		f->complete = true;
	if (event->type == ZAP_EVENT_GOP)
		f->gop_ns = MAX(f->gop_ns, event->span_ns);
}

static void on_unit(void *ctx, uint64_t n, const struct stream_unit *unit)
{
	struct fixture *f = ctx;
	assert_int_equal(n, f->n);
	if (unit->kind == STREAM_VIDEO && !f->units[STREAM_VIDEO])
		f->began_with_key = unit->key;
	f->units[unit->kind]++;
	g_bytes_unref(unit->data);
}

static void on_codecs(void *ctx, uint64_t n, enum stream_codec video, enum stream_codec audio)
{
	(void)ctx, (void)n;
	assert_int_equal(video, STREAM_CODEC_H264);
	assert_int_equal(audio, STREAM_CODEC_AAC);
}

static void on_scrambled(void *ctx, uint64_t n, bool scrambled)
{
	(void)ctx, (void)n, (void)scrambled;
	fail_msg("nothing is scrambled here");
}

static void on_misled(void *ctx, uint64_t n)
{
	(void)ctx, (void)n;
	fail_msg("nothing is recalled here");
}

static void on_no_programme(void *ctx, uint64_t n, uint16_t number)
{
	struct fixture *f = ctx;
	assert_int_equal(n, f->n);
	f->missing = number;
}

static void on_noticed(void *ctx, const struct igmp_said *said)
{
	(void)ctx, (void)said;
}

static void on_stamped(void *ctx, uint64_t wire_ns)
{
	(void)ctx, (void)wire_ns;
}

static void make_lineup(struct fixture *f)
{
	int port = air_port();
	f->addresses[FIRST] = air_address("239.255.77.1", NULL, port);
	f->addresses[OTHER_PORT] = air_address("239.255.77.1", NULL, port + 1);
	f->addresses[FROM_SOURCE] = air_address("239.255.77.1", "127.0.0.1", port);
	f->addresses[APART] = air_address("239.255.77.2", NULL, port);
	f->addresses[IMPOSSIBLE] = air_address("232.255.77.3", NULL, port);
	for (int i = 0; i < CHANNELS; i++)
		air_init(&f->air[i], (uint32_t)i);
	air_make_lineup(f->rows, f->addresses, CHANNELS);
	f->channels = (struct channel_list){CHANNELS, f->rows};
}

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	make_lineup(f);
	f->sender = air_open_sender();
	uv_loop_init(&f->loop);
	const struct net_options options = air_net_options(&f->channels);
	const struct net_listener listener = {on_event, on_unit, on_codecs, on_scrambled, on_misled,
		on_no_programme, on_noticed, on_stamped, f};
	*state = f;
	return net_open(&f->loop, &options, &listener, &f->net);
}

/* Nothing is left on the loop: each handle was closed. */
static int teardown(void **state)
{
	struct fixture *f = *state;
	net_close(f->net);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	int left = uv_loop_close(&f->loop);
	close(f->sender);
	for (int i = 0; i < CHANNELS; i++)
		air_clear(&f->air[i]);
	g_free(f);
	return left;
}

static void turn(struct fixture *f)
{
	uv_run(&f->loop, UV_RUN_NOWAIT);
	net_read(f->net);
}

/* Sends so many pictures of the channel, and reads them. */
static void send_frames(struct fixture *f, int channel, unsigned frames)
{
	for (unsigned i = 0; i < frames; i++) {
		air_send_frame(&f->air[channel], f->sender, &f->addresses[channel]);
		g_usleep(AIR_FRAME_US);
		turn(f);
	}
}

static enum ring_state watch(
	struct fixture *f, int channel, const int *ahead, size_t n, int *ret_error)
{
	uint64_t sent_ns, pressed_ns = uv_hrtime();
	enum ring_state state;
	*ret_error = net_change(f->net, channel, ahead, n, &sent_ns);
	f->n++;
	memset(f->units, 0, sizeof f->units);
	f->raps = 0;
	f->missing = 0;
	f->complete = f->began_with_key = false;
	assert_int_equal(net_receive(f->net, f->n, channel, pressed_ns, &state), 0);
	net_deliver(f->net);
	return state;
}

static enum ring_state watch_well(struct fixture *f, int channel, const int *ahead, size_t n)
{
	int error;
	enum ring_state state = watch(f, channel, ahead, n, &error);
	assert_int_equal(error, 0);
	return state;
}

static enum ring_state ring_of(struct fixture *f, int channel)
{
	const struct ring *ring = net_ring(f->net, channel);
	return ring ? ring_state(ring) : RING_COLD;
}

static size_t hold(struct fixture *f, const int *channels, size_t n)
{
	bool full;
	size_t held = net_hold(f->net, channels, n, &full);
	assert_false(full);
	return held;
}

static void count_group(void *ctx, const struct igmp_membership_group *group)
{
	(void)group;
	++*(size_t *)ctx;
}

static size_t count_groups(struct fixture *f)
{
	size_t n = 0;
	igmp_membership_each(net_membership(f->net), count_group, &n);
	return n;
}

static void test_what_is_held_ahead_is_warm_and_needs_no_report(void **state)
{
	struct fixture *f = *state;
	const int ahead[] = {APART};
	uint64_t sent_ns;
	assert_int_equal(watch_well(f, FIRST, NULL, 0), RING_COLD);
	assert_int_equal(hold(f, ahead, 1), 1);
	assert_int_equal(count_groups(f), 2);
	send_frames(f, FIRST, GOP + 2);
	send_frames(f, APART, GOP + 5);
	assert_true(f->units[STREAM_VIDEO] >= GOP);
	assert_int_equal(f->raps, 1);
	assert_int_equal(ring_of(f, APART), RING_WARM);

	assert_int_equal(net_change(f->net, APART, NULL, 0, &sent_ns), 0);
	assert_int_equal(sent_ns, 0);
	assert_int_equal(count_groups(f), 2); /* what is left waits for the next report */
	assert_int_equal(watch_well(f, APART, NULL, 0), RING_WARM);
	assert_true(f->complete);
	assert_true(f->began_with_key);
	assert_int_equal(f->raps, 1);
	uint64_t burst = f->units[STREAM_VIDEO];
	assert_true(burst >= 4 && burst < GOP);
	send_frames(f, APART, 3);
	assert_true(f->units[STREAM_VIDEO] >= burst + 2);
	assert_int_equal(f->raps, 1); /* it goes on without a gap */
	hold(f, NULL, 0);
	assert_int_equal(count_groups(f), 1);
}

static void test_a_zap_elsewhere_leaves_what_is_not_kept(void **state)
{
	struct fixture *f = *state;
	const int ahead[] = {OTHER_PORT, FROM_SOURCE};
	watch_well(f, FIRST, NULL, 0);
	hold(f, ahead, 2);
	const int kept[] = {OTHER_PORT, IMPOSSIBLE};
	assert_int_equal(watch_well(f, APART, kept, 2), RING_COLD);
	size_t n;
	const int *received = net_received(f->net, &n);
	assert_int_equal(n, 2); /* IMPOSSIBLE was not joined: a zap joins nothing ahead */
	assert_int_equal(received[0], APART);
	assert_int_equal(received[1], OTHER_PORT);
	assert_null(net_ring(f->net, FIRST));
	assert_non_null(net_ring(f->net, OTHER_PORT));
}

/* On one address: which programme is the channel, the line-up says; none takes another's place. */
static void test_channels_may_be_programmes_of_one_stream(void **state)
{
	struct fixture *f = *state;
	enum { WANTED = 7 };
	f->addresses[APART] = f->addresses[FIRST];
	f->addresses[FIRST].programme = WANTED;
	f->addresses[APART].programme = WANTED + 1;
	f->air[FIRST].w.programme = WANTED;
	const int ahead[] = {APART};
	watch_well(f, FIRST, NULL, 0);
	hold(f, ahead, 1);
	assert_int_equal(count_groups(f), 1);
	send_frames(f, FIRST, GOP + 2);
	assert_true(f->units[STREAM_VIDEO] >= GOP);
	assert_int_equal(f->missing, 0);

	assert_int_equal(watch_well(f, APART, NULL, 0), RING_COLD);
	send_frames(f, FIRST, GOP + 2);
	assert_int_equal(f->missing, WANTED + 1);
	assert_int_equal(f->units[STREAM_VIDEO] + f->units[STREAM_AUDIO], 0);
	f->air[FIRST].w.programme = WANTED + 1;
	f->air[FIRST].w.pat_version++;
	send_frames(f, FIRST, GOP + 2);
	assert_true(f->units[STREAM_VIDEO] > 0);
}

/* Channels on one group, and even on one port, come and go without each other. */
static void test_channels_may_share_a_group(void **state)
{
	struct fixture *f = *state;
	const int ahead[] = {OTHER_PORT, FROM_SOURCE}, fewer[] = {FROM_SOURCE};
	watch_well(f, FIRST, NULL, 0);
	hold(f, ahead, 2);
	assert_int_equal(count_groups(f), 1);
	send_frames(f, FIRST, GOP + 2); /* which FROM_SOURCE receives too: it is its address */
	send_frames(f, OTHER_PORT, GOP + 2);
	assert_true(f->units[STREAM_VIDEO] >= GOP);
	assert_int_equal(f->raps, 1);
	assert_int_equal(ring_of(f, OTHER_PORT), RING_WARM);
	assert_int_equal(ring_of(f, FROM_SOURCE), RING_WARM);

	hold(f, fewer, 1);
	uint64_t before = f->units[STREAM_VIDEO];
	send_frames(f, FIRST, 5);
	assert_true(f->units[STREAM_VIDEO] >= before + 4);
	assert_int_equal(watch_well(f, FROM_SOURCE, NULL, 0), RING_WARM);
	hold(f, NULL, 0);
	before = f->units[STREAM_VIDEO];
	send_frames(f, FIRST, 5);
	assert_true(f->units[STREAM_VIDEO] >= before + 4);
	assert_int_equal(f->raps, 1);
	struct receive_socket_counters counters;
	net_counters(f->net, &counters);
	assert_int_equal(counters.dropped_flow, 0);
}

static void test_the_watched_channel_again_begins_from_nothing(void **state)
{
	struct fixture *f = *state;
	watch_well(f, FIRST, NULL, 0);
	send_frames(f, FIRST, GOP + 2);
	assert_int_equal(ring_of(f, FIRST), RING_WARM);
	assert_int_equal(watch_well(f, FIRST, NULL, 0), RING_COLD);
	assert_int_equal(f->units[STREAM_VIDEO], 0);
	send_frames(f, FIRST, GOP + 2);
	assert_true(f->began_with_key);
}

static void test_what_cannot_be_joined_harms_nothing_else(void **state)
{
	struct fixture *f = *state;
	const int ahead[] = {APART, IMPOSSIBLE};
	int error;
	watch_well(f, FIRST, NULL, 0);
	assert_int_equal(watch(f, IMPOSSIBLE, NULL, 0, &error), RING_COLD);
	assert_int_equal(error, -EINVAL);
	assert_int_equal(count_groups(f), 0);
	watch_well(f, FIRST, NULL, 0);
	assert_int_equal(hold(f, ahead, 2), 1); /* fewer, but not none */
	assert_null(net_stream(f->net, IMPOSSIBLE));
	send_frames(f, APART, GOP + 2);
	assert_int_equal(ring_of(f, APART), RING_WARM);
	watch_well(f, ZAP_NO_CHANNEL, NULL, 0);
	assert_int_equal(count_groups(f), 0);
}

static void test_times_that_jump_are_no_gop(void **state)
{
	struct fixture *f = *state;
	uint64_t begun_ns = uv_hrtime();
	watch_well(f, FIRST, NULL, 0);
	send_frames(f, FIRST, 3 * GOP);
	assert_true(f->gop_ns > 0);
	f->air[FIRST].frame += GOP * 1000; /* 20 s */
	send_frames(f, FIRST, 3 * GOP);
	assert_true(f->gop_ns < uv_hrtime() - begun_ns);
}

/* Wherever it stands, and what comes later is not to pay for it. */
static void test_one_that_cannot_be_joined_ahead_is_left_out_alone(void **state)
{
	struct fixture *f = *state;
	const int before[] = {IMPOSSIBLE, APART}, between[] = {APART, IMPOSSIBLE, OTHER_PORT};
	const int later[] = {APART, FROM_SOURCE};
	watch_well(f, FIRST, NULL, 0);
	assert_int_equal(hold(f, before, 2), 1);
	assert_non_null(net_stream(f->net, APART));
	assert_int_equal(hold(f, between, 3), 2);
	assert_non_null(net_stream(f->net, APART));
	assert_non_null(net_stream(f->net, OTHER_PORT));
	assert_int_equal(hold(f, later, 2), 2);
	assert_non_null(net_stream(f->net, FROM_SOURCE));
	assert_null(net_stream(f->net, OTHER_PORT));
}

/* As many as there is room for, and what is warm stays; later there may be room again. */
static void test_without_room_some_are_held(void **state)
{
	struct fixture *f = *state;
	const int warm[] = {APART}, all[] = {OTHER_PORT, FROM_SOURCE, APART};
	struct rlimit few, usual;
	bool full;
	watch_well(f, FIRST, NULL, 0);
	hold(f, warm, 1);
	send_frames(f, APART, GOP + 5);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &usual), 0);
	few = usual;
	int next = dup(f->sender);
	close(next);
	few.rlim_cur = (rlim_t)next;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	/* FROM_SOURCE needs no socket of its own: FIRST is on the same group and port. */
	size_t held = net_hold(f->net, all, 3, &full);
	setrlimit(RLIMIT_NOFILE, &usual);
	assert_true(full);
	assert_int_equal(held, 1);
	assert_int_equal(ring_of(f, APART), RING_WARM);
	assert_int_equal(hold(f, all, 3), 3);
	assert_int_equal(ring_of(f, APART), RING_WARM);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_what_is_held_ahead_is_warm_and_needs_no_report),
		TEST(test_a_zap_elsewhere_leaves_what_is_not_kept),
		TEST(test_channels_may_be_programmes_of_one_stream),
		TEST(test_channels_may_share_a_group),
		TEST(test_the_watched_channel_again_begins_from_nothing),
		TEST(test_what_cannot_be_joined_harms_nothing_else),
		TEST(test_times_that_jump_are_no_gop),
		TEST(test_one_that_cannot_be_joined_ahead_is_left_out_alone),
		TEST(test_without_room_some_are_held),
	};
	return cmocka_run_group_tests_name("client_net_ahead", tests, NULL, NULL);
}
