/* Frames of every audio codec, cut anywhere and with garbage between them; ADTS: test_adts.c. */
#include "tests/support/test.h"

#include "client/receive/ac3.h"
#include "client/receive/audio_framer.h"
#include "client/receive/eac3.h"
#include "client/receive/latm.h"
#include "client/receive/mpeg_audio.h"
#include "tests/support/audio_writer.h"

#include <string.h>

#define NO_TIME UINT64_MAX

struct fixture {
	struct audio_framer *framer;
	GArray *out; /* struct audio_frame */
};

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	f->out = g_array_new(FALSE, FALSE, sizeof(struct audio_frame));
	*state = f;
	return 0;
}

static void begin(struct fixture *f, const struct audio_codec *codec)
{
	audio_framer_free(f->framer);
	f->framer = audio_framer_new(codec);
	for (guint i = 0; i < f->out->len; i++)
		g_bytes_unref(g_array_index(f->out, struct audio_frame, i).data);
	g_array_set_size(f->out, 0);
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	begin(f, &ac3_codec);
	audio_framer_free(f->framer);
	g_array_unref(f->out);
	g_free(f);
	return 0;
}

static void push(struct fixture *f, const uint8_t *data, size_t len, uint64_t pts_90khz)
{
	struct pes_packet pes = {.has_pts = pts_90khz != NO_TIME,
		.data = g_bytes_new_take(g_memdup2(data, len), len)};
	struct audio_frame frame;
	audio_framer_push(f->framer, &pes, pts_90khz);
	g_bytes_unref(pes.data);
	while (audio_framer_next(f->framer, &frame))
		g_array_append_val(f->out, frame);
}

static const struct audio_frame *frame_at(const struct fixture *f, guint i)
{
	assert_true(i < f->out->len);
	return &g_array_index(f->out, struct audio_frame, i);
}

static void expect(const struct fixture *f, guint i, const GByteArray *frame, uint64_t pts_90khz)
{
	gsize len;
	const uint8_t *data = g_bytes_get_data(frame_at(f, i)->data, &len);
	assert_int_equal(len, frame->len);
	assert_memory_equal(data, frame->data, len);
	assert_int_equal(frame_at(f, i)->pts_90khz, pts_90khz);
}

/* Frames of one stream, and how long each lasts in 90 kHz times 1000. */
struct stream {
	const struct audio_codec *codec;
	GByteArray *frames[6];
	uint64_t span;
};

static GByteArray *join(const struct stream *s)
{
	GByteArray *all = g_byte_array_new();
	for (size_t i = 0; i < G_N_ELEMENTS(s->frames); i++)
		g_byte_array_append(all, s->frames[i]->data, s->frames[i]->len);
	return all;
}

static void check_whole(struct fixture *f, const struct stream *s)
{
	GByteArray *all = join(s);
	begin(f, s->codec);
	push(f, all->data, all->len, 1000);
	assert_int_equal(f->out->len, G_N_ELEMENTS(s->frames));
	for (guint i = 0; i < f->out->len; i++)
		expect(f, i, s->frames[i], 1000 + i * s->span / 1000);
	g_byte_array_unref(all);
}

static void check_cuts(struct fixture *f, const struct stream *s)
{
	GByteArray *all = join(s);
	for (guint cut = 1; cut < all->len; cut++) {
		size_t whole = 0, bytes = 0; /* frames that begin before the cut */
		while (bytes < cut)
			bytes += s->frames[whole++]->len;
		begin(f, s->codec);
		push(f, all->data, cut, 1000);
		push(f, all->data + cut, all->len - cut, 500000);
		assert_int_equal(f->out->len, G_N_ELEMENTS(s->frames));
		for (guint i = 0; i < f->out->len; i++)
			expect(f, i, s->frames[i],
				i < whole ? 1000 + i * s->span / 1000
					  : 500000 + (i - whole) * s->span / 1000);
	}
	g_byte_array_unref(all);
}

/* Garbage, also such as begins like a frame; the frame before it has to be given up. */
static void check_sync(struct fixture *f, const struct stream *s)
{
	const struct audio_codec *codec = s->codec;
	uint8_t garbage[] = {1, codec->sync[0], codec->sync[0], codec->sync[1], 0, 0, 0, 0, 0, 2};
	GByteArray *all = join(s);
	g_byte_array_prepend(all, garbage, sizeof(garbage));
	begin(f, codec);
	push(f, all->data, all->len, 7000);
	assert_int_equal(f->out->len, G_N_ELEMENTS(s->frames));
	expect(f, 0, s->frames[0], 7000);
	g_byte_array_unref(all);
}

static void check_truncations(struct fixture *f, const struct stream *s)
{
	for (guint len = 0; len < s->frames[0]->len; len++) {
		begin(f, s->codec);
		push(f, s->frames[0]->data, len, 0);
		assert_int_equal(f->out->len, 0);
	}
}

