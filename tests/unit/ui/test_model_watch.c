/* ui/model: zapping with the remote: up, down, last, held keys, and other line-ups. */
#include "tests/support/test.h"

#include <string.h>

#include "tests/support/viewer.h"

#define S VIEWER_S
#define MS VIEWER_MS

static int set_up(void **state)
{
	struct viewer *viewer = malloc(sizeof *viewer);

	viewer_open(viewer, NULL);
	viewer_tune(viewer, NEWS);
	*state = viewer;
	return 0;
}

static int tear_down(void **state)
{
	viewer_close(*state);
	free(*state);
	return 0;
}

static void assert_tuned(const struct viewer *viewer, int32_t channel, enum ui_tune how)
{
	const struct ui_effect *tune = viewer_effect(viewer, UI_EFFECT_TUNE);

	assert_non_null(tune);
	assert_int_equal(tune->channel, channel);
	assert_int_equal(tune->how, how);
}

/* By the pressed key, once, stamped with the press. */
static void assert_key_tunes(
	struct viewer *viewer, uint16_t code, int32_t channel, enum ui_tune how)
{
	uint64_t pressed_ns = viewer->now_ns;

	viewer_forget(viewer);
	viewer_event(viewer, code, UI_KEY_PRESS);
	assert_int_equal(viewer->log_count, 1);
	assert_tuned(viewer, channel, how);
	assert_int_equal(viewer->log[0].at_ns, pressed_ns);
	assert_int_equal(ui_model_current(viewer->model), channel);
	viewer_wait(viewer, 20 * MS);
	viewer_event(viewer, code, UI_KEY_RELEASE);
	assert_int_equal(viewer->log_count, 1);
}

static void test_up_and_down_zap_at_the_press_and_wrap(void **state)
{
	struct viewer *viewer = *state;

	assert_key_tunes(viewer, KEY_CHANNELUP, SPORT, UI_TUNE_UP);
	assert_key_tunes(viewer, KEY_UP, MUSIC, UI_TUNE_UP); /* past what cannot be played */
	assert_key_tunes(viewer, KEY_PAGEUP, MUSIC2, UI_TUNE_UP);
	assert_key_tunes(viewer, KEY_CHANNELDOWN, MUSIC, UI_TUNE_DOWN);
	assert_key_tunes(viewer, KEY_DOWN, SPORT, UI_TUNE_DOWN);
	assert_key_tunes(viewer, KEY_PAGEDOWN, NEWS, UI_TUNE_DOWN);
	assert_key_tunes(viewer, KEY_CHANNELDOWN, QANAT, UI_TUNE_DOWN);
	assert_key_tunes(viewer, KEY_CHANNELUP, NEWS, UI_TUNE_UP);
}

static void test_what_turned_out_not_to_play_is_skipped_too(void **state)
{
	struct viewer *viewer = *state;

	ui_model_set_unplayable(viewer->model, SPORT, true);
	assert_key_tunes(viewer, KEY_CHANNELUP, MUSIC, UI_TUNE_UP);
	ui_model_set_unplayable(viewer->model, SPORT, false);
	assert_key_tunes(viewer, KEY_CHANNELDOWN, SPORT, UI_TUNE_DOWN);
}

