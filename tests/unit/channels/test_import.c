#include "channels/import.h"

#include <errno.h>
#include <string.h>

#include "channels/draft.h"
#include "channels/m3u.h"
#include "tests/support/test.h"
#include "tests/unit/channels/scratch.h"
#include "tests/unit/channels/written.h"

#define HEAD "#EXTM3U\n"

static void check_import(struct scratch *scratch, const char *m3u, enum import_mode mode)
{
	assert_int_equal(scratch_import(scratch, m3u, mode), 0);
}

static void check_dump(struct scratch *scratch, const char *expected)
{
	char *dump = scratch_dump(scratch);
	assert_string_equal(dump, expected);
	g_free(dump);
}

static void check_content(struct scratch *scratch, const char *expected)
{
	char *dump = scratch_dump_content(scratch);
	assert_string_equal(dump, expected);
	g_free(dump);
}

static void check_said(struct scratch *scratch, const char *expected)
{
	assert_string_equal(scratch->diagnostics->str, expected);
}

static void test_everything_is_stored(void **state)
{
	struct scratch *scratch = *state;
	check_import(scratch,
		HEAD "#EXTINF:-1 tvg-chno=\"2\" tvg-id=\"two\" tvg-logo=\"2.png\" "
		     "group-title=\"News;Sport\",Two\nrtp://10.0.0.1@232.1.1.2:5004\n"
		     "#EXTINF:-1 tvg-chno=\"1.1\" radio=\"1\",One\nudp://@239.1.1.1:1234\n"
		     "#EXTINF:-1,Two\nudp://239.1.1.2:5004\n",
		IMPORT_REPLACE);
	check_said(scratch, "");
	check_dump(scratch, "2 1.1 One radio - - [] udp://239.1.1.1:1234\n"
			    "1 2 Two tv two 2.png [News,Sport] rtp://10.0.0.1@232.1.1.2:5004 "
			    "udp://239.1.1.2:5004\n");
	assert_int_equal(scratch->summary.channels, 2);
	assert_int_equal(scratch->summary.alternates, 1);
	assert_int_equal(scratch->summary.added, 2);
}

static void test_repeated_numbers(void **state)
{
	struct scratch *scratch = *state;
	static const char m3u[] = HEAD "#EXTINF:-1 tvg-chno=\"5\",A\nrtp://239.1.1.1:1\n"
				       "#EXTINF:-1 tvg-chno=\"5\",B\nrtp://239.1.1.2:1\n"
				       "#EXTINF:-1 tvg-chno=\"6\",C\nrtp://239.1.1.3:1\n"
				       "#EXTINF:-1,D\nrtp://239.1.1.4:1\n"
				       "#EXTINF:-1 tvg-chno=\"7.1\",E\nrtp://239.1.1.5:1\n"
				       "#EXTINF:-1 tvg-chno=\"7.1\",F\nrtp://239.1.1.6:1\n";
	for (int round = 0; round < 2; round++) {
		check_import(scratch, m3u, IMPORT_REPLACE);
		check_said(scratch,
			"list:5: warning: number 5 is taken by \"A\"; \"B\" gets 7\n"
			"list:13: warning: number 7.1 is taken by \"E\"; \"F\" gets 7.2\n");
		assert_int_equal(scratch->summary.renumbered, 2);
		check_dump(scratch, "1 5 A tv - - [] rtp://239.1.1.1:1\n"
				    "3 6 C tv - - [] rtp://239.1.1.3:1\n"
				    "2 7 B tv - - [] rtp://239.1.1.2:1\n"
				    "5 7.1 E tv - - [] rtp://239.1.1.5:1\n"
				    "6 7.2 F tv - - [] rtp://239.1.1.6:1\n"
				    "4 8 D tv - - [] rtp://239.1.1.4:1\n");
	}
	assert_int_equal(scratch->summary.changed, 0);
}

static void test_same_name_again(void **state)
{
	struct scratch *scratch = *state;
	check_import(scratch,
		HEAD "#EXTINF:-1 tvg-chno=\"1\",A\nrtp://239.1.1.1:1\n"
		     "#EXTINF:-1 tvg-chno=\"9\" tvg-id=\"a\",A\nrtp://239.1.1.2:1\n"
		     "#EXTINF:-1 tvg-chno=\"1\",A\nrtp://239.1.1.1:1\n",
		IMPORT_REPLACE);
	check_said(scratch,
		"list:5: warning: \"A\" has the number 1 already; 9 is ignored, the address is an "
		"alternate\n"
		"list:7: warning: \"A\" has the address rtp://239.1.1.1:1 already; it is "
		"ignored\n");
	check_dump(scratch, "1 1 A tv a - [] rtp://239.1.1.1:1 rtp://239.1.1.2:1\n");
	assert_int_equal(scratch->summary.ignored, 1);
}

