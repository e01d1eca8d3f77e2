#include "channels/listing.h"
#include "channels/m3u.h"

#include <string.h>

#include "tests/support/test.h"
#include "tests/unit/channels/parsing.h"

static void check(const char *m3u, const char *expected)
{
	expect_parsed(&m3u_parser_class, m3u, strlen(m3u), expected);
}

static void test_plain(void **state)
{
	(void)state;
	check("#EXTM3U\n"
	      "#EXTINF:-1 tvg-id=\"one.tv\" tvg-chno=\"1\" tvg-logo=\"1.png\" "
	      "group-title=\"News;Sport|Kids\",One\n"
	      "rtp://10.0.0.1@232.1.1.1:5004\n"
	      "#EXTINF:-1 tvg-chno=\"5.1\" radio=\"true\",Two\n"
	      "udp://@239.1.1.2:5004",
		"3 1 <One> tv one.tv 1.png [News,Sport,Kids] rtp://10.0.0.1@232.1.1.1:5004\n"
		"5 5.1 <Two> radio - - [] udp://239.1.1.2:5004\n");
}

static void test_bom_crlf_blank_lines(void **state)
{
	(void)state;
	check("\xef\xbb\xbf#EXTM3U name=\"List\"\r\n\r\n   \r\n#EXTINF:-1,A\r\n"
	      "rtp://239.1.1.1:1\r\n",
		"5 - <A> tv - - [] rtp://239.1.1.1:1\n");
	check("#EXTM3U\r#EXTINF:-1,A\rrtp://239.1.1.1:1\r",
		"3 - <A> tv - - [] rtp://239.1.1.1:1\n");
}

static void test_missing_header_is_said_once(void **state)
{
	(void)state;
	check("\n#EXTINF:-1,A\nrtp://239.1.1.1:1\n#EXTINF:-1,B\nrtp://239.1.1.2:1\n",
		"! 2 the list does not begin with #EXTM3U; it is read all the same\n"
		"3 - <A> tv - - [] rtp://239.1.1.1:1\n"
		"5 - <B> tv - - [] rtp://239.1.1.2:1\n");
}

/* Everything in front of the address and what the name must be. */
static void test_names(void **state)
{
	(void)state;
	static const struct {
		const char *extinf, *name;
	} cases[] = {
		{"#EXTINF:-1,News, Weather", "News, Weather"},
		{"#EXTINF:-1 ,Spaced", "Spaced"},
		{"#EXTINF: -1 tvg-id=\"x\", Spaced", "Spaced"},
		{"#EXTINF:0 tvg-id=\"x\" ,Comma, in name", "Comma, in name"},
		{"#EXTINF:-1 tvg-id=\"a,b\",After", "After"},
		{"#EXTINF:-1 tvg-id=\"a\",The \"Best\", part 2", "The \"Best\", part 2"},
		{"#EXTINF:0 tvg-logo=\"l\" \"tvg-name=\"N\" group-title=\"g\", Stray, quote",
			"Stray, quote"},
		{"#EXTINF:-1 tvg-name=\"a \"b\", c\" group-title=\"g\",Quoted", "Quoted"},
		{"#EXTINF:-1 tvg-id=x,Unquoted", "Unquoted"},
		{"#EXTINF:-1 tvg-id=x a, b", "b"},
		{"#EXTINF:-1 tvg-name=\"From_tvg\",", "From_tvg"},
		{"#EXTINF:-1 tvg-id=\"from.id\"", "from.id"},
		{"#extinf:-1,Lower case", "Lower case"},
		{"#EXTINF:-1,Tab\tinside\x1b[31m", "Tab inside [31m"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *m3u = g_strdup_printf("#EXTM3U\n%s\nrtp://239.1.1.1:1\n", cases[i].extinf);
		char *wanted = g_strdup_printf("<%s>", cases[i].name);
		char *got = parse_list(&m3u_parser_class, m3u, strlen(m3u), 1000);
		if (!strstr(got, wanted))
			fail_msg("%s: %s", cases[i].extinf, got);
		assert_null(strchr(got, '!'));
		g_free(got);
		g_free(wanted);
		g_free(m3u);
	}
}

static void test_stray_quote_keeps_attributes(void **state)
{
	(void)state;
	check("#EXTM3U\n#EXTINF:0 tvg-logo=\"l.png\" \"tvg-name=\"N\" tvg-chno=\"1108\" "
	      "group-title=\"Deutsch\", Name\nudp://@233.50.230.1:5000\n",
		"3 1108 <Name> tv - l.png [Deutsch] udp://233.50.230.1:5000 "
		"guide-name=N\n");
}

static void test_number_attributes(void **state)
{
	(void)state;
	static const char *const keys[] = {"tvg-chno", "ch-number", "channel-number", "tvh-chnum"};
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		char *m3u = g_strdup_printf(
			"#EXTM3U\n#EXTINF:-1 %s=\"07.2\",A\nrtp://239.1.1.1:1\n", keys[i]);
		check(m3u, "3 7.2 <A> tv - - [] rtp://239.1.1.1:1\n");
		g_free(m3u);
	}
	static const char *const bad[] = {"0", "x", "1.", ".1", "1.2.3", "-1", "1000000000"};
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		char *m3u = g_strdup_printf(
			"#EXTM3U\n#EXTINF:-1 tvg-chno=\"%s\",A\nrtp://239.1.1.1:1\n", bad[i]);
		char *expected = g_strdup_printf("! 2 \"%s\" is not a channel number; the channel "
						 "gets the next free one\n"
						 "3 - <A> tv - - [] rtp://239.1.1.1:1\n",
			bad[i]);
		check(m3u, expected);
		g_free(expected);
		g_free(m3u);
	}
}

