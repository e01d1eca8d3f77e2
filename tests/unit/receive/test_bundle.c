/* Many channels at once: the watched one comes out, the others are there when they are asked for.
 */
#include "tests/support/test.h"

#include "client/receive/bundle.h"
#include "client/receive/quality.h"
#include "tests/unit/receive/channel.h"

#include <arpa/inet.h>
#include <malloc.h>
#include <time.h>

#define MS UINT64_C(1000000)
#define SECOND (1000 * MS)
#define CHANNELS 3
#define RING_BYTES (4u << 20)

/* Three senders with GOPs of 10 pictures (0.4 s) and other phases, and the box. */
struct air {
	struct bundle *b;
	struct channel *channels[CHANNELS];
	struct receive_flow flows[CHANNELS];
	int handles[CHANNELS];
	GArray *events; /* struct stream_event, with data */
};

static int setup(void **state)
{
	struct air *a = g_new0(struct air, 1);
	a->b = bundle_new(RING_BYTES);
	a->events = g_array_new(FALSE, FALSE, sizeof(struct stream_event));
	for (int i = 0; i < CHANNELS; i++) {
		a->channels[i] = channel_new();
		a->channels[i]->frame = 3 * (uint64_t)i;
		a->flows[i] = (struct receive_flow){.group.s_addr = htonl(0xef010101 + (uint32_t)i),
			.source.s_addr = htonl(0x0a000001),
			.port = 5004};
		a->handles[i] = bundle_add(a->b, &a->flows[i]);
	}
	*state = a;
	return 0;
}

static void forget_events(struct air *a)
{
	for (guint i = 0; i < a->events->len; i++) {
		struct stream_event *event = &g_array_index(a->events, struct stream_event, i);
		if (event->type == STREAM_EVENT_UNIT)
			g_bytes_unref(event->unit.data);
	}
	g_array_set_size(a->events, 0);
}

static int teardown(void **state)
{
	struct air *a = *state;
	forget_events(a);
	g_array_unref(a->events);
	bundle_free(a->b);
	for (int i = 0; i < CHANNELS; i++)
		channel_free(a->channels[i]);
	g_free(a);
	return 0;
}

static void take_events(struct air *a)
{
	struct stream_event event;
	while (bundle_next_event(a->b, &event))
		g_array_append_val(a->events, event);
}

static uint64_t now(const struct air *a)
{
	return a->channels[0]->now_ns;
}

static void pass_frame(struct air *a, const bool *silent)
{
	for (int i = 0; i < CHANNELS; i++) {
		struct channel *c = a->channels[i];
		channel_write(c);
		for (guint j = 0; j < c->datagrams->len; j++) {
			gsize len;
			const void *data =
				g_bytes_get_data(g_ptr_array_index(c->datagrams, j), &len);
			if (!silent || !silent[i])
				bundle_receive(a->b, &a->flows[i], data, len, c->now_ns);
		}
		g_ptr_array_set_size(c->datagrams, 0);
		c->now_ns += CHANNEL_FRAME_NS;
	}
	take_events(a);
}

static void pass(struct air *a, unsigned frames)
{
	for (unsigned i = 0; i < frames; i++)
		pass_frame(a, NULL);
}

static enum ring_state promote(struct air *a, int i)
{
	forget_events(a);
	enum ring_state state = bundle_promote(a->b, i < 0 ? BUNDLE_NONE : a->handles[i], now(a));
	take_events(a);
	return state;
}

static const struct stream_event *event(const struct air *a, guint i)
{
	assert_true(i < a->events->len);
	return &g_array_index(a->events, struct stream_event, i);
}

