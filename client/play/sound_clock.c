#include "client/play/sound_clock.h"

#define NS_PER_S UINT64_C(1000000000)

/* Seconds and the rest apart: samples times nanoseconds would overflow within days. */
static uint64_t next_ns(const struct sound_clock *clock)
{
	return clock->begin_ns + clock->samples / clock->rate * NS_PER_S +
	       clock->samples % clock->rate * NS_PER_S / clock->rate;
}

static double clamped(double value, double most)
{
	return value > most ? most : value < -most ? -most : value;
}

struct sound_step sound_clock_take(
	struct sound_clock *clock, uint64_t at_ns, uint64_t held_ns, unsigned rate)
{
	int64_t apart_ns = 0;
	if (clock->running)
		apart_ns = (int64_t)(at_ns - held_ns - next_ns(clock));
	bool far = apart_ns > SOUND_CLOCK_APART_NS || apart_ns < -SOUND_CLOCK_APART_NS;
	if (!clock->running || rate != clock->rate || far) {
		*clock = (struct sound_clock){.running = true, .begin_ns = at_ns, .rate = rate};
		return (struct sound_step){true, at_ns, 1};
	}
	double longer = (double)apart_ns / (double)SOUND_CLOCK_REACT_NS;
	return (struct sound_step){false, next_ns(clock), 1 + clamped(longer, SOUND_CLOCK_MOST)};
}

void sound_clock_count(struct sound_clock *clock, uint64_t samples)
{
	clock->samples += samples;
}
