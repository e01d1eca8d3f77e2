#include "ui/keys.h"

#include <linux/input-event-codes.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_ENTRY_TIMEOUT_NS 2000000000u
#define PART_DIGITS 5 /* of a number, and of a sub-number */

/* What one key stands for. Digits and the dot carry their character in `digit`. */
struct meaning {
	enum ui_action_type type; /* ENTRY for digits and the dot */
	char digit;
};

static char digit_of(uint16_t code)
{
	/* The order of the keys on a keyboard, which is not that of their values. */
	static const uint16_t keypad[] = {KEY_KP0, KEY_KP1, KEY_KP2, KEY_KP3, KEY_KP4, KEY_KP5,
		KEY_KP6, KEY_KP7, KEY_KP8, KEY_KP9};

	if (code >= KEY_NUMERIC_0 && code <= KEY_NUMERIC_9)
		return (char)('0' + (code - KEY_NUMERIC_0));
	if (code >= KEY_1 && code <= KEY_9)
		return (char)('1' + (code - KEY_1));
	if (code == KEY_0)
		return '0';
	if (code == KEY_DOT || code == KEY_KPDOT)
		return '.';
	for (size_t i = 0; i < sizeof keypad / sizeof keypad[0]; i++)
		if (code == keypad[i])
			return (char)('0' + i);
	return '\0';
}

static struct meaning meaning_of(uint16_t code)
{
	switch (code) {
	case KEY_UP:
	case KEY_CHANNELUP:
	case KEY_PAGEUP:
		return (struct meaning){.type = UI_ACTION_UP};
	case KEY_DOWN:
	case KEY_CHANNELDOWN:
	case KEY_PAGEDOWN:
		return (struct meaning){.type = UI_ACTION_DOWN};
	case KEY_LAST:
	case KEY_PREVIOUS:
	case KEY_L:
		return (struct meaning){.type = UI_ACTION_LAST};
	case KEY_OK:
	case KEY_ENTER:
	case KEY_SELECT:
	case KEY_KPENTER:
		return (struct meaning){.type = UI_ACTION_TUNE};
	case KEY_BACK:
	case KEY_EXIT:
	case KEY_ESC:
	case KEY_BACKSPACE:
		return (struct meaning){.type = UI_ACTION_ENTRY_CANCELLED};
	case KEY_INFO:
	case KEY_I:
		return (struct meaning){.type = UI_ACTION_INFO};
	case KEY_Q:
	case KEY_POWER:
		return (struct meaning){.type = UI_ACTION_QUIT};
	default:;
	}
	char digit = digit_of(code);
	return (struct meaning){.type = digit ? UI_ACTION_ENTRY : UI_ACTION_NONE, .digit = digit};
}

void ui_keys_init(struct ui_keys *keys, uint64_t entry_timeout_ns,
	ui_longer_number_fn longer_number, void *ctx)
{
	*keys = (struct ui_keys){
		.longer_number = longer_number,
		.ctx = ctx,
		.entry_timeout_ns = entry_timeout_ns ? entry_timeout_ns : DEFAULT_ENTRY_TIMEOUT_NS,
		.entry_deadline_ns = UINT64_MAX,
	};
}

static void forget_entry(struct ui_keys *keys)
{
	memset(keys->entry, 0, sizeof keys->entry);
	keys->entry_deadline_ns = UINT64_MAX;
}

/* The number that was typed. "5." is channel 5, as is "5.0". */
static struct ui_action complete_entry(struct ui_keys *keys, uint64_t pressed_ns)
{
	struct ui_action action = {.type = UI_ACTION_TUNE, .pressed_ns = pressed_ns};
	const char *dot = strchr(keys->entry, '.');

	memcpy(action.entry, keys->entry, sizeof action.entry);
	action.number = (uint32_t)strtoul(keys->entry, NULL, 10);
	action.subnumber = dot ? (uint32_t)strtoul(dot + 1, NULL, 10) : 0;
	forget_entry(keys);
	return action;
}

static bool has_room_for(const char *entry, char digit)
{
	const char *dot = strchr(entry, '.');

	if (digit == '.')
		return entry[0] != '\0' && !dot;
	return strlen(dot ? dot + 1 : entry) < PART_DIGITS;
}

static struct ui_action press_digit(struct ui_keys *keys, char digit, uint64_t pressed_ns)
{
	struct ui_action action = {.type = UI_ACTION_ENTRY, .pressed_ns = pressed_ns};

	if (!keys->entry[0] && digit == '0')
		return (struct ui_action){.type = UI_ACTION_LAST, .pressed_ns = pressed_ns};
	if (!has_room_for(keys->entry, digit))
		return (struct ui_action){.type = UI_ACTION_NONE, .pressed_ns = pressed_ns};
	keys->entry[strlen(keys->entry)] = digit;
	keys->entry_pressed_ns = pressed_ns;
	keys->entry_deadline_ns = pressed_ns + keys->entry_timeout_ns;
	if (keys->longer_number && !keys->longer_number(keys->ctx, keys->entry))
		return complete_entry(keys, pressed_ns);
	memcpy(action.entry, keys->entry, sizeof action.entry);
	return action;
}

struct ui_action ui_keys_press(struct ui_keys *keys, uint16_t code, uint64_t pressed_ns)
{
	struct meaning meaning = meaning_of(code);
	struct ui_action action = {.type = meaning.type, .pressed_ns = pressed_ns};

	switch (meaning.type) {
	case UI_ACTION_ENTRY:
		return press_digit(keys, meaning.digit, pressed_ns);
	case UI_ACTION_TUNE:
		if (keys->entry[0])
			return complete_entry(keys, pressed_ns);
		action.type = UI_ACTION_NONE;
		return action;
	case UI_ACTION_ENTRY_CANCELLED:
		if (!keys->entry[0])
			action.type = UI_ACTION_NONE;
		forget_entry(keys);
		return action;
	case UI_ACTION_UP:
	case UI_ACTION_DOWN:
	case UI_ACTION_LAST:
	case UI_ACTION_QUIT:
		/* The viewer went elsewhere: the digits must not tune behind his back. */
		forget_entry(keys);
		return action;
	case UI_ACTION_INFO:
	case UI_ACTION_NONE:
		break;
	}
	return action;
}

uint64_t ui_keys_deadline(const struct ui_keys *keys)
{
	return keys->entry_deadline_ns;
}

struct ui_action ui_keys_expire(struct ui_keys *keys, uint64_t now_ns)
{
	if (now_ns < keys->entry_deadline_ns)
		return (struct ui_action){.type = UI_ACTION_NONE};
	return complete_entry(keys, keys->entry_pressed_ns);
}
