/*
 * receive/mdi: the Media Delivery Index of one stream (RFC 4445): its delay factor and media loss
 * rate, each over a second. Pure.
 *
 * The delay factor is how much buffer, in time, the arrivals need to be played at the media's own
 * rate. That rate is what the PCRs say of the bytes between them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct mdi_second {
	bool known;	   /* a whole second at a known rate has passed */
	uint64_t delay_ns; /* delay factor, section 3.1 */
	uint64_t lost_ts;  /* media loss rate: TS packets lost or out of order, section 3.2 */
};

/* Zeroed: nothing received yet. */
struct mdi {
	double rate; /* of the media, in bytes a nanosecond; 0: unknown */
	bool has_pcr;
	uint64_t pcr_27mhz, bytes_since_pcr;
	bool started;
	uint64_t second_ns; /* since when */
	uint64_t bytes;	    /* in this second */
	double least, most; /* of the virtual buffer, in bytes */
	uint64_t lost_ts;
	bool rate_at_start;
	struct mdi_second last, worst;
};

/* A datagram with so many bytes of TS arrived. */
void mdi_receive(struct mdi *m, uint64_t ts_bytes, uint64_t arrival_ns);
/* A PCR, behind so many bytes of TS since the last one. A discontinuity begins anew. */
void mdi_pcr(struct mdi *m, uint64_t pcr_27mhz, uint64_t bytes, bool discontinuity);
/* So many TS packets were lost or came out of order. */
void mdi_lose(struct mdi *m, uint64_t ts_packets);
