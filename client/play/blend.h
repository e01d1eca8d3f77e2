/*
 * play/blend: panels over pictures. What a panel is in the picture's format (its place, its samples
 * and their colours) is made once and kept; a picture then costs one multiplication for each of the
 * samples. GStreamer's own blending makes all of it anew with every picture. Of one thread.
 */
#pragma once

#include <gst/video/video.h>

#include "client/play/panels.h"

struct blender {
	/* What was blended last, and over which pictures. */
	struct panels *panels;
	GPtrArray *layers;
	GstVideoInfo info;
	int canvas_width, canvas_height;
};

void blender_clear(struct blender *blender); /* accepts a zeroed one */

/*
 * Blends the panels, which may be NULL, over a frame that is mapped to be written. They lie on a
 * canvas of this size, which covers the frame; what of them is outside is left out.
 */
void blender_blend(struct blender *blender, struct panels *panels, int canvas_width,
	int canvas_height, GstVideoFrame *frame);