static void check(struct fixture *f, struct stream *s)
{
	check_whole(f, s);
	check_cuts(f, s);
	check_sync(f, s);
	check_truncations(f, s);
	for (size_t i = 0; i < G_N_ELEMENTS(s->frames); i++)
		g_byte_array_unref(s->frames[i]);
}

static void ac3(void **state)
{
	/* 1536 samples at 48 kHz: 32 ms. */
	struct stream s = {.codec = &ac3_codec, .span = 2880000};
	for (size_t i = 0; i < 6; i++)
		s.frames[i] = audio_writer_ac3(i % 2 ? 0 : 4, (uint8_t)(1 + i));
	check(*state, &s);
}

static void eac3(void **state)
{
	/* Frames of 3 blocks: 768 samples, 16 ms. */
	struct stream s = {.codec = &eac3_codec, .span = 1440000};
	for (size_t i = 0; i < 6; i++)
		s.frames[i] = audio_writer_eac3(0, 0, 2, 100 + 10 * (unsigned)i, (uint8_t)(1 + i));
	check(*state, &s);
}

/* 7.1 is an independent substream and a dependent one: a decoder wants them together. */
static void substreams_stay_together(void **state)
{
	struct fixture *f = *state;
	struct stream s = {.codec = &eac3_codec, .span = 2880000};
	for (size_t i = 0; i < 6; i++) {
		s.frames[i] = audio_writer_eac3(0, 0, 3, 100, 7);
		GByteArray *dependent = audio_writer_eac3(1, 0, 3, 60, 9);
		g_byte_array_append(s.frames[i], dependent->data, dependent->len);
		g_byte_array_unref(dependent);
	}
	check_whole(f, &s);
	/* Cut between the two they come apart, with the same time. */
	begin(f, s.codec);
	push(f, s.frames[0]->data, 100, 1000);
	push(f, s.frames[0]->data + 100, 60, NO_TIME);
	push(f, s.frames[1]->data, 160, NO_TIME);
	assert_int_equal(f->out->len, 3);
	assert_int_equal(frame_at(f, 1)->pts_90khz, 1000 + 2880);
	assert_int_equal(frame_at(f, 2)->pts_90khz, 1000 + 2880);
	for (size_t i = 0; i < 6; i++)
		g_byte_array_unref(s.frames[i]);
}

static void mpeg_audio(void **state)
{
	static const struct {
		bool mpeg1;
		unsigned layer, rate_index, bitrate_index;
		uint64_t span;
		size_t len;
	} kinds[] = {
		{true, 1, 1, 8, 720000, 256},	/* I, 48 kHz, 256 kb/s: 384 samples */
		{true, 2, 1, 10, 2160000, 576}, /* II, 48 kHz, 192 kb/s */
		{true, 2, 0, 10, 2351020, 626}, /* II, 44.1 kHz */
		{true, 3, 1, 9, 2160000, 384},	/* III, 48 kHz, 128 kb/s */
		{false, 2, 1, 8, 4320000, 384}, /* MPEG-2 II, 24 kHz, 64 kb/s */
		{false, 3, 1, 8, 2160000, 192}, /* MPEG-2 III, 24 kHz: 576 samples */
	};
	for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++) {
		struct stream s = {.codec = &mpeg_audio_codec, .span = kinds[k].span};
		for (size_t i = 0; i < 6; i++) {
			s.frames[i] = audio_writer_mpeg(kinds[k].mpeg1, kinds[k].layer,
				kinds[k].rate_index, kinds[k].bitrate_index, kinds[k].len,
				(uint8_t)(1 + i));
		}
		check(*state, &s);
	}
}

static void latm(void **state)
{
	/* 1024 samples at 48 kHz: 1920. The configuration stands in every frame. */
	struct stream s = {.codec = &latm_codec, .span = 1920000};
	for (size_t i = 0; i < 6; i++)
		s.frames[i] = audio_writer_latm(true, 3, 1, 40 + 5 * (unsigned)i, (uint8_t)(1 + i));
	check(*state, &s);
}

static void latm_waits_for_its_configuration(void **state)
{
	struct fixture *f = *state;
	GByteArray *bare = audio_writer_latm(false, 0, 0, 30, 1);
	GByteArray *full = audio_writer_latm(true, 6, 2, 30, 2); /* 24 kHz, two frames in each */
	begin(f, &latm_codec);
	push(f, bare->data, bare->len, 1000);
	assert_int_equal(f->out->len, 0);
	push(f, full->data, full->len, 2000);
	push(f, bare->data, bare->len, NO_TIME);
	push(f, bare->data, bare->len, NO_TIME);
	assert_int_equal(f->out->len, 3);
	expect(f, 1, bare, 2000 + 2 * 3840);
	expect(f, 2, bare, 2000 + 4 * 3840);
	g_byte_array_unref(bare);
	g_byte_array_unref(full);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
		T(ac3),
		T(eac3),
		T(substreams_stay_together),
		T(mpeg_audio),
		T(latm),
		T(latm_waits_for_its_configuration),
	};
	return cmocka_run_group_tests_name("receive_audio_codecs", tests, NULL, NULL);
}
