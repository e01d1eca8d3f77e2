/*
 * The guide over the whole picture: day and clock, what is chosen and what it is about, then the
 * hours and a row of events for each channel, with a line where it is now.
 */
#include "ui/layout.h"
#include "ui/painter.h"

#define CHANNEL_WIDTH 0.43 /* of the height, but no more than a third of the room */

struct guide {
	struct ui_painter *painter;
	const struct ui_guide_view *view;
	struct rect room;
	struct rect grid; /* of the cells */
	int channel_width, number_width, row_height, gap;
	uint32_t first, count;
};

static void measure_numbers(struct guide *guide)
{
	for (uint32_t i = 0; i < guide->count; i++) {
		const char *number = guide->view->rows[guide->first + i].number;
		int width = painter_line(
			guide->painter, STYLE_FIGURES, number, guide->channel_width / 3)
				    ->width;
		guide->number_width = width > guide->number_width ? width : guide->number_width;
	}
}

static void guide_init(
	struct guide *guide, struct ui_painter *painter, const struct ui_guide_view *view)
{
	uint32_t rows = ui_theme_guide_rows(&painter->theme);
	uint32_t count = view->row_count < UI_GUIDE_ROWS ? view->row_count : UI_GUIDE_ROWS;
	int head = painter_px(painter, layout_guide_head(&painter->theme));

	*guide = (struct guide){.painter = painter, .view = view, .room = painter_room(painter)};
	/* Letters may reach beyond their place, and so does the mark of what is now. */
	guide->room.x += painter_pad(painter) / 3;
	guide->room.width -= painter_pad(painter) * 2 / 3;
	guide->row_height = painter_px(painter, layout_guide_row(&painter->theme));
	guide->gap = guide->row_height / 12 > 2 ? guide->row_height / 12 : 2;
	guide->channel_width = painter_px(painter, CHANNEL_WIDTH);
	if (guide->channel_width > guide->room.width / 3)
		guide->channel_width = guide->room.width / 3;
	guide->count = count < rows ? count : rows;
	if (view->selected_row < count && view->selected_row >= guide->count)
		guide->first = view->selected_row - guide->count + 1;
	guide->grid = (struct rect){guide->room.x + guide->channel_width, guide->room.y + head,
		guide->room.width - guide->channel_width, (int)guide->count * guide->row_height};
	measure_numbers(guide);
}

static int across(const struct guide *guide, unsigned permille)
{
	unsigned at = permille < 1000 ? permille : 1000;

	return guide->grid.x + (int)((unsigned)guide->grid.width * at / 1000);
}

/* Day and clock; returns where the next part begins. */
static int paint_head(const struct guide *guide, struct canvas *canvas)
{
	const struct ui_painter *painter = guide->painter;
	int right = rect_right(&guide->room), x = guide->room.x;
	int base = guide->room.y + typeset_cap(painter->typeset, STYLE_TITLE);
	const struct text *clock = painter_line(
		painter, STYLE_TITLE_FIGURES, guide->view->clock, guide->room.width / 2);
	const struct text *day = painter_line(painter, STYLE_TITLE, guide->view->day,
		guide->room.width - clock->width - painter_pad(painter));

	typeset_draw(canvas->cairo, day, x, base, &painter->theme.dim);
	typeset_draw(canvas->cairo, clock, right - clock->width, base, &painter->theme.text);
	return guide->room.y + painter_px(painter, 1.85 * painter->theme.title);
}

/* Title, time, progress and two lines about the event that is selected. */
static void paint_chosen(const struct guide *guide, struct canvas *canvas, int top)
{
	struct ui_painter *painter = guide->painter;
	const struct ui_event_line *chosen = &guide->view->chosen;
	const struct ui_theme *theme = &painter->theme;
	int headline = typeset_size(painter->typeset, STYLE_HEADLINE);
	int small = typeset_size(painter->typeset, STYLE_SMALL), x = guide->room.x;
	int base = top + typeset_cap(painter->typeset, STYLE_HEADLINE);

	typeset_draw(canvas->cairo,
		painter_line(painter, STYLE_HEADLINE, chosen->title, guide->room.width), x, base,
		&theme->text);
	base += small / 2 + headline * 17 / 20;
	const struct text *span =
		painter_line(painter, STYLE_FIGURES, chosen->span, guide->room.width / 2);
	typeset_draw(canvas->cairo, span, x, base, &theme->accent);
	if (chosen->title[0] && chosen->progress_permille != UI_PROGRESS_NONE) {
		struct rect bar = {
			x + span->width + small, 0, small * 6, painter_px(painter, 1.0 / 150)};
		bar.y = base - typeset_cap(painter->typeset, STYLE_FIGURES) / 2 - bar.height / 2;
		canvas_bar(canvas, &bar, chosen->progress_permille, &theme->accent, &theme->track);
	}
	const struct text *about = typeset_block(painter->typeset, STYLE_SMALL,
		guide->view->description, guide->room.width, 2, false);
	typeset_draw(canvas->cairo, about, x, base + small * 29 / 20, &theme->dim);
}

