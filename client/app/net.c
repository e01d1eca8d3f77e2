#include "client/app/net.h"

#include <glib.h>

#include "client/app/fit.h"
#include "client/app/members.h"
#include "client/app/net_socket.h"
#include "client/app/net_streams.h"

struct net {
	struct net_listener listener;
	igmp_log_fn log;
	void *log_ctx;
	const struct channel_list *channels;
	struct igmp_membership *membership;
	struct members *members;
	struct net_socket *socket;
	struct net_streams *streams;
	uv_prepare_t prepare;	  /* arms the timer once for all packets of a turn */
	uv_timer_t reorder_timer; /* when a gap in the RTP order is given up */

	uint64_t n;    /* of the zap that is received */
	bool zap_said; /* what was said last is the zap's report, not one of channels ahead */
};

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
	net->streams = net_streams_new(options, listener);
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
		net->members = members_new(net->membership, net->channels);
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

/* ---- what is received ---- */

/* Lets in the flows of these channels, and no others. */
static int let_in(struct net *net, const int *channels, size_t n)
{
	struct receive_flow *flows = g_new(struct receive_flow, n);
	for (size_t i = 0; i < n; i++)
		flows[i] = net_streams_flow(net->streams, channels[i]);
	int error = net_socket_let_in(net->socket, flows, n);
	g_free(flows);
	return error;
}

/* Streams begin and end with their membership, but the watched one's with net_receive(). */
static void follow_members(struct net *net)
{
	int watched = net_streams_watched(net->streams);
	for (size_t i = 0; i < net->channels->count; i++) {
		int channel = (int)i;
		if (channel == watched)
			continue;
		if (members_has(net->members, channel))
			net_streams_begin(net->streams, channel);
		else
			net_streams_end(net->streams, channel);
	}
}

/* `first`, where there is such a channel, and these behind it. */
static GArray *make_set(int first, const int *channels, size_t n)
{
	GArray *set = g_array_new(FALSE, FALSE, sizeof(int));
	if (first != ZAP_NO_CHANNEL)
		g_array_append_val(set, first);
	for (size_t i = 0; i < n; i++)
		if (channels[i] != first)
			g_array_append_val(set, channels[i]);
	return set;
}

static const int *set_list(const GArray *set)
{
	return (const int *)(const void *)set->data;
}

static GArray *joined_of(const struct net *net, const int *channels, size_t n)
{
	GArray *set = g_array_new(FALSE, FALSE, sizeof(int));
	for (size_t i = 0; i < n; i++)
		if (members_has(net->members, channels[i]))
			g_array_append_val(set, channels[i]);
	return set;
}

/*
 * After the report, which must not wait for it: the packet socket lets in what is joined now and
 * nothing else, also of what it had let in before. The kernel takes some 0.05 ms to compile that,
 * and what a very near router sends before it is done is missed: 1 in 100 first packets, where the
 * whole network is in the same kernel. Without any filter meanwhile nothing would be missed, but
 * the same group in a VLAN be taken for the channel, and other traffic be counted as damage. What
 * fails here is tried again, and told, by net_receive().
 */
static void switch_filter(struct net *net)
{
	size_t n;
	const int *joined = members_list(net->members, &n);
	let_in(net, joined, n);
}

/* Joins `to`, which is not joined, and leaves all but those of `ahead` that are. */
static int join(struct net *net, int to, const int *ahead, size_t n_ahead, uint64_t *ret_sent_ns)
{
	GArray *kept = joined_of(net, ahead, n_ahead);
	GArray *set = make_set(to, set_list(kept), kept->len);
	/* The lender closes its sockets when their group is left: they are forgotten before. */
	if (net_socket_is_lent(net->socket))
		let_in(net, set_list(set), set->len);
	net->zap_said = true;
	int error = members_set(net->members, set_list(set), set->len, ret_sent_ns);
	/* What cannot be joined is no reason to go on with what the viewer has left. */
	if (error < 0)
		members_set(net->members, set_list(kept), kept->len, NULL);
	switch_filter(net);
	g_array_unref(set);
	g_array_unref(kept);
	return error;
}

