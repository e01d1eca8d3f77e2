/* What happens on the line, and what it means to those who watch. */
#include "tests/unit/igmp/scene.h"

#include <string.h>

#include "tests/support/test.h"

#define LARGEST_V2_RESPONSE_NS (26 * SECOND)
#define MIN_RESPONSE_NS (100 * MS)

unsigned draw(struct scene *s, unsigned below)
{
	s->random = s->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(s->random >> 33) % below;
}

struct in_addr group_address(unsigned i)
{
	return (struct in_addr){htonl((i < GROUPS / 2 ? 0xef010100 : 0xe8010100) + i)};
}

unsigned group_index(struct in_addr address)
{
	unsigned i = ntohl(address.s_addr) & 0xff;
	assert_in_range(i, 0, GROUPS - 1);
	assert_int_equal(address.s_addr, group_address(i).s_addr);
	return i;
}

struct igmp_filter to_filter(const struct wish *wish)
{
	struct igmp_filter filter = {.mode = wish->mode};
	for (unsigned i = 0; i < ROUTER_SOURCES; i++) {
		if (wish->sources & 1u << i)
			filter.sources[filter.source_count++] = router_source(i);
	}
	return filter;
}

void scene_listen(struct scene *s, const struct igmp_change *changes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		oracle_touch(&s->oracles[group_index(changes[i].group)]);
	assert_int_equal(igmp_host_listen(s->host, changes, n, s->context.now_ns), 0);
	scene_take_actions(s);
}

void scene_leave_all(struct scene *s)
{
	memset(s->wishes, 0, sizeof s->wishes);
	igmp_host_leave_all(s->host);
	s->leaving = true;
	scene_take_actions(s);
	s->leaving = false;
}

void scene_announce(struct scene *s)
{
	for (unsigned i = 0; i < GROUPS; i++)
		oracle_announce(&s->oracles[i]);
	igmp_host_announce(s->host, s->context.now_ns);
	scene_take_actions(s);
}

void scene_rejoin_macs(struct scene *s)
{
	memset(s->mac, 0, sizeof s->mac);
	igmp_host_rejoin_macs(s->host);
	scene_take_actions(s);
}

void scene_set_mtu(struct scene *s, size_t mtu_bytes)
{
	s->context.mtu_bytes = mtu_bytes;
	igmp_host_set_mtu(s->host, mtu_bytes);
	scene_take_actions(s);
}

void scene_set_address(struct scene *s, struct in_addr address)
{
	s->address = address;
	igmp_host_set_address(s->host, address);
	scene_take_actions(s);
}

/* Sections 4.1.6, 4.1.7 and 7.2.1. */
static void adopt(struct scene *s, const struct igmp_message *query)
{
	const struct igmp_host_settings *settings = &s->settings;
	if (query->version == 3) {
		unsigned robustness = query->robustness ? query->robustness : settings->robustness;
		s->context.robustness = robustness < 2 ? 2 : robustness;
		s->query_interval_ns = query->query_interval_ns ? query->query_interval_ns
								: settings->query_interval_ns;
	}
	bool older = query->version == 1 || (query->version == 2 && query->group.s_addr == 0);
	if (!older || settings->no_fallback)
		return;
	uint64_t until_ns = s->context.now_ns + s->context.robustness * s->query_interval_ns +
			    10 * query->max_response_ns;
	if (query->version == 1)
		s->v1_until_ns = until_ns;
	else
		s->v2_until_ns = until_ns;
}

static uint64_t answer_by_ns(const struct scene *s, uint64_t response_ns)
{
	return s->context.now_ns + (response_ns > MIN_RESPONSE_NS ? response_ns : MIN_RESPONSE_NS);
}

static struct asked read_query(const struct scene *s, const struct igmp_message *query)
{
	struct asked asked = {
		.whole = query->source_count == 0 || s->context.version < 3,
		.source_count = query->source_count,
		.by_ns = answer_by_ns(s, query->max_response_ns),
	};
	const struct igmp_record sources = {
		.source_count = query->source_count, .sources = query->sources};
	asked.sources = router_mask(&sources);
	for (uint16_t i = 0; i < query->source_count; i++) {
		struct in_addr source = igmp_source(query->sources, i);
		asked.others |=
			ntohl(source.s_addr) - ntohl(router_source(0).s_addr) >= ROUTER_SOURCES;
	}
	return asked;
}

