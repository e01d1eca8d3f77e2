/* ui/model: numbers while they are typed, the banner, figures, and what goes wrong, in words. */
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

static void assert_message(
	struct viewer *viewer, enum ui_signal signal, const char *why, const char *expected)
{
	ui_model_set_signal(viewer->model, ui_model_current(viewer->model), signal, why);
	assert_int_equal(viewer_look(viewer)->message.visible, expected[0] != '\0');
	assert_string_equal(viewer_look(viewer)->message.text, expected);
}

static void test_the_banner_answers_each_press(void **state)
{
	struct viewer *viewer = *state;

	viewer_event(viewer, KEY_CHANNELUP, UI_KEY_PRESS);
	const struct ui_banner_view *banner = &viewer_look(viewer)->banner;
	assert_true(banner->visible);
	assert_false(banner->typing);
	assert_string_equal(banner->number, "2");
	assert_string_equal(banner->name, "Sport");
	assert_string_equal(banner->bouquet, "All channels");
	assert_string_equal(banner->clock, "20:20");
	assert_string_equal(banner->now.title, "Dinner");
	assert_string_equal(banner->now.span, "20:10 \u2013 20:40");
	assert_int_equal(banner->now.progress_permille, 333);
	assert_string_equal(banner->next.title, "Breakfast");
	assert_string_equal(banner->next.span, "20:40 \u2013 21:10");
	assert_int_equal(banner->next.progress_permille, UI_PROGRESS_NONE);
	viewer_wait(viewer, 5 * S - 1);
	assert_true(viewer_look(viewer)->banner.visible);
	viewer_wait(viewer, 1);
	assert_false(viewer_look(viewer)->banner.visible);
}

static void test_numbers(void **state)
{
	struct viewer *viewer = *state;

	viewer_wait(viewer, 10 * S);
	viewer_key(viewer, KEY_NUMERIC_1);
	const struct ui_banner_view *banner = &viewer_look(viewer)->banner;
	assert_true(banner->visible && banner->typing && !banner->unknown);
	assert_string_equal(banner->number, "1");
	assert_string_equal(banner->name, "News");
	assert_string_equal(ui_model_typed(viewer->model), "1");
	viewer_key(viewer, KEY_KP2);
	assert_string_equal(viewer_look(viewer)->banner.name, "Films");
	uint64_t typed_ns = viewer->now_ns - 20 * MS;
	assert_int_equal(viewer->log_count, 0);
	viewer_key(viewer, KEY_3); /* nothing longer begins with 123 */
	assert_tuned(viewer, QANAT, UI_TUNE_NUMBER);
	assert_true(viewer_effect(viewer, UI_EFFECT_TUNE)->at_ns > typed_ns);
	assert_false(viewer_look(viewer)->banner.typing);
	assert_string_equal(viewer_look(viewer)->banner.number, "123");
}

static void test_a_number_tunes_two_seconds_after_its_last_digit(void **state)
{
	struct viewer *viewer = *state;
	uint64_t pressed_ns = viewer->now_ns;

	viewer_event(viewer, KEY_5, UI_KEY_PRESS);
	viewer_wait(viewer, 2 * S - 1);
	assert_int_equal(viewer->log_count, 0);
	viewer_wait(viewer, 1);
	assert_tuned(viewer, MUSIC, UI_TUNE_NUMBER);
	assert_int_equal(viewer_effect(viewer, UI_EFFECT_TUNE)->at_ns, pressed_ns);
}

static void test_ok_tunes_a_number_at_its_press(void **state)
{
	struct viewer *viewer = *state;

	viewer_key(viewer, KEY_5);
	viewer_event(viewer, KEY_OK, UI_KEY_PRESS); /* no wait for the release */
	assert_tuned(viewer, MUSIC, UI_TUNE_NUMBER);
	viewer_event(viewer, KEY_OK, UI_KEY_RELEASE);
	assert_false(viewer_look(viewer)->list.visible);
	static const uint16_t sub[] = {KEY_5, KEY_DOT, KEY_1};
	viewer_keys(viewer, sub, 3);
	assert_tuned(viewer, MUSIC2, UI_TUNE_NUMBER);
}

