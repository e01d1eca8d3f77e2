/*
 * Random joins, leaves and source changes of several users, queries true and forged, routers that
 * change their version, reports of other hosts and losses. Whatever the order: no record speaks of
 * a state that is past, none is missing or said too often (oracle.h), and after quiet time the
 * router (router.h) forwards what the host wants, and the host has given its memory back.
 *
 * ZAPPER_STEPS in the environment says how many steps are taken; ZAPPER_SEED which ones.
 */
#include <string.h>

#include "igmp/build.h"
#include "igmp/host.h"
#include "igmp/wire.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/heap.h"
#include "tests/unit/igmp/oracle.h"
#include "tests/unit/igmp/packets.h"
#include "tests/unit/igmp/router.h"

#define GROUPS 6
#define USERS 3
#define STEPS 240000 /* without ZAPPER_STEPS, over all tests */
#define TESTS 6

#define QUERY_INTERVAL_NS (20 * SECOND)
#define RESPONSE_INTERVAL_NS (2 * SECOND)
/* Every timer of routers and hosts has ended after it. */
#define QUIET_NS (600 * SECOND)

struct scene {
	struct oracle_settings oracle_settings;
	struct igmp_host *host;
	struct router router;
	uint64_t now, random;
	struct wish wishes[GROUPS][USERS];
	struct oracle oracles[GROUPS];
	bool mac[GROUPS];
	bool quiet; /* nothing is lost */
	/* Whether reports of a group were sent and lost in this round, and in how many before. */
	bool sent_now[GROUPS], lost_now[GROUPS];
	unsigned lost_in_a_row[GROUPS];
	unsigned long records, lost, older;
};

static unsigned draw(struct scene *s, unsigned below)
{
	s->random = s->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(s->random >> 33) % below;
}

/* The first half any-source, the other source-specific. */
static struct in_addr group_address(unsigned i)
{
	return (struct in_addr){htonl((i < GROUPS / 2 ? 0xef010100 : 0xe8010100) + i)};
}

static unsigned group_index(struct in_addr address)
{
	return ntohl(address.s_addr) & 0xff;
}

static struct igmp_filter to_filter(const struct wish *wish)
{
	struct igmp_filter filter = {.mode = wish->mode};
	for (unsigned i = 0; i < ROUTER_SOURCES; i++) {
		if (wish->sources & 1u << i)
			filter.sources[filter.source_count++] = router_source(i);
	}
	return filter;
}

/* Section 3.2, once more and in sets. */
static struct wish merged(const struct scene *s, unsigned group)
{
	unsigned included = 0, excluded = ROUTER_ALL_SOURCES;
	bool any_excludes = false;
	for (unsigned i = 0; i < USERS; i++) {
		const struct wish *wish = &s->wishes[group][i];
		any_excludes |= wish->mode == IGMP_EXCLUDE;
		if (wish->mode == IGMP_EXCLUDE)
			excluded &= wish->sources;
		else
			included |= wish->sources;
	}
	if (any_excludes)
		return (struct wish){IGMP_EXCLUDE, excluded & ~included};
	return (struct wish){IGMP_INCLUDE, included};
}

/* A report may be lost as long as no group loses more in a row than its repeats make up for. */
static bool may_lose(const struct scene *s, const struct igmp_message *report)
{
	struct igmp_record_reader reader = igmp_records(report);
	struct igmp_record record;
	if (s->quiet)
		return false;
	while (igmp_record_next(&reader, &record)) {
		if (s->lost_in_a_row[group_index(record.group)] + 1 >=
			s->oracle_settings.robustness)
			return false;
	}
	return true;
}

static void take_records(struct scene *s, const struct igmp_message *report, bool lost)
{
	struct igmp_record_reader reader = igmp_records(report);
	struct igmp_record record;
	bool joined = false;
	while (igmp_record_next(&reader, &record)) {
		unsigned i = group_index(record.group);
		bool leaves = wish_is_empty(&s->oracles[i].wanted);
		assert_false(leaves && joined); /* leaving records come first */
		joined |= !leaves;
		oracle_record(&s->oracles[i], &record, lost);
		s->records++;
		if (record.type >= IGMP_TO_IN) {
			s->sent_now[i] = true;
			s->lost_now[i] |= lost;
		}
	}
	assert_int_equal(reader.left, 0);
}

