#include "client/app/net.h"

#include <glib.h>

struct net {
	struct net_listener listener;
	igmp_log_fn log;
	void *log_ctx;
	struct igmp_membership *membership;
	struct receive_socket *socket;
	bool lends;		  /* the kernel back end: data comes through its sockets */
	int ifindex;		  /* of the packet socket, 0 while the interface is gone */
	uv_timer_t reorder_timer; /* when a gap in the RTP order is given up */

	bool any_joined;
	struct channel_address joined;

	uint64_t n; /* of the zap that is received */
	struct stream *stream;
	bool rap_complete;
	uint64_t key_pts_90khz; /* of the last random access point, 0: none yet */
};

static void tell(
	struct net *net, enum zap_event_type type, enum zap_milestone milestone, uint64_t at_ns)
{
	struct zap_event event = {
		.type = type, .n = net->n, .milestone = milestone, .at_ns = at_ns};
	net->listener.event(net->listener.ctx, &event);
}

/* The first whole key unit ends nature's wait; the distance between two is the GOP. */
static void follow_key_unit(struct net *net, const struct stream_unit *unit)
{
	if (!net->rap_complete)
		tell(net, ZAP_EVENT_MILESTONE, ZAP_RAP_COMPLETE, unit->last_arrival_ns);
	net->rap_complete = true;
	if (net->key_pts_90khz && unit->pts_90khz > net->key_pts_90khz) {
		struct zap_event event = {.type = ZAP_EVENT_GOP,
			.n = net->n,
			.span_ns = (unit->pts_90khz - net->key_pts_90khz) * 100000 / 9};
		net->listener.event(net->listener.ctx, &event);
	}
	net->key_pts_90khz = unit->pts_90khz;
}

static void take_event(struct net *net, const struct stream_event *event)
{
	switch (event->type) {
	case STREAM_EVENT_PSI:
		tell(net, ZAP_EVENT_MILESTONE, ZAP_PSI, event->at_ns);
		net->listener.codecs(net->listener.ctx, net->n, event->video, event->audio);
		break;
	case STREAM_EVENT_RAP:
		tell(net, ZAP_EVENT_MILESTONE, ZAP_RAP, event->at_ns);
		break;
	case STREAM_EVENT_UNIT:
		if (event->unit.kind == STREAM_VIDEO && event->unit.key)
			follow_key_unit(net, &event->unit);
		net->listener.unit(net->listener.ctx, net->n, &event->unit);
		break;
	case STREAM_EVENT_SCRAMBLED:
		break;
	}
}

static void on_reorder_timer(uv_timer_t *timer);

static void drain(struct net *net)
{
	struct stream_event event;
	while (net->stream && stream_next_event(net->stream, &event))
		take_event(net, &event);
	uint64_t deadline_ns = net->stream ? stream_deadline(net->stream) : UINT64_MAX;
	uint64_t now_ns = uv_hrtime();
	if (deadline_ns == UINT64_MAX)
		uv_timer_stop(&net->reorder_timer);
	else
		uv_timer_start(&net->reorder_timer, on_reorder_timer,
			deadline_ns > now_ns ? (deadline_ns - now_ns) / 1000000 + 1 : 0, 0);
}

static void on_reorder_timer(uv_timer_t *timer)
{
	struct net *net = timer->data;
	net_read(net);
	if (net->stream)
		stream_advance(net->stream, uv_hrtime());
	drain(net);
}

static void on_datagram(void *ctx, const struct receive_datagram *datagram)
{
	struct net *net = ctx;
	if (!net->stream)
		return;
	tell(net, ZAP_EVENT_PACKETS, 0, datagram->arrival_ns);
	/* The event may have begun the reception anew: the packet then belongs to the new stream.
	 */
	stream_receive(net->stream, datagram->payload, datagram->len, datagram->arrival_ns);
	drain(net);
}

static void on_closed(uv_handle_t *timer)
{
	g_free(timer->data);
}

static void on_membership_closed(void *ctx)
{
	struct net *net = ctx;
	uv_close((uv_handle_t *)&net->reorder_timer, on_closed);
}

static void on_noticed(void *ctx, const struct igmp_said *said)
{
	struct net *net = ctx;
	net->listener.noticed(net->listener.ctx, said);
}

/* The kernel back end's sockets outlive the interface; a packet socket does not. */
static void on_iface_changed(void *ctx, const struct igmp_iface *now)
{
	struct net *net = ctx;
	bool is_another = now->index != net->ifindex;
	net->ifindex = now->index;
	if (net->lends || !is_another || now->index == 0)
		return;
	int error = receive_socket_rebind(net->socket, (unsigned)now->index);
	if (!error)
		return;
	char *sentence = g_strdup_printf("%s: nothing can be received since it came back: %s",
		now->name, g_strerror(-error));
	net->log(net->log_ctx, IGMP_LOG_ERROR, sentence);
	g_free(sentence);
}

