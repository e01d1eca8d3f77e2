/* igmp_json: what `ctl igmp` answers, over the kernel back end on loopback, which needs nothing. */
#include <arpa/inet.h>
#include <string.h>

#include "client/app/igmp_json.h"
#include "tests/support/test.h"

#define S_NS UINT64_C(1000000000)

struct fixture {
	uv_loop_t loop;
	struct igmp_membership *membership;
	struct igmp_host_settings settings;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	const struct igmp_membership_options options = {.iface = "lo"};
	uv_loop_init(&f->loop);
	assert_int_equal(igmp_membership_open(&f->loop, &options, &f->membership), 0);
	*state = f;
	return 0;
}

static void on_closed(void *ctx)
{
	(void)ctx;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	igmp_membership_close(f->membership, on_closed, NULL);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&f->loop), 0);
	free(f);
	return 0;
}

static const char *text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));
	return value ? value : "";
}

static void groups_have_mode_sources_and_repeats(void **state)
{
	struct fixture *f = *state;
	struct igmp_listen join = {.group = {inet_addr("232.9.9.9")}, .port = 5004};
	join.filter.source_count = 1;
	join.filter.sources[0].s_addr = inet_addr("127.0.0.1");
	assert_int_equal(igmp_membership_listen(f->membership, &join, 1, NULL), 0);
	json_t *json = igmp_json(f->membership, &f->settings, uv_hrtime());
	json_t *group = json_array_get(json_object_get(json, "groups"), 0);
	assert_string_equal(text(group, "group"), "232.9.9.9");
	assert_string_equal(text(group, "mode"), "include");
	assert_string_equal(json_string_value(json_array_get(json_object_get(group, "sources"), 0)),
		"127.0.0.1");
	assert_int_equal(json_integer_value(json_object_get(group, "pending")), 0);
	json_decref(json);
}

static void the_kernel_keeps_to_itself_what_it_knows(void **state)
{
	struct fixture *f = *state;
	json_t *json = igmp_json(f->membership, &f->settings, uv_hrtime());
	assert_string_equal(text(json, "backend"), "kernel");
	assert_non_null(strstr(text(json, "why"), "kernel: "));
	assert_true(json_is_null(json_object_get(json, "host_version")));
	assert_true(json_is_null(json_object_get(json, "querier")));
	assert_true(json_is_null(json_object_get(json, "settings")));
	assert_int_equal(json_array_size(json_object_get(json, "notices")), 0);
	json_t *iface = json_object_get(json, "interface");
	assert_string_equal(text(iface, "name"), "lo");
	assert_true(json_integer_value(json_object_get(iface, "index")) > 0);
	assert_true(json_is_boolean(json_object_get(iface, "up")));
	assert_true(json_is_false(json_object_get(iface, "speaks")));
	json_decref(json);
}

/* The struct is nothing but counters: none of them may be left out. */
static void every_counter_is_there(void **state)
{
	struct fixture *f = *state;
	json_t *json = igmp_json(f->membership, &f->settings, uv_hrtime());
	assert_int_equal(json_object_size(json_object_get(json, "counters")),
		sizeof(struct igmp_counters) / sizeof(uint64_t));
	json_decref(json);
}

static void the_settings_of_our_host_are_named_as_in_the_manual(void **state)
{
	(void)state;
	const struct igmp_host_settings settings = {.pair = IGMP_PAIR_GAP,
		.pair_gap_ns = 20 * S_NS / 1000,
		.ssm_leave = IGMP_SSM_LEAVE_TO_IN,
		.v2_ssm = true,
		.no_fallback = true,
		.silent_link_local = true,
		.robustness = 3,
		.unsolicited_interval_ns = S_NS / 2,
		.query_interval_ns = 60 * S_NS,
		.query_response_interval_ns = 4 * S_NS,
		.answers_per_second = 7,
		.answer_burst = 8,
		.max_groups = 99};
	json_t *json = igmp_json_settings(&settings);
	json_t *expected = json_pack(
		"{s:s, s:f, s:s, s:b, s:b, s:b, s:b, s:b, s:i, s:f, s:f, s:f, s:f, s:i, s:i, s:i}",
		"pair", "gap", "gap_ms", 20.0, "ssm_leave", "to_in", "fallback", 0, "v2_ssm", 1,
		"require_router_alert", 0, "report_link_local", 0, "watch", 1, "robustness", 3,
		"unsolicited_interval_ms", 500.0, "older_unsolicited_interval_ms", 0.0,
		"query_interval_s", 60.0, "query_response_interval_ms", 4000.0,
		"answers_per_second", 7, "answer_burst", 8, "max_groups", 99);
	assert_true(json_equal(json, expected));
	json_decref(expected);
	json_decref(json);
}

static void a_notice_is_an_event_with_type_and_sentence(void **state)
{
	(void)state;
	const struct igmp_said said = {5 * S_NS, "no-querier", "no router asks"};
	json_t *event = igmp_json_notice_event(&said);
	assert_string_equal(text(event, "event"), "notice");
	assert_string_equal(text(event, "type"), "no-querier");
	assert_string_equal(text(event, "sentence"), "no router asks");
	json_decref(event);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(groups_have_mode_sources_and_repeats),
		TEST(the_kernel_keeps_to_itself_what_it_knows),
		TEST(every_counter_is_there),
		cmocka_unit_test(the_settings_of_our_host_are_named_as_in_the_manual),
		cmocka_unit_test(a_notice_is_an_event_with_type_and_sentence),
	};
	return cmocka_run_group_tests_name("client_igmp_json", tests, NULL, NULL);
}
