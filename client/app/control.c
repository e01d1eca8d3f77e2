#include "client/app/control.h"

#include <errno.h>
#include <glib.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define LINE_MAX_BYTES 65536
/* A client that does not read is cut off when so much waits for it. */
#define UNREAD_MAX_BYTES (4 * 1024 * 1024)
#define BACKLOG 16
#define PATIENCE_MS 1000

struct control {
	uv_pipe_t listener;
	struct control_handler handler;
	char *path;
	GHashTable *clients; /* by id: struct client */
	uint64_t next_client;
};

struct client {
	uv_pipe_t pipe;
	uv_timer_t patience;	 /* with a client that is parted from and does not read */
	int handles;		 /* of the two, not yet closed */
	struct control *control; /* NULL: parted from */
	uint64_t id;
	bool subscribed;
	bool is_asking;	  /* a request of its is being carried out */
	GByteArray *line; /* what has come of the next request */
	char chunk[4096];
};

/* One write; the text is freed with it. */
struct message {
	uv_write_t request;
	char *text;
};

json_t *control_ok(void)
{
	return json_pack("{s:b}", "ok", 1);
}

json_t *control_error(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = g_strdup_vprintf(format, args);
	va_end(args);
	char *valid = g_utf8_make_valid(text, -1); /* JSON takes nothing else */
	json_t *answer = json_pack("{s:b, s:s}", "ok", 0, "error", valid);
	g_free(valid);
	g_free(text);
	return answer;
}

static void on_client_closed(uv_handle_t *handle)
{
	struct client *client = handle->data;
	if (--client->handles > 0)
		return;
	g_byte_array_unref(client->line);
	g_free(client);
}

static void drop_client(struct client *client)
{
	if (uv_is_closing((uv_handle_t *)&client->pipe))
		return;
	if (client->control)
		g_hash_table_remove(client->control->clients, &client->id);
	uv_close((uv_handle_t *)&client->pipe, on_client_closed);
	uv_close((uv_handle_t *)&client->patience, on_client_closed);
}

static void on_written(uv_write_t *request, int status)
{
	struct message *message = (struct message *)request;
	struct client *client = request->handle->data;
	if (status < 0)
		drop_client(client);
	g_free(message->text);
	g_free(message);
}

static void send_json(struct client *client, json_t *json)
{
	char *compact = json_dumps(json, JSON_COMPACT);
	if (!compact || client->pipe.write_queue_size > UNREAD_MAX_BYTES) {
		free(compact);
		drop_client(client);
		return;
	}
	struct message *message = g_new0(struct message, 1);
	message->text = g_strconcat(compact, "\n", NULL);
	free(compact);
	uv_buf_t buf = uv_buf_init(message->text, (unsigned)strlen(message->text));
	int error = uv_write(&message->request, (uv_stream_t *)&client->pipe, &buf, 1, on_written);
	if (error) {
		g_free(message->text);
		g_free(message);
		drop_client(client);
	}
}

static void answer_client(struct client *client, json_t *id, json_t *answer)
{
	if (id)
		json_object_set(answer, "id", id);
	send_json(client, answer);
	json_decref(answer);
}

static json_t *carry_out(struct client *client, json_t *request, uint64_t at_ns)
{
	struct control *control = client->control;
	client->is_asking = true;
	json_t *answer = control->handler.request(control->handler.ctx, client->id, request, at_ns);
	client->is_asking = false;
	return answer;
}

static void end_when_read(struct client *client);

static void handle_line(struct client *client, const char *line, size_t len, uint64_t at_ns)
{
	json_error_t error;
	json_t *request = json_loadb(line, len, JSON_REJECT_DUPLICATES, &error);
	json_t *answer;
	if (!json_is_object(request))
		answer = control_error("a request is one JSON object in one line%s%s",
			request ? "" : ": ", request ? "" : error.text);
	else
		answer = carry_out(client, request, at_ns);
	if (answer)
		answer_client(client, json_object_get(request, "id"), answer);
	json_decref(request);
	/* It asked for what closed control, and has its answer now. */
	if (!client->control)
		end_when_read(client);
}

/* Takes whole lines out of what has come. */
static void handle_lines(struct client *client, uint64_t at_ns)
{
	for (;;) {
		guint8 *data = client->line->data;
		guint8 *end = data ? memchr(data, '\n', client->line->len) : NULL;
		/* A request may have closed its client, or all of control. */
		if (!end || !client->control || uv_is_closing((uv_handle_t *)&client->pipe))
			return;
		size_t len = (size_t)(end - data);
		char *line = g_strndup((char *)data, len);
		g_byte_array_remove_range(client->line, 0, (guint)len + 1);
		handle_line(client, line, len, at_ns);
		g_free(line);
	}
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	(void)suggested;
	struct client *client = handle->data;
	*buf = uv_buf_init(client->chunk, sizeof client->chunk);
}

