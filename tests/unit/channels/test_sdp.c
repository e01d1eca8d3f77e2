#include "channels/sdp.h"

#include <string.h>

#include "tests/support/test.h"
#include "tests/unit/channels/parsing.h"

static void check(const char *list, const char *expected)
{
	expect_parsed(&sdp_parser_class, list, strlen(list), expected);
}

static void test_session_level(void **state)
{
	(void)state;
	check("v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=News\r\ni=About it\r\nc=IN IP4 239.1.1.1/16\r\n"
	      "t=0 0\r\na=source-filter: incl IN IP4 * 10.0.0.1\r\na=x-plgroup:Group\r\n"
	      "a=lang:de\r\nm=video 5004 RTP/AVP 33\r\na=rtpmap:33 MP2T/90000\r\n",
		"10 - <News> tv - - [Group] rtp://10.0.0.1@239.1.1.1:5004 language=de\n");
}

static void test_media_level(void **state)
{
	(void)state;
	check("v=0\ns=One\nc=IN IP4 239.9.9.9\na=source-filter: incl IN IP4 * 10.0.0.9\n"
	      "m=video 1 udp 33\ni=HD\nc=IN IP4 239.1.1.1/1\n"
	      "a=source-filter:incl IN IP4 239.1.1.1 10.0.0.1\na=lang:fr\n"
	      "m=audio 2 RTP/AVP 14 33\n"
	      "v=0\ns=Two\nm=video 3 MP2T/H2221/UDP 33\nc=IN IP4 239.1.1.3\n",
		"5 - <One> tv - - [] udp://10.0.0.1@239.1.1.1:1 language=fr label=HD\n"
		"10 - <One> radio - - [] rtp://10.0.0.9@239.9.9.9:2\n"
		"13 - <Two> tv - - [] udp://239.1.1.3:3\n");
}

/* SMPTE 2022-7: the same twice, by two ways; and all senders of one filter. */
static void test_duplicates_are_alternates(void **state)
{
	(void)state;
	check("v=0\ns=One\na=group:DUP A B\n"
	      "m=video 1 RTP/AVP 33\nc=IN IP4 232.1.1.1/32\n"
	      "a=source-filter: incl IN IP4 232.1.1.1 10.0.0.1 10.0.0.2\na=mid:A\n"
	      "m=video 1/2 RTP/AVP 33\nc=IN IP4 232.2.1.1/32\n"
	      "a=source-filter: incl IN IP4 232.1.1.1 10.0.0.9\n"
	      "a=source-filter: incl IN IP4 232.2.1.1 10.1.0.1\na=mid:B\n",
		"4 - <One> tv - - [] rtp://10.0.0.1@232.1.1.1:1\n"
		"4 - <One> tv - - [] rtp://10.0.0.2@232.1.1.1:1\n"
		"8 - <One> tv - - [] rtp://10.1.0.1@232.2.1.1:1\n");
}

/* One m= behind a session of its own; what is said of it. */
static void check_media(const char *media, const char *expected)
{
	char *list = g_strdup_printf("v=0\ns=-\n%s\n", media);
	char *wanted = g_strdup_printf("! 3 %s\n", expected);
	check(list, wanted);
	g_free(wanted);
	g_free(list);
}

