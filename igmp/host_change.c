/* State changes: reported at once, and repeated group by group (RFC 9776 section 5.1). */
#include "igmp/filter.h"
#include "igmp/host_state.h"

/*
 * RFC 2236 section 3: before an older querier once or twice within the interval. Each gap is at
 * most its share of it.
 */
static uint64_t largest_gap_ns(const struct igmp_host *host)
{
	const struct igmp_host_settings *s = &host->settings;
	if (host->querier.host_version == 3)
		return s->unsolicited_interval_ns;
	return s->older_unsolicited_interval_ns / igmp_older_repeats(host);
}

void igmp_draw_repeat(struct igmp_host *host)
{
	host->repeat_ns = host->now_ns + igmp_random_delay(host, largest_gap_ns(host));
}

static void set_held(struct igmp_host *host, struct igmp_group *group, bool held)
{
	if (group->held != held)
		host->held_count += held ? 1 : SIZE_MAX;
	group->held = held;
}

bool igmp_host_holds(const struct igmp_host *host)
{
	return host->held_count > 0;
}

void igmp_group_hold(struct igmp_host *host, struct igmp_group *group)
{
	if (host->settings.pair != IGMP_PAIR_GAP || host->now_ns >= host->held_until_ns)
		return;
	if (!igmp_group_is_member(group) || !igmp_filter_is_empty(&group->told))
		return;
	set_held(host, group, true);
	igmp_list_remove(&group->changed);
	igmp_list_remove(&group->due);
	igmp_timer_set(&host->timers, &group->repeat, host->held_until_ns);
}

/* Should nothing come of the join, the repeats of the leave before it go on. */
void igmp_group_unhold(struct igmp_host *host, struct igmp_group *group)
{
	if (!group->held)
		return;
	set_held(host, group, false);
	igmp_timer_cancel(&host->timers, &group->repeat);
	if (igmp_group_reports_left(group) > 0)
		igmp_timer_set(&host->timers, &group->repeat,
			host->now_ns + igmp_random_delay(host, largest_gap_ns(host)));
}

void igmp_group_on_repeat(struct igmp_host *host, struct igmp_group *group)
{
	if (!group->held) {
		igmp_group_make_due(host, group);
		return;
	}
	set_held(host, group, false);
	igmp_list_append(&host->changed, &group->changed);
}

void igmp_group_make_due(struct igmp_host *host, struct igmp_group *group)
{
	igmp_timer_cancel(&host->timers, &group->repeat);
	igmp_list_append(
		igmp_group_is_member(group) ? &host->joining : &host->leaving, &group->due);
}

void igmp_group_stop(struct igmp_host *host, struct igmp_group *group)
{
	igmp_group_end(group);
	set_held(host, group, false);
	igmp_timer_cancel(&host->timers, &group->repeat);
	igmp_list_remove(&group->due);
}

void igmp_group_after_report(struct igmp_host *host, struct igmp_group *group)
{
	igmp_group_reported(group);
	igmp_list_remove(&group->due);
	if (host->leaving_all)
		igmp_group_end(group);
	if (igmp_group_reports_left(group) > 0)
		igmp_timer_set(&host->timers, &group->repeat, host->repeat_ns);
	igmp_group_settle(host, group);
}

void igmp_host_begin_changes(struct igmp_host *host)
{
	struct igmp_node *node;
	while ((node = igmp_list_first(&host->changed)) != NULL) {
		struct igmp_group *group = igmp_owner(node, struct igmp_group, changed);
		igmp_list_remove(node);
		bool begun = host->querier.host_version == 3
				     ? igmp_group_begin(group, host->querier.robustness)
				     : igmp_group_begin_older(host, group);
		if (begun)
			igmp_group_make_due(host, group);
		else
			igmp_group_settle(host, group);
	}
}
