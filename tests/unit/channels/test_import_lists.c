/* channels/import: how lists and guides of any character set and format become entries, lists that
 * name others, and what is said about all of it. */
#include "channels/import.h"

#include <errno.h>
#include <string.h>
#include <uchar.h>

#include "tests/support/test.h"
#include "tests/unit/channels/scratch.h"

/* Files as they lie beside each other, read by name. */
struct shelf {
	struct scratch *scratch;
	struct import *import;
	const struct file {
		const char *name, *text;
	} * files; /* to a NULL name */
};

static void note(void *user, const struct channel_diagnostic *diagnostic)
{
	struct scratch *scratch = user;
	g_string_append_printf(scratch->diagnostics, "%s:%u: %s: %s%s\n", diagnostic->file,
		diagnostic->line, diagnostic->error ? "error" : "warning", diagnostic->text,
		diagnostic->ignored ? " (lost)" : "");
}

static struct import *create(struct scratch *scratch)
{
	const struct channel_report report = {.diagnostic = note, .user = scratch};
	g_string_truncate(scratch->diagnostics, 0);
	return import_create(&report);
}

static int read_bytes(
	struct import *import, const char *file, const char *bytes, size_t size, size_t piece)
{
	import_begin(import, file, CHANNEL_FORMAT_AUTO);
	for (size_t at = 0; at < size; at += piece)
		import_bytes(import, bytes + at, MIN(piece, size - at));
	return import_end(import);
}

static void write_into(struct scratch *scratch, struct import *import)
{
	struct lineup *lineup;
	char *why = NULL;
	if (lineup_open(scratch->db, LINEUP_WRITE, &lineup, &why))
		fail_msg("%s", why);
	assert_int_equal(import_write(import, lineup, IMPORT_REPLACE, &scratch->summary), 0);
	lineup_close(lineup);
}

static void expect_content(struct scratch *scratch, const char *expected)
{
	char *dump = scratch_dump_content(scratch);
	assert_string_equal(dump, expected);
	g_free(dump);
}

/* However the bytes come. */
static void expect_list(struct scratch *scratch, const char *charset, const char *bytes,
	size_t size, const char *content, const char *said)
{
	const size_t pieces[] = {1, 3, 1000000};
	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
		struct import *import = create(scratch);
		if (charset)
			assert_int_equal(import_set_charset(import, charset), 0);
		assert_int_equal(read_bytes(import, "list", bytes, size, pieces[i]), 0);
		write_into(scratch, import);
		import_destroy(import);
		expect_content(scratch, content);
		assert_string_equal(scratch->diagnostics->str, said);
	}
}

#define EXPECT_LIST(charset, bytes, content, said)                                                 \
	expect_list(*state, charset, bytes, sizeof(bytes) - 1, content, said)

#define TAIL "\nrtp://239.1.1.1:1\n"
#define IMPORTED " tv - - [] rtp://239.1.1.1:1\n"

static void test_character_sets(void **state)
{
	EXPECT_LIST("cp1251", "#EXTM3U\n#EXTINF:-1,\xcf\xe5\xf0\xe2\xfb\xe9" TAIL,
		"1 Первый" IMPORTED, "");
	EXPECT_LIST("gbk", "#EXTM3U\n#EXTINF:-1,\xd1\xeb\xca\xd3" TAIL, "1 央视" IMPORTED, "");
	EXPECT_LIST("latin1", "#EXTM3U\n#EXTINF:-1,Espa\xf1ol" TAIL, "1 Español" IMPORTED, "");
	EXPECT_LIST("cp1251", "\xd2\xc2,#genre#\n\xcf\xe5\xf0\xe2\xfb\xe9,rtp://239.1.1.1:1\n",
		"1 Первый tv - - [ТВ] rtp://239.1.1.1:1\n", "");
	/* Its own mark is believed rather than the user. */
	EXPECT_LIST("gbk", "\xef\xbb\xbf#EXTM3U\n#EXTINF:-1,Ä" TAIL, "1 Ä" IMPORTED,
		"list:1: warning: the text begins with the byte order mark of UTF-8; it is not "
		"read as gbk\n");
}

