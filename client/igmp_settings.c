#include "client/igmp_settings.h"

#include <glib.h>
#include <string.h>

static const char *const pairs[] = {
	[IGMP_PAIR_ONE] = "one", [IGMP_PAIR_TWO] = "two", [IGMP_PAIR_GAP] = "gap"};

static const char *const leaves[] = {
	[IGMP_SSM_LEAVE_BLOCK] = "block",
	[IGMP_SSM_LEAVE_TO_IN] = "to_in",
	[IGMP_SSM_LEAVE_BOTH] = "both",
};

const char *igmp_settings_pair_name(enum igmp_pair pair)
{
	return pairs[pair];
}

const char *igmp_settings_leave_name(enum igmp_ssm_leave leave)
{
	return leaves[leave];
}

/* "one", "two" or "gap:MS". */
static void read_pair(const char *text, struct igmp_host_settings *host)
{
	if (g_str_has_prefix(text, "gap:")) {
		host->pair = IGMP_PAIR_GAP;
		host->pair_gap_ns = (uint64_t)(g_ascii_strtod(text + strlen("gap:"), NULL) * 1e6);
	} else {
		host->pair = strcmp(text, "two") ? IGMP_PAIR_ONE : IGMP_PAIR_TWO;
	}
}

static enum igmp_ssm_leave read_leave(const char *text)
{
	for (size_t i = 0; i < G_N_ELEMENTS(leaves); i++)
		if (!strcmp(text, leaves[i]))
			return (enum igmp_ssm_leave)i;
	return IGMP_SSM_LEAVE_BLOCK;
}

struct igmp_host_settings igmp_settings_on(const struct settings *settings, const char *iface)
{
#define TEXT(key) settings_text_on(settings, iface, "igmp." key)
#define YES(key) (!strcmp(TEXT(key), "yes"))
#define NUMBER(key) g_ascii_strtod(TEXT(key), NULL)
	struct igmp_host_settings host = {
		.robustness = (unsigned)NUMBER("robustness"),
		.unsolicited_interval_ns = (uint64_t)(NUMBER("unsolicited_interval_ms") * 1e6),
		.older_unsolicited_interval_ns =
			(uint64_t)(NUMBER("older_unsolicited_interval_ms") * 1e6),
		.query_interval_ns = (uint64_t)(NUMBER("query_interval_s") * 1e9),
		.query_response_interval_ns =
			(uint64_t)(NUMBER("query_response_interval_ms") * 1e6),
		.max_groups = (size_t)NUMBER("max_groups"),
		.ssm_leave = read_leave(TEXT("ssm_leave")),
		.no_fallback = !YES("fallback"),
		.require_router_alert = YES("require_router_alert"),
		.silent_link_local = !YES("report_link_local"),
		.v2_ssm = YES("v2_ssm"),
		.no_watch = !YES("watch"),
		.answers_per_second = (unsigned)NUMBER("answers_per_second"),
		.answer_burst = (unsigned)NUMBER("answer_burst"),
	};
	read_pair(TEXT("pair"), &host);
	return host;
#undef TEXT
#undef YES
#undef NUMBER
}
