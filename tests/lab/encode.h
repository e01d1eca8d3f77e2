/*
 * lab/encode: pictures and sound of our own through GStreamer's encoders into access units, and
 * access units through its decoder back into pictures. What depends on a codec is in struct codec.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "tests/lab/clip_files.h"
#include "tests/lab/mux.h"

struct codec {
	/* From appsrc to appsink: elements between raw video or audio and whole access units. */
	const char *encoder;
	/* Elements from those access units to video/x-raw; NULL for sound. */
	const char *decoder;
	/* The caps of the access units, for the decoder. */
	const char *caps;
	uint8_t stream_type, stream_id; /* see mux.h */
	bool unbounded;
	/* The encoder numbers units as they are decoded: when they are shown, MPEG's
	 * temporal_reference says. */
	bool tells_order;
	/*
	 * Sound only: samples of a frame, how many frames the encoder's output is behind its input,
	 * and so many samples on top.
	 */
	unsigned frame_samples, delay_frames, delay_samples;
	const uint8_t *descriptors; /* see mux.h */
	size_t descriptors_bytes;
};

/* Access units, ready for mux.h: units' offsets count from bytes->data. */
struct elementary {
	GByteArray *bytes;
	GArray *units; /* struct mux_unit */
};

struct elementary *elementary_new(void);
void elementary_free(struct elementary *elementary); /* accepts NULL */

/*
 * Encodes the channel's whole clip, so that its end joins its beginning: both encoders run in from
 * the end of the clip, and what they make of that is thrown away. NULL with error set when an
 * element is missing or fails, or when the encoder did not give what the format says.
 */
struct elementary *encode_video(const struct clip_format *format, const struct codec *codec,
	uint8_t channel, GError **error);
struct elementary *encode_audio(const struct clip_format *format, const struct codec *codec,
	uint8_t channel, GError **error);

/*
 * Decodes units and calls take with each picture in I420 without padding, in the order of their
 * display from 0 on. take returns false to stop with an error. False with error set when decoding
 * failed.
 */
bool decode_video(const struct clip_format *format, const struct codec *codec,
	const struct elementary *video, bool (*take)(void *user, unsigned n, const uint8_t *i420),
	void *user, GError **error);
