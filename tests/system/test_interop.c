/*
 * Zapping before routers and switches of the field: after each change of channel the receiver's
 * table holds the new group only, within its last-member time, and the stream arrives. Each test is
 * one receiver with the settings that suit it; with ZAPPER_ZAPS=100 each is a campaign.
 */
#include <glib.h>

#include "tests/support/test.h"
#include "tests/system/support/interop.h"

/*
 * igmpproxy asks every 10 s and gives a group up in the second round; where a repeat of the join
 * came since the last one, it takes that for an answer, and a round more (internAgeRoute of its
 * rttable.c). It counts in whole seconds, so that each round may be one longer.
 */
#define IGMPPROXY_MS (3 * 11000)
/* pimd waits for three times its interval of 1 s (accept_leave_message of its igmp_proto.c), with
 * timers that are up to two whole seconds late. */
#define PIMD_MS (3000 + 2000)

/* All four kinds of change, from and to any source and a single one. */
#define BOTH_KINDS "13245687"
#define ANY_SOURCE_ONLY "1357"
#define SINGLE_SOURCE_ONLY "2468"

static void zap_before(struct stage *stage, const struct receiver *receiver)
{
	struct interop run = interop_open(stage, receiver);
	interop_zap(&run);
	interop_await_rest(&run);
	interop_await_last(&run);
	interop_close(&run);
	stage_quit(stage);
}

/* A macro, because a test that skips says so under its own name. */
#define take_receiver(ret, state, receiver)                                                        \
	take_stage(ret, state);                                                                    \
	const char *missing = receiver_put_up(ret, receiver);                                      \
	if (missing)                                                                               \
	skip_because(missing)

#define try_receiver(state, receiver)                                                              \
	take_receiver(stage, state, receiver);                                                     \
	zap_before(stage, receiver)

/* ---- the bridge, before FRR ---- */

static void bridge_in_version_3_forgets_at_once(void **state)
{
	static const struct receiver receiver = {.name = "bridge v3, fast leave",
		.router = "frr-v3",
		.version = "v3",
		.leave = "fastleave",
		.table = TABLE_BRIDGE,
		.settings = {"igmp.ssm_leave=block"},
		.querier_version = 3,
		.host_version = 3,
		.last_member = LAST_MEMBER_NOT_ASKED,
		.channels = BOTH_KINDS};
	try_receiver(state, &receiver);
}

static void bridge_in_version_3_forgets_after_the_router_has_asked(void **state)
{
	static const struct receiver receiver = {.name = "bridge v3",
		.router = "frr-v3",
		.version = "v3",
		.leave = "nofastleave",
		.table = TABLE_BRIDGE,
		.settings = {"igmp.ssm_leave=block"},
		.querier_version = 3,
		.host_version = 3,
		.last_member = LAST_MEMBER_TWO_QUERIES,
		.channels = BOTH_KINDS};
	try_receiver(state, &receiver);
}

static void bridge_in_version_2_forgets_at_once(void **state)
{
	static const struct receiver receiver = {.name = "bridge v2, fast leave",
		.router = "frr-v3",
		.version = "v2",
		.leave = "fastleave",
		.table = TABLE_BRIDGE,
		.settings = {"igmp.ssm_leave=to_in"},
		.querier_version = 3,
		.host_version = 3,
		.last_member = LAST_MEMBER_NOT_ASKED,
		.channels = BOTH_KINDS};
	try_receiver(state, &receiver);
}

/*
 * It heeds the router's query for a group, but none for a group's sources, which is how FRR asks
 * after a single source was left, whatever the leave was: such a group stays until nobody answers
 * the general queries any more (260 s).
 */
static void bridge_in_version_2_forgets_after_the_router_has_asked(void **state)
{
	static const struct receiver receiver = {.name = "bridge v2",
		.router = "frr-v3",
		.version = "v2",
		.leave = "nofastleave",
		.table = TABLE_BRIDGE,
		.settings = {"igmp.ssm_leave=to_in"},
		.querier_version = 3,
		.host_version = 3,
		.last_member = LAST_MEMBER_TWO_QUERIES,
		.channels = ANY_SOURCE_ONLY};
	try_receiver(state, &receiver);
}

/* ---- the bridge that asks itself, with the head-end plugged in beside the box ---- */

static void bridge_that_asks_in_version_3_forgets(void **state)
{
	static const struct receiver receiver = {.name = "bridge v3, querier",
		.router = "forward",
		.version = "v3",
		.leave = "nofastleave",
		.querier = "querier",
		.table = TABLE_BRIDGE,
		.settings = {"igmp.ssm_leave=block"},
		.querier_version = 3,
		.host_version = 3,
		.last_member = LAST_MEMBER_TWO_QUERIES,
		.channels = BOTH_KINDS};
	try_receiver(state, &receiver);
}

static void bridge_that_asks_in_version_2_forgets(void **state)
{
	static const struct receiver receiver = {.name = "bridge v2, querier",
		.router = "forward",
		.version = "v2",
		.leave = "nofastleave",
		.querier = "querier",
		.table = TABLE_BRIDGE,
		.settings = {"igmp.v2_ssm=yes"},
		.querier_version = 2,
		.host_version = 2,
		.last_member = LAST_MEMBER_TWO_QUERIES,
		.channels = BOTH_KINDS};
	try_receiver(state, &receiver);
}

/* ---- routers, behind a bridge with fast leave ---- */

