#include "ui/x11_keys.h"

#include <X11/XF86keysym.h>
#include <X11/keysym.h>
#include <linux/input-event-codes.h>

/* The kernel's codes have keysyms of their own in here where X11 has no older name for the key. */
#define KERNEL_KEYSYM_FIRST 0x10081000u
#define KERNEL_KEYSYM_LAST 0x10081fffu

struct meaning {
	uint32_t keysym;
	uint16_t code;
};

static const struct meaning known[] = {
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
	{XK_Home, KEY_HOME},
	{XK_End, KEY_END},
	{XK_Insert, KEY_INSERT},
	{XK_Delete, KEY_DELETE},
	{XK_Tab, KEY_TAB},
	{XK_space, KEY_SPACE},
	{XK_Menu, KEY_COMPOSE},
	{XK_KP_Add, KEY_KPPLUS},
	{XK_KP_Subtract, KEY_KPMINUS},
	{XK_KP_Multiply, KEY_KPASTERISK},
	{XK_KP_Divide, KEY_KPSLASH},
	{XK_a, KEY_A},
	{XK_b, KEY_B},
	{XK_c, KEY_C},
	{XK_d, KEY_D},
	{XK_e, KEY_E},
	{XK_f, KEY_F},
	{XK_g, KEY_G},
	{XK_h, KEY_H},
	{XK_i, KEY_I},
	{XK_j, KEY_J},
	{XK_k, KEY_K},
	{XK_l, KEY_L},
	{XK_m, KEY_M},
	{XK_n, KEY_N},
	{XK_o, KEY_O},
	{XK_p, KEY_P},
	{XK_q, KEY_Q},
	{XK_r, KEY_R},
	{XK_s, KEY_S},
	{XK_t, KEY_T},
	{XK_u, KEY_U},
	{XK_v, KEY_V},
	{XK_w, KEY_W},
	{XK_x, KEY_X},
	{XK_y, KEY_Y},
	{XK_z, KEY_Z},
	{XK_F1, KEY_F1},
	{XK_F2, KEY_F2},
	{XK_F3, KEY_F3},
	{XK_F4, KEY_F4},
	{XK_F5, KEY_F5},
	{XK_F6, KEY_F6},
	{XK_F7, KEY_F7},
	{XK_F8, KEY_F8},
	{XK_F9, KEY_F9},
	{XK_F10, KEY_F10},
	{XK_F11, KEY_F11},
	{XK_F12, KEY_F12},
	{XF86XK_AudioRaiseVolume, KEY_VOLUMEUP},
	{XF86XK_AudioLowerVolume, KEY_VOLUMEDOWN},
	{XF86XK_AudioMute, KEY_MUTE},
	{XF86XK_AudioPlay, KEY_PLAYPAUSE},
	{XF86XK_AudioStop, KEY_STOPCD},
	{XF86XK_AudioPrev, KEY_PREVIOUSSONG},
	{XF86XK_AudioNext, KEY_NEXTSONG},
	{XF86XK_Subtitle, KEY_SUBTITLE},
	{XF86XK_AudioCycleTrack, KEY_AUDIO},
	{XF86XK_Favorites, KEY_FAVORITES},
	{XF86XK_Select, KEY_SELECT},
	{XF86XK_PowerOff, KEY_POWER},
	{XF86XK_Back, KEY_BACK},
	{XF86XK_MenuKB, KEY_MENU},
	{XF86XK_Red, KEY_RED},
	{XF86XK_Green, KEY_GREEN},
	{XF86XK_Yellow, KEY_YELLOW},
	{XF86XK_Blue, KEY_BLUE},
};

/*
 * What a key has that has nothing of the above: a French 6 is a minus without Shift. The keys that
 * they are named after are elsewhere on other keyboards.
 */
static const struct meaning signs[] = {
	{XK_plus, KEY_EQUAL},
	{XK_equal, KEY_EQUAL},
	{XK_minus, KEY_MINUS},
	{XK_comma, KEY_COMMA},
};

static uint16_t find(const struct meaning *meanings, size_t meaning_count, uint32_t keysym)
{
	for (size_t i = 0; i < meaning_count; i++)
		if (meanings[i].keysym == keysym)
			return meanings[i].code;
	return 0;
}

static uint16_t known_code(uint32_t keysym)
{
	if (keysym >= KERNEL_KEYSYM_FIRST && keysym <= KERNEL_KEYSYM_LAST)
		return (uint16_t)(keysym - KERNEL_KEYSYM_FIRST);
	return find(known, sizeof known / sizeof known[0], keysym);
}

static uint16_t sign_code(uint32_t keysym)
{
	return find(signs, sizeof signs / sizeof signs[0], keysym);
}

uint16_t x11_key_code(const uint32_t *keysyms, size_t count)
{
	uint16_t code = 0;

	for (size_t i = 0; i < count && !code; i++)
		code = known_code(keysyms[i]);
	for (size_t i = 0; i < count && !code; i++)
		code = sign_code(keysyms[i]);
	return code;
}

static bool tell(uint16_t code, enum ui_key_motion motion, struct ui_key_event *ret)
{
	*ret = (struct ui_key_event){.code = code, .motion = motion};
	return code != 0;
}

bool x11_keys_press(struct x11_keys *keys, uint8_t keycode, struct ui_key_event *ret)
{
	if (keys->foreign[keycode])
		return false;
	if (keys->down[keycode])
		return tell(keys->down[keycode], UI_KEY_REPEAT, ret);
	keys->down[keycode] = keys->codes[keycode];
	return tell(keys->down[keycode], UI_KEY_PRESS, ret);
}

bool x11_keys_release(struct x11_keys *keys, uint8_t keycode, struct ui_key_event *ret)
{
	uint16_t code = keys->down[keycode];

	keys->down[keycode] = 0;
	keys->foreign[keycode] = false;
	return tell(code, UI_KEY_RELEASE, ret);
}

bool x11_keys_enter(
	struct x11_keys *keys, const uint8_t bits[X11_KEYCODES / 8], struct ui_key_event *ret)
{
	for (unsigned int i = 8; i < X11_KEYCODES; i++) {
		bool is_down = bits[i / 8] & 1u << i % 8;
		if (keys->down[i] && !is_down)
			return x11_keys_release(keys, (uint8_t)i, ret);
		keys->foreign[i] = is_down && !keys->down[i];
	}
	return false;
}

bool x11_keys_leave(struct x11_keys *keys, struct ui_key_event *ret)
{
	for (unsigned int i = 0; i < X11_KEYCODES; i++)
		if (keys->down[i])
			return x11_keys_release(keys, (uint8_t)i, ret);
	return false;
}
