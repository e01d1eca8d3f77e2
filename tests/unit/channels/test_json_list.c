#include "channels/json_list.h"

#include <string.h>

#include "channels/json_channel.h"
#include "channels/json_elements.h"
#include "channels/source_fields.h"
#include "tests/support/test.h"
#include "tests/unit/channels/parsing.h"

static void check(const char *list, const char *expected)
{
	expect_parsed(&json_parser_class, list, strlen(list), expected);
}

static void test_our_own(void **state)
{
	(void)state;
	check("[\n{\"number\":\"5.1\",\"name\":\"One \\\"1\\\"\",\"kind\":\"radio\",\"bouquets\":"
	      "[\"News;x\",\"Kids\"],\"guide_id\":\"one\",\"logo\":\"1.png\",\"language\":\"de\","
	      "\"guide_name\":\"One_HD\","
	      "\"sources\":[{\"uri\":\"rtp://10.0.0.1@232.1.1.1:5004\",\"group\":\"232.1.1.1\","
	      "\"source\":\"10.0.0.1\",\"port\":5004,\"transport\":\"rtp\",\"programme\":7,"
	      "\"iface\":\"eth0\",\"fec\":\"4055\",\"fcc\":\"192.0.2.1:1\",\"fcc_type\":\"huawei\","
	      "\"ret\":\"192.0.2.2:2\",\"http\":\"http://h/x\",\"label\":\"HD\"},"
	      "{\"uri\":\"udp://239.1.1.1:1\",\"source\":null}]},\n"
	      "{\"number\":6,\"name\":\"Two\",\"sources\":[{\"uri\":\"rtp://239.1.1.2:1\"}]}\n]\n",
		"2 5.1 <One \"1\"> radio one 1.png [News;x,Kids] rtp://10.0.0.1@232.1.1.1:5004 "
		"programme 7 language=de guide-name=One_HD iface=eth0 fec=4055 fcc=192.0.2.1:1 "
		"fcc-type=huawei ret=192.0.2.2:2 http=http://h/x label=HD\n"
		"2 5.1 <One \"1\"> radio one 1.png [News;x,Kids] udp://239.1.1.1:1 language=de "
		"guide-name=One_HD\n"
		"3 6 <Two> tv - - [] rtp://239.1.1.2:1\n");
}

static void test_operators(void **state)
{
	(void)state;
	check("\xef\xbb\xbf[\n  {\"userChannelID\": 168, \"channelURL\": "
	      "\"igmp://239.3.1.1:8001\",\n"
	      "   \"timeShiftURL\": \"rtsp://192.0.2.1/x\", \"channelFECPort\": 0,\n"
	      "   \"channelID\": 10100010000000500000000000003380,\n"
	      "   \"channelLogoStruct\": {\"channelLogoURL\": null}, \"channelName\": \"One\"},\r\n"
	      "  {\"UserChannelID\": \"007\", \"ChannelName\": \"Two\", \"channelFECPort\": "
	      "\"5142\",\n"
	      "   \"ChannelURL\": \"rtsp://h/x|igmp://239.3.1.2:5140\",\r\n"
	      "   \"ChannelFCCIP\": \"192.0.2.9\", \"ChannelFCCPort\": 8027},\n"
	      "  {\"channelNumber\": 5.1, \"channelName\": \"Three\", \"ChannelFCCIP\": \"null\",\n"
	      "   \"ChannelFCCPort\": \"0\", \"channelURL\": \"igmp://239.3.1.3:1\",\n"
	      "   \"channelLogoStruct\": {\"channelLogoURL\": \"3.png\"}}]",
		"2 168 <One> tv - - [] rtp://239.3.1.1:8001\n"
		"6 7 <Two> tv - - [] rtp://239.3.1.2:5140 fec=5142 fcc=192.0.2.9:8027\n"
		"9 5.1 <Three> tv - 3.png [] rtp://239.3.1.3:1\n");
}

static void test_an_object_that_holds_the_array(void **state)
{
	(void)state;
	check("{\"version\": 1, \"ok\": true, \"data\": {\"x\": \"{[\\\"\", \"list\": [\n"
	      "{\"channelName\":\"A\",\"channelURL\":\"rtp://239.1.1.1:1\",\"x\":[{}, \"}\"]}]},\n"
	      "\"more\":[[{\"name\":\"B\",\"url\":\"rtp://239.1.1.2:1\"}]]}",
		"2 - <A> tv - - [] rtp://239.1.1.1:1\n"
		"3 - <B> tv - - [] rtp://239.1.1.2:1\n");
}

