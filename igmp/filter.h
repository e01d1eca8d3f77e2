/*
 * igmp/filter: what is wanted of one group, and the set arithmetic on it (RFC 9776 section 3).
 * Pure. Filters inside this room are normalised: their sources ascend and none is there twice.
 */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "igmp/host.h"

/* RFC 4607 section 1: source-specific multicast, 232/8. */
bool igmp_is_ssm(struct in_addr group);

/*
 * Whether a change may be asked for at all. -EINVAL: not a multicast group, an EXCLUDE filter
 * within 232/8 (RFC 4604 section 2.1: such a group has no any-source join), or a source that is no
 * unicast address. -E2BIG: more than IGMP_MAX_SOURCES sources.
 */
int igmp_change_check(const struct igmp_change *change);

/* `filter` with its sources sorted and without doubles. */
struct igmp_filter igmp_filter_normalise(const struct igmp_filter *filter);

/* INCLUDE{}: nothing is wanted (section 5.1: the state of a group without state). */
bool igmp_filter_is_empty(const struct igmp_filter *filter);
bool igmp_filter_equal(const struct igmp_filter *a, const struct igmp_filter *b);

/* Whether a router has to forward this source. */
bool igmp_filter_forwards(const struct igmp_filter *filter, struct in_addr source);
