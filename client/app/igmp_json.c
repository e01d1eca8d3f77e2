#include "client/app/igmp_json.h"

#include <arpa/inet.h>
#include <glib.h>

#include "client/igmp_settings.h"
#include "igmp/iface.h"

json_t *json_counters(const struct json_counter *counters, size_t n)
{
	json_t *json = json_object();
	for (size_t i = 0; i < n; i++)
		json_object_set_new(
			json, counters[i].name, json_integer((json_int_t)counters[i].value));
	return json;
}

static json_t *address_json(struct in_addr address)
{
	char text[INET_ADDRSTRLEN];
	return json_string(inet_ntop(AF_INET, &address, text, sizeof text));
}

static double seconds(uint64_t ns)
{
	return (double)ns / 1e9;
}

static double milliseconds(uint64_t ns)
{
	return (double)ns / 1e6;
}

static void add_group(void *ctx, const struct igmp_membership_group *group)
{
	json_t *sources = json_array();
	for (unsigned i = 0; i < group->filter.source_count; i++)
		json_array_append_new(sources, address_json(group->filter.sources[i]));
	json_array_append_new(
		ctx, json_pack("{s:o, s:s, s:o, s:i}", "group", address_json(group->group), "mode",
			     group->filter.mode == IGMP_EXCLUDE ? "exclude" : "include", "sources",
			     sources, "pending", (int)group->pending_reports));
}

static json_t *querier_json(const struct igmp_querier *querier, uint64_t now_ns)
{
	if (!querier->version)
		return json_null();
	return json_pack("{s:o, s:i, s:i, s:i, s:f, s:f}", "address",
		address_json(querier->address), "version", (int)querier->version, "host_version",
		(int)querier->host_version, "robustness", (int)querier->robustness,
		"query_interval_s", seconds(querier->query_interval_ns), "last_query_s_ago",
		seconds(now_ns - querier->last_query_ns));
}

static json_t *counters_json(const struct igmp_membership *membership)
{
	struct igmp_counters counters;
	igmp_membership_counters(membership, &counters);
	const struct json_counter all[] = {
		{"queries_received", counters.queries_received},
		{"older_queries_received", counters.older_queries_received},
		{"specific_queries_received", counters.specific_queries_received},
		{"v1_queries_received", counters.v1_queries_received},
		{"v2_queries_received", counters.v2_queries_received},
		{"v3_queries_received", counters.v3_queries_received},
		{"queries_without_router_alert", counters.queries_without_router_alert},
		{"source_list_overflows", counters.source_list_overflows},
		{"older_queries_refused", counters.older_queries_refused},
		{"answers_suppressed", counters.answers_suppressed},
		{"answers_delayed", counters.answers_delayed},
		{"version_changes", counters.version_changes},
		{"refreshes", counters.refreshes},
		{"notices_suppressed", counters.notices_suppressed},
		{"reports_sent", counters.reports_sent},
		{"v1_reports_sent", counters.v1_reports_sent},
		{"v2_reports_sent", counters.v2_reports_sent},
		{"leaves_sent", counters.leaves_sent},
		{"state_change_records_sent", counters.state_change_records_sent},
		{"current_state_records_sent", counters.current_state_records_sent},
		{"dropped_truncated", counters.dropped_truncated},
		{"dropped_checksum", counters.dropped_checksum},
		{"dropped_ttl", counters.dropped_ttl},
		{"dropped_source", counters.dropped_source},
		{"dropped_destination", counters.dropped_destination},
		{"dropped_malformed_query", counters.dropped_malformed_query},
		{"dropped_router_alert", counters.dropped_router_alert},
		{"dropped_unicast_frame", counters.dropped_unicast_frame},
		{"dropped_socket", counters.dropped_socket},
		{"ignored_type", counters.ignored_type},
	};
	return json_counters(all, G_N_ELEMENTS(all));
}

json_t *igmp_json_settings(const struct igmp_host_settings *s)
{
	json_t *json = json_pack("{s:s, s:s, s:b, s:b, s:b, s:b, s:b}", "pair",
		igmp_settings_pair_name(s->pair), "ssm_leave",
		igmp_settings_leave_name(s->ssm_leave), "fallback", !s->no_fallback, "v2_ssm",
		s->v2_ssm, "require_router_alert", s->require_router_alert, "report_link_local",
		!s->silent_link_local, "watch", !s->no_watch);
	json_t *numbers = json_pack("{s:i, s:f, s:f, s:f, s:f, s:i, s:i, s:I}", "robustness",
		(int)s->robustness, "unsolicited_interval_ms",
		milliseconds(s->unsolicited_interval_ns), "older_unsolicited_interval_ms",
		milliseconds(s->older_unsolicited_interval_ns), "query_interval_s",
		seconds(s->query_interval_ns), "query_response_interval_ms",
		milliseconds(s->query_response_interval_ns), "answers_per_second",
		(int)s->answers_per_second, "answer_burst", (int)s->answer_burst, "max_groups",
		(json_int_t)s->max_groups);
	if (s->pair == IGMP_PAIR_GAP)
		json_object_set_new(json, "gap_ms", json_real(milliseconds(s->pair_gap_ns)));
	json_object_update(json, numbers);
	json_decref(numbers);
	return json;
}

struct notices {
	json_t *list;
	uint64_t now_ns;
};

static void add_notice(void *ctx, const struct igmp_said *said)
{
	const struct notices *notices = ctx;
	json_array_append_new(notices->list,
		json_pack("{s:s, s:s, s:f}", "type", said->type, "sentence", said->sentence,
			"age_s", seconds(notices->now_ns - said->at_ns)));
}

static json_t *notices_json(const struct igmp_membership *membership, uint64_t now_ns)
{
	struct notices notices = {json_array(), now_ns};
	igmp_membership_each_said(membership, add_notice, &notices);
	return notices.list;
}

/* An interface that is gone has index 0. */
static json_t *iface_json(const struct igmp_iface *iface)
{
	json_t *address = iface->address.s_addr ? address_json(iface->address) : json_null();
	return json_pack("{s:s, s:i, s:o, s:b, s:b}", "name", iface->name, "index", iface->index,
		"address", address, "up", iface->up, "speaks", iface->speaks);
}

json_t *igmp_json(const struct igmp_membership *membership,
	const struct igmp_host_settings *settings, uint64_t now_ns)
{
	struct igmp_querier querier;
	const char *why;
	json_t *groups = json_array();
	enum igmp_backend backend = igmp_membership_backend(membership, &why);
	igmp_membership_each(membership, add_group, groups);
	igmp_membership_querier(membership, &querier);
	bool raw = backend == IGMP_BACKEND_RAW;
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "backend",
		raw ? "raw" : "kernel", "why", why, "host_version",
		raw ? json_integer(querier.host_version) : json_null(), "interface",
		iface_json(igmp_membership_iface(membership)), "groups", groups, "querier",
		querier_json(&querier, now_ns), "notices", notices_json(membership, now_ns),
		"settings", raw ? igmp_json_settings(settings) : json_null(), "counters",
		counters_json(membership));
}

json_t *igmp_json_notice_event(const struct igmp_said *said)
{
	return json_pack("{s:s, s:s, s:s}", "event", "notice", "type", said->type, "sentence",
		said->sentence);
}
