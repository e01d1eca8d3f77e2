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
#include "igmp/list.h"
#include "igmp/timers.h"
#include "igmp/users.h"
#include "igmp/wire.h"

/* The difference of two filters always fits. */
#define IGMP_MAX_PENDING_SOURCES (2 * IGMP_MAX_SOURCES)

/* Sources of queries remembered per group; beyond, the whole group is answered for. */
#define IGMP_MAX_QUERIED_SOURCES 64

/* A group has two records at most in a state-change report: ALLOW and BLOCK, or BLOCK and TO_IN. */
#define IGMP_MAX_CHANGE_RECORDS 2

/* One record to be sent; `sources` look into the group. */
struct igmp_group_record {
	enum igmp_record_type type;
	uint16_t count;
	const struct in_addr *sources;
};

/* How far a list of records that needs several packets was sent. */
struct igmp_progress {
	unsigned records;
	uint16_t sources;
};

struct igmp_group {
	struct in_addr address;
	struct igmp_users users;
	struct igmp_filter filter; /* as wanted now: the users' filters merged */
	struct igmp_filter told;   /* as in the last state-change report */
	bool mac_joined;

	/* The host's lists that it may be in; each node is in one at most. */
	struct igmp_node all, changed, due, answering, mac;

	/*
	 * The series: how many more reports carry the mode, and each changed source. To an older
	 * querier, which knows no sources, mode_left alone counts.
	 */
	unsigned mode_left;
	uint16_t pending_count;
	uint8_t pending_left[IGMP_MAX_PENDING_SOURCES];
	struct in_addr pending[IGMP_MAX_PENDING_SOURCES];
	struct igmp_progress change_sent;
	struct igmp_timer repeat; /* runs until the next one is due */
	bool held;		  /* the timer runs until the first one is: a gap after a leave */

	/* Section 5.2: what a querier asked, until `answer` is due. No source: for the group. */
	struct igmp_timer answer;
	bool answer_whole; /* the interface's answer: of the group, whatever was asked of it */
	uint16_t queried_count;
	struct in_addr queried[IGMP_MAX_QUERIED_SOURCES]; /* ascending */
	struct igmp_progress answer_sent;
};

/* The group as it is without state: INCLUDE{}, and the routers know it. */
void igmp_group_init(struct igmp_group *group, struct in_addr address);

bool igmp_group_is_member(const struct igmp_group *group);
/* No member, and nothing left to do about it. */
bool igmp_group_is_idle(const struct igmp_group *group);

/*
 * Starts the series of the change since `told`, if there is one, merged with what is pending. False
 * where there is none. `robustness` is at most 255.
 */
bool igmp_group_begin(struct igmp_group *group, unsigned robustness);

/* The records of the next state-change report; their number. */
unsigned igmp_group_change_records(struct igmp_group *group, enum igmp_ssm_leave ssm_leave,
	struct igmp_group_record ret[IGMP_MAX_CHANGE_RECORDS]);
/* One state-change report has carried them. */
void igmp_group_reported(struct igmp_group *group);
/* Reports of the series that are still to be sent. */
unsigned igmp_group_reports_left(const struct igmp_group *group);
/* Nothing of the series is left to be said; timers and lists are the host's. */
void igmp_group_end(struct igmp_group *group);

/*
 * Remembers the sources that a querier asked for (section 5.2). False where they are too many: all
 * are forgotten, and the answer is for the whole group.
 */
bool igmp_group_add_queried(struct igmp_group *group, const uint8_t *sources, uint16_t count);

/*
 * The current-state record that answers (section 5.2). Its sources are put into `room` where single
 * ones were asked for. False where there is nothing to say.
 */
bool igmp_group_answer_record(const struct igmp_group *group,
	struct in_addr room[IGMP_MAX_QUERIED_SOURCES], struct igmp_group_record *ret);
