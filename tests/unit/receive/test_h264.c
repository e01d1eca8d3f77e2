/* What each NAL unit is taken for. How units are made of that: test_video_framer.c. */
#include "tests/support/test.h"

#include "client/receive/h264.h"
#include "tests/support/ts_writer.h"
#include "tests/support/video_writer.h"

#include <string.h>

struct fixture {
	void *state;
	struct video_info info; /* of what was looked at last */
};

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	f->state = g_malloc0(h264_codec.state_bytes);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	g_free(f->state);
	g_free(f);
	return 0;
}

/* A NAL unit without its start code. */
static enum video_part look(struct fixture *f, const uint8_t *nal, size_t len)
{
	uint8_t *copy = g_memdup2(nal, len); /* its end is the end of memory */
	f->info = (struct video_info){0};
	enum video_part part = h264_codec.look(f->state, copy, len, &f->info);
	g_free(copy);
	return part;
}

#define LOOK(f, ...) look(f, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void nal_units_have_their_place(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(LOOK(f, 0x09, 0xf0), VIDEO_HEAD);
	assert_true(f->info.delimiter);
	assert_int_equal(LOOK(f, 0x67, 0x64), VIDEO_HEAD);
	assert_int_equal(f->info.sets, VIDEO_SET_SEQUENCE);
	assert_int_equal(LOOK(f, 0x68, 0xee), VIDEO_HEAD);
	assert_int_equal(f->info.sets, VIDEO_SET_PICTURE);
	assert_int_equal(LOOK(f, 0x0a), VIDEO_END);
	assert_int_equal(LOOK(f, 0x0b), VIDEO_END);
	assert_int_equal(LOOK(f, 0x0c, 0xff), VIDEO_INSIDE);
	assert_int_equal(LOOK(f, 0x6e, 0x80), VIDEO_HEAD);   /* 14: a prefix */
	assert_int_equal(LOOK(f, 0x73, 0x88), VIDEO_INSIDE); /* 19: an auxiliary picture */
}

static void slices_tell_their_picture(void **state)
{
	struct fixture *f = *state;
	/* first_mb_in_slice 0 (1), slice_type 7 (0001000): I; 5 (00110): P. */
	assert_int_equal(LOOK(f, 0x65, 0x88, 0x80), VIDEO_PICTURE);
	assert_true(f->info.picture && f->info.entry && !f->info.inter);
	assert_int_equal(LOOK(f, 0x41, 0x88, 0x80), VIDEO_PICTURE);
	assert_true(f->info.picture && !f->info.entry && !f->info.inter);
	assert_int_equal(LOOK(f, 0x41, 0x9a, 0x80), VIDEO_PICTURE);
	assert_true(f->info.inter);
	/* first_mb_in_slice 1 (010): goes on with the picture at hand. */
	assert_int_equal(LOOK(f, 0x41, 0x46, 0x80), VIDEO_INSIDE);
	assert_false(f->info.picture);
	assert_true(f->info.inter);
}

static void a_recovery_point_is_found_behind_other_messages(void **state)
{
	struct fixture *f = *state;
	/* A message of type 5 that is 258 bytes long and has emulation prevention in it. */
	uint8_t nal[320] = {0x06, 5, 0xff, 3};
	size_t len = 4;
	memset(nal + len, 0x11, 259);
	memcpy(nal + 16, (uint8_t[]){0, 0, 3, 1}, 4);
	len += 259; /* one byte does not count */
	/* recovery_frame_cnt 4 is 00101. */
	memcpy(nal + len, (uint8_t[]){6, 1, 0x28, 0x80}, 4);
	assert_int_equal(look(f, nal, len + 4), VIDEO_HEAD);
	assert_true(f->info.entry);
	assert_int_equal(f->info.recovery_pictures, 4);
	nal[len] = 4;
	look(f, nal, len + 4);
	assert_false(f->info.entry);
}

static void fields_are_paired_by_their_number_and_parity(void **state)
{
	struct fixture *f = *state;
	GByteArray *sps = video_writer_h264_sps(true);
	assert_int_equal(look(f, sps->data, sps->len), VIDEO_HEAD);
	g_byte_array_unref(sps);
	LOOK(f, 0x68, 0xce, 0x38, 0x80); /* PPS 0 of SPS 0 */

	static const struct {
		struct video_writer_slice slice;
		enum video_part part;
		bool waits;
	} cases[] = {
		{{.idr = true, .field = 't'}, VIDEO_PICTURE, true},
		{{.field = 'b', .inter = true}, VIDEO_SECOND_FIELD, false},
		{{.field = 't', .frame_num = 1}, VIDEO_PICTURE, true},
		{{.field = 'b', .frame_num = 2}, VIDEO_PICTURE, true}, /* another frame's */
		{{.field = 'b', .frame_num = 2}, VIDEO_PICTURE, true}, /* the same parity */
		{{.field = 't', .frame_num = 2}, VIDEO_SECOND_FIELD, false},
		{{.field = 'b', .frame_num = 2}, VIDEO_PICTURE, true}, /* that one was complete */
		{{.field = 't', .idr = true, .frame_num = 2}, VIDEO_PICTURE, true},
		{{.frame_num = 3}, VIDEO_PICTURE, false}, /* a frame */
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		GByteArray *nal = video_writer_h264_slice(&cases[i].slice, true, 10);
		assert_int_equal(look(f, nal->data, nal->len), cases[i].part);
		assert_int_equal(f->info.field, cases[i].waits);
		/* A second field may refer to the first without being less of an entry. */
		assert_false(f->info.inter);
		g_byte_array_unref(nal);
	}
}

static void each_truncation_is_survived(void **state)
{
	struct fixture *f = *state;
	GByteArray *nals[] = {video_writer_h264_sps(true),
		video_writer_h264_slice(&(struct video_writer_slice){.field = 't'}, true, 3)};
	for (size_t i = 0; i < G_N_ELEMENTS(nals); i++) {
		for (guint len = 1; len <= nals[i]->len; len++)
			look(f, nals[i]->data, len);
		g_byte_array_unref(nals[i]);
	}
	assert_true(f->info.picture);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
		T(nal_units_have_their_place),
		T(slices_tell_their_picture),
		T(a_recovery_point_is_found_behind_other_messages),
		T(fields_are_paired_by_their_number_and_parity),
		T(each_truncation_is_survived),
	};
	return cmocka_run_group_tests_name("receive_h264", tests, NULL, NULL);
}