/* Video comes as RAP, key unit, and then picture by picture without a hole; returns how many. */
static unsigned expect_whole_video(const struct air *a)
{
	unsigned n = 0;
	bool rap = false;
	uint64_t dts_90khz = 0;
	for (guint i = 0; i < a->events->len; i++) {
		const struct stream_event *e = event(a, i);
		rap |= e->type == STREAM_EVENT_RAP;
		if (e->type != STREAM_EVENT_UNIT || e->unit.kind != STREAM_VIDEO)
			continue;
		assert_true(rap);
		if (n++ == 0)
			assert_true(e->unit.key);
		else
			assert_int_equal(e->unit.dts_90khz, dts_90khz + CHANNEL_FRAME_90KHZ);
		dts_90khz = e->unit.dts_90khz;
	}
	return n;
}

/* Also who comes to it later hears that it is not there. */
static void a_programme_that_is_missing_is_told_at_each_promotion(void **state)
{
	struct air *a = *state;
	stream_choose_programme(bundle_stream(a->b, a->handles[1]), 77);
	promote(a, 0);
	pass(a, 12);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(promote(a, 1), RING_COLD);
		assert_int_equal(a->events->len, 1);
		assert_int_equal(event(a, 0)->type, STREAM_EVENT_NO_PROGRAMME);
		pass(a, 12);
		assert_int_equal(a->events->len, 1);
	}
	a->channels[1]->w.programme = 77;
	a->channels[1]->w.pat_version++;
	pass(a, 15);
	assert_true(expect_whole_video(a) > 0);
	promote(a, 0);
	assert_int_equal(promote(a, 1), RING_WARM);
	assert_int_equal(event(a, 0)->type, STREAM_EVENT_PSI);
	assert_true(event(a, 1)->type != STREAM_EVENT_NO_PROGRAMME);
}

static void only_the_watched_one_comes_out(void **state)
{
	struct air *a = *state;
	pass(a, 5);
	assert_int_equal(a->events->len, 0);
	assert_int_equal(bundle_watched(a->b), BUNDLE_NONE);
	promote(a, 1);
	assert_int_equal(bundle_watched(a->b), a->handles[1]);
	pass(a, 20);
	assert_int_equal(expect_whole_video(a), 18);
	promote(a, -1);
	pass(a, 5);
	assert_int_equal(a->events->len, 0);
}

static void nothing_received_is_cold(void **state)
{
	struct air *a = *state;
	assert_int_equal(promote(a, 0), RING_COLD);
	assert_int_equal(a->events->len, 0);
	assert_int_equal(bundle_promote(a->b, 77, now(a)), RING_COLD);
}

/* Its newest GOP comes at once, and goes on live where it ended. */
static void a_warm_one_comes_as_a_burst(void **state)
{
	struct air *a = *state;
	promote(a, 0);
	pass(a, 25);
	assert_int_equal(promote(a, 2), RING_WARM);
	assert_int_equal(event(a, 0)->type, STREAM_EVENT_PSI);
	assert_int_equal(event(a, 0)->video, STREAM_CODEC_H264);
	/* 6 + 25 pictures: the last key picture is the newest of all. */
	assert_int_equal(expect_whole_video(a), 1);
	pass(a, 6);
	assert_int_equal(expect_whole_video(a), 7);
	assert_int_equal(promote(a, 0), RING_WARM);
	assert_int_equal(expect_whole_video(a), 1);
	assert_int_equal(promote(a, 1), RING_WARM);
	assert_int_equal(expect_whole_video(a), 4);
	pass(a, 30);
	assert_int_equal(expect_whole_video(a), 34);
}

/* The RAP says when its first byte came, which lies before the press. */
static void the_burst_has_its_own_times(void **state)
{
	struct air *a = *state;
	pass(a, 25);
	promote(a, 1);
	for (guint i = 0; i < a->events->len; i++) {
		const struct stream_event *e = event(a, i);
		assert_true(e->at_ns < now(a));
		if (e->type == STREAM_EVENT_RAP)
			assert_int_equal(e->at_ns, event(a, i + 1)->unit.first_arrival_ns);
	}
}

