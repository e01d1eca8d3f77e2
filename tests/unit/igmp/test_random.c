/*
 * Random joins, leaves and source changes of several users, queries true and forged, routers that
 * change their version, reports of other hosts, losses, delays, and an interface that changes.
 * Whatever the order: no record speaks of a state that is past, none is missing, late or said too
 * often (oracle.h), every query is answered as far as the token bucket lets it (questions.h), and
 * after quiet time the router (router.h) forwards what the host wants, and the host has given its
 * memory back.
 *
 * ZAPPER_STEPS in the environment says how many steps are taken; ZAPPER_SEED which ones. Every
 * RUN_STEPS the host is another one, with other settings.
 */
#include <string.h>

#include "igmp/build.h"
#include "igmp/report.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/heap.h"
#include "tests/unit/igmp/scene.h"

#define STEPS 1000000 /* without ZAPPER_STEPS, over all tests */
#define TESTS 6
#define RUN_STEPS 1000

/* What one test wants of its hosts; zeros, and with any_policy pairs and leaves, are drawn. */
struct task {
	struct igmp_host_settings settings;
	bool any_policy;
};

/* What all the tests of the program have done so far. */
struct campaign {
	unsigned long seed, steps, steps_per_test;
	struct scene scene;
};

/* About half of the sources, a few, all or none. */
static unsigned draw_sources(struct scene *s)
{
	unsigned some = draw(s, ROUTER_ALL_SOURCES + 1), other = draw(s, ROUTER_ALL_SOURCES + 1);
	switch (draw(s, 6)) {
	case 0:
		return 0;
	case 1:
		return some | other;
	case 2:
		return some;
	case 3:
		return 1u << draw(s, ROUTER_SOURCES);
	default:
		return some & other & draw(s, ROUTER_ALL_SOURCES + 1);
	}
}

static void change_some(struct scene *s)
{
	struct igmp_change changes[4];
	unsigned n = 1 + draw(s, 4);
	for (unsigned i = 0; i < n; i++) {
		unsigned group = draw(s, GROUPS), user = draw(s, USERS);
		struct wish *wish = &s->wishes[group][user];
		bool any_source = group < GROUPS / 2 && draw(s, 2);
		bool little = draw(s, 3) == 0 && !wish_is_empty(wish);
		if (!little)
			wish->mode = any_source ? IGMP_EXCLUDE : IGMP_INCLUDE;
		wish->sources = little	     ? wish->sources ^ 1u << draw(s, ROUTER_SOURCES)
				: draw(s, 3) ? draw_sources(s)
					     : 0;
		changes[i] = (struct igmp_change){group_address(group), to_filter(wish), user};
	}
	scene_listen(s, changes, n);
}

/* Sources of which a few are more than the host remembers, and are none of anybody's wishes. */
static uint16_t draw_queried(struct scene *s, struct in_addr *sources)
{
	unsigned mask = draw_sources(s);
	uint16_t n = 0;
	for (unsigned i = 0; i < ROUTER_SOURCES; i++) {
		if (mask & 1u << i)
			sources[n++] = router_source(i);
	}
	for (unsigned i = draw(s, 4) ? 0 : draw(s, 100); i > 0; i--)
		sources[n++].s_addr = htonl(0x0a010000 + draw(s, 200));
	return n;
}

