#include "channels/guide.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/test.h"
#include "tests/unit/channels/scratch.h"

#define NOON 1700000000
#define HOUR 3600

static const struct guide_subject one = {"one", "", ""};

static struct guide *open_in(struct scratch *scratch, enum guide_mode mode)
{
	char *path = guide_path_beside(scratch->db), *why = NULL;
	struct guide *guide = NULL;
	if (guide_open(path, mode, &guide, &why))
		fail_msg("%s", why);
	g_free(path);
	return guide;
}

static struct xmltv_event event_of(
	const char *channel, int64_t start, int64_t stop, const char *title)
{
	return (struct xmltv_event){.channel = channel,
		.start_utc_s = start,
		.stop_utc_s = stop,
		.title = title,
		.subtitle = "",
		.description = "",
		.category = "",
		.episode = "",
		.rating = ""};
}

static void put_event(
	struct guide *guide, const char *channel, int64_t start, int64_t stop, const char *title)
{
	const struct xmltv_event event = event_of(channel, start, stop, title);
	assert_int_equal(guide_put_event(guide, &event), 0);
}

static void put_channel(struct guide *guide, const char *id, const char *name, const char *other)
{
	const char *const names[] = {name, other, NULL};
	const struct xmltv_channel channel = {.id = id, .names = names, .icon = ""};
	assert_int_equal(guide_put_channel(guide, &channel), 0);
}

static int64_t find_subject(struct guide *guide, const struct guide_subject *subject)
{
	int64_t channel = -1;
	int result = guide_find(guide, subject, &channel);
	assert_true(!result || (result == -ENOENT && channel == -1));
	return channel;
}

static int64_t find(struct guide *guide, const char *guide_id, const char *name)
{
	const struct guide_subject subject = {guide_id, "", name};
	return find_subject(guide, &subject);
}

/* "now start-stop / next start-stop", in hours from noon. Freed with g_free(). */
static char *look(struct guide *guide, const char *id, int64_t at)
{
	struct guide_now found;
	GString *out = g_string_new(NULL);
	assert_int_equal(guide_now_next(guide, find(guide, id, ""), at, &found), 0);
	const struct guide_event *const events[] = {&found.now, &found.next};
	for (size_t i = 0; i < G_N_ELEMENTS(events); i++) {
		g_string_append(out, i ? " / " : "");
		if (events[i]->known)
			g_string_append_printf(out, "%s %.2f-%.2f", events[i]->title,
				(double)(events[i]->start_utc_s - NOON) / HOUR,
				(double)(events[i]->stop_utc_s - NOON) / HOUR);
		else
			g_string_append(out, "-");
	}
	return g_string_free(out, FALSE);
}

static void expect(struct guide *guide, const char *id, int64_t at, const char *expected)
{
	char *got = look(guide, id, at);
	assert_string_equal(got, expected);
	g_free(got);
}

static void test_now_and_next(void **state)
{
	struct guide *guide = open_in(*state, GUIDE_WRITE);
	assert_int_equal(guide_begin(guide), 0);
	put_event(guide, "one", NOON + 2 * HOUR, NOON + 3 * HOUR, "Third");
	put_event(guide, "one", NOON, NOON + HOUR, "First");
	put_event(guide, "one", NOON + HOUR, NOON + 2 * HOUR, "Second");
	put_event(guide, "two", NOON, NOON + HOUR, "Other");
	assert_int_equal(guide_end(guide, 0, 0), 0);
	expect(guide, "one", NOON - 1, "- / First 0.00-1.00");
	expect(guide, "one", NOON, "First 0.00-1.00 / Second 1.00-2.00");
	expect(guide, "one", NOON + HOUR - 1, "First 0.00-1.00 / Second 1.00-2.00");
	expect(guide, "one", NOON + HOUR, "Second 1.00-2.00 / Third 2.00-3.00");
	expect(guide, "one", NOON + 2 * HOUR, "Third 2.00-3.00 / -");
	expect(guide, "one", NOON + 3 * HOUR, "- / -");
	expect(guide, "two", NOON, "Other 0.00-1.00 / -");
	guide_close(guide);
}

