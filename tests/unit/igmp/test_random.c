/*
 * Random joins, leaves, source changes, queries and losses against a small router. Whatever the
 * order: no record speaks of a state that is past, and after quiet time the router knows what the
 * host wants, although it lost up to RV - 1 reports of each group in a row (RFC 9776 section 5.1).
 */
#include <string.h>

#include "igmp/host.h"
#include "igmp/wire.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/packets.h"

#define GROUPS 6
#define SOURCES 6
#define STEPS 20000

/* Sources are bits of a mask; INCLUDE with none is no membership. */
struct wish {
	enum igmp_filter_mode mode;
	unsigned sources;
};

struct scene {
	struct igmp_host *host;
	uint64_t now, random;
	unsigned robustness, qrv;
	struct wish wanted[GROUPS], routed[GROUPS];
	/* Whether reports of a group were sent and lost in this round, and in how many before it.
	 */
	bool sent_now[GROUPS], lost_now[GROUPS];
	unsigned lost_in_a_row[GROUPS];
	bool mac[GROUPS];
	unsigned records, lost;
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
	for (unsigned i = 0; i < SOURCES; i++) {
		if (wish->sources & 1u << i)
			filter.sources[filter.source_count++].s_addr = htonl(0x0a000001 + i);
	}
	return filter;
}

static unsigned to_mask(const struct igmp_record *record)
{
	unsigned mask = 0;
	for (uint16_t i = 0; i < record->source_count; i++)
		mask |= 1u << (ntohl(igmp_source(record->sources, i).s_addr) - 0x0a000001);
	return mask;
}

static unsigned forwarded(const struct wish *wish)
{
	const unsigned all = (1u << SOURCES) - 1;
	return wish->mode == IGMP_INCLUDE ? wish->sources : all & ~wish->sources;
}

static void assert_fresh(const struct scene *s, const struct igmp_record *record)
{
	const struct wish *wanted = &s->wanted[group_index(record->group)];
	unsigned mask = to_mask(record);
	switch (record->type) {
	case IGMP_IS_IN:
	case IGMP_TO_IN:
		assert_int_equal(wanted->mode, IGMP_INCLUDE);
		assert_int_equal(wanted->sources, mask);
		break;
	case IGMP_IS_EX:
	case IGMP_TO_EX:
		assert_int_equal(wanted->mode, IGMP_EXCLUDE);
		assert_int_equal(wanted->sources, mask);
		break;
	case IGMP_ALLOW:
		assert_int_not_equal(mask, 0);
		assert_int_equal(forwarded(wanted) & mask, mask);
		break;
	case IGMP_BLOCK:
		assert_int_not_equal(mask, 0);
		assert_int_equal(forwarded(wanted) & mask, 0);
		break;
	default:
		fail();
	}
}

/* Section 6.4 for a router with one host, which needs no query before it forgets. */
static void route(struct scene *s, const struct igmp_record *record)
{
	struct wish *routed = &s->routed[group_index(record->group)];
	unsigned mask = to_mask(record);
	bool adds = (record->type == IGMP_ALLOW) == (routed->mode == IGMP_INCLUDE);
	switch (record->type) {
	case IGMP_IS_IN:
	case IGMP_TO_IN:
		*routed = (struct wish){IGMP_INCLUDE, mask};
		break;
	case IGMP_IS_EX:
	case IGMP_TO_EX:
		*routed = (struct wish){IGMP_EXCLUDE, mask};
		break;
	default:
		routed->sources = adds ? routed->sources | mask : routed->sources & ~mask;
	}
}

/* A report may be lost as long as no group loses more in a row than its repeats make up for. */
static bool may_lose(const struct scene *s, const struct igmp_message *report)
{
	struct igmp_record_reader reader = igmp_records(report);
	struct igmp_record record;
	while (igmp_record_next(&reader, &record)) {
		if (s->lost_in_a_row[group_index(record.group)] + 1 >= s->robustness)
			return false;
	}
	return true;
}

static void take_report(struct scene *s, const struct igmp_action *action)
{
	struct igmp_message report;
	struct igmp_record record;
	bool joined = false;
	assert_int_equal(igmp_parse(action->packet, action->len, &report), IGMP_VALID);
	bool lost = may_lose(s, &report) && draw(s, 2) == 0;
	struct igmp_record_reader reader = igmp_records(&report);
	while (igmp_record_next(&reader, &record)) {
		unsigned i = group_index(record.group);
		bool leaves = s->wanted[i].mode == IGMP_INCLUDE && s->wanted[i].sources == 0;
		assert_fresh(s, &record);
		assert_false(leaves && joined); /* leaving records come first */
		joined |= !leaves;
		s->sent_now[i] = true;
		s->lost_now[i] |= lost;
		if (!lost)
			route(s, &record);
		s->records++;
	}
	assert_int_equal(reader.left, 0);
	s->lost += lost;
}

