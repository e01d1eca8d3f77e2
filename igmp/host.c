#include "igmp/host.h"

#include <stdlib.h>

#include "igmp/filter.h"
#include "igmp/host_state.h"
#include "igmp/report.h"

/* Section 8.1: never below 2; a group counts its repeats in an octet. */
#define MIN_ROBUSTNESS 2
#define MAX_ROBUSTNESS 255

#define DEFAULT_ROBUSTNESS 2				   /* section 8.1 */
#define DEFAULT_QUERY_INTERVAL_NS (125 * NS_PER_S)	   /* section 8.2 */
#define DEFAULT_QUERY_RESPONSE_INTERVAL_NS (10 * NS_PER_S) /* section 8.3 */
#define DEFAULT_UNSOLICITED_INTERVAL_NS NS_PER_S	   /* section 8.11 */
#define DEFAULT_OLDER_INTERVAL_NS (10 * NS_PER_S)	   /* RFC 2236 section 8.10 */

#define DEFAULT_NOTICE_INTERVAL_NS (60 * NS_PER_S)
#define DEFAULT_ANSWERS_PER_SECOND 250
#define DEFAULT_ANSWER_BURST 250

unsigned igmp_clamp_robustness(unsigned robustness)
{
	if (robustness < MIN_ROBUSTNESS)
		return MIN_ROBUSTNESS;
	return robustness > MAX_ROBUSTNESS ? MAX_ROBUSTNESS : robustness;
}

static uint64_t value_or(uint64_t value, uint64_t otherwise)
{
	return value ? value : otherwise;
}

static size_t clamp_mtu(size_t mtu_bytes)
{
	if (mtu_bytes < IGMP_MTU_MIN_BYTES)
		return IGMP_MTU_MIN_BYTES;
	return mtu_bytes > IGMP_PACKET_MAX_BYTES ? IGMP_PACKET_MAX_BYTES : mtu_bytes;
}

static struct igmp_host_settings fill_defaults(const struct igmp_host_settings *settings)
{
	struct igmp_host_settings s = *settings;
	s.robustness = igmp_clamp_robustness(s.robustness ? s.robustness : DEFAULT_ROBUSTNESS);
	s.query_interval_ns = value_or(s.query_interval_ns, DEFAULT_QUERY_INTERVAL_NS);
	s.query_response_interval_ns =
		value_or(s.query_response_interval_ns, DEFAULT_QUERY_RESPONSE_INTERVAL_NS);
	s.unsolicited_interval_ns =
		value_or(s.unsolicited_interval_ns, DEFAULT_UNSOLICITED_INTERVAL_NS);
	s.older_unsolicited_interval_ns =
		value_or(s.older_unsolicited_interval_ns, DEFAULT_OLDER_INTERVAL_NS);
	s.notice_interval_ns = value_or(s.notice_interval_ns, DEFAULT_NOTICE_INTERVAL_NS);
	s.max_groups = value_or(s.max_groups, IGMP_DEFAULT_MAX_GROUPS);
	if (s.answers_per_second == 0)
		s.answers_per_second = DEFAULT_ANSWERS_PER_SECOND;
	if (s.answer_burst == 0)
		s.answer_burst = DEFAULT_ANSWER_BURST;
	s.mtu_bytes = clamp_mtu(value_or(s.mtu_bytes, IGMP_PACKET_MAX_BYTES));
	return s;
}

static void init_lists(struct igmp_host *host)
{
	igmp_list_init(&host->all);
	igmp_list_init(&host->changed);
	igmp_list_init(&host->leaving);
	igmp_list_init(&host->joining);
	igmp_list_init(&host->answering);
	igmp_list_init(&host->macs);
}

static void init_timers(struct igmp_host *host)
{
	host->general.kind = IGMP_TIMER_GENERAL;
	host->v1_querier.kind = IGMP_TIMER_V1_QUERIER;
	host->v2_querier.kind = IGMP_TIMER_V2_QUERIER;
	host->refresh.kind = IGMP_TIMER_REFRESH;
	host->no_querier.kind = IGMP_TIMER_NO_QUERIER;
	host->token.kind = IGMP_TIMER_TOKEN;
	host->notice.kind = IGMP_TIMER_NOTICE;
}

struct igmp_host *igmp_host_new(const struct igmp_host_settings *settings)
{
	struct igmp_host *host = calloc(1, sizeof *host);
	if (!host)
		return NULL;
	if (igmp_timers_reserve(&host->timers, IGMP_HOST_TIMERS) < 0) {
		free(host);
		return NULL;
	}
	host->settings = fill_defaults(settings);
	host->random = settings->seed;
	host->querier.robustness = host->settings.robustness;
	host->querier.query_interval_ns = host->settings.query_interval_ns;
	host->querier.host_version = 3;
	host->watch.response_ns = host->settings.query_response_interval_ns;
	host->watch.said_version = host->querier.host_version;
	igmp_bucket_init(
		&host->bucket, host->settings.answers_per_second, host->settings.answer_burst);
	init_lists(host);
	init_timers(host);
	return host;
}

void igmp_host_free(struct igmp_host *host)
{
	if (!host)
		return;
	igmp_host_free_groups(host);
	igmp_timers_finish(&host->timers);
	free(host);
}

void igmp_host_set_address(struct igmp_host *host, struct in_addr address)
{
	host->address = address;
}

void igmp_host_set_mtu(struct igmp_host *host, size_t mtu_bytes)
{
	host->settings.mtu_bytes = clamp_mtu(mtu_bytes);
}

/* SplitMix64. */
uint64_t igmp_random_delay(struct igmp_host *host, uint64_t max_ns)
{
	uint64_t z = host->random += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return 1 + (z ^ (z >> 31)) % max_ns;
}

