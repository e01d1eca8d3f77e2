#include "ui/presses.h"

#include <errno.h>
#include <string.h>

#define MS UINT64_C(1000000)
#define NEVER UINT64_MAX

static uint64_t later(uint64_t at_ns, uint64_t by_ns)
{
	return by_ns > NEVER - at_ns ? NEVER : at_ns + by_ns;
}

void ui_presses_init(struct ui_presses *presses, const struct ui_keymap *keymap,
	const struct ui_presses_settings *settings)
{
	*presses = (struct ui_presses){.keymap = keymap};
	if (settings)
		presses->settings = *settings;
	struct ui_presses_settings *mine = &presses->settings;
	mine->long_ns = mine->long_ns ? mine->long_ns : 500 * MS;
	mine->repeat_delay_ns = mine->repeat_delay_ns ? mine->repeat_delay_ns : 400 * MS;
	mine->repeat_every_ns = mine->repeat_every_ns ? mine->repeat_every_ns : 40 * MS;
}

void ui_presses_set_long_forms(struct ui_presses *presses, uint64_t commands)
{
	presses->long_forms = commands;
}

static bool is_silent(const struct ui_presses *presses, uint32_t source)
{
	for (size_t i = 0; i < presses->silent_count; i++)
		if (presses->silent[i] == source)
			return true;
	return false;
}

int ui_presses_make_repeats(struct ui_presses *presses, uint32_t source)
{
	if (is_silent(presses, source))
		return 0;
	if (presses->silent_count == UI_SOURCES_MAX)
		return -ENOSPC;
	presses->silent[presses->silent_count++] = source;
	return 0;
}

static void tell(struct ui_press_list *ret, struct ui_press press)
{
	ret->list[ret->count++] = press;
}

static struct ui_held_key *find(struct ui_presses *presses, uint32_t source, uint16_t code)
{
	for (size_t i = 0; i < presses->held_count; i++)
		if (presses->held[i].source == source && presses->held[i].code == code)
			return &presses->held[i];
	return NULL;
}

static void release(struct ui_presses *presses, struct ui_held_key *key, uint64_t now_ns,
	struct ui_press_list *ret)
{
	size_t behind = (size_t)(presses->held + presses->held_count - (key + 1));

	if (key->undecided)
		tell(ret, (struct ui_press){.command = key->command, .at_ns = now_ns});
	memmove(key, key + 1, behind * sizeof *key);
	presses->held_count--;
}

static void hold(struct ui_presses *presses, const struct ui_key_event *event,
	enum ui_command command, struct ui_press_list *ret)
{
	bool undecided = presses->long_forms & UI_COMMAND_BIT(command);
	uint64_t deadline_ns = NEVER;

	if (presses->held_count == UI_HELD_MAX)
		release(presses, &presses->held[0], event->at_ns, ret);
	if (undecided)
		deadline_ns = later(event->at_ns, presses->settings.long_ns);
	else if (is_silent(presses, event->source))
		deadline_ns = later(event->at_ns, presses->settings.repeat_delay_ns);
	presses->held[presses->held_count++] = (struct ui_held_key){.source = event->source,
		.code = event->code,
		.command = command,
		.undecided = undecided,
		.deadline_ns = deadline_ns};
	if (!undecided)
		tell(ret, (struct ui_press){.command = command, .at_ns = event->at_ns});
}

/* Who presses another key does not wait for a long form any more: what came first is told first. */
static void decide_others(
	struct ui_presses *presses, const struct ui_key_event *event, struct ui_press_list *ret)
{
	for (size_t i = 0; i < presses->held_count; i++) {
		struct ui_held_key *key = &presses->held[i];
		if (!key->undecided || key->source != event->source)
			continue;
		tell(ret, (struct ui_press){.command = key->command, .at_ns = event->at_ns});
		key->undecided = false;
		key->deadline_ns = NEVER;
	}
}

