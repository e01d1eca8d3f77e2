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

enum stream_kind {
	STREAM_VIDEO,
	STREAM_AUDIO,
	STREAM_SUBTITLE, /* DVB subtitles (ETSI EN 300 743) */
	STREAM_TELETEXT, /* EN 300 472 */
	STREAM_OTHER,
};

enum stream_codec {
	STREAM_CODEC_NONE,
	STREAM_CODEC_H264,
	STREAM_CODEC_H265,
	STREAM_CODEC_MPEG1_VIDEO,
	STREAM_CODEC_MPEG2_VIDEO,
	STREAM_CODEC_AAC,      /* with ADTS headers */
	STREAM_CODEC_AAC_LATM, /* LATM in LOAS */
	STREAM_CODEC_AC3,
	STREAM_CODEC_EAC3,
	STREAM_CODEC_MPEG_AUDIO, /* layers I to III */
	STREAM_CODEC_DVB_SUBTITLE,
	STREAM_CODEC_TELETEXT,
	STREAM_CODEC_OTHER, /* no units are made of it */
};

/* ISO/IEC 13818-1 table 2-60. */
enum stream_audio_type {
	STREAM_AUDIO_UNDEFINED,
	STREAM_AUDIO_CLEAN_EFFECTS,
	STREAM_AUDIO_HEARING_IMPAIRED,
	STREAM_AUDIO_VISUAL_COMMENTARY,
};

/*
 * What a programme holds. A PID with several languages of subtitles or teletext is as many tracks
 * with different pages.
 */
struct stream_track {
	uint16_t pid;
	enum stream_kind kind;
	enum stream_codec codec;
	uint8_t stream_type;	 /* ISO/IEC 13818-1 table 2-34 */
	char language[4];	 /* ISO 639-2 as it was sent, small letters; "": not said */
	uint8_t audio_type;	 /* enum stream_audio_type, or another number */
	bool hard_of_hearing;	 /* subtitles and teletext */
	uint16_t page;		 /* composition_page_id; teletext: 0x100 to 0x8ff, 0: none */
	uint16_t ancillary_page; /* subtitles */
	bool conditional_access; /* a CA descriptor stands at it */
	/* Units are made of it; of subtitles and teletext none are, a viewer wants them. */
	bool chosen;
};

#define STREAM_TRACKS_MAX 64

struct stream_programme {
	uint16_t number, pmt_pid, pcr_pid;
	uint8_t version;
	bool conditional_access; /* a CA descriptor stands in the PMT, for all or for a track */
	size_t n_tracks;
	struct stream_track tracks[STREAM_TRACKS_MAX];
};

/* No refresh takes longer: what says more is believed for so many pictures. */
#define STREAM_RECOVERY_MAX 250

/* One access unit, written once. Times are CLOCK_MONOTONIC nanoseconds. */
struct stream_unit {
	enum stream_kind kind; /* STREAM_VIDEO or STREAM_AUDIO */
	enum stream_codec codec;
	/* Video: a random access point, with all parameter sets that a decoder needs. */
	bool key;
	/*
	 * Video: shown before the key unit that it follows, and perhaps not decodable where
	 * decoding began with that one (open GOP). Behind STREAM_EVENT_RAP there are none.
	 */
	bool leading;
	/*
	 * Video, at a key unit: where decoding begins with it, so many pictures from it on are to
	 * be decoded and not shown, for they may be damaged (gradual refresh: H.264
	 * recovery_frame_cnt, H.265 recovery_poc_cnt, STREAM_RECOVERY_MAX at most); 0: none. A
	 * decoder that has been running already shows them all.
	 */
	unsigned recovery_pictures;
	/* Video, at a key unit: some of its parameter sets are only expected (STREAM_EVENT_MISLED).
	 */
	bool expected_sets;
	bool damaged;		/* packets of it were lost */
	uint64_t pts_90khz;	/* unwrapped: grows across the 33-bit wrap */
	uint64_t dts_90khz;	/* equal to pts_90khz where the stream has none */
	uint64_t due_ns;	/* when the recovered PCR clock reaches the PTS */
	uint64_t decode_due_ns; /* the same for the DTS */
	uint64_t first_arrival_ns, last_arrival_ns;
	GBytes *data;
};

enum stream_event_type {
	/*
	 * PAT and PMT are known (again): `video`, `audio` say what is in it, and
	 * stream_programme() has the list. Also when another audio track was chosen.
	 */
	STREAM_EVENT_PSI,
	/*
	 * Video begins: the first byte of the key access unit that comes next arrived at `at_ns`.
	 * Again after another PID or codec, a picture that came out cut, scrambled packets, or a
	 * full event queue; not after loss.
	 */
	STREAM_EVENT_RAP,
	/*
	 * The parameter sets that were expected (stream_expect_sets()) are not the stream's: no
	 * picture since the last STREAM_EVENT_RAP is a good one. Video begins anew.
	 */
	STREAM_EVENT_MISLED,
	/* An access unit; video only from a whole key unit on, or from the second damaged one. */
	STREAM_EVENT_UNIT,
	/*
	 * The chosen video (radio: audio) is `scrambled` from here on, and no units come of it, or
	 * no longer: a whole unit follows.
	 */
	STREAM_EVENT_SCRAMBLED,
	/*
	 * The programme that was asked for is not in the stream, or no longer, and no units come.
	 * When it comes (back), STREAM_EVENT_PSI says so.
	 */
	STREAM_EVENT_NO_PROGRAMME,
};

