/*
 * receive/stream: the packets of one channel become access units. Pure: datagrams with their
 * arrival times go in, events are taken out.
 *
 *   RTP order -> transport stream -> PSI, PCR clock, PES -> access units, gated to the first RAP
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum stream_kind { STREAM_VIDEO, STREAM_AUDIO };
enum stream_codec { STREAM_CODEC_NONE, STREAM_CODEC_H264, STREAM_CODEC_AAC, STREAM_CODEC_OTHER };

/* One access unit, written once. Times are CLOCK_MONOTONIC nanoseconds. */
struct stream_unit {
	enum stream_kind kind;
	enum stream_codec codec;
	bool key;		/* video: a random access point */
	bool damaged;		/* packets of it were lost */
	uint64_t pts_90khz;	/* unwrapped: grows across the 33-bit wrap */
	uint64_t dts_90khz;	/* equal to pts_90khz where the stream has none */
	uint64_t due_ns;	/* when the recovered PCR clock reaches the PTS */
	uint64_t decode_due_ns; /* the same for the DTS */
	uint64_t first_arrival_ns, last_arrival_ns;
	GBytes *data;
};

enum stream_event_type {
	STREAM_EVENT_PSI, /* PAT and PMT are known (again): `video`, `audio` say what is in it */
	/*
	 * Video begins: the first byte of the key access unit that comes next arrived at `at_ns`.
	 * Again after another PID, a picture that came out cut, or a full event queue; not after
	 * loss.
	 */
	STREAM_EVENT_RAP,
	STREAM_EVENT_UNIT, /* an access unit; video only from a whole key unit on */
};

struct stream_event {
	enum stream_event_type type;
	uint64_t at_ns;
	enum stream_codec video, audio; /* STREAM_EVENT_PSI */
	struct stream_unit unit; /* STREAM_EVENT_UNIT: its data is the taker's to g_bytes_unref() */
};

struct stream_counters {
	uint64_t datagrams, bytes;
	uint64_t rtp_lost, rtp_duplicate, rtp_late, rtp_other_payload;
	uint64_t rtp_foreign;  /* of a second sender, or stray: ignored */
	uint64_t rtp_restarts; /* another SSRC or sequence took over */
	uint64_t ts_continuity, ts_sync_lost, psi_crc, not_ts;
};

struct stream;
struct stream *stream_new(void);
void stream_free(struct stream *stream); /* accepts NULL */

/* A datagram's UDP payload: RTP or plain TS packets, told apart by itself. */
void stream_receive(struct stream *stream, const uint8_t *payload, size_t len, uint64_t arrival_ns);

/*
 * When a gap in the RTP order is given up (20 ms), or the wait of the first units for a PCR (100
 * ms); UINT64_MAX when neither is there.
 */
uint64_t stream_deadline(const struct stream *stream);
void stream_advance(struct stream *stream, uint64_t now_ns);

/*
 * Takes the next event out; false when there is none. To be called after each receive and advance:
 * no more than 256 events wait, and behind a full queue video begins anew.
 */
bool stream_next_event(struct stream *stream, struct stream_event *ret);
void stream_counters(const struct stream *stream, struct stream_counters *ret);
