/* The groups of the host, and what their users want (RFC 9776 sections 2 and 3). */
#include <errno.h>
#include <stdlib.h>

#include "igmp/filter.h"
#include "igmp/host_state.h"

bool igmp_group_is_reported(const struct igmp_host *host, const struct igmp_group *group)
{
	uint32_t address = ntohl(group->address.s_addr);
	if (address == INADDR_ALLHOSTS_GROUP)
		return false; /* section 5: received always, reported never */
	return !host->settings.silent_link_local || address >> 8 != INADDR_UNSPEC_GROUP >> 8;
}

struct igmp_group *igmp_host_find(const struct igmp_host *host, struct in_addr address)
{
	return igmp_table_get(&host->groups, ntohl(address.s_addr));
}

static int add_group(struct igmp_host *host, struct in_addr address, struct igmp_group **ret)
{
	size_t count = host->groups.count + 1;
	if (count > host->settings.max_groups)
		return -ENOSPC;
	if (igmp_table_reserve(&host->groups, 1) < 0 ||
		igmp_timers_reserve(&host->timers, IGMP_HOST_TIMERS + IGMP_GROUP_TIMERS * count) <
			0)
		return -ENOMEM;
	struct igmp_group *group = malloc(sizeof *group);
	if (!group)
		return -ENOMEM;
	igmp_group_init(group, address);
	group->repeat.kind = IGMP_TIMER_REPEAT;
	group->answer.kind = IGMP_TIMER_ANSWER;
	igmp_table_set(&host->groups, ntohl(address.s_addr), group);
	igmp_list_append(&host->all, &group->all);
	*ret = group;
	return 0;
}

static void free_group(struct igmp_host *host, struct igmp_group *group)
{
	igmp_group_stop(host, group);
	igmp_group_cancel_answer(host, group);
	igmp_list_remove(&group->all);
	igmp_list_remove(&group->changed);
	igmp_list_remove(&group->mac);
	igmp_users_finish(&group->users, &host->users);
	igmp_table_set(&host->groups, ntohl(group->address.s_addr), NULL);
	free(group);
}

/* A group with users that is no member yet is in the middle of a batch. */
void igmp_group_settle(struct igmp_host *host, struct igmp_group *group)
{
	if (!igmp_group_is_idle(group) || igmp_list_first(&group->users.list) ||
		igmp_node_is_listed(&group->changed) || igmp_node_is_listed(&group->due))
		return;
	free_group(host, group);
	if (host->groups.count > 0)
		return;
	igmp_table_trim(&host->groups);
	igmp_table_trim(&host->users);
	igmp_timers_trim(&host->timers);
}

void igmp_host_free_groups(struct igmp_host *host)
{
	struct igmp_node *node;
	while ((node = igmp_list_first(&host->all)) != NULL)
		free_group(host, igmp_owner(node, struct igmp_group, all));
	igmp_table_finish(&host->groups);
	igmp_table_finish(&host->users);
}

static void note_membership(struct igmp_host *host, const struct igmp_group *group, bool joins)
{
	if (joins && group->filter.mode == IGMP_INCLUDE && !igmp_is_ssm(group->address))
		igmp_host_notice_own(
			host, &(struct igmp_notice){.type = IGMP_NOTICE_SOURCE_OUTSIDE_SSM,
				      .group = group->address});
	if (joins && !igmp_group_is_speakable(host, group))
		igmp_host_notice_own(host, &(struct igmp_notice){.type = IGMP_NOTICE_SSM_UNREPORTED,
						   .group = group->address,
						   .querier = host->querier.address,
						   .version = host->querier.host_version});
	if (!igmp_group_is_reported(host, group))
		return;
	host->reported_count += joins ? 1 : SIZE_MAX;
	igmp_host_watch_members(host);
}

void igmp_group_refilter(struct igmp_host *host, struct igmp_group *group)
{
	bool was = igmp_group_is_member(group);
	group->filter = igmp_users_merge(&group->users);
	bool is = igmp_group_is_member(group);
	group->answer_sent = (struct igmp_progress){0};
	if (!is)
		igmp_group_cancel_answer(host, group); /* section 5.2: nothing left to answer */
	if (was != is)
		note_membership(host, group, is);
	if (!igmp_group_is_reported(host, group))
		group->told = group->filter;
	igmp_group_unhold(host, group);
	igmp_list_append(&host->changed, &group->changed);
	if (group->mac_joined != is)
		igmp_list_append(&host->macs, &group->mac);
	else
		igmp_list_remove(&group->mac);
}

/* One change of a batch that was carried out: what takes it back. */
struct undo {
	struct igmp_group *group; /* NULL: there was nothing to do */
	struct igmp_user *before;
	uint32_t user;
};

static int swap_user(struct igmp_host *host, struct igmp_group *group,
	const struct igmp_change *change, struct undo *undo)
{
	struct igmp_filter filter = igmp_filter_normalise(&change->filter);
	struct igmp_user *user = NULL;
	int err = igmp_users_reserve(&group->users, &host->users, filter.source_count);
	if (err < 0)
		return err;
	if (!igmp_filter_is_empty(&filter)) {
		user = igmp_user_new(change->user, &filter);
		if (!user)
			return -ENOMEM;
	}
	undo->before = igmp_users_swap(&group->users, &host->users, change->user, user);
	undo->group = group;
	undo->user = change->user;
	return group->users.included_count > IGMP_MAX_SOURCES ? -E2BIG : 0;
}

