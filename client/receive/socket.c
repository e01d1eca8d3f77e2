#include "client/receive/socket.h"

#include "client/receive/batch.h"
#include "client/receive/packet.h"
#include "client/receive/packet_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <net/if.h>
#include <unistd.h>

/* So many batches are read before the loop's other handles have their turn. */
enum {
	BATCHES_PER_TURN = 8,
};

/* A descriptor of ours that is polled: the packet socket, or a duplicate of a lent one. */
struct endpoint {
	uv_poll_t poll;
	struct receive_socket *socket;
	int fd;
	bool closing;
	bool lent;
	struct receive_flow flow; /* lent */
	uint32_t dropped_total;	  /* as the kernel counts */
};

struct receive_socket {
	uv_loop_t *loop;
	receive_datagram_fn on_datagram;
	void *ctx;
	struct batch *batch;
	struct receive_socket_counters counters;

	struct endpoint *packet; /* NULL: lent descriptors only */
	unsigned ifindex;
	size_t mtu_bytes; /* 0: unknown */
	struct receive_flow *flows;
	size_t n_flows;

	GPtrArray *lent;
	unsigned n_endpoints; /* until their close callbacks */
	bool closed;
};

static struct receive_socket *socket_new(
	uv_loop_t *loop, receive_datagram_fn on_datagram, void *ctx)
{
	struct receive_socket *s = g_new0(struct receive_socket, 1);
	s->loop = loop;
	s->on_datagram = on_datagram;
	s->ctx = ctx;
	s->batch = batch_new();
	s->lent = g_ptr_array_new();
	return s;
}

static void free_when_unused(struct receive_socket *s)
{
	if (!s->closed || s->n_endpoints > 0)
		return;
	g_ptr_array_unref(s->lent);
	batch_free(s->batch);
	g_free(s->flows);
	g_free(s);
}

static void on_endpoint_closed(uv_handle_t *handle)
{
	struct endpoint *e = handle->data;
	struct receive_socket *s = e->socket;

	s->n_endpoints--;
	g_free(e);
	free_when_unused(s);
}

static void endpoint_close(struct endpoint *e)
{
	e->closing = true;
	uv_close((uv_handle_t *)&e->poll, on_endpoint_closed);
	/* uv_close() has taken it out of the poll set. */
	close(e->fd);
}

static void deliver(struct receive_socket *s, const struct receive_datagram *datagram)
{
	s->counters.datagrams++;
	s->counters.bytes += datagram->len;
	s->on_datagram(s->ctx, datagram);
}

static bool is_watched(const struct receive_socket *s, const struct receive_flow *packet)
{
	for (size_t i = 0; i < s->n_flows; i++) {
		if (receive_flow_matches(&s->flows[i], packet))
			return true;
	}
	return false;
}

/* The MTU is asked for again before a packet is said to be too large for it. */
static bool is_merged(struct receive_socket *s, const struct batch_message *message)
{
	if (message->len <= s->mtu_bytes)
		return false;
	s->mtu_bytes = packet_socket_mtu(s->packet->fd, s->ifindex);
	return s->mtu_bytes != 0 && message->len > s->mtu_bytes;
}

static void read_packet(struct receive_socket *s, const struct batch_message *message)
{
	struct packet_udp udp;
	if (is_merged(s, message)) {
		s->counters.dropped_merged++;
		return;
	}
	int rc = packet_parse(message->data, message->len, &udp);

	if (rc == -EPROTO) {
		s->counters.dropped_fragment++;
	} else if (rc < 0) {
		s->counters.dropped_malformed++;
	} else if (!is_watched(s, &udp.flow)) {
		/* The filter was another one when it let this into the queue. */
		s->counters.dropped_flow++;
	} else {
		deliver(s, &(struct receive_datagram){
				   .flow = udp.flow,
				   .payload = udp.payload,
				   .len = udp.len,
				   .arrival_ns = message->arrival_ns,
			   });
	}
}

static void read_lent(struct endpoint *e, const struct batch_message *message)
{
	struct receive_flow flow = {message->destination, message->source, e->flow.port};

	if (!receive_flow_matches(&e->flow, &flow)) {
		e->socket->counters.dropped_flow++;
		return;
	}
	deliver(e->socket, &(struct receive_datagram){
				   .flow = flow,
				   .payload = message->data,
				   .len = message->len,
				   .arrival_ns = message->arrival_ns,
			   });
}

/* Returns false when there is no more to read, or no one to read it. */
static bool read_batch(struct endpoint *e)
{
	struct receive_socket *s = e->socket;
	uint32_t dropped_total = e->dropped_total;

	uint64_t *truncated =
		e->lent ? &s->counters.dropped_malformed : &s->counters.dropped_merged;
	int n = batch_read(s->batch, e->fd, &dropped_total, truncated);
	s->counters.dropped_kernel += (uint32_t)(dropped_total - e->dropped_total);
	e->dropped_total = dropped_total;
	for (int i = 0; i < n && !e->closing; i++) {
		if (e->lent)
			read_lent(e, batch_message(s->batch, i));
		else
			read_packet(s, batch_message(s->batch, i));
	}
	return !e->closing && n >= 0 && batch_was_full(s->batch);
}

static void read_endpoint(struct endpoint *e)
{
	for (int i = 0; i < BATCHES_PER_TURN; i++) {
		if (!read_batch(e))
			return;
	}
}

static void on_readable(uv_poll_t *handle, int status, int events)
{
	struct endpoint *e = handle->data;
	(void)events;

	/* The interface went down, say: libuv has stopped polling, and reading clears the error. */
	if (status < 0)
		uv_poll_start(&e->poll, UV_READABLE, on_readable);
	read_endpoint(e);
}

