/* What is read from the guide, and how it is shown. */
#include "ui/model_state.h"

#define HALF_HOUR_S 1800
#define PERMILLE 1000
#define LOOKS_MAX 64 /* at events of one row: a guide of seconds must not cost more */

bool model_event(
	const struct ui_model *model, int32_t channel, int64_t time_s, struct ui_guide_event *ret)
{
	*ret = (struct ui_guide_event){0};
	if (!model->guide.find || !model_has(model, channel) || time_s <= 0 ||
		time_s > UI_WALL_LAST_S ||
		!model->guide.find(model->guide.ctx, (uint32_t)channel, time_s, ret))
		return false;
	ret->title = ret->title ? ret->title : "";
	ret->description = ret->description ? ret->description : "";
	if (ret->start_s >= 0 && ret->end_s > ret->start_s && ret->end_s > time_s)
		return true;
	*ret = (struct ui_guide_event){0};
	return false;
}

static uint16_t permille_of(int64_t at_s, int64_t from_s, int64_t to_s)
{
	at_s = CLAMP(at_s, from_s, to_s);
	return (uint16_t)((double)(at_s - from_s) * PERMILLE / (double)(to_s - from_s));
}

static void fill_line(const struct ui_model *model, const struct ui_guide_event *event,
	int64_t now_s, struct ui_event_line *line)
{
	ui_text_copy(line->title, sizeof line->title, event->title);
	ui_wall_span(&model->clock, event->start_s, event->end_s, line->span);
	if (event->start_s <= now_s && now_s < event->end_s)
		line->progress_permille = permille_of(now_s, event->start_s, event->end_s);
}

void model_now_next(const struct ui_model *model, int32_t channel, int64_t now_s,
	struct ui_event_line *now, struct ui_event_line *next)
{
	struct ui_guide_event event;

	now->progress_permille = UI_PROGRESS_NONE;
	if (next)
		next->progress_permille = UI_PROGRESS_NONE;
	bool found = model_event(model, channel, now_s, &event);
	if (found && event.start_s <= now_s) {
		fill_line(model, &event, now_s, now);
		found = next && model_event(model, channel, event.end_s, &event);
	}
	if (found && next)
		fill_line(model, &event, now_s, next);
}

/* From at_s on: of events that lie over each other, as some guides have them, the first is seen. */
static void fill_cell(const struct ui_model *model, const struct ui_guide_event *event,
	int64_t at_s, bool is_selected, struct ui_guide_cell *cell)
{
	int64_t from_s = model->grid.from_s, to_s = from_s + MODEL_GUIDE_SPAN_S;

	*cell = (struct ui_guide_cell){
		.from_permille = permille_of(MAX(event->start_s, at_s), from_s, to_s),
		.to_permille = permille_of(event->end_s, from_s, to_s),
		.selected = is_selected,
		.begins_before = event->start_s<from_s, .ends_after = event->end_s> to_s,
	};
	ui_text_copy(cell->title, sizeof cell->title, event->title);
}

/* Where there are more events than cells, the selected one takes the last of them. */
static void fill_cells(const struct ui_model *model, int32_t channel, bool is_selected_row,
	struct ui_guide_row *row)
{
	int64_t at_s = model->grid.from_s, cursor_s = model->grid.cursor_s;
	struct ui_guide_event event;

	for (int looks = 0; looks < LOOKS_MAX && model_event(model, channel, at_s, &event) &&
			    event.start_s < model->grid.from_s + MODEL_GUIDE_SPAN_S;
		looks++) {
		bool selected =
			is_selected_row && event.start_s <= cursor_s && cursor_s < event.end_s;
		if (row->cell_count < UI_GUIDE_CELLS)
			fill_cell(model, &event, at_s, selected, &row->cells[row->cell_count++]);
		else if (selected)
			fill_cell(model, &event, at_s, selected, &row->cells[UI_GUIDE_CELLS - 1]);
		at_s = event.end_s;
	}
}

static void fill_rows(const struct ui_model *model, struct ui_guide_view *view)
{
	const struct model_grid *grid = &model->grid;
	size_t size = model_set_size(model, grid->set);

	view->row_count = (uint32_t)MIN(size - grid->top, model->guide_rows);
	view->selected_row = (uint32_t)(grid->selected - grid->top);
	for (size_t i = 0; i < view->row_count; i++) {
		struct ui_guide_row *row = &view->rows[i];
		int32_t channel = model_set_at(model, grid->set, grid->top + i);
		if (channel == UI_NO_CHANNEL)
			continue;
		ui_text_copy(row->number, sizeof row->number, model_number(model, channel));
		model_name(model, channel, row->name);
		row->logo = model->lineup.channels[channel].logo;
		fill_cells(model, channel, i == view->selected_row, row);
	}
}

static void fill_chosen(const struct ui_model *model, int64_t now_s, struct ui_guide_view *view)
{
	struct ui_guide_event event;
	int64_t cursor_s = model->grid.cursor_s;

	view->chosen.progress_permille = UI_PROGRESS_NONE;
	if (!model_event(model, model_guide_selected(model), cursor_s, &event) ||
		event.start_s > cursor_s)
		return;
	fill_line(model, &event, now_s, &view->chosen);
	ui_text_copy(view->description, sizeof view->description, event.description);
}

static void fill_hours(const struct ui_model *model, int64_t now_s, struct ui_guide_view *view)
{
	int64_t from_s = model->grid.from_s, to_s = from_s + MODEL_GUIDE_SPAN_S;

	for (int64_t at_s = from_s; at_s < to_s && view->label_count < UI_GUIDE_HOURS;
		at_s += HALF_HOUR_S, view->label_count++) {
		view->labels[view->label_count].at_permille = permille_of(at_s, from_s, to_s);
		ui_wall_time(&model->clock, at_s, view->labels[view->label_count].text);
	}
	if (now_s >= from_s && now_s < to_s)
		view->now_permille = permille_of(now_s, from_s, to_s);
	ui_wall_day(&model->clock, model->grid.cursor_s, now_s, view->day);
	ui_wall_time(&model->clock, now_s, view->clock);
}

void model_guide_view(const struct ui_model *model, int64_t now_s, struct ui_guide_view *view)
{
	view->visible = true;
	view->now_permille = UI_PROGRESS_NONE;
	view->chosen.progress_permille = UI_PROGRESS_NONE;
	if (model->grid.cursor_s && now_s)
		fill_hours(model, now_s, view);
	else
		ui_text_copy(view->day, sizeof view->day, "The time of day is not known yet.");
	fill_rows(model, view);
	fill_chosen(model, now_s, view);
}
