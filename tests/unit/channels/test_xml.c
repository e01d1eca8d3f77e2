#include "channels/xml.h"

#include <string.h>

#include "tests/support/test.h"

struct seen {
	struct xml *xml;
	GString *out;
	const char *fail_at; /* an element whose end is one too many */
};

static void on_start(void *ctx, const char *name, const char *const *attributes)
{
	struct seen *seen = ctx;
	const char *value = xml_attribute(seen->xml, attributes, "v");
	g_string_append_printf(seen->out, "%u %s/%s", xml_line(seen->xml),
		xml_ancestor(seen->xml, 1), xml_ancestor(seen->xml, 0));
	assert_string_equal(name, xml_ancestor(seen->xml, 0));
	if (*value)
		g_string_append_printf(seen->out, " v=%s", value);
	g_string_append_c(seen->out, '\n');
}

static void on_end(void *ctx, const char *name, const char *text)
{
	struct seen *seen = ctx;
	g_string_append_printf(seen->out, "%u -%s [%s]\n", xml_line(seen->xml), name, text);
	if (seen->fail_at && !strcmp(name, seen->fail_at))
		xml_fail(seen->xml, "that is enough");
}

static void on_diagnostic(void *user, const struct channel_diagnostic *diagnostic)
{
	struct seen *seen = user;
	assert_string_equal(diagnostic->file, "list");
	assert_true(g_utf8_validate(diagnostic->text, -1, NULL));
	g_string_append_printf(seen->out, "%s %u %s\n", diagnostic->error ? "!!" : "!",
		diagnostic->line, diagnostic->text);
}

/* Freed with g_free(). */
static char *parse(const char *text, size_t size, size_t piece, const char *fail_at)
{
	struct seen seen = {.out = g_string_new(NULL), .fail_at = fail_at};
	const struct xml_handler handler = {on_start, on_end, &seen, {on_diagnostic, &seen}};
	seen.xml = xml_create("list", &handler);
	for (size_t at = 0; at < size; at += piece)
		xml_feed(seen.xml, text + at, MIN(piece, size - at));
	bool whole = xml_finish(seen.xml);
	assert_int_equal(whole, !xml_has_failed(seen.xml));
	assert_int_equal(whole, !strstr(seen.out->str, "!!"));
	xml_destroy(seen.xml);
	return g_string_free(seen.out, FALSE);
}

static void check_bytes(const char *text, size_t size, const char *expected)
{
	const size_t pieces[] = {1, 2, 3, 7, 1000000};
	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
		char *got = parse(text, size, pieces[i], NULL);
		assert_string_equal(got, expected);
		g_free(got);
	}
}

static void check(const char *text, const char *expected)
{
	check_bytes(text, strlen(text), expected);
}

static void test_elements(void **state)
{
	(void)state;
	check("<?xml version=\"1.0\"?>\n<!-- x -->\n<a v='1'>\n\t<b v=\" 2 \">  text\n</b>\n"
	      "<c/>tail</a>\n<!-- behind -->\n",
		"3 /a v=1\n4 a/b v=2\n5 -b [text]\n6 a/c\n6 -c []\n6 -a [tail]\n");
}

static void test_prefixes_are_left_out(void **state)
{
	(void)state;
	check("<x:a xmlns:x='urn:x'><vlc:b x:v='1'/><c v='2'/></x:a>",
		"1 /a\n1 a/b v=1\n1 -b []\n1 a/c v=2\n1 -c []\n1 -a []\n");
}

static void test_texts(void **state)
{
	(void)state;
	check("<a>one <i>two</i> three</a>", "1 /a\n1 a/i\n1 -i [two]\n1 -a [one  three]\n");
	check("<a>\n  one \r\n\t two   three\n</a>", "1 /a\n4 -a [one two   three]\n");
	check("<a>&lt;&amp;&#233;<![CDATA[<b>]]>&#10;x&#127;y</a>",
		"1 /a\n1 -a [<&\xc3\xa9<b> x y]\n");
	check("<a v='x&#10;&#9;y&#127;'/>", "1 /a v=x y\n1 -a []\n");
}

