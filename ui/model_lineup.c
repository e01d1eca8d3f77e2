/* Channels, the sets they stand in, and their flags. */
#include "ui/model_state.h"

#include <string.h>

bool model_has(const struct ui_model *model, int32_t channel)
{
	return channel >= 0 && (size_t)channel < model->lineup.count;
}

size_t model_set_count(const struct ui_model *model)
{
	return model->lineup.bouquet_count + 2;
}

size_t model_favourite_set(const struct ui_model *model)
{
	return model->lineup.bouquet_count + 1;
}

void model_set_name(const struct ui_model *model, size_t set, char name[UI_NAME_BYTES])
{
	if (set == MODEL_ALL)
		ui_text_copy(name, UI_NAME_BYTES, "All channels");
	else if (set >= model_favourite_set(model))
		ui_text_copy(name, UI_NAME_BYTES, "Favourites");
	else
		ui_text_copy(name, UI_NAME_BYTES, model->lineup.bouquets[set - 1].name);
}

static const uint32_t *members(const struct ui_model *model, size_t set, size_t *ret_count)
{
	if (set >= model_favourite_set(model)) {
		*ret_count = model->favourites->len;
		return (const uint32_t *)(const void *)model->favourites->data;
	}
	*ret_count = model->lineup.bouquets[set - 1].count;
	return model->lineup.bouquets[set - 1].channels;
}

size_t model_set_size(const struct ui_model *model, size_t set)
{
	size_t count = model->lineup.count;

	if (set != MODEL_ALL)
		members(model, set, &count);
	return count;
}

int32_t model_set_at(const struct ui_model *model, size_t set, size_t pos)
{
	size_t count = model->lineup.count;
	uint32_t channel = (uint32_t)pos;

	if (set != MODEL_ALL) {
		const uint32_t *channels = members(model, set, &count);
		if (pos < count)
			channel = channels[pos];
	}
	return pos < count && channel < model->lineup.count ? (int32_t)channel : UI_NO_CHANNEL;
}

bool model_set_find(const struct ui_model *model, size_t set, int32_t channel, size_t *ret_pos)
{
	size_t count = 0;

	if (!model_has(model, channel))
		return false;
	if (set == MODEL_ALL) {
		*ret_pos = (size_t)channel;
		return true;
	}
	const uint32_t *channels = members(model, set, &count);
	for (size_t i = 0; i < count; i++) {
		if (channels[i] == (uint32_t)channel) {
			*ret_pos = i;
			return true;
		}
	}
	return false;
}

uint32_t model_flags(const struct ui_model *model, int32_t channel)
{
	return model_has(model, channel) ? model->flags[channel] : 0;
}

uint32_t model_badges(const struct ui_model *model, int32_t channel)
{
	static const struct {
		uint32_t flag, badge;
	} pairs[] = {
		{UI_CHANNEL_HD, UI_BADGE_HD},
		{UI_CHANNEL_RADIO, UI_BADGE_RADIO},
		{UI_CHANNEL_LOCKED, UI_BADGE_LOCKED},
		{UI_CHANNEL_UNPLAYABLE, UI_BADGE_NO_SIGNAL},
		{MODEL_FAVOURITE, UI_BADGE_FAVOURITE},
	};
	uint32_t flags = model_flags(model, channel), badges = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
		badges |= flags & pairs[i].flag ? pairs[i].badge : 0;
	if (channel == model->watch.current && channel != UI_NO_CHANNEL)
		badges |= UI_BADGE_PLAYING;
	return badges;
}

const char *model_number(const struct ui_model *model, int32_t channel)
{
	return model_has(model, channel) ? model->lineup.channels[channel].number : "";
}

void model_name(const struct ui_model *model, int32_t channel, char name[UI_NAME_BYTES])
{
	ui_text_copy(name, UI_NAME_BYTES,
		model_has(model, channel) ? model->lineup.channels[channel].name : "");
}

void model_label(const struct ui_model *model, int32_t channel, char label[UI_NAME_BYTES])
{
	char number[UI_NUMBER_BYTES], name[UI_NAME_BYTES - UI_NUMBER_BYTES];

	ui_text_copy(number, sizeof number, model_number(model, channel));
	ui_text_copy(name, sizeof name,
		model_has(model, channel) ? model->lineup.channels[channel].name : "");
	ui_text_format(label, UI_NAME_BYTES, "%s " UI_NAME, number, name);
}

