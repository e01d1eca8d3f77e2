/*
 * ui/keymap: which key asks for which command. Pure: codes are Linux's KEY_* whatever the device;
 * the text of a keymap file is handed in.
 */
#pragma once

#include <linux/input-event-codes.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/command.h"

struct ui_keymap {
	uint8_t commands[KEY_CNT]; /* enum ui_command by code */
};

/* The keys of remotes and keyboards as they are without a file. */
void ui_keymap_init(struct ui_keymap *keymap);

/* UI_COMMAND_NONE for codes without a meaning, also for those above KEY_MAX. */
enum ui_command ui_keymap_command(const struct ui_keymap *keymap, uint16_t code);

/* "file:line: error: what, and what was done about it", valid UTF-8 on one line. */
typedef void (*ui_keymap_report_fn)(void *ctx, const char *diagnostic);

/*
 * Changes what a keymap file in GKeyFile's form says, and leaves the rest:
 *
 *     [keymap]
 *     KEY_RED=sleep
 *     KEY_POWER=none
 *
 * Keys as ui_key_from_name(), commands as ui_command_from_name(). `file` is for the diagnostics.
 * What cannot be used is reported and left out. Returns how many keys were set.
 */
size_t ui_keymap_read(struct ui_keymap *keymap, const char *file, const char *text,
	size_t len_bytes, ui_keymap_report_fn report, void *ctx);
