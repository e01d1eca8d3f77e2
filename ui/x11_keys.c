#include "ui/x11_keys.h"

#include <X11/XF86keysym.h>
#include <X11/keysym.h>
#include <linux/input-event-codes.h>

/* The kernel's codes have keysyms of their own in here where X11 has no older name for the key. */
#define KERNEL_KEYSYM_FIRST 0x10081000u
#define KERNEL_KEYSYM_LAST 0x10081fffu

static const struct {
	uint32_t keysym;
	uint16_t code;
} keys[] = {
	{XK_0, KEY_0},
	{XK_1, KEY_1},
	{XK_2, KEY_2},
	{XK_3, KEY_3},
	{XK_4, KEY_4},
	{XK_5, KEY_5},
	{XK_6, KEY_6},
	{XK_7, KEY_7},
	{XK_8, KEY_8},
	{XK_9, KEY_9},
	{XK_period, KEY_DOT},
	{XK_KP_0, KEY_KP0},
	{XK_KP_1, KEY_KP1},
	{XK_KP_2, KEY_KP2},
	{XK_KP_3, KEY_KP3},
	{XK_KP_4, KEY_KP4},
	{XK_KP_5, KEY_KP5},
	{XK_KP_6, KEY_KP6},
	{XK_KP_7, KEY_KP7},
	{XK_KP_8, KEY_KP8},
	{XK_KP_9, KEY_KP9},
	{XK_KP_Decimal, KEY_KPDOT},
	{XK_KP_Separator, KEY_KPDOT}, /* a comma, where that is the decimal point */
	{XK_KP_Enter, KEY_KPENTER},
	{XK_Up, KEY_UP},
	{XK_Down, KEY_DOWN},
	{XK_Left, KEY_LEFT},
	{XK_Right, KEY_RIGHT},
	{XK_Page_Up, KEY_PAGEUP},
	{XK_Page_Down, KEY_PAGEDOWN},
	{XK_Return, KEY_ENTER},
	{XK_Escape, KEY_ESC},
	{XK_BackSpace, KEY_BACKSPACE},
	{XK_i, KEY_I},
	{XK_l, KEY_L},
	{XK_q, KEY_Q},
	{XF86XK_AudioRaiseVolume, KEY_VOLUMEUP},
	{XF86XK_AudioLowerVolume, KEY_VOLUMEDOWN},
	{XF86XK_AudioMute, KEY_MUTE},
	{XF86XK_PowerOff, KEY_POWER},
	{XF86XK_Back, KEY_BACK},
	{XF86XK_MenuKB, KEY_MENU},
	{XF86XK_Red, KEY_RED},
	{XF86XK_Green, KEY_GREEN},
	{XF86XK_Yellow, KEY_YELLOW},
	{XF86XK_Blue, KEY_BLUE},
};

static uint16_t code_of(uint32_t keysym)
{
	if (keysym >= KERNEL_KEYSYM_FIRST && keysym <= KERNEL_KEYSYM_LAST)
		return (uint16_t)(keysym - KERNEL_KEYSYM_FIRST);
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (keys[i].keysym == keysym)
			return keys[i].code;
	return 0;
}

uint16_t x11_key_code(const uint32_t *keysyms, size_t count)
{
	uint16_t code = 0;

	for (size_t i = 0; i < count && !code; i++)
		code = code_of(keysyms[i]);
	return code;
}
