#include "tests/support/test.h"

#include "client/receive/adts.h"
#include "client/receive/audio_framer.h"
#include "tests/support/ts_writer.h"

#include <string.h>

struct fixture {
	struct audio_framer *framer;
	GByteArray *stream; /* frames of 1 to 8 * 40 + 7 bytes, each with its own fill */
	size_t n;
	struct audio_frame out[64];
};

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	f->framer = audio_framer_new(&adts_codec);
	f->stream = g_byte_array_new();
	for (uint8_t i = 1; i <= 8; i++) {
		GByteArray *frame = ts_writer_adts(i * 40u, i);
		g_byte_array_append(f->stream, frame->data, frame->len);
		g_byte_array_unref(frame);
	}
	*state = f;
	return 0;
}

static void forget(struct fixture *f)
{
	for (size_t i = 0; i < f->n; i++)
		g_bytes_unref(f->out[i].data);
	f->n = 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	forget(f);
	audio_framer_free(f->framer);
	g_byte_array_unref(f->stream);
	g_free(f);
	return 0;
}

static void push(struct fixture *f, const uint8_t *data, size_t len, uint64_t pts, bool damaged)
{
	struct pes_packet pes = {
		.has_pts = pts != TS_WRITER_NO_TIME,
		.damaged = damaged,
		.first_arrival_ns = pts,
		.last_arrival_ns = pts + 1,
		.data = g_bytes_new(data, len),
	};
	audio_framer_push(f->framer, &pes, pts);
	g_bytes_unref(pes.data);
	while (audio_framer_next(f->framer, &f->out[f->n]))
		assert_true(++f->n < G_N_ELEMENTS(f->out));
}

static void expect(const struct fixture *f, size_t i, uint8_t fill, uint64_t pts)
{
	gsize len;
	assert_true(i < f->n);
	const uint8_t *data = g_bytes_get_data(f->out[i].data, &len);
	assert_int_equal(len, fill * 40u + 7);
	assert_int_equal(data[0], 0xff);
	assert_int_equal(data[7], fill);
	assert_int_equal(data[len - 1], fill);
	assert_int_equal(f->out[i].pts_90khz, pts);
}

/* 1024 samples at 48 kHz: 1920. */
static void frames_of_a_packet_follow_each_other(void **state)
{
	struct fixture *f = *state;
	push(f, f->stream->data, f->stream->len, 5000, false);
	assert_int_equal(f->n, 8);
	for (size_t i = 0; i < 8; i++) {
		expect(f, i, (uint8_t)(i + 1), 5000 + i * 1920);
		assert_int_equal(f->out[i].first_arrival_ns, 5000);
		assert_int_equal(f->out[i].last_arrival_ns, 5001);
	}
}

/* Cut anywhere: the PTS of the second packet is that of the first frame that begins in it. */
static void a_frame_may_straddle_packets(void **state)
{
	for (guint cut = 1; cut < 1400; cut++) {
		struct fixture *f = *state;
		size_t whole = 0, bytes = 0; /* frames that begin before the cut */
		while (bytes < cut && whole < 8)
			bytes += ++whole * 40 + 7;
		push(f, f->stream->data, cut, 1000, false);
		push(f, f->stream->data + cut, f->stream->len - cut, 500000, false);
		assert_int_equal(f->n, 8);
		for (size_t i = 0; i < 8; i++)
			expect(f, i, (uint8_t)(i + 1),
				i < whole ? 1000 + i * 1920 : 500000 + (i - whole) * 1920);
		forget(f);
	}
}

static void a_frame_may_straddle_three_packets(void **state)
{
	struct fixture *f = *state;
	push(f, f->stream->data, 3, 1000, false);
	push(f, f->stream->data + 3, 20, TS_WRITER_NO_TIME, false);
	assert_int_equal(f->n, 0);
	push(f, f->stream->data + 23, f->stream->len - 23, 90000, false);
	assert_int_equal(f->n, 8);
	expect(f, 0, 1, 1000);
	assert_int_equal(f->out[0].first_arrival_ns, 1000);
	assert_int_equal(f->out[0].last_arrival_ns, 90001);
	expect(f, 1, 2, 90000);
}

