#include "ui/evdev_keys.h"

#include <string.h>

#define NS_PER_S 1000000000u
#define NS_PER_US 1000u
#define MAX_STAMP_AGE_NS 5000000000u
#define VALUE_RELEASE 0
#define VALUE_PRESS 1
#define VALUE_REPEAT 2

void evdev_keys_init(struct evdev_keys *keys, uint32_t source, const struct ui_key_set *down)
{
	*keys = (struct evdev_keys){.source = source, .foreign = *down};
}

size_t evdev_keys_record(const uint8_t *bytes, size_t len, struct input_event *ret)
{
	if (len < sizeof *ret)
		return 0;
	memcpy(ret, bytes, sizeof *ret);
	return sizeof *ret;
}

static uint64_t stamp_ns(const struct input_event *record, uint64_t now_ns)
{
	uint64_t s = (uint64_t)record->input_event_sec, us = (uint64_t)record->input_event_usec;

	if (s > now_ns / NS_PER_S || us >= NS_PER_S / NS_PER_US)
		return now_ns;
	uint64_t at_ns = s * NS_PER_S + us * NS_PER_US;
	return at_ns > now_ns || now_ns - at_ns > MAX_STAMP_AGE_NS ? now_ns : at_ns;
}

/*
 * Keys are told also between SYN_DROPPED and the end of that report, which is incomplete: each key
 * stands for itself, and none is lost that need not be.
 */
size_t evdev_keys_feed(struct evdev_keys *keys, const struct input_event *record, uint64_t now_ns,
	struct ui_key_event ret[UI_KEY_SET_FOLLOW_MAX])
{
	static const enum ui_key_motion motions[] = {
		[VALUE_RELEASE] = UI_KEY_RELEASE,
		[VALUE_PRESS] = UI_KEY_PRESS,
		[VALUE_REPEAT] = UI_KEY_REPEAT,
	};

	if (record->type == EV_SYN && record->code == SYN_DROPPED)
		keys->stale = true;
	if (record->type != EV_KEY || record->value < VALUE_RELEASE || record->value > VALUE_REPEAT)
		return 0;
	/* Up, or up and down again, it is nobody else's; its repeats are of a key that is not down.
	 */
	if (record->value != VALUE_REPEAT)
		ui_key_set_remove(&keys->foreign, record->code);
	const struct ui_key_event event = {
		.code = record->code,
		.motion = motions[record->value],
		.source = keys->source,
		.at_ns = stamp_ns(record, now_ns),
	};
	return ui_key_set_follow(&keys->down, &event, ret);
}

/* The lowest code in `a` and not in `b`; 0 where there is none. */
static uint16_t first_without(const struct ui_key_set *a, const struct ui_key_set *b)
{
	struct ui_key_set rest = *a;

	for (size_t i = 0; i < sizeof rest.words / sizeof rest.words[0]; i++)
		rest.words[i] &= ~b->words[i];
	return ui_key_set_take(&rest);
}

bool evdev_keys_resync(struct evdev_keys *keys, const struct ui_key_set *down, uint64_t now_ns,
	struct ui_key_event *ret)
{
	struct ui_key_set known;

	for (size_t i = 0; i < sizeof known.words / sizeof known.words[0]; i++) {
		keys->foreign.words[i] &= down->words[i];
		known.words[i] = keys->down.words[i] | keys->foreign.words[i];
	}
	*ret = (struct ui_key_event){.source = keys->source, .at_ns = now_ns};
	ret->code = first_without(&keys->down, down);
	ret->motion = UI_KEY_RELEASE;
	if (!ret->code) {
		ret->code = first_without(down, &known);
		ret->motion = UI_KEY_PRESS;
	}
	keys->stale = ret->code != 0;
	if (ret->motion == UI_KEY_PRESS)
		ui_key_set_add(&keys->down, ret->code);
	else
		ui_key_set_remove(&keys->down, ret->code);
	return keys->stale;
}

bool evdev_keys_end(struct evdev_keys *keys, uint64_t now_ns, struct ui_key_event *ret)
{
	*ret = (struct ui_key_event){
		.code = ui_key_set_take(&keys->down),
		.motion = UI_KEY_RELEASE,
		.source = keys->source,
		.at_ns = now_ns,
	};
	return ret->code != 0;
}

bool evdev_keys_is_idle(const struct evdev_keys *keys)
{
	return ui_key_set_is_empty(&keys->down) && ui_key_set_is_empty(&keys->foreign);
}

static bool has_all(const struct ui_key_set *keys, uint16_t first, uint16_t last)
{
	for (uint16_t code = first; code <= last; code++)
		if (!ui_key_set_has(keys, code))
			return false;
	return true;
}

enum evdev_kind evdev_kind_of(const struct ui_key_set *keys)
{
	bool letters = has_all(keys, KEY_Q, KEY_P) && ui_key_set_has(keys, KEY_SPACE);
	bool digits = has_all(keys, KEY_1, KEY_9) || has_all(keys, KEY_NUMERIC_1, KEY_NUMERIC_9) ||
		      has_all(keys, KEY_KP7, KEY_KP9);
	bool channels =
		ui_key_set_has(keys, KEY_CHANNELUP) && ui_key_set_has(keys, KEY_CHANNELDOWN);
	bool arrows = ui_key_set_has(keys, KEY_UP) && ui_key_set_has(keys, KEY_DOWN);
	bool ok = ui_key_set_has(keys, KEY_OK) || ui_key_set_has(keys, KEY_ENTER) ||
		  ui_key_set_has(keys, KEY_SELECT) || ui_key_set_has(keys, KEY_KPENTER);

	if (letters)
		return EVDEV_KEYBOARD;
	return digits || channels || (arrows && ok) ? EVDEV_REMOTE : EVDEV_OTHER;
}
