#include "tests/support/viewer.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

static const struct ui_channel channels[VIEWER_CHANNELS] = {
	[NEWS] = {.number = "1", .name = "News", .flags = UI_CHANNEL_HD, .logo = 7},
	[SPORT] = {.number = "2", .name = "Sport"},
	[BROKEN] = {.number = "3", .name = "Broken", .flags = UI_CHANNEL_UNPLAYABLE},
	[MUSIC] = {.number = "5", .name = "Music", .flags = UI_CHANNEL_RADIO},
	[MUSIC2] = {.number = "5.1", .name = "Music 2"},
	[FILMS] = {.number = "12", .name = "Films", .flags = UI_CHANNEL_LOCKED},
	[QANAT] = {.number = "123", .name = "\u0642\u0646\u0627\u0629"},
};
static const uint32_t sports[] = {SPORT, MUSIC2};
static const uint32_t mixed[] = {QANAT, NEWS, MUSIC};
static const uint32_t favourites[] = {MUSIC};
static const struct ui_bouquet bouquets[] = {{"Sports", sports, 2}, {"Mixed", mixed, 3}};
static const struct ui_lineup lineup = {channels, VIEWER_CHANNELS, bouquets, 2, favourites, 1};

const struct ui_lineup *viewer_lineup(void)
{
	return &lineup;
}

/* A show each half hour, ten minutes later on each channel; BROKEN has none. */
static bool find_event(void *ctx, uint32_t channel, int64_t time_s, struct ui_guide_event *ret)
{
	static const char *const titles[] = {"Breakfast", "Lunch", "Dinner"};
	struct viewer *viewer = ctx;
	int64_t shift_s = channel * 600;

	viewer->guide_looks++;
	if (channel == BROKEN)
		return false;
	int64_t n = (time_s - shift_s) / 1800;
	*ret = (struct ui_guide_event){.start_s = n * 1800 + shift_s,
		.end_s = (n + 1) * 1800 + shift_s,
		.title = titles[n % 3],
		.description = "What there is to say."};
	return true;
}

static void write_down(struct viewer *viewer, const struct ui_effects *effects)
{
	for (size_t i = 0; i < effects->count && viewer->log_count < VIEWER_LOG; i++)
		viewer->log[viewer->log_count++] = effects->list[i];
	ui_presses_set_long_forms(&viewer->presses, ui_model_long_forms(viewer->model));
}

void viewer_open(struct viewer *viewer, const struct ui_model_settings *settings)
{
	const struct ui_model_settings usual = {.banner_ns = 5 * VIEWER_S, .pin = "2580"};
	const struct ui_clock clock = {
		.at_ns = VIEWER_START_NS, .unix_ms = VIEWER_START_S * 1000, .offset_s = 3600};
	struct ui_effects effects;

	memset(viewer, 0, sizeof *viewer);
	viewer->now_ns = VIEWER_START_NS;
	ui_keymap_init(&viewer->keymap);
	ui_presses_init(&viewer->presses, &viewer->keymap, NULL);
	viewer->model = ui_model_new(settings ? settings : &usual);
	ui_model_set_lineup(viewer->model, &lineup, NULL, viewer->now_ns, &effects);
	ui_model_set_guide(viewer->model, &(struct ui_guide){find_event, viewer});
	ui_model_set_clock(viewer->model, &clock, viewer->now_ns);
	write_down(viewer, &effects);
}

void viewer_close(struct viewer *viewer)
{
	ui_model_free(viewer->model);
	viewer->model = NULL;
}

void viewer_presses(struct viewer *viewer, const struct ui_press_list *presses)
{
	for (size_t i = 0; i < presses->count; i++) {
		struct ui_effects effects;
		ui_model_press(viewer->model, &presses->list[i], &effects);
		write_down(viewer, &effects);
	}
}

static void do_what_is_due(struct viewer *viewer)
{
	struct ui_press_list presses;
	struct ui_effects effects;

	ui_presses_expire(&viewer->presses, viewer->now_ns, &presses);
	viewer_presses(viewer, &presses);
	ui_model_expire(viewer->model, viewer->now_ns, &effects);
	write_down(viewer, &effects);
}

