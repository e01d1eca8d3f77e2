/*
 * foresee/history: what this viewer did, counted so that old habits fade. Pure. Channels are
 * indexes of the line-up.
 */
#pragma once

#include <stddef.h>

enum history_action {
	HISTORY_UP,
	HISTORY_DOWN,
	HISTORY_LAST,
	HISTORY_NUMBER,
	HISTORY_LIST, /* of channels, favourites, guide */
	HISTORY_ACTIONS,
};

/* What came before an action, as far as it matters for the next one. */
enum history_context {
	HISTORY_AFTER_UP,
	HISTORY_AFTER_DOWN,
	HISTORY_AFTER_LAST,
	HISTORY_AFTER_CHOICE, /* by number or list */
	HISTORY_WATCHING,     /* the channel was watched for long */
	HISTORY_CONTEXTS,
};

/* From this channel by this action to that one, so often, as of the newest transition of all. */
struct history_row {
	int from, to;
	enum history_action action;
	double weight;
};

struct history;
struct history *history_new(size_t channels);
void history_free(struct history *h); /* accepts NULL */

/* A transition: `from` may be negative (the first channel of all). */
void history_add(struct history *h, enum history_context context, int from,
	enum history_action action, int to);

/* Adds rows that were taken out before; those that do not fit the channels are left out. */
void history_load(struct history *h, const struct history_row *rows, size_t n);
/*
 * Writes the rows that still weigh something, the heaviest `max` of them where there are more;
 * returns how many there are. To be kept as plain rows.
 */
size_t history_rows(const struct history *h, struct history_row *ret, size_t max);

/* The same of what is done next after what, whichever the channels: how often, by context. */
void history_moods(const struct history *h, double ret[HISTORY_CONTEXTS][HISTORY_ACTIONS]);
/* Adds it; what is not above 0 is left out. */
void history_load_moods(struct history *h, double moods[HISTORY_CONTEXTS][HISTORY_ACTIONS]);

/*
 * The line-up is another one, of so many channels: channel i is to[i] from now on, negative: gone,
 * and what was done there with it.
 */
void history_move(struct history *h, const int *to, size_t channels);

/*
 * How likely each action comes next; sums up to 1. Before anything is known: most zaps are
 * steps, and go on in the direction of travel.
 */
void history_next_action(
	const struct history *h, enum history_context context, double ret[HISTORY_ACTIONS]);

/*
 * How likely each channel is chosen by number or list from here; sums up to 1. ret[] and prior[]
 * (how it is where nothing is known) have as many as there are channels.
 */
void history_next_choice(const struct history *h, int from, const double *prior, double *ret);
