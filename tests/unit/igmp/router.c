#include "tests/unit/igmp/router.h"

#include <string.h>

#include "igmp/build.h"
#include "tests/support/test.h"

#define FIRST_SOURCE 0x0a000001

struct in_addr router_source(unsigned i)
{
	return (struct in_addr){htonl(FIRST_SOURCE + i)};
}

uint64_t router_membership_ns(const struct router *router)
{
	const struct router_settings *s = &router->settings;
	return s->robustness * s->query_interval_ns + 2 * s->response_interval_ns;
}

uint64_t router_last_member_ns(const struct router *router)
{
	return router->settings.robustness * router->settings.last_member_interval_ns;
}

void router_init(struct router *router, const struct router_settings *settings, uint64_t now_ns)
{
	*router = (struct router){.settings = *settings, .now_ns = now_ns, .general_ns = now_ns};
	router_advance(router, now_ns);
}

struct router_group *router_find(struct router *router, struct in_addr address)
{
	for (unsigned i = 0; i < router->group_count; i++) {
		if (router->groups[i].address.s_addr == address.s_addr)
			return &router->groups[i];
	}
	return NULL;
}

/* Section 6.2.1: what there is no record of is INCLUDE{}. */
static struct router_group *find_or_add(struct router *router, struct in_addr address)
{
	struct router_group *group = router_find(router, address);
	if (group)
		return group;
	assert_in_range(router->group_count, 0, ROUTER_GROUPS - 1);
	group = &router->groups[router->group_count++];
	*group = (struct router_group){.address = address, .mode = IGMP_INCLUDE};
	return group;
}

static unsigned first(unsigned mask)
{
	return (unsigned)__builtin_ctz(mask);
}

/* Those whose timers run: A of INCLUDE(A), X of EXCLUDE(X,Y). */
static unsigned running(const struct router_group *group)
{
	unsigned mask = 0;
	for (unsigned left = group->listed; left; left &= left - 1)
		mask |= group->source_ns[first(left)] > 0 ? left & -left : 0;
	return mask;
}

unsigned router_forwards(const struct router_group *group)
{
	if (!group)
		return 0;
	if (group->mode == IGMP_INCLUDE)
		return running(group);
	return (ROUTER_ALL_SOURCES & ~(group->listed & ~running(group))) | 1u << ROUTER_SOURCES;
}

static void set_timers(struct router_group *group, unsigned sources, uint64_t at_ns)
{
	group->listed |= sources;
	for (; sources; sources &= sources - 1)
		group->source_ns[first(sources)] = at_ns;
}

static void forget_sources(struct router_group *group, unsigned sources)
{
	group->listed &= ~sources;
	for (; sources; sources &= sources - 1)
		group->source_ns[first(sources)] = group->ask_source[first(sources)] = 0;
}

/* Section 6.6.3.1: lowers the group timer and asks [Last Member Query Count] times. */
static void ask_group(struct router *router, struct router_group *group)
{
	uint64_t end_ns = router->now_ns + router_last_member_ns(router);
	if (group->timer_ns > end_ns)
		group->timer_ns = end_ns;
	group->ask_group = router->settings.robustness;
	group->ask_ns = router->now_ns;
}

/* Section 6.6.3.2: the same for sources whose timers are to be lowered. */
static void ask_sources(struct router *router, struct router_group *group, unsigned sources)
{
	uint64_t end_ns = router->now_ns + router_last_member_ns(router);
	for (; sources; sources &= sources - 1) {
		unsigned i = first(sources);
		if (group->source_ns[i] <= end_ns)
			continue;
		group->source_ns[i] = end_ns;
		group->ask_source[i] = router->settings.robustness;
		group->ask_ns = router->now_ns;
	}
}

static void to_exclude(struct router *router, struct router_group *group, unsigned b)
{
	unsigned a = running(group);
	group->mode = IGMP_EXCLUDE;
	set_timers(group, b & ~a, 0);
	forget_sources(group, a & ~b);
	group->timer_ns = router->now_ns + router_membership_ns(router);
}

