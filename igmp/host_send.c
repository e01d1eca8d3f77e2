/* The host's answers: what is due becomes packets and MAC filter changes, one action at a time. */
#include <errno.h>

#include "igmp/filter.h"
#include "igmp/host_state.h"
#include "igmp/report.h"

bool igmp_group_is_reported(const struct igmp_group *group)
{
	return group->address.s_addr != htonl(INADDR_ALLHOSTS_GROUP);
}

static bool is_truncated_when_long(enum igmp_record_type type)
{
	return type == IGMP_IS_EX || type == IGMP_TO_EX;
}

/*
 * Adds records to the report, from where the last packet ended. False where the packet is full
 * before all of them were sent (section 4.2.17).
 */
static bool put_records(struct igmp_report *report, struct igmp_group *group,
	const struct igmp_group_record *records, unsigned n)
{
	for (; group->sent_records < n; group->sent_records++) {
		const struct igmp_group_record *record = &records[group->sent_records];
		uint16_t rest = (uint16_t)(record->count - group->sent_sources);
		int taken = igmp_report_add(report, record->type, group->address,
			record->sources + group->sent_sources, rest);
		if (taken < 0)
			return false;
		if (taken < rest && !is_truncated_when_long(record->type)) {
			group->sent_sources = (uint16_t)(group->sent_sources + taken);
			return false;
		}
		group->sent_sources = 0;
	}
	group->sent_records = 0;
	return true;
}

static void after_report(struct igmp_host *host, struct igmp_group *group)
{
	igmp_group_reported(group);
	if (host->leaving_all)
		igmp_group_end(group);
	group->repeat_ns = igmp_group_reports_left(group) > 0 ? host->repeat_ns : IGMP_NEVER;
}

/* Puts the due changes of the groups that leave, or of the others; false where the packet is full.
 */
static bool put_changes(struct igmp_host *host, struct igmp_report *report, bool leaving)
{
	for (size_t i = 0; i < host->group_count; i++) {
		struct igmp_group *group = host->groups[i];
		struct igmp_group_record records[2];
		if (!group->report_due || igmp_group_is_member(group) == leaving)
			continue;
		unsigned n = igmp_group_change_records(group, records);
		if (!put_records(report, group, records, n))
			return false;
		after_report(host, group);
	}
	return true;
}

static void put_answers(struct igmp_host *host, struct igmp_report *report)
{
	for (size_t i = 0; i < host->group_count; i++) {
		struct igmp_group *group = host->groups[i];
		if (!group->answer_due)
			continue;
		struct igmp_group_record record = igmp_group_state_record(group);
		if (!put_records(report, group, &record, 1))
			return;
		group->answer_due = false;
	}
}

/* False where the report came out without a record. */
static bool send_report(struct igmp_host *host, struct igmp_report *report, struct igmp_action *ret)
{
	if (report->record_count == 0)
		return false;
	ret->type = IGMP_ACTION_SEND;
	ret->group.s_addr = 0;
	ret->destination.s_addr = htonl(IGMP_REPORT_DESTINATION);
	ret->len = igmp_report_finish(report, host->address);
	host->counters.reports_sent++;
	return true;
}

static bool next_change_report(struct igmp_host *host, struct igmp_action *ret)
{
	struct igmp_report report;
	for (size_t i = 0; i < host->group_count; i++)
		igmp_group_begin(host->groups[i], host->querier.robustness);
	igmp_report_begin(&report, ret->packet, host->settings.mtu_bytes);
	if (put_changes(host, &report, true))
		put_changes(host, &report, false);
	host->counters.state_change_records_sent += report.record_count;
	return send_report(host, &report, ret);
}

static bool next_answer(struct igmp_host *host, struct igmp_action *ret)
{
	struct igmp_report report;
	igmp_report_begin(&report, ret->packet, host->settings.mtu_bytes);
	put_answers(host, &report);
	host->counters.current_state_records_sent += report.record_count;
	return send_report(host, &report, ret);
}

static bool next_mac_change(struct igmp_host *host, struct igmp_action *ret)
{
	for (size_t i = 0; i < host->group_count; i++) {
		struct igmp_group *group = host->groups[i];
		bool wanted = igmp_group_is_member(group);
		if (group->mac_joined == wanted)
			continue;
		group->mac_joined = wanted;
		ret->type = wanted ? IGMP_ACTION_JOIN_MAC : IGMP_ACTION_LEAVE_MAC;
		ret->group = group->address;
		ret->destination.s_addr = 0;
		ret->len = 0;
		return true;
	}
	return false;
}

bool igmp_host_next_action(struct igmp_host *host, struct igmp_action *ret)
{
	/* Reports before MAC filters: the router's answer takes longer than setting the filter. */
	if (next_change_report(host, ret) || next_answer(host, ret) || next_mac_change(host, ret))
		return true;
	igmp_host_forget_idle(host);
	return false;
}
