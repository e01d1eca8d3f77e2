/* Channels watched and held ahead, over real sockets on the loopback interface. */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "client/app/net.h"
#include "tests/support/test.h"
#include "tests/unit/client/air.h"

enum { CHANNELS = 6, GOP = AIR_GOP };
/*
 * The line-up: three on one group (two of them on one port), one apart, one that cannot be joined,
 * and one with three sources: of its own, FIRST's and APART's.
 */
enum { FIRST, OTHER_PORT, FROM_SOURCE, APART, IMPOSSIBLE, SEVERAL };
enum { SOURCES = 3 };
/* Another line-up. */
enum { AFTER_APART, AFTER_OTHER_PORT, AFTER_FIRST, AFTER };

struct fixture {
	uv_loop_t loop;
	struct channel_source sources[CHANNELS], several[SOURCES];
	struct channel rows[CHANNELS];
	struct channel_list channels;
	struct channel_source sources_after[AFTER];
	struct channel rows_after[AFTER];
	struct channel_list after;
	struct net *net;
	int sender;
	struct air air[CHANNELS];
	size_t chosen; /* of the sources of what is joined next */
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

static size_t on_choose(void *ctx, int channel)
{
	const struct fixture *f = ctx;
	return channel == SEVERAL ? f->chosen : 0;
}

static void make_lineup(struct fixture *f)
{
	int port = air_port();
	f->sources[FIRST] = air_source("239.255.77.1", NULL, port);
	f->sources[OTHER_PORT] = air_source("239.255.77.1", NULL, port + 1);
	f->sources[FROM_SOURCE] = air_source("239.255.77.1", "127.0.0.1", port);
	f->sources[APART] = air_source("239.255.77.2", NULL, port);
	f->sources[IMPOSSIBLE] = air_source("232.255.77.3", NULL, port);
	f->sources[SEVERAL] = air_source("239.255.77.4", NULL, port);
	for (int i = 0; i < CHANNELS; i++)
		air_init(&f->air[i], (uint32_t)i);
	air_make_lineup(f->rows, f->sources, CHANNELS);
	f->several[0] = f->sources[SEVERAL];
	f->several[1] = f->sources[FIRST];
	f->several[2] = f->sources[APART];
	f->rows[SEVERAL].sources = f->several;
	f->rows[SEVERAL].source_count = SOURCES;
	f->channels = (struct channel_list){.count = CHANNELS, .channels = f->rows};
}

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	make_lineup(f);
	f->sender = air_open_sender();
	uv_loop_init(&f->loop);
	struct net_options options = air_net_options(&f->channels);
	options.choose = on_choose;
	options.recall_ctx = f;
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
		air_send_frame(&f->air[channel], f->sender, &f->sources[channel].address);
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
	f->sources[APART].address = f->sources[FIRST].address;
	f->sources[FIRST].address.programme = WANTED;
	f->sources[APART].address.programme = WANTED + 1;
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

static void note_group(void *ctx, const struct igmp_membership_group *group)
{
	*(struct in_addr *)ctx = group->group;
}

/* The new source is joined as the old one is left, and begins from nothing under the same zap. */
static void test_another_source_takes_the_place_of_the_first(void **state)
{
	struct fixture *f = *state;
	uint64_t sent_ns;
	enum ring_state ring;
	struct in_addr group;
	watch_well(f, SEVERAL, NULL, 0);
	assert_int_equal(net_source(f->net, SEVERAL), 0);
	send_frames(f, SEVERAL, GOP + 2);
	assert_true(f->units[STREAM_VIDEO] >= GOP);

	assert_int_equal(net_switch(f->net, 1, &sent_ns), 0);
	assert_true(sent_ns > 0);
	memset(f->units, 0, sizeof f->units);
	assert_int_equal(net_receive(f->net, f->n, SEVERAL, uv_hrtime(), &ring), 0);
	assert_int_equal(ring, RING_COLD);
	assert_int_equal(net_source(f->net, SEVERAL), 1);
	assert_int_equal(count_groups(f), 1);
	igmp_membership_each(net_membership(f->net), note_group, &group);
	assert_int_equal(group.s_addr, f->sources[FIRST].address.group.s_addr);
	send_frames(f, SEVERAL, GOP);
	assert_int_equal(f->units[STREAM_VIDEO], 0);
	send_frames(f, FIRST, GOP + 2);
	assert_true(f->units[STREAM_VIDEO] >= GOP);
}

/* A group's other users keep it, and a source on the same group is no second wish. */
static void test_a_source_may_be_on_the_group_of_another(void **state)
{
	struct fixture *f = *state;
	const int ahead[] = {FIRST};
	enum ring_state ring;
	f->several[0] = f->sources[OTHER_PORT];
	watch_well(f, SEVERAL, NULL, 0);
	hold(f, ahead, 1);
	assert_int_equal(count_groups(f), 1);
	assert_int_equal(net_switch(f->net, 1, NULL), 0);
	assert_int_equal(net_receive(f->net, f->n, SEVERAL, uv_hrtime(), &ring), 0);
	assert_int_equal(count_groups(f), 1);
	send_frames(f, FIRST, GOP + 2);
	assert_true(f->units[STREAM_VIDEO] >= GOP);
	assert_int_equal(ring_of(f, FIRST), RING_WARM);
	assert_int_equal(net_switch(f->net, 2, NULL), 0);
	assert_int_equal(net_receive(f->net, f->n, SEVERAL, uv_hrtime(), &ring), 0);
	assert_int_equal(count_groups(f), 2);
	uint64_t before = f->units[STREAM_VIDEO];
	send_frames(f, APART, GOP + 2);
	assert_true(f->units[STREAM_VIDEO] >= before + GOP);
}

/* Also of what is held ahead; what is joined already stays where it is. */
static void test_the_source_that_counts_is_asked_for_at_the_join(void **state)
{
	struct fixture *f = *state;
	const int ahead[] = {SEVERAL};
	watch_well(f, FIRST, NULL, 0);
	f->chosen = 2;
	hold(f, ahead, 1);
	assert_int_equal(net_source(f->net, SEVERAL), 2);
	send_frames(f, APART, GOP + 5);
	assert_int_equal(ring_of(f, SEVERAL), RING_WARM);
	f->chosen = 0;
	assert_int_equal(watch_well(f, SEVERAL, NULL, 0), RING_WARM);
	assert_int_equal(net_source(f->net, SEVERAL), 2);
}

static void test_a_source_that_cannot_be_joined_changes_nothing(void **state)
{
	struct fixture *f = *state;
	enum ring_state ring;
	f->several[1] = f->sources[IMPOSSIBLE];
	watch_well(f, SEVERAL, NULL, 0);
	assert_int_equal(net_switch(f->net, 1, NULL), -EINVAL);
	assert_int_equal(net_receive(f->net, f->n, SEVERAL, uv_hrtime(), &ring), 0);
	assert_int_equal(net_source(f->net, SEVERAL), 0);
	send_frames(f, SEVERAL, GOP + 2);
	assert_true(f->units[STREAM_VIDEO] >= GOP);
}

/* The other way round: what could not be joined gives way to what can. */
static void test_a_source_that_could_not_be_joined_is_no_end(void **state)
{
	struct fixture *f = *state;
	enum ring_state ring;
	int error;
	f->several[0] = f->sources[IMPOSSIBLE];
	watch(f, SEVERAL, NULL, 0, &error);
	assert_int_equal(error, -EINVAL);
	assert_int_equal(net_switch(f->net, 1, NULL), 0);
	assert_int_equal(net_receive(f->net, f->n, SEVERAL, uv_hrtime(), &ring), 0);
	send_frames(f, FIRST, GOP + 2);
	assert_true(f->units[STREAM_VIDEO] >= GOP);
}

/*
 * Another line-up: APART comes first there, FROM_SOURCE is gone, OTHER_PORT has another address,
 * and so has the watched FIRST.
 */
static void test_what_is_received_goes_on_in_another_line_up(void **state)
{
	struct fixture *f = *state;
	const int to[CHANNELS] = {[FIRST] = AFTER_FIRST,
		[OTHER_PORT] = AFTER_OTHER_PORT,
		[FROM_SOURCE] = -1,
		[APART] = AFTER_APART,
		[IMPOSSIBLE] = -1,
		[SEVERAL] = -1};
	const int ahead[] = {OTHER_PORT, FROM_SOURCE, APART}, again[] = {AFTER_OTHER_PORT};
	f->sources_after[AFTER_APART] = f->sources[APART];
	f->sources_after[AFTER_OTHER_PORT] = f->sources[SEVERAL];
	f->sources_after[AFTER_FIRST] = f->sources[IMPOSSIBLE];
	f->after = (struct channel_list){.count = AFTER, .channels = f->rows_after};
	air_make_lineup(f->rows_after, f->sources_after, AFTER);
	/* There APART's address is the second of two sources. */
	f->several[0] = f->sources[IMPOSSIBLE];
	f->several[1] = f->sources[APART];
	f->rows_after[AFTER_APART].sources = f->several;
	f->rows_after[AFTER_APART].source_count = 2;
	watch_well(f, FIRST, NULL, 0);
	hold(f, ahead, 3);
	send_frames(f, APART, GOP + 5);
	send_frames(f, FIRST, 5);
	uint64_t before = f->units[STREAM_VIDEO];

	net_take(f->net, &f->after, to);
	size_t n;
	assert_non_null(net_received(f->net, &n));
	assert_int_equal(n, 2);
	assert_int_equal(ring_of(f, AFTER_APART), RING_WARM);
	assert_null(net_stream(f->net, AFTER_OTHER_PORT));
	assert_int_equal(net_source(f->net, AFTER_FIRST), 1); /* none of its sources */
	assert_int_equal(net_source(f->net, AFTER_APART), 1);
	send_frames(f, FIRST, 5);
	assert_true(f->units[STREAM_VIDEO] >= before + 4);
	assert_int_equal(f->raps, 1);

	hold(f, again, 1);
	send_frames(f, SEVERAL, GOP + 5);
	assert_int_equal(ring_of(f, AFTER_OTHER_PORT), RING_WARM);
	assert_int_equal(watch_well(f, AFTER_OTHER_PORT, NULL, 0), RING_WARM);
	hold(f, NULL, 0);
	assert_int_equal(count_groups(f), 1);
	assert_int_equal(net_source(f->net, AFTER_FIRST), 1);
	int error;
	watch(f, AFTER_FIRST, NULL, 0, &error);
	assert_int_equal(error, -EINVAL); /* it is where the line-up says by now */
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
		TEST(test_another_source_takes_the_place_of_the_first),
		TEST(test_a_source_may_be_on_the_group_of_another),
		TEST(test_the_source_that_counts_is_asked_for_at_the_join),
		TEST(test_a_source_that_cannot_be_joined_changes_nothing),
		TEST(test_a_source_that_could_not_be_joined_is_no_end),
		TEST(test_what_is_received_goes_on_in_another_line_up),
	};
	return cmocka_run_group_tests_name("client_net_ahead", tests, NULL, NULL);
}
