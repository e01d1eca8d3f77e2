/* channels/numbers: which channel numbers are taken, and the next free one. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct numbers;

struct numbers *numbers_create(void);
void numbers_destroy(struct numbers *numbers);

/* Takes a number for `owner` (borrowed); false if it is taken. */
bool numbers_take(struct numbers *numbers, uint32_t number, uint32_t subnumber, const char *owner);

/* Who has the number, or NULL. */
const char *numbers_owner(const struct numbers *numbers, uint32_t number, uint32_t subnumber);

/*
 * Moves on to the first free number from the given one on: 5, 6, 7, or 5.1, 5.2 for a sub-channel.
 * Behind the last number it begins again at 1. Takes nothing.
 */
void numbers_next_free(struct numbers *numbers, uint32_t *number, uint32_t *subnumber);