static void paint_hours(const struct guide *guide, struct canvas *canvas)
{
	const struct ui_painter *painter = guide->painter;
	int small = typeset_size(painter->typeset, STYLE_FIGURES);
	int base = guide->grid.y - small * 11 / 20, end = rect_right(&guide->grid);
	uint32_t count = guide->view->label_count < UI_GUIDE_HOURS ? guide->view->label_count
								   : UI_GUIDE_HOURS;
	for (uint32_t i = 0, from = 0; i < count; i++) {
		int x = across(guide, guide->view->labels[i].at_permille) + guide->gap / 2;
		const struct text *text = painter_line(
			painter, STYLE_FIGURES, guide->view->labels[i].text, guide->grid.width);
		/* One that has no room beside the one before is left out. */
		if (x + text->width > end || (from && x < (int)from))
			continue;
		typeset_draw(canvas->cairo, text, x, base, &painter->theme.dim);
		from = (uint32_t)(x + text->width + small / 2);
	}
}

static void paint_channel(const struct guide *guide, struct canvas *canvas,
	const struct ui_guide_row *row, int y, bool selected)
{
	struct ui_painter *painter = guide->painter;
	const struct ui_theme *theme = &painter->theme;
	int height = guide->row_height - guide->gap, x = guide->room.x;
	int small = typeset_size(painter->typeset, STYLE_SMALL);
	const struct text *number =
		painter_line(painter, STYLE_FIGURES, row->number, guide->channel_width / 3);
	int base = painter_baseline(painter, STYLE_SMALL, y, height);

	typeset_draw(canvas->cairo, number, x + guide->number_width - number->width, base,
		selected ? &theme->text : &theme->dim);
	x += guide->number_width + (guide->number_width ? small * 11 / 20 : 0);
	struct tile tile = {{x, y, height * 7 / 5, height}, row->logo, row->name, false};
	painter_tile(painter, canvas, &tile);
	x = rect_right(&tile.rect) + small * 11 / 20;
	typeset_draw(canvas->cairo,
		painter_line(painter, selected ? STYLE_SMALL_STRONG : STYLE_SMALL, row->name,
			guide->grid.x - small / 2 - x),
		x, base, selected ? &theme->text : &theme->dim);
}

static struct rect cell_rect(const struct guide *guide, const struct ui_guide_cell *cell, int y)
{
	int left = across(guide, cell->from_permille), right = across(guide, cell->to_permille);

	/* The last ones end where the clock does. */
	if (right < rect_right(&guide->grid))
		right -= guide->gap;
	return (struct rect){left, y, right - left, guide->row_height - guide->gap};
}

/* An end that lies beyond the hours that are seen is not rounded. */
static void paint_ground(const struct guide *guide, struct canvas *canvas,
	const struct ui_guide_cell *cell, const struct rect *rect)
{
	const struct ui_theme *theme = &guide->painter->theme;
	unsigned now = guide->view->now_permille;
	double radius = painter_px(guide->painter, theme->radius * 0.5);
	struct ui_colour colour = cell->selected ? theme->focus : theme->tile;

	if (rect->width < 2 * radius)
		radius = rect->width / 2.0;
	if (rect->width <= 0)
		return;
	if (!cell->selected && now != UI_PROGRESS_NONE && cell->from_permille <= now &&
		now < cell->to_permille)
		colour.alpha *= 2;
	canvas_source(canvas, &colour);
	canvas_trace(canvas->cairo, rect, cell->begins_before ? 0 : radius,
		cell->ends_after ? 0 : radius);
	cairo_fill(canvas->cairo);
}

