/*
 * play/stretch: makes sound a little longer or shorter, sample by sample, where tempo leaves whole
 * segments out. No clock, no thread.
 */
#pragma once

#include <glib.h>
#include <gst/audio/audio.h>

struct stretch {
	GstAudioResampler *resampler;
	unsigned rate, channels;
};

/* Floats, interleaved. */
void stretch_init(struct stretch *stretch, unsigned rate, unsigned channels);
void stretch_clear(struct stretch *stretch); /* accepts a zeroed one */
/* What comes next is not continuous with what came before. */
void stretch_reset(struct stretch *stretch);

/*
 * How many frames stretch_take() will give for `in_frames` of them, each made `longer` times as
 * long (1: as it is; near to it, in steps of a millionth). The next call has to be that one.
 */
gsize stretch_ask(struct stretch *stretch, gsize in_frames, double longer);
void stretch_take(
	struct stretch *stretch, const float *in, gsize in_frames, float *out, gsize out_frames);
/* Frames that were taken and are not given out yet, once it runs. */
gsize stretch_held(const struct stretch *stretch);
