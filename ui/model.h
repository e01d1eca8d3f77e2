/*
 * ui/model: what the viewer sees and what he wants, as a pure function of commands, facts and time.
 * Commands (ui/presses) and facts (ui/facts) go in, effects come out; ui_model_view() says what is
 * visible; the next deadline is asked for. Times are CLOCK_MONOTONIC nanoseconds, channels are
 * indexes into the line-up.
 *
 * After each input: carry out the effects, tell the presses ui_model_long_forms(), make a view,
 * draw what has changed of it, and wait for ui_model_deadline().
 */
#pragma once

#include "ui/entry.h"
#include "ui/facts.h"
#include "ui/presses.h"
#include "ui/view.h"

struct ui_model;

#define UI_PIN_DIGITS_MIN 4
#define UI_PIN_DIGITS_MAX 8
#define UI_HISTORY_MAX 20

struct ui_model_settings {
	uint64_t banner_ns;	   /* how long it stays; 0: none at a zap, INFO shows it for 5 s */
	uint64_t entry_timeout_ns; /* of a number; 0: 2 s */
	uint64_t watched_ns;	   /* a channel counts as watched from here on; 0: 5 s */
	const char *pin;	   /* copied; NULL or not 4 to 8 digits: there is none */
};

enum ui_tune {
	UI_TUNE_UP,
	UI_TUNE_DOWN,
	UI_TUNE_NUMBER,
	UI_TUNE_LAST,
	UI_TUNE_LIST,	 /* chosen in a list or the guide */
	UI_TUNE_REQUEST, /* ui_model_tune(), or out of standby */
};

enum ui_effect_type {
	UI_EFFECT_TUNE,	  /* watch `channel` now; what was to be tuned before is of no interest */
	UI_EFFECT_BLOCK,  /* `channel` is locked: leave what is watched, and show no picture */
	UI_EFFECT_UNLOCK, /* its PIN was right; UI_EFFECT_TUNE follows */
	UI_EFFECT_FAVOURITE, /* `channel` is one from now on, or (not on) no longer: to be kept */
	UI_EFFECT_LOCK,	     /* the same with its lock */
	UI_EFFECT_VOLUME,    /* `volume_percent` */
	UI_EFFECT_MUTE,
	UI_EFFECT_TRACK, /* of `kind` choose `track`; -1: none */
	UI_EFFECT_STANDBY,
	UI_EFFECT_SLEEP,  /* the timer was set: `sleep_s` from now, 0: off. For the books only */
	UI_EFFECT_ASPECT, /* the next one; say which with ui_model_notice() */
	UI_EFFECT_FULL_SCREEN,
	UI_EFFECT_QUIT,
};

struct ui_effect {
	enum ui_effect_type type;
	uint64_t at_ns; /* the press that it answers; the last digit, the last repeat */
	int32_t channel;
	enum ui_tune how;
	bool on;
	uint16_t volume_percent;
	enum ui_track_kind kind;
	int32_t track;
	uint32_t sleep_s;
};

/* In the order in which they are to be carried out. */
#define UI_EFFECTS_MAX 8
struct ui_effects {
	size_t count;
	struct ui_effect list[UI_EFFECTS_MAX];
};

/* Without a line-up, clock or guide. Freed with ui_model_free(), which accepts NULL. */
struct ui_model *ui_model_new(const struct ui_model_settings *settings);
void ui_model_free(struct ui_model *model);

void ui_model_press(struct ui_model *model, const struct ui_press *press, struct ui_effects *ret);
/* Does what is due; not before the deadline: nothing. */
void ui_model_expire(struct ui_model *model, uint64_t now_ns, struct ui_effects *ret);
/* As if the viewer had chosen the channel (`ctl tune`, the first one). Wakes the box. */
void ui_model_tune(struct ui_model *model, int32_t channel, uint64_t at_ns, struct ui_effects *ret);

/*
 * The line-up, the first or another. index_map[old index] is the new one or UI_NO_CHANNEL; NULL:
 * they have nothing in common. A current channel that is gone leaves none; one that is no longer
 * locked is tuned.
 */
void ui_model_set_lineup(struct ui_model *model, const struct ui_lineup *lineup,
	const int32_t *index_map, uint64_t now_ns, struct ui_effects *ret);
/* Nothing is kept of what it told: where the guide has changed, make a view. */
void ui_model_set_guide(struct ui_model *model, const struct ui_guide *guide);
void ui_model_set_clock(struct ui_model *model, const struct ui_clock *clock, uint64_t now_ns);
/*
 * What was watched before the box was started, as ui_model_history() gave it; once, before anything
 * is watched. What the line-up does not have is left out.
 */
void ui_model_set_history(struct ui_model *model, const int32_t *channels, size_t count);
/* How many rows the theme has room for; at most those of a view, at least 1. */
void ui_model_set_rows(struct ui_model *model, uint32_t list_rows, uint32_t guide_rows);
/*
 * How it goes on that channel; nothing where it is no longer the current one. `why` is the end of
 * a sentence ("the box has no decoder for H.266"), NULL where there is no more to say.
 */
void ui_model_set_signal(
	struct ui_model *model, int32_t channel, enum ui_signal signal, const char *why);
/* Whether up and down pass over a channel, as it turned out. */
void ui_model_set_unplayable(struct ui_model *model, int32_t channel, bool unplayable);
/* Of the current channel; copied. A zap forgets them. */
void ui_model_set_tracks(
	struct ui_model *model, enum ui_track_kind kind, const struct ui_tracks *tracks);
/* Of the current channel's picture; a zap forgets it. */
void ui_model_set_hd(struct ui_model *model, bool is_hd);
void ui_model_set_volume(struct ui_model *model, uint16_t percent, bool muted);
/* The zap's figures and the stream's statistics; copied. Wanted while ui_model_wants_figures(). */
void ui_model_set_figures(
	struct ui_model *model, const char *title, const struct ui_figure *figures, size_t count);
/* A word for a while; the next one replaces it. */
void ui_model_notice(
	struct ui_model *model, const char *text, uint64_t duration_ns, uint64_t now_ns);

/* Which commands have a long form now: UI_COMMAND_BIT()s. */
uint64_t ui_model_long_forms(const struct ui_model *model);
bool ui_model_wants_figures(const struct ui_model *model);
/* The number while it is typed and may lead to a channel, else "". */
const char *ui_model_typed(const struct ui_model *model);
/* UI_NO_CHANNEL: none. A locked one that is blocked counts, too. */
int32_t ui_model_current(const struct ui_model *model);
bool ui_model_in_standby(const struct ui_model *model);
/*
 * The channels last watched, the latest first; at most UI_HISTORY_MAX. For the database: `ret` has
 * room for as many. Returns how many.
 */
size_t ui_model_history(const struct ui_model *model, int32_t ret[UI_HISTORY_MAX]);
/* What LAST goes to; UI_NO_CHANNEL: nowhere. */
int32_t ui_model_last(const struct ui_model *model);

/*
 * What is visible now. The same until the next deadline, if nothing is put in. Costs by what is
 * visible, not by what the line-up holds; unused bytes are zero.
 */
void ui_model_view(const struct ui_model *model, uint64_t now_ns, struct ui_view *ret);
/* When the view changes or something is to be done; UINT64_MAX: when something is put in. */
uint64_t ui_model_deadline(const struct ui_model *model, uint64_t now_ns);
