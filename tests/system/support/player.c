#include "tests/system/support/player.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <glib.h>

#include "tests/support/test.h"
#include "tests/system/support/capture.h"

enum { START_LIMIT_MS = 20000, ANSWER_LIMIT_MS = 5000 };

/* A connection, and what has been read of its next line. */
struct line_reader {
	int fd;
	GString *text;
};

struct player {
	const struct lab *lab;
	pid_t pid;
	int exit_code; /* -1: it runs */
	char *socket, *out, *err;
	struct line_reader requests, events;
};

int player_connect(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	g_strlcpy(address.sun_path, path, sizeof address.sun_path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static char *take_line(GString *text)
{
	const char *end = memchr(text->str, '\n', text->len);
	if (!end)
		return NULL;
	char *line = g_strndup(text->str, (gsize)(end - text->str));
	g_string_erase(text, 0, end + 1 - text->str);
	return line;
}

static char *read_line(struct line_reader *reader, unsigned limit_ms)
{
	uint64_t deadline_ns = lab_now_ns() + limit_ms * UINT64_C(1000000), now_ns;
	char *line;
	while (!(line = take_line(reader->text))) {
		struct pollfd fd = {.fd = reader->fd, .events = POLLIN};
		char chunk[4096];
		now_ns = lab_now_ns();
		if (now_ns >= deadline_ns ||
			poll(&fd, 1, (int)((deadline_ns - now_ns) / 1000000) + 1) < 0)
			return NULL;
		ssize_t len = fd.revents ? recv(reader->fd, chunk, sizeof chunk, MSG_DONTWAIT) : 1;
		if (len <= 0)
			return NULL;
		if (fd.revents)
			g_string_append_len(reader->text, chunk, len);
	}
	return line;
}

char *player_read_line(int fd, unsigned limit_ms)
{
	struct line_reader reader = {fd, g_string_new(NULL)};
	char *line = read_line(&reader, limit_ms);
	g_string_free(reader.text, TRUE);
	return line;
}

static void add_all(GPtrArray *argv, const char *const *items)
{
	for (; items && *items; items++)
		g_ptr_array_add(argv, (char *)*items);
}

static pid_t spawn(struct player *player, const struct player_options *options)
{
	const struct lab *lab = player->lab;
	const char *const play[] = {options->zapper ? options->zapper : lab->zapper, "play",
		"--headless", "--db", lab->db, "--iface", "eth0", "--audio-sink", "none",
		"--video-sink", options->sink ? options->sink : "none", "--prejoin",
		options->prejoin ? options->prejoin : "0", "--control", player->socket, NULL};
	GPtrArray *argv = g_ptr_array_new();
	add_all(argv, options->before);
	add_all(argv, play);
	add_all(argv, options->more);
	if (options->channel)
		g_ptr_array_add(argv, (char *)options->channel);
	g_ptr_array_add(argv, NULL);
	pid_t pid =
		lab_spawn(lab, "box", (const char *const *)argv->pdata, player->out, player->err);
	g_ptr_array_unref(argv);
	return pid;
}

static struct player *launch(const struct lab *lab, const struct player_options *options)
{
	struct player *player = g_new0(struct player, 1);
	player->lab = lab;
	player->exit_code = -1;
	player->requests = (struct line_reader){-1, g_string_new(NULL)};
	player->events = (struct line_reader){-1, g_string_new(NULL)};
	/* Short: the address of a socket has 107 bytes, and the folder's name most of them. */
	g_autofree char *name = g_strdup_printf("p%u", (unsigned)(lab_now_ns() % 1000000));
	g_autofree char *base = lab_path(lab, name);
	player->socket = g_strconcat(base, ".sock", NULL);
	player->out = g_strconcat(base, ".out", NULL);
	player->err = g_strconcat(base, ".err", NULL);
	player->pid = spawn(player, options);
	return player;
}

bool player_lives(struct player *player)
{
	if (player->exit_code < 0)
		player->exit_code = lab_wait(player->pid, 0);
	return player->exit_code < 0;
}

struct player *player_start(const struct lab *lab, const struct player_options *options)
{
	struct player *player = launch(lab, options);
	uint64_t deadline_ns = lab_now_ns() + START_LIMIT_MS * UINT64_C(1000000);
	while ((player->events.fd = player_connect(player->socket)) < 0) {
		if (!player_lives(player) || lab_now_ns() > deadline_ns) {
			g_autofree char *errors = player_errors(player);
			fputs(errors, stderr);
			fail_msg("zapper takes no commands (exit code %d)", player->exit_code);
		}
		g_usleep(1000);
	}
	player->requests.fd = player_connect(player->socket);
	assert_true(player->requests.fd >= 0);
	const char subscribe[] = "{\"cmd\":\"subscribe\"}\n";
	send(player->events.fd, subscribe, strlen(subscribe), MSG_NOSIGNAL);
	g_autofree char *line = read_line(&player->events, ANSWER_LIMIT_MS);
	assert_non_null(line);
	assert_non_null(strstr(line, "\"ok\":true"));
	return player;
}

int player_fails(const struct lab *lab, const struct player_options *options, char **ret_errors)
{
	struct player *player = launch(lab, options);
	int code = player_wait(player, START_LIMIT_MS);
	*ret_errors = player_errors(player);
	player_free(player);
	return code;
}

pid_t player_pid(const struct player *player)
{
	return player->pid;
}

const char *player_socket(const struct player *player)
{
	return player->socket;
}

char *player_errors(const struct player *player)
{
	return lab_read(player->err);
}

void player_await_error(const struct player *player, const char *part)
{
	gint64 deadline_us = g_get_monotonic_time() + 5 * G_USEC_PER_SEC;
	for (;;) {
		g_autofree char *errors = player_errors(player);
		if (strstr(errors, part))
			return;
		if (g_get_monotonic_time() > deadline_us)
			fail_msg("\"%s\" was not said, only:\n%s", part, errors);
		g_usleep(1000); /* a file that grows wakes nobody: look again */
	}
}

/* Writes the request and returns when (CLOCK_REALTIME). */
static uint64_t write_request(struct player *player, const char *cmd, json_t *more)
{
	json_t *request = json_pack("{s:s}", "cmd", cmd);
	if (more)
		json_object_update(request, more);
	json_decref(more);
	char *text = json_dumps(request, JSON_COMPACT);
	g_autofree char *line = g_strconcat(text, "\n", NULL);
	free(text);
	json_decref(request);
	uint64_t now_ns = capture_now_ns();
	assert_int_equal(
		send(player->requests.fd, line, strlen(line), MSG_NOSIGNAL), (ssize_t)strlen(line));
	return now_ns;
}

static json_t *read_answer(struct player *player, const char *cmd)
{
	g_autofree char *line = read_line(&player->requests, ANSWER_LIMIT_MS);
	if (!line) {
		g_autofree char *errors = player_errors(player);
		fputs(errors, stderr);
		fail_msg("no answer to '%s'%s", cmd,
			player_lives(player) ? "" : ", zapper has ended");
	}
	json_t *answer = json_loads(line, 0, NULL);
	if (!answer)
		fail_msg("the answer to '%s' is no JSON: %s", cmd, line);
	return answer;
}

json_t *player_ask(struct player *player, const char *cmd, json_t *more)
{
	write_request(player, cmd, more);
	return read_answer(player, cmd);
}

static void expect_ok(const char *cmd, json_t *answer)
{
	if (json_is_true(json_object_get(answer, "ok")))
		return;
	const char *why = json_string_value(json_object_get(answer, "error"));
	fail_msg("'%s' was refused: %s", cmd, why ? why : "no reason");
}

void player_do(struct player *player, const char *cmd, json_t *more)
{
	json_t *answer = player_ask(player, cmd, more);
	expect_ok(cmd, answer);
	json_decref(answer);
}

uint64_t player_tune(struct player *player, int channel, uint64_t *ret_sent_ns)
{
	uint64_t sent_ns = write_request(player, "tune", json_pack("{s:i}", "number", channel));
	if (ret_sent_ns)
		*ret_sent_ns = sent_ns;
	json_t *answer = read_answer(player, "tune");
	expect_ok("tune", answer);
	uint64_t zap = (uint64_t)json_integer_value(json_object_get(answer, "zap"));
	json_decref(answer);
	return zap;
}

char *player_status(struct player *player, const char *member)
{
	json_t *answer = player_ask(player, "status", NULL);
	char *text = g_strdup(json_string_value(json_object_get(answer, member)));
	json_decref(answer);
	return text;
}

static bool has_all(const json_t *event, json_t *wanted)
{
	const char *key;
	json_t *value;
	json_object_foreach(wanted, key,
		value) if (!json_equal(json_object_get(event, key), value)) return false;
	return true;
}

json_t *player_event(struct player *player, json_t *wanted, unsigned limit_ms)
{
	uint64_t deadline_ns = lab_now_ns() + limit_ms * UINT64_C(1000000), now_ns;
	json_t *event = NULL;
	while (!event && (now_ns = lab_now_ns()) < deadline_ns) {
		g_autofree char *line = read_line(
			&player->events, (unsigned)((deadline_ns - now_ns) / 1000000) + 1);
		event = line ? json_loads(line, 0, NULL) : NULL;
		if (event && !has_all(event, wanted))
			g_clear_pointer(&event, json_decref);
		if (!line)
			break;
	}
	json_decref(wanted);
	return event;
}

uint64_t player_await_state(struct player *player, const char *state, unsigned limit_ms)
{
	json_t *event = player_event(
		player, json_pack("{s:s, s:s}", "event", "state", "state", state), limit_ms);
	uint64_t now_ns = lab_now_ns();
	if (!event) {
		g_autofree char *errors = player_errors(player);
		fputs(errors, stderr);
		fail_msg("the state '%s' has not come within %u ms", state, limit_ms);
	}
	json_decref(event);
	return now_ns;
}

int player_wait(struct player *player, unsigned limit_ms)
{
	if (player->exit_code < 0)
		player->exit_code = lab_wait(player->pid, limit_ms);
	return player->exit_code;
}

static void close_reader(struct line_reader *reader)
{
	if (reader->fd >= 0)
		close(reader->fd);
	g_string_free(reader->text, TRUE);
}

void player_free(struct player *player)
{
	if (!player)
		return;
	if (player_lives(player)) {
		kill(player->pid, SIGKILL);
		waitpid(player->pid, NULL, 0);
	}
	close_reader(&player->requests);
	close_reader(&player->events);
	unlink(player->socket);
	unlink(player->out);
	unlink(player->err);
	g_free(player->socket);
	g_free(player->out);
	g_free(player->err);
	g_free(player);
}
