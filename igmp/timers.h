/*
 * igmp/timers: a heap of timers that are embedded in their owners. Setting, moving and cancelling
 * cost the logarithm of their number. Inside this room only.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IGMP_NEVER UINT64_MAX

/* A zeroed timer is not running. Of two that are due together the one set first comes first. */
struct igmp_timer {
	uint64_t at_ns;
	uint64_t order;
	size_t place; /* in the heap, from 1; 0: not running */
	int kind;     /* what its owner is; not looked at here */
};

struct igmp_timers {
	struct igmp_timer **heap;
	size_t count, room;
	uint64_t order;
};

/* Zeroed, there is none. */
void igmp_timers_finish(struct igmp_timers *timers);

/* Makes room for `total` running timers, so that setting them cannot fail. -ENOMEM. */
int igmp_timers_reserve(struct igmp_timers *timers, size_t total);

/* Gives back what room exceeds that of a few; only while not more are running. */
void igmp_timers_trim(struct igmp_timers *timers);

/* Starts or moves it. */
void igmp_timer_set(struct igmp_timers *timers, struct igmp_timer *timer, uint64_t at_ns);
void igmp_timer_cancel(struct igmp_timers *timers, struct igmp_timer *timer);
bool igmp_timer_is_running(const struct igmp_timer *timer);

/* When the first one is due; IGMP_NEVER without any. */
uint64_t igmp_timers_next_ns(const struct igmp_timers *timers);
/* Takes out the first one that is due at now_ns; NULL when none is. */
struct igmp_timer *igmp_timers_take(struct igmp_timers *timers, uint64_t now_ns);
