/* What is watched: up, down, last, and the wait for a held key to settle. */
#include <string.h>

#include "ui/model_state.h"

#define SETTLE_NS (250 * MODEL_MS) /* behind the last repeat of a held key */
#define INFO_NS (5 * MODEL_S) /* of the banner that INFO asks for where there is none at zaps */

void model_watch_init(struct ui_model *model)
{
	model->watch = (struct model_watch){
		.current = UI_NO_CHANNEL,
		.shown = UI_NO_CHANNEL,
		.unlocked = UI_NO_CHANNEL,
		.left = UI_NO_CHANNEL,
		.settle_ns = MODEL_NEVER,
	};
}

static void remember(struct model_watch *watch, int32_t channel)
{
	size_t i = 0;

	while (i < watch->history_count && watch->history[i] != channel)
		i++;
	if (i == watch->history_count && i < UI_HISTORY_MAX)
		watch->history_count++;
	i = MIN(i, UI_HISTORY_MAX - 1);
	memmove(watch->history + 1, watch->history, i * sizeof watch->history[0]);
	watch->history[0] = channel;
}

uint64_t model_watched_ns(const struct ui_model *model)
{
	const struct model_watch *watch = &model->watch;

	if (watch->current == UI_NO_CHANNEL || watch->blocked || watch->counted)
		return MODEL_NEVER;
	return model_later(watch->since_ns, model->settings.watched_ns);
}

void model_note_watched(struct ui_model *model, uint64_t now_ns)
{
	struct model_watch *watch = &model->watch;

	if (now_ns < model_watched_ns(model))
		return;
	int32_t selected = model_list_selected(model);
	watch->counted = true;
	remember(watch, watch->current);
	model_list_keep(model, selected);
	/* Another one was watched since: whoever comes back is asked for the PIN again. */
	if (watch->unlocked != watch->current)
		watch->unlocked = UI_NO_CHANNEL;
}

void model_show_banner(struct ui_model *model, uint64_t now_ns)
{
	model->banner_until_ns = model_later(now_ns, model->settings.banner_ns);
}

size_t model_shown_pos(const struct ui_model *model, size_t set)
{
	const struct model_watch *watch = &model->watch;
	size_t pos = 0;

	if (watch->shown != UI_NO_CHANNEL && model_set_at(model, set, watch->pos) == watch->shown)
		return watch->pos;
	model_set_find(model, set, watch->shown, &pos);
	return pos;
}

/* The bouquet that up and down stay within has to hold what is watched. */
static void place(struct ui_model *model, int32_t channel)
{
	struct model_watch *watch = &model->watch;

	watch->shown = channel;
	if (model_set_at(model, watch->set, watch->pos) == channel)
		return;
	if (model_set_find(model, watch->set, channel, &watch->pos))
		return;
	watch->set = MODEL_ALL;
	watch->pos = channel == UI_NO_CHANNEL ? 0 : (size_t)channel;
}

static void leave(struct ui_model *model, int32_t to, uint64_t at_ns)
{
	struct model_watch *watch = &model->watch;

	model_note_watched(model, at_ns);
	if (watch->current != to)
		watch->left = watch->blocked ? watch->left : watch->current;
	watch->current = to;
	watch->since_ns = at_ns;
	watch->counted = watch->blocked = false;
	watch->signal = UI_SIGNAL_TUNING;
	watch->why[0] = '\0';
	watch->settle_ns = MODEL_NEVER;
	model_forget_tracks(model);
}

static void tune(struct ui_model *model, enum ui_tune how, uint64_t at_ns)
{
	model_effect(model, (struct ui_effect){.type = UI_EFFECT_TUNE,
				    .at_ns = at_ns,
				    .channel = model->watch.current,
				    .how = how});
}

void model_go(struct ui_model *model, int32_t channel, enum ui_tune how, uint64_t at_ns)
{
	struct model_watch *watch = &model->watch;
	bool is_there = channel == watch->current && !watch->blocked &&
			(watch->signal == UI_SIGNAL_TUNING || watch->signal == UI_SIGNAL_PLAYING);

	if (!model_has(model, channel))
		return;
	model_pin_close(model);
	place(model, channel);
	watch->settle_ns = MODEL_NEVER;
	model_show_banner(model, at_ns);
	if (is_there)
		return;
	leave(model, channel, at_ns);
	if (!(model_flags(model, channel) & UI_CHANNEL_LOCKED) || watch->unlocked == channel) {
		tune(model, how, at_ns);
		return;
	}
	watch->blocked = true;
	model_effect(model,
		(struct ui_effect){
			.type = UI_EFFECT_BLOCK, .at_ns = at_ns, .channel = channel, .how = how});
	model_pin_ask_watch(model, channel, how);
}

