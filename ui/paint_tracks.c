/* Tracks at the right: a check mark at the one that is on. */
#include "ui/layout.h"
#include "ui/painter.h"

#define TRACKS_WIDTH 0.68 /* of the height */

struct tracks {
	struct ui_painter *painter;
	const struct ui_tracks_view *view;
	struct rect card;
	int pad, row_height, head_height;
	uint32_t first, count;
};

static void tracks_init(
	struct tracks *tracks, struct ui_painter *painter, const struct ui_tracks_view *view)
{
	struct rect room = painter_room(painter);
	uint32_t rows = ui_theme_track_rows(&painter->theme);
	uint32_t count = view->row_count < UI_TRACK_ROWS ? view->row_count : UI_TRACK_ROWS;
	int width = painter_px(painter, TRACKS_WIDTH);

	*tracks = (struct tracks){.painter = painter, .view = view, .pad = painter_pad(painter)};
	tracks->row_height = painter_px(painter, layout_track_row(&painter->theme));
	tracks->head_height = painter_px(painter, layout_list_head(&painter->theme));
	tracks->count = count < rows ? count : rows;
	if (view->selected < count && view->selected >= tracks->count)
		tracks->first = view->selected - tracks->count + 1;
	tracks->card.width = width < room.width ? width : room.width;
	tracks->card.height =
		tracks->head_height + (int)tracks->count * tracks->row_height + tracks->pad / 2;
	tracks->card.x = rect_right(&room) - tracks->card.width;
	tracks->card.y = room.y + (room.height - tracks->card.height) / 2;
}

static void paint_row(const struct tracks *tracks, struct canvas *canvas, uint32_t index,
	const struct rect *ground)
{
	const struct ui_painter *painter = tracks->painter;
	const struct ui_theme *theme = &painter->theme;
	bool focused = index == tracks->view->selected, on = index == tracks->view->current;
	int size = typeset_size(painter->typeset, STYLE_TEXT);
	int x = ground->x + tracks->pad / 2;
	enum style style = on ? STYLE_STRONG : STYLE_TEXT;

	if (focused)
		canvas_round(
			canvas, ground, painter_px(painter, theme->radius * 0.7), &theme->focus);
	if (on)
		icon_draw(canvas->cairo, ICON_CHECK, x, ground->y + (ground->height - size) / 2.0,
			size, focused ? &theme->focus_accent : &theme->accent);
	x += size * 3 / 2;
	typeset_draw(canvas->cairo,
		painter_line(painter, style, tracks->view->rows[index],
			rect_right(ground) - tracks->pad / 2 - x),
		x, painter_baseline(painter, style, ground->y, ground->height),
		focused ? &theme->focus_text : &theme->text);
}

int paint_tracks(
	struct ui_painter *painter, const struct ui_tracks_view *view, struct ui_image *ret)
{
	struct canvas canvas;
	struct tracks tracks;

	tracks_init(&tracks, painter, view);
	int r = painter_open(painter, &canvas, &tracks.card);
	if (r < 0)
		return r;
	int left = tracks.card.x + tracks.pad, top = tracks.card.y + tracks.pad / 2;
	typeset_draw(canvas.cairo,
		painter_line(painter, STYLE_TITLE, view->title, tracks.card.width - 2 * tracks.pad),
		left,
		painter_baseline(painter, STYLE_TITLE, top, tracks.head_height - tracks.pad / 2),
		&painter->theme.text);
	for (uint32_t i = 0; i < tracks.count; i++) {
		struct rect ground = {tracks.card.x + tracks.pad / 2,
			tracks.card.y + tracks.head_height + (int)i * tracks.row_height,
			tracks.card.width - tracks.pad, tracks.row_height};
		paint_row(&tracks, &canvas, tracks.first + i, &ground);
	}
	return canvas_close(&canvas, ret);
}
