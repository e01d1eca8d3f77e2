/*
 * A viewer who presses anything, of several remotes that come and go, while line-ups, clocks and
 * guides change under him: what he sees keeps its rules, and no locked channel is tuned without the
 * PIN, which he does not know.
 */
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/viewer.h"

#define SOURCES 3 /* and the taps */

struct input {
	const uint8_t *data;
	size_t left;
};

static const uint16_t codes[] = {KEY_0, KEY_1, KEY_2, KEY_3, KEY_5, KEY_NUMERIC_4, KEY_KP7, KEY_DOT,
	KEY_UP, KEY_DOWN, KEY_LEFT, KEY_RIGHT, KEY_CHANNELUP, KEY_CHANNELDOWN, KEY_PAGEUP,
	KEY_PAGEDOWN, KEY_LAST, KEY_OK, KEY_BACK, KEY_EXIT, KEY_INFO, KEY_EPG, KEY_LIST,
	KEY_FAVORITES, KEY_MENU, KEY_AUDIO, KEY_SUBTITLE, KEY_TEXT, KEY_VOLUMEUP, KEY_VOLUMEDOWN,
	KEY_MUTE, KEY_SLEEP, KEY_ASPECT_RATIO, KEY_FULL_SCREEN, KEY_POWER, KEY_Q, KEY_RED,
	KEY_GREEN, KEY_YELLOW, KEY_BLUE, KEY_X};

static const uint32_t lonely[] = {2, 9, 2, 0};
static const struct ui_bouquet odd_bouquet = {"\xff odd", lonely, 4};
static const struct ui_channel odd_channels[] = {
	{.number = "7", .name = "\xe2\x80\xae\x01", .flags = UI_CHANNEL_UNPLAYABLE},
	{.number = "12345.12345", .name = NULL, .flags = ~0u},
	{.number = "", .name = "", .logo = -1},
};
/* The usual one, an odd one, none. */
static const struct ui_lineup *lineup_of(unsigned which)
{
	static const struct ui_lineup odd = {odd_channels, 3, &odd_bouquet, 1, lonely, 4},
				      none = {0};

	return which == 0 ? viewer_lineup() : which == 1 ? &odd : &none;
}

static uint8_t next(struct input *input)
{
	if (input->left == 0)
		return 0;
	input->left--;
	return *input->data++;
}

static bool find_anything(void *ctx, uint32_t channel, int64_t time_s, struct ui_guide_event *ret)
{
	const int64_t *shape = ctx;

	*ret = (struct ui_guide_event){.start_s = time_s + shape[0] * channel,
		.end_s = time_s + shape[1],
		.title = "a\xf0\x9f\n",
		.description = shape[0] % 2 ? NULL : "b"};
	return shape[1] % 5;
}

static void change_lineup(struct viewer *viewer, struct input *input, unsigned *lineup)
{
	size_t old_count = lineup_of(*lineup)->count;
	int32_t map[VIEWER_CHANNELS];
	struct ui_effects effects;

	*lineup = next(input) % 3;
	for (size_t i = 0; i < old_count; i++) {
		map[i] = next(input) % 16 - 1;
		if (map[i] == FILMS) /* what was unlocked stays unlocked */
			map[i] = UI_NO_CHANNEL;
	}
	ui_model_set_lineup(viewer->model, lineup_of(*lineup), next(input) % 4 ? map : NULL,
		viewer->now_ns, &effects);
}

static void press(struct viewer *viewer, struct input *input)
{
	uint8_t key = next(input), how = next(input);
	const struct ui_key_event event = {.code = codes[key % G_N_ELEMENTS(codes)],
		.motion = (enum ui_key_motion)(how % 3),
		.source = how / 3 % (SOURCES + 1),
		.at_ns = viewer->now_ns - how};
	struct ui_press_list presses;

	ui_presses_event(&viewer->presses, &event, &presses);
	viewer_presses(viewer, &presses);
}