void model_watch_right_pin(
	struct ui_model *model, int32_t channel, enum ui_tune how, uint64_t at_ns)
{
	model->watch.unlocked = channel;
	model_effect(model,
		(struct ui_effect){.type = UI_EFFECT_UNLOCK, .at_ns = at_ns, .channel = channel});
	model_go(model, channel, how, at_ns);
}

/* The next one that can be played in its bouquet; UI_NO_CHANNEL where there is none. */
static int32_t neighbour(const struct ui_model *model, bool up, size_t *ret_pos)
{
	const struct model_watch *watch = &model->watch;
	size_t size = model_set_size(model, watch->set), pos = watch->pos;

	if (watch->shown == UI_NO_CHANNEL || pos >= size)
		pos = up ? size - 1 : 0; /* then up begins with the first, down with the last */
	for (size_t i = 0; i < size; i++) {
		pos = up ? (pos + 1) % size : (pos + size - 1) % size;
		int32_t channel = model_set_at(model, watch->set, pos);
		if (channel == UI_NO_CHANNEL || channel == watch->shown ||
			model_flags(model, channel) & UI_CHANNEL_UNPLAYABLE)
			continue;
		*ret_pos = pos;
		return channel;
	}
	return UI_NO_CHANNEL;
}

static void move(struct ui_model *model, bool up, const struct ui_press *press)
{
	struct model_watch *watch = &model->watch;
	enum ui_tune how = up ? UI_TUNE_UP : UI_TUNE_DOWN;
	size_t pos = 0;

	place(model, watch->shown);
	int32_t channel = neighbour(model, up, &pos);
	if (channel == UI_NO_CHANNEL) {
		model_show_banner(model, press->at_ns);
		return;
	}
	watch->pos = pos;
	if (!press->is_repeat) {
		model_go(model, channel, how, press->at_ns);
		return;
	}
	place(model, channel);
	model_show_banner(model, press->at_ns);
	watch->settle_ns = model_later(press->at_ns, SETTLE_NS);
	watch->settle_how = how;
	watch->settle_pressed_ns = press->at_ns;
}

int32_t ui_model_last(const struct ui_model *model)
{
	const struct model_watch *watch = &model->watch;

	for (size_t i = 0; i < watch->history_count; i++)
		if (watch->history[i] != watch->current)
			return watch->history[i];
	return watch->left == watch->current ? UI_NO_CHANNEL : watch->left;
}

static void last(struct ui_model *model, uint64_t at_ns)
{
	int32_t channel = ui_model_last(model);

	if (channel == UI_NO_CHANNEL)
		model_say(model, "No other channel was watched yet", at_ns);
	else
		model_go(model, channel, UI_TUNE_LAST, at_ns);
}

bool model_zap_press(struct ui_model *model, const struct ui_press *press)
{
	switch (press->command) {
	case UI_COMMAND_UP:
	case UI_COMMAND_CHANNEL_UP:
	case UI_COMMAND_PAGE_UP:
		move(model, true, press);
		return true;
	case UI_COMMAND_DOWN:
	case UI_COMMAND_CHANNEL_DOWN:
	case UI_COMMAND_PAGE_DOWN:
		move(model, false, press);
		return true;
	case UI_COMMAND_LAST:
	case UI_COMMAND_0: /* nothing is typed, or it would not come here */
		if (!press->is_repeat)
			last(model, press->at_ns);
		return true;
	default:
		return false;
	}
}

static void info(struct ui_model *model, uint64_t at_ns)
{
	if (model->stats_open) {
		model->stats_open = false;
		model->banner_until_ns = 0;
	} else if (model_banner_visible(model, at_ns)) {
		model->stats_open = true;
	} else {
		uint64_t banner_ns = model->settings.banner_ns;
		model->banner_until_ns = model_later(at_ns, banner_ns ? banner_ns : INFO_NS);
	}
}