/* A query that no router sent: any version, group, sources, response time and variables. */
static size_t forge(struct scene *s, uint8_t *packet, size_t size)
{
	static const unsigned responses_ds[] = {1, 20, 255, 255};
	struct in_addr sources[ROUTER_SOURCES + 100];
	unsigned robustness = s->settings.robustness;
	struct igmp_query query = {
		.version = draw(s, 8) ? 3 : 1 + draw(s, 2),
		.source.s_addr = draw(s, 8) ? htonl(0x0a000063 + draw(s, 3)) : 0,
		.destination = ip("224.0.0.1"),
		.max_response_ds = draw(s, responses_ds[draw(s, 4)]),
		.robustness = draw(s, 3) ? robustness : robustness + draw(s, 8 - robustness),
		.query_interval_s = draw(s, (unsigned)(s->settings.query_interval_ns / SECOND)),
		.sources = sources,
	};
	if (draw(s, 16) == 0)
		query.robustness = robustness == 2 ? 1 : 0;
	if (draw(s, 4)) {
		query.group = query.destination = group_address(draw(s, GROUPS));
		query.source_count = draw(s, 2) ? draw_queried(s, sources) : 0;
	}
	int len = igmp_build_query(packet, size, &query);
	assert_true(len > 0);
	if (draw(s, 8) == 0) { /* no Router Alert */
		memset(packet + 20, 1, 4);
		packet_seal(packet);
	}
	return (size_t)len;
}

static void forge_query(struct scene *s)
{
	uint8_t packet[SCENE_QUERY_BYTES];
	size_t len = forge(s, packet, sizeof packet);
	scene_hear(s, packet, len, IGMP_FRAME_MULTICAST);
}

/* What a query becomes on its way through bad memory, or a bad mind. */
static void spoil_query(struct scene *s)
{
	uint8_t packet[SCENE_QUERY_BYTES];
	size_t len = forge(s, packet, sizeof packet);
	switch (draw(s, 4)) {
	case 0:
		packet[draw(s, (unsigned)len)] ^= (uint8_t)(1 + draw(s, 255));
		break;
	case 1:
		len = draw(s, (unsigned)len);
		break;
	case 2: /* a length that no version has */
		len = IGMP_IP_HEADER_BYTES + 9 + draw(s, 3);
		packet[2] = 0;
		packet[3] = (uint8_t)len;
		packet_seal(packet);
		break;
	default:
		packet[8] = (uint8_t)(2 + draw(s, 200));
		packet_seal(packet);
	}
	scene_hear(s, packet, len, IGMP_FRAME_MULTICAST);
}

static void hear_other_host(struct scene *s)
{
	uint8_t packet[IGMP_OLDER_PACKET_BYTES];
	enum igmp_type type = draw(s, 2) ? IGMP_TYPE_V2_REPORT : IGMP_TYPE_V1_REPORT;
	igmp_build_older(packet, type, ip("10.0.0.77"), group_address(draw(s, GROUPS)));
	scene_hear(
		s, packet, sizeof packet, draw(s, 2) ? IGMP_FRAME_UNICAST : IGMP_FRAME_MULTICAST);
}

/* Small ones, in which reports are split, come often. */
static size_t draw_mtu(struct scene *s)
{
	static const unsigned largest[] = {IGMP_MTU_MIN_BYTES, 80, 120, 200, 1500};
	return IGMP_MTU_MIN_BYTES + draw(s, largest[draw(s, 5)] - IGMP_MTU_MIN_BYTES + 1);
}

static void change_interface(struct scene *s)
{
	unsigned kind = draw(s, 64);
	if (kind < 24)
		scene_set_mtu(s, draw_mtu(s));
	else if (kind < 32)
		scene_set_address(s, (struct in_addr){htonl(0x0a000002 + draw(s, 3))});
	else if (kind < 48)
		scene_announce(s);
	else if (kind < 63)
		scene_rejoin_macs(s);
	else
		scene_leave_all(s);
}

static void step(struct scene *s)
{
	unsigned kind = draw(s, 64);
	if (kind < 18)
		change_some(s);
	else if (kind < 23)
		forge_query(s);
	else if (kind == 23)
		spoil_query(s);
	else if (kind == 24)
		hear_other_host(s);
	else if (kind == 25 && draw(s, 4) == 0)
		scene_change_router(s, 1 + draw(s, 3));
	else if (kind == 26)
		change_interface(s);
	else
		scene_go_to(
			s, draw(s, 2) ? scene_deadline(s) : s->context.now_ns + draw(s, 400) * MS);
}

