/* Access units out of PES packets, however these lie to them: byte by byte what was put in. */
#include "tests/support/test.h"

#include "client/receive/h264.h"
#include "client/receive/h265.h"
#include "client/receive/mpeg_video.h"
#include "client/receive/video_framer.h"
#include "tests/support/ts_writer.h"
#include "tests/support/video_writer.h"

#include <string.h>

#define NO_TIME TS_WRITER_NO_TIME

struct fixture {
	struct video_framer *framer;
	GByteArray *unit; /* being written */
	GPtrArray *units; /* GByteArray: what should come out */
	GArray *out;	  /* struct video_frame */
	unsigned cuts;
	uint64_t now_ns; /* arrival of the next PES packet */
};

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	f->framer = video_framer_new(&h264_codec);
	f->unit = g_byte_array_new();
	f->units = g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
	f->out = g_array_new(FALSE, FALSE, sizeof(struct video_frame));
	f->now_ns = 1;
	*state = f;
	return 0;
}

static void forget(struct fixture *f)
{
	for (guint i = 0; i < f->out->len; i++)
		g_bytes_unref(g_array_index(f->out, struct video_frame, i).data);
	g_array_set_size(f->out, 0);
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	forget(f);
	video_framer_free(f->framer);
	g_byte_array_unref(f->unit);
	g_ptr_array_unref(f->units);
	g_array_unref(f->out);
	g_free(f);
	return 0;
}

static void use(struct fixture *f, const struct video_codec *codec)
{
	video_framer_free(f->framer);
	f->framer = video_framer_new(codec);
}

static void push_pes(struct fixture *f, struct pes_packet pes, const uint8_t *data, size_t len)
{
	uint8_t *copy = g_memdup2(data, len); /* its end is the end of memory */
	pes.first_arrival_ns = pes.last_arrival_ns = f->now_ns++;
	pes.data = g_bytes_new_take(copy, len);
	video_framer_push(f->framer, &pes, pes.pts_33bit, pes.dts_33bit);
	g_bytes_unref(pes.data);
	f->cuts += video_framer_take_cut(f->framer);
	struct video_frame frame;
	while (video_framer_next(f->framer, &frame))
		g_array_append_val(f->out, frame);
}

static void push(struct fixture *f, const uint8_t *data, size_t len, uint64_t pts_90khz)
{
	bool timed = pts_90khz != NO_TIME;
	push_pes(f,
		(struct pes_packet){.has_pts = timed,
			.pts_33bit = timed ? pts_90khz : 0,
			.dts_33bit = timed ? pts_90khz : 0},
		data, len);
}

/* What was written is a unit. Returns its number. */
static guint end_unit(struct fixture *f)
{
	g_ptr_array_add(f->units, f->unit);
	f->unit = g_byte_array_new();
	return f->units->len - 1;
}

static const GByteArray *unit_at(const struct fixture *f, guint i)
{
	return g_ptr_array_index(f->units, i);
}

static guint h264_unit(struct fixture *f, enum ts_writer_picture picture, size_t len)
{
	g_byte_array_unref(f->unit);
	f->unit = ts_writer_h264(picture, len, (uint8_t)(1 + f->units->len));
	return end_unit(f);
}

static void push_unit(struct fixture *f, guint i, uint64_t pts_90khz)
{
	push(f, unit_at(f, i)->data, unit_at(f, i)->len, pts_90khz);
}

static const struct video_frame *frame_at(const struct fixture *f, guint i)
{
	assert_true(i < f->out->len);
	return &g_array_index(f->out, struct video_frame, i);
}

static void expect_bytes(const struct fixture *f, guint i, const GByteArray *wanted)
{
	gsize len;
	const uint8_t *data = g_bytes_get_data(frame_at(f, i)->data, &len);
	assert_int_equal(len, wanted->len);
	assert_memory_equal(data, wanted->data, len);
}

/* Those from the first unit on, as far as they came. */
static void expect_units(const struct fixture *f, guint n)
{
	assert_int_equal(f->out->len, n);
	for (guint i = 0; i < n; i++) {
		expect_bytes(f, i, unit_at(f, i));
		assert_false(frame_at(f, i)->damaged);
	}
}

