#include "igmp/said.h"

#include <stdio.h>

static struct igmp_said said_at(const struct igmp_said_list *list, uint64_t number)
{
	size_t i = number % IGMP_SAID_MAX;
	return (struct igmp_said){list->last[i].at_ns, list->last[i].type, list->last[i].sentence};
}

struct igmp_said igmp_said_add(
	struct igmp_said_list *list, uint64_t at_ns, const char *type, const char *sentence)
{
	uint64_t number = list->count++;
	size_t i = number % IGMP_SAID_MAX;
	list->last[i].at_ns = at_ns;
	list->last[i].type = type;
	snprintf(list->last[i].sentence, sizeof list->last[i].sentence, "%s", sentence);
	return said_at(list, number);
}

void igmp_said_each(const struct igmp_said_list *list,
	void (*visit)(void *ctx, const struct igmp_said *said), void *ctx)
{
	uint64_t first = list->count > IGMP_SAID_MAX ? list->count - IGMP_SAID_MAX : 0;
	for (uint64_t number = first; number < list->count; number++) {
		const struct igmp_said said = said_at(list, number);
		visit(ctx, &said);
	}
}
