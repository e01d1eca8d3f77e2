/*
 * app/control: the control socket, newline-delimited JSON over a Unix socket. It knows requests,
 * answers and events, not what they mean.
 */
#pragma once

#include <jansson.h>
#include <stdint.h>
#include <uv.h>

struct control;

struct control_handler {
	/*
	 * A request of a client, read at at_ns. Returns the answer's members beside "id" (a new
	 * reference), or NULL when control_answer() will give it later.
	 */
	json_t *(*request)(void *ctx, uint64_t client, json_t *request, uint64_t at_ns);
	void *ctx;
};

/*
 * Listens at `path`; a socket file that nobody listens at any more is replaced. Errors:
 * -EADDRINUSE another program listens there or another file has that name, -ENAMETOOLONG, other
 * -errno. Closed with control_close().
 */
int control_open(uv_loop_t *loop, const char *path, const struct control_handler *handler,
	struct control **ret);
/* Removes the socket file; answers already given may still be read for a second. Accepts NULL. */
void control_close(struct control *control);

/* {"ok":true} and {"ok":false,"error":"..."}, to which the handler may add. */
json_t *control_ok(void);
json_t *control_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A late answer (a reference that is taken over); nothing happens when the client has gone. */
void control_answer(struct control *control, uint64_t client, json_t *id, json_t *answer);

/* From now on the client gets events. */
void control_subscribe(struct control *control, uint64_t client);
/* Sends an event to those who subscribed (takes the reference over); none where control is NULL. */
void control_publish(struct control *control, json_t *event);
