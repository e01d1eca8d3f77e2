/*
 * Each key is answered on the screen within 40 ms, whatever the tuner does, and none is lost: seen
 * by somebody who looks at an X display. ZAPPER_KEYS is how many keys are pressed for each figure;
 * a short form of it otherwise.
 */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <libevdev/libevdev-uinput.h>
#include <libevdev/libevdev.h>
#include <linux/input.h>

#include "tests/system/support/couch.h"
#include "ui/paint.h"

#define ANSWER_MS 40 /* of 95 in 100 keys */
#define STORM_GAP_US 50000
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

enum { CHANNELS = COUCH_CHANNELS, SHORT_KEYS = 40, SEED = 7, LIMIT_MS = 2000 };

static unsigned wanted_keys(void)
{
	const char *wanted = g_getenv("ZAPPER_KEYS");
	guint64 keys;
	if (!wanted)
		return SHORT_KEYS;
	if (!g_ascii_string_to_unsigned(wanted, 10, 10, 100000, &keys, NULL))
		fail_msg("ZAPPER_KEYS is a number from 10 to 100000, not \"%s\"", wanted);
	return (unsigned)keys;
}

/* ---- who presses ---- */

/* A way to press keys: when it was pressed. */
typedef uint64_t press_fn(struct couch *couch, void *ctx, const char *key);

static uint64_t press_by_request(struct couch *couch, void *ctx, const char *key)
{
	(void)ctx;
	return couch_key(couch, key);
}

struct surfer {
	press_fn *press;
	void *ctx;
	int channels;  /* numbered from 1 */
	int at;	       /* the channel that is watched */
	bool is_storm; /* 20 keys a second; otherwise 2 to 6 */
	const char *name;
	guint tuned; /* so many presses have led to their channel */
};

/* Up and down, and numbers; never to where one is: nothing would have to change on the screen. */
static const char *choose_key(GRand *random, struct surfer *surfer)
{
	static const char *const numbers[] = {"1", "2", "3", "4", "5", "6", "7", "8", "9"};
	int to = g_rand_int_range(random, 1, surfer->channels + 1), n = surfer->channels;
	bool by_number = to != surfer->at && g_rand_int_range(random, 0, 3) == 0;
	bool is_up = g_rand_boolean(random);
	if (!by_number)
		to = is_up ? surfer->at % n + 1 : (surfer->at + n - 2) % n + 1;
	surfer->at = to;
	return by_number ? numbers[to - 1] : is_up ? "CHANNELUP" : "CHANNELDOWN";
}

/* The next press led to its channel, no other one was tuned; false: it has not come yet. */
static bool take_tuned(struct couch *couch, struct surfer *surfer, unsigned limit_ms)
{
	json_t *event =
		player_event(couch->stage->player, json_pack("{s:s}", "event", "tuned"), limit_ms);
	if (!event)
		return false;
	assert_true(surfer->tuned < couch->presses->len);
	int64_t to = g_array_index(couch->presses, struct couch_press, surfer->tuned).expected;
	int64_t tuned = json_integer_value(json_object_get(event, "channel"));
	if (tuned != to)
		fail_msg("key %u led to %d instead of %d", surfer->tuned + 1, (int)tuned, (int)to);
	surfer->tuned++;
	json_decref(event);
	return true;
}

/* Reads what is told meanwhile: who does not is cut off. */
static void pause_before_next(
	struct couch *couch, GRand *random, struct surfer *surfer, uint64_t pressed_ns)
{
	uint64_t gap_us = surfer->is_storm ? STORM_GAP_US
					   : (uint64_t)g_rand_int_range(random, 166667, 500000);
	uint64_t next_ns = pressed_ns + 1000 * gap_us, now_ns;
	while ((now_ns = lab_now_ns()) + 2000000 < next_ns)
		take_tuned(couch, surfer, (unsigned)((next_ns - now_ns) / 1000000 - 1));
	if (now_ns < next_ns)
		g_usleep((gulong)((next_ns - now_ns) / 1000));
}

