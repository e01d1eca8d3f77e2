/* ui/model_state: what the files of ui/model share: its state, and what they do for each other. */
#pragma once

#include "ui/model.h"
#include "ui/text.h"
#include "ui/wall.h"

#define MODEL_MS UINT64_C(1000000)
#define MODEL_S UINT64_C(1000000000)
#define MODEL_NEVER UINT64_MAX
#define MODEL_TICK_S 10 /* how often what tells the time is looked at: a clock, progress */
#define MODEL_FAVOURITE (1u << 31) /* beside enum ui_channel_flag */
#define MODEL_PIN_TRIES 5

/*
 * What a channel stands in. MODEL_ALL and the line-up's bouquets behind it, then the favourites, so
 * that LEFT and RIGHT go through them.
 */
#define MODEL_ALL 0

enum model_open { OPEN_NOTHING, OPEN_LIST, OPEN_GUIDE, OPEN_CHOICE };

/* model_watch: what is watched, and what will be. */
struct model_watch {
	int32_t current; /* what the box was told to watch, or is kept from by its lock */
	int32_t shown;	 /* the banner's: ahead of `current` while a key is held */
	size_t set;	 /* that up and down stay within */
	size_t pos;	 /* of `shown` in there, where it stands there more than once */
	uint64_t since_ns;
	bool counted; /* as watched */
	bool blocked;
	int32_t unlocked; /* the PIN was right, or it was locked while watched */
	int32_t left;	  /* what LAST goes to before anything was watched */
	enum ui_signal signal;
	char why[UI_TITLE_BYTES];
	uint64_t settle_ns; /* when the tuner follows a held key */
	enum ui_tune settle_how;
	uint64_t settle_pressed_ns;
	size_t history_count;
	int32_t history[UI_HISTORY_MAX];
};

struct model_list {
	enum { LIST_CHANNELS, LIST_BOUQUETS, LIST_HISTORY } kind;
	size_t set; /* of LIST_CHANNELS */
	size_t selected, top;
};

struct model_grid {
	size_t set, selected, top;
	int64_t cursor_s; /* the selected event is the one at this time; 0: no time is known */
	int64_t from_s;	  /* the left edge */
};

struct model_choice {
	enum { CHOICE_TRACK, CHOICE_MENU } of;
	enum ui_track_kind kind; /* of CHOICE_TRACK */
	size_t selected;
};

struct model_ask {
	bool open;
	enum { ASK_WATCH, ASK_UNLOCK } purpose; /* see the channel once; take its lock away */
	int32_t channel;
	enum ui_tune how;
	size_t count;
	char typed[UI_PIN_DIGITS_MAX];
	bool wrong; /* the last one was */
	unsigned tries;
	uint64_t wait_until_ns; /* after too many wrong ones; 0: no need to */
};

struct model_tracks {
	char **names; /* NULL-terminated */
	size_t count;
	int32_t chosen;
};

struct ui_model {
	struct ui_model_settings settings;
	char pin[UI_PIN_DIGITS_MAX + 1];
	size_t pin_digits; /* 0: there is no PIN */
	struct ui_lineup lineup;
	uint32_t *flags;     /* of each channel */
	uint32_t *by_number; /* channels, sorted by their numbers as text */
	GArray *favourites;  /* of uint32_t */
	struct ui_guide guide;
	struct ui_clock clock;
	uint32_t list_rows, guide_rows;

	struct model_watch watch;
	struct ui_entry entry;
	enum model_open open;
	struct model_list list;
	struct model_grid grid;
	struct model_choice choice;
	struct model_ask ask; /* above what is open */
	struct model_tracks tracks[UI_TRACK_KINDS];
	bool is_hd;
	uint16_t volume_percent;
	bool muted;
	bool standby;
	uint64_t banner_until_ns, volume_until_ns, notice_until_ns;
	char notice[UI_NAME_BYTES];
	bool stats_open;
	struct ui_stats_view stats;
	size_t sleep_step;	    /* 0: off */
	uint64_t sleep_at_ns;	    /* MODEL_NEVER: off */
	uint64_t sleep_asked_ns;    /* until then SLEEP goes to the next step */
	struct ui_effects *effects; /* of the input that is being handled */
};

/* model.c */
uint64_t model_later(uint64_t at_ns, uint64_t by_ns);
void model_effect(struct ui_model *model, struct ui_effect effect);
void model_close_all(struct ui_model *model);
void model_say(struct ui_model *model, const char *text, uint64_t now_ns);

/* model_lineup.c: channels, the sets they stand in, and their flags */
size_t model_set_count(const struct ui_model *model); /* of sets */
size_t model_favourite_set(const struct ui_model *model);
void model_set_name(const struct ui_model *model, size_t set, char name[UI_NAME_BYTES]);
size_t model_set_size(const struct ui_model *model, size_t set);
int32_t model_set_at(const struct ui_model *model, size_t set, size_t pos);
/* False, *ret_pos untouched, where the channel is not in there. */
bool model_set_find(const struct ui_model *model, size_t set, int32_t channel, size_t *ret_pos);
/* Whether there is a channel of this index. */
bool model_has(const struct ui_model *model, int32_t channel);
uint32_t model_flags(const struct ui_model *model, int32_t channel);
/* Of enum ui_badge, as a list shows them. */
uint32_t model_badges(const struct ui_model *model, int32_t channel);
const char *model_number(const struct ui_model *model, int32_t channel); /* as it came */
void model_name(const struct ui_model *model, int32_t channel, char name[UI_NAME_BYTES]);
/* "5 News", fit for a sentence. */
void model_label(const struct ui_model *model, int32_t channel, char label[UI_NAME_BYTES]);
int32_t model_by_number(const struct ui_model *model, const char *number);
unsigned model_match(void *model, const char *typed); /* ui_number_match_fn */
void model_toggle_favourite(struct ui_model *model, int32_t channel, uint64_t now_ns);
void model_mark_locked(struct ui_model *model, int32_t channel, bool locked);
void model_forget_lineup(struct ui_model *model);

