/*
 * igmp/table: a hash table from 64-bit keys to pointers, open addressing. Keys are this host's own
 * (groups and users of this box), so nobody outside can choose them to collide. Inside this room
 * only.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct igmp_table {
	struct igmp_slot *slots;
	unsigned bits; /* there are 2^bits slots, none where `slots` is NULL */
	size_t count;
};

/* A zeroed table is empty. Frees the table, not what it points to. */
void igmp_table_finish(struct igmp_table *table);

/* Makes room for `more` keys, so that setting them cannot fail. -ENOMEM. */
int igmp_table_reserve(struct igmp_table *table, size_t more);

/* NULL where the key is not there. */
void *igmp_table_get(const struct igmp_table *table, uint64_t key);

/* `value` NULL removes. There has to be room for a key that is new. */
void igmp_table_set(struct igmp_table *table, uint64_t key, void *value);

/* Gives the memory of an empty table back. */
void igmp_table_trim(struct igmp_table *table);
