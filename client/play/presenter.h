/*
 * play/presenter: stands between the clock wait and the video sink and owns the last picture. It
 * hands a picture on as soon as there is a new one, and the last one again as soon as what is
 * blended over it changes: a banner waits for no stream. A flush upstream does not reach it.
 */
#pragma once

#include <gst/app/app.h>
#include <gst/gst.h>
#include <stdint.h>

#include "client/play/play.h"

struct presenter;

/* What the presenter tells; called on streaming threads. */
struct presenter_listener {
	/* A new picture reached the sink. */
	void (*shown)(void *ctx, uint64_t n, uint64_t pts_ns, uint64_t duration_ns, uint64_t at_ns);
	/* Pictures have another size from now on. */
	void (*resized)(void *ctx, int width, int height);
	/* The sink has drawn the first picture since it was started. */
	void (*begun)(void *ctx);
	void *ctx;
};

/*
 * It begins with a black picture of 1280 x 720. Freed with presenter_free() after the pipeline has
 * been stopped; accepts NULL.
 */
struct presenter *presenter_new(const struct presenter_listener *listener);
void presenter_free(struct presenter *presenter);

/*
 * Adds `appsrc ! videoconvertscale ! sink` to the pipeline and starts to show. Takes the sink's
 * floating reference. Once. Returns the bin that they are in, the pipeline's property.
 */
GstElement *presenter_attach(struct presenter *presenter, GstBin *pipeline, GstElement *sink);

/* The next picture, of zap n; the reference is taken over. Never blocks. */
void presenter_show(struct presenter *presenter, uint64_t n, GstSample *picture);

/* What is blended over each picture; count 0: nothing. Never blocks. */
void presenter_set_overlay(
	struct presenter *presenter, const struct play_overlay *overlays, size_t count);

/* Shows the last picture again, as none that is new. Never blocks. */
void presenter_repaint(struct presenter *presenter);

/*
 * The picture as last shown, with what was blended over it; waits a moment for what is on its way.
 * Freed with gst_sample_unref().
 */
GstSample *presenter_shown(struct presenter *presenter);