static void before_its_first_rap_it_is_partial(void **state)
{
	struct air *a = *state;
	pass(a, 2);
	assert_int_equal(promote(a, 1), RING_PARTIAL);
	assert_int_equal(expect_whole_video(a), 0);
	assert_int_equal(event(a, 0)->type, STREAM_EVENT_PSI);
	pass(a, 10);
	assert_int_equal(expect_whole_video(a), 5);
}

/* A RAP that was whole only after the press makes no warm zap, though it is of use. */
static void the_press_decides(void **state)
{
	struct air *a = *state;
	pass(a, 7);
	uint64_t pressed_ns = now(a) - 1;
	pass(a, 1);
	assert_int_equal(bundle_promote(a->b, a->handles[1], pressed_ns), RING_PARTIAL);
	take_events(a);
	assert_int_equal(expect_whole_video(a), 1);
	/* The next RAP, between press and promotion, does not make a warm one partial. */
	pass(a, 5);
	pressed_ns = now(a);
	pass(a, 10);
	assert_int_equal(bundle_promote(a->b, a->handles[1], pressed_ns), RING_WARM);
}

/* A ring that was given up in the middle of a GOP: live pictures wait for the next key picture. */
static void video_never_begins_in_the_middle(void **state)
{
	struct air *a = *state;
	bundle_remove(a->b, a->handles[0]);
	struct bundle *small = bundle_new(6 * CHANNEL_BODY);
	bundle_free(a->b);
	a->b = small;
	a->handles[0] = bundle_add(a->b, &a->flows[0]);
	pass(a, 8);
	assert_int_equal(promote(a, 0), RING_PARTIAL);
	pass(a, 6);
	assert_int_equal(expect_whole_video(a), 4);
}

static void what_came_to_a_halt_is_no_burst(void **state)
{
	struct air *a = *state;
	static const bool silent[CHANNELS] = {[1] = true};
	pass(a, 25);
	for (unsigned i = 0; i < 24; i++)
		pass_frame(a, silent);
	assert_int_equal(promote(a, 1), RING_WARM);
	promote(a, 0);
	for (unsigned i = 0; i < 3; i++)
		pass_frame(a, silent);
	assert_int_equal(promote(a, 1), RING_COLD);
	assert_int_equal(expect_whole_video(a), 0);
	/* And comes back. */
	pass(a, 2);
	assert_int_equal(bundle_promote(a->b, a->handles[1], now(a) - 81 * MS), RING_COLD);
	assert_int_not_equal(promote(a, 1), RING_COLD);
}

/* Its packets come, though nothing says yet what they are. */
static void received_without_psi_is_partial(void **state)
{
	struct air *a = *state;
	a->channels[1]->with_psi = false;
	uint64_t before_ns = now(a) - 1;
	pass(a, 2);
	assert_int_equal(promote(a, 1), RING_PARTIAL);
	assert_int_equal(bundle_promote(a->b, a->handles[1], before_ns), RING_COLD);
}

static void pictures_that_came_to_a_halt_are_no_burst(void **state)
{
	struct air *a = *state;
	pass(a, 25);
	/* To a PID that nobody asked for. */
	a->channels[1]->with_psi = false;
	a->channels[1]->w.video_pid++;
	pass(a, 24);
	assert_int_equal(promote(a, 1), RING_WARM);
	promote(a, 0);
	pass(a, 6);
	assert_int_equal(promote(a, 1), RING_PARTIAL);
	assert_int_equal(expect_whole_video(a), 0);
	bool sound = false;
	for (guint i = 0; i < a->events->len; i++)
		sound |= event(a, i)->type == STREAM_EVENT_UNIT;
	assert_true(sound);
}

/* The language is another one: what is in the ring does not lead up to it. */
static void another_audio_pid_empties_the_ring(void **state)
{
	struct air *a = *state;
	pass(a, 25);
	a->channels[1]->w.audio_pid = 0x200;
	a->channels[1]->w.pmt_version++;
	pass(a, 1);
	struct ring_info info;
	ring_info(bundle_ring(a->b, a->handles[1]), &info);
	assert_int_equal(info.resets, 1);
}

