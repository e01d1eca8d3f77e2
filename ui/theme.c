#include "ui/theme.h"

#include <math.h>
#include <string.h>

#include "ui/layout.h"
#include "ui/view.h"

#define RGBA(rgb, a)                                                                               \
	{                                                                                          \
		((rgb) >> 16 & 255) / 255.0, ((rgb) >> 8 & 255) / 255.0, ((rgb)&255) / 255.0, a    \
	}

/* Families of which Debian has packages; DejaVu and Droid are what is nearly always there. */
#define FAMILIES                                                                                   \
	"Inter, Noto Sans, Noto Sans Arabic, Noto Sans Hebrew, Noto Sans CJK SC, "                 \
	"DejaVu Sans, Droid Sans Fallback, Sans"

void ui_theme_init(struct ui_theme *theme)
{
	*theme = (struct ui_theme){
		.panel = RGBA(0x161c27, 0.90),
		.panel_low = RGBA(0x0b0f16, 0.94),
		.backdrop = RGBA(0x0a0d14, 0.93),
		.shadow = RGBA(0x000000, 0.38),
		.edge = RGBA(0xffffff, 0.09),
		.tile = RGBA(0xffffff, 0.075),
		.track = RGBA(0xffffff, 0.18),
		.text = RGBA(0xf5f7fa, 1),
		.dim = RGBA(0xaab5c4, 1),
		.accent = RGBA(0x4db5ff, 1),
		.warning = RGBA(0xffa07a, 1),
		.focus = RGBA(0xf3f6fa, 1),
		.focus_text = RGBA(0x0c1119, 1),
		.focus_dim = RGBA(0x475364, 1),
		.focus_accent = RGBA(0x0f6fd1, 1),
		.small = UI_TEXT_MIN,
		.text_size = 0.037,
		.title = 0.044,
		.headline = 0.056,
		.number = 0.074,
		.radius = 0.017,
		.spacing = 1.0 / 30,
		.shadow_size = 0.028,
		.fonts = FAMILIES,
		.heading_fonts = "Inter Display, " FAMILIES,
	};
}

static unsigned rows_within(double room, double row, unsigned most)
{
	unsigned rows = (unsigned)floor(room / row + 0.001);

	return rows < 1 ? 1 : rows > most ? most : rows;
}

unsigned ui_theme_list_rows(const struct ui_theme *theme)
{
	return rows_within(layout_list_room(theme), layout_list_row(theme), UI_LIST_ROWS);
}

unsigned ui_theme_guide_rows(const struct ui_theme *theme)
{
	return rows_within(layout_guide_room(theme), layout_guide_row(theme), UI_GUIDE_ROWS);
}

unsigned ui_theme_track_rows(const struct ui_theme *theme)
{
	return rows_within(layout_list_room(theme), layout_track_row(theme), UI_TRACK_ROWS);
}

/* WCAG 2.1, "relative luminance". */
static double linear(double value)
{
	return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static double luminance(const struct ui_colour *colour)
{
	return 0.2126 * linear(colour->red) + 0.7152 * linear(colour->green) +
	       0.0722 * linear(colour->blue);
}

double ui_theme_contrast(const struct ui_colour *a, const struct ui_colour *b)
{
	double one = luminance(a), other = luminance(b);

	return (fmax(one, other) + 0.05) / (fmin(one, other) + 0.05);
}
