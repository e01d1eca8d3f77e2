/* What is said of a stream's arrival: rates, loss, jitter, MDI and TR 101 290 are as they were
 * made. */
#include "tests/support/test.h"

#include "client/receive/quality.h"
#include "tests/unit/receive/channel.h"

#include <stdbool.h>
#include <string.h>

#define MS UINT64_C(1000000)
#define SECOND (1000 * MS)
#define START (1000 * SECOND)

/*
 * RTP with 7 TS packets every 2 ms: 5,264,000 b/s of TS. In a round of 50 packets (100 ms): PAT,
 * PMT and a PCR, all else one PID with an audio packet now and then.
 */
#define PERIOD (2 * MS)
#define TS_BPS 5264000
#define ROUND 50
enum { PMT_PID = 0x100, VIDEO_PID = 0x101, AUDIO_PID = 0x102, SSRC = 7 };

struct source {
	struct quality *q;
	struct rtp_order *order;
	struct ts_writer w;
	uint64_t now_ns, n;
	uint64_t since_audio;
	bool plain, without_pat, without_pmt, without_audio;
};

static int setup(void **state)
{
	struct source *s = g_new0(struct source, 1);
	s->q = quality_new();
	s->order = rtp_order_new();
	s->now_ns = START;
	ts_writer_init(&s->w);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct source *s = *state;
	quality_free(s->q);
	rtp_order_free(s->order);
	ts_writer_clear(&s->w);
	g_free(s);
	return 0;
}

static void fill(struct source *s, uint16_t pid)
{
	uint8_t packet[TS_PACKET_BYTES] = {
		0x47, (uint8_t)(pid >> 8), (uint8_t)pid, 0x10 | (s->w.counters[pid] & 0xf)};
	s->w.counters[pid]++;
	g_byte_array_append(s->w.ts, packet, sizeof packet);
}

/* The next seven TS packets, as the sender has them. */
static void write_seven(struct source *s)
{
	g_byte_array_set_size(s->w.ts, 0);
	if (s->n % ROUND == 0) {
		if (!s->without_pat)
			ts_writer_pat(&s->w);
		if (!s->without_pmt)
			ts_writer_pmt(&s->w);
		ts_writer_pcr(&s->w, s->n * PERIOD * 27 / 1000 + 1, false);
	}
	if (s->n % 5 == 1 && !s->without_audio)
		fill(s, AUDIO_PID);
	while (s->w.ts->len < 7 * TS_PACKET_BYTES)
		fill(s, VIDEO_PID);
	s->n++;
}

static void push_ts(struct source *s)
{
	struct ts_packet packet;
	for (guint i = 0; i < s->w.ts->len; i += TS_PACKET_BYTES) {
		assert_int_equal(ts_parse(s->w.ts->data + i, &packet), 0);
		quality_ts(s->q, &packet, s->now_ns);
	}
}

static void push_rtp(
	struct source *s, uint32_t ssrc, uint16_t sequence, uint32_t timestamp, uint64_t at_ns)
{
	const struct rtp_packet packet = {
		.sequence = sequence, .timestamp = timestamp, .ssrc = ssrc};
	struct rtp_output output;
	quality_rtp(s->q, rtp_order_push(s->order, &packet, at_ns), timestamp, at_ns);
	while (rtp_order_next(s->order, &output))
		;
}

/* The n-th datagram arrives so much later than it should. */
static void arrive(struct source *s, uint64_t late_ns)
{
	uint64_t n = s->n;
	write_seven(s);
	s->now_ns = START + n * PERIOD + late_ns;
	quality_datagram(s->q, 12 + 7 * TS_PACKET_BYTES, 7 * TS_PACKET_BYTES, s->now_ns);
	if (!s->plain)
		push_rtp(s, SSRC, (uint16_t)n, (uint32_t)(n * 180), s->now_ns);
	push_ts(s);
}

static void run(struct source *s, unsigned datagrams)
{
	while (datagrams-- > 0)
		arrive(s, 0);
}

static void lose(struct source *s, unsigned datagrams)
{
	for (unsigned i = 0; i < datagrams; i++)
		write_seven(s);
	if (!s->plain)
		quality_lost(s->q, datagrams);
}

static struct quality_report report(const struct source *s)
{
	struct quality_report ret;
	quality_report(s->q, s->now_ns, &ret);
	return ret;
}

