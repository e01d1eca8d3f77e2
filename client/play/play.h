/*
 * play: access units in, pictures and sound out. One persistent GStreamer pipeline on a thread of
 * its own; nothing here blocks the caller. Every unit and fact carries the number of its zap.
 *
 *   appsrc ! parser ! decoder ! deinterlace ! appsink -> presenter -> appsrc ! scaler ! video sink
 *   appsrc ! parser ! decoder ! audioconvert ! appsink -> sound -> appsrc ! resampler ! audio sink
 *
 * Parser and decoder are built for the codec that comes, between an appsrc and an appsink that
 * stay, and built anew only when another codec comes. Up to the appsink, time stamps are due times;
 * `pace` makes presentation times of them. All are CLOCK_MONOTONIC nanoseconds: the pipeline's base
 * time is 0.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum play_kind { PLAY_VIDEO, PLAY_AUDIO };

enum play_codec {
	PLAY_CODEC_NONE,
	PLAY_CODEC_H264, /* video: byte streams, one access unit each */
	PLAY_CODEC_H265,
	PLAY_CODEC_MPEG1_VIDEO,
	PLAY_CODEC_MPEG2_VIDEO,
	PLAY_CODEC_AAC,	     /* audio: one frame each; with ADTS headers */
	PLAY_CODEC_AAC_LATM, /* LATM in LOAS */
	PLAY_CODEC_AC3,
	PLAY_CODEC_EAC3,
	PLAY_CODEC_MPEG_AUDIO,
	PLAY_CODECS,
};

/* A window that was opened by the caller, for the video sink to draw into. */
enum play_window_type { PLAY_WINDOW_NONE, PLAY_WINDOW_X11, PLAY_WINDOW_WAYLAND };
struct play_window {
	enum play_window_type type;
	void *display;	   /* struct wl_display * */
	uintptr_t handle;  /* X11 window, or struct wl_surface * */
	int width, height; /* Wayland: the size of the surface */
};

struct play_options {
	/* "auto", "none", "x11", "wayland", "kms", or a description in gst-launch's syntax */
	const char *video_sink;
	const char *audio_sink; /* "auto", "none", or a description */
	struct play_window window;
	/*
	 * Room for the network's jitter: sound is heard so long after its arrival, beside what
	 * decoding and the sink need, and pictures meet it.
	 */
	uint64_t margin_ns;
	/* After a warm zap: catch up with live, instead of staying behind by what was cached. */
	bool catch_up;
	bool no_deinterlace;	 /* show interlaced pictures as they are */
	void (*wake)(void *ctx); /* there are facts: called on any thread, must not block */
	void *wake_ctx;
};

struct play_unit {
	uint64_t n; /* zap */
	enum play_kind kind;
	enum play_codec codec; /* one of its kind */
	bool key;
	bool damaged; /* parts of it are missing */
	/*
	 * The first video unit of a zap only: a gradual refresh begins with it. So many pictures
	 * from it on are decoded, and not shown, because parts of them refer to what never came.
	 */
	unsigned recovery_pictures;
	uint64_t pts_ns, dts_ns; /* when it is due by the sender's clock */
	uint64_t arrival_ns;	 /* when its last byte arrived */
	GBytes *data;		 /* taken over */
};

/* What is known of a zap's stream from an earlier time. */
#define PLAY_NO_SLACK INT64_MAX
struct play_expected {
	uint64_t n;		      /* zap */
	enum play_codec video, audio; /* PLAY_CODEC_NONE: not known */
	/* The smallest time between a unit's arrival and when it is due; PLAY_NO_SLACK: not known.
	 */
	int64_t video_slack_ns, audio_slack_ns;
};

/* Premultiplied ARGB32 in native byte order, blended over the picture at x, y of its pixels. */
struct play_overlay {
	int x, y, width, height, stride_bytes;
	GBytes *pixels; /* stride_bytes * height; a reference is taken */
};