/* Such lists hold starts only, or name a short event within a long one. */
static void test_ends_that_are_not_said(void **state)
{
	struct guide *guide = open_in(*state, GUIDE_WRITE);
	assert_int_equal(guide_begin(guide), 0);
	put_event(guide, "one", NOON, 0, "First");
	put_event(guide, "one", NOON + HOUR, 0, "Second");
	put_event(guide, "one", NOON + 24 * HOUR, 0, "Third");
	put_event(guide, "in", NOON, NOON + 2 * HOUR, "Long");
	put_event(guide, "in", NOON + HOUR / 4, NOON + HOUR / 2, "Short");
	assert_int_equal(guide_end(guide, 0, 0), 0);
	expect(guide, "one", NOON, "First 0.00-1.00 / Second 1.00-7.00");
	expect(guide, "one", NOON + 6 * HOUR, "Second 1.00-7.00 / Third 24.00-30.00");
	expect(guide, "one", NOON + 7 * HOUR, "- / Third 24.00-30.00");
	expect(guide, "one", NOON + 29 * HOUR, "Third 24.00-30.00 / -");
	expect(guide, "in", NOON + HOUR / 4, "Short 0.25-0.50 / -");
	expect(guide, "in", NOON + HOUR, "Long 0.00-2.00 / -");
	guide_close(guide);
}

static void test_all_that_is_said(void **state)
{
	struct guide *guide = open_in(*state, GUIDE_WRITE);
	struct guide_now found;
	struct xmltv_event event = event_of("one", NOON, NOON + HOUR, "Title");
	event.subtitle = "Subtitle";
	event.description = "Description";
	event.category = "Category";
	event.episode = "S1 E2";
	event.rating = "12";
	assert_int_equal(guide_begin(guide), 0);
	assert_int_equal(guide_put_event(guide, &event), 0);
	assert_int_equal(guide_end(guide, 0, 0), 0);
	assert_int_equal(guide_now_next(guide, find(guide, "one", ""), NOON, &found), 0);
	assert_string_equal(found.now.subtitle, "Subtitle");
	assert_string_equal(found.now.description, "Description");
	assert_string_equal(found.now.category, "Category");
	assert_string_equal(found.now.episode, "S1 E2");
	assert_string_equal(found.now.rating, "12");
	assert_false(found.next.known);
	assert_string_equal(found.next.title, "");
	guide_close(guide);
}

static void test_channels_are_found(void **state)
{
	struct guide *guide = open_in(*state, GUIDE_WRITE);
	assert_int_equal(guide_begin(guide), 0);
	put_channel(guide, "One.Example", "One HD",
		"\xc3\x89"
		"un");
	put_channel(guide, "two", "One.Example", "Two");
	put_channel(guide, "TWO", "Three", NULL);
	put_event(guide, "One.Example", NOON, 0, "x");
	put_event(guide, "two", NOON, 0, "x");
	put_event(guide, "TWO", NOON, 0, "x");
	assert_int_equal(guide_end(guide, 0, 0), 0);
	int64_t first = find(guide, "One.Example", ""), two = find(guide, "two", "");
	int64_t three = find(guide, "TWO", "");
	assert_true(first > 0 && two > 0 && three > 0 && first != two && two != three);
	/* An id goes before a name, in any case. */
	assert_int_equal(find(guide, "one.example", "Two"), first);
	/* As a display-name, with its underscores; then the name of the line-up. */
	assert_int_equal(find(guide, "ONE_hd", ""), first);
	assert_int_equal(find(guide, " one  HD ", ""), first);
	assert_int_equal(find(guide, "e\xcc\x81UN", ""), first);
	assert_int_equal(find(guide, "unknown", "two"), two);
	assert_int_equal(find(guide, "", "THREE"), three);
	assert_int_equal(find(guide, "", ""), -1);
	assert_int_equal(find(guide, "unknown", "unknown"), -1);
	guide_close(guide);
}

/* tvg-id, else tvg-name, else the name. */
static void test_what_guides_call_it_goes_before_its_name(void **state)
{
	static const struct guide_subject subjects[] = {
		{"", "A_HD", "B"}, {"unknown", "a hd", "B"}, {"unknown", "unknown", "A HD"}};
	static const struct guide_subject other = {"b.example", "A_HD", "A HD"};
	struct guide *guide = open_in(*state, GUIDE_WRITE);
	assert_int_equal(guide_begin(guide), 0);
	put_channel(guide, "a.example", "A HD", NULL);
	put_channel(guide, "b.example", "B", NULL);
	put_event(guide, "a.example", NOON, 0, "x");
	put_event(guide, "b.example", NOON, 0, "x");
	assert_int_equal(guide_end(guide, 0, 0), 0);
	for (size_t i = 0; i < G_N_ELEMENTS(subjects); i++)
		assert_int_equal(find_subject(guide, &subjects[i]), find(guide, "a.example", ""));
	assert_int_equal(find_subject(guide, &other), find(guide, "b.example", ""));
	guide_close(guide);
}

