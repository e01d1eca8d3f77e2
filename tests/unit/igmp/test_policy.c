/* Settings: how a pair goes out, what leaves single sources, what is reported at all. */
#include <errno.h>
#include <string.h>

#include "igmp/host.h"
#include "igmp/notice.h"
#include "igmp/wire.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/packets.h"

#define A "239.1.1.1"
#define B "239.1.1.2"
#define C "239.1.1.3"
#define SSM "232.1.1.1"
#define SSM2 "232.1.1.2"

static struct igmp_host *open_with(struct igmp_host_settings settings)
{
	settings.no_watch = true;
	settings.seed = 9;
	return open_host(&settings);
}

static void zap(struct igmp_host *host, const char *from, const char *to, struct igmp_filter filter,
	uint64_t now)
{
	const struct igmp_change changes[] = {{ip(to), filter, 0}, {ip(from), include(""), 0}};
	assert_int_equal(igmp_host_listen(host, changes, 2, now), 0);
}

/* pair = one: one report, the leave first, and the repeat carries both. */
static void pair_one_is_one_report(void **state)
{
	(void)state;
	uint64_t now = 0;
	struct igmp_host *host = open_with((struct igmp_host_settings){.pair = IGMP_PAIR_ONE});
	set_user(host, 0, SSM, include("10.0.0.1"), 0);
	settle(host);
	zap(host, SSM, SSM2, include("10.0.0.1"), SECOND);
	assert_string_equal(reports(host), "[BLOCK " SSM " 10.0.0.1; ALLOW " SSM2 " 10.0.0.1]");
	assert_string_equal(
		next_reports(host, &now), "[BLOCK " SSM " 10.0.0.1; ALLOW " SSM2 " 10.0.0.1]");
	igmp_host_free(host);
}

/* pair = two: two reports, back to back, and so their repeats. */
static void pair_two_is_two_reports(void **state)
{
	(void)state;
	uint64_t now = 0;
	struct igmp_host *host = open_with((struct igmp_host_settings){.pair = IGMP_PAIR_TWO});
	set_user(host, 0, A, exclude(""), 0);
	settle(host);
	zap(host, A, B, exclude(""), SECOND);
	assert_string_equal(reports(host), "[TO_IN " A "] [TO_EX " B "]");
	assert_string_equal(next_reports(host, &now), "[TO_IN " A "] [TO_EX " B "]");
	assert_string_equal(next_reports(host, &now), "never");
	igmp_host_free(host);
}

static struct igmp_host *open_with_gap(void)
{
	return open_with((struct igmp_host_settings){
		.pair = IGMP_PAIR_GAP, .pair_gap_ns = 50 * MS, .unsolicited_interval_ns = 1 * MS});
}

/* pair = gap:50: the join comes 50 ms after the leave; one without a leave comes at once. */
static void pair_gap_holds_the_join_back(void **state)
{
	(void)state;
	uint64_t now = 0;
	struct igmp_host *host = open_with_gap();
	set_user(host, 0, A, exclude(""), 0);
	assert_string_equal(reports(host), "[TO_EX " A "]");
	settle(host);
	zap(host, A, B, exclude(""), SECOND);
	assert_string_equal(actions(host), "[TO_IN " A "] +" B " -" A);
	assert_true(igmp_host_holds(host));
	assert_string_equal(next_reports(host, &now), "[TO_IN " A "]");
	assert_true(igmp_host_holds(host));
	assert_string_equal(next_reports(host, &now), "[TO_EX " B "]");
	assert_false(igmp_host_holds(host));
	assert_true(now == SECOND + 50 * MS);
	assert_string_equal(next_reports(host, &now), "[TO_EX " B "]");
	assert_string_equal(next_reports(host, &now), "never");
	igmp_host_free(host);
}

/* Zapping on within the gap: the channel in between was never joined, and the gap still counts. */
static void zapping_on_within_the_gap_says_nothing_of_what_was_between(void **state)
{
	(void)state;
	uint64_t now = 0;
	struct igmp_host *host = open_with_gap();
	set_user(host, 0, A, exclude(""), 0);
	settle(host);
	zap(host, A, B, exclude(""), SECOND);
	assert_string_equal(reports(host), "[TO_IN " A "]");
	zap(host, B, C, exclude(""), SECOND + 10 * MS);
	assert_string_equal(reports(host), "");
	assert_string_equal(next_reports(host, &now), "[TO_IN " A "]");
	assert_string_equal(next_reports(host, &now), "[TO_EX " C "]");
	assert_true(now == SECOND + 50 * MS);
	igmp_host_free(host);
}

