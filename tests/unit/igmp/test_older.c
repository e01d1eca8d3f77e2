/* RFC 9776 section 7.2.1, RFC 2236 and RFC 1112: a host before older queriers. */
#include <string.h>

#include "igmp/build.h"
#include "igmp/host.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/packets.h"

#define A "239.1.1.1"
#define B "239.1.1.2"
#define SSM "232.1.1.1"

static int setup_with(void **state, struct igmp_host_settings settings)
{
	settings.seed = 5;
	settings.no_watch = true;
	*state = open_host(&settings);
	return 0;
}

static int setup(void **state)
{
	return setup_with(state, (struct igmp_host_settings){0});
}

static int setup_robust(void **state)
{
	return setup_with(state, (struct igmp_host_settings){.robustness = 5});
}

static int setup_without_fallback(void **state)
{
	return setup_with(state, (struct igmp_host_settings){.no_fallback = true});
}

static int setup_v2_ssm(void **state)
{
	return setup_with(state, (struct igmp_host_settings){.v2_ssm = true});
}

static int teardown(void **state)
{
	igmp_host_free(*state);
	return 0;
}

static void set(struct igmp_host *host, const char *group, struct igmp_filter filter, uint64_t now)
{
	set_user(host, 0, group, filter, now);
}

static void hear_other(struct igmp_host *host, enum igmp_type type, const char *group,
	enum igmp_frame frame, uint64_t now)
{
	uint8_t packet[IGMP_OLDER_PACKET_BYTES];
	igmp_build_older(packet, type, ip("10.0.0.77"), ip(group));
	igmp_host_receive(host, packet, sizeof packet, frame, now);
}

static void hear_group_query(
	struct igmp_host *host, unsigned version, const char *group, uint64_t now)
{
	struct query query = query_defaults();
	query.igmp_bytes = version == 3 ? 12 : 8;
	query.code = 10;
	query.group = query.destination = group;
	hear(host, &query, now);
}

/* A query that came before the host was there counts as if it had just come. */
static void an_older_querier_is_known_from_before(void **state)
{
	struct igmp_host *host = *state;
	igmp_host_presume_v2(host, SECOND);
	assert_int_equal(version_of(host), 2);
	set(host, A, exclude(""), SECOND);
	assert_string_equal(reports(host), "(V2 " A ")");
	igmp_host_advance(host, 351 * SECOND - 1);
	assert_int_equal(version_of(host), 2);
	igmp_host_advance(host, 351 * SECOND);
	assert_int_equal(version_of(host), 3);
}

/* But one who asks now knows better; of what was heard since, the timer decides (7.2.1). */
static void what_is_known_from_before_ends_with_a_newer_query(void **state)
{
	struct igmp_host *host = *state;
	igmp_host_presume_v2(host, SECOND);
	hear_version(host, 3, 2 * SECOND);
	assert_int_equal(version_of(host), 3);
	igmp_host_presume_v2(host, 3 * SECOND);
	hear_version(host, 2, 4 * SECOND);
	hear_version(host, 3, 5 * SECOND);
	assert_int_equal(version_of(host), 2);
}

static void what_is_known_from_before_is_refused_too(void **state)
{
	struct igmp_host *host = *state;
	igmp_host_presume_v2(host, SECOND);
	assert_int_equal(version_of(host), 3);
	assert_int_equal(counters_of(host).older_queries_refused, 0);
}

/* Sections 7.2.1 and 8.12: RV x QI + 10 x the last maximum response time: 350 s each. */
static void version_follows_the_older_querier_timers(void **state)
{
	struct igmp_host *host = *state;
	hear_version(host, 2, 0);
	assert_int_equal(version_of(host), 2);
	hear_version(host, 1, 100 * SECOND);
	assert_int_equal(version_of(host), 1);
	hear_version(host, 2, 200 * SECOND);
	assert_int_equal(version_of(host), 1);
	igmp_host_advance(host, 450 * SECOND - 1);
	assert_int_equal(version_of(host), 1);
	igmp_host_advance(host, 450 * SECOND);
	assert_int_equal(version_of(host), 2);
	igmp_host_advance(host, 550 * SECOND - 1);
	assert_int_equal(version_of(host), 2);
	igmp_host_advance(host, 550 * SECOND);
	assert_int_equal(version_of(host), 3);
	hear_version(host, 1, 1000 * SECOND); /* straight back to 3, too */
	igmp_host_advance(host, 1350 * SECOND);
	assert_int_equal(version_of(host), 3);
	assert_int_equal(counters_of(host).version_changes, 6);
}

