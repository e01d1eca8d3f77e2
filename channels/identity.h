/*
 * channels/identity: which channel of one list is which of another one, by what they say. Pure.
 *
 * A channel is the same one when its name is; else when its guide id (or, without one, its guide
 * name) is; else when its first address is. Each counts only where one channel on either side has
 * it.
 */
#pragma once

#include "channels/lineup.h"

struct identity_side {
	const struct channel *const *channels;
	size_t count;
};

enum identity_keys { IDENTITY_NAME /* and nothing else */, IDENTITY_ALL };

/* ret[i]: the index among `b` of the channel i of `a`, or -1; a->count of them. */
void identity_match(const struct identity_side *a, const struct identity_side *b,
	enum identity_keys keys, ptrdiff_t *ret);
