/* ui/text: names from anywhere, made fit for a view. */
#include "tests/support/test.h"

#include <string.h>

#include "ui/text.h"

static void assert_becomes(const char *text, const char *expected)
{
	char field[192];

	memset(field, 'x', sizeof field);
	ui_text_copy(field, sizeof field, text);
	assert_string_equal(field, expected);
	for (size_t i = strlen(field); i < sizeof field; i++)
		assert_int_equal(field[i], 0);
}

static void test_what_is_right_stays(void **state)
{
	(void)state;
	assert_becomes("Das Erste HD", "Das Erste HD");
	assert_becomes(
		"\u041f\u0435\u0440\u0432\u044b\u0439", "\u041f\u0435\u0440\u0432\u044b\u0439");
	assert_becomes("\u4e2d\u592e\u96fb\u8996", "\u4e2d\u592e\u96fb\u8996");
	assert_becomes("\u0627\u0644\u062c\u0632\u064a\u0631\u0629",
		"\u0627\u0644\u062c\u0632\u064a\u0631\u0629");
	assert_becomes("a\u0301 \U0001f468\u200d\U0001f469", "a\u0301 \U0001f468\u200d\U0001f469");
	assert_becomes("", "");
	assert_becomes(NULL, "");
}

static void test_control_characters_are_spaces(void **state)
{
	(void)state;
	assert_becomes("  News\t\r\n 24 \x1b[31m\x7f", "News 24 [31m");
	assert_becomes("a\xc2\x85"
		       "b\u2028c\u2029d",
		"a b c d");
	assert_becomes("Tages\xc2\x86schau\xc2\x87", "Tages schau");
	assert_becomes("Line one\ue08aline two", "Line one line two");
	assert_becomes("\n\n", "");
}

static void test_invalid_bytes_are_replaced(void **state)
{
	(void)state;
	assert_becomes("M\xfcnchen", "M\ufffdnchen");
	assert_becomes("cut \xe4\xb8", "cut \ufffd\ufffd");
	assert_becomes("\xc0\x80\xed\xa0\x80", "\ufffd\ufffd\ufffd\ufffd\ufffd");
	assert_becomes("\xff", "\ufffd");
}

/* An override in a name must not turn the number beside it, or the rest of a sentence. */
static void test_what_turns_the_direction_is_left_out(void **state)
{
	char field[64];

	(void)state;
	assert_becomes("\u202eNews\u202c", "News");
	assert_becomes("\u2067News", "News");
	ui_text_format(
		field, sizeof field, "No signal on " UI_NAME ".", "\u0642\u0646\u0627\u0629");
	assert_string_equal(field, "No signal on \u2068\u0642\u0646\u0627\u0629\u2069.");
}

static void test_it_is_cut_between_characters(void **state)
{
	char field[8];

	(void)state;
	ui_text_copy(field, sizeof field, "1234567");
	assert_string_equal(field, "1234567");
	ui_text_copy(field, sizeof field, "12345678");
	assert_string_equal(field, "1234567");
	ui_text_copy(field, sizeof field, "123456\u00e9");
	assert_string_equal(field, "123456");
	/* An accent that has no room takes its letter with it, and so does a family. */
	ui_text_copy(field, sizeof field, "12345e\u0301");
	assert_string_equal(field, "12345");
	ui_text_copy(field, sizeof field, "\U0001f468\u200d\U0001f469");
	assert_string_equal(field, "");
	/* A space at the end is none. */
	ui_text_copy(field, sizeof field, "123456 8");
	assert_string_equal(field, "123456");
}

static void test_marks_do_not_tower(void **state)
{
	char text[1024] = "e", field[192];

	(void)state;
	for (int i = 0; i < 400; i++)
		strcat(text, "\u0301");
	strcat(text, "x");
	ui_text_copy(field, sizeof field, text);
	assert_int_equal(strlen(field), 1 + 8 * 2 + 1);
	assert_int_equal(field[strlen(field) - 1], 'x');
}

static void test_names_of_a_thousand_characters(void **state)
{
	char text[4001] = "", field[192];

	(void)state;
	for (int i = 0; i < 1000; i++)
		strcat(text, "\u4e2d");
	ui_text_copy(field, sizeof field, text);
	assert_int_equal(strlen(field), 189);
	assert_true(g_utf8_validate(field, -1, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_right_stays),
		cmocka_unit_test(test_control_characters_are_spaces),
		cmocka_unit_test(test_invalid_bytes_are_replaced),
		cmocka_unit_test(test_what_turns_the_direction_is_left_out),
		cmocka_unit_test(test_it_is_cut_between_characters),
		cmocka_unit_test(test_marks_do_not_tower),
		cmocka_unit_test(test_names_of_a_thousand_characters),
	};
	return cmocka_run_group_tests_name("ui_text", tests, NULL, NULL);
}
