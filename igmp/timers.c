#include "igmp/timers.h"

#include <errno.h>
#include <stdlib.h>

#define FIRST_ROOM 16

void igmp_timers_finish(struct igmp_timers *timers)
{
	free(timers->heap);
	*timers = (struct igmp_timers){0};
}

int igmp_timers_reserve(struct igmp_timers *timers, size_t total)
{
	size_t room = timers->room ? timers->room : FIRST_ROOM;
	while (room < total)
		room *= 2;
	if (room == timers->room)
		return 0;
	struct igmp_timer **heap = realloc(timers->heap, room * sizeof heap[0]);
	if (!heap)
		return -ENOMEM;
	timers->heap = heap;
	timers->room = room;
	return 0;
}

void igmp_timers_trim(struct igmp_timers *timers)
{
	if (timers->room == FIRST_ROOM || timers->count > FIRST_ROOM)
		return;
	struct igmp_timer **heap = realloc(timers->heap, FIRST_ROOM * sizeof heap[0]);
	if (!heap)
		return;
	timers->heap = heap;
	timers->room = FIRST_ROOM;
}

static bool is_before(const struct igmp_timer *a, const struct igmp_timer *b)
{
	return a->at_ns != b->at_ns ? a->at_ns < b->at_ns : a->order < b->order;
}

/* Places count from 1, so that the children of i are 2i and 2i + 1. */
static void put(struct igmp_timers *timers, size_t place, struct igmp_timer *timer)
{
	timers->heap[place - 1] = timer;
	timer->place = place;
}

static void rise(struct igmp_timers *timers, struct igmp_timer *timer)
{
	size_t place = timer->place;
	while (place > 1 && is_before(timer, timers->heap[place / 2 - 1])) {
		put(timers, place, timers->heap[place / 2 - 1]);
		place /= 2;
	}
	put(timers, place, timer);
}

static void sink(struct igmp_timers *timers, struct igmp_timer *timer)
{
	size_t place = timer->place;
	for (size_t child = 2 * place; child <= timers->count; child = 2 * place) {
		if (child < timers->count &&
			is_before(timers->heap[child], timers->heap[child - 1]))
			child++;
		if (!is_before(timers->heap[child - 1], timer))
			break;
		put(timers, place, timers->heap[child - 1]);
		place = child;
	}
	put(timers, place, timer);
}

void igmp_timer_set(struct igmp_timers *timers, struct igmp_timer *timer, uint64_t at_ns)
{
	timer->at_ns = at_ns;
	timer->order = timers->order++;
	if (timer->place == 0)
		put(timers, ++timers->count, timer);
	rise(timers, timer);
	sink(timers, timer);
}

void igmp_timer_cancel(struct igmp_timers *timers, struct igmp_timer *timer)
{
	if (timer->place == 0)
		return;
	struct igmp_timer *last = timers->heap[--timers->count];
	if (last != timer) {
		put(timers, timer->place, last);
		rise(timers, last);
		sink(timers, last);
	}
	timer->place = 0;
}

bool igmp_timer_is_running(const struct igmp_timer *timer)
{
	return timer->place != 0;
}

uint64_t igmp_timers_next_ns(const struct igmp_timers *timers)
{
	return timers->count > 0 ? timers->heap[0]->at_ns : IGMP_NEVER;
}

struct igmp_timer *igmp_timers_take(struct igmp_timers *timers, uint64_t now_ns)
{
	if (igmp_timers_next_ns(timers) > now_ns || timers->count == 0)
		return NULL;
	struct igmp_timer *first = timers->heap[0];
	igmp_timer_cancel(timers, first);
	return first;
}
