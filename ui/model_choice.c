/* A choice among a few: tracks of sound, subtitles and teletext, and the menu. */
#include <string.h>

#include "ui/model_state.h"

enum item {
	ITEM_FAVOURITE,
	ITEM_LOCK,
	ITEM_AUDIO,
	ITEM_SUBTITLE,
	ITEM_BOUQUETS,
	ITEM_HISTORY,
	ITEM_SLEEP,
	ITEM_ASPECT,
	ITEM_FULL_SCREEN,
	ITEM_STANDBY,
	ITEMS
};

/* Sound cannot be chosen away: that is what MUTE is for. */
static bool has_off(enum ui_track_kind kind)
{
	return kind != UI_TRACK_AUDIO;
}

static size_t row_count(const struct ui_model *model)
{
	const struct model_choice *choice = &model->choice;

	if (choice->of == CHOICE_MENU)
		return ITEMS;
	return model->tracks[choice->kind].count + has_off(choice->kind);
}

/* The row of the track that is on; row_count() where none is. */
static size_t current_row(const struct ui_model *model)
{
	const struct model_choice *choice = &model->choice;
	const struct model_tracks *tracks = &model->tracks[choice->kind];

	if (choice->of == CHOICE_MENU)
		return ITEMS;
	if (tracks->chosen >= 0 && (size_t)tracks->chosen < tracks->count)
		return (size_t)tracks->chosen + has_off(choice->kind);
	return has_off(choice->kind) ? 0 : row_count(model);
}

void model_choice_tracks(struct ui_model *model, enum ui_track_kind kind, uint64_t now_ns)
{
	static const char *const nothing[] = {[UI_TRACK_AUDIO] = "There is no sound to choose from",
		[UI_TRACK_SUBTITLE] = "There are no subtitles",
		[UI_TRACK_TEXT] = "There is no teletext"};

	if (model->tracks[kind].count == 0) {
		model_say(model, nothing[kind], now_ns);
		return;
	}
	model->open = OPEN_CHOICE;
	model->choice = (struct model_choice){.of = CHOICE_TRACK, .kind = kind};
	size_t row = current_row(model);
	model->choice.selected = row < row_count(model) ? row : 0;
}

void model_choice_menu(struct ui_model *model)
{
	model->open = OPEN_CHOICE;
	model->choice = (struct model_choice){.of = CHOICE_MENU};
}

static void choose_track(struct ui_model *model, uint64_t at_ns)
{
	enum ui_track_kind kind = model->choice.kind;
	int32_t track = (int32_t)model->choice.selected - has_off(kind);

	model->open = OPEN_NOTHING;
	model->tracks[kind].chosen = track;
	model_effect(model, (struct ui_effect){.type = UI_EFFECT_TRACK,
				    .at_ns = at_ns,
				    .channel = model->watch.current,
				    .kind = kind,
				    .track = track});
}

static void choose_item(struct ui_model *model, uint64_t at_ns)
{
	enum item item = (enum item)model->choice.selected;

	if (item != ITEM_SLEEP && item != ITEM_ASPECT) /* these go on to their next value */
		model->open = OPEN_NOTHING;
	switch (item) {
	case ITEM_FAVOURITE:
		model_toggle_favourite(model, model->watch.current, at_ns);
		break;
	case ITEM_LOCK:
		model_pin_toggle_lock(model, model->watch.current, at_ns);
		break;
	case ITEM_AUDIO:
		model_choice_tracks(model, UI_TRACK_AUDIO, at_ns);
		break;
	case ITEM_SUBTITLE:
		model_choice_tracks(model, UI_TRACK_SUBTITLE, at_ns);
		break;
	case ITEM_BOUQUETS:
		model_list_open_bouquets(model);
		break;
	case ITEM_HISTORY:
		model_list_open_history(model);
		break;
	case ITEM_SLEEP:
		model_sleep_step(model, at_ns);
		break;
	case ITEM_ASPECT:
		model_effect(model, (struct ui_effect){.type = UI_EFFECT_ASPECT, .at_ns = at_ns});
		break;
	case ITEM_FULL_SCREEN:
		model_effect(
			model, (struct ui_effect){.type = UI_EFFECT_FULL_SCREEN, .at_ns = at_ns});
		break;
	default:
		model_set_standby(model, true, at_ns);
	}
}

/* Whether the key is the one that opened it: then it goes on to the next row. */
static bool is_own_key(const struct model_choice *choice, enum ui_command command)
{
	static const enum ui_command keys[] = {[UI_TRACK_AUDIO] = UI_COMMAND_AUDIO,
		[UI_TRACK_SUBTITLE] = UI_COMMAND_SUBTITLE,
		[UI_TRACK_TEXT] = UI_COMMAND_TEXT};

	return choice->of == CHOICE_TRACK && command == keys[choice->kind];
}

