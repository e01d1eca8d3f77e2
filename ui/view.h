/*
 * ui/view: what is visible at one moment, in full: what ui/model makes and ui/paint paints. Plain
 * data: two views are compared with ui_view_changed(), panel by panel, and a panel that has not
 * changed is not painted anew. Strings are valid UTF-8 without control characters, cut at a
 * character where they are longer than their room (drawing puts an ellipsis where a line is full).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UI_NUMBER_BYTES 24
#define UI_NAME_BYTES 192
#define UI_TITLE_BYTES 192
#define UI_TEXT_BYTES 768 /* a description */
#define UI_CLOCK_BYTES 24 /* "20:15" */
#define UI_SPAN_BYTES 32  /* "20:15 - 21:45" */
#define UI_LIST_ROWS 14	  /* of a list; less where a theme has larger rows */
#define UI_GUIDE_ROWS 7
#define UI_GUIDE_CELLS 12 /* events of one row within the hours that are seen */
#define UI_GUIDE_HOURS 6  /* labels of half hours above the grid */
#define UI_TRACK_ROWS 10
#define UI_STAT_ROWS 16
#define UI_PROGRESS_NONE UINT16_MAX

/* What a channel's name may have beside it. */
enum ui_badge {
	UI_BADGE_HD = 1 << 0,
	UI_BADGE_AUDIO = 1 << 1, /* more than one audio track */
	UI_BADGE_SUBTITLE = 1 << 2,
	UI_BADGE_TELETEXT = 1 << 3,
	UI_BADGE_LOCKED = 1 << 4,
	UI_BADGE_FAVOURITE = 1 << 5,
	UI_BADGE_RADIO = 1 << 6,
	UI_BADGE_PLAYING = 1 << 7, /* in a list: the one that is watched */
	UI_BADGE_NO_SIGNAL = 1 << 8,
};

/* An event of the guide on one line; title "": nothing is known. */
struct ui_event_line {
	char title[UI_TITLE_BYTES];
	char span[UI_SPAN_BYTES];
	uint16_t progress_permille; /* UI_PROGRESS_NONE: not on now */
};

/* While digits are typed `number` is what was typed, and `name` that of the channel it would be. */
struct ui_banner_view {
	bool visible;
	bool typing;
	bool unknown; /* there is no such channel: `name` says so */
	char number[UI_NUMBER_BYTES];
	char name[UI_NAME_BYTES];
	char bouquet[UI_NAME_BYTES];
	char clock[UI_CLOCK_BYTES];
	struct ui_event_line now, next;
	uint32_t badges; /* of enum ui_badge */
	int64_t logo;	 /* what the pictures are asked for (ui/logos); 0: none */
};

struct ui_list_row {
	char number[UI_NUMBER_BYTES];
	char name[UI_NAME_BYTES];
	struct ui_event_line now;
	uint32_t badges;
	int64_t logo;
};

/* Channels of a bouquet, the bouquets themselves, or favourites. */
struct ui_list_view {
	bool visible;
	char title[UI_NAME_BYTES];
	bool has_left, has_right; /* another bouquet is to be had with these keys */
	uint32_t first, total;	  /* of the rows: for the scroll bar, and "12 / 5000" */
	uint32_t selected;	  /* index into rows */
	uint32_t row_count;
	struct ui_list_row rows[UI_LIST_ROWS];
	char empty[UI_TITLE_BYTES]; /* said where there is no row */
};

/* Left and right edge within the hours that are seen. */
struct ui_guide_cell {
	uint16_t from_permille, to_permille;
	bool selected;
	bool begins_before, ends_after;
	char title[UI_TITLE_BYTES];
};

struct ui_guide_row {
	char number[UI_NUMBER_BYTES];
	char name[UI_NAME_BYTES];
	int64_t logo;
	uint32_t cell_count; /* 0: nothing is known of this channel */
	struct ui_guide_cell cells[UI_GUIDE_CELLS];
};

struct ui_guide_view {
	bool visible;
	char day[UI_NAME_BYTES]; /* "Today", "Sunday 22 November" */
	char clock[UI_CLOCK_BYTES];
	uint16_t now_permille; /* UI_PROGRESS_NONE: not within these hours */
	uint32_t label_count;
	struct {
		uint16_t at_permille;
		char text[UI_CLOCK_BYTES];
	} labels[UI_GUIDE_HOURS];
	uint32_t row_count, selected_row;
	struct ui_guide_row rows[UI_GUIDE_ROWS];
	struct ui_event_line chosen; /* of the selected event */
	char description[UI_TEXT_BYTES];
};

struct ui_tracks_view {
	bool visible;
	char title[UI_NAME_BYTES];
	uint32_t row_count, selected, current; /* current: row_count where none is on */
	char rows[UI_TRACK_ROWS][UI_NAME_BYTES];
};

struct ui_volume_view {
	bool visible;
	bool muted;
	uint16_t percent;
};

struct ui_pin_view {
	bool visible;
	uint8_t typed, wanted; /* digits */
	char title[UI_NAME_BYTES];
	char hint[UI_TITLE_BYTES]; /* "Wrong PIN.", "Too many wrong PINs: wait 42 s." */
};

/* A sentence in the middle: no signal, not decodable, how to begin. */
struct ui_message_view {
	bool visible;
	char text[UI_TITLE_BYTES + UI_NAME_BYTES];
};

/* The sleep timer, and others that are said in a word: "Sleep in 30 min", "16:9". */
struct ui_notice_view {
	bool visible;
	char text[UI_NAME_BYTES];
};

struct ui_stats_view {
	bool visible;
	char title[UI_NAME_BYTES];
	uint32_t row_count;
	struct {
		char label[48];
		char value[64];
	} rows[UI_STAT_ROWS];
};

struct ui_view {
	struct ui_banner_view banner;
	struct ui_list_view list;
	struct ui_guide_view guide;
	struct ui_tracks_view tracks;
	struct ui_volume_view volume;
	struct ui_pin_view pin;
	struct ui_message_view message;
	struct ui_notice_view notice;
	struct ui_stats_view stats;
};

/* Each is drawn by itself, later ones above earlier ones. */
enum ui_panel {
	UI_PANEL_MESSAGE,
	UI_PANEL_STATS,
	UI_PANEL_BANNER,
	UI_PANEL_LIST,
	UI_PANEL_GUIDE,
	UI_PANEL_TRACKS,
	UI_PANEL_VOLUME,
	UI_PANEL_NOTICE,
	UI_PANEL_PIN,
	UI_PANELS
};

#define UI_PANEL_BIT(panel) (UINT32_C(1) << (panel))

/*
 * Which panels look different: UI_PANEL_BIT()s. One that is visible in neither is the same; of
 * others all bytes count, so that unused ones are to be zero, as ui_model_view() has them.
 */
uint32_t ui_view_changed(const struct ui_view *a, const struct ui_view *b);
/* UI_PANEL_BIT()s of those that are visible. */
uint32_t ui_view_visible(const struct ui_view *view);
/* These panels (UI_PANEL_BIT()s) of `into` become those of `from`. */
void ui_view_take(struct ui_view *into, const struct ui_view *from, uint32_t panels);
