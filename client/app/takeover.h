/*
 * app/takeover: another line-up in the place of the one at hand. Pure: channels are found again by
 * their row id, or where it is of another file by what they say (channels/identity), and the one
 * that is watched stays even where it is gone from the line-up, in the place of its number, until
 * the viewer has left it.
 */
#pragma once

#include "channels/lineup.h"

#define TAKEOVER_NONE (-1)

struct takeover {
	struct channel_list list; /* the new line-up, and perhaps the one that stays */
	/* Channel i of the line-up before is to[i] of the list, or TAKEOVER_NONE: it is gone. */
	int *to;
	int stays; /* the one that is only there because it is watched, or TAKEOVER_NONE */
	size_t added, removed;
	struct channel_list *loaded;
	struct channel *channels; /* NULL: the list is the loaded one */
	GStringChunk *strings;	  /* of the one that stays, and its sources */
	struct channel_source *sources;
};

/*
 * `watched` of the list before, or TAKEOVER_NONE, and `stayed`, the one that was only there because
 * it was watched. Takes the loaded list over.
 */
struct takeover *takeover_new(
	const struct channel_list *before, struct channel_list *loaded, int watched, int stayed);
void takeover_free(struct takeover *takeover); /* accepts NULL */

/* Index of the channel with this number, or -1; of two that have it not the one that stays. */
ptrdiff_t takeover_find(
	const struct channel_list *list, int stays, uint32_t number, uint32_t subnumber);
