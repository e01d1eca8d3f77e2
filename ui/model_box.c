/* What has to do with no channel: sound, the sleep timer, standby, notices. */
#include "ui/model_state.h"

#define BAR_NS (2 * MODEL_S)
#define VOLUME_STEP_PERCENT 5
#define VOLUME_MAX_PERCENT 100
#define ANNOUNCE_NS (60 * MODEL_S) /* before the box falls asleep */
#define MINUTE_NS (60 * MODEL_S)
#define SLEEP_ASKED_NS (5 * MODEL_S)

static const uint32_t sleep_minutes[] = {0, 15, 30, 60, 90, 120};

static void mute(struct ui_model *model, bool on, uint64_t at_ns)
{
	model->muted = on;
	model->volume_until_ns = model_later(at_ns, BAR_NS);
	model_effect(model, (struct ui_effect){.type = UI_EFFECT_MUTE, .at_ns = at_ns, .on = on});
}

static void change_volume(struct ui_model *model, int by_percent, uint64_t at_ns)
{
	int percent = CLAMP(model->volume_percent + by_percent, 0, VOLUME_MAX_PERCENT);

	if (model->muted && by_percent > 0)
		mute(model, false, at_ns);
	model->volume_percent = (uint16_t)percent;
	model->volume_until_ns = model_later(at_ns, BAR_NS);
	model_effect(model, (struct ui_effect){.type = UI_EFFECT_VOLUME,
				    .at_ns = at_ns,
				    .volume_percent = model->volume_percent});
}

void ui_model_set_volume(struct ui_model *model, uint16_t percent, bool muted)
{
	model->volume_percent = MIN(percent, VOLUME_MAX_PERCENT);
	model->muted = muted;
}

uint32_t model_sleep_minutes(const struct ui_model *model)
{
	return sleep_minutes[model->sleep_step];
}

static void set_sleep(struct ui_model *model, size_t step, uint64_t now_ns)
{
	char text[UI_NAME_BYTES];
	uint32_t minutes = sleep_minutes[step];

	model->sleep_step = step;
	model->sleep_at_ns = minutes ? model_later(now_ns, minutes * MINUTE_NS) : MODEL_NEVER;
	model_effect(
		model, (struct ui_effect){
			       .type = UI_EFFECT_SLEEP, .at_ns = now_ns, .sleep_s = minutes * 60});
	ui_text_format(text, sizeof text, minutes ? "Sleep in %u min" : "Sleep timer off", minutes);
	model_say(model, text, now_ns);
}

/* The first press says how long it is; those that follow change it. */
void model_sleep_step(struct ui_model *model, uint64_t now_ns)
{
	bool asked = now_ns < model->sleep_asked_ns;
	char text[UI_NAME_BYTES];

	model->sleep_asked_ns = model_later(now_ns, SLEEP_ASKED_NS);
	if (asked || !model->sleep_step) {
		set_sleep(model, (model->sleep_step + 1) % G_N_ELEMENTS(sleep_minutes), now_ns);
		return;
	}
	uint64_t left_ns = model->sleep_at_ns > now_ns ? model->sleep_at_ns - now_ns : 0;
	ui_text_format(text, sizeof text, "Sleep in %u min",
		(unsigned)((left_ns + MINUTE_NS - 1) / MINUTE_NS));
	model_say(model, text, now_ns);
}

static bool is_announced(const struct ui_model *model, uint64_t now_ns)
{
	return model->sleep_at_ns != MODEL_NEVER && !model->standby &&
	       model_later(now_ns, ANNOUNCE_NS) >= model->sleep_at_ns;
}

bool model_sleep_cancel(struct ui_model *model, uint64_t now_ns)
{
	if (!is_announced(model, now_ns))
		return false;
	set_sleep(model, 0, now_ns);
	return true;
}

