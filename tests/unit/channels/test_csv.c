#include "channels/csv.h"

#include <string.h>

#include "channels/csv_rows.h"
#include "tests/support/test.h"
#include "tests/unit/channels/parsing.h"

static void check(const char *list, const char *expected)
{
	expect_parsed(&csv_parser_class, list, strlen(list), expected);
}

static void test_all_columns(void **state)
{
	(void)state;
	check("number,name,kind,language,guide_id,logo,bouquets,uri,programme,iface,fec,fcc,"
	      "fcc_type,ret,http,label,bouquet_places,guide_name\r\n"
	      "5.1,One,radio,de,one.de,1.png,News;Kids\\; all\\\\,udp://10.0.0.1@232.1.1.1:5004,7,"
	      "eth0,4055,192.0.2.1:8027,telecom,192.0.2.2:1,http://h/x,HD,1;2,One_HD\r\n"
	      "5.1,One,radio,de,one.de,1.png,,rtp://239.1.1.1:1,,,239.1.1.2:3,,,,,,,\r\n",
		"2 5.1 <One> radio one.de 1.png [News,Kids; all\\] udp://10.0.0.1@232.1.1.1:5004 "
		"programme 7 language=de guide-name=One_HD iface=eth0 fec=4055 fcc=192.0.2.1:8027 "
		"fcc-type=telecom "
		"ret=192.0.2.2:1 http=http://h/x label=HD\n"
		"3 5.1 <One> radio one.de 1.png [] rtp://239.1.1.1:1 language=de "
		"fec=239.1.1.2:3\n");
}

static void test_columns_in_any_order(void **state)
{
	(void)state;
	check("\xef\xbb\xbfURI , \"Name\",nonsense,name\nrtp://239.1.1.1:1,A,x,y\n",
		"! 1 \"nonsense\" is no column that zapper knows; it is ignored\n"
		"! 1 \"name\" is there already; the second column of that name is ignored\n"
		"2 - <A> tv - - [] rtp://239.1.1.1:1\n");
}

static void test_quotation_marks(void **state)
{
	(void)state;
	check("name,uri\n\"A, \"\"B\"\" \",rtp://239.1.1.1:1\n\"\",\"rtp://239.1.1.2:1\"\n"
	      "\"C\r\nD\",rtp://239.1.1.3:1\n5\" E,rtp://239.1.1.4:1\n\"F\" "
	      "G,\"rtp://239.1.1.5:1\"",
		"2 - <A, \"B\"> tv - - [] rtp://239.1.1.1:1\n"
		"! 3 the channel has no name; it is called \"rtp://239.1.1.2:1\"\n"
		"3 - <rtp://239.1.1.2:1> tv - - [] rtp://239.1.1.2:1\n"
		"4 - <C D> tv - - [] rtp://239.1.1.3:1\n"
		"6 - <5\" E> tv - - [] rtp://239.1.1.4:1\n"
		"7 - <F G> tv - - [] rtp://239.1.1.5:1\n");
}

static void test_separators_of_spreadsheets(void **state)
{
	(void)state;
	check("name;uri\nA, B;rtp://239.1.1.1:1\n", "2 - <A, B> tv - - [] rtp://239.1.1.1:1\n");
	check("name\turi\rA, B\trtp://239.1.1.1:1\r", "2 - <A, B> tv - - [] rtp://239.1.1.1:1\n");
}

static void test_rows_that_do_not_fit(void **state)
{
	(void)state;
	check("name,uri,logo\n\nA,rtp://239.1.1.1:1\n\n\nB,rtp://239.1.1.2:1,b.png,c\n,,\n",
		"! 3 the row has 2 fields and the first one 3; what is missing is taken for empty, "
		"what is too much is ignored\n"
		"3 - <A> tv - - [] rtp://239.1.1.1:1\n"
		"! 6 the row has 4 fields and the first one 3; what is missing is taken for empty, "
		"what is too much is ignored\n"
		"6 - <B> tv - b.png [] rtp://239.1.1.2:1\n"
		"! 7 a channel without a name has no address; it is ignored (lost)\n");
}

