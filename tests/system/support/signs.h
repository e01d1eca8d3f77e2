/*
 * system/support/signs: reads numbers from zapper's screen as a viewer does: what it looks like is
 * known from painting the same view here, with the same fonts. Only what differs between the
 * numbers is compared, and by its shape: whatever picture shines through the panel.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "tests/lab/mark.h"

enum { SIGNS_NONE = -1 };

struct signs;

/* For screens of that size. Free with signs_free, which accepts NULL. */
struct signs *signs_new(int width, int height);
void signs_free(struct signs *signs);

/* The numbers from 1 to `last` where a banner has them, in each of the heights that it comes in. */
void signs_add_banner(struct signs *signs, int last);
/* How loud it is: 0 to 100, by fives. */
void signs_add_volume(struct signs *signs);

/* What has to be looked at. The signs'. */
const struct mark_area *signs_areas(const struct signs *signs, size_t *ret_count);
/* As eyes_read, `signs` being the struct signs: the number, or SIGNS_NONE. */
int64_t signs_read(void *signs, const uint8_t *luma, int width, int height);
