/* `zapper import`: files of all kinds, what it prints, and how it ends. */
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "channels/guide.h"
#include "client/commands.h"
#include "client/import_progress.h"
#include "client/unpack.h"
#include "tests/support/test.h"
#include "tests/unit/channels/shell.h"

#define ONE "#EXTM3U\n#EXTINF:-1,One\nrtp://239.1.1.1:1\n"
#define TWO "#EXTM3U\n#EXTINF:-1,Two\nrtp://239.1.1.2:1\n"
#define ONE_ADDED                                                                                  \
	"1 channels, 0 alternates, 0 renumbered, 0 ignored; line-up: 1 added, 0 changed, 0 "       \
	"removed\n"
#define TWO_ADDED                                                                                  \
	"2 channels, 0 alternates, 0 renumbered, 0 ignored; line-up: 2 added, 0 changed, 0 "       \
	"removed\n"
#define NOTHING "zapper import: nothing was imported\n"
#define GUIDE                                                                                      \
	"<?xml version=\"1.0\"?><tv><channel id=\"one\"><display-name>One</display-name>"          \
	"</channel><programme start=\"20991122120000 +0000\" channel=\"one\"><title>News</title>"  \
	"</programme></tv>"

struct member {
	const char *name, *text;
	size_t size; /* 0: of the text */
};

/* Closes the archive. */
static void pack(struct archive *archive, const char *path, const struct member *members)
{
	assert_int_equal(archive_write_open_filename(archive, path), ARCHIVE_OK);
	for (; members->name; members++) {
		size_t size = members->size ? members->size : strlen(members->text);
		struct archive_entry *entry = archive_entry_new();
		archive_entry_set_pathname(entry, members->name);
		archive_entry_set_filetype(entry, AE_IFREG);
		archive_entry_set_perm(entry, 0644);
		archive_entry_set_size(entry, (la_int64_t)size);
		assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
		assert_int_equal(archive_write_data(archive, members->text, size), size);
		archive_entry_free(entry);
	}
	assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
	archive_write_free(archive);
}

static void pack_raw(struct scratch *scratch, const char *name, int (*add_filter)(struct archive *),
	const char *text, size_t size)
{
	struct archive *archive = archive_write_new();
	const struct member members[] = {{"list", text, size}, {0}};
	archive_write_set_format_raw(archive);
	assert_int_equal(add_filter(archive), ARCHIVE_OK);
	pack(archive, scratch_path(scratch, name), members);
}

static void pack_zip(struct scratch *scratch, const char *name, const struct member *members)
{
	struct archive *archive = archive_write_new();
	archive_write_set_format_zip(archive);
	pack(archive, scratch_path(scratch, name), members);
}

static void pack_tar(struct scratch *scratch, const char *name, const struct member *members)
{
	struct archive *archive = archive_write_new();
	archive_write_set_format_pax_restricted(archive);
	archive_write_add_filter_gzip(archive);
	pack(archive, scratch_path(scratch, name), members);
}

static void expect_content(struct scratch *scratch, const char *expected)
{
	char *dump = scratch_dump_content(scratch);
	assert_string_equal(dump, expected);
	g_free(dump);
}

static void test_compressed_lists(void **state)
{
	struct scratch *scratch = *state;
	static const struct {
		int (*add_filter)(struct archive *);
		const char *name;
	} filters[] = {{archive_write_add_filter_gzip, "list.gz"},
		{archive_write_add_filter_bzip2, "list.bz2"},
		{archive_write_add_filter_xz, "list.xz"},
		{archive_write_add_filter_zstd, "list.zst"}};
	static const char list[] = "#EXTM3U\n#EXTINF:-1,One\nrtp://239.1.1.1:1\nhttp://x/\n";
	for (size_t i = 0; i < G_N_ELEMENTS(filters); i++) {
		unlink(scratch->db);
		pack_raw(scratch, filters[i].name, filters[i].add_filter, list, strlen(list));
		char *arguments = g_strdup_printf("--db $D $F/%s", filters[i].name);
		struct shell_output output = shell_import(scratch, NULL, arguments);
		assert_int_equal(output.code, EXIT_OK);
		assert_non_null(strstr(output.out, "1 added"));
		assert_non_null(strstr(output.err, ":4: warning: \"http://x/\""));
		assert_non_null(strstr(output.err, filters[i].name));
		shell_output_clear(&output);
		g_free(arguments);
	}
}