static void test_undeclared_text_is_said_by_line(void **state)
{
	EXPECT_LIST(NULL, "#EXTM3U\n#EXTINF:-1,T\xe9l\xe9" TAIL, "1 Télé" IMPORTED,
		"list:2: warning: the text is not UTF-8 from byte 13 on; its bytes are read as "
		"Latin-1\n");
	EXPECT_LIST("gbk",
		"#EXTM3U\n#EXTINF:-1,A\xff"
		"B" TAIL,
		"1 AÿB" IMPORTED,
		"list:2: warning: the text is not all gbk; what is not is read as Latin-1\n");
}

static void test_wide_text(void **state)
{
	static const char16_t list[] =
		u"\xfeff#EXTM3U\r\n#EXTINF:-1,央视ÄЖ\r\nrtp://239.1.1.1:1\r\n";
	const char *bytes = (const char *)list;
	size_t size = sizeof list - sizeof *list;
	expect_list(*state, NULL, bytes, size, "1 央视ÄЖ" IMPORTED, "");
	/* Without its mark, and in the other order. */
	expect_list(*state, NULL, bytes + 2, size - 2, "1 央视ÄЖ" IMPORTED, "");
	char *swapped = g_malloc(size);
	for (size_t i = 0; i < size; i++)
		swapped[i] = bytes[i ^ 1];
	expect_list(*state, NULL, swapped, size, "1 央视ÄЖ" IMPORTED, "");
	g_free(swapped);
}

#define XSPF(declaration, title)                                                                   \
	"<?xml version=\"1.0\"" declaration                                                        \
	"?><playlist version=\"1\" xmlns=\"http://xspf.org/ns/0/\"><trackList><track><location>"   \
	"rtp://239.1.1.1:1</location><title>" title "</title></track></trackList></playlist>"

static void test_xml_declares_itself(void **state)
{
	EXPECT_LIST(NULL, XSPF(" encoding=\"windows-1251\"", "\xcf\xe5\xf0\xe2\xfb\xe9"),
		"1 Первый" IMPORTED, "");
	EXPECT_LIST(NULL, XSPF("", "Первый"), "1 Первый" IMPORTED, "");
	EXPECT_LIST(NULL, XSPF(" encoding=\"klingon\"", "Ä"), "1 Ä" IMPORTED,
		"list:1: warning: the text declares a character set that is not known here; it is "
		"read as UTF-8\n");
}

static void feed_document(struct import *import, const char *document)
{
	import_next_document(import);
	import_bytes(import, document, strlen(document));
}

/* As they come from a network: each says its own. */
static void test_documents_of_several_character_sets(void **state)
{
	struct scratch *scratch = *state;
	struct import *import = create(scratch);
	import_begin(import, "list", CHANNEL_FORMAT_XSPF);
	feed_document(import, XSPF(" encoding=\"windows-1251\"", "\xcf\xe5\xf0\xe2\xfb\xe9"));
	feed_document(import, "\xef\xbb\xbf" XSPF(" encoding=\"UTF-8\"", "Zw\xc3\xb6lf"));
	feed_document(import, XSPF(" encoding=\"iso-8859-2\"", "\xb1"));
	assert_int_equal(import_end(import), 0);
	write_into(scratch, import);
	import_destroy(import);
	assert_string_equal(scratch->diagnostics->str, "");
	expect_content(scratch, "1 Первый" IMPORTED "2 Zwölf" IMPORTED "3 ą" IMPORTED);
}

static void test_unknown_character_set(void **state)
{
	struct import *import = create(*state);
	assert_int_equal(import_set_charset(import, "klingon"), -EINVAL);
	import_destroy(import);
}

static void expect_refused(struct scratch *scratch, const char *text, const char *said)
{
	struct import *import = create(scratch);
	assert_int_equal(read_bytes(import, "list", text, strlen(text), 1000), -EILSEQ);
	assert_string_equal(scratch->diagnostics->str, said);
	import_destroy(import);
}

