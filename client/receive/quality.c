#include "client/receive/quality.h"

#include <glib.h>

enum {
	IP_UDP_BYTES = 20 + 8,
	BINS = 20, /* of a second */
	/* So many PCRs of other PIDs without one of ours: it is ours no longer. */
	OTHER_PCRS = 256,
};

static const uint64_t BIN_NS = UINT64_C(50000000);

struct bin {
	uint64_t line, ts; /* bytes */
};

/* RTP packets in the order of arrival; what a second sender strews in is not counted. */
struct arrivals {
	uint32_t timestamp;  /* of the last one ... */
	uint64_t arrival_ns; /* ... that came then; 0: there is none */
	double jitter_ns;
	uint64_t received, duplicate, reordered;
};

struct quality {
	struct bin bins[BINS + 1]; /* those of the last second, and the one being filled ... */
	uint64_t bin;		   /* ... which has this number since time 0 */
	struct arrivals rtp;
	uint64_t lost;
	bool is_rtp; /* the last datagram */
	uint64_t ts_per_datagram;
	uint64_t bytes_since_pcr;
	uint16_t pcr_pid;
	unsigned other_pcrs;
	bool discontinuity; /* since the last PCR */
	struct mdi mdi;
	struct tr101290 *tr101290;
};

struct quality *quality_new(void)
{
	struct quality *q = g_new0(struct quality, 1);
	q->pcr_pid = TS_PID_NULL;
	q->tr101290 = tr101290_new();
	return q;
}

void quality_free(struct quality *q)
{
	if (!q)
		return;
	tr101290_free(q->tr101290);
	g_free(q);
}

/* Empties the bins between the newest one and now. */
static struct bin *bin_at(struct quality *q, uint64_t now_ns)
{
	uint64_t number = now_ns / BIN_NS;
	if (number > q->bin + BINS)
		q->bin = number - BINS - 1;
	while (q->bin < number)
		q->bins[++q->bin % (BINS + 1)] = (struct bin){0};
	return &q->bins[q->bin % (BINS + 1)];
}

void quality_datagram(struct quality *q, size_t bytes, size_t ts_bytes, uint64_t arrival_ns)
{
	struct bin *bin = bin_at(q, arrival_ns);
	bin->line += bytes + IP_UDP_BYTES;
	bin->ts += ts_bytes;
	q->is_rtp = false;
	q->ts_per_datagram = ts_bytes / TS_PACKET_BYTES;
	mdi_receive(&q->mdi, ts_bytes, arrival_ns);
}

/* RFC 3550 appendix A.8, in nanoseconds. */
static void follow_jitter(struct arrivals *a, uint32_t timestamp, uint64_t arrival_ns)
{
	if (a->arrival_ns) {
		double sent_ns = (double)(int32_t)(timestamp - a->timestamp) * 1e5 / 9;
		double transit_ns = (double)(int64_t)(arrival_ns - a->arrival_ns) - sent_ns;
		a->jitter_ns += (MAX(transit_ns, -transit_ns) - a->jitter_ns) / 16;
	}
	a->timestamp = timestamp;
	a->arrival_ns = arrival_ns;
}

void quality_rtp(
	struct quality *q, enum rtp_arrival arrival, uint32_t timestamp, uint64_t arrival_ns)
{
	struct arrivals *a = &q->rtp;
	q->is_rtp = true;
	a->duplicate += arrival == RTP_DUPLICATE;
	if (arrival == RTP_DUPLICATE || arrival == RTP_FOREIGN)
		return;
	a->reordered += arrival == RTP_REORDERED || arrival == RTP_LATE;
	/* RFC 4445 section 3.2: media out of order is lost; what is late was counted as lost. */
	if (arrival == RTP_REORDERED)
		mdi_lose(&q->mdi, q->ts_per_datagram);
	/* Of the other sequence this is the second packet; the first one was held back. */
	if (arrival == RTP_TAKES_OVER) {
		a->received++;
		a->arrival_ns = 0;
	}
	a->received++;
	follow_jitter(a, timestamp, arrival_ns);
}

/* What is missing counts for the media's rate as if it had come. */
static void lose_ts(struct quality *q, uint64_t packets)
{
	mdi_lose(&q->mdi, packets);
	q->bytes_since_pcr += packets * TS_PACKET_BYTES;
}

void quality_lost(struct quality *q, unsigned packets)
{
	if (packets >= RTP_LOST_UNKNOWN) {
		q->discontinuity = true;
		return;
	}
	q->lost += packets;
	lose_ts(q, packets * q->ts_per_datagram);
}

/* Any PID that carries PCRs gives the media's rate. */
static bool is_pcr_pid(struct quality *q, const struct ts_packet *packet)
{
	if (packet->pid == q->pcr_pid) {
		q->other_pcrs = 0;
		return true;
	}
	if (!packet->has_pcr || (q->pcr_pid != TS_PID_NULL && ++q->other_pcrs < OTHER_PCRS))
		return false;
	q->other_pcrs = 0;
	q->pcr_pid = packet->pid;
	q->discontinuity = true;
	return true;
}

static void follow_pcr(struct quality *q, const struct ts_packet *packet)
{
	q->bytes_since_pcr += TS_PACKET_BYTES;
	if (!is_pcr_pid(q, packet))
		return;
	q->discontinuity |= packet->discontinuity;
	if (!packet->has_pcr)
		return;
	mdi_pcr(&q->mdi, packet->pcr_27mhz, q->bytes_since_pcr, q->discontinuity);
	q->bytes_since_pcr = 0;
	q->discontinuity = false;
}

void quality_ts(struct quality *q, const struct ts_packet *packet, uint64_t arrival_ns)
{
	follow_pcr(q, packet);
	unsigned missing = tr101290_packet(q->tr101290, packet, arrival_ns);
	/* Of RTP the sequence numbers say it better. */
	if (missing > 0 && !q->is_rtp)
		lose_ts(q, missing);
}

void quality_bad_sync(struct quality *q)
{
	tr101290_bad_sync(q->tr101290);
}

void quality_report(const struct quality *q, uint64_t now_ns, struct quality_report *ret)
{
	*ret = (struct quality_report){
		.received = q->rtp.received,
		.lost = q->lost,
		.duplicate = q->rtp.duplicate,
		.reordered = q->rtp.reordered,
		.jitter_ns = (uint64_t)q->rtp.jitter_ns,
		.mdi = q->mdi.last,
		.mdi_worst = q->mdi.worst,
	};
	tr101290_counters(q->tr101290, &ret->tr101290);
	/* The whole bins of the last second: not the one that is being filled. */
	uint64_t now = now_ns / BIN_NS;
	for (uint64_t i = now - MIN(now, BINS); i < now; i++) {
		if (i > q->bin || i + BINS < q->bin)
			continue;
		ret->line_bps += q->bins[i % (BINS + 1)].line * 8;
		ret->ts_bps += q->bins[i % (BINS + 1)].ts * 8;
	}
}
