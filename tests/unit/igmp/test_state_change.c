/* RFC 9776 section 5.1: what a change of the wanted groups puts on the wire, and how it is
 * repeated. */
#include <errno.h>
#include <string.h>

#include "igmp/host.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/packets.h"

#define A "239.1.1.1"
#define B "239.1.1.2"
#define C "239.1.1.3"
#define SSM "232.1.1.1"
#define SSM2 "232.1.1.2"

static int setup_with(void **state, const struct igmp_host_settings *settings)
{
	struct igmp_host *host = igmp_host_new(settings);
	assert_non_null(host);
	igmp_host_set_address(host, ip("10.0.0.2"));
	*state = host;
	return 0;
}

static int setup(void **state)
{
	return setup_with(state, &(struct igmp_host_settings){.no_watch = true, .seed = 1});
}

static int setup_robust(void **state)
{
	return setup_with(state, &(struct igmp_host_settings){.no_watch = true, .robustness = 3});
}

static int setup_small_mtu(void **state)
{
	return setup_with(state, &(struct igmp_host_settings){.no_watch = true, .mtu_bytes = 68});
}

static int setup_two_groups(void **state)
{
	return setup_with(state, &(struct igmp_host_settings){.no_watch = true, .max_groups = 2});
}

static int teardown(void **state)
{
	igmp_host_free(*state);
	return 0;
}

static void set(struct igmp_host *host, const char *group, struct igmp_filter filter, uint64_t now)
{
	const struct igmp_change change = {ip(group), filter, 0};
	assert_int_equal(igmp_host_listen(host, &change, 1, now), 0);
}

static void zap(struct igmp_host *host, const char *from, const char *to, uint64_t now)
{
	const struct igmp_change changes[] = {{ip(to), exclude(""), 0}, {ip(from), include(""), 0}};
	assert_int_equal(igmp_host_listen(host, changes, 2, now), 0);
}

/* The reports of the next deadline; the time moves there. */
static const char *next(struct igmp_host *host, uint64_t *now)
{
	*now = igmp_host_deadline(host);
	if (*now == UINT64_MAX)
		return "never";
	igmp_host_advance(host, *now);
	return reports(host);
}

static int refuse(struct igmp_host *host, const char *group, struct igmp_filter filter)
{
	const struct igmp_change changes[] = {{ip(B), exclude(""), 0}, {ip(group), filter, 0}};
	int err = igmp_host_listen(host, changes, 2, 0);
	assert_string_equal(actions(host), ""); /* nothing of the batch has happened */
	assert_true(igmp_host_deadline(host) == UINT64_MAX);
	return err;
}

/* Section 5.1: at once; then Robustness Variable - 1 more, random within (0, 1 s]. */
static void join_is_reported_at_once_and_repeated_once(void **state)
{
	struct igmp_host *host = *state;
	uint64_t now = 5 * SECOND;
	set(host, A, exclude(""), now);
	assert_string_equal(actions(host), "[TO_EX " A "] +" A);
	assert_true(igmp_host_deadline(host) > now);
	assert_true(igmp_host_deadline(host) <= now + SECOND);
	igmp_host_advance(host, igmp_host_deadline(host) - 1);
	assert_string_equal(actions(host), "");
	assert_string_equal(next(host, &now), "[TO_EX " A "]");
	assert_string_equal(next(host, &now), "never");
}

static void repeats_follow_the_robustness_variable(void **state)
{
	struct igmp_host *host = *state;
	uint64_t now = 0;
	set(host, A, exclude(""), now);
	reports(host);
	for (int i = 0; i < 2; i++) {
		assert_in_range(igmp_host_deadline(host), now + 1, now + SECOND);
		assert_string_equal(next(host, &now), "[TO_EX " A "]");
	}
	assert_string_equal(next(host, &now), "never");
}