static void take_packet(struct scene *s, const struct igmp_action *action)
{
	struct igmp_message message;
	assert_int_equal(igmp_parse(action->packet, action->len, &message), IGMP_VALID);
	assert_int_equal(message.destination.s_addr, action->destination.s_addr);
	bool lost = may_lose(s, &message) && draw(s, 2) == 0;
	if (message.type == IGMP_TYPE_V3_REPORT) {
		take_records(s, &message, lost);
	} else {
		oracle_older(&s->oracles[group_index(message.group)], message.type);
		s->older++;
	}
	s->lost += lost;
	if (!lost)
		router_hear(&s->router, action->packet, action->len, s->now);
}

static void end_round(struct scene *s)
{
	for (unsigned i = 0; i < GROUPS; i++) {
		oracle_close(&s->oracles[i]);
		if (s->sent_now[i])
			s->lost_in_a_row[i] = s->lost_now[i] ? s->lost_in_a_row[i] + 1 : 0;
		s->sent_now[i] = s->lost_now[i] = false;
		assert_int_equal(s->mac[i], !wish_is_empty(&s->oracles[i].wanted));
	}
}

static void take_actions(struct scene *s)
{
	struct igmp_action action;
	struct igmp_querier querier;
	igmp_host_querier(s->host, &querier);
	for (unsigned i = 0; i < GROUPS; i++) {
		const struct wish wanted = merged(s, i);
		oracle_open(&s->oracles[i], querier.host_version, &wanted);
	}
	while (igmp_host_next_action(s->host, &action)) {
		if (action.type == IGMP_ACTION_SEND)
			take_packet(s, &action);
		else if (action.type != IGMP_ACTION_NOTICE)
			s->mac[group_index(action.group)] = action.type == IGMP_ACTION_JOIN_MAC;
	}
	end_round(s);
}

static void change_some(struct scene *s)
{
	struct igmp_change changes[4];
	unsigned n = 1 + draw(s, 4);
	for (unsigned i = 0; i < n; i++) {
		unsigned group = draw(s, GROUPS), user = draw(s, USERS);
		struct wish *wish = &s->wishes[group][user];
		bool any_source = group < GROUPS / 2 && draw(s, 2);
		wish->mode = any_source ? IGMP_EXCLUDE : IGMP_INCLUDE;
		wish->sources = draw(s, 3) ? draw(s, ROUTER_ALL_SOURCES + 1) : 0;
		changes[i] = (struct igmp_change){group_address(group), to_filter(wish), user};
	}
	assert_int_equal(igmp_host_listen(s->host, changes, n, s->now), 0);
	take_actions(s);
}

static void hear_packet(struct scene *s, const uint8_t *packet, size_t len, enum igmp_frame frame)
{
	igmp_host_receive(s->host, packet, len, frame, s->now);
	take_actions(s);
}

/* A query that no router sent: any version, group, sources and response time. */
static void forge_query(struct scene *s)
{
	uint8_t packet[256];
	struct in_addr sources[ROUTER_SOURCES];
	struct igmp_query query = {
		.version = draw(s, 8) ? 3 : 1 + draw(s, 2),
		.source.s_addr = htonl(0x0a000063),
		.destination = ip("224.0.0.1"),
		.max_response_ds = draw(s, 255),
		.robustness = s->oracle_settings.robustness,
		.query_interval_s = QUERY_INTERVAL_NS / SECOND,
		.sources = sources,
	};
	if (draw(s, 4)) {
		query.group = query.destination = group_address(draw(s, GROUPS));
		for (unsigned i = draw(s, 2) ? ROUTER_SOURCES : 0; i-- > 0;) {
			if (draw(s, 2))
				sources[query.source_count++] = router_source(i);
		}
	}
	int len = igmp_build_query(packet, sizeof packet, &query);
	hear_packet(s, packet, (size_t)len, IGMP_FRAME_MULTICAST);
}

