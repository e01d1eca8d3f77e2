/* The watch over queriers: who asks, who does not, and memberships that nobody asks for. */
#include <string.h>

#include "igmp/host.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/packets.h"

#define A "239.1.1.1"
#define SSM "232.1.1.1"

static int setup(void **state)
{
	*state = open_host(&(struct igmp_host_settings){.seed = 4});
	return 0;
}

static int teardown(void **state)
{
	igmp_host_free(*state);
	return 0;
}

static void ask_from(struct igmp_host *host, const char *router, uint64_t now)
{
	struct query query = query_defaults();
	query.source = router;
	hear(host, &query, now);
}

/* Time goes on; what is due is done. The reports of the whole time. */
static const char *pass(struct igmp_host *host, uint64_t until)
{
	static char text[4096];
	text[0] = '\0';
	while (igmp_host_deadline(host) <= until) {
		igmp_host_advance(host, igmp_host_deadline(host));
		strcat(text, reports(host));
	}
	igmp_host_advance(host, until);
	return text;
}

static unsigned count(const char *text, const char *what)
{
	unsigned n = 0;
	for (const char *at = text; (at = strstr(at, what)) != NULL; at++)
		n++;
	return n;
}

/* Section 8.4: 2 x 125 s + 2 x 10 s; counted from the last query. */
static void a_querier_that_went_silent_is_noticed(void **state)
{
	struct igmp_host *host = *state;
	set_user(host, 0, A, exclude(""), 0);
	actions(host);
	ask_from(host, "10.0.0.254", 100 * SECOND);
	while (igmp_host_deadline(host) < 370 * SECOND) {
		igmp_host_advance(host, igmp_host_deadline(host));
		assert_string_equal(notices(host), "");
	}
	igmp_host_advance(host, 370 * SECOND);
	assert_string_equal(notices(host), "NO_QUERIER");
	pass(host, 2000 * SECOND); /* said once */
	ask_from(host, "10.0.0.254", 2000 * SECOND);
	assert_string_equal(notices(host), "QUERIER_BACK");
	ask_from(host, "10.0.0.254", 2125 * SECOND); /* it never went again */
	assert_string_equal(notices(host), "");
}

/* Who leaves and joins while it is missing has heard of it. */
static void a_missing_querier_is_said_once(void **state)
{
	struct igmp_host *host = *state;
	set_user(host, 0, A, exclude(""), 0);
	actions(host);
	pass(host, 300 * SECOND);
	set_user(host, 0, A, include(""), 400 * SECOND);
	actions(host);
	pass(host, 500 * SECOND);
	set_user(host, 0, A, exclude(""), 500 * SECOND);
	actions(host);
	while (igmp_host_deadline(host) < 2000 * SECOND) {
		igmp_host_advance(host, igmp_host_deadline(host));
		assert_string_equal(notices(host), "");
	}
}

static void without_any_membership_no_querier_is_missed(void **state)
{
	struct igmp_host *host = *state;
	ask_from(host, "10.0.0.254", 0);
	assert_true(igmp_host_deadline(host) == UINT64_MAX);
	set_user(host, 0, A, exclude(""), 10 * SECOND);
	assert_true(igmp_host_deadline(host) != UINT64_MAX);
	set_user(host, 0, A, include(""), 10 * SECOND);
	actions(host);
	assert_true(igmp_host_deadline(host) == UINT64_MAX);
}

/*
 * Section 8.4: a router forgets after 260 s what it does not hear of. With one refresh lost there
 * is another within that time.
 */
static void memberships_are_refreshed_without_a_querier(void **state)
{
	struct igmp_host *host = *state;
	set_user(host, 0, A, exclude(""), 0);
	set_user(host, 0, SSM, include("10.0.0.1"), 0);
	reports(host);
	pass(host, 5 * SECOND);
	const char *refreshes = pass(host, 265 * SECOND);
	assert_int_equal(count(refreshes, "[IS_EX " A "; IS_IN " SSM " 10.0.0.1]"), 2);
	refreshes = pass(host, 1265 * SECOND);
	assert_int_equal(count(refreshes, "IS_EX"), 8); /* every 125 s */
	assert_int_equal(counters_of(host).refreshes, 10);
}

/* However often a viewer zaps: 125 s + 10 s after the first join. */
static void zapping_does_not_put_the_refresh_off(void **state)
{
	struct igmp_host *host = *state;
	set_user(host, 0, A, exclude(""), 0);
	reports(host);
	for (unsigned i = 1; i <= 134; i++) {
		set_user(host, 0, SSM, i % 2 ? include("10.0.0.1") : include(""), i * SECOND);
		reports(host);
		pass(host, i * SECOND);
	}
	assert_int_equal(counters_of(host).refreshes, 0);
	pass(host, 135 * SECOND);
	assert_int_equal(counters_of(host).refreshes, 1);
}

