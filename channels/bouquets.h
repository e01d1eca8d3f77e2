/* channels/bouquets: which channels stand in which bouquet, and in which order. Not for other
 * rooms. */
#pragma once

#include <glib.h>

#include "channels/database.h"

struct bouquets {
	GPtrArray *list; /* of struct bouquet, in order */
	GHashTable *by_name;
};

void bouquets_init(struct bouquets *bouquets);
void bouquets_finish(struct bouquets *bouquets);

int bouquets_load(const struct lineup_statements *statements, struct bouquets *bouquets);
/*
 * Adds the drafts, whose row ids are known, behind what is there. When merging, memberships that
 * the line-up has are there already. New ones come in the order of their places, if these are
 * known.
 */
void bouquets_add_drafts(struct bouquets *bouquets, const GPtrArray *drafts, enum import_mode mode);
bool bouquets_same(const struct bouquets *a, const struct bouquets *b);
/* Writes all memberships anew; bouquets that are still there keep their row ids. */
int bouquets_write(const struct bouquets *bouquets, const struct lineup_statements *statements);
