/* The guide in memory: what is looked at is there soon, and nobody waits for it. */
#include "client/app/guide_store.h"

#include <glib/gstdio.h>
#include <string.h>

#include "channels/guide.h"
#include "tests/support/test.h"

#define DAY_S INT64_C(86400)
#define NOON_S (20000 * DAY_S + 12 * 3600) /* of some day */
#define CHANNELS 40

struct fixture {
	char *folder, *db, *path;
	struct channel_list list;
	struct channel channels[CHANNELS];
	char *names[CHANNELS];
	uv_loop_t loop;
	struct guide_store *store;
	uint64_t again_ms;
	unsigned told;
};

static void on_ready(void *ctx)
{
	((struct fixture *)ctx)->told++;
}

static void open_store(struct fixture *f)
{
	const struct guide_store_options options = {
		.lineup_path = f->db, .again_ms = f->again_ms, .ready = on_ready, .ctx = f};
	f->store = guide_store_open(&f->loop, &options);
}

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	f->folder = g_dir_make_tmp("guide-XXXXXX", NULL);
	f->db = g_build_filename(f->folder, "lineup.db", NULL);
	f->path = guide_path_beside(f->db);
	for (int i = 0; i < CHANNELS; i++) {
		f->names[i] = g_strdup_printf("c%d", i);
		f->channels[i] = (struct channel){.id = 100 + i,
			.guide_id = f->names[i],
			.guide_name = "",
			.name = f->names[i]};
	}
	f->list = (struct channel_list){.count = CHANNELS, .channels = f->channels};
	f->again_ms = 600000;
	uv_loop_init(&f->loop);
	open_store(f);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	guide_store_close(f->store);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	int left = uv_loop_close(&f->loop);
	GDir *dir = g_dir_open(f->folder, 0, NULL);
	const char *name;
	while ((name = g_dir_read_name(dir))) {
		char *path = g_build_filename(f->folder, name, NULL);
		g_unlink(path);
		g_free(path);
	}
	g_dir_close(dir);
	g_rmdir(f->folder);
	for (int i = 0; i < CHANNELS; i++)
		g_free(f->names[i]);
	g_free(f->path);
	g_free(f->db);
	g_free(f->folder);
	g_free(f);
	return left;
}

/* Of each channel: events of an hour from noon on, six of them, then nothing until noon again. */
static void write_guide(struct fixture *f)
{
	struct guide *guide;
	char *why = NULL;
	assert_int_equal(guide_open(f->path, GUIDE_WRITE, &guide, &why), 0);
	assert_int_equal(guide_begin(guide), 0);
	for (int i = 0; i < CHANNELS; i++) {
		const char *names[] = {f->names[i], NULL};
		const struct xmltv_channel channel = {
			.id = f->names[i], .names = names, .icon = ""};
		assert_int_equal(guide_put_channel(guide, &channel), 0);
		for (int j = 0; j < 12; j++) {
			int64_t start_s = NOON_S + j / 6 * DAY_S + j % 6 * 3600;
			char title[32];
			g_snprintf(title, sizeof title, "%s: %d", f->names[i], j);
			const struct xmltv_event event = {.channel = f->names[i],
				.start_utc_s = start_s,
				.stop_utc_s = start_s + 3600,
				.title = title,
				.subtitle = "",
				.description = "what it is about",
				.category = "",
				.episode = "",
				.rating = ""};
			assert_int_equal(guide_put_event(guide, &event), 0);
		}
	}
	assert_int_equal(guide_end(guide, 0, 0), 0);
	guide_close(guide);
}

static const struct guide_event *find(struct fixture *f, size_t channel, int64_t time_s)
{
	return guide_store_find(f->store, &f->list, channel, time_s);
}

/* As somebody who draws, and draws again when it is there. */
static const struct guide_event *look(struct fixture *f, size_t channel, int64_t time_s)
{
	find(f, channel, time_s);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	find(f, channel, time_s); /* on the next day */
	uv_run(&f->loop, UV_RUN_DEFAULT);
	return find(f, channel, time_s);
}

static void test_what_is_on_and_what_comes(void **state)
{
	struct fixture *f = *state;
	write_guide(f);
	assert_null(find(f, 3, NOON_S)); /* nobody waits */
	uv_run(&f->loop, UV_RUN_DEFAULT);
	assert_int_equal(f->told, 1);
	const struct guide_event *event = find(f, 3, NOON_S);
	assert_non_null(event);
	assert_string_equal(event->title, "c3: 0");
	assert_string_equal(event->description, "what it is about");
	assert_int_equal(event->start_utc_s, NOON_S);
	assert_string_equal(find(f, 3, NOON_S + 3599)->title, "c3: 0");
	assert_string_equal(find(f, 3, NOON_S + 3600)->title, "c3: 1");
	assert_string_equal(look(f, 3, NOON_S - 3600)->title, "c3: 0");	    /* begins later */
	assert_string_equal(look(f, 3, NOON_S + 6 * 3600)->title, "c3: 6"); /* tomorrow */
	assert_null(look(f, 3, NOON_S + 5 * DAY_S));
}