static void test_groups(void **state)
{
	(void)state;
	/* In front of #EXTINF it holds; behind it stands for that channel; it never takes one away.
	 */
	check("#EXTM3U\n"
	      "#EXTGRP:Held\n#EXTINF:-1,A\nrtp://239.1.1.1:1\n"
	      "#EXTINF:-1,B\nrtp://239.1.1.2:1\n"
	      "#EXTINF:-1,C\n#EXTGRP: Own | Two \nrtp://239.1.1.3:1\n"
	      "#EXTINF:-1 group-title=\"Title\",D\nrtp://239.1.1.4:1\n"
	      "#EXTGRP:\n#EXTINF:-1,E\nrtp://239.1.1.5:1\n"
	      "#EXTINF:-1 group-title=\"Both\",F\n#EXTGRP:Both;More\nrtp://239.1.1.6:1\n",
		"4 - <A> tv - - [Held] rtp://239.1.1.1:1\n"
		"6 - <B> tv - - [Held] rtp://239.1.1.2:1\n"
		"9 - <C> tv - - [Own,Two] rtp://239.1.1.3:1\n"
		"11 - <D> tv - - [Title] rtp://239.1.1.4:1\n"
		"14 - <E> tv - - [] rtp://239.1.1.5:1\n"
		"17 - <F> tv - - [Both,More] rtp://239.1.1.6:1\n");
}

static void test_exttv(void **state)
{
	(void)state;
	check("#EXTM3U\n#EXTINF:-1,A\n#EXTTV:FILM,KIDS;es;A3;http://x/a.jpg\nrtp://239.1.1.1:1\n"
	      "#EXTINF:-1 tvg-id=\"b\",B\n#EXTTV:FILM\nrtp://239.1.1.2:1\n",
		"4 - <A> tv A3 http://x/a.jpg [FILM,KIDS] rtp://239.1.1.1:1 language=es\n"
		"7 - <B> tv b - [FILM] rtp://239.1.1.2:1\n");
}

static void test_what_guides_call_it_is_kept(void **state)
{
	(void)state;
	check("#EXTM3U\n#EXTINF:-1 tvg-name=\"A_tv\",A\nrtp://239.1.1.1:1\n"
	      "#EXTINF:-1 tvg-name=\"B_tv\" tvg-id=\"b\",B\nrtp://239.1.1.2:1\n",
		"3 - <A> tv - - [] rtp://239.1.1.1:1 guide-name=A_tv\n"
		"5 - <B> tv b - [] rtp://239.1.1.2:1 guide-name=B_tv\n");
}

static void test_comments_are_no_channels(void **state)
{
	(void)state;
	check("#EXTM3U\n#EXTREM: french\n# note\n#rtp://239.9.9.9:1\n#EXTINF:-1,A\n"
	      "#udp://@239.9.9.9:1\nrtp://239.1.1.1:1\n",
		"7 - <A> tv - - [] rtp://239.1.1.1:1\n");
}