static GByteArray *all_units(const struct fixture *f)
{
	GByteArray *all = g_byte_array_new();
	for (guint i = 0; i < f->units->len; i++)
		g_byte_array_append(all, unit_at(f, i)->data, unit_at(f, i)->len);
	return all;
}

static void a_unit_is_out_with_its_packet(void **state)
{
	struct fixture *f = *state;
	for (guint i = 0; i < 5; i++) {
		h264_unit(f, i == 0 ? TS_WRITER_IDR : TS_WRITER_P, 100);
		push_unit(f, i, 1000 + i);
		expect_units(f, i + 1);
		assert_int_equal(frame_at(f, i)->key, i == 0);
		assert_int_equal(frame_at(f, i)->pts_90khz, 1000 + i);
		assert_int_equal(frame_at(f, i)->last_arrival_ns, 1 + i);
	}
	assert_int_equal(f->cuts, 0);
}

static void several_units_of_a_packet_come_apart(void **state)
{
	struct fixture *f = *state;
	for (guint i = 0; i < 4; i++)
		h264_unit(f, i == 2 ? TS_WRITER_IDR : TS_WRITER_P, 50);
	GByteArray *all = all_units(f);
	push(f, all->data, all->len, 5000);
	expect_units(f, 4);
	assert_true(frame_at(f, 0)->has_pts);
	assert_int_equal(frame_at(f, 0)->pts_90khz, 5000);
	for (guint i = 1; i < 4; i++)
		assert_false(frame_at(f, i)->has_pts);
	assert_true(frame_at(f, 2)->key);
	g_byte_array_unref(all);
}

static void write_h264(struct fixture *f)
{
	for (guint i = 0; i < 6; i++)
		h264_unit(f, i % 3 == 0 ? TS_WRITER_IDR : TS_WRITER_P, 30 + i * 7);
}

static void write_h265(struct fixture *f)
{
	for (guint i = 0; i < 6; i++) {
		if (i % 3 == 0)
			video_writer_h265_head(f->unit);
		video_writer_h265_picture(f->unit, i % 3 == 0 ? 21 : 1, true, 20 + i * 9, 0x66);
		video_writer_h265_picture(f->unit, i % 3 == 0 ? 21 : 1, false, 20, 0x67);
		end_unit(f);
	}
}

static void write_mpeg(struct fixture *f, bool mpeg1)
{
	for (guint i = 0; i < 6; i++) {
		struct video_writer_mpeg picture = {.sequence = i % 3 == 0,
			.group = i % 3 == 0,
			.mpeg1 = mpeg1,
			.type = i % 3 == 0 ? 'I' : 'P',
			.order = i % 3};
		video_writer_mpeg(f->unit, &picture, 15 + i * 3, 0x88);
		end_unit(f);
	}
}

/* Cuts everything into PES packets of `n` bytes, behind the end of a unit that nobody saw begin. */
static void cut_into(struct fixture *f, const struct video_codec *codec, size_t n)
{
	static const uint8_t rest[] = {0x55, 0x55, 0x55, 0x55};
	use(f, codec);
	GByteArray *all = all_units(f);
	push(f, rest, sizeof(rest), NO_TIME);
	for (size_t at = 0; at < all->len; at += n)
		push(f, all->data + at, MIN(n, all->len - at), 9000 + at);
	/* The last one ends with the next one's beginning. */
	push(f, unit_at(f, 0)->data, unit_at(f, 0)->len, NO_TIME);
	assert_true(f->out->len >= f->units->len);
	for (guint i = 0; i < f->units->len; i++) {
		expect_bytes(f, i, unit_at(f, i));
		assert_int_equal(frame_at(f, i)->key, i % 3 == 0);
		assert_true(frame_at(f, i)->first_arrival_ns <= frame_at(f, i)->last_arrival_ns);
	}
	assert_int_equal(f->cuts, 0);
	forget(f);
	g_byte_array_unref(all);
}

