/* The host's answers: what is due becomes packets and other actions, one at a time. */
#include <errno.h>

#include "igmp/build.h"
#include "igmp/host_state.h"
#include "igmp/report.h"

static bool is_truncated_when_long(enum igmp_record_type type)
{
	return type == IGMP_IS_EX || type == IGMP_TO_EX;
}

/*
 * Adds records to the report, from where the last packet ended. False where the packet is full
 * before all of them were sent (section 4.2.17).
 */
static bool put_records(struct igmp_report *report, struct in_addr group,
	struct igmp_progress *sent, const struct igmp_group_record *records, unsigned n)
{
	for (; sent->records < n; sent->records++) {
		const struct igmp_group_record *record = &records[sent->records];
		uint16_t rest = (uint16_t)(record->count - sent->sources);
		int taken = igmp_report_add(
			report, record->type, group, record->sources + sent->sources, rest);
		if (taken < 0)
			return false;
		if (taken < rest && !is_truncated_when_long(record->type)) {
			sent->sources = (uint16_t)(sent->sources + taken);
			return false;
		}
		sent->sources = 0;
	}
	sent->records = 0;
	return true;
}

/* Puts the due changes of a list; false where the packet is full. */
static bool put_changes(
	struct igmp_host *host, struct igmp_report *report, const struct igmp_node *list)
{
	struct igmp_group_record records[IGMP_MAX_CHANGE_RECORDS];
	struct igmp_node *node;
	while ((node = igmp_list_first(list)) != NULL) {
		struct igmp_group *group = igmp_owner(node, struct igmp_group, due);
		unsigned n = igmp_group_change_records(group, host->settings.ssm_leave, records);
		if (!put_records(report, group->address, &group->change_sent, records, n))
			return false;
		igmp_group_after_report(host, group);
	}
	return true;
}

static void put_answers(struct igmp_host *host, struct igmp_report *report)
{
	struct in_addr room[IGMP_MAX_QUERIED_SOURCES];
	struct igmp_group_record record;
	struct igmp_node *node;
	while ((node = igmp_list_first(&host->answering)) != NULL) {
		struct igmp_group *group = igmp_owner(node, struct igmp_group, answering);
		if (igmp_group_answer_record(group, room, &record) &&
			!put_records(report, group->address, &group->answer_sent, &record, 1))
			return;
		igmp_group_answered(group);
	}
}

static void set_packet(struct igmp_action *ret, struct in_addr destination, size_t len)
{
	ret->type = IGMP_ACTION_SEND;
	ret->group.s_addr = 0;
	ret->destination = destination;
	ret->len = len;
}

/* False where the report came out without a record. */
static bool send_report(struct igmp_host *host, struct igmp_report *report, struct igmp_action *ret)
{
	const struct in_addr destination = {htonl(IGMP_REPORT_DESTINATION)};
	if (report->record_count == 0)
		return false;
	set_packet(ret, destination, igmp_report_finish(report, host->address));
	host->counters.reports_sent++;
	igmp_bucket_take(&host->bucket, host->now_ns);
	return true;
}

static bool send_older(
	struct igmp_host *host, enum igmp_type type, struct in_addr group, struct igmp_action *ret)
{
	struct in_addr to = igmp_build_older(ret->packet, type, host->address, group);
	set_packet(ret, to, IGMP_OLDER_PACKET_BYTES);
	host->counters.v1_reports_sent += type == IGMP_TYPE_V1_REPORT;
	host->counters.v2_reports_sent += type == IGMP_TYPE_V2_REPORT;
	host->counters.leaves_sent += type == IGMP_TYPE_V2_LEAVE;
	igmp_bucket_take(&host->bucket, host->now_ns);
	return true;
}

/* The leaves' records first: the order in which every receiver handles them. */
static bool next_change_report(struct igmp_host *host, struct igmp_action *ret)
{
	struct igmp_report report;
	igmp_report_begin(&report, ret->packet, host->settings.mtu_bytes);
	bool room_left = put_changes(host, &report, &host->leaving);
	bool apart = host->settings.pair != IGMP_PAIR_ONE && report.record_count > 0;
	if (room_left && !apart)
		put_changes(host, &report, &host->joining);
	host->counters.state_change_records_sent += report.record_count;
	return send_report(host, &report, ret);
}

static enum igmp_type older_report(const struct igmp_host *host)
{
	return host->querier.host_version == 1 ? IGMP_TYPE_V1_REPORT : IGMP_TYPE_V2_REPORT;
}

static bool next_older_change(struct igmp_host *host, struct igmp_action *ret)
{
	struct igmp_node *node = igmp_list_first(&host->leaving);
	enum igmp_type type = node ? IGMP_TYPE_V2_LEAVE : older_report(host);
	if (!node)
		node = igmp_list_first(&host->joining);
	if (!node)
		return false;
	struct igmp_group *group = igmp_owner(node, struct igmp_group, due);
	send_older(host, type, group->address, ret);
	igmp_group_after_report(host, group);
	return true;
}

/* Others decide how often they ask, the bucket how often that makes us speak. */
static bool may_answer(struct igmp_host *host)
{
	uint64_t ready_ns = igmp_bucket_ready_ns(&host->bucket, host->now_ns);
	if (ready_ns <= host->now_ns)
		return true;
	if (!igmp_timer_is_running(&host->token)) {
		host->counters.answers_delayed++;
		igmp_timer_set(&host->timers, &host->token, ready_ns);
	}
	return false;
}

static bool next_answer(struct igmp_host *host, struct igmp_action *ret)
{
	struct igmp_report report;
	struct igmp_node *node = igmp_list_first(&host->answering);
	if (!node || !may_answer(host))
		return false;
	if (host->querier.host_version < 3) {
		struct igmp_group *group = igmp_owner(node, struct igmp_group, answering);
		igmp_group_answered(group);
		return send_older(host, older_report(host), group->address, ret);
	}
	igmp_report_begin(&report, ret->packet, host->settings.mtu_bytes);
	put_answers(host, &report);
	host->counters.current_state_records_sent += report.record_count;
	return send_report(host, &report, ret);
}

static bool next_mac_change(struct igmp_host *host, struct igmp_action *ret)
{
	struct igmp_node *node = igmp_list_first(&host->macs);
	if (!node)
		return false;
	struct igmp_group *group = igmp_owner(node, struct igmp_group, mac);
	igmp_list_remove(node);
	group->mac_joined = igmp_group_is_member(group);
	ret->type = group->mac_joined ? IGMP_ACTION_JOIN_MAC : IGMP_ACTION_LEAVE_MAC;
	ret->group = group->address;
	ret->destination.s_addr = 0;
	ret->len = 0;
	igmp_group_settle(host, group);
	return true;
}

bool igmp_host_next_action(struct igmp_host *host, struct igmp_action *ret)
{
	igmp_host_begin_changes(host);
	bool changed = host->querier.host_version == 3 ? next_change_report(host, ret)
						       : next_older_change(host, ret);
	/* Reports before MAC filters: the router's answer takes longer than setting the filter. */
	return changed || next_answer(host, ret) || next_mac_change(host, ret) ||
	       igmp_host_next_notice(host, ret);
}