static void test_what_is_malformed_is_said(void **state)
{
	(void)state;
	check("name,uri,number,kind,programme,fec\n"
	      "A,rtp://239.1.1.1:1,x,film,0,y\nB,http://h/x,1,tv,1,1\nC,,1,,,\n",
		"! 2 \"film\" is neither tv nor radio; it is taken for tv\n"
		"! 2 \"0\" is not a programme number; the first programme of the stream is played\n"
		"! 2 \"y\" is neither a port nor ADDRESS:PORT; it is ignored\n"
		"! 2 \"x\" is not a channel number; the channel gets the next free one\n"
		"2 - <A> tv - - [] rtp://239.1.1.1:1\n"
		"! 3 \"http://h/x\": only rtp:// and udp:// can be received; it is ignored (lost)\n"
		"! 4 \"C\" has no address; it is ignored (lost)\n");
	check("name,number\nA,1\n",
		"! 1 the first row names no column \"uri\"; the list has no addresses\n"
		"! 2 \"A\" has no address; it is ignored (lost)\n");
}

static void test_text_that_is_not_utf8(void **state)
{
	(void)state;
	static const char list[] = "name,uri\nT\xe9l\xe9\0\x1b,rtp://239.1.1.1:1\n";
	expect_parsed(&csv_parser_class, list, sizeof list - 1,
		"! 2 the text is not UTF-8 from byte 2 on; its bytes are read as Latin-1\n"
		"2 - <T\xc3\xa9l\xc3\xa9> tv - - [] rtp://239.1.1.1:1\n");
}

/* A mark that nobody closes takes the rest of its row and what memory it may, and no more. */
static void test_open_marks_do_not_swallow_the_list(void **state)
{
	(void)state;
	check("name,uri\nA,rtp://239.1.1.1:1\n\"B,rtp://239.1.1.2:1\nC,rtp://239.1.1.3:1\n",
		"2 - <A> tv - - [] rtp://239.1.1.1:1\n"
		"! 3 the row is too long, or a quotation mark is not closed; it is ignored, up to "
		"line 5 (lost)\n");
	GString *list = g_string_new("name,uri\n\"A");
	for (int i = 0; i < CSV_ROW_BYTES; i++)
		g_string_append_c(list, i % 64 ? 'x' : '\n');
	g_string_append(list, "\nB,rtp://239.1.1.2:1\n");
	char *got = parse_list(&csv_parser_class, list->str, list->len, 777);
	assert_non_null(strstr(got, "! 2 the row is too long"));
	assert_non_null(strstr(got, "<B> tv"));
	g_free(got);
	g_string_free(list, TRUE);
}

static void test_too_many_fields(void **state)
{
	(void)state;
	GString *list = g_string_new("name,uri\nA,rtp://239.1.1.1:1");
	for (int i = 0; i < CSV_ROW_FIELDS; i++)
		g_string_append_c(list, ',');
	g_string_append(list, "\nB,rtp://239.1.1.2:1\n");
	check(list->str,
		"! 2 the row is too long, or a quotation mark is not closed; it is ignored, "
		"up to line 2 (lost)\n"
		"3 - <B> tv - - [] rtp://239.1.1.2:1\n");
	g_string_free(list, TRUE);
}

static void test_detection(void **state)
{
	(void)state;
	static const struct {
		const char *head;
		bool is_csv;
	} cases[] = {
		{"", false},
		{"number,name,uri\n1,A,rtp://239.1.1.1:1\n", true},
		{"\xef\xbb\xbf\r\n\"Name\";\"uri\"\r\n", true},
		{"name,number\n", false},
		{"uri\n", false},
		{"News,#genre#\n", false},
		{"One,rtp://239.1.1.1:1\n", false},
		{"#EXTM3U\nname,uri\n", false},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_int_equal(csv_parser_class.detect(cases[i].head, strlen(cases[i].head)),
			cases[i].is_csv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_columns),
		cmocka_unit_test(test_columns_in_any_order),
		cmocka_unit_test(test_quotation_marks),
		cmocka_unit_test(test_separators_of_spreadsheets),
		cmocka_unit_test(test_rows_that_do_not_fit),
		cmocka_unit_test(test_what_is_malformed_is_said),
		cmocka_unit_test(test_text_that_is_not_utf8),
		cmocka_unit_test(test_open_marks_do_not_swallow_the_list),
		cmocka_unit_test(test_too_many_fields),
		cmocka_unit_test(test_detection),
	};
	return cmocka_run_group_tests_name("channels_csv", tests, NULL, NULL);
}
