/* app/writer_state: what app/writer's two files share: the loop's side and the thread's. */
#pragma once

#include "client/app/lineup_watch.h"
#include "client/app/writer.h"
#include "client/app/writer_batch.h"

struct writer {
	struct writer_options options;
	char *path;
	GThread *thread;
	uv_async_t woken; /* by the thread: it has something to tell */

	/* The loop's own. */
	bool closing;
	GArray *marks;	     /* struct recent_mark: those that the file may not have yet */
	uint64_t marks_seen; /* of marks_put: so many were in the file of the last `lineup` */

	/* The thread's own. */
	struct lineup *lineup; /* NULL: there is none yet, or it cannot be had */
	bool given_up, is_writable, has_memories, failing, is_blind;
	uint64_t refused;	  /* the file that was given up, as lineup_file_at() */
	struct writer_batch todo; /* what could not be written yet is in it, too */
	uint64_t marks_todo,
		marks_written; /* of marks_put: so many have come, and are in the file */
	GPtrArray *pages;
	struct guide_page *question;
	struct lineup_watch *watch;
	struct guide_desk *desk;

	GMutex lock; /* of what follows */
	GCond changed;
	struct writer_batch pending;
	uint64_t marks_put;	  /* so many marks there were since the start */
	GPtrArray *pending_pages; /* struct guide_page, the newest last */
	struct guide_page *asked, *answer;
	struct channel_list *fresh;
	uint64_t fresh_marks; /* marks_written when it was read */
	bool ending;
	/* The file that is open, and that of the line-up which the loop has at hand; 0: none. */
	uint64_t file, known_file;
	bool is_foreign; /* these are two: what is put is of the latter */
	bool is_loaded, is_told, is_ended;
	GArray *memories, *steps, *moods; /* as they were read */
	char *why;
	GPtrArray *troubles; /* sentences that are to be told */
};

/* writer_thread.c: a GThreadFunc, with the struct writer. */
gpointer writer_thread(gpointer writer);
/* Of a channel the newest page counts. */
void writer_add_page(GPtrArray *pages, struct guide_page *page);