/* `surely`: it will be answered for the groups that can be told of. */
static void ask(struct scene *s, struct in_addr group, const struct asked *asked, bool surely)
{
	for (unsigned i = 0; i < GROUPS; i++) {
		const struct oracle *oracle = &s->oracles[i];
		bool told = oracle_is_told(oracle) && !oracle_is_held(oracle);
		if (group.s_addr == 0 || group.s_addr == group_address(i).s_addr)
			questions_ask(&s->questions[i], asked, surely && told);
	}
}

static bool is_heard(const struct scene *s, const struct igmp_message *message)
{
	bool alert = message->router_alert || message->type != IGMP_TYPE_QUERY ||
		     message->version == 1 || !s->settings.require_router_alert;
	return alert &&
	       (message->source.s_addr == 0 || message->source.s_addr != s->address.s_addr);
}

/* Another host says that it is a member: to the router it is not, as it leaves again unseen. */
static void note_report(struct scene *s, const struct igmp_message *report, enum igmp_frame frame)
{
	bool older = report->type == IGMP_TYPE_V1_REPORT || report->type == IGMP_TYPE_V2_REPORT;
	if (!older || s->context.version == 3 || frame != IGMP_FRAME_MULTICAST ||
		report->destination.s_addr != report->group.s_addr)
		return;
	unsigned i = group_index(report->group);
	if (oracle_is_held(&s->oracles[i]))
		return;
	oracle_suppress(&s->oracles[i]);
	questions_forget(&s->questions[i]);
}

static void note_message(struct scene *s, const struct igmp_message *message, enum igmp_frame frame)
{
	if (message->type != IGMP_TYPE_QUERY) {
		note_report(s, message, frame);
		return;
	}
	adopt(s, message);
	scene_adopt_version(s);
	const struct asked asked = read_query(s, message);
	ask(s, message->group, &asked, true);
}

void scene_hear(struct scene *s, const uint8_t *packet, size_t len, enum igmp_frame frame)
{
	struct igmp_message message;
	uint64_t before = igmp_host_deadline(s->host);
	bool heard = igmp_parse(packet, len, &message) == IGMP_VALID && is_heard(s, &message);
	if (heard)
		note_message(s, &message, frame);
	igmp_host_receive(s->host, packet, len, frame, s->context.now_ns);
	if (!heard)
		assert_true(igmp_host_deadline(s->host) == before);
	scene_take_actions(s);
}

static void let_router_ask(struct scene *s)
{
	uint8_t packet[SCENE_QUERY_BYTES];
	size_t len;
	router_advance(&s->router, s->context.now_ns);
	while ((len = router_next_query(&s->router, packet, sizeof packet)) > 0) {
		if (scene_carry(s, packet, len, false))
			scene_hear(s, packet, len, IGMP_FRAME_MULTICAST);
	}
}

void scene_change_router(struct scene *s, unsigned version)
{
	struct router_settings settings = s->router.settings;
	settings.version = version;
	router_init(&s->router, &settings, s->context.now_ns);
	let_router_ask(s);
}

static void let_arrive(struct scene *s)
{
	for (unsigned i = s->on_the_way; i-- > 0;) {
		if (s->packets[i].at_ns > s->context.now_ns)
			continue;
		const struct scene_packet packet = s->packets[i];
		s->packets[i] = s->packets[--s->on_the_way];
		if (packet.to_router)
			router_hear(&s->router, packet.bytes, packet.len, s->context.now_ns);
		else
			scene_hear(s, packet.bytes, packet.len, IGMP_FRAME_MULTICAST);
	}
}

uint64_t scene_deadline(const struct scene *s)
{
	uint64_t first = igmp_host_deadline(s->host), router = router_deadline(&s->router);
	first = router < first ? router : first;
	for (unsigned i = 0; i < s->on_the_way; i++)
		first = s->packets[i].at_ns < first ? s->packets[i].at_ns : first;
	return first;
}

