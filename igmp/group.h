/*
 * igmp/group: one group's state on the interface and its series of state-change reports
 * (RFC 9776 section 5.1). Pure; time and packing are the host's.
 *
 * A change only sets `filter`. When a report leaves, igmp_group_begin() compares it with `told`,
 * what the routers heard last, so that no record is ever older than the state it speaks of.
 */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "igmp/host.h"
#include "igmp/wire.h"

/* The difference of two filters always fits. */
#define IGMP_MAX_PENDING_SOURCES (2 * IGMP_MAX_SOURCES)

#define IGMP_NEVER UINT64_MAX

/* One record to be sent; `sources` look into the group. */
struct igmp_group_record {
	enum igmp_record_type type;
	uint16_t count;
	const struct in_addr *sources;
};

struct igmp_group {
	struct in_addr address;
	struct igmp_filter filter; /* as wanted now */
	struct igmp_filter told;   /* as in the last state-change report */
	bool mac_joined;

	/* The series: how many more reports carry the mode, and each changed source. */
	bool report_due;
	unsigned mode_left;
	uint16_t pending_count;
	struct in_addr pending[IGMP_MAX_PENDING_SOURCES];
	unsigned pending_left[IGMP_MAX_PENDING_SOURCES];
	uint64_t repeat_ns; /* when the next one is due, IGMP_NEVER after the last */

	bool answer_due; /* a current-state record is owed to a querier */

	/* How far a list of records that needs several packets was sent. */
	unsigned sent_records;
	uint16_t sent_sources;
};

/* The group as it is without state: INCLUDE{}, and the routers know it. */
void igmp_group_init(struct igmp_group *group, struct in_addr address);

bool igmp_group_is_member(const struct igmp_group *group);
/* No member, and nothing left to do about it. */
bool igmp_group_is_idle(const struct igmp_group *group);

/* Starts the series of the change since `told`, if there is one, merged with what is pending. */
void igmp_group_begin(struct igmp_group *group, unsigned robustness);

/* The records of the next state-change report; their number. */
unsigned igmp_group_change_records(struct igmp_group *group, struct igmp_group_record ret[2]);
/* One state-change report has carried them. */
void igmp_group_reported(struct igmp_group *group);
/* Reports of the series that are still to be sent. */
unsigned igmp_group_reports_left(const struct igmp_group *group);

/* The current-state record that answers a general query (section 5.2). */
struct igmp_group_record igmp_group_state_record(const struct igmp_group *group);

/* Ends the series and forgets a pending answer. */
void igmp_group_end(struct igmp_group *group);