/* A channel's events are replaced; those that the new guide does not mention stay. */
static void test_the_next_import(void **state)
{
	struct guide *guide = open_in(*state, GUIDE_WRITE);
	assert_int_equal(guide_begin(guide), 0);
	put_channel(guide, "one", "Old", NULL);
	put_event(guide, "one", NOON, NOON + HOUR, "Old");
	put_event(guide, "one", NOON + HOUR, NOON + 2 * HOUR, "Gone");
	put_event(guide, "two", NOON, NOON + HOUR, "Kept");
	assert_int_equal(guide_end(guide, 0, 0), 0);
	int64_t channel = find(guide, "one", "");

	assert_int_equal(guide_begin(guide), 0);
	put_channel(guide, "one", "New", NULL);
	put_event(guide, "one", NOON, NOON + HOUR, "Twice");
	put_event(guide, "one", NOON, NOON + HOUR, "New");
	assert_int_equal(guide_end(guide, 0, 0), 0);
	expect(guide, "one", NOON, "New 0.00-1.00 / -");
	expect(guide, "two", NOON, "Kept 0.00-1.00 / -");
	assert_int_equal(find(guide, "new", ""), channel);
	assert_int_equal(find(guide, "old", ""), -1);
	guide_close(guide);
}

static void test_what_is_over_goes(void **state)
{
	struct guide *guide = open_in(*state, GUIDE_WRITE);
	assert_int_equal(guide_begin(guide), 0);
	put_event(guide, "one", NOON, NOON + HOUR, "Over");
	put_event(guide, "one", NOON + HOUR, NOON + 2 * HOUR, "On");
	put_event(guide, "two", NOON, NOON + HOUR, "Over");
	put_event(guide, "open", NOON, 0, "On, perhaps");
	put_channel(guide, "three", "Never was", NULL);
	assert_int_equal(guide_end(guide, 0, NOON + HOUR), 0);
	expect(guide, "one", NOON, "- / On 1.00-2.00");
	expect(guide, "open", NOON, "On, perhaps 0.00-6.00 / -");
	assert_int_equal(find(guide, "two", ""), -1);
	assert_int_equal(find(guide, "never was", ""), -1);
	guide_close(guide);
}

static void test_an_import_that_fails(void **state)
{
	struct guide *guide = open_in(*state, GUIDE_WRITE);
	assert_int_equal(guide_begin(guide), 0);
	put_event(guide, "one", NOON, NOON + HOUR, "Old");
	assert_int_equal(guide_end(guide, 0, 0), 0);
	assert_int_equal(guide_begin(guide), 0);
	put_event(guide, "one", NOON, NOON + HOUR, "New");
	put_event(guide, "two", NOON, NOON + HOUR, "New");
	assert_int_equal(guide_end(guide, -EILSEQ, 0), -EILSEQ);
	expect(guide, "one", NOON, "Old 0.00-1.00 / -");
	assert_int_equal(find(guide, "two", ""), -1);
	/* What was remembered of the channel "two" must not outlive it. */
	assert_int_equal(guide_begin(guide), 0);
	put_event(guide, "two", NOON, NOON + HOUR, "Again");
	assert_int_equal(guide_end(guide, 0, 0), 0);
	expect(guide, "two", NOON, "Again 0.00-1.00 / -");
	guide_close(guide);
}

/* Neither waits for the other, and readers see what was there until all of it is. */
static void test_reading_while_it_is_written(void **state)
{
	struct guide *writer = open_in(*state, GUIDE_WRITE);
	assert_int_equal(guide_begin(writer), 0);
	put_event(writer, "one", NOON, NOON + HOUR, "Old");
	assert_int_equal(guide_end(writer, 0, 0), 0);
	struct guide *reader = open_in(*state, GUIDE_READ);
	expect(reader, "one", NOON, "Old 0.00-1.00 / -");
	assert_int_equal(guide_begin(writer), 0);
	put_event(writer, "one", NOON, NOON + HOUR, "New");
	expect(reader, "one", NOON, "Old 0.00-1.00 / -");
	assert_int_equal(guide_end(writer, 0, 0), 0);
	expect(reader, "one", NOON, "New 0.00-1.00 / -");
	guide_close(reader);
	guide_close(writer);
}

