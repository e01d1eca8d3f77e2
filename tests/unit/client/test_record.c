/* record: the line and the JSON that others script against. */
#include <glib.h>

#include "client/app/record.h"
#include "tests/support/test.h"

#define MS UINT64_C(1000000)
#define PRESSED (1000 * MS)

static const struct channel channels[] = {
	{.number = 2, .name = "Two"},
	{.number = 5, .subnumber = 1, .name = "Five one"},
};
static const struct channel_list list = {.count = 2, .channels = channels};

static struct zap_record cold_record(void)
{
	struct zap_record record = {.n = 3, .from = 0, .to = 1, .pressed_ns = PRESSED};
	record.at_ns[ZAP_REPORT] = PRESSED + MS / 16;
	record.at_ns[ZAP_RAP_COMPLETE] = PRESSED + 800 * MS;
	record.at_ns[ZAP_PICTURE] = PRESSED + 809 * MS;
	return record;
}

static void assert_line(const struct zap_record *record, const char *expected)
{
	char *line = record_line(record, &list);
	assert_string_equal(line, expected);
	g_free(line);
}

static void test_line_names_channels_and_milliseconds(void **state)
{
	(void)state;
	struct zap_record record = cold_record();
	assert_line(&record, "zap 3: 2 -> 5.1 cold ok, report 0.06, rap_complete 800.00, "
			     "picture 809.00, overhead 9.00 ms");
	record = (struct zap_record){.n = 1,
		.from = ZAP_NO_CHANNEL,
		.to = 0,
		.kind = ZAP_SUPERSEDED,
		.pressed_ns = PRESSED};
	assert_line(&record, "zap 1: - -> 2 superseded ok");
}

static void assert_json(const struct zap_record *record, const char *expected)
{
	json_t *json = record_json(record, &list);
	char *text = json_dumps(json, JSON_COMPACT);
	assert_string_equal(text, expected);
	free(text);
	json_decref(json);
}

static void test_json_has_every_milestone_and_null_for_those_not_reached(void **state)
{
	(void)state;
	struct zap_record record = cold_record();
	record.at_ns[ZAP_REPORT] = PRESSED + 5 * MS;
	assert_json(&record,
		"{\"n\":3,\"from\":2,\"to\":\"5.1\",\"kind\":\"cold\",\"result\":\"ok\",\"ms\":{"
		"\"report\":5.0,\"first_packet\":null,\"psi\":null,\"rap\":null,"
		"\"rap_complete\":800.0,\"decoded\":null,\"picture\":809.0,\"motion\":null,"
		"\"audio\":null}}");
	record = (struct zap_record){.n = 4,
		.from = ZAP_NO_CHANNEL,
		.to = 0,
		.result = ZAP_TIMEOUT,
		.pressed_ns = PRESSED};
	assert_json(&record,
		"{\"n\":4,\"from\":null,\"to\":2,\"kind\":\"cold\",\"result\":\"timeout\",\"ms\":{"
		"\"report\":null,\"first_packet\":null,\"psi\":null,\"rap\":null,"
		"\"rap_complete\":null,\"decoded\":null,\"picture\":null,\"motion\":null,"
		"\"audio\":null}}");
}

static void test_what_came_before_the_press_counts_as_0(void **state)
{
	(void)state;
	struct zap_record record = cold_record();
	record.at_ns[ZAP_RAP_COMPLETE] = PRESSED - 500 * MS; /* a warm zap's */
	assert_true(record_ms(&record, ZAP_RAP_COMPLETE) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line_names_channels_and_milliseconds),
		cmocka_unit_test(test_json_has_every_milestone_and_null_for_those_not_reached),
		cmocka_unit_test(test_what_came_before_the_press_counts_as_0),
	};
	return cmocka_run_group_tests_name("client_record", tests, NULL, NULL);
}
