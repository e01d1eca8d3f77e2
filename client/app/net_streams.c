#include "client/app/net_streams.h"

#include <glib.h>

#include "client/receive/bundle.h"

/* Two GOPs of 4 s at 16 Mb/s. */
#define RING_BYTES ((size_t)16 << 20)

struct net_streams {
	struct net_listener listener;
	const struct addresses *addresses;
	const char *const *languages;
	const uint8_t *(*recall)(void *ctx, int channel, size_t *ret_len);
	void *recall_ctx;

	struct bundle *bundle;
	size_t count;
	int *handles; /* by channel: in the bundle, or BUNDLE_NONE */
	uint64_t unwanted;

	uint64_t n;  /* of the zap that is received */
	int watched; /* its channel */
	bool rap_complete;
	uint64_t key_pts_90khz, key_arrival_ns; /* of the last random access point, 0: none yet */
};

/* Of so many channels that are not received. */
static int *new_handles(size_t count)
{
	int *handles = g_new(int, count);
	for (size_t i = 0; i < count; i++)
		handles[i] = BUNDLE_NONE;
	return handles;
}

struct net_streams *net_streams_new(const struct net_options *options,
	const struct addresses *addresses, const struct net_listener *listener)
{
	struct net_streams *s = g_new0(struct net_streams, 1);
	s->listener = *listener;
	s->addresses = addresses;
	s->languages = options->languages;
	s->recall = options->recall;
	s->recall_ctx = options->recall_ctx;
	s->bundle = bundle_new(RING_BYTES);
	s->count = options->channels->count;
	s->handles = new_handles(s->count);
	s->watched = ZAP_NO_CHANNEL;
	return s;
}

void net_streams_free(struct net_streams *s)
{
	if (!s)
		return;
	bundle_free(s->bundle);
	g_free(s->handles);
	g_free(s);
}

/* ---- which are received, and which is watched ---- */

struct receive_flow net_streams_flow(const struct net_streams *s, int channel)
{
	const struct channel_address *address = addresses_of(s->addresses, channel);
	return (struct receive_flow){address->group, address->source, address->port};
}

void net_streams_begin(struct net_streams *s, int channel)
{
	struct receive_flow flow = net_streams_flow(s, channel);
	if (s->handles[channel] != BUNDLE_NONE)
		return;
	s->handles[channel] = bundle_add(s->bundle, &flow);
	struct stream *stream = bundle_stream(s->bundle, s->handles[channel]);
	stream_choose_programme(stream, addresses_of(s->addresses, channel)->programme);
	stream_prefer_languages(stream, s->languages, g_strv_length((char **)s->languages));
	size_t len;
	const uint8_t *psi = s->recall(s->recall_ctx, channel, &len);
	if (psi)
		stream_expect(stream, psi, len);
}

void net_streams_end(struct net_streams *s, int channel)
{
	bundle_remove(s->bundle, s->handles[channel]);
	s->handles[channel] = BUNDLE_NONE;
}

void net_streams_unwatch(struct net_streams *s)
{
	s->watched = ZAP_NO_CHANNEL;
	bundle_promote(s->bundle, BUNDLE_NONE, 0);
}

enum ring_state net_streams_watch(
	struct net_streams *s, uint64_t n, int channel, uint64_t pressed_ns)
{
	s->n = n;
	s->watched = channel;
	s->rap_complete = false;
	s->key_pts_90khz = 0;
	if (channel != ZAP_NO_CHANNEL)
		net_streams_begin(s, channel);
	return bundle_promote(s->bundle,
		channel == ZAP_NO_CHANNEL ? BUNDLE_NONE : s->handles[channel], pressed_ns);
}

int net_streams_watched(const struct net_streams *s)
{
	return s->watched;
}

struct stream *net_streams_stream(struct net_streams *s, int channel)
{
	return channel < 0 ? NULL : bundle_stream(s->bundle, s->handles[channel]);
}

const struct ring *net_streams_ring(const struct net_streams *s, int channel)
{
	return channel < 0 ? NULL : bundle_ring(s->bundle, s->handles[channel]);
}

uint64_t net_streams_unwanted(const struct net_streams *s)
{
	return s->unwanted;
}

/* ---- what comes of the watched one ---- */

static void tell(struct net_streams *s, enum zap_event_type type, enum zap_milestone milestone,
	uint64_t at_ns)
{
	struct zap_event event = {.type = type, .n = s->n, .milestone = milestone, .at_ns = at_ns};
	s->listener.event(s->listener.ctx, &event);
}