static void press(
	struct ui_presses *presses, const struct ui_key_event *event, struct ui_press_list *ret)
{
	enum ui_command command = ui_keymap_command(presses->keymap, event->code);
	struct ui_held_key *held = find(presses, event->source, event->code);

	if (held) /* its release was lost */
		release(presses, held, event->at_ns, ret);
	if (command == UI_COMMAND_NONE)
		return;
	decide_others(presses, event, ret);
	if (event->source == UI_KEY_SOURCE_TAPS)
		tell(ret, (struct ui_press){.command = command, .at_ns = event->at_ns});
	else
		hold(presses, event, command, ret);
}

static void repeat(
	struct ui_presses *presses, const struct ui_key_event *event, struct ui_press_list *ret)
{
	struct ui_held_key *key = find(presses, event->source, event->code);

	/* Of a key that we did not see pressed: it was for somebody else. */
	if (!key || (presses->long_forms & UI_COMMAND_BIT(key->command)) || key->undecided)
		return;
	key->deadline_ns = NEVER; /* the source does repeat */
	tell(ret, (struct ui_press){
			  .command = key->command, .is_repeat = true, .at_ns = event->at_ns});
}

static struct ui_held_key *first_due(const struct ui_presses *presses)
{
	const struct ui_held_key *due = NULL;

	for (size_t i = 0; i < presses->held_count; i++)
		if (!due || presses->held[i].deadline_ns < due->deadline_ns)
			due = &presses->held[i];
	return (struct ui_held_key *)due;
}

uint64_t ui_presses_deadline(const struct ui_presses *presses)
{
	const struct ui_held_key *due = first_due(presses);

	return due ? due->deadline_ns : NEVER;
}

/* Each key at most once: its next deadline lies behind now. */
static void expire(struct ui_presses *presses, uint64_t now_ns, struct ui_press_list *ret)
{
	uint64_t every_ns = presses->settings.repeat_every_ns;
	struct ui_held_key *due;

	while ((due = first_due(presses)) && due->deadline_ns <= now_ns &&
		due->deadline_ns != NEVER) {
		tell(ret, (struct ui_press){.command = due->command,
				  .is_long = due->undecided,
				  .is_repeat = !due->undecided,
				  .at_ns = due->deadline_ns});
		uint64_t next_ns = later(due->deadline_ns, every_ns);
		if (due->undecided)
			due->deadline_ns = NEVER;
		else
			due->deadline_ns = next_ns > now_ns ? next_ns : later(now_ns, every_ns);
		due->undecided = false;
	}
}

void ui_presses_event(
	struct ui_presses *presses, const struct ui_key_event *event, struct ui_press_list *ret)
{
	ret->count = 0;
	expire(presses, event->at_ns, ret);
	switch (event->motion) {
	case UI_KEY_PRESS:
		press(presses, event, ret);
		break;
	case UI_KEY_REPEAT:
		repeat(presses, event, ret);
		break;
	case UI_KEY_RELEASE: {
		struct ui_held_key *key = find(presses, event->source, event->code);
		if (key)
			release(presses, key, event->at_ns, ret);
		break;
	}
	}
}

void ui_presses_source_gone(
	struct ui_presses *presses, uint32_t source, uint64_t now_ns, struct ui_press_list *ret)
{
	ret->count = 0;
	expire(presses, now_ns, ret);
	for (size_t i = 0; i < presses->held_count;) {
		if (presses->held[i].source == source)
			release(presses, &presses->held[i], now_ns, ret);
		else
			i++;
	}
	for (size_t i = 0; i < presses->silent_count; i++)
		if (presses->silent[i] == source)
			presses->silent[i--] = presses->silent[--presses->silent_count];
}

void ui_presses_expire(struct ui_presses *presses, uint64_t now_ns, struct ui_press_list *ret)
{
	ret->count = 0;
	expire(presses, now_ns, ret);
}
