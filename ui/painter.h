/* ui/painter: what the files that paint share. For ui/paint*.c only. */
#pragma once

#include "ui/canvas.h"
#include "ui/icons.h"
#include "ui/paint.h"
#include "ui/typeset.h"

struct ui_painter {
	struct ui_theme theme;
	struct ui_logos logos;
	ui_theme_say_fn say;
	void *ctx;
	bool said_logo;
	struct typeset *typeset;
	int width, height; /* of the screen that is being painted for */
};

/* A share of the screen's height in pixels. */
int painter_px(const struct ui_painter *painter, double share);
/* What panels keep within, in pixels: UI_SAFE_AREA at the sides, LAYOUT_MARGIN above and below. */
struct rect painter_room(const struct ui_painter *painter);
/* From a panel's edge to what is in it. */
int painter_pad(const struct ui_painter *painter);
/* The baseline at which capitals stand in the middle of top to top + height. */
int painter_baseline(const struct ui_painter *painter, enum style style, int top, int height);

/*
 * A canvas with the panel's ground on it and its shadow around, as canvas_open(). What is painted
 * from then on ends at the panel's edge, letters with towers of accents too.
 */
int painter_open(const struct ui_painter *painter, struct canvas *canvas, const struct rect *panel);

const struct text *painter_line(
	const struct ui_painter *painter, enum style style, const char *utf8, int max_width);

struct tile {
	struct rect rect;
	int64_t logo; /* as in ui/view.h */
	const char *name;
	bool focused; /* it stands on what is selected */
};

/* A channel's logo on a tile, or its initials. */
void painter_tile(struct ui_painter *painter, struct canvas *canvas, const struct tile *tile);

/*
 * The badges of a mask (enum ui_badge), from x to the right with their middle at y; the one that
 * says "playing" in `accent`. Returns how wide they are; a NULL canvas only measures.
 */
int painter_badges(const struct ui_painter *painter, struct canvas *canvas, uint32_t badges, int x,
	int y, const struct ui_colour *colour, const struct ui_colour *accent);

/* Each paints one panel that is visible; as ui_paint_panel(). */
int paint_banner(
	struct ui_painter *painter, const struct ui_banner_view *view, struct ui_image *ret);
int paint_list(struct ui_painter *painter, const struct ui_list_view *view, struct ui_image *ret);
int paint_guide(struct ui_painter *painter, const struct ui_guide_view *view, struct ui_image *ret);
int paint_tracks(
	struct ui_painter *painter, const struct ui_tracks_view *view, struct ui_image *ret);
int paint_volume(
	struct ui_painter *painter, const struct ui_volume_view *view, struct ui_image *ret);
int paint_pin(struct ui_painter *painter, const struct ui_pin_view *view, struct ui_image *ret);
int paint_message(
	struct ui_painter *painter, const struct ui_message_view *view, struct ui_image *ret);
int paint_notice(
	struct ui_painter *painter, const struct ui_notice_view *view, struct ui_image *ret);
int paint_stats(struct ui_painter *painter, const struct ui_stats_view *view, struct ui_image *ret);
