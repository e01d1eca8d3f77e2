/*
 * Each key is answered on the screen within 40 ms, whatever the tuner does, and none is lost: seen
 * by somebody who looks at an X display (couch_keys() says how many are pressed for each figure).
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

#define ANSWER_MS 40 /* of 95 in 100 keys */
#define STORM_GAP_US 50000
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

enum { CHANNELS = COUCH_CHANNELS, SEED = 7, LIMIT_MS = 2000 };

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
	couch_drop_events(couch);
	couch_begin_presses(couch, surfer->at);
	for (unsigned i = 0, keys = couch_keys(); i < keys; i++) {
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
	for (int i = 0, keys = (int)couch_keys(); i < keys; i++) {
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
	};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("system_keys", tests, couch_open, couch_close);
}
