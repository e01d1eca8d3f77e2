/* RFC 9776 sections 5.2 and 7.1: which queries are answered, when, and what with. */
#include <string.h>

#include "igmp/host.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/packets.h"

#define A "239.1.1.1"
#define SSM "232.1.1.1"

static int setup(void **state)
{
	struct igmp_host *host =
		igmp_host_new(&(struct igmp_host_settings){.no_watch = true, .seed = 7});
	assert_non_null(host);
	igmp_host_set_address(host, ip("10.0.0.2"));
	*state = host;
	return 0;
}

static int teardown(void **state)
{
	igmp_host_free(*state);
	return 0;
}

static void set(struct igmp_host *host, const char *group, struct igmp_filter filter)
{
	const struct igmp_change change = {ip(group), filter, 0};
	assert_int_equal(igmp_host_listen(host, &change, 1, 0), 0);
	actions(host);
}

/* Joins, and lets the repeats pass. */
static void join(struct igmp_host *host, const char *group, struct igmp_filter filter)
{
	set(host, group, filter);
	while (igmp_host_deadline(host) != UINT64_MAX) {
		igmp_host_advance(host, igmp_host_deadline(host));
		actions(host);
	}
}

static void ask(struct igmp_host *host, const struct query *query, uint64_t now)
{
	uint8_t packet[1500];
	igmp_host_receive(host, packet, query_build(query, packet), IGMP_FRAME_MULTICAST, now);
	assert_string_equal(actions(host), ""); /* never at once */
}

static struct igmp_counters count(const struct igmp_host *host)
{
	struct igmp_counters counters;
	igmp_host_counters(host, &counters);
	return counters;
}

/* Section 5.2: after a random delay within the maximum response time, one packed report. */
static void general_query_is_answered_with_every_group_in_one_report(void **state)
{
	struct igmp_host *host = *state;
	struct query query = query_defaults();
	join(host, A, exclude(""));
	join(host, SSM, include("10.0.0.1 10.0.0.2"));
	ask(host, &query, 100 * SECOND);
	uint64_t when = igmp_host_deadline(host);
	assert_true(when > 100 * SECOND && when <= 110 * SECOND);
	igmp_host_advance(host, when - 1);
	assert_string_equal(actions(host), "");
	igmp_host_advance(host, when);
	assert_string_equal(actions(host), "[IS_EX " A "; IS_IN " SSM " 10.0.0.1 10.0.0.2]");
	assert_true(igmp_host_deadline(host) == UINT64_MAX);
	assert_int_equal(count(host).queries_received, 1);
	assert_int_equal(count(host).current_state_records_sent, 2);
}

/* Section 5.2: the delays cover the range, or all hosts would answer together. */
static void answer_delays_are_random(void **state)
{
	struct igmp_host *host = *state;
	struct query query = query_defaults();
	unsigned quarter[4] = {0};
	join(host, A, exclude(""));
	for (int i = 0; i < 400; i++) {
		ask(host, &query, 0);
		uint64_t when = igmp_host_deadline(host);
		quarter[(when - 1) * 4 / (10 * SECOND)]++;
		igmp_host_advance(host, when);
		actions(host);
	}
	for (int i = 0; i < 4; i++)
		assert_in_range(quarter[i], 60, 140);
}

/* Section 5.2: only with state to report. */
static void without_groups_there_is_no_answer(void **state)
{
	struct igmp_host *host = *state;
	struct query query = query_defaults();
	ask(host, &query, 0);
	assert_true(igmp_host_deadline(host) == UINT64_MAX);
	/* 224.0.0.1 is no state to report (section 5). */
	set(host, "224.0.0.1", exclude(""));
	ask(host, &query, 0);
	assert_true(igmp_host_deadline(host) == UINT64_MAX);
}

/* Section 5.2 rule 1: an earlier pending answer absorbs the new query; the earliest time wins. */
static void pending_answer_absorbs_further_queries(void **state)
{
	struct igmp_host *host = *state;
	struct query slow = query_defaults(), fast = query_defaults();
	slow.code = 0xff;
	fast.code = 1;
	join(host, A, exclude(""));
	ask(host, &fast, 0);
	uint64_t when = igmp_host_deadline(host);
	assert_true(when <= 100 * MS);
	for (int i = 0; i < 100; i++)
		ask(host, &slow, 1);
	assert_true(igmp_host_deadline(host) == when);
	igmp_host_advance(host, when);
	assert_string_equal(actions(host), "[IS_EX " A "]");
	assert_true(igmp_host_deadline(host) == UINT64_MAX);
	ask(host, &slow, SECOND);
	ask(host, &fast, SECOND);
	assert_true(igmp_host_deadline(host) <= 1100 * MS);
}

