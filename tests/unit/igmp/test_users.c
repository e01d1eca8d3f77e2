/* RFC 9776 sections 2 and 3: any number of users per group, one state per interface. */
#include <errno.h>
#include <string.h>

#include "igmp/host.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/heap.h"
#include "tests/unit/igmp/packets.h"

#define A "239.1.1.1"
#define B "239.1.1.2"
#define SSM "232.1.1.1"

static int setup(void **state)
{
	*state = open_host(&(struct igmp_host_settings){.no_watch = true, .seed = 2});
	return 0;
}

static int teardown(void **state)
{
	igmp_host_free(*state);
	return 0;
}

/* The example of section 3.2, case by case. */
static void filters_of_users_are_merged(void **state)
{
	struct igmp_host *host = *state;
	set_user(host, 1, A, exclude("10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4"), 0);
	set_user(host, 2, A, exclude("10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5"), 0);
	set_user(host, 3, A, include("10.0.0.4 10.0.0.5 10.0.0.6"), 0);
	assert_string_equal(reports(host), "[TO_EX " A " 10.0.0.2 10.0.0.3]");
	settle(host);
	/* User 2's less user 3's are the same two; then user 3's alone. */
	set_user(host, 1, A, include(""), 0);
	assert_string_equal(reports(host), "");
	set_user(host, 2, A, include(""), 0);
	assert_string_equal(reports(host), "[TO_IN " A " 10.0.0.4 10.0.0.5 10.0.0.6]");
}

/* Section 3.2: the union of includes while nobody excludes. */
static void includes_are_united(void **state)
{
	struct igmp_host *host = *state;
	set_user(host, 1, SSM, include("10.0.0.1 10.0.0.2"), 0);
	set_user(host, 2, SSM, include("10.0.0.2 10.0.0.3"), 0);
	assert_string_equal(reports(host), "[ALLOW " SSM " 10.0.0.1 10.0.0.2 10.0.0.3]");
	settle(host);
	set_user(host, 1, SSM, include(""), 0);
	assert_string_equal(reports(host), "[BLOCK " SSM " 10.0.0.1]");
	set_user(host, 2, SSM, include(""), 0);
	assert_string_equal(actions(host), "[BLOCK " SSM " 10.0.0.1 10.0.0.2 10.0.0.3] -" SSM);
}

/* Section 5.1: only what changes the merged state is reported. */
static void what_others_want_too_is_not_reported(void **state)
{
	struct igmp_host *host = *state;
	set_user(host, 1, A, exclude(""), 0);
	settle(host);
	actions(host);
	set_user(host, 2, A, exclude(""), 0);
	set_user(host, 3, A, include("10.0.0.1"), 0);
	set_user(host, 1, A, include(""), 0);
	assert_string_equal(actions(host), "");
	assert_true(igmp_host_deadline(host) == UINT64_MAX);
	set_user(host, 2, A, include(""), 0);
	assert_string_equal(reports(host), "[TO_IN " A " 10.0.0.1]");
	set_user(host, 3, A, include(""), 0);
	assert_string_equal(reports(host), "[TO_IN " A "]");
}

/* A batch with one bad change leaves every user as it was. */
static void a_refused_batch_takes_everything_back(void **state)
{
	struct igmp_host *host = *state;
	struct igmp_change changes[] = {
		{ip(A), include("10.0.0.7"), 1},
		{ip(A), include(""), 2},
		{ip(B), exclude(""), 1},
		{ip(A), exclude(""), 1},
		{ip(SSM), exclude(""), 1},
	};
	set_user(host, 1, A, include("10.0.0.1"), 0);
	set_user(host, 2, A, include("10.0.0.2"), 0);
	settle(host);
	assert_int_equal(igmp_host_listen(host, changes, 5, 0), -EINVAL);
	assert_string_equal(actions(host), "");
	struct igmp_filter filter = igmp_host_filter(host, ip(A));
	assert_int_equal(filter.mode, IGMP_INCLUDE);
	assert_int_equal(filter.source_count, 2);
	set_user(host, 3, A, include("10.0.0.3"), 0);
	assert_string_equal(reports(host), "[ALLOW " A " 10.0.0.3]");
	settle(host);
	set_user(host, 1, A, include(""), 0);
	assert_string_equal(reports(host), "[BLOCK " A " 10.0.0.1]");
}

static struct igmp_filter sixty(unsigned net)
{
	struct igmp_filter filter = {.mode = IGMP_INCLUDE, .source_count = 60};
	for (unsigned i = 0; i < 60; i++)
		filter.sources[i].s_addr = htonl(0x0a000001 + 256 * net + i);
	return filter;
}

/* What all include together is bounded; a leave is never refused for it. */
static void the_union_of_includes_is_bounded(void **state)
{
	struct igmp_host *host = *state;
	const struct igmp_change more = {ip(A), sixty(2), 3};
	set_user(host, 1, A, exclude(""), 0);
	set_user(host, 2, A, sixty(1), 0);
	assert_int_equal(igmp_host_listen(host, &more, 1, 0), -E2BIG);
	set_user(host, 1, A, include(""), 0);
	assert_int_equal(igmp_host_filter(host, ip(A)).source_count, 60);
}

