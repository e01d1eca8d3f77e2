#include "tests/unit/client/foresee/world.h"

#include <stdio.h>
#include <string.h>

#define GOP_NS (2 * SECOND)
#define RAP_WIRE_NS (200 * MS)
#define JOIN_NS (20 * MS) /* from the report to the first packet */
#define WATCHED_NS (5 * SECOND)

struct world *world_new(size_t count, size_t streams, unsigned seed)
{
	struct world *w = g_new0(struct world, 1);
	w->count = count;
	w->channels = g_new0(struct foresee_channel, count);
	for (size_t i = 0; i < count; i++)
		w->channels[i].number = (uint32_t)i + 1;
	w->foresee = foresee_new(&(struct budget_settings){.streams = streams}, w->channels, count);
	w->random = g_rand_new_with_seed(seed);
	w->now_ns = WORLD_START;
	w->channel = w->last = FORESEE_NONE;
	w->joined_ns = g_new0(uint64_t, count);
	w->phase_ns = g_new0(uint64_t, count);
	for (size_t i = 0; i < count; i++)
		w->phase_ns[i] = (uint64_t)(world_uniform(w) * (double)GOP_NS);
	return w;
}

void world_free(struct world *w)
{
	foresee_free(w->foresee);
	g_rand_free(w->random);
	g_free(w->channels);
	g_free(w->joined_ns);
	g_free(w->phase_ns);
	g_free(w);
}

double world_uniform(struct world *w)
{
	return g_rand_double(w->random);
}

void world_forget_books(struct world *w)
{
	memset(w->zaps, 0, sizeof w->zaps);
	memset(w->warm, 0, sizeof w->warm);
	memset(w->partial, 0, sizeof w->partial);
	w->zap_reports = w->ahead_reports = w->ahead_joins = w->near = 0;
	w->most_received = 0;
}

bool world_receives(const struct world *w, int channel)
{
	return w->joined_ns[channel] != 0;
}

/* Has a random access point that began behind the join arrived whole by now? */
static bool is_warm(const struct world *w, int channel)
{
	if (!w->joined_ns[channel])
		return false;
	uint64_t from_ns = w->joined_ns[channel] + JOIN_NS;
	uint64_t into_gop_ns = (from_ns - w->phase_ns[channel]) % GOP_NS;
	uint64_t rap_ns = from_ns + (GOP_NS - into_gop_ns) % GOP_NS;
	return rap_ns + RAP_WIRE_NS <= w->now_ns;
}

/* Receives the watched channel and what is wanted, and nothing else; returns the joins. */
static unsigned follow(struct world *w)
{
	size_t n;
	unsigned joins = 0;
	const int *wanted = foresee_wanted(w->foresee, &n);
	bool *keep = g_new0(bool, w->count);
	if (w->channel >= 0)
		keep[w->channel] = true;
	for (size_t i = 0; i < n; i++)
		keep[wanted[i]] = true;
	size_t received = 0;
	for (size_t i = 0; i < w->count; i++) {
		joins += keep[i] && !w->joined_ns[i];
		if (!keep[i])
			w->joined_ns[i] = 0;
		else if (!w->joined_ns[i])
			w->joined_ns[i] = w->now_ns;
		received += keep[i];
	}
	w->most_received = MAX(w->most_received, received);
	g_free(keep);
	return joins;
}

static void follow_ahead(struct world *w)
{
	w->ahead_reports++;
	w->ahead_joins += follow(w);
}

void world_run_to(struct world *w, uint64_t at_ns)
{
	for (uint64_t deadline_ns; (deadline_ns = foresee_deadline(w->foresee)) <= at_ns;) {
		w->now_ns = MAX(w->now_ns, deadline_ns);
		struct foresee_event event = {.type = FORESEE_TIMER, .at_ns = w->now_ns};
		if (foresee_handle(w->foresee, &event))
			follow_ahead(w);
	}
	w->now_ns = at_ns;
}

void world_digits(struct world *w, const char *digits)
{
	struct foresee_event event = {.type = FORESEE_DIGITS, .at_ns = w->now_ns, .digits = digits};
	if (foresee_handle(w->foresee, &event))
		follow_ahead(w);
}

static int target(const struct world *w, enum history_action action, int to)
{
	int n = (int)w->count;
	switch (action) {
	case HISTORY_UP:
		return (w->channel + 1) % n;
	case HISTORY_DOWN:
		return (w->channel + n - 1) % n;
	case HISTORY_LAST:
		return w->last;
	default:
		return to;
	}
}

static void keep_books(struct world *w, enum history_action action, int to)
{
	enum world_class class = action == HISTORY_LAST	  ? WORLD_LAST
				 : action <= HISTORY_DOWN ? WORLD_UP_DOWN
							  : WORLD_CHOICE;
	w->zaps[class]++;
	w->warm[class] += is_warm(w, to);
	w->partial[class] += !is_warm(w, to) && world_receives(w, to);
	w->near += class == WORLD_UP_DOWN && w->now_ns < w->tuned_ns + 60 * SECOND;
}

void world_press(struct world *w, enum history_action action, int to)
{
	to = target(w, action, to);
	if (to == FORESEE_NONE || to == w->channel)
		return;
	if (w->channel != FORESEE_NONE)
		keep_books(w, action, to);
	bool watched = w->now_ns >= w->tuned_ns + WATCHED_NS;
	if (w->channel != FORESEE_NONE && (watched || w->last == FORESEE_NONE))
		w->last = w->channel;
	bool *received = g_new0(bool, w->count);
	for (size_t i = 0; i < w->count; i++)
		received[i] = world_receives(w, (int)i);
	w->channel = to;
	w->tuned_ns = w->now_ns;
	foresee_handle(w->foresee, &(struct foresee_event){.type = FORESEE_TUNED,
					   .at_ns = w->now_ns,
					   .channel = to,
					   .last = w->last,
					   .action = action});
	follow(w);
	bool reports = false;
	for (size_t i = 0; i < w->count; i++)
		reports |= received[i] != world_receives(w, (int)i);
	w->zap_reports += reports;
	g_free(received);
}

unsigned world_total(const unsigned by_class[WORLD_CLASSES])
{
	return by_class[WORLD_UP_DOWN] + by_class[WORLD_LAST] + by_class[WORLD_CHOICE];
}

double world_share(const struct world *w)
{
	return 100. * world_total(w->warm) / MAX(world_total(w->zaps), 1);
}

void world_print(const struct world *w, const char *what)
{
	unsigned zaps = MAX(world_total(w->zaps), 1);
	printf("%s: %u zaps, warm %.1f %%, partial %.1f %%; up/down %u (%.1f %% warm), last %u "
	       "(%.1f %%), choice %u (%.1f %%); reports: zaps %u, ahead %u (joins %u); at most %zu "
	       "streams\n",
		what, zaps, world_share(w), 100. * world_total(w->partial) / zaps,
		w->zaps[WORLD_UP_DOWN],
		100. * w->warm[WORLD_UP_DOWN] / MAX(w->zaps[WORLD_UP_DOWN], 1), w->zaps[WORLD_LAST],
		100. * w->warm[WORLD_LAST] / MAX(w->zaps[WORLD_LAST], 1), w->zaps[WORLD_CHOICE],
		100. * w->warm[WORLD_CHOICE] / MAX(w->zaps[WORLD_CHOICE], 1), w->zap_reports,
		w->ahead_reports, w->ahead_joins, w->most_received);
}