struct stream_event {
	enum stream_event_type type;
	uint64_t at_ns;
	/*
	 * STREAM_EVENT_PSI: of the chosen tracks; NONE: there is none, OTHER: none that units could
	 * be made of.
	 */
	enum stream_codec video, audio;
	bool scrambled;		 /* STREAM_EVENT_SCRAMBLED */
	struct stream_unit unit; /* STREAM_EVENT_UNIT: its data is the taker's to g_bytes_unref() */
};

struct stream_counters {
	uint64_t datagrams, bytes;
	uint64_t rtp_lost, rtp_duplicate, rtp_late, rtp_other_payload;
	uint64_t rtp_foreign;	 /* of a second sender, or stray: ignored */
	uint64_t rtp_restarts;	 /* another SSRC or sequence took over */
	uint64_t foreign_source; /* plain packets of a second sender: ignored */
	uint64_t ts_continuity, ts_sync_lost, psi_crc, not_ts;
	uint64_t plain_gaps;	    /* of ts_continuity, those in packets that came without RTP */
	uint64_t ts_scrambled;	    /* packets of the chosen tracks */
	uint64_t programme_missing; /* PATs, as they change, without the programme asked for */
};

struct stream;
struct stream *stream_new(void);
void stream_free(struct stream *stream); /* accepts NULL */

/*
 * Which programme of the PAT: its number, or 0 (the default) for the first one that has video or
 * audio. What was received of another one ends here; best called before the first packet.
 */
void stream_choose_programme(struct stream *stream, uint16_t number);
/*
 * Before the first packet: what stream_psi() of the same channel gave at an earlier time. Units are
 * made at once by it, and STREAM_EVENT_PSI says so with at_ns 0. The live PAT and PMT then bring
 * another STREAM_EVENT_PSI, with their arrival, and replace what they contradict. Returns whether
 * it can be used.
 */
bool stream_expect(struct stream *stream, const uint8_t *psi, size_t len);
/*
 * Behind stream_expect(), before any video: what stream_sets() of the same channel gave at an
 * earlier time. Random access points without parameter sets are then given these (if their slices
 * refer to them), until the stream's own come. Returns whether it can be used.
 */
bool stream_expect_sets(struct stream *stream, const uint8_t *sets, size_t len);
/*
 * The parameter sets of the chosen video that came last (H.264: SPS, PPS; H.265: VPS, too; MPEG:
 * sequence header and extensions), with start codes; NULL until there are all that a decoder needs.
 * To be unreferenced.
 */
GBytes *stream_sets(const struct stream *stream);
/* The sections that the programme at hand is from, NULL until they came. To be unreferenced. */
GBytes *stream_psi(const struct stream *stream);
/* The programme at hand; NULL until its PMT came. Valid until the next call that changes. */
const struct stream_programme *stream_programme(const struct stream *stream);
/* The numbers in the PAT, in its order, `max` at most; returns how many there are in all. */
size_t stream_programmes(const struct stream *stream, uint16_t *ret, size_t max);

/*
 * Which audio: by language, most wanted first (ISO 639-2, "deu" is "ger", too), then what is not
 * for the hearing or visually impaired, then as in the PMT. The default is no language. With
 * nothing else chosen it holds for what comes, and at once for what is there.
 */
void stream_prefer_languages(struct stream *stream, const char *const *languages, size_t n);
/*
 * This PID, as long as there is such an audio track; 0: by language again. -ENOENT: there is none
 * that can be played.
 */
int stream_choose_audio(struct stream *stream, uint16_t pid);

/*
 * These subtitles, or this page of teletext, as long as there are such; pid 0: none, the default.
 * -ENOENT: there are none such. Nothing is made of them: stream_programme() marks them.
 */
int stream_choose_subtitle(struct stream *stream, uint16_t pid, uint16_t page);

/*
 * A datagram's UDP payload: RTP or plain TS packets, told apart by itself. TS packets may also be
 * of 204 bytes (with parity) or of 192 (with a time stamp before each) where a payload holds
 * nothing but such.
 */
void stream_receive(struct stream *stream, const uint8_t *payload, size_t len, uint64_t arrival_ns);

/* Is it RTP? Of plain packets only the source address tells two senders apart. */
bool stream_is_rtp(const uint8_t *payload, size_t len);
/* Such a datagram, of another sender than the one that is received, was left out. */
void stream_refuse(struct stream *stream);

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

struct si;
/* What is on, and the time, as the stream says (client/receive/si.h). */
const struct si *stream_si(const struct stream *stream);

struct quality_report;
/* How well the stream arrives (client/receive/quality.h). */
void stream_quality(const struct stream *stream, uint64_t now_ns, struct quality_report *ret);