/* The gaps are spread over the whole interval, not bunched at one end. */
static void gaps_are_random(void **state)
{
	struct igmp_host *host = *state;
	unsigned quarter[4] = {0};
	for (uint64_t i = 0; i < 400; i++) {
		uint64_t now = i * 10 * SECOND;
		set(host, A, i % 2 ? include("") : exclude(""), now);
		reports(host);
		uint64_t gap = igmp_host_deadline(host) - now;
		quarter[(gap - 1) * 4 / SECOND]++;
		settle(host);
	}
	for (int i = 0; i < 4; i++)
		assert_in_range(quarter[i], 60, 140);
}

/* The pair of a zap: leave first whatever the order asked for, in one report, and so its repeat. */
static void zap_is_one_report_leave_first_and_so_its_repeat(void **state)
{
	struct igmp_host *host = *state;
	uint64_t now = 0;
	/* Both orders of addresses, and the join asked for first. */
	for (int i = 0; i < 2; i++) {
		const char *from = i ? B : A, *to = i ? A : B;
		char pair[64], with_mac[128];
		snprintf(pair, sizeof pair, "[TO_IN %s; TO_EX %s]", from, to);
		snprintf(with_mac, sizeof with_mac, "%s +%s -%s", pair, to, from);
		set(host, from, exclude(""), 0);
		settle(host);
		actions(host);
		zap(host, from, to, 0);
		assert_string_equal(actions(host), with_mac);
		assert_string_equal(next(host, &now), pair);
		assert_string_equal(next(host, &now), "never");
	}
}

/* Section 5.1's table; a source-specific join is ALLOW, its leave BLOCK. */
static void every_transition_has_its_records(void **state)
{
	struct igmp_host *host = *state;
	static const struct {
		const char *group;
		enum igmp_filter_mode mode;
		const char *sources, *report;
	} steps[] = {
		{SSM, IGMP_INCLUDE, "10.0.0.1", "[ALLOW 232.1.1.1 10.0.0.1]"},
		{SSM, IGMP_INCLUDE, "10.0.0.1", ""},
		{SSM, IGMP_INCLUDE, "10.0.0.2 10.0.0.3",
			"[ALLOW 232.1.1.1 10.0.0.2 10.0.0.3; BLOCK 232.1.1.1 10.0.0.1]"},
		{SSM, IGMP_INCLUDE, "10.0.0.3 10.0.0.2", ""},
		{SSM, IGMP_INCLUDE, "10.0.0.2 10.0.0.3 10.0.0.2", ""},
		{SSM, IGMP_INCLUDE, "10.0.0.2", "[BLOCK 232.1.1.1 10.0.0.3]"},
		{SSM, IGMP_INCLUDE, "", "[BLOCK 232.1.1.1 10.0.0.2]"},
		{A, IGMP_EXCLUDE, "", "[TO_EX 239.1.1.1]"},
		{A, IGMP_EXCLUDE, "10.0.0.1 10.0.0.2", "[BLOCK 239.1.1.1 10.0.0.1 10.0.0.2]"},
		{A, IGMP_EXCLUDE, "10.0.0.2 10.0.0.3",
			"[ALLOW 239.1.1.1 10.0.0.1; BLOCK 239.1.1.1 10.0.0.3]"},
		{A, IGMP_INCLUDE, "10.0.0.9", "[TO_IN 239.1.1.1 10.0.0.9]"},
		{A, IGMP_EXCLUDE, "10.0.0.1", "[TO_EX 239.1.1.1 10.0.0.1]"},
		{A, IGMP_INCLUDE, "", "[TO_IN 239.1.1.1]"},
	};
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		struct igmp_filter filter = include(steps[i].sources);
		filter.mode = steps[i].mode;
		set(host, steps[i].group, filter, 0);
		assert_string_equal(reports(host), steps[i].report);
		settle(host);
	}
}

