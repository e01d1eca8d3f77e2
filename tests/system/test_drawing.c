/* What is drawn over the picture costs none of its pictures, and long lists scroll as they do. */
#include <string.h>

#include <glib.h>

#include "tests/system/support/couch.h"
#include "ui/paint.h"

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

enum { KEY_GAP_US = 50000, PICTURE_US = 40000, REST_US = 500000, LIMIT_MS = 5000 };

/* ---- what drawing costs the picture ---- */

enum { CLIP_PICTURES = 1600 };

static int64_t read_mark(void *ctx, const uint8_t *luma, int width, int height)
{
	struct mark mark;
	(void)ctx;
	return mark_read(luma, width, height, width, &mark) ? mark.frame : -1;
}

/* Of the pictures between the two sights, those that never were on the display. */
static unsigned count_missing(struct couch *couch, size_t from, size_t to)
{
	unsigned missing = 0;
	int64_t before = -1;
	for (size_t i = from; i < to; i++) {
		int64_t frame = eyes_at(couch->eyes, i).what;
		if (frame < 0)
			fail_msg("a picture without a mark");
		if (before >= 0)
			missing += (unsigned)((frame - before + CLIP_PICTURES) % CLIP_PICTURES) - 1;
		before = frame;
	}
	return missing;
}

static int64_t dropped(struct couch *couch)
{
	json_t *stats = player_ask(couch->stage->player, "stats", NULL);
	json_t *play = json_object_get(stats, "play");
	int64_t n = json_integer_value(json_object_get(play, "dropped"));
	json_decref(stats);
	return n;
}

/* Keys that change what is on the screen, and not the channel. */
static void draw_for(struct couch *couch, const char *const *cycle, unsigned keys)
{
	for (unsigned i = 0, n = g_strv_length((char **)cycle); i < keys; i++) {
		couch_key(couch, cycle[i % n]);
		g_usleep(KEY_GAP_US);
	}
	couch_await_answers(couch);
}

/* They come 25 a second, the first ones after a start more slowly. */
static void await_pictures(struct couch *couch, size_t more)
{
	size_t first = eyes_count(couch->eyes), count;
	uint64_t end_ns = lab_now_ns() + (2000 + 80 * more) * UINT64_C(1000000);
	while ((count = eyes_count(couch->eyes)) < first + more && lab_now_ns() < end_ns)
		g_usleep(2000);
	if (count < first + more)
		fail_msg("%zu of %zu pictures were seen", count - first, more);
}

struct shown {
	size_t seen;	 /* pictures on the display */
	int64_t dropped; /* as the player counts them */
};

static struct shown shown_so_far(struct couch *couch)
{
	return (struct shown){eyes_count(couch->eyes), dropped(couch)};
}

/*
 * What somebody else on a busy machine takes away is lost once; what drawing costs is lost each
 * time: one good one of so many will do.
 */
enum { ATTEMPTS = 3 };

/* Where pictures are lost without a key (`calm`), so many are none of ours. */
static bool lost_no_more(struct couch *couch, const struct shown at[3], unsigned keys)
{
	unsigned calm = count_missing(couch, at[0].seen, at[1].seen);
	unsigned drawing = count_missing(couch, at[1].seen, at[2].seen);
	int64_t dropped_calm = at[1].dropped - at[0].dropped;
	int64_t dropped_drawing = at[2].dropped - at[1].dropped;
	print_message("%u keys: %u pictures were not seen, %d were dropped; without keys %u and "
		      "%d\n",
		keys, drawing, (int)dropped_drawing, calm, (int)dropped_calm);
	assert_true(at[2].seen - at[1].seen > keys * KEY_GAP_US / PICTURE_US * 9 / 10);
	return drawing <= calm + keys / 200 && dropped_drawing <= dropped_calm + keys / 200;
}

