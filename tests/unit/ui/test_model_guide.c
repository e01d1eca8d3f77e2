/* ui/model: the guide. */
#include "tests/support/test.h"

#include <string.h>

#include "tests/support/viewer.h"
#include "ui/wall.h"

#define S VIEWER_S

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

static const struct ui_guide_view *guide(struct viewer *viewer)
{
	return &viewer_look(viewer)->guide;
}

static void test_the_guide(void **state)
{
	struct viewer *viewer = *state;

	viewer_key(viewer, KEY_EPG);
	const struct ui_guide_view *view = guide(viewer);
	assert_true(view->visible);
	assert_string_equal(view->day, "Today");
	assert_string_equal(view->clock, "20:20");
	assert_int_equal(view->now_permille, 1000 * 20 / 120);
	assert_int_equal(view->label_count, 4);
	assert_string_equal(view->labels[0].text, "20:00");
	assert_string_equal(view->labels[3].text, "21:30");
	assert_int_equal(view->labels[1].at_permille, 250);
	assert_int_equal(view->row_count, 7);
	assert_int_equal(view->selected_row, SPORT);
	const struct ui_guide_row *row = &view->rows[SPORT];
	assert_string_equal(row->name, "Sport");
	assert_int_equal(row->cell_count, 5); /* 19:40, 20:10, 20:40, 21:10, 21:40 */
	assert_true(row->cells[0].begins_before && !row->cells[0].ends_after);
	assert_int_equal(row->cells[0].from_permille, 0);
	assert_int_equal(row->cells[0].to_permille, 83);
	assert_true(row->cells[1].selected && !row->cells[0].selected);
	assert_true(row->cells[4].ends_after);
	assert_int_equal(view->rows[BROKEN].cell_count, 0);
	assert_string_equal(view->chosen.title, "Dinner");
	assert_string_equal(view->chosen.span, "20:10 \u2013 20:40");
	assert_int_equal(view->chosen.progress_permille, 333);
	assert_string_equal(view->description, "What there is to say.");
}

static void test_the_guide_through_hours_and_days(void **state)
{
	struct viewer *viewer = *state;

	viewer_key(viewer, KEY_EPG);
	viewer_key(viewer, KEY_RIGHT);
	assert_string_equal(guide(viewer)->chosen.span, "20:40 \u2013 21:10");
	assert_int_equal(guide(viewer)->chosen.progress_permille, UI_PROGRESS_NONE);
	viewer_key(viewer, KEY_DOWN); /* BROKEN: nothing is known, and the cursor goes on */
	assert_string_equal(guide(viewer)->chosen.title, "");
	viewer_key(viewer, KEY_RIGHT);
	viewer_key(viewer, KEY_DOWN); /* MUSIC at 21:10 */
	assert_string_equal(guide(viewer)->chosen.span, "21:00 \u2013 21:30");
	viewer_key(viewer, KEY_RIGHT);
	viewer_key(viewer, KEY_RIGHT);
	assert_string_equal(guide(viewer)->chosen.span, "22:00 \u2013 22:30");
	assert_string_equal(guide(viewer)->labels[0].text, "20:30"); /* it came along */
	viewer_key(viewer, KEY_LEFT); /* 21:30, at its beginning: NEWS is a row of the same times */
	for (int i = 0; i < 3; i++)
		viewer_key(viewer, KEY_UP);
	assert_string_equal(guide(viewer)->chosen.span, "21:30 \u2013 22:00");
	viewer_key(viewer, KEY_DOWN); /* SPORT */
	assert_string_equal(guide(viewer)->chosen.span, "21:10 \u2013 21:40");
	viewer_key(viewer, KEY_DOWN);
	viewer_key(viewer, KEY_DOWN);
	for (int i = 0; i < 10; i++)
		viewer_key(viewer, KEY_LEFT);
	assert_string_equal(guide(viewer)->chosen.span, "20:00 \u2013 20:30"); /* what is on */
	assert_string_equal(guide(viewer)->labels[0].text, "20:00");
	viewer_key(viewer, KEY_GREEN);
	assert_string_equal(guide(viewer)->day, "Tomorrow");
	assert_int_equal(guide(viewer)->now_permille, UI_PROGRESS_NONE);
	viewer_key(viewer, KEY_GREEN);
	assert_string_equal(guide(viewer)->day, "Tuesday 24 November");
	viewer_key(viewer, KEY_RED);
	assert_string_equal(guide(viewer)->day, "Tomorrow");
	viewer_key(viewer, KEY_YELLOW);
	assert_string_equal(guide(viewer)->day, "Today");
	for (int i = 0; i < 30; i++)
		viewer_key(viewer, KEY_GREEN);
	assert_string_equal(guide(viewer)->day, "Sunday 6 December"); /* two weeks */
}

