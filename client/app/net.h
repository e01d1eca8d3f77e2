/*
 * app/net: the seam between zap, igmp and receive. Carries out "leave that, join this", "receive
 * this" and "hold those ahead", and brings back what arrives of the watched channel: events for
 * zap, access units for play. Channels are indexes of the line-up; of each one source counts at a
 * time.
 */
#pragma once

#include <uv.h>

#include "channels/lineup.h"
#include "client/receive/ring.h"
#include "client/receive/socket.h"
#include "client/receive/stream.h"
#include "client/zap.h"
#include "igmp/membership.h"

struct net_options {
	const char *iface;
	enum igmp_backend backend;
	struct igmp_host_settings host;
	const struct channel_list *channels; /* outlives it, or net_take() */
	const char *const *languages;	     /* most wanted first, NULL-terminated; outlives it */
	/* What is known of a channel's PAT and PMT for stream_expect(); NULL: nothing. */
	const uint8_t *(*recall)(void *ctx, int channel, size_t *ret_len);
	/* From which of its sources a channel that is about to be joined is received; NULL: the
	 * first. */
	size_t (*choose)(void *ctx, int channel);
	void *recall_ctx; /* of both */
	igmp_log_fn log;
	void *log_ctx;
};

struct net_listener {
	void (*event)(void *ctx, const struct zap_event *event);
	/* An access unit of zap n; its data is the taker's to g_bytes_unref(). */
	void (*unit)(void *ctx, uint64_t n, const struct stream_unit *unit);
	/* What the stream of zap n holds became known. */
	void (*codecs)(void *ctx, uint64_t n, enum stream_codec video, enum stream_codec audio);
	/* The stream of zap n is scrambled from here on, or no longer. */
	void (*scrambled)(void *ctx, uint64_t n, bool scrambled);
	/* The stream of zap n does not hold the programme that the line-up names, or no longer. */
	void (*no_programme)(void *ctx, uint64_t n, uint16_t number);
	/* As of igmp_membership_options: also from within net_open() and net_change(). */
	void (*noticed)(void *ctx, const struct igmp_said *said);
	/* The same, of zaps' reports only: none of what is held ahead. */
	void (*stamped)(void *ctx, uint64_t wire_ns);
	void *ctx;
};

struct net;

/* Errors as igmp_membership_open(). Closed with net_close(). */
int net_open(uv_loop_t *loop, const struct net_options *options,
	const struct net_listener *listener, struct net **ret);

/*
 * For a zap to `to` (ZAP_NO_CHANNEL: nothing): joins it, and leaves all others but those of `ahead`
 * that are joined already, in one report. Where `to` is joined already nothing is said: what is to
 * be left waits for the next report. From then on nothing of what was watched is handed on, whether
 * it still comes or has been waiting; what comes of `to` waits for net_receive(). *ret_sent_ns (may
 * be NULL; 0: nothing was said yet) and errors as igmp_membership_listen(); with an error nothing
 * but those of `ahead` is joined. Where the join leaves later, ZAP_REPORT comes as an event of the
 * zap that net_receive() names next.
 */
int net_change(struct net *net, int to, const int *ahead, size_t n_ahead, uint64_t *ret_sent_ns);

/*
 * From now on `channel` (joined before; ZAP_NO_CHANNEL: none) is watched, as zap n, whose key was
 * pressed at pressed_ns. The channel that is watched already begins from nothing. *ret_state says
 * what was there at the press. net_deliver() then hands it out. -errno where the packet socket's
 * filter, or the kernel's socket, cannot be had.
 */
int net_receive(
	struct net *net, uint64_t n, int channel, uint64_t pressed_ns, enum ring_state *ret_state);
void net_deliver(struct net *net);

/*
 * From now on receives these, and no others besides the watched channel, in one report. What cannot
 * be joined is left out; returns how many are held: those that net_stream() knows. *ret_full says
 * whether the system has no room for more, and then the last ones that were not joined before are
 * left out. Both are logged.
 */
size_t net_hold(struct net *net, const int *channels, size_t n, bool *ret_full);

/*
 * The watched channel comes from this one of its sources now: leaves the other and joins it, in one
 * report. From then on as after net_change(): nothing of it is handed on until net_receive().
 * *ret_sent_ns and errors as there, but with an error it is received as before.
 */
int net_switch(struct net *net, size_t source, uint64_t *ret_sent_ns);
/* Where a channel is, or would be, received from; the source's index as addresses_source(). */
const struct channel_address *net_address(const struct net *net, int channel);
size_t net_source(const struct net *net, int channel);

/*
 * The line-up is this one now (it outlives net, or the next call), in which channel i has become
 * to[i], negative: it is gone. Streams of channels whose address is in the new line-up go on with
 * their rings, and so does the watched one, whatever the line-up says; it must not be gone. All
 * others that were held ahead are left, in one report.
 */
void net_take(struct net *net, const struct channel_list *channels, const int *to);

/* Joins anew what is joined: nothing of it comes, and the network may have forgotten it. */
void net_announce(struct net *net);

/*
 * Takes in what has arrived by now. A loop that was late runs its timers before its sockets: ask
 * for this before a silence is believed.
 */
void net_read(struct net *net);

/* The channels that are received, the watched one among them. Valid until the next change. */
const int *net_received(const struct net *net, size_t *ret_count);
/*
 * Of a channel that is received; NULL for others. The stream's packets and events are net's, its
 * choices anybody's.
 */
struct stream *net_stream(struct net *net, int channel);
const struct ring *net_ring(const struct net *net, int channel);

/* For `ctl igmp`, `ctl status` and `ctl stats`. */
struct igmp_membership *net_membership(struct net *net);
void net_counters(const struct net *net, struct receive_socket_counters *ret);

/* Leaves everything; memory is freed from the loop. Accepts NULL. */
void net_close(struct net *net);