static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *buf)
{
	uint64_t at_ns = uv_hrtime();
	struct client *client = stream->data;
	if (len < 0) {
		drop_client(client);
		return;
	}
	g_byte_array_append(client->line, (guint8 *)buf->base, (guint)len);
	handle_lines(client, at_ns);
	if (client->line->len > LINE_MAX_BYTES)
		drop_client(client);
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct control *control = listener->data;
	if (status < 0)
		return;
	struct client *client = g_new0(struct client, 1);
	client->control = control;
	client->id = ++control->next_client;
	client->line = g_byte_array_new();
	client->pipe.data = client->patience.data = client;
	client->handles = 2;
	uv_pipe_init(listener->loop, &client->pipe, 0);
	uv_timer_init(listener->loop, &client->patience);
	g_hash_table_insert(control->clients, &client->id, client);
	if (uv_accept(listener, (uv_stream_t *)&client->pipe) ||
		uv_read_start((uv_stream_t *)&client->pipe, on_alloc, on_read))
		drop_client(client);
}

/* Whether this is a socket file that nobody listens at any more: as a kill leaves behind. */
static bool is_dead_socket(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct stat info;
	if (lstat(path, &info) < 0 || !S_ISSOCK(info.st_mode))
		return false;
	g_strlcpy(address.sun_path, path, sizeof address.sun_path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return false;
	bool dead = connect(fd, (struct sockaddr *)&address, sizeof address) < 0 &&
		    errno == ECONNREFUSED;
	close(fd);
	return dead;
}

static int listen_at(struct control *control, const char *path)
{
	if (strlen(path) >= sizeof((struct sockaddr_un *)NULL)->sun_path)
		return -ENAMETOOLONG;
	int error = uv_pipe_bind(&control->listener, path);
	if (error == UV_EADDRINUSE && is_dead_socket(path)) {
		unlink(path);
		error = uv_pipe_bind(&control->listener, path);
	}
	if (error)
		return error;
	control->path = g_strdup(path);
	return uv_listen((uv_stream_t *)&control->listener, BACKLOG, on_connection);
}

static void on_listener_closed(uv_handle_t *handle)
{
	struct control *control = handle->data;
	g_free(control->path);
	g_free(control);
}

int control_open(uv_loop_t *loop, const char *path, const struct control_handler *handler,
	struct control **ret)
{
	struct control *control = g_new0(struct control, 1);
	control->handler = *handler;
	control->clients = g_hash_table_new(g_int64_hash, g_int64_equal);
	uv_pipe_init(loop, &control->listener, 0);
	control->listener.data = control;
	int error = listen_at(control, path);
	if (error) {
		control_close(control);
		return error;
	}
	*ret = control;
	return 0;
}

static void on_shutdown(uv_shutdown_t *request, int status)
{
	struct client *client = request->handle->data;
	if (status != UV_ECANCELED) /* dropped by the timer meanwhile */
		drop_client(client);
	g_free(request);
}

static void on_patience_over(uv_timer_t *timer)
{
	drop_client(timer->data);
}

/* Lets a client read what was written before its end is closed, for a while. */
static void end_when_read(struct client *client)
{
	if (uv_is_closing((uv_handle_t *)&client->pipe))
		return;
	uv_timer_start(&client->patience, on_patience_over, PATIENCE_MS, 0);
	uv_shutdown_t *request = g_new0(uv_shutdown_t, 1);
	if (uv_shutdown(request, (uv_stream_t *)&client->pipe, on_shutdown)) {
		g_free(request);
		drop_client(client);
	}
}

static void part_from(struct client *client)
{
	client->control = NULL;
	uv_read_stop((uv_stream_t *)&client->pipe);
	if (!client->is_asking)
		end_when_read(client);
}

void control_close(struct control *control)
{
	if (!control)
		return;
	/* Closing a listening pipe removes its file. */
	GList *clients = g_hash_table_get_values(control->clients);
	for (GList *item = clients; item; item = item->next)
		part_from(item->data);
	g_list_free(clients);
	g_hash_table_unref(control->clients);
	uv_close((uv_handle_t *)&control->listener, on_listener_closed);
}

void control_answer(struct control *control, uint64_t client_id, json_t *id, json_t *answer)
{
	struct client *client = g_hash_table_lookup(control->clients, &client_id);
	if (client)
		answer_client(client, id, answer);
	else
		json_decref(answer);
}

void control_subscribe(struct control *control, uint64_t client_id)
{
	struct client *client = g_hash_table_lookup(control->clients, &client_id);
	if (client)
		client->subscribed = true;
}

void control_publish(struct control *control, json_t *event)
{
	GList *clients = control ? g_hash_table_get_values(control->clients) : NULL;
	for (GList *item = clients; item; item = item->next) {
		struct client *client = item->data;
		if (client->subscribed)
			send_json(client, event);
	}
	g_list_free(clients);
	json_decref(event);
}