/* Also where channels before it are gone from the favourites since. */
static void test_the_guide_opens_on_what_is_watched(void **state)
{
	static const uint16_t watch_third[] = {KEY_FAVORITES, KEY_DOWN, KEY_OK};
	static const uint16_t drop_first[] = {KEY_FAVORITES, KEY_UP, KEY_YELLOW, KEY_BACK};
	struct viewer *viewer = *state;

	viewer_key(viewer, KEY_YELLOW); /* SPORT, behind MUSIC */
	viewer_key(viewer, KEY_CHANNELDOWN);
	viewer_key(viewer, KEY_YELLOW); /* NEWS */
	viewer_tune(viewer, SPORT);
	viewer_keys(viewer, watch_third, 3);
	assert_int_equal(ui_model_current(viewer->model), NEWS);
	viewer_key(viewer, KEY_CHANNELDOWN);
	assert_int_equal(ui_model_current(viewer->model), SPORT);
	viewer_keys(viewer, drop_first, 4);
	viewer_key(viewer, KEY_EPG);
	assert_string_equal(guide(viewer)->rows[guide(viewer)->selected_row].name, "Sport");
}

static void test_ok_in_the_guide_tunes(void **state)
{
	struct viewer *viewer = *state;

	viewer_key(viewer, KEY_EPG);
	viewer_key(viewer, KEY_UP);
	viewer_key(viewer, KEY_OK);
	assert_false(guide(viewer)->visible);
	assert_int_equal(viewer_effect(viewer, UI_EFFECT_TUNE)->channel, NEWS);
	viewer_key(viewer, KEY_EPG);
	viewer_key(viewer, KEY_EPG);
	assert_false(guide(viewer)->visible);
	viewer_key(viewer, KEY_PROGRAM);
	viewer_key(viewer, KEY_BACK);
	assert_false(guide(viewer)->visible);
}

/* Without anybody pressing a key: the clock and the bars move, at known times. */
static void test_time_passes_in_the_guide(void **state)
{
	struct viewer *viewer = *state;

	viewer_key(viewer, KEY_EPG);
	assert_int_equal(ui_model_deadline(viewer->model, viewer->now_ns),
		VIEWER_START_NS + 5 * S); /* the hidden banner's */
	viewer_wait(viewer, 5 * S);
	assert_int_equal(
		ui_model_deadline(viewer->model, viewer->now_ns), VIEWER_START_NS + 10 * S);
	viewer_wait(viewer, 1200 * S);
	assert_string_equal(guide(viewer)->clock, "20:40");
	assert_string_equal(guide(viewer)->chosen.span, "20:10 \u2013 20:40"); /* it stays there */
	assert_int_equal(guide(viewer)->chosen.progress_permille, UI_PROGRESS_NONE);
}

static void test_the_guide_before_the_time_is_known(void **state)
{
	struct viewer *viewer = *state;
	const struct ui_clock clock = {.at_ns = viewer->now_ns, .unix_ms = VIEWER_START_S * 1000};

	ui_model_set_clock(viewer->model, &(struct ui_clock){0}, viewer->now_ns);
	viewer_key(viewer, KEY_EPG);
	viewer_key(viewer, KEY_RIGHT);
	viewer_key(viewer, KEY_GREEN);
	assert_non_null(strstr(guide(viewer)->day, "not known"));
	assert_int_equal(guide(viewer)->rows[0].cell_count, 0);
	ui_model_set_clock(viewer->model, &clock, viewer->now_ns);
	assert_string_equal(guide(viewer)->day, "Today");
	assert_int_equal(guide(viewer)->rows[0].cell_count, 4);
}

