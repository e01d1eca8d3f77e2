#include "tests/support/test.h"

#include "client/receive/h264.h"
#include "tests/support/ts_writer.h"

#include <string.h>

static struct h264_summary scan(const uint8_t *data, size_t len)
{
	struct h264_summary summary;
	uint8_t *copy = g_memdup2(data, len); /* its end is the end of memory */
	h264_scan(copy, len, &summary);
	g_free(copy);
	return summary;
}

static struct h264_summary scan_picture(enum ts_writer_picture picture)
{
	GByteArray *unit = ts_writer_h264(picture, 50, 0x55);
	struct h264_summary summary = scan(unit->data, unit->len);
	g_byte_array_unref(unit);
	return summary;
}

static void pictures_are_told_apart(void **state)
{
	(void)state;
	struct h264_summary s = scan_picture(TS_WRITER_IDR);
	assert_true(s.starts_with_nal && s.sps && s.slice && s.idr && s.intra);
	assert_false(s.recovery_point);
	assert_true(h264_is_random_access(&s, false));

	s = scan_picture(TS_WRITER_RECOVERY);
	assert_true(s.sps && s.recovery_point && s.slice);
	assert_false(s.idr || s.intra);
	assert_true(h264_is_random_access(&s, false));

	s = scan_picture(TS_WRITER_INTRA);
	assert_true(s.sps && s.intra);
	assert_false(s.idr || s.recovery_point);
	assert_true(h264_is_random_access(&s, false));

	s = scan_picture(TS_WRITER_P);
	assert_true(s.starts_with_nal && s.slice);
	assert_false(s.sps || s.idr || s.intra || s.recovery_point);
	assert_false(h264_is_random_access(&s, false));
	/* The mux's word alone does not give a decoder its parameter set. */
	assert_false(h264_is_random_access(&s, true));
}

static void an_idr_picture_without_parameters_is_no_start(void **state)
{
	(void)state;
	static const uint8_t unit[] = {0, 0, 1, 0x65, 0x88, 0x80, 1, 2, 3};
	struct h264_summary s = scan(unit, sizeof(unit));
	assert_true(s.idr);
	assert_false(h264_is_random_access(&s, true));
}

static void a_recovery_point_is_found_behind_other_messages(void **state)
{
	(void)state;
	/* SEI with a message of type 5 that is 258 bytes long and has emulation prevention in it.
	 */
	uint8_t unit[320] = {0, 0, 0, 1, 0x06, 5, 0xff, 3};
	size_t len = 8;
	for (size_t i = 0; i < 258; i++)
		unit[len++] = 0x11;
	memcpy(unit + 20, (uint8_t[]){0, 0, 3, 1}, 4);
	unit[len++] = 0x11; /* for the byte that does not count */
	memcpy(unit + len, (uint8_t[]){6, 1, 0xc4, 0x80, 0, 0, 1, 0x41, 0x9a}, 9);
	struct h264_summary s = scan(unit, len + 9);
	assert_true(s.recovery_point);
	assert_true(s.slice);
	assert_false(s.intra);
	unit[len] = 4;
	s = scan(unit, len + 9);
	assert_false(s.recovery_point);
}

static void what_comes_behind_the_first_slice_does_not_count(void **state)
{
	(void)state;
	static const uint8_t unit[] = {0, 0, 1, 0x41, 0x9a, 0, 0, 1, 0x67, 1, 0, 0, 1, 0x65, 0x88};
	struct h264_summary s = scan(unit, sizeof(unit));
	assert_true(s.slice);
	assert_false(s.sps || s.idr);
}

static void a_unit_has_to_begin_with_a_start_code(void **state)
{
	(void)state;
	assert_true(scan((uint8_t[]){0, 0, 1, 9}, 4).starts_with_nal);
	assert_true(scan((uint8_t[]){0, 0, 0, 1, 9}, 5).starts_with_nal);
	assert_false(scan((uint8_t[]){5, 0, 0, 1, 9}, 5).starts_with_nal);
	assert_false(scan((uint8_t[]){7, 7, 7, 7, 0, 0, 1, 9}, 8).starts_with_nal);
	assert_false(scan((uint8_t[]){0, 0}, 2).starts_with_nal);
	assert_false(scan(NULL, 0).starts_with_nal);
}

static void each_truncation_is_survived(void **state)
{
	(void)state;
	for (int picture = TS_WRITER_IDR; picture <= TS_WRITER_P; picture++) {
		GByteArray *unit = ts_writer_h264((enum ts_writer_picture)picture, 5, 0x55);
		for (guint len = 0; len < unit->len; len++)
			scan(unit->data, len);
		/* Whole, it is what it was. */
		assert_true(scan(unit->data, unit->len).slice);
		g_byte_array_unref(unit);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pictures_are_told_apart),
		cmocka_unit_test(an_idr_picture_without_parameters_is_no_start),
		cmocka_unit_test(a_recovery_point_is_found_behind_other_messages),
		cmocka_unit_test(what_comes_behind_the_first_slice_does_not_count),
		cmocka_unit_test(a_unit_has_to_begin_with_a_start_code),
		cmocka_unit_test(each_truncation_is_survived),
	};
	return cmocka_run_group_tests_name("receive_h264", tests, NULL, NULL);
}
