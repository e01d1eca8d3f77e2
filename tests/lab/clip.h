/*
 * lab/clip: a channel's clip, made once and kept as two files: a transport stream of
 * constant rate (see mux.h) and the checksums of its pictures (see sums.h), named in clip_files.h.
 * Both are written under another name and renamed, the transport stream last: when it is there, so
 * are the sums.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "tests/lab/clip_files.h"

/*
 * Makes those of the format's clips 1 to count that dir lacks, as many at a time as there are
 * processors. dir is made when missing, and locked meanwhile, so that a second caller waits for the
 * first. say is called with a line of text (from several threads, one at a time) when there is
 * something to wait for. False with error set when one could not be made.
 */
bool clip_make_missing(const char *dir, const struct clip_format *format, uint8_t count,
	void (*say)(const char *line), GError **error);