/* The rows INCLUDE(A) of the tables in sections 6.4.1 and 6.4.2, with B reported. */
static void record_in_include(
	struct router *router, struct router_group *group, unsigned type, unsigned b)
{
	uint64_t gmi_ns = router->now_ns + router_membership_ns(router);
	unsigned a = running(group);
	switch (type) {
	case IGMP_IS_IN:
	case IGMP_ALLOW:
		set_timers(group, b, gmi_ns);
		return;
	case IGMP_TO_IN:
		set_timers(group, b, gmi_ns);
		ask_sources(router, group, a & ~b);
		return;
	case IGMP_IS_EX:
		to_exclude(router, group, b);
		return;
	case IGMP_TO_EX:
		to_exclude(router, group, b);
		ask_sources(router, group, a & b);
		return;
	case IGMP_BLOCK:
		ask_sources(router, group, a & b);
		return;
	}
}

/* EXCLUDE(X,Y) hears of an EXCLUDE(A): EXCLUDE(A-Y, Y*A). */
static void stay_exclude(
	struct router *router, struct router_group *group, unsigned a, uint64_t new_ns)
{
	unsigned x = running(group), y = group->listed & ~x;
	set_timers(group, a & ~x & ~y, new_ns);
	forget_sources(group, (x | y) & ~a);
	group->timer_ns = router->now_ns + router_membership_ns(router);
}

/* The rows EXCLUDE(X,Y), with A reported. */
static void record_in_exclude(
	struct router *router, struct router_group *group, unsigned type, unsigned a)
{
	uint64_t gmi_ns = router->now_ns + router_membership_ns(router);
	uint64_t group_ns = group->timer_ns;
	unsigned x = running(group), y = group->listed & ~x;
	switch (type) {
	case IGMP_IS_IN:
	case IGMP_ALLOW:
		set_timers(group, a, gmi_ns);
		return;
	case IGMP_TO_IN:
		set_timers(group, a, gmi_ns);
		ask_sources(router, group, x & ~a);
		ask_group(router, group);
		return;
	case IGMP_IS_EX:
		stay_exclude(router, group, a, gmi_ns);
		return;
	case IGMP_TO_EX:
		stay_exclude(router, group, a, group_ns);
		ask_sources(router, group, a & ~y);
		return;
	case IGMP_BLOCK:
		set_timers(group, a & ~x & ~y, group_ns);
		ask_sources(router, group, a & ~y);
		return;
	}
}

void router_record(struct router *router, struct in_addr address, unsigned type, unsigned sources)
{
	struct router_group *group = find_or_add(router, address);
	if (group->older_host_ns > 0) {
		/* Section 7.3.2: before older hosts BLOCK and the sources of TO_EX are ignored. */
		if (type == IGMP_BLOCK)
			return;
		if (type == IGMP_TO_EX)
			sources = 0;
	}
	if (group->mode == IGMP_INCLUDE)
		record_in_include(router, group, type, sources);
	else
		record_in_exclude(router, group, type, sources);
}

unsigned router_mask(const struct igmp_record *record)
{
	unsigned mask = 0;
	for (uint16_t i = 0; i < record->source_count; i++) {
		uint32_t bit = ntohl(igmp_source(record->sources, i).s_addr) - FIRST_SOURCE;
		mask |= bit < ROUTER_SOURCES ? 1u << bit : 0;
	}
	return mask;
}

/* Section 7.3.2: an older report is IS_EX{}, a leave TO_IN{}. */
static void hear_older(struct router *router, const struct igmp_message *message)
{
	if (message->type == IGMP_TYPE_V2_LEAVE) {
		if (router_find(router, message->group) && router->settings.version > 1)
			router_record(router, message->group, IGMP_TO_IN, 0);
		return;
	}
	router_record(router, message->group, IGMP_IS_EX, 0);
	router_find(router, message->group)->older_host_ns =
		router->now_ns + router_membership_ns(router);
}

void router_hear(struct router *router, const uint8_t *packet, size_t len, uint64_t now_ns)
{
	struct igmp_message message;
	struct igmp_record record;
	router_advance(router, now_ns);
	assert_int_equal(igmp_parse(packet, len, &message), IGMP_VALID);
	assert_true(message.router_alert);
	if (message.type != IGMP_TYPE_V3_REPORT) {
		hear_older(router, &message);
		return;
	}
	struct igmp_record_reader reader = igmp_records(&message);
	while (router->settings.version == 3 && igmp_record_next(&reader, &record))
		router_record(router, record.group, record.type, router_mask(&record));
}