/* Section 7.2.1: only general queries of version 2 are about the querier. */
static void a_v2_group_query_changes_no_version(void **state)
{
	struct igmp_host *host = *state;
	uint64_t now = 0;
	set(host, A, exclude(""), 0);
	set(host, B, exclude(""), 0);
	settle(host);
	set(host, B, include(""), SECOND);
	assert_string_equal(reports(host), "[TO_IN " B "]");
	hear_group_query(host, 2, A, SECOND);
	assert_int_equal(version_of(host), 3);
	/* The leave's repeat is still there, and the query is answered in version 3. */
	const char *first = next_reports(host, &now);
	char both[128];
	snprintf(both, sizeof both, "%s ", first);
	strcat(both, next_reports(host, &now));
	assert_non_null(strstr(both, "[TO_IN " B "]"));
	assert_non_null(strstr(both, "[IS_EX " A "]"));
}

static void any_v1_query_changes_the_version(void **state)
{
	struct igmp_host *host = *state;
	struct query query = query_defaults();
	query.igmp_bytes = 8;
	query.code = 0;
	query.group = query.destination = A;
	hear(host, &query, 0);
	assert_int_equal(version_of(host), 1);
}

/* Section 7.2.1: at once; repeats end, but a leave not repeated yet goes out as a v2 leave. */
static void switching_sends_pending_leaves_and_answers_for_the_rest(void **state)
{
	struct igmp_host *host = *state;
	uint64_t now = SECOND;
	set(host, A, exclude(""), 0);
	set(host, B, exclude(""), 0);
	settle(host);
	set(host, A, include(""), now);
	reports(host);
	hear_version(host, 3, now); /* an answer is pending */
	hear_version(host, 2, now);
	assert_string_equal(reports(host), "(LEAVE " A ")");
	assert_string_equal(next_reports(host, &now), "(V2 " B ")");
	assert_true(now > SECOND && now <= 11 * SECOND);
	assert_string_equal(next_reports(host, &now), ""); /* the querier's timer ends */
	assert_int_equal(version_of(host), 3);
}

/* A join not repeated yet is answered for like all others, and not said at once. */
static void switching_ends_the_repeats_of_joins(void **state)
{
	struct igmp_host *host = *state;
	uint64_t now = 0;
	set(host, A, exclude(""), 0);
	reports(host);
	hear_version(host, 2, 1);
	assert_string_equal(reports(host), "");
	assert_string_equal(next_reports(host, &now), "(V2 " A ")");
	assert_string_equal(next_reports(host, &now), "");
	assert_int_equal(version_of(host), 3);
}

static void switching_to_v1_sends_no_leave(void **state)
{
	struct igmp_host *host = *state;
	set(host, A, exclude(""), 0);
	settle(host);
	set(host, A, include(""), SECOND);
	reports(host);
	hear_version(host, 1, SECOND);
	assert_string_equal(reports(host), "");
	assert_true(igmp_host_deadline(host) == 351 * SECOND);
}

/* What was joined just before the older querier went is said anew in version 3. */
static void a_join_not_repeated_is_said_again_in_the_newer_version(void **state)
{
	struct igmp_host *host = *state;
	hear_version(host, 2, 0);
	set(host, A, exclude(""), 350 * SECOND - 1);
	assert_string_equal(reports(host), "(V2 " A ")");
	igmp_host_advance(host, 350 * SECOND);
	assert_string_equal(reports(host), "[TO_EX " A "]");
}

