/* Corners of the host that mutations of it showed to be untested. */
#include <errno.h>
#include <string.h>

#include "igmp/host.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/packets.h"

#define A "239.1.1.1"
#define B "239.1.1.2"
#define LOCAL "224.0.0.251"
#define SSM "232.1.1.1"

static struct igmp_host *open_with(struct igmp_host_settings settings)
{
	settings.no_watch = true;
	settings.seed = 5;
	return open_host(&settings);
}

static void ask(struct igmp_host *host, const char *group, uint64_t now)
{
	struct query query = query_defaults();
	query.group = group;
	query.destination = strcmp(group, "0.0.0.0") ? group : "224.0.0.1";
	hear(host, &query, now);
}

static void ask_in_v2(struct igmp_host *host, const char *group, uint64_t now)
{
	struct query query = query_defaults();
	query.group = query.destination = group;
	query.igmp_bytes = 8;
	query.code = 1;
	hear(host, &query, now);
}

/* Section 5.1: repeats lie in (0, interval], so that none is at once. */
static void a_repeat_is_never_at_once(void **state)
{
	(void)state;
	struct igmp_host *host =
		open_with((struct igmp_host_settings){.unsolicited_interval_ns = 1});
	set_user(host, 0, A, exclude(""), SECOND);
	reports(host);
	assert_true(igmp_host_deadline(host) == SECOND + 1);
	igmp_host_free(host);
}

/* 0.0.0.0 is a switch's address, and no interface's: it is not ourselves whom we hear. */
static void without_an_address_a_switch_is_answered(void **state)
{
	(void)state;
	uint64_t now = 0;
	struct query query = query_defaults();
	struct igmp_host *host = open_with((struct igmp_host_settings){0});
	igmp_host_set_address(host, ip("0.0.0.0"));
	set_user(host, 0, A, exclude(""), 0);
	settle(host);
	query.source = "0.0.0.0";
	hear(host, &query, SECOND);
	assert_string_equal(next_reports(host, &now), "[IS_EX " A "]");
	assert_int_equal(counters_of(host).dropped_source, 0);
	igmp_host_free(host);
}

/* Section 4.1.6: QRV 0 is none, and an older query has none: settings, or what was said, stay. */
static void a_robustness_that_is_not_said_stays(void **state)
{
	(void)state;
	struct igmp_querier querier;
	struct query query = query_defaults();
	struct igmp_host *host = open_with((struct igmp_host_settings){.robustness = 4});
	query.flags = 0;
	hear(host, &query, SECOND);
	igmp_host_querier(host, &querier);
	assert_int_equal(querier.robustness, 4);
	query.flags = 6;
	query.qqic = 60;
	hear(host, &query, SECOND);
	hear_version(host, 2, SECOND);
	igmp_host_querier(host, &querier);
	assert_int_equal(querier.robustness, 6);
	assert_true(querier.query_interval_ns == 60 * SECOND);
	igmp_host_free(host);
}

/* The notice names the router whose query it was, not the one before. */
static void a_change_of_version_names_its_querier(void **state)
{
	(void)state;
	struct igmp_action action = {.type = IGMP_ACTION_SEND};
	struct query query = query_defaults();
	struct igmp_host *host = open_with((struct igmp_host_settings){0});
	hear(host, &query, SECOND);
	query.source = "10.0.0.253";
	query.igmp_bytes = 8;
	hear(host, &query, 2 * SECOND);
	assert_true(igmp_host_next_action(host, &action));
	assert_int_equal(action.type, IGMP_ACTION_NOTICE);
	assert_int_equal(action.notice.type, IGMP_NOTICE_VERSION_CHANGED);
	assert_int_equal(action.notice.querier.s_addr, ip("10.0.0.253").s_addr);
	igmp_host_free(host);
}