static char *checksum(const char *path)
{
	char *bytes;
	gsize size;
	if (!g_file_get_contents(path, &bytes, &size, NULL))
		return NULL;
	char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (guchar *)bytes, size);
	g_free(bytes);
	return sum;
}

static void test_same_list_again_writes_nothing(void **state)
{
	struct scratch *scratch = *state;
	static const char m3u[] =
		HEAD "#EXTINF:-1 tvg-chno=\"3\" group-title=\"X;Y\",A\nrtp://239.1.1.1:1\n"
		     "#EXTINF:-1 group-title=\"Y;X\",B\nrtp://239.1.1.2:1\n"
		     "#EXTINF:-1,A\nrtp://239.1.1.3:1\n";
	const enum import_mode modes[] = {IMPORT_REPLACE, IMPORT_MERGE};
	check_import(scratch, m3u, IMPORT_REPLACE);
	char *before = checksum(scratch->db);
	for (size_t i = 0; i < 2; i++) {
		check_import(scratch, m3u, modes[i]);
		assert_int_equal(scratch->summary.added, 0);
		assert_int_equal(scratch->summary.changed, 0);
		assert_int_equal(scratch->summary.removed, 0);
		char *after = checksum(scratch->db);
		assert_string_equal(after, before);
		g_free(after);
	}
	g_free(before);
}

static void test_replace_keeps_who_is_still_there(void **state)
{
	struct scratch *scratch = *state;
	check_import(scratch,
		HEAD "#EXTINF:-1,Same name\nrtp://239.1.1.1:1\n"
		     "#EXTINF:-1 tvg-id=\"guide\",Old name\nrtp://239.1.1.2:1\n"
		     "#EXTINF:-1,Old name of address\nrtp://239.1.1.3:1\n"
		     "#EXTINF:-1 tvg-id=\"shared\",Gone HD\nrtp://239.1.1.4:1\n"
		     "#EXTINF:-1 tvg-id=\"shared\",Gone\nrtp://239.1.1.5:1\n",
		IMPORT_REPLACE);
	/* "shared" tells two channels of the line-up apart as little as two of the list. */
	check_import(scratch,
		HEAD "#EXTINF:-1 tvg-id=\"shared\",New\nrtp://239.1.1.9:1\n"
		     "#EXTINF:-1,New name of address\nrtp://239.1.1.3:1\n"
		     "#EXTINF:-1 tvg-id=\"guide\",New name\nrtp://239.1.1.8:1\n"
		     "#EXTINF:-1 tvg-id=\"guide\",Same name\nrtp://239.1.1.7:1\n",
		IMPORT_REPLACE);
	check_dump(scratch, "1 1 Same name tv guide - [] rtp://239.1.1.7:1\n"
			    "2 2 New name tv guide - [] rtp://239.1.1.8:1\n"
			    "3 3 New name of address tv - - [] rtp://239.1.1.3:1\n"
			    "6 4 New tv shared - [] rtp://239.1.1.9:1\n");
	assert_int_equal(scratch->summary.added, 1);
	assert_int_equal(scratch->summary.changed, 3);
	assert_int_equal(scratch->summary.removed, 2);
}

static void test_ids_are_never_given_again(void **state)
{
	struct scratch *scratch = *state;
	check_import(scratch, HEAD "#EXTINF:-1,A\nrtp://239.1.1.1:1\n", IMPORT_REPLACE);
	check_import(scratch, HEAD "#EXTINF:-1,B\nrtp://239.1.1.2:1\n", IMPORT_REPLACE);
	check_dump(scratch, "2 1 B tv - - [] rtp://239.1.1.2:1\n");
}

static void test_numbers_can_be_swapped(void **state)
{
	struct scratch *scratch = *state;
	check_import(scratch,
		HEAD "#EXTINF:-1 tvg-chno=\"1\",A\nrtp://239.1.1.1:1\n"
		     "#EXTINF:-1 tvg-chno=\"2\",B\nrtp://239.1.1.2:1\n"
		     "#EXTINF:-1 tvg-chno=\"3\",C\nrtp://239.1.1.3:1\n",
		IMPORT_REPLACE);
	check_import(scratch,
		HEAD "#EXTINF:-1 tvg-chno=\"2\",A\nrtp://239.1.1.1:1\n"
		     "#EXTINF:-1 tvg-chno=\"1\",B\nrtp://239.1.1.2:1\n"
		     "#EXTINF:-1 tvg-chno=\"3\",D\nrtp://239.1.1.4:1\n",
		IMPORT_REPLACE);
	check_dump(scratch, "2 1 B tv - - [] rtp://239.1.1.2:1\n"
			    "1 2 A tv - - [] rtp://239.1.1.1:1\n"
			    "4 3 D tv - - [] rtp://239.1.1.4:1\n");
}