static void flows_are_told_apart(void **state)
{
	struct air *a = *state;
	uint8_t payload[TS_WRITER_DATAGRAM_MAX];
	struct receive_flow from = a->flows[0];
	channel_write(a->channels[0]);
	size_t len = g_bytes_get_size(g_ptr_array_index(a->channels[0]->datagrams, 0));
	memcpy(payload, g_bytes_get_data(g_ptr_array_index(a->channels[0]->datagrams, 0), NULL),
		len);
	assert_true(bundle_receive(a->b, &from, payload, len, now(a)));
	from.port++;
	assert_false(bundle_receive(a->b, &from, payload, len, now(a)));
	from.port--;
	from.source.s_addr++;
	assert_false(bundle_receive(a->b, &from, payload, len, now(a)));
	/* Any source, on the same group and port: only that one takes it. */
	struct receive_flow any = a->flows[0];
	any.source.s_addr = INADDR_ANY;
	int handle = bundle_add(a->b, &any);
	assert_true(bundle_receive(a->b, &from, payload, len, now(a)));
	struct stream_counters counters;
	stream_counters(bundle_stream(a->b, handle), &counters);
	assert_int_equal(counters.datagrams, 1);
	stream_counters(bundle_stream(a->b, a->handles[0]), &counters);
	assert_int_equal(counters.datagrams, 1);
	bundle_remove(a->b, a->handles[0]);
	assert_true(bundle_receive(a->b, &a->flows[0], payload, len, now(a)));
	bundle_remove(a->b, handle);
	assert_false(bundle_receive(a->b, &a->flows[0], payload, len, now(a)));
}

/* A picture of each of two senders of plain UDP, datagram by datagram. */
static void pass_two(struct air *a, const struct receive_flow *flows, const bool *silent)
{
	struct channel *const *c = a->channels;
	for (int i = 0; i < 2; i++)
		channel_write(c[i]);
	for (guint j = 0; j < MAX(c[0]->datagrams->len, c[1]->datagrams->len); j++) {
		for (int i = 0; i < 2; i++) {
			if (silent[i] || j >= c[i]->datagrams->len)
				continue;
			gsize len;
			const void *data =
				g_bytes_get_data(g_ptr_array_index(c[i]->datagrams, j), &len);
			bundle_receive(a->b, &flows[i], data, len, c[i]->now_ns);
		}
	}
	for (int i = 0; i < 2; i++) {
		g_ptr_array_set_size(c[i]->datagrams, 0);
		c[i]->now_ns += CHANNEL_FRAME_NS;
	}
	take_events(a);
}

/* RTP has SSRCs; of plain packets only the source address tells them apart. */
static void of_two_plain_senders_one_is_received(void **state)
{
	struct air *a = *state;
	struct receive_flow any = {.group.s_addr = htonl(0xef030303), .port = 5004};
	struct receive_flow flows[2] = {any, any};
	int handle = bundle_add(a->b, &any);
	bundle_promote(a->b, handle, now(a));
	for (uint32_t i = 0; i < 2; i++) {
		flows[i].source.s_addr = htonl(0x0a000001 + i);
		a->channels[i]->plain_udp = true;
		a->channels[i]->start_90khz += i * 5000000;
	}
	for (unsigned i = 0; i < 100; i++)
		pass_two(a, flows, (bool[]){false, false});
	assert_int_equal(expect_whole_video(a), 100);
	struct stream_counters counters;
	stream_counters(bundle_stream(a->b, handle), &counters);
	assert_true(counters.foreign_source > 300);
	assert_int_equal(counters.ts_continuity, 0);
	assert_int_equal(counters.ts_sync_lost, 0);
	/* When it has ended, the other one is. */
	for (unsigned i = 0; i < 50; i++)
		pass_two(a, flows, (bool[]){true, false});
	uint64_t foreign = counters.foreign_source;
	stream_counters(bundle_stream(a->b, handle), &counters);
	assert_in_range(counters.foreign_source - foreign, 1, 100);
	const struct stream_unit *last = NULL;
	for (guint i = 0; i < a->events->len; i++) {
		if (event(a, i)->type == STREAM_EVENT_UNIT &&
			event(a, i)->unit.kind == STREAM_VIDEO)
			last = &event(a, i)->unit;
	}
	assert_non_null(last);
	assert_true(now(a) - last->last_arrival_ns <= 2 * CHANNEL_FRAME_NS);
}