/* Found at random: a rejoin that was held and given up ended the repeats of the leave before. */
static void a_join_given_up_within_the_gap_keeps_the_leaves_repeats(void **state)
{
	(void)state;
	uint64_t now = 0;
	struct igmp_host *host = open_with_gap();
	set_user(host, 0, A, exclude(""), 0);
	set_user(host, 0, B, exclude(""), 0);
	settle(host);
	set_user(host, 0, A, include(""), SECOND);
	reports(host);
	zap(host, B, A, exclude(""), SECOND);
	assert_string_equal(reports(host), "[TO_IN " B "]");
	assert_true(igmp_host_holds(host));
	set_user(host, 0, A, include(""), SECOND);
	assert_false(igmp_host_holds(host));
	assert_string_equal(reports(host), "");
	char said[128];
	snprintf(said, sizeof said, "%s", next_reports(host, &now));
	strcat(said, next_reports(host, &now));
	assert_non_null(strstr(said, "[TO_IN " A "]"));
	assert_non_null(strstr(said, "[TO_IN " B "]"));
	assert_string_equal(next_reports(host, &now), "never");
	igmp_host_free(host);
}

/* Found at random: an answer told of the join before its time, as good as a join to a router. */
static void a_join_held_back_is_not_told_to_a_querier(void **state)
{
	(void)state;
	struct query query = query_defaults();
	uint64_t now = 0;
	struct igmp_host *host = open_with((struct igmp_host_settings){
		.pair = IGMP_PAIR_GAP, .pair_gap_ns = 500 * MS, .unsolicited_interval_ns = 1 * MS});
	set_user(host, 0, A, exclude(""), 0);
	set_user(host, 0, C, exclude(""), 0);
	settle(host);
	zap(host, A, B, exclude(""), SECOND);
	assert_string_equal(reports(host), "[TO_IN " A "]");
	assert_string_equal(next_reports(host, &now), "[TO_IN " A "]");
	query.code = 1;
	hear(host, &query, SECOND + 10 * MS);
	assert_string_equal(next_reports(host, &now), "[IS_EX " C "]");
	query.group = query.destination = B;
	hear(host, &query, now);
	assert_string_equal(next_reports(host, &now), "[TO_EX " B "]");
	assert_true(now == SECOND + 500 * MS);
	/* The join was sent since: that is an answer. */
	assert_string_equal(next_reports(host, &now), "[TO_EX " B "]");
	assert_string_equal(next_reports(host, &now), "never");
	igmp_host_free(host);
}

/* What older versions do not say leaves no line: a join has nothing to wait for. */
static void a_gap_follows_no_leave_that_is_not_sent(void **state)
{
	(void)state;
	struct igmp_host *host = open_with_gap();
	set_user(host, 0, SSM, include("10.0.0.1"), 0);
	settle(host);
	hear_version(host, 2, SECOND);
	zap(host, SSM, A, exclude(""), 2 * SECOND);
	assert_string_equal(reports(host), "(V2 " A ")");
	zap(host, A, B, exclude(""), 3 * SECOND);
	assert_string_equal(reports(host), "(LEAVE " A ")");
	hear_version(host, 1, 4 * SECOND);
	assert_string_equal(reports(host), "(V1 " B ")");
	zap(host, B, C, exclude(""), 5 * SECOND);
	assert_string_equal(reports(host), "(V1 " C ")");
	igmp_host_free(host);
}

/* ssm_leave = block | to_in | both; a rejoin is an ALLOW in each case. */
static void ssm_leave_is_what_the_receivers_understand(void **state)
{
	(void)state;
	static const char *const leaves[] = {
		[IGMP_SSM_LEAVE_BLOCK] = "[BLOCK " SSM " 10.0.0.1]",
		[IGMP_SSM_LEAVE_TO_IN] = "[TO_IN " SSM "]",
		[IGMP_SSM_LEAVE_BOTH] = "[BLOCK " SSM " 10.0.0.1; TO_IN " SSM "]",
	};
	for (enum igmp_ssm_leave how = 0; how <= IGMP_SSM_LEAVE_BOTH; how++) {
		uint64_t now = 0;
		struct igmp_host *host = open_with((struct igmp_host_settings){.ssm_leave = how});
		set_user(host, 0, SSM, include("10.0.0.1"), 0);
		settle(host);
		set_user(host, 0, SSM, include(""), SECOND);
		assert_string_equal(reports(host), leaves[how]);
		assert_string_equal(next_reports(host, &now), leaves[how]);
		assert_string_equal(next_reports(host, &now), "never");
		set_user(host, 0, SSM, include("10.0.0.1"), SECOND);
		settle(host);
		set_user(host, 0, SSM, include(""), SECOND);
		reports(host);
		set_user(host, 0, SSM, include("10.0.0.1"), SECOND);
		assert_string_equal(reports(host), "[ALLOW " SSM " 10.0.0.1]");
		igmp_host_free(host);
	}
}