static void test_a_held_key_moves_the_banner_and_the_tuner_follows(void **state)
{
	struct viewer *viewer = *state;

	viewer_event(viewer, KEY_CHANNELUP, UI_KEY_PRESS);
	viewer_wait(viewer, 250 * MS);
	viewer_event(viewer, KEY_CHANNELUP, UI_KEY_REPEAT);
	assert_string_equal(viewer_look(viewer)->banner.name, "Music");
	viewer_wait(viewer, 33 * MS);
	viewer_event(viewer, KEY_CHANNELUP, UI_KEY_REPEAT);
	assert_string_equal(viewer_look(viewer)->banner.name, "Music 2");
	assert_int_equal(ui_model_current(viewer->model), SPORT);
	assert_int_equal(viewer_count(viewer, UI_EFFECT_TUNE), 1);
	uint64_t repeated_ns = viewer->now_ns;
	viewer_wait(viewer, 250 * MS - 1);
	assert_int_equal(viewer_count(viewer, UI_EFFECT_TUNE), 1);
	viewer_wait(viewer, 1);
	assert_int_equal(viewer_count(viewer, UI_EFFECT_TUNE), 2);
	assert_tuned(viewer, MUSIC2, UI_TUNE_UP);
	assert_int_equal(viewer_effect(viewer, UI_EFFECT_TUNE)->at_ns, repeated_ns);
	/* The banner goes 5 s after the last repeat. */
	viewer_wait(viewer, 5 * S - 250 * MS - 1);
	assert_true(viewer_look(viewer)->banner.visible);
	viewer_wait(viewer, 1);
	assert_false(viewer_look(viewer)->banner.visible);
}

static void test_a_press_while_a_held_key_settles_goes_on_from_the_banner(void **state)
{
	struct viewer *viewer = *state;

	viewer_hold(viewer, KEY_CHANNELUP, 300 * MS); /* SPORT, then two repeats: MUSIC2 */
	assert_string_equal(viewer_look(viewer)->banner.name, "Music 2");
	viewer_forget(viewer);
	viewer_key(viewer, KEY_CHANNELDOWN);
	assert_int_equal(viewer_count(viewer, UI_EFFECT_TUNE), 1);
	assert_tuned(viewer, MUSIC, UI_TUNE_DOWN);
	viewer_wait(viewer, S);
	assert_int_equal(viewer_count(viewer, UI_EFFECT_TUNE), 1);
}

/* Held once around: there is nothing to tune. */
static void test_a_held_key_that_comes_back_tunes_nothing(void **state)
{
	struct viewer *viewer = *state;

	viewer_event(viewer, KEY_CHANNELUP, UI_KEY_PRESS);
	ui_model_set_signal(viewer->model, SPORT, UI_SIGNAL_PLAYING, NULL);
	for (int i = 0; i < 6; i++)
		viewer_event(viewer, KEY_CHANNELUP, UI_KEY_REPEAT);
	assert_string_equal(viewer_look(viewer)->banner.name, "Sport");
	viewer_wait(viewer, S);
	assert_int_equal(viewer_count(viewer, UI_EFFECT_TUNE), 1);
}

/* A box that was late gets the key and what was due before it at once: one zap, the last. */
static void test_a_late_box_zaps_once(void **state)
{
	struct viewer *viewer = *state;
	const struct ui_press presses[] = {
		{.command = UI_COMMAND_CHANNEL_UP, .is_repeat = true, .at_ns = viewer->now_ns},
		{.command = UI_COMMAND_CHANNEL_UP, .at_ns = viewer->now_ns + 400 * MS}};
	struct ui_effects effects;

	ui_model_press(viewer->model, &presses[0], &effects);
	assert_int_equal(effects.count, 0);
	ui_model_press(viewer->model, &presses[1], &effects);
	assert_int_equal(effects.count, 1);
	assert_int_equal(effects.list[0].channel, MUSIC);
}

/* A digit that comes when the number before it was due belongs to the next one. */
static void test_a_late_box_keeps_numbers_apart(void **state)
{
	struct viewer *viewer = *state;
	const struct ui_press presses[] = {{.command = UI_COMMAND_0 + 1, .at_ns = viewer->now_ns},
		{.command = UI_COMMAND_0 + 2, .at_ns = viewer->now_ns + 2 * S}};
	struct ui_effects effects;

	viewer_tune(viewer, MUSIC);
	ui_model_press(viewer->model, &presses[0], &effects);
	ui_model_press(viewer->model, &presses[1], &effects);
	assert_int_equal(effects.count, 1); /* the first zap would be in the way */
	assert_int_equal(ui_model_current(viewer->model), SPORT);
}

