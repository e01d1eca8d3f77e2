/* The list: channels of a bouquet, the bouquets, and the channels last watched. */
#include "ui/model_state.h"

static size_t list_size(const struct ui_model *model)
{
	switch (model->list.kind) {
	case LIST_BOUQUETS:
		return model_set_count(model);
	case LIST_HISTORY:
		return model->watch.history_count;
	default:
		return model_set_size(model, model->list.set);
	}
}

static int32_t channel_at(const struct ui_model *model, size_t row)
{
	switch (model->list.kind) {
	case LIST_BOUQUETS:
		return UI_NO_CHANNEL;
	case LIST_HISTORY:
		return row < model->watch.history_count ? model->watch.history[row] : UI_NO_CHANNEL;
	default:
		return model_set_at(model, model->list.set, row);
	}
}

int32_t model_list_selected(const struct ui_model *model)
{
	return model->open == OPEN_LIST ? channel_at(model, model->list.selected) : UI_NO_CHANNEL;
}

size_t model_scroll(size_t top, size_t selected, size_t size, size_t rows)
{
	size_t most = size > rows ? size - rows : 0;

	if (selected < top)
		top = selected;
	if (selected >= top + rows)
		top = selected - rows + 1;
	return MIN(top, most);
}

bool model_step(size_t *selected, size_t size, size_t page, const struct ui_press *press)
{
	size_t last = size ? size - 1 : 0;

	switch (press->command) {
	case UI_COMMAND_UP:
		*selected = *selected ? *selected - 1 : press->is_repeat ? 0 : last;
		return true;
	case UI_COMMAND_DOWN:
		*selected = *selected < last ? *selected + 1 : press->is_repeat ? last : 0;
		return true;
	case UI_COMMAND_CHANNEL_UP:
	case UI_COMMAND_PAGE_UP:
		*selected = *selected > page ? *selected - page : 0;
		return true;
	case UI_COMMAND_CHANNEL_DOWN:
	case UI_COMMAND_PAGE_DOWN:
		*selected = last - *selected > page ? *selected + page : last;
		return true;
	default:
		return false;
	}
}

static void open_at(struct ui_model *model, size_t selected)
{
	size_t half = model->list_rows / 2;

	model->open = OPEN_LIST;
	model->list.selected = selected;
	model->list.top = model_scroll(selected > half ? selected - half : 0, selected,
		list_size(model), model->list_rows);
}

void model_list_open(struct ui_model *model, size_t set)
{
	model->list.kind = LIST_CHANNELS;
	model->list.set = set;
	open_at(model, model_shown_pos(model, set));
}

void model_list_open_bouquets(struct ui_model *model)
{
	model->list.kind = LIST_BOUQUETS;
	open_at(model, model->watch.set);
}

void model_list_open_history(struct ui_model *model)
{
	model->list.kind = LIST_HISTORY;
	/* The first is mostly what is watched: the one before it is what is wanted. */
	open_at(model,
		model->watch.history_count > 1 && model->watch.history[0] == model->watch.current);
}

static void select_again(struct ui_model *model, int32_t channel)
{
	struct model_list *list = &model->list;

	if (channel == UI_NO_CHANNEL || channel_at(model, list->selected) == channel)
		return;
	if (list->kind == LIST_CHANNELS)
		model_set_find(model, list->set, channel, &list->selected);
	for (size_t i = 0; list->kind == LIST_HISTORY && i < list_size(model); i++)
		if (model->watch.history[i] == channel)
			list->selected = i;
}

void model_list_keep(struct ui_model *model, int32_t channel)
{
	struct model_list *list = &model->list;
	size_t size = list_size(model);

	select_again(model, channel);
	if (list->selected >= size)
		list->selected = size ? size - 1 : 0;
	list->top = model_scroll(list->top, list->selected, size, model->list_rows);
}

static void choose(struct ui_model *model, uint64_t at_ns)
{
	const struct model_list *list = &model->list;
	int32_t channel = model_list_selected(model);

	if (list->kind == LIST_BOUQUETS) {
		model_list_open(model, list->selected);
		return;
	}
	if (channel == UI_NO_CHANNEL)
		return;
	if (list->kind == LIST_CHANNELS) {
		model->watch.set = list->set;
		model->watch.pos = list->selected;
	}
	model->open = OPEN_NOTHING;
	model_go(model, channel, UI_TUNE_LIST, at_ns);
}