/* RFC 6636: nothing of section 8 is hard-coded. */
static void robustness_and_intervals_are_settings(void **state)
{
	(void)state;
	uint64_t now = 0;
	struct igmp_host *host = open_with((struct igmp_host_settings){
		.robustness = 4, .unsolicited_interval_ns = 7 * MS, .query_interval_ns = SECOND});
	set_user(host, 0, A, exclude(""), 0);
	assert_string_equal(reports(host), "[TO_EX " A "]");
	for (unsigned i = 0; i < 3; i++) {
		uint64_t before = now;
		assert_string_equal(next_reports(host, &now), "[TO_EX " A "]");
		assert_true(now > before && now <= before + 7 * MS);
	}
	assert_string_equal(next_reports(host, &now), "never");
	hear_version(host, 2, 0); /* 4 x 1 s + 10 x 10 s */
	igmp_host_advance(host, 104 * SECOND - 1);
	assert_int_equal(version_of(host), 2);
	igmp_host_advance(host, 104 * SECOND);
	assert_int_equal(version_of(host), 3);
	igmp_host_free(host);
}

/* Section 9.1: queries of version 2 and 3 without Router Alert, where the network has it. */
static void router_alert_can_be_required(void **state)
{
	(void)state;
	uint8_t packet[1500];
	struct query query = query_defaults();
	for (unsigned required = 0; required < 2; required++) {
		struct igmp_host *host =
			open_with((struct igmp_host_settings){.require_router_alert = required});
		set_user(host, 0, A, exclude(""), 0);
		settle(host);
		for (query.igmp_bytes = 8; query.igmp_bytes <= 12; query.igmp_bytes += 4) {
			size_t len = query_build(&query, packet);
			memset(packet + 20, 1, 4); /* no operation */
			packet_seal(packet);
			igmp_host_receive(host, packet, len, IGMP_FRAME_MULTICAST, SECOND);
		}
		assert_int_equal(counters_of(host).dropped_router_alert, required ? 2 : 0);
		assert_int_equal(counters_of(host).queries_without_router_alert, required ? 0 : 2);
		assert_int_equal(igmp_host_deadline(host) == UINT64_MAX, required);
		/* RFC 1112 knows no such option. */
		packet[25] = 0;
		packet[3] = 24 + 8;
		packet_seal(packet);
		igmp_host_receive(host, packet, 24 + 8, IGMP_FRAME_MULTICAST, SECOND);
		assert_int_equal(version_of(host), 1);
		igmp_host_free(host);
	}
}

/* Section 5: 224.0.0.x is reported, unless the switch says otherwise. */
static void link_local_groups_are_reported_with_a_switch(void **state)
{
	(void)state;
	struct igmp_host *host = open_with((struct igmp_host_settings){0});
	set_user(host, 0, "224.0.0.251", exclude(""), 0);
	assert_string_equal(actions(host), "[TO_EX 224.0.0.251] +224.0.0.251");
	igmp_host_free(host);
	host = open_with((struct igmp_host_settings){.silent_link_local = true});
	set_user(host, 0, "224.0.0.251", exclude(""), 0);
	assert_string_equal(actions(host), "+224.0.0.251");
	hear_version(host, 3, SECOND);
	assert_true(igmp_host_deadline(host) == UINT64_MAX);
	set_user(host, 0, "224.0.1.1", exclude(""), 0);
	assert_string_equal(reports(host), "[TO_EX 224.0.1.1]");
	igmp_host_free(host);
}

/* RFC 4607: refused inside 232/8 without a source; outside with one it is said, not refused. */
static void single_sources_outside_232_are_warned_of(void **state)
{
	(void)state;
	const struct igmp_change any = {ip(SSM), exclude(""), 0};
	struct igmp_host *host = open_with((struct igmp_host_settings){0});
	assert_int_equal(igmp_host_listen(host, &any, 1, 0), -EINVAL);
	set_user(host, 0, SSM, include("10.0.0.1"), 0);
	assert_string_equal(notices(host), "");
	set_user(host, 0, A, include("10.0.0.1"), 0);
	assert_string_equal(notices(host), "SOURCE_OUTSIDE_SSM");
	assert_int_equal(igmp_host_filter(host, ip(A)).source_count, 1);
	igmp_host_free(host);
}