static void test_what_is_lost_is_named(void **state)
{
	(void)state;
	static const struct {
		const char *media, *expected;
	} cases[] = {
		{"m=video 1 RTP/AVP 96\nc=IN IP4 239.1.1.1\na=rtpmap:96 raw/90000",
			"\"video 1 RTP/AVP 96\" carries raw/90000, not a transport stream; it is "
			"ignored (lost)"},
		{"m=audio 1 RTP/AVP 14\nc=IN IP4 239.1.1.1",
			"\"audio 1 RTP/AVP 14\" carries payload type 14, not a transport stream; "
			"it "
			"is ignored (lost)"},
		{"m=video 1 RTP/AVP 33\nc=IN IP4 239.1.1.1\na=rtpmap:33 H264/90000",
			"\"video 1 RTP/AVP 33\" carries H264/90000, not a transport stream; it is "
			"ignored (lost)"},
		{"m=video 1 RTP/AVP 97\nc=IN IP4 239.1.1.1\na=rtpmap:97 MP2T/90000",
			"\"video 1 RTP/AVP 97\": a transport stream is received with payload type "
			"33 "
			"only; it is ignored (lost)"},
		{"m=video 1 udp h264\nc=IN IP4 239.1.1.1",
			"\"video 1 udp h264\" does not carry a transport stream; it is ignored "
			"(lost)"},
		{"m=video 1 RTP/SAVP 33\nc=IN IP4 239.1.1.1",
			"\"video 1 RTP/SAVP 33\": only RTP/AVP and udp can be received; it is "
			"ignored (lost)"},
		{"m=application 1 udp 33\nc=IN IP4 239.1.1.1",
			"\"application 1 udp 33\" is neither video nor audio; it is ignored "
			"(lost)"},
		{"m=video 0 udp 33\nc=IN IP4 239.1.1.1",
			"\"video 0 udp 33\" has no port from 1 to 65535; it is ignored (lost)"},
		{"m=video 1 udp", "the media line (m=) is malformed; it is ignored (lost)"},
		{"m=video 1 udp 33",
			"the media has no connection address (c=); it is ignored (lost)"},
		{"m=video 1 udp 33\nc=IN IP6 ff3e::1",
			"\"IN IP6 ff3e::1\": IPv6 groups cannot be received; it is ignored (lost)"},
		{"m=video 1 udp 33\nc=IN IP4 192.0.2.1",
			"\"IN IP4 192.0.2.1\" is not a multicast address; it is ignored (lost)"},
		{"m=video 1 udp 33\nc=IN IP4 tv.example.org",
			"\"IN IP4 tv.example.org\" is not an IPv4 address; it is ignored (lost)"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		check_media(cases[i].media, cases[i].expected);
}

static void test_what_is_left_out_is_said(void **state)
{
	(void)state;
	static const struct {
		const char *lines, *note;
	} cases[] = {
		{"c=IN IP4 239.1.1.1/127/3",
			"of the layers at several groups only the first is used"},
		{"c=IN IP4 239.1.1.1\na=source-filter: excl IN IP4 * 10.0.0.1",
			"senders that a source filter excludes are taken all the same"},
		{"c=IN IP4 239.1.1.1\na=source-filter: incl IN IP4 * tv.example.org",
			"a sender that is not a unicast IPv4 address is ignored"},
		{"c=IN IP4 239.1.1.1\na=source-filter: incl IN IP4 239.1.1.1",
			"a source filter without senders is ignored"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *list = g_strdup_printf("v=0\ns=A\nm=video 1 udp 33\n%s\n", cases[i].lines);
		char *expected = g_strdup_printf(
			"! 3 %s\n3 - <A> tv - - [] udp://239.1.1.1:1\n", cases[i].note);
		check(list, expected);
		g_free(expected);
		g_free(list);
	}
	check("s=A\nhello\nm=video 1 udp 33\nc=IN IP4 239.1.1.1\nc=IN IP4 239.1.1.2\n",
		"! 1 the description does not begin with v=0; it is read all the same\n"
		"! 2 \"hello\" is no line of a session description; it is ignored\n"
		"! 5 \"IN IP4 239.1.1.2\" is a second connection address; it is ignored (lost)\n"
		"3 - <A> tv - - [] udp://239.1.1.1:1\n");
}

static void test_no_name(void **state)
{
	(void)state;
	check("v=0\ns= \nm=video 1 udp 33\nc=IN IP4 239.1.1.1\n",
		"! 3 the channel has no name; it is called \"udp://239.1.1.1:1\"\n"
		"3 - <udp://239.1.1.1:1> tv - - [] udp://239.1.1.1:1\n");
}

static void test_many_senders(void **state)
{
	(void)state;
	GString *list = g_string_new("v=0\ns=A\nm=video 1 udp 33\nc=IN IP4 239.1.1.1\n");
	for (int i = 0; i < 1000; i++)
		g_string_append_printf(list, "a=source-filter: incl IN IP4 * 10.0.%d.1 10.0.%d.2\n",
			i % 256, i % 256);
	char *got = parse_list(&sdp_parser_class, list->str, list->len, 1000);
	char **lines = g_strsplit(got, "\n", -1);
	assert_int_equal(g_strv_length(lines) - 1, 1 + SDP_SENDERS);
	assert_string_equal(lines[0], "! 3 there are too many senders; the last ones are ignored");
	g_strfreev(lines);
	g_free(got);
	g_string_free(list, TRUE);
}

static void test_detection(void **state)
{
	(void)state;
	static const struct {
		const char *head;
		bool is_sdp;
	} cases[] = {
		{"", false},
		{"v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\n", true},
		{"\n v=0 \n", true},
		{"v=01\n", false},
		{"#EXTM3U\n", false},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_int_equal(sdp_parser_class.detect(cases[i].head, strlen(cases[i].head)),
			cases[i].is_sdp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_session_level),
		cmocka_unit_test(test_media_level),
		cmocka_unit_test(test_duplicates_are_alternates),
		cmocka_unit_test(test_what_is_lost_is_named),
		cmocka_unit_test(test_what_is_left_out_is_said),
		cmocka_unit_test(test_no_name),
		cmocka_unit_test(test_many_senders),
		cmocka_unit_test(test_detection),
	};
	return cmocka_run_group_tests_name("channels_sdp", tests, NULL, NULL);
}
