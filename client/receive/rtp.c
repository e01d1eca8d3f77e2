#include "client/receive/rtp.h"

#include <bitstream/ietf/rtp.h>
#include <errno.h>
#include <glib.h>
#include <string.h>

/* RFC 3550 appendix A.1. */
enum {
	MAX_DROPOUT = 3000,
	MAX_MISORDER = 100,
};
/* Two senders' packets come in bursts, each of one of them: jitter of 20 ms makes such. */
#define SILENCE_NS (100 * UINT64_C(1000000))

/* biTStream's rtp_get_int_ssrc() shifts into the sign bit. */
static uint32_t read_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Length of header, CSRC list and extension, or 0 when they do not fit. */
static size_t header_length(const uint8_t *data, size_t len)
{
	size_t header = RTP_HEADER_SIZE + 4 * (size_t)rtp_get_cc(data);
	if (!rtp_check_extension(data))
		return header <= len ? header : 0;
	if (header + RTP_EXTENSION_SIZE > len)
		return 0;
	header += RTP_EXTENSION_SIZE + 4 * (size_t)rtpx_get_length(data + header);
	return header <= len ? header : 0;
}

int rtp_parse(const uint8_t *data, size_t len, struct rtp_packet *ret)
{
	if (len < RTP_HEADER_SIZE || !rtp_check_hdr(data))
		return -EBADMSG;
	size_t header = header_length(data, len);
	if (header == 0)
		return -EBADMSG;
	size_t padding = 0;
	if (rtp_check_padding(data)) {
		padding = data[len - 1];
		if (padding == 0 || padding > len - header)
			return -EBADMSG;
	}
	ret->payload_type = rtp_get_type(data);
	ret->sequence = rtp_get_seqnum(data);
	ret->timestamp = read_be32(data + 4);
	ret->ssrc = read_be32(data + 8);
	ret->payload = data + header;
	ret->len = len - header - padding;
	return 0;
}

/* A packet that waits, in memory of our own that is kept for the next one. */
struct held {
	bool used;
	uint16_t sequence;
	uint32_t ssrc;
	uint64_t arrival_ns;
	uint8_t *data;
	size_t len, capacity;
};

struct rtp_order {
	bool started;
	uint32_t ssrc;
	uint16_t next;	    /* the sequence number to hand on next */
	uint16_t newest;    /* that came */
	unsigned skip;	    /* so many numbers from `next` on are no longer waited for */
	unsigned lost;	    /* to be reported with the next packet */
	uint64_t known_ns;  /* when a packet of it came last */
	uint64_t handed_on; /* bit i: next - 1 - i was handed on */

	bool has_pending; /* the packet pushed last, still in the caller's memory */
	struct rtp_packet pending;
	uint64_t pending_arrival_ns;

	unsigned n_held;
	struct held held[RTP_ORDER_PACKETS]; /* by sequence number */
	struct held candidate;		     /* would take over if its successor came next */
	struct rtp_order_counters counters;
};

struct rtp_order *rtp_order_new(void)
{
	return g_new0(struct rtp_order, 1);
}

void rtp_order_free(struct rtp_order *order)
{
	if (!order)
		return;
	for (size_t i = 0; i < RTP_ORDER_PACKETS; i++)
		g_free(order->held[i].data);
	g_free(order->candidate.data);
	g_free(order);
}

static struct held *slot(struct rtp_order *order, uint16_t sequence)
{
	return &order->held[sequence % RTP_ORDER_PACKETS];
}

static void keep(struct held *held, const struct rtp_packet *packet, uint64_t arrival_ns)
{
	if (held->capacity < packet->len) {
		held->data = g_realloc(held->data, packet->len);
		held->capacity = packet->len;
	}
	if (packet->len > 0)
		memcpy(held->data, packet->payload, packet->len);
	held->used = true;
	held->sequence = packet->sequence;
	held->ssrc = packet->ssrc;
	held->len = packet->len;
	held->arrival_ns = arrival_ns;
}

static void start_at(struct rtp_order *order, uint32_t ssrc, uint16_t sequence)
{
	for (size_t i = 0; i < RTP_ORDER_PACKETS; i++)
		order->held[i].used = false;
	order->counters.lost += order->n_held;
	order->n_held = 0;
	order->skip = 0;
	order->handed_on = 0;
	order->started = true;
	order->ssrc = ssrc;
	order->next = sequence;
	order->newest = (uint16_t)(sequence - 1);
}

static void take_over(struct rtp_order *order)
{
	start_at(order, order->candidate.ssrc, order->candidate.sequence);
	struct held *first = slot(order, order->next);
	struct held spare = *first;
	*first = order->candidate;
	order->candidate = spare;
	order->n_held = 1;
	order->lost = RTP_LOST_UNKNOWN;
	order->counters.restarts++;
}

/* Of another sequence than the one being received: takes over, or waits for its successor. */
static enum rtp_arrival push_foreign(
	struct rtp_order *order, const struct rtp_packet *packet, uint64_t arrival_ns)
{
	struct held *candidate = &order->candidate;
	if (candidate->used && candidate->ssrc == packet->ssrc &&
		(uint16_t)(candidate->sequence + 1) == packet->sequence &&
		arrival_ns >= order->known_ns + SILENCE_NS) {
		take_over(order);
		order->known_ns = arrival_ns;
		order->newest = packet->sequence;
		order->has_pending = true;
		return RTP_TAKES_OVER;
	}
	order->counters.foreign += candidate->used;
	keep(candidate, packet, arrival_ns);
	return RTP_FOREIGN;
}

