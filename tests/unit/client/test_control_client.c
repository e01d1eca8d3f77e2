/* control_client: whom doctor asks may be anything that listens there, and is waited for once. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "client/control_client.h"
#include "tests/support/test.h"

enum {
	PATIENCE_MS = 2000,
	SLACK_MS = 1500,  /* of a busy machine */
	DRIP_MS = 300,	  /* less than the patience, between two bytes */
	GIVE_UP_S = 20,	  /* or the test hangs with what it tests */
	DEAF_COUNT = 300, /* of connections that are closed at once */
};

struct server {
	char *dir, *path;
	int listener;
	void (*serve)(int fd);
	GThread *thread;
};

static gpointer serve_all(gpointer data)
{
	const struct server *server = data;
	int fd;
	while ((fd = accept(server->listener, NULL, NULL)) >= 0) {
		server->serve(fd);
		close(fd);
	}
	return NULL;
}

static void listen_at(struct server *server, int backlog)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	g_strlcpy(address.sun_path, server->path, sizeof address.sun_path);
	server->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(
		bind(server->listener, (const struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(server->listener, backlog), 0);
}

static void start(struct server *server, void (*serve)(int fd))
{
	listen_at(server, 8);
	server->serve = serve;
	server->thread = g_thread_new("server", serve_all, server);
}

static int setup(void **state)
{
	struct server *server = g_new0(struct server, 1);
	server->dir = g_dir_make_tmp("zapper-XXXXXX", NULL);
	server->path = g_build_filename(server->dir, "zapper.sock", NULL);
	server->listener = -1;
	*state = server;
	alarm(GIVE_UP_S);
	return 0;
}

static int teardown(void **state)
{
	struct server *server = *state;
	alarm(0);
	if (server->listener >= 0)
		shutdown(server->listener, SHUT_RDWR);
	if (server->thread)
		g_thread_join(server->thread);
	if (server->listener >= 0)
		close(server->listener);
	g_unlink(server->path);
	g_rmdir(server->dir);
	g_free(server->path);
	g_free(server->dir);
	g_free(server);
	return 0;
}

static void send_text(int fd, const char *text)
{
	send(fd, text, strlen(text), MSG_NOSIGNAL);
}

/* Requests are so short that they come in one piece. */
static bool was_asked(int fd)
{
	char request[64] = "";
	ssize_t len = recv(fd, request, sizeof request - 1, 0);
	return len > 0 && !strcmp(request, "{\"id\":1,\"cmd\":\"status\"}\n");
}

/* As the player does: a line for a line. */
static void answer_in_pieces(int fd)
{
	bool right = was_asked(fd);
	send_text(fd, "{\"id\":1,");
	g_usleep(1000);
	send_text(fd, right ? "\"ok\":true,\"state\":\"playing\"}\n{\"event\"" : "\"ok\":false}\n");
}

static void refuse(int fd)
{
	was_asked(fd);
	send_text(fd, "{\"id\":1,\"ok\":false,\"error\":\"no such command\"}\n");
}

static void speak_otherwise(int fd)
{
	was_asked(fd);
	send_text(fd, "220 mail.example ESMTP\r\n");
}

static void hang_up(int fd)
{
	(void)fd;
}

/* Never long without a byte, and never a whole line. */
static void drip(int fd)
{
	while (send(fd, " ", 1, MSG_NOSIGNAL) == 1)
		g_usleep(DRIP_MS * 1000);
}

static void pour(int fd)
{
	static const char much[65536];
	while (send(fd, much, sizeof much, MSG_NOSIGNAL) > 0)
		;
}

static void expect_error(struct server *server, int expected)
{
	int error = 0;
	gint64 start_us = g_get_monotonic_time();
	assert_null(control_client_ask(server->path, "status", &error));
	assert_int_equal(error, expected);
	gint64 ms = (g_get_monotonic_time() - start_us) / 1000;
	assert_true(ms < PATIENCE_MS + SLACK_MS);
}

static void test_an_answer_in_pieces_is_one(void **state)
{
	struct server *server = *state;
	int error = -1;
	start(server, answer_in_pieces);
	json_t *answer = control_client_ask(server->path, "status", &error);
	assert_int_equal(error, 0);
	assert_string_equal(json_string_value(json_object_get(answer, "state")), "playing");
	json_decref(answer);
}

static void test_a_refusal_is_no_answer(void **state)
{
	start(*state, refuse);
	expect_error(*state, -EPROTO);
}

static void test_another_protocol_is_no_answer(void **state)
{
	start(*state, speak_otherwise);
	expect_error(*state, -EPROTO);
}

static void test_nobody_is_told_apart_from_a_dead_players_socket(void **state)
{
	struct server *server = *state;
	expect_error(server, -ENOENT);
	listen_at(server, 1);
	close(server->listener);
	server->listener = -1;
	expect_error(server, -ECONNREFUSED);
}

/* A write to it must not end the program: SIGPIPE is as it was. */
static void test_who_hangs_up_at_once_is_an_error(void **state)
{
	struct server *server = *state;
	start(server, hang_up);
	for (int i = 0; i < DEAF_COUNT; i++) {
		int error = 0;
		assert_null(control_client_ask(server->path, "status", &error));
		assert_true(error == -EPIPE || error == -ECONNRESET);
	}
}

static void test_who_does_not_accept_is_not_waited_for(void **state)
{
	struct server *server = *state;
	listen_at(server, 0);
	int first = control_client_connect(server->path); /* as many as the queue holds */
	assert_true(first >= 0);
	expect_error(server, -ETIMEDOUT);
	close(first);
}

static void test_who_drips_is_not_waited_for(void **state)
{
	start(*state, drip);
	expect_error(*state, -ETIMEDOUT);
}

static void test_who_pours_is_cut_off(void **state)
{
	start(*state, pour);
	expect_error(*state, -EMSGSIZE);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_an_answer_in_pieces_is_one),
		TEST(test_a_refusal_is_no_answer),
		TEST(test_another_protocol_is_no_answer),
		TEST(test_nobody_is_told_apart_from_a_dead_players_socket),
		TEST(test_who_hangs_up_at_once_is_an_error),
		TEST(test_who_does_not_accept_is_not_waited_for),
		TEST(test_who_drips_is_not_waited_for),
		TEST(test_who_pours_is_cut_off),
	};
	return cmocka_run_group_tests_name("client_control_client", tests, NULL, NULL);
}