/* model_watch.c */
void model_watch_init(struct ui_model *model);
void model_note_watched(struct ui_model *model, uint64_t now_ns);
/* When it counts as watched; MODEL_NEVER: it does already, or there is nothing to watch. */
uint64_t model_watched_ns(const struct ui_model *model);
void model_show_banner(struct ui_model *model, uint64_t now_ns);
/* Where in a set the banner's channel stands; 0 where it does not. */
size_t model_shown_pos(const struct ui_model *model, size_t set);
/* Watch it, or have its PIN asked for. */
void model_go(struct ui_model *model, int32_t channel, enum ui_tune how, uint64_t at_ns);
void model_watch_right_pin(
	struct ui_model *model, int32_t channel, enum ui_tune how, uint64_t at_ns);
/* Zaps with these commands whatever is open; false: it is none of them. */
bool model_zap_press(struct ui_model *model, const struct ui_press *press);
bool model_watch_press(struct ui_model *model, const struct ui_press *press);
void model_watch_expire(struct ui_model *model, uint64_t now_ns);
void model_watch_remap(
	struct ui_model *model, const int32_t *index_map, size_t old_count, uint64_t now_ns);

/* model_entry.c */
bool model_entry_press(struct ui_model *model, const struct ui_press *press);
void model_entry_expire(struct ui_model *model, uint64_t now_ns);

/* model_list.c */
void model_list_open(struct ui_model *model, size_t set);
void model_list_open_bouquets(struct ui_model *model);
void model_list_open_history(struct ui_model *model);
bool model_list_press(struct ui_model *model, const struct ui_press *press);
/* After the line-up or a set has changed; `channel` was selected. */
void model_list_keep(struct ui_model *model, int32_t channel);
int32_t model_list_selected(const struct ui_model *model); /* of channels */
void model_list_view(const struct ui_model *model, int64_t now_s, struct ui_list_view *view);
/* So that row `selected` of `size` is seen; returns the first row. */
size_t model_scroll(size_t top, size_t selected, size_t size, size_t rows);
/* Moves by a row or a page; a held key stops at the ends. False: it is no key for that. */
bool model_step(size_t *selected, size_t size, size_t page, const struct ui_press *press);

/* model_guide.c */
void model_guide_open(struct ui_model *model, uint64_t now_ns);
bool model_guide_press(struct ui_model *model, const struct ui_press *press);
void model_guide_keep(struct ui_model *model, int32_t channel);
void model_guide_clock(struct ui_model *model, uint64_t now_ns);
int32_t model_guide_selected(const struct ui_model *model);

/* model_guide_view.c */
#define MODEL_GUIDE_SPAN_S (2 * 3600)
/* As ui_guide_find_fn, without events that cannot be, and strings never NULL. */
bool model_event(
	const struct ui_model *model, int32_t channel, int64_t time_s, struct ui_guide_event *ret);
/* The event that is on, and the one behind it, where they are known; `next` may be NULL. */
void model_now_next(const struct ui_model *model, int32_t channel, int64_t now_s,
	struct ui_event_line *now, struct ui_event_line *next);
void model_guide_view(const struct ui_model *model, int64_t now_s, struct ui_guide_view *view);

/* model_choice.c: tracks, and the menu */
void model_choice_tracks(struct ui_model *model, enum ui_track_kind kind, uint64_t now_ns);
void model_choice_menu(struct ui_model *model);
bool model_choice_press(struct ui_model *model, const struct ui_press *press);
void model_forget_tracks(struct ui_model *model);
void model_choice_view(const struct ui_model *model, struct ui_tracks_view *view);

/* model_pin.c */
void model_pin_ask_watch(struct ui_model *model, int32_t channel, enum ui_tune how);
void model_pin_close(struct ui_model *model);
void model_pin_toggle_lock(struct ui_model *model, int32_t channel, uint64_t now_ns);
bool model_pin_press(struct ui_model *model, const struct ui_press *press);
void model_pin_expire(struct ui_model *model, uint64_t now_ns);
void model_pin_view(const struct ui_model *model, uint64_t now_ns, struct ui_pin_view *view);
uint64_t model_pin_deadline(const struct ui_model *model, uint64_t now_ns);

/* model_box.c: what has to do with no channel: sound, sleep, standby */
bool model_box_press(struct ui_model *model, const struct ui_press *press);
void model_sleep_step(struct ui_model *model, uint64_t now_ns);
void model_set_standby(struct ui_model *model, bool on, uint64_t now_ns);
void model_box_expire(struct ui_model *model, uint64_t now_ns);
/* Stay on: cancels a standby that is announced. False where none is. */
bool model_sleep_cancel(struct ui_model *model, uint64_t now_ns);
void model_notice_view(const struct ui_model *model, uint64_t now_ns, struct ui_notice_view *view);
uint64_t model_sleep_deadline(const struct ui_model *model, uint64_t now_ns);
uint32_t model_sleep_minutes(const struct ui_model *model); /* as set; 0: off */

/* model_view.c */
bool model_banner_visible(const struct ui_model *model, uint64_t now_ns);
