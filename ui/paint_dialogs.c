/* What stands alone: the sentence in the middle, the word at the top right, volume, PIN. */
#include <math.h>
#include <stdio.h>

#include "ui/painter.h"

#define MESSAGE_WIDTH 1.0 /* of the height, and no more than four fifths of the room */
#define MESSAGE_LINES 4
#define MESSAGE_MIDDLE 0.42 /* of the height: clear of the banner */
#define VOLUME_HEIGHT 0.46
#define PIN_DIGITS_MAX 10

int paint_message(
	struct ui_painter *painter, const struct ui_message_view *view, struct ui_image *ret)
{
	struct rect room = painter_room(painter);
	int pad = painter_pad(painter), width = painter_px(painter, MESSAGE_WIDTH);
	struct canvas canvas;

	if (width > room.width * 4 / 5)
		width = room.width * 4 / 5;
	const struct text *text = typeset_block(
		painter->typeset, STYLE_TITLE, view->text, width, MESSAGE_LINES, true);
	struct rect card = {.width = text->width + 4 * pad, .height = text->height + 5 * pad / 2};
	card.x = (painter->width - card.width) / 2;
	card.y = painter_px(painter, MESSAGE_MIDDLE) - card.height / 2;
	int r = painter_open(painter, &canvas, &card);
	if (r < 0)
		return r;
	typeset_draw(canvas.cairo, text, card.x + 2 * pad,
		card.y + (card.height - text->height) / 2 + text->baseline, &painter->theme.text);
	return canvas_close(&canvas, ret);
}

int paint_notice(
	struct ui_painter *painter, const struct ui_notice_view *view, struct ui_image *ret)
{
	struct rect room = painter_room(painter);
	int pad = painter_pad(painter), size = typeset_size(painter->typeset, STYLE_TEXT);
	const struct text *text =
		painter_line(painter, STYLE_TEXT, view->text, room.width / 2 - 2 * pad);
	struct rect card = {.y = room.y, .width = text->width + 2 * pad, .height = size * 19 / 10};
	struct canvas canvas;

	card.x = rect_right(&room) - card.width;
	int r = painter_open(painter, &canvas, &card);
	if (r < 0)
		return r;
	typeset_draw(canvas.cairo, text, card.x + pad,
		painter_baseline(painter, STYLE_TEXT, card.y, card.height), &painter->theme.text);
	return canvas_close(&canvas, ret);
}

int paint_volume(
	struct ui_painter *painter, const struct ui_volume_view *view, struct ui_image *ret)
{
	const struct ui_theme *theme = &painter->theme;
	struct rect room = painter_room(painter);
	int pad = painter_pad(painter), size = typeset_size(painter->typeset, STYLE_FIGURES);
	unsigned percent = view->percent < 100 ? view->percent : 100;
	struct rect card = {.height = painter_px(painter, VOLUME_HEIGHT)};
	struct canvas canvas;
	char figure[16];

	snprintf(figure, sizeof figure, "%u", percent);
	card.width = painter_line(painter, STYLE_FIGURES, "100", room.width)->width + pad;
	card.x = rect_right(&room) - card.width;
	card.y = (painter->height - card.height) / 2;
	int r = painter_open(painter, &canvas, &card);
	if (r < 0)
		return r;
	const struct text *text = painter_line(painter, STYLE_FIGURES, figure, card.width);
	int middle = card.x + card.width / 2,
	    base = card.y + pad + typeset_cap(painter->typeset, STYLE_FIGURES);
	typeset_draw(canvas.cairo, text, middle - text->width / 2, base,
		view->muted ? &theme->dim : &theme->text);
	int icon = size * 5 / 4, icon_y = rect_bottom(&card) - pad * 4 / 5 - icon;
	icon_draw(canvas.cairo, view->muted ? ICON_MUTED : ICON_SPEAKER, middle - icon / 2.0,
		icon_y, icon, view->muted ? &theme->warning : &theme->text);
	int thickness = painter_px(painter, 1.0 / 90);
	struct rect bar = {middle - thickness / 2, base + pad * 4 / 5, thickness, 0};
	bar.height = icon_y - pad / 2 - bar.y;
	canvas_bar(&canvas, &bar, percent * 10, view->muted ? &theme->dim : &theme->accent,
		&theme->track);
	return canvas_close(&canvas, ret);
}

