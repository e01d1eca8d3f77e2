/* ui/key_names: what keys are called, by linux/input-event-codes.h. */
#pragma once

#include <stdint.h>

/*
 * The code of a key name, in any case: "up", "KEY_CHANNELUP", "5", "."; "0x1a5" is a code itself,
 * for keys without a name. 0 where there is none.
 */
uint16_t ui_key_from_name(const char *name);