static void test_last_passes_over_a_channel_that_was_locked(void **state)
{
	struct viewer *viewer = *state;

	viewer_tune(viewer, MUSIC2);
	viewer_key(viewer, KEY_CHANNELUP); /* FILMS, which nobody saw */
	viewer_key(viewer, KEY_CHANNELUP);
	assert_key_tunes(viewer, KEY_LAST, MUSIC2, UI_TUNE_LAST);
}

static void test_last_toggles_between_the_two_last_watched(void **state)
{
	struct viewer *viewer = *state;
	static const uint16_t keys[] = {
		KEY_LAST, KEY_PREVIOUS, KEY_0, KEY_NUMERIC_0, KEY_KP0, KEY_L};

	viewer_wait(viewer, 6 * S);
	viewer_key(viewer, KEY_CHANNELUP); /* SPORT, passed by */
	viewer_wait(viewer, 1 * S);
	viewer_key(viewer, KEY_CHANNELUP); /* MUSIC, watched */
	viewer_wait(viewer, 6 * S);
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		assert_key_tunes(viewer, keys[i], i % 2 ? MUSIC : NEWS, UI_TUNE_LAST);
}

static void test_last_before_anything_was_watched(void **state)
{
	struct viewer *viewer = *state;

	viewer_key(viewer, KEY_LAST);
	assert_int_equal(viewer->log_count, 0);
	assert_string_equal(viewer_look(viewer)->notice.text, "No other channel was watched yet");
	viewer_key(viewer, KEY_CHANNELUP);
	assert_key_tunes(viewer, KEY_LAST, NEWS, UI_TUNE_LAST); /* better than nothing */
}

static void test_the_history_is_of_twenty(void **state)
{
	static struct ui_channel channels[30];
	static char numbers[30][4];
	struct ui_effects effects;
	struct viewer *viewer = *state;
	int32_t history[UI_HISTORY_MAX];

	for (int i = 0; i < 30; i++) {
		snprintf(numbers[i], sizeof numbers[i], "%d", i + 1);
		channels[i] = (struct ui_channel){.number = numbers[i], .name = "x"};
	}
	ui_model_set_lineup(viewer->model, &(struct ui_lineup){.channels = channels, .count = 30},
		NULL, viewer->now_ns, &effects);
	for (int i = 0; i < 30; i++) {
		viewer_tune(viewer, i);
		viewer_wait(viewer, i % 2 ? 5 * S : 4 * S); /* every other one is watched */
	}
	for (int i = 0; i < 30; i++) {
		viewer_tune(viewer, i);
		viewer_wait(viewer, 5 * S);
	}
	viewer_key(viewer, KEY_INFO);
	assert_int_equal(ui_model_history(viewer->model, history), 20);
	for (int i = 0; i < 20; i++)
		assert_int_equal(history[i], 29 - i);
}

static void test_without_a_line_up(void **state)
{
	struct viewer *viewer = *state;
	struct ui_effects effects;

	ui_model_set_lineup(viewer->model, &(struct ui_lineup){0}, NULL, viewer->now_ns, &effects);
	assert_int_equal(ui_model_current(viewer->model), UI_NO_CHANNEL);
	assert_non_null(strstr(viewer_look(viewer)->message.text, "zapper import"));
	for (uint16_t code = 1; code < KEY_CNT; code++) {
		viewer_key(viewer, code);
		assert_null(viewer_broken_rule(viewer));
		assert_null(viewer_effect(viewer, UI_EFFECT_TUNE));
	}
}

