#include "igmp/users.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void igmp_users_init(struct igmp_users *users, struct in_addr group)
{
	*users = (struct igmp_users){.group = group};
	igmp_list_init(&users->list);
}

uint64_t igmp_users_key(const struct igmp_users *users, uint32_t id)
{
	return (uint64_t)ntohl(users->group.s_addr) << 32 | id;
}

void igmp_users_finish(struct igmp_users *users, struct igmp_table *table)
{
	struct igmp_node *node;
	while ((node = igmp_list_first(&users->list)) != NULL) {
		struct igmp_user *user = igmp_owner(node, struct igmp_user, node);
		igmp_table_set(table, igmp_users_key(users, user->id), NULL);
		igmp_list_remove(node);
		free(user);
	}
	free(users->sources);
	igmp_users_init(users, users->group);
}

struct igmp_user *igmp_user_new(uint32_t id, const struct igmp_filter *filter)
{
	size_t bytes = filter->source_count * sizeof filter->sources[0];
	struct igmp_user *user = calloc(1, sizeof *user + bytes);
	if (!user)
		return NULL;
	user->id = id;
	user->mode = filter->mode;
	user->source_count = filter->source_count;
	memcpy(user->sources, filter->sources, bytes);
	return user;
}

int igmp_users_reserve(struct igmp_users *users, struct igmp_table *table, uint16_t source_count)
{
	size_t room = users->source_count + source_count;
	if (room > users->source_room) {
		room += users->source_count / 2; /* so that many users cost few copies */
		struct igmp_source_uses *sources =
			realloc(users->sources, room * sizeof sources[0]);
		if (!sources)
			return -ENOMEM;
		users->sources = sources;
		users->source_room = room;
	}
	return igmp_table_reserve(table, 1);
}

/* Where the source is, or would be. */
static size_t find(const struct igmp_users *users, struct in_addr source)
{
	size_t low = 0, high = users->source_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (ntohl(users->sources[middle].source.s_addr) < ntohl(source.s_addr))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct igmp_source_uses *touch(struct igmp_users *users, struct in_addr source)
{
	size_t at = find(users, source);
	struct igmp_source_uses *uses = users->sources + at;
	if (at < users->source_count && uses->source.s_addr == source.s_addr)
		return uses;
	memmove(uses + 1, uses, (users->source_count - at) * sizeof *uses);
	users->source_count++;
	*uses = (struct igmp_source_uses){.source = source};
	return uses;
}

static void forget_unused(struct igmp_users *users, struct igmp_source_uses *uses)
{
	size_t behind = users->source_count - (size_t)(uses - users->sources) - 1;
	if (uses->includes > 0 || uses->excludes > 0)
		return;
	memmove(uses, uses + 1, behind * sizeof *uses);
	users->source_count--;
}

static void add(struct igmp_users *users, struct igmp_user *user)
{
	igmp_list_append(&users->list, &user->node);
	users->excluding += user->mode == IGMP_EXCLUDE;
	for (uint16_t i = 0; i < user->source_count; i++) {
		struct igmp_source_uses *uses = touch(users, user->sources[i]);
		if (user->mode == IGMP_EXCLUDE)
			uses->excludes++;
		else
			users->included_count += uses->includes++ == 0;
	}
}

static void drop(struct igmp_users *users, struct igmp_user *user)
{
	igmp_list_remove(&user->node);
	users->excluding -= user->mode == IGMP_EXCLUDE;
	for (uint16_t i = 0; i < user->source_count; i++) {
		struct igmp_source_uses *uses = touch(users, user->sources[i]);
		if (user->mode == IGMP_EXCLUDE)
			uses->excludes--;
		else
			users->included_count -= --uses->includes == 0;
		forget_unused(users, uses);
	}
}

struct igmp_user *igmp_users_swap(
	struct igmp_users *users, struct igmp_table *table, uint32_t id, struct igmp_user *user)
{
	struct igmp_user *before = igmp_table_get(table, igmp_users_key(users, id));
	if (before)
		drop(users, before);
	if (user)
		add(users, user);
	igmp_table_set(table, igmp_users_key(users, id), user);
	return before;
}

struct igmp_filter igmp_users_merge(const struct igmp_users *users)
{
	struct igmp_filter merged = {.mode = users->excluding > 0 ? IGMP_EXCLUDE : IGMP_INCLUDE};
	for (size_t i = 0; i < users->source_count; i++) {
		const struct igmp_source_uses *uses = &users->sources[i];
		bool listed = merged.mode == IGMP_INCLUDE
				      ? uses->includes > 0
				      : uses->excludes == users->excluding && uses->includes == 0;
		if (listed)
			merged.sources[merged.source_count++] = uses->source;
	}
	return merged;
}
