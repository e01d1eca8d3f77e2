/* ui/presses: what presses, repeats and releases of several sources come to. */
#include "tests/support/test.h"

#include <errno.h>
#include <linux/input-event-codes.h>

#include "ui/presses.h"

#define MS UINT64_C(1000000)
#define REMOTE 1
#define OTHER 2

static const uint64_t long_forms = UI_COMMAND_BIT(UI_COMMAND_OK) | UI_COMMAND_BIT(UI_COMMAND_BACK);

struct hands {
	struct ui_keymap keymap;
	struct ui_presses presses;
	struct ui_press_list told;
};

static int set_up(void **state)
{
	struct hands *hands = calloc(1, sizeof *hands);

	ui_keymap_init(&hands->keymap);
	ui_presses_init(&hands->presses, &hands->keymap, NULL);
	ui_presses_set_long_forms(&hands->presses, long_forms);
	*state = hands;
	return 0;
}

static int tear_down(void **state)
{
	free(*state);
	return 0;
}

static void event(struct hands *hands, uint32_t source, uint16_t code, enum ui_key_motion motion,
	uint64_t at_ms)
{
	const struct ui_key_event what = {
		.code = code, .motion = motion, .source = source, .at_ns = at_ms * MS};
	ui_presses_event(&hands->presses, &what, &hands->told);
}

static void assert_nothing(const struct hands *hands)
{
	assert_int_equal(hands->told.count, 0);
}

static void assert_told(const struct hands *hands, size_t i, enum ui_command command,
	uint64_t at_ms, bool is_long, bool is_repeat)
{
	assert_true(i < hands->told.count);
	const struct ui_press *press = &hands->told.list[i];
	assert_int_equal(press->command, command);
	assert_int_equal(press->at_ns, at_ms * MS);
	assert_int_equal(press->is_long, is_long);
	assert_int_equal(press->is_repeat, is_repeat);
}

static void assert_one(const struct hands *hands, enum ui_command command, uint64_t at_ms)
{
	assert_int_equal(hands->told.count, 1);
	assert_told(hands, 0, command, at_ms, false, false);
}

static void test_a_plain_key_is_told_at_its_press(void **state)
{
	struct hands *hands = *state;

	event(hands, REMOTE, KEY_CHANNELUP, UI_KEY_PRESS, 1000);
	assert_one(hands, UI_COMMAND_CHANNEL_UP, 1000);
	assert_true(ui_presses_deadline(&hands->presses) == UINT64_MAX);
	event(hands, REMOTE, KEY_CHANNELUP, UI_KEY_RELEASE, 1050);
	assert_nothing(hands);
}

static void test_repeats_are_told_as_such(void **state)
{
	struct hands *hands = *state;

	event(hands, REMOTE, KEY_DOWN, UI_KEY_PRESS, 1000);
	for (uint64_t at_ms = 1250; at_ms < 1600; at_ms += 33) {
		event(hands, REMOTE, KEY_DOWN, UI_KEY_REPEAT, at_ms);
		assert_int_equal(hands->told.count, 1);
		assert_told(hands, 0, UI_COMMAND_DOWN, at_ms, false, true);
	}
}

static void test_a_short_ok_is_told_at_its_release(void **state)
{
	struct hands *hands = *state;

	event(hands, REMOTE, KEY_OK, UI_KEY_PRESS, 1000);
	assert_nothing(hands);
	assert_int_equal(ui_presses_deadline(&hands->presses), 1500 * MS);
	event(hands, REMOTE, KEY_OK, UI_KEY_REPEAT, 1250);
	assert_nothing(hands);
	event(hands, REMOTE, KEY_OK, UI_KEY_RELEASE, 1499);
	assert_one(hands, UI_COMMAND_OK, 1499);
	assert_true(ui_presses_deadline(&hands->presses) == UINT64_MAX);
}

static void test_a_long_back_is_told_while_it_is_held(void **state)
{
	struct hands *hands = *state;

	event(hands, REMOTE, KEY_BACK, UI_KEY_PRESS, 1000);
	ui_presses_expire(&hands->presses, 1499 * MS, &hands->told);
	assert_nothing(hands);
	ui_presses_expire(&hands->presses, 1510 * MS, &hands->told);
	assert_int_equal(hands->told.count, 1);
	assert_told(hands, 0, UI_COMMAND_BACK, 1500, true, false);
	event(hands, REMOTE, KEY_BACK, UI_KEY_REPEAT, 1530);
	assert_nothing(hands);
	event(hands, REMOTE, KEY_BACK, UI_KEY_RELEASE, 2000);
	assert_nothing(hands);
}

