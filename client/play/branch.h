/*
 * play/branch: one decoding branch of the pipeline, fed with whole access units whose time stamps
 * are their due times: `appsrc ! parser ! decoder ! converter ! appsink`. Parser and decoder are
 * built for the codec that comes, and anew when another one comes, in the order of the units: what
 * was given in before is still played.
 */
#pragma once

#include <gst/app/app.h>
#include <gst/gst.h>
#include <stdatomic.h>

#include "client/play/play.h"

/* A decoded picture or piece of sound, on a streaming thread. Takes the reference. */
typedef void (*branch_decoded_fn)(void *ctx, GstSample *sample);

struct branch {
	enum play_kind kind;
	GstElement *bin; /* a bin of its own, so that it can fail and restart alone */
	GstAppSrc *in;
	GstElement *converter; /* what follows the decoder */
	GstAppSink *out;
	branch_decoded_fn decoded;
	void *ctx;
	bool ends_undecoded;	/* before its first unit: no decoder is built */
	enum play_codec wanted; /* of the last unit; the play thread's own */
	/* The streaming thread's own. */
	enum play_codec coming; /* by the caps that came last */
	enum play_codec built;
	GstElement *parser, *decoder; /* decoder: where nothing is decoded, what drops all */
	/* Set by a flush. */
	gint still_armed;	   /* video: the next unit is to be decoded and drained at once */
	gint may_build;		   /* no elements were looked for in vain */
	_Atomic uint64_t rebuilds; /* goes on counting when the branch is made anew */
};

/*
 * Adds the branch to the pipeline. What its decoders give goes through `converter` (its floating
 * reference is taken) and then has these caps (a reference of its own is taken).
 */
void branch_init(struct branch *branch, GstBin *pipeline, enum play_kind kind,
	GstElement *converter, GstCaps *caps, branch_decoded_fn decoded, void *ctx);
void branch_clear(struct branch *branch); /* accepts a zeroed one */

/* Drops all that is inside, up to its end: when it returns, nothing old comes out. */
void branch_flush(struct branch *branch);

/*
 * Where `decoded` is called: the decoder is too slow, so it leaves out what is due before until_ns,
 * and does not decode what no other picture needs. 0: it leaves out nothing.
 */
void branch_hurry(struct branch *branch, uint64_t until_ns);

/*
 * Units of this codec are expected: its elements are built now, if they can be had; where not,
 * nothing is said. PLAY_CODEC_NONE: nothing is known.
 */
void branch_expect(struct branch *branch, enum play_codec codec);

/*
 * Pushes one unit; its data is taken over. Where its codec cannot be decoded here, an error message
 * with a sentence is on the bus soon.
 */
void branch_push(struct branch *branch, const struct play_unit *unit);
