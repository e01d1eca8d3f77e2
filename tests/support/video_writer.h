/*
 * tests/support/video_writer: parts of coded video for tests, with headers that are right and
 * bodies that are not. To be freed with g_byte_array_unref().
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* An H.264 SPS, 0, of Main profile; with `fields`, pictures may be fields. No start code. */
GByteArray *video_writer_h264_sps(bool fields);

struct video_writer_slice {
	bool idr, inter;
	unsigned frame_num; /* 4 bits */
	char field;	    /* 't', 'b', or 0: of a frame */
};
/* The first slice of a picture with a body of `len` bytes. No start code. */
GByteArray *video_writer_h264_slice(
	const struct video_writer_slice *slice, bool fields, unsigned len);

/* Appends a start code of `zeros` + 1 bytes and the part. Frees the part. */
void video_writer_append(GByteArray *to, unsigned zeros, GByteArray *part);
void video_writer_append_bytes(GByteArray *to, unsigned zeros, const void *part, size_t len);

/* H.265 NAL units with a start code; a picture's slice has a body of `len` bytes of `fill`. */
void video_writer_h265_head(GByteArray *to); /* AUD, VPS, SPS, PPS */
void video_writer_h265_picture(
	GByteArray *to, unsigned nal_type, bool first_slice, unsigned len, uint8_t fill);

struct video_writer_mpeg {
	bool sequence, group; /* with these headers */
	bool mpeg1;	      /* without extensions */
	char type;	      /* 'I', 'P', 'B' */
	unsigned order;	      /* temporal_reference */
	char field;	      /* as above */
};
/* A picture of MPEG video, with two slices of `len` bytes of `fill`. 25 frames a second. */
void video_writer_mpeg(
	GByteArray *to, const struct video_writer_mpeg *picture, unsigned len, uint8_t fill);
