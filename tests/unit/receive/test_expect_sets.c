/* A stream whose random access points lack parameter sets, that were known from an earlier time. */
#include "tests/support/test.h"

#include "client/receive/h265.h"
#include "client/receive/mpeg_video.h"
#include "client/receive/video_framer.h"
#include "tests/support/video_writer.h"
#include "tests/unit/receive/channel.h"

#include <string.h>

/* From this picture on slices refer to the PPS that there is (ts_writer_h264()). */
#define GOOD_FRAME 130

static const uint8_t SPS[] = {0, 0, 1, 0x67, 0x64, 0x00, 0x1f, 0xac};
static const uint8_t OTHER_SPS[] = {0, 0, 1, 0x67, 0x64, 0x00, 0x28, 0xac};
static const uint8_t PPS[] = {0, 0, 1, 0x68, 0xee, 0x3c};

static GByteArray *join(const uint8_t *sps, size_t len)
{
	GByteArray *sets = g_byte_array_new();
	g_byte_array_append(sets, sps, (guint)len);
	return g_byte_array_append(sets, PPS, sizeof PPS);
}

/* A channel whose programme is known, and which sends no parameter sets for now. */
static struct channel *new_bare(uint64_t frame)
{
	struct channel *before = channel_new(), *c = channel_new();
	channel_write_and_send(before, 2);
	GBytes *psi = stream_psi(before->stream);
	gsize len;
	const void *data = g_bytes_get_data(psi, &len);
	assert_true(stream_expect(c->stream, data, len));
	g_bytes_unref(psi);
	channel_free(before);
	c->frame = frame;
	c->key_picture = TS_WRITER_BARE_IDR;
	return c;
}

static bool expect(struct channel *c, const uint8_t *sps, size_t len)
{
	GByteArray *sets = join(sps, len);
	uint8_t *copy = g_memdup2(sets->data, sets->len); /* its end is the end of memory */
	bool good = stream_expect_sets(c->stream, copy, sets->len);
	g_free(copy);
	g_byte_array_unref(sets);
	return good;
}

static bool holds(const struct stream_unit *unit, const void *part, size_t part_len)
{
	gsize len;
	const void *data = g_bytes_get_data(unit->data, &len);
	return memmem(data, len, part, part_len) != NULL;
}

static void test_without_them_nothing_can_be_shown(void **state)
{
	(void)state;
	struct channel *c = new_bare(GOOD_FRAME);
	channel_write_and_send(c, 25);
	assert_null(channel_unit(c, STREAM_VIDEO, 0));
	channel_free(c);
}

static void test_with_them_the_first_point_is_shown(void **state)
{
	(void)state;
	struct channel *c = new_bare(GOOD_FRAME);
	assert_true(expect(c, SPS, sizeof SPS));
	channel_write_and_send(c, 25);
	const struct stream_unit *first = channel_unit(c, STREAM_VIDEO, 0);
	assert_non_null(first);
	assert_true(first->key);
	assert_int_equal(channel_fill(first), 1 + GOOD_FRAME);
	assert_true(holds(first, SPS, sizeof SPS));
	assert_true(holds(first, PPS, sizeof PPS));
	assert_null(stream_sets(c->stream)); /* they are not known to be true */
	channel_free(c);
}

static void test_the_streams_own_confirm_them(void **state)
{
	(void)state;
	struct channel *c = new_bare(GOOD_FRAME);
	expect(c, SPS, sizeof SPS);
	channel_write_and_send(c, 5);
	c->key_picture = TS_WRITER_IDR;
	channel_write_and_send(c, 20);
	assert_int_equal(channel_count(c, STREAM_EVENT_RAP), 1);
	assert_int_equal(channel_count(c, STREAM_EVENT_MISLED), 0);
	assert_non_null(channel_unit(c, STREAM_VIDEO, 23));
	GBytes *sets = stream_sets(c->stream);
	assert_non_null(sets);
	/* What was learned can be used next time. */
	gsize len;
	const uint8_t *data = g_bytes_get_data(sets, &len);
	struct channel *next = new_bare(GOOD_FRAME);
	assert_true(stream_expect_sets(next->stream, data, len));
	channel_write_and_send(next, 2);
	assert_non_null(channel_unit(next, STREAM_VIDEO, 0));
	g_bytes_unref(sets);
	channel_free(next);
	channel_free(c);
}