bool model_choice_press(struct ui_model *model, const struct ui_press *press)
{
	struct model_choice *choice = &model->choice;
	bool is_arrow = press->command == UI_COMMAND_UP || press->command == UI_COMMAND_DOWN;

	if (is_arrow)
		return model_step(&choice->selected, row_count(model), UI_TRACK_ROWS, press);
	if (press->is_repeat)
		return false;
	if (is_own_key(choice, press->command)) {
		choice->selected = (choice->selected + 1) % row_count(model);
		return true;
	}
	switch (press->command) {
	case UI_COMMAND_OK:
		if (choice->of == CHOICE_MENU)
			choose_item(model, press->at_ns);
		else
			choose_track(model, press->at_ns);
		return true;
	case UI_COMMAND_BACK:
	case UI_COMMAND_MENU:
		model->open = OPEN_NOTHING;
		return true;
	case UI_COMMAND_LEFT:
	case UI_COMMAND_RIGHT:
		return true;
	default:
		return false;
	}
}

static void forget(struct model_tracks *tracks)
{
	g_strfreev(tracks->names);
	*tracks = (struct model_tracks){.chosen = -1};
}

void model_forget_tracks(struct ui_model *model)
{
	if (model->open == OPEN_CHOICE && model->choice.of == CHOICE_TRACK)
		model->open = OPEN_NOTHING;
	for (int kind = 0; kind < UI_TRACK_KINDS; kind++)
		forget(&model->tracks[kind]);
	model->is_hd = false;
}

void ui_model_set_tracks(
	struct ui_model *model, enum ui_track_kind kind, const struct ui_tracks *tracks)
{
	struct model_tracks *mine = &model->tracks[kind];
	bool is_open = model->open == OPEN_CHOICE && model->choice.of == CHOICE_TRACK &&
		       model->choice.kind == kind;

	forget(mine);
	mine->names = g_new0(char *, tracks->count + 1);
	for (size_t i = 0; i < tracks->count; i++)
		mine->names[i] = g_strdup(tracks->names[i] ? tracks->names[i] : "");
	mine->count = tracks->count;
	mine->chosen = tracks->chosen;
	if (is_open && mine->count == 0)
		model->open = OPEN_NOTHING;
	else if (is_open)
		model->choice.selected = MIN(model->choice.selected, row_count(model) - 1);
}

static void fill_item(const struct ui_model *model, enum item item, char row[UI_NAME_BYTES])
{
	static const char *const plain[ITEMS] = {
		[ITEM_AUDIO] = "Sound",
		[ITEM_SUBTITLE] = "Subtitles",
		[ITEM_BOUQUETS] = "Bouquets",
		[ITEM_HISTORY] = "Last channels",
		[ITEM_ASPECT] = "Picture format",
		[ITEM_FULL_SCREEN] = "Full screen",
		[ITEM_STANDBY] = "Standby",
	};
	uint32_t flags = model_flags(model, model->watch.current);
	uint32_t minutes = model_sleep_minutes(model);
	const char *text = plain[item];

	if (item == ITEM_FAVOURITE)
		text = flags & MODEL_FAVOURITE ? "Remove from favourites" : "Add to favourites";
	else if (item == ITEM_LOCK)
		text = flags & UI_CHANNEL_LOCKED ? "Unlock this channel" : "Lock this channel";
	else if (item == ITEM_SLEEP && !minutes)
		text = "Sleep timer: off";
	if (text)
		ui_text_copy(row, UI_NAME_BYTES, text);
	else
		ui_text_format(row, UI_NAME_BYTES, "Sleep timer: %u min", minutes);
}

static void fill_row(const struct ui_model *model, size_t i, char row[UI_NAME_BYTES])
{
	const struct model_choice *choice = &model->choice;

	if (choice->of == CHOICE_MENU)
		fill_item(model, (enum item)i, row);
	else if (has_off(choice->kind) && i == 0)
		ui_text_copy(row, UI_NAME_BYTES, "Off");
	else
		ui_text_copy(row, UI_NAME_BYTES,
			model->tracks[choice->kind].names[i - has_off(choice->kind)]);
}

void model_choice_view(const struct ui_model *model, struct ui_tracks_view *view)
{
	static const char *const titles[] = {[UI_TRACK_AUDIO] = "Sound",
		[UI_TRACK_SUBTITLE] = "Subtitles",
		[UI_TRACK_TEXT] = "Teletext"};
	const struct model_choice *choice = &model->choice;
	size_t count = row_count(model), current = current_row(model);
	size_t top = model_scroll(0, choice->selected, count, UI_TRACK_ROWS);

	view->visible = true;
	ui_text_copy(view->title, sizeof view->title,
		choice->of == CHOICE_MENU ? "Menu" : titles[choice->kind]);
	view->row_count = (uint32_t)MIN(count - top, UI_TRACK_ROWS);
	view->selected = (uint32_t)(choice->selected - top);
	view->current = view->row_count;
	if (current >= top && current - top < view->row_count)
		view->current = (uint32_t)(current - top);
	for (size_t i = 0; i < view->row_count; i++)
		fill_row(model, top + i, view->rows[i]);
}