/* Code 0 leaves no range to draw from: the answer still waits, and nothing divides by zero. */
static void code_zero_is_still_not_answered_at_once(void **state)
{
	struct igmp_host *host = *state;
	struct query query = query_defaults();
	query.code = 0;
	join(host, A, exclude(""));
	ask(host, &query, SECOND);
	assert_in_range(igmp_host_deadline(host), SECOND + 1, SECOND + 100 * MS);
}

/* Leaving takes the group out of the pending answer; without any group nothing is sent. */
static void leaving_cancels_the_pending_answer(void **state)
{
	struct igmp_host *host = *state;
	struct query query = query_defaults();
	join(host, A, exclude(""));
	ask(host, &query, 10 * SECOND);
	uint64_t when = igmp_host_deadline(host);
	join(host, A, include(""));
	igmp_host_advance(host, when);
	assert_string_equal(actions(host), "");
	assert_int_equal(count(host).current_state_records_sent, 0);
}

/* An answer due in the same instant as a repeat: the change is said first, in a report of its own.
 */
static void repeats_and_answers_are_reports_of_their_own(void **state)
{
	struct igmp_host *host = *state;
	struct query query = query_defaults();
	set(host, A, exclude(""));
	ask(host, &query, 0);
	igmp_host_advance(host, 20 * SECOND);
	assert_string_equal(actions(host), "[TO_EX " A "] [IS_EX " A "]");
}

/* Sections 4.1.6, 4.1.7 and 8.1: QRV and QQI are adopted, 0 keeps the default, 1 becomes 2. */
static void querier_variables_are_adopted(void **state)
{
	struct igmp_host *host = *state;
	struct igmp_querier querier;
	struct query query = query_defaults();
	igmp_host_querier(host, &querier);
	assert_int_equal(querier.version, 0);
	query.flags = 3;
	query.qqic = 20;
	ask(host, &query, 5 * SECOND);
	igmp_host_querier(host, &querier);
	assert_int_equal(querier.address.s_addr, ip("10.0.0.254").s_addr);
	assert_int_equal(querier.version, 3);
	assert_int_equal(querier.robustness, 3);
	assert_true(querier.query_interval_ns == 20 * SECOND);
	assert_true(querier.last_query_ns == 5 * SECOND);
	join(host, A, exclude(""));
	assert_int_equal(count(host).reports_sent, 3); /* once and two repeats */
	query.flags = 0;
	query.qqic = 0;
	ask(host, &query, 0);
	igmp_host_querier(host, &querier);
	assert_int_equal(querier.robustness, 2);
	assert_true(querier.query_interval_ns == 125 * SECOND);
	query.flags = 1;
	ask(host, &query, 0);
	igmp_host_querier(host, &querier);
	assert_int_equal(querier.robustness, 2);
}

/* Section 5.2: a query for a group is answered for it, one for sources by what is wanted of them.
 */
static void specific_queries_are_answered_for_what_they_ask(void **state)
{
	struct igmp_host *host = *state;
	struct query query = query_defaults();
	struct igmp_querier querier;
	uint64_t now = 0;
	join(host, A, exclude("10.0.0.9"));
	join(host, SSM, include("10.0.0.1 10.0.0.2"));
	query.group = query.destination = A;
	ask(host, &query, SECOND);
	assert_true(igmp_host_deadline(host) <= 11 * SECOND);
	assert_string_equal(next_reports(host, &now), "[IS_EX " A " 10.0.0.9]");
	query.sources = "10.0.0.8 10.0.0.9";
	ask(host, &query, 20 * SECOND);
	assert_string_equal(next_reports(host, &now), "[IS_IN " A " 10.0.0.8]");
	query.group = query.destination = SSM;
	query.sources = "10.0.0.2 10.0.0.3";
	ask(host, &query, 40 * SECOND);
	assert_string_equal(next_reports(host, &now), "[IS_IN " SSM " 10.0.0.2]");
	query.sources = "10.0.0.3";
	ask(host, &query, 60 * SECOND);
	assert_string_equal(next_reports(host, &now), "");
	assert_string_equal(next_reports(host, &now), "never");
	igmp_host_querier(host, &querier);
	assert_int_equal(querier.version, 0); /* who asks for a group may be no querier */
	assert_int_equal(count(host).specific_queries_received, 4);
}

