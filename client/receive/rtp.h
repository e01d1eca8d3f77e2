/*
 * receive/rtp: RTP headers (RFC 3550 section 5.1) and the order of packets. Pure.
 *
 * A packet that comes in order is handed on at once and without a copy. One that is ahead waits for
 * those before it, at most RTP_ORDER_WAIT_NS and at most RTP_ORDER_PACKETS sequence numbers; then
 * what is missing is given up and reported with the next packet.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RTP_ORDER_PACKETS 16
#define RTP_ORDER_WAIT_NS UINT64_C(20000000)

struct rtp_packet {
	uint8_t payload_type;
	uint16_t sequence;
	uint32_t timestamp; /* 90 kHz, when it was sent */
	uint32_t ssrc;
	const uint8_t *payload; /* without padding; into the datagram */
	size_t len;
};

/* Returns 0, or -EBADMSG (version, or lengths that do not fit) with *ret untouched. */
int rtp_parse(const uint8_t *data, size_t len, struct rtp_packet *ret);

struct rtp_output {
	const uint8_t *payload; /* valid until the next call on the order */
	size_t len;
	uint64_t arrival_ns;
	unsigned lost; /* packets missing right before this one; RTP_LOST_UNKNOWN after a restart */
};
#define RTP_LOST_UNKNOWN UINT16_MAX

/* How a packet came. */
enum rtp_arrival {
	RTP_NEWEST,
	RTP_REORDERED, /* behind a later one, in time */
	RTP_LATE,      /* given up already */
	RTP_DUPLICATE,
	RTP_FOREIGN,	/* of another SSRC or sequence */
	RTP_TAKES_OVER, /* and so was the one before it: both are handed on */
};

struct rtp_order_counters {
	uint64_t lost; /* given up; one that still came is counted as late too */
	uint64_t duplicate, late;
	uint64_t foreign;  /* of another SSRC or sequence that did not take over */
	uint64_t restarts; /* another SSRC or sequence took over */
};

struct rtp_order;
struct rtp_order *rtp_order_new(void);
void rtp_order_free(struct rtp_order *order); /* accepts NULL */

/*
 * Takes a packet in. The outputs that it caused must be taken with rtp_order_next() before the
 * packet's payload goes away and before the next push.
 *
 * A packet of another SSRC, or far from the expected sequence number, takes over only when the very
 * next packet is its successor (RFC 3550 appendix A.1) and nothing of the one that is being received
 * has come for 100 ms: of two senders on one group, or with a stray packet, that one goes on.
 */
enum rtp_arrival rtp_order_push(
	struct rtp_order *order, const struct rtp_packet *packet, uint64_t arrival_ns);
/* The next packet in order; false when there is none now. */
bool rtp_order_next(struct rtp_order *order, struct rtp_output *ret);

/* When waiting ends; UINT64_MAX when nothing is waited for. */
uint64_t rtp_order_deadline(const struct rtp_order *order);
/* Gives up what is due by now; outputs are taken with rtp_order_next(). */
void rtp_order_advance(struct rtp_order *order, uint64_t now_ns);

void rtp_order_counters(const struct rtp_order *order, struct rtp_order_counters *ret);