/* A rejoin cancels the pending leave, and the other way round: no stale record. */
static void rejoin_cancels_the_pending_leave(void **state)
{
	struct igmp_host *host = *state;
	uint64_t now = 0;
	set(host, A, exclude(""), now);
	settle(host);
	set(host, A, include(""), now);
	assert_string_equal(reports(host), "[TO_IN " A "]");
	set(host, A, exclude(""), now);
	assert_string_equal(reports(host), "[TO_EX " A "]");
	assert_string_equal(next(host, &now), "[TO_EX " A "]");
	assert_string_equal(next(host, &now), "never");
	set(host, SSM, include("10.0.0.1"), now);
	reports(host);
	set(host, SSM, include(""), now);
	assert_string_equal(reports(host), "[BLOCK " SSM " 10.0.0.1]");
	assert_string_equal(next(host, &now), "[BLOCK " SSM " 10.0.0.1]");
	assert_string_equal(next(host, &now), "never");
}

/* What cancels itself before the report was taken out says nothing, and ends no series. */
static void join_and_leave_before_the_report_say_nothing(void **state)
{
	struct igmp_host *host = *state;
	uint64_t now = 0;
	set(host, A, exclude(""), now);
	set(host, A, include(""), now);
	assert_string_equal(actions(host), "");
	assert_true(igmp_host_deadline(host) == UINT64_MAX);
	set(host, A, exclude(""), now);
	actions(host);
	zap(host, A, B, now);
	zap(host, B, A, now);
	assert_string_equal(actions(host), "");
	assert_string_equal(next(host, &now), "[TO_EX " A "]");
	assert_string_equal(next(host, &now), "never");
}

/* Of several changes of one group in a batch the last counts. */
static void last_change_of_a_group_in_a_batch_counts(void **state)
{
	struct igmp_host *host = *state;
	const struct igmp_change changes[] = {
		{ip(A), exclude(""), 0}, {ip(B), exclude(""), 0}, {ip(A), include(""), 0}};
	assert_int_equal(igmp_host_listen(host, changes, 3, 0), 0);
	assert_string_equal(actions(host), "[TO_EX " B "] +" B);
}

/* Section 5.1: one group's change neither uses up nor moves another group's repeats. */
static void fast_zapping_keeps_every_groups_repeats(void **state)
{
	struct igmp_host *host = *state;
	char text[64];
	unsigned leaves[10] = {0}, joins[10] = {0};
	uint64_t now = 0;
	set(host, "239.2.0.0", exclude(""), now);
	actions(host);
	for (unsigned i = 1; i < 10; i++) {
		char from[32], to[32];
		now += 10 * MS;
		snprintf(from, sizeof from, "239.2.0.%u", i - 1);
		snprintf(to, sizeof to, "239.2.0.%u", i);
		zap(host, from, to, now);
		snprintf(text, sizeof text, "[TO_IN %s; ", from);
		assert_memory_equal(reports(host), text, strlen(text));
	}
	for (const char *said; strcmp(said = next(host, &now), "never");) {
		for (unsigned i = 0; i < 10; i++) {
			snprintf(text, sizeof text, "TO_IN 239.2.0.%u", i);
			leaves[i] += strstr(said, text) != NULL;
			snprintf(text, sizeof text, "TO_EX 239.2.0.%u", i);
			joins[i] += strstr(said, text) != NULL;
		}
	}
	/* Each group left is said once more, and none is joined again. */
	for (unsigned i = 0; i < 9; i++) {
		assert_int_equal(leaves[i], 1);
		assert_int_equal(joins[i], 0);
	}
	assert_int_equal(joins[9], 1);
}

static void another_groups_change_does_not_move_the_repeat(void **state)
{
	struct igmp_host *host = *state;
	set(host, A, exclude(""), 0);
	actions(host);
	uint64_t deadline = igmp_host_deadline(host), now;
	set(host, B, exclude(""), deadline - 1);
	assert_string_equal(reports(host), "[TO_EX " B "]");
	assert_true(igmp_host_deadline(host) == deadline);
	assert_string_equal(next(host, &now), "[TO_EX " A "]");
}

