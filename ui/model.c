#include "ui/model.h"

#include <string.h>

#include "ui/model_state.h"

#define DEFAULT_WATCHED_NS (5 * MODEL_S)
#define SAID_NS (3 * MODEL_S)
#define DEFAULT_VOLUME_PERCENT 100

uint64_t model_later(uint64_t at_ns, uint64_t by_ns)
{
	return by_ns > MODEL_NEVER - at_ns ? MODEL_NEVER : at_ns + by_ns;
}

static bool is_zap(const struct ui_effect *effect)
{
	return effect->type == UI_EFFECT_TUNE || effect->type == UI_EFFECT_BLOCK;
}

void model_effect(struct ui_model *model, struct ui_effect effect)
{
	struct ui_effects *effects = model->effects;

	/* Of two zaps that come at once, the first one would be in the other's way. */
	for (size_t i = 0; is_zap(&effect) && i < effects->count; i++) {
		if (!is_zap(&effects->list[i]))
			continue;
		effects->count--;
		memmove(&effects->list[i], &effects->list[i + 1],
			(effects->count - i) * sizeof effects->list[0]);
	}
	g_assert(effects->count < UI_EFFECTS_MAX);
	effects->list[effects->count++] = effect;
}

static void take_pin(struct ui_model *model, const char *pin)
{
	size_t digits = pin ? strspn(pin, "0123456789") : 0;

	model->settings.pin = NULL;
	if (digits < UI_PIN_DIGITS_MIN || digits > UI_PIN_DIGITS_MAX || pin[digits])
		return;
	memcpy(model->pin, pin, digits);
	model->pin_digits = digits;
}

struct ui_model *ui_model_new(const struct ui_model_settings *settings)
{
	struct ui_model *model = g_new0(struct ui_model, 1);

	model->settings = *settings;
	if (!model->settings.watched_ns)
		model->settings.watched_ns = DEFAULT_WATCHED_NS;
	take_pin(model, settings->pin);
	model->favourites = g_array_new(false, false, sizeof(uint32_t));
	model->list_rows = UI_LIST_ROWS;
	model->guide_rows = UI_GUIDE_ROWS;
	model->volume_percent = DEFAULT_VOLUME_PERCENT;
	model->sleep_at_ns = MODEL_NEVER;
	model->ask.channel = UI_NO_CHANNEL;
	model_watch_init(model);
	ui_entry_init(&model->entry, settings->entry_timeout_ns, model_match, model);
	return model;
}

void ui_model_free(struct ui_model *model)
{
	if (!model)
		return;
	model_forget_tracks(model);
	model_forget_lineup(model);
	g_array_free(model->favourites, true);
	memset(model->pin, 0, sizeof model->pin);
	g_free(model);
}

void model_close_all(struct ui_model *model)
{
	model->open = OPEN_NOTHING;
	model->stats_open = false;
	model->banner_until_ns = 0;
	model_pin_close(model);
	ui_entry_cancel(&model->entry);
}

void model_say(struct ui_model *model, const char *text, uint64_t now_ns)
{
	ui_text_format(model->notice, sizeof model->notice, "%s", text);
	model->notice_until_ns = model_later(now_ns, SAID_NS);
}

void ui_model_notice(
	struct ui_model *model, const char *text, uint64_t duration_ns, uint64_t now_ns)
{
	ui_text_copy(model->notice, sizeof model->notice, text);
	model->notice_until_ns = model_later(now_ns, duration_ns);
}

/* The favourites; the same key again closes them. */
static void favourites(struct ui_model *model)
{
	size_t set = model_favourite_set(model);

	if (model->open == OPEN_LIST && model->list.kind == LIST_CHANNELS && model->list.set == set)
		model->open = OPEN_NOTHING;
	else
		model_list_open(model, set);
}

/* Keys that open something, whatever is open. */
static bool open_press(struct ui_model *model, const struct ui_press *press)
{
	switch (press->command) {
	case UI_COMMAND_GUIDE:
		model_guide_open(model, press->at_ns);
		return true;
	case UI_COMMAND_LIST:
		model_list_open(model, model->watch.set);
		return true;
	case UI_COMMAND_BOUQUETS:
		model_list_open_bouquets(model);
		return true;
	case UI_COMMAND_FAVOURITES:
		favourites(model);
		return true;
	case UI_COMMAND_HISTORY:
	case UI_COMMAND_BLUE:
		model_list_open_history(model);
		return true;
	case UI_COMMAND_MENU:
		model_choice_menu(model);
		return true;
	case UI_COMMAND_AUDIO:
		model_choice_tracks(model, UI_TRACK_AUDIO, press->at_ns);
		return true;
	case UI_COMMAND_SUBTITLE:
		model_choice_tracks(model, UI_TRACK_SUBTITLE, press->at_ns);
		return true;
	case UI_COMMAND_TEXT:
		model_choice_tracks(model, UI_TRACK_TEXT, press->at_ns);
		return true;
	default:
		return false;
	}
}

/* What colours and arrows are short for while nothing is open. */
static enum ui_command short_for(enum ui_command command)
{
	switch (command) {
	case UI_COMMAND_RED:
		return UI_COMMAND_SLEEP;
	case UI_COMMAND_GREEN:
		return UI_COMMAND_ASPECT;
	case UI_COMMAND_YELLOW:
		return UI_COMMAND_FAVOURITE;
	case UI_COMMAND_LEFT:
		return UI_COMMAND_VOLUME_DOWN;
	case UI_COMMAND_RIGHT:
		return UI_COMMAND_VOLUME_UP;
	default:
		return command;
	}
}

