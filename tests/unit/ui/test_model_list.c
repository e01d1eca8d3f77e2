/* ui/model: the channel list, bouquets, favourites, and the channels last watched. */
#include "tests/support/test.h"

#include <string.h>

#include "tests/support/viewer.h"

#define S VIEWER_S
#define MS VIEWER_MS

static int set_up(void **state)
{
	struct viewer *viewer = malloc(sizeof *viewer);

	viewer_open(viewer, NULL);
	viewer_tune(viewer, SPORT);
	*state = viewer;
	return 0;
}

static int tear_down(void **state)
{
	viewer_close(*state);
	free(*state);
	return 0;
}

static const struct ui_list_view *list(struct viewer *viewer)
{
	return &viewer_look(viewer)->list;
}

static const char *selected(struct viewer *viewer)
{
	const struct ui_list_view *view = list(viewer);

	return view->rows[view->selected].name;
}

static void test_ok_opens_the_list_on_the_current_channel(void **state)
{
	struct viewer *viewer = *state;

	viewer_event(viewer, KEY_OK, UI_KEY_PRESS);
	assert_false(list(viewer)->visible); /* it may become a long one */
	viewer_wait(viewer, 60 * MS);
	viewer_event(viewer, KEY_OK, UI_KEY_RELEASE);
	const struct ui_list_view *view = list(viewer);
	assert_true(view->visible);
	assert_string_equal(view->title, "All channels");
	assert_int_equal(view->total, VIEWER_CHANNELS);
	assert_int_equal(view->row_count, VIEWER_CHANNELS);
	assert_int_equal(view->first, 0);
	assert_int_equal(view->selected, SPORT);
	assert_true(view->has_left && view->has_right);
	assert_string_equal(view->rows[SPORT].number, "2");
	assert_int_equal(view->rows[SPORT].badges, UI_BADGE_PLAYING);
	assert_string_equal(view->rows[SPORT].now.title, "Dinner");
	assert_int_equal(view->rows[SPORT].now.progress_permille, 333);
	assert_int_equal(view->rows[NEWS].badges, UI_BADGE_HD);
	assert_int_equal(view->rows[NEWS].logo, 7);
	assert_int_equal(view->rows[BROKEN].badges, UI_BADGE_NO_SIGNAL);
	assert_string_equal(view->rows[BROKEN].now.title, "");
	assert_int_equal(view->rows[FILMS].badges, UI_BADGE_LOCKED);
	assert_int_equal(view->rows[MUSIC].badges, UI_BADGE_RADIO | UI_BADGE_FAVOURITE);
	assert_false(viewer_look(viewer)->banner.visible);
}

static void test_ok_in_the_list_tunes(void **state)
{
	struct viewer *viewer = *state;

	viewer_key(viewer, KEY_OK);
	viewer_key(viewer, KEY_UP);
	assert_string_equal(selected(viewer), "News");
	assert_int_equal(viewer->log_count, 0); /* nothing is tuned by looking */
	viewer_key(viewer, KEY_UP);
	assert_string_equal(selected(viewer), "\u0642\u0646\u0627\u0629"); /* around the end */
	viewer_key(viewer, KEY_DOWN);
	viewer_key(viewer, KEY_OK);
	assert_false(list(viewer)->visible);
	assert_int_equal(viewer_count(viewer, UI_EFFECT_TUNE), 1);
	assert_int_equal(viewer_effect(viewer, UI_EFFECT_TUNE)->channel, NEWS);
	assert_int_equal(viewer_effect(viewer, UI_EFFECT_TUNE)->how, UI_TUNE_LIST);
	assert_string_equal(viewer_look(viewer)->banner.name, "News");
}

static void test_back_exit_and_list_close_it(void **state)
{
	static const uint16_t closing[] = {KEY_BACK, KEY_ESC, KEY_EXIT, KEY_LIST};
	struct viewer *viewer = *state;

	for (size_t i = 0; i < 4; i++) {
		viewer_key(viewer, KEY_OK);
		assert_true(list(viewer)->visible);
		viewer_event(viewer, closing[i], UI_KEY_PRESS); /* at the press */
		assert_false(list(viewer)->visible);
		viewer_event(viewer, closing[i], UI_KEY_RELEASE);
	}
	assert_int_equal(viewer->log_count, 0);
}

static void test_a_held_key_stops_at_the_end(void **state)
{
	struct viewer *viewer = *state;

	viewer_key(viewer, KEY_OK);
	viewer_hold(viewer, KEY_DOWN, 2 * S);
	assert_int_equal(list(viewer)->selected, VIEWER_CHANNELS - 1);
	viewer_hold(viewer, KEY_UP, 2100 * MS);
	assert_int_equal(list(viewer)->selected, 0);
}

