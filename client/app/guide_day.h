/* app/guide_day: what the guide has of one channel for one day. */
#pragma once

#include "client/app/guide_desk.h"

#define GUIDE_DAY_S 86400
/* More events of a day are left out: a guide of minutes is none that anybody reads. */
#define GUIDE_DAY_EVENTS 400

struct guide_day {
	int64_t channel;		    /* struct channel's id */
	int64_t day;			    /* since 1970, by UTC */
	char *guide_id, *guide_name, *name; /* of the channel: how the guide may know it */
	GArray *events; /* struct guide_event that are on during the day, in the order of time */
	GStringChunk *texts;
};

/* Not read yet. Freed with guide_day_free(), which accepts NULL. */
struct guide_day *guide_day_new(const struct channel *channel, int64_t day);
void guide_day_free(struct guide_day *day);

/* Fills in what the guide says; where there is none, nothing. For a thread that may wait. */
void guide_day_read(struct guide_day *day, struct guide_desk *desk);
/* The event that is on at this time, else the first one that begins later; NULL: there is none. */
const struct guide_event *guide_day_find(const struct guide_day *day, int64_t time_s);
/*
 * Of two (which may be NULL, or not known) the one that is on at that time, else the one that
 * begins earlier; of two that are on the first. NULL: both are over.
 */
const struct guide_event *guide_sooner(
	const struct guide_event *a, const struct guide_event *b, int64_t time_s);