/* Half a list would take from the line-up what stood in the other half. */
static void test_malformed_lists_are_refused(void **state)
{
	expect_refused(*state, "{}",
		"list:1: error: not a channel list that zapper knows; it is ignored\n");
	expect_refused(*state, "#EXTM3U\n",
		"list:1: error: the list has no channel that can be received; it is ignored\n");
	struct scratch *scratch = *state;
	struct import *import = create(scratch);
	static const char whole[] = XSPF("", "A");
	assert_int_equal(
		read_bytes(import, "list", whole, strlen(whole) - strlen("</playlist>"), 1000),
		-EILSEQ);
	assert_non_null(strstr(scratch->diagnostics->str, "error: the XML breaks off"));
	assert_null(strstr(scratch->diagnostics->str, "no channel"));
	import_destroy(import);
	expect_refused(scratch, "[{\"name\":\"A\",\"url\":\"rtp://239.1.1.1:1\"},\n{\"name\"",
		"list:2: error: the text breaks off; nothing of the list is used\n");
}

static void test_a_format_that_is_named_needs_no_start(void **state)
{
	struct scratch *scratch = *state;
	GString *text = g_string_new(NULL);
	while (text->len < 3 * CHANNEL_FORMAT_HEAD_BYTES)
		g_string_append(text, "\n");
	g_string_append(text, "#EXTM3U\n#EXTINF:-1,A" TAIL);
	struct import *import = create(scratch);
	import_begin(import, "list", CHANNEL_FORMAT_M3U);
	import_bytes(import, text->str, text->len);
	assert_int_equal(import_end(import), 0);
	import_destroy(import);
	g_string_free(text, TRUE);
}

static void test_what_is_kept_but_not_used_is_said_once(void **state)
{
	EXPECT_LIST(NULL,
		"#EXTM3U\n#EXTINF:-1,A\nrtp://239.1.1.1:1?fec=2\n"
		"#EXTINF:-1,B\nrtp://239.1.1.2:1\n"
		"#EXTINF:-1,C\nrtp://239.1.1.3:1?fec=2&fcc=10.0.0.1:7&ret=10.0.0.2:8\n"
		"#EXTINF:-1,D\nhttp://10.0.0.1:80/rtp/239.1.1.4:1\n",
		"1 A tv - - [] rtp://239.1.1.1:1 (fec 2)\n2 B tv - - [] rtp://239.1.1.2:1\n"
		"3 C tv - - [] rtp://239.1.1.3:1 (fec 2) (fcc 10.0.0.1:7) (ret 10.0.0.2:8)\n"
		"4 D tv - - [] rtp://239.1.1.4:1 (http http://10.0.0.1:80/rtp/239.1.1.4:1)\n",
		"list:3: warning: 2 addresses come with forward error correction, of which this is "
		"the "
		"first; that is kept in the line-up, but zapper does not use it yet\n"
		"list:7: warning: 1 address comes with a server of fast channel change, of which "
		"this is "
		"the first; that is kept in the line-up, but zapper does not use it yet\n"
		"list:7: warning: 1 address comes with a server of retransmission, of which this "
		"is the "
		"first; that is kept in the line-up, but zapper does not use it yet\n"
		"list:9: warning: 1 address comes with an address over HTTP, of which this is the "
		"first; "
		"that is kept in the line-up, but zapper does not use it yet\n");
}

static void test_what_cannot_be_received_is_said(void **state)
{
	EXPECT_LIST(NULL,
		"#EXTM3U\n#EXTINF:-1,A\nrtp://[ff0e::1]:1\n#EXTINF:-1,B\nrtp://10.0.0.1:1\n"
		"#EXTINF:-1,C" TAIL,
		"1 C" IMPORTED,
		"list:3: warning: \"rtp://[ff0e::1]:1\": IPv6 groups cannot be received; it is "
		"ignored (lost)\n"
		"list:5: warning: \"rtp://10.0.0.1:1\": the group is not a multicast address; it "
		"is ignored (lost)\n");
}

/* ---- lists that name others ---- */

#define BOUQUET(name) "#SERVICE 1:7:1:0:0:0:0:0:0:0:FROM BOUQUET \"" name "\" ORDER BY bouquet\n"
#define STREAM(name, address) "#SERVICE 4097:0:1:1:1:1:1:0:0:0:" address ":" name "\n"

