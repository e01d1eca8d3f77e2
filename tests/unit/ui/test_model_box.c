/* ui/model: tracks, the menu, sound, sleep and standby. */
#include "tests/support/test.h"

#include <string.h>

#include "tests/support/viewer.h"

#define S VIEWER_S
#define MS VIEWER_MS

static int set_up(void **state)
{
	struct viewer *viewer = malloc(sizeof *viewer);

	viewer_open(viewer, NULL);
	viewer_tune(viewer, MUSIC2);
	*state = viewer;
	return 0;
}

static int tear_down(void **state)
{
	viewer_close(*state);
	free(*state);
	return 0;
}

static const char *notice(struct viewer *viewer)
{
	return viewer_look(viewer)->notice.visible ? viewer->view.notice.text : "";
}

static void test_volume_and_mute(void **state)
{
	struct viewer *viewer = *state;

	ui_model_set_volume(viewer->model, 92, false);
	viewer_key(viewer, KEY_VOLUMEUP);
	assert_int_equal(viewer_effect(viewer, UI_EFFECT_VOLUME)->volume_percent, 97);
	viewer_key(viewer, KEY_RIGHT); /* where nothing is open */
	assert_int_equal(viewer_effect(viewer, UI_EFFECT_VOLUME)->volume_percent, 100);
	assert_true(viewer_look(viewer)->volume.visible);
	assert_int_equal(viewer->view.volume.percent, 100);
	viewer_key(viewer, KEY_MUTE);
	assert_true(viewer_effect(viewer, UI_EFFECT_MUTE)->on);
	assert_true(viewer_look(viewer)->volume.muted);
	viewer_key(viewer, KEY_VOLUMEDOWN); /* softer leaves it muted */
	assert_true(viewer_look(viewer)->volume.muted);
	viewer_key(viewer, KEY_VOLUMEUP);
	assert_false(viewer_effect(viewer, UI_EFFECT_MUTE)->on);
	assert_false(viewer_look(viewer)->volume.muted);
	viewer_hold(viewer, KEY_VOLUMEDOWN, 2 * S);
	assert_int_equal(viewer_effect(viewer, UI_EFFECT_VOLUME)->volume_percent, 0);
	uint64_t last_ns = viewer_effect(viewer, UI_EFFECT_VOLUME)->at_ns;
	viewer_wait(viewer, last_ns + 2 * S - 1 - viewer->now_ns);
	assert_true(viewer_look(viewer)->volume.visible);
	viewer_wait(viewer, 1);
	assert_false(viewer_look(viewer)->volume.visible);
	viewer_hold(viewer, KEY_MUTE, S); /* held is pressed once */
	assert_int_equal(viewer_count(viewer, UI_EFFECT_MUTE), 3);
}

static void test_tracks(void **state)
{
	static const char *const names[] = {"German", "English \x01", "Audio description"};
	const struct ui_tracks sounds = {names, 3, 0}, titles = {names, 2, -1},
			       none = {NULL, 0, -1};
	struct viewer *viewer = *state;
	struct ui_effects effects;

	viewer_key(viewer, KEY_AUDIO);
	assert_string_equal(notice(viewer), "There is no sound to choose from");
	ui_model_set_tracks(viewer->model, UI_TRACK_AUDIO, &sounds);
	ui_model_set_tracks(viewer->model, UI_TRACK_SUBTITLE, &titles);
	viewer_key(viewer, KEY_LANGUAGE);
	const struct ui_tracks_view *view = &viewer_look(viewer)->tracks;
	assert_true(view->visible);
	assert_string_equal(view->title, "Sound");
	assert_int_equal(view->row_count, 3);
	assert_int_equal(view->current, 0);
	assert_string_equal(view->rows[1], "English");
	viewer_key(viewer, KEY_AUDIO); /* the same key goes on */
	viewer_key(viewer, KEY_DOWN);
	viewer_key(viewer, KEY_OK);
	assert_int_equal(viewer_effect(viewer, UI_EFFECT_TRACK)->kind, UI_TRACK_AUDIO);
	assert_int_equal(viewer_effect(viewer, UI_EFFECT_TRACK)->track, 2);
	assert_false(viewer_look(viewer)->tracks.visible);
	viewer_key(viewer, KEY_SUBTITLE);
	viewer_look(viewer);
	assert_string_equal(view->rows[0], "Off");
	assert_int_equal(view->current, 0);
	viewer_key(viewer, KEY_DOWN);
	viewer_key(viewer, KEY_OK);
	assert_int_equal(viewer_effect(viewer, UI_EFFECT_TRACK)->track, 0);
	viewer_key(viewer, KEY_SUBTITLE);
	viewer_look(viewer);
	assert_int_equal(view->current, 1);
	viewer_key(viewer, KEY_UP);
	viewer_key(viewer, KEY_OK);
	assert_int_equal(viewer_effect(viewer, UI_EFFECT_TRACK)->track, -1);
	viewer_key(viewer, KEY_TEXT);
	assert_string_equal(notice(viewer), "There is no teletext");
	/* They go while they are looked at. */
	viewer_key(viewer, KEY_AUDIO);
	ui_model_set_tracks(viewer->model, UI_TRACK_AUDIO, &none);
	assert_false(viewer_look(viewer)->tracks.visible);
	ui_model_set_tracks(viewer->model, UI_TRACK_AUDIO, &sounds);
	viewer_key(viewer, KEY_AUDIO);
	viewer_key(viewer, KEY_CHANNELDOWN);
	assert_false(viewer_look(viewer)->tracks.visible);
	assert_int_equal(viewer_effect(viewer, UI_EFFECT_TUNE)->channel, MUSIC);
	ui_model_set_tracks(viewer->model, UI_TRACK_AUDIO, &sounds);
	viewer_key(viewer, KEY_AUDIO);
	ui_model_set_lineup(viewer->model, viewer_lineup(), NULL, viewer->now_ns, &effects);
	assert_false(viewer_look(viewer)->tracks.visible);
}