static int open_socket(uv_loop_t *loop, const char *iface, struct net *net)
{
	net->lends = igmp_membership_backend(net->membership, NULL) == IGMP_BACKEND_KERNEL;
	net->ifindex = igmp_membership_iface(net->membership)->index;
	return net->lends ? receive_socket_open_lent(loop, on_datagram, net, &net->socket)
			  : receive_socket_open_packet(loop, iface, on_datagram, net, &net->socket);
}

int net_open(uv_loop_t *loop, const struct net_options *options,
	const struct net_listener *listener, struct net **ret)
{
	struct net *net = g_new0(struct net, 1);
	net->listener = *listener;
	net->log = options->log;
	net->log_ctx = options->log_ctx;
	uv_timer_init(loop, &net->reorder_timer);
	net->reorder_timer.data = net;
	struct igmp_membership_options membership = {.iface = options->iface,
		.backend = options->backend,
		.host = options->host,
		.log = options->log,
		.log_ctx = options->log_ctx,
		.iface_changed = on_iface_changed,
		.noticed = on_noticed,
		.event_ctx = net};
	int error = igmp_membership_open(loop, &membership, &net->membership);
	if (!error)
		error = open_socket(loop, options->iface, net);
	if (error) {
		net_close(net);
		return error;
	}
	*ret = net;
	return 0;
}

static struct igmp_listen request(const struct channel_address *address, bool join)
{
	struct igmp_listen listen = {.group = address->group, .port = address->port};
	if (join && !address->source.s_addr)
		listen.filter.mode = IGMP_EXCLUDE;
	if (join && address->source.s_addr) {
		listen.filter.source_count = 1;
		listen.filter.sources[0] = address->source;
	}
	return listen;
}

static struct receive_flow flow_of(const struct channel_address *address)
{
	return (struct receive_flow){address->group, address->source, address->port};
}

/* The lender closes its socket when the group is left: forget it before. */
static void forget_lent(struct net *net)
{
	if (!net->lends || !net->any_joined)
		return;
	struct receive_flow flow = flow_of(&net->joined);
	receive_socket_watch_fd(net->socket, &flow, -1);
}

int net_change(struct net *net, const struct channel_address *to, uint64_t *ret_sent_ns)
{
	struct igmp_listen requests[2];
	size_t n = 0;
	forget_lent(net);
	/* Two channels may share a group (other ports, other sources): it is not left then. */
	bool shared = net->any_joined && to && net->joined.group.s_addr == to->group.s_addr;
	if (net->any_joined && !shared)
		requests[n++] = request(&net->joined, false);
	if (to)
		requests[n++] = request(to, true);
	int error = igmp_membership_listen(net->membership, requests, n, ret_sent_ns);
	/* What cannot be joined is no reason to go on with what the viewer has left. */
	if (error < 0 && net->any_joined) {
		struct igmp_listen leave = request(&net->joined, false);
		igmp_membership_listen(net->membership, &leave, 1, NULL);
	}
	net->any_joined = to && !error;
	if (net->any_joined)
		net->joined = *to;
	return error;
}

int net_receive(struct net *net, uint64_t n, const struct channel_address *address)
{
	stream_free(net->stream);
	net->stream = NULL;
	net->n = n;
	net->rap_complete = false;
	net->key_pts_90khz = 0;
	uv_timer_stop(&net->reorder_timer);
	if (!address)
		return net->lends ? 0 : receive_socket_watch(net->socket, NULL, 0);

	net->stream = stream_new();
	struct receive_flow flow = flow_of(address);
	if (!net->lends)
		return receive_socket_watch(net->socket, &flow, 1);
	int fd = igmp_membership_data_fd(net->membership, address->group, address->port);
	return receive_socket_watch_fd(net->socket, &flow, fd);
}

void net_read(struct net *net)
{
	receive_socket_read(net->socket);
}

struct igmp_membership *net_membership(struct net *net)
{
	return net->membership;
}

void net_counters(const struct net *net, struct receive_socket_counters *ret_socket,
	struct stream_counters *ret_stream)
{
	*ret_stream = (struct stream_counters){0};
	receive_socket_counters(net->socket, ret_socket);
	if (net->stream)
		stream_counters(net->stream, ret_stream);
}

void net_close(struct net *net)
{
	if (!net)
		return;
	receive_socket_close(net->socket);
	stream_free(net->stream);
	net->stream = NULL;
	igmp_membership_close(net->membership, on_membership_closed, net);
}