static int read_beside(void *ctx, const char *index, const char *name)
{
	struct shelf *shelf = ctx;
	assert_non_null(strchr(index, '/'));
	for (const struct file *file = shelf->files; file->name; file++) {
		if (strcmp(file->name, name) != 0)
			continue;
		import_begin_optional(shelf->import, name, CHANNEL_FORMAT_AUTO);
		import_bytes(shelf->import, file->text, strlen(file->text));
		return import_end(shelf->import);
	}
	return -ENOENT;
}

static int read_index(struct shelf *shelf, const struct file *files)
{
	shelf->files = files;
	shelf->import = create(shelf->scratch);
	import_set_beside(shelf->import, read_beside, shelf);
	int result = read_bytes(
		shelf->import, files[0].name, files[0].text, strlen(files[0].text), 1000);
	return result ? result : import_follow(shelf->import);
}

static void test_an_index_brings_its_bouquets(void **state)
{
	static const struct file files[] = {
		{"e2/bouquets.tv", "#NAME Bouquets (TV)\n" BOUQUET("b.tv") BOUQUET("a.tv")},
		{"e2/a.tv", "#NAME A\n" STREAM("One", "rtp%3a//239.1.1.1%3a1")},
		{"e2/b.tv", "#NAME B\n" STREAM("Two", "rtp%3a//239.1.1.2%3a1")
				    STREAM("Radio", "rtp%3a//239.1.1.3%3a1")},
		{0},
	};
	struct shelf shelf = {.scratch = *state};
	assert_int_equal(read_index(&shelf, files), 0);
	write_into(shelf.scratch, shelf.import);
	assert_true(import_has_read(shelf.import, "e2/a.tv"));
	import_destroy(shelf.import);
	assert_string_equal(shelf.scratch->diagnostics->str, "");
	expect_content(shelf.scratch, "1 Two tv - - [B] rtp://239.1.1.2:1\n"
				      "2 Radio tv - - [B] rtp://239.1.1.3:1\n"
				      "3 One tv - - [A] rtp://239.1.1.1:1\n");
}

/* Else it would never end, and each address would be said to be there already. */
static void test_bouquets_in_a_circle_are_read_once(void **state)
{
	static const struct file files[] = {
		{"e2/bouquets.tv",
			"#NAME X\n" BOUQUET("a.tv") BOUQUET("a.tv") BOUQUET("bouquets.tv")},
		{"e2/a.tv", "#NAME A\n" STREAM("One", "rtp%3a//239.1.1.1%3a1") BOUQUET("b.tv")},
		{"e2/b.tv", "#NAME B\n" STREAM("Two", "rtp%3a//239.1.1.2%3a1") BOUQUET("a.tv")},
		{0},
	};
	struct shelf shelf = {.scratch = *state};
	assert_int_equal(read_index(&shelf, files), 0);
	write_into(shelf.scratch, shelf.import);
	import_destroy(shelf.import);
	assert_string_equal(shelf.scratch->diagnostics->str, "");
	assert_int_equal(shelf.scratch->summary.channels, 2);
}

static void test_a_bouquet_that_brings_nothing_is_no_error(void **state)
{
	static const struct file files[] = {
		{"e2/bouquets.tv",
			"#NAME X\n" BOUQUET("gone.tv") BOUQUET("tuner.tv") BOUQUET("a.tv")},
		{"e2/tuner.tv", "#NAME T\n#SERVICE 1:0:1:6dca:44d:1:c00000:0:0:0:\n"},
		{"e2/a.tv", "#NAME A\n" STREAM("One", "rtp%3a//239.1.1.1%3a1")},
		{0},
	};
	struct shelf shelf = {.scratch = *state};
	assert_int_equal(read_index(&shelf, files), 0);
	write_into(shelf.scratch, shelf.import);
	import_destroy(shelf.import);
	assert_string_equal(shelf.scratch->diagnostics->str,
		"e2/bouquets.tv:2: warning: \"gone.tv\" cannot be read: No such file or directory; "
		"it is ignored (lost)\n"
		"e2/tuner.tv:2: warning: \"1:0:1:6dca:44d:1:c00000:0:0:0:\" is a service of a DVB "
		"tuner, not a stream; it is ignored (lost)\n"
		"e2/bouquets.tv:3: warning: \"tuner.tv\" has no channel that can be received; it "
		"is ignored\n");
	assert_int_equal(shelf.scratch->summary.channels, 1);
	assert_int_equal(shelf.scratch->summary.ignored, 2);
}