static void ok(struct ui_model *model, bool is_long)
{
	if (is_long)
		model_list_open_bouquets(model);
	else if (model->watch.blocked)
		model_pin_ask_watch(model, model->watch.current, UI_TUNE_REQUEST);
	else
		model_list_open(model, model->watch.set);
}

static void back(struct ui_model *model, bool is_long)
{
	model->banner_until_ns = 0;
	if (is_long)
		model_list_open_history(model);
	else
		model->stats_open = false;
}

bool model_watch_press(struct ui_model *model, const struct ui_press *press)
{
	if (model_zap_press(model, press))
		return true;
	if (press->is_repeat)
		return false;
	switch (press->command) {
	case UI_COMMAND_INFO:
		info(model, press->at_ns);
		return true;
	case UI_COMMAND_OK:
		ok(model, press->is_long);
		return true;
	case UI_COMMAND_BACK:
		back(model, press->is_long);
		return true;
	default:
		return false;
	}
}

void model_watch_expire(struct ui_model *model, uint64_t now_ns)
{
	struct model_watch *watch = &model->watch;

	model_note_watched(model, now_ns);
	if (watch->settle_ns == MODEL_NEVER || now_ns < watch->settle_ns)
		return;
	watch->settle_ns = MODEL_NEVER;
	/* The banner has been there for as long as the key was held: its time goes on. */
	uint64_t banner_until_ns = model->banner_until_ns;
	model_go(model, watch->shown, watch->settle_how, watch->settle_pressed_ns);
	model->banner_until_ns = banner_until_ns;
}

static int32_t moved(
	const struct ui_model *model, const int32_t *index_map, size_t old_count, int32_t channel)
{
	if (!index_map || channel < 0 || (size_t)channel >= old_count)
		return UI_NO_CHANNEL;
	return model_has(model, index_map[channel]) ? index_map[channel] : UI_NO_CHANNEL;
}

void model_watch_remap(
	struct ui_model *model, const int32_t *index_map, size_t old_count, uint64_t now_ns)
{
	struct model_watch *watch = &model->watch;
	int32_t shown = moved(model, index_map, old_count, watch->shown);
	size_t kept = 0;

	watch->current = moved(model, index_map, old_count, watch->current);
	watch->unlocked = moved(model, index_map, old_count, watch->unlocked);
	watch->left = moved(model, index_map, old_count, watch->left);
	for (size_t i = 0; i < watch->history_count; i++) {
		int32_t channel = moved(model, index_map, old_count, watch->history[i]);
		if (channel != UI_NO_CHANNEL)
			watch->history[kept++] = channel;
	}
	watch->history_count = kept;
	model->ask.channel = moved(model, index_map, old_count, model->ask.channel);
	if (model->ask.channel == UI_NO_CHANNEL)
		model_pin_close(model);
	if (shown == UI_NO_CHANNEL) {
		shown = watch->current;
		watch->settle_ns = MODEL_NEVER;
	}
	place(model, shown);
	if (watch->current == UI_NO_CHANNEL) {
		leave(model, UI_NO_CHANNEL, now_ns);
	} else if (watch->blocked && !(model_flags(model, watch->current) & UI_CHANNEL_LOCKED)) {
		watch->blocked = false;
		model_pin_close(model);
		if (!model->standby)
			tune(model, UI_TUNE_REQUEST, now_ns);
	}
}

void ui_model_set_signal(
	struct ui_model *model, int32_t channel, enum ui_signal signal, const char *why)
{
	struct model_watch *watch = &model->watch;

	if (channel == UI_NO_CHANNEL || channel != watch->current)
		return;
	watch->signal = signal;
	ui_text_copy(watch->why, sizeof watch->why, why);
}

int32_t ui_model_current(const struct ui_model *model)
{
	return model->watch.current;
}

size_t ui_model_history(const struct ui_model *model, int32_t ret[UI_HISTORY_MAX])
{
	memcpy(ret, model->watch.history, model->watch.history_count * sizeof ret[0]);
	return model->watch.history_count;
}

void ui_model_set_history(struct ui_model *model, const int32_t *channels, size_t count)
{
	for (size_t i = MIN(count, UI_HISTORY_MAX); i-- > 0;)
		if (model_has(model, channels[i]))
			remember(&model->watch, channels[i]);
}
