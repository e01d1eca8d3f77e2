/* Text of DVB in all tables that are sent, and in none. */
#include "tests/support/test.h"

#include "client/receive/dvb_text.h"

/* The text of these bytes, in memory of just their size. */
static void expect(const char *bytes, size_t len, const char *expected)
{
	uint8_t *copy = g_memdup2(bytes, len);
	char *text = dvb_text(copy, len);
	assert_string_equal(text, expected);
	g_free(text);
	g_free(copy);
}
/* Of a literal, which may hold zeros. */
#define EXPECT(bytes, expected) expect(bytes, sizeof bytes - 1, expected)

static void test_without_a_table_it_is_latin(void **state)
{
	(void)state;
	EXPECT("", "");
	EXPECT("Tagesschau", "Tagesschau");
	EXPECT("\xc8"
	       "Uber M\xc8"
	       "utter",
		"\xc3\x9c"
		"ber M\xc3\xbc"
		"tter");
	EXPECT("Stra\xfb"
	       "e, \xa4"
	       "5, \xd3",
		"Stra\xc3\x9f"
		"e, \xe2\x82\xac"
		"5, \xc2\xa9");
	EXPECT("\xc2"
	       "a\xc1"
	       "a\xc3"
	       "a\xc4"
	       "n\xca"
	       "a\xcb"
	       "c\xcf"
	       "s\xce"
	       "a\xcd"
	       "o",
		"\xc3\xa1\xc3\xa0\xc3\xa2\xc3\xb1\xc3\xa5\xc3\xa7\xc5\xa1\xc4\x85\xc5\x91");
	/* A letter that there is no one character for keeps its mark. */
	EXPECT("\xcf"
	       "x",
		"x\xcc\x8c");
	/* Neither a mark at the end nor a place in the table that is empty. */
	EXPECT("a\xc8", "a\xef\xbf\xbd");
	EXPECT("a\xd8"
	       "b",
		"a\xef\xbf\xbd"
		"b");
}

static void test_the_first_byte_names_a_table(void **state)
{
	(void)state;
	EXPECT("\x01\xc0\xe1\xd2", "\xd0\xa0\xd1\x81\xd0\xb2"); /* Cyrillic */
	EXPECT("\x02\xc7\xe4", "\xd8\xa7\xd9\x84");		/* Arabic */
	EXPECT("\x03\xc1\xe1", "\xce\x91\xce\xb1");		/* Greek */
	EXPECT("\x04\xe0", "\xd7\x90");				/* Hebrew */
	EXPECT("\x05\xfd", "\xc4\xb1");				/* Turkish */
	EXPECT("\x06\xe8", "\xc4\x8d");				/* Nordic */
	EXPECT("\x07\xa1", "\xe0\xb8\x81");			/* Thai */
	EXPECT("\x09\xe8", "\xc4\x8d");				/* Baltic */
	EXPECT("\x0a\xd0", "\xc5\xb4");				/* Celtic */
	EXPECT("\x0b\xa4", "\xe2\x82\xac");			/* Latin 9 */
	EXPECT("\x10\x00\x02\xb1", "\xc4\x85");			/* Latin 2 */
	EXPECT("\x10\x00\x0f\xa4", "\xe2\x82\xac");		/* Latin 9 */
	EXPECT("\x11\x00"
	       "A\x4e\x2d",
		"A\xe4\xb8\xad");		/* 16 bits */
	EXPECT("\x12\xb0\xa1", "\xea\xb0\x80"); /* Korean */
	EXPECT("\x13\xd6\xd0", "\xe4\xb8\xad"); /* Chinese */
	EXPECT("\x14\x4e\x2d", "\xe4\xb8\xad");
	EXPECT("\x15Gr\xc3\xbc\xc3\x9f"
	       "e",
		"Gr\xc3\xbc\xc3\x9f"
		"e");
}

static void test_tables_that_are_none_say_nothing(void **state)
{
	(void)state;
	EXPECT("\x08"
	       "abc",
		"");
	EXPECT("\x0c"
	       "abc",
		"");
	EXPECT("\x1f\x01"
	       "abc",
		""); /* compressed, by a table of somebody's own */
	EXPECT("\x10\x00\x0c"
	       "abc",
		"");
	EXPECT("\x10\x01\x01"
	       "abc",
		"");
	EXPECT("\x10\x00", "");
	EXPECT("\x10", "");
	EXPECT("\x15", "");
}

/* Annex A.1: emphasis on and off, and a new line, of one byte and of two. */
static void test_control_codes(void **state)
{
	(void)state;
	EXPECT("\x86"
	       "Der Film\x87"
	       "\x8a"
	       "Drama\x9f"
	       "!\x07",
		"Der Film\nDrama!");
	EXPECT("\x05\x86"
	       "a\x87"
	       "b\x8a"
	       "c",
		"ab\nc");
	EXPECT("\x11\xe0\x86\x00"
	       "a\xe0\x87\xe0\x8a\x00"
	       "b\xe0\x99",
		"a\nb");
	EXPECT("\x15"
	       "a\xee\x82\x8a"
	       "b\xc2\x8a"
	       "c\xee\x82\x86"
	       "d",
		"a\nb\ncd");
	EXPECT("a\x00"
	       "b",
		"ab");
}

static void test_what_cannot_be_decoded_is_seen(void **state)
{
	(void)state;
	EXPECT("\x15"
	       "a\xff"
	       "b",
		"a\xef\xbf\xbd"
		"b");
	EXPECT("\x15"
	       "a\xc3",
		"a");
	EXPECT("\x01\xe1\xff", "\xd1\x81\xd1\x9f");
	EXPECT("\x03"
	       "a\xff"
	       "b",
		"a\xef\xbf\xbd"
		"b");
	EXPECT("\x11\x00"
	       "a\xd8\x00\x00"
	       "b\x00",
		"a\xef\xbf\xbd"
		"b");
	EXPECT("\x12"
	       "a\xff\xff"
	       "b",
		"a\xef\xbf\xbd\xef\xbf\xbd"
		"b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_a_table_it_is_latin),
		cmocka_unit_test(test_the_first_byte_names_a_table),
		cmocka_unit_test(test_tables_that_are_none_say_nothing),
		cmocka_unit_test(test_control_codes),
		cmocka_unit_test(test_what_cannot_be_decoded_is_seen),
	};
	return cmocka_run_group_tests_name("receive_dvb_text", tests, NULL, NULL);
}
