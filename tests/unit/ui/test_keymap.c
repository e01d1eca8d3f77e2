/* ui/keymap: what every key of a remote and of a keyboard asks for, and files that change it. */
#include "tests/support/test.h"

#include <glib.h>
#include <string.h>

#include "ui/key_names.h"
#include "ui/keymap.h"

static const struct {
	const char *key;
	enum ui_command command;
} expected[] = {
	{"KEY_CHANNELUP", UI_COMMAND_CHANNEL_UP},
	{"KEY_CHANNELDOWN", UI_COMMAND_CHANNEL_DOWN},
	{"KEY_UP", UI_COMMAND_UP},
	{"KEY_DOWN", UI_COMMAND_DOWN},
	{"KEY_LEFT", UI_COMMAND_LEFT},
	{"KEY_RIGHT", UI_COMMAND_RIGHT},
	{"KEY_PAGEUP", UI_COMMAND_PAGE_UP},
	{"KEY_PAGEDOWN", UI_COMMAND_PAGE_DOWN},
	{"KEY_LAST", UI_COMMAND_LAST},
	{"KEY_PREVIOUS", UI_COMMAND_LAST},
	{"KEY_BACK", UI_COMMAND_BACK},
	{"KEY_EXIT", UI_COMMAND_EXIT},
	{"KEY_ESC", UI_COMMAND_BACK},
	{"KEY_BACKSPACE", UI_COMMAND_BACK},
	{"KEY_OK", UI_COMMAND_OK},
	{"KEY_ENTER", UI_COMMAND_OK},
	{"KEY_KPENTER", UI_COMMAND_OK},
	{"KEY_SELECT", UI_COMMAND_OK},
	{"KEY_INFO", UI_COMMAND_INFO},
	{"KEY_EPG", UI_COMMAND_GUIDE},
	{"KEY_MENU", UI_COMMAND_MENU},
	{"KEY_FAVORITES", UI_COMMAND_FAVOURITES},
	{"KEY_CHANNEL", UI_COMMAND_FAVOURITES},
	{"KEY_RED", UI_COMMAND_RED},
	{"KEY_GREEN", UI_COMMAND_GREEN},
	{"KEY_YELLOW", UI_COMMAND_YELLOW},
	{"KEY_BLUE", UI_COMMAND_BLUE},
	{"KEY_TEXT", UI_COMMAND_TEXT},
	{"KEY_SUBTITLE", UI_COMMAND_SUBTITLE},
	{"KEY_AUDIO", UI_COMMAND_AUDIO},
	{"KEY_LANGUAGE", UI_COMMAND_AUDIO},
	{"KEY_VOLUMEUP", UI_COMMAND_VOLUME_UP},
	{"KEY_VOLUMEDOWN", UI_COMMAND_VOLUME_DOWN},
	{"KEY_MUTE", UI_COMMAND_MUTE},
	{"KEY_POWER", UI_COMMAND_STANDBY},
	{"KEY_SLEEP", UI_COMMAND_SLEEP},
	{"KEY_DOT", UI_COMMAND_DOT},
	{"KEY_KPDOT", UI_COMMAND_DOT},
	{"KEY_NUMERIC_STAR", UI_COMMAND_DOT},
	/* A keyboard, as it always was. */
	{"KEY_I", UI_COMMAND_INFO},
	{"KEY_L", UI_COMMAND_LAST},
	{"KEY_Q", UI_COMMAND_QUIT},
	{"KEY_F", UI_COMMAND_FULL_SCREEN},
	{"KEY_F1", UI_COMMAND_RED},
	{"KEY_KPPLUS", UI_COMMAND_VOLUME_UP},
	/* Those that mean nothing by themselves. */
	{"KEY_X", UI_COMMAND_NONE},
	{"KEY_LEFTSHIFT", UI_COMMAND_NONE},
};

static void test_every_key_of_a_remote(void **state)
{
	struct ui_keymap keymap;

	(void)state;
	ui_keymap_init(&keymap);
	for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
		uint16_t code = ui_key_from_name(expected[i].key);
		assert_int_not_equal(code, 0);
		if (ui_keymap_command(&keymap, code) != expected[i].command)
			fail_msg("%s asks for %s", expected[i].key,
				ui_command_name(ui_keymap_command(&keymap, code)));
	}
}

static void test_all_three_rows_of_digits(void **state)
{
	static const char *const rows[] = {"KEY_%d", "KEY_KP%d", "KEY_NUMERIC_%d"};
	struct ui_keymap keymap;

	(void)state;
	ui_keymap_init(&keymap);
	for (size_t row = 0; row < 3; row++) {
		for (int digit = 0; digit < 10; digit++) {
			char name[32];
			snprintf(name, sizeof name, rows[row], digit);
			assert_int_equal(ui_keymap_command(&keymap, ui_key_from_name(name)),
				UI_COMMAND_0 + digit);
		}
	}
}

static void test_codes_that_are_none(void **state)
{
	struct ui_keymap keymap;

	(void)state;
	ui_keymap_init(&keymap);
	assert_int_equal(ui_keymap_command(&keymap, 0), UI_COMMAND_NONE);
	assert_int_equal(ui_keymap_command(&keymap, KEY_MAX), UI_COMMAND_NONE);
	assert_int_equal(ui_keymap_command(&keymap, KEY_CNT), UI_COMMAND_NONE);
	assert_int_equal(ui_keymap_command(&keymap, UINT16_MAX), UI_COMMAND_NONE);
}

