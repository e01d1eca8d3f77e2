/*
 * channels/unused: what a list says of its addresses that is kept in the line-up, but that zapper
 * makes no use of yet: said once for each list. Pure.
 */
#pragma once

#include "channels/entry.h"

enum unused_kind { UNUSED_FEC, UNUSED_FCC, UNUSED_RETRANSMISSION, UNUSED_HTTP, UNUSED_KINDS };

/* Of one list; begins as all zero. */
struct unused {
	struct {
		size_t count;
		unsigned line; /* of the first one */
	} kinds[UNUSED_KINDS];
};

void unused_note(struct unused *unused, const struct channel_entry *entry);
void unused_report(
	const struct unused *unused, const char *file, const struct channel_report *report);
