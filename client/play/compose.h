/*
 * play/compose: makes of a decoded picture what the sink gets: the part of it that is seen, in its
 * shape, with panels over it; or black instead of it. Of one thread.
 */
#pragma once

#include <gst/gst.h>
#include <gst/video/video.h>

#include "client/play/aspect.h"
#include "client/play/blend.h"

/* How it is seen; the window's size, or 0 where that is not known. */
struct compose_view {
	enum play_aspect aspect;
	int width, height;
};

struct composer {
	struct compose_view view;
	GstCaps *taken, *given; /* of the pictures, and of what is made of them */
	bool known;		/* both are: pictures can be looked into */
	GstVideoInfo in, out;
	struct aspect_fit fit;
	GstBuffer *black; /* of `out`; NULL until it is asked for */
	struct blender blender;
};

void composer_clear(struct composer *composer); /* accepts a zeroed one, and leaves one */

/* From now on pictures have these caps. True where what is made of them has others than before. */
bool composer_follow(struct composer *composer, GstCaps *caps, const struct compose_view *view);

/*
 * What is seen of a picture, with its times, and the panels (which may be NULL) over it; where
 * there is nothing to do, the picture's own memory. Freed with gst_buffer_unref().
 */
GstBuffer *composer_make(struct composer *composer, GstBuffer *picture, struct panels *panels);
/* The same of a black one, without times. */
GstBuffer *composer_make_black(struct composer *composer, struct panels *panels);

/* A black picture by itself. Freed with gst_sample_unref(). */
GstSample *compose_black_sample(int width, int height);
