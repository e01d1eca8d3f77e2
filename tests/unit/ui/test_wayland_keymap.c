/* ui/wayland_keymap: what is printed on a key counts, where a keymap says it. */
#include "tests/support/test.h"

#include <errno.h>
#include <linux/input-event-codes.h>
#include <string.h>
#include <xkbcommon/xkbcommon.h>

#include "ui/wayland_keymap.h"

/* The keymap that a compositor would send for a layout; NULL where there is none here. */
static char *text_of(const char *layout)
{
	const struct xkb_rule_names names = {.rules = "evdev", .layout = layout};
	struct xkb_context *context = xkb_context_new(XKB_CONTEXT_NO_FLAGS);
	struct xkb_keymap *xkb =
		xkb_keymap_new_from_names(context, &names, XKB_KEYMAP_COMPILE_NO_FLAGS);
	char *text = xkb ? xkb_keymap_get_as_string(xkb, XKB_KEYMAP_FORMAT_TEXT_V1) : NULL;

	xkb_keymap_unref(xkb);
	xkb_context_unref(context);
	return text;
}

static void learn(struct wayland_keymap *keymap, const char *layout)
{
	char *text = text_of(layout);

	assert_non_null(text);
	assert_int_equal(wayland_keymap_learn(keymap, text, strlen(text) + 1), 0);
	free(text);
}

/* Keys of a remote are what the kernel says on every layout, and digits are digits. */
static void assert_remote_keys(const struct wayland_keymap *keymap)
{
	static const uint16_t codes[] = {KEY_1, KEY_2, KEY_3, KEY_4, KEY_5, KEY_6, KEY_7, KEY_8,
		KEY_9, KEY_0, KEY_UP, KEY_DOWN, KEY_LEFT, KEY_RIGHT, KEY_ENTER, KEY_ESC,
		KEY_BACKSPACE, KEY_PAGEUP, KEY_PAGEDOWN, KEY_KP5, KEY_KPENTER, KEY_F11, KEY_BACK,
		KEY_MENU, KEY_MUTE, KEY_VOLUMEUP, KEY_VOLUMEDOWN, KEY_POWER, KEY_OK, KEY_SELECT,
		KEY_INFO, KEY_EPG, KEY_CHANNELUP, KEY_CHANNELDOWN, KEY_FAVORITES, KEY_RED,
		KEY_GREEN, KEY_YELLOW, KEY_BLUE, KEY_TEXT, KEY_SUBTITLE, KEY_LANGUAGE, KEY_LAST,
		KEY_PREVIOUS, KEY_EXIT, KEY_NUMERIC_0, KEY_NUMERIC_9};

	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		assert_int_equal(keymap->codes[codes[i]], codes[i]);
}

static void test_without(void **state)
{
	struct wayland_keymap keymap;

	(void)state;
	wayland_keymap_init(&keymap);
	for (uint16_t code = 0; code < UI_KEY_CODES; code++)
		assert_int_equal(keymap.codes[code], code);
	assert_true(ui_key_set_is_empty(&keymap.once));
}

static void test_layouts(void **state)
{
	struct wayland_keymap keymap;

	(void)state;
	learn(&keymap, "us");
	assert_remote_keys(&keymap);
	assert_int_equal(keymap.codes[KEY_Q], KEY_Q);
	learn(&keymap, "fr");
	assert_remote_keys(&keymap);
	assert_int_equal(keymap.codes[KEY_A], KEY_Q); /* where a French keyboard has its Q */
	assert_int_equal(keymap.codes[KEY_Q], KEY_A);
	assert_int_equal(keymap.codes[KEY_M], KEY_COMMA);
	assert_int_equal(keymap.codes[KEY_SEMICOLON], KEY_M);
	learn(&keymap, "cz");
	assert_remote_keys(&keymap);
	learn(&keymap, "de");
	assert_remote_keys(&keymap);
	assert_int_equal(keymap.codes[KEY_RIGHTBRACE], KEY_EQUAL); /* + */
	assert_int_equal(keymap.codes[KEY_SLASH], KEY_MINUS);
	learn(&keymap, "se");
	assert_int_equal(keymap.codes[KEY_MINUS], KEY_EQUAL); /* + */
	learn(&keymap, "ru,us");
	assert_remote_keys(&keymap);
	assert_int_equal(keymap.codes[KEY_Q], KEY_Q); /* by its second layout */
	learn(&keymap, "ru");
	assert_int_equal(keymap.codes[KEY_Q], KEY_Q); /* by its place */
}

static void test_which_repeat(void **state)
{
	struct wayland_keymap keymap;

	(void)state;
	learn(&keymap, "us");
	assert_true(ui_key_set_has(&keymap.once, KEY_LEFTSHIFT));
	assert_false(ui_key_set_has(&keymap.once, KEY_UP));
	assert_false(ui_key_set_has(&keymap.once, KEY_VOLUMEUP));
}

/* As a program that types makes it: codes mean nothing but what its keymap says. */
static void test_keyboard_of_a_program(void **state)
{
	static const char text[] =
		"xkb_keymap {\n"
		"xkb_keycodes { minimum = 8; maximum = 11; <K1> = 9; <K2> = 10; };\n"
		"xkb_types { type \"ONE_LEVEL\" { modifiers = none; map[none] = Level1; }; };\n"
		"xkb_compatibility { };\n"
		"xkb_symbols { key <K1> { [ Up ] }; key <K2> { [ 5 ] }; };\n"
		"};\n";
	struct wayland_keymap keymap;

	(void)state;
	assert_int_equal(wayland_keymap_learn(&keymap, text, sizeof text), 0);
	assert_int_equal(keymap.codes[1], KEY_UP);
	assert_int_equal(keymap.codes[2], KEY_5);
	assert_int_equal(keymap.codes[3], 3);
	assert_int_equal(keymap.codes[KEY_OK], KEY_OK);
}

static void test_nonsense(void **state)
{
	static const char *const texts[] = {
		"", "xkb_keymap {", "nonsense", "\xff\xfe", "xkb_keymap { include \"pc\" };"};
	struct wayland_keymap keymap;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		assert_int_equal(
			wayland_keymap_learn(&keymap, texts[i], strlen(texts[i]) + 1), -EINVAL);
		test_without(NULL);
		assert_int_equal(keymap.codes[KEY_Q], KEY_Q);
	}
	char *text = text_of("us"); /* cut off anywhere, without its NUL */
	assert_non_null(text);
	size_t len = strlen(text);
	assert_int_equal(wayland_keymap_learn(&keymap, text, len), 0);
	for (size_t part = 0; part < len - 16; part += len / 13)
		assert_int_equal(wayland_keymap_learn(&keymap, text, part), -EINVAL);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without),
		cmocka_unit_test(test_layouts),
		cmocka_unit_test(test_which_repeat),
		cmocka_unit_test(test_keyboard_of_a_program),
		cmocka_unit_test(test_nonsense),
	};
	return cmocka_run_group_tests_name("ui_wayland_keymap", tests, NULL, NULL);
}