/* Section 5.2 rule 1: the answer for all comes soon enough for the group too. */
static void a_pending_general_answer_absorbs_specific_queries(void **state)
{
	struct igmp_host *host = *state;
	struct query general = query_defaults(), specific = query_defaults();
	uint64_t now = 0;
	join(host, A, exclude(""));
	general.code = 1;
	ask(host, &general, SECOND);
	specific.group = specific.destination = A;
	specific.code = 255;
	ask(host, &specific, SECOND);
	assert_string_equal(next_reports(host, &now), "[IS_EX " A "]");
	assert_string_equal(next_reports(host, &now), "never");
}

/* Section 5.2 rules 4 and 5, and the cap on what is remembered. */
static void lists_of_sources_are_united_up_to_a_cap(void **state)
{
	struct igmp_host *host = *state;
	struct query query = query_defaults();
	char sources[66 * 16] = "";
	uint64_t now = 0;
	join(host, SSM, include("10.0.0.1 10.0.0.2 10.0.0.3"));
	query.group = query.destination = SSM;
	query.sources = "10.0.0.1 10.0.0.7";
	ask(host, &query, SECOND);
	uint64_t first = igmp_host_deadline(host);
	query.sources = "10.0.0.3 10.0.0.1";
	query.code = 255;
	ask(host, &query, SECOND);
	assert_true(igmp_host_deadline(host) <= first);
	assert_string_equal(next_reports(host, &now), "[IS_IN " SSM " 10.0.0.1 10.0.0.3]");
	assert_string_equal(next_reports(host, &now), "never");
	for (unsigned i = 0; i < 64; i++)
		sprintf(sources + strlen(sources), "%s10.1.0.%u", i ? " " : "", i);
	query.sources = sources;
	ask(host, &query, 2000 * SECOND);
	assert_string_equal(next_reports(host, &now), ""); /* 64 are remembered: none is wanted */
	strcat(sources, " 10.1.0.64");
	ask(host, &query, 4000 * SECOND);
	assert_string_equal(next_reports(host, &now), "[IS_IN " SSM " 10.0.0.1 10.0.0.2 10.0.0.3]");
	assert_int_equal(count(host).source_list_overflows, 1);
}

/* Section 5.2: a group left, or left and joined again, owes no answer to a query before. */
static void leaving_cancels_the_groups_answer(void **state)
{
	struct igmp_host *host = *state;
	struct query query = query_defaults();
	join(host, A, exclude(""));
	query.group = query.destination = A;
	ask(host, &query, 0);
	set(host, A, include(""));
	set(host, A, exclude(""));
	igmp_host_advance(host, 20 * SECOND);
	assert_string_equal(reports(host), "[TO_EX " A "]");
	assert_int_equal(count(host).current_state_records_sent, 0);
}

/* Section 5.2: the general answer in between does not widen what was asked of the group. */
static void a_list_outlives_an_earlier_general_answer(void **state)
{
	struct igmp_host *host = *state;
	struct query general = query_defaults(), specific = query_defaults();
	uint64_t now = 0;
	join(host, SSM, include("10.0.0.1 10.0.0.2"));
	specific.group = specific.destination = SSM;
	specific.sources = "10.0.0.2";
	specific.code = 255;
	ask(host, &specific, SECOND);
	general.code = 1;
	ask(host, &general, SECOND);
	assert_string_equal(next_reports(host, &now), "[IS_IN " SSM " 10.0.0.1 10.0.0.2]");
	assert_string_equal(next_reports(host, &now), "[IS_IN " SSM " 10.0.0.2]");
	assert_string_equal(next_reports(host, &now), "never");
}

/* Section 4.1.5: the S flag is for routers. */
static void the_s_flag_changes_nothing(void **state)
{
	struct igmp_host *host = *state;
	struct query query = query_defaults();
	uint64_t now = 0;
	join(host, A, exclude(""));
	query.flags |= 8;
	ask(host, &query, SECOND);
	assert_string_equal(next_reports(host, &now), "[IS_EX " A "]");
}