static void test_pages_of_a_long_list(void **state)
{
	static struct ui_channel channels[100];
	static char numbers[100][8];
	struct viewer *viewer = *state;
	struct ui_effects effects;

	for (int i = 0; i < 100; i++) {
		snprintf(numbers[i], sizeof numbers[i], "%d", i + 1);
		channels[i] = (struct ui_channel){.number = numbers[i], .name = numbers[i]};
	}
	ui_model_set_lineup(viewer->model, &(struct ui_lineup){.channels = channels, .count = 100},
		NULL, viewer->now_ns, &effects);
	ui_model_set_rows(viewer->model, 10, 5);
	viewer_tune(viewer, 49);
	viewer_key(viewer, KEY_OK);
	assert_string_equal(selected(viewer), "50");
	assert_int_equal(list(viewer)->row_count, 10);
	assert_int_equal(list(viewer)->selected, 5); /* in the middle */
	viewer_key(viewer, KEY_PAGEDOWN);
	assert_string_equal(selected(viewer), "60");
	viewer_key(viewer, KEY_CHANNELDOWN);
	assert_string_equal(selected(viewer), "70");
	viewer_key(viewer, KEY_PAGEUP);
	viewer_key(viewer, KEY_CHANNELUP);
	assert_string_equal(selected(viewer), "50");
	for (int i = 0; i < 6; i++)
		viewer_key(viewer, KEY_PAGEUP);
	assert_string_equal(selected(viewer), "1"); /* a page does not go around */
	for (int i = 0; i < 12; i++)
		viewer_key(viewer, KEY_PAGEDOWN);
	assert_string_equal(selected(viewer), "100");
	assert_int_equal(list(viewer)->first, 90);
	viewer_key(viewer, KEY_EPG);
	assert_int_equal(viewer_look(viewer)->guide.row_count, 5);
}

static void test_bouquets_with_left_and_right(void **state)
{
	struct viewer *viewer = *state;
	static const char *const titles[] = {"Sports", "Mixed", "Favourites", "All channels"};

	viewer_key(viewer, KEY_OK);
	for (size_t i = 0; i < 4; i++) {
		viewer_key(viewer, KEY_RIGHT);
		assert_string_equal(list(viewer)->title, titles[i]);
	}
	assert_string_equal(selected(viewer), "Sport");
	viewer_key(viewer, KEY_LEFT);
	viewer_key(viewer, KEY_LEFT);
	assert_string_equal(list(viewer)->title, "Mixed");
	assert_string_equal(selected(viewer), "\u0642\u0646\u0627\u0629");
}

static void test_up_and_down_stay_within_the_bouquet(void **state)
{
	struct viewer *viewer = *state;
	static const uint16_t choose[] = {KEY_OK, KEY_RIGHT, KEY_DOWN, KEY_OK};

	viewer_keys(viewer, choose, 4); /* Sports: Sport, Music 2 */
	assert_int_equal(ui_model_current(viewer->model), MUSIC2);
	assert_string_equal(viewer_look(viewer)->banner.bouquet, "Sports");
	viewer_key(viewer, KEY_CHANNELUP);
	assert_int_equal(ui_model_current(viewer->model), SPORT);
	viewer_key(viewer, KEY_CHANNELUP);
	assert_int_equal(ui_model_current(viewer->model), MUSIC2);
	viewer_key(viewer, KEY_OK);
	assert_string_equal(list(viewer)->title, "Sports");
	viewer_key(viewer, KEY_BACK);
	/* A number leads out of it. */
	viewer_key(viewer, KEY_1);
	viewer_key(viewer, KEY_OK);
	assert_string_equal(viewer_look(viewer)->banner.bouquet, "All channels");
	viewer_key(viewer, KEY_CHANNELUP);
	assert_int_equal(ui_model_current(viewer->model), SPORT);
}

/* A channel that stands in its bouquet twice must not keep the viewer between the two. */
static void test_a_bouquet_with_a_channel_twice(void **state)
{
	static const uint32_t twice[] = {NEWS, SPORT, NEWS, NEWS, MUSIC};
	static const struct ui_bouquet bouquet = {"Twice", twice, 5};
	static const uint16_t choose[] = {KEY_OK, KEY_RIGHT, KEY_OK};
	static const int32_t expected[] = {SPORT, NEWS, MUSIC, NEWS, SPORT};
	struct viewer *viewer = *state;
	struct ui_lineup lineup = *viewer_lineup();
	struct ui_effects effects;

	lineup.bouquets = &bouquet;
	lineup.bouquet_count = 1;
	ui_model_set_lineup(viewer->model, &lineup, NULL, viewer->now_ns, &effects);
	viewer_tune(viewer, NEWS);
	viewer_keys(viewer, choose, 3);
	for (size_t i = 0; i < 5; i++) {
		viewer_key(viewer, KEY_CHANNELUP);
		assert_int_equal(ui_model_current(viewer->model), expected[i]);
	}
	viewer_key(viewer, KEY_CHANNELUP);
	viewer_key(viewer, KEY_OK); /* on the second of them */
	assert_int_equal(list(viewer)->selected, 2);
}

