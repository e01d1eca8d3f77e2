/* play/state: what play.c (the loop's side) and engine.c (the play thread) share. */
#pragma once

#include <glib.h>

#include "client/play/mailbox.h"
#include "client/play/pipeline.h"
#include "client/play/play.h"
#include "client/play/presenter.h"
#include "client/play/snapshot.h"
#include "client/play/volume.h"

struct play {
	struct mailbox *commands; /* loop and bus -> play thread */
	struct mailbox *facts;	  /* play thread and streaming threads -> loop */
	GThread *thread;
	struct presenter *presenter;
	struct snapshot *snapshot;
	struct volume volume;
	uint64_t flushed_n; /* of the last play_flush(); the loop's own */

	/* The play thread's own from here on. */
	struct play_options options; /* with copies of its strings */
	struct pipeline pipeline;
	bool runs;		     /* there is a pipeline */
	bool broken[PIPELINE_PARTS]; /* after an error, until the next flush */
	bool video_begun;	     /* since the last flush, with a key unit */
	/* The zap whose units flow: written by the play thread alone, after a flush. */
	_Atomic uint64_t n;
	/* Names of the sinks, NULL while they are not open: read on the loop. */
	_Atomic(const char *) video_sink, audio_sink;
	gint decoded_pending, sound_pending; /* the zap's first picture, first sound are to come */
	_Atomic uint64_t pictures, damaged, damaged_units;
};

/* Posts a fact, on any thread. */
void play_post(struct play *play, const struct play_fact *fact);
/* The same for one that is a text, which may be NULL. */
void play_post_text(struct play *play, enum play_fact_type type, const char *text);

/* The play thread, until COMMAND_STOP; data: a struct play. */
gpointer engine_run(gpointer data);
