/*
 * lab/control: the head-end's Unix stream socket: lines in, one answer line each out, several
 * clients at a time. It has no loop of its own: its descriptors go into the caller's poll.
 */
#pragma once

#include <poll.h>
#include <stddef.h>

enum { CONTROL_MAX_CLIENTS = 16, CONTROL_MAX_FDS = 1 + CONTROL_MAX_CLIENTS };

struct control;

/* Answers a line; free the answer with g_free. */
typedef char *control_answer(void *user, const char *line);

/*
 * Listens at path; a socket that nobody listens at any more is replaced. 0 or a negative errno
 * (-EADDRINUSE: somebody listens). control_close removes the socket and accepts NULL.
 */
int control_open(const char *path, struct control **ret);
void control_close(struct control *control);

/* Writes the descriptors to wait for to fds, which has room for CONTROL_MAX_FDS; returns how many.
 */
size_t control_fill(const struct control *control, struct pollfd *fds);

/* Serves what poll found in fds (as control_fill wrote them, n of them). */
void control_serve(struct control *control, const struct pollfd *fds, size_t n,
	control_answer *answer, void *user);

/*
 * The other end: sends line to the socket at path and waits for the answer, at most 5 s. 0 and the
 * answer without its line's end (free with g_free), or a negative errno.
 */
int control_ask(const char *path, const char *line, char **ret_answer);
