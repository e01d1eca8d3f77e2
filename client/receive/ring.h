/*
 * receive/ring: the GOP cache of one received channel: its newest PSI and everything since its
 * newest whole random access point, so that a zap to it need not wait for one. Pure. Access units
 * are shared by reference, never copied.
 *
 * A key unit comes out of the stream when it is whole, so the GOP before stays until then. A
 * damaged key unit begins nothing: what came before it stays and goes on, two GOPs at most. Leading
 * pictures of the held RAP cannot be decoded from it and are left out. With a gradual refresh
 * (recovery_pictures) a RAP is of use only when so many pictures have come behind it: until then
 * the channel is partial, or the RAP before it stays.
 *
 * Audio is held from where the first picture is due, or from now where that is earlier: until then
 * it is still to be heard. A channel without playable video (radio) holds its last 200 ms of audio.
 */
#pragma once

#include "client/receive/stream.h"

enum ring_state {
	RING_COLD,    /* nothing came */
	RING_PARTIAL, /* something came, but nothing that a decoder can show a picture of */
	/* A whole random access point and all that followed, at least until what a decoder makes
	   of it is clean; radio: audio. */
	RING_WARM,
};

/* No slack is known: no unit of the kind came. */
#define RING_NO_SLACK INT64_MAX

/* What is held, and what channel memory keeps of the channel: the worst since the last reset. */
struct ring_info {
	size_t units, bytes;
	uint64_t rap_complete_ns; /* when the held RAP's last byte arrived; radio: the first
				     audio's; 0: none */
	uint64_t warm_since_ns;	  /* since then a whole RAP has been there without a break; 0: it is
				     not */
	uint64_t last_arrival_ns; /* of the newest unit, held or not */
	uint64_t gop_ns;	  /* the longest; 0: unknown */
	size_t rap_bytes;	  /* the largest */
	/* The smallest due_ns - last_arrival_ns: so much earlier the kind may be presented. */
	int64_t video_slack_ns, audio_slack_ns;
	uint64_t overflows;    /* a GOP was larger than a bound */
	uint64_t resets;       /* times or PIDs jumped, or stood still, or RAPs stayed damaged */
	uint64_t damaged_raps; /* damaged key units */
	size_t damaged_units;  /* among those that are held */
};

struct ring;

/*
 * `max_bytes` bounds the access units' data, 30 s their time, and 16384 their number. A GOP that is
 * larger is given up (the channel is partial until its next random access point) and counted.
 */
struct ring *ring_new(size_t max_bytes);
void ring_free(struct ring *ring); /* accepts NULL */

/*
 * Looks at an event of the channel's stream; takes references of its own of what it keeps.
 * Scrambled video ends what is held, and so do parameter sets that were wrong.
 */
void ring_push(struct ring *ring, const struct stream_event *event);
/* Forgets the units, not the PSI: what was held does not lead up to what comes next. */
void ring_reset(struct ring *ring);

/*
 * Forgets what came to a halt more than a second ago (pictures: two of their own distances, where
 * that is longer), for it is no longer what is on the air. Where the pictures ended and the sound
 * goes on, what is still to be heard stays.
 */
void ring_drop_stale(struct ring *ring, uint64_t now_ns);

enum ring_state ring_state(const struct ring *ring);
void ring_info(const struct ring *ring, struct ring_info *ret);
/* The newest STREAM_EVENT_PSI, NULL before the first. Valid until the next call that changes. */
const struct stream_event *ring_psi(const struct ring *ring);

/*
 * What is held, in the order of arrival, without taking it out: the i-th unit, NULL behind the
 * last. Begins with the random access point, but for audio that arrived before it and is still to
 * be heard. The caller takes references where it keeps data. Valid until the next call that
 * changes.
 */
const struct stream_unit *ring_unit(const struct ring *ring, size_t i);
