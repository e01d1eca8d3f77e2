/* ui/model: locks, and the PIN that opens them. */
#include "tests/support/test.h"

#include <string.h>

#include "tests/support/viewer.h"

#define S VIEWER_S
#define MS VIEWER_MS

static const uint16_t pin[] = {KEY_2, KEY_NUMERIC_5, KEY_KP8, KEY_0};
static const uint16_t wrong[] = {KEY_1, KEY_1, KEY_1, KEY_1};

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

static const struct ui_pin_view *asked(struct viewer *viewer)
{
	return &viewer_look(viewer)->pin;
}

static const char *notice(struct viewer *viewer)
{
	return viewer_look(viewer)->notice.visible ? viewer->view.notice.text : "";
}

static void test_a_locked_channel_is_not_tuned_without_its_pin(void **state)
{
	struct viewer *viewer = *state;

	viewer_key(viewer, KEY_CHANNELUP);
	assert_int_equal(viewer->log_count, 1);
	assert_int_equal(viewer->log[0].type, UI_EFFECT_BLOCK);
	assert_int_equal(viewer->log[0].channel, FILMS);
	assert_int_equal(ui_model_current(viewer->model), FILMS);
	assert_true(asked(viewer)->visible);
	assert_int_equal(asked(viewer)->wanted, 4);
	assert_int_equal(asked(viewer)->typed, 0);
	assert_non_null(strstr(asked(viewer)->title, "Films"));
	assert_false(viewer_look(viewer)->message.visible);
	viewer_key(viewer, KEY_2);
	viewer_key(viewer, KEY_5);
	assert_int_equal(asked(viewer)->typed, 2);
	assert_false(viewer_look(viewer)->banner.typing);
	viewer_key(viewer, KEY_LEFT); /* a digit back */
	assert_int_equal(asked(viewer)->typed, 1);
	viewer_keys(viewer, pin + 1, 3);
	assert_false(asked(viewer)->visible);
	assert_false(viewer_look(viewer)->message.visible);
	assert_int_equal(viewer->log_count, 3);
	assert_int_equal(viewer->log[1].type, UI_EFFECT_UNLOCK);
	assert_int_equal(viewer->log[1].channel, FILMS);
	assert_int_equal(viewer->log[2].type, UI_EFFECT_TUNE);
	assert_int_equal(viewer->log[2].channel, FILMS);
	assert_int_equal(viewer->log[2].how, UI_TUNE_UP);
}

static void test_zapping_goes_on_from_a_locked_channel(void **state)
{
	struct viewer *viewer = *state;

	viewer_key(viewer, KEY_CHANNELUP);
	viewer_key(viewer, KEY_CHANNELUP);
	assert_false(asked(viewer)->visible);
	assert_int_equal(viewer_effect(viewer, UI_EFFECT_TUNE)->channel, QANAT);
	/* Held over it: it is not asked for before the key has settled. */
	viewer_tune(viewer, MUSIC);
	viewer_hold(viewer, KEY_CHANNELUP, 260 * MS);
	assert_string_equal(viewer_look(viewer)->banner.name, "Films");
	assert_false(asked(viewer)->visible);
	viewer_wait(viewer, 250 * MS);
	assert_true(asked(viewer)->visible);
	assert_int_equal(viewer_count(viewer, UI_EFFECT_BLOCK), 1);
}

static void test_back_leaves_the_question_and_ok_asks_again(void **state)
{
	struct viewer *viewer = *state;

	viewer_key(viewer, KEY_CHANNELUP);
	viewer_key(viewer, KEY_2);
	viewer_key(viewer, KEY_BACK);
	assert_false(asked(viewer)->visible);
	assert_string_equal(
		viewer_look(viewer)->message.text, "Channel 12 is locked. OK asks for the PIN.");
	viewer_key(viewer, KEY_OK);
	assert_true(asked(viewer)->visible);
	assert_int_equal(asked(viewer)->typed, 0);
	viewer_keys(viewer, pin, 4);
	assert_int_equal(viewer_effect(viewer, UI_EFFECT_TUNE)->channel, FILMS);
}