/* Section 5.1: a second source change is merged with the first, and each is carried RV times. */
static void source_changes_are_merged(void **state)
{
	struct igmp_host *host = *state; /* robustness 3 */
	uint64_t now = 0;
	set(host, SSM, include("10.0.0.1"), now);
	assert_string_equal(reports(host), "[ALLOW " SSM " 10.0.0.1]");
	set(host, SSM, include("10.0.0.1 10.0.0.2"), now);
	assert_string_equal(reports(host), "[ALLOW " SSM " 10.0.0.1 10.0.0.2]");
	assert_string_equal(next(host, &now), "[ALLOW " SSM " 10.0.0.1 10.0.0.2]");
	assert_string_equal(next(host, &now), "[ALLOW " SSM " 10.0.0.2]");
	assert_string_equal(next(host, &now), "never");
	set(host, SSM, include("10.0.0.2"), now);
	reports(host);
	set(host, SSM, include("10.0.0.1"), now);
	assert_string_equal(reports(host), "[ALLOW " SSM " 10.0.0.1; BLOCK " SSM " 10.0.0.2]");
}

/*
 * Section 5.1: after a change of mode the next RV reports carry the current mode and list, whatever
 * sources change meanwhile; source changes that are still pending then follow as ALLOW and BLOCK.
 */
static void mode_change_goes_before_source_changes(void **state)
{
	struct igmp_host *host = *state; /* robustness 3 */
	uint64_t now = 0;
	set(host, A, exclude(""), now);
	assert_string_equal(reports(host), "[TO_EX " A "]");
	assert_string_equal(next(host, &now), "[TO_EX " A "]");
	set(host, A, exclude("10.0.0.1"), now);
	assert_string_equal(reports(host), "[TO_EX " A " 10.0.0.1]");
	assert_string_equal(next(host, &now), "[BLOCK " A " 10.0.0.1]");
	set(host, A, exclude(""), now);
	assert_string_equal(reports(host), "[ALLOW " A " 10.0.0.1]");
	set(host, A, include("10.0.0.5"), now);
	for (int i = 0; i < 3; i++)
		assert_string_equal(i ? next(host, &now) : reports(host), "[TO_IN " A " 10.0.0.5]");
	assert_string_equal(next(host, &now), "never");
}

/* However many sources come and go, what is pending stays bounded, and the whole filter says it. */
static void endless_source_changes_fall_back_to_the_whole_filter(void **state)
{
	struct igmp_host *host = *state; /* robustness 3 */
	char sources[64 * 16], expected[64 * 16 + 64];
	uint64_t now = 0;
	for (unsigned round = 0; round < 3; round++) {
		sources[0] = '\0';
		for (unsigned i = 0; i < IGMP_MAX_SOURCES; i++)
			sprintf(sources + strlen(sources), "%s10.%u.0.%u", i ? " " : "", round, i);
		set(host, SSM, include(sources), now);
		snprintf(expected, sizeof expected, "[TO_IN " SSM " %s]", sources);
		const char *said = reports(host);
		assert_true((strncmp(said, "[TO_IN", 6) == 0) == (round == 2));
		if (round == 2)
			assert_string_equal(said, expected);
	}
	assert_string_equal(next(host, &now), expected);
	assert_string_equal(next(host, &now), expected);
	assert_string_equal(next(host, &now), "never");
}

