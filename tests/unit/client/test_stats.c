/* What `ctl stats` says of what is played, and of a stream that is not there. */
#include "client/app/stats.h"
#include "tests/support/test.h"

static void expect(json_t *counters, const char *name, int value)
{
	json_t *counter = json_object_get(counters, name);
	assert_true(json_is_integer(counter));
	assert_int_equal(json_integer_value(counter), value);
}

static void test_play(void **state)
{
	(void)state;
	const struct play_counters play = {.pictures = 1,
		.damaged = 2,
		.damaged_units = 3,
		.rebuilds = 4,
		.gaps = 5,
		.dropped = 7};
	json_t *counters = stats_play(&play, 6);
	expect(counters, "pictures", 1);
	expect(counters, "damaged", 2);
	expect(counters, "damaged_units", 3);
	expect(counters, "rebuilds", 4);
	expect(counters, "sound_gaps", 5);
	expect(counters, "refused_units", 6);
	expect(counters, "dropped", 7);
	json_decref(counters);
}

static void test_no_stream(void **state)
{
	(void)state;
	json_t *counters = stats_stream(NULL);
	expect(counters, "datagrams", 0);
	expect(counters, "rtp_lost", 0);
	expect(counters, "programme_missing", 0);
	json_decref(counters);
}

static void expect_ms(json_t *expected, const char *name, double ms)
{
	double found = json_real_value(json_object_get(expected, name));
	assert_true(found > ms - 0.001 && found < ms + 0.001);
}

static void test_what_is_expected_of_a_zap(void **state)
{
	(void)state;
	const struct channel_memory memory = {.video_codec = "h264",
		.audio_codec = "",
		.gop_ns = 2000000000,
		.rap_bytes = 100000,
		.line_bps = 4000000,
		.video_slack_ns = 560000000,
		.audio_slack_ns = INT64_MAX,
		.video_sets = (const uint8_t *)"sets",
		.video_sets_bytes = 4};
	json_t *expected = stats_expected(&memory);
	expect_ms(expected, "gop_ms", 2000);
	expect_ms(expected, "rap_ms", 200);
	expect_ms(expected, "wait_ms", 2200);
	expect_ms(expected, "video_slack_ms", 560);
	assert_true(json_is_null(json_object_get(expected, "audio_slack_ms")));
	assert_string_equal(json_string_value(json_object_get(expected, "video")), "h264");
	assert_true(json_is_true(json_object_get(expected, "parameter_sets")));
	json_decref(expected);
}

static void test_what_is_not_known_is_null(void **state)
{
	(void)state;
	const struct channel_memory memory = {.video_codec = "",
		.audio_codec = "",
		.rap_bytes = 100000,
		.video_slack_ns = INT64_MAX,
		.audio_slack_ns = INT64_MAX};
	json_t *expected = stats_expected(&memory);
	assert_true(json_is_null(json_object_get(expected, "gop_ms")));
	assert_true(json_is_null(json_object_get(expected, "rap_ms")));
	assert_true(json_is_null(json_object_get(expected, "wait_ms")));
	assert_true(json_is_false(json_object_get(expected, "parameter_sets")));
	json_decref(expected);
	expected = stats_remembered(NULL, 0);
	assert_true(json_is_null(expected));
	json_decref(expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_play),
		cmocka_unit_test(test_no_stream),
		cmocka_unit_test(test_what_is_expected_of_a_zap),
		cmocka_unit_test(test_what_is_not_known_is_null),
	};
	return cmocka_run_group_tests_name("client_stats", tests, NULL, NULL);
}
