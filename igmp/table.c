#include "igmp/table.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#define FIRST_BITS 4

/* `value` NULL: free. */
struct igmp_slot {
	uint64_t key;
	void *value;
};

void igmp_table_finish(struct igmp_table *table)
{
	free(table->slots);
	*table = (struct igmp_table){0};
}

void igmp_table_trim(struct igmp_table *table)
{
	if (table->count == 0)
		igmp_table_finish(table);
}

static size_t mask_of(const struct igmp_table *table)
{
	return ((size_t)1 << table->bits) - 1;
}

/* Fibonacci hashing: neighbouring groups are spread over the table. */
static size_t home_of(const struct igmp_table *table, uint64_t key)
{
	return (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - table->bits));
}

/* Where the key is, or the free slot where it would be. There is always a free one. */
static size_t find(const struct igmp_table *table, uint64_t key)
{
	size_t i = home_of(table, key);
	while (table->slots[i].value && table->slots[i].key != key)
		i = (i + 1) & mask_of(table);
	return i;
}

/* At most three quarters are in use, so that searches stay short. */
static bool is_enough(unsigned bits, size_t count)
{
	return count <= ((size_t)1 << bits) / 4 * 3;
}

int igmp_table_reserve(struct igmp_table *table, size_t more)
{
	struct igmp_table larger = {.bits = table->slots ? table->bits : FIRST_BITS};
	if (table->slots && is_enough(table->bits, table->count + more))
		return 0;
	while (!is_enough(larger.bits, table->count + more))
		larger.bits++;
	larger.slots = calloc((size_t)1 << larger.bits, sizeof larger.slots[0]);
	if (!larger.slots)
		return -ENOMEM;
	for (size_t i = 0; table->slots && i <= mask_of(table); i++) {
		if (table->slots[i].value)
			igmp_table_set(&larger, table->slots[i].key, table->slots[i].value);
	}
	free(table->slots);
	*table = larger;
	return 0;
}

void *igmp_table_get(const struct igmp_table *table, uint64_t key)
{
	return table->slots ? table->slots[find(table, key)].value : NULL;
}

/* Closes the gap: what was pushed beyond it by a collision moves back. */
static void remove_at(struct igmp_table *table, size_t gap)
{
	size_t mask = mask_of(table);
	for (size_t i = (gap + 1) & mask; table->slots[i].value; i = (i + 1) & mask) {
		size_t home = home_of(table, table->slots[i].key);
		if (((i - home) & mask) < ((i - gap) & mask))
			continue; /* its home lies behind the gap */
		table->slots[gap] = table->slots[i];
		gap = i;
	}
	table->slots[gap].value = NULL;
	table->count--;
}

void igmp_table_set(struct igmp_table *table, uint64_t key, void *value)
{
	if (!table->slots)
		return;
	size_t i = find(table, key);
	if (!value) {
		if (table->slots[i].value)
			remove_at(table, i);
		return;
	}
	table->count += !table->slots[i].value;
	table->slots[i] = (struct igmp_slot){key, value};
}
