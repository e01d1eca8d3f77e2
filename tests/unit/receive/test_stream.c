/* What a viewer relies on: the right units with the right times, from good, bad and odd packets. */
#include "tests/support/test.h"

#include "tests/unit/receive/channel.h"

#include <string.h>

#define MS UINT64_C(1000000)

static int setup(void **state)
{
	*state = channel_new();
	return 0;
}

static int teardown(void **state)
{
	channel_free(*state);
	return 0;
}

static struct stream_counters counters(const struct channel *c)
{
	struct stream_counters ret;
	stream_counters(c->stream, &ret);
	return ret;
}

static unsigned count_units(const struct channel *c, enum stream_kind kind)
{
	unsigned n = 0;
	while (channel_unit(c, kind, n))
		n++;
	return n;
}

/* Video units are these pictures one after the other, byte by byte, and whole. */
static void expect_pictures(const struct channel *c, uint64_t first, unsigned n)
{
	assert_int_equal(count_units(c, STREAM_VIDEO), n);
	for (unsigned i = 0; i < n; i++) {
		const struct stream_unit *unit = channel_unit(c, STREAM_VIDEO, i);
		uint64_t frame = first + i;
		bool key = frame % c->gop == 0;
		GByteArray *wanted = ts_writer_h264(key ? c->key_picture : TS_WRITER_P,
			CHANNEL_BODY, (uint8_t)(1 + frame % 200));
		assert_int_equal(g_bytes_get_size(unit->data), wanted->len);
		assert_memory_equal(g_bytes_get_data(unit->data, NULL), wanted->data, wanted->len);
		g_byte_array_unref(wanted);
		assert_false(unit->damaged);
		assert_int_equal(unit->key, key);
		assert_int_equal(unit->pts_90khz, unit->dts_90khz + CHANNEL_FRAME_90KHZ);
		if (i > 0)
			assert_int_equal(
				unit->dts_90khz, channel_unit(c, STREAM_VIDEO, i - 1)->dts_90khz +
							 CHANNEL_FRAME_90KHZ);
	}
}

static void a_channel_comes_as_psi_rap_and_units(void **state)
{
	struct channel *c = *state;
	uint64_t start_ns = c->now_ns;
	channel_write_and_send(c, 10);
	const struct stream_event *e = &g_array_index(c->events, struct stream_event, 0);
	assert_int_equal(e[0].type, STREAM_EVENT_PSI);
	assert_int_equal(e[0].video, STREAM_CODEC_H264);
	assert_int_equal(e[0].audio, STREAM_CODEC_AAC);
	assert_int_equal(e[1].type, STREAM_EVENT_RAP);
	assert_int_equal(e[1].at_ns, start_ns);
	assert_int_equal(e[2].type, STREAM_EVENT_UNIT);
	assert_int_equal(channel_count(c, STREAM_EVENT_PSI), 1);
	assert_int_equal(channel_count(c, STREAM_EVENT_RAP), 1);
	expect_pictures(c, 0, 10);

	const struct stream_unit *video = channel_unit(c, STREAM_VIDEO, 0);
	assert_int_equal(video->codec, STREAM_CODEC_H264);
	assert_int_equal(video->first_arrival_ns, start_ns);
	assert_int_equal(video->last_arrival_ns, start_ns);
	assert_int_equal(video->decode_due_ns, start_ns + 800 * MS);
	assert_int_equal(video->due_ns, start_ns + 840 * MS);
	const struct stream_unit *audio = channel_unit(c, STREAM_AUDIO, 0);
	assert_int_equal(count_units(c, STREAM_AUDIO), 10);
	assert_int_equal(audio->codec, STREAM_CODEC_AAC);
	assert_int_equal(audio->due_ns, start_ns + 100 * MS);
	assert_int_equal(audio->pts_90khz, audio->dts_90khz);
}

