/*
 * Keys that nobody could press, and files that nobody should write: the screen stays right, and
 * what is wrong is said.
 */
#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <sqlite3.h>

#include "tests/system/support/couch.h"

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

enum { FLOOD = 10000, LIMIT_MS = 20000, MIB = 1024, GROWTH_MAX_KIB = 64 * MIB };

/* The number can be read on the display, and the picture is there. */
static void expect_number(struct couch *couch, int64_t number)
{
	couch_begin_presses(couch, number);
	g_clear_pointer(&couch->eyes, eyes_close);
}

static void expect_tuned(struct couch *couch, int channel)
{
	json_t *event = player_event(couch->stage->player,
		json_pack("{s:s, s:i}", "event", "tuned", "channel", channel), LIMIT_MS);
	if (!event)
		fail_msg("channel %d was not tuned", channel);
	json_decref(event);
}

/* Whatever is asked of it next is answered behind what was asked before. */
static void expect_on(struct couch *couch, int channel)
{
	json_t *status = player_ask(couch->stage->player, "status", NULL);
	assert_int_equal(json_integer_value(json_object_get(status, "channel")), channel);
	json_decref(status);
}

static long resident_kib(struct couch *couch)
{
	g_autofree char *path =
		g_strdup_printf("/proc/%d/status", (int)player_pid(couch->stage->player));
	g_autofree char *text = lab_read(path);
	const char *line = strstr(text, "VmRSS:");
	return line ? strtol(line + strlen("VmRSS:"), NULL, 10) : 0;
}

/* ---- too many ---- */

/* Who does not read so many events is cut off: it is asked. */
static void await_playing(struct couch *couch)
{
	uint64_t end_ns = lab_now_ns() + LIMIT_MS * UINT64_C(1000000);
	for (;;) {
		g_autofree char *state = player_status(couch->stage->player, "state");
		if (!strcmp(state, "playing"))
			return;
		if (lab_now_ns() > end_ns)
			fail_msg("the state is '%s'", state);
		g_usleep(20000);
	}
}

/* As fast as the socket takes them: each counts, and the last one is on the screen. */
static void ten_thousand_keys_at_once_are_taken(void **state)
{
	take_couch(couch, state);
	const struct player_options options = {.channel = "1"};
	couch_play(couch, &options, "playing");
	long before_kib = resident_kib(couch);
	uint64_t begun_ns = lab_now_ns();
	for (int i = 0; i < FLOOD + 2; i++)
		couch_key(couch, "CHANNELUP");
	couch_await_answers(couch);
	print_message("%d keys in %.2f s, %ld KiB more\n", FLOOD + 2,
		(double)(lab_now_ns() - begun_ns) / 1e9, resident_kib(couch) - before_kib);
	expect_on(couch, (FLOOD + 2) % COUCH_CHANNELS + 1);
	expect_number(couch, (FLOOD + 2) % COUCH_CHANNELS + 1);
	await_playing(couch);
	assert_in_range(MAX(resident_kib(couch) - before_kib, 0), 0, GROWTH_MAX_KIB);
	couch_quit(couch);
}

/* Codes that there are, without a meaning, and those that no key has. */
static void keys_without_a_meaning_change_nothing(void **state)
{
	take_couch(couch, state);
	const struct player_options options = {.channel = "1"};
	couch_play(couch, &options, "playing");
	for (unsigned code = 0x2c0; code < 0x2ff; code++) { /* a game pad's, and none */
		g_autofree char *name = g_strdup_printf("0x%x", code);
		couch_key(couch, name);
	}
	couch_move_key(couch, "KEY_PRINT", "press");
	couch_move_key(couch, "KEY_PRINT", "release");
	couch_move_key(couch, "UP", "release"); /* that was never down */
	couch_move_key(couch, "UP", "sideways");
	couch_key(couch, "NOT_A_KEY");
	couch_await_answers(couch);
	expect_on(couch, 1);
	expect_number(couch, 1);
	couch_key(couch, "UP");
	expect_tuned(couch, 2);
	couch_quit(couch);
}

/* Who held it is gone: it is let go by itself, and until then does not hinder other keys. */
static void a_key_that_nobody_lets_go_stops_others_not(void **state)
{
	take_couch(couch, state);
	const struct player_options options = {.channel = "1"};
	couch_play(couch, &options, "playing");
	couch_move_key(couch, "VOLUMEDOWN", "press");
	couch_await_answers(couch);
	close(couch->keys);
	couch->keys = player_connect(player_socket(couch->stage->player));
	couch->sent = couch->answered = 0;
	couch_key(couch, "3");
	expect_tuned(couch, 3);
	expect_number(couch, 3);
	couch_quit(couch);
}

/* ---- files ---- */

/* A file of the test's folder; its path is freed with g_free(). */
static char *write_file(struct couch *couch, const char *name, const char *text)
{
	char *path = lab_path(&couch->stage->lab, name);
	assert_true(g_file_set_contents(path, text, -1, NULL));
	return path;
}

