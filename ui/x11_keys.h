/* ui/x11_keys: the keysyms of an X11 keyboard as Linux's KEY_* codes. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * The code of a key with these keysyms (those of each group and shift level, as the server lists
 * them), 0 where it is no key of ours. The first one that we know counts, whatever modifier it
 * would need: a viewer's "1" is a digit on every layout, and a keypad's 8 is one without NumLock.
 */
uint16_t x11_key_code(const uint32_t *keysyms, size_t count);
