#include "client/receive/mdi.h"

#include <glib.h>

#define SECOND_NS UINT64_C(1000000000)

/* The rate is measured over so much of the stream's time; PCRs farther apart say nothing. */
static const uint64_t RATE_27MHZ = 27000000, RATE_MAX_27MHZ = 5 * 27000000;

static void take_worst(struct mdi *m)
{
	m->worst.known = true;
	m->worst.delay_ns = MAX(m->worst.delay_ns, m->last.delay_ns);
	m->worst.lost_ts = MAX(m->worst.lost_ts, m->last.lost_ts);
}

static double level(const struct mdi *m, uint64_t now_ns)
{
	return (double)m->bytes - (double)(now_ns - m->second_ns) * m->rate;
}

/* A second lasts until the packet behind it: in a long silence the buffer runs dry. */
static void end_second(struct mdi *m, uint64_t now_ns)
{
	m->least = MIN(m->least, level(m, now_ns));
	if (m->rate_at_start && m->rate > 0) {
		m->last = (struct mdi_second){.known = true,
			.delay_ns = (uint64_t)((m->most - m->least) / m->rate),
			.lost_ts = m->lost_ts};
		take_worst(m);
	}
	m->started = false;
}

static void start_second(struct mdi *m, uint64_t now_ns)
{
	m->started = true;
	m->second_ns = now_ns;
	m->bytes = 0;
	m->least = m->most = 0;
	m->lost_ts = 0;
	m->rate_at_start = m->rate > 0;
}

void mdi_receive(struct mdi *m, uint64_t ts_bytes, uint64_t arrival_ns)
{
	if (m->started && arrival_ns >= m->second_ns + SECOND_NS)
		end_second(m, arrival_ns);
	if (!m->started || arrival_ns < m->second_ns)
		start_second(m, arrival_ns);
	m->least = MIN(m->least, level(m, arrival_ns));
	m->bytes += ts_bytes;
	m->most = MAX(m->most, level(m, arrival_ns));
}

void mdi_pcr(struct mdi *m, uint64_t pcr_27mhz, uint64_t bytes, bool discontinuity)
{
	m->bytes_since_pcr += bytes;
	uint64_t passed = pcr_27mhz - m->pcr_27mhz;
	bool follows = m->has_pcr && !discontinuity && pcr_27mhz > m->pcr_27mhz &&
		       passed <= RATE_MAX_27MHZ;
	if (follows && passed < RATE_27MHZ)
		return;
	if (follows)
		m->rate = (double)m->bytes_since_pcr / ((double)passed * 1000 / 27);
	m->has_pcr = true;
	m->pcr_27mhz = pcr_27mhz;
	m->bytes_since_pcr = 0;
}

void mdi_lose(struct mdi *m, uint64_t ts_packets)
{
	m->lost_ts += ts_packets;
}
