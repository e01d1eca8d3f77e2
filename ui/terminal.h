/*
 * ui/terminal: keys from the terminal that the program runs in. Puts it into raw mode while it
 * looks, and back on close, also when the program dies of a signal that it handles.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "ui/key_event.h"

struct ui_terminal;

/*
 * Its keys are taps (UI_KEY_SOURCE_TAPS), with the time when they were read. fd stays the caller's,
 * and blocking as it was. Errors: -ENOTTY where fd is no terminal, or that of another job than ours
 * (then there are no keys from it), other -errno.
 */
int ui_terminal_open(
	uv_loop_t *loop, int fd, ui_key_fn on_key, void *ctx, struct ui_terminal **ret);
/* After the program was stopped and goes on (SIGCONT): takes the terminal's modes again. Accepts
 * NULL. */
void ui_terminal_resume(struct ui_terminal *terminal);
/* Restores the terminal at once and drops unread keys; memory is freed from the loop. Accepts NULL.
 */
void ui_terminal_close(struct ui_terminal *terminal);

/*
 * The pure part: takes the next key out of bytes read from a terminal (UTF-8, with the escape
 * sequences of arrows, page, keypad and function keys). Returns the number of bytes used, 0 when
 * the bytes are the beginning of an unfinished sequence; *ret_code is 0 for bytes that are no key
 * of ours.
 */
size_t ui_terminal_decode(const uint8_t *bytes, size_t len, uint16_t *ret_code);
