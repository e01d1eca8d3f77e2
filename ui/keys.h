/*
 * ui/keys: what a key press means. Pure: a key code with its time goes in, an action comes out; the
 * next deadline (the end of a digit entry) is asked for. Codes are Linux's KEY_* whatever the
 * device.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/key_names.h"

enum ui_action_type {
	UI_ACTION_NONE,
	UI_ACTION_TUNE,	 /* go to `number`.`subnumber`, as typed in `entry` */
	UI_ACTION_UP,	 /* the next higher number: UP, CHANNELUP, PAGEUP */
	UI_ACTION_DOWN,	 /* the next lower number: DOWN, CHANNELDOWN, PAGEDOWN */
	UI_ACTION_LAST,	 /* LAST, PREVIOUS, a keyboard's L, and 0 while no digits are pending */
	UI_ACTION_ENTRY, /* the digits typed so far changed: show `entry` */
	UI_ACTION_ENTRY_CANCELLED, /* BACK, EXIT, ESC, BACKSPACE, while digits are pending */
	UI_ACTION_INFO,		   /* INFO, a keyboard's I */
	UI_ACTION_QUIT,		   /* POWER, a keyboard's Q */
};

#define UI_ENTRY_BYTES 16 /* 5 digits, a dot, 5 digits, NUL, rounded up */

struct ui_action {
	enum ui_action_type type;
	uint64_t pressed_ns; /* CLOCK_MONOTONIC time of the key press that it answers */
	uint32_t number, subnumber;
	char entry[UI_ENTRY_BYTES];
};

/*
 * Whether a line-up has a number that begins with `entry` and is longer: while it has, a digit
 * entry waits for more, else it is complete at once.
 */
typedef bool (*ui_longer_number_fn)(void *ctx, const char *entry);

struct ui_keys {
	ui_longer_number_fn longer_number;
	void *ctx;
	uint64_t entry_timeout_ns; /* default 2 s after the last digit */
	uint64_t entry_deadline_ns;
	uint64_t entry_pressed_ns;
	char entry[UI_ENTRY_BYTES];
};

/* entry_timeout_ns 0 means the default. `longer_number` may be NULL: every entry then waits. */
void ui_keys_init(struct ui_keys *keys, uint64_t entry_timeout_ns,
	ui_longer_number_fn longer_number, void *ctx);

/*
 * One press (or repeat) of the key `code` at `pressed_ns`. The answer's type may be NONE. A TUNE
 * answers the press that completed the number: OK, or the last digit. Going elsewhere (UP, DOWN,
 * LAST, QUIT) drops pending digits. Where the deadline has passed, expire first.
 */
struct ui_action ui_keys_press(struct ui_keys *keys, uint16_t code, uint64_t pressed_ns);

/* UINT64_MAX while no digits are pending. */
uint64_t ui_keys_deadline(const struct ui_keys *keys);
struct ui_action ui_keys_expire(struct ui_keys *keys, uint64_t now_ns);
