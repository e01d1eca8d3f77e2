#include "client/control_client.h"

#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE_S 2

int control_client_connect(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	if (g_strlcpy(address.sun_path, path, sizeof address.sun_path) >= sizeof address.sun_path)
		return -ENAMETOOLONG;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
		int error = -errno;
		close(fd);
		return error;
	}
	return fd;
}

static int read_answer(FILE *stream, json_t **ret)
{
	char *line = NULL;
	size_t size = 0;
	errno = 0;
	ssize_t len = getline(&line, &size, stream);
	int error = len > 0 ? 0 : errno == EAGAIN ? -ETIMEDOUT : -ECONNRESET;
	json_t *answer = len > 0 ? json_loads(line, 0, NULL) : NULL;
	if (!error && !json_is_true(json_object_get(answer, "ok"))) {
		json_decref(answer);
		error = -EPROTO;
	}
	if (!error)
		*ret = answer;
	free(line);
	return error;
}

json_t *control_client_ask(const char *path, const char *command, int *ret_error)
{
	const struct timeval patience = {.tv_sec = PATIENCE_S};
	json_t *answer = NULL;
	int fd = control_client_connect(path);
	*ret_error = fd < 0 ? fd : 0;
	if (fd < 0)
		return NULL;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	FILE *stream = fdopen(fd, "r+");
	fprintf(stream, "{\"id\":1,\"cmd\":\"%s\"}\n", command);
	*ret_error = fflush(stream) ? -errno : read_answer(stream, &answer);
	fclose(stream);
	return answer;
}