static void test_five_wrong_pins_have_to_wait(void **state)
{
	struct viewer *viewer = *state;

	viewer_key(viewer, KEY_CHANNELUP);
	for (int i = 0; i < 4; i++) {
		viewer_keys(viewer, wrong, 4);
		assert_string_equal(asked(viewer)->hint, "Wrong PIN.");
	}
	viewer_key(viewer, KEY_BACK); /* leaving and coming back does not help */
	viewer_key(viewer, KEY_OK);
	assert_string_equal(asked(viewer)->hint, "");
	viewer_keys(viewer, wrong, 4);
	assert_string_equal(asked(viewer)->hint, "Too many wrong PINs: wait 60 s.");
	uint64_t waits_ns = viewer->now_ns;
	viewer_keys(viewer, pin, 4);
	assert_int_equal(asked(viewer)->typed, 0);
	assert_null(viewer_effect(viewer, UI_EFFECT_TUNE));
	viewer_key(viewer, KEY_POWER); /* nor does the other big red key */
	viewer_key(viewer, KEY_POWER);
	viewer_wait(viewer, waits_ns + 17 * S - viewer->now_ns);
	assert_string_equal(asked(viewer)->hint, "Too many wrong PINs: wait 43 s.");
	assert_null(viewer_broken_rule(viewer));
	viewer_wait(viewer, 43 * S);
	assert_string_equal(asked(viewer)->hint, "");
	viewer_keys(viewer, pin, 4);
	assert_int_equal(viewer_effect(viewer, UI_EFFECT_TUNE)->channel, FILMS);
}

static void test_a_right_pin_forgives_the_wrong_ones(void **state)
{
	struct viewer *viewer = *state;

	for (int i = 0; i < 2; i++) {
		viewer_key(viewer, KEY_CHANNELUP);
		for (int j = 0; j < 3; j++)
			viewer_keys(viewer, wrong, 4);
		viewer_keys(viewer, pin, 4);
		assert_int_equal(viewer_effect(viewer, UI_EFFECT_TUNE)->channel, FILMS);
		viewer_tune(viewer, MUSIC2);
		viewer_wait(viewer, 6 * S);
	}
}

static void test_the_pin_is_asked_for_again_when_another_was_watched(void **state)
{
	struct viewer *viewer = *state;

	viewer_key(viewer, KEY_CHANNELUP);
	viewer_keys(viewer, pin, 4);
	viewer_key(viewer, KEY_CHANNELDOWN); /* just a look */
	viewer_wait(viewer, 2 * S);
	viewer_key(viewer, KEY_CHANNELUP);
	assert_int_equal(viewer_effect(viewer, UI_EFFECT_TUNE)->channel, FILMS);
	viewer_key(viewer, KEY_CHANNELDOWN);
	viewer_wait(viewer, 6 * S);
	viewer_forget(viewer);
	viewer_key(viewer, KEY_CHANNELUP);
	assert_null(viewer_effect(viewer, UI_EFFECT_TUNE));
	assert_true(asked(viewer)->visible);
	viewer_keys(viewer, pin, 4);
	viewer_key(viewer, KEY_POWER); /* and after standby */
	viewer_forget(viewer);
	viewer_key(viewer, KEY_POWER);
	assert_null(viewer_effect(viewer, UI_EFFECT_TUNE));
	assert_true(asked(viewer)->visible);
}

