/* app/track_names: what a channel holds, for somebody who chooses among it. Pure. */
#pragma once

#include "client/receive/stream.h"
#include "ui/facts.h"

/* Of ISO 639-1 or 639-2, either code where there are two: "German"; the code where it is not known.
 */
const char *track_language(const char *code);

/* Of one kind: names as of struct ui_tracks, and which tracks they are. */
struct track_names {
	struct ui_tracks tracks;
	char *names[STREAM_TRACKS_MAX];
	const struct stream_track *of[STREAM_TRACKS_MAX];
};

/*
 * "German, AC-3", "English, for the visually impaired", "Teletext 777". Several of one name have
 * numbers. `programme` (NULL: none) outlives it. Freed with track_names_clear().
 */
void track_names_make(struct track_names *names, const struct stream_programme *programme,
	enum ui_track_kind kind);
void track_names_clear(struct track_names *names);