/* Takes the descriptor, also when it fails. */
static int endpoint_open(struct receive_socket *s, int fd, struct endpoint **ret)
{
	struct endpoint *e = g_new0(struct endpoint, 1);
	int rc = uv_poll_init(s->loop, &e->poll, fd);
	if (rc < 0) {
		close(fd);
		g_free(e);
		return rc;
	}
	e->poll.data = e;
	e->socket = s;
	e->fd = fd;
	s->n_endpoints++;
	rc = uv_poll_start(&e->poll, UV_READABLE, on_readable);
	if (rc < 0) {
		endpoint_close(e);
		return rc;
	}
	*ret = e;
	return 0;
}

int receive_socket_open_packet(uv_loop_t *loop, const char *iface, receive_datagram_fn on_datagram,
	void *ctx, struct receive_socket **ret)
{
	unsigned ifindex = if_nametoindex(iface);
	if (ifindex == 0)
		return -ENODEV;
	int fd = packet_socket_open(ifindex, NULL, 0);
	if (fd < 0)
		return fd;

	struct receive_socket *s = socket_new(loop, on_datagram, ctx);
	s->ifindex = ifindex;
	s->mtu_bytes = packet_socket_mtu(fd, ifindex);
	int rc = endpoint_open(s, fd, &s->packet);
	if (rc < 0) {
		receive_socket_close(s);
		return rc;
	}
	*ret = s;
	return 0;
}

int receive_socket_open_lent(
	uv_loop_t *loop, receive_datagram_fn on_datagram, void *ctx, struct receive_socket **ret)
{
	*ret = socket_new(loop, on_datagram, ctx);
	return 0;
}

static bool is_same_flow(const struct receive_flow *a, const struct receive_flow *b)
{
	return a->group.s_addr == b->group.s_addr && a->source.s_addr == b->source.s_addr &&
	       a->port == b->port;
}

static void end_lent_but(struct receive_socket *s, const struct receive_flow *flows, size_t n)
{
	for (guint i = s->lent->len; i-- > 0;) {
		struct endpoint *e = g_ptr_array_index(s->lent, i);
		bool stays = false;
		for (size_t j = 0; j < n && !stays; j++)
			stays = is_same_flow(&flows[j], &e->flow);
		if (!stays) {
			g_ptr_array_remove_index_fast(s->lent, i);
			endpoint_close(e);
		}
	}
}

int receive_socket_watch(struct receive_socket *s, const struct receive_flow *flows, size_t n)
{
	if (!s->packet) {
		end_lent_but(s, flows, n);
		return 0;
	}
	int rc = packet_socket_watch(s->packet->fd, s->ifindex, flows, n);
	if (rc < 0)
		return rc;
	g_free(s->flows);
	s->flows = g_memdup2(flows, n * sizeof(*flows));
	s->n_flows = n;
	return 0;
}

int receive_socket_rebind(struct receive_socket *s, unsigned ifindex)
{
	if (!s->packet)
		return -EOPNOTSUPP;
	int fd = packet_socket_open(ifindex, s->flows, s->n_flows);
	if (fd < 0)
		return fd;
	struct endpoint *old = s->packet;
	int rc = endpoint_open(s, fd, &s->packet);
	if (rc < 0)
		return rc;
	endpoint_close(old);
	s->ifindex = ifindex;
	s->mtu_bytes = packet_socket_mtu(s->packet->fd, ifindex);
	return 0;
}

static struct endpoint *find_lent(struct receive_socket *s, const struct receive_flow *flow)
{
	for (guint i = 0; i < s->lent->len; i++) {
		struct endpoint *e = g_ptr_array_index(s->lent, i);
		if (is_same_flow(&e->flow, flow))
			return e;
	}
	return NULL;
}

static void end_lent(struct receive_socket *s, const struct receive_flow *flow)
{
	struct endpoint *e = find_lent(s, flow);
	if (!e)
		return;
	g_ptr_array_remove_fast(s->lent, e);
	endpoint_close(e);
}

int receive_socket_watch_fd(struct receive_socket *s, const struct receive_flow *flow, int fd)
{
	if (s->packet)
		return -EOPNOTSUPP;
	if (fd < 0) {
		end_lent(s, flow);
		return 0;
	}
	/* Watched already: what was read of it and not yet handed out must not be lost. */
	if (find_lent(s, flow))
		return 0;
	/* A number of our own in the poll set: the lender's may be closed and used anew. */
	int own_fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (own_fd < 0)
		return -errno;
	batch_prepare_socket(own_fd);
	struct endpoint *e;
	int rc = endpoint_open(s, own_fd, &e);
	if (rc < 0)
		return rc;
	e->lent = true;
	e->flow = *flow;
	g_ptr_array_add(s->lent, e);
	return 0;
}

void receive_socket_read(struct receive_socket *s)
{
	if (s->packet)
		read_endpoint(s->packet);
	/* From the end: an endpoint may be closed from within. */
	for (guint i = s->lent->len; i-- > 0;)
		if (i < s->lent->len)
			read_endpoint(g_ptr_array_index(s->lent, i));
}

void receive_socket_counters(const struct receive_socket *s, struct receive_socket_counters *ret)
{
	*ret = s->counters;
}

void receive_socket_close(struct receive_socket *s)
{
	if (!s)
		return;
	s->closed = true;
	if (s->packet)
		endpoint_close(s->packet);
	end_lent_but(s, NULL, 0);
	free_when_unused(s);
}