static void test_locking_and_unlocking(void **state)
{
	static const uint16_t menu[] = {KEY_MENU, KEY_DOWN, KEY_OK};
	struct viewer *viewer = *state;

	viewer_keys(viewer, menu, 3);
	const struct ui_effect *lock = viewer_effect(viewer, UI_EFFECT_LOCK);
	assert_int_equal(lock->channel, MUSIC2);
	assert_true(lock->on);
	assert_non_null(strstr(notice(viewer), "is locked now"));
	assert_false(asked(viewer)->visible); /* it is watched on, and after a look elsewhere */
	viewer_key(viewer, KEY_CHANNELDOWN);
	viewer_key(viewer, KEY_CHANNELUP);
	assert_int_equal(viewer_effect(viewer, UI_EFFECT_TUNE)->channel, MUSIC2);
	assert_false(asked(viewer)->visible);
	viewer_forget(viewer);
	viewer_keys(viewer, menu, 3);
	assert_non_null(strstr(asked(viewer)->title, "unlock"));
	viewer_keys(viewer, wrong, 4);
	assert_int_equal(viewer_count(viewer, UI_EFFECT_LOCK), 0);
	viewer_keys(viewer, pin, 4);
	assert_false(viewer_effect(viewer, UI_EFFECT_LOCK)->on);
	assert_int_equal(viewer_count(viewer, UI_EFFECT_TUNE), 0);
	/* Red in the list, on the channel that is blocked: it plays then. */
	viewer_key(viewer, KEY_CHANNELUP);
	viewer_key(viewer, KEY_LIST);
	assert_true(viewer_look(viewer)->list.visible);
	viewer_key(viewer, KEY_RED);
	viewer_keys(viewer, pin, 4);
	assert_int_equal(viewer_effect(viewer, UI_EFFECT_LOCK)->channel, FILMS);
	assert_int_equal(viewer_effect(viewer, UI_EFFECT_TUNE)->channel, FILMS);
}

static void test_a_line_up_without_the_lock_plays(void **state)
{
	struct viewer *viewer = *state;
	struct ui_channel channels[VIEWER_CHANNELS];
	struct ui_lineup lineup = *viewer_lineup();
	static const int32_t same[] = {0, 1, 2, 3, 4, 5, 6};
	struct ui_effects effects;

	viewer_key(viewer, KEY_CHANNELUP);
	memcpy(channels, lineup.channels, sizeof channels);
	channels[FILMS].flags = 0;
	lineup.channels = channels;
	ui_model_set_lineup(viewer->model, &lineup, same, viewer->now_ns, &effects);
	assert_int_equal(effects.count, 1);
	assert_int_equal(effects.list[0].type, UI_EFFECT_TUNE);
	assert_int_equal(effects.list[0].channel, FILMS);
	assert_false(asked(viewer)->visible);
}

static void test_without_a_pin(void **state)
{
	static const char *const bad[] = {NULL, "", "123", "123456789", "12a4"};

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		struct viewer viewer;
		viewer_open(&viewer, &(struct ui_model_settings){.banner_ns = S, .pin = bad[i]});
		viewer_tune(&viewer, MUSIC2);
		viewer_key(&viewer, KEY_CHANNELUP); /* stays locked, and says why */
		assert_string_equal(asked(&viewer)->hint, "No PIN is set on this box.");
		viewer_keys(&viewer, wrong, 4);
		assert_null(viewer_effect(&viewer, UI_EFFECT_TUNE));
		viewer_key(&viewer, KEY_CHANNELDOWN);
		viewer_key(&viewer, KEY_MENU);
		viewer_key(&viewer, KEY_DOWN);
		viewer_key(&viewer, KEY_OK);
		assert_null(viewer_effect(&viewer, UI_EFFECT_LOCK));
		assert_non_null(strstr(notice(&viewer), "No PIN is set"));
		viewer_close(&viewer);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_locked_channel_is_not_tuned_without_its_pin),
		TEST(test_zapping_goes_on_from_a_locked_channel),
		TEST(test_back_leaves_the_question_and_ok_asks_again),
		TEST(test_five_wrong_pins_have_to_wait),
		TEST(test_a_right_pin_forgives_the_wrong_ones),
		TEST(test_the_pin_is_asked_for_again_when_another_was_watched),
		TEST(test_locking_and_unlocking),
		TEST(test_a_line_up_without_the_lock_plays),
		cmocka_unit_test(test_without_a_pin),
	};
	return cmocka_run_group_tests_name("ui_model_pin", tests, NULL, NULL);
}
