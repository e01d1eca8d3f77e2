/*
 * channels/guide: what is on, in a SQLite file of its own beside the line-up's: a guide is large,
 * comes anew every day and can be had again, so it must not get into the way of what cannot.
 *
 * One who writes and any number who read do not wait for each other (WAL): until an import commits,
 * readers see the guide before it. None of it is for a thread that must not wait for the disk.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "channels/xmltv.h"

/* So long at most lasts an event whose end the guide does not know, where no other one follows. */
#define GUIDE_LASTS_S (6 * 3600)

struct guide;

enum guide_mode { GUIDE_READ, GUIDE_WRITE /* creates the file; its folder is there */ };

/* "guide.db" in the folder of a line-up's file; freed with g_free(). */
char *guide_path_beside(const char *lineup_path);

/*
 * On failure *ret_why is a sentence for the user, freed with g_free(), and a file that was there is
 * as it was. Errors: -ENOENT no such file (read mode), -EACCES, -EILSEQ no guide or a broken one,
 * -EPROTONOSUPPORT written by a newer zapper, -EBUSY others wrote to it for 10 s, other -errno.
 */
int guide_open(const char *path, enum guide_mode mode, struct guide **ret, char **ret_why);
/* The same, with another patience than 10 s, which counts from then on, too. */
int guide_open_within(const char *path, enum guide_mode mode, int patience_ms, struct guide **ret,
	char **ret_why);
/* Whether it is still the file at its path. */
bool guide_is_current(const struct guide *guide);
void guide_close(struct guide *guide); /* accepts NULL */
/* From now on -EBUSY comes when others have written to it for so long. */
void guide_set_patience(struct guide *guide, int patience_ms);

/*
 * An import, which is one transaction: begin, what xmltv's callbacks bring, end. What a guide says
 * of a channel replaces all that was known of its events; channels that it does not mention keep
 * theirs. Of two events of a channel that start at once the last one stays. Memory does not grow
 * with the guide. Errors: negative errno (-EBUSY, -ENOSPC, -EILSEQ broken, ...); after one,
 * guide_end() has to be called all the same.
 */
int guide_begin(struct guide *guide);
int guide_put_channel(struct guide *guide, const struct xmltv_channel *channel);
int guide_put_event(struct guide *guide, const struct xmltv_event *event);
/*
 * Commits where `result` is 0, after it has removed events that are over before `keep_from_utc_s`
 * and channels without events; else rolls back. Returns the first error.
 */
int guide_end(struct guide *guide, int result, int64_t keep_from_utc_s);

/* How the line-up knows a channel (struct channel); "" where it does not say. */
struct guide_subject {
	const char *guide_id;
	const char *guide_name;
	const char *name;
};

/*
 * The guide's channel for one of the line-up: whose id is guide_id, else one whose display-name is
 * guide_name, else guide_id, else `name`; case does not matter, and '_' is a space. -ENOENT: there
 * is none, or negative errno. *ret is for guide_now_next(), until the next import.
 */
int guide_find(struct guide *guide, const struct guide_subject *subject, int64_t *ret);

/* Strings belong to the guide until it is asked again, and are "" where it says nothing. */
struct guide_event {
	bool known; /* there is one, else all is 0 */
	int64_t start_utc_s;
	int64_t stop_utc_s; /* where the guide does not say: the next one's start */
	const char *title;
	const char *subtitle;
	const char *description;
	const char *category;
	const char *episode;
	const char *rating;
};

/*
 * What a channel's own stream says is on, for one of the line-up as guide_find() takes it: known
 * events with a stop come into the guide where an import has said nothing of that time, in the
 * place of what a stream said of it before; other events are passed over. An import of the
 * channel's guide throws them out. Those of the channel that were over before `keep_from_utc_s` go.
 * One transaction; errors as of an import.
 */
int guide_complete(struct guide *guide, const struct guide_subject *subject,
	const struct guide_event *events, size_t count, int64_t keep_from_utc_s);

struct guide_now {
	struct guide_event now;	 /* on at that moment */
	struct guide_event next; /* the first one that starts later */
};

int guide_now_next(struct guide *guide, int64_t channel, int64_t at_utc_s, struct guide_now *ret);