/* Another host says that it is a member: to the router it is not, as it leaves again unseen. */
static void hear_other_host(struct scene *s)
{
	uint8_t packet[IGMP_OLDER_PACKET_BYTES];
	enum igmp_type type = draw(s, 2) ? IGMP_TYPE_V2_REPORT : IGMP_TYPE_V1_REPORT;
	igmp_build_older(packet, type, ip("10.0.0.77"), group_address(draw(s, GROUPS)));
	hear_packet(
		s, packet, sizeof packet, draw(s, 2) ? IGMP_FRAME_UNICAST : IGMP_FRAME_MULTICAST);
}

static void let_router_ask(struct scene *s)
{
	uint8_t packet[256];
	size_t len;
	router_advance(&s->router, s->now);
	while ((len = router_next_query(&s->router, packet, sizeof packet)) > 0)
		hear_packet(s, packet, len, IGMP_FRAME_MULTICAST);
}

static uint64_t deadline(const struct scene *s)
{
	uint64_t host = igmp_host_deadline(s->host), router = router_deadline(&s->router);
	return host < router ? host : router;
}

static void go_to(struct scene *s, uint64_t when)
{
	s->now = when > s->now ? when : s->now;
	igmp_host_advance(s->host, s->now);
	take_actions(s);
	let_router_ask(s);
}

static struct router_settings router_settings(const struct scene *s, unsigned version)
{
	return (struct router_settings){
		.version = version,
		.robustness = s->oracle_settings.robustness,
		.query_interval_ns = QUERY_INTERVAL_NS,
		.response_interval_ns = RESPONSE_INTERVAL_NS,
		.last_member_interval_ns = SECOND,
	};
}

/* Another router takes over, which knows nothing. */
static void change_router(struct scene *s)
{
	const struct router_settings settings = router_settings(s, 1 + draw(s, 3));
	router_init(&s->router, &settings, s->now);
	let_router_ask(s);
}

static bool all_are_done(const struct scene *s)
{
	for (unsigned i = 0; i < GROUPS; i++) {
		if (!oracle_is_done(&s->oracles[i]))
			return false;
	}
	return true;
}

static void assert_router_agrees(struct scene *s)
{
	for (unsigned i = 0; i < GROUPS; i++) {
		const struct oracle *oracle = &s->oracles[i];
		unsigned wanted = wish_forwards(&oracle->wanted);
		unsigned routed = router_forwards(router_find(&s->router, group_address(i)));
		if (s->router.settings.version < 3)
			wanted = wanted && oracle_is_speakable(oracle, 1)
					 ? ROUTER_ALL_SOURCES | 1u << ROUTER_SOURCES
					 : 0;
		assert_int_equal(routed, wanted);
	}
}

/* First the repeats, which alone make up for what was lost, then all timers. */
static void quiet_down(struct scene *s)
{
	uint64_t start = s->now;
	s->quiet = true;
	while (!all_are_done(s)) {
		go_to(s, deadline(s));
		assert_true(s->now - start <= 120 * SECOND);
	}
	for (unsigned i = 0; i < GROUPS && s->oracles[i].version == 3; i++)
		assert_true(wish_equal(&s->oracles[i].routed, &s->oracles[i].wanted));
	while (s->now - start < QUIET_NS)
		go_to(s, deadline(s));
	assert_router_agrees(s);
	s->quiet = false;
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
		assert_int_equal(igmp_host_listen(s->host, &change, 1, s->now), 0);
		take_actions(s);
	}
	quiet_down(s);
	igmp_host_each(s->host, count_group, &left);
	assert_int_equal(left, 0);
}

