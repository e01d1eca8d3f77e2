/* What is visible: the banner, messages and figures, and all panels together. */
#include <string.h>

#include "ui/model_state.h"

static bool is_typing(const struct ui_model *model)
{
	return model->entry.typed[0] != '\0';
}

bool model_banner_visible(const struct ui_model *model, uint64_t now_ns)
{
	if (is_typing(model))
		return true;
	return now_ns < model->banner_until_ns && model->watch.shown != UI_NO_CHANNEL &&
	       model->open != OPEN_LIST && model->open != OPEN_GUIDE;
}

/* What the stream itself has, where the channel is the one that is received. */
static uint32_t stream_badges(const struct ui_model *model)
{
	const struct model_watch *watch = &model->watch;
	uint32_t badges = 0;

	badges |= model->is_hd ? UI_BADGE_HD : 0;
	badges |= model->tracks[UI_TRACK_AUDIO].count > 1 ? UI_BADGE_AUDIO : 0;
	badges |= model->tracks[UI_TRACK_SUBTITLE].count ? UI_BADGE_SUBTITLE : 0;
	badges |= model->tracks[UI_TRACK_TEXT].count ? UI_BADGE_TELETEXT : 0;
	if (watch->signal != UI_SIGNAL_TUNING && watch->signal != UI_SIGNAL_PLAYING)
		badges |= UI_BADGE_NO_SIGNAL;
	return badges;
}

static void fill_channel(
	const struct ui_model *model, int32_t channel, int64_t now_s, struct ui_banner_view *view)
{
	view->now.progress_permille = view->next.progress_permille = UI_PROGRESS_NONE;
	if (channel == UI_NO_CHANNEL)
		return;
	ui_text_copy(view->number, sizeof view->number, model_number(model, channel));
	model_name(model, channel, view->name);
	view->logo = model->lineup.channels[channel].logo;
	view->badges = model_badges(model, channel) & ~(uint32_t)UI_BADGE_PLAYING;
	if (channel == model->watch.current)
		view->badges |= stream_badges(model);
	model_now_next(model, channel, now_s, &view->now, &view->next);
}

static void fill_banner(const struct ui_model *model, int64_t now_s, struct ui_banner_view *view)
{
	const struct ui_entry *entry = &model->entry;
	int32_t channel = model->watch.shown;

	view->visible = true;
	view->typing = is_typing(model);
	view->unknown = entry->unknown;
	if (view->typing) {
		char number[UI_TYPED_BYTES];
		ui_entry_number(entry->typed, number);
		channel = entry->unknown ? UI_NO_CHANNEL : model_by_number(model, number);
	}
	fill_channel(model, channel, now_s, view);
	if (view->typing)
		ui_text_copy(view->number, sizeof view->number, entry->typed);
	if (view->unknown)
		ui_text_format(
			view->name, sizeof view->name, "There is no channel %s", entry->typed);
	if (!view->typing)
		model_set_name(model, model->watch.set, view->bouquet);
	if (now_s)
		ui_wall_time(&model->clock, now_s, view->clock);
}

/* A sentence on the channel, ended by what more is known. */
static void fill_trouble(
	const struct ui_model *model, const char *what, struct ui_message_view *view)
{
	const char *why = model->watch.why;
	char number[UI_NUMBER_BYTES];

	ui_text_copy(number, sizeof number, model_number(model, model->watch.current));
	view->visible = true;
	ui_text_format(
		view->text, sizeof view->text, *why ? "%s %s: %s." : "%s %s.", what, number, why);
}