/* Sections 4.1.6 and 4.1.7: what the querier does not name keeps its default. */
static void adopt_querier_variables(struct igmp_host *host, const struct igmp_message *query)
{
	const struct igmp_host_settings *s = &host->settings;
	struct igmp_querier *querier = &host->querier;
	querier->robustness =
		query->robustness ? igmp_clamp_robustness(query->robustness) : s->robustness;
	querier->query_interval_ns = value_or(query->query_interval_ns, s->query_interval_ns);
}

static void count_query(struct igmp_counters *counters, const struct igmp_message *query)
{
	counters->queries_received++;
	counters->older_queries_received += query->version < 3;
	counters->specific_queries_received += query->group.s_addr != 0;
	counters->v1_queries_received += query->version == 1;
	counters->v2_queries_received += query->version == 2;
	counters->v3_queries_received += query->version == 3;
	counters->queries_without_router_alert += query->version > 1 && !query->router_alert;
}

static void handle_query(struct igmp_host *host, const struct igmp_message *query)
{
	/* Section 9.1; version 1 knows no such option. */
	if (host->settings.require_router_alert && query->version > 1 && !query->router_alert) {
		host->counters.dropped_router_alert++;
		return;
	}
	count_query(&host->counters, query);
	if (query->version == 3)
		adopt_querier_variables(host, query);
	igmp_host_watch_query(host, query);
	igmp_host_hear_older(host, query);
	igmp_host_answer(host, query);
}

static void count_drop(struct igmp_counters *counters, enum igmp_verdict verdict)
{
	switch (verdict) {
	case IGMP_VALID:
		return;
	case IGMP_TRUNCATED:
		counters->dropped_truncated++;
		return;
	case IGMP_BAD_CHECKSUM:
		counters->dropped_checksum++;
		return;
	case IGMP_BAD_TTL:
		counters->dropped_ttl++;
		return;
	case IGMP_BAD_SOURCE:
		counters->dropped_source++;
		return;
	case IGMP_BAD_DESTINATION:
		counters->dropped_destination++;
		return;
	case IGMP_MALFORMED_QUERY:
		counters->dropped_malformed_query++;
		return;
	case IGMP_UNKNOWN_TYPE:
		counters->ignored_type++;
		return;
	}
}

void igmp_host_receive(struct igmp_host *host, const uint8_t *packet, size_t len,
	enum igmp_frame frame, uint64_t now_ns)
{
	struct igmp_message message;
	enum igmp_verdict verdict = igmp_parse(packet, len, &message);
	bool ours = message.source.s_addr != 0 && message.source.s_addr == host->address.s_addr;
	if (verdict == IGMP_VALID && ours)
		verdict = IGMP_BAD_SOURCE;
	count_drop(&host->counters, verdict);
	if (verdict != IGMP_VALID)
		return;
	host->now_ns = now_ns;
	if (message.type == IGMP_TYPE_QUERY)
		handle_query(host, &message);
	else
		igmp_host_hear_report(host, &message, frame);
}

uint64_t igmp_host_deadline(const struct igmp_host *host)
{
	return igmp_timers_next_ns(&host->timers);
}

static void on_timer(struct igmp_host *host, struct igmp_timer *timer)
{
	switch ((enum igmp_timer_kind)timer->kind) {
	case IGMP_TIMER_REPEAT:
		igmp_group_on_repeat(host, igmp_owner(timer, struct igmp_group, repeat));
		return;
	case IGMP_TIMER_ANSWER:
		igmp_group_on_answer(host, igmp_owner(timer, struct igmp_group, answer));
		return;
	case IGMP_TIMER_GENERAL:
		igmp_host_on_general(host);
		return;
	case IGMP_TIMER_V1_QUERIER:
	case IGMP_TIMER_V2_QUERIER:
		igmp_host_on_older_timer(host);
		return;
	case IGMP_TIMER_REFRESH:
		igmp_host_on_refresh(host);
		return;
	case IGMP_TIMER_NO_QUERIER:
		igmp_host_on_no_querier(host);
		return;
	case IGMP_TIMER_NOTICE:
		igmp_host_on_notice(host);
		return;
	case IGMP_TIMER_TOKEN: /* what waited for it is still due */
		return;
	}
}

void igmp_host_advance(struct igmp_host *host, uint64_t now_ns)
{
	struct igmp_timer *timer;
	host->now_ns = now_ns;
	igmp_draw_repeat(host);
	while ((timer = igmp_timers_take(&host->timers, now_ns)) != NULL)
		on_timer(host, timer);
}

void igmp_host_each(const struct igmp_host *host,
	void (*visit)(void *ctx, struct in_addr group, const struct igmp_filter *filter,
		unsigned pending_reports),
	void *ctx)
{
	for (struct igmp_node *node = host->all.next; node != &host->all; node = node->next) {
		const struct igmp_group *group = igmp_owner(node, struct igmp_group, all);
		unsigned left = igmp_group_reports_left(group);
		if (igmp_group_is_member(group) || left > 0)
			visit(ctx, group->address, &group->filter, left);
	}
}

struct igmp_filter igmp_host_filter(const struct igmp_host *host, struct in_addr address)
{
	const struct igmp_group *group = igmp_host_find(host, address);
	return group ? group->filter : (struct igmp_filter){.mode = IGMP_INCLUDE};
}

bool igmp_host_wants(const struct igmp_host *host, struct in_addr address, struct in_addr source)
{
	const struct igmp_group *group = igmp_host_find(host, address);
	return group && igmp_filter_forwards(&group->filter, source);
}

void igmp_host_querier(const struct igmp_host *host, struct igmp_querier *ret)
{
	*ret = host->querier;
}

void igmp_host_counters(const struct igmp_host *host, struct igmp_counters *ret)
{
	*ret = host->counters;
}