static void test_a_list_that_is_cut_short_is_refused(void **state)
{
	struct scratch *scratch = *state;
	GString *list = g_string_new("#EXTM3U\n");
	for (int i = 0; i < 3000; i++)
		g_string_append_printf(list, "#EXTINF:-1,C%d\nrtp://239.1.%d.%d:%d\n", i, i / 256,
			i % 256, i * 7919 % 60000 + 1);
	pack_raw(scratch, "list.gz", archive_write_add_filter_gzip, list->str, list->len);
	struct stat status;
	assert_int_equal(stat(scratch_path(scratch, "list.gz"), &status), 0);
	assert_int_equal(truncate(scratch_path(scratch, "list.gz"), status.st_size / 2), 0);
	shell_expect(scratch, "--db $D $F/list.gz", EXIT_BAD_DATA, "",
		"$F/list.gz: error: cannot be unpacked: truncated gzip input; it is "
		"ignored\n" NOTHING);
	assert_false(g_file_test(scratch->db, G_FILE_TEST_EXISTS));
	g_string_free(list, TRUE);
}

static void test_a_bomb_is_refused(void **state)
{
	struct scratch *scratch = *state;
	size_t size = UNPACK_FREE_BYTES + UNPACK_FREE_BYTES / 8;
	char *blanks = g_malloc(size);
	memset(blanks, '\n', size);
	pack_raw(scratch, "bomb.gz", archive_write_add_filter_gzip, blanks, size);
	g_free(blanks);
	shell_expect(scratch, "--db $D $F/bomb.gz", EXIT_BAD_DATA, "",
		"$F/bomb.gz: error: cannot be unpacked: it unpacks to more than 250 times its "
		"size; it is ignored\n" NOTHING);
}

static void test_an_archive_of_lists(void **state)
{
	struct scratch *scratch = *state;
	static const struct member members[] = {{"lists/one.m3u", ONE, 0},
		{"logo.png", "\x89PNG\r\n", 0}, {"two.m3u", TWO, 0}, {"empty", "", 0}, {0}};
	pack_zip(scratch, "lists.zip", members);
	shell_expect(scratch, "--db $D $F/lists.zip", EXIT_OK, TWO_ADDED,
		"$F/lists.zip: warning: of the files in this archive 2 are no channel lists; they "
		"are ignored (the first one is \"logo.png\")\n");
	expect_content(scratch, "1 One tv - - [] rtp://239.1.1.1:1\n"
				"2 Two tv - - [] rtp://239.1.1.2:1\n");
}

static void test_diagnostics_name_the_file_in_the_archive(void **state)
{
	struct scratch *scratch = *state;
	static const struct member members[] = {
		{"lists/one.m3u", "#EXTM3U\n#EXTINF:-1,One\nrtp://239.1.1.1:1\nrtp://1.2.3.4:1\n",
			0},
		{0}};
	pack_zip(scratch, "lists.zip", members);
	shell_expect(scratch, "--db $D $F/lists.zip", EXIT_OK,
		"1 channels, 0 alternates, 0 renumbered, 1 ignored; line-up: 1 added, 0 changed, 0 "
		"removed\n",
		"$F/lists.zip/lists/one.m3u:4: warning: \"rtp://1.2.3.4:1\": the group is not a "
		"multicast address; it is ignored\n");
}

static void test_an_archive_twice(void **state)
{
	struct scratch *scratch = *state;
	static const struct member members[] = {{"one.m3u", ONE, 0}, {"two.m3u", TWO, 0}, {0}};
	pack_zip(scratch, "lists.zip", members);
	shell_expect(scratch, "--db $D $F/lists.zip $F/lists.zip", EXIT_OK, TWO_ADDED,
		"$F/lists.zip: warning: 2 files in this archive were read already; they are not "
		"read again\n");
}

/* Names may hold marks that turn the rest of the line round. */
static void test_what_is_said_stays_in_its_place(void **state)
{
	struct scratch *scratch = *state;
	SHELL_WRITE(scratch, "list",
		"#EXTM3U\n#EXTINF:-1,A\u202e3pm\nrtp://239.1.1.1:1\n"
		"#EXTINF:-1,A\u202e3pm\nrtp://239.1.1.1:1\n");
	shell_expect(scratch, "--db $D $F/list", EXIT_OK,
		"1 channels, 0 alternates, 0 renumbered, 1 ignored; line-up: 1 added, 0 changed, 0 "
		"removed\n",
		"$F/list:5: warning: \"A3pm\" has the address rtp://239.1.1.1:1 already; it is "
		"ignored\n");
	SHELL_WRITE(scratch, "\u202elist\x1b", "nonsense");
	shell_expect(scratch, "--db $D $F/\u202elist\x1b", EXIT_BAD_DATA, "",
		"$F/list :1: error: not a channel list that zapper knows; it is ignored\n" NOTHING);
}

