/* app/stats: what is received, how well, and what is held of it, as JSON for `ctl`. */
#pragma once

#include <jansson.h>

#include "client/app/net.h"
#include "client/play/play.h"

/*
 * [{"channel":2,"ring":"warm","units":71,"bytes":983040,"gop_ms":2000.0}, ...]: all that is
 * received but `watched` (ZAP_NO_CHANNEL: none).
 */
json_t *stats_ahead(struct net *net, const struct channel_list *channels, int watched);

/*
 * The same of all that is received, each with "watched", and its "quality" and "counters" as of
 * now_ns: rates, RTP's loss, order and jitter (RFC 3550), MDI (RFC 4445) and the first priority of
 * TR 101 290.
 */
json_t *stats_channels(
	struct net *net, const struct channel_list *channels, int watched, uint64_t now_ns);

/* Of the socket, and of a stream (NULL: all 0). */
json_t *stats_socket(const struct net *net);
json_t *stats_stream(const struct stream *stream);
/* Of what is played, since the start; `refused` as player_refused(). */
json_t *stats_play(const struct play_counters *play, uint64_t refused);
