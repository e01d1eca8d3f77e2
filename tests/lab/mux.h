/*
 * lab/mux: access units into a constant-rate MPEG transport stream that can be looped without a
 * seam.
 *
 * It is our own because neither GStreamer's mpegtsmux nor FFmpeg's mpegts gives what real head-ends
 * do and the reference scenario asks for: a lead over the PCR of its own for each stream (video 0.6
 * to 1 s, audio at most 0.2 s), so that sound and picture of one moment arrive at different times,
 * and a loop whose end already carries what belongs to the beginning.
 *
 * Pure. Knows nothing about codecs: what depends on one is a field of struct mux_stream.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mux_unit {
	size_t offset, size;	  /* within the stream's bytes */
	int64_t pts_90k, dts_90k; /* of a clip that begins at 0; dts <= pts */
	bool random_access;	  /* sets random_access_indicator */
};

struct mux_stream {
	uint16_t pid;
	uint8_t stream_type; /* H.222.0, table 2-34 */
	uint8_t stream_id;   /* H.222.0, table 2-22 */
	bool unbounded;	     /* PES_packet_length 0 (H.222.0, 2.4.3.7: video only) */
	/* The first byte of a unit is sent no earlier than this before its PTS... */
	int64_t lead_90k;
	/* ...and the last one no later than this before it. */
	int64_t margin_90k;
	const uint8_t
		*descriptors; /* of the ES loop in the PMT, as they stand there; may be NULL */
	size_t descriptors_bytes;
	const uint8_t *bytes;
	const struct mux_unit *units; /* in decoding order */
	size_t n_units;
};

struct mux_plan {
	uint16_t transport_stream_id, program, pmt_pid;
	const struct mux_stream *streams; /* one that comes first is sent first when both are due */
	size_t n_streams;
	size_t pcr_stream; /* index */
	unsigned packets_per_s;
	uint64_t packets;      /* of one loop; a whole number of PTS ticks */
	unsigned psi_interval; /* in packets, from one PAT (and PMT) to the next; divides packets */
	unsigned
		pcr_interval; /* in packets, divides packets; a slot's wait of a few comes on top */
	int64_t origin_90k;   /* PTS of the clip's time 0, when the PCR of the file begins at 0 */
};

/* Which unit did not fit. */
struct mux_misfit {
	size_t stream, unit;
};

/*
 * Writes plan->packets transport packets to ret (188 bytes each). A packet's PCR is that of its
 * position: byte 10 of packet n (H.222.0, 2.4.2.2) stands for (188 n + 10) / (188 packets_per_s)
 * seconds. 0; -ENOSPC when a unit cannot be sent in its time (misfit says which) or the loop does
 * not close; -EINVAL when the plan contradicts itself.
 */
int mux_loop(const struct mux_plan *plan, uint8_t *ret, struct mux_misfit *misfit);
