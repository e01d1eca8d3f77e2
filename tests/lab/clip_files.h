/*
 * lab/clip_files: which kinds of clips there are, and where their files are. The names carry a
 * version of what they hold, so that a head-end that makes other clips makes new ones.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a clip is like. Its seconds are a whole number of GOPs and of sound frames, so that it can
 * be looped without a seam. Everything else is as in format.h.
 */
struct clip_format {
	const char *name; /* of the files, and on command lines */
	unsigned clips;	  /* channels beyond these send them again */
	unsigned seconds;
	int width, height;
	unsigned gop; /* pictures */
	/* Each picture holds two fields of different moments, the upper one first. */
	bool interlaced;
};

/* All formats; the first is the reference scenario's. */
const struct clip_format *clip_formats(size_t *ret_count);
/* NULL when there is none of that name. */
const struct clip_format *clip_format_find(const char *name);

unsigned clip_pictures(const struct clip_format *format);
/* Of a picture as I420, without padding. */
size_t clip_picture_bytes(const struct clip_format *format);

/*
 * The checksums in a clip's file: one for each picture, then, where it is interlaced, one for each
 * picture's upper field and one for each lower field.
 */
unsigned clip_sums(const struct clip_format *format);

/* The clip that a channel sends, from 1 on: what the marks of its pictures say. */
uint8_t clip_of_channel(const struct clip_format *format, unsigned channel);

/* The transport stream and the pictures' checksums of a clip; free with g_free. */
char *clip_ts_path(const char *dir, const struct clip_format *format, uint8_t clip);
char *clip_sums_path(const char *dir, const struct clip_format *format, uint8_t clip);