/* Else every zap that falls between two tables would wait a GOP longer, one in 20 or so. */
static void a_key_picture_before_the_tables_is_not_lost(void **state)
{
	struct channel *c = *state;
	uint64_t start_ns = c->now_ns;
	c->with_psi = false;
	channel_write_and_send(c, 3);
	assert_int_equal(c->events->len, 0);
	c->with_psi = true;
	channel_write_and_send(c, 5);
	expect_pictures(c, 0, 8);
	const struct stream_unit *key = channel_unit(c, STREAM_VIDEO, 0);
	assert_int_equal(key->last_arrival_ns, start_ns);
	assert_int_equal(key->decode_due_ns, start_ns + 800 * MS);
	assert_int_equal(count_units(c, STREAM_AUDIO), 8);
	assert_int_equal(channel_count(c, STREAM_EVENT_RAP), 1);
}

/* Tables that never come cost no more than so much memory, and the newest packets stay. */
static void what_waits_for_tables_is_bounded(void **state)
{
	struct channel *c = *state;
	c->with_psi = false;
	channel_write_and_send(c, 1000);
	c->with_psi = true;
	channel_write_and_send(c, 13);
	assert_int_equal(channel_count(c, STREAM_EVENT_PSI), 1);
	unsigned n = count_units(c, STREAM_VIDEO);
	assert_true(n > 20 && n < 400);
	for (unsigned i = 0; i < n; i++)
		assert_false(channel_unit(c, STREAM_VIDEO, i)->damaged);
}

/* A remuxer that keeps old PCRs, say: nothing may wait for an hour, and nothing pile up. */
static void units_far_from_the_pcr_play_as_they_arrive(void **state)
{
	struct channel *c = *state;
	channel_write_and_send(c, 5);
	channel_forget_events(c);
	c->start_90khz += UINT64_C(3600) * 90000;
	channel_write_and_send(c, 5);
	assert_true(count_units(c, STREAM_VIDEO) >= 4);
	for (unsigned i = 0; i < count_units(c, STREAM_VIDEO); i++) {
		const struct stream_unit *unit = channel_unit(c, STREAM_VIDEO, i);
		assert_in_range(unit->due_ns - unit->last_arrival_ns, 0, 2000 * MS);
		assert_true(unit->due_ns >= unit->decode_due_ns);
	}
}

static void a_unit_is_out_with_its_last_packet(void **state)
{
	struct channel *c = *state;
	c->with_audio = false;
	channel_write(c);
	assert_true(c->datagrams->len > 2);
	for (guint i = 0; i < c->datagrams->len; i++) {
		gsize len;
		const void *data = g_bytes_get_data(g_ptr_array_index(c->datagrams, i), &len);
		channel_send_bytes(c, data, len);
		bool last = i + 1 == c->datagrams->len;
		assert_int_equal(count_units(c, STREAM_VIDEO), last ? 1 : 0);
	}
}

static void video_waits_for_a_key_picture_and_audio_does_not(void **state)
{
	struct channel *c = *state;
	c->frame = 4;
	channel_write_and_send(c, 6);
	assert_int_equal(count_units(c, STREAM_VIDEO), 0);
	assert_int_equal(count_units(c, STREAM_AUDIO), 6);
	assert_int_equal(channel_count(c, STREAM_EVENT_RAP), 0);
	uint64_t key_ns = c->now_ns;
	channel_write_and_send(c, 5);
	expect_pictures(c, 10, 5);
	for (guint i = 0; i < c->events->len; i++) {
		struct stream_event *e = &g_array_index(c->events, struct stream_event, i);
		if (e->type == STREAM_EVENT_RAP)
			assert_int_equal(e->at_ns, key_ns);
	}
}

static void recovery_points_and_intra_pictures_open_too(void **state)
{
	static const enum ts_writer_picture pictures[] = {TS_WRITER_RECOVERY, TS_WRITER_INTRA};
	for (size_t i = 0; i < G_N_ELEMENTS(pictures); i++) {
		struct channel *c = channel_new();
		c->key_picture = pictures[i];
		c->frame = 8;
		channel_write_and_send(c, 5);
		expect_pictures(c, 10, 3);
		channel_free(c);
	}
	(void)state;
}

static void a_damaged_key_picture_does_not_open(void **state)
{
	struct channel *c = *state;
	channel_write(c);
	g_ptr_array_remove_index(c->datagrams, 1);
	channel_send(c);
	channel_write_and_send(c, 9);
	assert_int_equal(count_units(c, STREAM_VIDEO), 0);
	channel_write_and_send(c, 3);
	expect_pictures(c, 10, 3);
	assert_int_equal(counters(c).rtp_lost, 1);
}