/* Who pages on finds it there. */
static void test_neighbours_come_along(void **state)
{
	struct fixture *f = *state;
	write_guide(f);
	look(f, 10, NOON_S);
	unsigned told = f->told;
	assert_string_equal(find(f, 11, NOON_S)->title, "c11: 0");
	assert_string_equal(find(f, 18, NOON_S)->title, "c18: 0");
	assert_string_equal(find(f, 2, NOON_S)->title, "c2: 0");
	assert_null(find(f, 30, NOON_S));
	uv_run(&f->loop, UV_RUN_DEFAULT);
	assert_int_equal(f->told, told + 1);
}

static void test_a_whole_page_at_once(void **state)
{
	struct fixture *f = *state;
	write_guide(f);
	for (size_t i = 0; i < CHANNELS; i++)
		find(f, i, NOON_S);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	for (size_t i = 0; i < CHANNELS; i++) {
		char title[32];
		g_snprintf(title, sizeof title, "c%zu: 0", i);
		assert_string_equal(find(f, i, NOON_S)->title, title);
	}
	assert_in_range(f->told, 1, 4);
}

/* A viewer who looks at days on end of all channels does not fill the memory, and still sees. */
static void test_it_is_bounded(void **state)
{
	struct fixture *f = *state;
	write_guide(f);
	for (int day = 0; day < 40; day++) {
		for (size_t i = 0; i < CHANNELS; i++)
			find(f, i, NOON_S + day * DAY_S);
		uv_run(&f->loop, UV_RUN_DEFAULT);
	}
	assert_null(find(f, 3, NOON_S)); /* gone: it was looked at longest ago */
	assert_string_equal(look(f, 3, NOON_S)->title, "c3: 0");
}

static unsigned count_known(struct fixture *f, int64_t time_s)
{
	unsigned known = 0;
	for (size_t i = 0; i < CHANNELS; i++)
		known += find(f, i, time_s) != NULL;
	return known;
}

/* Who pages faster than can be read gets what he looked at last, and the rest when he looks again.
 */
static void test_what_is_asked_for_is_bounded(void **state)
{
	struct fixture *f = *state;
	write_guide(f);
	for (int day = 1; day >= -2; day--)
		count_known(f, NOON_S + day * DAY_S);
	count_known(f, NOON_S);
	for (int day = 30; day < 34; day++)
		count_known(f, NOON_S + day * DAY_S);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	assert_in_range(count_known(f, NOON_S), 0, CHANNELS - 1);
	for (int i = 0; i < 4; i++) {
		count_known(f, NOON_S);
		uv_run(&f->loop, UV_RUN_DEFAULT);
	}
	assert_int_equal(count_known(f, NOON_S), CHANNELS);
}

/* Also what is being read just then. */
static void test_another_line_up_has_other_channels(void **state)
{
	struct fixture *f = *state;
	write_guide(f);
	assert_string_equal(look(f, 3, NOON_S)->title, "c3: 0");
	assert_null(find(f, 30, NOON_S)); /* is read from now on */
	assert_null(find(f, 3, NOON_S + 30 * DAY_S));
	f->channels[3].guide_id = f->channels[30].guide_id = "c7";
	guide_store_forget(f->store);
	assert_null(find(f, 3, NOON_S));
	assert_null(find(f, 30, NOON_S));
	assert_string_equal(look(f, 3, NOON_S)->title, "c7: 0");
	assert_string_equal(look(f, 30, NOON_S)->title, "c7: 0");
}

/* An import has come meanwhile. */
static void test_what_is_known_is_read_again(void **state)
{
	struct fixture *f = *state;
	guide_store_close(f->store);
	f->again_ms = 0;
	open_store(f);
	assert_null(look(f, 3, NOON_S));
	write_guide(f);
	assert_string_equal(look(f, 3, NOON_S)->title, "c3: 0");
}

static void test_without_a_guide(void **state)
{
	struct fixture *f = *state;
	assert_null(look(f, 0, NOON_S));
	unsigned told = f->told;
	for (int i = 0; i < 10; i++)
		assert_null(look(f, 0, NOON_S));
	assert_int_equal(f->told, told); /* that there is none is known, too */
}

static void test_an_end_while_it_is_read(void **state)
{
	struct fixture *f = *state;
	write_guide(f);
	assert_null(find(f, 0, NOON_S));
	guide_store_close(f->store);
	f->store = NULL;
	uv_run(&f->loop, UV_RUN_DEFAULT);
	assert_int_equal(f->told, 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_what_is_on_and_what_comes),
		TEST(test_neighbours_come_along),
		TEST(test_a_whole_page_at_once),
		TEST(test_it_is_bounded),
		TEST(test_what_is_asked_for_is_bounded),
		TEST(test_another_line_up_has_other_channels),
		TEST(test_what_is_known_is_read_again),
		TEST(test_without_a_guide),
		TEST(test_an_end_while_it_is_read),
	};
	return cmocka_run_group_tests_name("client_guide_store", tests, NULL, NULL);
}