/* The release was read late, behind the deadline, but stamped before it; and the other way round.
 */
static void test_stamps_decide_what_was_long(void **state)
{
	struct hands *hands = *state;

	event(hands, REMOTE, KEY_OK, UI_KEY_PRESS, 1000);
	event(hands, REMOTE, KEY_OK, UI_KEY_RELEASE, 1200);
	assert_one(hands, UI_COMMAND_OK, 1200);
	event(hands, REMOTE, KEY_OK, UI_KEY_PRESS, 3000);
	event(hands, REMOTE, KEY_OK, UI_KEY_RELEASE, 3700);
	assert_int_equal(hands->told.count, 1);
	assert_told(hands, 0, UI_COMMAND_OK, 3500, true, false);
}

static void test_without_a_long_form_ok_is_told_at_its_press(void **state)
{
	struct hands *hands = *state;

	ui_presses_set_long_forms(&hands->presses, 0);
	event(hands, REMOTE, KEY_OK, UI_KEY_PRESS, 1000);
	assert_one(hands, UI_COMMAND_OK, 1000);
	/* What it opened gave OK a long form: this press is over all the same. */
	ui_presses_set_long_forms(&hands->presses, long_forms);
	event(hands, REMOTE, KEY_OK, UI_KEY_REPEAT, 1300);
	assert_nothing(hands);
	event(hands, REMOTE, KEY_OK, UI_KEY_RELEASE, 1900);
	assert_nothing(hands);
}

/* Fingers that roll over the keys of a keyboard: the next one is down before the last one is up. */
static void test_keys_keep_their_order(void **state)
{
	struct hands *hands = *state;

	event(hands, REMOTE, KEY_OK, UI_KEY_PRESS, 1000);
	event(hands, REMOTE, KEY_DOWN, UI_KEY_PRESS, 1080);
	assert_int_equal(hands->told.count, 2);
	assert_told(hands, 0, UI_COMMAND_OK, 1080, false, false);
	assert_told(hands, 1, UI_COMMAND_DOWN, 1080, false, false);
	event(hands, REMOTE, KEY_OK, UI_KEY_RELEASE, 1100);
	assert_nothing(hands);
	event(hands, REMOTE, KEY_DOWN, UI_KEY_RELEASE, 1120);
	/* Two that both have a long form; the second one may still become one. */
	event(hands, REMOTE, KEY_BACK, UI_KEY_PRESS, 2000);
	event(hands, REMOTE, KEY_OK, UI_KEY_PRESS, 2100);
	assert_one(hands, UI_COMMAND_BACK, 2100);
	event(hands, REMOTE, KEY_BACK, UI_KEY_RELEASE, 2700);
	assert_int_equal(hands->told.count, 1);
	assert_told(hands, 0, UI_COMMAND_OK, 2600, true, false);
}

static void test_a_tap_is_over_at_once(void **state)
{
	struct hands *hands = *state;

	event(hands, UI_KEY_SOURCE_TAPS, KEY_OK, UI_KEY_PRESS, 1000);
	assert_one(hands, UI_COMMAND_OK, 1000);
	event(hands, UI_KEY_SOURCE_TAPS, KEY_OK, UI_KEY_PRESS, 1001);
	assert_one(hands, UI_COMMAND_OK, 1001);
	assert_true(ui_presses_deadline(&hands->presses) == UINT64_MAX);
}

static void test_two_sources_hold_the_same_key(void **state)
{
	struct hands *hands = *state;

	event(hands, REMOTE, KEY_OK, UI_KEY_PRESS, 1000);
	event(hands, OTHER, KEY_OK, UI_KEY_PRESS, 1100);
	event(hands, OTHER, KEY_OK, UI_KEY_RELEASE, 1200);
	assert_one(hands, UI_COMMAND_OK, 1200);
	assert_int_equal(ui_presses_deadline(&hands->presses), 1500 * MS);
	event(hands, OTHER, KEY_UP, UI_KEY_PRESS, 1600);
	assert_int_equal(hands->told.count, 2);
	assert_told(hands, 0, UI_COMMAND_OK, 1500, true, false);
	assert_told(hands, 1, UI_COMMAND_UP, 1600, false, false);
}

