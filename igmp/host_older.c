/* Queriers of version 1 and 2, and hosts that answer them (RFC 9776 section 7.2, RFC 2236). */
#include "igmp/filter.h"
#include "igmp/host_state.h"

/* RFC 2236 section 3: a report is repeated once or twice. */
#define MAX_OLDER_REPEATS 2

unsigned igmp_older_repeats(const struct igmp_host *host)
{
	unsigned repeats = host->querier.robustness - 1;
	return repeats < MAX_OLDER_REPEATS ? repeats : MAX_OLDER_REPEATS;
}

/* RFC 4607 section 8: what older versions say of 232/8 asks for sources that nobody wants. */
bool igmp_group_is_speakable(const struct igmp_host *host, const struct igmp_group *group)
{
	return host->querier.host_version == 3 || host->settings.v2_ssm ||
	       !igmp_is_ssm(group->address);
}

/* Section 7.2.1: the oldest one that was heard of late. */
static unsigned version_to_speak(const struct igmp_host *host)
{
	if (igmp_timer_is_running(&host->v1_querier))
		return 1;
	return igmp_timer_is_running(&host->v2_querier) ? 2 : 3;
}

/* A left group: its leave, if it was not repeated yet, goes out once in the new version. */
static void switch_left(struct igmp_host *host, struct igmp_group *group)
{
	bool was_pending = igmp_group_reports_left(group) > 0;
	igmp_group_stop(host, group);
	if (!was_pending || host->querier.host_version != 2 ||
		!igmp_group_is_speakable(host, group))
		return;
	group->mode_left = 1;
	igmp_group_make_due(host, group);
}

/*
 * A joined one: the query that made us older is answered for it. Towards a newer version there is
 * no query yet, so that what was not told, or not repeated, is said anew; so is a join that was
 * held back.
 */
static void switch_joined(
	struct igmp_host *host, struct igmp_group *group, bool newer, bool was_speakable)
{
	bool was_held = group->held;
	bool was_pending = was_held || igmp_group_reports_left(group) > 0;
	igmp_group_stop(host, group);
	if (!igmp_group_is_reported(host, group))
		return;
	if (was_pending || !was_speakable)
		group->told = (struct igmp_filter){.mode = IGMP_INCLUDE};
	if ((newer || was_held) && igmp_group_is_speakable(host, group))
		igmp_list_append(&host->changed, &group->changed);
	else
		group->told = group->filter;
}

static void switch_group(
	struct igmp_host *host, struct igmp_group *group, bool newer, bool was_speakable)
{
	igmp_group_cancel_answer(host, group);
	if (igmp_group_is_member(group))
		switch_joined(host, group, newer, was_speakable);
	else
		switch_left(host, group);
	if (igmp_group_is_member(group) && !igmp_group_is_speakable(host, group))
		igmp_host_notice(host, &(struct igmp_notice){.type = IGMP_NOTICE_SSM_UNREPORTED,
					       .group = group->address,
					       .querier = host->querier.address,
					       .version = host->querier.host_version});
	igmp_group_settle(host, group);
}

/* Section 7.2.1: at once; pending answers and repeats are cancelled. */
static void switch_version(struct igmp_host *host)
{
	unsigned before = host->querier.host_version, version = version_to_speak(host);
	if (version == before)
		return;
	host->querier.host_version = version;
	host->counters.version_changes++;
	igmp_draw_repeat(host);
	igmp_timer_cancel(&host->timers, &host->general);
	for (struct igmp_node *node = host->all.next, *next; node != &host->all; node = next) {
		struct igmp_group *group = igmp_owner(node, struct igmp_group, all);
		bool was_speakable =
			before == 3 || host->settings.v2_ssm || !igmp_is_ssm(group->address);
		next = node->next;
		switch_group(host, group, version > before, was_speakable);
	}
	const struct igmp_notice notice = {.type = IGMP_NOTICE_VERSION_CHANGED,
		.querier = host->querier.address,
		.version = version};
	/* That sources can be asked for again is waited for; it took a timeout, which limits it. */
	if (version == 3)
		igmp_host_notice_own(host, &notice);
	else
		igmp_host_notice(host, &notice);
}

/* Section 8.12. */
static uint64_t older_present_ns(const struct igmp_host *host, uint64_t max_response_ns)
{
	return host->querier.robustness * host->querier.query_interval_ns + 10 * max_response_ns;
}

static void hear_older(struct igmp_host *host, unsigned version, uint64_t max_response_ns)
{
	igmp_timer_set(&host->timers, version == 1 ? &host->v1_querier : &host->v2_querier,
		host->now_ns + older_present_ns(host, max_response_ns));
	switch_version(host);
}

/* Whoever asks in version 3 speaks for the network better than what others heard before us. */
static void doubt_presumed(struct igmp_host *host)
{
	if (!host->older_is_presumed)
		return;
	host->older_is_presumed = false;
	igmp_timer_cancel(&host->timers, &host->v2_querier);
	switch_version(host);
}

void igmp_host_hear_older(struct igmp_host *host, const struct igmp_message *query)
{
	if (query->version == 3)
		doubt_presumed(host);
	if (query->version == 3 || (query->version == 2 && query->group.s_addr != 0))
		return;
	if (host->settings.no_fallback) {
		host->counters.older_queries_refused++;
		return;
	}
	host->older_is_presumed = false;
	hear_older(host, query->version, query->max_response_ns);
}

void igmp_host_presume_v2(struct igmp_host *host, uint64_t now_ns)
{
	if (host->settings.no_fallback)
		return;
	host->now_ns = now_ns;
	host->older_is_presumed = true;
	hear_older(host, 2, host->settings.query_response_interval_ns);
}

void igmp_host_on_older_timer(struct igmp_host *host)
{
	switch_version(host);
}

/* Older versions know of groups only: a report tells of the first source, a leave of the last. */
bool igmp_group_begin_older(struct igmp_host *host, struct igmp_group *group)
{
	bool was = !igmp_filter_is_empty(&group->told), is = igmp_group_is_member(group);
	if (!igmp_group_is_reported(host, group))
		return false;
	group->told = group->filter;
	if (was == is && igmp_group_is_speakable(host, group))
		return false;
	igmp_group_stop(host, group);
	if (!igmp_group_is_speakable(host, group))
		return false;
	if (is)
		group->mode_left = 1 + igmp_older_repeats(host);
	else if (host->querier.host_version == 2)
		group->mode_left = 1; /* version 1 knows no leave */
	return group->mode_left > 0;
}

/* RFC 2236 section 3: another host has said it. Its own frames are multicast (CVE-2002-2185). */
void igmp_host_hear_report(
	struct igmp_host *host, const struct igmp_message *report, enum igmp_frame frame)
{
	bool older = report->type == IGMP_TYPE_V1_REPORT || report->type == IGMP_TYPE_V2_REPORT;
	if (!older || host->querier.host_version == 3) {
		host->counters.ignored_type++;
		return;
	}
	if (frame != IGMP_FRAME_MULTICAST) {
		host->counters.dropped_unicast_frame++;
		return;
	}
	if (report->destination.s_addr != report->group.s_addr) {
		host->counters.dropped_destination++;
		return;
	}
	struct igmp_group *group = igmp_host_find(host, report->group);
	/* What was held back has never been said: its leave would not be either. */
	if (!group || !igmp_group_is_member(group) || group->held)
		return;
	if (igmp_timer_is_running(&group->answer) || igmp_group_reports_left(group) > 0 ||
		igmp_node_is_listed(&group->answering))
		host->counters.answers_suppressed++;
	igmp_group_cancel_answer(host, group);
	igmp_group_stop(host, group);
}
