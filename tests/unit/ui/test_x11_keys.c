/* ui/x11_keys: what keysyms mean, and what becomes of a key that goes down and up. */
#include "tests/support/test.h"

#include <X11/keysym.h>
#include <linux/input-event-codes.h>
#include <string.h>

#include "ui/x11_keys.h"

static void test_key_codes(void **state)
{
	const uint32_t keypad[] = {XK_KP_Up, XK_KP_8};
	const uint32_t french[] = {XK_ampersand, XK_1}, french_6[] = {XK_minus, XK_6};
	const uint32_t czech[] = {XK_plus, XK_1};
	const uint32_t russian[] = {XK_Cyrillic_shorti, XK_Cyrillic_SHORTI, XK_q, XK_Q};
	const uint32_t german_0[] = {XK_0, XK_equal, XK_braceright};
	const uint32_t channel_up[] = {0x10081192};
	const uint32_t german_plus[] = {XK_plus, XK_asterisk, XK_asciitilde};
	const uint32_t german_minus[] = {XK_minus, XK_underscore};
	const uint32_t american_plus[] = {XK_equal, XK_plus};
	const uint32_t french_comma[] = {XK_comma, XK_question}; /* where others have M */
	const uint32_t german_comma[] = {XK_comma, XK_semicolon};
	const uint32_t none[] = {XK_Shift_L, XK_Cyrillic_shorti};

	(void)state;
	assert_int_equal(x11_key_code(keypad, 2), KEY_KP8);
	assert_int_equal(x11_key_code(french, 2), KEY_1);
	assert_int_equal(x11_key_code(french_6, 2), KEY_6);
	assert_int_equal(x11_key_code(czech, 2), KEY_1);
	assert_int_equal(x11_key_code(russian, 4), KEY_Q);
	assert_int_equal(x11_key_code(german_0, 3), KEY_0);
	assert_int_equal(x11_key_code(channel_up, 1), KEY_CHANNELUP);
	assert_int_equal(x11_key_code(german_plus, 3), KEY_EQUAL);
	assert_int_equal(x11_key_code(german_minus, 2), KEY_MINUS);
	assert_int_equal(x11_key_code(american_plus, 2), KEY_EQUAL);
	assert_int_equal(x11_key_code(french_comma, 2), KEY_COMMA);
	assert_int_equal(x11_key_code(german_comma, 2), KEY_COMMA);
	assert_int_equal(x11_key_code(none, 2), 0);
	assert_int_equal(x11_key_code(NULL, 0), 0);
}

static void test_letters_and_functions(void **state)
{
	static const uint16_t letters[] = {KEY_A, KEY_B, KEY_C, KEY_D, KEY_E, KEY_F, KEY_G, KEY_H,
		KEY_I, KEY_J, KEY_K, KEY_L, KEY_M, KEY_N, KEY_O, KEY_P, KEY_Q, KEY_R, KEY_S, KEY_T,
		KEY_U, KEY_V, KEY_W, KEY_X, KEY_Y, KEY_Z};

	(void)state;
	for (uint32_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
		const uint32_t keysym = XK_a + i;
		assert_int_equal(x11_key_code(&keysym, 1), letters[i]);
	}
	for (uint32_t i = 0; i < 10; i++) {
		const uint32_t keysym = XK_F1 + i;
		assert_int_equal(x11_key_code(&keysym, 1), KEY_F1 + i);
	}
	assert_int_equal(x11_key_code(&(uint32_t){XK_F11}, 1), KEY_F11);
	assert_int_equal(x11_key_code(&(uint32_t){XK_F12}, 1), KEY_F12);
}

static struct x11_keys keyboard(void)
{
	struct x11_keys keys = {0};

	keys.codes[10] = KEY_1;
	keys.codes[36] = KEY_ENTER;
	keys.codes[255] = KEY_UP;
	return keys;
}

static void expect(const struct ui_key_event *event, uint16_t code, enum ui_key_motion motion)
{
	assert_int_equal(event->code, code);
	assert_int_equal(event->motion, motion);
}

static void test_press_repeat_release(void **state)
{
	struct x11_keys keys = keyboard();
	struct ui_key_event event;

	(void)state;
	assert_true(x11_keys_press(&keys, 10, &event));
	expect(&event, KEY_1, UI_KEY_PRESS);
	assert_true(x11_keys_press(&keys, 10, &event));
	expect(&event, KEY_1, UI_KEY_REPEAT);
	keys.codes[10] = KEY_2; /* the keyboard is mapped anew in mid-press */
	assert_true(x11_keys_press(&keys, 10, &event));
	expect(&event, KEY_1, UI_KEY_REPEAT);
	assert_true(x11_keys_release(&keys, 10, &event));
	expect(&event, KEY_1, UI_KEY_RELEASE);
	assert_false(x11_keys_release(&keys, 10, &event));
	assert_true(x11_keys_press(&keys, 10, &event));
	expect(&event, KEY_2, UI_KEY_PRESS);
	/* No key of ours. */
	assert_false(x11_keys_press(&keys, 11, &event));
	assert_false(x11_keys_press(&keys, 11, &event));
	assert_false(x11_keys_release(&keys, 11, &event));
}

static void test_leave(void **state)
{
	struct x11_keys keys = keyboard();
	struct ui_key_event event;

	(void)state;
	x11_keys_press(&keys, 36, &event);
	x11_keys_press(&keys, 255, &event);
	assert_true(x11_keys_leave(&keys, &event));
	expect(&event, KEY_ENTER, UI_KEY_RELEASE);
	assert_true(x11_keys_leave(&keys, &event));
	expect(&event, KEY_UP, UI_KEY_RELEASE);
	assert_false(x11_keys_leave(&keys, &event));
}

static void test_enter(void **state)
{
	struct x11_keys keys = keyboard();
	struct ui_key_event event;
	uint8_t down[X11_KEYCODES / 8] = {0};

	(void)state;
	x11_keys_press(&keys, 10, &event);
	x11_keys_press(&keys, 255, &event);
	down[36 / 8] |= 1u << 36 % 8;	/* pressed elsewhere */
	down[255 / 8] |= 1u << 255 % 8; /* and 10 went up meanwhile */
	assert_true(x11_keys_enter(&keys, down, &event));
	expect(&event, KEY_1, UI_KEY_RELEASE);
	assert_false(x11_keys_enter(&keys, down, &event));
	assert_false(x11_keys_press(&keys, 36, &event)); /* its repeats */
	assert_true(x11_keys_press(&keys, 255, &event)); /* still ours */
	expect(&event, KEY_UP, UI_KEY_REPEAT);
	assert_false(x11_keys_release(&keys, 36, &event));
	assert_true(x11_keys_press(&keys, 36, &event));
	expect(&event, KEY_ENTER, UI_KEY_PRESS);
	/* One that went up elsewhere is another's no more. */
	x11_keys_release(&keys, 36, &event);
	assert_false(x11_keys_enter(&keys, down, &event));
	down[36 / 8] = 0;
	assert_false(x11_keys_enter(&keys, down, &event));
	assert_true(x11_keys_press(&keys, 36, &event));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_key_codes),
		cmocka_unit_test(test_letters_and_functions),
		cmocka_unit_test(test_press_repeat_release),
		cmocka_unit_test(test_leave),
		cmocka_unit_test(test_enter),
	};
	return cmocka_run_group_tests_name("ui_x11_keys", tests, NULL, NULL);
}
