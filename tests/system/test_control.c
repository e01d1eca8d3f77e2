/* The control socket under bad and hasty clients: the player lives, and answers the next one. */
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib.h>

#include "tests/system/support/stage.h"

enum { PICTURE_LIMIT_MS = 6000, ANSWER_LIMIT_MS = 5000, BURST = 30, LONG_LINE_BYTES = 100000 };

static void start(struct stage *stage, int channel)
{
	size_t index = 0;
	stage_play(stage, channel);
	stage_await_whole(stage, channel, &index, PICTURE_LIMIT_MS);
}

/* Sends what may be cut off meanwhile; the connection, to be closed. */
static int send_bytes(struct stage *stage, const char *bytes, size_t len)
{
	int fd = player_connect(player_socket(stage->player));
	assert_true(fd >= 0);
	for (size_t sent = 0; sent < len;) {
		ssize_t now = send(fd, bytes + sent, len - sent, MSG_NOSIGNAL);
		if (now < 0)
			break;
		sent += (size_t)now;
	}
	return fd;
}

/* The answer must say that it is none of ours: a sentence in "error". */
static void expect_error(struct stage *stage, const char *line, const char *part)
{
	int fd = send_bytes(stage, line, strlen(line));
	g_autofree char *text = player_read_line(fd, ANSWER_LIMIT_MS);
	close(fd);
	if (!text)
		fail_msg("no answer to %s", line);
	json_t *answer = json_loads(text, 0, NULL);
	const char *error = json_string_value(json_object_get(answer, "error"));
	assert_true(json_is_false(json_object_get(answer, "ok")));
	if (!error || !strstr(error, part))
		fail_msg("%s was answered: %s", line, text);
	json_decref(answer);
}

static void expect_alive(struct stage *stage, int channel)
{
	size_t index = screen_count(stage->screen);
	g_autofree char *now = player_status(stage->player, "state");
	assert_string_equal(now, "playing");
	stage_await_whole(stage, channel, &index, PICTURE_LIMIT_MS);
}

static void requests_that_make_no_sense_are_answered_so(void **state)
{
	take_stage(stage, state);
	start(stage, 1);
	expect_error(stage, "tune 5\n", "one JSON object");
	expect_error(stage, "\x01\xff\xfe{{{]]\x80\n", "one JSON object");
	expect_error(stage, "[1, 2]\n", "one JSON object");
	expect_error(stage, "\n", "one JSON object");
	expect_error(stage, "{\"id\":1}\n", "cmd");
	expect_error(stage, "{\"cmd\":17}\n", "cmd");
	expect_error(stage, "{\"cmd\":\"explode\"}\n", "there is no command \"explode\"");
	expect_error(stage, "{\"cmd\":\"tune\"}\n", "number");
	expect_error(stage, "{\"cmd\":\"tune\",\"number\":99}\n", "there is no channel 99");
	expect_error(stage, "{\"cmd\":\"tune\",\"number\":-1}\n", "is no channel number");
	expect_error(stage, "{\"cmd\":\"tune\",\"number\":\"x\"}\n", "is no channel number");
	expect_error(stage, "{\"cmd\":\"key\",\"key\":\"nonsense\"}\n", "there is no key");
	expect_alive(stage, 1);
	stage_quit(stage);
}

static void clients_that_behave_badly_harm_nobody(void **state)
{
	take_stage(stage, state);
	start(stage, 1);
	g_autofree char *noise = g_malloc(LONG_LINE_BYTES);
	memset(noise, 'x', LONG_LINE_BYTES);
	/* Cut off, rather than held in memory without end. */
	int fd = send_bytes(stage, noise, LONG_LINE_BYTES);
	g_autofree char *answer = player_read_line(fd, ANSWER_LIMIT_MS);
	assert_null(answer);
	close(fd);
	close(send_bytes(stage, "{\"cmd\":\"tu", 10));
	close(send_bytes(stage, "{\"cmd\":\"status\"}\n", 17));
	const char *subscribe = "{\"cmd\":\"subscribe\"}\n";
	close(send_bytes(stage, subscribe, strlen(subscribe)));
	for (size_t i = 0; i < LONG_LINE_BYTES; i++)
		noise[i] = (char)(i % 7 ? i * 31 : '\n');
	close(send_bytes(stage, noise, LONG_LINE_BYTES));
	expect_alive(stage, 1);
	player_tune(stage->player, 2, NULL);
	size_t index = screen_count(stage->screen);
	stage_await_whole(stage, 2, &index, PICTURE_LIMIT_MS);
	stage_quit(stage);
}

