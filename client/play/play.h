/*
 * play: access units in, pictures and sound out. One persistent GStreamer pipeline on a thread of
 * its own; nothing here blocks the caller. Every unit and fact carries the number of its zap.
 *
 *   appsrc ! parser ! decoder ! appsink  ->  presenter  ->  appsrc ! videoconvertscale ! video sink
 *   appsrc ! parser ! decoder ! audioconvert ! audioresample ! audio sink
 *
 * Time stamps are CLOCK_MONOTONIC nanoseconds throughout: the pipeline's base time is 0.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum play_kind { PLAY_VIDEO, PLAY_AUDIO };

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
	void (*wake)(void *ctx); /* there are facts: called on any thread, must not block */
	void *wake_ctx;
};

struct play_unit {
	uint64_t n; /* zap */
	enum play_kind kind;
	bool key;
	uint64_t pts_ns, dts_ns; /* when it is due */
	GBytes *data;		 /* H.264 byte stream or AAC with ADTS; taken over */
};

/* Premultiplied ARGB32 in native byte order, blended over the picture at x, y of its pixels. */
struct play_overlay {
	int x, y, width, height, stride_bytes;
	const uint8_t *pixels; /* copied */
};

enum play_fact_type {
	PLAY_FACT_OPENED,  /* the pipeline runs */
	PLAY_FACT_FAILED,  /* it cannot be built: `text` says why; nothing will be shown */
	PLAY_FACT_STOPPED, /* after play_stop(): the sinks have let go, play_free() will not wait */
	PLAY_FACT_DECODED, /* the first picture of zap n left the decoder */
	PLAY_FACT_DAMAGED, /* ... which says that it is not whole; comes before it is shown */
	PLAY_FACT_PICTURE, /* a picture reached the video sink */
	PLAY_FACT_AUDIO,   /* the first sound of zap n is due at at_ns */
	PLAY_FACT_SIZE,	   /* pictures are width x height from now on */
	PLAY_FACT_PLACED,  /* the sink has begun to draw into the window, or knows its new size */
	PLAY_FACT_SNAPSHOT, /* the snapshot was written, or not: `text` says why, "" when it was */
	PLAY_FACT_ERROR,    /* the picture of zap n failed: `text` says why */
	PLAY_FACT_WARNING,  /* worth a line in the log: also that its sound failed */
};

#define PLAY_TEXT_BYTES 240
struct play_fact {
	enum play_fact_type type;
	uint64_t n;
	uint64_t at_ns;
	uint64_t pts_ns, duration_ns; /* PICTURE */
	int width, height;	      /* SIZE */
	uint64_t request;	      /* SNAPSHOT */
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

/* Names of the elements that run ("ximagesink"); "" before PLAY_FACT_OPENED. */
const char *play_video_sink(const struct play *play);
const char *play_audio_sink(const struct play *play);