static void other_press(struct ui_model *model, const struct ui_press *press)
{
	struct ui_press meant = *press;

	if (model->open == OPEN_NOTHING)
		meant.command = short_for(press->command);
	if (model_box_press(model, &meant) || press->is_repeat || open_press(model, &meant))
		return;
	switch (meant.command) {
	case UI_COMMAND_FAVOURITE:
		model_toggle_favourite(model, model->watch.current, press->at_ns);
		break;
	case UI_COMMAND_LOCK:
		model_pin_toggle_lock(model, model->watch.current, press->at_ns);
		break;
	case UI_COMMAND_EXIT:
		model_close_all(model);
		break;
	default:
		break;
	}
}

static bool panel_press(struct ui_model *model, const struct ui_press *press)
{
	switch (model->open) {
	case OPEN_LIST:
		return model_list_press(model, press);
	case OPEN_GUIDE:
		return model_guide_press(model, press);
	case OPEN_CHOICE:
		return model_choice_press(model, press);
	default:
		return model_watch_press(model, press);
	}
}

/* A zap by a key that the open panel has no use for closes it. */
static bool zap_away(struct ui_model *model, const struct ui_press *press)
{
	if (!model_zap_press(model, press))
		return false;
	model->open = OPEN_NOTHING;
	return true;
}

static void wake_press(struct ui_model *model, const struct ui_press *press)
{
	static const uint64_t wakes =
		UI_COMMAND_BIT(UI_COMMAND_STANDBY) | UI_COMMAND_BIT(UI_COMMAND_OK) |
		UI_COMMAND_BIT(UI_COMMAND_CHANNEL_UP) | UI_COMMAND_BIT(UI_COMMAND_CHANNEL_DOWN);

	if (press->command == UI_COMMAND_QUIT)
		model_box_press(model, press);
	else if (!press->is_repeat && wakes & UI_COMMAND_BIT(press->command))
		model_set_standby(model, false, press->at_ns);
}

static void expire(struct ui_model *model, uint64_t now_ns)
{
	model_watch_expire(model, now_ns);
	model_entry_expire(model, now_ns);
	model_pin_expire(model, now_ns);
	model_box_expire(model, now_ns);
}

void ui_model_press(struct ui_model *model, const struct ui_press *press, struct ui_effects *ret)
{
	model->effects = ret;
	ret->count = 0;
	if (model->standby) {
		wake_press(model, press);
		return;
	}
	/* A box that was late sees the key before what was due before it. */
	expire(model, press->at_ns);
	if (model->standby || model_box_press(model, press))
		return;
	if (press->command == UI_COMMAND_BACK && !press->is_repeat &&
		model_sleep_cancel(model, press->at_ns))
		return;
	if (model->ask.open && model_pin_press(model, press))
		return;
	if (model_entry_press(model, press) || panel_press(model, press) || zap_away(model, press))
		return;
	other_press(model, press);
}

void ui_model_expire(struct ui_model *model, uint64_t now_ns, struct ui_effects *ret)
{
	model->effects = ret;
	ret->count = 0;
	if (!model->standby)
		expire(model, now_ns);
}

void ui_model_tune(struct ui_model *model, int32_t channel, uint64_t at_ns, struct ui_effects *ret)
{
	model->effects = ret;
	ret->count = 0;
	if (!model_has(model, channel))
		return;
	if (model->standby) {
		model->watch.current = channel;
		model_set_standby(model, false, at_ns);
		return;
	}
	model_close_all(model);
	model_go(model, channel, UI_TUNE_REQUEST, at_ns);
}

void ui_model_set_guide(struct ui_model *model, const struct ui_guide *guide)
{
	model->guide = *guide;
}

void ui_model_set_clock(struct ui_model *model, const struct ui_clock *clock, uint64_t now_ns)
{
	model->clock = *clock;
	model_guide_clock(model, now_ns);
}

void ui_model_set_rows(struct ui_model *model, uint32_t list_rows, uint32_t guide_rows)
{
	model->list_rows = CLAMP(list_rows, 1, UI_LIST_ROWS);
	model->guide_rows = CLAMP(guide_rows, 1, UI_GUIDE_ROWS);
	model_list_keep(model, model_list_selected(model));
	model_guide_keep(model, model_guide_selected(model));
}

void ui_model_set_hd(struct ui_model *model, bool is_hd)
{
	model->is_hd = is_hd;
}

void ui_model_set_figures(
	struct ui_model *model, const char *title, const struct ui_figure *figures, size_t count)
{
	struct ui_stats_view *stats = &model->stats;

	memset(stats, 0, sizeof *stats);
	ui_text_copy(stats->title, sizeof stats->title, title);
	stats->row_count = (uint32_t)MIN(count, UI_STAT_ROWS);
	for (size_t i = 0; i < stats->row_count; i++) {
		ui_text_copy(stats->rows[i].label, sizeof stats->rows[i].label, figures[i].label);
		ui_text_copy(stats->rows[i].value, sizeof stats->rows[i].value, figures[i].value);
	}
}

/* Only where the long form is of use: the short one then waits for the key's release. */
uint64_t ui_model_long_forms(const struct ui_model *model)
{
	if (model->standby || model->ask.open || model->entry.typed[0])
		return 0;
	if (model->open == OPEN_LIST && model->list.kind != LIST_BOUQUETS)
		return UI_COMMAND_BIT(UI_COMMAND_OK);
	if (model->open == OPEN_NOTHING)
		return UI_COMMAND_BIT(UI_COMMAND_OK) | UI_COMMAND_BIT(UI_COMMAND_BACK);
	return 0;
}

bool ui_model_wants_figures(const struct ui_model *model)
{
	return model->stats_open && !model->standby;
}

bool ui_model_in_standby(const struct ui_model *model)
{
	return model->standby;
}