static void count_group(
	void *ctx, struct in_addr group, const struct igmp_filter *filter, unsigned pending_reports)
{
	(void)group;
	(void)filter;
	(void)pending_reports;
	++*(unsigned *)ctx;
}

static void leave_everything(struct scene *s)
{
	unsigned left = 0;
	for (unsigned i = 0; i < GROUPS * USERS; i++) {
		const struct igmp_change change = {
			group_address(i / USERS), include(""), i % USERS};
		s->wishes[i / USERS][i % USERS] = (struct wish){IGMP_INCLUDE, 0};
		scene_listen(s, &change, 1);
	}
	scene_quiet_down(s);
	igmp_host_each(s->host, count_group, &left);
	assert_int_equal(left, 0);
}

/*
 * What the test has left open. Answers to a general query, 4 reports for each group at the smallest
 * MTU, have to be possible within the time to the next.
 */
static void draw_settings(struct scene *s, struct igmp_host_settings *settings)
{
	static const unsigned robustness[] = {2, 2, 3, 4, 7}, rates[] = {1, 2, 5, 20, 250},
			      bursts[] = {1, 1, 2, 5, 250};
	static const uint64_t intervals[] = {SECOND, 100 * MS, 500 * MS, 3 * SECOND},
			      older[] = {10 * SECOND, SECOND, 4 * SECOND};
	unsigned rate = draw(s, 5);
	settings->seed = draw(s, 1u << 30);
	if (settings->robustness == 0)
		settings->robustness = robustness[draw(s, 5)];
	settings->unsolicited_interval_ns = intervals[draw(s, 4)];
	settings->older_unsolicited_interval_ns = older[draw(s, 3)];
	settings->answers_per_second = rates[rate];
	settings->answer_burst = bursts[draw(s, 5)];
	settings->query_interval_ns = (rate < 2 ? 60 : 20 + draw(s, 20)) * SECOND;
	settings->query_response_interval_ns = (1 + draw(s, 5)) * SECOND;
	settings->notice_interval_ns = 60 * SECOND;
	settings->no_fallback = draw(s, 6) == 0;
	settings->require_router_alert = draw(s, 4) == 0;
	settings->no_watch = draw(s, 4) == 0;
	if (settings->mtu_bytes == 0)
		settings->mtu_bytes = draw_mtu(s);
}

static void draw_policy(struct scene *s, struct igmp_host_settings *settings)
{
	settings->pair = draw(s, IGMP_PAIR_GAP + 1);
	settings->pair_gap_ns = settings->pair == IGMP_PAIR_GAP ? (1 + draw(s, 800)) * MS : 0;
	settings->ssm_leave = draw(s, IGMP_SSM_LEAVE_BOTH + 1);
	settings->v2_ssm = draw(s, 2);
}

static void open_scene(
	struct scene *s, struct igmp_host_settings settings, bool any_policy, uint64_t seed)
{
	*s = (struct scene){.random = seed};
	if (any_policy)
		draw_policy(s, &settings);
	draw_settings(s, &settings);
	const struct router_settings router = {
		.version = 3,
		.robustness = settings.robustness,
		.query_interval_ns = settings.query_interval_ns,
		.response_interval_ns = settings.query_response_interval_ns,
		.last_member_interval_ns = SECOND,
	};
	scene_open(s, &settings, &router, s->random);
}

static void run(struct campaign *c, const struct task *task, unsigned long steps)
{
	struct scene *s = &c->scene;
	open_scene(s, task->settings, task->any_policy, c->seed * 1000003 + c->steps);
	size_t before = heap_bytes();
	for (unsigned long i = 0; i < steps; i++) {
		c->steps++;
		step(s);
		if (draw(s, 100) == 0)
			scene_quiet_down(s);
	}
	leave_everything(s);
	/* Nothing but the host itself is left: it holds no more memory than when it was new. */
	assert_int_equal(heap_bytes(), before);
	scene_close(s);
}