static void test_a_held_digit_is_one(void **state)
{
	struct viewer *viewer = *state;

	viewer_hold(viewer, KEY_1, S);
	assert_string_equal(ui_model_typed(viewer->model), "1");
}

static void test_back_cancels_a_number(void **state)
{
	struct viewer *viewer = *state;

	viewer_wait(viewer, 10 * S);
	viewer_key(viewer, KEY_5);
	viewer_event(viewer, KEY_BACK, UI_KEY_PRESS);
	assert_false(viewer_look(viewer)->banner.visible);
	viewer_wait(viewer, 10 * S);
	assert_int_equal(viewer->log_count, 0);
}

static void test_a_number_that_does_not_exist_says_so_and_goes_nowhere(void **state)
{
	struct viewer *viewer = *state;
	static const uint16_t digits[] = {KEY_9, KEY_5};

	viewer_keys(viewer, digits, 2);
	const struct ui_banner_view *banner = &viewer_look(viewer)->banner;
	assert_true(banner->visible && banner->typing && banner->unknown);
	assert_string_equal(banner->number, "95");
	assert_string_equal(banner->name, "There is no channel 95");
	assert_int_equal(banner->logo, 0);
	assert_string_equal(ui_model_typed(viewer->model), "");
	viewer_wait(viewer, 10 * S);
	assert_int_equal(viewer->log_count, 0);
	assert_int_equal(ui_model_current(viewer->model), NEWS);
}

static void test_ok_that_is_held_leaves_what_it_said(void **state)
{
	static const struct ui_channel twelve = {.number = "12", .name = "Films"};
	struct viewer *viewer = *state;
	struct ui_effects effects;

	ui_model_set_lineup(viewer->model, &(struct ui_lineup){.channels = &twelve, .count = 1},
		NULL, viewer->now_ns, &effects);
	viewer_key(viewer, KEY_1);
	viewer_hold(viewer, KEY_OK, 450 * MS);
	assert_string_equal(viewer_look(viewer)->banner.name, "There is no channel 1");
	viewer_key(viewer, KEY_OK); /* read it was */
	assert_false(viewer_look(viewer)->banner.typing);
}

static void test_the_line_up_changes_under_a_number(void **state)
{
	static const struct ui_channel one = {.number = "1", .name = "News"};
	struct viewer *viewer = *state;
	struct ui_effects effects;

	viewer_key(viewer, KEY_5);
	ui_model_set_lineup(viewer->model, &(struct ui_lineup){.channels = &one, .count = 1}, NULL,
		viewer->now_ns, &effects);
	assert_string_equal(viewer_look(viewer)->banner.name, "There is no channel 5");
	viewer_wait(viewer, 10 * S);
	assert_null(viewer_effect(viewer, UI_EFFECT_TUNE));
}

static void test_going_elsewhere_drops_the_number(void **state)
{
	struct viewer *viewer = *state;

	viewer_key(viewer, KEY_5);
	viewer_key(viewer, KEY_CHANNELUP);
	assert_tuned(viewer, SPORT, UI_TUNE_UP);
	viewer_wait(viewer, 5 * S);
	assert_int_equal(viewer_count(viewer, UI_EFFECT_TUNE), 1);
	/* Louder is not elsewhere. */
	viewer_key(viewer, KEY_5);
	viewer_key(viewer, KEY_VOLUMEUP);
	assert_string_equal(ui_model_typed(viewer->model), "5");
}

static void test_a_number_stays_readable_without_a_banner(void **state)
{
	struct viewer viewer;

	(void)state;
	viewer_open(&viewer, &(struct ui_model_settings){.banner_ns = 0});
	viewer_tune(&viewer, NEWS);
	viewer_key(&viewer, KEY_CHANNELUP);
	assert_false(viewer_look(&viewer)->banner.visible);
	viewer_key(&viewer, KEY_5);
	viewer_event(&viewer, KEY_OK, UI_KEY_PRESS);
	viewer_wait(&viewer, S / 2 - 1);
	assert_true(viewer_look(&viewer)->banner.visible);
	assert_string_equal(viewer_look(&viewer)->banner.number, "5");
	viewer_wait(&viewer, 1);
	assert_false(viewer_look(&viewer)->banner.visible);
	/* INFO is asked for: there is one then. */
	viewer_key(&viewer, KEY_INFO);
	assert_true(viewer_look(&viewer)->banner.visible);
	viewer_close(&viewer);
}