static void test_numbers_stay_when_channels_come_and_go(void **state)
{
	struct scratch *scratch = *state;
	check_import(scratch,
		HEAD "#EXTINF:-1,A\nrtp://239.1.1.1:1\n#EXTINF:-1,B\nrtp://239.1.1.2:1\n"
		     "#EXTINF:-1,C\nrtp://239.1.1.3:1\n",
		IMPORT_REPLACE);
	check_import(scratch,
		HEAD "#EXTINF:-1,New\nrtp://239.1.1.4:1\n#EXTINF:-1,B\nrtp://239.1.1.2:1\n"
		     "#EXTINF:-1,Newer\nrtp://239.1.1.5:1\n#EXTINF:-1,C\nrtp://239.1.1.3:1\n",
		IMPORT_REPLACE);
	check_content(scratch,
		"1 New tv - - [] rtp://239.1.1.4:1\n2 B tv - - [] rtp://239.1.1.2:1\n"
		"3 C tv - - [] rtp://239.1.1.3:1\n4 Newer tv - - [] rtp://239.1.1.5:1\n");
}

static void test_merge(void **state)
{
	struct scratch *scratch = *state;
	check_import(scratch,
		HEAD "#EXTINF:-1 tvg-chno=\"1\" tvg-id=\"a\" tvg-logo=\"a.png\" "
		     "group-title=\"X\",A\nrtp://239.1.1.1:1\n"
		     "#EXTINF:-1 tvg-chno=\"2\" group-title=\"X\",B\nrtp://239.1.1.2:1\n",
		IMPORT_REPLACE);
	static const char second[] =
		HEAD "#EXTINF:-1 tvg-chno=\"7\" tvg-logo=\"new.png\" group-title=\"Y\",A\n"
		     "rtp://239.2.1.1:1\n"
		     "#EXTINF:-1 tvg-chno=\"2\" group-title=\"X\",C\nrtp://239.2.1.3:1\n"
		     "#EXTINF:-1 tvg-id=\"a\",A elsewhere\nrtp://239.1.1.1:1\n";
	for (int round = 0; round < 2; round++) {
		check_import(scratch, second, IMPORT_MERGE);
		check_dump(scratch, "1 1 A tv a new.png [X,Y] rtp://239.1.1.1:1 rtp://239.2.1.1:1\n"
				    "2 2 B tv - - [X] rtp://239.1.1.2:1\n"
				    "3 3 C tv - - [X] rtp://239.2.1.3:1\n"
				    "4 4 A elsewhere tv a - [] rtp://239.1.1.1:1\n");
		assert_int_equal(scratch->summary.removed, 0);
		assert_int_equal(scratch->summary.renumbered, 2);
	}
	assert_non_null(strstr(scratch->diagnostics->str,
		"list:3: warning: \"A\" is in the line-up as 1; the number 7 is ignored\n"));
}

/* A list of one channel with addresses 239.1.NET.1 to .count, each in a group of its own. */
static char *crowded(int net, int count)
{
	GString *m3u = g_string_new(HEAD);
	for (int i = 1; i <= count; i++)
		g_string_append_printf(m3u,
			"#EXTINF:-1 group-title=\"%d-%d\",A\nrtp://239.1.%d.%d:1\n", net, i, net,
			i);
	return g_string_free(m3u, FALSE);
}

static void test_a_merge_names_what_has_no_room(void **state)
{
	struct scratch *scratch = *state;
	char *first = crowded(1, DRAFT_SOURCES - 1), *second = crowded(2, 3);
	check_import(scratch, first, IMPORT_REPLACE);
	check_import(scratch, second, IMPORT_MERGE);
	check_said(scratch, "list:3: warning: \"A\" has too many alternate addresses; "
			    "rtp://239.1.2.2:1 is ignored\n"
			    "list:3: warning: \"A\" has too many alternate addresses; "
			    "rtp://239.1.2.3:1 is ignored\n");
	assert_int_equal(scratch->summary.ignored, 2);
	assert_int_equal(scratch_get_int(scratch, "SELECT count(*) FROM source"), DRAFT_SOURCES);
	g_free(first);
	g_free(second);
}