static void test_more_tracks_than_rows(void **state)
{
	const char *names[30];
	struct viewer *viewer = *state;

	for (int i = 0; i < 30; i++)
		names[i] = i == 29 ? "last" : "some";
	ui_model_set_tracks(viewer->model, UI_TRACK_AUDIO, &(struct ui_tracks){names, 30, 0});
	viewer_key(viewer, KEY_AUDIO);
	viewer_key(viewer, KEY_UP);
	const struct ui_tracks_view *view = &viewer_look(viewer)->tracks;
	assert_int_equal(view->row_count, UI_TRACK_ROWS);
	assert_string_equal(view->rows[view->selected], "last");
	assert_int_equal(view->current, UI_TRACK_ROWS); /* not among these */
}

static void test_the_menu(void **state)
{
	struct viewer *viewer = *state;

	viewer_key(viewer, KEY_MENU);
	const struct ui_tracks_view *view = &viewer_look(viewer)->tracks;
	assert_string_equal(view->title, "Menu");
	assert_int_equal(view->row_count, UI_TRACK_ROWS);
	assert_string_equal(view->rows[0], "Add to favourites");
	assert_string_equal(view->rows[1], "Lock this channel");
	viewer_key(viewer, KEY_OK);
	assert_true(viewer_effect(viewer, UI_EFFECT_FAVOURITE)->on);
	viewer_key(viewer, KEY_MENU);
	viewer_look(viewer);
	assert_string_equal(view->rows[0], "Remove from favourites");
	for (int i = 0; i < 6; i++)
		viewer_key(viewer, KEY_DOWN);
	viewer_key(viewer, KEY_OK); /* the sleep timer, in its place */
	viewer_look(viewer);
	assert_string_equal(view->rows[6], "Sleep timer: 15 min");
	viewer_key(viewer, KEY_DOWN);
	viewer_key(viewer, KEY_OK);
	assert_non_null(viewer_effect(viewer, UI_EFFECT_ASPECT));
	viewer_key(viewer, KEY_DOWN);
	viewer_key(viewer, KEY_OK);
	assert_non_null(viewer_effect(viewer, UI_EFFECT_FULL_SCREEN));
	assert_false(viewer_look(viewer)->tracks.visible);
	viewer_key(viewer, KEY_MENU);
	viewer_key(viewer, KEY_GREEN); /* colours are short for something where nothing is open */
	assert_int_equal(viewer_count(viewer, UI_EFFECT_ASPECT), 1);
	viewer_key(viewer, KEY_MENU);
	assert_false(viewer_look(viewer)->tracks.visible);
	viewer_key(viewer, KEY_MENU);
	viewer_key(viewer, KEY_UP);
	viewer_key(viewer, KEY_OK);
	assert_true(ui_model_in_standby(viewer->model));
}

static void test_the_sleep_timer(void **state)
{
	struct viewer *viewer = *state;

	viewer_key(viewer, KEY_SLEEP);
	assert_string_equal(notice(viewer), "Sleep in 15 min");
	viewer_key(viewer, KEY_RED); /* the same, where nothing is open */
	assert_string_equal(notice(viewer), "Sleep in 30 min");
	assert_int_equal(viewer_effect(viewer, UI_EFFECT_SLEEP)->sleep_s, 1800);
	uint64_t set_ns = viewer_effect(viewer, UI_EFFECT_SLEEP)->at_ns;
	viewer_wait(viewer, 10 * 60 * S);
	assert_string_equal(notice(viewer), "");
	viewer_key(viewer, KEY_SLEEP); /* how long yet? */
	assert_string_equal(notice(viewer), "Sleep in 20 min");
	assert_int_equal(viewer_count(viewer, UI_EFFECT_SLEEP), 2);
	viewer_wait(viewer, set_ns + (1800 - 42) * S - viewer->now_ns);
	assert_string_equal(notice(viewer), "Standby in 42 s. BACK: stay on");
	assert_null(viewer_broken_rule(viewer));
	viewer_wait(viewer, 42 * S - 1);
	assert_string_equal(notice(viewer), "Standby in 1 s. BACK: stay on");
	assert_false(ui_model_in_standby(viewer->model));
	viewer_wait(viewer, 1);
	assert_true(ui_model_in_standby(viewer->model));
	assert_true(viewer_effect(viewer, UI_EFFECT_STANDBY)->on);
	assert_true(ui_model_deadline(viewer->model, viewer->now_ns) == UINT64_MAX);
}