static void test_unused_directives_are_named_once(void **state)
{
	(void)state;
	check("#EXTM3U\n#EXTINF:-1,A\n#KODIPROP:a=b\n#KODIPROP:c=d\nrtp://239.1.1.1:1\n"
	      "#EXTINF:-1,B\n#EXTVLCOPT:network-caching=3\nrtp://239.1.1.2:1\n",
		"! 3 zapper has no use for \"#KODIPROP\"; this line and others like it are "
		"ignored\n"
		"5 - <A> tv - - [] rtp://239.1.1.1:1\n"
		"! 7 zapper has no use for \"#EXTVLCOPT\"; this line and others like it are "
		"ignored\n"
		"8 - <B> tv - - [] rtp://239.1.1.2:1\n");
}

/* VLC's option stands behind #EXTINF, Kodi's in front of it; each is the next address's. */
static void test_programmes_of_a_stream_with_several(void **state)
{
	(void)state;
	check("#EXTM3U\n#EXTINF:-1,A\n#EXTVLCOPT:program=28106\nrtp://239.1.1.1:1\n"
	      "#KODIPROP:inputstream.ffmpegdirect.program_number=65535\n#EXTINF:-1,B\n"
	      "rtp://239.1.1.1:1\n"
	      "#EXTINF:-1,C\nrtp://239.1.1.1:1\n"
	      "#extvlcopt: PROGRAM=7\nrtp://239.1.1.1:1\n"
	      "#EXTINF:-1,Gone\n#EXTVLCOPT:program=8\n#EXTINF:-1,D\nrtp://239.1.1.2:1\n",
		"4 - <A> tv - - [] rtp://239.1.1.1:1 programme 28106\n"
		"7 - <B> tv - - [] rtp://239.1.1.1:1 programme 65535\n"
		"9 - <C> tv - - [] rtp://239.1.1.1:1\n"
		"! 11 the channel has no name; it is called \"rtp://239.1.1.1:1 programme 7\"\n"
		"11 - <rtp://239.1.1.1:1 programme 7> tv - - [] rtp://239.1.1.1:1 programme 7\n"
		"! 12 \"Gone\" has no address; it is ignored (lost)\n"
		"15 - <D> tv - - [] rtp://239.1.1.2:1\n");
}

static void test_what_is_no_programme_is_said(void **state)
{
	(void)state;
	static const char *const bad[] = {"0", "65536", "-1", "1x", "99999999999999999999"};
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		char *m3u = g_strdup_printf(
			"#EXTM3U\n#EXTINF:-1,A\n#EXTVLCOPT:program=%s\nrtp://239.1.1.1:1\n",
			bad[i]);
		char *expected = g_strdup_printf("! 3 \"%s\" is not a programme number; the first "
						 "programme of the stream is "
						 "played\n4 - <A> tv - - [] rtp://239.1.1.1:1\n",
			bad[i]);
		check(m3u, expected);
		g_free(expected);
		g_free(m3u);
	}
}

static void test_what_is_lost_is_named(void **state)
{
	(void)state;
	check("#EXTM3U\n"
	      "#EXTINF:-1,No address\n"
	      "#EXTINF:-1,Web\nhttp://10.0.0.1/x\n"
	      "#EXTINF:-1,Text\nhello\n"
	      "rtp://239.1.1.1:1\n"
	      "#EXTINF:-1,At the end\n",
		"! 2 \"No address\" has no address; it is ignored (lost)\n"
		"! 4 \"http://10.0.0.1/x\": only rtp:// and udp:// "
		"can be received; it is ignored (lost)\n"
		"! 6 \"hello\": not an address; it is ignored (lost)\n"
		"! 7 the channel has no name; it is called \"rtp://239.1.1.1:1\"\n"
		"7 - <rtp://239.1.1.1:1> tv - - [] rtp://239.1.1.1:1\n"
		"! 8 \"At the end\" has no address; it is ignored (lost)\n");
}

static void test_text_that_is_not_utf8(void **state)
{
	(void)state;
	/* Latin-1 becomes readable; names in other character sets stay different from each other.
	 */
	check("#EXTM3U\n#EXTINF:-1,T\xe9l\xe9\nrtp://239.1.1.1:1\n"
	      "#EXTINF:-1,\x8f\xcf\nrtp://239.1.1.2:1\n"
	      "# \xff\n#EXTINF:-1,T\xc3\xa9l\xc3\xa9\xc2\x9b\nrtp://239.1.1.3:1\n",
		"! 2 the text is not UTF-8 from byte 13 on; its bytes are read as Latin-1\n"
		"3 - <T\xc3\xa9l\xc3\xa9> tv - - [] rtp://239.1.1.1:1\n"
		"! 4 the text is not UTF-8 from byte 12 on; its bytes are read as Latin-1\n"
		"5 - <\\x8f\xc3\x8f> tv - - [] rtp://239.1.1.2:1\n"
		"8 - <T\xc3\xa9l\xc3\xa9> tv - - [] rtp://239.1.1.3:1\n");
	static const char with_nul[] = "#EXTM3U\n#EXTINF:-1,A\0B\nrtp://239.1.1.1:1\n";
	expect_parsed(&m3u_parser_class, with_nul, sizeof with_nul - 1,
		"3 - <A B> tv - - [] rtp://239.1.1.1:1\n");
}

