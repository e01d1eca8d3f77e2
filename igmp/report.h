/*
 * igmp/report: builds IGMPv3 membership reports as complete IPv4 packets (RFC 9776 section 4.2), in
 * memory of the caller. Pure.
 *
 *   igmp_report_begin(); igmp_report_add() as often as it takes something; igmp_report_finish()
 */
#pragma once

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#include "igmp/wire.h"

/* Where v3 reports go (section 4.2.16). */
#define IGMP_REPORT_DESTINATION 0xe0000016 /* 224.0.0.22 */

/* The smallest MTU of IPv4 (RFC 791): a report of it carries a record with 7 sources. */
#define IGMP_MTU_MIN_BYTES 68

struct igmp_report {
	uint8_t *packet;
	size_t len;
	size_t max_bytes;
	uint16_t record_count;
};

/* `packet` has room for max_bytes, the interface's MTU, at least IGMP_MTU_MIN_BYTES. */
void igmp_report_begin(struct igmp_report *report, uint8_t *packet, size_t max_bytes);

/*
 * Appends one record as far as it fits and returns how many of its sources were taken, or -ENOSPC:
 * nothing was, the report has to be finished and the record goes into the next one. A record that
 * fits into a packet of its own is not split. Of a longer one the rest is added to the next report
 * by the caller, except with IS_EX and TO_EX, which are truncated (section 4.2.17).
 */
int igmp_report_add(struct igmp_report *report, enum igmp_record_type type, struct in_addr group,
	const struct in_addr *sources, uint16_t count);

/* Fills in both headers and returns the length of the packet. */
size_t igmp_report_finish(struct igmp_report *report, struct in_addr source);