static char *list_in_bouquets(const char *prefix, int count)
{
	GString *m3u = g_string_new(HEAD);
	for (int i = 0; i < count; i++)
		g_string_append_printf(
			m3u, "#EXTINF:-1 group-title=\"%s%d\",A\nrtp://239.1.1.1:1\n", prefix, i);
	return g_string_free(m3u, FALSE);
}

/* Once for each list, however many there are. */
static void test_too_many_bouquets(void **state)
{
	struct scratch *scratch = *state;
	char *first = list_in_bouquets("x", DRAFT_BOUQUETS + 3), *second = list_in_bouquets("y", 2);
	const struct {
		const char *list;
		enum import_mode mode;
	} imports[] = {{first, IMPORT_REPLACE}, {second, IMPORT_MERGE}};
	for (size_t i = 0; i < G_N_ELEMENTS(imports); i++) {
		check_import(scratch, imports[i].list, imports[i].mode);
		const char *said = strstr(scratch->diagnostics->str,
			"\"A\" is in more than 256 groups; the others are ignored\n");
		assert_non_null(said);
		assert_null(strstr(said + strlen("\"A\" is in more"), "in more"));
		assert_int_equal(scratch_get_int(scratch, "SELECT count(*) FROM bouquet_member "
							  "JOIN bouquet ON id = bouquet "
							  "WHERE name LIKE 'x%'"),
			DRAFT_BOUQUETS);
	}
	g_free(first);
	g_free(second);
}

/* What is said fits on a screen, however long names are. */
static void test_long_names_are_said_in_short(void **state)
{
	struct scratch *scratch = *state;
	char *name = g_strnfill(50000, 'x');
	GString *m3u = g_string_new(HEAD);
	g_string_append_printf(m3u, "#EXTINF:-1 tvg-chno=\"1\",A\nrtp://239.1.1.9:1\n");
	for (int i = 0; i < DRAFT_SOURCES + 2; i++)
		g_string_append_printf(m3u,
			"#EXTINF:-1 tvg-chno=\"%d\" group-title=\"G\",%s\nrtp://239.1.1.%d:2\n",
			i / 10 + 1, name, MAX(i, 1));
	check_import(scratch, m3u->str, IMPORT_REPLACE);
	char **lines = g_strsplit(scratch->diagnostics->str, "\n", -1);
	assert_true(g_strv_length(lines) > 50);
	for (char **line = lines; *line; line++)
		assert_in_range(strlen(*line), 0, 300);
	g_strfreev(lines);
	g_string_free(m3u, TRUE);
	g_free(name);
}

static void test_bouquets_follow_the_list(void **state)
{
	struct scratch *scratch = *state;
	check_import(scratch,
		HEAD "#EXTINF:-1 group-title=\"X;Y\",A\nrtp://239.1.1.1:1\n"
		     "#EXTINF:-1 group-title=\"Z\",B\nrtp://239.1.1.2:1\n",
		IMPORT_REPLACE);
	check_import(scratch,
		HEAD "#EXTINF:-1 group-title=\"Y\",B\nrtp://239.1.1.2:1\n"
		     "#EXTINF:-1 group-title=\"X;Y\",A\nrtp://239.1.1.1:1\n",
		IMPORT_REPLACE);
	check_content(
		scratch, "1 A tv - - [Y,X] rtp://239.1.1.1:1\n2 B tv - - [Y] rtp://239.1.1.2:1\n");
}

static void test_a_list_without_channels_changes_nothing(void **state)
{
	struct scratch *scratch = *state;
	check_import(scratch, HEAD "#EXTINF:-1,A\nrtp://239.1.1.1:1\n", IMPORT_REPLACE);
	static const char *const lists[] = {
		"", "\n", HEAD, HEAD "#EXTINF:-1,A\nhttp://x/\n", "<html></html>", "\177ELF"};
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
		assert_int_equal(scratch_import(scratch, lists[i], IMPORT_REPLACE), -EILSEQ);
		assert_non_null(strstr(scratch->diagnostics->str, "list:1: error: "));
		check_dump(scratch, "1 1 A tv - - [] rtp://239.1.1.1:1\n");
	}
}

static void ignore(void *user, const struct channel_diagnostic *diagnostic)
{
	(void)user;
	(void)diagnostic;
}