void model_set_standby(struct ui_model *model, bool on, uint64_t now_ns)
{
	struct model_watch *watch = &model->watch;

	if (model->standby == on)
		return;
	if (on)
		model_note_watched(model, now_ns);
	model_close_all(model);
	model->standby = on;
	model->sleep_step = 0;
	model->sleep_at_ns = MODEL_NEVER;
	model->notice_until_ns = model->volume_until_ns = 0;
	model_effect(
		model, (struct ui_effect){.type = UI_EFFECT_STANDBY, .at_ns = now_ns, .on = on});
	watch->unlocked = UI_NO_CHANNEL;
	watch->counted = true; /* nobody watches while the box sleeps */
	watch->settle_ns = MODEL_NEVER;
	watch->shown = watch->current;
	if (on)
		return;
	watch->signal = UI_SIGNAL_NONE; /* so that it is tuned anew */
	model_go(model, watch->current, UI_TUNE_REQUEST, now_ns);
}

static void announce_plain(struct ui_model *model, enum ui_effect_type type, uint64_t at_ns)
{
	model_effect(model, (struct ui_effect){.type = type, .at_ns = at_ns});
}

static void press_once(struct ui_model *model, const struct ui_press *press)
{
	uint64_t at_ns = press->at_ns;

	switch (press->command) {
	case UI_COMMAND_MUTE:
		mute(model, !model->muted, at_ns);
		break;
	case UI_COMMAND_SLEEP:
		model_sleep_step(model, at_ns);
		break;
	case UI_COMMAND_ASPECT:
		announce_plain(model, UI_EFFECT_ASPECT, at_ns);
		break;
	case UI_COMMAND_FULL_SCREEN:
		announce_plain(model, UI_EFFECT_FULL_SCREEN, at_ns);
		break;
	case UI_COMMAND_STANDBY:
		model_set_standby(model, true, at_ns);
		break;
	default:
		announce_plain(model, UI_EFFECT_QUIT, at_ns);
	}
}

bool model_box_press(struct ui_model *model, const struct ui_press *press)
{
	switch (press->command) {
	case UI_COMMAND_VOLUME_UP:
		change_volume(model, VOLUME_STEP_PERCENT, press->at_ns);
		return true;
	case UI_COMMAND_VOLUME_DOWN:
		change_volume(model, -VOLUME_STEP_PERCENT, press->at_ns);
		return true;
	case UI_COMMAND_MUTE:
	case UI_COMMAND_SLEEP:
	case UI_COMMAND_ASPECT:
	case UI_COMMAND_FULL_SCREEN:
	case UI_COMMAND_STANDBY:
	case UI_COMMAND_QUIT:
		if (!press->is_repeat)
			press_once(model, press);
		return true;
	default:
		return false;
	}
}

void model_box_expire(struct ui_model *model, uint64_t now_ns)
{
	if (model->sleep_at_ns != MODEL_NEVER && now_ns >= model->sleep_at_ns)
		model_set_standby(model, true, now_ns);
}

void model_notice_view(const struct ui_model *model, uint64_t now_ns, struct ui_notice_view *view)
{
	if (now_ns < model->notice_until_ns) {
		view->visible = true;
		ui_text_format(view->text, sizeof view->text, "%s", model->notice);
	} else if (is_announced(model, now_ns)) {
		uint64_t left_ns = model->sleep_at_ns > now_ns ? model->sleep_at_ns - now_ns : 0;
		view->visible = true;
		ui_text_format(view->text, sizeof view->text, "Standby in %u s. BACK: stay on",
			(unsigned)((left_ns + MODEL_S - 1) / MODEL_S));
	}
}

uint64_t model_sleep_deadline(const struct ui_model *model, uint64_t now_ns)
{
	uint64_t at_ns = model->sleep_at_ns;

	if (at_ns == MODEL_NEVER || at_ns <= now_ns)
		return at_ns;
	uint64_t seconds = (at_ns - now_ns + MODEL_S - 1) / MODEL_S;
	if (!is_announced(model, now_ns))
		return at_ns - ANNOUNCE_NS;
	return at_ns - (seconds - 1) * MODEL_S;
}
