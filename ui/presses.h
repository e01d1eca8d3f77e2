/*
 * ui/presses: presses, repeats and releases of every source's keys become commands, long presses
 * apart from short ones. Pure; the next deadline is asked for. Times are CLOCK_MONOTONIC
 * nanoseconds.
 *
 * A command that has a long form is told at its key's release or, as long, when the key has been
 * held for long enough; every other one is told at the press. Where another key of the same source
 * is pressed before that, the first one is a short one, and told first: keys keep their order. Who
 * was late reads what the sources hold before it lets a deadline expire: the release may be among
 * it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/key_event.h"
#include "ui/keymap.h"

#define UI_HELD_MAX 16	  /* keys held at a time; one more ends the first */
#define UI_SOURCES_MAX 16 /* that tell no repeats */
#define UI_PRESSES_MAX (UI_HELD_MAX + 2)

struct ui_press {
	enum ui_command command;
	bool is_long;
	bool is_repeat; /* the key is still held */
	uint64_t at_ns; /* when the command was: of a press, its own stamp */
};

struct ui_press_list {
	size_t count;
	struct ui_press list[UI_PRESSES_MAX]; /* in the order of their times */
};

struct ui_presses_settings {
	uint64_t long_ns;	  /* default 500 ms */
	uint64_t repeat_delay_ns; /* for sources that tell no repeats; default 400 ms */
	uint64_t repeat_every_ns; /* default 40 ms */
};

struct ui_held_key {
	uint32_t source;
	uint16_t code;
	enum ui_command command;
	bool undecided;	      /* long or short is open */
	uint64_t deadline_ns; /* of that, or of our next repeat; UINT64_MAX: none */
};

struct ui_presses {
	struct ui_presses_settings settings;
	const struct ui_keymap *keymap;
	uint64_t long_forms;
	size_t held_count;
	struct ui_held_key held[UI_HELD_MAX]; /* the one held longest first */
	size_t silent_count;
	uint32_t silent[UI_SOURCES_MAX]; /* sources whose repeats we make */
};

/* A setting of 0 is its default; NULL: all are. The keymap outlives the presses. */
void ui_presses_init(struct ui_presses *presses, const struct ui_keymap *keymap,
	const struct ui_presses_settings *settings);
/* Which commands have a long form now: UI_COMMAND_BIT()s, as ui_model_long_forms(). */
void ui_presses_set_long_forms(struct ui_presses *presses, uint64_t commands);
/*
 * From now on repeats are made here for this source (an evdev device without EV_REP). -ENOSPC with
 * UI_SOURCES_MAX of them: its keys do not repeat.
 */
int ui_presses_make_repeats(struct ui_presses *presses, uint32_t source);

/* *ret is what the event means, and what was due before it. It may be empty. */
void ui_presses_event(
	struct ui_presses *presses, const struct ui_key_event *event, struct ui_press_list *ret);
/* The source is gone: its keys are released, and the source is forgotten. */
void ui_presses_source_gone(
	struct ui_presses *presses, uint32_t source, uint64_t now_ns, struct ui_press_list *ret);
/* UINT64_MAX: nothing is due. */
uint64_t ui_presses_deadline(const struct ui_presses *presses);
/* However late it is asked, a key repeats once: repeats do not queue. */
void ui_presses_expire(struct ui_presses *presses, uint64_t now_ns, struct ui_press_list *ret);
