#include "channels/xspf.h"

#include <string.h>

#include "tests/support/test.h"
#include "tests/unit/channels/parsing.h"

static void check(const char *list, const char *expected)
{
	expect_parsed(&xspf_parser_class, list, strlen(list), expected);
}

#define HEAD                                                                                       \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                                             \
	"<playlist xmlns=\"http://xspf.org/ns/0/\" version=\"1\" xml:base=\"http://h/\">\n"        \
	"<title>All</title><location>http://h/list</location><trackList>\n"
#define TAIL "\n</trackList></playlist>\n"

static void test_a_track(void **state)
{
	(void)state;
	check(HEAD
		"<track>\n<title>\n  News &amp; more\n</title>\n"
		"<location>rtp://10.0.0.1@232.1.1.1:5004/?fec=5002&amp;fcc=10.0.0.9:7</location>\n"
		"<image>http://h/logo.png</image><annotation>x</annotation><duration>1</duration>\n"
		"<meta rel=\"http://example.org/group-title\">News;All</meta>\n"
		"<meta rel=\"tvg-id\">news.example</meta><meta rel=\"other\">x</meta>\n"
		"<meta rel=\"tvg-name\">News_1</meta>"
		"<trackNum>7</trackNum></track>" TAIL,
		"8 7 <News & more> tv news.example http://h/logo.png [News,All] "
		"rtp://10.0.0.1@232.1.1.1:5004 guide-name=News_1 fec=5002 fcc=10.0.0.9:7\n");
}

static void test_locations_are_alternates(void **state)
{
	(void)state;
	check(HEAD "<track><location>udp://@239.1.1.1:1</location>\n<location/>\n"
		   "<location>http://h:1/udp/239.1.1.2:2</location><title>One</title></track>" TAIL,
		"4 - <One> tv - - [] udp://239.1.1.1:1\n"
		"6 - <One> tv - - [] udp://239.1.1.2:2 http=http://h:1/udp/239.1.1.2:2\n");
}

#define VLC(id, options)                                                                           \
	"<track><title>T" id "</title><location>udp://@239.1.1.1:1</location>"                     \
	"<extension application=\"http://www.videolan.org/vlc/playlist/0\"><vlc:id>" id            \
	"</vlc:id>" options "</extension></track>\n"

static void test_extensions_of_vlc(void **state)
{
	(void)state;
	check(HEAD VLC("1000", "<vlc:option>network-caching=1000</vlc:option>"
			       "<vlc:option>:program=5</vlc:option>")
			VLC("1005", "<vlc:option>program=x</vlc:option>") TAIL,
		"4 1000 <T1000> tv - - [] udp://239.1.1.1:1 programme 5\n"
		"! 5 \"x\" is not a programme number; the first programme of the stream is played\n"
		"5 1005 <T1005> tv - - [] udp://239.1.1.1:1\n");
}

/* VLC itself counts from 0: nobody numbers channels like that. */
static void test_ids_that_count(void **state)
{
	(void)state;
	check(HEAD VLC("0", "") VLC("1",
		      "") "</trackList>\n"
			  "<extension><vlc:node title=\"Folder\"><vlc:item tid=\"0\"/></vlc:node>"
			  "<vlc:node title=\"More\"/></extension></playlist>",
		"4 - <T0> tv - - [] udp://239.1.1.1:1\n"
		"5 - <T1> tv - - [] udp://239.1.1.1:1\n"
		"! 7 the playlist sorts its tracks into VLC's folders; these are ignored\n");
}

static void test_numbers(void **state)
{
	(void)state;
	check(HEAD "<track><title>A</title><location>udp://239.1.1.1:1</location>"
		   "<trackNum>2</trackNum><meta rel='tvg-chno'>5.1</meta></track>\n"
		   "<track><title>B</title><location>udp://239.1.1.1:2</location>"
		   "<trackNum>x</trackNum></track>" TAIL,
		"4 5.1 <A> tv - - [] udp://239.1.1.1:1\n"
		"! 5 \"x\" is not a channel number; the channel gets the next free one\n"
		"5 - <B> tv - - [] udp://239.1.1.1:2\n");
}

static void test_what_is_lost_is_named(void **state)
{
	(void)state;
	check(HEAD
		"<track>\n<title>A</title></track>\n<track><location>file.ts</location></track>\n"
		"<track><location>rtp://239.1.1.1:1</location></track>\n" TAIL,
		"! 4 \"A\" has no address; it is ignored (lost)\n"
		"! 6 \"file.ts\": not an address; it is ignored (lost)\n"
		"! 7 the channel has no name; it is called \"rtp://239.1.1.1:1\"\n"
		"7 - <rtp://239.1.1.1:1> tv - - [] rtp://239.1.1.1:1\n");
}

/* No player writes it, but nothing of it may come out twice, or go in silence. */
static void test_a_track_within_another(void **state)
{
	(void)state;
	check(HEAD "<track><title>A</title><location>udp://239.1.1.1:1</location>\n"
		   "<track><title>B</title><location>udp://239.1.1.1:2</location></track>\n"
		   "<location>udp://239.1.1.1:3</location></track>" TAIL,
		"4 - <A> tv - - [] udp://239.1.1.1:1\n"
		"5 - <B> tv - - [] udp://239.1.1.1:2\n"
		"! 6 \"udp://239.1.1.1:3\" stands behind the track's end; it is ignored (lost)\n");
}

static void test_too_many_locations(void **state)
{
	(void)state;
	GString *list = g_string_new("<playlist><track><title>A</title>");
	for (int i = 0; i <= XSPF_LOCATIONS; i++)
		g_string_append_printf(list, "<location>udp://239.1.1.1:%d</location>\n", i + 1);
	g_string_append(list, "</track></playlist>");
	char *got = parse_list(&xspf_parser_class, list->str, list->len, 100);
	assert_true(
		g_str_has_prefix(got, "! 65 \"udp://239.1.1.1:65\" is one location too many for "
				      "a track; it is ignored (lost)\n1 - <A>"));
	assert_non_null(strstr(got, "\n64 - <A> tv - - [] udp://239.1.1.1:64\n"));
	g_free(got);
	g_string_free(list, TRUE);
}

/* Whoever takes the entries must not use them: half a list is an error. */
static void test_half_a_list(void **state)
{
	(void)state;
	check(HEAD VLC("7", "") "<track><title>Two",
		"4 7 <T7> tv - - [] udp://239.1.1.1:1\n"
		"! 5 the XML breaks off; nothing of it is used\n");
}

static void test_detection(void **state)
{
	(void)state;
	static const char list[] = HEAD, other[] = "<?xml version='1.0'?><tv>";
	assert_true(xspf_parser_class.detect(list, strlen(list)));
	assert_false(xspf_parser_class.detect(other, strlen(other)));
	assert_ptr_equal(channel_parser_detect(list, strlen(list)), &xspf_parser_class);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_track),
		cmocka_unit_test(test_locations_are_alternates),
		cmocka_unit_test(test_extensions_of_vlc),
		cmocka_unit_test(test_ids_that_count),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_what_is_lost_is_named),
		cmocka_unit_test(test_a_track_within_another),
		cmocka_unit_test(test_too_many_locations),
		cmocka_unit_test(test_half_a_list),
		cmocka_unit_test(test_detection),
	};
	return cmocka_run_group_tests_name("channels_xspf", tests, NULL, NULL);
}
