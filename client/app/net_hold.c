/* app/net_hold: what is joined and received: zaps, channels ahead, other sources and line-ups. */
#include <glib.h>

#include "client/app/fit.h"
#include "client/app/net_state.h"

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

/* Of those that are about to be joined. */
static void choose_sources(struct net *net, const int *channels, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!members_has(net->members, channels[i]))
			addresses_choose(net->addresses, channels[i],
				net->choose ? net->choose(net->choose_ctx, channels[i]) : 0);
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
	choose_sources(net, set_list(set), set->len);
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

/* In one report; the flows are let in before, because there may be too many of them. */
static int hold(void *ctx, const int *channels, size_t n)
{
	struct net *net = ctx;
	int watched = net_streams_watched(net->streams);
	bool joined = members_has(net->members, watched);
	GArray *set = make_set(joined ? watched : ZAP_NO_CHANNEL, channels, n);
	choose_sources(net, set_list(set), set->len);
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

/* ---- other sources, another line-up ---- */

/* All that is joined and passes. */
static GArray *joined_that(
	const struct net *net, bool (*passes)(const void *ctx, int channel), const void *ctx)
{
	size_t n;
	const int *joined = members_list(net->members, &n);
	GArray *set = g_array_new(FALSE, FALSE, sizeof(int));
	for (size_t i = 0; i < n; i++)
		if (passes(ctx, joined[i]))
			g_array_append_val(set, joined[i]);
	return set;
}

static bool is_ahead(const void *ctx, int channel)
{
	const struct net *net = ctx;
	return channel != net_streams_watched(net->streams);
}

/* The one that could not be joined where it was received from before is joined now. */
static int join_watched(struct net *net, int channel, size_t source, uint64_t *ret_sent_ns)
{
	GArray *ahead = joined_that(net, is_ahead, net);
	GArray *set = make_set(channel, set_list(ahead), ahead->len);
	addresses_choose(net->addresses, channel, source);
	int error = members_set(net->members, set_list(set), set->len, ret_sent_ns);
	g_array_unref(set);
	g_array_unref(ahead);
	return error;
}

int net_switch(struct net *net, size_t source, uint64_t *ret_sent_ns)
{
	int channel = net_streams_watched(net->streams);
	net_streams_end(net->streams, channel);
	/* As in join(): the lender is about to close the socket. */
	if (net_socket_is_lent(net->socket)) {
		GArray *ahead = joined_that(net, is_ahead, net);
		let_in(net, set_list(ahead), ahead->len);
		g_array_unref(ahead);
	}
	net->zap_said = true;
	int error = members_has(net->members, channel)
			    ? members_switch(net->members, channel, source, ret_sent_ns)
			    : join_watched(net, channel, source, ret_sent_ns);
	switch_filter(net);
	return error;
}

/* Another line-up, and what becomes of the channels. */
struct taking {
	const struct net *net;
	const struct channel_list *channels;
	const int *to;
};

/* Whether it is held ahead, and in the new line-up still comes from there. */
static bool goes_on(const void *ctx, int channel)
{
	const struct taking *taking = ctx;
	int to = taking->to[channel];
	if (to < 0 || !is_ahead(taking->net, channel))
		return false;
	const struct channel *after = &taking->channels->channels[to];
	const struct channel_address *address = addresses_of(taking->net->addresses, channel);
	return addresses_find(after, address) < after->source_count;
}

/* What is gone and could not be left so (the filter cannot be had, say) is left by members_move().
 */
static void leave_others(struct net *net, const struct taking *taking)
{
	GArray *kept = joined_that(net, goes_on, taking);
	hold(net, set_list(kept), kept->len);
	g_array_unref(kept);
}

void net_take(struct net *net, const struct channel_list *channels, const int *to)
{
	const struct taking taking = {net, channels, to};
	int watched = net_streams_watched(net->streams);
	leave_others(net, &taking);
	size_t n;
	const int *joined = members_list(net->members, &n);
	struct addresses *after = addresses_new(channels);
	for (size_t i = 0; i < n; i++)
		if (to[joined[i]] >= 0)
			addresses_keep(
				after, to[joined[i]], addresses_of(net->addresses, joined[i]));
	if (watched != ZAP_NO_CHANNEL)
		addresses_keep(after, to[watched], addresses_of(net->addresses, watched));
	members_move(net->members, to, channels->count, after);
	net_streams_move(net->streams, to, channels->count, after);
	addresses_free(net->addresses);
	net->addresses = after;
	net->channels = channels;
}