/* A response time of 0 says nothing of when the next answer is to be expected. */
static void a_hurried_querier_does_not_hurry_the_refresh(void **state)
{
	struct igmp_host *host = *state;
	struct query query = query_defaults();
	set_user(host, 0, A, exclude(""), 0);
	reports(host);
	query.code = 0;
	hear(host, &query, 0);
	pass(host, 135 * SECOND - 1);
	assert_int_equal(counters_of(host).refreshes, 0);
	pass(host, 135 * SECOND);
	assert_int_equal(counters_of(host).refreshes, 1);
}

static void a_querier_that_asks_needs_no_refresh(void **state)
{
	struct igmp_host *host = *state;
	set_user(host, 0, A, exclude(""), 0);
	reports(host);
	for (unsigned i = 0; i < 20; i++) {
		ask_from(host, "10.0.0.254", i * 125 * SECOND);
		const char *said = pass(host, (i + 1) * 125 * SECOND - 1);
		assert_int_equal(count(said, "IS_EX"), 1);
	}
	assert_int_equal(counters_of(host).refreshes, 0);
	assert_string_equal(notices(host), "");
}

static void a_changed_querier_is_noticed(void **state)
{
	struct igmp_host *host = *state;
	ask_from(host, "10.0.0.254", 0);
	ask_from(host, "0.0.0.0", SECOND); /* a snooping switch */
	ask_from(host, "10.0.0.254", 2 * SECOND);
	assert_string_equal(notices(host), "");
	ask_from(host, "10.0.0.253", 3 * SECOND);
	assert_string_equal(notices(host), "QUERIER_CHANGED");
	ask_from(host, "10.0.0.253", 100 * SECOND);
	assert_string_equal(notices(host), "");
}

/* Section 6.6.2: of several only the one with the lowest address is to ask. */
static void queriers_that_ask_by_turns_are_noticed(void **state)
{
	struct igmp_host *host = *state;
	ask_from(host, "10.0.0.254", 0);
	ask_from(host, "10.0.0.253", 30 * SECOND);
	assert_string_equal(notices(host), "QUERIER_CHANGED");
	ask_from(host, "10.0.0.254", 125 * SECOND);
	assert_string_equal(notices(host), "SEVERAL_QUERIERS");
	for (unsigned i = 0; i < 50; i++)
		ask_from(host, i % 2 ? "10.0.0.254" : "10.0.0.253", 126 * SECOND);
	assert_string_equal(notices(host), "");
	assert_int_equal(counters_of(host).notices_suppressed, 50);
	/* One that was silent for long before it asks again has just come back. */
	ask_from(host, "10.0.0.253", 2000 * SECOND);
	ask_from(host, "10.0.0.253", 3000 * SECOND);
	ask_from(host, "10.0.0.254", 4000 * SECOND);
	assert_string_equal(notices(host), "QUERIER_CHANGED");
	ask_from(host, "10.0.0.253", 4100 * SECOND); /* and now both ask */
	assert_string_equal(notices(host), "QUERIER_CHANGED");
	ask_from(host, "10.0.0.254", 4200 * SECOND);
	assert_string_equal(notices(host), "SEVERAL_QUERIERS");
}

/* The next notice that is taken out names this querier, and the one before it. */
static void assert_changed(struct igmp_host *host, const char *querier, const char *other)
{
	struct igmp_action action = {.type = IGMP_ACTION_SEND};
	assert_true(igmp_host_next_action(host, &action));
	assert_int_equal(action.type, IGMP_ACTION_NOTICE);
	assert_int_equal(action.notice.type, IGMP_NOTICE_QUERIER_CHANGED);
	assert_int_equal(action.notice.querier.s_addr, ip(querier).s_addr);
	assert_int_equal(action.notice.other.s_addr, ip(other).s_addr);
	assert_string_equal(notices(host), "");
}

/* What the rate limit held back and is still so is said when it ends. */
static void the_last_of_many_queriers_is_said_when_the_limit_ends(void **state)
{
	struct igmp_host *host = *state;
	ask_from(host, "10.0.0.254", 0);
	ask_from(host, "10.0.0.253", 10 * SECOND);
	assert_changed(host, "10.0.0.253", "10.0.0.254");
	ask_from(host, "10.0.0.252", 20 * SECOND);
	ask_from(host, "10.0.0.251", 30 * SECOND);
	igmp_host_advance(host, 70 * SECOND - 1);
	assert_string_equal(notices(host), "");
	igmp_host_advance(host, 70 * SECOND);
	assert_changed(host, "10.0.0.251", "10.0.0.253");
	assert_true(igmp_host_deadline(host) == UINT64_MAX);
}

