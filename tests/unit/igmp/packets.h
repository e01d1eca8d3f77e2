/*
 * What the IGMP tests share: queries as bytes, and a host's actions as text that a test compares.
 */
#pragma once

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#include "igmp/host.h"

#define MS UINT64_C(1000000)
#define SECOND (1000 * MS)

struct in_addr ip(const char *text);

/* INCLUDE{sources}, sources separated by blanks; "" leaves. */
struct igmp_filter include(const char *sources);
struct igmp_filter exclude(const char *sources);

/* A query as it comes from a router; the defaults of query_defaults() are a v3 general query. */
struct query {
	const char *source, *destination, *group;
	uint8_t code, flags, qqic;
	const char *sources;
	size_t igmp_bytes; /* length of the IGMP message; 0: as long as it has to be */
	uint8_t ttl;
};
struct query query_defaults(void);
/* Writes it and returns its length; `packet` has room for 1500 bytes. */
size_t query_build(const struct query *query, uint8_t *packet);

/* Both checksums anew, after a test changed something. */
void packet_seal(uint8_t *packet);

/*
 * Takes all actions out. A report is "[TO_IN 239.1.1.1; ALLOW 232.1.1.1 10.0.0.1 10.0.0.2]", one
 * of an older version "(V2 239.1.1.1)", "(V1 239.1.1.1)" or "(LEAVE 239.1.1.1)", MAC filter changes
 * are "+group" and "-group"; they follow each other with a blank between. The text is valid until
 * the next call.
 */
const char *actions(struct igmp_host *host);
/* The same, reports only. */
const char *reports(struct igmp_host *host);

/* Notices only: "V2_QUERY VERSION_CHANGED". */
const char *notices(struct igmp_host *host);

/* With the address 10.0.0.2. */
struct igmp_host *open_host(const struct igmp_host_settings *settings);
void set_user(struct igmp_host *host, uint32_t user, const char *group, struct igmp_filter filter,
	uint64_t now);
/* The reports of the next deadline; the time moves there. "never" without one. */
const char *next_reports(struct igmp_host *host, uint64_t *now);
/* Lets all repeats and answers pass; only without a watch, which never ends. */
void settle(struct igmp_host *host);
void hear(struct igmp_host *host, const struct query *query, uint64_t now);
/* A general query of version 1, 2 or 3, to be answered within 10 s. */
void hear_version(struct igmp_host *host, unsigned version, uint64_t now);
struct igmp_counters counters_of(const struct igmp_host *host);
/* What the host speaks. */
unsigned version_of(const struct igmp_host *host);

/* The records of one report, as above. */
void report_text(const uint8_t *packet, size_t len, char *ret, size_t size);
