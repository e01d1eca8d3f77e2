#include "channels/charset.h"

#include <string.h>

#include "tests/support/test.h"

struct read {
	GString *text;
	GString *said;
};

static void take_text(void *ctx, const char *utf8, size_t size)
{
	struct read *read = ctx;
	g_string_append_len(read->text, utf8, (gssize)size);
}

static void take_diagnostic(void *user, const struct channel_diagnostic *diagnostic)
{
	struct read *read = user;
	assert_string_equal(diagnostic->file, "list");
	assert_false(diagnostic->error || diagnostic->ignored);
	g_string_append_printf(read->said, "%u %s\n", diagnostic->line, diagnostic->text);
}

/* However the bytes arrive; `said` is what is said about them. */
static void check_bytes(const char *name, const char *bytes, size_t size, const char *expected,
	size_t expected_size, const char *said)
{
	const size_t pieces[] = {1, 2, 3, 5, 1000000};
	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
		struct read read = {g_string_new(NULL), g_string_new(NULL)};
		const struct charset_sink sink = {take_text, &read, {take_diagnostic, &read}};
		struct charset *charset = charset_create("list", name, &sink);
		for (size_t at = 0; at < size; at += pieces[i])
			charset_feed(charset, bytes + at, MIN(pieces[i], size - at));
		charset_finish(charset);
		charset_destroy(charset);
		assert_string_equal(read.said->str, said);
		assert_int_equal(read.text->len, expected_size);
		assert_memory_equal(read.text->str, expected, expected_size);
		g_string_free(read.text, TRUE);
		g_string_free(read.said, TRUE);
	}
}

#define CHECK(name, bytes, expected, said)                                                         \
	check_bytes(name, bytes, sizeof(bytes) - 1, expected, sizeof(expected) - 1, said)

static void test_utf8_goes_through(void **state)
{
	(void)state;
	CHECK(NULL, "", "", "");
	CHECK(NULL, "a", "a", "");
	CHECK(NULL, "T\xc3\xa9l\xc3\xa9\nT\xe9l\xe9\n", "T\xc3\xa9l\xc3\xa9\nT\xe9l\xe9\n", "");
	CHECK("utf8", "T\xe9l\xe9\n", "T\xe9l\xe9\n", "");
	CHECK(NULL, "<?xml version='1.0'?><a>\xc3\xa9</a>", "<?xml version='1.0'?><a>\xc3\xa9</a>",
		"");
	CHECK(NULL, "<?xm", "<?xm", "");
}

static void test_byte_order_marks(void **state)
{
	(void)state;
	CHECK(NULL, "\xef\xbb\xbfT\xc3\xa9\n", "T\xc3\xa9\n", "");
	CHECK(NULL, "\xef\xbb\xbf", "", "");
	CHECK(NULL, "\xff\xfe#\0E\0\xe9\0\n\0=\xd8\xfa\xdc", "#E\xc3\xa9\n\xf0\x9f\x93\xba", "");
	CHECK(NULL, "\xfe\xff\0#\0E\0\xe9\0\n", "#E\xc3\xa9\n", "");
	CHECK(NULL, "\xff\xfe\0\0#\0\0\0\xe9\0\0\0", "#\xc3\xa9", "");
	CHECK(NULL, "\0\0\xfe\xff\0\0\0#\0\0\0\xe9", "#\xc3\xa9", "");
	CHECK(NULL, "\x84\x31\x95\x33#\xd6\xd0", "#\xe4\xb8\xad", "");
	CHECK(NULL, "\xff\xfe", "", "");
}

/* Windows' editors may leave the mark out. */
static void test_utf16_without_a_mark(void **state)
{
	(void)state;
	CHECK(NULL, "#\0E\0\xe9\0", "#E\xc3\xa9", "");
	CHECK(NULL, "\0#\0E\0\xe9", "#E\xc3\xa9", "");
	CHECK(NULL, "<\0?\0x\0m\0l\0 \0?\0>\0", "<?xml ?>", "");
}

static void test_the_users_word(void **state)
{
	(void)state;
	CHECK("windows-1251", "\xcd\xee\xe2\xee\xf1\xf2\xe8\r\n",
		"\xd0\x9d\xd0\xbe\xd0\xb2\xd0\xbe\xd1\x81\xd1\x82\xd0\xb8\r\n", "");
	CHECK("GBK", "\xd6\xd0\xd1\xeb", "\xe4\xb8\xad\xe5\xa4\xae", "");
	/* U+9555, which GB 2312 does not have, and lists that say so do. */
	CHECK("gb2312", "\xe9\x46", "\xe9\x95\x95", "");
	CHECK("ISO-8859-1", "\x80 \xe9", "\xe2\x82\xac \xc3\xa9", "");
	CHECK("KOI8-R", "\xf0\xf2", "\xd0\x9f\xd0\xa0", "");
	CHECK("IBM850", "\x82", "\xc3\xa9", "");
	CHECK("UTF-16BE", "\x4e\x2d\x59\x2e", "\xe4\xb8\xad\xe5\xa4\xae", "");
	/* It goes before what the list says of itself. */
	CHECK("cp1251", "<?xml version=\"1.0\" encoding=\"latin1\"?>\xcd",
		"<?xml version=\"1.0\" encoding=\"latin1\"?>\xd0\x9d", "");
}