int net_change(struct net *net, int to, const int *ahead, size_t n_ahead, uint64_t *ret_sent_ns)
{
	if (ret_sent_ns)
		*ret_sent_ns = 0;
	net->zap_said = false;
	if (to != net_streams_watched(net->streams))
		net_streams_unwatch(net->streams);
	int error = members_has(net->members, to) ? 0 : join(net, to, ahead, n_ahead, ret_sent_ns);
	net_socket_follow_iface(net->socket);
	return error;
}

static int let_in_received(struct net *net)
{
	size_t n;
	const int *joined = members_list(net->members, &n);
	GArray *set = make_set(net_streams_watched(net->streams), joined, n);
	int error = let_in(net, set_list(set), set->len);
	g_array_unref(set);
	return error ? error : net_socket_borrow(net->socket);
}

int net_receive(
	struct net *net, uint64_t n, int channel, uint64_t pressed_ns, enum ring_state *ret_state)
{
	if (channel != ZAP_NO_CHANNEL && channel == net_streams_watched(net->streams))
		net_streams_end(net->streams, channel);
	net->n = n;
	*ret_state = net_streams_watch(net->streams, n, channel, pressed_ns);
	follow_members(net);
	int error = let_in_received(net);
	if (!error || channel == ZAP_NO_CHANNEL)
		return error;
	/* What is watched comes before what is held ahead. */
	bool full;
	net_hold(net, NULL, 0, &full);
	return let_in_received(net);
}

void net_deliver(struct net *net)
{
	net_streams_deliver(net->streams);
}

/* In one report; the flows are let in before, because there may be too many of them. */
static int hold(void *ctx, const int *channels, size_t n)
{
	struct net *net = ctx;
	int watched = net_streams_watched(net->streams);
	bool joined = members_has(net->members, watched);
	GArray *set = make_set(joined ? watched : ZAP_NO_CHANNEL, channels, n);
	int error = let_in(net, set_list(set), set->len);
	if (!error && !members_are(net->members, set_list(set), set->len))
		net->zap_said = false;
	if (!error)
		error = members_set(net->members, set_list(set), set->len, NULL);
	g_array_unref(set);
	follow_members(net);
	int flows_error = let_in_received(net);
	return error ? error : flows_error;
}

static void say_how_many(struct net *net, size_t wanted, size_t held, int error)
{
	char *sentence = g_strdup_printf(
		"%zu channels cannot be received ahead here, no more than %zu will be: %s", wanted,
		held, g_strerror(-error));
	net->log(net->log_ctx, IGMP_LOG_WARNING, sentence);
	g_free(sentence);
}

static void say_refused(void *ctx, int channel, int error)
{
	struct net *net = ctx;
	const struct channel *refused = &net->channels->channels[channel];
	char number[CHANNEL_NUMBER_BYTES];
	char *sentence = g_strdup_printf("channel %s cannot be received ahead: %s",
		channel_number_format(refused, number), g_strerror(-error));
	net->log(net->log_ctx, IGMP_LOG_WARNING, sentence);
	g_free(sentence);
}

/* These, but first what is joined, which costs nothing and is warm. */
static GArray *joined_first(const struct net *net, const int *channels, size_t n, size_t *ret_kept)
{
	GArray *set = joined_of(net, channels, n);
	*ret_kept = set->len;
	for (size_t i = 0; i < n; i++)
		if (!members_has(net->members, channels[i]))
			g_array_append_val(set, channels[i]);
	return set;
}

size_t net_hold(struct net *net, const int *channels, size_t n, bool *ret_full)
{
	const struct fit_tries tries = {hold, say_refused, net};
	size_t kept;
	int error;
	GArray *set = joined_first(net, channels, n, &kept);
	size_t held = fit_most(&tries, (int *)(void *)set->data, n, kept, &error);
	*ret_full = error != 0;
	if (error)
		say_how_many(net, n, held, error);
	g_array_unref(set);
	return held;
}

void net_recall(struct net *net)
{
	net_streams_recall(net->streams);
}

void net_announce(struct net *net)
{
	igmp_membership_announce(net->membership);
}

void net_read(struct net *net)
{
	net_socket_read(net->socket);
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
