/*
 * igmp/list: a doubly linked list whose nodes are embedded in what they link, so that nothing is
 * allocated and everything leaves its list in constant time. Inside this room only.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A list's head, or a member; a member that is zeroed or removed is in no list. */
struct igmp_node {
	struct igmp_node *next, *prev;
};

/* The object that `node` is the `member` of. */
#define igmp_owner(node, type, member) ((type *)(void *)((char *)(node)-offsetof(type, member)))

static inline void igmp_list_init(struct igmp_node *list)
{
	list->next = list->prev = list;
}

static inline bool igmp_node_is_listed(const struct igmp_node *node)
{
	return node->next != NULL;
}

static inline void igmp_list_remove(struct igmp_node *node)
{
	if (!node->next)
		return;
	node->next->prev = node->prev;
	node->prev->next = node->next;
	node->next = node->prev = NULL;
}

/* Appends; from another list, or the same one's middle, it is moved. */
static inline void igmp_list_append(struct igmp_node *list, struct igmp_node *node)
{
	igmp_list_remove(node);
	node->next = list;
	node->prev = list->prev;
	list->prev->next = node;
	list->prev = node;
}

/* NULL when empty. */
static inline struct igmp_node *igmp_list_first(const struct igmp_node *list)
{
	return list->next == list ? NULL : list->next;
}
