/* play/blend_layer: one panel in the format of the pictures that it is blended over. */
#pragma once

#include <gst/video/video.h>

#include "client/play/play.h"

/* What panels lie on: it covers pictures of this kind, whatever number of pixels it has. */
struct blend_canvas {
	const GstVideoInfo *info;
	int width, height;
};

struct blend_layer;

/* A reference to the panel's pixels is held. Freed with blend_layer_free(), which accepts NULL. */
struct blend_layer *blend_layer_new(
	const struct play_overlay *panel, const struct blend_canvas *canvas);
void blend_layer_free(struct blend_layer *layer);

/* What it was made of. */
const struct play_overlay *blend_layer_panel(const struct blend_layer *layer);

/* Over a frame of the canvas's kind that is mapped to be written. */
void blend_layer_blend(const struct blend_layer *layer, GstVideoFrame *frame);
