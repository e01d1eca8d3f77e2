/*
 * ui/wayland_keymap: what a compositor's keymap says of its keys. Wayland's keys come as the
 * kernel's codes, which say where a key is; its keymap says what is printed on it, and there are
 * keyboards (those of other programs above all) where only that means anything. Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "ui/key_set.h"

struct wayland_keymap {
	uint16_t codes[UI_KEY_CODES]; /* what a key's code means */
	struct ui_key_set once;	      /* those that do not repeat: Shift, Ctrl */
};

/* Without a keymap: each key is what its code says, and repeats. */
void wayland_keymap_init(struct wayland_keymap *keymap);

/*
 * From a keymap's text (XKB_V1; a NUL ends it, where there is one). What it does not say stays as
 * the codes say it. Errors: -EINVAL, -ENOMEM, with `keymap` as after wayland_keymap_init().
 */
int wayland_keymap_learn(struct wayland_keymap *keymap, const char *text, size_t len);