/* A small MTU spreads one round over several reports: any of them lost is that round's loss. */
static void end_round(struct scene *s)
{
	for (unsigned i = 0; i < GROUPS; i++) {
		if (s->sent_now[i])
			s->lost_in_a_row[i] = s->lost_now[i] ? s->lost_in_a_row[i] + 1 : 0;
		s->sent_now[i] = s->lost_now[i] = false;
	}
}

static void take_actions(struct scene *s)
{
	struct igmp_action action;
	while (igmp_host_next_action(s->host, &action)) {
		if (action.type == IGMP_ACTION_SEND)
			take_report(s, &action);
		else if (action.type != IGMP_ACTION_NOTICE)
			s->mac[group_index(action.group)] = action.type == IGMP_ACTION_JOIN_MAC;
	}
	end_round(s);
	for (unsigned i = 0; i < GROUPS; i++)
		assert_int_equal(
			s->mac[i], s->wanted[i].mode == IGMP_EXCLUDE || s->wanted[i].sources != 0);
}

static void change_some(struct scene *s)
{
	struct igmp_change changes[4];
	unsigned n = 1 + draw(s, 4);
	for (unsigned i = 0; i < n; i++) {
		unsigned group = draw(s, GROUPS);
		struct wish *wish = &s->wanted[group];
		bool any_source = group < GROUPS / 2 && draw(s, 2);
		wish->mode = any_source ? IGMP_EXCLUDE : IGMP_INCLUDE;
		wish->sources = draw(s, 3) ? draw(s, 1u << SOURCES) : 0;
		changes[i] = (struct igmp_change){group_address(group), to_filter(wish), 0};
	}
	assert_int_equal(igmp_host_listen(s->host, changes, n, s->now), 0);
}

static void ask(struct scene *s)
{
	uint8_t packet[1500];
	struct query query = query_defaults();
	query.code = (uint8_t)draw(s, 256);
	query.flags = (uint8_t)s->qrv;
	if (draw(s, 4) == 0)
		query.group = "239.1.1.1";
	igmp_host_receive(
		s->host, packet, query_build(&query, packet), IGMP_FRAME_MULTICAST, s->now);
}

/* Time goes on a little, or to the next deadline. */
static void pass_time(struct scene *s)
{
	uint64_t deadline = igmp_host_deadline(s->host);
	if (draw(s, 2) && deadline != UINT64_MAX)
		s->now = deadline;
	else
		s->now += draw(s, 400) * MS;
	igmp_host_advance(s->host, s->now);
}

static void quiet_down(struct scene *s)
{
	while (igmp_host_deadline(s->host) != UINT64_MAX) {
		s->now = igmp_host_deadline(s->host);
		igmp_host_advance(s->host, s->now);
		take_actions(s);
	}
	for (unsigned i = 0; i < GROUPS; i++) {
		assert_int_equal(s->routed[i].mode, s->wanted[i].mode);
		assert_int_equal(s->routed[i].sources, s->wanted[i].sources);
	}
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
	memset(s->wanted, 0, sizeof s->wanted);
	for (unsigned i = 0; i < GROUPS; i++) {
		const struct igmp_change change = {group_address(i), include(""), 0};
		assert_int_equal(igmp_host_listen(s->host, &change, 1, s->now), 0);
	}
	take_actions(s);
	quiet_down(s);
	igmp_host_each(s->host, count_group, &left);
	assert_int_equal(left, 0);
}

static void run(unsigned robustness, size_t mtu_bytes, uint64_t seed)
{
	const struct igmp_host_settings settings = {
		.robustness = robustness,
		.mtu_bytes = mtu_bytes,
		.seed = seed,
		.no_watch = true,
	};
	struct scene s = {.robustness = robustness, .qrv = robustness, .random = seed};
	s.host = igmp_host_new(&settings);
	assert_non_null(s.host);
	for (unsigned i = 0; i < STEPS; i++) {
		unsigned kind = draw(&s, 16);
		if (kind < 6)
			change_some(&s);
		else if (kind == 6)
			ask(&s);
		else
			pass_time(&s);
		take_actions(&s);
		if (draw(&s, 50) == 0)
			quiet_down(&s);
	}
	leave_everything(&s);
	assert_true(s.records > STEPS / 4);
	assert_true(s.lost > STEPS / 20);
	igmp_host_free(s.host);
}

static void router_agrees_with_robustness_2(void **state)
{
	(void)state;
	run(2, 1500, 1);
	run(2, 1500, 2);
}

static void router_agrees_with_robustness_4(void **state)
{
	(void)state;
	run(4, 1500, 3);
}

/* Most changes need several reports here; no filter is too long for one record. */
static void router_agrees_with_the_smallest_mtu(void **state)
{
	(void)state;
	run(2, 68, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(router_agrees_with_robustness_2),
		cmocka_unit_test(router_agrees_with_robustness_4),
		cmocka_unit_test(router_agrees_with_the_smallest_mtu),
	};
	return cmocka_run_group_tests_name("igmp_random", tests, NULL, NULL);
}
