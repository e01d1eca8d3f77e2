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
	GByteArray *data;
};

void parameter_sets_clear(struct parameter_sets *sets);
void parameter_sets_add(
	struct parameter_sets *sets, unsigned which, const uint8_t *data, size_t len);
/* Those of an access unit with a sequence set replace the ones before; `own` is emptied. */
void parameter_sets_update(struct parameter_sets *sets, struct parameter_sets *own);
/* A copy of an access unit with the sets put in at `offset`. */
GBytes *parameter_sets_insert(
	const struct parameter_sets *sets, const uint8_t *unit, size_t len, size_t offset);