/* Section 4.2.17: an ALLOW that exceeds the MTU goes on in the next report, TO_EX is truncated. */
static void long_records_are_split_or_truncated(void **state)
{
	struct igmp_host *host = *state;
	const char *nine = "10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5 10.0.0.6 10.0.0.7 "
			   "10.0.0.8 10.0.0.9";
	const char *seven = "10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5 10.0.0.6 10.0.0.7";
	char expected[512];
	uint64_t now = 0;
	snprintf(expected, sizeof expected, "[ALLOW " SSM " %s] [ALLOW " SSM " 10.0.0.8 10.0.0.9]",
		seven);
	set(host, SSM, include(nine), now);
	assert_string_equal(reports(host), expected);
	assert_string_equal(next(host, &now), expected);
	assert_string_equal(next(host, &now), "never");
	snprintf(expected, sizeof expected, "[TO_EX " A " %s]", seven);
	set(host, A, exclude(nine), now);
	assert_string_equal(reports(host), expected);
	assert_string_equal(next(host, &now), expected);
}

static void the_mtu_may_change(void **state)
{
	struct igmp_host *host = *state;
	uint64_t now = 0;
	igmp_host_set_mtu(host, 1); /* 68 is the least */
	set(host, SSM,
		include("10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5 10.0.0.6 10.0.0.7 "
			"10.0.0.8"),
		now);
	assert_string_equal(reports(host),
		"[ALLOW " SSM " 10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5 10.0.0.6 10.0.0.7] "
		"[ALLOW " SSM " 10.0.0.8]");
	igmp_host_set_mtu(host, 9000); /* 1500 is the most */
	assert_string_equal(next(host, &now), "[ALLOW " SSM " 10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 "
					      "10.0.0.5 10.0.0.6 10.0.0.7 10.0.0.8]");
}

/* Section 4.2.17, for answers: IS_IN goes on in the next report, IS_EX is truncated. */
static void long_answers_are_split_or_truncated(void **state)
{
	struct igmp_host *host = *state;
	const char *nine = "10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5 10.0.0.6 10.0.0.7 "
			   "10.0.0.8 10.0.0.9";
	const char *seven = "10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5 10.0.0.6 10.0.0.7";
	char expected[512];
	uint64_t now = 0;
	set(host, SSM, include(nine), now);
	set(host, A, exclude(nine), now);
	settle(host);
	snprintf(expected, sizeof expected,
		"[IS_IN " SSM " %s] [IS_IN " SSM " 10.0.0.8 10.0.0.9] [IS_EX " A " %s]", seven,
		seven);
	for (unsigned i = 0; i < 2; i++) {
		hear_version(host, 3, (100 + 100 * i) * SECOND);
		assert_string_equal(next(host, &now), expected);
	}
}

/* Section 4.2.17: as many reports as needed, leaving records still before joining ones. */
static void many_records_fill_several_reports_in_order(void **state)
{
	struct igmp_host *host = *state;
	struct igmp_change changes[12];
	char group[32];
	for (unsigned i = 0; i < 12; i++) {
		snprintf(group, sizeof group, "239.3.0.%u", i);
		changes[i] = (struct igmp_change){ip(group), exclude(""), 0};
	}
	assert_int_equal(igmp_host_listen(host, changes, 6, 0), 0);
	settle(host);
	for (unsigned i = 0; i < 6; i++)
		changes[i].filter = include("");
	assert_int_equal(igmp_host_listen(host, changes, 12, 0), 0);
	assert_string_equal(reports(host),
		"[TO_IN 239.3.0.0; TO_IN 239.3.0.1; TO_IN 239.3.0.2; TO_IN 239.3.0.3] "
		"[TO_IN 239.3.0.4; TO_IN 239.3.0.5; TO_EX 239.3.0.6; TO_EX 239.3.0.7] "
		"[TO_EX 239.3.0.8; TO_EX 239.3.0.9; TO_EX 239.3.0.10; TO_EX 239.3.0.11]");
}