static void packets_may_be_cut_anywhere(void **state)
{
	static const struct video_codec *const codecs[] = {
		&h264_codec, &h265_codec, &mpeg_video_codec, &mpeg_video_codec};
	for (size_t i = 0; i < G_N_ELEMENTS(codecs); i++) {
		struct fixture *f = *state;
		g_ptr_array_set_size(f->units, 0);
		if (i == 0)
			write_h264(f);
		else if (i == 1)
			write_h265(f);
		else
			write_mpeg(f, i == 3);
		for (size_t n = 1; n < 300; n++)
			cut_into(f, codecs[i], n);
	}
}

/* A PES packet's PTS is that of the unit which begins in it, not of what it begins with. */
static void times_go_to_the_unit_that_begins(void **state)
{
	struct fixture *f = *state;
	write_h264(f);
	GByteArray *all = all_units(f);
	push(f, (const uint8_t[]){1, 2, 3}, 3, NO_TIME);
	size_t cut = unit_at(f, 0)->len + unit_at(f, 1)->len + 20; /* in the third */
	push(f, all->data, cut, 100);
	push(f, all->data + cut, all->len - cut, 200);
	assert_int_equal(frame_at(f, 0)->pts_90khz, 100);
	assert_false(frame_at(f, 1)->has_pts || frame_at(f, 2)->has_pts);
	assert_int_equal(frame_at(f, 3)->pts_90khz, 200);
	assert_int_equal(frame_at(f, 2)->first_arrival_ns, 2);
	assert_int_equal(frame_at(f, 2)->last_arrival_ns, 3);
	g_byte_array_unref(all);
}

static void a_cut_is_told_once_and_learnt_from(void **state)
{
	struct fixture *f = *state;
	write_h264(f);
	for (guint i = 0; i < 6; i++) {
		const GByteArray *unit = unit_at(f, i);
		push(f, unit->data, unit->len - 10, 100 * i);
		assert_int_equal(f->cuts, i == 0 ? 0 : 1);
		push(f, unit->data + unit->len - 10, 10, NO_TIME);
		assert_int_equal(f->cuts, 1);
	}
	/* The first without its end; the last is still to be ended. */
	assert_int_equal(f->out->len, 5);
	assert_int_equal(g_bytes_get_size(frame_at(f, 0)->data), unit_at(f, 0)->len - 10);
	for (guint i = 1; i < 5; i++)
		expect_bytes(f, i, unit_at(f, i));
}

static void one_accident_is_forgiven(void **state)
{
	struct fixture *f = *state;
	h264_unit(f, TS_WRITER_IDR, 20);
	push_unit(f, 0, 0);
	push(f, (const uint8_t[]){1, 2, 3}, 3, NO_TIME);
	assert_int_equal(f->cuts, 1);
	/* One is held until the next begins, and after a long while that is over. */
	for (guint i = 0; i < 1100; i++) {
		push_unit(f, 0, i);
		if (i == 500)
			assert_int_equal(f->out->len, 1 + i);
	}
	assert_int_equal(f->out->len, 1 + 1100);
}

static void a_bounded_packet_of_full_length_may_go_on(void **state)
{
	struct fixture *f = *state;
	h264_unit(f, TS_WRITER_IDR, 100000);
	h264_unit(f, TS_WRITER_P, 100);
	struct pes_packet bounded = {
		.has_pts = true, .pts_33bit = 7, .dts_33bit = 7, .bounded = true};
	const GByteArray *unit = unit_at(f, 0);
	push_pes(f, bounded, unit->data, 65500);
	assert_int_equal(f->out->len, 0);
	bounded.has_pts = false;
	push_pes(f, bounded, unit->data + 65500, unit->len - 65500);
	bounded.has_pts = true;
	push_pes(f, bounded, unit_at(f, 1)->data, unit_at(f, 1)->len);
	assert_int_equal(f->cuts, 0);
	expect_bytes(f, 0, unit);
	assert_true(frame_at(f, 0)->key);
	assert_int_equal(frame_at(f, 0)->last_arrival_ns, 2);
}