/* In characters of two bytes. */
static char *long_name(size_t characters)
{
	GString *name = g_string_new(NULL);
	for (size_t i = 0; i < characters; i++)
		g_string_append(name, i % 9 == 8 ? " " : "Ж");
	return g_string_free(name, FALSE);
}

static void names_of_1000_characters_leave_the_number_readable(void **state)
{
	take_couch(couch, state);
	g_autofree char *name = long_name(1000);
	g_autofree char *m3u = g_strdup_printf("#EXTM3U\n"
					       "#EXTINF:-1 tvg-chno=\"1\" group-title=\"%s\",%s\n"
					       "rtp://@239.1.1.1:5004\n"
					       "#EXTINF:-1 tvg-chno=\"2\",B\n"
					       "rtp://10.0.1.10@232.1.1.2:5004\n",
		name, name);
	g_autofree char *db = couch_import(couch, "long", m3u);
	const struct player_options options = {.channel = "1", .more = WORDS("--db", db)};
	couch_play(couch, &options, "playing");
	expect_number(couch, 1);
	for (int i = 0; i < 20; i++) /* each of the screens that a name stands on */
		couch_key(couch, i % 4 == 0 ? "OK" : i % 4 == 2 ? "EPG" : "BACK");
	couch_key(couch, "2");
	expect_tuned(couch, 2);
	expect_number(couch, 2);
	couch_quit(couch);
}

static void broken_logos_are_said_and_harm_nothing(void **state)
{
	take_couch(couch, state);
	g_autofree char *broken = write_file(couch, "broken.png", "\x89PNG\r\n\x1a\nno picture");
	g_autofree char *m3u = g_strdup_printf(
		"#EXTM3U\n#EXTINF:-1 tvg-chno=\"1\" tvg-logo=\"%s\",A\nrtp://@239.1.1.1:5004\n"
		"#EXTINF:-1 tvg-chno=\"2\" tvg-logo=\"/nowhere/b.png\",B\n"
		"rtp://10.0.1.10@232.1.1.2:5004\n",
		broken);
	g_autofree char *db = couch_import(couch, "logos", m3u);
	const struct player_options options = {.channel = "1", .more = WORDS("--db", db)};
	couch_play(couch, &options, "playing");
	player_await_error(couch->stage->player, "broken.png");
	expect_number(couch, 1);
	couch_key(couch, "2");
	expect_number(couch, 2);
	player_await_error(couch->stage->player, "/nowhere/b.png");
	couch_quit(couch);
}

/* Nothing can be written on the screen; the picture is there all the same. */
static void without_fonts_there_are_pictures_and_a_sentence(void **state)
{
	take_couch(couch, state);
	g_autofree char *none = write_file(couch, "fonts.conf",
		"<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig/>\n");
	g_autofree char *assignment = g_strconcat("FONTCONFIG_FILE=", none, NULL);
	const struct player_options options = {.channel = "1", .before = WORDS("env", assignment)};
	couch_play(couch, &options, "playing");
	player_await_error(couch->stage->player, "font");
	couch_key(couch, "OK");
	couch_key(couch, "BACK");
	couch_key(couch, "2");
	expect_tuned(couch, 2);
	player_await_state(couch->stage->player, "playing", COUCH_PICTURE_LIMIT_MS);
	couch_quit(couch);
}

static void errors_of_a_theme_are_said_and_cost_their_lines_only(void **state)
{
	take_couch(couch, state);
	g_autofree char *theme = write_file(couch, "theme",
		"[colours]\naccent = rather red\ntext = #000\n[sizes]\ntext = large\n[what]\n");
	g_autofree char *assignment = g_strconcat("screen.theme=", theme, NULL);
	g_autofree char *second = g_strconcat(theme, ":2: warning: ", NULL);
	g_autofree char *fifth = g_strconcat(theme, ":5: warning: ", NULL);
	const struct player_options options = {.channel = "1", .more = WORDS("-o", assignment)};
	couch_play(couch, &options, "playing");
	player_await_error(couch->stage->player, second);
	player_await_error(couch->stage->player, fifth);
	expect_number(couch, 1);
	couch_quit(couch);
}

static void errors_of_a_keymap_are_said_and_cost_their_lines_only(void **state)
{
	take_couch(couch, state);
	g_autofree char *map = write_file(couch, "keymap",
		"[keymap]\nKEY_NONSENSE=up\nKEY_BLUE=explode\nKEY_GREEN=channel-up\n");
	g_autofree char *assignment = g_strconcat("keys.map=", map, NULL);
	g_autofree char *second = g_strconcat(map, ":2: error: ", NULL);
	g_autofree char *third = g_strconcat(map, ":3: error: ", NULL);
	const struct player_options options = {.channel = "1", .more = WORDS("-o", assignment)};
	couch_play(couch, &options, "playing");
	player_await_error(couch->stage->player, second);
	player_await_error(couch->stage->player, third);
	couch_key(couch, "GREEN");
	expect_tuned(couch, 2);
	expect_number(couch, 2);
	couch_quit(couch);
}

