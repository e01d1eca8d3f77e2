#include "channels/txt.h"

#include <string.h>

#include "channels/lines.h"
#include "tests/support/test.h"
#include "tests/unit/channels/parsing.h"

static void check(const char *txt, const char *expected)
{
	expect_parsed(&txt_parser_class, txt, strlen(txt), expected);
}

static void test_groups_and_channels(void **state)
{
	(void)state;
	check("\xef\xbb\xbfNews,#genre#\r\nOne,rtp://239.1.1.1:1\r\n\r\nTwo , udp://@239.1.1.2:2 "
	      "\r\n"
	      "Sport, live,#GENRE#\r\nThree,rtp://10.0.0.1@232.1.1.3:3",
		"2 - <One> tv - - [News] rtp://239.1.1.1:1\n"
		"4 - <Two> tv - - [News] udp://239.1.1.2:2\n"
		"6 - <Three> tv - - [Sport, live] rtp://10.0.0.1@232.1.1.3:3\n");
}

/* Whoever puts the list together takes the same name for an alternate. */
static void test_several_addresses(void **state)
{
	(void)state;
	check("g,#genre#\nOne,rtp://239.1.1.1:1$HD#rtp://239.1.1.2:1$SD\nOne,rtp://239.1.1.3:1#\n",
		"2 - <One> tv - - [g] rtp://239.1.1.1:1 label=HD\n"
		"2 - <One> tv - - [g] rtp://239.1.1.2:1 label=SD\n"
		"3 - <One> tv - - [g] rtp://239.1.1.3:1\n");
}

static void test_commas(void **state)
{
	(void)state;
	check("News, Weather,rtp://239.1.1.1:1?sources=10.0.0.1,10.0.0.2\n"
	      "\xe7\xbb\xbc\xe5\x90\x88\xef\xbc\x8c#genre#\n"
	      "One\xef\xbc\x8crtp://239.1.1.2:1\n"
	      "Two\xef\xbc\x8c"
	      "2,rtp://239.1.1.3:1\n",
		"1 - <News, Weather> tv - - [] rtp://10.0.0.1@239.1.1.1:1\n"
		"3 - <One> tv - - [\xe7\xbb\xbc\xe5\x90\x88] rtp://239.1.1.2:1\n"
		"4 - <Two\xef\xbc\x8c"
		"2> tv - - [\xe7\xbb\xbc\xe5\x90\x88] rtp://239.1.1.3:1\n");
}

static void test_comments(void **state)
{
	(void)state;
	check("# One,rtp://239.1.1.1:1\n// Two,rtp://239.1.1.1:2\nThree,rtp://239.1.1.1:3\n",
		"3 - <Three> tv - - [] rtp://239.1.1.1:3\n");
}

static void test_no_group_ends_one(void **state)
{
	(void)state;
	check("g,#genre#\n,#genre#\nOne,rtp://239.1.1.1:1\n",
		"3 - <One> tv - - [] rtp://239.1.1.1:1\n");
}

static void test_what_is_lost_is_named(void **state)
{
	(void)state;
	check("One,http://h/x#rtp://239.1.1.1:1\nTwo\nThree,\n,rtp://239.1.1.2:1\nrtp://"
	      "239.1.1.3:1\n"
	      "Four,#rtp\n",
		"! 1 \"http://h/x\": only rtp:// and udp:// can be received; it is ignored (lost)\n"
		"1 - <One> tv - - [] rtp://239.1.1.1:1\n"
		"! 2 \"Two\": not an address; it is ignored (lost)\n"
		"! 3 \"Three\" has no address; it is ignored (lost)\n"
		"! 4 the channel has no name; it is called \"rtp://239.1.1.2:1\"\n"
		"4 - <rtp://239.1.1.2:1> tv - - [] rtp://239.1.1.2:1\n"
		"! 5 the channel has no name; it is called \"rtp://239.1.1.3:1\"\n"
		"5 - <rtp://239.1.1.3:1> tv - - [] rtp://239.1.1.3:1\n"
		"! 6 \"rtp\": not an address; it is ignored (lost)\n");
}

static void test_text_that_is_not_utf8(void **state)
{
	(void)state;
	check("T\xe9l\xe9,rtp://239.1.1.1:1\n",
		"! 1 the text is not UTF-8 from byte 2 on; its bytes are read as Latin-1\n"
		"1 - <T\xc3\xa9l\xc3\xa9> tv - - [] rtp://239.1.1.1:1\n");
}

static void test_long_lines(void **state)
{
	(void)state;
	GString *txt = g_string_new("One,rtp://239.1.1.1:1?");
	for (int i = 0; i < LINES_BYTES; i++)
		g_string_append_c(txt, 'x');
	g_string_append(txt, "\nTwo,rtp://239.1.1.2:1\n");
	char *got = parse_list(&txt_parser_class, txt->str, txt->len, 777);
	assert_string_equal(got, "! 1 the line is longer than 65536 bytes; it is ignored (lost)\n"
				 "2 - <Two> tv - - [] rtp://239.1.1.2:1\n");
	g_free(got);
	g_string_free(txt, TRUE);
}

static void test_detection(void **state)
{
	(void)state;
	static const struct {
		const char *head;
		bool is_txt;
	} cases[] = {
		{"", false},
		{"News,#genre#\n", true},
		{"\xef\xbb\xbf# list\n\nNews\xef\xbc\x8c#genre#\n", true},
		{"One,rtp://239.1.1.1:1\n", true},
		{"rtp://239.1.1.1:1?sources=10.0.0.1,10.0.0.2\n", false},
		{"#EXTM3U\nOne,rtp://239.1.1.1:1\n", false},
		{"One,rtp://239.1.1.1:1\n#EXTINF:-1,Two\nrtp://239.1.1.1:1\n", false},
		{"<a href=\"x,http://h/\">\n", false},
		{"One,239.1.1.1\n", false},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_int_equal(txt_parser_class.detect(cases[i].head, strlen(cases[i].head)),
			cases[i].is_txt);
	static const char binary[] = "One,rtp://\0";
	assert_false(txt_parser_class.detect(binary, sizeof binary - 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_groups_and_channels),
		cmocka_unit_test(test_several_addresses),
		cmocka_unit_test(test_commas),
		cmocka_unit_test(test_comments),
		cmocka_unit_test(test_no_group_ends_one),
		cmocka_unit_test(test_what_is_lost_is_named),
		cmocka_unit_test(test_text_that_is_not_utf8),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_detection),
	};
	return cmocka_run_group_tests_name("channels_txt", tests, NULL, NULL);
}
