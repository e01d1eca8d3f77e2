/* Answers to queries (RFC 9776 section 5.2; before older queriers RFC 2236 section 3). */
#include "igmp/host_state.h"

/*
 * The unit of Max Resp Code: with code 0 an answer still waits, so that hosts do not shout at once.
 */
#define MIN_RESPONSE_NS (NS_PER_S / 10)

static uint64_t clamp_response(uint64_t max_response_ns)
{
	return max_response_ns > MIN_RESPONSE_NS ? max_response_ns : MIN_RESPONSE_NS;
}

static uint64_t draw_answer(struct igmp_host *host, uint64_t max_response_ns)
{
	return host->now_ns + igmp_random_delay(host, clamp_response(max_response_ns));
}

/* A join that is held back is told by its own report, within the gap and not before its end. */
static bool is_answered_for(const struct igmp_host *host, const struct igmp_group *group)
{
	return igmp_group_is_member(group) && !group->held && igmp_group_is_reported(host, group) &&
	       igmp_group_is_speakable(host, group);
}

/* RFC 2236 section 3: a running timer is drawn anew only where it ran beyond the response time. */
static void answer_older(struct igmp_host *host, struct igmp_group *group, uint64_t max_response_ns)
{
	if (!is_answered_for(host, group) || igmp_node_is_listed(&group->answering))
		return;
	if (igmp_timer_is_running(&group->answer) &&
		group->answer.at_ns <= host->now_ns + clamp_response(max_response_ns))
		return;
	igmp_timer_set(&host->timers, &group->answer, draw_answer(host, max_response_ns));
}

/* Section 5.2 rules 1 and 2: the interface timer; the earliest time wins. */
static void answer_general(struct igmp_host *host, uint64_t max_response_ns)
{
	uint64_t at_ns = draw_answer(host, max_response_ns);
	if (!igmp_timer_is_running(&host->general) || at_ns < host->general.at_ns)
		igmp_timer_set(&host->timers, &host->general, at_ns);
}

void igmp_host_answer_all(struct igmp_host *host, uint64_t max_response_ns)
{
	if (host->reported_count == 0)
		return;
	if (host->querier.host_version == 3) {
		answer_general(host, max_response_ns);
		return;
	}
	for (struct igmp_node *node = host->all.next; node != &host->all; node = node->next)
		answer_older(host, igmp_owner(node, struct igmp_group, all), max_response_ns);
}

/* Rules 3 to 5: the list of sources that the answer is about; none is the whole group. */
static void remember_sources(struct igmp_host *host, struct igmp_group *group,
	const struct igmp_message *query, bool pending)
{
	if (query->source_count == 0 || (pending && group->queried_count == 0)) {
		group->queried_count = 0;
		return;
	}
	if (!igmp_group_add_queried(group, query->sources, query->source_count))
		host->counters.source_list_overflows++;
}

static void answer_group(
	struct igmp_host *host, struct igmp_group *group, const struct igmp_message *query)
{
	uint64_t at_ns = draw_answer(host, query->max_response_ns);
	bool pending = igmp_timer_is_running(&group->answer);
	/* Rule 1: the answer for all comes earlier. */
	if (igmp_timer_is_running(&host->general) && host->general.at_ns <= at_ns)
		return;
	if (igmp_node_is_listed(&group->answering)) {
		/*
		 * It is due, and only waits for a token: of the whole group, or for these too. What
		 * of it was sent before the query is no answer to that.
		 */
		if (!group->answer_whole)
			remember_sources(host, group, query, true);
		group->answer_sent = (struct igmp_progress){0};
		return;
	}
	remember_sources(host, group, query, pending);
	if (!pending || at_ns < group->answer.at_ns)
		igmp_timer_set(&host->timers, &group->answer, at_ns);
}

void igmp_host_answer(struct igmp_host *host, const struct igmp_message *query)
{
	if (query->group.s_addr == 0) {
		igmp_host_answer_all(host, query->max_response_ns);
		return;
	}
	struct igmp_group *group = igmp_host_find(host, query->group);
	if (!group || !is_answered_for(host, group))
		return;
	if (host->querier.host_version == 3)
		answer_group(host, group, query);
	else
		answer_older(host, group, query->max_response_ns);
}

void igmp_host_on_general(struct igmp_host *host)
{
	for (struct igmp_node *node = host->all.next; node != &host->all; node = node->next) {
		struct igmp_group *group = igmp_owner(node, struct igmp_group, all);
		if (!is_answered_for(host, group))
			continue;
		group->answer_whole = true;
		group->answer_sent = (struct igmp_progress){0};
		igmp_list_append(&host->answering, &group->answering);
	}
}

void igmp_group_on_answer(struct igmp_host *host, struct igmp_group *group)
{
	igmp_list_append(&host->answering, &group->answering);
}

void igmp_group_answered(struct igmp_group *group)
{
	group->answer_whole = false;
	group->answer_sent = (struct igmp_progress){0};
	igmp_list_remove(&group->answering);
	/* A query whose own time has not come yet is answered then. */
	if (!igmp_timer_is_running(&group->answer))
		group->queried_count = 0;
}

void igmp_group_cancel_answer(struct igmp_host *host, struct igmp_group *group)
{
	igmp_timer_cancel(&host->timers, &group->answer);
	igmp_group_answered(group);
}
