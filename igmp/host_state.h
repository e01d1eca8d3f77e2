/*
 * igmp/host_state: what host.c (the events) and host_send.c (the packets) share. Inside this room
 * only.
 */
#pragma once

#include "igmp/group.h"
#include "igmp/host.h"

struct igmp_host {
	struct igmp_host_settings settings; /* every default filled in */
	struct in_addr address;
	struct igmp_querier querier;
	struct igmp_counters counters;
	uint64_t random;

	struct igmp_group **groups; /* ascending by address, room for settings.max_groups */
	size_t group_count;

	/*
	 * When the reports that are due now will be repeated: one moment for all groups of a batch,
	 * so that their records keep sharing a packet, while each group counts for itself.
	 */
	uint64_t repeat_ns;
	bool leaving_all;   /* the reports that are due now are the last: no repeats */
	uint64_t answer_ns; /* the interface timer of section 5.2 */
};

/* 224.0.0.1 is received always and reported never (section 5). */
bool igmp_group_is_reported(const struct igmp_group *group);

/* Frees the groups that nothing is left to do about. */
void igmp_host_forget_idle(struct igmp_host *host);