/* A short joining record does not slip into the room that a long leaving one could not use. */
static void joins_wait_for_leaves_that_did_not_fit(void **state)
{
	struct igmp_host *host = *state;
	struct igmp_change changes[] = {
		{ip(SSM), include("10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5"), 0},
		{ip(SSM2), include("10.0.0.1"), 0},
	};
	assert_int_equal(igmp_host_listen(host, changes, 2, 0), 0);
	settle(host);
	const struct igmp_change zap_to_a[] = {
		{ip(A), exclude(""), 0}, {ip(SSM), include(""), 0}, {ip(SSM2), include(""), 0}};
	assert_int_equal(igmp_host_listen(host, zap_to_a, 3, 0), 0);
	assert_string_equal(reports(host),
		"[BLOCK " SSM " 10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5] "
		"[BLOCK " SSM2 " 10.0.0.1; TO_EX " A "]");
}

/* Section 5: 224.0.0.1 is always received and never reported. */
static void all_hosts_is_never_reported(void **state)
{
	struct igmp_host *host = *state;
	set(host, "224.0.0.1", exclude(""), 0);
	assert_string_equal(actions(host), "+224.0.0.1");
	assert_true(igmp_host_deadline(host) == UINT64_MAX);
	set(host, "224.0.0.1", include(""), 0);
	assert_string_equal(actions(host), "-224.0.0.1");
}

/* RFC 4607, RFC 4604 section 2.1: no any-source join inside 232/8; and nothing half done. */
static void what_cannot_be_joined_is_refused_as_a_whole(void **state)
{
	struct igmp_host *host = *state;
	struct igmp_filter many = include("10.0.0.1");
	many.source_count = IGMP_MAX_SOURCES + 1;
	assert_int_equal(refuse(host, SSM, exclude("")), -EINVAL);
	assert_int_equal(refuse(host, "10.0.0.1", exclude("")), -EINVAL);
	assert_int_equal(refuse(host, "240.0.0.1", exclude("")), -EINVAL);
	assert_int_equal(refuse(host, A, include("224.0.0.1")), -EINVAL);
	assert_int_equal(refuse(host, A, include("0.0.0.0")), -EINVAL);
	assert_int_equal(refuse(host, A, many), -E2BIG);
}

static void groups_are_bounded(void **state)
{
	struct igmp_host *host = *state; /* room for two */
	set(host, A, exclude(""), 0);
	const struct igmp_change two[] = {{ip(B), exclude(""), 0}, {ip(C), exclude(""), 0}};
	assert_int_equal(igmp_host_listen(host, two, 2, 0), -ENOSPC);
	/* The refused batch holds no place. */
	set(host, C, exclude(""), 0);
	assert_string_equal(actions(host), "[TO_EX " A "; TO_EX " C "] +" A " +" C);
	set(host, C, include(""), 0);
	settle(host);
	actions(host);
	zap(host, A, B, 0);
	settle(host);
	actions(host);
	/* What has been left and repeated makes room. */
	set(host, C, exclude(""), 0);
	assert_string_equal(actions(host), "[TO_EX " C "] +" C);
}

static void leaving_what_is_not_joined_says_nothing(void **state)
{
	struct igmp_host *host = *state;
	set(host, A, include(""), 0);
	assert_string_equal(actions(host), "");
}

/* The last report of all: joined groups and pending leaves, once. */
static void leave_all_is_one_report_without_repeats(void **state)
{
	struct igmp_host *host = *state;
	set(host, A, exclude(""), 0);
	set(host, C, exclude(""), 0);
	settle(host);
	zap(host, A, B, 0);
	set(host, SSM, include("10.0.0.1"), 0);
	actions(host);
	igmp_host_leave_all(host);
	assert_string_equal(actions(host),
		"[TO_IN " A "; TO_IN " C "; TO_IN " B "; BLOCK " SSM " 10.0.0.1] "
		"-" C " -" B " -" SSM);
	assert_true(igmp_host_deadline(host) == UINT64_MAX);
	/* A host that goes on after all repeats again. */
	uint64_t now = 0;
	set(host, A, exclude(""), now);
	assert_string_equal(reports(host), "[TO_EX " A "]");
	assert_string_equal(next(host, &now), "[TO_EX " A "]");
}