/* The bouquet beside, from the last on to the first. */
static void turn(struct ui_model *model, bool right)
{
	size_t count = model_set_count(model);

	if (model->list.kind == LIST_CHANNELS)
		model_list_open(model, (model->list.set + (right ? 1 : count - 1)) % count);
}

bool model_list_press(struct ui_model *model, const struct ui_press *press)
{
	struct model_list *list = &model->list;
	int32_t channel = model_list_selected(model);

	if (model_step(&list->selected, list_size(model), model->list_rows, press)) {
		list->top =
			model_scroll(list->top, list->selected, list_size(model), model->list_rows);
		return true;
	}
	if (press->command == UI_COMMAND_LEFT || press->command == UI_COMMAND_RIGHT) {
		turn(model, press->command == UI_COMMAND_RIGHT);
		return true;
	}
	if (press->is_repeat)
		return false;
	switch (press->command) {
	case UI_COMMAND_OK:
		if (press->is_long)
			model_toggle_favourite(model, channel, press->at_ns);
		else
			choose(model, press->at_ns);
		return true;
	case UI_COMMAND_BACK:
	case UI_COMMAND_LIST:
		model->open = OPEN_NOTHING;
		return true;
	case UI_COMMAND_YELLOW:
	case UI_COMMAND_FAVOURITE:
		model_toggle_favourite(model, channel, press->at_ns);
		return true;
	case UI_COMMAND_RED:
	case UI_COMMAND_LOCK:
		model_pin_toggle_lock(model, channel, press->at_ns);
		return true;
	case UI_COMMAND_GREEN:
		model_list_open_bouquets(model);
		return true;
	default:
		return false;
	}
}

static void fill_bouquet(const struct ui_model *model, size_t set, struct ui_list_row *row)
{
	size_t size = model_set_size(model, set);

	model_set_name(model, set, row->name);
	ui_text_format(row->now.title, sizeof row->now.title,
		size == 1 ? "%zu channel" : "%zu channels", size);
	row->now.progress_permille = UI_PROGRESS_NONE;
	row->badges = set == model->watch.set ? UI_BADGE_PLAYING : 0;
}

static void fill_channel(
	const struct ui_model *model, int32_t channel, int64_t now_s, struct ui_list_row *row)
{
	if (channel == UI_NO_CHANNEL)
		return;
	ui_text_copy(row->number, sizeof row->number, model_number(model, channel));
	model_name(model, channel, row->name);
	row->badges = model_badges(model, channel);
	row->logo = model->lineup.channels[channel].logo;
	model_now_next(model, channel, now_s, &row->now, NULL);
}

static void fill_title(const struct ui_model *model, struct ui_list_view *view)
{
	const struct model_list *list = &model->list;
	const char *empty = "There are no channels in here.";

	if (list->kind == LIST_CHANNELS)
		model_set_name(model, list->set, view->title);
	else
		ui_text_copy(view->title, sizeof view->title,
			list->kind == LIST_BOUQUETS ? "Bouquets" : "Last channels");
	if (list->kind == LIST_HISTORY)
		empty = "No channel was watched yet.";
	else if (list->set == model_favourite_set(model))
		empty = "There are no favourites yet. The yellow key adds a channel.";
	if (view->total == 0)
		ui_text_copy(view->empty, sizeof view->empty, empty);
}

void model_list_view(const struct ui_model *model, int64_t now_s, struct ui_list_view *view)
{
	const struct model_list *list = &model->list;

	view->visible = true;
	view->total = (uint32_t)list_size(model);
	view->first = (uint32_t)list->top;
	view->selected = (uint32_t)(list->selected - list->top);
	view->has_left = view->has_right = list->kind == LIST_CHANNELS;
	view->row_count = (uint32_t)MIN(view->total - list->top, model->list_rows);
	fill_title(model, view);
	for (size_t i = 0; i < view->row_count; i++) {
		if (list->kind == LIST_BOUQUETS)
			fill_bouquet(model, list->top + i, &view->rows[i]);
		else
			fill_channel(
				model, channel_at(model, list->top + i), now_s, &view->rows[i]);
	}
}