/* RFC 2236 section 3: at once, and once or twice more within 10 s. */
static void v2_join_is_repeated_within_ten_seconds(void **state)
{
	struct igmp_host *host = *state;
	uint64_t now = 0;
	hear_version(host, 2, now);
	set(host, A, exclude(""), now);
	assert_string_equal(actions(host), "(V2 " A ") +" A);
	assert_string_equal(next_reports(host, &now), "(V2 " A ")");
	assert_true(now > 0 && now <= 10 * SECOND);
	assert_string_equal(next_reports(host, &now), "");
	assert_true(now == 350 * SECOND);
}

static void v2_join_is_repeated_twice_at_most(void **state)
{
	struct igmp_host *host = *state; /* robustness 5 */
	uint64_t now = 0;
	hear_version(host, 2, now);
	set(host, A, exclude(""), now);
	reports(host);
	assert_string_equal(next_reports(host, &now), "(V2 " A ")");
	assert_string_equal(next_reports(host, &now), "(V2 " A ")");
	assert_true(now <= 10 * SECOND);
	assert_string_equal(next_reports(host, &now), "");
}

/* The pair in version 2: two packets, the leave first; sources are not spoken of. */
static void v2_zap_is_leave_and_report(void **state)
{
	struct igmp_host *host = *state;
	const struct igmp_change zap[] = {{ip(B), exclude(""), 0}, {ip(A), include(""), 0}};
	hear_version(host, 2, 0);
	set(host, A, exclude(""), 0);
	settle(host);
	hear_version(host, 2, 400 * SECOND);
	reports(host);
	assert_int_equal(igmp_host_listen(host, zap, 2, 401 * SECOND), 0);
	assert_string_equal(reports(host), "(LEAVE " A ") (V2 " B ")");
	set(host, B, exclude("10.0.0.1"), 402 * SECOND);
	assert_string_equal(reports(host), "");
	assert_int_equal(counters_of(host).leaves_sent, 1);
}

static void v1_has_reports_and_no_leave(void **state)
{
	struct igmp_host *host = *state;
	hear_version(host, 1, 0);
	set(host, A, exclude(""), 0);
	assert_string_equal(reports(host), "(V1 " A ")");
	set(host, A, include(""), SECOND);
	assert_string_equal(reports(host), "");
	assert_int_equal(counters_of(host).v1_reports_sent, 1);
}

/* RFC 2236 section 3: another host's report stops the timer; the leave is sent all the same. */
static void another_hosts_report_stops_ours_in_v2(void **state)
{
	struct igmp_host *host = *state;
	hear_version(host, 2, 0);
	set(host, A, exclude(""), 0);
	set(host, B, exclude(""), 0);
	reports(host);
	hear_other(host, IGMP_TYPE_V2_REPORT, A, IGMP_FRAME_MULTICAST, 1);
	hear_other(host, IGMP_TYPE_V1_REPORT, B, IGMP_FRAME_MULTICAST, 1);
	igmp_host_advance(host, 20 * SECOND);
	assert_string_equal(reports(host), "");
	hear_version(host, 2, 30 * SECOND);
	hear_other(host, IGMP_TYPE_V2_REPORT, A, IGMP_FRAME_MULTICAST, 30 * SECOND);
	igmp_host_advance(host, 40 * SECOND);
	assert_string_equal(reports(host), "(V2 " B ")");
	assert_int_equal(counters_of(host).answers_suppressed, 3);
	set(host, A, include(""), 41 * SECOND);
	assert_string_equal(reports(host), "(LEAVE " A ")");
}

/* What the gap holds back was never said, so that nothing of it can be suppressed. */
static void a_join_held_back_is_not_suppressed(void **state)
{
	uint64_t now = 0;
	const struct igmp_change zap[] = {{ip(A), include(""), 0}, {ip(B), exclude(""), 0}};
	struct igmp_host *host = open_host(&(struct igmp_host_settings){
		.no_watch = true, .pair = IGMP_PAIR_GAP, .pair_gap_ns = 50 * MS});
	(void)state;
	hear_version(host, 2, 0);
	set(host, A, exclude(""), 0);
	settle(host);
	hear_version(host, 2, 400 * SECOND);
	assert_int_equal(igmp_host_listen(host, zap, 2, 401 * SECOND), 0);
	assert_string_equal(reports(host), "(LEAVE " A ")");
	hear_other(host, IGMP_TYPE_V2_REPORT, B, IGMP_FRAME_MULTICAST, 401 * SECOND);
	assert_string_equal(next_reports(host, &now), "(V2 " B ")");
	assert_true(now == 401 * SECOND + 50 * MS);
	igmp_host_free(host);
}

