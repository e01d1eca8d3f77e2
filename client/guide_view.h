/* client/guide_view: what is on, for people and as JSON. Pure. */
#pragma once

#include <glib.h>

#include "channels/guide.h"
#include "channels/lineup.h"

/* What is shown of one channel. */
struct guide_shown {
	const struct channel *channel; /* the line-up's */
	bool in_guide;
	GArray *events; /* of struct guide_event: of the day, or what is on and what is next */
};

struct guide_view {
	int64_t at_utc_s;
	GTimeZone *zone;  /* borrowed */
	bool day;	  /* all events of that day instead of now and next */
	GArray *channels; /* of struct guide_shown */
	GStringChunk *strings;
};

/* Freed with guide_view_clear(). */
void guide_view_init(struct guide_view *view, int64_t at_utc_s, GTimeZone *zone, bool day);
void guide_view_clear(struct guide_view *view);

/* What follows is this channel's, until the next one. */
void guide_view_channel(struct guide_view *view, const struct channel *channel, bool in_guide);
/* Copied; with `day` in order of time, else what is on and then what is next, known or not. */
void guide_view_event(struct guide_view *view, const struct guide_event *event);

/* Of how many channels nothing is known. */
size_t guide_view_unknown(const struct guide_view *view);

/* A line per channel, or with `day` per event; unknown ones are left out. `terminal` is as in
 * channels/cells.h. */
void guide_view_table(const struct guide_view *view, size_t terminal, GString *out);

/*
 * An array with an object per channel, a line each, with "number", "name" and "now" and "next", or
 * "events": objects, or null where nothing is known, with "start" and "stop" (RFC 3339),
 * "start_utc_s" and "stop_utc_s", "title", "subtitle", "description", "category", "episode",
 * "rating", and for one that is on "progress" from 0 to 1.
 */
void guide_view_json(const struct guide_view *view, GString *out);