static void test_a_mark_goes_before_the_users_word(void **state)
{
	(void)state;
	CHECK("cp1251", "\xef\xbb\xbfT\xc3\xa9", "T\xc3\xa9",
		"1 the text begins with the byte order mark of UTF-8; it is not read as "
		"cp1251\n");
	CHECK("UTF-16", "\xff\xfe\xe9\0", "\xc3\xa9", "");
	CHECK("utf8", "\xef\xbb\xbf\xc3\xa9", "\xc3\xa9", "");
}

static void test_xml_declarations(void **state)
{
	(void)state;
	CHECK(NULL, "<?xml version=\"1.0\" encoding=\"windows-1251\"?>\n<a>\xcd</a>",
		"<?xml version=\"1.0\" encoding=\"windows-1251\"?>\n<a>\xd0\x9d</a>", "");
	CHECK(NULL, "<?xml version='1.0' encoding = 'GBK' standalone='yes' ?><a>\xd6\xd0</a>",
		"<?xml version='1.0' encoding = 'GBK' standalone='yes' ?><a>\xe4\xb8\xad</a>", "");
	CHECK(NULL, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\xc3\xa9",
		"<?xml version=\"1.0\" encoding=\"utf-8\"?>\xc3\xa9", "");
	CHECK(NULL, "<?xml version=\"1.0\" encoding=\"utf-16\"?>\xc3\xa9",
		"<?xml version=\"1.0\" encoding=\"utf-16\"?>\xc3\xa9",
		"1 the text is not utf-16, as it declares; it is read as UTF-8\n");
	CHECK(NULL, "<?xml version=\"1.0\" encoding=\"../x\"?>\xc3\xa9",
		"<?xml version=\"1.0\" encoding=\"../x\"?>\xc3\xa9",
		"1 the text declares a character set that is not known here; it is read as "
		"UTF-8\n");
	/* Whoever wrote the list does not choose among all that iconv has. */
	CHECK(NULL, "<?xml version='1.0' encoding='ISO-2022-CN-EXT'?>\xc3\xa9",
		"<?xml version='1.0' encoding='ISO-2022-CN-EXT'?>\xc3\xa9",
		"1 the text declares the character set ISO-2022-CN-EXT, which is rare; it is read "
		"as UTF-8 unless --charset says so, too\n");
	/* What is no declaration says nothing. */
	CHECK(NULL, "<?xml?><a encoding='cp1251'>?>\xc3\xa9",
		"<?xml?><a encoding='cp1251'>?>\xc3\xa9", "");
	CHECK(NULL, "<?xml encoding='cp1251", "<?xml encoding='cp1251", "");
}

static void test_what_cannot_be_decoded(void **state)
{
	(void)state;
	/* 0x98 is nothing in it; one warning for each line, however lines end. */
	CHECK("cp1251", "\xcd\x98\x98\r\n\xcd\r\x98\n\n\x98",
		"\xd0\x9d\\x98\\x98\r\n\xd0\x9d\r\\x98\n\n\\x98",
		"1 the text is not all cp1251; what is not is read as Latin-1\n"
		"3 the text is not all cp1251; what is not is read as Latin-1\n"
		"5 the text is not all cp1251; what is not is read as Latin-1\n");
	/* The second half of a character is missing, in the middle and at the end. */
	CHECK("gbk", "\xd6\n\xd6\xd0\xd6", "\xc3\x96\n\xe4\xb8\xad\xc3\x96",
		"1 the text is not all gbk; what is not is read as Latin-1\n"
		"2 the text is not all gbk; what is not is read as Latin-1\n");
	CHECK("UTF-16LE",
		"a\0\x3d\xd8"
		"b\0c",
		"a\xef\xbf\xbd"
		"b\xef\xbf\xbd",
		"1 the text is not all UTF-16LE; what is not is read as U+FFFD\n");
}

/* Longer than what is looked at in one go, with characters across each border. */
static void test_long_texts(void **state)
{
	(void)state;
	GString *gbk = g_string_new("x"), *utf8 = g_string_new("x");
	for (int i = 0; i < 10000; i++) {
		g_string_append(gbk, "\xd6\xd0");
		g_string_append(utf8, "\xe4\xb8\xad");
	}
	check_bytes("gbk", gbk->str, gbk->len, utf8->str, utf8->len, "");
	g_string_free(gbk, TRUE);
	g_string_free(utf8, TRUE);
}

static void test_names(void **state)
{
	(void)state;
	assert_true(charset_is_known("cp1251"));
	assert_true(charset_is_known("GB2312"));
	assert_false(charset_is_known(""));
	assert_false(charset_is_known("no-such-set"));
	assert_false(charset_is_known("CP1251//IGNORE"));
	assert_false(charset_is_known("../../tmp/evil"));
	const struct charset_sink sink = {.text = take_text};
	assert_null(charset_create("list", "no-such-set", &sink));
	charset_destroy(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_utf8_goes_through),
		cmocka_unit_test(test_byte_order_marks),
		cmocka_unit_test(test_utf16_without_a_mark),
		cmocka_unit_test(test_the_users_word),
		cmocka_unit_test(test_a_mark_goes_before_the_users_word),
		cmocka_unit_test(test_xml_declarations),
		cmocka_unit_test(test_what_cannot_be_decoded),
		cmocka_unit_test(test_long_texts),
		cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests_name("channels_charset", tests, NULL, NULL);
}
