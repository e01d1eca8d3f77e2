#include "ui/key_set.h"

#include <linux/input-event-codes.h>

_Static_assert(UI_KEY_CODES == KEY_CNT, "a set has room for every code of the kernel");

#define WORDS (UI_KEY_CODES / UI_KEY_SET_WORD_BITS)

static bool is_code(uint16_t code)
{
	return code != KEY_RESERVED && code < UI_KEY_CODES;
}

static uint64_t bit_of(uint16_t code)
{
	return UINT64_C(1) << code % UI_KEY_SET_WORD_BITS;
}

bool ui_key_set_has(const struct ui_key_set *set, uint16_t code)
{
	return is_code(code) && set->words[code / UI_KEY_SET_WORD_BITS] & bit_of(code);
}

void ui_key_set_add(struct ui_key_set *set, uint16_t code)
{
	if (is_code(code))
		set->words[code / UI_KEY_SET_WORD_BITS] |= bit_of(code);
}

void ui_key_set_remove(struct ui_key_set *set, uint16_t code)
{
	if (is_code(code))
		set->words[code / UI_KEY_SET_WORD_BITS] &= ~bit_of(code);
}

bool ui_key_set_is_empty(const struct ui_key_set *set)
{
	for (size_t i = 0; i < WORDS; i++)
		if (set->words[i])
			return false;
	return true;
}

uint16_t ui_key_set_take(struct ui_key_set *set)
{
	for (size_t i = 0; i < WORDS; i++) {
		if (!set->words[i])
			continue;
		uint16_t bit = (uint16_t)__builtin_ctzll(set->words[i]);
		set->words[i] &= set->words[i] - 1;
		return (uint16_t)(i * UI_KEY_SET_WORD_BITS + bit);
	}
	return 0;
}

size_t ui_key_set_follow(struct ui_key_set *down, const struct ui_key_event *event,
	struct ui_key_event ret[UI_KEY_SET_FOLLOW_MAX])
{
	bool was_down = ui_key_set_has(down, event->code);
	size_t count = 0;

	if (!is_code(event->code))
		return 0;
	switch (event->motion) {
	case UI_KEY_PRESS:
		if (was_down) {
			ret[count] = *event;
			ret[count++].motion = UI_KEY_RELEASE;
		}
		ui_key_set_add(down, event->code);
		ret[count++] = *event;
		break;
	case UI_KEY_REPEAT:
		if (was_down)
			ret[count++] = *event;
		break;
	case UI_KEY_RELEASE:
		ui_key_set_remove(down, event->code);
		if (was_down)
			ret[count++] = *event;
		break;
	}
	return count;
}