/* That the campaign goes where it should. */
struct tally {
	unsigned long records, lost, older, split, waited;
};

static void run_all(void **state, const struct task *task)
{
	struct campaign *c = *state;
	struct tally t = {0};
	for (unsigned long done = 0; done < c->steps_per_test; done += RUN_STEPS) {
		unsigned long left = c->steps_per_test - done;
		run(c, task, left < RUN_STEPS ? left : RUN_STEPS);
		t.records += c->scene.records;
		t.lost += c->scene.lost;
		t.older += c->scene.older;
		t.split += c->scene.split;
		t.waited += c->scene.waited;
	}
	assert_true(t.records > c->steps_per_test / 4);
	assert_true(t.lost > c->steps_per_test / 100);
	assert_true(t.older > c->steps_per_test / 100);
	assert_true(t.split > c->steps_per_test / 100);
	assert_true(t.waited > c->steps_per_test / 100);
}

static void router_agrees_with_robustness_2(void **state)
{
	run_all(state, &(struct task){.settings.robustness = 2, .any_policy = true});
}

static void router_agrees_with_robustness_4(void **state)
{
	run_all(state, &(struct task){.settings.robustness = 4, .any_policy = true});
}

/* Most changes need several reports here. */
static void router_agrees_with_the_smallest_mtu(void **state)
{
	run_all(state,
		&(struct task){.settings.mtu_bytes = IGMP_MTU_MIN_BYTES, .any_policy = true});
}

static void router_agrees_with_two_packets_and_to_in(void **state)
{
	run_all(state, &(struct task){.settings = {.pair = IGMP_PAIR_TWO,
					      .ssm_leave = IGMP_SSM_LEAVE_TO_IN}});
}

static void router_agrees_with_both_records(void **state)
{
	run_all(state,
		&(struct task){.settings = {.ssm_leave = IGMP_SSM_LEAVE_BOTH, .v2_ssm = true}});
}

static void router_agrees_with_a_gap(void **state)
{
	run_all(state,
		&(struct task){.settings = {.pair = IGMP_PAIR_GAP, .pair_gap_ns = 300 * MS}});
}

/* A run that failed is found again. */
static int say_where(void **state)
{
	const struct campaign *c = *state;
	const struct igmp_host_settings *s = &c->scene.settings;
	if (!c->scene.host)
		return 0;
	print_error("seed %lu, step %lu, at %.6f s: robustness %u, unsolicited %.1f s, MTU %zu, "
		    "%u answers a second, burst %u, pair %d, ssm_leave %d, v2_ssm %d, "
		    "no_fallback %d, version %u\n",
		c->seed, c->steps, (double)c->scene.context.now_ns / 1e9, s->robustness,
		(double)s->unsolicited_interval_ns / 1e9, c->scene.context.mtu_bytes,
		s->answers_per_second, s->answer_burst, (int)s->pair, (int)s->ssm_leave, s->v2_ssm,
		s->no_fallback, c->scene.context.version);
	return 0;
}

static unsigned long number_from(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);
	return text ? strtoul(text, NULL, 10) : otherwise;
}

#define TEST(name) cmocka_unit_test_prestate_setup_teardown(name, NULL, say_where, &campaign)

int main(void)
{
	struct campaign campaign = {
		.seed = number_from("ZAPPER_SEED", 1),
		.steps_per_test = number_from("ZAPPER_STEPS", STEPS) / TESTS,
	};
	const struct CMUnitTest tests[] = {
		TEST(router_agrees_with_robustness_2),
		TEST(router_agrees_with_robustness_4),
		TEST(router_agrees_with_the_smallest_mtu),
		TEST(router_agrees_with_two_packets_and_to_in),
		TEST(router_agrees_with_both_records),
		TEST(router_agrees_with_a_gap),
	};
	return cmocka_run_group_tests_name("igmp_random", tests, NULL, NULL);
}
