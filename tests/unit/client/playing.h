/* Real encoders and a real play, for tests that look at what comes out of its sinks. */
#pragma once

#include <glib.h>

#include "client/play/play.h"

#define MS_NS UINT64_C(1000000)
#define UNITS_MAX 200

/* What an encoder made: access units and when they are due, counted from the first. */
struct units {
	enum play_kind kind;
	enum play_codec codec;
	unsigned count;
	GBytes *data[UNITS_MAX];
	uint64_t pts_ns[UNITS_MAX], dts_ns[UNITS_MAX]; /* dts may wrap: before the first PTS */
	bool key[UNITS_MAX];
};

/* `description` is gst-launch's, up to the encoder and its caps. Freed with units_free(). */
struct units *units_make(enum play_kind kind, enum play_codec codec, const char *description);
void units_free(struct units *units); /* accepts NULL */

/* H.264 in this size, its pixels of this shape ("64/45"); a pattern of videotestsrc. */
struct units *units_of_picture(int width, int height, const char *par, const char *pattern);
/* AAC, 48 kHz: a tone of half the full scale, two seconds and more. */
struct units *units_of_tone(void);
/* MPEG audio, 32 kHz, one channel: the same. */
struct units *units_of_low_tone(void);

struct playing {
	struct play *play;
	GMutex lock;
	GCond woken;
	unsigned wakes, seen;
};

/* `wake` is filled in; margin_ns, where it is 0. */
void playing_open(struct playing *playing, struct play_options options);
void playing_close(struct playing *playing);

/* The next fact of this type; fails the test when none comes, or an error that was not asked for.
 */
struct play_fact playing_await(struct playing *playing, enum play_fact_type type);
/* The next picture of this zap. */
struct play_fact playing_await_picture(struct playing *playing, uint64_t n);

/* Units from..to of zap n, the first of all due at due_ns; each arrives 0.2 s before it is due. */
void playing_push(struct playing *playing, const struct units *units, unsigned from, unsigned to,
	uint64_t n, uint64_t due_ns);
