/* play/elements: which GStreamer elements run here: parsers and decoders, found by rank. */
#pragma once

#include <gst/gst.h>
#include <stdbool.h>

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

/* Whether the element gets hold of its device or display. It stays in READY when it does. */
bool elements_open(GstElement *element);
/* Lets go of an element that was found and is not used after all. Accepts NULL. */
void elements_discard(GstElement *element);