static void handles_come_again(void **state)
{
	struct air *a = *state;
	promote(a, 1);
	pass(a, 5);
	bundle_remove(a->b, a->handles[1]);
	assert_int_equal(bundle_watched(a->b), BUNDLE_NONE);
	assert_null(bundle_ring(a->b, a->handles[1]));
	bundle_remove(a->b, a->handles[1]);
	assert_int_equal(bundle_add(a->b, &a->flows[1]), a->handles[1]);
	assert_int_equal(promote(a, 1), RING_COLD);
	pass(a, 20);
	assert_true(expect_whole_video(a) > 0);
}

/* A gap in the order of a channel that nobody watches is given up in time, too. */
static void time_passes_for_all(void **state)
{
	struct air *a = *state;
	struct channel *c = a->channels[2];
	assert_true(bundle_deadline(a->b) == UINT64_MAX);
	channel_write(c);
	for (guint j = 0; j < c->datagrams->len; j++) {
		gsize len;
		const void *data = g_bytes_get_data(g_ptr_array_index(c->datagrams, j), &len);
		if (j != 1)
			bundle_receive(a->b, &a->flows[2], data, len, c->now_ns);
	}
	assert_int_equal(bundle_deadline(a->b), c->now_ns + 20 * MS);
	bundle_advance(a->b, c->now_ns + 20 * MS);
	assert_true(bundle_deadline(a->b) > c->now_ns + 20 * MS);
	struct stream_counters counters;
	stream_counters(bundle_stream(a->b, a->handles[2]), &counters);
	assert_int_equal(counters.rtp_lost, 1);
}

/* What the program has allocated; with a sanitizer malloc is another one. */
size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

static size_t heap_bytes(void)
{
	if (__sanitizer_get_current_allocated_bytes)
		return __sanitizer_get_current_allocated_bytes();
	struct mallinfo2 info = mallinfo2();
	return info.uordblks + info.hblkhd;
}

/* 4 Mb/s: 25 pictures a second, each 50th a key picture of 100 kB. */
static void write_picture(struct ts_writer *w, uint64_t frame)
{
	bool key = frame % 50 == 0;
	uint64_t dts_90khz = 900000 + frame * CHANNEL_FRAME_90KHZ;
	GByteArray *unit =
		ts_writer_h264(key ? TS_WRITER_IDR : TS_WRITER_P, key ? 100000 : 17600, 1);
	if (frame % 3 == 0) {
		ts_writer_pat(w);
		ts_writer_pmt(w);
	}
	ts_writer_pcr(w, (dts_90khz - CHANNEL_LEAD_90KHZ) * 300, false);
	ts_writer_pes(w, &(struct ts_writer_pes){.pid = w->video_pid,
				 .stream_id = 0xe0,
				 .pts_90khz = dts_90khz,
				 .dts_90khz = dts_90khz,
				 .data = unit->data,
				 .len = unit->len});
	g_byte_array_unref(unit);
}