static void test_dry_run_on_a_line_up_opened_for_reading(void **state)
{
	struct scratch *scratch = *state;
	check_import(scratch, HEAD "#EXTINF:-1,A\nrtp://239.1.1.1:1\n", IMPORT_REPLACE);
	static const char m3u[] = HEAD "#EXTINF:-1,A\nrtp://239.1.1.7:1\n"
				       "#EXTINF:-1,B\nrtp://239.1.1.2:1\n";
	struct channel_report report = {.diagnostic = ignore};
	struct import *import = import_create(&report);
	struct import_summary summary;
	struct lineup *lineup;
	char *why = NULL;
	import_begin(import, "list", CHANNEL_FORMAT_M3U);
	import_bytes(import, m3u, sizeof m3u - 1);
	assert_int_equal(import_end(import), 0);
	assert_int_equal(lineup_open(scratch->db, LINEUP_READ, &lineup, &why), 0);
	assert_int_equal(import_write(import, lineup, IMPORT_REPLACE, &summary), 0);
	lineup_close(lineup);
	import_destroy(import);
	assert_int_equal(summary.added, 1);
	assert_int_equal(summary.changed, 1);
	check_dump(scratch, "1 1 A tv - - [] rtp://239.1.1.1:1\n");
}

/* Channels on one address are told apart by their programmes, also when they are renamed. */
static void test_programmes_are_sources_of_their_own(void **state)
{
	struct scratch *scratch = *state;
	check_import(scratch,
		HEAD "#EXTINF:-1,A\n#EXTVLCOPT:program=1\nudp://239.1.1.1:1\n"
		     "#EXTINF:-1,B\n#EXTVLCOPT:program=2\nudp://239.1.1.1:1\n",
		IMPORT_REPLACE);
	check_dump(scratch,
		"1 1 A tv - - [] udp://239.1.1.1:1#1\n2 2 B tv - - [] udp://239.1.1.1:1#2\n");
	check_import(scratch,
		HEAD "#EXTINF:-1,Z\n#EXTVLCOPT:program=2\nudp://239.1.1.1:1\n"
		     "#EXTINF:-1,A\n#EXTVLCOPT:program=65535\nudp://239.1.1.1:1\n",
		IMPORT_REPLACE);
	check_dump(scratch,
		"1 1 A tv - - [] udp://239.1.1.1:1#65535\n2 2 Z tv - - [] udp://239.1.1.1:1#2\n");
}

/* Export and import again gives the same line-up, row for row. */
static void test_round_trip(void **state)
{
	struct scratch *scratch = *state;
	check_import(scratch,
		HEAD "#EXTINF:-1 tvg-chno=\"2.5\" tvg-id=\"a\" tvg-logo=\"a.png\" "
		     "group-title=\"X;Y\",The \"A\", really\nrtp://10.0.0.1@232.1.1.1:1\n"
		     "#EXTINF:-1 radio=\"true\",B, C\nudp://239.1.1.2:1\n"
		     "#EXTINF:-1,B, C\nudp://239.1.1.3:1\n"
		     "#EXTINF:-1,D\n#EXTVLCOPT:program=3\nudp://239.1.1.3:1\n"
		     "#EXTINF:-1,D\n#EXTVLCOPT:program=4\nudp://239.1.1.3:1\n",
		IMPORT_REPLACE);
	char *before = scratch_dump(scratch), *why = NULL;
	struct lineup *lineup;
	struct channel_list *list;
	assert_int_equal(lineup_open(scratch->db, LINEUP_READ, &lineup, &why), 0);
	assert_int_equal(lineup_load(lineup, &list), 0);
	lineup_close(lineup);
	GString *m3u = written(&m3u_writer_class, list, NULL);
	channel_list_free(list);
	check_import(scratch, m3u->str, IMPORT_REPLACE);
	check_said(scratch, "");
	assert_int_equal(scratch->summary.changed, 0);
	check_dump(scratch, before);
	g_string_free(m3u, TRUE);
	g_free(before);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_everything_is_stored),
		TEST(test_repeated_numbers),
		TEST(test_same_name_again),
		TEST(test_same_list_again_writes_nothing),
		TEST(test_replace_keeps_who_is_still_there),
		TEST(test_ids_are_never_given_again),
		TEST(test_numbers_can_be_swapped),
		TEST(test_numbers_stay_when_channels_come_and_go),
		TEST(test_merge),
		TEST(test_a_merge_names_what_has_no_room),
		TEST(test_too_many_bouquets),
		TEST(test_long_names_are_said_in_short),
		TEST(test_bouquets_follow_the_list),
		TEST(test_a_list_without_channels_changes_nothing),
		TEST(test_dry_run_on_a_line_up_opened_for_reading),
		TEST(test_programmes_are_sources_of_their_own),
		TEST(test_round_trip),
	};
	return cmocka_run_group_tests_name("channels_import", tests, NULL, NULL);
}
