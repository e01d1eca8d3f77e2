#include "igmp/group.h"

#include <string.h>

#include "igmp/filter.h"

void igmp_group_init(struct igmp_group *group, struct in_addr address)
{
	*group = (struct igmp_group){.address = address};
	igmp_users_init(&group->users, address);
}

bool igmp_group_is_member(const struct igmp_group *group)
{
	return !igmp_filter_is_empty(&group->filter);
}

bool igmp_group_is_idle(const struct igmp_group *group)
{
	return !igmp_group_is_member(group) && igmp_filter_is_empty(&group->told) &&
	       !group->mac_joined && igmp_group_reports_left(group) == 0;
}

static void forget_pending(struct igmp_group *group, uint16_t i)
{
	uint16_t last = --group->pending_count;
	group->pending[i] = group->pending[last];
	group->pending_left[i] = group->pending_left[last];
}

/* False where there is no room. */
static bool set_pending(struct igmp_group *group, struct in_addr source, unsigned robustness)
{
	uint16_t i = 0;
	while (i < group->pending_count && group->pending[i].s_addr != source.s_addr)
		i++;
	if (i == IGMP_MAX_PENDING_SOURCES)
		return false;
	if (i == group->pending_count)
		group->pending[group->pending_count++] = source;
	group->pending_left[i] = (uint8_t)robustness;
	return true;
}

/* Makes each source of `list` pending that `told` and `filter` treat differently. */
static bool merge_sources(
	struct igmp_group *group, const struct igmp_filter *list, unsigned robustness)
{
	for (uint16_t i = 0; i < list->source_count; i++) {
		struct in_addr source = list->sources[i];
		if (igmp_filter_forwards(&group->told, source) ==
			igmp_filter_forwards(&group->filter, source))
			continue;
		if (!set_pending(group, source, robustness))
			return false;
	}
	return true;
}

/* The next reports carry the whole filter; what was pending of single sources is in it. */
static void begin_mode(struct igmp_group *group, unsigned robustness)
{
	group->mode_left = robustness;
	group->pending_count = 0;
}

bool igmp_group_begin(struct igmp_group *group, unsigned robustness)
{
	if (igmp_filter_equal(&group->told, &group->filter))
		return false;
	/*
	 * Where many changes in a row leave more sources pending than there is room for, the whole
	 * filter says the same in bounded memory.
	 */
	if (group->told.mode != group->filter.mode ||
		!merge_sources(group, &group->told, robustness) ||
		!merge_sources(group, &group->filter, robustness))
		begin_mode(group, robustness);
	group->told = group->filter;
	group->change_sent = (struct igmp_progress){0};
	return true;
}

/* Puts the pending sources that are to be forwarded first; their number. */
static uint16_t sort_pending(struct igmp_group *group)
{
	uint16_t forwarded = 0;
	for (uint16_t i = 0; i < group->pending_count; i++) {
		if (!igmp_filter_forwards(&group->filter, group->pending[i]))
			continue;
		struct in_addr source = group->pending[i];
		uint8_t left = group->pending_left[i];
		group->pending[i] = group->pending[forwarded];
		group->pending_left[i] = group->pending_left[forwarded];
		group->pending[forwarded] = source;
		group->pending_left[forwarded] = left;
		forwarded++;
	}
	return forwarded;
}

static struct igmp_group_record mode_record(const struct igmp_filter *filter)
{
	return (struct igmp_group_record){
		.type = filter->mode == IGMP_INCLUDE ? IGMP_TO_IN : IGMP_TO_EX,
		.count = filter->source_count,
		.sources = filter->sources,
	};
}

