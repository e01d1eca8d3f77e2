/*
 * lab/y4m: reads YUV4MPEG2, as y4menc writes it, picture by picture from a file or FIFO. 8 bits and
 * 4:2:0 of any kind (C420...).
 *
 * y4menc of GStreamer 1.22 ignores GstVideoMeta: it writes the padding of a decoder's buffers into
 * the stream, which is then damaged. Put `identity drop-allocation=true`, or what copies pictures,
 * before it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct y4m;

struct y4m_format {
	int width, height;
	size_t picture_bytes; /* I420 without padding */
};

enum { Y4M_MAX_SIDE = 8192 };

/* Reads the stream's first line. 0; -EBADMSG when it is none; -ENOTSUP for other samples than
 * 4:2:0. */
int y4m_parse_header(const char *line, struct y4m_format *ret);

/*
 * Opens path; for a FIFO this waits for its writer. 0, y4m_parse_header's errors, or another
 * negative errno. Close with y4m_close, which accepts NULL.
 */
int y4m_open(const char *path, struct y4m **ret);
void y4m_close(struct y4m *y4m);

struct y4m_format y4m_format(const struct y4m *y4m);
/* CLOCK_MONOTONIC, when the first bytes of the last picture had been read. */
uint64_t y4m_began_ns(const struct y4m *y4m);

/*
 * Waits for the next picture; it is y4m's and good until the next call. 1; 0 at the end; -EBADMSG
 * when the stream breaks off within a picture or is damaged.
 */
int y4m_next(struct y4m *y4m, const uint8_t **ret_i420);