/* The viewer has waited for a GOP: damaged pictures are better than none. */
static void the_second_damaged_key_picture_opens(void **state)
{
	struct channel *c = *state;
	for (unsigned gop = 0; gop < 2; gop++) {
		channel_write(c);
		g_ptr_array_remove_index(c->datagrams, 1);
		channel_send(c);
		channel_write_and_send(c, 9);
	}
	assert_int_equal(count_units(c, STREAM_VIDEO), 10);
	assert_true(channel_unit(c, STREAM_VIDEO, 0)->key);
	assert_true(channel_unit(c, STREAM_VIDEO, 0)->damaged);
}

static void counters_and_times_wrap_unnoticed(void **state)
{
	struct channel *c = *state;
	c->w.sequence = 65500;
	c->start_90khz = (UINT64_C(1) << 33) - 20 * CHANNEL_FRAME_90KHZ;
	uint64_t start_ns = c->now_ns;
	channel_write_and_send(c, 60);
	expect_pictures(c, 0, 60);
	for (unsigned i = 0; i < 60; i++) {
		const struct stream_unit *unit = channel_unit(c, STREAM_VIDEO, i);
		assert_int_equal(unit->decode_due_ns, start_ns + 800 * MS + i * CHANNEL_FRAME_NS);
	}
	struct stream_counters k = counters(c);
	assert_int_equal(k.rtp_lost + k.rtp_restarts + k.ts_continuity + k.psi_crc, 0);
}

static void plain_udp_is_understood_without_being_told(void **state)
{
	struct channel *c = *state;
	c->plain_udp = true;
	channel_write_and_send(c, 12);
	expect_pictures(c, 0, 12);
	assert_int_equal(counters(c).not_ts, 0);
}

static void swap(GPtrArray *array, guint a, guint b)
{
	gpointer other = array->pdata[a];
	array->pdata[a] = array->pdata[b];
	array->pdata[b] = other;
}

/* Heap's algorithm over the datagrams at `at`; each order is received by a stream of its own. */
static void permute(struct channel *c, guint at, guint n)
{
	if (n > 1) {
		for (guint i = 0; i < n; i++) {
			permute(c, at, n - 1);
			swap(c->datagrams, at + n - 1, at + (n % 2 ? 0 : i));
		}
		return;
	}
	stream_free(c->stream);
	c->stream = stream_new();
	channel_forget_events(c);
	for (guint i = 0; i < c->datagrams->len; i++) {
		gsize len;
		const void *data = g_bytes_get_data(c->datagrams->pdata[i], &len);
		channel_send_bytes(c, data, len);
	}
	expect_pictures(c, 0, 4);
	assert_int_equal(counters(c).rtp_lost, 0);
	assert_int_equal(counters(c).ts_continuity, 0);
}

static void each_order_of_packets_gives_the_same_pictures(void **state)
{
	struct channel *c = *state;
	for (unsigned i = 0; i < 4; i++)
		channel_write(c);
	permute(c, 3, 5);
}

/* The second datagram of a picture came 5 ms before its first. */
static void arrival_is_from_the_earliest_to_the_latest_packet(void **state)
{
	struct channel *c = *state;
	uint64_t start_ns = c->now_ns;
	channel_write_and_send(c, 1);
	channel_write(c);
	swap(c->datagrams, 0, 1);
	for (guint i = 0; i < c->datagrams->len; i++) {
		gsize len;
		const void *data = g_bytes_get_data(c->datagrams->pdata[i], &len);
		channel_send_bytes(c, data, len);
		c->now_ns += i == 0 ? 5 * MS : 0;
	}
	const struct stream_unit *unit = channel_unit(c, STREAM_VIDEO, 1);
	assert_non_null(unit);
	assert_int_equal(unit->first_arrival_ns, start_ns + CHANNEL_FRAME_NS);
	assert_int_equal(unit->last_arrival_ns, start_ns + CHANNEL_FRAME_NS + 5 * MS);
}

