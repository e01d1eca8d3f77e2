#include "channels/xmltv.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "channels/xmltv_text.h"
#include "tests/support/test.h"

static void note_channel(void *user, const struct xmltv_channel *channel)
{
	char *names = g_strjoinv("|", (char **)channel->names);
	g_string_append_printf(
		user, "%u channel %s [%s] %s\n", channel->line, channel->id, names, channel->icon);
	g_free(names);
}

static void note_event(void *user, const struct xmltv_event *event)
{
	g_string_append_printf(user, "%u %s %" PRId64 "-%" PRId64 " <%s>", event->line,
		event->channel, event->start_utc_s, event->stop_utc_s, event->title);
	const char *const more[] = {event->subtitle, event->description, event->category,
		event->episode, event->rating};
	for (size_t i = 0; i < G_N_ELEMENTS(more); i++)
		g_string_append_printf(user, "%s%s", i ? "|" : " ", more[i]);
	g_string_append_c(user, '\n');
}

static void note_diagnostic(void *user, const struct channel_diagnostic *diagnostic)
{
	assert_string_equal(diagnostic->file, "guide");
	g_string_append_printf(user, "%s %u %s\n", diagnostic->error ? "!!" : "!", diagnostic->line,
		diagnostic->text);
}

static void check_in(const char *const *languages, const char *guide, const char *expected)
{
	const size_t pieces[] = {1, 3, 7, 1000000};
	size_t size = strlen(guide);
	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
		GString *out = g_string_new(NULL);
		const struct xmltv_sink sink = {
			note_channel, note_event, out, {note_diagnostic, out}};
		struct xmltv *xmltv = xmltv_create("guide", languages, &sink);
		for (size_t at = 0; at < size; at += pieces[i])
			xmltv_feed(xmltv, guide + at, MIN(pieces[i], size - at));
		assert_int_equal(xmltv_finish(xmltv), !strstr(expected, "!!"));
		xmltv_destroy(xmltv);
		assert_string_equal(out->str, expected);
		g_string_free(out, TRUE);
	}
}

static void check(const char *guide, const char *expected)
{
	check_in(NULL, guide, expected);
}

#define HEAD                                                                                       \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE tv SYSTEM \"xmltv.dtd\">\n"         \
	"<tv generator-info-name=\"x\">\n"
/* 1700000000 */
#define START "start=\"20231114221320 +0000\""

static void test_a_guide(void **state)
{
	(void)state;
	check(HEAD
		"<channel id=\"one.example\">\n<display-name lang=\"en\">One</display-name>"
		"<display-name>1</display-name><display-name/><icon src=\"http://h/1.png\"/>"
		"<icon src=\"http://h/2.png\"/><url>http://h/</url></channel>\n"
		"<programme " START " stop=\"20231114231320 +0000\" channel=\"one.example\">\n"
		"<title>News &amp; more</title><sub-title>Sub</sub-title><desc>Line\n  two</desc>"
		"<credits><actor>Somebody</actor></credits><category>News</category>"
		"<category>Talk</category><rating system=\"FSK\"><value>12</value></rating>"
		"<rating><value>16</value></rating><star-rating><value>3/5</value></star-rating>"
		"<episode-num system=\"onscreen\">Part 3</episode-num></programme>\n"
		"<programme " START " channel=\"two\"/></tv>\n",
		"4 channel one.example [One|1] http://h/1.png\n"
		"6 one.example 1700000000-1700003600 <News & more> Sub|Line two|News, Talk|Part "
		"3|12\n"
		"9 two 1700000000-0 <> ||||\n");
}

static void test_languages(void **state)
{
	(void)state;
	const char *guide =
		"<tv><programme " START " channel='1'><title lang='fr'>Un</title>"
		"<title lang='en'>One</title><title lang='de_AT'>Eins</title><title>None</title>"
		"<category lang='en'>News</category><category lang='de'>Neues</category>"
		"<category lang='de'>Alles</category><desc lang='es'>Uno</desc></programme></tv>";
	const char *const german[] = {"de", "en", NULL}, *const english[] = {"en", NULL};
	const char *const none[] = {"pl", NULL};
	check_in(german, guide, "1 1 1700000000-0 <Eins> |Uno|Neues, Alles||\n");
	check_in(english, guide, "1 1 1700000000-0 <One> |Uno|News||\n");
	check_in(none, guide, "1 1 1700000000-0 <Un> |Uno|News, Neues, Alles||\n");
	check_in(NULL, guide, "1 1 1700000000-0 <Un> |Uno|News, Neues, Alles||\n");
}

