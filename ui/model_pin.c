/* Locks: the PIN that opens them, and the wait after too many wrong ones. */
#include <string.h>

#include "ui/model_state.h"

#define WAIT_NS (60 * MODEL_S)

static bool is_waiting(const struct ui_model *model, uint64_t now_ns)
{
	return now_ns < model->ask.wait_until_ns;
}

/* Typed digits must not outlive the panel; how often a PIN was wrong must. */
static void forget_typed(struct model_ask *ask)
{
	memset(ask->typed, 0, sizeof ask->typed);
	ask->count = 0;
}

static void ask_for(struct ui_model *model, int32_t channel)
{
	struct model_ask *ask = &model->ask;

	forget_typed(ask);
	ask->open = true;
	ask->wrong = false;
	ask->channel = channel;
}

void model_pin_ask_watch(struct ui_model *model, int32_t channel, enum ui_tune how)
{
	ask_for(model, channel);
	model->ask.purpose = ASK_WATCH;
	model->ask.how = how;
}

void model_pin_close(struct ui_model *model)
{
	forget_typed(&model->ask);
	model->ask.open = false;
	model->ask.channel = UI_NO_CHANNEL;
}

static void set_lock(struct ui_model *model, int32_t channel, bool locked, uint64_t now_ns)
{
	char text[2 * UI_NAME_BYTES], label[UI_NAME_BYTES];

	model_mark_locked(model, channel, locked);
	model_effect(model,
		(struct ui_effect){
			.type = UI_EFFECT_LOCK, .at_ns = now_ns, .channel = channel, .on = locked});
	model_label(model, channel, label);
	ui_text_format(text, sizeof text, locked ? "%s is locked now" : "%s is not locked any more",
		label);
	model_say(model, text, now_ns);
}

void model_pin_toggle_lock(struct ui_model *model, int32_t channel, uint64_t now_ns)
{
	if (!model_has(model, channel))
		return;
	if (model_flags(model, channel) & UI_CHANNEL_LOCKED) {
		ask_for(model, channel);
		model->ask.purpose = ASK_UNLOCK;
	} else if (!model->pin_digits) {
		model_say(model, "No PIN is set: a lock would be for ever", now_ns);
	} else {
		if (channel == model->watch.current) /* until it is left */
			model->watch.unlocked = channel;
		set_lock(model, channel, true, now_ns);
	}
}

static void accept(struct ui_model *model, uint64_t at_ns)
{
	struct model_ask ask = model->ask;

	model->ask.tries = 0;
	model->ask.wait_until_ns = 0;
	model_pin_close(model);
	if (ask.purpose == ASK_UNLOCK)
		set_lock(model, ask.channel, false, at_ns);
	if (ask.purpose == ASK_WATCH)
		model_watch_right_pin(model, ask.channel, ask.how, at_ns);
	else if (model->watch.blocked && model->watch.current == ask.channel)
		model_go(model, ask.channel, UI_TUNE_REQUEST, at_ns);
}

static void refuse(struct ui_model *model, uint64_t at_ns)
{
	struct model_ask *ask = &model->ask;

	forget_typed(ask);
	ask->wrong = true;
	if (++ask->tries < MODEL_PIN_TRIES)
		return;
	ask->tries = 0;
	ask->wait_until_ns = model_later(at_ns, WAIT_NS);
}

static void type(struct ui_model *model, char digit, uint64_t at_ns)
{
	struct model_ask *ask = &model->ask;

	if (!model->pin_digits || is_waiting(model, at_ns))
		return;
	ask->wrong = false;
	ask->typed[ask->count++] = digit;
	if (ask->count < model->pin_digits)
		return;
	if (memcmp(ask->typed, model->pin, model->pin_digits) == 0)
		accept(model, at_ns);
	else
		refuse(model, at_ns);
}

bool model_pin_press(struct ui_model *model, const struct ui_press *press)
{
	struct model_ask *ask = &model->ask;
	bool is_digit = press->command >= UI_COMMAND_0 && press->command <= UI_COMMAND_9;

	if (is_digit) {
		if (!press->is_repeat)
			type(model, (char)('0' + (press->command - UI_COMMAND_0)), press->at_ns);
		return true;
	}
	switch (press->command) {
	case UI_COMMAND_LEFT:
		if (ask->count)
			ask->typed[--ask->count] = '\0';
		return true;
	case UI_COMMAND_BACK:
		model_pin_close(model);
		return true;
	case UI_COMMAND_OK:
	case UI_COMMAND_RIGHT:
	case UI_COMMAND_DOT:
		return true;
	default: /* the viewer goes elsewhere */
		model_pin_close(model);
		return false;
	}
}

void model_pin_expire(struct ui_model *model, uint64_t now_ns)
{
	if (model->ask.wait_until_ns && !is_waiting(model, now_ns)) {
		model->ask.wait_until_ns = 0;
		model->ask.wrong = false;
	}
}

static uint64_t seconds_left(uint64_t until_ns, uint64_t now_ns)
{
	return (until_ns - now_ns + MODEL_S - 1) / MODEL_S;
}

void model_pin_view(const struct ui_model *model, uint64_t now_ns, struct ui_pin_view *view)
{
	const struct model_ask *ask = &model->ask;
	char label[UI_NAME_BYTES];

	view->visible = true;
	view->typed = (uint8_t)ask->count;
	view->wanted = (uint8_t)model->pin_digits;
	model_label(model, ask->channel, label);
	ui_text_format(view->title, sizeof view->title,
		ask->purpose == ASK_WATCH ? "PIN for %s" : "PIN to unlock %s", label);
	if (!model->pin_digits)
		ui_text_copy(view->hint, sizeof view->hint, "No PIN is set on this box.");
	else if (is_waiting(model, now_ns))
		ui_text_format(view->hint, sizeof view->hint, "Too many wrong PINs: wait %u s.",
			(unsigned)seconds_left(ask->wait_until_ns, now_ns));
	else if (ask->wrong)
		ui_text_copy(view->hint, sizeof view->hint, "Wrong PIN.");
}

uint64_t model_pin_deadline(const struct ui_model *model, uint64_t now_ns)
{
	uint64_t until_ns = model->ask.wait_until_ns;

	if (!is_waiting(model, now_ns))
		return MODEL_NEVER;
	if (!model->ask.open)
		return until_ns;
	/* When the next second has passed of those that are left. */
	return until_ns - (seconds_left(until_ns, now_ns) - 1) * MODEL_S;
}