static void test_info_twice_shows_figures(void **state)
{
	struct viewer *viewer = *state;
	const struct ui_figure figures[] = {{"Zap", "312 ms"}, {"Loss", "0 %"}};

	viewer_wait(viewer, 10 * S);
	viewer_key(viewer, KEY_INFO);
	assert_true(viewer_look(viewer)->banner.visible);
	assert_false(viewer_look(viewer)->stats.visible);
	assert_false(ui_model_wants_figures(viewer->model));
	viewer_key(viewer, KEY_INFO);
	assert_true(ui_model_wants_figures(viewer->model));
	ui_model_set_figures(viewer->model, "This zap", figures, 2);
	const struct ui_stats_view *stats = &viewer_look(viewer)->stats;
	assert_true(stats->visible);
	assert_string_equal(stats->title, "This zap");
	assert_int_equal(stats->row_count, 2);
	assert_string_equal(stats->rows[0].label, "Zap");
	assert_string_equal(stats->rows[1].value, "0 %");
	viewer_wait(viewer, 60 * S); /* it stays */
	assert_true(viewer_look(viewer)->stats.visible);
	viewer_key(viewer, KEY_INFO);
	assert_false(viewer_look(viewer)->stats.visible);
	assert_false(viewer_look(viewer)->banner.visible);
}

static void test_back_takes_things_away(void **state)
{
	struct viewer *viewer = *state;

	viewer_key(viewer, KEY_INFO);
	assert_true(viewer_look(viewer)->stats.visible); /* the banner was there */
	viewer_key(viewer, KEY_BACK);
	assert_false(viewer_look(viewer)->stats.visible);
	assert_false(viewer_look(viewer)->banner.visible);
	assert_int_equal(viewer->log_count, 0);
}

static void test_badges_of_the_banner(void **state)
{
	struct viewer *viewer = *state;
	const char *const names[] = {"German", "English"};
	const struct ui_tracks two = {names, 2, 0}, one = {names, 1, -1};

	assert_int_equal(viewer_look(viewer)->banner.badges, UI_BADGE_HD);
	ui_model_set_tracks(viewer->model, UI_TRACK_AUDIO, &two);
	ui_model_set_tracks(viewer->model, UI_TRACK_SUBTITLE, &one);
	ui_model_set_tracks(viewer->model, UI_TRACK_TEXT, &one);
	assert_int_equal(viewer_look(viewer)->banner.badges,
		UI_BADGE_HD | UI_BADGE_AUDIO | UI_BADGE_SUBTITLE | UI_BADGE_TELETEXT);
	viewer_key(viewer, KEY_CHANNELUP); /* its tracks are not known yet */
	assert_int_equal(viewer_look(viewer)->banner.badges, 0);
	ui_model_set_hd(viewer->model, true);
	ui_model_set_tracks(viewer->model, UI_TRACK_AUDIO, &one);
	assert_int_equal(viewer_look(viewer)->banner.badges, UI_BADGE_HD);
	viewer_event(viewer, KEY_CHANNELUP, UI_KEY_PRESS);
	assert_int_equal(viewer_look(viewer)->banner.badges, UI_BADGE_RADIO | UI_BADGE_FAVOURITE);
	/* What is received is not what the banner of a held key is about. */
	ui_model_set_tracks(viewer->model, UI_TRACK_AUDIO, &two);
	viewer_event(viewer, KEY_CHANNELUP, UI_KEY_REPEAT);
	assert_string_equal(viewer_look(viewer)->banner.name, "Music 2");
	assert_int_equal(viewer_look(viewer)->banner.badges, 0);
}