static void step(struct scene *s)
{
	unsigned kind = draw(s, 64);
	if (kind < 20)
		change_some(s);
	else if (kind < 24)
		forge_query(s);
	else if (kind == 24)
		hear_other_host(s);
	else if (kind == 25 && draw(s, 4) == 0)
		change_router(s);
	else
		go_to(s, draw(s, 2) ? deadline(s) : s->now + draw(s, 400) * MS);
}

static void open_scene(struct scene *s, const struct igmp_host_settings *settings)
{
	const struct router_settings router = router_settings(s, 3);
	s->now = 1000 * SECOND;
	s->oracle_settings.gap = settings->pair == IGMP_PAIR_GAP;
	s->oracle_settings.ssm_leave = settings->ssm_leave;
	s->oracle_settings.v2_ssm = settings->v2_ssm;
	for (unsigned i = 0; i < GROUPS; i++)
		s->oracles[i] = (struct oracle){
			.settings = &s->oracle_settings, .ssm = i >= GROUPS / 2, .version = 3};
	s->host = igmp_host_new(settings);
	assert_non_null(s->host);
	igmp_host_set_address(s->host, ip("10.0.0.2"));
	router_init(&s->router, &router, s->now);
}

static unsigned long number_from(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);
	return text ? strtoul(text, NULL, 10) : otherwise;
}

static void run(struct igmp_host_settings settings)
{
	unsigned long steps = number_from("ZAPPER_STEPS", STEPS) / TESTS;
	struct scene s = {.random = number_from("ZAPPER_SEED", 1) + settings.seed};
	settings.query_interval_ns = QUERY_INTERVAL_NS;
	settings.query_response_interval_ns = RESPONSE_INTERVAL_NS;
	s.oracle_settings.robustness = settings.robustness;
	open_scene(&s, &settings);
	size_t before = heap_bytes();
	for (unsigned long i = 0; i < steps; i++) {
		step(&s);
		if (draw(&s, 100) == 0)
			quiet_down(&s);
	}
	leave_everything(&s);
	/* Nothing but the host itself is left: it holds no more memory than when it was new. */
	assert_int_equal(heap_bytes(), before);
	assert_true(s.records > steps / 4);
	assert_true(s.lost > steps / 100);
	assert_true(s.older > steps / 100);
	igmp_host_free(s.host);
}

static void router_agrees_with_robustness_2(void **state)
{
	(void)state;
	run((struct igmp_host_settings){.robustness = 2, .seed = 1});
}

static void router_agrees_with_robustness_4(void **state)
{
	(void)state;
	run((struct igmp_host_settings){.robustness = 4, .seed = 2, .v2_ssm = true});
}

/* Most changes need several reports here; no filter is too long for one record. */
static void router_agrees_with_the_smallest_mtu(void **state)
{
	(void)state;
	run((struct igmp_host_settings){.robustness = 2, .mtu_bytes = 68, .seed = 3});
}

static void router_agrees_with_two_packets_and_to_in(void **state)
{
	(void)state;
	run((struct igmp_host_settings){.robustness = 3,
		.pair = IGMP_PAIR_TWO,
		.ssm_leave = IGMP_SSM_LEAVE_TO_IN,
		.seed = 4});
}

static void router_agrees_with_both_records(void **state)
{
	(void)state;
	run((struct igmp_host_settings){
		.robustness = 2, .ssm_leave = IGMP_SSM_LEAVE_BOTH, .v2_ssm = true, .seed = 5});
}

static void router_agrees_with_a_gap(void **state)
{
	(void)state;
	run((struct igmp_host_settings){
		.robustness = 2, .pair = IGMP_PAIR_GAP, .pair_gap_ns = 300 * MS, .seed = 6});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(router_agrees_with_robustness_2),
		cmocka_unit_test(router_agrees_with_robustness_4),
		cmocka_unit_test(router_agrees_with_the_smallest_mtu),
		cmocka_unit_test(router_agrees_with_two_packets_and_to_in),
		cmocka_unit_test(router_agrees_with_both_records),
		cmocka_unit_test(router_agrees_with_a_gap),
	};
	return cmocka_run_group_tests_name("igmp_random", tests, NULL, NULL);
}
