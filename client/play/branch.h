/*
 * play/branch: one decoding branch of the pipeline, `appsrc ! parser ! decoder`, fed with whole
 * access units whose time stamps are the pipeline's running time.
 */
#pragma once

#include <gst/app/app.h>
#include <gst/gst.h>

#include "client/play/play.h"

struct branch {
	GstElement *bin; /* a bin of its own, so that it can fail and restart alone */
	GstAppSrc *in;
	GstElement *decoder; /* its source pad is what the caller links on */
	gint still_armed;    /* video: the next unit is to be decoded and drained at once */
};

/*
 * Adds the branch for one kind of units to the pipeline. -ENOENT with *ret_why where an element is
 * missing. Cleared with branch_clear(), which accepts a zeroed branch.
 */
int branch_init(struct branch *branch, GstBin *pipeline, enum play_kind kind, char **ret_why);
void branch_clear(struct branch *branch);

/* Drops all that is inside, up to the sink: when it returns, nothing old comes out. */
void branch_flush(struct branch *branch);

/* Pushes one unit; its data is taken over. */
void branch_push(struct branch *branch, const struct play_unit *unit);