/* Nothing that was made of the wrong ones is followed by what is right. */
static void test_wrong_ones_are_replaced_and_said(void **state)
{
	(void)state;
	struct channel *c = new_bare(GOOD_FRAME);
	expect(c, OTHER_SPS, sizeof OTHER_SPS);
	channel_write_and_send(c, 5);
	assert_int_equal(channel_count(c, STREAM_EVENT_RAP), 1);
	channel_forget_events(c);
	c->key_picture = TS_WRITER_IDR;
	channel_write_and_send(c, 20);
	assert_int_equal(channel_count(c, STREAM_EVENT_MISLED), 1);
	assert_int_equal(channel_count(c, STREAM_EVENT_RAP), 1);
	bool anew = false;
	for (guint i = 0; i < c->events->len; i++) {
		const struct stream_event *event =
			&g_array_index(c->events, struct stream_event, i);
		if (event->type != STREAM_EVENT_MISLED)
			continue;
		assert_int_equal(event[1].type, STREAM_EVENT_RAP);
		assert_true(event[2].unit.key);
		assert_true(holds(&event[2].unit, SPS, sizeof SPS));
		assert_false(holds(&event[2].unit, OTHER_SPS, sizeof OTHER_SPS));
		anew = true;
	}
	assert_true(anew);
	GBytes *sets = stream_sets(c->stream);
	assert_non_null(
		memmem(g_bytes_get_data(sets, NULL), g_bytes_get_size(sets), SPS, sizeof SPS));
	g_bytes_unref(sets);
	channel_free(c);
}

/* Where the stream has its own from the first point on, it does not matter what was expected. */
static void test_wrong_ones_that_were_not_needed_are_nothing(void **state)
{
	(void)state;
	struct channel *c = new_bare(GOOD_FRAME);
	expect(c, OTHER_SPS, sizeof OTHER_SPS);
	c->key_picture = TS_WRITER_IDR;
	channel_write_and_send(c, 25);
	assert_int_equal(channel_count(c, STREAM_EVENT_RAP), 1);
	assert_int_equal(channel_count(c, STREAM_EVENT_MISLED), 0);
	assert_false(holds(channel_unit(c, STREAM_VIDEO, 0), OTHER_SPS, sizeof OTHER_SPS));
	channel_free(c);
}

/* Their pictures refer to others: whatever the decoder still has under that number is not it. */
static void test_they_are_not_for_pictures_of_other_sets(void **state)
{
	(void)state;
	struct channel *c = new_bare(0);
	expect(c, SPS, sizeof SPS);
	channel_write_and_send(c, 25);
	assert_null(channel_unit(c, STREAM_VIDEO, 0));
	c->key_picture = TS_WRITER_IDR;
	channel_write_and_send(c, 10);
	assert_non_null(channel_unit(c, STREAM_VIDEO, 0));
	assert_int_equal(channel_count(c, STREAM_EVENT_MISLED), 0);
	channel_free(c);
}

static void test_they_are_not_for_another_video(void **state)
{
	(void)state;
	struct channel *c = new_bare(GOOD_FRAME);
	expect(c, SPS, sizeof SPS);
	c->w.video_pid = c->w.pcr_pid = 0x301;
	c->w.pmt_version = 7;
	channel_write_and_send(c, 25);
	assert_null(channel_unit(c, STREAM_VIDEO, 0));
	channel_free(c);
}

static void test_what_is_no_use_is_refused(void **state)
{
	(void)state;
	static const uint8_t slice[] = {0, 0, 1, 0x65, 0x88, 0x80};
	struct channel *c = new_bare(GOOD_FRAME);
	GByteArray *sets = join(SPS, sizeof SPS);
	for (guint cut = 0; cut <= sizeof SPS + 3; cut++) {
		uint8_t *part = g_memdup2(sets->data, cut);
		assert_false(stream_expect_sets(c->stream, part, cut));
		g_free(part);
	}
	assert_false(stream_expect_sets(c->stream, sets->data + 1, sets->len - 1));
	g_byte_array_append(sets, slice, sizeof slice);
	assert_false(stream_expect_sets(c->stream, sets->data, sets->len));
	g_byte_array_unref(sets);
	channel_write_and_send(c, 1);
	assert_false(expect(c, SPS, sizeof SPS)); /* too late */
	channel_write_and_send(c, 25);
	assert_null(channel_unit(c, STREAM_VIDEO, 0));
	channel_free(c);

	c = channel_new(); /* of no known programme */
	assert_false(expect(c, SPS, sizeof SPS));
	channel_free(c);
}

/* ---- the other codecs, unit by unit ---- */

static struct video_frame push(struct video_framer *f, const GByteArray *unit)
{
	struct pes_packet pes = {.has_pts = true, .data = g_bytes_new(unit->data, unit->len)};
	struct video_frame frame;
	video_framer_push(f, &pes, 0, 0);
	g_bytes_unref(pes.data);
	assert_true(video_framer_next(f, &frame));
	g_bytes_unref(frame.data);
	return frame;
}

static GBytes *teach(const struct video_codec *codec, GByteArray *unit)
{
	struct video_framer *f = video_framer_new(codec);
	assert_true(push(f, unit).key);
	GBytes *sets = video_framer_sets(f);
	assert_non_null(sets);
	video_framer_free(f);
	return sets;
}

