/*
 * channels/reconcile: what an import makes of the line-up that is there. Pure.
 *
 * Replacing: the line-up becomes what the lists say. Which channel is still the same one, and keeps
 * its row id, says channels/identity.h. Others of the line-up are removed.
 *
 * Merging: the lists are added. A channel of the same name is the same one: it keeps its number,
 * bouquets add up, new addresses come behind the ones it has, what the lists say beside (language,
 * guide id and name, logo, and of an address its interface, FEC, label, ...) wins. Nothing is
 * removed.
 *
 * A channel that is still the same one keeps what the viewer made of it (channels/viewer.h).
 */
#pragma once

#include "channels/draft.h"
#include "channels/import.h"

struct reconciled {
	size_t renumbered;
	size_t added;
	size_t changed;
	GPtrArray *removed; /* of struct channel, those of `old`; freed by the caller */
};

/* Completes the drafts: `old`, id, number, and the viewer's marks. They borrow from `old` from then
 * on. */
void reconcile(struct draft_list *drafts, const struct channel_list *old, enum import_mode mode,
	const struct channel_report *report, struct reconciled *ret);
