/* ui/icons: small signs, drawn as paths. For ui/paint_* only. */
#pragma once

#include <cairo.h>

#include "ui/theme.h"

enum icon {
	ICON_LOCK,
	ICON_STAR,
	ICON_AUDIO, /* more than one audio track */
	ICON_SUBTITLE,
	ICON_RADIO,
	ICON_PLAYING,
	ICON_NO_SIGNAL,
	ICON_SPEAKER,
	ICON_MUTED,
	ICON_CHECK,
	ICON_LEFT,
	ICON_RIGHT,
	ICONS
};

/* Within the square of `size` pixels at x, y. */
void icon_draw(cairo_t *cairo, enum icon icon, double x, double y, double size,
	const struct ui_colour *colour);