/* Section 6.5: EXCLUDE whose timer ends goes on with the sources whose timers run. */
static void expire(struct router_group *group, uint64_t now_ns)
{
	for (unsigned left = running(group); left; left &= left - 1) {
		unsigned i = first(left);
		if (group->source_ns[i] > now_ns)
			continue;
		group->source_ns[i] = 0;
		group->ask_source[i] = 0;
	}
	if (group->mode == IGMP_EXCLUDE && group->timer_ns <= now_ns) {
		group->mode = IGMP_INCLUDE;
		group->ask_group = 0;
	}
	if (group->mode == IGMP_INCLUDE)
		group->listed = running(group);
	if (group->older_host_ns <= now_ns)
		group->older_host_ns = 0;
}

static void forget_unknown(struct router *router)
{
	for (unsigned i = router->group_count; i-- > 0;) {
		const struct router_group *group = &router->groups[i];
		if (group->mode == IGMP_INCLUDE && group->listed == 0)
			router->groups[i] = router->groups[--router->group_count];
	}
}

void router_advance(struct router *router, uint64_t now_ns)
{
	router->now_ns = now_ns;
	for (unsigned i = 0; i < router->group_count; i++)
		expire(&router->groups[i], now_ns);
	forget_unknown(router);
	if (router->general_ns <= now_ns) {
		router->general_due = true;
		router->general_ns = now_ns + router->settings.query_interval_ns;
	}
}

static bool is_asking(const struct router_group *group)
{
	if (group->ask_group > 0)
		return true;
	for (unsigned left = running(group); left; left &= left - 1) {
		if (group->ask_source[first(left)] > 0)
			return true;
	}
	return false;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t router_deadline(const struct router *router)
{
	uint64_t at_ns = router->general_ns;
	for (unsigned i = 0; i < router->group_count; i++) {
		const struct router_group *group = &router->groups[i];
		if (group->mode == IGMP_EXCLUDE)
			at_ns = earlier(at_ns, group->timer_ns);
		if (is_asking(group))
			at_ns = earlier(at_ns, group->ask_ns);
		if (group->older_host_ns > 0)
			at_ns = earlier(at_ns, group->older_host_ns);
		for (unsigned left = running(group); left; left &= left - 1)
			at_ns = earlier(at_ns, group->source_ns[first(left)]);
	}
	return at_ns;
}

static size_t build(const struct router *router, struct igmp_query query, uint64_t response_ns,
	uint8_t *packet, size_t size)
{
	query.version = router->settings.version;
	query.source.s_addr = htonl(0x0a0000fe);
	query.max_response_ds = (unsigned)(response_ns / 100000000);
	query.robustness = router->settings.robustness;
	query.query_interval_s = (unsigned)(router->settings.query_interval_ns / 1000000000);
	int len = igmp_build_query(packet, size, &query);
	assert_true(len > 0);
	return (size_t)len;
}

/* The whole group in one query, then its sources in the next. */
static size_t specific_query(
	struct router *router, struct router_group *group, uint8_t *packet, size_t size)
{
	struct in_addr sources[ROUTER_SOURCES];
	struct igmp_query query = {.group = group->address, .destination = group->address};
	if (group->ask_group > 0) {
		group->ask_group--;
	} else {
		for (unsigned i = 0; i < ROUTER_SOURCES; i++) {
			if (group->ask_source[i] == 0)
				continue;
			group->ask_source[i]--;
			sources[query.source_count++] = router_source(i);
		}
		query.sources = sources;
	}
	if (is_asking(group))
		group->ask_ns = router->now_ns + router->settings.last_member_interval_ns;
	return build(router, query, router->settings.last_member_interval_ns, packet, size);
}

size_t router_next_query(struct router *router, uint8_t *packet, size_t size)
{
	struct igmp_query general = {.destination.s_addr = htonl(INADDR_ALLHOSTS_GROUP)};
	for (unsigned i = 0; i < router->group_count && router->settings.version > 1; i++) {
		struct router_group *group = &router->groups[i];
		if (is_asking(group) && group->ask_ns <= router->now_ns)
			return specific_query(router, group, packet, size);
	}
	if (!router->general_due)
		return 0;
	router->general_due = false;
	return build(router, general, router->settings.response_interval_ns, packet, size);
}