static void test_another_line_up_keeps_what_it_can(void **state)
{
	/* NEWS is gone, FILMS is first and not locked any more, MUSIC is 6. */
	static const struct ui_channel channels[] = {{.number = "1", .name = "Films"},
		{.number = "2", .name = "Sport"}, {.number = "6", .name = "Music"}};
	static const int32_t map[VIEWER_CHANNELS] = {-1, 1, -1, 2, -1, 0, -1};
	const struct ui_lineup lineup = {.channels = channels, .count = 3};
	struct viewer *viewer = *state;
	struct ui_effects effects;
	int32_t history[UI_HISTORY_MAX];

	viewer_wait(viewer, 6 * S);
	viewer_tune(viewer, MUSIC);
	viewer_wait(viewer, 6 * S);
	viewer_tune(viewer, SPORT);
	viewer_key(viewer, KEY_INFO);
	ui_model_set_lineup(viewer->model, &lineup, map, viewer->now_ns, &effects);
	assert_int_equal(effects.count, 0); /* what is watched goes on */
	assert_int_equal(ui_model_current(viewer->model), 1);
	assert_int_equal(ui_model_history(viewer->model, history), 1);
	assert_int_equal(history[0], 2);
	assert_string_equal(viewer_look(viewer)->banner.name, "Sport");
	assert_key_tunes(viewer, KEY_LAST, 2, UI_TUNE_LAST);
	assert_key_tunes(viewer, KEY_CHANNELUP, 0, UI_TUNE_UP);
}

/* Whoever keeps the history must not wait for the next key. */
static void test_the_box_is_woken_when_a_channel_counts_as_watched(void **state)
{
	struct viewer *viewer = *state;
	/* The banner's end must not wake it by chance. */
	static const struct ui_model_settings settings = {.banner_ns = 1 * S};
	int32_t history[UI_HISTORY_MAX];
	struct ui_effects effects;

	viewer_close(viewer);
	viewer_open(viewer, &settings);
	viewer_tune(viewer, SPORT);
	uint64_t tuned_ns = viewer->now_ns, now_ns = tuned_ns;
	while (now_ns < tuned_ns + 5 * S) {
		now_ns = ui_model_deadline(viewer->model, now_ns);
		ui_model_expire(viewer->model, now_ns, &effects);
	}
	assert_int_equal(now_ns, tuned_ns + 5 * S);
	assert_int_equal(ui_model_history(viewer->model, history), 1);
	assert_int_equal(history[0], SPORT);
	assert_true(ui_model_deadline(viewer->model, now_ns) > now_ns + S);
}

static void test_what_was_watched_before_the_box_was_started(void **state)
{
	static const int32_t before[] = {MUSIC, 77, SPORT, UI_NO_CHANNEL};
	struct viewer *viewer = *state;
	int32_t history[UI_HISTORY_MAX];

	viewer_close(viewer);
	viewer_open(viewer, NULL);
	assert_int_equal(ui_model_last(viewer->model), UI_NO_CHANNEL);
	ui_model_set_history(viewer->model, before, 4);
	assert_int_equal(ui_model_history(viewer->model, history), 2);
	assert_int_equal(history[0], MUSIC);
	assert_int_equal(history[1], SPORT);
	viewer_tune(viewer, MUSIC);
	assert_int_equal(ui_model_last(viewer->model), SPORT);
	assert_key_tunes(viewer, KEY_LAST, SPORT, UI_TUNE_LAST);
	assert_int_equal(ui_model_last(viewer->model), MUSIC);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_up_and_down_zap_at_the_press_and_wrap),
		TEST(test_what_turned_out_not_to_play_is_skipped_too),
		TEST(test_a_held_key_moves_the_banner_and_the_tuner_follows),
		TEST(test_a_press_while_a_held_key_settles_goes_on_from_the_banner),
		TEST(test_a_held_key_that_comes_back_tunes_nothing),
		TEST(test_a_late_box_zaps_once),
		TEST(test_a_late_box_keeps_numbers_apart),
		TEST(test_last_passes_over_a_channel_that_was_locked),
		TEST(test_last_toggles_between_the_two_last_watched),
		TEST(test_last_before_anything_was_watched),
		TEST(test_the_history_is_of_twenty),
		TEST(test_without_a_line_up),
		TEST(test_another_line_up_keeps_what_it_can),
		TEST(test_the_box_is_woken_when_a_channel_counts_as_watched),
		TEST(test_what_was_watched_before_the_box_was_started),
	};
	return cmocka_run_group_tests_name("ui_model_watch", tests, NULL, NULL);
}