static void fill_message(const struct ui_model *model, struct ui_message_view *view)
{
	const struct model_watch *watch = &model->watch;
	char number[UI_NUMBER_BYTES];

	if (model->lineup.count == 0) {
		view->visible = true;
		ui_text_copy(view->text, sizeof view->text,
			"There are no channels yet. Bring some with: zapper import FILE");
		return;
	}
	if (watch->current == UI_NO_CHANNEL)
		return;
	if (watch->blocked) {
		view->visible = true;
		ui_text_copy(number, sizeof number, model_number(model, watch->current));
		ui_text_format(view->text, sizeof view->text,
			"Channel %s is locked. OK asks for the PIN.", number);
		return;
	}
	switch (watch->signal) {
	case UI_SIGNAL_NONE:
		fill_trouble(model, "No signal on channel", view);
		break;
	case UI_SIGNAL_NO_MEMBERSHIP:
		fill_trouble(model, "The network does not let us join channel", view);
		break;
	case UI_SIGNAL_WRONG_CODEC:
		fill_trouble(model, "This box cannot play channel", view);
		break;
	case UI_SIGNAL_ERROR:
		fill_trouble(model, "Something went wrong on channel", view);
		break;
	default:
		break;
	}
}

/* What tells the time is the same between two ticks. */
static int64_t tick_s(const struct ui_model *model, uint64_t now_ns)
{
	int64_t now_s = ui_wall_s(&model->clock, now_ns);

	return now_s - now_s % MODEL_TICK_S;
}

static void fill_open(const struct ui_model *model, int64_t now_s, struct ui_view *view)
{
	if (model->open == OPEN_LIST)
		model_list_view(model, now_s, &view->list);
	else if (model->open == OPEN_GUIDE)
		model_guide_view(model, now_s, &view->guide);
	else if (model->open == OPEN_CHOICE)
		model_choice_view(model, &view->tracks);
}

void ui_model_view(const struct ui_model *model, uint64_t now_ns, struct ui_view *ret)
{
	int64_t now_s = tick_s(model, now_ns);

	memset(ret, 0, sizeof *ret);
	if (model->standby)
		return;
	/* What is open lies over the middle: half a sentence behind it would help nobody. */
	if (model->open == OPEN_NOTHING && !model->ask.open)
		fill_message(model, &ret->message);
	if (model_banner_visible(model, now_ns))
		fill_banner(model, now_s, &ret->banner);
	if (!is_typing(model)) /* else the number is what is looked at */
		fill_open(model, now_s, ret);
	if (now_ns < model->volume_until_ns)
		ret->volume = (struct ui_volume_view){
			.visible = true, .muted = model->muted, .percent = model->volume_percent};
	if (model->ask.open)
		model_pin_view(model, now_ns, &ret->pin);
	model_notice_view(model, now_ns, &ret->notice);
	if (model->stats_open) {
		ret->stats = model->stats;
		ret->stats.visible = true;
	}
}

static void sooner(uint64_t *deadline_ns, uint64_t at_ns, uint64_t now_ns)
{
	if (at_ns > now_ns && at_ns < *deadline_ns)
		*deadline_ns = at_ns;
}

/* What was due and was not done yet is due at once. */
static uint64_t due(uint64_t at_ns, uint64_t now_ns)
{
	return at_ns != MODEL_NEVER && at_ns <= now_ns ? now_ns + (now_ns < MODEL_NEVER) : at_ns;
}

static bool tells_time(const struct ui_model *model, uint64_t now_ns)
{
	return model->open == OPEN_LIST || model->open == OPEN_GUIDE ||
	       model_banner_visible(model, now_ns);
}

uint64_t ui_model_deadline(const struct ui_model *model, uint64_t now_ns)
{
	uint64_t deadline_ns = MODEL_NEVER;

	if (model->standby)
		return MODEL_NEVER;
	sooner(&deadline_ns, due(ui_entry_deadline(&model->entry), now_ns), now_ns);
	sooner(&deadline_ns, due(model->watch.settle_ns, now_ns), now_ns);
	sooner(&deadline_ns, due(model_sleep_deadline(model, now_ns), now_ns), now_ns);
	sooner(&deadline_ns, due(model_watched_ns(model), now_ns), now_ns);
	sooner(&deadline_ns, model_pin_deadline(model, now_ns), now_ns);
	sooner(&deadline_ns, model->banner_until_ns, now_ns);
	sooner(&deadline_ns, model->volume_until_ns, now_ns);
	sooner(&deadline_ns, model->notice_until_ns, now_ns);
	if (tells_time(model, now_ns))
		sooner(&deadline_ns, ui_wall_next_ns(&model->clock, now_ns, MODEL_TICK_S), now_ns);
	return deadline_ns;
}
