/* Who asks, and who does not; and what is worth a sentence. */
#include "igmp/filter.h"
#include "igmp/host_state.h"

/* Section 8.4: what a router waits for before it forgets a membership. */
static uint64_t group_membership_interval_ns(const struct igmp_host *host)
{
	return host->querier.robustness * host->querier.query_interval_ns +
	       2 * host->watch.response_ns;
}

/* Section 8.5: as long as that an address counts as asking. */
static uint64_t other_querier_present_ns(const struct igmp_host *host)
{
	return host->querier.robustness * host->querier.query_interval_ns +
	       host->watch.response_ns / 2;
}

static void remember_said(struct igmp_watch *watch, const struct igmp_notice *notice)
{
	switch (notice->type) {
	case IGMP_NOTICE_VERSION_CHANGED:
		watch->said_version = notice->version;
		return;
	case IGMP_NOTICE_NO_QUERIER:
	case IGMP_NOTICE_QUERIER_BACK:
		watch->said_missing = notice->type == IGMP_NOTICE_NO_QUERIER;
		return;
	case IGMP_NOTICE_QUERIER_CHANGED:
	case IGMP_NOTICE_SEVERAL_QUERIERS:
		watch->said_asked = *notice;
		return;
	default: /* of a moment */
		return;
	}
}

void igmp_host_notice_own(struct igmp_host *host, const struct igmp_notice *notice)
{
	remember_said(&host->watch, notice);
	host->watch.notices[notice->type] = *notice;
	host->watch.due |= 1u << notice->type;
}

/* Whether what is said so may become wrong without a further word. */
static bool lasts(enum igmp_notice_type type)
{
	const unsigned lasting = 1u << IGMP_NOTICE_NO_QUERIER | 1u << IGMP_NOTICE_QUERIER_BACK |
				 1u << IGMP_NOTICE_QUERIER_CHANGED |
				 1u << IGMP_NOTICE_SEVERAL_QUERIERS |
				 1u << IGMP_NOTICE_VERSION_CHANGED;
	return lasting & 1u << type;
}

static void look_again(struct igmp_host *host, uint64_t at_ns)
{
	if (!igmp_timer_is_running(&host->notice) || at_ns < host->notice.at_ns)
		igmp_timer_set(&host->timers, &host->notice, at_ns);
}

void igmp_host_notice(struct igmp_host *host, const struct igmp_notice *notice)
{
	uint64_t *quiet_until_ns = &host->watch.quiet_until_ns[notice->type];
	if (host->now_ns < *quiet_until_ns) {
		host->counters.notices_suppressed++;
		if (lasts(notice->type))
			look_again(host, *quiet_until_ns);
		return;
	}
	*quiet_until_ns = host->now_ns + host->settings.notice_interval_ns;
	igmp_host_notice_own(host, notice);
}

/* Those that were said to ask by turns do so until one of them has been silent for long. */
static void say_who_asks(struct igmp_host *host)
{
	const struct igmp_watch *watch = &host->watch;
	const struct igmp_notice said = watch->said_asked;
	const uint64_t silent_ns = watch->asked_before_ns + other_querier_present_ns(host);
	bool several = said.type == IGMP_NOTICE_SEVERAL_QUERIERS;
	bool is_first = watch->asked.s_addr == said.querier.s_addr;
	bool is_named = is_first || (several && watch->asked.s_addr == said.other.s_addr);
	if (several && is_named && host->now_ns < silent_ns)
		look_again(host, silent_ns);
	else if (several || !is_named)
		igmp_host_notice(host, &(struct igmp_notice){.type = IGMP_NOTICE_QUERIER_CHANGED,
					       .querier = watch->asked,
					       .other = is_first ? said.other : said.querier});
}

void igmp_host_on_notice(struct igmp_host *host)
{
	const struct igmp_querier *querier = &host->querier;
	bool missing = host->watch.querier_is_missing;
	if (querier->host_version != host->watch.said_version)
		igmp_host_notice(host, &(struct igmp_notice){.type = IGMP_NOTICE_VERSION_CHANGED,
					       .querier = querier->address,
					       .version = querier->host_version});
	if (missing != host->watch.said_missing)
		igmp_host_notice(host,
			&(struct igmp_notice){
				.type = missing ? IGMP_NOTICE_NO_QUERIER : IGMP_NOTICE_QUERIER_BACK,
				.querier = querier->address});
	say_who_asks(host);
}