static void a_clean_stream_is_clean(void **state)
{
	struct source *s = *state;
	run(s, 5000);
	struct quality_report r = report(s);
	/* 500 datagrams of 1316 bytes; with 20 of IP, 8 of UDP and 12 of RTP 1356. */
	assert_int_equal(r.ts_bps, 5264000);
	assert_int_equal(r.line_bps, 5424000);
	assert_int_equal(r.received, 5000);
	assert_int_equal(r.lost + r.duplicate + r.reordered, 0);
	assert_int_equal(r.jitter_ns, 0);
	/* One datagram at a time: the buffer has to hold that. */
	assert_true(r.mdi.known);
	assert_in_range(r.mdi.delay_ns, PERIOD * 9 / 10, PERIOD * 22 / 10);
	assert_int_equal(r.mdi_worst.lost_ts, 0);
	struct tr101290_counters none = {0};
	assert_memory_equal(&r.tr101290, &none, sizeof none);
}

static void the_rate_is_of_the_last_second(void **state)
{
	struct source *s = *state;
	run(s, 250);
	assert_in_range(report(s).ts_bps, TS_BPS * 45 / 100, TS_BPS / 2);
	run(s, 1000);
	s->now_ns += SECOND / 2;
	assert_in_range(report(s).ts_bps, TS_BPS * 45 / 100, TS_BPS * 55 / 100);
	s->now_ns += SECOND;
	assert_int_equal(report(s).ts_bps, 0);
	s->n += 1000;
	run(s, 600);
	assert_in_range(report(s).ts_bps, TS_BPS * 99 / 100, TS_BPS * 101 / 100);
}

/*
 * RFC 3550: J += (|D| - J) / 16; every other packet 1 ms late is |D| = 1 ms each time. By hand:
 * 1000 / 16 = 62.5; 62.5 + 937.5 / 16 = 121.09; 121.09 + 878.91 / 16 = 176.03 us.
 */
static void jitter_is_as_rfc_3550_has_it(void **state)
{
	struct source *s = *state;
	static const uint64_t by_hand_ns[] = {0, 62500, 121093, 176025};
	for (unsigned i = 0; i < G_N_ELEMENTS(by_hand_ns); i++) {
		arrive(s, i % 2 ? MS : 0);
		assert_int_equal(report(s).jitter_ns, by_hand_ns[i]);
	}
	double expected_ns = 176025.4;
	for (unsigned i = G_N_ELEMENTS(by_hand_ns); i < 200; i++) {
		arrive(s, i % 2 ? MS : 0);
		expected_ns += (1e6 - expected_ns) / 16;
		uint64_t jitter_ns = report(s).jitter_ns;
		assert_true(
			(double)jitter_ns > expected_ns - 2 && (double)jitter_ns < expected_ns + 2);
	}
}

static void order_is_counted(void **state)
{
	struct source *s = *state;
	run(s, 100);
	push_rtp(s, SSRC, 101, 0, s->now_ns);
	push_rtp(s, SSRC, 102, 0, s->now_ns);
	push_rtp(s, SSRC, 100, 0, s->now_ns);
	push_rtp(s, SSRC, 101, 0, s->now_ns);
	push_rtp(s, SSRC, 101, 0, s->now_ns);
	struct quality_report r = report(s);
	assert_int_equal(r.received, 103);
	assert_int_equal(r.reordered, 1);
	assert_int_equal(r.duplicate, 2);
}

static void a_second_sender_is_not_counted(void **state)
{
	struct source *s = *state;
	for (unsigned i = 0; i < 100; i++) {
		arrive(s, 0);
		push_rtp(s, SSRC + 1, (uint16_t)(i * 77), 0, s->now_ns);
	}
	struct quality_report r = report(s);
	assert_int_equal(r.received, 100);
	assert_int_equal(r.reordered + r.duplicate, 0);
	assert_int_equal(r.jitter_ns, 0);
	/* The first one ends: 100 ms later the other one takes over. */
	uint64_t after_ns = s->now_ns + 100 * MS;
	for (unsigned i = 0; i < 10; i++)
		push_rtp(s, SSRC + 1, (uint16_t)(8000 + i), i * 180, after_ns + i * PERIOD);
	assert_int_equal(report(s).received, 110);
	assert_int_equal(report(s).reordered, 0);
}

