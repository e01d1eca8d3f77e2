/* client/control_client: the other end of the control socket: what asks a running `zapper play`. */
#pragma once

#include <jansson.h>

/*
 * A connection to the socket at `path`, which the caller closes; or -errno. Neither it nor a write
 * to it takes more than 2 s: -ETIMEDOUT where nobody accepts, EAGAIN.
 */
int control_client_connect(const char *path);

/*
 * One command without argument, and its answer (a new reference, to be json_decref()ed). Whoever
 * does not answer within 2 s is taken for gone. NULL with *ret_error (-errno, -ETIMEDOUT, -EPROTO)
 * where nobody answers there, or no JSON, or the command was refused. Raises no SIGPIPE.
 */
json_t *control_client_ask(const char *path, const char *command, int *ret_error);
