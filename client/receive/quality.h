/*
 * receive/quality: how well one channel's stream arrives, for people who look after networks and
 * head-ends. Pure; the stream tells it what it sees.
 */
#pragma once

#include "client/receive/mdi.h"
#include "client/receive/rtp.h"
#include "client/receive/tr101290.h"

struct quality_report {
	/* Over the last second: the line's bits (IP and UDP headers included), the TS's own. */
	uint64_t line_bps, ts_bps;
	/* RTP packets since the beginning. Reordered ones came behind a later one. */
	uint64_t received, lost, duplicate, reordered;
	uint64_t jitter_ns; /* interarrival jitter, RFC 3550 section 6.4.1 */
	struct mdi_second mdi, mdi_worst;
	struct tr101290_counters tr101290;
};

struct quality;
struct quality *quality_new(void);
void quality_free(struct quality *q); /* accepts NULL */

/* A datagram of so many bytes, with so many bytes of TS in it, arrived. */
void quality_datagram(struct quality *q, size_t bytes, size_t ts_bytes, uint64_t arrival_ns);
/*
 * Behind quality_datagram(), where it is an RTP packet of MPEG-2 TS (RFC 3551: 90 kHz time stamps);
 * in the order of arrival. A sender may change to plain packets and back.
 */
void quality_rtp(
	struct quality *q, enum rtp_arrival arrival, uint32_t timestamp, uint64_t arrival_ns);
/* So many RTP packets were given up. */
void quality_lost(struct quality *q, unsigned packets);
/* What the datagrams hold, in the stream's order. */
void quality_ts(struct quality *q, const struct ts_packet *packet, uint64_t arrival_ns);
void quality_bad_sync(struct quality *q);

void quality_report(const struct quality *q, uint64_t now_ns, struct quality_report *ret);
