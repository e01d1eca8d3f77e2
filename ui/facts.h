/*
 * ui/facts: what the model (ui/model) is told of the world: the line-up, the guide, what time it
 * is, how the zap goes. Plain data. Texts may be of any length and hold anything.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UI_NO_CHANNEL (-1)

enum ui_channel_flag {
	UI_CHANNEL_RADIO = 1 << 0,
	UI_CHANNEL_HD = 1 << 1,
	UI_CHANNEL_LOCKED = 1 << 2,	/* not to be seen without the PIN */
	UI_CHANNEL_UNPLAYABLE = 1 << 3, /* up and down pass over it */
};

struct ui_channel {
	const char *number; /* "5", "5.1"; no two are the same */
	const char *name;
	uint32_t flags;
	int64_t logo; /* what ui/logos is asked for; 0: none */
};

/* Channels by their index in the line-up, in the order in which they are shown. */
struct ui_bouquet {
	const char *name;
	const uint32_t *channels;
	size_t count;
};

/* In the order of numbers. What it points to stays until the model has another one. */
struct ui_lineup {
	const struct ui_channel *channels;
	size_t count;
	const struct ui_bouquet *bouquets;
	size_t bouquet_count;
	const uint32_t *favourites; /* in the viewer's order */
	size_t favourite_count;
};

struct ui_guide_event {
	int64_t start_s, end_s;	 /* Unix time; on from start_s until before end_s */
	const char *title;	 /* NULL is "" */
	const char *description; /* NULL is "" */
};

/*
 * The event that is on at time_s on this channel or, where none is, the first one that begins
 * later. False: none is known. Reads from memory; strings stay until the guide changes.
 */
typedef bool (*ui_guide_find_fn)(
	void *ctx, uint32_t channel, int64_t time_s, struct ui_guide_event *ret);

struct ui_guide {
	ui_guide_find_fn find; /* NULL: there is no guide */
	void *ctx;
};

/* What the time on the wall is. Zeroed: it is not known. */
struct ui_clock {
	uint64_t at_ns;		/* CLOCK_MONOTONIC, when it was */
	int64_t unix_ms;	/* this */
	int32_t offset_s;	/* of the viewer's zone from UTC, east is positive */
	int64_t changes_at_s;	/* Unix time of the zone's next change (summer time); 0: none */
	int32_t offset_after_s; /* from then on */
};

enum ui_signal {
	UI_SIGNAL_TUNING,
	UI_SIGNAL_PLAYING,
	UI_SIGNAL_NONE,		 /* nothing, or nothing usable, comes */
	UI_SIGNAL_NO_MEMBERSHIP, /* the group cannot be joined */
	UI_SIGNAL_WRONG_CODEC,
	UI_SIGNAL_ERROR,
};

enum ui_track_kind { UI_TRACK_AUDIO, UI_TRACK_SUBTITLE, UI_TRACK_TEXT, UI_TRACK_KINDS };

/* Of the current channel. */
struct ui_tracks {
	const char *const *names; /* "German, AC-3 5.1" */
	size_t count;
	int32_t chosen; /* -1: none */
};

struct ui_figure {
	const char *label;
	const char *value;
};