static void loss_is_not_taken_for_a_cut(void **state)
{
	struct fixture *f = *state;
	write_h264(f);
	push_unit(f, 0, 0);
	push_pes(f, (struct pes_packet){.after_loss = true, .damaged = true},
		unit_at(f, 1)->data + 40, 10);
	push_unit(f, 2, 200);
	assert_int_equal(f->cuts, 0);
	assert_int_equal(f->out->len, 2);
	expect_bytes(f, 1, unit_at(f, 2));
	push_pes(f, (struct pes_packet){.damaged = true}, unit_at(f, 3)->data, unit_at(f, 3)->len);
	assert_true(frame_at(f, 2)->damaged);
}

/* What is at hand when packets are lost may lack what was in them. */
static void loss_amid_a_unit_damages_it(void **state)
{
	struct fixture *f = *state;
	write_h264(f);
	push(f, (const uint8_t[]){1, 2, 3}, 3, NO_TIME);
	push(f, unit_at(f, 0)->data, 60, 0);
	push_pes(f, (struct pes_packet){.after_loss = true}, unit_at(f, 1)->data,
		unit_at(f, 1)->len);
	push_unit(f, 2, 0);
	push_unit(f, 3, 0);
	assert_true(frame_at(f, 0)->damaged);
	assert_false(frame_at(f, 1)->damaged);
	expect_bytes(f, 1, unit_at(f, 1));
}

static GByteArray *h264_field(char field, bool idr, unsigned frame_num)
{
	GByteArray *part = g_byte_array_new();
	video_writer_append_bytes(part, 3, (const uint8_t[]){0x09, 0xf0}, 2);
	if (idr) {
		video_writer_append(part, 3, video_writer_h264_sps(true));
		video_writer_append_bytes(part, 3, (const uint8_t[]){0x68, 0xce, 0x38, 0x80}, 4);
	}
	struct video_writer_slice slice = {
		.idr = idr, .inter = !idr, .field = field, .frame_num = frame_num};
	video_writer_append(part, 3, video_writer_h264_slice(&slice, true, 40));
	return part;
}

/* Two fields in a PES packet, or in one each. */
static void fields_become_frames(void **state)
{
	for (unsigned packets = 1; packets <= 2; packets++) {
		struct fixture *f = *state;
		use(f, &h264_codec);
		g_ptr_array_set_size(f->units, 0);
		for (guint i = 0; i < 4; i++) {
			GByteArray *first = h264_field('t', i == 0, i);
			GByteArray *second = h264_field('b', false, i);
			if (packets == 2)
				push(f, first->data, first->len, 3600 * i);
			assert_int_equal(f->out->len, i);
			g_byte_array_append(f->unit, first->data, first->len);
			g_byte_array_append(f->unit, second->data, second->len);
			if (packets == 2)
				push(f, second->data, second->len, 3600 * i + 1800);
			else
				push(f, f->unit->data, f->unit->len, 3600 * i);
			g_byte_array_unref(first);
			g_byte_array_unref(second);
			end_unit(f);
			assert_int_equal(frame_at(f, i)->pts_90khz, 3600 * i);
			assert_int_equal(frame_at(f, i)->key, i == 0);
		}
		expect_units(f, 4);
		forget(f);
	}
}

static void a_field_without_its_second_is_a_unit(void **state)
{
	struct fixture *f = *state;
	g_ptr_array_add(f->units, h264_field('t', true, 0));
	g_ptr_array_add(f->units, h264_field('t', false, 1));
	g_ptr_array_add(f->units, h264_field('b', false, 1));
	push_unit(f, 0, 0);
	push_unit(f, 1, 3600);
	assert_int_equal(f->out->len, 1);
	expect_bytes(f, 0, unit_at(f, 0));
	push_unit(f, 2, 5400);
	assert_int_equal(f->out->len, 2);
	assert_int_equal(frame_at(f, 1)->pts_90khz, 3600);
}