static void test_dry_run_on_an_empty_file(void **state)
{
	struct scratch *scratch = *state;
	SHELL_WRITE(scratch, "lineup.db", "");
	SHELL_WRITE(scratch, "one.m3u", ONE);
	struct shell_output output = shell_import(scratch, NULL, "--db $D --dry-run $F/one.m3u");
	assert_int_equal(output.code, EXIT_OK);
	assert_string_equal(output.err, "");
	assert_non_null(strstr(output.out, "1 added"));
	shell_output_clear(&output);
}

static void test_an_archive_without_a_list_is_refused(void **state)
{
	struct scratch *scratch = *state;
	static const struct member members[] = {{"logo.png", "\x89PNG\r\n", 0}, {0}};
	pack_zip(scratch, "lists.zip", members);
	shell_expect(scratch, "--db $D $F/lists.zip", EXIT_BAD_DATA, "",
		"$F/lists.zip: error: there is no channel list in this archive; it is "
		"ignored\n" NOTHING);
}

static void test_an_empty_archive_is_refused(void **state)
{
	struct scratch *scratch = *state;
	static const char zeros[4096];
	static const struct member none[] = {{0}};
	const char *const said = "$F/lists: error: cannot be unpacked: there is no file in it; it "
				 "is ignored\n" NOTHING;
	shell_write(scratch, "lists", zeros, sizeof zeros);
	shell_expect(scratch, "--db $D $F/lists", EXIT_BAD_DATA, "", said);
	pack_tar(scratch, "lists", none);
	shell_expect(scratch, "--db $D $F/lists", EXIT_BAD_DATA, "", said);
	pack_zip(scratch, "lists", none);
	shell_expect(scratch, "--db $D $F/lists", EXIT_BAD_DATA, "", said);
}

/* Whose list of files, at its end, is out of reach. */
static void test_an_archive_through_a_pipe(void **state)
{
	struct scratch *scratch = *state;
	static const struct member members[] = {{"one.m3u", ONE, 0}, {"two.m3u", TWO, 0}, {0}};
	char *bytes;
	gsize size;
	int ends[2];
	pack_zip(scratch, "lists.zip", members);
	assert_true(g_file_get_contents(scratch_path(scratch, "lists.zip"), &bytes, &size, NULL));
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], bytes, size), size);
	close(ends[1]);
	char *input = g_strdup_printf("/dev/fd/%d", ends[0]);
	struct shell_output output = shell_import(scratch, input, "--db $D -");
	close(ends[0]);
	assert_string_equal(output.err, "");
	assert_string_equal(output.out, TWO_ADDED);
	shell_output_clear(&output);
	g_free(input);
	g_free(bytes);
}

#define BOUQUET(name) "#SERVICE 1:7:1:0:0:0:0:0:0:0:FROM BOUQUET \"" name "\" ORDER BY bouquet\n"
#define STREAM(name, address) "#SERVICE 4097:0:1:1:1:1:1:0:0:0:rtp%3a//" address ":" name "\n"
#define INDEX "#NAME Bouquets (TV)\n" BOUQUET("b.tv") BOUQUET("a.tv")
#define BOUQUET_A "#NAME A\n" STREAM("One", "239.1.1.1%3a1")
#define BOUQUET_B "#NAME B\n" STREAM("Two", "239.1.1.2%3a1")
#define BY_INDEX "1 Two tv - - [B] rtp://239.1.1.2:1\n2 One tv - - [A] rtp://239.1.1.1:1\n"

static void write_bouquets(struct scratch *scratch)
{
	SHELL_WRITE(scratch, "bouquets.tv", INDEX);
	SHELL_WRITE(scratch, "a.tv", BOUQUET_A);
	SHELL_WRITE(scratch, "b.tv", BOUQUET_B);
}