static void test_language_ranks(void **state)
{
	(void)state;
	const char *const wishes[] = {"de", "en", NULL};
	assert_int_equal(xmltv_language_rank("DE", wishes), 0);
	assert_int_equal(xmltv_language_rank("en-GB", wishes), 1);
	assert_int_equal(xmltv_language_rank("deu", wishes), 0);
	assert_int_equal(xmltv_language_rank("den", wishes), 2);
	assert_int_equal(xmltv_language_rank("d", wishes), 2);
	assert_int_equal(xmltv_language_rank("", wishes), 2);
	assert_int_equal(xmltv_language_rank("de", NULL), 0);
	/* As play.languages has them, and with a blank too many. */
	const char *const others[] = {"GER", "", "fra", "xyz", NULL};
	assert_int_equal(xmltv_language_rank("de_CH", others), 0);
	assert_int_equal(xmltv_language_rank("", others), 4);
	assert_int_equal(xmltv_language_rank("fre", others), 2);
	assert_int_equal(xmltv_language_rank("xyz", others), 3);
	assert_int_equal(xmltv_language_rank("xy", others), 4);
}

static void test_times(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t utc_s;
	} cases[] = {
		{"20231114221320 +0000", 1700000000},
		{"20231114221320", 1700000000},
		{"20231114221320 Z", 1700000000},
		{"20231115001320 +0200", 1700000000},
		{"20231115001320+0200", 1700000000},
		{"20231115001320 +02:00", 1700000000},
		{"20231115001320 +02", 1700000000},
		{"20231114164320 -0530", 1700000000},
		{"20231114231320 CET", 1700000000},
		{"20231114171320 est", 1700000000},
		{"202311142213", 1699999980},
		{"2023111422 UTC", 1699999200},
		{"20231114", 1699920000},
		{"19700101", 0},
		{"20240229120000", 1709208000},
		{"20000301", 951868800},
		{"20231114240000", 1700006400},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		int64_t got = -1;
		assert_int_equal(xmltv_time_parse(cases[i].text, &got), 0);
		assert_int_equal(got, cases[i].utc_s);
	}
}

static void test_what_is_no_time(void **state)
{
	(void)state;
	static const char *const texts[] = {"", "x", "2023", "202311", "2023111", "20231314",
		"20230229", "20230001", "20230100", "20231114256060", "20231114243000",
		"20231114240001", "20231114226000", "20231114221361", "20231114221320 NOWHERE",
		"20231114221320 +1", "20231114221320 +15", "20231114221320 +0160",
		"20231114221320 +02000", "20231114221320 +02:0", "20231114221320 +",
		"202311142213201", "19691231", "2023-11-14"};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		int64_t got = 42;
		assert_int_equal(xmltv_time_parse(texts[i], &got), -EINVAL);
		assert_int_equal(got, 42);
	}
}

static void test_episodes(void **state)
{
	(void)state;
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{"1.4.0/1", "S2 E5"},
		{" 1 / 3 . 4 / 10 . ", "S2 E5"},
		{".4.", "E5"},
		{"4", "S5"},
		{"2..", "S3"},
		{"..", ""},
		{"", ""},
		{"x.y", ""},
		{"99999999999999999999.1.", "E2"},
	};
	GString *out = g_string_new(NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		xmltv_episode_format(cases[i].text, out);
		assert_string_equal(out->str, cases[i].expected);
	}
	g_string_free(out, TRUE);
}

/* What can be counted goes before what can only be shown, in any order. */
static void test_kinds_of_episode_numbers(void **state)
{
	(void)state;
	check("<tv><programme " START " channel='1'><episode-num system='onscreen'>x</episode-num>"
	      "<episode-num system='xmltv_ns'>0.1.</episode-num></programme>\n"
	      "<programme " START " channel='2'><episode-num system='xmltv_ns'>0.1.</episode-num>"
	      "<episode-num>x</episode-num></programme>\n"
	      "<programme " START " channel='3'><episode-num system='xmltv_ns'>..</episode-num>"
	      "<episode-num system='onscreen'>x</episode-num></programme></tv>",
		"1 1 1700000000-0 <> |||S1 E2|\n"
		"2 2 1700000000-0 <> |||S1 E2|\n"
		"3 3 1700000000-0 <> |||x|\n");
}