static void duplicates_are_counted_and_change_nothing(void **state)
{
	struct channel *c = *state;
	for (unsigned i = 0; i < 5; i++) {
		channel_write(c);
		for (guint j = 0; j < c->datagrams->len; j += 2)
			g_ptr_array_insert(
				c->datagrams, (gint)j + 1, g_bytes_ref(c->datagrams->pdata[j]));
		channel_send(c);
	}
	expect_pictures(c, 0, 5);
	assert_true(counters(c).rtp_duplicate > 0);
	assert_int_equal(counters(c).ts_continuity, 0);
}

static void loss_damages_one_picture_and_stalls_nothing(void **state)
{
	struct channel *c = *state;
	channel_write_and_send(c, 5);
	channel_write(c);
	g_ptr_array_remove_index(c->datagrams, 1);
	channel_send(c);
	channel_write_and_send(c, 4);
	assert_int_equal(count_units(c, STREAM_VIDEO), 10);
	for (unsigned i = 0; i < 10; i++) {
		const struct stream_unit *unit = channel_unit(c, STREAM_VIDEO, i);
		assert_int_equal(unit->damaged, i == 5);
		assert_int_equal(channel_fill(unit), 1 + i);
	}
	struct stream_counters k = counters(c);
	assert_int_equal(k.rtp_lost, 1);
	assert_int_equal(k.ts_continuity, 1);
}

/* Sixteen pictures of sixteen packets each are lost: all counters go on as if nothing was. */
static void a_loss_that_counters_do_not_show_is_seen(void **state)
{
	struct channel *c = *state;
	channel_write_and_send(c, 2);
	uint8_t counters_before[8192];
	for (unsigned i = 0; i < 18; i++) {
		channel_write(c);
		if (i == 0)
			memcpy(counters_before, c->w.counters, sizeof(counters_before));
		if (i == 16)
			assert_memory_equal(
				counters_before, c->w.counters, sizeof(counters_before));
	}
	/* Of the first and of the last but one of these, something is left. */
	guint per_picture = c->datagrams->len / 18;
	g_ptr_array_remove_range(c->datagrams, 1, 16 * per_picture);
	channel_send(c);
	channel_write_and_send(c, 2);
	const struct stream_unit *unit = channel_unit(c, STREAM_VIDEO, 2);
	assert_non_null(unit);
	assert_true(unit->damaged);
	assert_int_equal(counters(c).rtp_lost, 16 * per_picture);
}

static void an_open_gap_has_a_deadline(void **state)
{
	struct channel *c = *state;
	channel_write_and_send(c, 1);
	assert_true(stream_deadline(c->stream) == UINT64_MAX);
	channel_write(c);
	g_ptr_array_remove_index(c->datagrams, 0);
	uint64_t sent_ns = c->now_ns;
	channel_send(c);
	assert_int_equal(stream_deadline(c->stream), sent_ns + 20 * MS);
	assert_int_equal(count_units(c, STREAM_AUDIO), 1);
	stream_advance(c->stream, sent_ns + 20 * MS);
	channel_take_events(c);
	assert_int_equal(count_units(c, STREAM_AUDIO), 2);
	assert_true(stream_deadline(c->stream) == UINT64_MAX);
}

static void a_restarted_sender_is_followed(void **state)
{
	struct channel *c = *state;
	channel_write_and_send(c, 10);
	c->w.ssrc = 0x87654321;
	c->w.sequence = 1;
	c->now_ns += 100 * MS;
	channel_write_and_send(c, 10);
	assert_int_equal(count_units(c, STREAM_VIDEO), 20);
	assert_int_equal(counters(c).rtp_restarts, 1);
	assert_false(channel_unit(c, STREAM_VIDEO, 19)->damaged);
}

