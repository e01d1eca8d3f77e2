/*
 * lab/pipeline: runs a GStreamer pipeline from callbacks to callbacks until its end: raw media or
 * access units in, the other out. One blocking call, no main loop, no thread of ours.
 */
#pragma once

#include <stdbool.h>

#include <gst/gst.h>

struct pipeline_ends {
	/* The next buffer (the pipeline takes it over), or NULL at the end. On a streaming thread.
	 */
	GstBuffer *(*feed)(void *user);
	/* Takes a sample (stays the pipeline's); false stops with an error. On a streaming thread.
	 */
	bool (*take)(void *user, GstSample *sample);
	void *user;
};

/*
 * Runs "appsrc ! elements ! appsink"; caps are those of the fed buffers. Calls gst_init. Returns
 * when everything that was fed has come out; false with error set when the pipeline could not be
 * made, failed, or take refused.
 */
bool pipeline_run(
	const char *caps, const char *elements, const struct pipeline_ends *ends, GError **error);