struct seen {
	char text[256];
};

static void see(void *ctx, struct in_addr group, const struct igmp_filter *filter, unsigned pending)
{
	struct seen *seen = ctx;
	sprintf(seen->text + strlen(seen->text), "%u:%s%u:%u ", ntohl(group.s_addr) & 255,
		filter->mode == IGMP_EXCLUDE ? "ex" : "in", filter->source_count, pending);
}

/* Joined groups, and left ones as long as their repeats are pending. */
static void each_shows_groups_and_pending_reports(void **state)
{
	struct igmp_host *host = *state;
	struct seen seen = {{0}};
	set(host, A, exclude(""), 0);
	settle(host);
	zap(host, A, B, 0);
	actions(host);
	igmp_host_each(host, see, &seen);
	assert_string_equal(seen.text, "1:in0:1 2:ex0:1 ");
	settle(host);
	seen.text[0] = '\0';
	igmp_host_each(host, see, &seen);
	assert_string_equal(seen.text, "2:ex0:0 ");
}

/* Section 4.2.15: 0.0.0.0 while the interface has no address. */
static void source_is_the_interfaces_address(void **state)
{
	struct igmp_host *host = *state;
	struct igmp_action action;
	struct in_addr source;
	set(host, A, exclude(""), 0);
	assert_true(igmp_host_next_action(host, &action));
	memcpy(&source, action.packet + 12, 4);
	assert_int_equal(source.s_addr, ip("10.0.0.2").s_addr);
	igmp_host_set_address(host, ip("0.0.0.0"));
	igmp_host_advance(host, igmp_host_deadline(host));
	while (igmp_host_next_action(host, &action) && action.type != IGMP_ACTION_SEND)
		continue;
	igmp_host_advance(host, igmp_host_deadline(host));
	set(host, B, exclude(""), 0);
	assert_true(igmp_host_next_action(host, &action));
	memcpy(&source, action.packet + 12, 4);
	assert_int_equal(source.s_addr, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define TEST_WITH(name, with) cmocka_unit_test_setup_teardown(name, with, teardown)
	const struct CMUnitTest tests[] = {
		TEST(join_is_reported_at_once_and_repeated_once),
		TEST_WITH(repeats_follow_the_robustness_variable, setup_robust),
		TEST(gaps_are_random),
		TEST(zap_is_one_report_leave_first_and_so_its_repeat),
		TEST(every_transition_has_its_records),
		TEST(rejoin_cancels_the_pending_leave),
		TEST(join_and_leave_before_the_report_say_nothing),
		TEST(last_change_of_a_group_in_a_batch_counts),
		TEST(fast_zapping_keeps_every_groups_repeats),
		TEST(another_groups_change_does_not_move_the_repeat),
		TEST_WITH(source_changes_are_merged, setup_robust),
		TEST_WITH(mode_change_goes_before_source_changes, setup_robust),
		TEST_WITH(endless_source_changes_fall_back_to_the_whole_filter, setup_robust),
		TEST_WITH(long_records_are_split_or_truncated, setup_small_mtu),
		TEST_WITH(the_mtu_may_change, setup_small_mtu),
		TEST_WITH(long_answers_are_split_or_truncated, setup_small_mtu),
		TEST_WITH(many_records_fill_several_reports_in_order, setup_small_mtu),
		TEST_WITH(joins_wait_for_leaves_that_did_not_fit, setup_small_mtu),
		TEST(all_hosts_is_never_reported),
		TEST(what_cannot_be_joined_is_refused_as_a_whole),
		TEST_WITH(groups_are_bounded, setup_two_groups),
		TEST(leaving_what_is_not_joined_says_nothing),
		TEST(leave_all_is_one_report_without_repeats),
		TEST(each_shows_groups_and_pending_reports),
		TEST(source_is_the_interfaces_address),
	};
	return cmocka_run_group_tests_name("igmp_state_change", tests, NULL, NULL);
}