static void garbage_is_counted_and_does_no_harm(void **state)
{
	struct channel *c = *state;
	GRand *random = g_rand_new_with_seed(3);
	uint64_t sent = 0;
	for (unsigned i = 0; i < 50; i++) {
		uint8_t garbage[400];
		size_t len = (size_t)g_rand_int_range(random, 0, sizeof(garbage));
		for (size_t j = 0; j < len; j++)
			garbage[j] = (uint8_t)g_rand_int_range(random, 0, 256);
		if (len > 0)
			garbage[0] &= 0x3f; /* no RTP, which may take over a sequence */
		channel_send_bytes(c, garbage, len);
		sent++;
		channel_write_and_send(c, 1);
	}
	g_rand_free(random);
	expect_pictures(c, 0, 50);
	assert_int_equal(counters(c).not_ts, sent);
}

static void other_payload_types_are_counted(void **state)
{
	struct channel *c = *state;
	channel_write_and_send(c, 3);
	uint8_t fec[100] = {0x80, 96, 0xff};
	channel_send_bytes(c, fec, sizeof(fec));
	channel_write_and_send(c, 3);
	expect_pictures(c, 0, 6);
	assert_int_equal(counters(c).rtp_other_payload, 1);
}

static void half_a_packet_is_stepped_over(void **state)
{
	struct channel *c = *state;
	c->plain_udp = true;
	channel_write_and_send(c, 2);
	channel_write(c);
	/* Half a null packet before, and half a one behind. */
	gsize len;
	const uint8_t *data = g_bytes_get_data(c->datagrams->pdata[0], &len);
	GByteArray *odd = g_byte_array_new();
	uint8_t half[90] = {0x11};
	g_byte_array_append(odd, half, sizeof(half));
	g_byte_array_append(odd, data, (guint)len);
	g_byte_array_append(odd, (const uint8_t[]){0x47, 0x1f, 0xff, 0x10}, 4);
	g_bytes_unref(c->datagrams->pdata[0]);
	c->datagrams->pdata[0] = g_byte_array_free_to_bytes(odd);
	channel_send(c);
	expect_pictures(c, 0, 3);
	assert_int_equal(counters(c).ts_sync_lost, 2);
}

static void each_truncation_of_a_datagram_is_survived(void **state)
{
	struct channel *c = *state;
	channel_write_and_send(c, 2);
	channel_write(c);
	gsize len;
	const uint8_t *data = g_bytes_get_data(c->datagrams->pdata[0], &len);
	for (gsize n = 1; n < len; n++) {
		struct stream *stream = stream_new();
		uint8_t *copy = g_memdup2(data, n);
		stream_receive(stream, copy, n, 0);
		stream_receive(stream, copy + MIN(n, 12), n - MIN(n, 12), 0);
		g_free(copy);
		stream_free(stream);
	}
	channel_send(c);
	expect_pictures(c, 0, 3);
}

static void a_pmt_with_other_pids_is_followed(void **state)
{
	struct channel *c = *state;
	channel_write_and_send(c, 5);
	c->w.pmt_version = 1;
	c->w.video_pid = 0x201;
	c->w.audio_pid = 0x202;
	c->w.pcr_pid = 0x201;
	channel_write_and_send(c, 5);
	/* Another stream: a decoder may begin only with its next key picture. */
	expect_pictures(c, 0, 5);
	assert_int_equal(channel_count(c, STREAM_EVENT_PSI), 2);
	channel_forget_events(c);
	channel_write_and_send(c, 10);
	expect_pictures(c, 10, 10);
	assert_int_equal(channel_count(c, STREAM_EVENT_RAP), 1);
	assert_int_equal(count_units(c, STREAM_AUDIO), 10);
}

static void a_new_version_alone_interrupts_nothing(void **state)
{
	struct channel *c = *state;
	channel_write_and_send(c, 5);
	c->w.pmt_version = 1;
	c->w.pat_version = 7;
	channel_write_and_send(c, 5);
	expect_pictures(c, 0, 10);
	assert_int_equal(channel_count(c, STREAM_EVENT_PSI), 2);
}

/* The same version numbers, other content: another channel's tables on the same group. */
static void tables_are_told_apart_by_more_than_their_version(void **state)
{
	struct channel *c = *state;
	channel_write_and_send(c, 5);
	c->w.pmt_pid = 0x300;
	c->w.programme = 9;
	c->w.video_pid = 0x301;
	c->w.pcr_pid = 0x301;
	c->frame = 10;
	channel_forget_events(c);
	channel_write_and_send(c, 5);
	expect_pictures(c, 10, 5);
}