static void test_an_index_that_brings_nothing_is_refused(void **state)
{
	static const struct file files[] = {
		{"e2/bouquets.tv", "#NAME X\n" BOUQUET("gone.tv")}, {0}};
	struct shelf shelf = {.scratch = *state};
	assert_int_equal(read_index(&shelf, files), -EILSEQ);
	import_destroy(shelf.import);
	assert_non_null(strstr(shelf.scratch->diagnostics->str,
		"e2/bouquets.tv:2: error: no list that is named here has a channel"));
}

static void test_a_malformed_list_beside_is_an_error(void **state)
{
	static const struct file files[] = {
		{"e2/bouquets.tv", "#NAME X\n" BOUQUET("a.tv") BOUQUET("broken.tv")},
		{"e2/a.tv", "#NAME A\n" STREAM("One", "rtp%3a//239.1.1.1%3a1")},
		{"e2/broken.tv", "<playlist><trackList>"},
		{0},
	};
	struct shelf shelf = {.scratch = *state};
	assert_int_equal(read_index(&shelf, files), -EILSEQ);
	import_destroy(shelf.import);
}

static void test_optional_lists_say_nothing(void **state)
{
	struct scratch *scratch = *state;
	struct import *import = create(scratch);
	import_begin_optional(import, "notes.txt", CHANNEL_FORMAT_AUTO);
	import_bytes(import, "\x89PNG", 4);
	assert_int_equal(import_end(import), -ENODATA);
	assert_string_equal(scratch->diagnostics->str, "");
	import_destroy(import);
}

/* ---- guides ---- */

#define GUIDE                                                                                      \
	"<?xml version=\"1.0\"?><tv><channel id=\"one\"><display-name>One</display-name>"          \
	"</channel><programme start=\"20261122120000 +0000\" stop=\"20261122130000 +0000\" "       \
	"channel=\"one\"><title>News</title></programme></tv>"
#define NOON 1795348800 /* 2026-11-22 12:00 UTC */

static int open_guide(void *ctx, struct guide **ret)
{
	struct scratch *scratch = ctx;
	char *path = guide_path_beside(scratch->db), *why = NULL;
	int result = guide_open(path, GUIDE_WRITE, ret, &why);
	g_free(why);
	g_free(path);
	return result;
}

static int refuse_guide(void *ctx, struct guide **ret)
{
	(void)ctx;
	(void)ret;
	return -ENOSPC;
}

/* The title of what is on at noon, or "". */
static void expect_on_air(struct scratch *scratch, const char *title)
{
	static const struct guide_subject one = {"one", "", ""};
	struct guide *guide;
	struct guide_now now;
	int64_t channel;
	assert_int_equal(open_guide(scratch, &guide), 0);
	if (guide_find(guide, &one, &channel)) {
		assert_string_equal(title, "");
	} else {
		assert_int_equal(guide_now_next(guide, channel, NOON, &now), 0);
		assert_string_equal(now.now.title, title);
	}
	guide_close(guide);
}

static void test_a_guide_goes_beside_the_lineup(void **state)
{
	struct scratch *scratch = *state;
	struct import *import = create(scratch);
	size_t channels, events;
	import_set_guide(import, open_guide, scratch, 0);
	assert_int_equal(read_bytes(import, "guide", GUIDE, strlen(GUIDE), 7), 0);
	static const char list[] = "#EXTM3U\n#EXTINF:-1 tvg-id=\"one\",One" TAIL;
	assert_int_equal(read_bytes(import, "list", list, strlen(list), 7), 0);
	import_count(import, &channels, &events);
	assert_int_equal(channels, 1);
	assert_int_equal(events, 1);
	write_into(scratch, import);
	import_destroy(import);
	assert_int_equal(scratch->summary.guide_channels, 1);
	assert_int_equal(scratch->summary.guide_events, 1);
	assert_int_equal(scratch->summary.added, 1);
	expect_on_air(scratch, "News");
}