static void expect_all_tuned(struct couch *couch, struct surfer *surfer)
{
	while (surfer->tuned < couch->presses->len)
		if (!take_tuned(couch, surfer, LIMIT_MS))
			fail_msg(
				"key %u of %u led nowhere", surfer->tuned + 1, couch->presses->len);
}

/* What came before the keys is not theirs. */
static void drop_events(struct couch *couch)
{
	json_decref(player_event(couch->stage->player, json_pack("{s:s}", "event", "none"), 20));
}

/* What was seen is printed, and 95 in 100 keys were answered in time. */
static void expect_answers(struct couch *couch, const char *name)
{
	g_autofree char *file = g_strdup_printf("keys-%s.txt", name);
	couch_await_answers(couch);
	struct figure figure = couch_answers(couch, name);
	figures_print("key to number on the display", &figure, 1, file);
	double p95_ms = figure_percentile(&figure, 95);
	figure_clear(&figure);
	if (!(p95_ms <= ANSWER_MS))
		fail_msg("%s: the 95th percentile is %.1f ms", name, p95_ms);
}

static void surf(struct couch *couch, struct surfer *surfer)
{
	GRand *random = g_rand_new_with_seed(SEED);
	drop_events(couch);
	couch_begin_presses(couch, surfer->at);
	for (unsigned i = 0, keys = wanted_keys(); i < keys; i++) {
		const char *key = choose_key(random, surfer);
		uint64_t pressed_ns = surfer->press(couch, surfer->ctx, key);
		couch_note_press(couch, pressed_ns, surfer->at);
		pause_before_next(couch, random, surfer, pressed_ns);
	}
	g_rand_free(random);
	expect_all_tuned(couch, surfer);
	expect_answers(couch, surfer->name);
}

/* ---- while pictures are awaited, and where there are none ---- */

/* Nothing is received ahead: nearly all of them come while a picture is waited for. */
static void keys_are_answered_in_a_cold_zaps_wait(void **state)
{
	take_couch(couch, state);
	const struct player_options options = {.channel = "1"};
	struct surfer surfer = {
		.press = press_by_request, .channels = CHANNELS, .at = 1, .name = "cold"};
	couch_play(couch, &options, "playing");
	surf(couch, &surfer);
	couch_quit(couch);
}

static void keys_are_answered_where_channels_are_received_ahead(void **state)
{
	take_couch(couch, state);
	const struct player_options options = {.channel = "1", .prejoin = "4"};
	struct surfer surfer = {
		.press = press_by_request, .channels = CHANNELS, .at = 1, .name = "ahead"};
	couch_play(couch, &options, "playing");
	surf(couch, &surfer);
	couch_quit(couch);
}

static void keys_are_answered_in_a_storm(void **state)
{
	take_couch(couch, state);
	const struct player_options options = {.channel = "1"};
	struct surfer surfer = {.press = press_by_request,
		.channels = CHANNELS,
		.at = 1,
		.is_storm = true,
		.name = "storm"};
	couch_play(couch, &options, "playing");
	surf(couch, &surfer);
	couch_quit(couch);
}

static void keys_are_answered_without_signal(void **state)
{
	take_couch(couch, state);
	const struct player_options options = {.channel = "1"};
	struct surfer surfer = {
		.press = press_by_request, .channels = CHANNELS, .at = 1, .name = "no-signal"};
	lab_headend(&couch->stage->lab, "stop all");
	couch_play(couch, &options, "no-signal");
	surf(couch, &surfer);
	couch_quit(couch);
}

/* ---- on radio ---- */

enum { RADIO_CHANNELS = 4 };

