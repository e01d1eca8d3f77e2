/* ui/x11_keys: the keys of an X11 keyboard as Linux's KEY_* codes, and which are down. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/key_event.h"

#define X11_KEYCODES 256

/*
 * The code of a key with these keysyms (those of each group and shift level, as the server lists
 * them), 0 where none of them says it. The first one that we know counts, whatever modifier it
 * would need: a viewer's "1" is a digit on every layout, and a keypad's 8 is one without NumLock.
 * Plus, equal, minus and comma count where there is nothing else.
 */
uint16_t x11_key_code(const uint32_t *keysyms, size_t count);

struct x11_keys {
	uint16_t codes[X11_KEYCODES]; /* as the keyboard is mapped now; 0: no key of ours */
	uint16_t down[X11_KEYCODES];  /* what each was pressed as; 0: it is up */
	bool foreign[X11_KEYCODES];   /* pressed before the window had the keyboard */
};

/*
 * Puts a key's code and motion into *ret, or returns false where there is nothing to tell. A key
 * that is pressed while it is down repeats.
 */
bool x11_keys_press(struct x11_keys *keys, uint8_t keycode, struct ui_key_event *ret);
bool x11_keys_release(struct x11_keys *keys, uint8_t keycode, struct ui_key_event *ret);

/*
 * The window has the keyboard now, with these keys down (a bit each, as KeymapNotify has them from
 * the 8th on): releases, one with each call until it returns false, those that went up meanwhile.
 */
bool x11_keys_enter(
	struct x11_keys *keys, const uint8_t bits[X11_KEYCODES / 8], struct ui_key_event *ret);
/* It has lost it: releases all, one with each call until it returns false. */
bool x11_keys_leave(struct x11_keys *keys, struct ui_key_event *ret);