/* Section 7.2.1: in version 3 nobody's report suppresses anything. */
static void nothing_is_suppressed_in_v3(void **state)
{
	struct igmp_host *host = *state;
	uint64_t now = 0;
	set(host, A, exclude(""), 0);
	reports(host);
	hear_version(host, 3, 0);
	hear_other(host, IGMP_TYPE_V2_REPORT, A, IGMP_FRAME_MULTICAST, 1);
	hear_other(host, IGMP_TYPE_V1_REPORT, A, IGMP_FRAME_MULTICAST, 1);
	char said[128];
	snprintf(said, sizeof said, "%s", next_reports(host, &now));
	strcat(said, next_reports(host, &now));
	assert_non_null(strstr(said, "[TO_EX " A "]"));
	assert_non_null(strstr(said, "[IS_EX " A "]"));
	assert_int_equal(counters_of(host).ignored_type, 2);
}

/* RFC 2236 section 3: a running timer is drawn anew only where it ran beyond the new time. */
static void v2_group_query_is_answered_sooner(void **state)
{
	struct igmp_host *host = *state;
	uint64_t now = 0;
	hear_version(host, 2, 0);
	set(host, A, exclude(""), 0);
	settle(host);
	hear_version(host, 2, 400 * SECOND);
	uint64_t general = igmp_host_deadline(host);
	hear_group_query(host, 2, A, 400 * SECOND);
	assert_true(igmp_host_deadline(host) <= general);
	assert_true(igmp_host_deadline(host) <= 401 * SECOND);
	assert_string_equal(next_reports(host, &now), "(V2 " A ")");
	assert_string_equal(next_reports(host, &now), "");
	assert_true(now == 750 * SECOND);
}

/*
 * Found at random: with code 0, which leaves 100 ms, each query of a flood drew the time anew, and
 * the answer never came.
 */
static void hurried_queries_do_not_put_an_answer_off(void **state)
{
	struct igmp_host *host = *state;
	struct query query = query_defaults();
	uint64_t first = 0;
	hear_version(host, 2, 0);
	set(host, A, exclude(""), 0);
	settle(host);
	hear_version(host, 2, 400 * SECOND);
	for (uint64_t now = 400 * SECOND; now < 401 * SECOND; now += MS) {
		query.code = 0;
		hear(host, &query, now);
		assert_true(first == 0 || igmp_host_deadline(host) <= first);
		if (first == 0 || igmp_host_deadline(host) < first)
			first = igmp_host_deadline(host);
		if (igmp_host_deadline(host) <= now)
			break;
	}
	igmp_host_advance(host, first);
	assert_string_equal(reports(host), "(V2 " A ")");
	assert_true(first <= 400 * SECOND + 100 * MS);
}

/* In version 2 a v3 query is answered in version 2, whatever sources it names. */
static void v3_queries_are_answered_in_the_older_version(void **state)
{
	struct igmp_host *host = *state;
	struct query query = query_defaults();
	uint64_t now = 0;
	hear_version(host, 2, 0);
	set(host, A, exclude(""), 0);
	reports(host);
	igmp_host_advance(host, 20 * SECOND);
	reports(host);
	query.group = query.destination = A;
	query.sources = "10.0.0.1";
	hear(host, &query, 30 * SECOND);
	assert_string_equal(next_reports(host, &now), "(V2 " A ")");
	assert_true(now > 30 * SECOND && now <= 40 * SECOND);
	hear_version(host, 3, 50 * SECOND);
	assert_string_equal(next_reports(host, &now), "(V2 " A ")");
	assert_int_equal(version_of(host), 2);
}

