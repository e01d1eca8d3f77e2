#include "igmp/filter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool igmp_is_ssm(struct in_addr group)
{
	return ntohl(group.s_addr) >> 24 == 232;
}

static bool is_unicast(struct in_addr address)
{
	uint32_t host = ntohl(address.s_addr);
	return host != 0 && !IN_MULTICAST(host) && host != INADDR_BROADCAST;
}

int igmp_change_check(const struct igmp_change *change)
{
	const struct igmp_filter *filter = &change->filter;
	if (!IN_MULTICAST(ntohl(change->group.s_addr)))
		return -EINVAL;
	if (filter->source_count > IGMP_MAX_SOURCES)
		return -E2BIG;
	if (filter->mode == IGMP_EXCLUDE && igmp_is_ssm(change->group))
		return -EINVAL;
	for (uint16_t i = 0; i < filter->source_count; i++) {
		if (!is_unicast(filter->sources[i]))
			return -EINVAL;
	}
	return 0;
}

static int compare_addresses(const void *a, const void *b)
{
	uint32_t left = ntohl(((const struct in_addr *)a)->s_addr);
	uint32_t right = ntohl(((const struct in_addr *)b)->s_addr);
	return (left > right) - (left < right);
}

struct igmp_filter igmp_filter_normalise(const struct igmp_filter *filter)
{
	struct igmp_filter sorted = *filter;
	uint16_t kept = 0;
	qsort(sorted.sources, sorted.source_count, sizeof sorted.sources[0], compare_addresses);
	for (uint16_t i = 0; i < sorted.source_count; i++) {
		if (kept == 0 || sorted.sources[kept - 1].s_addr != sorted.sources[i].s_addr)
			sorted.sources[kept++] = sorted.sources[i];
	}
	sorted.source_count = kept;
	return sorted;
}

bool igmp_filter_is_empty(const struct igmp_filter *filter)
{
	return filter->mode == IGMP_INCLUDE && filter->source_count == 0;
}

bool igmp_filter_equal(const struct igmp_filter *a, const struct igmp_filter *b)
{
	return a->mode == b->mode && a->source_count == b->source_count &&
	       memcmp(a->sources, b->sources, a->source_count * sizeof a->sources[0]) == 0;
}

bool igmp_filter_forwards(const struct igmp_filter *filter, struct in_addr source)
{
	bool listed = bsearch(&source, filter->sources, filter->source_count,
		sizeof filter->sources[0], compare_addresses);
	return listed == (filter->mode == IGMP_INCLUDE);
}