static void test_long_lines(void **state)
{
	(void)state;
	GString *m3u = g_string_new("#EXTM3U\n#EXTINF:-1,A\nrtp://239.1.1.1:1?");
	for (int i = 0; i < LINES_BYTES; i++)
		g_string_append_c(m3u, 'x');
	g_string_append(m3u, "\n#EXTINF:-1,B\nrtp://239.1.1.2:1\n#");
	for (int i = 0; i < LINES_BYTES; i++)
		g_string_append_c(m3u, 'x');
	g_string_append(m3u, "\n#EXTINF:-1,C\nrtp://239.1.1.3:1\n");
	char *got = parse_list(&m3u_parser_class, m3u->str, m3u->len, 777);
	assert_string_equal(got, "! 3 the line is longer than 65536 bytes; it is ignored (lost)\n"
				 "5 - <B> tv - - [] rtp://239.1.1.2:1\n"
				 "! 6 the line is longer than 65536 bytes; it is ignored\n"
				 "8 - <C> tv - - [] rtp://239.1.1.3:1\n");
	g_free(got);
	g_string_free(m3u, TRUE);
}

static void test_too_many_groups(void **state)
{
	(void)state;
	GString *m3u = g_string_new("#EXTM3U\n");
	for (int channel = 0; channel < 2; channel++) {
		g_string_append(m3u, "#EXTINF:-1 group-title=\"");
		for (int i = 0; i < LISTING_BOUQUETS + 1; i++)
			g_string_append_printf(m3u, "g%d;", i);
		g_string_append_printf(m3u, "\",A\n#EXTGRP:h1;h2\nrtp://239.1.1.%d:1\n", channel);
	}
	char *got = parse_list(&m3u_parser_class, m3u->str, m3u->len, 1000);
	char **lines = g_strsplit(got, "\n", -1);
	assert_int_equal(g_strv_length(lines) - 1, 4);
	for (size_t i = 0; i < 4; i += 2) {
		assert_string_equal(strchr(lines[i] + 2, ' '),
			" more than 256 groups for one channel; the others are ignored");
		assert_non_null(strstr(lines[i + 1], ",g255]"));
	}
	g_strfreev(lines);
	g_free(got);
	g_string_free(m3u, TRUE);
}

/* Of a list by commas, or nested; each once. */
static void test_guides_of_the_header_are_named(void **state)
{
	(void)state;
	check("#EXTM3U x-tvg-url=\"http://a/g.xml.gz,https://b/h.xml?c=1,2\" catchup=\"shift\" "
	      "catchup-source=\"http://c/?s=1\" url-tvg=\"http://a/g.xml.gz\"\n"
	      "#EXTM3U url-tvg=\"x-tvg-url=\"http://d/\"\" cache=500\nrtp://239.1.1.1:1\n",
		"! 1 the list's guide is at \"http://a/g.xml.gz\"; it is not fetched "
		"(XMLTV files can be imported)\n"
		"! 1 the list's guide is at \"https://b/h.xml?c=1,2\"; it is not fetched (XMLTV "
		"files can be imported)\n"
		"! 1 zapper has no use for the attribute \"catchup\"; it is ignored here and in "
		"other lines\n"
		"! 1 zapper has no use for the attribute \"catchup-source\"; it is ignored here "
		"and "
		"in other lines\n"
		"! 2 the list's guide is at \"http://d/\"; it is not fetched (XMLTV files can be "
		"imported)\n"
		"! 2 zapper has no use for the attribute \"cache\"; it is ignored here and in "
		"other "
		"lines\n"
		"! 3 the channel has no name; it is called \"rtp://239.1.1.1:1\"\n"
		"3 - <rtp://239.1.1.1:1> tv - - [] rtp://239.1.1.1:1\n");
}