/* The repeat of the leave raises its timer again, where it has been lowered already. */
static void frr_in_version_3_forgets_after_asking(void **state)
{
	static const struct receiver receiver = {.name = "FRR v3",
		.router = "frr-v3",
		.version = "v3",
		.leave = "fastleave",
		.table = TABLE_FRR,
		.settings = {"igmp.ssm_leave=block"},
		.querier_version = 3,
		.host_version = 3,
		.last_member = LAST_MEMBER_FROM_REPEAT,
		.channels = BOTH_KINDS};
	try_receiver(state, &receiver);
}

static void frr_forgets_in_time_where_repeats_come_early(void **state)
{
	static const struct receiver receiver = {.name = "FRR v3, early repeats",
		.router = "frr-v3",
		.version = "v3",
		.leave = "fastleave",
		.table = TABLE_FRR,
		.settings = {"igmp.ssm_leave=block", "igmp.unsolicited_interval_ms=400"},
		.querier_version = 3,
		.host_version = 3,
		.last_member = LAST_MEMBER_TWO_QUERIES,
		.channels = BOTH_KINDS};
	try_receiver(state, &receiver);
}

/* It drops the version 2 report of a single-source group, and every report of version 3. */
static void frr_in_version_2_forgets_after_asking(void **state)
{
	static const struct receiver receiver = {.name = "FRR v2",
		.router = "frr-v2",
		.version = "v2",
		.leave = "fastleave",
		.table = TABLE_FRR,
		.querier_version = 2,
		.host_version = 2,
		.last_member = LAST_MEMBER_TWO_QUERIES,
		.channels = ANY_SOURCE_ONLY};
	try_receiver(state, &receiver);
}

/* It asks in version 2 and knows no sources: single-source channels come only with v2_ssm. */
static const struct receiver igmpproxy_v2 = {.name = "igmpproxy",
	.router = "igmpproxy",
	.version = "v2",
	.leave = "fastleave",
	.table = TABLE_ROUTES,
	.settings = {"igmp.v2_ssm=yes"},
	.querier_version = 2,
	.host_version = 2,
	.last_member = LAST_MEMBER_OWN,
	.own_ms = IGMPPROXY_MS,
	.overlap = true,
	.channels = "1324"};

/* It reads version 3, too, but takes BLOCK for nothing. */
static const struct receiver igmpproxy_v3 = {.name = "igmpproxy, told in version 3",
	.table = TABLE_ROUTES,
	.settings = {"igmp.fallback=no", "igmp.ssm_leave=to_in"},
	.last_member = LAST_MEMBER_OWN,
	.own_ms = IGMPPROXY_MS,
	.overlap = true,
	.channels = "5768"};

/* Both in one test, to wait but once for what it takes longest to forget. */
static void igmpproxy_forgets_after_asking_in_either_version(void **state)
{
	take_receiver(stage, state, &igmpproxy_v2);
	struct interop older = interop_open(stage, &igmpproxy_v2),
		       newer = interop_open(stage, &igmpproxy_v3);
	interop_zap(&older);
	if (receiver_is_campaign())
		interop_await_rest(&older);
	stage_quit(stage);
	stage_end(state);
	receiver_play(stage, &igmpproxy_v3, receiver_channel(&igmpproxy_v3, 0));
	interop_zap(&newer);
	interop_await_rest(&older);
	interop_await_rest(&newer);
	interop_await_last(&newer);
	interop_close(&older);
	interop_close(&newer);
	stage_quit(stage);
}

static void pimd_in_version_3_forgets_after_asking(void **state)
{
	static const struct receiver receiver = {.name = "pimd v3",
		.router = "pimd-v3",
		.version = "v3",
		.leave = "fastleave",
		.table = TABLE_ROUTES,
		.settings = {"igmp.ssm_leave=block"},
		.querier_version = 3,
		.host_version = 3,
		.last_member = LAST_MEMBER_OWN,
		.own_ms = PIMD_MS,
		.overlap = true,
		.channels = SINGLE_SOURCE_ONLY};
	try_receiver(state, &receiver);
}

static void pimd_in_version_2_forgets_after_asking(void **state)
{
	static const struct receiver receiver = {.name = "pimd v2",
		.router = "pimd-v2",
		.version = "v2",
		.leave = "fastleave",
		.table = TABLE_ROUTES,
		.querier_version = 2,
		.host_version = 2,
		.last_member = LAST_MEMBER_OWN,
		.own_ms = PIMD_MS,
		.overlap = true,
		.channels = ANY_SOURCE_ONLY};
	try_receiver(state, &receiver);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(bridge_in_version_3_forgets_at_once),
		STAGE_TEST(bridge_in_version_3_forgets_after_the_router_has_asked),
		STAGE_TEST(bridge_in_version_2_forgets_at_once),
		STAGE_TEST(bridge_in_version_2_forgets_after_the_router_has_asked),
		STAGE_TEST(frr_in_version_3_forgets_after_asking),
		STAGE_TEST(frr_forgets_in_time_where_repeats_come_early),
		STAGE_TEST(frr_in_version_2_forgets_after_asking),
		STAGE_TEST(igmpproxy_forgets_after_asking_in_either_version),
		STAGE_TEST(pimd_in_version_3_forgets_after_asking),
		STAGE_TEST(bridge_that_asks_in_version_3_forgets),
		STAGE_TEST(bridge_that_asks_in_version_2_forgets),
		STAGE_TEST(pimd_in_version_2_forgets_after_asking),
	};
	/* The last one takes half a minute to be up. */
	size_t left_out = receiver_is_campaign() ? 0 : 1;
	stage_choose(argc, argv);
	return _cmocka_run_group_tests(
		"system_interop", tests, G_N_ELEMENTS(tests) - left_out, stage_open, stage_close);
}