/* A group counts once, however often its filter changes: after it no answer is due. */
static void changes_of_a_filter_are_no_further_membership(void **state)
{
	(void)state;
	struct igmp_host *host = open_with((struct igmp_host_settings){0});
	set_user(host, 0, A, exclude(""), 0);
	set_user(host, 0, A, exclude("10.0.0.1"), 0);
	set_user(host, 0, A, include("10.0.0.1"), 0);
	set_user(host, 0, A, include(""), 0);
	settle(host);
	ask(host, "0.0.0.0", SECOND);
	assert_true(igmp_host_deadline(host) == UINT64_MAX);
	igmp_host_free(host);
}

static void leaving_all_cancels_the_general_answer(void **state)
{
	(void)state;
	struct igmp_host *host = open_with((struct igmp_host_settings){0});
	set_user(host, 0, A, exclude(""), 0);
	settle(host);
	ask(host, "0.0.0.0", SECOND);
	igmp_host_leave_all(host);
	assert_string_equal(reports(host), "[TO_IN " A "]");
	actions(host);
	assert_true(igmp_host_deadline(host) == UINT64_MAX);
	igmp_host_free(host);
}

/*
 * Section 5.1: where the routers may still hold EXCLUDE, an ALLOW would not end it: the change of
 * mode was never said, or not as often as it has to be.
 */
static void announcing_says_a_mode_that_routers_may_not_know(void **state)
{
	(void)state;
	uint64_t now = 0;
	struct igmp_host *host = open_with((struct igmp_host_settings){0});
	set_user(host, 0, A, exclude(""), 0);
	settle(host);
	set_user(host, 0, A, include("10.0.0.1"), SECOND); /* its report waits for the line */
	igmp_host_announce(host, 2 * SECOND);
	assert_string_equal(reports(host), "[TO_IN " A " 10.0.0.1]");
	igmp_host_announce(host, 2 * SECOND); /* before its repeat */
	assert_string_equal(reports(host), "[TO_IN " A " 10.0.0.1]");
	assert_string_equal(next_reports(host, &now), "[TO_IN " A " 10.0.0.1]");
	assert_string_equal(next_reports(host, &now), "never");
	igmp_host_announce(host, 9 * SECOND);
	assert_string_equal(reports(host), "[ALLOW " A " 10.0.0.1]");
	settle(host);
	set_user(host, 0, A, exclude("10.0.0.2"), 20 * SECOND);
	igmp_host_announce(host, 20 * SECOND);
	assert_string_equal(reports(host), "[TO_EX " A " 10.0.0.2]");
	igmp_host_free(host);
}

static void announcing_says_it_also_after_a_leave_not_repeated(void **state)
{
	(void)state;
	struct igmp_host *host = open_with((struct igmp_host_settings){0});
	set_user(host, 0, A, exclude(""), 0);
	settle(host);
	set_user(host, 0, A, include(""), SECOND);
	assert_string_equal(reports(host), "[TO_IN " A "]");
	set_user(host, 0, A, include("10.0.0.1"), SECOND);
	igmp_host_announce(host, SECOND);
	assert_string_equal(reports(host), "[TO_IN " A " 10.0.0.1]");
	igmp_host_free(host);
}

/* Older versions have one report, whatever the mode. */
static void announcing_to_an_older_querier_knows_no_mode(void **state)
{
	(void)state;
	struct igmp_host *host = open_with((struct igmp_host_settings){0});
	hear_version(host, 2, 0);
	set_user(host, 0, A, exclude(""), SECOND);
	reports(host);
	set_user(host, 0, A, include("10.0.0.1"), SECOND);
	igmp_host_announce(host, SECOND);
	assert_string_equal(reports(host), "(V2 " A ")");
	igmp_host_free(host);
}