static void test_a_guide_alone_leaves_the_lineup(void **state)
{
	struct scratch *scratch = *state;
	assert_int_equal(
		scratch_import(scratch, "#EXTM3U\n#EXTINF:-1,One" TAIL, IMPORT_REPLACE), 0);
	struct import *import = create(scratch);
	import_set_guide(import, open_guide, scratch, 0);
	assert_int_equal(read_bytes(import, "guide", GUIDE, strlen(GUIDE), 1000), 0);
	write_into(scratch, import);
	import_destroy(import);
	assert_int_equal(scratch->summary.removed, 0);
	expect_content(scratch, "1 One" IMPORTED);
	expect_on_air(scratch, "News");
}

static void test_a_guide_that_breaks_off_is_not_kept(void **state)
{
	struct scratch *scratch = *state;
	struct import *import = create(scratch);
	import_set_guide(import, open_guide, scratch, 0);
	assert_int_equal(read_bytes(import, "guide", GUIDE, strlen(GUIDE) - 4, 1000), -EILSEQ);
	import_destroy(import);
	expect_on_air(scratch, "");
}

/* A dry run counts. */
static void test_a_guide_without_a_place_is_counted(void **state)
{
	struct scratch *scratch = *state;
	struct import *import = create(scratch);
	assert_int_equal(read_bytes(import, "guide", GUIDE, strlen(GUIDE), 1000), 0);
	assert_int_equal(import_write(import, NULL, IMPORT_REPLACE, &scratch->summary), 0);
	assert_int_equal(scratch->summary.guide_events, 1);
	import_destroy(import);
	expect_on_air(scratch, "");
}

static void test_a_guide_without_events_is_refused(void **state)
{
	expect_refused(*state,
		"<tv><channel id='1'><display-name>One</display-name></channel></tv>",
		"list:1: error: the guide has no event; it is ignored\n");
}

static void test_a_guide_that_cannot_be_written_is_an_error(void **state)
{
	struct scratch *scratch = *state;
	struct import *import = create(scratch);
	import_set_guide(import, refuse_guide, NULL, 0);
	assert_int_equal(read_bytes(import, "guide", GUIDE, strlen(GUIDE), 1000), -ENOSPC);
	assert_string_equal(scratch->diagnostics->str,
		"guide:1: error: the guide cannot be written: No space left on device\n");
	import_destroy(import);
}

static void test_old_events_go(void **state)
{
	struct scratch *scratch = *state;
	struct import *import = create(scratch);
	import_set_guide(import, open_guide, scratch, NOON + 3600);
	assert_int_equal(read_bytes(import, "guide", GUIDE, strlen(GUIDE), 1000), 0);
	assert_int_equal(import_write(import, NULL, IMPORT_REPLACE, &scratch->summary), 0);
	import_destroy(import);
	expect_on_air(scratch, "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_character_sets),
		TEST(test_undeclared_text_is_said_by_line),
		TEST(test_wide_text),
		TEST(test_xml_declares_itself),
		TEST(test_documents_of_several_character_sets),
		TEST(test_unknown_character_set),
		TEST(test_malformed_lists_are_refused),
		TEST(test_a_format_that_is_named_needs_no_start),
		TEST(test_what_is_kept_but_not_used_is_said_once),
		TEST(test_what_cannot_be_received_is_said),
		TEST(test_an_index_brings_its_bouquets),
		TEST(test_bouquets_in_a_circle_are_read_once),
		TEST(test_a_bouquet_that_brings_nothing_is_no_error),
		TEST(test_an_index_that_brings_nothing_is_refused),
		TEST(test_a_malformed_list_beside_is_an_error),
		TEST(test_optional_lists_say_nothing),
		TEST(test_a_guide_goes_beside_the_lineup),
		TEST(test_a_guide_alone_leaves_the_lineup),
		TEST(test_a_guide_that_breaks_off_is_not_kept),
		TEST(test_a_guide_without_a_place_is_counted),
		TEST(test_a_guide_without_events_is_refused),
		TEST(test_a_guide_that_cannot_be_written_is_an_error),
		TEST(test_old_events_go),
	};
	return cmocka_run_group_tests_name("channels_import_lists", tests, NULL, NULL);
}