static void a_broken_table_is_counted_and_ignored(void **state)
{
	struct channel *c = *state;
	channel_write_and_send(c, 2);
	ts_writer_pmt(&c->w);
	c->w.ts->data[4 + 1 + 13] ^= 0xff; /* the first stream's type */
	channel_write_and_send(c, 2);
	expect_pictures(c, 0, 4);
	assert_int_equal(counters(c).psi_crc, 1);
	assert_int_equal(channel_count(c, STREAM_EVENT_PSI), 1);
}

static void codecs_that_we_do_not_play_are_named(void **state)
{
	struct channel *c = *state;
	c->w.video_type = 0x10; /* MPEG-4 part 2 */
	c->w.audio_type = 0x1c; /* AAC without ADTS or LATM */
	channel_write_and_send(c, 10);
	const struct stream_event *e = &g_array_index(c->events, struct stream_event, 0);
	assert_int_equal(c->events->len, 1);
	assert_int_equal(e->video, STREAM_CODEC_OTHER);
	assert_int_equal(e->audio, STREAM_CODEC_OTHER);
}

static void radio_has_no_video(void **state)
{
	struct channel *c = *state;
	c->w.video_type = 0;
	channel_write_and_send(c, 10);
	const struct stream_event *e = &g_array_index(c->events, struct stream_event, 0);
	assert_int_equal(e->video, STREAM_CODEC_NONE);
	assert_int_equal(e->audio, STREAM_CODEC_AAC);
	assert_int_equal(count_units(c, STREAM_AUDIO), 10);
	assert_int_equal(count_units(c, STREAM_VIDEO), 0);
}

static void other_programmes_are_ignored(void **state)
{
	struct channel *c = *state;
	struct ts_writer other;
	ts_writer_init(&other);
	for (unsigned i = 0; i < 10; i++) {
		/* Its PMT on the same PID, which programmes may share. */
		other.programme = 2;
		other.video_pid = 0x401;
		other.counters[other.pmt_pid] = c->w.counters[c->w.pmt_pid];
		ts_writer_pmt(&other);
		c->w.counters[c->w.pmt_pid] = other.counters[other.pmt_pid];
		g_byte_array_append(c->w.ts, other.ts->data, other.ts->len);
		g_byte_array_set_size(other.ts, 0);
		channel_write_and_send(c, 1);
	}
	ts_writer_clear(&other);
	expect_pictures(c, 0, 10);
	assert_int_equal(counters(c).ts_continuity, 0);
}

static void units_wait_for_the_first_pcr(void **state)
{
	struct channel *c = *state;
	c->with_pcr = false;
	uint64_t start_ns = c->now_ns;
	channel_write_and_send(c, 2);
	assert_int_equal(channel_count(c, STREAM_EVENT_UNIT), 0);
	assert_int_equal(stream_deadline(c->stream), start_ns + 100 * MS);
	c->with_pcr = true;
	channel_write_and_send(c, 1);
	expect_pictures(c, 0, 3);
	assert_true(stream_deadline(c->stream) == UINT64_MAX);
	/* PCR 2 arrived 80 ms after the start. */
	assert_int_equal(channel_unit(c, STREAM_VIDEO, 0)->decode_due_ns, start_ns + 800 * MS);
}

static void without_a_pcr_they_wait_no_longer_than_100_ms(void **state)
{
	struct channel *c = *state;
	c->with_pcr = false;
	uint64_t start_ns = c->now_ns;
	channel_write_and_send(c, 2);
	stream_advance(c->stream, start_ns + 100 * MS - 1);
	channel_take_events(c);
	assert_int_equal(channel_count(c, STREAM_EVENT_UNIT), 0);
	stream_advance(c->stream, start_ns + 100 * MS);
	channel_take_events(c);
	expect_pictures(c, 0, 2);
	assert_int_equal(channel_unit(c, STREAM_VIDEO, 0)->decode_due_ns, start_ns + 500 * MS);
	assert_int_equal(channel_unit(c, STREAM_VIDEO, 1)->decode_due_ns,
		start_ns + 500 * MS + CHANNEL_FRAME_NS);
}

