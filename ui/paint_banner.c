/*
 * The banner: a tile with the logo, then number, name and clock; what is on now with its progress;
 * what is next. Lines without anything to say are left out from below.
 */
#include "ui/painter.h"

#define NAME_ROOM_MIN 0.2 /* of the height: with less for the name, the tile is left out */

struct banner {
	struct ui_painter *painter;
	const struct ui_banner_view *view;
	bool events, second; /* there is something on the lower lines, on the second one */
	struct rect card;
	int left, right; /* of the text */
	int base[3], bar_y, bar_height;
	struct rect tile; /* without width: none */
};

static const struct text *clock_of(const struct banner *banner)
{
	return painter_line(banner->painter, STYLE_TITLE_FIGURES, banner->view->clock,
		(banner->right - banner->left) / 2);
}

/* Baselines from the top of what the card contains; the card's height follows. */
static void measure_lines(struct banner *banner)
{
	const struct typeset *typeset = banner->painter->typeset;
	int strong = typeset_size(typeset, STYLE_TITLE), small = typeset_size(typeset, STYLE_SMALL);

	banner->base[0] = typeset_cap(typeset, STYLE_NUMBER);
	banner->base[1] = banner->base[0] + strong * 3 / 2;
	banner->bar_height = painter_px(banner->painter, 1.0 / 135);
	banner->bar_y = banner->base[1] + strong * 11 / 20;
	banner->base[2] = banner->bar_y + banner->bar_height + small * 27 / 20;
}

static void place(struct banner *banner)
{
	const struct ui_painter *painter = banner->painter;
	struct rect room = painter_room(painter);
	int pad = painter_pad(painter);
	int content = banner->events   ? banner->base[2]
		      : banner->second ? banner->base[1]
				       : banner->base[0] + pad / 2;
	int below = banner->events || banner->second ? pad * 6 / 5 : pad / 2 + pad;

	banner->card =
		(struct rect){.x = room.x, .width = room.width, .height = pad + content + below};
	banner->card.y = rect_bottom(&room) - banner->card.height;
	int top = banner->card.y + pad + (banner->events || banner->second ? 0 : pad / 2);
	for (int i = 0; i < 3; i++)
		banner->base[i] += top;
	banner->bar_y += top;
	banner->left = banner->card.x + pad;
	banner->right = rect_right(&banner->card) - pad;
	int height = banner->card.height - 2 * pad;
	banner->tile = (struct rect){banner->left, banner->card.y + pad, height * 27 / 20, height};
	if (banner->view->unknown || banner->right - banner->left - banner->tile.width <
					     painter_px(painter, 3 * NAME_ROOM_MIN))
		banner->tile.width = 0;
	else
		banner->left += banner->tile.width + pad * 5 / 4;
}

/* The clock, and before it the bouquet where `from` and what stands there leave room. */
static void paint_right(const struct banner *banner, struct canvas *canvas, int from)
{
	const struct ui_painter *painter = banner->painter;
	const struct ui_theme *theme = &painter->theme;
	const struct text *clock = clock_of(banner);
	int gap = painter_pad(painter), right = banner->right - clock->width;

	typeset_draw(canvas->cairo, clock, right, banner->base[0], &theme->text);
	if (!banner->view->now.title[0]) /* the bouquet has a line of its own */
		return;
	right -= clock->width ? gap : 0;
	const struct text *bouquet =
		painter_line(painter, STYLE_SMALL, banner->view->bouquet, right - from - 2 * gap);
	if (!bouquet->cut)
		typeset_draw(canvas->cairo, bouquet, right - bouquet->width, banner->base[0],
			&theme->dim);
}

/* Number, name, badges; from the right the clock. */
static void paint_head(const struct banner *banner, struct canvas *canvas)
{
	const struct ui_painter *painter = banner->painter;
	const struct ui_banner_view *view = banner->view;
	const struct ui_theme *theme = &painter->theme;
	int gap = painter_pad(painter) * 4 / 5, x = banner->left;
	int right = banner->right - clock_of(banner)->width - 2 * gap;
	int cap = typeset_cap(painter->typeset, STYLE_HEADLINE);

	const struct text *number = painter_line(painter, STYLE_NUMBER, view->number, right - x);
	typeset_draw(canvas->cairo, number, x, banner->base[0],
		view->typing && !view->unknown ? &theme->accent : &theme->text);
	x += number->width ? number->width + gap : 0;
	int badges = painter_badges(painter, NULL, view->badges, 0, 0, NULL, NULL);
	if (badges > (right - x) / 3) /* the name comes first */
		badges = 0;
	const struct text *name = painter_line(
		painter, STYLE_HEADLINE, view->name, right - x - (badges ? badges + gap : 0));
	typeset_draw(canvas->cairo, name, x, banner->base[0],
		view->unknown ? &theme->warning : &theme->text);
	x += name->width;
	if (badges) {
		painter_badges(painter, canvas, view->badges, x + gap, banner->base[0] - cap / 2,
			&theme->dim, &theme->accent);
		x += gap + badges;
	}
	paint_right(banner, canvas, x);
}

/* Text at the left, a smaller one at the right, on one baseline. */
static void paint_line(const struct banner *banner, struct canvas *canvas, int baseline,
	const char *at_right, enum style style, const char *utf8, const struct ui_colour *colour)
{
	const struct ui_painter *painter = banner->painter;
	int room = banner->right - banner->left;
	const struct text *right = painter_line(painter, STYLE_FIGURES, at_right, room / 2);
	const struct text *text = painter_line(painter, style, utf8,
		room - (right->width ? right->width + painter_pad(painter) : 0));

	typeset_draw(canvas->cairo, text, banner->left, baseline, colour);
	typeset_draw(
		canvas->cairo, right, banner->right - right->width, baseline, &painter->theme.dim);
}

static void paint_events(const struct banner *banner, struct canvas *canvas)
{
	const struct ui_theme *theme = &banner->painter->theme;
	const struct ui_banner_view *view = banner->view;
	struct rect bar = {
		banner->left, banner->bar_y, banner->right - banner->left, banner->bar_height};
	const char *first = view->now.title[0] ? view->now.title : view->bouquet;

	paint_line(banner, canvas, banner->base[1], view->now.span, STYLE_TITLE, first,
		view->now.title[0] ? &theme->text : &theme->dim);
	if (!banner->events)
		return;
	if (view->now.progress_permille != UI_PROGRESS_NONE)
		canvas_bar(
			canvas, &bar, view->now.progress_permille, &theme->accent, &theme->track);
	paint_line(banner, canvas, banner->base[2], view->next.span, STYLE_SMALL, view->next.title,
		&theme->dim);
}

int paint_banner(
	struct ui_painter *painter, const struct ui_banner_view *view, struct ui_image *ret)
{
	struct banner banner = {.painter = painter,
		.view = view,
		.events = view->next.title[0] ||
			  (view->now.title[0] && view->now.progress_permille != UI_PROGRESS_NONE),
		.second = view->now.title[0] || view->bouquet[0]};
	struct canvas canvas;

	measure_lines(&banner);
	place(&banner);
	int r = painter_open(painter, &canvas, &banner.card);
	if (r < 0)
		return r;
	if (banner.tile.width)
		painter_tile(painter, &canvas,
			&(struct tile){banner.tile, view->logo, view->name, false});
	paint_head(&banner, &canvas);
	if (banner.second || banner.events)
		paint_events(&banner, &canvas);
	return canvas_close(&canvas, ret);
}
