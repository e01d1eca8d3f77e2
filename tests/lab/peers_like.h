/*
 * lab/peers_like: whether a picture on a display is the one that its mark names, and not damaged.
 * It has been coded, converted to RGB and drawn by somebody, so that no checksum would fit: rows of
 * it are held against the same rows of the picture as it was made. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/lab/mark.h"

struct like;

/* For pictures of this size (the lab's), of all clips. Takes a second. Free with like_destroy. */
struct like *like_create(int width, int height);
void like_destroy(struct like *like); /* accepts NULL */

/* The rows that are looked at, each of full width; they are like's. */
const struct mark_area *like_rows(const struct like *like, size_t *ret_count);

/*
 * The correlation of the worst quarter of these rows, -1 to 1, or 0 for a mark of no clip. Above
 * LIKE_WHOLE_PERCENT / 100 the picture is whole: a missing reference, a stale or a grey slice is
 * far below.
 */
double like_measure(struct like *like, struct mark mark, const uint8_t *luma);

enum { LIKE_WHOLE_PERCENT = 70 };