/* Four stations that send the same. */
static pid_t start_radio(struct couch *couch)
{
	const char *const argv[] = {"gst-launch-1.0", "-q", "audiotestsrc", "is-live=true", "!",
		"audio/x-raw,rate=48000,channels=2", "!", "audioconvert", "!", "avenc_aac", "!",
		"aacparse", "!", "mpegtsmux", "alignment=7", "!", "rtpmp2tpay", "!", "multiudpsink",
		"clients=239.1.1.101:5004,239.1.1.102:5004,239.1.1.103:5004,239.1.1.104:5004",
		"ttl-mc=8", NULL};
	g_autofree char *log = lab_path(&couch->stage->lab, "radio.log");
	return lab_spawn(&couch->stage->lab, "headend", argv, log, log);
}

static char *import_radio(struct couch *couch)
{
	g_autoptr(GString) m3u = g_string_new("#EXTM3U\n");
	for (int i = 1; i <= RADIO_CHANNELS; i++)
		g_string_append_printf(m3u,
			"#EXTINF:-1 tvg-chno=\"%d\" radio=\"true\",Radio %d\n"
			"rtp://@239.1.1.10%d:5004\n",
			i, i, i);
	return couch_import(couch, "radio", m3u->str);
}

static void keys_are_answered_on_radio(void **state)
{
	take_couch(couch, state);
	g_autofree char *db = import_radio(couch);
	const struct player_options options = {.channel = "1", .more = WORDS("--db", db)};
	struct surfer surfer = {
		.press = press_by_request, .channels = RADIO_CHANNELS, .at = 1, .name = "radio"};
	pid_t radio = start_radio(couch);
	couch_play(couch, &options, "playing");
	surf(couch, &surfer);
	couch_quit(couch);
	kill(radio, SIGTERM);
	lab_wait(radio, 5000);
}

/* ---- how loud it is ---- */

static void keys_of_the_volume_are_answered(void **state)
{
	take_couch(couch, state);
	const struct player_options options = {.channel = "1"};
	struct signs *signs = signs_new(COUCH_WIDTH, COUCH_HEIGHT);
	size_t count;
	signs_add_volume(signs);
	const struct mark_area *areas = signs_areas(signs, &count);
	couch_play(couch, &options, "playing");
	couch->eyes = eyes_open(areas, count, signs_read, signs);
	assert_non_null(couch->eyes);
	couch_begin_presses(couch, SIGNS_NONE);
	/* Down to silence, up to where it began, and so on. */
	for (int i = 0, keys = (int)wanted_keys(); i < keys; i++) {
		bool is_up = i / 20 % 2;
		int percent = is_up ? 5 * (i % 20 + 1) : 100 - 5 * (i % 20 + 1);
		uint64_t pressed_ns = couch_key(couch, is_up ? "VOLUMEUP" : "VOLUMEDOWN");
		couch_note_press(couch, pressed_ns, percent);
		g_usleep(STORM_GAP_US);
	}
	expect_answers(couch, "volume");
	couch_quit(couch);
	g_clear_pointer(&couch->eyes, eyes_close);
	signs_free(signs);
}

/* ---- other ways to press them ---- */

