/*
 * channels/reconcile: what an import makes of the line-up that is there. Pure.
 *
 * Replacing: the line-up becomes what the lists say. A channel is still the same one, and keeps its
 * row id, when its name is; else when its guide id is; else when its first address is (the latter
 * two where only one channel on either side has it). Others of the line-up are removed.
 * Merging: the lists are added. A channel of the same name is the same one: it keeps its number,
 * bouquets add up, new addresses come behind the ones it has, guide id and logo of the lists win.
 * Nothing is removed.
 */
#pragma once

#include "channels/draft.h"
#include "channels/import.h"

struct reconciled {
	size_t renumbered;
	size_t added;
	size_t changed;
	GArray *removed; /* of int64_t row ids; freed by the caller */
};

/* Completes the drafts: `old`, id and number. They borrow from `old` from then on. */
void reconcile(struct draft_list *drafts, const struct channel_list *old, enum import_mode mode,
	const struct channel_report *report, struct reconciled *ret);

/* Number, name, kind, guide id and logo. */
bool channel_same_details(const struct channel *a, const struct channel *b);
bool channel_same_sources(const struct channel *a, const struct channel *b);
