/*
 * ui/typeset: texts laid out with pango, kept for as long as they are used: a row of a list that
 * only moved costs no layout. One thread at a time. For ui/paint_* only. Sizes are pixels.
 */
#pragma once

#include <cairo.h>
#include <stdbool.h>

#include "ui/theme.h"

enum style {
	STYLE_SMALL,
	STYLE_SMALL_STRONG, /* badges, initials */
	STYLE_FIGURES,	    /* small, digits of one width: times and counts */
	STYLE_TEXT,
	STYLE_STRONG,
	STYLE_TITLE,
	STYLE_TITLE_FIGURES, /* clocks */
	STYLE_HEADLINE,
	STYLE_NUMBER,
	STYLES
};

struct typeset;

/* `width` by `height` is room, `baseline` lies that far below the top of the first line. */
struct text {
	int width, height, baseline;
	bool cut; /* an ellipsis stands for its end */
};

/*
 * The theme is copied. `say` gets a sentence when fonts are missing, each kind once; it may be
 * NULL. Errors: NULL when memory is short.
 */
struct typeset *typeset_new(const struct ui_theme *theme, ui_theme_say_fn say, void *ctx);
void typeset_free(struct typeset *typeset); /* accepts NULL */

/* For screens of this height from now on; texts are not valid beyond a change. */
void typeset_set_height(struct typeset *typeset, int height);

/*
 * One line, with an ellipsis where it is wider than max_width. Empty where there is no text, no
 * room or no font. Valid until typeset_settle().
 */
const struct text *typeset_line(
	struct typeset *typeset, enum style style, const char *utf8, int max_width);
/* Lines broken between words, the last one with an ellipsis; `centred`: of about equal length. */
const struct text *typeset_block(struct typeset *typeset, enum style style, const char *utf8,
	int max_width, int max_lines, bool centred);

/* The text's left edge and the baseline of its first line. */
void typeset_draw(cairo_t *cairo, const struct text *text, int x, int baseline,
	const struct ui_colour *colour);

int typeset_size(const struct typeset *typeset, enum style style); /* of the font */
int typeset_cap(const struct typeset *typeset, enum style style);  /* height of an H */

/* Forgets what has not been used for some time. */
void typeset_settle(struct typeset *typeset);
/* Loads fonts and glyphs of all styles and of the scripts that names come in. */
void typeset_warm_up(struct typeset *typeset);