static void without_fallback_version_3_stays(void **state)
{
	struct igmp_host *host = *state;
	uint64_t now = 0;
	set(host, A, exclude(""), 0);
	settle(host);
	hear_version(host, 1, SECOND);
	hear_version(host, 2, SECOND);
	assert_int_equal(version_of(host), 3);
	assert_int_equal(counters_of(host).older_queries_refused, 2);
	assert_string_equal(next_reports(host, &now), "[IS_EX " A "]");
	assert_true(igmp_host_deadline(host) == UINT64_MAX);
}

/* RFC 4607 section 8: an older report would ask for any source; it is said that none was sent. */
static void ssm_groups_are_not_told_to_older_queriers(void **state)
{
	struct igmp_host *host = *state;
	hear_version(host, 2, 0);
	notices(host);
	set(host, SSM, include("10.0.0.1"), 0);
	assert_string_equal(notices(host), "SSM_UNREPORTED");
	assert_int_equal(counters_of(host).v2_reports_sent, 0);
	hear_version(host, 2, SECOND);
	igmp_host_advance(host, 20 * SECOND);
	assert_string_equal(reports(host), "");
	/* When the older querier has gone, the group is joined as if it were now. */
	igmp_host_advance(host, 351 * SECOND);
	assert_string_equal(reports(host), "[ALLOW " SSM " 10.0.0.1]");
	hear_version(host, 2, 360 * SECOND);
	set(host, SSM, include(""), 361 * SECOND);
	assert_string_equal(reports(host), "");
}

static void v2_ssm_tells_them_where_a_network_needs_it(void **state)
{
	struct igmp_host *host = *state;
	hear_version(host, 2, 0);
	set(host, SSM, include("10.0.0.1"), 0);
	assert_string_equal(reports(host), "(V2 " SSM ")");
	set(host, SSM, include(""), 0);
	assert_string_equal(reports(host), "(LEAVE " SSM ")");
}

/* Section 7.2.1: the queries that show a wrong network are told of, at most once a minute each. */
static void older_queries_are_noticed_with_a_rate_limit(void **state)
{
	(void)state;
	struct igmp_host *host = open_host(&(struct igmp_host_settings){.seed = 1});
	hear_version(host, 2, SECOND);
	assert_string_equal(notices(host), "V2_QUERY VERSION_CHANGED");
	hear_version(host, 1, SECOND);
	assert_string_equal(notices(host), "V1_QUERY"); /* the version changed too soon again */
	hear_group_query(host, 2, SSM, SECOND);
	assert_string_equal(notices(host), "V2_SSM_QUERY");
	for (unsigned i = 0; i < 100; i++) {
		hear_version(host, 1, 2 * SECOND);
		hear_group_query(host, 2, SSM, 2 * SECOND);
		hear_group_query(host, 2, A, 2 * SECOND); /* nothing is wrong with it */
	}
	assert_string_equal(notices(host), "");
	assert_int_equal(counters_of(host).notices_suppressed, 201);
	hear_version(host, 1, 62 * SECOND);
	assert_string_equal(notices(host), "V1_QUERY");
	igmp_host_free(host);
}

/* Who waits for sources to be asked for again must hear of it, however soon it is. */
static void the_way_back_to_version_3_is_always_noticed(void **state)
{
	(void)state;
	struct igmp_host *host = open_host(&(struct igmp_host_settings){
		.seed = 1, .query_interval_ns = SECOND, .query_response_interval_ns = SECOND});
	struct query query = query_defaults();
	query.igmp_bytes = 8;
	query.code = 10; /* it counts for 2 x 1 s + 10 x 1 s */
	for (uint64_t at_ns = 0; at_ns < 50 * SECOND; at_ns += 20 * SECOND) {
		hear(host, &query, at_ns);
		notices(host);
		igmp_host_advance(host, at_ns + 19 * SECOND);
		assert_int_equal(version_of(host), 3);
		assert_string_equal(notices(host), "VERSION_CHANGED");
	}
	igmp_host_free(host);
}

/* What is done takes its notices out; the version that was said last, 0: none. */
static unsigned version_said(struct igmp_host *host)
{
	struct igmp_action action;
	unsigned version = 0;
	while (igmp_host_next_action(host, &action)) {
		if (action.type == IGMP_ACTION_NOTICE &&
			action.notice.type == IGMP_NOTICE_VERSION_CHANGED)
			version = action.notice.version;
	}
	return version;
}