static void test_attributes_without_use_are_named_once(void **state)
{
	(void)state;
	check("#EXTM3U\n#EXTINF:-1 tvg-rec=\"1\" tvg-language=\"de\" catchup=\"\",A\n"
	      "rtp://239.1.1.1:1\n#EXTINF:-1 TVG-REC=\"2\",B\nrtp://239.1.1.2:1\n",
		"! 2 zapper has no use for the attribute \"tvg-rec\"; it is ignored here and in "
		"other lines\n"
		"3 - <A> tv - - [] rtp://239.1.1.1:1 language=de\n"
		"5 - <B> tv - - [] rtp://239.1.1.2:1\n");
}

static void test_a_list_full_of_names_does_not_fill_memory(void **state)
{
	(void)state;
	GString *m3u = g_string_new("#EXTM3U\n");
	for (int i = 0; i < 2 * M3U_NAMED; i++)
		g_string_append_printf(m3u, "#EXTX%d\n", i);
	char *got = parse_list(&m3u_parser_class, m3u->str, m3u->len, 1000);
	char **lines = g_strsplit(got, "\n", -1);
	assert_int_equal(g_strv_length(lines) - 1, M3U_NAMED + 1);
	assert_string_equal(lines[M3U_NAMED], "! 66 zapper has no use for much of this list; the "
					      "rest of it is not named");
	g_strfreev(lines);
	g_free(got);
	g_string_free(m3u, TRUE);
}

/* The same name twice is for whoever puts the list together. */
static void test_forms_of_addresses(void **state)
{
	(void)state;
	check("#EXTM3U\n#EXTINF:-1,A\nrtp://239.1.1.1:1?fcc=10.0.0.9%3A8027$HD\n"
	      "#EXTINF:-1,A\nhttp://10.0.0.1:4022/udp/239.1.1.2:2$SD\n"
	      "#EXTINF:-1,A\nigmp://239.1.1.3:3?fec=x\n"
	      "#EXTINF:-1,B\nudp://@239.1.1.4\n",
		"3 - <A> tv - - [] rtp://239.1.1.1:1 fcc=10.0.0.9:8027 label=HD\n"
		"5 - <A> tv - - [] udp://239.1.1.2:2 http=http://10.0.0.1:4022/udp/239.1.1.2:2 "
		"label=SD\n"
		"! 7 \"igmp://239.1.1.3:3?fec=x\": its fec= is not a port; this part is ignored\n"
		"7 - <A> tv - - [] rtp://239.1.1.3:3\n"
		"! 9 \"udp://@239.1.1.4\": it has no port; 1234 is taken, as VLC does\n"
		"9 - <B> tv - - [] udp://239.1.1.4:1234\n");
}

static void test_detection(void **state)
{
	(void)state;
	static const struct {
		const char *head;
		bool is_m3u;
	} cases[] = {
		{"", false},
		{"\n\n", false},
		{"#EXTM3U\n", true},
		{"\xef\xbb\xbf \r\n#EXTM3U", true},
		{"# a comment\n#EXTINF:-1,A\n", true},
		{"rtp://239.1.1.1:1", true},
		{"<?xml version=\"1.0\"?>", false},
		{"{\"a\":1}", false},
		{"News,#genre#\nA,rtp://239.1.1.1:1\n", false},
		{"#NAME x\n#SERVICE 4097:0:1\n", false},
		{"v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\n", false},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_int_equal(m3u_detect(cases[i].head, strlen(cases[i].head)), cases[i].is_m3u);
	static const char binary[] = "\177ELF\0\n#EXTM3U\n";
	assert_false(m3u_detect(binary, sizeof binary - 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_bom_crlf_blank_lines),
		cmocka_unit_test(test_missing_header_is_said_once),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_stray_quote_keeps_attributes),
		cmocka_unit_test(test_number_attributes),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_exttv),
		cmocka_unit_test(test_what_guides_call_it_is_kept),
		cmocka_unit_test(test_comments_are_no_channels),
		cmocka_unit_test(test_unused_directives_are_named_once),
		cmocka_unit_test(test_programmes_of_a_stream_with_several),
		cmocka_unit_test(test_what_is_no_programme_is_said),
		cmocka_unit_test(test_what_is_lost_is_named),
		cmocka_unit_test(test_text_that_is_not_utf8),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_too_many_groups),
		cmocka_unit_test(test_guides_of_the_header_are_named),
		cmocka_unit_test(test_attributes_without_use_are_named_once),
		cmocka_unit_test(test_a_list_full_of_names_does_not_fill_memory),
		cmocka_unit_test(test_forms_of_addresses),
		cmocka_unit_test(test_detection),
	};
	return cmocka_run_group_tests_name("channels_m3u", tests, NULL, NULL);
}