/* As they stand in lists that a script wrote. */
static void test_what_is_no_xml_by_the_letter(void **state)
{
	(void)state;
	check("\n \xef\xbb\xbf\r\n<?xml version='1.0' encoding='x-unknown'?>\n<a>b\x01\x0b"
	      "c</a>",
		"4 /a\n4 -a [b  c]\n");
	check_bytes("<a>x\0y</a>", 11, "1 /a\n1 -a [x y]\n");
	check("<a>\n<b>T\xe9l\xe9\x80</b></a>",
		"1 /a\n2 a/b\n! 2 the text is not all UTF-8; what is not is read as Latin-1\n"
		"2 -b [T\xc3\xa9l\xc3\xa9\\x80]\n2 -a []\n");
}

static void test_several_documents(void **state)
{
	(void)state;
	check("<a>1</a><?xml version='1.0'?>\n\n<b>\r\n<c/></b\n>\r<a v='2'/>\n<!-- end -->",
		"1 /a\n1 -a [1]\n3 /b\n4 b/c\n4 -c []\n4 -b []\n6 /a v=2\n6 -a []\n");
}

static void test_errors(void **state)
{
	(void)state;
	check("<a>\n<b></a>", "1 /a\n2 a/b\n!! 2 the text is malformed XML (mismatched tag); "
			      "nothing of it is used\n");
	check("<a>\n<b>\n", "1 /a\n2 a/b\n!! 3 the XML breaks off; nothing of it is used\n");
	check("<a></a>\n<b", "1 /a\n1 -a []\n"
			     "!! 2 the text is malformed XML (unclosed token); nothing of it is "
			     "used\n");
	/* Nothing is said of what nobody reads. */
	check("<a>\n</b>\nT\xe9l\xe9",
		"1 /a\n!! 2 the text is malformed XML (mismatched tag); nothing of it is used\n");
	check("", "!! 1 there is no XML in it; nothing of it is used\n");
	check("no XML", "!! 1 the text is malformed XML (syntax error); nothing of it is used\n");
	check("<a/>\nno XML", "1 /a\n1 -a []\n!! 2 the text is malformed XML (syntax error); "
			      "nothing of it is used\n");
}

static void test_entities_are_refused(void **state)
{
	(void)state;
	const char *refused = "!! 2 the XML declares entities, which zapper does not read; nothing "
			      "of it is used\n";
	check("<!DOCTYPE a [\n<!ENTITY lol 'lol'><!ENTITY b '&lol;&lol;'>]><a>&b;</a>", refused);
	check("<!DOCTYPE a [\n<!ENTITY f SYSTEM 'file:///etc/passwd'>]><a>&f;</a>", refused);
	check("<!DOCTYPE a [\n<!ENTITY % p 'x'>]><a/>", refused);
	/* To name a DTD is what XMLTV does. */
	check("<!DOCTYPE tv SYSTEM \"xmltv.dtd\">\n<tv>&unknown;</tv>", "2 /tv\n2 -tv []\n");
	check("<!DOCTYPE a [<!ELEMENT a ANY>]><a/>", "1 /a\n1 -a []\n");
}

static void test_the_handler_may_give_up(void **state)
{
	(void)state;
	const char text[] = "<a><b/><b/>\n<c/><b/></a><a/>";
	char *got = parse(text, strlen(text), 5, "c");
	assert_string_equal(got, "1 /a\n1 a/b\n1 -b []\n1 a/b\n1 -b []\n2 a/c\n2 -c []\n"
				 "!! 2 that is enough; nothing of it is used\n");
	g_free(got);
}

/* The last line of what is said of a text. */
static void check_last(const GString *text, const char *expected)
{
	char *got = parse(text->str, text->len, 65536, NULL);
	const char *end = got + strlen(got) - 1;
	const char *start = memrchr(got, '\n', (size_t)(end - got));
	assert_string_equal(start ? start + 1 : got, expected);
	g_free(got);
}

