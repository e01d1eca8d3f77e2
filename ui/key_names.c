#include "ui/keys.h"

#include <linux/input-event-codes.h>
#include <string.h>
#include <strings.h>

#define NAMED(key)                                                                                 \
	{                                                                                          \
#key, KEY_##key                                                                    \
	}

/* Kernel names without "KEY_": every key of a remote, also those that mean nothing yet. */
static const struct {
	const char *name;
	uint16_t code;
} names[] = {
	NAMED(0),
	NAMED(1),
	NAMED(2),
	NAMED(3),
	NAMED(4),
	NAMED(5),
	NAMED(6),
	NAMED(7),
	NAMED(8),
	NAMED(9),
	NAMED(NUMERIC_0),
	NAMED(NUMERIC_1),
	NAMED(NUMERIC_2),
	NAMED(NUMERIC_3),
	NAMED(NUMERIC_4),
	NAMED(NUMERIC_5),
	NAMED(NUMERIC_6),
	NAMED(NUMERIC_7),
	NAMED(NUMERIC_8),
	NAMED(NUMERIC_9),
	NAMED(KP0),
	NAMED(KP1),
	NAMED(KP2),
	NAMED(KP3),
	NAMED(KP4),
	NAMED(KP5),
	NAMED(KP6),
	NAMED(KP7),
	NAMED(KP8),
	NAMED(KP9),
	NAMED(DOT),
	{".", KEY_DOT},
	NAMED(KPDOT),
	NAMED(UP),
	NAMED(DOWN),
	NAMED(LEFT),
	NAMED(RIGHT),
	NAMED(CHANNELUP),
	NAMED(CHANNELDOWN),
	NAMED(PAGEUP),
	NAMED(PAGEDOWN),
	NAMED(LAST),
	NAMED(PREVIOUS),
	NAMED(OK),
	NAMED(ENTER),
	NAMED(SELECT),
	NAMED(KPENTER),
	NAMED(BACK),
	NAMED(EXIT),
	NAMED(ESC),
	NAMED(BACKSPACE),
	NAMED(INFO),
	NAMED(EPG),
	NAMED(MENU),
	NAMED(FAVORITES),
	NAMED(CHANNEL),
	NAMED(RED),
	NAMED(GREEN),
	NAMED(YELLOW),
	NAMED(BLUE),
	NAMED(TEXT),
	NAMED(SUBTITLE),
	NAMED(AUDIO),
	NAMED(LANGUAGE),
	NAMED(VOLUMEUP),
	NAMED(VOLUMEDOWN),
	NAMED(MUTE),
	NAMED(POWER),
	NAMED(I),
	NAMED(L),
	NAMED(Q),
};

uint16_t ui_key_from_name(const char *name)
{
	if (strncasecmp(name, "KEY_", 4) == 0)
		name += 4;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcasecmp(name, names[i].name) == 0)
			return names[i].code;
	return 0;
}