struct pin {
	struct rect card;
	int digits, radius, step; /* of the dots, from middle to middle */
	int icon, icon_y, title_y, dots_y, hint_base;
	const struct text *title, *hint;
};

static void pin_init(
	struct pin *pin, const struct ui_painter *painter, const struct ui_pin_view *view)
{
	struct rect room = painter_room(painter);
	int pad = painter_pad(painter), width = painter_px(painter, 0.8);
	int small = typeset_size(painter->typeset, STYLE_SMALL);

	width = width < room.width ? width : room.width;
	*pin = (struct pin){.digits = view->wanted < PIN_DIGITS_MAX ? view->wanted : PIN_DIGITS_MAX,
		.radius = painter_px(painter, 1.0 / 60),
		.icon = typeset_size(painter->typeset, STYLE_TITLE) * 5 / 4};
	pin->step = pin->radius * 4;
	pin->title =
		typeset_block(painter->typeset, STYLE_TITLE, view->title, width - 3 * pad, 2, true);
	pin->hint =
		typeset_block(painter->typeset, STYLE_SMALL, view->hint, width - 3 * pad, 2, true);
	/* One line of a hint keeps its place: a wrong PIN must not move anything. */
	int hint = pin->hint->height > small * 5 / 4 ? pin->hint->height : small * 5 / 4;
	int from = pad * 5 / 4 + pin->icon + pad / 2;
	int dots = from + pin->title->height + pad + pin->radius;
	pin->card = (struct rect){.width = width, .height = dots + pin->radius + pad + hint + pad};
	pin->card.x = (painter->width - width) / 2;
	pin->card.y = (painter->height - pin->card.height) / 2;
	pin->icon_y = pin->card.y + pad * 5 / 4;
	pin->title_y = pin->card.y + from;
	pin->dots_y = pin->card.y + dots;
	pin->hint_base =
		pin->dots_y + pin->radius + pad + (pin->hint->width ? pin->hint->baseline : 0);
}

static void paint_dots(
	const struct pin *pin, struct canvas *canvas, unsigned typed, const struct ui_theme *theme)
{
	int x = pin->card.x + pin->card.width / 2 - (pin->digits - 1) * pin->step / 2;

	for (int i = 0; i < pin->digits; i++, x += pin->step) {
		struct rect ring = {x - pin->radius, pin->dots_y - pin->radius, 2 * pin->radius,
			2 * pin->radius};
		if ((unsigned)i < typed)
			canvas_disc(canvas, x, pin->dots_y, pin->radius, &theme->text);
		else
			canvas_outline(canvas, &ring, pin->radius, fmax(pin->radius / 6.0, 1.5),
				(unsigned)i == typed ? &theme->accent : &theme->dim);
	}
}

int paint_pin(struct ui_painter *painter, const struct ui_pin_view *view, struct ui_image *ret)
{
	const struct ui_theme *theme = &painter->theme;
	struct canvas canvas;
	struct pin pin;

	pin_init(&pin, painter, view);
	int r = painter_open(painter, &canvas, &pin.card);
	if (r < 0)
		return r;
	int middle = pin.card.x + pin.card.width / 2;
	icon_draw(canvas.cairo, ICON_LOCK, middle - pin.icon / 2.0, pin.icon_y, pin.icon,
		&theme->dim);
	typeset_draw(canvas.cairo, pin.title, middle - pin.title->width / 2,
		pin.title_y + pin.title->baseline, &theme->text);
	paint_dots(&pin, &canvas, view->typed, theme);
	typeset_draw(canvas.cairo, pin.hint, middle - pin.hint->width / 2, pin.hint_base,
		&theme->warning);
	return canvas_close(&canvas, ret);
}