/* Their marks are seen beside what is drawn; as long is looked at without a key, just before. */
static void drawing_beside_them_costs_no_picture(void **state)
{
	take_couch(couch, state);
	const char *const *cycle = WORDS("VOLUMEDOWN", "SLEEP", "VOLUMEUP", "MUTE", "MENU", "DOWN",
		"DOWN", "UP", "BACK", "MUTE");
	const struct mark_area area = mark_area(COUCH_WIDTH, COUCH_HEIGHT);
	const struct player_options options = {
		.channel = "1", .more = WORDS("-o", "screen.banner_s=0")};
	unsigned keys = 2 * couch_keys();
	bool good = false;
	couch_play(couch, &options, "playing");
	couch->eyes = eyes_open(&area, 1, read_mark, NULL);
	assert_non_null(couch->eyes);
	/* The first pictures are shown for longer, until they have met the sound. */
	await_pictures(couch, 75);
	for (int i = 0; i < ATTEMPTS && !good; i++) {
		struct shown at[3] = {shown_so_far(couch)};
		await_pictures(couch, keys * KEY_GAP_US / PICTURE_US);
		at[1] = shown_so_far(couch);
		draw_for(couch, cycle, keys);
		at[2] = shown_so_far(couch);
		good = lost_no_more(couch, at, keys);
	}
	assert_true(good);
	couch_quit(couch);
}

static int64_t pictures(struct couch *couch)
{
	json_t *stats = player_ask(couch->stage->player, "stats", NULL);
	json_t *play = json_object_get(stats, "play");
	int64_t n = json_integer_value(json_object_get(play, "pictures"));
	json_decref(stats);
	return n;
}

/* Of as many pictures as drawing takes; whether none of them was lost. */
static bool lost_none(struct couch *couch, const char *const *cycle, unsigned keys)
{
	int64_t pictures_first = pictures(couch), dropped_first = dropped(couch);
	uint64_t begun_ns = lab_now_ns();
	draw_for(couch, cycle, keys);
	double seconds = (double)(lab_now_ns() - begun_ns) / 1e9;
	int64_t came = pictures(couch) - pictures_first;
	int64_t lost = dropped(couch) - dropped_first;
	print_message("%u keys in %.1f s: %d pictures, %d dropped\n", keys, seconds, (int)came,
		(int)lost);
	return (double)came > 25 * seconds * 0.95 && lost <= keys / 200;
}

/* The largest panels cover the marks: the player counts. */
static void large_panels_cost_no_picture(void **state)
{
	take_couch(couch, state);
	const char *const *cycle = WORDS("INFO", "INFO", "OK", "DOWN", "DOWN", "PAGEDOWN", "BACK",
		"INFO", "EPG", "DOWN", "RIGHT", "EPG");
	const struct player_options options = {.channel = "1"};
	bool good = false;
	couch_play(couch, &options, "playing");
	int64_t first = pictures(couch);
	while (pictures(couch) < first + 75) /* until they have met the sound */
		g_usleep(20000);
	for (int i = 0; i < ATTEMPTS && !good; i++)
		good = lost_none(couch, cycle, 2 * couch_keys());
	assert_true(good);
	couch_quit(couch);
}

/* ---- a long list ---- */

enum { MANY = 5000, SCROLL_GAP_US = 30000, PICTURES_PER_S = 25 };

static char *import_many(struct couch *couch)
{
	g_autoptr(GString) m3u = g_string_new("#EXTM3U\n");
	for (int i = 1; i <= MANY; i++)
		g_string_append_printf(m3u,
			"#EXTINF:-1 tvg-chno=\"%d\" group-title=\"Bouquet %d\",Channel %d\n"
			"rtp://@239.2.%d.%d:5004\n",
			i, i % 20, i, i / 250, i % 250 + 1);
	return couch_import(couch, "many", m3u->str);
}

/* The left third of the list: numbers, logos and names move there. */
static struct mark_area list_area(void)
{
	struct ui_painter *painter = ui_painter_new(&(struct ui_painter_options){0});
	struct ui_view *view = g_new0(struct ui_view, 1);
	struct ui_image image = {0};
	view->list.visible = true;
	view->list.row_count = view->list.total = UI_LIST_ROWS;
	assert_int_equal(
		ui_paint_panel(painter, UI_PANEL_LIST, view, COUCH_WIDTH, COUCH_HEIGHT, &image), 0);
	int left = MAX(image.x, 0), top = MAX(image.y, 0);
	struct mark_area area = {
		left, top, image.width / 3, MIN(image.y + image.height, COUCH_HEIGHT) - top};
	ui_image_clear(&image);
	ui_painter_free(painter);
	g_free(view);
	return area;
}

