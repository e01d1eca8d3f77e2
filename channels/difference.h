/* channels/difference: what an import changed, channel by channel and in words. Pure. */
#pragma once

#include "channels/draft.h"
#include "channels/import.h"

/* Number, name, kind, language, guide id, guide name and logo. */
bool channel_same_details(const struct channel *a, const struct channel *b);
bool channel_same_sources(const struct channel *a, const struct channel *b);

/* `before` may be NULL. The order of a channel's bouquets does not count. */
enum import_change difference_between(const struct channel *before, const struct channel *after);

/*
 * Of drafts that were reconciled and the channels (struct channel) that were removed: each one that
 * is not the same, in the order of numbers; a removed one before another that has its number now.
 */
void difference_each(
	const GPtrArray *drafts, const GPtrArray *removed, import_change_fn fn, void *ctx);
