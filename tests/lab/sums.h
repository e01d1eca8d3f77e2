/*
 * lab/sums: one checksum for each picture of a clip as a conforming decoder gives it, by frame
 * counter, so that a picture that was shown can be proved undamaged. H.264 and H.265 decode to the
 * bit, so any decoder will do; MPEG-2 leaves decoders some room, so it has to be the same one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The checksum of a picture in I420 without padding between its rows. Quick (about 0.2 ms for
 * 720p), and one changed byte always changes it; no defence against somebody who means to collide.
 */
uint64_t picture_sum(const uint8_t *bytes, size_t size);

/*
 * The checksum of the upper (0) or lower (1) field of such a picture. What makes a picture of a
 * field keeps the field's rows and makes up those between.
 */
uint64_t picture_field_sum(const uint8_t *i420, int width, int height, int field);

/* Writes count sums to a file beside path and renames it to path. 0 or a negative errno. */
int sums_write(const char *path, const uint64_t *sums, size_t count);

/*
 * Reads exactly count sums. 0; -EBADMSG when the file is not one of sums_write's of that count;
 * another negative errno when it cannot be read. sums is undefined after a failure.
 */
int sums_read(const char *path, uint64_t *sums, size_t count);