void viewer_wait(struct viewer *viewer, uint64_t ns)
{
	uint64_t end_ns = viewer->now_ns + ns;

	for (;;) {
		uint64_t model_ns = ui_model_deadline(viewer->model, viewer->now_ns);
		uint64_t presses_ns = ui_presses_deadline(&viewer->presses);
		uint64_t due_ns = MIN(model_ns, presses_ns);
		if (due_ns > end_ns)
			break;
		viewer->now_ns = MAX(viewer->now_ns, due_ns);
		do_what_is_due(viewer);
	}
	viewer->now_ns = end_ns;
}

void viewer_event(struct viewer *viewer, uint16_t code, enum ui_key_motion motion)
{
	const struct ui_key_event event = {
		.code = code, .motion = motion, .source = VIEWER_SOURCE, .at_ns = viewer->now_ns};
	struct ui_press_list presses;

	ui_presses_event(&viewer->presses, &event, &presses);
	viewer_presses(viewer, &presses);
}

void viewer_key(struct viewer *viewer, uint16_t code)
{
	viewer_event(viewer, code, UI_KEY_PRESS);
	viewer_wait(viewer, 20 * VIEWER_MS);
	viewer_event(viewer, code, UI_KEY_RELEASE);
}

void viewer_keys(struct viewer *viewer, const uint16_t *codes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		viewer_key(viewer, codes[i]);
}

void viewer_hold(struct viewer *viewer, uint16_t code, uint64_t ns)
{
	uint64_t end_ns = viewer->now_ns + ns, step_ns = 250 * VIEWER_MS;

	viewer_event(viewer, code, UI_KEY_PRESS);
	while (viewer->now_ns + step_ns < end_ns) {
		viewer_wait(viewer, step_ns);
		viewer_event(viewer, code, UI_KEY_REPEAT);
		step_ns = 33 * VIEWER_MS;
	}
	viewer_wait(viewer, end_ns - viewer->now_ns);
	viewer_event(viewer, code, UI_KEY_RELEASE);
}

void viewer_tune(struct viewer *viewer, int32_t channel)
{
	struct ui_effects effects;

	ui_model_tune(viewer->model, channel, viewer->now_ns, &effects);
	write_down(viewer, &effects);
	ui_model_set_signal(viewer->model, channel, UI_SIGNAL_PLAYING, NULL);
	viewer_forget(viewer);
}

const struct ui_view *viewer_look(struct viewer *viewer)
{
	ui_model_view(viewer->model, viewer->now_ns, &viewer->view);
	return &viewer->view;
}

void viewer_forget(struct viewer *viewer)
{
	viewer->log_count = 0;
}

const struct ui_effect *viewer_effect(const struct viewer *viewer, enum ui_effect_type type)
{
	for (size_t i = viewer->log_count; i > 0; i--)
		if (viewer->log[i - 1].type == type)
			return &viewer->log[i - 1];
	return NULL;
}

size_t viewer_count(const struct viewer *viewer, enum ui_effect_type type)
{
	size_t count = 0;

	for (size_t i = 0; i < viewer->log_count; i++)
		count += viewer->log[i].type == type;
	return count;
}

/* Valid UTF-8, without control characters, ended within its room. */
static bool is_clean(const char *text, size_t size_bytes)
{
	if (!memchr(text, '\0', size_bytes) || !g_utf8_validate(text, -1, NULL))
		return false;
	for (; *text; text = g_utf8_next_char(text))
		if (g_unichar_iscntrl(g_utf8_get_char(text)))
			return false;
	return true;
}

#define CLEAN(text) is_clean(text, sizeof(text))

static bool is_line_clean(const struct ui_event_line *line)
{
	return CLEAN(line->title) && CLEAN(line->span) &&
	       (line->progress_permille <= 1000 || line->progress_permille == UI_PROGRESS_NONE);
}

