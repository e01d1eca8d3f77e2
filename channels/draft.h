/*
 * channels/draft: the line-up as the lists of one import want it, before it meets the one that is
 * there. Pure.
 */
#pragma once

#include <glib.h>

#include "channels/entry.h"

/* Sources of one channel; more are ignored, each with a warning. */
#define DRAFT_SOURCES 64
/* And bouquets that it is in. */
#define DRAFT_BOUQUETS 256

struct draft {
	struct channel channel; /* arrays and strings belong to the draft list; id 0: a new one,
				   number 0: not placed yet */
	const char *file;	/* where its first entry stands */
	unsigned line;
	bool numbered; /* the list asks for this number: */
	uint32_t wanted_number;
	uint32_t wanted_subnumber;
	GHashTable *places; /* of bouquets in the lists' order, from 1, by name; the draft list's */
	bool full;	    /* it is in too many bouquets, which was said */
	const struct channel *old; /* set by reconciling: itself in the line-up, or NULL */
};

struct draft_list {
	GPtrArray *drafts; /* of struct draft, in the order of the lists */
	size_t alternates;
	GHashTable *by_name;
	GHashTable *places;
	GStringChunk *strings;
};

struct draft_list *draft_list_create(void);
void draft_list_destroy(struct draft_list *list); /* accepts NULL */

/*
 * Adds a channel, or an alternate source to the one of the same name: then what the first entry
 * left open (number, language, guide id and name, logo, and of the same address again what is said
 * beside) is taken from this one, and bouquets add up. `file` is borrowed.
 */
void draft_list_add(struct draft_list *list, const char *file, const struct channel_entry *entry,
	const struct channel_report *report);

/* Who says it, for diagnostics. */
struct draft_origin {
	const char *file;
	unsigned line;
	const struct channel_report *report;
};

/* Add at the end what the draft does not have yet. What there is no room for is said (of bouquets
 * once), and of a source false returned. */
bool draft_add_source(struct draft_list *list, struct draft *draft,
	const struct channel_source *source, const struct draft_origin *origin);
void draft_add_bouquets(struct draft_list *list, struct draft *draft, const char *const *bouquets,
	const struct draft_origin *origin);
/* The channel's source of that address, or NULL. */
const struct channel_source *channel_find_source(
	const struct channel *channel, const struct channel_source *source);