static void a_querier_that_was_said_is_not_said_again(void **state)
{
	struct igmp_host *host = *state;
	ask_from(host, "10.0.0.254", 0);
	ask_from(host, "10.0.0.253", 10 * SECOND);
	ask_from(host, "10.0.0.252", 20 * SECOND);
	ask_from(host, "10.0.0.253", 30 * SECOND); /* by turns */
	ask_from(host, "10.0.0.252", 31 * SECOND);
	assert_string_equal(notices(host), "QUERIER_CHANGED SEVERAL_QUERIERS");
	pass(host, 200 * SECOND);
	assert_string_equal(notices(host), "");
}

/* Section 8.5: 2 x 125 s + 10 s / 2 after its last query a querier asks no more. */
static void queriers_that_no_longer_ask_by_turns_are_said(void **state)
{
	struct igmp_host *host = *state;
	ask_from(host, "10.0.0.254", 0);
	ask_from(host, "10.0.0.253", 30 * SECOND);
	ask_from(host, "10.0.0.254", 40 * SECOND);
	assert_string_equal(notices(host), "QUERIER_CHANGED SEVERAL_QUERIERS");
	ask_from(host, "10.0.0.254", 165 * SECOND);
	igmp_host_advance(host, 285 * SECOND - 1);
	assert_string_equal(notices(host), "");
	igmp_host_advance(host, 285 * SECOND);
	igmp_host_advance(host, 295 * SECOND);
	assert_changed(host, "10.0.0.254", "10.0.0.253");
	assert_true(igmp_host_deadline(host) == UINT64_MAX);
}

/* The group membership interval is 2 x 1 s + 2 x 1 s here. */
static void a_querier_that_goes_soon_again_is_said_when_the_limit_ends(void **state)
{
	(void)state;
	struct igmp_host *host =
		open_host(&(struct igmp_host_settings){.seed = 4, .query_interval_ns = SECOND});
	struct query query = query_defaults();
	query.code = 10;
	query.qqic = 1;
	set_user(host, 0, A, exclude(""), 0);
	actions(host);
	hear(host, &query, 0);
	pass(host, 10 * SECOND);
	hear(host, &query, 10 * SECOND);
	assert_string_equal(notices(host), "QUERIER_BACK");
	pass(host, 64 * SECOND - 1);
	assert_int_equal(counters_of(host).notices_suppressed, 1);
	igmp_host_advance(host, 64 * SECOND);
	assert_string_equal(notices(host), "NO_QUERIER");
	igmp_host_free(host);
}

/* Section 7.2.1: on a network of source-specific multicast an older querier is a fault. */
static void an_older_querier_among_ssm_groups_is_noticed(void **state)
{
	struct igmp_host *host = *state;
	set_user(host, 0, SSM, include("10.0.0.1"), 0);
	actions(host);
	hear_version(host, 2, SECOND);
	assert_string_equal(notices(host), "V2_QUERY VERSION_CHANGED SSM_UNREPORTED");
}

/* The refresh in the older version, too. */
static void v2_memberships_are_refreshed(void **state)
{
	struct igmp_host *host = *state;
	hear_version(host, 2, 0);
	set_user(host, 0, A, exclude(""), 0);
	reports(host);
	pass(host, 20 * SECOND);
	assert_int_equal(count(pass(host, 140 * SECOND), "(V2 " A ")"), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_querier_that_went_silent_is_noticed),
		TEST(a_missing_querier_is_said_once),
		TEST(without_any_membership_no_querier_is_missed),
		TEST(memberships_are_refreshed_without_a_querier),
		TEST(zapping_does_not_put_the_refresh_off),
		TEST(a_hurried_querier_does_not_hurry_the_refresh),
		TEST(a_querier_that_asks_needs_no_refresh),
		TEST(a_changed_querier_is_noticed),
		TEST(queriers_that_ask_by_turns_are_noticed),
		TEST(the_last_of_many_queriers_is_said_when_the_limit_ends),
		TEST(a_querier_that_was_said_is_not_said_again),
		TEST(queriers_that_no_longer_ask_by_turns_are_said),
		TEST(a_querier_that_goes_soon_again_is_said_when_the_limit_ends),
		TEST(an_older_querier_among_ssm_groups_is_noticed),
		TEST(v2_memberships_are_refreshed),
	};
	return cmocka_run_group_tests_name("igmp_watch", tests, NULL, NULL);
}