static const char *broken_list(const struct ui_list_view *list)
{
	if (!list->visible)
		return NULL;
	if (list->row_count > UI_LIST_ROWS || list->first + list->row_count > list->total)
		return "more rows than there are";
	if (list->row_count && list->selected >= list->row_count)
		return "the selected row is not seen";
	if (!list->row_count != !!list->empty[0])
		return "an empty list says so, and no other";
	for (size_t i = 0; i < list->row_count; i++)
		if (!CLEAN(list->rows[i].number) || !CLEAN(list->rows[i].name) ||
			!is_line_clean(&list->rows[i].now))
			return "text of a list's row";
	return NULL;
}

static const char *broken_guide(const struct ui_guide_view *guide)
{
	if (!guide->visible)
		return NULL;
	if (guide->row_count > UI_GUIDE_ROWS || guide->label_count > UI_GUIDE_HOURS)
		return "too many rows of the guide";
	if (guide->row_count && guide->selected_row >= guide->row_count)
		return "the guide's row is not seen";
	if (!CLEAN(guide->day) || !CLEAN(guide->description) || !is_line_clean(&guide->chosen))
		return "text of the guide";
	for (size_t i = 0; i < guide->row_count; i++) {
		const struct ui_guide_row *row = &guide->rows[i];
		for (size_t c = 0; c < row->cell_count; c++) {
			const struct ui_guide_cell *cell = &row->cells[c];
			if (!CLEAN(cell->title) || cell->from_permille > cell->to_permille ||
				cell->to_permille > 1000)
				return "a cell of the guide";
			if (c && cell->from_permille < cell[-1].to_permille)
				return "cells of the guide lie over each other";
		}
	}
	return NULL;
}

static const char *broken_others(const struct ui_view *view)
{
	const struct ui_banner_view *banner = &view->banner;

	if (!CLEAN(banner->number) || !CLEAN(banner->name) || !CLEAN(banner->bouquet) ||
		!is_line_clean(&banner->now) || !is_line_clean(&banner->next))
		return "text of the banner";
	if (banner->typing && view->list.visible)
		return "a list over the number that is typed";
	if (!CLEAN(view->message.text) || !CLEAN(view->notice.text) || !CLEAN(view->pin.title) ||
		!CLEAN(view->pin.hint))
		return "text of a message";
	if (view->message.visible && !view->message.text[0])
		return "a message without words";
	if (view->message.visible && (view->list.visible || view->guide.visible ||
					     view->tracks.visible || view->pin.visible))
		return "a message behind what is open";
	if (view->pin.typed > view->pin.wanted)
		return "more digits than the PIN has";
	if (view->tracks.visible && (view->tracks.row_count > UI_TRACK_ROWS ||
					    view->tracks.selected >= view->tracks.row_count))
		return "the selected track is not seen";
	if (view->volume.percent > 100)
		return "too loud";
	return NULL;
}

static const char *broken_time(struct viewer *viewer)
{
	struct ui_view *later = g_new(struct ui_view, 1);
	uint64_t deadline_ns = ui_model_deadline(viewer->model, viewer->now_ns);
	const char *why = NULL;

	if (deadline_ns <= viewer->now_ns)
		why = "a deadline that has passed";
	ui_model_view(viewer->model, deadline_ns - 1, later);
	if (!why && deadline_ns != UINT64_MAX && memcmp(later, &viewer->view, sizeof *later) != 0)
		why = "the view changes before its deadline";
	g_free(later);
	return why;
}

const char *viewer_broken_rule(struct viewer *viewer)
{
	const struct ui_view *view = viewer_look(viewer);
	const char *why = broken_others(view);

	why = why ? why : broken_list(&view->list);
	why = why ? why : broken_guide(&view->guide);
	if (!why && ui_model_in_standby(viewer->model)) {
		static const struct ui_view nothing;
		why = memcmp(view, &nothing, sizeof nothing) ? "something is seen in standby"
							     : NULL;
	}
	return why ? why : broken_time(viewer);
}