static void test_a_long_ok_opens_the_bouquets(void **state)
{
	struct viewer *viewer = *state;

	viewer_event(viewer, KEY_OK, UI_KEY_PRESS);
	viewer_wait(viewer, 500 * MS); /* it is there while the key is still held */
	assert_string_equal(list(viewer)->title, "Bouquets");
	viewer_event(viewer, KEY_OK, UI_KEY_RELEASE);
	assert_int_equal(list(viewer)->row_count, 4);
	assert_string_equal(list(viewer)->rows[2].name, "Mixed");
	/* No number, or it would look like a channel. */
	assert_string_equal(list(viewer)->rows[2].number, "");
	assert_string_equal(list(viewer)->rows[2].now.title, "3 channels");
	assert_int_equal(list(viewer)->rows[2].now.progress_permille, UI_PROGRESS_NONE);
	assert_string_equal(list(viewer)->rows[3].now.title, "1 channel");
	assert_int_equal(list(viewer)->rows[0].badges, UI_BADGE_PLAYING);
	viewer_key(viewer, KEY_DOWN);
	viewer_key(viewer, KEY_OK);
	assert_string_equal(list(viewer)->title, "Sports");
	assert_string_equal(selected(viewer), "Sport");
}

static void test_a_long_back_opens_the_last_channels(void **state)
{
	struct viewer *viewer = *state;

	viewer_wait(viewer, 6 * S);
	viewer_tune(viewer, MUSIC);
	viewer_wait(viewer, 6 * S);
	viewer_hold(viewer, KEY_BACK, 600 * MS);
	assert_string_equal(list(viewer)->title, "Last channels");
	assert_int_equal(list(viewer)->total, 2);
	assert_string_equal(selected(viewer), "Sport"); /* the one before */
	viewer_key(viewer, KEY_OK);
	assert_int_equal(ui_model_current(viewer->model), SPORT);
	viewer_key(viewer, KEY_BLUE);
	assert_string_equal(list(viewer)->title, "Last channels");
}

/* What is watched becomes one of the last channels while they are looked at. */
static void test_the_selection_stays_on_its_channel(void **state)
{
	struct viewer *viewer = *state;

	viewer_wait(viewer, 6 * S);
	viewer_tune(viewer, MUSIC);
	viewer_wait(viewer, 3 * S);
	viewer_key(viewer, KEY_BLUE);
	assert_string_equal(selected(viewer), "Sport");
	viewer_wait(viewer, 6 * S);
	viewer_key(viewer, KEY_VOLUMEUP);
	assert_int_equal(list(viewer)->total, 2);
	assert_string_equal(selected(viewer), "Sport");
}

static void test_favourites(void **state)
{
	struct viewer *viewer = *state;

	viewer_key(viewer, KEY_FAVORITES);
	assert_string_equal(list(viewer)->title, "Favourites");
	assert_int_equal(list(viewer)->total, 1);
	viewer_key(viewer, KEY_YELLOW); /* Music is none any more */
	const struct ui_effect *effect = viewer_effect(viewer, UI_EFFECT_FAVOURITE);
	assert_int_equal(effect->channel, MUSIC);
	assert_false(effect->on);
	assert_int_equal(list(viewer)->total, 0);
	assert_int_equal(list(viewer)->row_count, 0);
	assert_non_null(strstr(list(viewer)->empty, "no favourites"));
	assert_non_null(strstr(viewer_look(viewer)->notice.text, "no favourite any more"));
	viewer_key(viewer, KEY_OK); /* nothing to tune */
	assert_null(viewer_effect(viewer, UI_EFFECT_TUNE));
	viewer_key(viewer, KEY_CHANNEL); /* the same key closes */
	assert_false(list(viewer)->visible);
	viewer_hold(viewer, KEY_CHANNEL, 260 * MS); /* held is pressed once */
	assert_true(list(viewer)->visible);
	viewer_key(viewer, KEY_CHANNEL);
	viewer_key(viewer, KEY_YELLOW); /* what is watched */
	effect = viewer_effect(viewer, UI_EFFECT_FAVOURITE);
	assert_int_equal(effect->channel, SPORT);
	assert_true(effect->on);
	viewer_key(viewer, KEY_OK);
	viewer_hold(viewer, KEY_OK, 600 * MS); /* long: the selected one, off again */
	assert_false(viewer_effect(viewer, UI_EFFECT_FAVOURITE)->on);
	assert_true(list(viewer)->visible);
	assert_int_equal(viewer_count(viewer, UI_EFFECT_FAVOURITE), 3);
}

