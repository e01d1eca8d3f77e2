/* igmp_settings: what each key of [igmp] makes of the IGMP host. */
#include <glib.h>
#include <string.h>

#include "client/igmp_settings.h"
#include "tests/support/test.h"

#define MS_NS UINT64_C(1000000)
#define S_NS (1000 * MS_NS)

static int setup(void **state)
{
	*state = settings_new();
	return 0;
}

static int teardown(void **state)
{
	settings_free(*state);
	return 0;
}

static struct igmp_host_settings after(struct settings *settings, const char *assignment)
{
	char *why = NULL;
	if (settings_assign(settings, assignment, &why) < 0)
		fail_msg("%s: %s", assignment, why);
	return igmp_settings_on(settings, "eth0");
}

static void the_defaults_are_those_of_the_host(void **state)
{
	struct igmp_host_settings host = igmp_settings_on(*state, "eth0");
	assert_int_equal(host.pair, IGMP_PAIR_ONE);
	assert_int_equal(host.ssm_leave, IGMP_SSM_LEAVE_BLOCK);
	assert_false(host.no_fallback || host.v2_ssm || host.require_router_alert ||
		     host.silent_link_local || host.no_watch);
	assert_int_equal(host.robustness, 2);
	assert_int_equal(host.unsolicited_interval_ns, S_NS);
	assert_int_equal(host.older_unsolicited_interval_ns, 10 * S_NS);
	assert_int_equal(host.query_interval_ns, 125 * S_NS);
	assert_int_equal(host.query_response_interval_ns, 10 * S_NS);
	assert_int_equal(host.answers_per_second, 250);
	assert_int_equal(host.answer_burst, 250);
	assert_int_equal(host.max_groups, 16384);
	/* The link's: the interface's MTU, and a seed that nobody can guess. */
	assert_int_equal(host.mtu_bytes, 0);
	assert_int_equal(host.seed, 0);
}

static void every_choice_reaches_the_host(void **state)
{
	assert_int_equal(after(*state, "igmp.pair=two").pair, IGMP_PAIR_TWO);
	struct igmp_host_settings gap = after(*state, "igmp.pair=gap:12.5");
	assert_int_equal(gap.pair, IGMP_PAIR_GAP);
	assert_int_equal(gap.pair_gap_ns, 12500000);
	assert_int_equal(after(*state, "igmp.pair=one").pair, IGMP_PAIR_ONE);
	assert_int_equal(after(*state, "igmp.ssm_leave=to_in").ssm_leave, IGMP_SSM_LEAVE_TO_IN);
	assert_int_equal(after(*state, "igmp.ssm_leave=both").ssm_leave, IGMP_SSM_LEAVE_BOTH);
	assert_int_equal(after(*state, "igmp.ssm_leave=block").ssm_leave, IGMP_SSM_LEAVE_BLOCK);
	assert_true(after(*state, "igmp.fallback=no").no_fallback);
	assert_false(after(*state, "igmp.fallback=yes").no_fallback);
	assert_true(after(*state, "igmp.v2_ssm=yes").v2_ssm);
	assert_true(after(*state, "igmp.require_router_alert=yes").require_router_alert);
	assert_true(after(*state, "igmp.report_link_local=no").silent_link_local);
	assert_true(after(*state, "igmp.watch=no").no_watch);
}

static void every_number_reaches_the_host(void **state)
{
	assert_int_equal(after(*state, "igmp.robustness=7").robustness, 7);
	assert_int_equal(after(*state, "igmp.unsolicited_interval_ms=250").unsolicited_interval_ns,
		250 * MS_NS);
	assert_int_equal(after(*state, "igmp.older_unsolicited_interval_ms=5000")
				 .older_unsolicited_interval_ns,
		5 * S_NS);
	assert_int_equal(after(*state, "igmp.query_interval_s=30").query_interval_ns, 30 * S_NS);
	assert_int_equal(
		after(*state, "igmp.query_response_interval_ms=1500").query_response_interval_ns,
		1500 * MS_NS);
	assert_int_equal(after(*state, "igmp.answers_per_second=20").answers_per_second, 20);
	assert_int_equal(after(*state, "igmp.answer_burst=30").answer_burst, 30);
	assert_int_equal(after(*state, "igmp.max_groups=64").max_groups, 64);
}

/* All at once: a value that one key took from another's place would show. */
static void what_is_said_for_an_interface_counts_there(void **state)
{
	after(*state, "igmp:eth0.pair=gap:40");
	after(*state, "igmp:eth0.v2_ssm=yes");
	struct igmp_host_settings here = after(*state, "igmp.pair=two");
	assert_int_equal(here.pair, IGMP_PAIR_GAP);
	assert_int_equal(here.pair_gap_ns, 40 * MS_NS);
	assert_true(here.v2_ssm);
	struct igmp_host_settings there = igmp_settings_on(*state, "eth0.7");
	assert_int_equal(there.pair, IGMP_PAIR_TWO);
	assert_int_equal(there.pair_gap_ns, 0);
	assert_false(there.v2_ssm);
}

static void names_are_those_of_the_manual(void **state)
{
	(void)state;
	assert_string_equal(igmp_settings_pair_name(IGMP_PAIR_ONE), "one");
	assert_string_equal(igmp_settings_pair_name(IGMP_PAIR_TWO), "two");
	assert_string_equal(igmp_settings_pair_name(IGMP_PAIR_GAP), "gap");
	assert_string_equal(igmp_settings_leave_name(IGMP_SSM_LEAVE_BLOCK), "block");
	assert_string_equal(igmp_settings_leave_name(IGMP_SSM_LEAVE_TO_IN), "to_in");
	assert_string_equal(igmp_settings_leave_name(IGMP_SSM_LEAVE_BOTH), "both");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_defaults_are_those_of_the_host),
		TEST(every_choice_reaches_the_host),
		TEST(every_number_reaches_the_host),
		TEST(what_is_said_for_an_interface_counts_there),
		TEST(names_are_those_of_the_manual),
	};
	return cmocka_run_group_tests_name("client_igmp_settings", tests, NULL, NULL);
}
