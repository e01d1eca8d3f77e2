/*
 * app/remember_merge: what a reception taught of a channel, against what was known of it. Pure.
 */
#pragma once

#include <stdbool.h>

#include "channels/memory.h"

bool remember_same_psi(const struct channel_memory *a, const struct channel_memory *b);
/* Do they differ by more than what varies with every GOP, so that it is worth a write? */
bool remember_differs(const struct channel_memory *a, const struct channel_memory *b);
/*
 * Where `now` has not seen something yet, what was known before stands; what it then points to is
 * the other's. Parameter sets are those of one video. Of slack the smallest counts, and fades.
 */
void remember_merge(struct channel_memory *now, const struct channel_memory *before);