/* On a new line nothing is to be taken back: nobody there has heard of it. */
static void announcing_forgets_what_was_blocked(void **state)
{
	(void)state;
	uint64_t now = 0;
	struct igmp_host *host = open_with((struct igmp_host_settings){0});
	set_user(host, 0, SSM, include("10.0.0.1 10.0.0.2"), 0);
	settle(host);
	set_user(host, 0, SSM, include("10.0.0.2"), SECOND);
	assert_string_equal(reports(host), "[BLOCK " SSM " 10.0.0.1]");
	igmp_host_announce(host, SECOND);
	assert_string_equal(reports(host), "[ALLOW " SSM " 10.0.0.2]");
	assert_string_equal(next_reports(host, &now), "[ALLOW " SSM " 10.0.0.2]");
	assert_string_equal(next_reports(host, &now), "never");
	igmp_host_free(host);
}

/* A on the line, and B held back by the gap after A's leave. */
static struct igmp_host *open_in_the_gap(void)
{
	struct igmp_host *host = open_with((struct igmp_host_settings){.pair = IGMP_PAIR_GAP,
		.pair_gap_ns = 50 * MS,
		.unsolicited_interval_ns = 100 * MS});
	const struct igmp_change pair[] = {{ip(A), include(""), 0}, {ip(B), exclude(""), 0}};
	set_user(host, 0, A, exclude(""), 0);
	settle(host);
	assert_int_equal(igmp_host_listen(host, pair, 2, SECOND), 0);
	assert_string_equal(reports(host), "[TO_IN " A "]");
	return host;
}

static unsigned count(const char *text, const char *what)
{
	unsigned n = 0;
	for (const char *at = text; (at = strstr(at, what)) != NULL; at++)
		n++;
	return n;
}

/* All that is said from now on until there is no more to say. */
static const char *all_reports(struct igmp_host *host)
{
	static char text[4096];
	uint64_t now = 0;
	text[0] = '\0';
	while (!strstr(text, "never")) {
		const char *said = next_reports(host, &now);
		assert_true(strlen(text) + strlen(said) < sizeof text);
		strcat(text, said);
	}
	return text;
}

/* What is held back is said at once on another line, and repeated as any join. */
static void announcing_ends_the_gap(void **state)
{
	(void)state;
	struct igmp_host *host = open_in_the_gap();
	igmp_host_announce(host, SECOND + 10 * MS);
	assert_string_equal(reports(host), "[TO_EX " B "]");
	assert_int_equal(count(all_reports(host), "[TO_EX " B "]"), 1);
	igmp_host_free(host);
}

/* An older query that comes within the gap: the join has not been said to anybody. */
static void an_older_querier_ends_the_gap(void **state)
{
	(void)state;
	struct igmp_host *host = open_in_the_gap();
	hear_version(host, 2, SECOND + 10 * MS);
	assert_string_equal(reports(host), "(LEAVE " A ") (V2 " B ")");
	igmp_host_free(host);
}

/* Section 5: with the switch, 224.0.0.x is in no answer either. */
static void silent_groups_are_in_no_answer(void **state)
{
	(void)state;
	uint64_t now = 0;
	struct igmp_host *host = open_with((struct igmp_host_settings){.silent_link_local = true});
	set_user(host, 0, LOCAL, exclude(""), 0);
	set_user(host, 0, A, exclude(""), 0);
	settle(host);
	ask(host, "0.0.0.0", SECOND);
	assert_string_equal(next_reports(host, &now), "[IS_EX " A "]");
	ask(host, LOCAL, 20 * SECOND);
	assert_true(igmp_host_deadline(host) == UINT64_MAX);
	ask_in_v2(host, LOCAL, 20 * SECOND);
	assert_true(igmp_host_deadline(host) == UINT64_MAX);
	igmp_host_free(host);
}