static void test_a_repeat_of_a_key_that_was_not_pressed_is_nothing(void **state)
{
	struct hands *hands = *state;

	event(hands, REMOTE, KEY_UP, UI_KEY_REPEAT, 1000);
	assert_nothing(hands);
	event(hands, REMOTE, KEY_UP, UI_KEY_RELEASE, 1001);
	assert_nothing(hands);
}

static void test_a_lost_release_loses_no_press(void **state)
{
	struct hands *hands = *state;

	event(hands, REMOTE, KEY_UP, UI_KEY_PRESS, 1000);
	event(hands, REMOTE, KEY_UP, UI_KEY_PRESS, 1100);
	assert_one(hands, UI_COMMAND_UP, 1100);
	event(hands, REMOTE, KEY_OK, UI_KEY_PRESS, 1200);
	event(hands, REMOTE, KEY_OK, UI_KEY_PRESS, 1300);
	assert_one(hands, UI_COMMAND_OK, 1300);
	assert_int_equal(ui_presses_deadline(&hands->presses), 1800 * MS);
}

static void test_a_source_without_repeats_gets_ours(void **state)
{
	struct hands *hands = *state;

	assert_int_equal(ui_presses_make_repeats(&hands->presses, REMOTE), 0);
	event(hands, REMOTE, KEY_DOWN, UI_KEY_PRESS, 1000);
	assert_one(hands, UI_COMMAND_DOWN, 1000);
	for (uint64_t at_ms = 1400; at_ms < 1600; at_ms += 40) {
		assert_int_equal(ui_presses_deadline(&hands->presses), at_ms * MS);
		ui_presses_expire(&hands->presses, at_ms * MS, &hands->told);
		assert_int_equal(hands->told.count, 1);
		assert_told(hands, 0, UI_COMMAND_DOWN, at_ms, false, true);
	}
	/* A loop that was late for a second gets one of them, not 25. */
	ui_presses_expire(&hands->presses, 2600 * MS, &hands->told);
	assert_int_equal(hands->told.count, 1);
	assert_int_equal(ui_presses_deadline(&hands->presses), 2640 * MS);
	event(hands, REMOTE, KEY_DOWN, UI_KEY_RELEASE, 2610);
	assert_true(ui_presses_deadline(&hands->presses) == UINT64_MAX);
	/* It does repeat, after all: then its repeats count. */
	event(hands, REMOTE, KEY_DOWN, UI_KEY_PRESS, 2700);
	event(hands, REMOTE, KEY_DOWN, UI_KEY_REPEAT, 2950);
	assert_told(hands, 0, UI_COMMAND_DOWN, 2950, false, true);
	assert_true(ui_presses_deadline(&hands->presses) == UINT64_MAX);
	event(hands, REMOTE, KEY_DOWN, UI_KEY_RELEASE, 2960);
	/* A long form repeats no more here than elsewhere. */
	event(hands, REMOTE, KEY_OK, UI_KEY_PRESS, 3000);
	ui_presses_expire(&hands->presses, 3500 * MS, &hands->told);
	assert_told(hands, 0, UI_COMMAND_OK, 3500, true, false);
	assert_true(ui_presses_deadline(&hands->presses) == UINT64_MAX);
}

static void test_a_source_that_vanishes_releases_its_keys(void **state)
{
	struct hands *hands = *state;

	ui_presses_make_repeats(&hands->presses, REMOTE);
	event(hands, REMOTE, KEY_DOWN, UI_KEY_PRESS, 1000);
	event(hands, REMOTE, KEY_BACK, UI_KEY_PRESS, 1100);
	event(hands, OTHER, KEY_OK, UI_KEY_PRESS, 1200);
	ui_presses_source_gone(&hands->presses, REMOTE, 1300 * MS, &hands->told);
	assert_one(hands, UI_COMMAND_BACK, 1300);
	/* What is left is the other's. */
	assert_int_equal(ui_presses_deadline(&hands->presses), 1700 * MS);
	event(hands, OTHER, KEY_OK, UI_KEY_RELEASE, 1400);
	assert_one(hands, UI_COMMAND_OK, 1400);
	assert_true(ui_presses_deadline(&hands->presses) == UINT64_MAX);
	/* Its number may be another device's now, which repeats by itself. */
	event(hands, REMOTE, KEY_DOWN, UI_KEY_REPEAT, 1500);
	assert_nothing(hands);
	event(hands, REMOTE, KEY_DOWN, UI_KEY_PRESS, 1600);
	assert_true(ui_presses_deadline(&hands->presses) == UINT64_MAX);
}