/* The table at the end of section 5.1; empty ALLOW and BLOCK records are left out. */
unsigned igmp_group_change_records(struct igmp_group *group, enum igmp_ssm_leave ssm_leave,
	struct igmp_group_record ret[IGMP_MAX_CHANGE_RECORDS])
{
	bool leaves = !igmp_group_is_member(group);
	unsigned n = 0;
	if (group->mode_left > 0 || (leaves && ssm_leave == IGMP_SSM_LEAVE_TO_IN)) {
		ret[0] = mode_record(&group->filter);
		return 1;
	}
	uint16_t allow = sort_pending(group);
	uint16_t block = (uint16_t)(group->pending_count - allow);
	if (allow > 0)
		ret[n++] = (struct igmp_group_record){IGMP_ALLOW, allow, group->pending};
	if (block > 0)
		ret[n++] = (struct igmp_group_record){IGMP_BLOCK, block, group->pending + allow};
	if (leaves && ssm_leave == IGMP_SSM_LEAVE_BOTH)
		ret[n++] = mode_record(&group->filter);
	return n;
}

/* A mode record tells of the changed sources too: their counts go down with every report. */
void igmp_group_reported(struct igmp_group *group)
{
	if (group->mode_left > 0)
		group->mode_left--;
	for (uint16_t i = group->pending_count; i-- > 0;) {
		if (--group->pending_left[i] == 0)
			forget_pending(group, i);
	}
}

unsigned igmp_group_reports_left(const struct igmp_group *group)
{
	unsigned left = group->mode_left;
	for (uint16_t i = 0; i < group->pending_count; i++) {
		if (group->pending_left[i] > left)
			left = group->pending_left[i];
	}
	return left;
}

void igmp_group_end(struct igmp_group *group)
{
	group->mode_left = 0;
	group->pending_count = 0;
	group->change_sent = (struct igmp_progress){0};
}

/* Where the source is among those asked for, or would be. */
static uint16_t find_queried(const struct igmp_group *group, struct in_addr source)
{
	uint16_t low = 0, high = group->queried_count;
	while (low < high) {
		uint16_t middle = (uint16_t)((low + high) / 2);
		if (ntohl(group->queried[middle].s_addr) < ntohl(source.s_addr))
			low = (uint16_t)(middle + 1);
		else
			high = middle;
	}
	return low;
}

bool igmp_group_add_queried(struct igmp_group *group, const uint8_t *sources, uint16_t count)
{
	for (uint16_t i = 0; i < count; i++) {
		struct in_addr source = igmp_source(sources, i);
		uint16_t at = find_queried(group, source);
		if (at < group->queried_count && group->queried[at].s_addr == source.s_addr)
			continue;
		if (group->queried_count == IGMP_MAX_QUERIED_SOURCES) {
			group->queried_count = 0;
			return false;
		}
		memmove(group->queried + at + 1, group->queried + at,
			(size_t)(group->queried_count - at) * sizeof group->queried[0]);
		group->queried[at] = source;
		group->queried_count++;
	}
	return true;
}

/* IN(A) asked for B: IS_IN(A*B). EX(A): IS_IN(B-A). Both are what is forwarded of B. */
static struct igmp_group_record queried_record(
	const struct igmp_group *group, struct in_addr room[IGMP_MAX_QUERIED_SOURCES])
{
	struct igmp_group_record record = {.type = IGMP_IS_IN, .sources = room};
	for (uint16_t i = 0; i < group->queried_count; i++) {
		if (igmp_filter_forwards(&group->filter, group->queried[i]))
			room[record.count++] = group->queried[i];
	}
	return record;
}

bool igmp_group_answer_record(const struct igmp_group *group,
	struct in_addr room[IGMP_MAX_QUERIED_SOURCES], struct igmp_group_record *ret)
{
	if (!igmp_group_is_member(group))
		return false;
	if (group->queried_count > 0 && !group->answer_whole) {
		*ret = queried_record(group, room);
		return ret->count > 0;
	}
	*ret = (struct igmp_group_record){
		.type = group->filter.mode == IGMP_INCLUDE ? IGMP_IS_IN : IGMP_IS_EX,
		.count = group->filter.source_count,
		.sources = group->filter.sources,
	};
	return true;
}