static void pictures_without_a_time_follow_the_one_before(void **state)
{
	struct channel *c = *state;
	channel_write_and_send(c, 3);
	uint64_t last_90khz = channel_unit(c, STREAM_VIDEO, 2)->dts_90khz;
	GByteArray *unit = ts_writer_h264(TS_WRITER_P, 100, 1);
	ts_writer_pes(&c->w, &(struct ts_writer_pes){
				     .pid = c->w.video_pid,
				     .stream_id = 0xe0,
				     .pts_90khz = TS_WRITER_NO_TIME,
				     .dts_90khz = TS_WRITER_NO_TIME,
				     .data = unit->data,
				     .len = unit->len,
			     });
	g_byte_array_unref(unit);
	channel_write_and_send(c, 1);
	assert_int_equal(
		channel_unit(c, STREAM_VIDEO, 3)->dts_90khz, last_90khz + CHANNEL_FRAME_90KHZ);
}

/* A mux that cuts pictures: the first one comes out short, and never again. */
static void a_picture_that_goes_on_in_the_next_packet_closes_the_gate(void **state)
{
	struct channel *c = *state;
	uint8_t rest[300];
	memset(rest, 0x77, sizeof(rest));
	for (unsigned i = 0; i < 14; i++) {
		channel_write(c);
		ts_writer_pes(&c->w, &(struct ts_writer_pes){
					     .pid = c->w.video_pid,
					     .stream_id = 0xe0,
					     .pts_90khz = TS_WRITER_NO_TIME,
					     .dts_90khz = TS_WRITER_NO_TIME,
					     .data = rest,
					     .len = sizeof(rest),
				     });
		channel_send(c);
	}
	channel_write_and_send(c, 1);
	assert_int_equal(channel_count(c, STREAM_EVENT_RAP), 2);
	assert_int_equal(count_units(c, STREAM_VIDEO), 1 + 4);
	assert_int_equal(channel_fill(channel_unit(c, STREAM_VIDEO, 0)), 1);
	for (unsigned i = 1; i < 5; i++) {
		const struct stream_unit *unit = channel_unit(c, STREAM_VIDEO, i);
		assert_int_equal(unit->key, i == 1);
		assert_false(unit->damaged);
		assert_int_equal(channel_fill(unit), 0x77);
		uint64_t dts_90khz = c->start_90khz + (9 + i) * CHANNEL_FRAME_90KHZ;
		assert_int_equal(unit->dts_90khz - channel_unit(c, STREAM_VIDEO, 0)->dts_90khz,
			dts_90khz - c->start_90khz);
	}
}

static void a_jump_of_the_time_base_is_followed(void **state)
{
	struct channel *c = *state;
	channel_write_and_send(c, 10);
	c->start_90khz += UINT64_C(90000) * 3600; /* an hour ahead */
	uint64_t jump_ns = c->now_ns;
	channel_write_and_send(c, 10);
	assert_int_equal(count_units(c, STREAM_VIDEO), 20);
	assert_int_equal(channel_unit(c, STREAM_VIDEO, 10)->decode_due_ns, jump_ns + 800 * MS);
}

static void an_announced_jump_is_followed_however_small(void **state)
{
	struct channel *c = *state;
	channel_write_and_send(c, 5);
	c->with_pcr = false;
	c->start_90khz += 18000; /* 0.2 s */
	uint64_t dts_90khz = c->start_90khz + c->frame * CHANNEL_FRAME_90KHZ;
	ts_writer_pcr(&c->w, (dts_90khz - CHANNEL_LEAD_90KHZ) * 300, true);
	uint64_t jump_ns = c->now_ns;
	channel_write_and_send(c, 1);
	assert_int_equal(channel_unit(c, STREAM_VIDEO, 5)->decode_due_ns, jump_ns + 800 * MS);
}

