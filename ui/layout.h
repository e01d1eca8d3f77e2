/*
 * ui/layout: measures that the theme's row counts and the painter share, as shares of the height.
 * For ui/theme and ui/paint_* only.
 */
#pragma once

#include "ui/theme.h"

/*
 * From the screen's top or bottom edge to a panel: somewhat more than the safe area, so that the
 * distance looks like that of the left and right edges on a wide screen.
 */
#define LAYOUT_MARGIN (1.0 / 15)

/* A list's title with what is above and below it. */
static inline double layout_list_head(const struct ui_theme *theme)
{
	return theme->spacing + theme->title * 1.65;
}

static inline double layout_list_room(const struct ui_theme *theme)
{
	return 1 - 2 * LAYOUT_MARGIN - layout_list_head(theme) - 0.6 * theme->spacing;
}

/* A name and, below it, what is on now. */
static inline double layout_list_row(const struct ui_theme *theme)
{
	return 1.5 * (theme->text_size + theme->small);
}

static inline double layout_track_row(const struct ui_theme *theme)
{
	return 1.85 * theme->text_size;
}

/* Day and clock, what is chosen with two lines about it, and the hours. */
static inline double layout_guide_head(const struct ui_theme *theme)
{
	return 1.5 * theme->title + 1.35 * theme->headline + 6.6 * theme->small +
	       0.8 * theme->spacing;
}

static inline double layout_guide_room(const struct ui_theme *theme)
{
	return 1 - 2 * LAYOUT_MARGIN - layout_guide_head(theme);
}

static inline double layout_guide_row(const struct ui_theme *theme)
{
	return 2.0 * theme->small;
}
