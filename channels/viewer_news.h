/*
 * channels/viewer_news: what the viewer did since the last write, for lineup_remember(): all of it
 * is written in one transaction.
 */
#pragma once

#include "channels/lineup.h"

enum viewer_mark_kind { VIEWER_FAVOURITE, VIEWER_LOCKED };

/* The channel (struct channel's id) is one from now on, or no longer. */
struct viewer_mark {
	enum viewer_mark_kind kind;
	int64_t channel;
	bool on;
};

/* The channel was watched at that time (seconds since 1970). */
struct viewer_visit {
	int64_t channel;
	int64_t at_utc_s;
};

/* What is of channels that are gone is left out. Visits in the order of their times. */
struct viewer_news {
	const struct viewer_mark *marks;
	size_t n_marks;
	const struct viewer_visit *visits;
	size_t n_visits;
	bool has_volume;
	uint16_t volume_percent; /* 0 to 100 */
	bool muted;
};

/*
 * How loud it was when that was last changed. False, nothing written, where nobody has changed it
 * yet, or it cannot be read.
 */
bool lineup_get_volume(struct lineup *lineup, uint16_t *ret_percent, bool *ret_muted);

/* Marks the channel of a list in memory; nothing where it is not there. */
void channel_list_mark(struct channel_list *list, const struct viewer_mark *mark);
