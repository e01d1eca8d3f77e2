/*
 * igmp/said: the last things that were noticed, for who asks later. Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "igmp/notice.h"

/* More push the oldest out: memory is bounded, whatever the network does. */
#define IGMP_SAID_MAX 16

struct igmp_said {
	uint64_t at_ns;
	const char *type; /* a stable word for scripts, e.g. "querier-changed"; static */
	const char *sentence;
};

/* {0} is empty. */
struct igmp_said_list {
	uint64_t count; /* ever said */
	struct {
		uint64_t at_ns;
		const char *type;
		char sentence[IGMP_NOTICE_MAX_BYTES];
	} last[IGMP_SAID_MAX];
};

/* The sentence is copied; what is returned is valid until IGMP_SAID_MAX more have been said. */
struct igmp_said igmp_said_add(
	struct igmp_said_list *list, uint64_t at_ns, const char *type, const char *sentence);

/* Oldest first. */
void igmp_said_each(const struct igmp_said_list *list,
	void (*visit)(void *ctx, const struct igmp_said *said), void *ctx);
