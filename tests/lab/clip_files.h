/*
 * lab/clip_files: where a clip's files are. The names carry a version of what they hold, so that a
 * head-end that makes other clips makes new ones.
 */
#pragma once

#include <stdint.h>

/* The clip that a channel sends: 1 to LAB_CLIPS. */
uint8_t clip_of_channel(unsigned channel);

/* The transport stream and the pictures' checksums of a clip; free with g_free. */
char *clip_ts_path(const char *dir, uint8_t clip);
char *clip_sums_path(const char *dir, uint8_t clip);