static void test_keys_of_other_screens_work_in_the_list(void **state)
{
	struct viewer *viewer = *state;

	viewer_key(viewer, KEY_OK);
	viewer_key(viewer, KEY_VOLUMEUP);
	assert_true(list(viewer)->visible && viewer->view.volume.visible);
	viewer_key(viewer, KEY_5); /* the number is what is looked at */
	assert_false(list(viewer)->visible);
	assert_true(viewer->view.banner.typing);
	viewer_key(viewer, KEY_BACK);
	assert_true(list(viewer)->visible);
	viewer_key(viewer, KEY_5);
	viewer_key(viewer, KEY_OK);
	assert_false(list(viewer)->visible);
	assert_int_equal(ui_model_current(viewer->model), MUSIC);
	viewer_key(viewer, KEY_OK);
	viewer_key(viewer, KEY_EPG);
	assert_false(list(viewer)->visible);
	assert_true(viewer_look(viewer)->guide.visible);
	viewer_key(viewer, KEY_LAST);
	assert_false(viewer_look(viewer)->guide.visible);
	assert_int_equal(ui_model_current(viewer->model), SPORT);
}

static void test_another_line_up_while_the_list_is_open(void **state)
{
	static const int32_t map[VIEWER_CHANNELS] = {1, 0, -1, -1, -1, -1, -1};
	static const struct ui_channel channels[] = {
		{.number = "1", .name = "Sport"}, {.number = "2", .name = "News"}};
	const struct ui_lineup lineup = {.channels = channels, .count = 2};
	struct viewer *viewer = *state;
	struct ui_effects effects;

	viewer_key(viewer, KEY_OK);
	viewer_key(viewer, KEY_UP);
	assert_string_equal(selected(viewer), "News");
	ui_model_set_lineup(viewer->model, &lineup, map, viewer->now_ns, &effects);
	assert_string_equal(selected(viewer), "News");
	assert_int_equal(list(viewer)->total, 2);
	assert_null(viewer_broken_rule(viewer));
}

/* Bouquets are known by their names, wherever they come now. */
static void test_another_line_up_keeps_the_bouquet(void **state)
{
	static const uint16_t choose[] = {KEY_OK, KEY_RIGHT, KEY_OK};
	static const int32_t same[VIEWER_CHANNELS] = {0, 1, 2, 3, 4, 5, 6};
	static const uint32_t odd[] = {MUSIC, 99, MUSIC};
	struct viewer *viewer = *state;
	struct ui_lineup lineup = *viewer_lineup();
	const struct ui_bouquet turned[] = {lineup.bouquets[1], lineup.bouquets[0]};
	struct ui_effects effects;

	viewer_keys(viewer, choose, 3);
	assert_string_equal(viewer_look(viewer)->banner.bouquet, "Sports");
	lineup.bouquets = turned;
	lineup.favourites = odd;
	lineup.favourite_count = 3;
	ui_model_set_lineup(viewer->model, &lineup, same, viewer->now_ns, &effects);
	assert_string_equal(viewer_look(viewer)->banner.bouquet, "Sports");
	viewer_key(viewer, KEY_CHANNELUP);
	assert_int_equal(ui_model_current(viewer->model), MUSIC2);
	viewer_key(viewer, KEY_FAVORITES);
	assert_int_equal(list(viewer)->total, 1); /* what is none, or one already, is not */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_ok_opens_the_list_on_the_current_channel),
		TEST(test_ok_in_the_list_tunes),
		TEST(test_back_exit_and_list_close_it),
		TEST(test_a_held_key_stops_at_the_end),
		TEST(test_pages_of_a_long_list),
		TEST(test_bouquets_with_left_and_right),
		TEST(test_up_and_down_stay_within_the_bouquet),
		TEST(test_a_bouquet_with_a_channel_twice),
		TEST(test_a_long_ok_opens_the_bouquets),
		TEST(test_a_long_back_opens_the_last_channels),
		TEST(test_the_selection_stays_on_its_channel),
		TEST(test_favourites),
		TEST(test_keys_of_other_screens_work_in_the_list),
		TEST(test_another_line_up_while_the_list_is_open),
		TEST(test_another_line_up_keeps_the_bouquet),
	};
	return cmocka_run_group_tests_name("ui_model_list", tests, NULL, NULL);
}
