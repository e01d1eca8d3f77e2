/*
 * A list at the left: its title between arrows where there are other lists beside it, then rows of
 * number, logo, name with signs and, below, what is on now with its progress.
 */
#include <math.h>
#include <stdio.h>

#include "ui/layout.h"
#include "ui/painter.h"

#define LIST_WIDTH 0.86 /* of the height */
#define SIGNS                                                                                      \
	(UI_BADGE_RADIO | UI_BADGE_LOCKED | UI_BADGE_FAVOURITE | UI_BADGE_NO_SIGNAL |              \
		UI_BADGE_PLAYING)

struct list {
	struct ui_painter *painter;
	const struct ui_list_view *view;
	struct rect card;
	int pad, row_height, head_height;
	uint32_t first, count; /* of the view's rows: those that are seen */
	int number_width;      /* 0: rows without numbers and logos, as of bouquets */
	int inset;	       /* from the row's ground to what stands on it */
};

/* What one row is painted with. */
struct look {
	bool focused;
	const struct ui_colour *text, *dim, *accent;
};

static void choose_rows(struct list *list)
{
	uint32_t room = ui_theme_list_rows(&list->painter->theme);
	uint32_t count =
		list->view->row_count < UI_LIST_ROWS ? list->view->row_count : UI_LIST_ROWS;

	list->count = count < room ? count : room;
	if (list->view->selected < count && list->view->selected >= list->count)
		list->first = list->view->selected - list->count + 1;
}

/* As wide as the widest number that is seen, three digits at least: it shall not jump at 10 or 100.
 */
static void measure_numbers(struct list *list)
{
	bool any = false;

	for (uint32_t i = 0; i < list->count; i++) {
		const char *number = list->view->rows[list->first + i].number;
		int width = painter_line(list->painter, STYLE_FIGURES, number, list->card.width / 4)
				    ->width;
		any |= number[0] != 0;
		list->number_width = width > list->number_width ? width : list->number_width;
	}
	int least = painter_line(list->painter, STYLE_FIGURES, "000", list->card.width)->width;
	if (any && list->number_width < least)
		list->number_width = least;
}

static void list_init(
	struct list *list, struct ui_painter *painter, const struct ui_list_view *view)
{
	struct rect room = painter_room(painter);
	int width = painter_px(painter, LIST_WIDTH);

	*list = (struct list){.painter = painter, .view = view, .pad = painter_pad(painter)};
	list->card = room;
	list->card.width = width < room.width ? width : room.width;
	list->row_height = painter_px(painter, layout_list_row(&painter->theme));
	list->head_height = painter_px(painter, layout_list_head(&painter->theme));
	list->inset = list->pad / 2;
	choose_rows(list);
	measure_numbers(list);
}

static void paint_head(const struct list *list, struct canvas *canvas)
{
	const struct ui_theme *theme = &list->painter->theme;
	int size = typeset_size(list->painter->typeset, STYLE_TITLE);
	int left = list->card.x + list->pad, right = rect_right(&list->card) - list->pad;
	int top = list->card.y + list->pad / 2, height = list->head_height - list->pad / 2;
	char count[32] = "";

	if (list->view->total > 0 && list->view->row_count > 0)
		snprintf(count, sizeof count, "%u / %u",
			list->view->first + list->view->selected + 1, list->view->total);
	const struct text *text = painter_line(list->painter, STYLE_FIGURES, count, right - left);
	int base = painter_baseline(list->painter, STYLE_TITLE, top, height);
	right -= text->width;
	typeset_draw(canvas->cairo, text, right, base, &theme->dim);
	right -= list->pad + (list->view->has_right ? size : 0);
	int middle = base - typeset_cap(list->painter->typeset, STYLE_TITLE) / 2;
	if (list->view->has_left) {
		icon_draw(canvas->cairo, ICON_LEFT, left - size * 0.3, middle - size * 0.45,
			size * 0.9, &theme->accent);
		left += size * 7 / 10;
	}
	text = painter_line(list->painter, STYLE_TITLE, list->view->title, right - left);
	typeset_draw(canvas->cairo, text, left, base, &theme->text);
	if (list->view->has_right)
		icon_draw(canvas->cairo, ICON_RIGHT, left + text->width + size * 0.1,
			middle - size * 0.45, size * 0.9, &theme->accent);
}

static void paint_name(const struct list *list, struct canvas *canvas,
	const struct ui_list_row *row, int left, int right, int base, const struct look *look)
{
	const struct ui_painter *painter = list->painter;
	uint32_t signs = row->badges & SIGNS;
	int width = painter_badges(painter, NULL, signs, 0, 0, NULL, NULL);
	int middle = base - typeset_cap(painter->typeset, STYLE_STRONG) / 2;

	painter_badges(painter, canvas, signs, right - width, middle, look->dim, look->accent);
	typeset_draw(canvas->cairo,
		painter_line(painter, STYLE_STRONG, row->name,
			right - left - (width ? width + list->pad / 2 : 0)),
		left, base, look->text);
}

static void paint_event(const struct list *list, struct canvas *canvas,
	const struct ui_event_line *event, int left, int right, int base, const struct look *look)
{
	const struct ui_painter *painter = list->painter;
	int size = typeset_size(painter->typeset, STYLE_SMALL);
	int thickness = painter_px(painter, 1.0 / 180);
	struct rect bar = {.width = size * 5 / 2, .height = thickness > 2 ? thickness : 2};

	if (event->progress_permille != UI_PROGRESS_NONE) {
		struct ui_colour track = *look->dim;
		bar.x = right - bar.width;
		bar.y = base - typeset_cap(painter->typeset, STYLE_SMALL) / 2 - bar.height / 2;
		track.alpha *= 0.35;
		canvas_bar(canvas, &bar, event->progress_permille, look->accent, &track);
		right = bar.x - size * 3 / 5;
	}
	typeset_draw(canvas->cairo, painter_line(painter, STYLE_SMALL, event->title, right - left),
		left, base, look->dim);
}

