/* Figures at the top: one column at the left, two where there are many rows. */
#include "ui/painter.h"

#define COLUMN_WIDTH 0.76 /* of the height */
#define COLUMN_ROWS 8

struct stats {
	struct ui_painter *painter;
	const struct ui_stats_view *view;
	struct rect card;
	int pad, row_height, head_height, column_width;
	int gap;	      /* between columns */
	uint32_t count, rows; /* rows of a column */
};

static void stats_init(
	struct stats *stats, struct ui_painter *painter, const struct ui_stats_view *view)
{
	struct rect room = painter_room(painter);
	int small = typeset_size(painter->typeset, STYLE_SMALL);

	*stats = (struct stats){.painter = painter, .view = view, .pad = painter_pad(painter)};
	stats->count = view->row_count < UI_STAT_ROWS ? view->row_count : UI_STAT_ROWS;
	stats->rows = stats->count <= COLUMN_ROWS ? stats->count : (stats->count + 1) / 2;
	stats->row_height = small * 3 / 2;
	stats->head_height =
		view->title[0] ? typeset_size(painter->typeset, STYLE_TITLE) * 8 / 5 : 0;
	int columns = stats->count > COLUMN_ROWS ? 2 : 1;
	stats->gap = 2 * stats->pad;
	int edges = 2 * stats->pad + (columns - 1) * stats->gap;
	int width = columns * painter_px(painter, COLUMN_WIDTH) + edges;
	if (width > room.width)
		width = room.width;
	stats->column_width = (width - edges) / columns;
	stats->card = (struct rect){room.x, room.y, width,
		stats->head_height + (int)stats->rows * stats->row_height + 3 * stats->pad / 2};
}

static void paint_row(
	const struct stats *stats, struct canvas *canvas, uint32_t index, int x, int y)
{
	const struct ui_painter *painter = stats->painter;
	const struct ui_theme *theme = &painter->theme;
	int base = painter_baseline(painter, STYLE_FIGURES, y, stats->row_height);
	const struct text *value = painter_line(painter, STYLE_FIGURES,
		stats->view->rows[index].value, stats->column_width * 3 / 5);
	const struct text *label =
		painter_line(painter, STYLE_SMALL, stats->view->rows[index].label,
			stats->column_width - value->width - stats->pad / 2);

	typeset_draw(canvas->cairo, label, x, base, &theme->dim);
	typeset_draw(
		canvas->cairo, value, x + stats->column_width - value->width, base, &theme->text);
}

int paint_stats(struct ui_painter *painter, const struct ui_stats_view *view, struct ui_image *ret)
{
	struct canvas canvas;
	struct stats stats;

	stats_init(&stats, painter, view);
	int r = painter_open(painter, &canvas, &stats.card);
	if (r < 0)
		return r;
	int left = stats.card.x + stats.pad, top = stats.card.y + stats.pad * 3 / 4;
	if (stats.head_height)
		typeset_draw(canvas.cairo,
			painter_line(painter, STYLE_TITLE, view->title,
				stats.card.width - 2 * stats.pad),
			left, painter_baseline(painter, STYLE_TITLE, top, stats.head_height),
			&painter->theme.text);
	for (uint32_t i = 0; i < stats.count; i++)
		paint_row(&stats, &canvas, i,
			left + (int)(i / stats.rows) * (stats.column_width + stats.gap),
			top + stats.head_height + (int)(i % stats.rows) * stats.row_height);
	return canvas_close(&canvas, ret);
}
