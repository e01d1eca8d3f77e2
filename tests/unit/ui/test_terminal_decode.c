/* ui/terminal's decoder: bytes of a terminal become keys, however they are split. */
#include "tests/support/test.h"

#include <linux/input-event-codes.h>
#include <string.h>

#include "ui/terminal.h"

static const struct {
	const char *bytes;
	uint16_t code;
} keys[] = {
	{"0", KEY_0}, {"1", KEY_1}, {"9", KEY_9}, {".", KEY_DOT}, {",", KEY_COMMA},
	{"+", KEY_EQUAL}, {"-", KEY_MINUS}, {"=", KEY_EQUAL}, {"q", KEY_Q}, {"Q", KEY_Q},
	{"a", KEY_A}, {"l", KEY_L}, {"z", KEY_Z}, {"\r", KEY_ENTER}, {"\n", KEY_ENTER},
	{"\x7f", KEY_BACKSPACE}, {"\b", KEY_BACKSPACE}, {"\033[A", KEY_UP}, {"\033[B", KEY_DOWN},
	{"\033[C", KEY_RIGHT}, {"\033[D", KEY_LEFT}, {"\033OA", KEY_UP}, {"\033OB", KEY_DOWN},
	{"\033[1;5A", KEY_UP}, /* with Ctrl */
	{"\033[5~", KEY_PAGEUP}, {"\033[6~", KEY_PAGEDOWN},
	{"\033[6;2~", KEY_PAGEDOWN}, /* with Shift */
	{"\033[H", KEY_HOME}, {"\033[4~", KEY_END}, {"\033OP", KEY_F1}, {"\033[15~", KEY_F5},
	{"\033[17~", KEY_F6}, {"\033[24~", KEY_F12}, {"\033[[A", KEY_F1}, /* Linux console */
	{"\033Op", KEY_KP0}, {"\033Oq", KEY_KP1}, {"\033Oy", KEY_KP9}, {"\033OM", KEY_KPENTER},
	{"\033On", KEY_KPDOT}, {" ", 0}, {"\t", 0}, {"\xc3\xa4", 0}, {"\xe4\xb8\xad", 0},
	{"\xf0\x9f\x93\xba", 0}, {"\x80", 0}, {"\xff", 0}, {"\033[99~", 0},
	{"\033[?1;2c", 0}, /* a terminal's answer */
	{"\033[200~", 0},  /* bracketed paste */
};

static void test_each_key_byte_by_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		const uint8_t *bytes = (const uint8_t *)keys[i].bytes;
		size_t len = strlen(keys[i].bytes);
		uint16_t code = 1;

		for (size_t part = 0; part < len; part++) {
			assert_int_equal(ui_terminal_decode(bytes, part, &code), 0);
			assert_int_equal(code, 0);
		}
		assert_int_equal(ui_terminal_decode(bytes, len, &code), len);
		assert_int_equal(code, keys[i].code);
	}
}

static void test_what_follows_is_left(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		char bytes[32];
		uint16_t code;
		size_t len = strlen(keys[i].bytes);

		snprintf(bytes, sizeof bytes, "%s7", keys[i].bytes);
		assert_int_equal(ui_terminal_decode((const uint8_t *)bytes, len + 1, &code), len);
		assert_int_equal(code, keys[i].code);
	}
}

/* Decodes all of `text` and asserts the codes, 0 ending the list; what is no key is left out. */
static void assert_decodes(const char *text, const uint16_t *codes)
{
	const uint8_t *bytes = (const uint8_t *)text;
	size_t len = strlen(text);

	while (len > 0) {
		uint16_t code;
		size_t n = ui_terminal_decode(bytes, len, &code);

		assert_in_range(n, 1, len);
		bytes += n;
		len -= n;
		if (code)
			assert_int_equal(code, *codes++);
	}
	assert_int_equal(*codes, 0);
}

static void test_broken_sequences_do_not_swallow_keys(void **state)
{
	(void)state;
	assert_decodes("\033q", (const uint16_t[]){KEY_ESC, KEY_Q, 0});
	assert_decodes("\033\033[A", (const uint16_t[]){KEY_ESC, KEY_UP, 0});
	assert_decodes("\033[1\033[A", (const uint16_t[]){KEY_UP, 0});
	assert_decodes("\033[5\n7", (const uint16_t[]){KEY_ENTER, KEY_7, 0});
	assert_decodes("\xe4\xb8q", (const uint16_t[]){KEY_Q, 0});
	assert_decodes("\xc3\033[B", (const uint16_t[]){KEY_DOWN, 0});
}

static void test_an_endless_sequence_ends(void **state)
{
	uint8_t bytes[64] = "\033[";
	uint16_t code;

	(void)state;
	memset(bytes + 2, '1', sizeof bytes - 2);
	assert_in_range(ui_terminal_decode(bytes, sizeof bytes, &code), 1, sizeof bytes);
	assert_int_equal(code, 0);
}

static void test_any_two_bytes_make_progress(void **state)
{
	(void)state;
	for (unsigned int pair = 0; pair < 0x10000; pair++) {
		uint8_t bytes[26] = {(uint8_t)(pair >> 8), (uint8_t)pair};
		uint16_t code;

		memset(bytes + 2, '3', sizeof bytes - 2);
		assert_in_range(ui_terminal_decode(bytes, sizeof bytes, &code), 1, sizeof bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_key_byte_by_byte),
		cmocka_unit_test(test_what_follows_is_left),
		cmocka_unit_test(test_broken_sequences_do_not_swallow_keys),
		cmocka_unit_test(test_an_endless_sequence_ends),
		cmocka_unit_test(test_any_two_bytes_make_progress),
	};
	return cmocka_run_group_tests_name("ui_terminal_decode", tests, NULL, NULL);
}