/* A mux that stuffs within a picture: the first one comes out cut, and never again. */
static void a_picture_cut_at_stuffing_closes_the_gate(void **state)
{
	struct channel *c = *state;
	c->with_audio = false;
	for (unsigned i = 0; i < 12; i++) {
		channel_write(c);
		/* What follows the picture's last, stuffed packet goes on with it. */
		uint8_t ts[188] = {0x47, 0x01, 0x01, 0x10};
		memset(ts + 4, 0x77, 184);
		ts[3] |= c->w.counters[c->w.video_pid]++ & 0xf;
		c->w.counters[c->w.video_pid] &= 0xf;
		g_byte_array_append(c->w.ts, ts, sizeof(ts));
		channel_send(c);
	}
	/* The cut key picture, and then from the next one on. */
	assert_true(channel_unit(c, STREAM_VIDEO, 0)->key);
	assert_int_equal(channel_fill(channel_unit(c, STREAM_VIDEO, 0)), 1);
	assert_int_equal(count_units(c, STREAM_VIDEO), 2);
	const struct stream_unit *unit = channel_unit(c, STREAM_VIDEO, 1);
	assert_true(unit->key);
	assert_int_equal(channel_fill(unit), 0x77); /* whole, with what follows its stuffing */
	assert_int_equal(channel_count(c, STREAM_EVENT_RAP), 2);
}

static void events_that_nobody_takes_are_bounded(void **state)
{
	struct channel *c = *state;
	for (unsigned i = 0; i < 400; i++) {
		channel_write(c);
		for (guint j = 0; j < c->datagrams->len; j++) {
			gsize len;
			const void *data = g_bytes_get_data(c->datagrams->pdata[j], &len);
			stream_receive(c->stream, data, len, c->now_ns);
		}
		g_ptr_array_set_size(c->datagrams, 0);
		c->now_ns += CHANNEL_FRAME_NS;
	}
	channel_take_events(c);
	assert_int_equal(c->events->len, 256);
	channel_forget_events(c);
	/* Pictures are missing: video goes on with the next key picture. */
	channel_write_and_send(c, 13);
	expect_pictures(c, 400, 13);
	assert_int_equal(channel_count(c, STREAM_EVENT_RAP), 1);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_channel_comes_as_psi_rap_and_units),
		T(a_key_picture_before_the_tables_is_not_lost),
		T(what_waits_for_tables_is_bounded),
		T(units_far_from_the_pcr_play_as_they_arrive),
		T(a_unit_is_out_with_its_last_packet),
		T(video_waits_for_a_key_picture_and_audio_does_not),
		T(recovery_points_and_intra_pictures_open_too),
		T(a_damaged_key_picture_does_not_open),
		T(the_second_damaged_key_picture_opens),
		T(counters_and_times_wrap_unnoticed),
		T(plain_udp_is_understood_without_being_told),
		T(each_order_of_packets_gives_the_same_pictures),
		T(arrival_is_from_the_earliest_to_the_latest_packet),
		T(duplicates_are_counted_and_change_nothing),
		T(loss_damages_one_picture_and_stalls_nothing),
		T(a_loss_that_counters_do_not_show_is_seen),
		T(an_open_gap_has_a_deadline),
		T(a_restarted_sender_is_followed),
		T(garbage_is_counted_and_does_no_harm),
		T(other_payload_types_are_counted),
		T(half_a_packet_is_stepped_over),
		T(each_truncation_of_a_datagram_is_survived),
		T(a_pmt_with_other_pids_is_followed),
		T(a_new_version_alone_interrupts_nothing),
		T(tables_are_told_apart_by_more_than_their_version),
		T(a_broken_table_is_counted_and_ignored),
		T(codecs_that_we_do_not_play_are_named),
		T(radio_has_no_video),
		T(other_programmes_are_ignored),
		T(units_wait_for_the_first_pcr),
		T(without_a_pcr_they_wait_no_longer_than_100_ms),
		T(pictures_without_a_time_follow_the_one_before),
		T(a_picture_that_goes_on_in_the_next_packet_closes_the_gate),
		T(a_jump_of_the_time_base_is_followed),
		T(an_announced_jump_is_followed_however_small),
		T(a_picture_cut_at_stuffing_closes_the_gate),
		T(events_that_nobody_takes_are_bounded),
	};
	return cmocka_run_group_tests_name("receive_stream", tests, NULL, NULL);
}