/* The file's log does not stay as large as the guide. */
static void test_the_log_is_emptied(void **state)
{
	struct scratch *scratch = *state;
	struct guide *guide = open_in(scratch, GUIDE_WRITE);
	assert_int_equal(guide_begin(guide), 0);
	for (int i = 0; i < 1000; i++)
		put_event(guide, "one", NOON + i, NOON + HOUR, "x");
	assert_int_equal(guide_end(guide, 0, 0), 0);
	char *wal = NULL;
	gsize bytes = 1;
	assert_true(g_file_get_contents(scratch_path(scratch, "guide.db-wal"), &wal, &bytes, NULL));
	assert_int_equal(bytes, 0);
	g_free(wal);
	guide_close(guide);
}

static void expect_refused(const char *path, enum guide_mode mode, int error, const char *why)
{
	struct guide *guide = NULL;
	char *said = NULL;
	assert_int_equal(guide_open(path, mode, &guide, &said), error);
	assert_null(guide);
	assert_non_null(strstr(said, why));
	g_free(said);
}

static gpointer make_guide(gpointer path)
{
	struct guide *guide = NULL;
	char *why = NULL;
	int result = guide_open(path, GUIDE_WRITE, &guide, &why);
	guide_close(guide);
	g_free(why);
	return GINT_TO_POINTER(result);
}

/* As an import and what a stream says may do. */
static void test_two_make_a_guide_at_once(void **state)
{
	struct scratch *scratch = *state;
	for (int round = 0; round < 20; round++) {
		char *name = g_strdup_printf("guide-%d.db", round);
		const char *path = scratch_path(scratch, name);
		GThread *threads[4];
		for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
			threads[i] = g_thread_new("guide", make_guide, (gpointer)path);
		for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
			assert_int_equal(GPOINTER_TO_INT(g_thread_join(threads[i])), 0);
		g_free(name);
	}
}

/* A bit that fell over, in the middle of a letter. */
static void test_damaged_text_is_made_text_again(void **state)
{
	struct scratch *scratch = *state;
	struct guide *guide = open_in(scratch, GUIDE_WRITE);
	sqlite3 *db;
	assert_int_equal(guide_begin(guide), 0);
	put_event(guide, "one", NOON, NOON + HOUR, "Noon");
	assert_int_equal(guide_end(guide, 0, 0), 0);
	assert_int_equal(sqlite3_open(scratch_path(scratch, "guide.db"), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "UPDATE event SET title = CAST(x'4ef0' AS TEXT)", NULL,
				 NULL, NULL),
		SQLITE_OK);
	sqlite3_close(db);
	expect(guide, "one", NOON, "N\xef\xbf\xbd 0.00-1.00 / -");
	guide_close(guide);
}

/* As from a file system that nothing can be written to. */
static void test_a_folder_that_cannot_be_written(void **state)
{
	struct scratch *scratch = *state;
	struct guide *guide = open_in(scratch, GUIDE_WRITE);
	const char *path = scratch_path(scratch, "guide.db");
	assert_int_equal(guide_begin(guide), 0);
	put_event(guide, "one", NOON, NOON + HOUR, "News");
	assert_int_equal(guide_end(guide, 0, 0), 0);
	guide_close(guide);
	assert_int_equal(chmod(path, 0444), 0);
	assert_int_equal(chmod(scratch->folder, 0555), 0);
	if (!scratch_become_nobody())
		skip_because("root cannot become another user here");
	guide = open_in(scratch, GUIDE_READ);
	expect(guide, "one", NOON, "News 0.00-1.00 / -");
	guide_close(guide);
	expect_refused(path, GUIDE_WRITE, -EACCES, "Permission denied");
	scratch_become_root_again();
	assert_int_equal(chmod(scratch->folder, 0755), 0);
}

static void test_files_that_are_no_guides(void **state)
{
	struct scratch *scratch = *state;
	const char *path = scratch_path(scratch, "guide.db");
	expect_refused(path, GUIDE_READ, -ENOENT, "There is no guide");
	expect_refused(scratch->folder, GUIDE_WRITE, -EISDIR, "cannot be opened");
	assert_true(g_file_set_contents(path, "#EXTM3U and so on, and much more of it", -1, NULL));
	expect_refused(path, GUIDE_WRITE, -EILSEQ, "is not a guide");
	expect_refused(path, GUIDE_READ, -EILSEQ, "is not a guide");
	char *kept = NULL;
	assert_true(g_file_get_contents(path, &kept, NULL, NULL));
	assert_true(g_str_has_prefix(kept, "#EXTM3U"));
	g_free(kept);
	unlink(path);
	/* The line-up's own file is none, either. */
	assert_int_equal(scratch_import(scratch, "#EXTM3U\n#EXTINF:-1,A\nudp://239.1.1.1:1\n",
				 IMPORT_REPLACE),
		0);
	expect_refused(scratch->db, GUIDE_WRITE, -EILSEQ, "is not a guide");
}