/* `bare` has no sets, `whole` the ones of before, `other` other ones. */
static void check_codec(
	const struct video_codec *codec, GByteArray *whole, GByteArray *bare, GByteArray *other)
{
	GBytes *sets = teach(codec, whole);
	for (int wrong = 0; wrong < 2; wrong++) {
		gsize len;
		const uint8_t *data = g_bytes_get_data(sets, &len);
		struct video_framer *f = video_framer_new(codec);
		assert_false(push(f, bare).key);
		video_framer_free(f);
		/* What was not needed misled nobody. */
		f = video_framer_new(codec);
		assert_true(video_framer_expect(f, data, len));
		assert_false(push(f, wrong ? other : whole).misled);
		video_framer_free(f);
		f = video_framer_new(codec);
		assert_true(video_framer_expect(f, data, len));
		struct video_frame first = push(f, bare);
		assert_true(first.key && first.expected_sets);
		struct video_frame frame = push(f, wrong ? other : whole);
		assert_true(frame.key);
		assert_int_equal(frame.misled, wrong);
		assert_false(frame.expected_sets);
		assert_false(push(f, whole).misled);
		video_framer_free(f);
	}
	g_bytes_unref(sets);
	g_byte_array_unref(whole);
	g_byte_array_unref(bare);
	g_byte_array_unref(other);
}

static GByteArray *mpeg_unit(bool sequence, bool mpeg1)
{
	GByteArray *unit = g_byte_array_new();
	struct video_writer_mpeg picture = {
		.sequence = sequence, .group = true, .mpeg1 = mpeg1, .type = 'I'};
	video_writer_mpeg(unit, &picture, 20, 0x88);
	return unit;
}

static void test_mpeg_sequence_headers_are_expected(void **state)
{
	(void)state;
	GByteArray *other = mpeg_unit(true, false);
	other->data[4] ^= 1; /* its width */
	check_codec(&mpeg_video_codec, mpeg_unit(true, false), mpeg_unit(false, false), other);
	other = mpeg_unit(true, true);
	other->data[4] ^= 1;
	check_codec(&mpeg_video_codec, mpeg_unit(true, true), mpeg_unit(false, true), other);
}

static GByteArray *h265_unit(bool head)
{
	GByteArray *unit = g_byte_array_new();
	if (head)
		video_writer_h265_head(unit);
	video_writer_h265_picture(unit, 19, true, 20, 0x66);
	return unit;
}

static void test_h265_sets_are_expected(void **state)
{
	(void)state;
	static const uint8_t vps[] = {0x22, 0x22};
	GByteArray *other = h265_unit(true);
	uint8_t *at = memmem(other->data, other->len, vps, sizeof vps);
	at[1] ^= 1;
	check_codec(&h265_codec, h265_unit(true), h265_unit(false), other);
}

static void test_damaged_sets_are_not_learned(void **state)
{
	(void)state;
	GByteArray *whole = h265_unit(true), *cut = h265_unit(true);
	struct pes_packet pes = {.has_pts = true, .damaged = true};
	struct video_framer *f = video_framer_new(&h265_codec);
	struct video_frame frame;
	push(f, whole);
	GBytes *before = video_framer_sets(f);
	cut->data[12] ^= 1;
	pes.data = g_bytes_new(cut->data, cut->len);
	video_framer_push(f, &pes, 0, 0);
	assert_true(video_framer_next(f, &frame));
	assert_true(frame.damaged);
	GBytes *after = video_framer_sets(f);
	assert_true(g_bytes_equal(before, after));
	g_bytes_unref(frame.data);
	g_bytes_unref(pes.data);
	g_bytes_unref(before);
	g_bytes_unref(after);
	g_byte_array_unref(whole);
	g_byte_array_unref(cut);
	video_framer_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_them_nothing_can_be_shown),
		cmocka_unit_test(test_with_them_the_first_point_is_shown),
		cmocka_unit_test(test_the_streams_own_confirm_them),
		cmocka_unit_test(test_wrong_ones_are_replaced_and_said),
		cmocka_unit_test(test_wrong_ones_that_were_not_needed_are_nothing),
		cmocka_unit_test(test_they_are_not_for_pictures_of_other_sets),
		cmocka_unit_test(test_they_are_not_for_another_video),
		cmocka_unit_test(test_what_is_no_use_is_refused),
		cmocka_unit_test(test_mpeg_sequence_headers_are_expected),
		cmocka_unit_test(test_h265_sets_are_expected),
		cmocka_unit_test(test_damaged_sets_are_not_learned),
	};
	return cmocka_run_group_tests_name("receive_expect_sets", tests, NULL, NULL);
}