static int carry_out(struct igmp_host *host, const struct igmp_change *change, struct undo *undo)
{
	struct igmp_group *group = igmp_host_find(host, change->group);
	int err = igmp_change_check(change);
	if (err == 0 && !group && !igmp_filter_is_empty(&change->filter))
		err = add_group(host, change->group, &group);
	if (err < 0 || !group)
		return err;
	return swap_user(host, group, change, undo);
}

static void take_back(struct igmp_host *host, const struct undo *undo)
{
	if (!undo->group)
		return;
	free(igmp_users_swap(&undo->group->users, &host->users, undo->user, undo->before));
}

/* The groups of a refused batch that were made for it. */
static void forget_unused(struct igmp_host *host, const struct igmp_change *changes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct igmp_group *group = igmp_host_find(host, changes[i].group);
		if (group)
			igmp_group_settle(host, group);
	}
}

/*
 * Section 2: whether one of the changed groups is left by this, as far as routers know and will
 * hear. Version 1 has no leave.
 */
static bool some_leave(const struct igmp_host *host, const struct undo *undos, size_t n)
{
	for (size_t i = 0; i < n && host->querier.host_version > 1; i++) {
		const struct igmp_group *group = undos[i].group;
		if (group && !igmp_group_is_member(group) && !igmp_filter_is_empty(&group->told) &&
			igmp_group_is_speakable(host, group))
			return true;
	}
	return false;
}

static void commit(struct igmp_host *host, struct undo *undos, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(undos[i].before);
		if (undos[i].group)
			igmp_group_refilter(host, undos[i].group);
	}
	if (some_leave(host, undos, n))
		host->held_until_ns = host->now_ns + host->settings.pair_gap_ns;
	for (size_t i = 0; i < n; i++) {
		if (undos[i].group)
			igmp_group_hold(host, undos[i].group);
	}
}

int igmp_host_listen(
	struct igmp_host *host, const struct igmp_change *changes, size_t n, uint64_t now_ns)
{
	struct undo *undos = calloc(n ? n : 1, sizeof *undos);
	int err = undos ? 0 : -ENOMEM;
	host->now_ns = now_ns;
	size_t done = 0;
	while (err == 0 && done < n) {
		err = carry_out(host, &changes[done], &undos[done]);
		done++;
	}
	if (err == 0) {
		commit(host, undos, n);
		host->leaving_all = false;
		igmp_draw_repeat(host);
	} else {
		while (done-- > 0)
			take_back(host, &undos[done]);
		forget_unused(host, changes, undos ? n : 0);
	}
	free(undos);
	return err;
}

void igmp_host_leave_all(struct igmp_host *host)
{
	for (struct igmp_node *node = host->all.next; node != &host->all; node = node->next) {
		struct igmp_group *group = igmp_owner(node, struct igmp_group, all);
		igmp_users_finish(&group->users, &host->users);
		igmp_group_refilter(host, group);
		/* A leave whose repeats are pending is said once more: there is no later. */
		if (igmp_group_reports_left(group) > 0)
			igmp_group_make_due(host, group);
	}
	host->leaving_all = true;
	igmp_timer_cancel(&host->timers, &host->general);
}

/*
 * What the routers are taken to know when all is said anew: nothing. Where they may still hold
 * EXCLUDE, because the change of mode was not said as often as it has to be, ALLOW would not end
 * that (section 6.4.2), and EXCLUDE{} has the mode said. Older versions know no modes.
 */
static struct igmp_filter presumed(const struct igmp_host *host, const struct igmp_group *group)
{
	bool mode_is_told = group->told.mode == group->filter.mode && group->mode_left == 0;
	bool may_exclude = group->filter.mode == IGMP_INCLUDE && !mode_is_told;
	return (struct igmp_filter){.mode = may_exclude && host->querier.host_version == 3
						    ? IGMP_EXCLUDE
						    : IGMP_INCLUDE};
}

void igmp_host_announce(struct igmp_host *host, uint64_t now_ns)
{
	host->now_ns = now_ns;
	igmp_draw_repeat(host);
	for (struct igmp_node *node = host->all.next; node != &host->all; node = node->next) {
		struct igmp_group *group = igmp_owner(node, struct igmp_group, all);
		if (!igmp_group_is_member(group) || !igmp_group_is_reported(host, group))
			continue;
		const struct igmp_filter told = presumed(host, group);
		igmp_group_stop(host, group);
		group->told = told;
		igmp_list_append(&host->changed, &group->changed);
	}
}

void igmp_host_rejoin_macs(struct igmp_host *host)
{
	for (struct igmp_node *node = host->all.next; node != &host->all; node = node->next) {
		struct igmp_group *group = igmp_owner(node, struct igmp_group, all);
		group->mac_joined = false;
		if (igmp_group_is_member(group))
			igmp_list_append(&host->macs, &group->mac);
		else
			igmp_list_remove(&group->mac);
	}
}
