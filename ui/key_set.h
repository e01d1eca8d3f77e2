/*
 * ui/key_set: keys by their KEY_* codes, above all those of one source that are down: with them
 * what a source tells is a press, its repeats and its release, in this order, whatever came. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/key_event.h"

#define UI_KEY_CODES 768u /* KEY_CNT of <linux/input-event-codes.h>: 0 to KEY_MAX */
#define UI_KEY_SET_WORD_BITS 64u

struct ui_key_set {
	uint64_t words[UI_KEY_CODES / UI_KEY_SET_WORD_BITS];
};

/* A code that is none (0, or above KEY_MAX) is in no set. */
bool ui_key_set_has(const struct ui_key_set *set, uint16_t code);
void ui_key_set_add(struct ui_key_set *set, uint16_t code);
void ui_key_set_remove(struct ui_key_set *set, uint16_t code);
bool ui_key_set_is_empty(const struct ui_key_set *set);
/* Removes the lowest code and returns it; 0 where the set is empty. */
uint16_t ui_key_set_take(struct ui_key_set *set);

#define UI_KEY_SET_FOLLOW_MAX 2

/*
 * What to tell of `event`, for the keys in `down`, which follows it. Returns how many events were
 * put into ret. A press of a key that is down had its release lost: that comes first. A repeat or a
 * release of one that is not down was another's, and is nothing.
 */
size_t ui_key_set_follow(struct ui_key_set *down, const struct ui_key_event *event,
	struct ui_key_event ret[UI_KEY_SET_FOLLOW_MAX]);
