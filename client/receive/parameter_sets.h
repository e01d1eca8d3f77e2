/*
 * receive/parameter_sets: the newest parameter sets of a video stream, for access units that lack
 * them. Pure.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

/* Zeroed: none. */
struct parameter_sets {
	unsigned which; /* VIDEO_SET_* */
	size_t bytes;
	GArray *list; /* in the order of the stream; NULL: none */
};

void parameter_sets_clear(struct parameter_sets *sets);
/* Behind those that are there. `id`: its number among those of its kind. */
void parameter_sets_add(
	struct parameter_sets *sets, unsigned which, unsigned id, const uint8_t *data, size_t len);
/* Moves those of `own` behind the others; `own` is emptied. */
void parameter_sets_move(struct parameter_sets *sets, struct parameter_sets *own);
/*
 * Those of an access unit: with a sequence set they replace all before, else each the one of its
 * kind and number. `own` is emptied.
 */
void parameter_sets_update(struct parameter_sets *sets, struct parameter_sets *own);
/* A copy of an access unit with the sets put in at `offset`. */
GBytes *parameter_sets_insert(
	const struct parameter_sets *sets, const uint8_t *unit, size_t len, size_t offset);