/* After the line was down: every membership once more, and every MAC address. */
static void announcing_says_every_membership_anew(void **state)
{
	(void)state;
	uint64_t now = 0;
	struct igmp_host *host = open_with((struct igmp_host_settings){0});
	set_user(host, 0, A, exclude(""), 0);
	set_user(host, 0, SSM, include("10.0.0.1"), 0);
	settle(host);
	actions(host);
	igmp_host_announce(host, SECOND);
	assert_string_equal(actions(host), "[TO_EX " A "; ALLOW " SSM " 10.0.0.1]");
	assert_string_equal(next_reports(host, &now), "[TO_EX " A "; ALLOW " SSM " 10.0.0.1]");
	assert_string_equal(next_reports(host, &now), "never");
	igmp_host_rejoin_macs(host);
	assert_string_equal(actions(host), "+" A " +" SSM);
	igmp_host_free(host);
}

/*
 * RFC 5790: joins of any source or of a single one, and leaves, never need EXCLUDE with sources. A
 * user that asks for it is heard, but what lightweight users want wins (section 3.2).
 */
static void lightweight_changes_never_name_excluded_sources(void **state)
{
	enum { LIGHT, LIGHT_TOO, FULL, ROUNDS = 200 };
	(void)state;
	struct igmp_host *host = open_with((struct igmp_host_settings){0});
	set_user(host, FULL, A, exclude("10.0.0.1"), 0);
	assert_string_equal(reports(host), "[TO_EX " A " 10.0.0.1]");
	for (unsigned i = 1; i <= ROUNDS; i++) {
		/* The second half is theirs alone, and they leave as well. */
		bool alone = i > ROUNDS / 2;
		const struct igmp_filter wishes[] = {
			exclude(""), include("10.0.0.1"), alone ? include("") : exclude("")};
		if (alone)
			set_user(host, FULL, A, include(""), i * SECOND);
		set_user(host, LIGHT, A, wishes[i % 3], i * SECOND);
		set_user(host, LIGHT_TOO, A, i % 4 ? include("") : wishes[i % 2], i * SECOND);
		set_user(host, LIGHT, SSM, include(i % 2 ? "10.0.0.1" : ""), i * SECOND);
		assert_null(strstr(reports(host), "EX " A " 1"));
		hear_version(host, 3, i * SECOND);
		igmp_host_advance(host, (i + 1) * SECOND);
		assert_null(strstr(reports(host), "EX " A " 1"));
	}
	igmp_host_free(host);
}

/* Each notice has a sentence that names what it is about. */
static void every_notice_has_a_sentence(void **state)
{
	(void)state;
	char sentence[IGMP_NOTICE_MAX_BYTES], cut[8];
	for (enum igmp_notice_type type = 0; type < IGMP_NOTICE_TYPES; type++) {
		const struct igmp_notice notice = {.type = type,
			.querier = ip("10.0.0.254"),
			.other = ip("10.0.0.253"),
			.group = ip(SSM),
			.version = 2};
		igmp_notice_sentence(&notice, sentence, sizeof sentence);
		assert_true(strlen(sentence) > 20);
		assert_null(strchr(sentence, '@'));
		igmp_notice_sentence(&notice, cut, sizeof cut);
		assert_int_equal(strlen(cut), sizeof cut - 1);
	}
	const struct igmp_notice two = {.type = IGMP_NOTICE_SEVERAL_QUERIERS,
		.querier = ip("10.0.0.254"),
		.other = ip("10.0.0.253")};
	igmp_notice_sentence(&two, sentence, sizeof sentence);
	assert_non_null(strstr(sentence, "10.0.0.254 and 10.0.0.253"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pair_one_is_one_report),
		cmocka_unit_test(pair_two_is_two_reports),
		cmocka_unit_test(pair_gap_holds_the_join_back),
		cmocka_unit_test(zapping_on_within_the_gap_says_nothing_of_what_was_between),
		cmocka_unit_test(a_join_given_up_within_the_gap_keeps_the_leaves_repeats),
		cmocka_unit_test(a_join_held_back_is_not_told_to_a_querier),
		cmocka_unit_test(a_gap_follows_no_leave_that_is_not_sent),
		cmocka_unit_test(ssm_leave_is_what_the_receivers_understand),
		cmocka_unit_test(robustness_and_intervals_are_settings),
		cmocka_unit_test(router_alert_can_be_required),
		cmocka_unit_test(link_local_groups_are_reported_with_a_switch),
		cmocka_unit_test(single_sources_outside_232_are_warned_of),
		cmocka_unit_test(announcing_says_every_membership_anew),
		cmocka_unit_test(lightweight_changes_never_name_excluded_sources),
		cmocka_unit_test(every_notice_has_a_sentence),
	};
	return cmocka_run_group_tests_name("igmp_policy", tests, NULL, NULL);
}
