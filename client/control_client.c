#include "client/control_client.h"

#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE_S 2
/* Thousands of groups with their sources are less. */
#define ANSWER_MAX_BYTES (16u << 20)

int control_client_connect(const char *path)
{
	/* Where the queue of a listener is full, connect() waits as long as a write would. */
	const struct timeval patience = {.tv_sec = PATIENCE_S};
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	if (g_strlcpy(address.sun_path, path, sizeof address.sun_path) >= sizeof address.sun_path)
		return -ENAMETOOLONG;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
		int error = errno == EAGAIN ? -ETIMEDOUT : -errno;
		close(fd);
		return error;
	}
	return fd;
}

/* A request is short: it fits into the socket of a listener that reads nothing, too. */
static int send_request(int fd, const char *command)
{
	char *request = g_strdup_printf("{\"id\":1,\"cmd\":\"%s\"}\n", command);
	size_t len = strlen(request);
	ssize_t sent = send(fd, request, len, MSG_NOSIGNAL);
	g_free(request);
	if (sent < 0)
		return errno == EAGAIN ? -ETIMEDOUT : -errno;
	return (size_t)sent == len ? 0 : -ETIMEDOUT;
}

static int await(int fd, int64_t deadline_us)
{
	struct pollfd entry = {.fd = fd, .events = POLLIN};
	int64_t left_us = deadline_us - g_get_monotonic_time();
	int ready = left_us > 0 ? poll(&entry, 1, (int)(left_us / 1000 + 1)) : 0;
	if (ready < 0 && errno != EINTR)
		return -errno;
	return ready == 0 ? -ETIMEDOUT : 0;
}

/* Reads up to the first newline; what follows it is of no interest. */
static int read_line(int fd, int64_t deadline_us, GString *ret)
{
	char part[4096];
	ssize_t len = 0;
	do {
		int error = await(fd, deadline_us);
		if (error)
			return error;
		len = recv(fd, part, sizeof part, MSG_DONTWAIT);
		if (len == 0)
			return -ECONNRESET;
		if (len < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		if (len > 0)
			g_string_append_len(ret, part, len);
		if (ret->len > ANSWER_MAX_BYTES)
			return -EMSGSIZE;
	} while (len < 0 || !memchr(part, '\n', (size_t)len));
	return 0;
}

static int read_answer(int fd, int64_t deadline_us, json_t **ret)
{
	GString *line = g_string_new(NULL);
	int error = read_line(fd, deadline_us, line);
	json_t *answer =
		error ? NULL : json_loadb(line->str, line->len, JSON_DISABLE_EOF_CHECK, NULL);
	g_string_free(line, TRUE);
	if (error)
		return error;
	if (!json_is_true(json_object_get(answer, "ok"))) {
		json_decref(answer);
		return -EPROTO;
	}
	*ret = answer;
	return 0;
}

json_t *control_client_ask(const char *path, const char *command, int *ret_error)
{
	int64_t deadline_us = g_get_monotonic_time() + PATIENCE_S * G_USEC_PER_SEC;
	json_t *answer = NULL;
	int fd = control_client_connect(path);
	*ret_error = fd < 0 ? fd : send_request(fd, command);
	if (!*ret_error)
		*ret_error = read_answer(fd, deadline_us, &answer);
	if (fd >= 0)
		close(fd);
	return answer;
}