/* Its own PTS is nobody's: the frame has its first field's, and the next one comes without. */
static void the_time_of_a_second_field_is_not_the_next_frames(void **state)
{
	struct fixture *f = *state;
	g_ptr_array_add(f->units, h264_field('t', true, 0));
	g_ptr_array_add(f->units, h264_field('b', false, 0));
	GByteArray *next = h264_field('t', false, 1), *last = h264_field('b', false, 1);
	g_byte_array_append(g_ptr_array_index(f->units, 1), next->data, next->len);
	g_byte_array_append(g_ptr_array_index(f->units, 1), last->data, last->len);
	push_unit(f, 0, 3600);
	push_unit(f, 1, 5400);
	assert_int_equal(f->out->len, 2);
	assert_int_equal(frame_at(f, 0)->pts_90khz, 3600);
	assert_false(frame_at(f, 1)->has_pts);
	g_byte_array_unref(next);
	g_byte_array_unref(last);
}

/* They come where they belong: behind the delimiter, which has to be the first. */
static void key_units_are_given_their_parameter_sets(void **state)
{
	struct fixture *f = *state;
	static const uint8_t delimiter[] = {0, 0, 0, 1, 0x09, 0xf0};
	static const uint8_t idr[] = {0, 0, 0, 1, 0x65, 0x88, 0x80, 0x42};
	GByteArray *bare = g_byte_array_new();
	g_byte_array_append(bare, delimiter, sizeof(delimiter));
	g_byte_array_append(bare, idr, sizeof(idr));
	push(f, bare->data, bare->len, 0);
	assert_false(frame_at(f, 0)->key); /* there are none yet */
	h264_unit(f, TS_WRITER_IDR, 20);
	push_unit(f, 0, 0);
	push(f, bare->data, bare->len, 0);
	assert_true(frame_at(f, 2)->key);
	gsize len;
	const uint8_t *data = g_bytes_get_data(frame_at(f, 2)->data, &len);
	assert_memory_equal(data, delimiter, sizeof(delimiter));
	assert_memory_equal(data + len - sizeof(idr), idr, sizeof(idr));
	assert_non_null(memmem(data, len, "\0\0\1\x67\x64\0\x1f\xac", 8));
	assert_non_null(memmem(data, len, "\0\0\1\x68\xee\x3c", 6));
	g_byte_array_unref(bare);
}

static bool has(const struct video_frame *frame, const char *bytes, size_t len)
{
	gsize size;
	const void *data = g_bytes_get_data(frame->data, &size);
	return memmem(data, size, bytes, len) != NULL;
}

/* Also without an SPS beside it: the newest of each number is the one that a decoder needs. */
static void a_new_picture_set_replaces_its_predecessor(void **state)
{
	struct fixture *f = *state;
	static const uint8_t idr[] = {0, 0, 0, 1, 0x65, 0x88, 0x80, 0x42};
	static const uint8_t sets[] = {0, 0, 1, 0x68, 0xed, 0x21, /* number 0 */
		0, 0, 1, 0x68, 0x5c, 0x22,			  /* number 1 */
		0, 0, 1, 0x41, 0x9a, 0x80, 0x42};
	h264_unit(f, TS_WRITER_IDR, 20);
	push_unit(f, 0, 0);
	for (unsigned i = 0; i < 3; i++)
		push(f, sets, sizeof(sets), 0);
	push(f, idr, sizeof(idr), 0);
	const struct video_frame *frame = frame_at(f, 4);
	assert_true(frame->key);
	assert_true(has(frame, "\0\0\1\x67\x64\0\x1f\xac", 8));
	assert_false(has(frame, "\0\0\1\x68\xee", 5));
	assert_true(has(frame, "\0\0\1\x68\xed\x21\0\0\1\x68\x5c\x22", 12));
	/* Once each, however often they came. */
	gsize size = g_bytes_get_size(frame->data);
	assert_in_range(size, sizeof(idr) + 12, sizeof(idr) + 12 + 20);
}

/* What follows refers to what was dropped: video begins anew with the next key unit. */
static void a_unit_too_large_to_be_one_is_a_cut(void **state)
{
	struct fixture *f = *state;
	static const uint8_t rest[] = {0x55, 0x55, 0x55, 0x55};
	uint8_t *much = g_malloc(PES_BYTES_MAX / 4);
	memset(much, 0x55, PES_BYTES_MAX / 4);
	push(f, rest, sizeof(rest), NO_TIME);
	h264_unit(f, TS_WRITER_IDR, 20);
	push_unit(f, 0, 0);
	for (unsigned i = 0; i < 3; i++)
		push(f, much, PES_BYTES_MAX / 4, NO_TIME);
	assert_int_equal(f->cuts, 0);
	push(f, much, PES_BYTES_MAX / 4, NO_TIME);
	assert_int_equal(f->cuts, 1);
	assert_int_equal(f->out->len, 0);
	g_free(much);
}