static void test_a_newer_guide(void **state)
{
	struct scratch *scratch = *state;
	sqlite3 *db;
	guide_close(open_in(scratch, GUIDE_WRITE));
	const char *path = scratch_path(scratch, "guide.db");
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 99", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	expect_refused(path, GUIDE_WRITE, -EPROTONOSUPPORT, "newer zapper");
	expect_refused(path, GUIDE_READ, -EPROTONOSUPPORT, "newer zapper");
}

static struct guide_event streamed_event(int64_t start, int64_t stop, const char *title)
{
	return (struct guide_event){.known = true,
		.start_utc_s = start,
		.stop_utc_s = stop,
		.title = title,
		.subtitle = "",
		.description = "",
		.category = "",
		.episode = "",
		.rating = ""};
}

/* Present and following, each an hour. */
static void complete(struct guide *guide, const char *id, const char *name, int64_t start,
	const char *now, const char *next)
{
	const struct guide_event events[] = {streamed_event(start, start + HOUR, now),
		streamed_event(start + HOUR, start + 2 * HOUR, next)};
	const struct guide_subject subject = {id, "", name};
	assert_int_equal(guide_complete(guide, &subject, events, 2, NOON - 24 * HOUR), 0);
}

static void test_a_stream_completes_the_guide(void **state)
{
	struct guide *guide = open_in(*state, GUIDE_WRITE);
	complete(guide, "one", "One", NOON, "News", "Film");
	expect(guide, "one", NOON + 60, "News 0.00-1.00 / Film 1.00-2.00");
	/* The film begins earlier now, and there is one more. */
	complete(guide, "one", "One", NOON + HOUR - 600, "Long Film", "Sport");
	expect(guide, "one", NOON + HOUR, "Long Film 0.83-1.83 / Sport 1.83-2.83");
	expect(guide, "one", NOON + 60, "- / Long Film 0.83-1.83");
	/* Without an id of the line-up, by its name. */
	complete(guide, "", "Zwei", NOON, "Krimi", "Quiz");
	assert_true(find(guide, "", "Zwei") > 0);
	assert_int_equal(find(guide, "", "Drei"), -1);
	guide_close(guide);
}

/* Durations are rounded: what is on ends some seconds after the next one begins. */
static void test_what_a_stream_says_may_overlap(void **state)
{
	struct guide *guide = open_in(*state, GUIDE_WRITE);
	const struct guide_event overlapping[] = {streamed_event(NOON, NOON + HOUR + 36, "News"),
		streamed_event(NOON + HOUR, NOON + 2 * HOUR, "Film")};
	const struct guide_event at_once[] = {streamed_event(NOON, NOON + HOUR, "News"),
		streamed_event(NOON, NOON + 2 * HOUR, "Film")};
	assert_int_equal(guide_complete(guide, &one, overlapping, 2, 0), 0);
	expect(guide, "one", NOON + 60, "News 0.00-1.01 / Film 1.00-2.00");
	expect(guide, "one", NOON + HOUR, "Film 1.00-2.00 / -");
	assert_int_equal(guide_complete(guide, &one, at_once, 2, 0), 0);
	expect(guide, "one", NOON + 60, "Film 0.00-2.00 / -");
	guide_close(guide);
}

/* Neither what is on at that time by an import, nor one whose end it does not say. */
static void test_a_stream_replaces_nothing_of_an_import(void **state)
{
	struct guide *guide = open_in(*state, GUIDE_WRITE);
	assert_int_equal(guide_begin(guide), 0);
	put_channel(guide, "one.example", "One", NULL);
	put_event(guide, "one.example", NOON, NOON + HOUR, "News");
	put_event(guide, "one.example", NOON + 10 * HOUR, 0, "Open");
	assert_int_equal(guide_end(guide, 0, 0), 0);
	complete(guide, "", "One", NOON + 1800, "Wrong", "Film");
	int64_t channel = find(guide, "", "One");
	assert_int_equal(channel, find(guide, "one.example", ""));
	expect(guide, "one.example", NOON + 60, "News 0.00-1.00 / Film 1.50-2.50");
	complete(guide, "", "One", NOON + 11 * HOUR, "Wrong", "Wrong");
	expect(guide, "one.example", NOON + 11 * HOUR, "Open 10.00-16.00 / -");
	/* An import that knows better throws it out. */
	assert_int_equal(guide_begin(guide), 0);
	put_event(guide, "one.example", NOON, NOON + 2 * HOUR, "Gala");
	assert_int_equal(guide_end(guide, 0, 0), 0);
	expect(guide, "one.example", NOON + HOUR, "Gala 0.00-2.00 / -");
	guide_close(guide);
}