static void paint_title(const struct guide *guide, struct canvas *canvas,
	const struct ui_guide_cell *cell, const struct rect *rect)
{
	const struct ui_painter *painter = guide->painter;
	const struct ui_theme *theme = &painter->theme;
	enum style style = cell->selected ? STYLE_SMALL_STRONG : STYLE_SMALL;
	int small = typeset_size(painter->typeset, style), inset = small * 2 / 5;
	const struct ui_colour *colour = cell->selected ? &theme->focus_text : &theme->text;
	int left = rect->x + inset, right = rect_right(rect) - inset;
	int base = painter_baseline(painter, style, rect->y, rect->height);

	if (cell->begins_before && right - left > 3 * small) {
		icon_draw(canvas->cairo, ICON_LEFT, left - small * 0.35,
			rect->y + (rect->height - small * 0.7) / 2.0, small * 0.7,
			cell->selected ? &theme->focus_dim : &theme->dim);
		left += small * 2 / 5;
	}
	/* A letter and an ellipsis would say nothing. */
	if (right - left < small * 3 / 2)
		return;
	typeset_draw(canvas->cairo, painter_line(painter, style, cell->title, right - left), left,
		base, colour);
}

static uint32_t cells_of(const struct ui_guide_row *row)
{
	return row->cell_count < UI_GUIDE_CELLS ? row->cell_count : UI_GUIDE_CELLS;
}

/* A row of which nothing is known. */
static void paint_nothing(const struct guide *guide, struct canvas *canvas, uint32_t index, int y)
{
	const struct ui_theme *theme = &guide->painter->theme;
	struct ui_guide_cell cell = {.to_permille = 1000};
	struct rect rect = cell_rect(guide, &cell, y);
	struct ui_colour colour = theme->tile;

	colour.alpha *= 0.5;
	if (index == guide->view->selected_row)
		colour = theme->focus;
	canvas_round(canvas, &rect, painter_px(guide->painter, theme->radius * 0.5), &colour);
}

static void paint_grounds(const struct guide *guide, struct canvas *canvas)
{
	for (uint32_t i = 0; i < guide->count; i++) {
		const struct ui_guide_row *row = &guide->view->rows[guide->first + i];
		int y = guide->grid.y + (int)i * guide->row_height;
		if (cells_of(row) == 0)
			paint_nothing(guide, canvas, guide->first + i, y);
		for (uint32_t j = 0; j < cells_of(row); j++) {
			struct rect rect = cell_rect(guide, &row->cells[j], y);
			if (!row->cells[j].selected)
				paint_ground(guide, canvas, &row->cells[j], &rect);
		}
	}
}

/* Below the titles and what is selected, so that nothing is crossed out. */
static void paint_now(const struct guide *guide, struct canvas *canvas)
{
	const struct ui_painter *painter = guide->painter;
	int width = painter_px(painter, 1.0 / 270) > 2 ? painter_px(painter, 1.0 / 270) : 2;
	int knob = width * 2;

	if (guide->view->now_permille > 1000 || guide->count == 0)
		return;
	struct rect line = {across(guide, guide->view->now_permille) - width / 2,
		guide->grid.y - guide->gap, width, guide->grid.height};
	canvas_round(canvas, &line, width / 2.0, &painter->theme.accent);
	canvas_disc(canvas, line.x + width / 2.0, line.y, knob, &painter->theme.accent);
}

static void paint_rows(const struct guide *guide, struct canvas *canvas)
{
	paint_grounds(guide, canvas);
	paint_now(guide, canvas);
	for (uint32_t i = 0; i < guide->count; i++) {
		uint32_t index = guide->first + i;
		const struct ui_guide_row *row = &guide->view->rows[index];
		int y = guide->grid.y + (int)i * guide->row_height;
		paint_channel(guide, canvas, row, y, index == guide->view->selected_row);
		for (uint32_t j = 0; j < cells_of(row); j++) {
			struct rect rect = cell_rect(guide, &row->cells[j], y);
			if (row->cells[j].selected)
				paint_ground(guide, canvas, &row->cells[j], &rect);
			paint_title(guide, canvas, &row->cells[j], &rect);
		}
	}
}

int paint_guide(struct ui_painter *painter, const struct ui_guide_view *view, struct ui_image *ret)
{
	struct rect whole = {0, 0, painter->width, painter->height};
	struct canvas canvas;
	struct guide guide;

	int r = canvas_open(&canvas, &whole, painter->width, painter->height);
	if (r < 0)
		return r;
	guide_init(&guide, painter, view);
	canvas_wash(&canvas, &painter->theme.backdrop);
	struct rect room = painter_room(painter);
	canvas_clip(&canvas, &room);
	int top = paint_head(&guide, &canvas);
	paint_chosen(&guide, &canvas, top);
	paint_hours(&guide, &canvas);
	paint_rows(&guide, &canvas);
	return canvas_close(&canvas, ret);
}
