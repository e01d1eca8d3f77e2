#include "igmp/host.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "igmp/filter.h"
#include "igmp/host_state.h"
#include "igmp/report.h"
#include "igmp/wire.h"

#define NS_PER_S UINT64_C(1000000000)

/* Section 8.1 (never below 2), 8.2, 8.11. */
#define DEFAULT_ROBUSTNESS 2
#define MIN_ROBUSTNESS 2
#define DEFAULT_QUERY_INTERVAL_NS (125 * NS_PER_S)
#define DEFAULT_UNSOLICITED_INTERVAL_NS (1 * NS_PER_S)

#define DEFAULT_MAX_GROUPS 256

/* The unit of Max Resp Code: with code 0 an answer still waits, so that hosts do not shout at once.
 */
#define MIN_RESPONSE_NS (NS_PER_S / 10)

static unsigned clamp_robustness(unsigned robustness)
{
	return robustness < MIN_ROBUSTNESS ? MIN_ROBUSTNESS : robustness;
}

static struct igmp_host_settings fill_defaults(const struct igmp_host_settings *settings)
{
	struct igmp_host_settings s = *settings;
	s.robustness = clamp_robustness(s.robustness ? s.robustness : DEFAULT_ROBUSTNESS);
	if (s.query_interval_ns == 0)
		s.query_interval_ns = DEFAULT_QUERY_INTERVAL_NS;
	if (s.unsolicited_interval_ns == 0)
		s.unsolicited_interval_ns = DEFAULT_UNSOLICITED_INTERVAL_NS;
	if (s.mtu_bytes == 0 || s.mtu_bytes > IGMP_PACKET_MAX_BYTES)
		s.mtu_bytes = IGMP_PACKET_MAX_BYTES;
	if (s.mtu_bytes < IGMP_MTU_MIN_BYTES)
		s.mtu_bytes = IGMP_MTU_MIN_BYTES;
	if (s.max_groups == 0)
		s.max_groups = DEFAULT_MAX_GROUPS;
	return s;
}

struct igmp_host *igmp_host_new(const struct igmp_host_settings *settings)
{
	struct igmp_host *host = calloc(1, sizeof *host);
	if (!host)
		return NULL;
	host->settings = fill_defaults(settings);
	host->groups = calloc(host->settings.max_groups, sizeof host->groups[0]);
	if (!host->groups) {
		free(host);
		return NULL;
	}
	host->random = settings->seed;
	host->answer_ns = IGMP_NEVER;
	host->querier.robustness = host->settings.robustness;
	host->querier.query_interval_ns = host->settings.query_interval_ns;
	return host;
}

void igmp_host_free(struct igmp_host *host)
{
	if (!host)
		return;
	for (size_t i = 0; i < host->group_count; i++)
		free(host->groups[i]);
	free(host->groups);
	free(host);
}

void igmp_host_set_address(struct igmp_host *host, struct in_addr address)
{
	host->address = address;
}

/* SplitMix64, in (0, max_ns]: never at once. */
static uint64_t random_delay(struct igmp_host *host, uint64_t max_ns)
{
	uint64_t z = host->random += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return 1 + (z ^ (z >> 31)) % max_ns;
}

/* Section 5.1: a state-change report is repeated after a random part of the interval. */
static void draw_gap(struct igmp_host *host, uint64_t now_ns)
{
	host->repeat_ns = now_ns + random_delay(host, host->settings.unsolicited_interval_ns);
}

/* Where `address` is among the groups, or would be. */
static size_t find_slot(const struct igmp_host *host, struct in_addr address, bool *ret_found)
{
	size_t low = 0, high = host->group_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (ntohl(host->groups[middle]->address.s_addr) < ntohl(address.s_addr))
			low = middle + 1;
		else
			high = middle;
	}
	*ret_found = low < host->group_count && host->groups[low]->address.s_addr == address.s_addr;
	return low;
}

static struct igmp_group *find_group(const struct igmp_host *host, struct in_addr address)
{
	bool found;
	size_t slot = find_slot(host, address, &found);
	return found ? host->groups[slot] : NULL;
}

static int add_group(struct igmp_host *host, struct in_addr address)
{
	bool found;
	size_t slot = find_slot(host, address, &found);
	if (found)
		return 0;
	if (host->group_count == host->settings.max_groups)
		return -ENOSPC;
	struct igmp_group *group = malloc(sizeof *group);
	if (!group)
		return -ENOMEM;
	igmp_group_init(group, address);
	memmove(host->groups + slot + 1, host->groups + slot,
		(host->group_count - slot) * sizeof host->groups[0]);
	host->groups[slot] = group;
	host->group_count++;
	return 0;
}

/* Checks everything and makes room for it, so that what follows cannot fail. */
static int prepare(struct igmp_host *host, const struct igmp_change *changes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int err = igmp_change_check(&changes[i]);
		if (err < 0)
			return err;
	}
	for (size_t i = 0; i < n; i++) {
		int err = igmp_filter_is_empty(&changes[i].filter)
				  ? 0
				  : add_group(host, changes[i].group);
		if (err < 0)
			return err;
	}
	return 0;
}

static void set_filter(struct igmp_group *group, const struct igmp_filter *filter)
{
	group->filter = igmp_filter_normalise(filter);
	if (!igmp_group_is_reported(group))
		group->told = group->filter;
	if (!igmp_group_is_member(group))
		group->answer_due = false;
}

