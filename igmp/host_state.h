/*
 * igmp/host_state: what the parts of the host share. Inside this room only.
 *
 *   host           the interface to the rest: settings, packets in, deadlines
 *   host_groups    the groups there are, and their users' wishes
 *   host_change    state changes: when a series of reports begins and is repeated (section 5.1)
 *   host_query     answers to queries (section 5.2)
 *   host_older     queriers of version 1 and 2 (section 7.2.1)
 *   host_watch     who asks, and who does not; notices
 *   host_send      what is due becomes packets and other actions
 */
#pragma once

#include "igmp/bucket.h"
#include "igmp/group.h"
#include "igmp/host.h"
#include "igmp/list.h"
#include "igmp/table.h"
#include "igmp/timers.h"
#include "igmp/wire.h"

#define NS_PER_S UINT64_C(1000000000)

/* What a timer's owner is. */
enum igmp_timer_kind {
	IGMP_TIMER_REPEAT, /* a group's */
	IGMP_TIMER_ANSWER, /* a group's */
	IGMP_TIMER_GENERAL,
	IGMP_TIMER_V1_QUERIER,
	IGMP_TIMER_V2_QUERIER,
	IGMP_TIMER_REFRESH,
	IGMP_TIMER_NO_QUERIER,
	IGMP_TIMER_TOKEN,
	IGMP_TIMER_NOTICE,
};

/* The timers of one group, and of the host itself. */
#define IGMP_GROUP_TIMERS 2
#define IGMP_HOST_TIMERS 7

struct igmp_watch {
	bool querier_is_missing;
	uint64_t response_ns; /* [Query Response Interval] of the last general query */
	/* The last two different addresses that asked, without 0.0.0.0, which no router has. */
	struct in_addr asked, asked_before;
	uint64_t asked_before_ns;

	unsigned due; /* a bit for each type of notice */
	struct igmp_notice notices[IGMP_NOTICE_TYPES];
	uint64_t quiet_until_ns[IGMP_NOTICE_TYPES];

	/* What lasts, as it was said last: the rate limit must leave no wrong word standing. */
	unsigned said_version;
	bool said_missing;
	struct igmp_notice said_asked; /* one querier now, or two by turns */
};

struct igmp_host {
	struct igmp_host_settings settings; /* every default filled in */
	struct in_addr address;
	struct igmp_querier querier; /* host_version says what we speak */
	struct igmp_counters counters;
	struct igmp_watch watch;
	uint64_t random;
	uint64_t now_ns; /* of the event being handled */

	struct igmp_table groups, users;
	struct igmp_node all;  /* groups in the order of their joining */
	size_t reported_count; /* members that queriers hear of */

	struct igmp_node changed;	   /* groups whose filter may differ from what was told */
	struct igmp_node leaving, joining; /* groups with a state-change report due */
	struct igmp_node answering;	   /* groups with an answer due */
	struct igmp_node macs;		   /* groups whose MAC filter is to be changed */

	struct igmp_timers timers;
	struct igmp_timer general, v1_querier, v2_querier, refresh, no_querier, token, notice;
	bool older_is_presumed; /* nobody of version 2 was heard yet, but before this host was there
				 */
	struct igmp_bucket bucket;

	/*
	 * When the reports that are due now will be repeated: one moment for all groups of a batch,
	 * so that their records keep sharing a packet, while each group counts for itself.
	 */
	uint64_t repeat_ns;
	uint64_t held_until_ns; /* joins wait so long after the leave of their pair */
	size_t held_count;	/* groups that do */
	bool leaving_all;	/* the reports that are due now are the last: no repeats */
};

/* host. In (0, max_ns], never at once. */
uint64_t igmp_random_delay(struct igmp_host *host, uint64_t max_ns);
unsigned igmp_clamp_robustness(unsigned robustness);

/* host_groups. Whether queriers ever hear of it (section 5). */
bool igmp_group_is_reported(const struct igmp_host *host, const struct igmp_group *group);
struct igmp_group *igmp_host_find(const struct igmp_host *host, struct in_addr address);
/* After each handling of a group: frees it when nothing is left to do about it. */
void igmp_group_settle(struct igmp_host *host, struct igmp_group *group);
void igmp_host_free_groups(struct igmp_host *host);
/* The users' wishes of this group have changed. */
void igmp_group_refilter(struct igmp_host *host, struct igmp_group *group);

/* host_change. Draws when what is due at this event will be repeated. */
void igmp_draw_repeat(struct igmp_host *host);
/* Puts a group's joins behind the gap after a leave, where settings say so. */
void igmp_group_hold(struct igmp_host *host, struct igmp_group *group);
void igmp_group_unhold(struct igmp_host *host, struct igmp_group *group);
void igmp_group_on_repeat(struct igmp_host *host, struct igmp_group *group);
/* Its next report leaves with this event. */
void igmp_group_make_due(struct igmp_host *host, struct igmp_group *group);
/* Ends the series: nothing is due or repeated any more. */
void igmp_group_stop(struct igmp_host *host, struct igmp_group *group);
/* A report with the group's records has been built. */
void igmp_group_after_report(struct igmp_host *host, struct igmp_group *group);
/* Begins the series of all groups that changed. */
void igmp_host_begin_changes(struct igmp_host *host);

/* host_query */
void igmp_host_answer(struct igmp_host *host, const struct igmp_message *query);
void igmp_host_answer_all(struct igmp_host *host, uint64_t max_response_ns);
void igmp_host_on_general(struct igmp_host *host);
void igmp_group_on_answer(struct igmp_host *host, struct igmp_group *group);
void igmp_group_cancel_answer(struct igmp_host *host, struct igmp_group *group);
void igmp_group_answered(struct igmp_group *group);

/* host_older. How often a report to an older querier is repeated: once or twice. */
unsigned igmp_older_repeats(const struct igmp_host *host);
/* Whether the version we speak can tell of the group. */
bool igmp_group_is_speakable(const struct igmp_host *host, const struct igmp_group *group);
void igmp_host_hear_older(struct igmp_host *host, const struct igmp_message *query);
void igmp_host_on_older_timer(struct igmp_host *host);
bool igmp_group_begin_older(struct igmp_host *host, struct igmp_group *group);
void igmp_host_hear_report(
	struct igmp_host *host, const struct igmp_message *report, enum igmp_frame frame);

/* host_watch */
void igmp_host_watch_query(struct igmp_host *host, const struct igmp_message *query);
/* The first group to be reported, or the last one, came or went. */
void igmp_host_watch_members(struct igmp_host *host);
void igmp_host_on_refresh(struct igmp_host *host);
void igmp_host_on_no_querier(struct igmp_host *host);
/* A rate limit ended: says what has become different from what was said. */
void igmp_host_on_notice(struct igmp_host *host);
/* With the rate limit, and without it: for what a viewer has to be told each time. */
void igmp_host_notice(struct igmp_host *host, const struct igmp_notice *notice);
void igmp_host_notice_own(struct igmp_host *host, const struct igmp_notice *notice);
bool igmp_host_next_notice(struct igmp_host *host, struct igmp_action *ret);