static void test_a_sentence_says_what_is_wrong_until_it_is_not(void **state)
{
	struct viewer *viewer = *state;

	assert_message(viewer, UI_SIGNAL_TUNING, NULL, "");
	assert_message(viewer, UI_SIGNAL_NONE, NULL, "No signal on channel 1.");
	assert_true(viewer_look(viewer)->banner.badges & UI_BADGE_NO_SIGNAL);
	viewer_wait(viewer, 3600 * S);
	assert_true(viewer_look(viewer)->message.visible);
	assert_message(viewer, UI_SIGNAL_NO_MEMBERSHIP, "eth0 is down",
		"The network does not let us join channel 1: eth0 is down.");
	assert_message(viewer, UI_SIGNAL_WRONG_CODEC, "it has no decoder for H.266",
		"This box cannot play channel 1: it has no decoder for H.266.");
	assert_message(viewer, UI_SIGNAL_ERROR, "the \xff sink\nfailed",
		"Something went wrong on channel 1: the \ufffd sink failed.");
	assert_message(viewer, UI_SIGNAL_PLAYING, NULL, "");
	/* What comes late of a channel that was left is of no interest. */
	ui_model_set_signal(viewer->model, SPORT, UI_SIGNAL_NONE, NULL);
	assert_false(viewer_look(viewer)->message.visible);
	/* A zap away clears it. */
	assert_message(viewer, UI_SIGNAL_NONE, NULL, "No signal on channel 1.");
	viewer_key(viewer, KEY_CHANNELUP);
	assert_false(viewer_look(viewer)->message.visible);
}

/* What is open would cover half of it. */
static void test_a_sentence_makes_way_for_what_is_open(void **state)
{
	static const uint16_t opening[] = {KEY_LIST, KEY_EPG, KEY_MENU};
	struct viewer *viewer = *state;

	assert_message(viewer, UI_SIGNAL_NONE, NULL, "No signal on channel 1.");
	for (size_t i = 0; i < 3; i++) {
		viewer_key(viewer, opening[i]);
		assert_false(viewer_look(viewer)->message.visible);
		viewer_key(viewer, KEY_BACK);
		assert_string_equal(viewer_look(viewer)->message.text, "No signal on channel 1.");
	}
	viewer_key(viewer, KEY_VOLUMEUP); /* a bar at the edge does not */
	assert_true(viewer_look(viewer)->message.visible);
}

static void test_a_right_to_left_name_is_as_it_is(void **state)
{
	struct viewer *viewer = *state;

	viewer_tune(viewer, QANAT);
	assert_string_equal(viewer_look(viewer)->banner.name, "\u0642\u0646\u0627\u0629");
}

static void test_without_a_clock_there_is_neither_time_nor_event(void **state)
{
	struct viewer *viewer = *state;

	ui_model_set_clock(viewer->model, &(struct ui_clock){0}, viewer->now_ns);
	assert_string_equal(viewer_look(viewer)->banner.clock, "");
	assert_string_equal(viewer_look(viewer)->banner.now.title, "");
	assert_int_equal(viewer_look(viewer)->banner.now.progress_permille, UI_PROGRESS_NONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_the_banner_answers_each_press),
		TEST(test_numbers),
		TEST(test_a_number_tunes_two_seconds_after_its_last_digit),
		TEST(test_ok_tunes_a_number_at_its_press),
		TEST(test_a_held_digit_is_one),
		TEST(test_back_cancels_a_number),
		TEST(test_a_number_that_does_not_exist_says_so_and_goes_nowhere),
		TEST(test_ok_that_is_held_leaves_what_it_said),
		TEST(test_the_line_up_changes_under_a_number),
		TEST(test_going_elsewhere_drops_the_number),
		cmocka_unit_test(test_a_number_stays_readable_without_a_banner),
		TEST(test_info_twice_shows_figures),
		TEST(test_back_takes_things_away),
		TEST(test_badges_of_the_banner),
		TEST(test_a_sentence_says_what_is_wrong_until_it_is_not),
		TEST(test_a_sentence_makes_way_for_what_is_open),
		TEST(test_a_right_to_left_name_is_as_it_is),
		TEST(test_without_a_clock_there_is_neither_time_nor_event),
	};
	return cmocka_run_group_tests_name("ui_model_banner", tests, NULL, NULL);
}