static void lost_packets_are_media_loss(void **state)
{
	struct source *s = *state;
	run(s, 1200);
	lose(s, 20);
	run(s, 500);
	assert_int_equal(report(s).lost, 20);
	assert_int_equal(report(s).mdi.lost_ts, 140);
	/* What was lost does not count as a slower medium. */
	for (unsigned i = 0; i < 4; i++) {
		run(s, 500);
		assert_int_equal(report(s).mdi.lost_ts, 0);
		assert_in_range(report(s).mdi.delay_ns, PERIOD * 9 / 10, PERIOD * 22 / 10);
	}
	assert_int_equal(report(s).mdi_worst.lost_ts, 140);
}

/* Without sequence numbers the continuity counters say it. */
static void plain_udp_has_media_loss_too(void **state)
{
	struct source *s = *state;
	s->plain = true;
	run(s, 1201);
	lose(s, 1);
	run(s, 500);
	assert_int_equal(report(s).lost, 0);
	assert_int_equal(report(s).mdi.lost_ts, 7);
	assert_int_equal(report(s).tr101290.continuity, 2);
}

/* A sender that changes from RTP to plain packets, and back. */
static void loss_is_seen_after_a_change_of_transport(void **state)
{
	struct source *s = *state;
	run(s, 1201);
	s->plain = true;
	run(s, 600);
	lose(s, 1);
	run(s, 600);
	assert_int_equal(report(s).mdi_worst.lost_ts, 7);
	s->plain = false;
	run(s, 600);
	lose(s, 2);
	run(s, 1100);
	assert_int_equal(report(s).mdi_worst.lost_ts, 14);
	assert_int_equal(report(s).lost, 2);
}

static void send_with_a_hole(struct channel *c)
{
	channel_write(c);
	g_ptr_array_remove_index(c->datagrams, 1);
	channel_send(c);
	channel_write_and_send(c, 2);
}

static void gaps_without_rtp_are_counted_apart(void **state)
{
	(void)state;
	struct channel *c = channel_new();
	struct stream_counters counters;
	channel_write_and_send(c, 5);
	send_with_a_hole(c);
	stream_counters(c->stream, &counters);
	assert_int_equal(counters.rtp_lost, 1);
	assert_true(counters.ts_continuity > 0);
	assert_int_equal(counters.plain_gaps, 0);
	c->plain_udp = true;
	channel_write_and_send(c, 5);
	stream_counters(c->stream, &counters);
	assert_int_equal(counters.plain_gaps, 0);
	send_with_a_hole(c);
	stream_counters(c->stream, &counters);
	assert_int_equal(counters.rtp_lost, 1);
	assert_true(counters.plain_gaps > 0);
	uint64_t gaps = counters.plain_gaps;
	c->plain_udp = false;
	channel_write_and_send(c, 5);
	send_with_a_hole(c);
	stream_counters(c->stream, &counters);
	assert_int_equal(counters.rtp_lost, 2);
	assert_int_equal(counters.plain_gaps, gaps);
	channel_free(c);
}

/* A pause of 100 ms and then what should have come in between: that much buffer it takes. */
static void the_delay_factor_is_the_buffer_needed(void **state)
{
	struct source *s = *state;
	run(s, 1600);
	for (unsigned i = 0; i < 50; i++)
		arrive(s, 100 * MS - i * PERIOD);
	run(s, 1000);
	struct quality_report r = report(s);
	assert_in_range(r.mdi_worst.delay_ns, 98 * MS, 104 * MS);
	assert_in_range(r.mdi.delay_ns, PERIOD * 9 / 10, PERIOD * 22 / 10);
}

/* In a silence the buffer runs dry: it would have had to hold all of it. */
static void a_silence_is_in_the_delay_factor(void **state)
{
	struct source *s = *state;
	run(s, 1600);
	uint64_t before = s->n;
	while (s->n < before + 1250)
		write_seven(s);
	run(s, 1);
	assert_in_range(report(s).mdi.delay_ns, 2490 * MS, 2510 * MS);
}

static void sync_is_lost_and_found(void **state)
{
	struct source *s = *state;
	run(s, 10);
	quality_bad_sync(s->q);
	run(s, 1);
	assert_int_equal(report(s).tr101290.sync_byte, 1);
	assert_int_equal(report(s).tr101290.sync_loss, 0);
	for (unsigned i = 0; i < 3; i++)
		quality_bad_sync(s->q);
	run(s, 10);
	assert_int_equal(report(s).tr101290.sync_byte, 4);
	assert_int_equal(report(s).tr101290.sync_loss, 1);
	quality_bad_sync(s->q);
	quality_bad_sync(s->q);
	assert_int_equal(report(s).tr101290.sync_loss, 2);
}