static void a_number_without_a_channel_is_said_and_changes_nothing(void **state)
{
	take_stage(stage, state);
	start(stage, 1);
	size_t index = screen_count(stage->screen);
	uint64_t zap = player_tune(stage->player, 1, NULL);
	player_do(stage->player, "key", json_pack("{s:s}", "key", "9"));
	player_do(stage->player, "key", json_pack("{s:s}", "key", "ok"));
	/* Answers come in order, so what the keys led to has been said by now. */
	assert_int_equal(player_tune(stage->player, 1, NULL), zap);
	player_await_error(stage->player, "There is no channel 9.");
	stage_await_whole(stage, 1, &index, PICTURE_LIMIT_MS);
	stage_quit(stage);
}

static void a_second_player_on_the_same_socket_is_refused(void **state)
{
	take_stage(stage, state);
	start(stage, 1);
	const struct player_options second = {
		.more = (const char *const[]){"--control", player_socket(stage->player), NULL}};
	g_autofree char *errors = NULL;
	assert_int_equal(player_fails(&stage->lab, &second, &errors), 1);
	assert_non_null(strstr(errors, "another zapper listens there"));
	expect_alive(stage, 1);
	stage_quit(stage);
}

static void a_socket_that_a_dead_player_left_is_taken_over(void **state)
{
	take_stage(stage, state);
	start(stage, 1);
	g_autofree char *path = g_strdup(player_socket(stage->player));
	kill(player_pid(stage->player), SIGKILL);
	assert_int_equal(player_wait(stage->player, 5000), 128 + SIGKILL);
	assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
	const char *const play[] = {stage->lab.zapper, "play", "--headless", "--db", stage->lab.db,
		"--iface", "eth0", "--audio-sink", "none", "--control", path, NULL};
	pid_t pid = lab_spawn(&stage->lab, "box", play, NULL, NULL);
	int fd;
	for (int tries = 0; (fd = player_connect(path)) < 0 && tries < 1000; tries++)
		g_usleep(10000);
	assert_true(fd >= 0);
	close(fd);
	kill(pid, SIGTERM);
	assert_int_equal(lab_wait(pid, 10000), 0);
}

/* Thirty requests in one write: the last one is watched, all others are written down as superseded.
 */
static void of_many_changes_at_once_the_last_one_counts(void **state)
{
	take_stage(stage, state);
	start(stage, 1);
	g_autoptr(GString) burst = g_string_new(NULL);
	int channels[BURST];
	for (int i = 0; i < BURST; i++) {
		channels[i] = 2 + i % 7;
		g_string_append_printf(
			burst, "{\"id\":%d,\"cmd\":\"tune\",\"number\":%d}\n", i, channels[i]);
	}
	size_t first = screen_count(stage->screen), index = first;
	close(send_bytes(stage, burst->str, burst->len));
	int last = channels[BURST - 1];
	stage_await_whole(stage, last, &index, PICTURE_LIMIT_MS);
	for (size_t i = first; i < index; i++)
		assert_int_equal(screen_at(stage->screen, i).seen.mark.channel, 1);
	for (int i = 0; i < BURST; i++) {
		json_t *record = player_event(stage->player,
			json_pack("{s:s, s:i}", "event", "zap", "n", i + 2), PICTURE_LIMIT_MS);
		if (!record)
			fail_msg(
				"zap %d of %d was not written down, or out of order", i + 1, BURST);
		assert_int_equal(json_integer_value(json_object_get(record, "to")), channels[i]);
		assert_string_equal(json_string_value(json_object_get(record, "kind")),
			i < BURST - 1 ? "superseded" : "cold");
		json_decref(record);
	}
	expect_alive(stage, last);
	stage_expect_undamaged(stage, 0);
	stage_quit(stage);
}

