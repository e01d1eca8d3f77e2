#include "tests/lab/control.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <glib.h>

enum { MAX_LINE = 4096, ANSWER_TIMEOUT_S = 5 };

struct client {
	int fd; /* -1: free */
	size_t used;
	char line[MAX_LINE];
};

struct control {
	int fd;
	char *path;
	struct client clients[CONTROL_MAX_CLIENTS];
};

static int fill_address(const char *path, struct sockaddr_un *ret)
{
	*ret = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof ret->sun_path)
		return -ENAMETOOLONG;
	strcpy(ret->sun_path, path);
	return 0;
}

/* The connected socket, or a negative errno. */
static int connect_to(const char *path)
{
	struct sockaddr_un address;
	int error = fill_address(path, &address);
	if (error)
		return error;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)&address, sizeof address) < 0) {
		error = -errno;
		close(fd);
		return error;
	}
	return fd;
}

static void remove_if_dead(const char *path)
{
	int fd = connect_to(path);
	if (fd == -ECONNREFUSED)
		unlink(path);
	else if (fd >= 0)
		close(fd);
}

int control_open(const char *path, struct control **ret)
{
	struct sockaddr_un address;
	int error = fill_address(path, &address);
	if (error)
		return error;
	remove_if_dead(path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (bind(fd, (const struct sockaddr *)&address, sizeof address) < 0 ||
		listen(fd, CONTROL_MAX_CLIENTS) < 0) {
		error = -errno;
		close(fd);
		return error;
	}
	struct control *control = g_new0(struct control, 1);
	control->fd = fd;
	control->path = g_strdup(path);
	for (size_t i = 0; i < CONTROL_MAX_CLIENTS; i++)
		control->clients[i].fd = -1;
	*ret = control;
	return 0;
}

static void drop(struct client *client)
{
	close(client->fd);
	client->fd = -1;
}

void control_close(struct control *control)
{
	if (!control)
		return;
	for (size_t i = 0; i < CONTROL_MAX_CLIENTS; i++)
		if (control->clients[i].fd >= 0)
			drop(&control->clients[i]);
	close(control->fd);
	unlink(control->path);
	g_free(control->path);
	g_free(control);
}

size_t control_fill(const struct control *control, struct pollfd *fds)
{
	size_t n = 0;
	fds[n++] = (struct pollfd){.fd = control->fd, .events = POLLIN};
	for (size_t i = 0; i < CONTROL_MAX_CLIENTS; i++)
		if (control->clients[i].fd >= 0)
			fds[n++] = (struct pollfd){.fd = control->clients[i].fd, .events = POLLIN};
	return n;
}

static void accept_client(struct control *control)
{
	int fd = accept4(control->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		return;
	for (size_t i = 0; i < CONTROL_MAX_CLIENTS; i++) {
		if (control->clients[i].fd < 0) {
			control->clients[i].fd = fd;
			control->clients[i].used = 0;
			return;
		}
	}
	close(fd);
}

/* False when the client cannot take its answer: sending must not wait for a slow reader. */
static bool answer_lines(struct client *client, control_answer *answer, void *user)
{
	char *end;
	while ((end = memchr(client->line, '\n', client->used))) {
		*end = '\0';
		g_autofree char *text = answer(user, client->line);
		g_autofree char *reply = g_strconcat(text, "\n", NULL);
		size_t size = strlen(reply), taken = (size_t)(end + 1 - client->line);
		if (send(client->fd, reply, size, MSG_NOSIGNAL) != (ssize_t)size)
			return false;
		client->used -= taken;
		memmove(client->line, end + 1, client->used);
	}
	return client->used < sizeof client->line;
}

static void serve_client(struct client *client, control_answer *answer, void *user)
{
	ssize_t size = recv(
		client->fd, client->line + client->used, sizeof client->line - client->used, 0);
	if (size < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (size > 0)
		client->used += (size_t)size;
	if (size <= 0 || !answer_lines(client, answer, user))
		drop(client);
}

void control_serve(struct control *control, const struct pollfd *fds, size_t n,
	control_answer *answer, void *user)
{
	for (size_t i = 0; i < CONTROL_MAX_CLIENTS; i++)
		for (size_t k = 1; k < n; k++)
			if (control->clients[i].fd >= 0 && fds[k].fd == control->clients[i].fd &&
				fds[k].revents) {
				serve_client(&control->clients[i], answer, user);
				break;
			}
	if (n > 0 && fds[0].revents)
		accept_client(control);
}

static int exchange(int fd, const char *line, GString *ret_answer)
{
	g_autofree char *request = g_strconcat(line, "\n", NULL);
	struct timeval timeout = {.tv_sec = ANSWER_TIMEOUT_S};
	size_t size = strlen(request);
	char bytes[MAX_LINE], *end = NULL;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
	if (send(fd, request, size, MSG_NOSIGNAL) != (ssize_t)size)
		return -EIO;
	while (!end) {
		ssize_t got = recv(fd, bytes, sizeof bytes, 0);
		if (got <= 0)
			return got == 0 ? -ECONNRESET : errno == EAGAIN ? -ETIMEDOUT : -errno;
		end = memchr(bytes, '\n', (size_t)got);
		g_string_append_len(ret_answer, bytes, end ? end - bytes : got);
	}
	return 0;
}

int control_ask(const char *path, const char *line, char **ret_answer)
{
	int fd = connect_to(path);
	if (fd < 0)
		return fd;
	GString *answer = g_string_new(NULL);
	int error = exchange(fd, line, answer);
	close(fd);
	char *text = g_string_free(answer, error != 0);
	if (!error)
		*ret_answer = text;
	return error;
}
