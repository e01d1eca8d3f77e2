/*
 * receive/parameter_sets: the newest parameter sets of a video stream, for access units that lack
 * them. Pure.
 *
 * Before the stream's own came there may be others that are expected of it, from an earlier time.
 */
#pragma once

#include "client/receive/video.h"

#include <glib.h>

/* Zeroed: none. */
struct parameter_sets {
	unsigned which; /* VIDEO_SET_* */
	size_t bytes;
	bool expected; /* one at least is only that ... */
	bool trusted;  /* ... and was put into an access unit */
	GArray *list;  /* in the order of the stream; NULL: none */
};

void parameter_sets_clear(struct parameter_sets *sets);
/* Behind those that are there. `id`: its number among those of its kind. */
void parameter_sets_add(
	struct parameter_sets *sets, unsigned which, unsigned id, const uint8_t *data, size_t len);
/* Moves those of `own` behind the others; `own` is emptied. */
void parameter_sets_move(struct parameter_sets *sets, struct parameter_sets *own);
/*
 * Those of an access unit: with a sequence set they replace all before, else each the one of its
 * kind and number. `own` is emptied. Returns whether one of them is another than was expected and
 * trusted: then what was decoded with that one is wrong.
 */
bool parameter_sets_update(struct parameter_sets *sets, struct parameter_sets *own);
/* A copy of an access unit with the sets put in at `offset`. Trusts what is expected. */
GBytes *parameter_sets_insert(
	struct parameter_sets *sets, const uint8_t *unit, size_t len, size_t offset);

/* Is there this one? */
bool parameter_sets_have(const struct parameter_sets *sets, unsigned which, unsigned id);
/*
 * Expects what parameter_sets_bytes() gave. `state` is the codec's, which looks at them. Returns
 * false, and expects nothing, where they are not all that a decoder needs, or something else.
 */
bool parameter_sets_expect(struct parameter_sets *sets, const struct video_codec *codec,
	void *state, const uint8_t *data, size_t len);
/*
 * The stream's own, one behind the other with their start codes; NULL where these are not all that
 * the codec wants.
 */
GBytes *parameter_sets_bytes(const struct parameter_sets *sets, const struct video_codec *codec);
