#include "client/app/net.h"

#include <glib.h>
#include <stdarg.h>
#include <string.h>

#include "client/app/members.h"
#include "client/receive/bundle.h"

/* Two GOPs of 4 s at 16 Mb/s. */
#define RING_BYTES ((size_t)16 << 20)
/* Between two tries to open a socket that could not be had. */
#define RETRY_MS 1000

struct net {
	struct net_listener listener;
	igmp_log_fn log;
	void *log_ctx;
	const struct channel_list *channels;
	const char *const *languages;
	const uint8_t *(*recall)(void *ctx, int channel, size_t *ret_len);
	void *recall_ctx;
	struct igmp_membership *membership;
	struct members *members;
	struct receive_socket *socket;
	bool lends;		  /* the kernel back end: data comes through its sockets */
	int ifindex;		  /* of the packet socket; 0: it has to be another one */
	uv_timer_t retry_timer;	  /* while a packet socket is missing */
	uv_prepare_t prepare;	  /* arms the timer once for all packets of a turn */
	uv_timer_t reorder_timer; /* when a gap in the RTP order is given up */

	struct bundle *bundle;
	int *handles;	   /* by channel: in the bundle, or BUNDLE_NONE */
	GArray *flows;	   /* struct receive_flow: what the socket lets in */
	size_t most_ahead; /* the system has no room for more */
	uint64_t unwanted; /* datagrams of a flow that a lent socket shares */

