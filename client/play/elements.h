/* play/elements: which GStreamer elements run here: decoders and sinks found by rank. */
#pragma once

#include <gst/gst.h>

#include "client/play/play.h"

/*
 * An appsrc for buffers that carry the pipeline's running time: it never blocks, holds any number
 * of them, and no sink finds their wait in it too long. A floating reference.
 */
GstElement *elements_source(void);

/* Drops what is in it and behind it, up to the sink: when it returns, nothing old comes out. */
void elements_flush(GstElement *source);

/*
 * The parser and the decoder of highest rank for `caps` that open here (reach READY), so that a
 * hardware decoder wins where there is one. `type` is GST_ELEMENT_FACTORY_TYPE_PARSER or _DECODER.
 * `all`: it has to take all that the caps stand for, not only some of it. A floating reference, or
 * NULL.
 */
GstElement *elements_find(GstElementFactoryListType type, const GstCaps *caps, bool all);

/*
 * The video sink that `wanted` names (play_options), opened, drawing into `window` where there is
 * one; it shows each picture at once (the presenter has waited for the clock). A floating
 * reference, or NULL with *ret_why, a sentence.
 */
GstElement *elements_video_sink(
	const char *wanted, const struct play_window *window, char **ret_why);

/* The same for sound. "auto" without any audio device is a sink that swallows it in time. */
GstElement *elements_audio_sink(const char *wanted, char **ret_why);

/* Lets go of an element that was found and is not used after all. Accepts NULL. */
void elements_discard(GstElement *element);

/* Name of the factory of the element, or of the last sink inside a bin: "ximagesink". */
const char *elements_sink_name(GstElement *sink);