static void test_a_folder_of_bouquets(void **state)
{
	struct scratch *scratch = *state;
	write_bouquets(scratch);
	shell_expect(scratch, "--db $D $F/bouquets.tv", EXIT_OK, TWO_ADDED, "");
	expect_content(scratch, BY_INDEX);
	unlink(scratch->db);
	shell_expect(scratch, "--db $D $F", EXIT_OK, TWO_ADDED, "");
	expect_content(scratch, BY_INDEX);
	/* As a shell writes "*.tv". */
	unlink(scratch->db);
	shell_expect(scratch, "--db $D $F/bouquets.tv $F/a.tv", EXIT_OK, TWO_ADDED,
		"$F/a.tv: warning: this list was read already; it is not read again\n");
}

static void test_an_archive_of_bouquets(void **state)
{
	struct scratch *scratch = *state;
	static const struct member members[] = {{"enigma2/a.tv", BOUQUET_A, 0},
		{"enigma2/bouquets.tv", INDEX, 0}, {"enigma2/b.tv", BOUQUET_B, 0}, {0}};
	pack_tar(scratch, "settings.tar.gz", members);
	shell_expect(scratch, "--db $D $F/settings.tar.gz", EXIT_OK, TWO_ADDED, "");
	expect_content(scratch, "1 One tv - - [A] rtp://239.1.1.1:1\n"
				"2 Two tv - - [B] rtp://239.1.1.2:1\n");
}

/* Whoever wrote the list must not choose what is read here. */
static void test_nothing_lies_beside_a_pipe(void **state)
{
	struct scratch *scratch = *state;
	write_bouquets(scratch);
	assert_int_equal(chdir(scratch->folder), 0);
	struct shell_output output =
		shell_import(scratch, scratch_path(scratch, "bouquets.tv"), "--db $D -");
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(output.code, EXIT_BAD_DATA);
	assert_non_null(strstr(output.err, "<stdin>:2: warning: \"b.tv\" cannot be read: No such"));
	shell_output_clear(&output);
}

static void test_dry_run_shows_each_difference(void **state)
{
	struct scratch *scratch = *state;
	SHELL_WRITE(scratch, "old",
		"#EXTM3U\n#EXTINF:-1 tvg-chno=\"1\",Same\nrtp://239.1.1.1:1\n"
		"#EXTINF:-1 tvg-chno=\"2\",Moves\nrtp://239.1.1.2:1\n"
		"#EXTINF:-1 tvg-chno=\"3\",Goes\nrtp://239.1.1.3:1\n"
		"#EXTINF:-1 tvg-chno=\"4\",Äther\nrtp://239.1.1.4:1\n");
	SHELL_WRITE(scratch, "new",
		"#EXTM3U\n#EXTINF:-1 tvg-chno=\"1\",Same\nrtp://239.1.1.1:1\n"
		"#EXTINF:-1 tvg-chno=\"12.5\",Moves\nrtp://239.1.1.2:1\n"
		"#EXTINF:-1 "
		"tvg-chno=\"4\",Äther\nrtp://239.1.1.4:1\n#EXTINF:-1,Äther\nrtp://239.1.1.5:1\n"
		"#EXTINF:-1 tvg-chno=\"5\",Comes\nrtp://239.1.1.6:1\n");
	struct shell_output output = shell_import(scratch, NULL, "--db $D $F/old");
	assert_int_equal(output.code, EXIT_OK);
	shell_output_clear(&output);
	char *before = scratch_dump(scratch);
	output = shell_import(scratch, NULL, "--dry-run --db $D $F/new");
	assert_int_equal(output.code, EXIT_OK);
	assert_string_equal(output.out,
		"Change      No.    Name   What\n"
		"removed       3    Goes   rtp://239.1.1.3:1\n"
		"changed       4    Äther  1 address added\n"
		"added         5    Comes  rtp://239.1.1.6:1\n"
		"renumbered   12.5  Moves  number 2 -> 12.5\n"
		"4 channels, 1 alternates, 0 renumbered, 0 ignored; would be (nothing is written): "
		"1 added, 2 changed, 1 removed\n");
	shell_output_clear(&output);
	char *after = scratch_dump(scratch);
	assert_string_equal(after, before);
	g_free(before);
	g_free(after);
}

static bool has_guide(struct scratch *scratch)
{
	return g_file_test(scratch_path(scratch, "guide.db"), G_FILE_TEST_EXISTS);
}

