/*
 * A reader of transport streams for the tests of the lab: independent of tests/lab's writer, strict
 * where the reference scenario is, and it asserts what every stream must have: sync bytes,
 * continuity counters, PCR exact to the tick and at most 40 ms apart, PAT and PMT 100 ms apart.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

enum { PROBE_MAX_PID = 0x1FFF };

struct probe_unit {
	uint16_t pid;
	bool random_access;
	uint16_t pes_length;
	uint64_t pts_90k, dts_90k;	/* 33 bits, as they stand there */
	int64_t first_lead_90k;		/* PTS minus the PCR at its first byte */
	int64_t last_lead_90k;		/* ... and at its last one */
	uint64_t first_slot, last_slot; /* packets' positions in the stream */
	size_t offset, size;		/* of its payload within the PID's bytes */
};

struct probe {
	unsigned packets_per_s;
	uint64_t slots; /* the position of the next packet */
	bool has_pcr;
	uint64_t pcr_offset_27m; /* the PCR of position 0, extrapolated */
	uint64_t last_pcr_slot, last_psi_slot[2];
	uint64_t nulls, pcrs, psis[2];
	uint16_t pmt_pid, pcr_pid, video_pid, audio_pid;
	uint8_t video_type, audio_type, pmt_version;
	bool seen[PROBE_MAX_PID + 1];
	uint8_t counter[PROBE_MAX_PID + 1];
	GByteArray *bytes[2]; /* of video and audio */
	GArray *units[2];     /* struct probe_unit */
};

enum { PROBE_VIDEO, PROBE_AUDIO };

/* first_slot: the position of the first packet in the stream, which the PCR is a function of. */
void probe_init(struct probe *probe, unsigned packets_per_s, uint64_t first_slot);
void probe_finish(struct probe *probe);

/* Takes the next TS packet; asserts. */
void probe_packet(struct probe *probe, const uint8_t packet[188]);

/* The difference of two time stamps of 33 bits. */
int64_t probe_difference_90k(uint64_t later, uint64_t earlier);