	uint64_t n;    /* of the zap that is received */
	int watched;   /* its channel */
	bool zap_said; /* what was said last is the zap's report, not one of channels ahead */
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

/* What is only remembered is no news yet. */
static void take_psi(struct net *net, const struct stream_event *psi)
{
	if (!psi->at_ns)
		return;
	struct zap_event event = {.type = ZAP_EVENT_MILESTONE,
		.n = net->n,
		.milestone = ZAP_PSI,
		.radio = psi->video == STREAM_CODEC_NONE && psi->audio != STREAM_CODEC_NONE,
		.at_ns = psi->at_ns};
	net->listener.event(net->listener.ctx, &event);
	net->listener.codecs(net->listener.ctx, net->n, psi->video, psi->audio);
}

static void take_event(struct net *net, const struct stream_event *event)
{
	switch (event->type) {
	case STREAM_EVENT_PSI:
		take_psi(net, event);
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
		net->listener.scrambled(net->listener.ctx, net->n, event->scrambled);
		break;
	}
}

void net_deliver(struct net *net)
{
	struct stream_event event;
	while (bundle_next_event(net->bundle, &event))
		take_event(net, &event);
}

static void on_reorder_timer(uv_timer_t *timer)
{
	struct net *net = timer->data;
	net_read(net);
	bundle_advance(net->bundle, uv_hrtime());
	net_deliver(net);
}

static void on_prepare(uv_prepare_t *prepare)
{
	struct net *net = prepare->data;
	uint64_t deadline_ns = bundle_deadline(net->bundle), now_ns = uv_hrtime();
	if (deadline_ns == UINT64_MAX)
		uv_timer_stop(&net->reorder_timer);
	else
		uv_timer_start(&net->reorder_timer, on_reorder_timer,
			deadline_ns > now_ns ? (deadline_ns - now_ns) / 1000000 + 1 : 0, 0);
}

static struct receive_flow flow_of(const struct net *net, int channel)
{
	const struct channel_address *address = &net->channels->channels[channel].sources[0];
	return (struct receive_flow){address->group, address->source, address->port};
}

static void on_datagram(void *ctx, const struct receive_datagram *datagram)
{
	struct net *net = ctx;
	bool is_watched = false;
	if (net->watched != ZAP_NO_CHANNEL) {
		struct receive_flow flow = flow_of(net, net->watched);
		is_watched = receive_flow_matches(&flow, &datagram->flow);
	}
	/* The event may begin the reception anew: the packet then belongs to the new stream. */
	if (is_watched)
		tell(net, ZAP_EVENT_PACKETS, 0, datagram->arrival_ns);
	net->unwanted += !bundle_receive(net->bundle, &datagram->flow, datagram->payload,
		datagram->len, datagram->arrival_ns);
	if (is_watched)
		net_deliver(net);
}

/* ---- opening and closing ---- */

static void on_closed(uv_handle_t *handle)
{
	struct net *net = handle->data;
	members_free(net->members);
	bundle_free(net->bundle);
	g_array_unref(net->flows);
	g_free(net->handles);
	g_free(net);
}

static void on_timer_closed(uv_handle_t *handle)
{
	struct net *net = handle->data;
	uv_close((uv_handle_t *)&net->prepare, on_closed);
}

static void on_retry_closed(uv_handle_t *timer)
{
	struct net *net = timer->data;
	uv_close((uv_handle_t *)&net->reorder_timer, on_timer_closed);
}

static void on_membership_closed(void *ctx)
{
	struct net *net = ctx;
	uv_close((uv_handle_t *)&net->retry_timer, on_retry_closed);
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
	if (net->zap_said)
		tell(net, ZAP_EVENT_MILESTONE, ZAP_REPORT, at_ns);
}

static void on_stamped(void *ctx, uint64_t wire_ns)
{
	struct net *net = ctx;
	if (net->zap_said)
		net->listener.stamped(net->listener.ctx, wire_ns);
}

static void complain(struct net *net, enum igmp_log_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static void complain(struct net *net, enum igmp_log_level level, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *sentence = g_strdup_vprintf(format, args);
	va_end(args);
	net->log(net->log_ctx, level, sentence);
	g_free(sentence);
}

static void on_retry_timer(uv_timer_t *timer);

/*
 * The kernel back end's sockets outlive the interface; a packet socket does not. One that cannot be
 * had is tried for again whenever something happens, and each second.
 */
static void follow_iface(struct net *net)
{
	const struct igmp_iface *iface = igmp_membership_iface(net->membership);
	bool was_missing = uv_is_active((uv_handle_t *)&net->retry_timer);
	uv_timer_stop(&net->retry_timer);
	if (iface->index == 0)
		net->ifindex = 0;
	if (net->lends || iface->index == net->ifindex)
		return;
	int error = receive_socket_rebind(net->socket, (unsigned)iface->index);
	if (!error)
		net->ifindex = iface->index;
	else
		uv_timer_start(&net->retry_timer, on_retry_timer, RETRY_MS, 0);
	if (error && !was_missing)
		complain(net, IGMP_LOG_ERROR,
			"%s: nothing can be received since it came back: %s; it is tried each "
			"second",
			iface->name, g_strerror(-error));
	if (!error && was_missing)
		complain(net, IGMP_LOG_INFO, "%s: packets can be received again", iface->name);
}

static void on_retry_timer(uv_timer_t *timer)
{
	follow_iface(timer->data);
}

static void on_iface_changed(void *ctx, const struct igmp_iface *now)
{
	(void)now;
	follow_iface(ctx);
}

static int open_socket(uv_loop_t *loop, struct net *net)
{
	const struct igmp_iface *iface = igmp_membership_iface(net->membership);
	net->lends = igmp_membership_backend(net->membership, NULL) == IGMP_BACKEND_KERNEL;
	net->ifindex = iface->index;
	net->members = members_new(net->membership, net->channels);
	return net->lends ? receive_socket_open_lent(loop, on_datagram, net, &net->socket)
			  : receive_socket_open_packet(
				    loop, iface->name, on_datagram, net, &net->socket);
}

static struct net *net_new(
	uv_loop_t *loop, const struct net_options *options, const struct net_listener *listener)
{
	struct net *net = g_new0(struct net, 1);
	net->listener = *listener;
	net->log = options->log;
	net->log_ctx = options->log_ctx;
	net->channels = options->channels;
	net->languages = options->languages;
	net->recall = options->recall;
	net->recall_ctx = options->recall_ctx;
	net->bundle = bundle_new(RING_BYTES);
	net->handles = g_new(int, net->channels->count);
	for (size_t i = 0; i < net->channels->count; i++)
		net->handles[i] = BUNDLE_NONE;
	net->flows = g_array_new(FALSE, FALSE, sizeof(struct receive_flow));
	net->most_ahead = SIZE_MAX;
	net->watched = ZAP_NO_CHANNEL;
	uv_timer_init(loop, &net->reorder_timer);
	uv_timer_init(loop, &net->retry_timer);
	uv_prepare_init(loop, &net->prepare);
	net->reorder_timer.data = net->retry_timer.data = net->prepare.data = net;
	uv_prepare_start(&net->prepare, on_prepare);
	return net;
}

int net_open(uv_loop_t *loop, const struct net_options *options,
	const struct net_listener *listener, struct net **ret)
{
	struct net *net = net_new(loop, options, listener);
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
	int error = igmp_membership_open(loop, &membership, &net->membership);
	if (!error)
		error = open_socket(loop, net);
	if (error) {
		net_close(net);
		return error;
	}
	*ret = net;
	return 0;
}

void net_close(struct net *net)
{
	if (!net)
		return;
	net->watched = ZAP_NO_CHANNEL;
	uv_prepare_stop(&net->prepare);
	uv_timer_stop(&net->retry_timer);
	receive_socket_close(net->socket);
	igmp_membership_close(net->membership, on_membership_closed, net);
}

/* ---- what is received ---- */

static void begin_stream(struct net *net, int channel)
{
	struct receive_flow flow = flow_of(net, channel);
	if (net->handles[channel] != BUNDLE_NONE)
		return;
	net->handles[channel] = bundle_add(net->bundle, &flow);
	struct stream *stream = bundle_stream(net->bundle, net->handles[channel]);
	stream_prefer_languages(stream, net->languages, g_strv_length((char **)net->languages));
	size_t len;
	const uint8_t *psi = net->recall(net->recall_ctx, channel, &len);
	if (psi)
		stream_expect(stream, psi, len);
}

static void end_stream(struct net *net, int channel)
{
	bundle_remove(net->bundle, net->handles[channel]);
	net->handles[channel] = BUNDLE_NONE;
}

/* A lent socket serves all flows of a group and port: the kernel knows the sources. */
static void add_flow(const struct net *net, GArray *flows, int channel)
{
	struct receive_flow flow = flow_of(net, channel);
	if (net->lends)
		flow.source.s_addr = INADDR_ANY;
	for (guint i = 0; i < flows->len; i++) {
		const struct receive_flow *other = &g_array_index(flows, struct receive_flow, i);
		if (other->group.s_addr == flow.group.s_addr && other->port == flow.port &&
			other->source.s_addr == flow.source.s_addr)
			return;
	}
	g_array_append_val(flows, flow);
}

/* Lets in the flows of these channels only. A lent socket's are ended here, not begun. */
static int let_in(struct net *net, const int *channels, size_t n)
{
	GArray *flows = g_array_new(FALSE, FALSE, sizeof(struct receive_flow));
	for (size_t i = 0; i < n; i++)
		add_flow(net, flows, channels[i]);
	bool same = flows->len == net->flows->len &&
		    (!flows->len || !memcmp(flows->data, net->flows->data,
					    flows->len * sizeof(struct receive_flow)));
	int error =
		same ? 0
		     : receive_socket_watch(net->socket,
			       (const struct receive_flow *)(const void *)flows->data, flows->len);
	if (error) {
		g_array_unref(flows);
		return error;
	}
	g_array_unref(net->flows);
	net->flows = flows;
	return 0;
}

/* Begins what is lent; the flows of joined channels have a descriptor. */
static int borrow(struct net *net)
{
	int first_error = 0;
	for (guint i = 0; net->lends && i < net->flows->len; i++) {
		const struct receive_flow *flow =
			&g_array_index(net->flows, struct receive_flow, i);
		int fd = igmp_membership_data_fd(net->membership, flow->group, flow->port);
		int error = receive_socket_watch_fd(net->socket, flow, fd);
		first_error = first_error ? first_error : error;
	}
	return first_error;
}

/* Streams begin and end with their membership, but the watched one's with net_receive(). */
static void follow_members(struct net *net)
{
	for (size_t i = 0; i < net->channels->count; i++) {
		int channel = (int)i;
		if (channel == net->watched)
			continue;
		if (members_has(net->members, channel))
			begin_stream(net, channel);
		else if (net->handles[channel] != BUNDLE_NONE)
			end_stream(net, channel);
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
	if (net->lends)
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

/* What still comes of the watched channel, or has been waiting, is handed on no more. */
static void unwatch(struct net *net)
{
	net->watched = ZAP_NO_CHANNEL;
	bundle_promote(net->bundle, BUNDLE_NONE, 0);
}

int net_change(struct net *net, int to, const int *ahead, size_t n_ahead, uint64_t *ret_sent_ns)
{
	if (ret_sent_ns)
		*ret_sent_ns = 0;
	net->zap_said = false;
	if (to != net->watched)
		unwatch(net);
	int error = members_has(net->members, to) ? 0 : join(net, to, ahead, n_ahead, ret_sent_ns);
	follow_iface(net);
	return error;
}

static int let_in_received(struct net *net)
{
	size_t n;
	const int *joined = members_list(net->members, &n);
	GArray *set = make_set(net->watched, joined, n);
	int error = let_in(net, set_list(set), set->len);
	g_array_unref(set);
	return error ? error : borrow(net);
}

int net_receive(
	struct net *net, uint64_t n, int channel, uint64_t pressed_ns, enum ring_state *ret_state)
{
	if (channel != ZAP_NO_CHANNEL && channel == net->watched)
		end_stream(net, channel);
	net->n = n;
	net->watched = channel;
	net->rap_complete = false;
	net->key_pts_90khz = 0;
	follow_members(net);
	if (channel != ZAP_NO_CHANNEL)
		begin_stream(net, channel);
	*ret_state = bundle_promote(net->bundle,
		channel == ZAP_NO_CHANNEL ? BUNDLE_NONE : net->handles[channel], pressed_ns);
	int error = let_in_received(net);
	if (!error || channel == ZAP_NO_CHANNEL)
		return error;
	/* What is watched comes before what is held ahead. */
	net_hold(net, NULL, 0);
	return let_in_received(net);
}

/* In one report; the flows are let in before, because there may be too many of them. */
static int hold(struct net *net, const int *channels, size_t n)
{
	bool joined = members_has(net->members, net->watched);
	GArray *set = make_set(joined ? net->watched : ZAP_NO_CHANNEL, channels, n);
	int error = let_in(net, set_list(set), set->len);
	if (!error && !members_are(net->members, set_list(set), set->len))
		net->zap_said = false;
	if (!error)
		error = members_set(net->members, set_list(set), set->len, NULL);
	g_array_unref(set);
	follow_members(net);
	return error ? error : let_in_received(net);
}

size_t net_hold(struct net *net, const int *channels, size_t n)
{
	size_t wanted = n;
	int error;
	n = MIN(n, net->most_ahead);
	while ((error = hold(net, channels, n)) && n > 0) {
		n /= 2;
		net->most_ahead = n;
		complain(net, IGMP_LOG_WARNING,
			"%zu channels cannot be received ahead here, no more than %zu will be: %s",
			wanted, n, g_strerror(-error));
	}
	return n;
}

void net_announce(struct net *net)
{
	igmp_membership_announce(net->membership);
}

void net_read(struct net *net)
{
	receive_socket_read(net->socket);
}

const int *net_received(const struct net *net, size_t *ret_count)
{
	return members_list(net->members, ret_count);
}

struct stream *net_stream(struct net *net, int channel)
{
	return channel < 0 ? NULL : bundle_stream(net->bundle, net->handles[channel]);
}

const struct ring *net_ring(const struct net *net, int channel)
{
	return channel < 0 ? NULL : bundle_ring(net->bundle, net->handles[channel]);
}

struct igmp_membership *net_membership(struct net *net)
{
	return net->membership;
}

void net_counters(const struct net *net, struct receive_socket_counters *ret)
{
	receive_socket_counters(net->socket, ret);
	ret->dropped_flow += net->unwanted;
}