static void the_muxs_word_alone_is_no_entry(void **state)
{
	struct fixture *f = *state;
	const struct pes_packet marked = {.random_access = true};
	static const uint8_t intra[] = {0, 0, 0, 1, 0x41, 0x88, 0x80};
	h264_unit(f, TS_WRITER_IDR, 20);
	h264_unit(f, TS_WRITER_P, 20);
	push_unit(f, 0, 0);
	push_pes(f, marked, unit_at(f, 1)->data, unit_at(f, 1)->len);
	assert_false(frame_at(f, 1)->key);
	/* With an intra picture it is; that one alone may be referred across. */
	push_pes(f, marked, intra, sizeof(intra));
	assert_true(frame_at(f, 2)->key);
	push_pes(f, (struct pes_packet){0}, intra, sizeof(intra));
	assert_false(frame_at(f, 3)->key);
}

/* Of a picture's slices one alone may be intra. */
static void a_picture_is_intra_with_all_its_slices(void **state)
{
	struct fixture *f = *state;
	h264_unit(f, TS_WRITER_INTRA, 20);
	push_unit(f, 0, 0);
	assert_true(frame_at(f, 0)->key);
	static const uint8_t second_slice[] = {0, 0, 0, 1, 0x41, 0x46, 0x80};
	g_byte_array_append(g_ptr_array_index(f->units, 0), second_slice, sizeof(second_slice));
	push_unit(f, 0, 0);
	assert_false(frame_at(f, 1)->key);
}

static void h265_pictures_are_told_apart(void **state)
{
	struct fixture *f = *state;
	use(f, &h265_codec);
	static const struct {
		bool head;
		unsigned type;
		bool key, skipped;
	} pictures[] = {
		{true, 21, true, false},   /* CRA */
		{false, 8, false, true},   /* RASL: refers to what was before the CRA */
		{false, 1, false, false},  /* TRAIL */
		{false, 19, true, false},  /* IDR, without parameter sets: it gets them */
		{false, 16, true, false},  /* BLA */
		{false, 23, true, false},  /* reserved IRAP */
		{false, 24, false, false}, /* reserved, no IRAP */
	};
	for (guint i = 0; i < G_N_ELEMENTS(pictures); i++) {
		if (pictures[i].head)
			video_writer_h265_head(f->unit);
		video_writer_h265_picture(f->unit, pictures[i].type, true, 50, 0x77);
		video_writer_h265_picture(f->unit, pictures[i].type, false, 50, 0x78);
		push_unit(f, end_unit(f), i);
		assert_int_equal(f->out->len, i + 1);
		assert_int_equal(frame_at(f, i)->key, pictures[i].key);
		assert_int_equal(frame_at(f, i)->skipped, pictures[i].skipped);
		if (pictures[i].key)
			assert_non_null(memmem(g_bytes_get_data(frame_at(f, i)->data, NULL),
				g_bytes_get_size(frame_at(f, i)->data), "\0\0\1\x42", 4));
	}
}

static void mpeg_pictures_are_told_apart(void **state)
{
	struct fixture *f = *state;
	use(f, &mpeg_video_codec);
	static const struct video_writer_mpeg pictures[] = {
		{.type = 'I', .group = true, .order = 2}, /* no sequence header came yet */
		{.type = 'I', .group = true, .order = 2, .sequence = true},
		{.type = 'B', .order = 0},
		{.type = 'P', .order = 5},
		{.type = 'I', .group = true, .order = 2},
	};
	for (guint i = 0; i < G_N_ELEMENTS(pictures); i++) {
		video_writer_mpeg(f->unit, &pictures[i], 60, 0x99);
		push_unit(f, end_unit(f), i);
		assert_int_equal(f->out->len, i + 1);
		assert_int_equal(frame_at(f, i)->key, i == 1 || i == 4);
		assert_int_equal(frame_at(f, i)->order, pictures[i].order);
		assert_int_equal(frame_at(f, i)->group, pictures[i].group);
	}
	assert_int_equal(frame_at(f, 1)->step_90khz, 3600);
	/* The sequence header and its extension came before it. */
	gsize len;
	const uint8_t *data = g_bytes_get_data(frame_at(f, 4)->data, &len);
	assert_memory_equal(data, unit_at(f, 1)->data, 12 + 10);
	assert_memory_equal(data + 22, unit_at(f, 4)->data, unit_at(f, 4)->len);
	assert_int_equal(len, 22 + unit_at(f, 4)->len);
}