static void test_what_is_lost_is_named(void **state)
{
	(void)state;
	check("[{\"channelName\":\"A\",\"channelURL\":\"rtsp://h/x|http://h/y\"},\n"
	      "{\"channelName\":\"B\",\"channelURL\":null},\n"
	      "{\"name\":\"C\",\"sources\":[{},5,{\"uri\":\"x\"},{\"uri\":\"rtp://"
	      "239.1.1.1:1\"}]},\n"
	      "{\"name\":\"D\" oops},\n{}]",
		"! 1 \"rtsp://h/x\": only rtp:// and udp:// can be received; it is ignored (lost)\n"
		"! 1 \"http://h/y\": only rtp:// and udp:// can be received; it is ignored (lost)\n"
		"! 2 \"B\" has no address; it is ignored (lost)\n"
		"! 3 \"C\" has a source without an address; it is ignored (lost)\n"
		"! 3 \"C\" has a source without an address; it is ignored (lost)\n"
		"! 3 \"x\": not an address; it is ignored (lost)\n"
		"3 - <C> tv - - [] rtp://239.1.1.1:1\n"
		"! 4 the object is malformed ('}' expected near 'oops'); it is ignored (lost)\n"
		"! 5 a channel without a name has no address; it is ignored (lost)\n");
}

static void test_what_is_malformed_is_said(void **state)
{
	(void)state;
	check("[{\"name\":\"A\",\"kind\":\"Radio\",\"sources\":[{\"uri\":\"rtp://"
	      "239.1.1.1:1\"}]},\n"
	      "{\"name\":\"B\",\"kind\":\"x\",\"sources\":[{\"uri\":\"rtp://239.1.1.2:1\"}]}]",
		"1 - <A> radio - - [] rtp://239.1.1.1:1\n"
		"! 2 \"x\" is neither tv nor radio; it is taken for tv\n"
		"2 - <B> tv - - [] rtp://239.1.1.2:1\n");
	check("[{\"userChannelID\":0,\"channelName\":\"A\",\"channelURL\":\"rtp://239.1.1.1:1\","
	      "\"channelFECPort\":70000,\"channelFCCIP\":\"h\",\"channelFCCPort\":1}]",
		"! 1 \"0\" is not a channel number; the channel gets the next free one\n"
		"! 1 \"70000\" is neither a port nor ADDRESS:PORT; it is ignored\n"
		"! 1 \"h:1\" is neither a port nor ADDRESS:PORT; it is ignored\n"
		"1 - <A> tv - - [] rtp://239.1.1.1:1\n");
}

#define ONE "[{\"name\":\"A\",\"url\":\"rtp://239.1.1.1:1\"},\n"
#define ENTRY "1 - <A> tv - - [] rtp://239.1.1.1:1\n"
#define BEHIND "! 2 what stands behind the end of the list is ignored: "
#define REST "; nothing of the list is used\n"

static void test_damage(void **state)
{
	(void)state;
	check(ONE "{\"name\":\"B\"", ENTRY "! 2 the text breaks off" REST);
	check(ONE, ENTRY "! 2 the text breaks off" REST);
	check(ONE "}", ENTRY "! 2 a bracket is closed that was not opened" REST);
	check(ONE "<html>", ENTRY "! 2 the text is not JSON" REST);
	check(ONE "][{", ENTRY "! 2 the text breaks off" REST);
	check(ONE "];", ENTRY BEHIND "the text is not JSON\n");
	check(ONE "]]", ENTRY BEHIND "a bracket is closed that was not opened\n");
	GString *list = g_string_new(NULL);
	for (int i = 0; i <= JSON_ELEMENTS_DEPTH; i++)
		g_string_append_c(list, '[');
	check(list->str, "! 1 arrays and objects are nested too deeply" REST);
	g_string_free(list, TRUE);
}

