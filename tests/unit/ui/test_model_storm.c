/* ui/model: storms of keys, long line-ups, hostile names, and keys at random. */
#include "tests/support/test.h"

#include <glib.h>
#include <string.h>

#include "tests/support/viewer.h"

#define S VIEWER_S
#define MANY 5000

struct many {
	struct ui_channel channels[MANY];
	char numbers[MANY][8];
	struct ui_lineup lineup;
};

static struct many *many_channels(const char *name)
{
	struct many *many = g_new0(struct many, 1);

	for (int i = 0; i < MANY; i++) {
		snprintf(many->numbers[i], sizeof many->numbers[i], "%d", i + 1);
		many->channels[i] = (struct ui_channel){.number = many->numbers[i], .name = name};
	}
	many->lineup = (struct ui_lineup){.channels = many->channels, .count = MANY};
	return many;
}

static void take(struct viewer *viewer, const struct many *many)
{
	struct ui_effects effects;

	ui_model_set_lineup(viewer->model, &many->lineup, NULL, viewer->now_ns, &effects);
	viewer_tune(viewer, 0);
}

/* Every press zaps, in order, and each is on the banner before the next one. */
static void test_ten_thousand_presses_a_second_all_count(void **state)
{
	struct many *many = many_channels("x");
	struct viewer viewer;

	(void)state;
	viewer_open(&viewer, NULL);
	take(&viewer, many);
	for (int i = 1; i <= 10000; i++) {
		viewer_forget(&viewer);
		viewer_event(&viewer, KEY_CHANNELUP, UI_KEY_PRESS);
		assert_int_equal(viewer.log_count, 1);
		assert_int_equal(viewer.log[0].channel, i % MANY);
		assert_string_equal(viewer_look(&viewer)->banner.number, many->numbers[i % MANY]);
		viewer_event(&viewer, KEY_CHANNELUP, UI_KEY_RELEASE);
		viewer.now_ns += 100000;
	}
	viewer_close(&viewer);
	g_free(many);
}

static void test_ten_thousand_repeats_tune_twice(void **state)
{
	struct many *many = many_channels("x");
	struct viewer viewer;

	(void)state;
	viewer_open(&viewer, NULL);
	take(&viewer, many);
	viewer_event(&viewer, KEY_CHANNELUP, UI_KEY_PRESS);
	for (int i = 2; i <= 10000; i++) {
		viewer_event(&viewer, KEY_CHANNELUP, UI_KEY_REPEAT);
		assert_string_equal(viewer_look(&viewer)->banner.number, many->numbers[i % MANY]);
		viewer_wait(&viewer, 100000);
	}
	viewer_wait(&viewer, S);
	assert_int_equal(viewer_count(&viewer, UI_EFFECT_TUNE), 2);
	assert_int_equal(viewer_effect(&viewer, UI_EFFECT_TUNE)->channel, 0);
	viewer_close(&viewer);
	g_free(many);
}

static unsigned looks_of_a_view(struct viewer *viewer)
{
	viewer->guide_looks = 0;
	viewer_look(viewer);
	return viewer->guide_looks;
}

/* Only what is seen is looked at, however long the line-up. */
static void test_a_view_of_5000_channels_looks_at_its_rows_only(void **state)
{
	struct many *many = many_channels("x");
	struct viewer viewer;

	(void)state;
	viewer_open(&viewer, NULL);
	take(&viewer, many);
	viewer_tune(&viewer, 2500);
	assert_int_equal(looks_of_a_view(&viewer), 2); /* now, and next */
	viewer_key(&viewer, KEY_OK);
	assert_int_equal(looks_of_a_view(&viewer), UI_LIST_ROWS);
	viewer_hold(&viewer, KEY_DOWN, 3 * S);
	assert_int_equal(looks_of_a_view(&viewer), UI_LIST_ROWS);
	viewer_key(&viewer, KEY_EPG);
	assert_true(looks_of_a_view(&viewer) <= UI_GUIDE_ROWS * 6 + 1);
	viewer_close(&viewer);
	g_free(many);
}

static void test_names_that_are_none(void **state)
{
	static const uint16_t codes[] = {KEY_UP, KEY_OK, KEY_YELLOW, KEY_RED, KEY_BACK, KEY_EPG,
		KEY_BLUE, KEY_MENU, KEY_OK, KEY_1};
	char *name = g_malloc0(4001);
	struct viewer viewer;

	(void)state;
	memset(name, 0xfe, 1000);
	memset(name + 1000, '\n', 1000);
	memset(name + 2000, 'W', 2000);
	struct many *many = many_channels(name);
	viewer_open(&viewer, NULL);
	take(&viewer, many);
	ui_model_set_signal(viewer.model, 0, UI_SIGNAL_ERROR, name);
	ui_model_notice(viewer.model, name, S, viewer.now_ns);
	ui_model_set_figures(viewer.model, name, &(struct ui_figure){name, name}, 1);
	for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
		viewer_key(&viewer, codes[i]);
		assert_null(viewer_broken_rule(&viewer));
	}
	viewer_close(&viewer);
	g_free(many);
	g_free(name);
}

/* No key but those of the PIN leads onto a locked channel. */
static void test_keys_at_random(void **state)
{
	static const uint16_t codes[] = {KEY_0, KEY_1, KEY_2, KEY_3, KEY_5, KEY_DOT, KEY_UP,
		KEY_DOWN, KEY_LEFT, KEY_RIGHT, KEY_CHANNELUP, KEY_CHANNELDOWN, KEY_PAGEUP, KEY_LAST,
		KEY_OK, KEY_BACK, KEY_EXIT, KEY_INFO, KEY_EPG, KEY_LIST, KEY_FAVORITES, KEY_MENU,
		KEY_AUDIO, KEY_VOLUMEUP, KEY_MUTE, KEY_SLEEP, KEY_YELLOW, KEY_BLUE, KEY_GREEN,
		KEY_POWER};
	GRand *rand = g_rand_new_with_seed(7);
	struct viewer viewer;

	(void)state;
	viewer_open(&viewer, NULL);
	viewer_tune(&viewer, NEWS);
	for (int i = 0; i < 20000; i++) {
		uint16_t code = codes[g_rand_int_range(rand, 0, G_N_ELEMENTS(codes))];
		viewer_forget(&viewer);
		viewer_event(&viewer, code, (enum ui_key_motion)g_rand_int_range(rand, 0, 3));
		viewer_wait(&viewer, (uint64_t)g_rand_int_range(rand, 0, 2000) * VIEWER_MS);
		const char *broken = viewer_broken_rule(&viewer);
		if (broken)
			fail_msg("key %d: %s", i, broken);
		const struct ui_effect *tune = viewer_effect(&viewer, UI_EFFECT_TUNE);
		assert_false(tune && tune->channel == FILMS);
	}
	g_rand_free(rand);
	viewer_close(&viewer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ten_thousand_presses_a_second_all_count),
		cmocka_unit_test(test_ten_thousand_repeats_tune_twice),
		cmocka_unit_test(test_a_view_of_5000_channels_looks_at_its_rows_only),
		cmocka_unit_test(test_names_that_are_none),
		cmocka_unit_test(test_keys_at_random),
	};
	return cmocka_run_group_tests_name("ui_model_storm", tests, NULL, NULL);
}