/* Without a querier the host answers as if it had been asked. */
static void note_refresh(struct scene *s, bool surely)
{
	struct igmp_counters counters;
	igmp_host_counters(s->host, &counters);
	const struct asked asked = {
		.whole = true, .by_ns = answer_by_ns(s, s->settings.unsolicited_interval_ns)};
	if (counters.refreshes != s->refreshes)
		ask(s, (struct in_addr){0}, &asked, surely);
	s->refreshes = counters.refreshes;
}

void scene_go_to(struct scene *s, uint64_t when)
{
	s->context.now_ns = when > s->context.now_ns ? when : s->context.now_ns;
	igmp_host_advance(s->host, s->context.now_ns);
	bool changed = scene_adopt_version(s);
	note_refresh(s, !changed);
	scene_take_actions(s);
	let_arrive(s);
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

/* What the router forwards when it has heard all the host can say. */
static unsigned forwarded(const struct scene *s, const struct oracle *oracle)
{
	const struct wish wanted = oracle->wanted.mode == IGMP_INCLUDE
					   ? oracle->wanted
					   : wish_cut(&oracle->wanted, s->context.mtu_bytes);
	if (s->router.settings.version == 3)
		return wish_forwards(&wanted);
	if (oracle->version == 3) /* without fallback it is not understood */
		return 0;
	return oracle_is_told(oracle) ? ROUTER_ALL_SOURCES | 1u << ROUTER_SOURCES : 0;
}

/*
 * Nothing is known of a host that takes turns: a version 2 query says nothing of the interval to
 * the next, so that one interval heard elsewhere may end before that (section 7.2.1).
 */
static void assert_router_agrees(struct scene *s)
{
	if (s->router.settings.version < 3 && s->context.version == 3 && !s->settings.no_fallback)
		return;
	for (unsigned i = 0; i < GROUPS; i++) {
		const struct router_group *group = router_find(&s->router, group_address(i));
		assert_int_equal(router_forwards(group), forwarded(s, &s->oracles[i]));
	}
}

uint64_t scene_quiet_ns(const struct scene *s)
{
	const struct router_settings *r = &s->router.settings;
	uint64_t longest = s->settings.query_interval_ns;
	uint64_t older_present = 7 * longest + 10 * LARGEST_V2_RESPONSE_NS;
	return older_present + 2 * router_membership_ns(&s->router) + 2 * r->query_interval_ns;
}

void scene_quiet_down(struct scene *s)
{
	uint64_t start = s->context.now_ns;
	s->quiet = true;
	while (!all_are_done(s)) {
		scene_go_to(s, scene_deadline(s));
		assert_true(s->context.now_ns - start <= 120 * SECOND);
	}
	for (unsigned i = 0; i < GROUPS && s->context.version == 3; i++)
		assert_true(oracle_is_routed(&s->oracles[i]));
	while (s->context.now_ns - start < scene_quiet_ns(s))
		scene_go_to(s, scene_deadline(s));
	assert_router_agrees(s);
	s->quiet = false;
}

void scene_open(struct scene *s, const struct igmp_host_settings *settings,
	const struct router_settings *router, uint64_t seed)
{
	*s = (struct scene){.settings = *settings, .random = seed};
	s->query_interval_ns = settings->query_interval_ns;
	s->context = (struct oracle_context){
		.now_ns = 1000 * SECOND,
		.version = 3,
		.robustness = settings->robustness,
		.mtu_bytes = settings->mtu_bytes,
		.gap = settings->pair == IGMP_PAIR_GAP,
		.gap_ns = settings->pair_gap_ns,
		.ssm_leave = settings->ssm_leave,
		.v2_ssm = settings->v2_ssm,
		.unsolicited_ns = settings->unsolicited_interval_ns,
		.older_unsolicited_ns = settings->older_unsolicited_interval_ns,
	};
	for (unsigned i = 0; i < GROUPS; i++)
		s->oracles[i] = (struct oracle){
			.context = &s->context, .ssm = i >= GROUPS / 2, .version = 3};
	tokens_init(&s->tokens, settings->answers_per_second, settings->answer_burst);
	s->host = igmp_host_new(settings);
	assert_non_null(s->host);
	s->address = ip("10.0.0.2");
	igmp_host_set_address(s->host, s->address);
	router_init(&s->router, router, s->context.now_ns);
}

void scene_close(struct scene *s)
{
	igmp_host_free(s->host);
	s->host = NULL;
}
