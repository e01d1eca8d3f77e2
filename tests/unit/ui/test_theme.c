/* ui/theme: what a file changes, what is said of its errors, and that text stays legible. */
#include "tests/support/test.h"

#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "ui/theme.h"
#include "ui/view.h"

struct said {
	unsigned count;
	GString *text;
};

static void say(void *ctx, const char *sentence)
{
	struct said *said = ctx;

	said->count++;
	g_string_append_printf(said->text, "%s\n", sentence);
}

static int setup(void **state)
{
	struct said *said = g_new0(struct said, 1);

	said->text = g_string_new(NULL);
	*state = said;
	return 0;
}

static int teardown(void **state)
{
	struct said *said = *state;

	g_string_free(said->text, TRUE);
	g_free(said);
	return 0;
}

static struct ui_theme parse(struct said *said, const char *data)
{
	struct ui_theme theme;

	ui_theme_init(&theme);
	ui_theme_parse(&theme, "t.theme", data, strlen(data), say, said);
	return theme;
}

static void assert_said(const struct said *said, const char *sentence)
{
	if (!strstr(said->text->str, sentence))
		fail_msg("\"%s\" is not in \"%s\"", sentence, said->text->str);
}

static struct ui_theme plain(void)
{
	struct ui_theme theme;

	ui_theme_init(&theme);
	return theme;
}

static void test_an_empty_file_changes_nothing(void **state)
{
	struct ui_theme theme = parse(*state, ""), built_in = plain();

	assert_memory_equal(&theme, &built_in, sizeof theme);
	assert_int_equal(((struct said *)*state)->count, 0);
}

static void test_a_file_changes_what_it_names(void **state)
{
	struct ui_theme theme = parse(*state,
		"# mine\n\n[colours]\naccent = #ff8000\npanel=#102030f0\r\n[sizes]\ntext = 0.04\n"
		"[shape]\nradius = 0\n[fonts]\ntext = Lato, Noto Sans\n");
	struct ui_theme built_in = plain();

	assert_string_equal(((struct said *)*state)->text->str, "");
	assert_true(fabs(theme.accent.green - 0x80 / 255.0) < 1e-3);
	assert_true(fabs(theme.panel.alpha - 0xf0 / 255.0) < 2e-3);
	assert_true(theme.text_size == 0.04 && theme.radius == 0);
	assert_string_equal(theme.fonts, "Lato, Noto Sans");
	assert_memory_equal(&theme.text, &built_in.text, sizeof theme.text);
}

static void test_errors_have_their_line_and_cost_no_other(void **state)
{
	struct ui_theme theme = parse(*state,
		"stray = 1\n[colours]\naccent = mauve-ish\nno key here\ntetx = #ffffff\n"
		"[sizes\nsmall = 0.04\n[pictures]\na = b\n[sizes]\nsmall = big\ntitle = 0.05\n");
	struct ui_theme built_in = plain();

	assert_said(*state, "t.theme:1: warning: \"stray = 1\" stands in no group: ignored");
	assert_said(*state, "t.theme:3: warning: accent: \"mauve-ish\" is no colour");
	assert_said(*state, "t.theme:4: warning: \"no key here\"");
	assert_said(*state, "t.theme:5: warning: [colours] has no key tetx: ignored");
	assert_said(*state, "t.theme:6: warning: \"[sizes\" lacks its ]");
	assert_said(*state, "t.theme:7: warning: \"small = 0.04\" stands in no group");
	assert_said(*state, "t.theme:8: warning: there is no group [pictures]: ignored");
	assert_said(*state, "t.theme:11: warning: small: \"big\" is no number: ignored");
	assert_int_equal(((struct said *)*state)->count, 8);
	assert_true(theme.title == 0.05);
	assert_memory_equal(&theme.accent, &built_in.accent, sizeof theme.accent);
}

static void test_nonsense_is_bounded(void **state)
{
	struct ui_theme theme = parse(*state,
		"[sizes]\nsmall = 0.001\ntext = 9\ntitle = nan\nheadline = -1\n[shape]\nspacing = "
		"1e300\n"
		"radius = -3\n[colours]\npanel = #00000000\n"
		"text = #ffffff10\n");

	assert_true(theme.small == UI_TEXT_MIN);
	assert_true(theme.text_size < 0.1 && theme.headline >= UI_TEXT_MIN);
	assert_true(theme.spacing <= 0.05 && theme.radius == 0);
	assert_true(theme.panel.alpha >= 0.8 && theme.text.alpha == 1);
	assert_said(*state, "t.theme:2: warning: small: 0.001 is beyond");
	assert_int_equal(((struct said *)*state)->count, 8);
}

static void test_text_that_cannot_be_read_is_not_taken(void **state)
{
	struct ui_theme theme = parse(*state, "[colours]\ntext = #101820\nfocus-text = #ffffff\n");
	struct ui_theme built_in = plain();

	assert_said(*state, "t.theme:2: warning: text on panel has a contrast of");
	assert_said(*state, "t.theme:3: warning: focus_text on focus has a contrast of");
	assert_memory_equal(&theme.text, &built_in.text, sizeof theme.text);
	assert_memory_equal(&theme.focus_text, &built_in.focus_text, sizeof theme.text);
}