/*
 * The first whole key unit ends nature's wait; the distance between two is the GOP. Times that jump
 * make it no longer than it took to arrive.
 */
static void follow_key_unit(struct net_streams *s, const struct stream_unit *unit)
{
	if (!s->rap_complete)
		tell(s, ZAP_EVENT_MILESTONE, ZAP_RAP_COMPLETE, unit->last_arrival_ns);
	s->rap_complete = true;
	if (s->key_pts_90khz && unit->pts_90khz > s->key_pts_90khz) {
		uint64_t span_ns = (unit->pts_90khz - s->key_pts_90khz) * 100000 / 9;
		struct zap_event event = {.type = ZAP_EVENT_GOP,
			.n = s->n,
			.span_ns = MIN(span_ns, unit->first_arrival_ns - s->key_arrival_ns)};
		s->listener.event(s->listener.ctx, &event);
	}
	s->key_pts_90khz = unit->pts_90khz;
	s->key_arrival_ns = unit->first_arrival_ns;
}

/* What is only remembered is no news yet. */
static void take_psi(struct net_streams *s, const struct stream_event *psi)
{
	if (!psi->at_ns)
		return;
	struct zap_event event = {.type = ZAP_EVENT_MILESTONE,
		.n = s->n,
		.milestone = ZAP_PSI,
		.radio = psi->video == STREAM_CODEC_NONE && psi->audio != STREAM_CODEC_NONE,
		.at_ns = psi->at_ns};
	s->listener.event(s->listener.ctx, &event);
	s->listener.codecs(s->listener.ctx, s->n, psi->video, psi->audio);
}

static void take_event(struct net_streams *s, const struct stream_event *event)
{
	switch (event->type) {
	case STREAM_EVENT_PSI:
		take_psi(s, event);
		break;
	case STREAM_EVENT_RAP:
		tell(s, ZAP_EVENT_MILESTONE, ZAP_RAP, event->at_ns);
		break;
	case STREAM_EVENT_UNIT:
		if (event->unit.kind == STREAM_VIDEO && event->unit.key)
			follow_key_unit(s, &event->unit);
		s->listener.unit(s->listener.ctx, s->n, &event->unit);
		break;
	case STREAM_EVENT_SCRAMBLED:
		s->listener.scrambled(s->listener.ctx, s->n, event->scrambled);
		break;
	case STREAM_EVENT_NO_PROGRAMME:
		s->listener.no_programme(
			s->listener.ctx, s->n, addresses_of(s->addresses, s->watched)->programme);
		break;
	}
}

void net_streams_deliver(struct net_streams *s)
{
	struct stream_event event;
	while (bundle_next_event(s->bundle, &event))
		take_event(s, &event);
}

static bool is_watched(const struct net_streams *s, const struct receive_flow *flow)
{
	if (s->watched == ZAP_NO_CHANNEL)
		return false;
	struct receive_flow wanted = net_streams_flow(s, s->watched);
	return receive_flow_matches(&wanted, flow);
}

void net_streams_datagram(struct net_streams *s, const struct receive_datagram *datagram)
{
	bool watched = is_watched(s, &datagram->flow);
	/* The event may begin the reception anew: the packet then belongs to the new stream. */
	if (watched)
		tell(s, ZAP_EVENT_PACKETS, 0, datagram->arrival_ns);
	s->unwanted += !bundle_receive(
		s->bundle, &datagram->flow, datagram->payload, datagram->len, datagram->arrival_ns);
	if (watched)
		net_streams_deliver(s);
}

void net_streams_move(
	struct net_streams *s, const int *to, size_t count, const struct addresses *addresses)
{
	int *handles = new_handles(count);
	for (size_t i = 0; i < s->count; i++) {
		if (to[i] >= 0)
			handles[to[i]] = s->handles[i];
		else
			bundle_remove(s->bundle, s->handles[i]);
	}
	if (s->watched != ZAP_NO_CHANNEL)
		s->watched = to[s->watched];
	g_free(s->handles);
	s->handles = handles;
	s->count = count;
	s->addresses = addresses;
}

uint64_t net_streams_deadline(const struct net_streams *s)
{
	return bundle_deadline(s->bundle);
}

void net_streams_advance(struct net_streams *s, uint64_t now_ns)
{
	bundle_advance(s->bundle, now_ns);
	net_streams_deliver(s);
}