static void test_back_stays_on(void **state)
{
	struct viewer *viewer = *state;

	viewer_key(viewer, KEY_SLEEP);
	viewer_wait(viewer, (15 * 60 - 30) * S);
	viewer_key(viewer, KEY_OK);
	viewer_key(viewer, KEY_BACK);
	assert_true(viewer_look(viewer)->list.visible); /* that was for the timer */
	assert_string_equal(notice(viewer), "Sleep timer off");
	assert_int_equal(viewer_effect(viewer, UI_EFFECT_SLEEP)->sleep_s, 0);
	viewer_wait(viewer, 3600 * S);
	assert_false(ui_model_in_standby(viewer->model));
}

static void test_standby_and_back(void **state)
{
	static const uint16_t asleep[] = {
		KEY_5, KEY_UP, KEY_MENU, KEY_VOLUMEUP, KEY_INFO, KEY_BACK};
	struct viewer *viewer = *state;

	viewer_key(viewer, KEY_OK);
	viewer_key(viewer, KEY_POWER);
	assert_int_equal(viewer->log_count, 1);
	assert_int_equal(viewer->log[0].type, UI_EFFECT_STANDBY);
	assert_true(viewer->log[0].on);
	viewer_keys(viewer, asleep, sizeof asleep / sizeof asleep[0]);
	assert_int_equal(viewer->log_count, 1);
	assert_null(viewer_broken_rule(viewer));
	viewer_event(viewer, KEY_POWER, UI_KEY_PRESS);
	assert_int_equal(viewer->log_count, 3);
	assert_int_equal(viewer->log[1].type, UI_EFFECT_STANDBY);
	assert_false(viewer->log[1].on);
	assert_int_equal(viewer->log[2].type, UI_EFFECT_TUNE);
	assert_int_equal(viewer->log[2].channel, MUSIC2);
	assert_string_equal(viewer_look(viewer)->banner.name, "Music 2");
	assert_false(viewer->view.list.visible);
}

static void test_nobody_watches_a_box_that_sleeps(void **state)
{
	struct viewer *viewer = *state;
	int32_t history[UI_HISTORY_MAX];

	viewer_key(viewer, KEY_POWER);
	viewer_wait(viewer, 3600 * S);
	viewer_key(viewer, KEY_CHANNELUP); /* wakes, and no more */
	assert_int_equal(ui_model_current(viewer->model), MUSIC2);
	assert_int_equal(ui_model_history(viewer->model, history), 0);
	viewer_key(viewer, KEY_POWER);
	viewer_tune(viewer, NEWS); /* ctl tune */
	assert_false(ui_model_in_standby(viewer->model));
	assert_int_equal(ui_model_current(viewer->model), NEWS);
}

static void test_quit_and_the_other_keys_of_a_keyboard(void **state)
{
	struct viewer *viewer = *state;

	viewer_key(viewer, KEY_F);
	assert_non_null(viewer_effect(viewer, UI_EFFECT_FULL_SCREEN));
	viewer_key(viewer, KEY_ASPECT_RATIO);
	assert_non_null(viewer_effect(viewer, UI_EFFECT_ASPECT));
	viewer_key(viewer, KEY_Q);
	assert_non_null(viewer_effect(viewer, UI_EFFECT_QUIT));
	viewer_key(viewer, KEY_POWER);
	viewer_forget(viewer);
	viewer_key(viewer, KEY_Q);
	assert_non_null(viewer_effect(viewer, UI_EFFECT_QUIT));
}

static void test_notices_of_the_app(void **state)
{
	struct viewer *viewer = *state;

	ui_model_notice(viewer->model, "16:9", 2 * S, viewer->now_ns);
	assert_string_equal(notice(viewer), "16:9");
	viewer_wait(viewer, 2 * S);
	assert_string_equal(notice(viewer), "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_volume_and_mute),
		TEST(test_tracks),
		TEST(test_more_tracks_than_rows),
		TEST(test_the_menu),
		TEST(test_the_sleep_timer),
		TEST(test_back_stays_on),
		TEST(test_standby_and_back),
		TEST(test_nobody_watches_a_box_that_sleeps),
		TEST(test_quit_and_the_other_keys_of_a_keyboard),
		TEST(test_notices_of_the_app),
	};
	return cmocka_run_group_tests_name("ui_model_box", tests, NULL, NULL);
}
