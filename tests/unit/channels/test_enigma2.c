#include "channels/enigma2.h"

#include <string.h>

#include "channels/lines.h"
#include "tests/support/test.h"
#include "tests/unit/channels/parsing.h"

#define REF "4097:0:1:1:2:3:eeee0000:0:0:0:"

static void check(const char *list, const char *expected)
{
	expect_parsed(&enigma2_parser_class, list, strlen(list), expected);
}

static void test_bouquet(void **state)
{
	(void)state;
	check("#NAME My list\r\n"
	      "#SERVICE " REF "rtp%3a//@239.1.1.1%3a5000:One\r\n#DESCRIPTION One HD\r\n"
	      "#SERVICE: " REF "udp%3A//10.0.0.1@232.1.1.1%3A1:Two: 2\r\n"
	      "#SERVICE 1:0:2:1:2:3:0:0:0:0:udp%3a//239.1.1.3%3a3\r\n#DESCRIPTION: Three\r\n"
	      "#SERVICE 5002:0:A:1:2:3:0:0:0:0:rtp%3a//239.1.1.4%3a4%3ffec=5:Four\r\n"
	      "#DESCRIPTION\r\n",
		"2 - <One HD> tv - - [My list] rtp://239.1.1.1:5000\n"
		"4 - <Two: 2> tv - - [My list] udp://10.0.0.1@232.1.1.1:1\n"
		"5 - <Three> radio - - [My list] udp://239.1.1.3:3\n"
		"7 - <Four> radio - - [My list] rtp://239.1.1.4:4 fec=5\n");
}

static void test_markers(void **state)
{
	(void)state;
	check("#NAME List\n"
	      "#SERVICE 1:64:1:0:0:0:0:0:0:0:\n#DESCRIPTION ---- News ----\n"
	      "#SERVICE " REF "rtp%3a//239.1.1.1%3a1:A\n"
	      "#SERVICE 1:832:2:0:0:0:0:0:0:0::Kids\n"
	      "#SERVICE " REF "rtp%3a//239.1.1.2%3a1:B\n"
	      "#SERVICE 1:64:3:0:0:0:0:0:0:0::===\n"
	      "#SERVICE " REF "rtp%3a//239.1.1.3%3a1:C\n"
	      "#SERVICE 1:64:3:0:0:0:0:0:0:0::Last\n#NAME Other\n"
	      "#SERVICE " REF "rtp%3a//239.1.1.4%3a1:D\n",
		"4 - <A> tv - - [List,News] rtp://239.1.1.1:1\n"
		"6 - <B> tv - - [List,Kids] rtp://239.1.1.2:1\n"
		"8 - <C> tv - - [List] rtp://239.1.1.3:1\n"
		"11 - <D> tv - - [Other] rtp://239.1.1.4:1\n");
}

static void test_index(void **state)
{
	(void)state;
	check("#NAME User - Bouquets (TV)\n"
	      "#SERVICE 1:7:1:0:0:0:0:0:0:0:FROM BOUQUET \"userbouquet.a.tv\" ORDER BY bouquet\n"
	      "#SERVICE: 1:7:1:0:0:0:0:0:0:0:FROM BOUQUET \"userbouquet.b.tv\" ORDER BY bouquet\n"
	      "#SERVICE 1:7:1:0:0:0:0:0:0:0:FROM BOUQUET \"../c.tv\" ORDER BY bouquet\n"
	      "#SERVICE 1:7:1:0:0:0:0:0:0:0:FROM BOUQUET \"..\" ORDER BY bouquet\n"
	      "#SERVICE 1:7:1:0:0:0:0:0:0:0:FROM PROVIDERS ORDER BY name\n",
		"2 -> userbouquet.a.tv\n"
		"3 -> userbouquet.b.tv\n"
		"! 4 \"FROM BOUQUET \"../c.tv\" ORDER BY bouquet\" names no file beside this one; "
		"it "
		"is ignored (lost)\n"
		"! 5 \"FROM BOUQUET \"..\" ORDER BY bouquet\" names no file beside this one; it is "
		"ignored (lost)\n"
		"! 6 \"FROM PROVIDERS ORDER BY name\" names no file beside this one; it is ignored "
		"(lost)\n");
}

