/* app/igmp_json: the IGMP host as JSON: what `ctl igmp` answers, and events. */
#pragma once

#include <jansson.h>
#include <stdint.h>

#include "igmp/membership.h"

/*
 * {"backend","why","host_version","interface","groups","querier","notices","settings","counters"},
 * as of now_ns (CLOCK_MONOTONIC). `settings` are those it was opened with. With the kernel back end
 * host_version, querier and settings are null, and counters and pending repeats 0: they are the
 * kernel's own.
 */
json_t *igmp_json(const struct igmp_membership *membership,
	const struct igmp_host_settings *settings, uint64_t now_ns);

/* Names as in zapper.conf(5), but a pair that is a gap has its length in "gap_ms". */
json_t *igmp_json_settings(const struct igmp_host_settings *settings);

/* {"event":"notice","type":"querier-changed","sentence":"..."} */
json_t *igmp_json_notice_event(const struct igmp_said *said);

/* One counter by its name in JSON, and an object of them. */
struct json_counter {
	const char *name;
	uint64_t value;
};
json_t *json_counters(const struct json_counter *counters, size_t n);