static void test_names_lead_there_and_back(void **state)
{
	enum ui_command command;

	(void)state;
	for (int i = 0; i < UI_COMMANDS; i++) {
		assert_non_null(ui_command_name((enum ui_command)i));
		assert_true(ui_command_from_name(ui_command_name((enum ui_command)i), &command));
		assert_int_equal(command, i);
	}
	assert_true(ui_command_from_name("Channel-Up", &command));
	assert_int_equal(command, UI_COMMAND_CHANNEL_UP);
	assert_false(ui_command_from_name("chanel-up", &command));
	assert_int_equal(ui_key_from_name("key_aspect_ratio"), KEY_ASPECT_RATIO);
	assert_int_equal(ui_key_from_name("0x174"), KEY_FULL_SCREEN);
	assert_int_equal(ui_key_from_name("KEY_0x174"), KEY_FULL_SCREEN);
	assert_int_equal(ui_key_from_name("0xffff"), 0);
	assert_int_equal(ui_key_from_name("0x1z"), 0);
	assert_int_equal(ui_key_from_name(""), 0);
}

static void note(void *ctx, const char *diagnostic)
{
	g_string_append_printf(ctx, "%s\n", diagnostic);
}

/* What was said, freed with g_free(). */
static char *read_map(struct ui_keymap *keymap, const char *text, size_t *ret_set)
{
	GString *said = g_string_new(NULL);

	ui_keymap_init(keymap);
	*ret_set = ui_keymap_read(keymap, "keys.conf", text, strlen(text), note, said);
	return g_string_free(said, false);
}

static void test_a_file_changes_keys(void **state)
{
	struct ui_keymap keymap;
	size_t set;

	(void)state;
	char *said = read_map(&keymap,
		"# my remote\r\n\n [keymap] \nKEY_RED = sleep\r\nkey_power=none\n0x2f0=Guide\nX=5",
		&set);
	assert_string_equal(said, "");
	assert_int_equal(set, 4);
	assert_int_equal(ui_keymap_command(&keymap, KEY_RED), UI_COMMAND_SLEEP);
	assert_int_equal(ui_keymap_command(&keymap, KEY_POWER), UI_COMMAND_NONE);
	assert_int_equal(ui_keymap_command(&keymap, 0x2f0), UI_COMMAND_GUIDE);
	assert_int_equal(ui_keymap_command(&keymap, KEY_X), UI_COMMAND_0 + 5);
	assert_int_equal(ui_keymap_command(&keymap, KEY_OK), UI_COMMAND_OK);
	g_free(said);
}

static void test_what_is_wrong_is_said_with_its_line(void **state)
{
	struct ui_keymap keymap;
	size_t set;

	(void)state;
	char *said = read_map(&keymap,
		"KEY_OK=back\n[keymap]\nKEY_REDD=sleep\nKEY_RED=slep\nnonsense\nKEY_BLUE=info\n"
		"KEY_BLUE=ok\n[colours]\nKEY_GREEN=none\n[broken\nKEY_GREEN=none\n",
		&set);
	assert_string_equal(said,
		"keys.conf:1: error: 'KEY_OK=back' stands before [keymap], line ignored\n"
		"keys.conf:3: error: there is no key 'KEY_REDD', line ignored\n"
		"keys.conf:4: error: there is no command 'slep', the key stays as it was\n"
		"keys.conf:5: error: 'nonsense' is not KEY=command, line ignored\n"
		"keys.conf:7: warning: KEY_BLUE was set above, the later line counts\n"
		"keys.conf:8: warning: there is no section 'colours', what it holds is ignored\n"
		"keys.conf:10: error: '[broken' is no section, what it holds is ignored\n");
	assert_int_equal(set, 1);
	assert_int_equal(ui_keymap_command(&keymap, KEY_OK), UI_COMMAND_OK);
	assert_int_equal(ui_keymap_command(&keymap, KEY_RED), UI_COMMAND_RED);
	assert_int_equal(ui_keymap_command(&keymap, KEY_BLUE), UI_COMMAND_OK);
	assert_int_equal(ui_keymap_command(&keymap, KEY_GREEN), UI_COMMAND_GREEN);
	g_free(said);
}

static void test_a_file_that_is_no_keymap(void **state)
{
	struct ui_keymap keymap;
	GString *said = g_string_new(NULL), *text = g_string_new("[keymap]\n");

	(void)state;
	for (int i = 0; i < 1000; i++)
		g_string_append(text, "\x1b[31m\xff\xfe\x01 %s %n\n");
	ui_keymap_init(&keymap);
	assert_int_equal(ui_keymap_read(&keymap, "bad", text->str, text->len, note, said), 0);
	assert_true(g_utf8_validate(said->str, -1, NULL));
	assert_null(strchr(said->str, '\x1b'));
	size_t lines = 0;
	for (const char *c = said->str; *c; c++)
		lines += *c == '\n';
	assert_int_equal(lines, 21);
	assert_non_null(strstr(said->str, "bad: error: 980 more lines like these, ignored\n"));
	g_string_truncate(said, 0);
	/* Bytes behind a NUL are no line of their own, and the text need not end in one. */
	assert_int_equal(
		ui_keymap_read(&keymap, "nul", "[keymap]\nKEY_A=ok\0x\nKEY_B=okay", 28, note, said),
		2);
	assert_string_equal(said->str, "");
	g_string_free(text, true);
	g_string_free(said, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_key_of_a_remote),
		cmocka_unit_test(test_all_three_rows_of_digits),
		cmocka_unit_test(test_codes_that_are_none),
		cmocka_unit_test(test_names_lead_there_and_back),
		cmocka_unit_test(test_a_file_changes_keys),
		cmocka_unit_test(test_what_is_wrong_is_said_with_its_line),
		cmocka_unit_test(test_a_file_that_is_no_keymap),
	};
	return cmocka_run_group_tests_name("ui_keymap", tests, NULL, NULL);
}