/* Thousands of users cost what they say, and what they leave is given back. */
static void any_number_of_users(void **state)
{
	(void)state;
	struct igmp_host *host =
		open_host(&(struct igmp_host_settings){.no_watch = true, .seed = 2});
	size_t before = heap_bytes();
	for (uint32_t i = 0; i < 5000; i++)
		set_user(host, i, A, exclude(i % 2 ? "10.0.0.1" : "10.0.0.1 10.0.0.2"), 0);
	assert_string_equal(reports(host), "[TO_EX " A " 10.0.0.1]");
	for (uint32_t i = 0; i < 5000; i++)
		set_user(host, i, A, include(""), 0);
	settle(host);
	actions(host);
	assert_int_equal(heap_bytes(), before);
	igmp_host_free(host);
}

/* A user who goes from source to source leaves none behind. */
static void sources_that_nobody_names_any_more_are_forgotten(void **state)
{
	struct igmp_host *host = *state;
	struct igmp_filter filter = include("10.0.0.1");
	set_user(host, 1, SSM, filter, 0);
	settle(host);
	size_t before = heap_bytes();
	for (uint32_t i = 0; i < 5000; i++) {
		filter.sources[0].s_addr = htonl(0x0a010000 + i);
		set_user(host, 1, SSM, filter, 0);
		settle(host);
	}
	assert_in_range(heap_bytes(), 0, before + 100);
}

/* Whoever left everything may begin anew, as the same user. */
static void leaving_all_forgets_the_users(void **state)
{
	struct igmp_host *host = *state;
	set_user(host, 1, SSM, include("10.0.0.1"), 0);
	set_user(host, 2, SSM, include("10.0.0.2"), 0);
	actions(host);
	igmp_host_leave_all(host);
	assert_string_equal(actions(host), "[BLOCK " SSM " 10.0.0.1 10.0.0.2] -" SSM);
	size_t before = heap_bytes();
	set_user(host, 1, SSM, include("10.0.0.3"), 0);
	assert_string_equal(actions(host), "[ALLOW " SSM " 10.0.0.3] +" SSM);
	assert_int_equal(igmp_host_filter(host, ip(SSM)).source_count, 1);
	settle(host);
	set_user(host, 1, SSM, include(""), 0);
	actions(host);
	settle(host);
	assert_int_equal(heap_bytes(), before);
}

/* RFC 4607 section 4.2: what comes from a source that nobody asked for is to be dropped. */
static void data_is_wanted_by_source(void **state)
{
	struct igmp_host *host = *state;
	set_user(host, 1, SSM, include("10.0.0.1"), 0);
	set_user(host, 1, A, exclude("10.0.0.2"), 0);
	assert_true(igmp_host_wants(host, ip(SSM), ip("10.0.0.1")));
	assert_false(igmp_host_wants(host, ip(SSM), ip("10.0.0.2")));
	assert_true(igmp_host_wants(host, ip(A), ip("10.0.0.1")));
	assert_false(igmp_host_wants(host, ip(A), ip("10.0.0.2")));
	assert_false(igmp_host_wants(host, ip(B), ip("10.0.0.1")));
}

/*
 * Whichever allocation fails, a batch happens as a whole or not at all, and a host goes on.
 */
static void without_memory_nothing_changes(void **state)
{
	(void)state;
	for (unsigned every = 1; every < 40; every++) {
		struct igmp_host *host =
			open_host(&(struct igmp_host_settings){.no_watch = true, .seed = 2});
		set_user(host, 1, A, include("10.0.0.1"), 0);
		settle(host);
		actions(host);
		const struct igmp_change changes[] = {{ip(A), exclude("10.0.0.3"), 1},
			{ip(B), exclude(""), 1}, {ip(SSM), include("10.0.0.1 10.0.0.2"), 7}};
		heap_fail_every(every);
		int err = igmp_host_listen(host, changes, 3, 0);
		heap_fail_every(0);
		assert_true(err == 0 || err == -ENOMEM);
		assert_int_equal(err == 0, *reports(host) != '\0');
		assert_int_equal(igmp_host_listen(host, changes, 3, 0), 0);
		reports(host);
		assert_int_equal(igmp_host_filter(host, ip(SSM)).source_count, 2);
		igmp_host_free(host);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(filters_of_users_are_merged),
		TEST(includes_are_united),
		TEST(what_others_want_too_is_not_reported),
		TEST(a_refused_batch_takes_everything_back),
		TEST(the_union_of_includes_is_bounded),
		TEST(any_number_of_users),
		TEST(sources_that_nobody_names_any_more_are_forgotten),
		TEST(leaving_all_forgets_the_users),
		TEST(data_is_wanted_by_source),
		TEST(without_memory_nothing_changes),
	};
	return cmocka_run_group_tests_name("igmp_users", tests, NULL, NULL);
}
