/* What the room igmp says of the interface: which back end opens, and who asks. */
#include <uv.h>

#include "client/iface.h"
#include "client/igmp_settings.h"
#include "client/doctor/gather.h"
#include "igmp/membership.h"

static enum igmp_backend backend_named(const char *name)
{
	if (!g_strcmp0(name, "raw"))
		return IGMP_BACKEND_RAW;
	return g_strcmp0(name, "kernel") ? IGMP_BACKEND_AUTO : IGMP_BACKEND_KERNEL;
}

static void on_closed(void *ctx)
{
	(void)ctx;
}

static void close_all(uv_loop_t *loop, struct igmp_membership *membership)
{
	if (membership)
		igmp_membership_close(membership, on_closed, NULL);
	uv_run(loop, UV_RUN_DEFAULT);
	uv_loop_close(loop);
}

/* Opens and closes it: 0 and *ret_raw, *ret_why, or the error and its sentence. */
static int try(const struct settings *settings, const char *iface, enum igmp_backend backend,
	bool *ret_raw, char **ret_why)
{
	uv_loop_t loop;
	struct igmp_membership *membership = NULL;
	const struct igmp_membership_options options = {
		.iface = iface, .backend = backend, .host = igmp_settings_on(settings, iface)};
	const char *why;
	uv_loop_init(&loop);
	int error = igmp_membership_open(&loop, &options, &membership);
	if (error) {
		*ret_why = g_strdup(iface_sentence(error));
	} else {
		*ret_raw = igmp_membership_backend(membership, &why) == IGMP_BACKEND_RAW;
		*ret_why = g_strdup(why);
	}
	close_all(&loop, membership);
	return error;
}

struct doctor_rules gather_rules(const struct settings *settings, const char *iface)
{
	const struct igmp_host_settings host = igmp_settings_on(settings, iface);
	return (struct doctor_rules){.fallback = !host.no_fallback,
		.v2_ssm = host.v2_ssm,
		.require_router_alert = host.require_router_alert};
}

void gather_backend(const struct settings *settings, const char *iface, struct doctor_backend *ret)
{
	ret->wanted = settings_text(settings, "net.membership");
	ret->opened = !try(settings, iface, backend_named(ret->wanted), &ret->raw, &ret->why);
	bool raw = false;
	ret->raw_opens = !try(settings, iface, IGMP_BACKEND_RAW, &raw, &ret->raw_why);
}

/* ---- listening ---- */

static void on_noticed(void *ctx, const struct igmp_said *said)
{
	struct doctor_heard *heard = ctx;
	const struct doctor_notice notice = {g_strdup(said->type), g_strdup(said->sentence), 0};
	g_array_append_val(heard->notices, notice);
}

static void on_end(uv_timer_t *end)
{
	uv_close((uv_handle_t *)end, NULL);
	uv_stop(end->loop);
}

/* By the names of 'ctl igmp'. */
static void take_drops(const struct igmp_counters *counters, GArray *ret)
{
	const struct {
		const char *name;
		uint64_t value;
	} causes[] = {
		{"truncated", counters->dropped_truncated},
		{"checksum", counters->dropped_checksum},
		{"ttl", counters->dropped_ttl},
		{"source", counters->dropped_source},
		{"destination", counters->dropped_destination},
		{"malformed_query", counters->dropped_malformed_query},
		{"unicast_frame", counters->dropped_unicast_frame},
		{"socket", counters->dropped_socket},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(causes); i++)
		if (causes[i].value) {
			struct doctor_counter drop = {g_strdup(causes[i].name), causes[i].value};
			g_array_append_val(ret, drop);
		}
}

static void take_counters(struct igmp_membership *membership, struct doctor_heard *ret)
{
	struct igmp_counters counters;
	igmp_membership_counters(membership, &counters);
	ret->queries = counters.queries_received;
	ret->v1 = counters.v1_queries_received;
	ret->v2 = counters.v2_queries_received;
	ret->v3 = counters.v3_queries_received;
	ret->without_router_alert =
		counters.queries_without_router_alert + counters.dropped_router_alert;
	take_drops(&counters, ret->drops);
}

static void take_querier(struct igmp_membership *membership, struct doctor_querier *ret)
{
	struct igmp_querier querier;
	igmp_membership_querier(membership, &querier);
	if (!querier.version)
		return;
	*ret = (struct doctor_querier){.address = querier.address,
		.version = querier.version,
		.robustness = querier.robustness,
		.interval_s = (double)querier.query_interval_ns / 1e9,
		.age_s = (double)(uv_hrtime() - querier.last_query_ns) / 1e9};
}

void gather_heard(const struct settings *settings, const char *iface, unsigned wait_s,
	struct doctor_heard *ret)
{
	const struct igmp_membership_options options = {.iface = iface,
		.backend = IGMP_BACKEND_RAW,
		.host = igmp_settings_on(settings, iface),
		.noticed = on_noticed,
		.event_ctx = ret};
	struct igmp_membership *membership = NULL;
	uv_loop_t loop;
	uv_timer_t end;
	uv_loop_init(&loop);
	int error = igmp_membership_open(&loop, &options, &membership);
	ret->wait_s = wait_s;
	if (error) {
		ret->why_not = g_strdup(iface_sentence(error));
	} else {
		uv_timer_init(&loop, &end);
		uv_timer_start(&end, on_end, wait_s * UINT64_C(1000), 0);
		uv_run(&loop, UV_RUN_DEFAULT);
		take_counters(membership, ret);
		take_querier(membership, &ret->last);
	}
	close_all(&loop, membership);
}