static void repeat(GString *text, const char *what, size_t times)
{
	while (times--)
		g_string_append(text, what);
}

static void test_bounds(void **state)
{
	(void)state;
	GString *text = g_string_new(NULL);
	repeat(text, "<a>", XML_DEPTH + 1);
	check_last(text, "!! 1 the XML's elements are nested too deeply; nothing of it is used\n");

	g_string_assign(text, "<a>");
	for (int i = 0; i < XML_NAMES; i++)
		g_string_append_printf(text, "<n%d/>", i);
	check_last(text, "!! 1 the XML has too many different names; nothing of it is used\n");

	g_string_assign(text, "<a>\n<!-- ");
	repeat(text, "0123456789abcdef", XML_TOKEN_BYTES / 16 + 5000);
	check_last(text,
		"!! 2 the XML has a tag or comment that is too long; nothing of it is used\n");

	g_string_assign(text, "<!DOCTYPE a [");
	repeat(text, "<!ELEMENT a ANY>", 2 * XML_TEXT_BYTES / 16);
	check_last(text, "!! 1 the XML's declarations are too long; nothing of it is used\n");
	g_string_free(text, TRUE);
}

/* Neither the blanks between elements nor the names of one document after the other add up. */
static void test_what_does_not_add_up(void **state)
{
	(void)state;
	GString *text = g_string_new("<a>");
	repeat(text, "\n        <b/>", XML_TEXT_BYTES / 8);
	g_string_append(text, "</a>");
	for (int i = 0; i < 2 * XML_NAMES; i++)
		g_string_append_printf(text, "<n%d/>", i);
	char *got = parse(text->str, text->len, 65536, NULL);
	assert_null(strchr(got, '!'));
	g_free(got);
	g_string_free(text, TRUE);
}

static void test_long_texts_are_cut(void **state)
{
	(void)state;
	GString *text = g_string_new("<a>x"), *expected = g_string_new("1 /a\n");
	repeat(text, "\xc3\xa9", XML_TEXT_BYTES);
	g_string_append(text, "</a>");
	g_string_append_printf(expected,
		"! 1 the text of a is longer than %d bytes; the rest is ignored\n1 -a [x",
		XML_TEXT_BYTES);
	repeat(expected, "\xc3\xa9", (XML_TEXT_BYTES - 1) / 2);
	g_string_append(expected, "]\n");
	char *got = parse(text->str, text->len, 1000000, NULL);
	assert_string_equal(got, expected->str);
	g_free(got);
	g_string_free(text, TRUE);
	g_string_free(expected, TRUE);
}

static void test_roots(void **state)
{
	(void)state;
	static const struct {
		const char *head;
		bool is_tv;
	} cases[] = {
		{"", false},
		{"<", false},
		{"<tv", false},
		{"<tv>", true},
		{"\xef\xbb\xbf\n<tv\n", true},
		{"<tv/>", true},
		{"<x:tv a='1'>", true},
		{"<tvx>", false},
		{"tv", false},
		{"<?xml version='1.0'?><!-- <a> --><!DOCTYPE tv SYSTEM 'x'> <tv>", true},
		{"<!DOCTYPE tv [<!ELEMENT tv ANY>]><tv>", true},
		{"<!-- <tv>", false},
		{"<a><tv>", false},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_int_equal(
			xml_root_is(cases[i].head, strlen(cases[i].head), "tv"), cases[i].is_tv);
	assert_false(xml_root_is("<\0tv>", 5, "tv"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_elements),
		cmocka_unit_test(test_prefixes_are_left_out),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_what_is_no_xml_by_the_letter),
		cmocka_unit_test(test_several_documents),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_entities_are_refused),
		cmocka_unit_test(test_the_handler_may_give_up),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_what_does_not_add_up),
		cmocka_unit_test(test_long_texts_are_cut),
		cmocka_unit_test(test_roots),
	};
	return cmocka_run_group_tests_name("channels_xml", tests, NULL, NULL);
}