static void missing_tables_are_counted_every_half_second(void **state)
{
	struct source *s = *state;
	run(s, 500);
	s->without_pat = true;
	run(s, 1000);
	uint64_t pat = report(s).tr101290.pat;
	assert_in_range(pat, 3, 4);
	assert_int_equal(report(s).tr101290.pmt, 0);
	s->without_pat = false;
	s->without_pmt = true;
	run(s, 50);
	pat = report(s).tr101290.pat;
	run(s, 950);
	assert_int_equal(report(s).tr101290.pat, pat);
	assert_in_range(report(s).tr101290.pmt, 3, 4);
	assert_int_equal(report(s).tr101290.pid, 0);
}

/* The last PAT came at 900 ms: half a second later it is not late yet, soon after it is. */
static void a_pat_is_missing_after_half_a_second(void **state)
{
	struct source *s = *state;
	run(s, 451);
	s->without_pat = true;
	while (s->now_ns < START + 1400 * MS)
		arrive(s, 0);
	assert_int_equal(report(s).tr101290.pat, 0);
	while (s->now_ns < START + 1454 * MS)
		arrive(s, 0);
	assert_int_equal(report(s).tr101290.pat, 1);
	assert_int_equal(report(s).tr101290.pmt, 0);
}

static void a_missing_pid_is_counted(void **state)
{
	struct source *s = *state;
	run(s, 500);
	s->without_audio = true;
	run(s, 2400);
	assert_int_equal(report(s).tr101290.pid, 0);
	run(s, 300);
	assert_int_equal(report(s).tr101290.pid, 1);
	/* The PMT names it no more: nothing is missing. */
	s->w.audio_type = 0;
	s->w.pmt_version++;
	run(s, 6000);
	assert_int_equal(report(s).tr101290.pid, 1);
}

/* Where nothing came at all, every single PID was not missing. */
static void a_pause_of_everything_is_no_error_of_its_tables(void **state)
{
	struct source *s = *state;
	run(s, 500);
	s->n += 5000;
	s->w.counters[VIDEO_PID] = s->w.counters[AUDIO_PID] = 0;
	run(s, 500);
	assert_int_equal(report(s).tr101290.pat + report(s).tr101290.pmt, 0);
	assert_int_equal(report(s).tr101290.pid, 0);
}

static void wrong_and_scrambled_tables_are_counted(void **state)
{
	struct source *s = *state;
	run(s, 100);
	static const uint8_t other[] = {0x42, 0x30, 0x01, 0x00};
	g_byte_array_set_size(s->w.ts, 0);
	ts_writer_section(&s->w, 0, other, sizeof other);
	push_ts(s);
	assert_int_equal(report(s).tr101290.pat, 1);
	g_byte_array_set_size(s->w.ts, 0);
	ts_writer_pat(&s->w);
	s->w.ts->data[3] |= 0x80;
	push_ts(s);
	g_byte_array_set_size(s->w.ts, 0);
	ts_writer_pmt(&s->w);
	s->w.ts->data[3] |= 0x80;
	push_ts(s);
	assert_int_equal(report(s).tr101290.pat, 2);
	assert_int_equal(report(s).tr101290.pmt, 1);
}

static void continuity_allows_one_duplicate(void **state)
{
	struct source *s = *state;
	struct ts_packet packet;
	run(s, 10);
	g_byte_array_set_size(s->w.ts, 0);
	fill(s, VIDEO_PID);
	push_ts(s);
	push_ts(s);
	assert_int_equal(report(s).tr101290.continuity, 0);
	push_ts(s);
	assert_int_equal(report(s).tr101290.continuity, 1);
	assert_int_equal(ts_parse(s->w.ts->data, &packet), 0);
	packet.counter = (packet.counter + 5) & 0xf;
	packet.discontinuity = true;
	quality_ts(s->q, &packet, s->now_ns);
	assert_int_equal(report(s).tr101290.continuity, 1);
}

