/*
 * receive/audio: what a codec tells of its frames, so that audio_framer can cut them out. Each
 * codec is one constant table of this type, in a file of its own. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AUDIO_HEADER_BYTES_MAX 8

/* What a frame's duration is counted in, and how long it is. */
struct audio_format {
	uint32_t rate_hz; /* 0: not known yet */
	uint32_t samples;
};

struct audio_codec {
	uint8_t sync[2], sync_mask[2]; /* the first two bytes of each frame */
	size_t header_bytes;	       /* what length() and is_alike() need */
	/* Of the frame that begins here, of which `len` bytes are there; 0: none does. */
	size_t (*length)(const uint8_t *data, size_t len);
	/* May two headers be of one stream? */
	bool (*is_alike)(const uint8_t *a, const uint8_t *b);
	/*
	 * Of a whole frame. *format is that of the frame before it and becomes this one's; false
	 * when a decoder can do nothing with the frame.
	 */
	bool (*describe)(const uint8_t *data, size_t len, struct audio_format *format);
};