static void test_what_is_wrong_is_named(void **state)
{
	(void)state;
	check("<tv><channel><display-name>x</display-name></channel>\n"
	      "<programme " START "><title>x</title></programme>\n"
	      "<programme channel='1'/>\n"
	      "<programme start='soon' channel='1'/>\n"
	      "<programme " START " stop='late' channel='1'/>\n"
	      "<programme " START " stop='20231114221320' channel='1'/></tv>",
		"! 1 a channel has no id; it is ignored\n"
		"! 2 an event has no channel; it is ignored\n"
		"! 3 \"\" is no time to start; the event is ignored\n"
		"! 4 \"soon\" is no time to start; the event is ignored\n"
		"! 5 \"late\" is no time to stop; the event lasts until the next one\n"
		"5 1 1700000000-0 <> ||||\n"
		"! 6 \"20231114221320\" is not behind the start; the event lasts until the next "
		"one\n"
		"6 1 1700000000-0 <> ||||\n");
}

static void test_too_many_names(void **state)
{
	(void)state;
	GString *guide = g_string_new("<tv><channel id='1'>"), *expected = g_string_new(NULL);
	g_string_printf(expected,
		"! 1 \"N%d\" is one name too many for a channel; it is ignored\n1 channel 1 [",
		XMLTV_NAMES);
	for (int i = 0; i <= XMLTV_NAMES; i++)
		g_string_append_printf(guide, "<display-name>N%d</display-name>", i);
	for (int i = 0; i < XMLTV_NAMES; i++)
		g_string_append_printf(expected, "%sN%d", i ? "|" : "", i);
	g_string_append(guide, "</channel></tv>");
	g_string_append(expected, "] \n");
	check(guide->str, expected->str);
	g_string_free(guide, TRUE);
	g_string_free(expected, TRUE);
}

static void count_category(void *user, const struct xmltv_event *event)
{
	*(size_t *)user = strlen(event->category);
}

static void ignore_channel(void *user, const struct xmltv_channel *channel)
{
	(void)user;
	(void)channel;
}

static void test_categories_do_not_fill_memory(void **state)
{
	(void)state;
	size_t longest = 0;
	const struct xmltv_sink sink = {ignore_channel, count_category, &longest, {0}};
	struct xmltv *xmltv = xmltv_create("guide", NULL, &sink);
	static const char begin[] = "<tv><programme " START " channel='1'>";
	static const char category[] = "<category>0123456789</category>";
	static const char end[] = "</programme></tv>";
	xmltv_feed(xmltv, begin, strlen(begin));
	for (size_t i = 0; i < XMLTV_CATEGORY_BYTES; i++)
		xmltv_feed(xmltv, category, strlen(category));
	xmltv_feed(xmltv, end, strlen(end));
	assert_true(xmltv_finish(xmltv));
	xmltv_destroy(xmltv);
	assert_in_range(longest, XMLTV_CATEGORY_BYTES - 12, XMLTV_CATEGORY_BYTES);
}

static void test_half_a_guide(void **state)
{
	(void)state;
	check("<tv><channel id='1'/>\n<programme",
		"1 channel 1 [] \n"
		"!! 2 the XML breaks off; nothing of it is used\n");
}

static void test_detection(void **state)
{
	(void)state;
	assert_true(xmltv_detect(HEAD, strlen(HEAD)));
	assert_false(xmltv_detect("<playlist>", 10));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_guide),
		cmocka_unit_test(test_languages),
		cmocka_unit_test(test_language_ranks),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_what_is_no_time),
		cmocka_unit_test(test_episodes),
		cmocka_unit_test(test_kinds_of_episode_numbers),
		cmocka_unit_test(test_what_is_wrong_is_named),
		cmocka_unit_test(test_too_many_names),
		cmocka_unit_test(test_categories_do_not_fill_memory),
		cmocka_unit_test(test_half_a_guide),
		cmocka_unit_test(test_detection),
	};
	return cmocka_run_group_tests_name("channels_xmltv", tests, NULL, NULL);
}