/* One that lies: no end, an end before the start, seconds, and what is not text. */
static bool find_nonsense(void *ctx, uint32_t channel, int64_t time_s, struct ui_guide_event *ret)
{
	unsigned *looks = ctx;

	++*looks;
	/* It is asked for times that it can reckon with. */
	assert_true(time_s > 0 && time_s <= UI_WALL_LAST_S);
	*ret = (struct ui_guide_event){.start_s = time_s, .end_s = time_s + 1, .title = "\xff\n"};
	if (channel == MUSIC2)
		ret->start_s = time_s - 500; /* before the last one has ended */
	if (channel == NEWS)
		ret->end_s = time_s - 10;
	if (channel == FILMS)
		*ret = (struct ui_guide_event){.start_s = time_s - 100, .end_s = time_s - 50};
	if (channel == SPORT)
		*ret = (struct ui_guide_event){.start_s = INT64_MIN, .end_s = INT64_MAX};
	if (channel == MUSIC)
		*ret = (struct ui_guide_event){.start_s = 0, .end_s = INT64_MAX};
	return true;
}

static void test_a_guide_of_nonsense(void **state)
{
	static const uint16_t codes[] = {KEY_EPG, KEY_RIGHT, KEY_DOWN, KEY_LEFT, KEY_DOWN,
		KEY_RIGHT, KEY_DOWN, KEY_GREEN, KEY_DOWN, KEY_LEFT, KEY_LEFT, KEY_RED, KEY_UP};
	struct viewer *viewer = *state;
	unsigned looks = 0;

	ui_model_set_guide(viewer->model, &(struct ui_guide){find_nonsense, &looks});
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
		viewer_key(viewer, codes[i]);
		assert_null(viewer_broken_rule(viewer));
	}
	looks = 0;
	assert_int_equal(guide(viewer)->rows[MUSIC2].cell_count, UI_GUIDE_CELLS);
	assert_true(looks <= 7 * 64 + 1);
	assert_int_equal(guide(viewer)->rows[NEWS].cell_count, 0);
	assert_int_equal(guide(viewer)->rows[SPORT].cell_count, 0);
	assert_int_equal(guide(viewer)->rows[FILMS].cell_count, 0);
	assert_int_equal(guide(viewer)->rows[MUSIC].cell_count, 1);
}

/* News in five minutes: more of them in two hours than there are cells. */
static bool find_short(void *ctx, uint32_t channel, int64_t time_s, struct ui_guide_event *ret)
{
	(void)ctx;
	(void)channel;
	*ret = (struct ui_guide_event){.start_s = time_s - time_s % 300,
		.end_s = time_s - time_s % 300 + 300,
		.title = "Short"};
	return true;
}

static void test_the_selected_event_is_seen_among_many(void **state)
{
	struct viewer *viewer = *state;

	ui_model_set_guide(viewer->model, &(struct ui_guide){find_short, NULL});
	viewer_key(viewer, KEY_EPG);
	for (int i = 0; i < 12; i++) {
		const struct ui_guide_row *row = &guide(viewer)->rows[SPORT];
		int chosen = 0;
		for (size_t cell = 0; cell < row->cell_count; cell++)
			chosen += row->cells[cell].selected;
		assert_int_equal(chosen, 1);
		assert_null(viewer_broken_rule(viewer));
		viewer_key(viewer, KEY_RIGHT);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_the_guide),
		TEST(test_the_guide_through_hours_and_days),
		TEST(test_the_guide_opens_on_what_is_watched),
		TEST(test_ok_in_the_guide_tunes),
		TEST(test_time_passes_in_the_guide),
		TEST(test_the_guide_before_the_time_is_known),
		TEST(test_a_guide_of_nonsense),
		TEST(test_the_selected_event_is_seen_among_many),
	};
	return cmocka_run_group_tests_name("ui_model_guide", tests, NULL, NULL);
}
