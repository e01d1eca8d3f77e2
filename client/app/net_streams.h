/*
 * app/net_streams: the streams of the channels that are received, by channel, and which of them is
 * watched. In: channels that begin and end, datagrams, the time. Out, of the watched one: events
 * for zap, access units for play. No socket and no clock; channels are indexes of the line-up.
 */
#pragma once

#include "client/app/addresses.h"
#include "client/app/net.h"

struct net_streams;

/* All that the options and the listener point to outlives it, and so do the addresses. */
struct net_streams *net_streams_new(const struct net_options *options,
	const struct addresses *addresses, const struct net_listener *listener);
void net_streams_free(struct net_streams *s); /* accepts NULL */

/* What a channel's packets are known by. */
struct receive_flow net_streams_flow(const struct net_streams *s, int channel);

/* Receives a channel from nothing; one that is received already goes on. */
void net_streams_begin(struct net_streams *s, int channel);
/* Forgets a channel, if it is received. */
void net_streams_end(struct net_streams *s, int channel);

/* Nothing of what was watched is handed on any more, whether it comes or has been waiting. */
void net_streams_unwatch(struct net_streams *s);
/*
 * From now on `channel` (ZAP_NO_CHANNEL: none) is watched, as zap n, whose key was pressed at
 * pressed_ns; it is begun where it was not received. Returns what was there at the press;
 * net_streams_deliver() then hands it out.
 */
enum ring_state net_streams_watch(
	struct net_streams *s, uint64_t n, int channel, uint64_t pressed_ns);
int net_streams_watched(const struct net_streams *s);

/* Tells ZAP_EVENT_PACKETS, and then what the watched channel's packet completes. */
void net_streams_datagram(struct net_streams *s, const struct receive_datagram *datagram);
void net_streams_deliver(struct net_streams *s);

/* As bundle_deadline(); what became due is delivered. */
uint64_t net_streams_deadline(const struct net_streams *s);
void net_streams_advance(struct net_streams *s, uint64_t now_ns);

/* NULL for a channel that is not received. */
struct stream *net_streams_stream(struct net_streams *s, int channel);
const struct ring *net_streams_ring(const struct net_streams *s, int channel);
/*
 * Channel i is to[i] from now on, of `count` channels, with these addresses, which are the same for
 * those that are received. They go on; a channel that is gone (negative) is forgotten.
 */
void net_streams_move(
	struct net_streams *s, const int *to, size_t count, const struct addresses *addresses);

/* Datagrams that no channel wanted: of a flow that a lent socket shares. */
uint64_t net_streams_unwanted(const struct net_streams *s);
