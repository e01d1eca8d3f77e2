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
	/* What is blended over pictures is for this size from now on. */
	void (*resized)(void *ctx, int width, int height);
	/* The sink has drawn the first picture since it was started. */
	void (*begun)(void *ctx);
	void *ctx;
};

/*
 * It begins with a black picture of 1280 x 720. Freed with presenter_free() after it was detached;
 * accepts NULL.
 */
struct presenter *presenter_new(const struct presenter_listener *listener);
void presenter_free(struct presenter *presenter);

/*
 * Adds `appsrc ! videoconvertscale ! sink` to the pipeline and starts to show. Takes the sink's
 * floating reference. Returns the bin that they are in, the pipeline's property. One at a time.
 */
GstElement *presenter_attach(struct presenter *presenter, GstBin *pipeline, GstElement *sink);
/*
 * After the pipeline has been stopped: nothing is shown, and what is shown first in the next one is
 * black. What it was told else is kept.
 */
void presenter_detach(struct presenter *presenter);

/* The next picture, of zap n; the reference is taken over. Never blocks. */
void presenter_show(struct presenter *presenter, uint64_t n, GstSample *picture);

/* What is blended over each picture; count 0: nothing. Never blocks. */
void presenter_set_overlay(
	struct presenter *presenter, const struct play_overlay *overlays, size_t count);
/* How pictures are put into the window, and its size (0: not known). Never blocks. */
void presenter_set_aspect(struct presenter *presenter, enum play_aspect aspect);
void presenter_set_window(struct presenter *presenter, int width, int height);

/*
 * Black in so long, unless a new picture has come by then; pictures of zaps before from_n do not
 * count, and are not shown. What is black already stays so. Never blocks.
 */
void presenter_black(struct presenter *presenter, uint64_t from_n, uint64_t in_ns);

/* Shows the last picture again, as none that is new. Never blocks. */
void presenter_repaint(struct presenter *presenter);

/* How many new pictures were never given to the sink, because a newer one of their zap was. */
uint64_t presenter_dropped(const struct presenter *presenter);

/*
 * The picture as last shown, with what was blended over it; waits a moment for what is on its way.
 * Freed with gst_sample_unref().
 */
GstSample *presenter_shown(struct presenter *presenter);
