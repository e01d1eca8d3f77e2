/* app/net: opens and closes, and what the rooms say. */
#include <glib.h>

#include "client/app/net_state.h"

/* ---- what the rooms say ---- */

static void on_datagram(void *ctx, const struct receive_datagram *datagram)
{
	struct net *net = ctx;
	net_streams_datagram(net->streams, datagram);
}

static void on_reorder_timer(uv_timer_t *timer)
{
	struct net *net = timer->data;
	net_read(net);
	net_streams_advance(net->streams, uv_hrtime());
}

static void on_prepare(uv_prepare_t *prepare)
{
	struct net *net = prepare->data;
	uint64_t deadline_ns = net_streams_deadline(net->streams), now_ns = uv_hrtime();
	if (deadline_ns == UINT64_MAX)
		uv_timer_stop(&net->reorder_timer);
	else
		uv_timer_start(&net->reorder_timer, on_reorder_timer,
			deadline_ns > now_ns ? (deadline_ns - now_ns) / 1000000 + 1 : 0, 0);
}

static void on_noticed(void *ctx, const struct igmp_said *said)
{
	struct net *net = ctx;
	net->listener.noticed(net->listener.ctx, said);
}

/* The join of the zap that is received by now; from the loop, and so after net_receive(). */
static void on_sent(void *ctx, uint64_t at_ns)
{
	struct net *net = ctx;
	struct zap_event event = {
		.type = ZAP_EVENT_MILESTONE, .n = net->n, .milestone = ZAP_REPORT, .at_ns = at_ns};
	if (net->zap_said)
		net->listener.event(net->listener.ctx, &event);
}

static void on_stamped(void *ctx, uint64_t wire_ns)
{
	struct net *net = ctx;
	if (net->zap_said)
		net->listener.stamped(net->listener.ctx, wire_ns);
}

static void on_iface_changed(void *ctx, const struct igmp_iface *now)
{
	struct net *net = ctx;
	(void)now;
	net_socket_follow_iface(net->socket);
}

/* ---- opening and closing ---- */

static struct net *net_new(
	uv_loop_t *loop, const struct net_options *options, const struct net_listener *listener)
{
	struct net *net = g_new0(struct net, 1);
	net->listener = *listener;
	net->log = options->log;
	net->log_ctx = options->log_ctx;
	net->channels = options->channels;
	net->choose = options->choose;
	net->choose_ctx = options->recall_ctx;
	net->addresses = addresses_new(options->channels);
	net->streams = net_streams_new(options, net->addresses, listener);
	uv_timer_init(loop, &net->reorder_timer);
	uv_prepare_init(loop, &net->prepare);
	net->reorder_timer.data = net->prepare.data = net;
	uv_prepare_start(&net->prepare, on_prepare);
	return net;
}

static int open_membership(uv_loop_t *loop, const struct net_options *options, struct net *net)
{
	struct igmp_membership_options membership = {.iface = options->iface,
		.backend = options->backend,
		.host = options->host,
		.log = options->log,
		.log_ctx = options->log_ctx,
		.iface_changed = on_iface_changed,
		.sent = on_sent,
		.noticed = on_noticed,
		.stamped = on_stamped,
		.event_ctx = net};
	return igmp_membership_open(loop, &membership, &net->membership);
}

int net_open(uv_loop_t *loop, const struct net_options *options,
	const struct net_listener *listener, struct net **ret)
{
	struct net *net = net_new(loop, options, listener);
	int error = open_membership(loop, options, net);
	if (!error) {
		struct net_socket_options socket = {.membership = net->membership,
			.datagram = on_datagram,
			.datagram_ctx = net,
			.log = options->log,
			.log_ctx = options->log_ctx};
		net->members = members_new(net->membership, net->addresses, net->channels->count);
		error = net_socket_open(loop, &socket, &net->socket);
	}
	if (error) {
		net_close(net);
		return error;
	}
	*ret = net;
	return 0;
}

static void on_closed(uv_handle_t *handle)
{
	struct net *net = handle->data;
	members_free(net->members);
	net_streams_free(net->streams);
	addresses_free(net->addresses);
	g_free(net);
}

static void on_timer_closed(uv_handle_t *handle)
{
	struct net *net = handle->data;
	uv_close((uv_handle_t *)&net->prepare, on_closed);
}

static void on_membership_closed(void *ctx)
{
	struct net *net = ctx;
	uv_close((uv_handle_t *)&net->reorder_timer, on_timer_closed);
}

void net_close(struct net *net)
{
	if (!net)
		return;
	uv_prepare_stop(&net->prepare);
	uv_timer_stop(&net->reorder_timer);
	/* Before the memberships, which may have lent its descriptors. */
	net_socket_close(net->socket);
	igmp_membership_close(net->membership, on_membership_closed, net);
}

/* ---- what is asked for ---- */

void net_deliver(struct net *net)
{
	net_streams_deliver(net->streams);
}

void net_read(struct net *net)
{
	net_socket_read(net->socket);
}

void net_announce(struct net *net)
{
	igmp_membership_announce(net->membership);
}

const struct channel_address *net_address(const struct net *net, int channel)
{
	return addresses_of(net->addresses, channel);
}

size_t net_source(const struct net *net, int channel)
{
	return addresses_source(net->addresses, channel);
}

const int *net_received(const struct net *net, size_t *ret_count)
{
	return members_list(net->members, ret_count);
}

struct stream *net_stream(struct net *net, int channel)
{
	return net_streams_stream(net->streams, channel);
}

const struct ring *net_ring(const struct net *net, int channel)
{
	return net_streams_ring(net->streams, channel);
}

struct igmp_membership *net_membership(struct net *net)
{
	return net->membership;
}

void net_counters(const struct net *net, struct receive_socket_counters *ret)
{
	net_socket_counters(net->socket, ret);
	ret->dropped_flow += net_streams_unwanted(net->streams);
}