static void test_as_many_sources_as_there_is_room_for(void **state)
{
	struct hands *hands = *state;

	for (uint32_t source = 1; source <= UI_SOURCES_MAX; source++)
		assert_int_equal(ui_presses_make_repeats(&hands->presses, source), 0);
	assert_int_equal(ui_presses_make_repeats(&hands->presses, 1), 0);
	assert_int_equal(ui_presses_make_repeats(&hands->presses, 99), -ENOSPC);
	ui_presses_source_gone(&hands->presses, 5, 0, &hands->told);
	assert_int_equal(ui_presses_make_repeats(&hands->presses, 99), 0);
}

/* Somebody sits on the keyboard. */
static void test_more_keys_than_fingers(void **state)
{
	struct hands *hands = *state;
	size_t told = 0;

	event(hands, REMOTE, KEY_OK, UI_KEY_PRESS, 1000);
	for (uint32_t i = 0; i < 100; i++) {
		event(hands, OTHER + i, KEY_UP, UI_KEY_PRESS, 1001 + i);
		told += hands->told.count;
	}
	/* Each was told, and so was OK, whose place was needed. */
	assert_int_equal(told, 101);
	assert_int_equal(hands->presses.held_count, UI_HELD_MAX);
}

static void test_a_key_that_changes_its_meaning_while_held(void **state)
{
	struct hands *hands = *state;

	event(hands, REMOTE, KEY_UP, UI_KEY_PRESS, 1000);
	hands->keymap.commands[KEY_UP] = UI_COMMAND_QUIT;
	event(hands, REMOTE, KEY_UP, UI_KEY_REPEAT, 1300);
	assert_told(hands, 0, UI_COMMAND_UP, 1300, false, true);
}

static void test_ten_thousand_keys_a_second(void **state)
{
	struct hands *hands = *state;
	size_t told = 0;

	for (uint64_t i = 0; i < 10000; i++) {
		uint16_t code = i % 3 ? KEY_CHANNELUP : KEY_OK;
		const struct ui_key_event press = {code, UI_KEY_PRESS, REMOTE, i * 100000};
		const struct ui_key_event release = {code, UI_KEY_RELEASE, REMOTE, i * 100000 + 50};
		ui_presses_event(&hands->presses, &press, &hands->told);
		told += hands->told.count;
		ui_presses_event(&hands->presses, &release, &hands->told);
		told += hands->told.count;
	}
	assert_int_equal(told, 10000);
	assert_int_equal(hands->presses.held_count, 0);
}

static void test_stamps_at_the_end_of_time(void **state)
{
	struct hands *hands = *state;

	ui_presses_make_repeats(&hands->presses, REMOTE);
	event(hands, REMOTE, KEY_UP, UI_KEY_PRESS, 1000);
	const struct ui_key_event last = {KEY_OK, UI_KEY_PRESS, REMOTE, UINT64_MAX};
	ui_presses_event(&hands->presses, &last, &hands->told);
	assert_int_equal(hands->told.count, 1); /* our repeat of UP; OK is open */
	ui_presses_expire(&hands->presses, UINT64_MAX, &hands->told);
	assert_nothing(hands);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_plain_key_is_told_at_its_press),
		TEST(test_repeats_are_told_as_such),
		TEST(test_a_short_ok_is_told_at_its_release),
		TEST(test_a_long_back_is_told_while_it_is_held),
		TEST(test_stamps_decide_what_was_long),
		TEST(test_without_a_long_form_ok_is_told_at_its_press),
		TEST(test_keys_keep_their_order),
		TEST(test_a_tap_is_over_at_once),
		TEST(test_two_sources_hold_the_same_key),
		TEST(test_a_repeat_of_a_key_that_was_not_pressed_is_nothing),
		TEST(test_a_lost_release_loses_no_press),
		TEST(test_a_source_without_repeats_gets_ours),
		TEST(test_a_source_that_vanishes_releases_its_keys),
		TEST(test_as_many_sources_as_there_is_room_for),
		TEST(test_more_keys_than_fingers),
		TEST(test_a_key_that_changes_its_meaning_while_held),
		TEST(test_ten_thousand_keys_a_second),
		TEST(test_stamps_at_the_end_of_time),
	};
	return cmocka_run_group_tests_name("ui_presses", tests, NULL, NULL);
}
