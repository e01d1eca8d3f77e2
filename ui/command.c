#include "ui/command.h"

#include <glib.h>

static const char *const names[UI_COMMANDS] = {
	[UI_COMMAND_NONE] = "none",
	[UI_COMMAND_0] = "0",
	"1",
	"2",
	"3",
	"4",
	"5",
	"6",
	"7",
	"8",
	"9",
	[UI_COMMAND_DOT] = "dot",
	[UI_COMMAND_UP] = "up",
	[UI_COMMAND_DOWN] = "down",
	[UI_COMMAND_LEFT] = "left",
	[UI_COMMAND_RIGHT] = "right",
	[UI_COMMAND_CHANNEL_UP] = "channel-up",
	[UI_COMMAND_CHANNEL_DOWN] = "channel-down",
	[UI_COMMAND_PAGE_UP] = "page-up",
	[UI_COMMAND_PAGE_DOWN] = "page-down",
	[UI_COMMAND_LAST] = "last",
	[UI_COMMAND_OK] = "ok",
	[UI_COMMAND_BACK] = "back",
	[UI_COMMAND_EXIT] = "exit",
	[UI_COMMAND_INFO] = "info",
	[UI_COMMAND_GUIDE] = "guide",
	[UI_COMMAND_LIST] = "list",
	[UI_COMMAND_BOUQUETS] = "bouquets",
	[UI_COMMAND_FAVOURITES] = "favourites",
	[UI_COMMAND_HISTORY] = "history",
	[UI_COMMAND_MENU] = "menu",
	[UI_COMMAND_AUDIO] = "audio",
	[UI_COMMAND_SUBTITLE] = "subtitle",
	[UI_COMMAND_TEXT] = "text",
	[UI_COMMAND_VOLUME_UP] = "volume-up",
	[UI_COMMAND_VOLUME_DOWN] = "volume-down",
	[UI_COMMAND_MUTE] = "mute",
	[UI_COMMAND_SLEEP] = "sleep",
	[UI_COMMAND_ASPECT] = "aspect",
	[UI_COMMAND_FULL_SCREEN] = "full-screen",
	[UI_COMMAND_FAVOURITE] = "favourite",
	[UI_COMMAND_LOCK] = "lock",
	[UI_COMMAND_STANDBY] = "standby",
	[UI_COMMAND_QUIT] = "quit",
	[UI_COMMAND_RED] = "red",
	[UI_COMMAND_GREEN] = "green",
	[UI_COMMAND_YELLOW] = "yellow",
	[UI_COMMAND_BLUE] = "blue",
};

const char *ui_command_name(enum ui_command command)
{
	return names[command];
}

bool ui_command_from_name(const char *name, enum ui_command *ret)
{
	for (int i = 0; i < UI_COMMANDS; i++) {
		if (g_ascii_strcasecmp(name, names[i]) == 0) {
			*ret = (enum ui_command)i;
			return true;
		}
	}
	return false;
}
