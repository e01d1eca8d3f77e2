/*
 * tests/support/ts_writer: makes transport streams for tests: PAT, PMT, PCR and PES packets, cut
 * into RTP or plain UDP payloads. Every field can be changed between calls.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TS_WRITER_DATAGRAM_MAX (12 + 7 * 188)
#define TS_WRITER_NO_TIME UINT64_MAX

struct ts_writer {
	uint16_t programme, pmt_pid, pcr_pid, video_pid, audio_pid;
	uint8_t video_type, audio_type; /* stream_type; 0: left out of the PMT */
	uint8_t pat_version, pmt_version;
	uint8_t counters[8192]; /* by PID */
	uint16_t sequence;
	uint32_t ssrc;
	GByteArray *ts; /* written and not taken yet */
};

/* Programme 1: PMT 0x100, video (with the PCR) 0x101, audio 0x102; H.264 and AAC. */
void ts_writer_init(struct ts_writer *w);
void ts_writer_clear(struct ts_writer *w);

void ts_writer_pat(struct ts_writer *w);
void ts_writer_pmt(struct ts_writer *w);
/* A packet with nothing but a PCR. */
void ts_writer_pcr(struct ts_writer *w, uint64_t pcr_27mhz, bool discontinuity);

struct ts_writer_pes {
	uint16_t pid;
	uint8_t stream_id;
	uint64_t pts_90khz, dts_90khz; /* TS_WRITER_NO_TIME: none */
	bool bounded;		       /* with its length */
	bool random_access;
	const uint8_t *data;
	size_t len;
};
void ts_writer_pes(struct ts_writer *w, const struct ts_writer_pes *pes);

/* One section of any content behind a pointer_field, over as many packets as it needs. */
void ts_writer_section(struct ts_writer *w, uint16_t pid, const uint8_t *section, size_t len);

/*
 * Moves up to seven packets into an RTP or UDP payload, of TS_WRITER_DATAGRAM_MAX at most; returns
 * its length, 0: nothing left.
 */
size_t ts_writer_take_rtp(struct ts_writer *w, uint8_t *ret);
size_t ts_writer_take_udp(struct ts_writer *w, uint8_t *ret);

/*
 * Access units of H.264 with a body of `len` bytes that holds `fill` (not 0). With a fill of 128 or
 * more its slice refers to the PPS that there is, 0, else to one that there is not.
 */
enum ts_writer_picture {
	TS_WRITER_IDR,	    /* AUD, SPS, PPS, IDR slice */
	TS_WRITER_RECOVERY, /* AUD, SPS, PPS, SEI with a recovery point, P slice */
	TS_WRITER_INTRA,    /* AUD, SPS, PPS, I slice */
	TS_WRITER_P,	    /* AUD, P slice */
	TS_WRITER_BARE_IDR, /* AUD, IDR slice */
};
GByteArray *ts_writer_h264(enum ts_writer_picture picture, size_t len, uint8_t fill);
/* An ADTS frame of 48 kHz stereo with a body of `len` bytes. */
GByteArray *ts_writer_adts(size_t len, uint8_t fill);