static void test_lists_and_a_guide_in_one_call(void **state)
{
	struct scratch *scratch = *state;
	SHELL_WRITE(scratch, "list", "#EXTM3U\n#EXTINF:-1 tvg-id=\"one\",One\nrtp://239.1.1.1:1\n");
	SHELL_WRITE(scratch, "guide", GUIDE);
	shell_expect(scratch, "--dry-run --db $D $F/guide $F/list", EXIT_OK,
		"Change  No.  Name  What\nadded     1  One   rtp://239.1.1.1:1\n"
		"1 channels, 0 alternates, 0 renumbered, 0 ignored; would be (nothing is written): "
		"1 added, 0 changed, 0 removed\n"
		"guide (nothing is written): 1 channels, 1 events\n",
		"");
	assert_false(has_guide(scratch));
	shell_expect(scratch, "--db $D $F/guide $F/list", EXIT_OK,
		ONE_ADDED "guide: 1 channels, 1 events\n", "");
	assert_true(has_guide(scratch));
}

static void test_a_guide_alone(void **state)
{
	struct scratch *scratch = *state;
	pack_raw(scratch, "guide.xz", archive_write_add_filter_xz, GUIDE, strlen(GUIDE));
	shell_expect(scratch, "--db $D --format xmltv $F/guide.xz", EXIT_OK,
		"guide: 1 channels, 1 events\n", "");
	assert_true(has_guide(scratch));
	assert_false(g_file_test(scratch->db, G_FILE_TEST_EXISTS));
}

/* All or nothing: a list that cannot be had keeps the guide out, too. */
static void test_a_guide_waits_for_the_lists(void **state)
{
	struct scratch *scratch = *state;
	SHELL_WRITE(scratch, "guide", GUIDE);
	struct shell_output output = shell_import(scratch, NULL, "--db $D $F/guide $F/missing");
	assert_int_equal(output.code, EXIT_NO_INPUT);
	shell_output_clear(&output);
	char *path = guide_path_beside(scratch->db), *why = NULL;
	static const struct guide_subject one = {"one", "", ""};
	struct guide *guide;
	int64_t channel;
	assert_int_equal(guide_open(path, GUIDE_READ, &guide, &why), 0);
	assert_int_not_equal(guide_find(guide, &one, &channel), 0);
	guide_close(guide);
	g_free(path);
}

static void test_a_guide_that_cannot_be_written(void **state)
{
	struct scratch *scratch = *state;
	SHELL_WRITE(scratch, "guide", GUIDE);
	SHELL_WRITE(scratch, "guide.db", "garbage");
	struct shell_output output = shell_import(scratch, NULL, "--db $D $F/guide");
	assert_int_equal(output.code, EXIT_BAD_DATA);
	assert_non_null(strstr(output.err, "error: the guide cannot be written: it is damaged"));
	assert_string_equal(output.out, "");
	shell_output_clear(&output);
}

static void test_character_set(void **state)
{
	struct scratch *scratch = *state;
	SHELL_WRITE(scratch, "list",
		"#EXTM3U\n#EXTINF:-1,\xcf\xe5\xf0\xe2\xfb\xe9\nrtp://239.1.1.1:1\n");
	shell_expect(scratch, "--charset cp1251 --db $D $F/list", EXIT_OK, ONE_ADDED, "");
	expect_content(scratch, "1 Первый tv - - [] rtp://239.1.1.1:1\n");
	shell_expect(scratch, "--charset klingon --db $D $F/list", EXIT_USAGE, "",
		"zapper import: there is no character set 'klingon' (see 'zapper import "
		"--help')\n");
}

static void test_formats_are_checked(void **state)
{
	struct scratch *scratch = *state;
	static const char *const formats[] = {
		"auto", "m3u", "xspf", "sdp", "sds", "enigma2", "txt", "json", "csv", "xmltv"};
	SHELL_WRITE(scratch, "list", "");
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
		char *arguments = g_strdup_printf("--format %s --db $D $F/list", formats[i]);
		struct shell_output output = shell_import(scratch, NULL, arguments);
		assert_int_equal(output.code, EXIT_BAD_DATA);
		shell_output_clear(&output);
		g_free(arguments);
	}
}