/* `zapper ctl` with these two words; what it said, on which end, goes to a file. */
static int ctl(struct stage *stage, const char *word, const char *argument, char **ret_said)
{
	g_autofree char *said = lab_path(&stage->lab, "ctl.txt");
	const char *const argv[] = {stage->lab.zapper, "ctl", "--control",
		player_socket(stage->player), word, argument, NULL};
	unlink(said);
	int code = lab_wait(lab_spawn(&stage->lab, "box", argv, said, said), ANSWER_LIMIT_MS);
	*ret_said = lab_read(said);
	return code;
}

static void ctl_says_what_happened(void **state)
{
	take_stage(stage, state);
	start(stage, 1);
	g_autofree char *tuned = NULL, *refused = NULL, *quit = NULL, *gone = NULL;
	assert_int_equal(ctl(stage, "tune", "2", &tuned), 0);
	assert_non_null(strstr(tuned, "\"channel\":2"));
	assert_int_equal(ctl(stage, "tune", "99", &refused), 1);
	assert_string_equal(refused, "zapper ctl: there is no channel 99\n");
	assert_int_equal(ctl(stage, "quit", NULL, &quit), 0);
	stage_expect_good_end(stage);
	assert_int_not_equal(ctl(stage, "status", NULL, &gone), 0);
	assert_non_null(strstr(gone, "zapper ctl: "));
}

/* With up to three words behind "ctl". */
static void expect_ctl(struct stage *stage, const char *const *words, int code, const char *saying)
{
	g_autofree char *said = lab_path(&stage->lab, "ctl.txt");
	const char *const argv[] = {stage->lab.zapper, "ctl", "--control",
		player_socket(stage->player), words[0], words[1], words[2], NULL};
	unlink(said);
	int got = lab_wait(lab_spawn(&stage->lab, "box", argv, said, said), ANSWER_LIMIT_MS);
	g_autofree char *text = lab_read(said);
	if (got != code || !strstr(text, saying))
		fail_msg("exit code %d instead of %d, and not \"%s\" but: %s", got, code, saying,
			text);
}

static void ctl_presses_keys_as_a_remote_does(void **state)
{
#define WORDS(...) ((const char *const[3]){__VA_ARGS__})
	take_stage(stage, state);
	start(stage, 1);
	expect_ctl(stage, WORDS("key", "ok", "long"), 0, "\"ok\":true");
	/* The long one has opened the bouquets, in which the next key moves. */
	expect_ctl(stage, WORDS("key", "down"), 0, "\"ok\":true");
	expect_ctl(stage, WORDS("status"), 0, "\"channel\":1,");
	expect_ctl(stage, WORDS("key", "exit"), 0, "\"ok\":true");
	expect_ctl(stage, WORDS("key", "up", "press"), 0, "\"ok\":true");
	expect_ctl(stage, WORDS("key", "up", "release"), 0, "\"ok\":true");
	expect_ctl(stage, WORDS("key", "up", "sideways"), 64, "one command, with its argument");
	expect_ctl(stage, WORDS("key", "nonsense", "long"), 1, "there is no key");
	expect_ctl(stage, WORDS("tune", "2", "long"), 64, "one command, with its argument");
	stage_quit(stage);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(requests_that_make_no_sense_are_answered_so),
		STAGE_TEST(clients_that_behave_badly_harm_nobody),
		STAGE_TEST(a_number_without_a_channel_is_said_and_changes_nothing),
		STAGE_TEST(a_second_player_on_the_same_socket_is_refused),
		STAGE_TEST(a_socket_that_a_dead_player_left_is_taken_over),
		STAGE_TEST(of_many_changes_at_once_the_last_one_counts),
		STAGE_TEST(ctl_says_what_happened),
		STAGE_TEST(ctl_presses_keys_as_a_remote_does),
	};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("system_control", tests, stage_open, stage_close);
}