static void mpeg_fields_become_frames(void **state)
{
	struct fixture *f = *state;
	use(f, &mpeg_video_codec);
	for (guint i = 0; i < 3; i++) {
		struct video_writer_mpeg first = {.sequence = i == 0,
			.group = i == 0,
			.type = i == 0 ? 'I' : 'P',
			.order = i,
			.field = 't'};
		struct video_writer_mpeg second = {.type = 'P', .order = i, .field = 'b'};
		video_writer_mpeg(f->unit, &first, 30, 0x11);
		size_t cut = f->unit->len;
		video_writer_mpeg(f->unit, &second, 30, 0x12);
		guint unit = end_unit(f);
		push(f, unit_at(f, unit)->data, cut, 3600 * i);
		assert_int_equal(f->out->len, i);
		push(f, unit_at(f, unit)->data + cut, unit_at(f, unit)->len - cut, 3600 * i + 1800);
		assert_int_equal(frame_at(f, i)->pts_90khz, 3600 * i);
		assert_int_equal(frame_at(f, i)->key, i == 0);
	}
	expect_units(f, 3);
	/* Of two frames that lost a field each. */
	struct video_writer_mpeg top = {.type = 'P', .order = 3, .field = 't'};
	struct video_writer_mpeg bottom = {.type = 'P', .order = 4, .field = 'b'};
	video_writer_mpeg(f->unit, &top, 30, 0x13);
	push_unit(f, end_unit(f), 0);
	video_writer_mpeg(f->unit, &bottom, 30, 0x14);
	push_unit(f, end_unit(f), 0);
	assert_int_equal(f->out->len, 4);
	expect_bytes(f, 3, unit_at(f, 3));
}

/* Nothing may follow it in its unit, also where no delimiter says so. */
static void an_end_of_sequence_ends_its_unit(void **state)
{
	struct fixture *f = *state;
	static const uint8_t end[] = {0, 0, 1, 0x0a};
	h264_unit(f, TS_WRITER_IDR, 20);
	g_byte_array_append(g_ptr_array_index(f->units, 0), end, sizeof(end));
	h264_unit(f, TS_WRITER_P, 20);
	GByteArray *all = all_units(f);
	push(f, all->data, all->len, 0);
	expect_units(f, 2);
	g_byte_array_unref(all);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_unit_is_out_with_its_packet),
		T(several_units_of_a_packet_come_apart),
		T(packets_may_be_cut_anywhere),
		T(times_go_to_the_unit_that_begins),
		T(a_cut_is_told_once_and_learnt_from),
		T(one_accident_is_forgiven),
		T(a_bounded_packet_of_full_length_may_go_on),
		T(loss_is_not_taken_for_a_cut),
		T(loss_amid_a_unit_damages_it),
		T(fields_become_frames),
		T(the_time_of_a_second_field_is_not_the_next_frames),
		T(a_field_without_its_second_is_a_unit),
		T(key_units_are_given_their_parameter_sets),
		T(a_new_picture_set_replaces_its_predecessor),
		T(a_unit_too_large_to_be_one_is_a_cut),
		T(the_muxs_word_alone_is_no_entry),
		T(a_picture_is_intra_with_all_its_slices),
		T(h265_pictures_are_told_apart),
		T(mpeg_pictures_are_told_apart),
		T(mpeg_fields_become_frames),
		T(an_end_of_sequence_ends_its_unit),
	};
	return cmocka_run_group_tests_name("receive_video_framer", tests, NULL, NULL);
}