static void five_channels_fit_into_memory(void **state)
{
	struct air *a = *state;
	enum { FIVE = 5, FRAMES = 250 };
	struct ts_writer w;
	ts_writer_init(&w);
	size_t before = heap_bytes(), most = 0;
	struct bundle *b = bundle_new(RING_BYTES);
	struct receive_flow flow = a->flows[0];
	for (uint32_t i = 0; i < FIVE; i++) {
		flow.group.s_addr = htonl(0xef020000 + i);
		bundle_add(b, &flow);
	}
	bundle_promote(b, 0, 0);
	struct timespec start, end;
	uint64_t spent_ns = 0, bytes = 0;
	for (uint64_t frame = 0; frame < FRAMES; frame++) {
		uint8_t payload[TS_WRITER_DATAGRAM_MAX];
		size_t len;
		struct stream_event e;
		write_picture(&w, frame);
		while ((len = ts_writer_take_rtp(&w, payload)) > 0) {
			clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
			for (uint32_t i = 0; i < FIVE; i++) {
				flow.group.s_addr = htonl(0xef020000 + i);
				bundle_receive(b, &flow, payload, len,
					SECOND * 1000 + frame * CHANNEL_FRAME_NS);
			}
			while (bundle_next_event(b, &e)) {
				if (e.type == STREAM_EVENT_UNIT)
					g_bytes_unref(e.unit.data);
			}
			clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
			spent_ns += (uint64_t)(end.tv_sec - start.tv_sec) * SECOND +
				    (uint64_t)end.tv_nsec - (uint64_t)start.tv_nsec;
			bytes += len;
		}
		size_t taken = heap_bytes() - before;
		most = MAX(most, taken);
	}
	printf("five channels of %.1f Mb/s: at most %.1f MiB, each %.2f %% of a core\n",
		(double)bytes * 8 / (FRAMES / 25) / 1e6, (double)most / (1 << 20),
		100. * (double)spent_ns / FIVE / (FRAMES * (double)CHANNEL_FRAME_NS));
	for (int i = 0; i < FIVE; i++)
		assert_int_equal(ring_state(bundle_ring(b, i)), RING_WARM);
	assert_true(most < 24u << 20);
	assert_true(most > FIVE * 900000u);
	bundle_free(b);
	ts_writer_clear(&w);
	assert_true(heap_bytes() < before + (1 << 20));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_programme_that_is_missing_is_told_at_each_promotion, setup, teardown),
		cmocka_unit_test_setup_teardown(only_the_watched_one_comes_out, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_received_is_cold, setup, teardown),
		cmocka_unit_test_setup_teardown(a_warm_one_comes_as_a_burst, setup, teardown),
		cmocka_unit_test_setup_teardown(the_burst_has_its_own_times, setup, teardown),
		cmocka_unit_test_setup_teardown(
			before_its_first_rap_it_is_partial, setup, teardown),
		cmocka_unit_test_setup_teardown(the_press_decides, setup, teardown),
		cmocka_unit_test_setup_teardown(video_never_begins_in_the_middle, setup, teardown),
		cmocka_unit_test_setup_teardown(received_without_psi_is_partial, setup, teardown),
		cmocka_unit_test_setup_teardown(what_came_to_a_halt_is_no_burst, setup, teardown),
		cmocka_unit_test_setup_teardown(
			pictures_that_came_to_a_halt_are_no_burst, setup, teardown),
		cmocka_unit_test_setup_teardown(
			another_audio_pid_empties_the_ring, setup, teardown),
		cmocka_unit_test_setup_teardown(flows_are_told_apart, setup, teardown),
		cmocka_unit_test_setup_teardown(
			of_two_plain_senders_one_is_received, setup, teardown),
		cmocka_unit_test_setup_teardown(handles_come_again, setup, teardown),
		cmocka_unit_test_setup_teardown(time_passes_for_all, setup, teardown),
		cmocka_unit_test_setup_teardown(five_channels_fit_into_memory, setup, teardown),
	};
	return cmocka_run_group_tests_name("receive_bundle", tests, NULL, NULL);
}
