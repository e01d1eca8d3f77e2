/* play/sinks: where pictures and sound go: chosen by what is there, or as it was asked for. */
#pragma once

#include <gst/gst.h>

#include "client/play/play.h"

struct sinks_choice {
	GstElement *sink;   /* opened; a floating reference. NULL: none is to be had */
	const char *reason; /* why this one, as a sentence's end */
	char *error;	    /* why none, a sentence; freed with g_free() */
};

/*
 * The video sink that `wanted` names (play_options), drawing into `window` where there is one; it
 * shows each picture at once (the presenter has waited for the clock).
 */
struct sinks_choice sinks_video(const char *wanted, const struct play_window *window);

/* The same for sound. "auto" without any audio device is a sink that swallows it in time. */
struct sinks_choice sinks_audio(const char *wanted);

/* How many pixels the screen has, where the sink knows; else what comes in stays. */
void sinks_screen_size(GstElement *sink, int *width, int *height);

/* Name of the factory of the element, or of the last sink inside a bin: "ximagesink". */
const char *sinks_name(GstElement *sink);