/* A light theme that forgets some colours must not end with dark text on dark ground. */
static void test_half_a_light_theme_stays_legible(void **state)
{
	struct ui_theme theme = parse(*state,
		"[colours]\npanel = #ffffff\npanel-low = #f0f0f0\ntext = #101010\ndim = #303030\n"
		"accent = #000080\nwarning = #800000\n");

	assert_true(ui_theme_contrast(&theme.text, &theme.panel) >= UI_THEME_CONTRAST_MIN);
	assert_true(ui_theme_contrast(&theme.dim, &theme.panel) >= UI_THEME_CONTRAST_MIN);
	assert_true(ui_theme_contrast(&theme.text, &theme.panel_low) >= UI_THEME_CONTRAST_MIN);
	assert_true(ui_theme_contrast(&theme.text, &theme.backdrop) >= UI_THEME_CONTRAST_MIN);
	assert_true(ui_theme_contrast(&theme.warning, &theme.panel) >= UI_THEME_CONTRAST_MIN);
}

static void test_contrast_is_that_of_the_standard(void **state)
{
	struct ui_colour black = {0, 0, 0, 1}, white = {1, 1, 1, 1};
	struct ui_colour grey = {119 / 255.0, 119 / 255.0, 119 / 255.0, 1}; /* #777777 */

	(void)state;
	assert_true(fabs(ui_theme_contrast(&black, &white) - 21) < 1e-6);
	assert_true(fabs(ui_theme_contrast(&white, &grey) - 4.48) < 0.01);
}

static void test_bytes_that_are_no_text(void **state)
{
	static const char data[] = "[colours]\n\xff\xfe\0accent\n[\n]\n=\n[]\n= 1\n";
	struct ui_theme theme = plain(), built_in = plain();

	ui_theme_parse(&theme, "t.theme", data, sizeof data - 1, say, *state);
	assert_memory_equal(&theme, &built_in, sizeof theme);
	assert_true(((struct said *)*state)->count >= 4);
}

static void test_a_byte_order_mark_is_no_error(void **state)
{
	struct ui_theme theme = parse(*state, "\xef\xbb\xbf[sizes]\ntitle = 0.05\n");

	assert_string_equal(((struct said *)*state)->text->str, "");
	assert_true(theme.title == 0.05);
}

static void test_a_file_that_is_no_theme_does_not_fill_a_log(void **state)
{
	GString *lines = g_string_new("[colours]\n");

	for (int i = 0; i < 1000; i++)
		g_string_append(lines, "nonsense\n");
	parse(*state, lines->str);
	assert_int_equal(((struct said *)*state)->count, 21);
	assert_said(*state, "t.theme: warning: 980 more lines like these, ignored");
	g_string_free(lines, TRUE);
}

static void test_files(void **state)
{
	struct ui_theme theme = plain(), built_in = plain();
	char *path = NULL;
	int file = g_file_open_tmp("themeXXXXXX", &path, NULL);

	assert_true(file >= 0);
	assert_int_equal(write(file, "[sizes]\nnumber = x\n", 19), 19);
	close(file);
	assert_int_equal(ui_theme_load(&theme, path, say, *state), 0);
	assert_said(*state, ":2: warning: number: \"x\" is no number: ignored");
	assert_int_equal(g_remove(path), 0);
	assert_int_equal(ui_theme_load(&theme, path, say, *state), -ENOENT);
	assert_int_equal(ui_theme_load(&theme, "/", NULL, NULL), -EISDIR);
	assert_memory_equal(&theme, &built_in, sizeof theme);
	g_free(path);
}

static void test_rows_follow_sizes(void **state)
{
	struct ui_theme theme = plain();
	unsigned rows = ui_theme_list_rows(&theme);

	(void)state;
	assert_in_range(rows, 5, UI_LIST_ROWS);
	assert_int_equal(ui_theme_guide_rows(&theme), UI_GUIDE_ROWS);
	assert_int_equal(ui_theme_track_rows(&theme), UI_TRACK_ROWS);
	theme.text_size = 0.055;
	assert_true(ui_theme_list_rows(&theme) < rows);
	assert_true(ui_theme_list_rows(&theme) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_an_empty_file_changes_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_file_changes_what_it_names, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_errors_have_their_line_and_cost_no_other, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nonsense_is_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_text_that_cannot_be_read_is_not_taken, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_half_a_light_theme_stays_legible, setup, teardown),
		cmocka_unit_test(test_contrast_is_that_of_the_standard),
		cmocka_unit_test_setup_teardown(test_bytes_that_are_no_text, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_a_byte_order_mark_is_no_error, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_a_file_that_is_no_theme_does_not_fill_a_log, setup, teardown),
		cmocka_unit_test_setup_teardown(test_files, setup, teardown),
		cmocka_unit_test(test_rows_follow_sizes),
	};

	return cmocka_run_group_tests_name("ui_theme", tests, NULL, NULL);
}
