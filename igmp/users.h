/*
 * igmp/users: the users of one group, each with a filter of its own, and the one filter that they
 * make together (RFC 9776 section 3.2). Each source knows how many users include and exclude it, so
 * that a change costs by its sources, however many users there are. Inside this room only.
 */
#pragma once

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#include "igmp/host.h"
#include "igmp/list.h"
#include "igmp/table.h"

/* What one user wants of one group: never INCLUDE{}, which is no user. */
struct igmp_user {
	struct igmp_node node;
	uint32_t id;
	enum igmp_filter_mode mode;
	uint16_t source_count;
	struct in_addr sources[];
};

struct igmp_source_uses {
	struct in_addr source;
	uint32_t includes, excludes;
};

struct igmp_users {
	struct in_addr group;
	struct igmp_node list;
	uint32_t excluding;		  /* users with an EXCLUDE filter */
	struct igmp_source_uses *sources; /* ascending */
	size_t source_count, source_room;
	size_t included_count; /* sources that some user includes */
};

void igmp_users_init(struct igmp_users *users, struct in_addr group);
/* Frees the users too, and takes them out of the table. */
void igmp_users_finish(struct igmp_users *users, struct igmp_table *table);

/* One for each user of each group: what tables of users are kept by. */
uint64_t igmp_users_key(const struct igmp_users *users, uint32_t id);

/* From a normalised filter that is not empty; NULL without memory. */
struct igmp_user *igmp_user_new(uint32_t id, const struct igmp_filter *filter);

/*
 * Makes room in both for a further user with source_count sources, so that the swap cannot fail,
 * and none that takes it back. -ENOMEM.
 */
int igmp_users_reserve(struct igmp_users *users, struct igmp_table *table, uint16_t source_count);

/*
 * Puts `user` in the place of the one with that id, or none where it is NULL. The table finds users
 * of all groups. Returns the one before, which is the caller's, or NULL.
 */
struct igmp_user *igmp_users_swap(
	struct igmp_users *users, struct igmp_table *table, uint32_t id, struct igmp_user *user);

/*
 * Section 3.2: with any EXCLUDE the intersection of those less what others include, else the union.
 * The union never exceeds what fits, as long as included_count does not exceed IGMP_MAX_SOURCES.
 */
struct igmp_filter igmp_users_merge(const struct igmp_users *users);
