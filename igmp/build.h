/*
 * igmp/build: every IGMP message but the v3 report (igmp/report) as a complete IPv4 packet, and the
 * header they all share. A host sends the reports and the leave of the older versions (RFC 2236,
 * RFC 1112); queries are a router's, here for those who test or imitate one. Pure.
 */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "igmp/wire.h"

/* IPv4 header with the Router Alert option of RFC 2113. */
#define IGMP_IP_HEADER_BYTES 24

/* A v1 or v2 report or a v2 leave. */
#define IGMP_OLDER_PACKET_BYTES (IGMP_IP_HEADER_BYTES + 8)

/* Where v2 leaves go: all routers (RFC 2236 section 9). */
#define IGMP_LEAVE_DESTINATION 0xe0000002 /* 224.0.0.2 */

/*
 * The header of a packet of total_bytes: TTL 1, TOS 0xc0, DF, Router Alert (RFC 9776 section 4).
 */
void igmp_build_ip_header(
	uint8_t *ip, size_t total_bytes, struct in_addr source, struct in_addr destination);

/*
 * IGMP_TYPE_V1_REPORT, IGMP_TYPE_V2_REPORT or IGMP_TYPE_V2_LEAVE for `group` from `source`.
 * `packet` has room for IGMP_OLDER_PACKET_BYTES, which is its length. Returns the destination: the
 * group, or all routers for a leave (RFC 2236 section 9).
 */
struct in_addr igmp_build_older(
	uint8_t *packet, enum igmp_type type, struct in_addr source, struct in_addr group);

/* Times are rounded down to what their codes can say (RFC 9776 sections 4.1.1 and 4.1.7). */
struct igmp_query {
	unsigned version; /* 1 and 2 say nothing of what stands below `group` */
	struct in_addr source, destination;
	struct in_addr group;	  /* 0.0.0.0 asks for all */
	unsigned max_response_ds; /* tenths of a second; version 1 says none, version 2 up to 255 */
	bool suppress_router;
	unsigned robustness; /* QRV: above 7 it is sent as 0, "not given" (section 4.1.6) */
	unsigned query_interval_s;
	const struct in_addr *sources;
	uint16_t source_count;
};

/* The length of the packet, or -ENOSPC where it exceeds `size`. */
int igmp_build_query(uint8_t *packet, size_t size, const struct igmp_query *query);

/* The largest code whose value is not above `value`. */
uint8_t igmp_encode_code(unsigned value);
