/*
 * tests/unit/client/foresee/world: a line-up on air, a box that receives ahead what foresee wants,
 * and books about how warm its zaps were, in virtual time. Every channel has a GOP of 2 s at a
 * phase of its own; its random access point takes 200 ms of the wire.
 */
#pragma once

#include "client/foresee/foresee.h"

#include <glib.h>

#define MS UINT64_C(1000000)
#define SECOND (1000 * MS)
#define WORLD_START (100 * SECOND)

enum world_class { WORLD_UP_DOWN, WORLD_LAST, WORLD_CHOICE, WORLD_CLASSES };

struct world {
	struct foresee *foresee;
	struct foresee_channel *channels;
	size_t count;
	GRand *random;
	uint64_t now_ns;

	int channel, last;
	uint64_t tuned_ns;
	uint64_t *joined_ns; /* by channel; 0: not received */
	uint64_t *phase_ns;

	unsigned zaps[WORLD_CLASSES], warm[WORLD_CLASSES], partial[WORLD_CLASSES];
	unsigned zap_reports;	/* zaps that needed a report */
	unsigned ahead_reports; /* changes of what is received ahead, between zaps */
	unsigned ahead_joins;
	size_t most_received; /* streams at once, the watched one included */
	/* Zaps by one step within a minute of the one before: what the literature counts. */
	unsigned near;
};

struct world *world_new(size_t count, size_t streams, unsigned seed);
void world_free(struct world *w);
void world_forget_books(struct world *w);

void world_run_to(struct world *w, uint64_t at_ns);
void world_digits(struct world *w, const char *digits);
/* A press now; `to` matters for HISTORY_NUMBER and HISTORY_LIST. */
void world_press(struct world *w, enum history_action action, int to);
bool world_receives(const struct world *w, int channel);
unsigned world_total(const unsigned by_class[WORLD_CLASSES]);
/* Warm zaps of all, in percent. */
double world_share(const struct world *w);
void world_print(const struct world *w, const char *what);
double world_uniform(struct world *w);