static void test_deep_and_large_objects(void **state)
{
	(void)state;
	GString *list = g_string_new("[{\"name\":\"A\",\"x\":");
	for (int i = 0; i < 5000; i++)
		g_string_append_c(list, '[');
	for (int i = 0; i < 5000; i++)
		g_string_append_c(list, ']');
	g_string_append(list, "},\n{\"x\":\"");
	for (int i = 0; i < JSON_ELEMENT_BYTES; i++)
		g_string_append_c(list, 'x');
	g_string_append(list, "\"},\n{\"name\":\"B\",\"url\":\"rtp://239.1.1.1:1\"}]");
	char *got = parse_list(&json_parser_class, list->str, list->len, 4096);
	assert_non_null(strstr(got, "! 1 the object is malformed (maximum parsing depth"));
	assert_non_null(
		strstr(got, "! 2 the object is larger than 1048576 bytes; it is ignored (lost)"
			    "\n3 - <B>"));
	g_free(got);
	g_string_free(list, TRUE);
}

static void test_too_many_addresses(void **state)
{
	(void)state;
	GString *own = g_string_new("[{\"name\":\"A\",\"sources\":[");
	GString *operators = g_string_new("[{\"name\":\"A\",\"channelURL\":\"rtp://239.1.1.0:1");
	for (int i = 0; i <= JSON_SOURCES; i++)
		g_string_append_printf(own, "%s{\"uri\":\"rtp://239.1.1.%d:1\"}", i ? "," : "", i);
	for (int i = 1; i <= JSON_SOURCES; i++)
		g_string_append_printf(operators, "|rtp://239.1.1.%d:1", i);
	g_string_append(own, "]}]");
	g_string_append(operators, "\"}]");
	const GString *const lists[] = {own, operators};
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
		char *got = parse_list(&json_parser_class, lists[i]->str, lists[i]->len, 4096);
		assert_true(g_str_has_prefix(got, "! 1 a channel has 65 addresses; those behind "
						  "the first 64 are ignored (lost)\n"));
		assert_true(g_str_has_suffix(got, " rtp://239.1.1.63:1\n"));
		g_free(got);
	}
	g_string_free(own, TRUE);
	g_string_free(operators, TRUE);
}

static void test_text_that_is_not_utf8(void **state)
{
	(void)state;
	check("[{\"name\":\"T\xe9l\xe9 \x8f \\\\x "
	      "\\u001b\\u0000[\",\"url\":\"rtp://239.1.1.1:1\"}]",
		"! 1 the text is not UTF-8; its bytes are read as Latin-1\n"
		"1 - <T\xc3\xa9l\xc3\xa9 \\x8f \\x   [> tv - - [] rtp://239.1.1.1:1\n");
}

static void test_fields_come_out_as_they_went_in(void **state)
{
	(void)state;
	struct channel_source source = {.iface = "", .fcc_type = "", .http = "", .label = ""};
	char buf[SOURCE_FIELD_BYTES];
	for (int field = 0; field < SOURCE_FIELDS; field++)
		assert_string_equal(source_field_write(&source, field, buf), "");
	const char *const texts[SOURCE_FIELDS] = {
		"65535", "eth0", "4055", "192.0.2.1:1", "telecom", "192.0.2.2:2", "http://h", "HD"};
	struct listing listing;
	listing_init(&listing, "list", &(const struct channel_sink){0});
	for (int field = 0; field < SOURCE_FIELDS; field++)
		source_field_read(&listing, 1, field, texts[field], &source);
	for (int field = 0; field < SOURCE_FIELDS; field++)
		assert_string_equal(source_field_write(&source, field, buf), texts[field]);
	listing_clear(&listing);
}

static void test_detection(void **state)
{
	(void)state;
	static const struct {
		const char *head;
		bool is_json;
	} cases[] = {
		{"", false},
		{"[\n  {\n", true},
		{"\xef\xbb\xbf {\r\n\"a\": [", true},
		{"[]", true},
		{"[", false},
		{"[playlist]\n", false},
		{"{x}", false},
		{"{}", false},
		{"#EXTM3U\n", false},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_int_equal(json_parser_class.detect(cases[i].head, strlen(cases[i].head)),
			cases[i].is_json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_our_own),
		cmocka_unit_test(test_operators),
		cmocka_unit_test(test_an_object_that_holds_the_array),
		cmocka_unit_test(test_what_is_lost_is_named),
		cmocka_unit_test(test_what_is_malformed_is_said),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_deep_and_large_objects),
		cmocka_unit_test(test_too_many_addresses),
		cmocka_unit_test(test_text_that_is_not_utf8),
		cmocka_unit_test(test_fields_come_out_as_they_went_in),
		cmocka_unit_test(test_detection),
	};
	return cmocka_run_group_tests_name("channels_json_list", tests, NULL, NULL);
}