/* What a terminal sends for it. */
static uint64_t press_in_terminal(struct couch *couch, void *ctx, const char *key)
{
	const char *bytes = !strcmp(key, "CHANNELUP")	  ? "\x1b[5~"
			    : !strcmp(key, "CHANNELDOWN") ? "\x1b[6~"
							  : key;
	uint64_t now_ns = lab_now_ns();
	(void)couch;
	assert_int_equal(write(*(const int *)ctx, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
	return now_ns;
}

static void keys_of_a_terminal_are_answered(void **state)
{
	take_couch(couch, state);
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(master >= 0 && !grantpt(master) && !unlockpt(master));
	g_autofree char *shell =
		g_strdup_printf("exec setsid -c \"$0\" \"$@\" <%s", ptsname(master));
	const struct player_options options = {.channel = "1", .before = WORDS("sh", "-c", shell)};
	struct surfer surfer = {.press = press_in_terminal,
		.ctx = &master,
		.channels = CHANNELS,
		.at = 1,
		.name = "terminal"};
	couch_play(couch, &options, "playing");
	surf(couch, &surfer);
	couch_quit(couch);
	close(master);
}

#define NO_UINPUT "no /dev/uinput that makes devices here"
#define REMOTE "zapper system test remote"

static struct libevdev_uinput *plug_remote(void)
{
	struct libevdev_uinput *device = NULL;
	struct libevdev *wanted = libevdev_new();
	libevdev_set_name(wanted, REMOTE);
	for (unsigned int code = KEY_NUMERIC_0; code <= KEY_NUMERIC_9; code++)
		libevdev_enable_event_code(wanted, EV_KEY, code, NULL);
	libevdev_enable_event_code(wanted, EV_KEY, KEY_CHANNELUP, NULL);
	libevdev_enable_event_code(wanted, EV_KEY, KEY_CHANNELDOWN, NULL);
	if (libevdev_uinput_create_from_device(wanted, LIBEVDEV_UINPUT_OPEN_MANAGED, &device))
		device = NULL;
	libevdev_free(wanted);
	return device;
}

static uint64_t press_on_remote(struct couch *couch, void *ctx, const char *key)
{
	unsigned int code = !strcmp(key, "CHANNELUP")	  ? KEY_CHANNELUP
			    : !strcmp(key, "CHANNELDOWN") ? KEY_CHANNELDOWN
							  : KEY_NUMERIC_0 + (unsigned)(*key - '0');
	uint64_t now_ns = lab_now_ns();
	(void)couch;
	for (int value = 1; value >= 0; value--) {
		libevdev_uinput_write_event(ctx, EV_KEY, code, value);
		libevdev_uinput_write_event(ctx, EV_SYN, SYN_REPORT, 0);
	}
	return now_ns;
}

static void keys_of_a_real_remote_are_answered(void **state)
{
	take_couch(couch, state);
	struct libevdev_uinput *remote = plug_remote();
	if (!remote)
		skip_because(NO_UINPUT);
	const struct player_options options = {.channel = "1", .more = WORDS("--remote", REMOTE)};
	struct surfer surfer = {.press = press_on_remote,
		.ctx = remote,
		.channels = CHANNELS,
		.at = 1,
		.name = "evdev"};
	couch_play(couch, &options, "playing");
	surf(couch, &surfer);
	couch_quit(couch);
	libevdev_uinput_destroy(remote);
}

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
		g_usleep(STORM_GAP_US);
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

/* Where a busy machine loses pictures anyway (`calm`), so many are none of ours. */
static void expect_no_more(struct couch *couch, const struct shown at[3], unsigned keys)
{
	unsigned calm = count_missing(couch, at[0].seen, at[1].seen);
	unsigned drawing = count_missing(couch, at[1].seen, at[2].seen);
	int64_t dropped_calm = at[1].dropped - at[0].dropped;
	int64_t dropped_drawing = at[2].dropped - at[1].dropped;
	print_message("%u keys: %u pictures were not seen, %d were dropped; without keys %u and "
		      "%d\n",
		keys, drawing, (int)dropped_drawing, calm, (int)dropped_calm);
	assert_true(at[2].seen - at[1].seen > keys * STORM_GAP_US / 40000 * 9 / 10);
	assert_true(drawing <= calm + 1 + keys / 200);
	assert_true(dropped_drawing <= dropped_calm + 1 + keys / 200);
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
	unsigned keys = 2 * wanted_keys();
	struct shown at[3];
	couch_play(couch, &options, "playing");
	couch->eyes = eyes_open(&area, 1, read_mark, NULL);
	assert_non_null(couch->eyes);
	/* The first pictures are shown for longer, until they have met the sound. */
	await_pictures(couch, 75);
	at[0] = shown_so_far(couch);
	await_pictures(couch, keys * STORM_GAP_US / 40000);
	at[1] = shown_so_far(couch);
	draw_for(couch, cycle, keys);
	at[2] = shown_so_far(couch);
	expect_no_more(couch, at, keys);
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

/* The largest panels cover the marks: the player counts. */
static void large_panels_cost_no_picture(void **state)
{
	take_couch(couch, state);
	const char *const *cycle = WORDS("INFO", "INFO", "OK", "DOWN", "DOWN", "PAGEDOWN", "BACK",
		"INFO", "EPG", "DOWN", "RIGHT", "EPG");
	const struct player_options options = {.channel = "1"};
	unsigned keys = 2 * wanted_keys();
	couch_play(couch, &options, "playing");
	int64_t pictures_first = pictures(couch), dropped_first = dropped(couch);
	while (pictures(couch) < pictures_first + 75) /* until they have met the sound */
		g_usleep(20000);
	int64_t dropped_calm = dropped(couch) - dropped_first;
	uint64_t begun_ns = lab_now_ns();
	pictures_first = pictures(couch);
	draw_for(couch, cycle, keys);
	double seconds = (double)(lab_now_ns() - begun_ns) / 1e9;
	int64_t came = pictures(couch) - pictures_first;
	int64_t lost = dropped(couch) - dropped_first - dropped_calm;
	print_message("%u keys in %.1f s: %d pictures, %d dropped; %d before\n", keys, seconds,
		(int)came, (int)lost, (int)dropped_calm);
	assert_true((double)came > 25 * seconds * 0.95);
	assert_true(lost <= dropped_calm + 1 + keys / 200);
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
	struct mark_area area = list_area();
	unsigned keys = 3 * wanted_keys();
	couch_play(couch, &options, "no-signal");
	couch_key(couch, "OK");
	couch_await_answers(couch);
	couch->eyes = eyes_open(&area, 1, read_hash, &area);
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
	drop_events(couch);
	couch_key(couch, "OK");
	json_t *tuned = player_event(couch->stage->player,
		json_pack("{s:s, s:i}", "event", "tuned", "channel", (int)keys + 1), LIMIT_MS);
	assert_non_null(tuned);
	json_decref(tuned);
	assert_true((double)seen / seconds >= PICTURES_PER_S);
	couch_quit(couch);
}

/* A key that is held goes on, and stops when it is let go. */
static void a_key_that_is_held_repeats_until_it_is_let_go(void **state)
{
	take_couch(couch, state);
	g_autofree char *db = import_many(couch);
	const struct player_options options = {.channel = "1", .more = WORDS("--db", db)};
	struct mark_area area = list_area();
	couch_play(couch, &options, "no-signal");
	couch_key(couch, "OK");
	couch_await_answers(couch);
	couch->eyes = eyes_open(&area, 1, read_hash, &area);
	assert_non_null(couch->eyes);
	couch_move_key(couch, "DOWN", "press");
	await_pictures(couch, 30);
	couch_move_key(couch, "DOWN", "release");
	couch_await_answers(couch);
	g_usleep(100000); /* what is on its way to the display */
	size_t let_go = eyes_count(couch->eyes);
	g_usleep(500000); /* that nothing comes has to be waited for */
	assert_int_equal(eyes_count(couch->eyes), let_go);
	couch_quit(couch);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		COUCH_TEST(keys_are_answered_in_a_cold_zaps_wait),
		COUCH_TEST(keys_are_answered_where_channels_are_received_ahead),
		COUCH_TEST(keys_are_answered_in_a_storm),
		COUCH_TEST(keys_are_answered_without_signal),
		COUCH_TEST(keys_are_answered_on_radio),
		COUCH_TEST(keys_of_the_volume_are_answered),
		COUCH_TEST(keys_of_a_terminal_are_answered),
		COUCH_TEST(keys_of_a_real_remote_are_answered),
		COUCH_TEST(drawing_beside_them_costs_no_picture),
		COUCH_TEST(large_panels_cost_no_picture),
		COUCH_TEST(a_list_of_5000_scrolls_at_frame_rate),
		COUCH_TEST(a_key_that_is_held_repeats_until_it_is_let_go),
	};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("system_keys", tests, couch_open, couch_close);
}
