/* app/stats: what is received, how well, and what is held of it, as JSON for `ctl`. */
#pragma once

#include <jansson.h>

#include "channels/memory.h"
#include "client/app/net.h"
#include "client/app/remember.h"
#include "client/play/play.h"

/*
 * [{"channel":2,"ring":"warm","units":71,"bytes":983040,"gop_ms":2000.0}, ...]: all that is
 * received but `watched` (ZAP_NO_CHANNEL: none).
 */
json_t *stats_ahead(struct net *net, const struct channel_list *channels, int watched);

/*
 * What is remembered of a channel, and so expected of its next zap, as {"gop_ms":2000.0,
 * "rap_ms":170.2,"video":"h264","parameter_sets":true, ...}; rap_ms is how long a random access
 * point is on the line at its rate, wait_ms the longest wait for a whole one. null: what is not
 * known; all where `memory` is NULL.
 */
json_t *stats_expected(const struct channel_memory *memory);
/* The same of one that `remember` (NULL: nothing) may know. */
json_t *stats_remembered(const struct remember *remember, int channel);

/*
 * As stats_ahead(), of all that is received, each with "watched", what is "expected" of it, and its
 * "quality" and "counters" as of now_ns: rates, RTP's loss, order and jitter (RFC 3550), MDI (RFC
 * 4445) and the first priority of TR 101 290.
 */
json_t *stats_channels(struct net *net, const struct remember *remember,
	const struct channel_list *channels, int watched, uint64_t now_ns);

/* Of the socket, and of a stream (NULL: all 0). */
json_t *stats_socket(const struct net *net);
json_t *stats_stream(const struct stream *stream);
/* Of what is played, since the start; `refused` as player_refused(). */
json_t *stats_play(const struct play_counters *play, uint64_t refused);
