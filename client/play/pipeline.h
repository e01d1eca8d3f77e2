/*
 * play/pipeline: the GStreamer pipeline as a whole. Used by the play thread alone; what it tells
 * comes on GStreamer's streaming threads.
 */
#pragma once

#include <gst/gst.h>

#include "client/play/branch.h"
#include "client/play/gate.h"
#include "client/play/play.h"
#include "client/play/presenter.h"
#include "client/play/sound.h"

struct pipeline_listener {
	/* A picture is due now (the first one after a flush: at once). Takes the reference. */
	void (*picture)(void *ctx, GstSample *picture);
	/* Sound goes into the audio sink, to be heard at at_ns; the zap's first was due at
	 * first_ns. */
	void (*sound)(void *ctx, uint64_t at_ns, uint64_t first_ns);
	/* An error or warning of an element; the message is the listener's to unref. */
	void (*trouble)(void *ctx, GstMessage *message);
	void *ctx;
};

/* What can fail and be restarted alone. */
enum pipeline_part { PIPELINE_VIDEO, PIPELINE_AUDIO, PIPELINE_DISPLAY, PIPELINE_PARTS };

struct pipeline {
	struct pipeline_listener listener;
	enum play_window_type window;
	GstElement *bin;
	struct gate gate;
	bool hurries; /* the video decoder does; its thread's own */
	struct branch video, audio;
	struct sound sound;
	GstElement *display;		     /* the presenter's bin */
	GstElement *video_sink, *audio_sink; /* audio: NULL where there is none */
	_Atomic uint64_t left_out;	     /* pictures, by the decoder, since it was zeroed */
};

/* What it is built with; the pointers have to stay as long as it is there. */
struct pipeline_parts {
	const struct play_options *options;
	struct presenter *presenter;
	struct volume *volume;
};

/* Sentences of pipeline_init(), freed with g_free(); NULL where there is none. */
struct pipeline_texts {
	char *error;  /* why there is no pipeline, or no sound */
	char *chosen; /* which sinks, and why */
};

/*
 * Builds and starts it in a struct that is zeroed, or was cleared: what is counted goes on. Errors:
 * -ENODEV. Stopped with pipeline_stop() and freed with pipeline_clear(), which both accept one that
 * failed or was cleared.
 */
int pipeline_init(struct pipeline *pipeline, const struct pipeline_parts *parts,
	const struct pipeline_listener *listener, struct pipeline_texts *ret_texts);
void pipeline_stop(struct pipeline *pipeline);
void pipeline_clear(struct pipeline *pipeline);

/*
 * A new zap: drops all that is on its way to the sinks; the presenter keeps its last picture.
 */
void pipeline_flush(struct pipeline *pipeline);
/* As play_expect(); not in the parts that are broken (by enum pipeline_part). */
void pipeline_expect(
	struct pipeline *pipeline, const struct play_expected *expected, const bool *broken);
/* Takes the unit's data over. */
void pipeline_push(struct pipeline *pipeline, const struct play_unit *unit);
/* Which part an element's message is about. */
enum pipeline_part pipeline_part_of(const struct pipeline *pipeline, GstMessage *message);
/* After an error: takes the part's elements down and up again, empty; false where they do not
 * start. */
bool pipeline_restart(struct pipeline *pipeline, enum pipeline_part part);
/* The window has this size; what was drawn into it may be gone. */
void pipeline_place(struct pipeline *pipeline, int width, int height);