static void files_and_remotes_that_are_not_there_are_said(void **state)
{
	take_couch(couch, state);
	const struct player_options options = {.channel = "1",
		.more = WORDS("-o", "screen.theme=/nowhere/theme", "-o", "keys.map=/nowhere/map",
			"--remote", "/nowhere/event0")};
	couch_play(couch, &options, "playing");
	player_await_error(couch->stage->player, "/nowhere/theme");
	player_await_error(couch->stage->player, "/nowhere/map");
	player_await_error(couch->stage->player,
		"there is no input device \"/nowhere/event0\"; it is waited for");
	couch_key(couch, "2");
	expect_tuned(couch, 2);
	expect_number(couch, 2);
	couch_quit(couch);
}

/* ---- a wrong PIN ---- */

/* The lab's channels 1 and 2, of which the second is locked. */
static char *import_locked(struct couch *couch)
{
	char *db = couch_import(couch, "locked",
		"#EXTM3U\n#EXTINF:-1 tvg-chno=\"1\",A\nrtp://@239.1.1.1:5004\n"
		"#EXTINF:-1 tvg-chno=\"2\",B\nrtp://10.0.1.10@232.1.1.2:5004\n");
	sqlite3 *file;
	assert_int_equal(sqlite3_open(db, &file), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(file,
			"INSERT OR IGNORE INTO lock SELECT id FROM channel WHERE number = 2", NULL,
			NULL, NULL),
		SQLITE_OK);
	sqlite3_close(file);
	return db;
}

static void type(struct couch *couch, const char *digits)
{
	for (; *digits; digits++)
		couch_key(couch, (const char[]){*digits, '\0'});
}

static int64_t is_marked(void *ctx, const uint8_t *luma, int width, int height)
{
	struct mark mark;
	(void)ctx;
	return mark_read(luma, width, height, width, &mark) ? mark.channel : 0;
}

/* Before the locked one: its picture does not come, nor does the other one's stay. */
static void go_to_the_locked_one(struct couch *couch, const char *db)
{
	const struct player_options options = {.channel = "1",
		.more = WORDS("--db", db, "-o", "screen.pin=1234", "-o", "screen.banner_s=0")};
	const struct mark_area area = mark_area(COUCH_WIDTH, COUCH_HEIGHT);
	couch_play(couch, &options, "playing");
	couch->eyes = eyes_open(&area, 1, is_marked, NULL);
	size_t index = 0;
	assert_true(eyes_await(couch->eyes, &index, COUCH_PICTURE_LIMIT_MS, 1));
	couch_key(couch, "2");
	index = eyes_count(couch->eyes) - 1;
	assert_true(eyes_await(couch->eyes, &index, LIMIT_MS, 0));
}

static void a_wrong_pin_may_be_followed_by_the_right_one(void **state)
{
	take_couch(couch, state);
	g_autofree char *db = import_locked(couch);
	go_to_the_locked_one(couch, db);
	for (int i = 0; i < 4; i++)
		type(couch, "4321");
	couch_await_answers(couch);
	type(couch, "1234");
	expect_tuned(couch, 2);
	size_t index = eyes_count(couch->eyes) - 1;
	assert_true(eyes_await(couch->eyes, &index, COUCH_PICTURE_LIMIT_MS, 2));
	couch_quit(couch);
}

static void five_wrong_pins_have_to_wait(void **state)
{
	take_couch(couch, state);
	g_autofree char *db = import_locked(couch);
	go_to_the_locked_one(couch, db);
	for (int i = 0; i < 5; i++)
		type(couch, "4321");
	type(couch, "1234");
	couch_await_answers(couch);
	json_t *event = player_event(
		couch->stage->player, json_pack("{s:s, s:i}", "event", "tuned", "channel", 2), 500);
	assert_null(event);
	/* Other channels are not locked. */
	couch_key(couch, "BACK");
	couch_key(couch, "1");
	expect_tuned(couch, 1);
	size_t index = eyes_count(couch->eyes) - 1;
	assert_true(eyes_await(couch->eyes, &index, COUCH_PICTURE_LIMIT_MS, 1));
	couch_quit(couch);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		COUCH_TEST(keys_without_a_meaning_change_nothing),
		COUCH_TEST(a_key_that_nobody_lets_go_stops_others_not),
		COUCH_TEST(names_of_1000_characters_leave_the_number_readable),
		COUCH_TEST(broken_logos_are_said_and_harm_nothing),
		COUCH_TEST(without_fonts_there_are_pictures_and_a_sentence),
		COUCH_TEST(errors_of_a_theme_are_said_and_cost_their_lines_only),
		COUCH_TEST(errors_of_a_keymap_are_said_and_cost_their_lines_only),
		COUCH_TEST(files_and_remotes_that_are_not_there_are_said),
		COUCH_TEST(a_wrong_pin_may_be_followed_by_the_right_one),
		COUCH_TEST(five_wrong_pins_have_to_wait),
		/* The last one: the router is busy with it for a while. */
		COUCH_TEST(ten_thousand_keys_at_once_are_taken),
	};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("system_keys_bad", tests, couch_open, couch_close);
}
