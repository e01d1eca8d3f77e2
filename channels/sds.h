/*
 * channels/sds: service discovery and selection (ETSI TS 102 034 clause 5.2), as operators deliver
 * it to their boxes. Pure.
 *
 * Of broadcast discovery each service is a channel: its name is SI's Name, else its ServiceName,
 * which is the guide's id in either case; each IPMulticastAddress is a source, over RTP unless
 * Streaming says udp; FECBaseLayer, RTPRetransmission and the server of fast channel change come
 * along. DVBTriplet's ServiceId is the source's programme where several services share its address,
 * for only then does the stream hold more than one: elsewhere a head-end may have given the stream
 * another number. Package discovery gives numbers (LogicalChannelNumber; 0 is none) and bouquets
 * (a package that is not Visible is none); a service is the one of its ServiceName and domain,
 * else of its ServiceName, and keeps the first number of several. Packages may come before
 * services and in documents of their own: so all is held, up to SDS_HELD_BYTES, and handed out at
 * the end. A list of providers says in diagnostics where their lists are sent.
 */
#pragma once

#include <netinet/in.h>

#include "channels/parser.h"

/* A list that has more is an error. */
#define SDS_HELD_BYTES 33554432

extern const struct channel_parser_class sds_parser_class;

/* Where a provider sends its lists (by DVBSTP, clause 5.4.1); valid during the call. */
struct sds_offer {
	unsigned line;
	const char *provider; /* its domain name, "" where it has none */
	struct in_addr group;
	struct in_addr source; /* 0.0.0.0: any */
	uint16_t port;
};

typedef void (*sds_offer_fn)(void *ctx, const struct sds_offer *offer);
/* Calls fn instead of naming offers in diagnostics; before the parser is fed. */
void sds_take_offers(void *parser, sds_offer_fn fn, void *ctx);