int igmp_host_listen(
	struct igmp_host *host, const struct igmp_change *changes, size_t n, uint64_t now_ns)
{
	int err = prepare(host, changes, n);
	if (err < 0) {
		igmp_host_forget_idle(host);
		return err;
	}
	for (size_t i = 0; i < n; i++) {
		struct igmp_group *group = find_group(host, changes[i].group);
		if (group)
			set_filter(group, &changes[i].filter);
	}
	host->leaving_all = false;
	draw_gap(host, now_ns);
	return 0;
}

void igmp_host_leave_all(struct igmp_host *host)
{
	const struct igmp_filter nothing = {.mode = IGMP_INCLUDE};
	for (size_t i = 0; i < host->group_count; i++) {
		struct igmp_group *group = host->groups[i];
		set_filter(group, &nothing);
		/* A leave whose repeats are pending is said once more: there is no later. */
		group->report_due = igmp_group_reports_left(group) > 0;
	}
	host->leaving_all = true;
	host->answer_ns = IGMP_NEVER;
}

static bool has_state_to_report(const struct igmp_host *host)
{
	for (size_t i = 0; i < host->group_count; i++) {
		if (igmp_group_is_member(host->groups[i]) &&
			igmp_group_is_reported(host->groups[i]))
			return true;
	}
	return false;
}

/* Section 5.2: an answer that is already pending and earlier absorbs the new query. */
static void schedule_answer(struct igmp_host *host, uint64_t max_response_ns, uint64_t now_ns)
{
	if (!has_state_to_report(host))
		return;
	uint64_t max_ns = max_response_ns > MIN_RESPONSE_NS ? max_response_ns : MIN_RESPONSE_NS;
	uint64_t answer_ns = now_ns + random_delay(host, max_ns);
	if (answer_ns < host->answer_ns)
		host->answer_ns = answer_ns;
}

/* Sections 4.1.6 and 4.1.7: what the querier does not name keeps its default. */
static void adopt_querier_variables(struct igmp_host *host, const struct igmp_message *query)
{
	const struct igmp_host_settings *s = &host->settings;
	struct igmp_querier *querier = &host->querier;
	querier->robustness =
		query->robustness ? clamp_robustness(query->robustness) : s->robustness;
	querier->query_interval_ns =
		query->query_interval_ns ? query->query_interval_ns : s->query_interval_ns;
}

static void handle_query(struct igmp_host *host, const struct igmp_message *query, uint64_t now_ns)
{
	bool general = query->group.s_addr == 0;
	host->counters.queries_received++;
	host->counters.older_queries_received += query->version < 3;
	host->counters.specific_queries_received += !general;
	if (general) {
		host->querier.address = query->source;
		host->querier.version = query->version;
		host->querier.last_query_ns = now_ns;
	}
	if (query->version < 3)
		return;
	adopt_querier_variables(host, query);
	if (general)
		schedule_answer(host, query->max_response_ns, now_ns);
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

void igmp_host_receive(struct igmp_host *host, const uint8_t *packet, size_t len, uint64_t now_ns)
{
	struct igmp_message message;
	enum igmp_verdict verdict = igmp_parse(packet, len, &message);
	bool ours = message.source.s_addr != 0 && message.source.s_addr == host->address.s_addr;
	if (verdict == IGMP_VALID && ours)
		verdict = IGMP_BAD_SOURCE;
	if (verdict == IGMP_VALID && message.type == IGMP_TYPE_QUERY)
		handle_query(host, &message, now_ns);
	else if (verdict == IGMP_VALID)
		host->counters.ignored_type++;
	else
		count_drop(&host->counters, verdict);
}

uint64_t igmp_host_deadline(const struct igmp_host *host)
{
	uint64_t deadline_ns = host->answer_ns;
	for (size_t i = 0; i < host->group_count; i++) {
		if (host->groups[i]->repeat_ns < deadline_ns)
			deadline_ns = host->groups[i]->repeat_ns;
	}
	return deadline_ns;
}

void igmp_host_advance(struct igmp_host *host, uint64_t now_ns)
{
	bool answer = host->answer_ns <= now_ns;
	for (size_t i = 0; i < host->group_count; i++) {
		struct igmp_group *group = host->groups[i];
		if (group->repeat_ns <= now_ns) {
			group->repeat_ns = IGMP_NEVER;
			group->report_due = true;
		}
		if (answer && igmp_group_is_member(group) && igmp_group_is_reported(group))
			group->answer_due = true;
	}
	if (answer)
		host->answer_ns = IGMP_NEVER;
	draw_gap(host, now_ns);
}

void igmp_host_forget_idle(struct igmp_host *host)
{
	size_t kept = 0;
	for (size_t i = 0; i < host->group_count; i++) {
		if (igmp_group_is_idle(host->groups[i]))
			free(host->groups[i]);
		else
			host->groups[kept++] = host->groups[i];
	}
	host->group_count = kept;
}

void igmp_host_each(const struct igmp_host *host,
	void (*visit)(void *ctx, struct in_addr group, const struct igmp_filter *filter,
		unsigned pending_reports),
	void *ctx)
{
	for (size_t i = 0; i < host->group_count; i++) {
		const struct igmp_group *group = host->groups[i];
		unsigned left = igmp_group_reports_left(group);
		if (igmp_group_is_member(group) || left > 0)
			visit(ctx, group->address, &group->filter, left);
	}
}

void igmp_host_querier(const struct igmp_host *host, struct igmp_querier *ret)
{
	*ret = host->querier;
}

void igmp_host_counters(const struct igmp_host *host, struct igmp_counters *ret)
{
	*ret = host->counters;
}