/* The first channel whose number does not come before `text`, as an index into by_number. */
static size_t lower_bound(const struct ui_model *model, const char *text)
{
	size_t low = 0, high = model->lineup.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(model_number(model, (int32_t)model->by_number[middle]), text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int32_t model_by_number(const struct ui_model *model, const char *number)
{
	size_t i = lower_bound(model, number);

	if (i == model->lineup.count)
		return UI_NO_CHANNEL;
	int32_t channel = (int32_t)model->by_number[i];
	return strcmp(model_number(model, channel), number) == 0 ? channel : UI_NO_CHANNEL;
}

unsigned model_match(void *ctx, const char *typed)
{
	const struct ui_model *model = ctx;
	size_t i = lower_bound(model, typed), len = strlen(typed);
	unsigned match = 0;

	/* In this order one that begins so comes right behind the one that is so. */
	for (; i < model->lineup.count && !(match & UI_NUMBER_LONGER); i++) {
		const char *number = model_number(model, (int32_t)model->by_number[i]);
		if (strncmp(number, typed, len) != 0)
			break;
		match |= number[len] ? UI_NUMBER_LONGER : UI_NUMBER_EXACT;
	}
	return match;
}

void model_toggle_favourite(struct ui_model *model, int32_t channel, uint64_t now_ns)
{
	char text[UI_NAME_BYTES * 2], label[UI_NAME_BYTES];
	size_t pos;

	if (!model_has(model, channel))
		return;
	int32_t selected = model_list_selected(model), row = model_guide_selected(model);
	bool on = !model_set_find(model, model_favourite_set(model), channel, &pos);
	model_effect(model, (struct ui_effect){.type = UI_EFFECT_FAVOURITE,
				    .at_ns = now_ns,
				    .channel = channel,
				    .on = on});
	if (on) {
		uint32_t index = (uint32_t)channel;
		g_array_append_val(model->favourites, index);
		model->flags[channel] |= MODEL_FAVOURITE;
	} else {
		g_array_remove_index(model->favourites, (guint)pos);
		model->flags[channel] &= ~MODEL_FAVOURITE;
	}
	model_list_keep(model, selected);
	model_guide_keep(model, row);
	model_label(model, channel, label);
	ui_text_format(text, sizeof text,
		on ? "%s is a favourite now" : "%s is no favourite any more", label);
	model_say(model, text, now_ns);
}

void model_mark_locked(struct ui_model *model, int32_t channel, bool locked)
{
	if (!model_has(model, channel))
		return;
	if (locked)
		model->flags[channel] |= UI_CHANNEL_LOCKED;
	else
		model->flags[channel] &= ~(uint32_t)UI_CHANNEL_LOCKED;
}

void ui_model_set_unplayable(struct ui_model *model, int32_t channel, bool unplayable)
{
	if (!model_has(model, channel))
		return;
	if (unplayable)
		model->flags[channel] |= UI_CHANNEL_UNPLAYABLE;
	else
		model->flags[channel] &= ~(uint32_t)UI_CHANNEL_UNPLAYABLE;
}

void model_forget_lineup(struct ui_model *model)
{
	g_free(model->flags);
	g_free(model->by_number);
	model->flags = model->by_number = NULL;
	g_array_set_size(model->favourites, 0);
	model->lineup = (struct ui_lineup){0};
}

static int compare_numbers(gconstpointer a, gconstpointer b, gpointer lineup)
{
	const struct ui_channel *channels = ((const struct ui_lineup *)lineup)->channels;

	return strcmp(channels[*(const uint32_t *)a].number, channels[*(const uint32_t *)b].number);
}

static void take_lineup(struct ui_model *model, const struct ui_lineup *lineup)
{
	model->lineup = *lineup;
	model->flags = g_new(uint32_t, lineup->count);
	model->by_number = g_new(uint32_t, lineup->count);
	for (size_t i = 0; i < lineup->count; i++) {
		model->flags[i] = lineup->channels[i].flags & ~MODEL_FAVOURITE;
		model->by_number[i] = (uint32_t)i;
	}
	g_qsort_with_data(model->by_number, (gint)lineup->count, sizeof *model->by_number,
		compare_numbers, &model->lineup);
	for (size_t i = 0; i < lineup->favourite_count; i++) {
		uint32_t channel = lineup->favourites[i];
		if (channel >= lineup->count || model->flags[channel] & MODEL_FAVOURITE)
			continue;
		g_array_append_val(model->favourites, channel);
		model->flags[channel] |= MODEL_FAVOURITE;
	}
}

/* The set of the same name in the line-up that comes. */
static size_t set_in(const struct ui_model *model, size_t set, const struct ui_lineup *lineup)
{
	if (set == MODEL_ALL)
		return MODEL_ALL;
	if (set >= model_favourite_set(model))
		return lineup->bouquet_count + 1;
	for (size_t i = 0; i < lineup->bouquet_count; i++)
		if (strcmp(lineup->bouquets[i].name, model->lineup.bouquets[set - 1].name) == 0)
			return i + 1;
	return MODEL_ALL;
}

static int32_t mapped(const int32_t *index_map, int32_t channel)
{
	return index_map && channel != UI_NO_CHANNEL ? index_map[channel] : UI_NO_CHANNEL;
}

void ui_model_set_lineup(struct ui_model *model, const struct ui_lineup *lineup,
	const int32_t *index_map, uint64_t now_ns, struct ui_effects *ret)
{
	model->effects = ret;
	ret->count = 0;
	int32_t selected = mapped(index_map, model_list_selected(model));
	int32_t row = mapped(index_map, model_guide_selected(model));
	size_t old_count = model->lineup.count;
	model->watch.set = set_in(model, model->watch.set, lineup);
	model->list.set = set_in(model, model->list.set, lineup);
	model->grid.set = set_in(model, model->grid.set, lineup);
	model_forget_lineup(model);
	take_lineup(model, lineup);
	model_watch_remap(model, index_map, old_count, now_ns);
	model_list_keep(model, selected);
	model_guide_keep(model, row);
	ui_entry_rematch(&model->entry);
}