static void lose_source(struct viewer *viewer, struct input *input)
{
	uint32_t source = next(input) % (SOURCES + 1);
	struct ui_press_list presses;

	ui_presses_source_gone(&viewer->presses, source, viewer->now_ns, &presses);
	viewer_presses(viewer, &presses);
	if (next(input) % 2)
		ui_presses_make_repeats(&viewer->presses, source);
}

static void tell_of_stream(struct viewer *viewer, struct input *input)
{
	static const char *const names[] = {"one", NULL, "\xc3", "four"};
	const struct ui_tracks tracks = {names, next(input) % 5, next(input) % 8 - 2};

	ui_model_set_tracks(viewer->model, (enum ui_track_kind)(next(input) % 3), &tracks);
	ui_model_set_signal(viewer->model, next(input) % 8 - 1, (enum ui_signal)(next(input) % 6),
		next(input) % 2 ? "why\x02" : NULL);
	ui_model_set_volume(viewer->model, next(input), next(input) % 2);
}

static void set_clock(struct viewer *viewer, struct input *input)
{
	uint8_t when = next(input);
	const struct ui_clock clock = {.at_ns = viewer->now_ns - when,
		.unix_ms = when % 4 ? (VIEWER_START_S + when * INT64_C(40000)) * 1000 + when : 0,
		.offset_s = (next(input) - 128) * 900,
		.changes_at_s = next(input) % 2 ? VIEWER_START_S + 3600 : 0,
		.offset_after_s = next(input) * 60};

	ui_model_set_clock(viewer->model, &clock, viewer->now_ns);
}

static void say(struct viewer *viewer, struct input *input)
{
	char *text = g_strndup((const char *)input->data, input->left);

	ui_model_notice(viewer->model, text, next(input) * VIEWER_MS * 50, viewer->now_ns);
	ui_model_set_figures(viewer->model, text, &(struct ui_figure){text, text}, 1);
	g_free(text);
}

static void check(struct viewer *viewer, unsigned lineup)
{
	const struct ui_effect *tune = viewer_effect(viewer, UI_EFFECT_TUNE);
	int32_t current = ui_model_current(viewer->model);

	for (size_t i = 0; i < viewer->log_count; i++)
		if (viewer->log[i].channel < UI_NO_CHANNEL)
			abort();
	if (viewer_effect(viewer, UI_EFFECT_UNLOCK))
		abort();
	if (lineup == 0 && tune && tune->channel == FILMS)
		abort();
	if (current != UI_NO_CHANNEL && (size_t)current >= lineup_of(lineup)->count)
		abort();
	if (viewer_broken_rule(viewer))
		abort();
	viewer_forget(viewer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	struct viewer *viewer = g_new(struct viewer, 1);
	int64_t guide[2] = {0};
	unsigned lineup = 0;

	viewer_open(viewer, &(struct ui_model_settings){
				    .banner_ns = next(&input) * VIEWER_S / 16, .pin = "9999"});
	while (input.left) {
		uint8_t what = next(&input);
		if (what < 160)
			press(viewer, &input);
		else if (what < 210)
			viewer_wait(viewer, (uint64_t)next(&input) * next(&input) * 4 * VIEWER_MS);
		else if (what < 216)
			change_lineup(viewer, &input, &lineup);
		else if (what < 222)
			lose_source(viewer, &input);
		else if (what < 234)
			tell_of_stream(viewer, &input);
		else if (what < 238)
			set_clock(viewer, &input);
		else if (what < 242)
			ui_model_set_rows(viewer->model, next(&input) % 20, next(&input) % 20);
		else if (what < 246)
			say(viewer, &input);
		else {
			guide[0] = next(&input) - 200;
			guide[1] = next(&input) * 7 - 100;
			ui_model_set_guide(viewer->model, &(struct ui_guide){find_anything, guide});
		}
		check(viewer, lineup);
	}
	viewer_close(viewer);
	g_free(viewer);
	return 0;
}