static void test_networks_are_checked(void **state)
{
	struct scratch *scratch = *state;
	shell_expect(scratch, "--db $D sap:10.0.0.1", EXIT_USAGE, "",
		"sap:10.0.0.1: error: the group is not a multicast address\n" NOTHING);
	shell_expect(scratch, "--db $D sds:239.1.1.1:x", EXIT_USAGE, "",
		"sds:239.1.1.1:x: error: the port is not a number from 1 to 65535\n" NOTHING);
	shell_expect(scratch, "--listen=-1 --db $D sap:", EXIT_USAGE, "",
		"zapper import: --listen takes up to 86400 seconds (see 'zapper import --help')\n");
	shell_expect(scratch, "--membership smoke --db $D sap:", EXIT_USAGE, "",
		"zapper import: net.membership is one of auto|raw|kernel, not \"smoke\" (see "
		"'zapper import --help')\n");
	shell_expect(scratch, "--iface nope0 --db $D sap:", EXIT_FAILED, "",
		"sap:: error: interface nope0: there is no such interface\n" NOTHING);
}

/* ---- progress ---- */

static void test_progress_text(void **state)
{
	(void)state;
	char *text = import_progress_text("a.m3u", 1500000, 0, 7, 0);
	assert_string_equal(text, "a.m3u: 1.5 MB, 7 channels");
	g_free(text);
	text = import_progress_text("a.xml", 1500000, 20000000, 7, 1234);
	assert_string_equal(text, "a.xml: 1.5 of 20.0 MB, 7 channels, 1234 events");
	g_free(text);
}

/* So often is it fed, each 10 ms, before it counts as not shown. */
enum { PATIENCE = 2000 };

struct feeder {
	int fifo;
	int channels;
};

/* As slowly as a network may be, until that is shown. */
static void feed_until_shown(void *ctx, const char *seen)
{
	struct feeder *feeder = ctx;
	if (feeder->fifo < 0)
		return;
	if (strstr(seen, " channels") || feeder->channels == PATIENCE) {
		close(feeder->fifo);
		feeder->fifo = -1;
		return;
	}
	char *lines = g_strdup_printf("%s#EXTINF:-1,C%d\nrtp://239.1.1.1:%d\n",
		feeder->channels ? "" : "#EXTM3U\n", feeder->channels, feeder->channels + 1);
	feeder->channels++;
	assert_int_equal(write(feeder->fifo, lines, strlen(lines)), strlen(lines));
	g_free(lines);
}

static void test_progress_is_shown_on_a_terminal(void **state)
{
	struct scratch *scratch = *state;
	const char *path = scratch_path(scratch, "slow");
	assert_int_equal(mkfifo(path, 0600), 0);
	struct feeder feeder = {.fifo = open(path, O_RDWR | O_CLOEXEC)};
	char *seen =
		shell_import_on_terminal(scratch, "--db $D $F/slow", feed_until_shown, &feeder);
	assert_non_null(strstr(seen, "slow: 0.0 MB, "));
	/* And nothing of it stays. */
	assert_true(g_str_has_suffix(seen, "\r\033[K"));
	g_free(seen);
}

static void test_what_is_quick_shows_no_progress(void **state)
{
	struct scratch *scratch = *state;
	SHELL_WRITE(scratch, "list", ONE);
	char *seen = shell_import_on_terminal(scratch, "--db $D $F/list", NULL, NULL);
	assert_string_equal(seen, "");
	g_free(seen);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_compressed_lists),
		TEST(test_a_list_that_is_cut_short_is_refused),
		TEST(test_a_bomb_is_refused),
		TEST(test_an_archive_of_lists),
		TEST(test_diagnostics_name_the_file_in_the_archive),
		TEST(test_an_archive_twice),
		TEST(test_an_archive_without_a_list_is_refused),
		TEST(test_an_empty_archive_is_refused),
		TEST(test_an_archive_through_a_pipe),
		TEST(test_a_folder_of_bouquets),
		TEST(test_an_archive_of_bouquets),
		TEST(test_nothing_lies_beside_a_pipe),
		TEST(test_dry_run_shows_each_difference),
		TEST(test_what_is_said_stays_in_its_place),
		TEST(test_dry_run_on_an_empty_file),
		TEST(test_lists_and_a_guide_in_one_call),
		TEST(test_a_guide_alone),
		TEST(test_a_guide_waits_for_the_lists),
		TEST(test_a_guide_that_cannot_be_written),
		TEST(test_character_set),
		TEST(test_formats_are_checked),
		TEST(test_networks_are_checked),
		TEST(test_progress_text),
		TEST(test_progress_is_shown_on_a_terminal),
		TEST(test_what_is_quick_shows_no_progress),
	};
	return cmocka_run_group_tests_name("channels_import_command", tests, NULL, NULL);
}
