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

/* What was opened by the caller, for the video sink to draw into. */
enum play_window_type { PLAY_WINDOW_NONE, PLAY_WINDOW_X11, PLAY_WINDOW_WAYLAND, PLAY_WINDOW_KMS };
struct play_window {
	enum play_window_type type;
	void *display;	   /* struct wl_display * */
	uintptr_t handle;  /* X11 window, or struct wl_surface * */
	int width, height; /* of the window or of the screen, in its pixels; 0: not known */
	/* KMS: a DRM device's master, the caller's; the connector and the plane for the picture. */
	int drm_fd, connector_id, plane_id;
};

/* How pictures are put into the window. */
enum play_aspect {
	PLAY_ASPECT_AUTO, /* as sent, with bars where the window has another shape */
	PLAY_ASPECT_FILL, /* the whole window, whatever that makes of the shape */
	PLAY_ASPECT_ZOOM, /* as sent, the whole window: what is too much is cut off on both sides */
	PLAY_ASPECT_4_3,  /* as if sent in this shape */
	PLAY_ASPECT_16_9,
	PLAY_ASPECTS,
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
	bool no_pictures;	 /* video ends before its decoder */
	bool no_deinterlace;	 /* show interlaced pictures as they are */
	bool black_between;	 /* a zap's wait is black, instead of the old picture */
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

/*
 * Premultiplied ARGB32 in native byte order, blended over the picture at x, y. Pixels are square
 * ones of the size that PLAY_FACT_SIZE told last.
 */
struct play_overlay {
	int x, y, width, height, stride_bytes;
	GBytes *pixels; /* stride_bytes * height, never changed; a reference is taken */
};

enum play_fact_type {
	PLAY_FACT_OPENED, /* the pipeline runs; `text` says with which sinks and why, for the log */
	/* It cannot be built: `text` says why; nothing will be shown until it is asked for anew. */
	PLAY_FACT_FAILED,
	PLAY_FACT_RESTS,   /* after play_rest(true): displays and devices are let go of */
	PLAY_FACT_STOPPED, /* after play_stop(): the sinks have let go, play_free() will not wait */
	PLAY_FACT_DECODED, /* the first picture of zap n left the decoder */
	PLAY_FACT_DAMAGED, /* ... which says that it is not whole; comes before it is shown */
	PLAY_FACT_PICTURE, /* a picture, due at pts_ns, reached the video sink at at_ns */
	PLAY_FACT_AUDIO,   /* the first sound of zap n, due at pts_ns, is heard at at_ns */
	PLAY_FACT_SIZE,	   /* what is blended over pictures is for width x height from now on */
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
	bool no_codec;	      /* ERROR: for want of what decodes it */
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

/*
 * How loud from now on, 0 to 100 (of what was sent, evenly to the ear), and whether at all. Sound
 * that is handed to the sink from then on has it, 20 ms ahead of its time or what a device with
 * buffers of its own needs. Every later zap and pipeline keeps it; at first 100.
 */
void play_set_volume(struct play *play, uint16_t percent, bool muted);
/* At first PLAY_ASPECT_AUTO. The picture at hand is shown anew. */
void play_set_aspect(struct play *play, enum play_aspect aspect);
/* Black now, until pictures of a zap come that is flushed for later. Overlays stay. */
void play_blank(struct play *play);
/* Black now, until pictures of zap n come, or of a later one. Overlays stay. */
void play_hide(struct play *play, uint64_t n);
/*
 * On: the pipeline goes, its sinks let go of displays and devices (PLAY_FACT_RESTS); units are
 * dropped, all else that is asked for is kept for later. Off: it is built anew, and begins black;
 * PLAY_FACT_OPENED or _FAILED answers, and after the latter it rests on.
 */
void play_rest(struct play *play, bool on);

/*
 * What is blended over the pictures from now on, shown at once; none where count is 0. The list is
 * always a whole one: of it, those with the same pixels at the same place cost nothing.
 */
void play_set_overlay(struct play *play, const struct play_overlay *overlays, size_t count);
/* Writes the picture as shown to a PNG file; PLAY_FACT_SNAPSHOT with `request` answers. */
void play_snapshot(struct play *play, const char *path, uint64_t request);
/*
 * The same where the window shows panels by itself: a PNG of its size, the picture in it as the
 * sink places it, and the panels over that.
 */
struct play_screen {
	int width, height; /* of the window, in the panels' pixels */
	const struct play_overlay *panels;
	size_t count;
};
void play_snapshot_screen(
	struct play *play, const char *path, uint64_t request, const struct play_screen *screen);
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
	/*
	 * Pictures that were never seen though their zap went on: replaced by the next before the
	 * sink had them, or left out by a decoder that was behind.
	 */
	uint64_t dropped;
};
void play_counters(const struct play *play, struct play_counters *ret);

/* Names of the elements that run ("ximagesink"); "" before PLAY_FACT_OPENED. */
const char *play_video_sink(const struct play *play);
const char *play_audio_sink(const struct play *play);
