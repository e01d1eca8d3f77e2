/*
 * ui/theme: how the screen looks: colours, sizes, fonts, spacing. One is built in; a file changes
 * what it names (doc/zapper-theme.5.scd). Sizes are shares of the screen's height, so that all
 * screens look the same.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define UI_FONTS_BYTES 256
#define UI_SAFE_AREA 0.05      /* of width and height at each edge, where nothing has to be read */
#define UI_TEXT_MIN (1.0 / 30) /* of the height: what is legible at 3 m */
#define UI_THEME_CONTRAST_MIN 3.0 /* WCAG 2.1, 1.4.3: of large text on its ground */

/* 0 to 1 each, sRGB, not premultiplied. */
struct ui_colour {
	double red, green, blue, alpha;
};

struct ui_theme {
	/* Grounds. Panels go from `panel` at the top to `panel_low` at the bottom. */
	struct ui_colour panel, panel_low;
	struct ui_colour backdrop; /* of the guide, over the whole picture */
	struct ui_colour shadow;   /* around panels */
	struct ui_colour edge;	   /* the hairline around panels */
	struct ui_colour tile;	   /* behind logos and the guide's events */
	struct ui_colour track;	   /* what of a bar is not full */
	/* What stands on them. */
	struct ui_colour text, dim, accent, warning;
	/* What is selected: its ground, and what stands on it. */
	struct ui_colour focus, focus_text, focus_dim, focus_accent;

	double small, text_size, title, headline, number; /* of the height, UI_TEXT_MIN at least */
	double radius, spacing, shadow_size;		  /* of the height */

	char fonts[UI_FONTS_BYTES]; /* families, the first that is there and has the character */
	char heading_fonts[UI_FONTS_BYTES]; /* of names and numbers that are large */
};

/* `sentence` is "file:line: warning: what, and what is used instead"; not kept. */
typedef void (*ui_theme_say_fn)(void *ctx, const char *sentence);

/* The one that is built in. */
void ui_theme_init(struct ui_theme *theme);

/*
 * Changes what the file at `path` (a GKeyFile in UTF-8) names. What it has wrong is said, one
 * sentence each, and leaves that value as it was; values beyond their bounds are taken to the next
 * one that is allowed; colours of text that could not be read on their ground are not taken. `say`
 * may be NULL. Errors: negative errno when the file could not be read, with *theme untouched.
 */
int ui_theme_load(struct ui_theme *theme, const char *path, ui_theme_say_fn say, void *ctx);

/* The same from memory; `name` is the file's in sentences. Not terminated by 0. */
void ui_theme_parse(struct ui_theme *theme, const char *name, const char *data, size_t size_bytes,
	ui_theme_say_fn say, void *ctx);

/* How many rows have room, UI_LIST_ROWS, UI_GUIDE_ROWS and UI_TRACK_ROWS (ui/view.h) at most. */
unsigned ui_theme_list_rows(const struct ui_theme *theme);
unsigned ui_theme_guide_rows(const struct ui_theme *theme);
unsigned ui_theme_track_rows(const struct ui_theme *theme);

/* WCAG 2.1's contrast ratio of two opaque colours: 1 to 21. */
double ui_theme_contrast(const struct ui_colour *a, const struct ui_colour *b);
