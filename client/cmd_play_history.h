/* zapper play: which channels were watched last. */
#pragma once

#include "channels/lineup.h"

/*
 * Indexes of the channels last watched into `ret`, the newest first, each once, `max` of them at
 * most. Returns how many; none where that cannot be read.
 */
size_t last_watched(
	struct lineup *lineup, const struct channel_list *channels, int32_t *ret, size_t max);
