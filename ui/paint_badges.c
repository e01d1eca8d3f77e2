#include "ui/painter.h"

static const struct badge {
	uint32_t bit;
	const char *word; /* NULL: an icon */
	enum icon icon;
} badges_known[] = {
	{UI_BADGE_HD, "HD", 0},
	{UI_BADGE_AUDIO, NULL, ICON_AUDIO},
	{UI_BADGE_SUBTITLE, NULL, ICON_SUBTITLE},
	{UI_BADGE_TELETEXT, "TXT", 0},
	{UI_BADGE_RADIO, NULL, ICON_RADIO},
	{UI_BADGE_LOCKED, NULL, ICON_LOCK},
	{UI_BADGE_FAVOURITE, NULL, ICON_STAR},
	{UI_BADGE_NO_SIGNAL, NULL, ICON_NO_SIGNAL},
	{UI_BADGE_PLAYING, NULL, ICON_PLAYING},
};

/* A word in a thin frame. */
static int draw_word(const struct ui_painter *painter, struct canvas *canvas, const char *word,
	int x, int y, const struct ui_colour *colour)
{
	int size = typeset_size(painter->typeset, STYLE_SMALL_STRONG);
	const struct text *text = painter_line(painter, STYLE_SMALL_STRONG, word, painter->width);
	struct rect frame = {.x = x, .width = text->width + size * 7 / 10, .height = size * 5 / 4};

	if (!canvas)
		return frame.width;
	frame.y = y - frame.height / 2;
	struct ui_colour thin = *colour;
	thin.alpha *= 0.55;
	canvas_outline(canvas, &frame, frame.height / 4.0, size / 14 > 1 ? size / 14 : 1, &thin);
	typeset_draw(canvas->cairo, text, x + (frame.width - text->width) / 2,
		painter_baseline(painter, STYLE_SMALL_STRONG, frame.y, frame.height), colour);
	return frame.width;
}

static int draw_badge(const struct ui_painter *painter, struct canvas *canvas,
	const struct badge *badge, int x, int y, const struct ui_colour *colour)
{
	int size = typeset_size(painter->typeset, STYLE_SMALL) * 23 / 20;

	if (badge->word)
		return draw_word(painter, canvas, badge->word, x, y, colour);
	if (canvas)
		icon_draw(canvas->cairo, badge->icon, x, y - size / 2.0, size, colour);
	return size;
}

int painter_badges(const struct ui_painter *painter, struct canvas *canvas, uint32_t badges, int x,
	int y, const struct ui_colour *colour, const struct ui_colour *accent)
{
	int gap = typeset_size(painter->typeset, STYLE_SMALL) * 9 / 20, width = 0;

	for (size_t i = 0; i < sizeof badges_known / sizeof badges_known[0]; i++) {
		const struct badge *badge = &badges_known[i];
		if (!(badges & badge->bit))
			continue;
		if (width)
			width += gap;
		width += draw_badge(painter, canvas, badge, x + width, y,
			badge->bit == UI_BADGE_PLAYING ? accent : colour);
	}
	return width;
}