static void without_a_pts_time_goes_on(void **state)
{
	struct fixture *f = *state;
	push(f, f->stream->data, f->stream->len, TS_WRITER_NO_TIME, false);
	assert_int_equal(f->n, 0); /* nothing to go by yet */
	push(f, f->stream->data, f->stream->len, 7000, false);
	push(f, f->stream->data, f->stream->len, TS_WRITER_NO_TIME, false);
	assert_int_equal(f->n, 16);
	expect(f, 8, 1, 7000 + 8 * 1920);
}

static void garbage_is_stepped_over(void **state)
{
	struct fixture *f = *state;
	uint8_t data[8 + 87 + 5];
	memcpy(data, (uint8_t[]){0, 0xff, 0xff, 0xff, 0xf1, 0x50, 1, 2}, 8);
	memcpy(data + 8, f->stream->data + 47, 87); /* the second frame */
	memset(data + 95, 0, 5);
	push(f, f->stream->data, 47, 100, false);
	push(f, data, 95, 90000, false);
	assert_int_equal(f->n, 2);
	expect(f, 1, 2, 90000);
	forget(f);
	/* Followed by what is no frame, it is not believed. */
	push(f, data, sizeof(data), 100, false);
	assert_int_equal(f->n, 0);
}

static void loss_drops_the_frame_that_it_cut(void **state)
{
	struct fixture *f = *state;
	push(f, f->stream->data, 47 + 87 + 20, 1000, false);
	assert_int_equal(f->n, 2);
	push(f, f->stream->data, f->stream->len, 90000, true);
	assert_int_equal(f->n, 10);
	expect(f, 2, 1, 90000);
	assert_false(f->out[1].damaged);
	assert_true(f->out[2].damaged);
}

/* 44.1 kHz: 2089.795… per frame, without an error that grows. */
static void uneven_durations_do_not_drift(void **state)
{
	struct fixture *f = *state;
	GByteArray *frame = ts_writer_adts(10, 1);
	frame->data[2] = (uint8_t)((frame->data[2] & 0xc3) | 4 << 2);
	for (int i = 0; i < 441; i++) {
		forget(f);
		push(f, frame->data, frame->len, i == 0 ? 0 : TS_WRITER_NO_TIME, false);
		assert_int_equal(f->n, 1);
	}
	assert_int_equal(f->out[0].pts_90khz, UINT64_C(440) * 1024 * 90000 / 44100);
	g_byte_array_unref(frame);
}

static void note(gpointer freed)
{
	*(bool *)freed = true;
}

/* Who holds a frame does not hold the large packet that it came in. */
static void a_small_frame_does_not_hold_its_packet(void **state)
{
	struct fixture *f = *state;
	bool freed = false;
	uint8_t *data = g_malloc0(60000);
	memcpy(data, f->stream->data, f->stream->len);
	struct pes_packet pes = {
		.has_pts = true, .data = g_bytes_new_with_free_func(data, 60000, note, &freed)};
	audio_framer_push(f->framer, &pes, 0);
	g_bytes_unref(pes.data);
	while (audio_framer_next(f->framer, &f->out[f->n]))
		f->n++;
	assert_int_equal(f->n, 7);
	assert_true(freed);
	g_free(data);
	for (size_t i = 0; i < f->n; i++)
		assert_int_equal(g_bytes_get_size(f->out[i].data), 40 * (i + 1) + 7);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_small_frame_does_not_hold_its_packet),
		T(frames_of_a_packet_follow_each_other),
		T(a_frame_may_straddle_packets),
		T(a_frame_may_straddle_three_packets),
		T(without_a_pts_time_goes_on),
		T(garbage_is_stepped_over),
		T(loss_drops_the_frame_that_it_cut),
		T(uneven_durations_do_not_drift),
	};
	return cmocka_run_group_tests_name("receive_adts", tests, NULL, NULL);
}
