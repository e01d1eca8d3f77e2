/*
 * app/guide_desk: the file of the guide, for a thread that may wait for the disk: what streams say
 * is written into it, and what is on is read from it.
 */
#pragma once

#include <glib.h>

#include "channels/guide.h"
#include "channels/lineup.h"

/* What is on of a channel. */
struct guide_page {
	int64_t channel; /* struct channel's id */
	int64_t at_utc_s;
	struct guide_event now, next;
	char *guide_id, *guide_name, *name; /* of the channel: how the guide may know it */
	GStringChunk *texts;
};

/* With nothing on. Freed with guide_page_free(), which accepts NULL. */
struct guide_page *guide_page_new(const struct channel *channel, int64_t at_utc_s);
void guide_page_free(struct guide_page *page);
struct guide_page *guide_page_copy(const struct guide_page *page);
/* Puts an event, whose strings may be NULL, into the page (its now or next), with its strings. */
void guide_page_put(
	struct guide_page *page, struct guide_event *into, const struct guide_event *event);

struct guide_desk;

/* The guide is beside the line-up. Freed with guide_desk_free(), which accepts NULL. */
struct guide_desk *guide_desk_new(const char *lineup_path);
void guide_desk_free(struct guide_desk *desk);

/* From now on others who write are waited for so long. */
void guide_desk_set_patience(struct guide_desk *desk, int patience_ms);

/*
 * Completes the guide by what the page says. -EBUSY: others write for long; the same may be tried
 * again. Other -errno: it cannot be written, *ret_why is a sentence, freed with g_free(), for the
 * first time, and NULL for others.
 */
int guide_desk_write(struct guide_desk *desk, const struct guide_page *page, char **ret_why);
/* Fills in what the guide says; where there is none, nothing. */
void guide_desk_read(struct guide_desk *desk, struct guide_page *page);

/* What is on of a channel from from_utc_s until before to_utc_s. */
struct guide_span {
	struct guide_subject subject;
	int64_t from_utc_s, to_utc_s;
};
/* One event after the other, for the call only; false: no more of them. */
typedef bool (*guide_desk_event_fn)(void *ctx, const struct guide_event *event);
void guide_desk_read_span(
	struct guide_desk *desk, const struct guide_span *span, guide_desk_event_fn fn, void *ctx);