/* A PAT that names as many PMTs as fit, again and again others: nothing grows, nothing is hurt. */
static void tables_of_all_sorts_are_borne(void **state)
{
	struct source *s = *state;
	GRand *random = g_rand_new_with_seed(3);
	for (unsigned i = 0; i < 2000; i++) {
		s->w.pmt_pid = (uint16_t)g_rand_int_range(random, 0, 8191);
		s->w.programme = (uint16_t)g_rand_int_range(random, 0, 4);
		s->w.video_pid = (uint16_t)g_rand_int_range(random, 0, 8191);
		s->w.audio_pid = (uint16_t)g_rand_int_range(random, 0, 3);
		g_byte_array_set_size(s->w.ts, 0);
		ts_writer_pat(&s->w);
		ts_writer_pmt(&s->w);
		s->now_ns += 30 * MS;
		push_ts(s);
	}
	g_rand_free(random);
	assert_int_equal(report(s).tr101290.pat, 0);
}

/* What the stream sees gets there. */
static void a_stream_tells_it_all(void **state)
{
	(void)state;
	struct channel *c = channel_new();
	struct quality_report r;
	channel_write_and_send(c, 100);
	channel_write(c);
	g_ptr_array_remove_index(c->datagrams, 1);
	channel_send(c);
	channel_write_and_send(c, 50);
	stream_quality(c->stream, c->now_ns, &r);
	assert_int_equal(r.lost, 1);
	assert_true(r.received > 300);
	assert_true(r.ts_bps > 500000 && r.line_bps > r.ts_bps);
	assert_true(r.mdi.known);
	assert_int_equal(r.mdi_worst.lost_ts, 7);
	assert_int_equal(r.tr101290.pat + r.tr101290.pmt + r.tr101290.pid, 0);
	assert_true(r.tr101290.continuity >= 1);
	channel_free(c);
}

/* Given up as lost, and then it comes: that is one loss of media, not two. */
static void a_late_packet_is_lost_once(void **state)
{
	(void)state;
	struct channel *c = channel_new();
	struct quality_report r;
	channel_write_and_send(c, 100);
	channel_write(c);
	GBytes *late = g_bytes_ref(g_ptr_array_index(c->datagrams, 1));
	g_ptr_array_remove_index(c->datagrams, 1);
	channel_send(c);
	channel_write_and_send(c, 1);
	channel_send_bytes(c, g_bytes_get_data(late, NULL), g_bytes_get_size(late));
	g_bytes_unref(late);
	channel_write_and_send(c, 50);
	stream_quality(c->stream, c->now_ns, &r);
	assert_int_equal(r.lost, 1);
	assert_int_equal(r.reordered, 1);
	assert_int_equal(r.mdi_worst.lost_ts, 7);
	channel_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_clean_stream_is_clean, setup, teardown),
		cmocka_unit_test_setup_teardown(the_rate_is_of_the_last_second, setup, teardown),
		cmocka_unit_test_setup_teardown(jitter_is_as_rfc_3550_has_it, setup, teardown),
		cmocka_unit_test_setup_teardown(order_is_counted, setup, teardown),
		cmocka_unit_test_setup_teardown(a_second_sender_is_not_counted, setup, teardown),
		cmocka_unit_test_setup_teardown(lost_packets_are_media_loss, setup, teardown),
		cmocka_unit_test_setup_teardown(plain_udp_has_media_loss_too, setup, teardown),
		cmocka_unit_test_setup_teardown(
			loss_is_seen_after_a_change_of_transport, setup, teardown),
		cmocka_unit_test(gaps_without_rtp_are_counted_apart),
		cmocka_unit_test_setup_teardown(
			the_delay_factor_is_the_buffer_needed, setup, teardown),
		cmocka_unit_test_setup_teardown(a_silence_is_in_the_delay_factor, setup, teardown),
		cmocka_unit_test_setup_teardown(sync_is_lost_and_found, setup, teardown),
		cmocka_unit_test_setup_teardown(
			missing_tables_are_counted_every_half_second, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_pat_is_missing_after_half_a_second, setup, teardown),
		cmocka_unit_test_setup_teardown(a_missing_pid_is_counted, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_pause_of_everything_is_no_error_of_its_tables, setup, teardown),
		cmocka_unit_test_setup_teardown(
			wrong_and_scrambled_tables_are_counted, setup, teardown),
		cmocka_unit_test_setup_teardown(continuity_allows_one_duplicate, setup, teardown),
		cmocka_unit_test_setup_teardown(tables_of_all_sorts_are_borne, setup, teardown),
		cmocka_unit_test(a_stream_tells_it_all),
		cmocka_unit_test(a_late_packet_is_lost_once),
	};
	return cmocka_run_group_tests_name("receive_quality", tests, NULL, NULL);
}