/* A channel that streams have told of does not stand before one that an import knows by its name.
 */
static void test_an_import_goes_before_what_streams_say(void **state)
{
	struct guide *guide = open_in(*state, GUIDE_WRITE);
	complete(guide, "one", "One", NOON, "News", "Film");
	assert_int_equal(guide_begin(guide), 0);
	put_channel(guide, "1.example", "ONE", NULL);
	put_event(guide, "1.example", NOON, NOON + HOUR, "Gala");
	assert_int_equal(guide_end(guide, 0, 0), 0);
	expect(guide, "one", NOON + 60, "Gala 0.00-1.00 / -");
	guide_close(guide);
}

static void test_what_streams_said_goes_when_it_is_over(void **state)
{
	struct guide *guide = open_in(*state, GUIDE_WRITE);
	struct guide_event event = streamed_event(NOON, NOON + HOUR, "Old");
	assert_int_equal(guide_complete(guide, &one, &event, 1, 0), 0);
	event = streamed_event(NOON + 48 * HOUR, NOON + 49 * HOUR, "New");
	assert_int_equal(guide_complete(guide, &one, &event, 1, NOON + HOUR), 0);
	expect(guide, "one", NOON + 60, "- / New 48.00-49.00");
	/* What says nothing of its time is passed over. */
	event = streamed_event(NOON, NOON, "Never");
	assert_int_equal(guide_complete(guide, &one, &event, 1, 0), 0);
	event.known = false;
	assert_int_equal(guide_complete(guide, &one, &event, 1, 0), 0);
	expect(guide, "one", NOON + 60, "- / New 48.00-49.00");
	guide_close(guide);
}

/* As the program wrote it before streams were listened to. */
static void make_older(struct scratch *scratch)
{
	char *path = guide_path_beside(scratch->db);
	sqlite3 *db;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(db, "ALTER TABLE event DROP COLUMN streamed; PRAGMA user_version = 1",
			NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(db);
	g_free(path);
}

static void test_an_older_guide(void **state)
{
	struct guide *guide = open_in(*state, GUIDE_WRITE);
	assert_int_equal(guide_begin(guide), 0);
	put_event(guide, "one", NOON, NOON + HOUR, "News");
	assert_int_equal(guide_end(guide, 0, 0), 0);
	guide_close(guide);
	make_older(*state);
	guide = open_in(*state, GUIDE_READ);
	expect(guide, "one", NOON + 60, "News 0.00-1.00 / -");
	guide_close(guide);
	guide = open_in(*state, GUIDE_WRITE);
	complete(guide, "one", "", NOON, "Wrong", "Film");
	expect(guide, "one", NOON + 60, "News 0.00-1.00 / Film 1.00-2.00");
	guide_close(guide);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		TEST(now_and_next),
		TEST(ends_that_are_not_said),
		TEST(all_that_is_said),
		TEST(channels_are_found),
		TEST(what_guides_call_it_goes_before_its_name),
		TEST(the_next_import),
		TEST(what_is_over_goes),
		TEST(an_import_that_fails),
		TEST(reading_while_it_is_written),
		TEST(the_log_is_emptied),
		TEST(two_make_a_guide_at_once),
		TEST(damaged_text_is_made_text_again),
		TEST(a_folder_that_cannot_be_written),
		TEST(files_that_are_no_guides),
		TEST(a_newer_guide),
		TEST(a_stream_completes_the_guide),
		TEST(what_a_stream_says_may_overlap),
		TEST(a_stream_replaces_nothing_of_an_import),
		TEST(an_import_goes_before_what_streams_say),
		TEST(what_streams_said_goes_when_it_is_over),
		TEST(an_older_guide),
	};
	return cmocka_run_group_tests_name("channels_guide", tests, NULL, NULL);
}