/* The rate limit holds words back, but leaves no wrong one standing. */
static void a_version_held_back_is_said_when_the_limit_ends(void **state)
{
	struct igmp_host *host = *state;
	hear_version(host, 2, SECOND);
	assert_int_equal(version_said(host), 2);
	hear_version(host, 1, 2 * SECOND);
	assert_int_equal(version_said(host), 0);
	igmp_host_advance(host, 61 * SECOND - 1);
	assert_int_equal(version_said(host), 0);
	igmp_host_advance(host, 61 * SECOND);
	assert_int_equal(version_said(host), 1);
	while (igmp_host_deadline(host) < 300 * SECOND) {
		igmp_host_advance(host, igmp_host_deadline(host));
		assert_int_equal(version_said(host), 0); /* once */
	}
}

/* With 1 s between queries an older one counts for 2 x 1 s + 10 x 1 s. */
static void hear_hurried_v2(struct igmp_host *host, uint64_t now)
{
	struct query query = query_defaults();
	query.igmp_bytes = 8;
	query.code = 10;
	hear(host, &query, now);
}

static void a_version_that_came_back_before_the_limit_ends_is_not_said_again(void **state)
{
	(void)state;
	struct igmp_host *host = open_host(&(struct igmp_host_settings){
		.seed = 1, .no_watch = true, .query_interval_ns = SECOND});
	hear_hurried_v2(host, 0);
	assert_int_equal(version_said(host), 2);
	igmp_host_advance(host, 12 * SECOND);
	assert_int_equal(version_said(host), 3);
	hear_hurried_v2(host, 20 * SECOND);
	igmp_host_advance(host, 32 * SECOND);
	assert_int_equal(version_said(host), 3);
	igmp_host_advance(host, 100 * SECOND);
	assert_int_equal(version_said(host), 0);
	assert_true(igmp_host_deadline(host) == UINT64_MAX);
	igmp_host_free(host);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define TEST_WITH(name, with) cmocka_unit_test_setup_teardown(name, with, teardown)
	const struct CMUnitTest tests[] = {
		TEST(version_follows_the_older_querier_timers),
		TEST(an_older_querier_is_known_from_before),
		TEST(what_is_known_from_before_ends_with_a_newer_query),
		TEST_WITH(what_is_known_from_before_is_refused_too, setup_without_fallback),
		TEST(a_v2_group_query_changes_no_version),
		TEST(any_v1_query_changes_the_version),
		TEST(switching_sends_pending_leaves_and_answers_for_the_rest),
		TEST(switching_ends_the_repeats_of_joins),
		TEST(switching_to_v1_sends_no_leave),
		TEST(a_join_held_back_is_not_suppressed),
		TEST(a_join_not_repeated_is_said_again_in_the_newer_version),
		TEST(v2_join_is_repeated_within_ten_seconds),
		TEST_WITH(v2_join_is_repeated_twice_at_most, setup_robust),
		TEST(v2_zap_is_leave_and_report),
		TEST(v1_has_reports_and_no_leave),
		TEST(another_hosts_report_stops_ours_in_v2),
		TEST(nothing_is_suppressed_in_v3),
		TEST(v2_group_query_is_answered_sooner),
		TEST(hurried_queries_do_not_put_an_answer_off),
		TEST(v3_queries_are_answered_in_the_older_version),
		TEST_WITH(without_fallback_version_3_stays, setup_without_fallback),
		TEST(ssm_groups_are_not_told_to_older_queriers),
		TEST_WITH(v2_ssm_tells_them_where_a_network_needs_it, setup_v2_ssm),
		TEST(older_queries_are_noticed_with_a_rate_limit),
		TEST(the_way_back_to_version_3_is_always_noticed),
		TEST(a_version_held_back_is_said_when_the_limit_ends),
		TEST(a_version_that_came_back_before_the_limit_ends_is_not_said_again),
	};
	return cmocka_run_group_tests_name("igmp_older", tests, NULL, NULL);
}