/* Number and logo; returns where the text begins. */
static int paint_channel(const struct list *list, struct canvas *canvas,
	const struct ui_list_row *row, const struct rect *ground, const struct look *look)
{
	struct ui_painter *painter = list->painter;
	int x = ground->x + list->inset, height = ground->height * 7 / 10;

	if (!list->number_width)
		return x;
	const struct text *number =
		painter_line(painter, STYLE_FIGURES, row->number, list->number_width);
	typeset_draw(canvas->cairo, number, x + list->number_width - number->width,
		painter_baseline(painter, STYLE_FIGURES, ground->y, ground->height), look->dim);
	struct tile tile = {.logo = row->logo, .name = row->name, .focused = look->focused};
	tile.rect = (struct rect){x + list->number_width + list->pad * 2 / 3,
		ground->y + (ground->height - height) / 2, height * 8 / 5, height};
	painter_tile(painter, canvas, &tile);
	return rect_right(&tile.rect) + list->pad * 2 / 3;
}

static void paint_row(
	const struct list *list, struct canvas *canvas, uint32_t index, const struct rect *ground)
{
	struct ui_painter *painter = list->painter;
	const struct ui_theme *theme = &painter->theme;
	const struct ui_list_row *row = &list->view->rows[index];
	bool focused = index == list->view->selected;
	struct look look =
		focused ? (struct look){true, &theme->focus_text, &theme->focus_dim,
				  &theme->focus_accent}
			: (struct look){false, &theme->text, &theme->dim, &theme->accent};

	if (focused)
		canvas_round(
			canvas, ground, painter_px(painter, theme->radius * 0.7), &theme->focus);
	int left = paint_channel(list, canvas, row, ground, &look);
	int right = rect_right(ground) - list->inset;
	if (!row->now.title[0]) {
		paint_name(list, canvas, row, left, right,
			painter_baseline(painter, STYLE_STRONG, ground->y, ground->height), &look);
		return;
	}
	/* Two lines whose capitals and descenders are as far from the edges. */
	int strong = typeset_size(painter->typeset, STYLE_STRONG);
	int small = typeset_size(painter->typeset, STYLE_SMALL);
	int block = typeset_cap(painter->typeset, STYLE_STRONG) + small * 27 / 20;
	int base = ground->y + (ground->height - block) / 2 - strong / 20 +
		   typeset_cap(painter->typeset, STYLE_STRONG);
	paint_name(list, canvas, row, left, right, base, &look);
	paint_event(list, canvas, &row->now, left, right, base + small * 27 / 20, &look);
}

static bool is_scrolled(const struct list *list)
{
	return list->count > 0 && list->view->total > list->count;
}

/* Where in the whole list its rows are. */
static void paint_scroll_bar(
	const struct list *list, struct canvas *canvas, const struct rect *rows)
{
	const struct ui_theme *theme = &list->painter->theme;
	int width = painter_px(list->painter, 1.0 / 180);
	struct rect track = {
		.width = width > 2 ? width : 2, .height = rows->height - list->pad / 2};
	uint32_t total = list->view->total, first = list->view->first + list->first;

	if (!is_scrolled(list))
		return;
	track.x = rect_right(&list->card) - list->pad / 2 - track.width / 2;
	track.y = rows->y + list->pad / 4;
	struct rect thumb = track;
	thumb.height = (int)fmax((double)track.height * list->count / total, 3 * list->pad / 2);
	double share = fmin((double)first / (total - list->count), 1);
	thumb.y += (int)lround(share * (track.height - thumb.height));
	canvas_round(canvas, &track, track.width / 2.0, &theme->track);
	canvas_round(canvas, &thumb, track.width / 2.0, &theme->dim);
}

static void paint_empty(const struct list *list, struct canvas *canvas, const struct rect *rows)
{
	int width = rows->width - 2 * list->pad;
	const struct text *text = typeset_block(
		list->painter->typeset, STYLE_TEXT, list->view->empty, width, 4, true);

	typeset_draw(canvas->cairo, text, rows->x + (rows->width - text->width) / 2,
		rows->y + (rows->height - text->height) * 9 / 20 + text->baseline,
		&list->painter->theme.dim);
}

int paint_list(struct ui_painter *painter, const struct ui_list_view *view, struct ui_image *ret)
{
	struct canvas canvas;
	struct list list;

	list_init(&list, painter, view);
	int r = painter_open(painter, &canvas, &list.card);
	if (r < 0)
		return r;
	paint_head(&list, &canvas);
	struct rect rows = {list.card.x + list.pad / 2, list.card.y + list.head_height,
		list.card.width - list.pad * (is_scrolled(&list) ? 3 : 2) / 2,
		list.row_height * (int)list.count};
	for (uint32_t i = 0; i < list.count; i++) {
		struct rect ground = {
			rows.x, rows.y + (int)i * list.row_height, rows.width, list.row_height};
		paint_row(&list, &canvas, list.first + i, &ground);
	}
	if (list.count == 0) {
		rows.height = rect_bottom(&list.card) - rows.y;
		paint_empty(&list, &canvas, &rows);
	}
	paint_scroll_bar(&list, &canvas, &rows);
	return canvas_close(&canvas, ret);
}