static void drop_candidate(struct rtp_order *order)
{
	order->counters.foreign += order->candidate.used;
	order->candidate.used = false;
}

/* Numbers before `next`: handed on already, or given up. */
static enum rtp_arrival count_old(struct rtp_order *order, unsigned behind)
{
	bool duplicate = behind <= 64 && (order->handed_on >> (behind - 1) & 1);
	order->counters.duplicate += duplicate;
	order->counters.late += !duplicate;
	return duplicate ? RTP_DUPLICATE : RTP_LATE;
}

/* Of the sequence being received, if it is, and pending afterwards if it is new. */
static enum rtp_arrival push_known(struct rtp_order *order, const struct rtp_packet *packet)
{
	uint16_t ahead = (uint16_t)(packet->sequence - order->next);
	uint16_t behind = (uint16_t)(order->next - packet->sequence);

	if (packet->ssrc != order->ssrc || (ahead >= MAX_DROPOUT && behind > MAX_MISORDER))
		return RTP_FOREIGN;
	if (ahead >= MAX_DROPOUT)
		return count_old(order, behind);
	struct held *held = slot(order, packet->sequence);
	if (held->used && held->sequence == packet->sequence) {
		order->counters.duplicate++;
		return RTP_DUPLICATE;
	}
	if (ahead >= RTP_ORDER_PACKETS)
		order->skip = MAX(order->skip, ahead - RTP_ORDER_PACKETS + 1u);
	order->has_pending = true;
	if ((uint16_t)(packet->sequence - order->newest) >= MAX_DROPOUT + RTP_ORDER_PACKETS)
		return RTP_REORDERED;
	order->newest = packet->sequence;
	return RTP_NEWEST;
}

enum rtp_arrival rtp_order_push(
	struct rtp_order *order, const struct rtp_packet *packet, uint64_t arrival_ns)
{
	order->pending = *packet;
	order->pending_arrival_ns = arrival_ns;
	order->has_pending = false;
	if (!order->started)
		start_at(order, packet->ssrc, packet->sequence);
	enum rtp_arrival arrival = push_known(order, packet);
	if (arrival == RTP_FOREIGN)
		return push_foreign(order, packet, arrival_ns);
	order->known_ns = arrival_ns;
	drop_candidate(order);
	return arrival;
}

/* `next` was handed on or given up. */
static void step(struct rtp_order *order, bool handed_on)
{
	order->next++;
	order->handed_on = order->handed_on << 1 | handed_on;
	if (order->skip > 0)
		order->skip--;
	if (handed_on) {
		order->lost = 0;
		return;
	}
	order->counters.lost++;
	if (order->lost < RTP_LOST_UNKNOWN)
		order->lost++;
}

static bool hand_on_pending(struct rtp_order *order, struct rtp_output *ret)
{
	if (!order->has_pending || order->pending.sequence != order->next)
		return false;
	*ret = (struct rtp_output){
		order->pending.payload, order->pending.len, order->pending_arrival_ns, order->lost};
	order->has_pending = false;
	step(order, true);
	return true;
}

static bool hand_on_held(struct rtp_order *order, struct rtp_output *ret)
{
	struct held *held = slot(order, order->next);
	if (!held->used || held->sequence != order->next)
		return false;
	*ret = (struct rtp_output){held->data, held->len, held->arrival_ns, order->lost};
	held->used = false;
	order->n_held--;
	step(order, true);
	return true;
}

/* It has to wait: only now is it copied. */
static void hold_pending(struct rtp_order *order)
{
	keep(slot(order, order->pending.sequence), &order->pending, order->pending_arrival_ns);
	order->n_held++;
	order->has_pending = false;
	rtp_order_advance(order, order->pending_arrival_ns);
}

bool rtp_order_next(struct rtp_order *order, struct rtp_output *ret)
{
	for (;;) {
		if (hand_on_pending(order, ret) || hand_on_held(order, ret))
			return true;
		if (order->skip > 0)
			step(order, false);
		else if (order->has_pending)
			hold_pending(order);
		else
			return false;
	}
}

uint64_t rtp_order_deadline(const struct rtp_order *order)
{
	uint64_t first_ns = UINT64_MAX - RTP_ORDER_WAIT_NS;

	if (order->n_held == 0)
		return UINT64_MAX;
	for (size_t i = 0; i < RTP_ORDER_PACKETS; i++) {
		if (order->held[i].used)
			first_ns = MIN(first_ns, order->held[i].arrival_ns);
	}
	return first_ns + RTP_ORDER_WAIT_NS;
}

void rtp_order_advance(struct rtp_order *order, uint64_t now_ns)
{
	if (order->n_held == 0)
		return;
	for (size_t i = 0; i < RTP_ORDER_PACKETS; i++) {
		const struct held *held = &order->held[i];
		if (!held->used || held->arrival_ns + RTP_ORDER_WAIT_NS > now_ns)
			continue;
		unsigned ahead = (uint16_t)(held->sequence - order->next);
		order->skip = MAX(order->skip, ahead);
	}
}

void rtp_order_counters(const struct rtp_order *order, struct rtp_order_counters *ret)
{
	*ret = order->counters;
}
