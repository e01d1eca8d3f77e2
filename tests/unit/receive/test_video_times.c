/* Times of frames that come without: what a stream with few PTS shows in order and at its pace. */
#include "tests/support/test.h"

#include "client/receive/video_times.h"

static struct video_frame frame(uint64_t pts, uint64_t dts)
{
	return (struct video_frame){.has_pts = true, .pts_90khz = pts, .dts_90khz = dts};
}

/* MPEG video: with its order in its group. */
static struct video_frame ordered(unsigned order, bool group)
{
	return (struct video_frame){
		.has_order = true, .order = order, .group = group, .step_90khz = group ? 3600 : 0};
}

static void before_the_first_time_there_is_none(void **state)
{
	(void)state;
	struct video_times t = {0};
	struct video_frame none = {0};
	assert_false(video_times_set(&t, &none));
	struct video_frame first = frame(1000, 900);
	assert_true(video_times_set(&t, &first));
	assert_int_equal(first.pts_90khz, 1000);
	assert_true(video_times_set(&t, &none));
	assert_true(none.dts_90khz > 900 && none.dts_90khz <= 900 + 1500);
}

static void the_step_is_what_lies_between_two_times(void **state)
{
	(void)state;
	struct video_times t = {0};
	struct video_frame first = frame(9000, 9000), none = {0}, second = frame(16200, 16200);
	video_times_set(&t, &first);
	video_times_set(&t, &none);
	video_times_set(&t, &second);
	for (uint64_t i = 1; i <= 3; i++) {
		none = (struct video_frame){0};
		video_times_set(&t, &none);
		assert_int_equal(none.dts_90khz, 16200 + i * 3600);
		assert_int_equal(none.pts_90khz, none.dts_90khz);
	}
}

/* I2 B0 B1 P5 B3 B4, twice, of which only the first has its times. */
static void order_in_groups_says_when_to_show(void **state)
{
	(void)state;
	static const unsigned orders[] = {2, 0, 1, 5, 3, 4};
	struct video_times t = {0};
	for (unsigned i = 0; i < 12; i++) {
		struct video_frame f = ordered(orders[i % 6], i % 6 == 0);
		if (i == 0) {
			f.has_pts = true;
			f.pts_90khz = 90000 + 3 * 3600;
			f.dts_90khz = 90000;
		}
		assert_true(video_times_set(&t, &f));
		assert_int_equal(f.dts_90khz, 90000 + i * 3600);
		assert_int_equal(f.pts_90khz, 90000 + (i / 6 * 6 + orders[i % 6] + 1) * 3600);
	}
}

/* Back to an earlier time base: groups do not go on from the later one. */
static void a_step_back_is_followed(void **state)
{
	(void)state;
	struct video_times t = {0};
	struct video_frame late = frame(9000000, 9000000), early = frame(90000, 90000);
	early.has_order = true;
	early.step_90khz = 3600;
	video_times_set(&t, &late);
	video_times_set(&t, &early);
	struct video_frame next = ordered(0, true);
	video_times_set(&t, &next);
	assert_int_equal(next.pts_90khz, 93600);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(before_the_first_time_there_is_none),
		cmocka_unit_test(the_step_is_what_lies_between_two_times),
		cmocka_unit_test(order_in_groups_says_when_to_show),
		cmocka_unit_test(a_step_back_is_followed),
	};
	return cmocka_run_group_tests_name("receive_video_times", tests, NULL, NULL);
}
