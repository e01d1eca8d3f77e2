/* ui/command: what a key asks for, whatever the key. What it does depends on what is open. */
#pragma once

#include <stdbool.h>

enum ui_command {
	UI_COMMAND_NONE,
	UI_COMMAND_0, /* and its nine followers, in order */
	UI_COMMAND_9 = UI_COMMAND_0 + 9,
	UI_COMMAND_DOT,
	UI_COMMAND_UP,
	UI_COMMAND_DOWN,
	UI_COMMAND_LEFT,
	UI_COMMAND_RIGHT,
	UI_COMMAND_CHANNEL_UP,
	UI_COMMAND_CHANNEL_DOWN,
	UI_COMMAND_PAGE_UP,
	UI_COMMAND_PAGE_DOWN,
	UI_COMMAND_LAST,
	UI_COMMAND_OK,
	UI_COMMAND_BACK,
	UI_COMMAND_EXIT,
	UI_COMMAND_INFO,
	UI_COMMAND_GUIDE,
	UI_COMMAND_LIST,
	UI_COMMAND_BOUQUETS,
	UI_COMMAND_FAVOURITES,
	UI_COMMAND_HISTORY,
	UI_COMMAND_MENU,
	UI_COMMAND_AUDIO,
	UI_COMMAND_SUBTITLE,
	UI_COMMAND_TEXT,
	UI_COMMAND_VOLUME_UP,
	UI_COMMAND_VOLUME_DOWN,
	UI_COMMAND_MUTE,
	UI_COMMAND_SLEEP,
	UI_COMMAND_ASPECT,
	UI_COMMAND_FULL_SCREEN,
	UI_COMMAND_FAVOURITE, /* this channel is one from now on, or no longer */
	UI_COMMAND_LOCK,      /* the same with its lock */
	UI_COMMAND_STANDBY,
	UI_COMMAND_QUIT,
	UI_COMMAND_RED,
	UI_COMMAND_GREEN,
	UI_COMMAND_YELLOW,
	UI_COMMAND_BLUE,
	UI_COMMANDS /* at most 64: sets of them are bits of a uint64_t */
};

#define UI_COMMAND_BIT(command) (UINT64_C(1) << (command))

/* As a keymap file has it: "channel-up", "none". */
const char *ui_command_name(enum ui_command command);
/* In any case. False, *ret untouched, where there is no such command. */
bool ui_command_from_name(const char *name, enum ui_command *ret);
