/*
 * app/writer: the thread that reads and writes what is remembered in the line-up's file, through a
 * connection of its own: the loop never waits for the disk. What waits to be written is written in
 * one transaction; what cannot be (a full disk, an import that takes long) waits for the next one.
 * It also looks each second whether somebody has changed the line-up, or put another file into its
 * place, and it keeps the guide.
 */
#pragma once

#include <glib.h>
#include <uv.h>

#include "channels/memory.h"
#include "client/app/guide_desk.h"

struct writer;

/* What is in the file: of struct channel_memory, viewer_step and viewer_mood. */
struct writer_loaded {
	const GArray *memories, *steps, *moods;
	const char *why; /* a sentence why nothing is, or will be, remembered; else NULL */
};

struct writer_options {
	const char *path;
	/* The line-up at hand, which lives until another one has come, or writer_close(). */
	const struct channel_list *channels;
	/* On the loop; *loaded is good until it returns. Not before there is a line-up; once, and
	 * once more where nothing could be read and another file can. */
	void (*loaded)(void *ctx, const struct writer_loaded *loaded);
	/* NULL: nobody asks. On the loop: the file has another line-up by now, the taker's to free.
	 */
	void (*lineup)(void *ctx, struct channel_list *list);
	/* NULL: nobody asks. On the loop: the page of writer_ask_guide(), the taker's to free. */
	void (*guide)(void *ctx, struct guide_page *page);
	void *ctx; /* of all three */
	/* On the loop, also after writer_close(): that something could not be written, and why. */
	void (*log)(void *ctx, const char *sentence);
	void *log_ctx;
};

/* -errno of libuv. Closed with writer_close(). */
int writer_open(uv_loop_t *loop, const struct writer_options *options, struct writer **ret);

/*
 * To be written soon: as lineup_remember(). Copied, but for the names of contexts and actions,
 * which are the caller's for good.
 */
void writer_put(struct writer *writer, const struct lineup_memory *memory);

/*
 * The loop has taken over a line-up that `lineup` gave it, of that file (struct channel_list).
 * Where another file has been moved into the place of the one before, what is put is dropped until
 * then: its ids are of the one before.
 */
void writer_taken(struct writer *writer, uint64_t file);

/*
 * The viewer has marked a channel (struct channel's id), or taken the mark away: to be written
 * soon. It comes back in no `lineup` of its own, and is in every later one. Accepts NULL.
 */
enum writer_mark { WRITER_FAVOURITE, WRITER_LOCKED };
void writer_put_mark(struct writer *writer, enum writer_mark mark, int64_t channel_id, bool on);
/*
 * Into the line-up that `lineup` gave out last, before it is taken over: what was marked since it
 * was read. Accepts NULL.
 */
void writer_refresh_marks(struct writer *writer, struct channel_list *list);
/* The channel was watched: the history's newest (seconds since 1970). Accepts NULL. */
void writer_put_history(struct writer *writer, int64_t channel_id, int64_t at_utc_s);
/* How loud it is from now on, 0 to 100 %. Accepts NULL. */
void writer_put_volume(struct writer *writer, uint16_t percent, bool muted);

/* What a stream says is on, to be written into the guide. The page is taken over. */
void writer_put_guide(struct writer *writer, struct guide_page *page);
/* Fills in what is on by the guide, behind what was put; only the last question is answered. */
void writer_ask_guide(struct writer *writer, struct guide_page *page);

/*
 * What waits is still written, unless the file is in use for longer than some two seconds; the loop
 * ends, and memory is freed, after that. Nothing is `loaded` any more. Accepts NULL.
 */
void writer_close(struct writer *writer);