static void note_diagnostic(void *user, const struct channel_diagnostic *diagnostic)
{
	g_string_append_printf(
		user, "%s%s", diagnostic->text, diagnostic->ignored ? " (lost)" : "");
}

static void test_index_without_a_reader(void **state)
{
	(void)state;
	static const char list[] =
		"#SERVICE 1:7:1:0:0:0:0:0:0:0:FROM BOUQUET \"a.tv\" ORDER BY bouquet\n";
	GString *out = g_string_new(NULL);
	const struct channel_sink sink = {.report = {note_diagnostic, out}};
	void *parser = enigma2_parser_class.create("list", &sink);
	enigma2_parser_class.feed(parser, list, sizeof list - 1);
	enigma2_parser_class.finish(parser);
	enigma2_parser_class.destroy(parser);
	assert_string_equal(out->str, "\"a.tv\" is not read: import that list itself (lost)");
	g_string_free(out, TRUE);
}

static void test_what_is_lost_is_named(void **state)
{
	(void)state;
	check("#SERVICE 1:0:19:283D:3FB:1:C00000:0:0:0:\n#DESCRIPTION Tuner\n"
	      "#SERVICE " REF "http%3a//h%3a80/x:Web\n#DESCRIPTION Web\n"
	      "#SERVICE " REF "/media/a.ts:File\n"
	      "#SERVICE 4097:0\n#DESCRIPTION Short\n#DESCRIPTION Stray\n# comment\ntext\n"
	      "#SERVICE " REF "rtp%3a//239.1.1.1%3a1\n",
		"! 1 \"1:0:19:283D:3FB:1:C00000:0:0:0:\" is a service of a DVB tuner, not a "
		"stream; "
		"it is ignored (lost)\n"
		"! 3 \"http://h:80/x\": only rtp:// and udp:// can be received; it is ignored "
		"(lost)\n"
		"! 5 \"/media/a.ts\": not an address; it is ignored (lost)\n"
		"! 6 \"4097:0\" is no reference to a service; it is ignored (lost)\n"
		"! 8 \"Stray\" describes no service; it is ignored\n"
		"! 10 \"text\" is no line of a bouquet; it is ignored (lost)\n"
		"! 11 the channel has no name; it is called \"rtp://239.1.1.1:1\"\n"
		"11 - <rtp://239.1.1.1:1> tv - - [] rtp://239.1.1.1:1\n");
}

/* What percent signs hide must not reach a terminal. */
static void test_hidden_controls(void **state)
{
	(void)state;
	check("#SERVICE " REF "x%1b[31m%0a%ff:A\n",
		"! 1 \"x [31m \xc3\xbf\": not an address; it is ignored (lost)\n");
}

/* A cut one would be a channel with half a name. */
static void test_long_lines(void **state)
{
	(void)state;
	GString *list = g_string_new("#SERVICE " REF "rtp%3a//239.1.1.1%3a1:One");
	for (int i = 0; i < LINES_BYTES; i++)
		g_string_append_c(list, 'x');
	g_string_append(list, "\n#SERVICE " REF "rtp%3a//239.1.1.2%3a1:Two\n");
	check(list->str, "! 1 the line is longer than 65536 bytes; it is ignored (lost)\n"
			 "2 - <Two> tv - - [] rtp://239.1.1.2:1\n");
	g_string_free(list, TRUE);
}

static void test_detection(void **state)
{
	(void)state;
	static const struct {
		const char *head;
		bool is_enigma2;
	} cases[] = {
		{"", false},
		{"#NAME Favourites\n", true},
		{"\xef\xbb\xbf#SERVICE 4097:0:1\n", true},
		{"#SERVICE: 1:7:1:0\n", true},
		{"#EXTM3U\n", false},
		{"#SERVICES\n", false},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_int_equal(enigma2_parser_class.detect(cases[i].head, strlen(cases[i].head)),
			cases[i].is_enigma2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bouquet),
		cmocka_unit_test(test_markers),
		cmocka_unit_test(test_index),
		cmocka_unit_test(test_index_without_a_reader),
		cmocka_unit_test(test_what_is_lost_is_named),
		cmocka_unit_test(test_hidden_controls),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_detection),
	};
	return cmocka_run_group_tests_name("channels_enigma2", tests, NULL, NULL);
}