/* Section 4.1.12: to an address of the interface, from whatever subnet. */
static void queries_to_our_address_are_answered(void **state)
{
	struct igmp_host *host = *state;
	struct query query = query_defaults();
	uint64_t now = 0;
	join(host, A, exclude(""));
	query.destination = "10.0.0.2";
	query.source = "192.0.2.1";
	ask(host, &query, SECOND);
	assert_string_equal(next_reports(host, &now), "[IS_EX " A "]");
	query.source = "0.0.0.0";
	ask(host, &query, 20 * SECOND);
	assert_string_equal(next_reports(host, &now), "[IS_EX " A "]");
}

/* Each cause has its counter, and none of these packets has an effect. */
static void each_dropped_packet_is_counted_by_its_cause(void **state)
{
	struct igmp_host *host = *state;
	uint8_t packet[1500];
	join(host, A, exclude(""));
	struct query query = query_defaults();
	igmp_host_receive(host, packet, query_build(&query, packet) - 1, IGMP_FRAME_MULTICAST, 0);
	size_t len = query_build(&query, packet);
	packet[len - 1] ^= 1;
	igmp_host_receive(host, packet, len, IGMP_FRAME_MULTICAST, 0);
	query.ttl = 64;
	ask(host, &query, 0);
	query = query_defaults();
	query.source = "224.0.0.5";
	ask(host, &query, 0);
	query.source = "10.0.0.2"; /* our own */
	ask(host, &query, 0);
	query = query_defaults();
	query.destination = A;
	ask(host, &query, 0);
	query = query_defaults();
	query.igmp_bytes = 10;
	ask(host, &query, 0);
	query = query_defaults();
	len = query_build(&query, packet);
	packet[24] = 0x13;
	packet_seal(packet);
	igmp_host_receive(host, packet, len, IGMP_FRAME_MULTICAST, 0);
	packet[24] = 0x16; /* another host's report */
	packet_seal(packet);
	igmp_host_receive(host, packet, len, IGMP_FRAME_MULTICAST, 0);
	struct igmp_counters counters = count(host);
	assert_int_equal(counters.dropped_truncated, 1);
	assert_int_equal(counters.dropped_checksum, 1);
	assert_int_equal(counters.dropped_ttl, 1);
	assert_int_equal(counters.dropped_source, 2);
	assert_int_equal(counters.dropped_destination, 1);
	assert_int_equal(counters.dropped_malformed_query, 1);
	assert_int_equal(counters.ignored_type, 2);
	assert_int_equal(counters.queries_received, 0);
	assert_string_equal(actions(host), "");
	assert_true(igmp_host_deadline(host) == UINT64_MAX);
}

/* Section 4.2.17: 256 groups need two reports. */
static void long_answers_are_split_at_the_mtu(void **state)
{
	struct igmp_host *host = *state;
	static struct igmp_change changes[256];
	struct query query = query_defaults();
	for (uint32_t i = 0; i < 256; i++) {
		changes[i].group.s_addr = htonl(0xef010000 + i);
		changes[i].filter = exclude("");
	}
	assert_int_equal(igmp_host_listen(host, changes, 256, 0), 0);
	actions(host);
	igmp_host_advance(host, SECOND);
	actions(host);
	uint64_t before = count(host).reports_sent;
	ask(host, &query, 2 * SECOND);
	igmp_host_advance(host, 20 * SECOND);
	actions(host);
	assert_int_equal(count(host).reports_sent - before, 2);
	assert_int_equal(count(host).current_state_records_sent, 256);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(general_query_is_answered_with_every_group_in_one_report),
		TEST(answer_delays_are_random),
		TEST(without_groups_there_is_no_answer),
		TEST(pending_answer_absorbs_further_queries),
		TEST(code_zero_is_still_not_answered_at_once),
		TEST(leaving_cancels_the_pending_answer),
		TEST(repeats_and_answers_are_reports_of_their_own),
		TEST(querier_variables_are_adopted),
		TEST(specific_queries_are_answered_for_what_they_ask),
		TEST(a_pending_general_answer_absorbs_specific_queries),
		TEST(lists_of_sources_are_united_up_to_a_cap),
		TEST(leaving_cancels_the_groups_answer),
		TEST(a_list_outlives_an_earlier_general_answer),
		TEST(the_s_flag_changes_nothing),
		TEST(queries_to_our_address_are_answered),
		TEST(each_dropped_packet_is_counted_by_its_cause),
		TEST(long_answers_are_split_at_the_mtu),
	};
	return cmocka_run_group_tests_name("igmp_query", tests, NULL, NULL);
}