enum play_fact_type {
	PLAY_FACT_OPENED,  /* the pipeline runs */
	PLAY_FACT_FAILED,  /* it cannot be built: `text` says why; nothing will be shown */
	PLAY_FACT_STOPPED, /* after play_stop(): the sinks have let go, play_free() will not wait */
	PLAY_FACT_DECODED, /* the first picture of zap n left the decoder */
	PLAY_FACT_DAMAGED, /* ... which says that it is not whole; comes before it is shown */
	PLAY_FACT_PICTURE, /* a picture, due at pts_ns, reached the video sink at at_ns */
	PLAY_FACT_AUDIO,   /* the first sound of zap n, due at pts_ns, is heard at at_ns */
	PLAY_FACT_SIZE,	   /* pictures are width x height from now on */
	PLAY_FACT_PLACED,  /* the sink has begun to draw into the window, or knows its new size */
	PLAY_FACT_SNAPSHOT, /* the snapshot was written, or not: `text` says why, "" when it was */
	PLAY_FACT_ERROR,    /* the picture of zap n failed: `text` says why, as a sentence's end */
	PLAY_FACT_WARNING,  /* worth a line in the log: also that its sound failed */
};

#define PLAY_TEXT_BYTES 240
struct play_fact {
	enum play_fact_type type;
	uint64_t n;
	uint64_t at_ns;
	uint64_t pts_ns;      /* PICTURE, AUDIO */
	uint64_t duration_ns; /* PICTURE */
	int width, height;    /* SIZE */
	uint64_t request;     /* SNAPSHOT */
	char text[PLAY_TEXT_BYTES];
};

struct play;

/*
 * Starts the thread, which builds the pipeline; PLAY_FACT_OPENED or _FAILED tells how that went.
 * Everything below may be called at once. Ended with play_stop() (after which nothing but
 * play_next_fact() may be called) and, after PLAY_FACT_STOPPED,
 * play_free() (before, it would wait). Nothing here waits for a display: its events may need the
 * caller's loop.
 */
struct play *play_open(const struct play_options *options);
void play_stop(struct play *play);
void play_free(struct play *play); /* accepts NULL */

/* Drops everything that is queued or shown later, and waits for units of zap n. */
void play_flush(struct play *play, uint64_t n);
/*
 * Behind the flush: parsers and decoders are built for these codecs while their first units are on
 * the way, and sound begins with a delay at which those with less slack will be in time, too. Units
 * of other codecs, or with other slack, are played as if nothing had been expected.
 */
void play_expect(struct play *play, const struct play_expected *expected);
/* False when the mailbox is full: the unit was dropped. Its data is released either way. */
bool play_push(struct play *play, const struct play_unit *unit);

/* What is blended over the pictures from now on, shown at once; none where count is 0. */
void play_set_overlay(struct play *play, const struct play_overlay *overlays, size_t count);
/* Writes the picture as shown to a PNG file; PLAY_FACT_SNAPSHOT with `request` answers. */
void play_snapshot(struct play *play, const char *path, uint64_t request);
/* The window has a new size; PLAY_FACT_PLACED answers. */
void play_place(struct play *play, int width, int height);

/* The next fact; false when there is none. On the thread that owns `wake`'s loop. */
bool play_next_fact(struct play *play, struct play_fact *ret);

/* Since play_open(). */
struct play_counters {
	uint64_t pictures;	/* decoded and shown, or at least handed to the presenter */
	uint64_t damaged;	/* of these, what the decoder said is damaged */
	uint64_t damaged_units; /* given in, of the current zaps */
	uint64_t rebuilds;	/* decoders built: one for each change of codec */
	uint64_t gaps;		/* sound was not continuous, beside where zaps begin */
};
void play_counters(const struct play *play, struct play_counters *ret);

/* Names of the elements that run ("ximagesink"); "" before PLAY_FACT_OPENED. */
const char *play_video_sink(const struct play *play);
const char *play_audio_sink(const struct play *play);
