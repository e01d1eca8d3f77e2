/* The guide: channels by hours, and where the cursor is in there. */
#include "ui/model_state.h"

#define HALF_HOUR_S 1800
#define DAY_S 86400
#define AHEAD_S (14 * DAY_S) /* more than any guide has */
#define NEAR_EDGE_S 900	     /* so close to the right edge an event is hardly seen */

/* As the guide sees it: by the tick, so that views are the same in between. */
static int64_t now_of(const struct ui_model *model, uint64_t now_ns)
{
	int64_t now_s = ui_wall_s(&model->clock, now_ns);

	return now_s - now_s % MODEL_TICK_S;
}

static void go_to_now(struct ui_model *model, uint64_t now_ns)
{
	model->grid.cursor_s = now_of(model, now_ns);
	model->grid.from_s = ui_wall_half_hour_s(&model->clock, model->grid.cursor_s);
}

static void keep_row_seen(struct ui_model *model)
{
	struct model_grid *grid = &model->grid;

	grid->top = model_scroll(
		grid->top, grid->selected, model_set_size(model, grid->set), model->guide_rows);
}

void model_guide_open(struct ui_model *model, uint64_t now_ns)
{
	struct model_grid *grid = &model->grid;

	model->open = OPEN_GUIDE;
	grid->set = model->watch.set;
	grid->selected = model_shown_pos(model, grid->set);
	grid->top =
		grid->selected > model->guide_rows / 2 ? grid->selected - model->guide_rows / 2 : 0;
	keep_row_seen(model);
	go_to_now(model, now_ns);
}

int32_t model_guide_selected(const struct ui_model *model)
{
	return model->open == OPEN_GUIDE
		       ? model_set_at(model, model->grid.set, model->grid.selected)
		       : UI_NO_CHANNEL;
}

void model_guide_keep(struct ui_model *model, int32_t channel)
{
	struct model_grid *grid = &model->grid;
	size_t size = model_set_size(model, grid->set);

	if (model_set_at(model, grid->set, grid->selected) != channel)
		model_set_find(model, grid->set, channel, &grid->selected);
	if (grid->selected >= size)
		grid->selected = size ? size - 1 : 0;
	keep_row_seen(model);
}

void model_guide_clock(struct ui_model *model, uint64_t now_ns)
{
	int64_t now_s = now_of(model, now_ns);

	/* A clock that was set to another time has moved the hours away under the cursor. */
	if (model->open == OPEN_GUIDE &&
		(model->grid.cursor_s < now_s - DAY_S || model->grid.cursor_s > now_s + AHEAD_S))
		go_to_now(model, now_ns);
}

/* As far as one may look: from what is on, for two weeks. */
static void place_cursor(struct ui_model *model, int64_t cursor_s, int64_t now_s)
{
	struct model_grid *grid = &model->grid;
	int64_t first_s = ui_wall_half_hour_s(&model->clock, now_s);

	grid->cursor_s = CLAMP(cursor_s, first_s, now_s + AHEAD_S);
	if (grid->cursor_s < grid->from_s ||
		grid->cursor_s >= grid->from_s + 2 * MODEL_GUIDE_SPAN_S)
		grid->from_s = ui_wall_half_hour_s(&model->clock, grid->cursor_s);
	while (grid->cursor_s > grid->from_s + MODEL_GUIDE_SPAN_S - NEAR_EDGE_S)
		grid->from_s += HALF_HOUR_S;
}

static void move_right(struct ui_model *model, int64_t now_s)
{
	int32_t channel = model_guide_selected(model);
	int64_t cursor_s = model->grid.cursor_s, to_s = cursor_s + HALF_HOUR_S;
	struct ui_guide_event event;

	if (model_event(model, channel, cursor_s, &event) && event.start_s <= cursor_s)
		to_s = event.end_s;
	else if (event.start_s > cursor_s && event.start_s < to_s)
		to_s = event.start_s;
	place_cursor(model, to_s, now_s);
}

static void move_left(struct ui_model *model, int64_t now_s)
{
	int32_t channel = model_guide_selected(model);
	int64_t cursor_s = model->grid.cursor_s, to_s = cursor_s - HALF_HOUR_S;
	struct ui_guide_event event;

	if (model_event(model, channel, cursor_s, &event) && event.start_s <= cursor_s)
		to_s = event.start_s - 1;
	if (model_event(model, channel, to_s, &event) && event.start_s <= to_s)
		to_s = event.start_s;
	/* Its beginning may have passed long ago; what is on now is as far as it goes. */
	if (to_s < cursor_s)
		place_cursor(model, to_s, now_s);
}

static void move_by_days(struct ui_model *model, int days, int64_t now_s)
{
	place_cursor(model, model->grid.cursor_s + (int64_t)days * DAY_S, now_s);
}

static void choose(struct ui_model *model, uint64_t at_ns)
{
	int32_t channel = model_guide_selected(model);

	if (channel == UI_NO_CHANNEL)
		return;
	model->watch.set = model->grid.set;
	model->watch.pos = model->grid.selected;
	model->open = OPEN_NOTHING;
	model_go(model, channel, UI_TUNE_LIST, at_ns);
}

/* Through the hours. False: it is no key for that. */
static bool travel(struct ui_model *model, const struct ui_press *press)
{
	int64_t now_s = now_of(model, press->at_ns);

	if (model->grid.cursor_s == 0 || now_s == 0) /* there is no time to travel in */
		return press->command == UI_COMMAND_LEFT || press->command == UI_COMMAND_RIGHT;
	switch (press->command) {
	case UI_COMMAND_LEFT:
		move_left(model, now_s);
		return true;
	case UI_COMMAND_RIGHT:
		move_right(model, now_s);
		return true;
	case UI_COMMAND_RED:
		move_by_days(model, -1, now_s);
		return true;
	case UI_COMMAND_GREEN:
		move_by_days(model, 1, now_s);
		return true;
	case UI_COMMAND_YELLOW:
		go_to_now(model, press->at_ns);
		return true;
	default:
		return false;
	}
}

bool model_guide_press(struct ui_model *model, const struct ui_press *press)
{
	struct model_grid *grid = &model->grid;

	if (model_step(
		    &grid->selected, model_set_size(model, grid->set), model->guide_rows, press)) {
		keep_row_seen(model);
		return true;
	}
	if (travel(model, press))
		return true;
	if (press->is_repeat)
		return false;
	switch (press->command) {
	case UI_COMMAND_OK:
		choose(model, press->at_ns);
		return true;
	case UI_COMMAND_BACK:
	case UI_COMMAND_GUIDE:
		model->open = OPEN_NOTHING;
		return true;
	default:
		return false;
	}
}