/* RFC 2236 section 3: one report answers, however often it was asked for while it waits. */
static void an_older_answer_that_waits_is_sent_once(void **state)
{
	(void)state;
	uint64_t now = 0;
	struct igmp_host *host =
		open_with((struct igmp_host_settings){.answers_per_second = 1, .answer_burst = 1});
	hear_version(host, 2, 0);
	set_user(host, 0, A, exclude(""), 0);
	set_user(host, 0, B, exclude(""), 0);
	reports(host);
	while (igmp_host_deadline(host) < 100 * SECOND)
		next_reports(host, &now);
	hear_version(host, 2, 100 * SECOND);
	igmp_host_advance(host, 110 * SECOND);
	assert_string_equal(reports(host), "(V2 " A ")"); /* and B waits */
	ask_in_v2(host, B, 110 * SECOND);
	assert_string_equal(next_reports(host, &now), "(V2 " B ")");
	assert_string_equal(next_reports(host, &now), "");
	assert_int_equal(version_of(host), 3); /* that was the next deadline */
	igmp_host_free(host);
}

/* The token bucket counts older reports as well. */
static void older_answers_are_bounded(void **state)
{
	(void)state;
	uint64_t now = 0;
	char group[INET_ADDRSTRLEN];
	struct igmp_host *host =
		open_with((struct igmp_host_settings){.answers_per_second = 10, .answer_burst = 5});
	hear_version(host, 2, 0);
	for (unsigned i = 0; i < 100; i++) {
		snprintf(group, sizeof group, "239.7.0.%u", i);
		set_user(host, 0, group, exclude(""), 0);
	}
	reports(host);
	while (igmp_host_deadline(host) < 100 * SECOND)
		next_reports(host, &now);
	uint64_t before = counters_of(host).v2_reports_sent;
	hear_version(host, 2, 100 * SECOND);
	for (now = 100 * SECOND; now < 102 * SECOND; now += 10 * MS) {
		ask_in_v2(host, "239.7.0.1", now);
		ask_in_v2(host, "239.7.0.2", now);
		igmp_host_advance(host, now);
		reports(host);
	}
	assert_in_range(counters_of(host).v2_reports_sent - before, 10, 2 * 10 + 5);
	igmp_host_free(host);
}

/* The whole filter says it: sources that were pending with a higher robustness add nothing. */
static void a_change_of_mode_ends_pending_sources(void **state)
{
	(void)state;
	uint64_t now = 0;
	struct query query = query_defaults();
	struct igmp_host *host = open_with((struct igmp_host_settings){.robustness = 7});
	set_user(host, 0, A, include("10.0.0.1"), 0);
	assert_string_equal(reports(host), "[ALLOW " A " 10.0.0.1]");
	query.flags = 2;
	hear(host, &query, 0);
	set_user(host, 0, A, exclude(""), 0);
	assert_string_equal(reports(host), "[TO_EX " A "]");
	igmp_host_advance(host, 20 * SECOND);
	assert_string_equal(reports(host), "[TO_EX " A "] [IS_EX " A "]");
	assert_string_equal(next_reports(host, &now), "never");
	igmp_host_free(host);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_repeat_is_never_at_once),
		cmocka_unit_test(without_an_address_a_switch_is_answered),
		cmocka_unit_test(a_robustness_that_is_not_said_stays),
		cmocka_unit_test(a_change_of_version_names_its_querier),
		cmocka_unit_test(changes_of_a_filter_are_no_further_membership),
		cmocka_unit_test(leaving_all_cancels_the_general_answer),
		cmocka_unit_test(announcing_forgets_what_was_blocked),
		cmocka_unit_test(announcing_says_a_mode_that_routers_may_not_know),
		cmocka_unit_test(announcing_says_it_also_after_a_leave_not_repeated),
		cmocka_unit_test(announcing_to_an_older_querier_knows_no_mode),
		cmocka_unit_test(announcing_ends_the_gap),
		cmocka_unit_test(an_older_querier_ends_the_gap),
		cmocka_unit_test(silent_groups_are_in_no_answer),
		cmocka_unit_test(an_older_answer_that_waits_is_sent_once),
		cmocka_unit_test(older_answers_are_bounded),
		cmocka_unit_test(a_change_of_mode_ends_pending_sources),
	};
	return cmocka_run_group_tests_name("igmp_corners", tests, NULL, NULL);
}