bool igmp_host_next_notice(struct igmp_host *host, struct igmp_action *ret)
{
	for (unsigned type = 0; type < IGMP_NOTICE_TYPES; type++) {
		if (!(host->watch.due & 1u << type))
			continue;
		host->watch.due &= ~(1u << type);
		ret->type = IGMP_ACTION_NOTICE;
		ret->notice = host->watch.notices[type];
		ret->group = ret->notice.group;
		ret->destination.s_addr = 0;
		ret->len = 0;
		return true;
	}
	return false;
}

/* A switch's queries, from 0.0.0.0, stand for no router. */
static void watch_address(struct igmp_host *host, struct in_addr address)
{
	struct igmp_watch *watch = &host->watch;
	struct igmp_notice notice = {.querier = address, .other = watch->asked};
	if (address.s_addr == 0 || address.s_addr == watch->asked.s_addr)
		return;
	if (watch->asked.s_addr != 0) {
		bool by_turns =
			address.s_addr == watch->asked_before.s_addr &&
			host->now_ns - watch->asked_before_ns < other_querier_present_ns(host);
		notice.type = by_turns ? IGMP_NOTICE_SEVERAL_QUERIERS : IGMP_NOTICE_QUERIER_CHANGED;
		igmp_host_notice(host, &notice);
		if (by_turns)
			look_again(host, host->now_ns + other_querier_present_ns(host));
	} else {
		watch->said_asked.querier = address;
	}
	watch->asked_before = watch->asked;
	watch->asked_before_ns = host->querier.last_query_ns;
	watch->asked = address;
}

/* Section 7.2.1: such queries are to be logged. */
static void watch_version(struct igmp_host *host, const struct igmp_message *query)
{
	struct igmp_notice notice = {
		.querier = query->source, .group = query->group, .version = query->version};
	if (query->version == 3)
		return;
	if (query->version == 1)
		notice.type = IGMP_NOTICE_V1_QUERY;
	else if (query->group.s_addr == 0)
		notice.type = IGMP_NOTICE_V2_QUERY;
	else if (igmp_is_ssm(query->group))
		notice.type = IGMP_NOTICE_V2_SSM_QUERY;
	else
		return;
	igmp_host_notice(host, &notice);
}

/*
 * The next refresh comes when the next query, and its answer, should have come: in the time after
 * which a router forgets there is one more, so that one of them may be lost.
 */
static void start_timers(struct igmp_host *host)
{
	if (host->settings.no_watch || host->reported_count == 0)
		return;
	igmp_timer_set(&host->timers, &host->refresh,
		host->now_ns + host->querier.query_interval_ns + host->watch.response_ns);
	if (!host->watch.querier_is_missing)
		igmp_timer_set(&host->timers, &host->no_querier,
			host->now_ns + group_membership_interval_ns(host));
}

void igmp_host_watch_query(struct igmp_host *host, const struct igmp_message *query)
{
	if (!host->settings.no_watch)
		watch_version(host, query);
	if (query->group.s_addr != 0)
		return;
	if (!host->settings.no_watch)
		watch_address(host, query->source);
	host->querier.address = query->source;
	host->querier.version = query->version;
	host->querier.last_query_ns = host->now_ns;
	host->watch.response_ns = query->max_response_ns
					  ? query->max_response_ns
					  : host->settings.query_response_interval_ns;
	if (host->watch.querier_is_missing)
		igmp_host_notice(host, &(struct igmp_notice){.type = IGMP_NOTICE_QUERIER_BACK,
					       .querier = query->source});
	host->watch.querier_is_missing = false;
	start_timers(host);
}

void igmp_host_watch_members(struct igmp_host *host)
{
	if (host->reported_count == 0) {
		igmp_timer_cancel(&host->timers, &host->refresh);
		igmp_timer_cancel(&host->timers, &host->no_querier);
	} else if (!igmp_timer_is_running(&host->refresh)) {
		start_timers(host);
	}
}

/* As if a querier had asked, with little time to answer: that a router forgets nothing. */
void igmp_host_on_refresh(struct igmp_host *host)
{
	host->counters.refreshes++;
	igmp_host_answer_all(host, host->settings.unsolicited_interval_ns);
	igmp_timer_set(
		&host->timers, &host->refresh, host->now_ns + host->querier.query_interval_ns);
}

void igmp_host_on_no_querier(struct igmp_host *host)
{
	host->watch.querier_is_missing = true;
	igmp_host_notice(host, &(struct igmp_notice){.type = IGMP_NOTICE_NO_QUERIER,
				       .querier = host->querier.address});
}