static int64_t read_hash(void *ctx, const uint8_t *luma, int width, int height)
{
	const struct mark_area *area = ctx;
	uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
	(void)height;
	for (int y = 0; y < area->height; y++) {
		const uint8_t *row = luma + (long)(area->top + y) * width + area->left;
		for (int x = 0; x < area->width; x += 4) {
			uint32_t four;
			memcpy(&four, row + MIN(x, area->width - 4), sizeof four);
			hash = (hash ^ four) * UINT64_C(1099511628211);
		}
	}
	return (int64_t)(hash >> 1);
}

/* As fast as the kernel repeats a remote's keys. Behind the list nothing moves. */
static void a_list_of_5000_scrolls_at_frame_rate(void **state)
{
	take_couch(couch, state);
	g_autofree char *db = import_many(couch);
	const struct player_options options = {.channel = "1", .more = WORDS("--db", db)};
	couch->looked_at = list_area();
	unsigned keys = 3 * couch_keys();
	couch_play(couch, &options, "no-signal");
	couch_key(couch, "OK");
	couch_await_answers(couch);
	couch->eyes = eyes_open(&couch->looked_at, 1, read_hash, &couch->looked_at);
	assert_non_null(couch->eyes);
	size_t first = eyes_count(couch->eyes);
	uint64_t begun_ns = lab_now_ns();
	for (unsigned i = 0; i < keys; i++) {
		uint64_t pressed_ns = couch_key(couch, "DOWN");
		int64_t passed_us = (int64_t)(lab_now_ns() - pressed_ns) / 1000;
		g_usleep((gulong)MAX(SCROLL_GAP_US - passed_us, 0));
	}
	double seconds = (double)(lab_now_ns() - begun_ns) / 1e9;
	size_t seen = eyes_count(couch->eyes) - first;
	print_message("%u rows in %.2f s: %.1f pictures a second\n", keys, seconds,
		(double)seen / seconds);
	couch_drop_events(couch);
	couch_key(couch, "OK");
	json_t *tuned = player_event(couch->stage->player,
		json_pack("{s:s, s:i}", "event", "tuned", "channel", (int)keys + 1), LIMIT_MS);
	assert_non_null(tuned);
	json_decref(tuned);
	assert_true((double)seen / seconds >= PICTURES_PER_S);
	couch_quit(couch);
}

/* What is on its way to the display may still come; what repeats would never end. */
static bool comes_to_rest(struct couch *couch)
{
	uint64_t end_ns = lab_now_ns() + LIMIT_MS * UINT64_C(1000000);
	size_t before, now = eyes_count(couch->eyes);
	do {
		before = now;
		g_usleep(REST_US);
		now = eyes_count(couch->eyes);
	} while (now != before && lab_now_ns() < end_ns);
	return now == before;
}

/* A key that is held goes on, and stops when it is let go. */
static void a_key_that_is_held_repeats_until_it_is_let_go(void **state)
{
	take_couch(couch, state);
	g_autofree char *db = import_many(couch);
	const struct player_options options = {.channel = "1", .more = WORDS("--db", db)};
	couch->looked_at = list_area();
	couch_play(couch, &options, "no-signal");
	couch_key(couch, "OK");
	couch_await_answers(couch);
	couch->eyes = eyes_open(&couch->looked_at, 1, read_hash, &couch->looked_at);
	assert_non_null(couch->eyes);
	couch_move_key(couch, "DOWN", "press");
	await_pictures(couch, 30);
	couch_move_key(couch, "DOWN", "release");
	couch_await_answers(couch);
	assert_true(comes_to_rest(couch));
	couch_quit(couch);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		COUCH_TEST(drawing_beside_them_costs_no_picture),
		COUCH_TEST(large_panels_cost_no_picture),
		COUCH_TEST(a_list_of_5000_scrolls_at_frame_rate),
		COUCH_TEST(a_key_that_is_held_repeats_until_it_is_let_go),
	};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("system_drawing", tests, couch_open, couch_close);
}
