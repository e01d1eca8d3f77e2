/* What a running `zapper play` says of itself, over its control socket. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "client/doctor/gather.h"

static char *text_of(const json_t *object, const char *key)
{
	return g_strdup(json_string_value(json_object_get(object, key)));
}

static double number_of(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

static struct in_addr address_of(const json_t *object, const char *key)
{
	struct in_addr address = {0};
	const char *text = json_string_value(json_object_get(object, key));
	if (text)
		inet_pton(AF_INET, text, &address);
	return address;
}

static void take_notices(const json_t *list, GArray *ret)
{
	const json_t *item;
	size_t i;
	json_array_foreach(list, i, item)
	{
		struct doctor_notice notice = {
			text_of(item, "type"), text_of(item, "sentence"), number_of(item, "age_s")};
		g_array_append_val(ret, notice);
	}
}

static void take_groups(const json_t *list, GArray *ret)
{
	const json_t *item;
	size_t i;
	json_array_foreach(list, i, item)
	{
		struct in_addr group = address_of(item, "group");
		g_array_append_val(ret, group);
	}
}

/*
 * Counters called dropped_something that are not 0. Packets of other channels pass by: that the
 * filter drops them is its work. Router Alert has a sentence of its own.
 */
static void take_drops(json_t *counters, GArray *ret)
{
	const char *name;
	json_t *value;
	json_object_foreach(counters, name, value)
	{
		struct doctor_counter counter = {NULL, (uint64_t)json_integer_value(value)};
		bool is_elsewhere =
			!strcmp(name, "dropped_flow") || !strcmp(name, "dropped_router_alert");
		if (!g_str_has_prefix(name, "dropped_") || is_elsewhere || !counter.value)
			continue;
		counter.name = g_strdup(name + strlen("dropped_"));
		g_array_append_val(ret, counter);
	}
}

static struct doctor_rules rules_of(const json_t *settings)
{
	return (struct doctor_rules){
		.fallback = json_is_true(json_object_get(settings, "fallback")),
		.v2_ssm = json_is_true(json_object_get(settings, "v2_ssm")),
		.require_router_alert =
			json_is_true(json_object_get(settings, "require_router_alert"))};
}

static void take_igmp(const json_t *igmp, struct doctor_player *ret)
{
	const json_t *querier = json_object_get(igmp, "querier");
	json_t *counters = json_object_get(igmp, "counters");
	ret->backend = text_of(igmp, "backend");
	ret->iface = text_of(json_object_get(igmp, "interface"), "name");
	ret->host_version = (unsigned)number_of(igmp, "host_version");
	ret->why = text_of(igmp, "why");
	ret->rules = rules_of(json_object_get(igmp, "settings"));
	ret->without_router_alert = (uint64_t)(number_of(counters, "queries_without_router_alert") +
					       number_of(counters, "dropped_router_alert"));
	ret->querier = (struct doctor_querier){.address = address_of(querier, "address"),
		.version = (unsigned)number_of(querier, "version"),
		.robustness = (unsigned)number_of(querier, "robustness"),
		.interval_s = number_of(querier, "query_interval_s"),
		.age_s = number_of(querier, "last_query_s_ago")};
	take_notices(json_object_get(igmp, "notices"), ret->notices);
	take_groups(json_object_get(igmp, "groups"), ret->groups);
	take_drops(counters, ret->drops);
}

void gather_player(const char *path, struct doctor_player *ret)
{
	int error;
	ret->path = g_strdup(path);
	json_t *status = control_client_ask(path, "status", &error);
	json_t *igmp = status ? control_client_ask(path, "igmp", &error) : NULL;
	json_t *stats = igmp ? control_client_ask(path, "stats", &error) : NULL;
	/* Nobody there, or a socket that a dead player left, is no player; others answer badly. */
	bool absent = error == -ENOENT || error == -ECONNREFUSED || error == -ENOTDIR;
	if (stats) {
		ret->state = text_of(status, "state");
		ret->reason = text_of(status, "reason");
		take_igmp(igmp, ret);
		take_drops(json_object_get(stats, "socket"), ret->drops);
		ret->runs = ret->state && ret->backend && ret->iface && ret->why;
		error = ret->runs ? 0 : -EPROTO;
	}
	ret->error = absent ? 0 : error;
	json_decref(status);
	json_decref(igmp);
	json_decref(stats);
}
