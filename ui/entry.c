#include "ui/entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_TIMEOUT_NS UINT64_C(2000000000)
#define UNKNOWN_NS UINT64_C(2000000000) /* to read that there is none */
#define PART_DIGITS 5			/* of a number, and of a sub-number */
#define NEVER UINT64_MAX

static uint64_t later(uint64_t at_ns, uint64_t by_ns)
{
	return by_ns > NEVER - at_ns ? NEVER : at_ns + by_ns;
}

void ui_entry_init(struct ui_entry *entry, uint64_t timeout_ns, ui_number_match_fn match, void *ctx)
{
	*entry = (struct ui_entry){
		.match = match,
		.ctx = ctx,
		.timeout_ns = timeout_ns ? timeout_ns : DEFAULT_TIMEOUT_NS,
		.deadline_ns = NEVER,
	};
}

void ui_entry_number(const char *typed, char number[UI_TYPED_BYTES])
{
	const char *dot = strchr(typed, '.');
	unsigned whole = (unsigned)(strtoul(typed, NULL, 10) % 100000);
	unsigned sub = dot ? (unsigned)(strtoul(dot + 1, NULL, 10) % 100000) : 0;

	if (sub)
		snprintf(number, UI_TYPED_BYTES, "%u.%u", whole, sub);
	else
		snprintf(number, UI_TYPED_BYTES, "%u", whole);
}

static enum ui_entry_step clear(struct ui_entry *entry, enum ui_entry_step step)
{
	memset(entry->typed, 0, sizeof entry->typed);
	entry->unknown = entry->ended = false;
	entry->deadline_ns = NEVER;
	return step;
}

static bool has_room_for(const char *typed, char digit)
{
	const char *dot = strchr(typed, '.');

	if (digit == '.')
		return typed[0] != '\0' && !dot;
	return strlen(dot ? dot + 1 : typed) < PART_DIGITS;
}

static bool is_channel(const struct ui_entry *entry)
{
	char number[UI_TYPED_BYTES];

	ui_entry_number(entry->typed, number);
	return entry->match(entry->ctx, number) & UI_NUMBER_EXACT;
}

/* Whether a key can still be pressed that leads to a channel. */
static bool can_grow(const struct ui_entry *entry)
{
	char dotted[UI_TYPED_BYTES + 1];

	if (has_room_for(entry->typed, '0'))
		return entry->match(entry->ctx, entry->typed) & UI_NUMBER_LONGER;
	if (!has_room_for(entry->typed, '.'))
		return false;
	snprintf(dotted, sizeof dotted, "%s.", entry->typed);
	return entry->match(entry->ctx, dotted) != 0;
}

static enum ui_entry_step decide(struct ui_entry *entry, uint64_t now_ns, bool ended)
{
	if (is_channel(entry)) {
		ui_entry_number(entry->typed, entry->number);
		return clear(entry, UI_ENTRY_DONE);
	}
	entry->unknown = true;
	entry->ended = ended;
	entry->deadline_ns = later(now_ns, UNKNOWN_NS);
	return UI_ENTRY_UNKNOWN;
}

enum ui_entry_step ui_entry_type(struct ui_entry *entry, char digit, uint64_t now_ns)
{
	if (entry->ended)
		clear(entry, UI_ENTRY_OVER);
	if (!has_room_for(entry->typed, digit))
		return UI_ENTRY_NOTHING;
	entry->typed[strlen(entry->typed)] = digit;
	entry->typed_ns = now_ns;
	entry->deadline_ns = later(now_ns, entry->timeout_ns);
	if (!can_grow(entry))
		return decide(entry, now_ns, false);
	return UI_ENTRY_TYPING;
}

enum ui_entry_step ui_entry_ok(struct ui_entry *entry, uint64_t now_ns)
{
	if (!entry->typed[0])
		return UI_ENTRY_NOTHING;
	return entry->ended ? clear(entry, UI_ENTRY_OVER) : decide(entry, now_ns, true);
}

enum ui_entry_step ui_entry_cancel(struct ui_entry *entry)
{
	return entry->typed[0] ? clear(entry, UI_ENTRY_OVER) : UI_ENTRY_NOTHING;
}

void ui_entry_rematch(struct ui_entry *entry)
{
	if (entry->typed[0] && !entry->ended)
		entry->unknown = !is_channel(entry) && !can_grow(entry);
}

uint64_t ui_entry_deadline(const struct ui_entry *entry)
{
	return entry->deadline_ns;
}

enum ui_entry_step ui_entry_expire(struct ui_entry *entry, uint64_t now_ns)
{
	if (entry->deadline_ns == NEVER || now_ns < entry->deadline_ns)
		return UI_ENTRY_NOTHING;
	return entry->unknown ? clear(entry, UI_ENTRY_OVER) : decide(entry, now_ns, true);
}
