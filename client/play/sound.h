/*
 * play/sound: from decoded sound to the audio sink: waits at the gate, keeps the samples continuous
 * and at the sender's pace. It stands between the decoder and the sink as the presenter does for
 * pictures, so that neither another decoder nor times that jump disturb the sink.
 */
#pragma once

#include <gst/app/app.h>
#include <gst/audio/audio.h>

#include "client/play/gate.h"
#include "client/play/sound_clock.h"
#include "client/play/stretch.h"
#include "client/play/tempo.h"
#include "client/play/volume.h"

struct sound {
	struct gate *gate;
	struct volume *volume; /* applied on the thread of `out` */
	GstAppSrc *out;
	/* Of the streaming thread that brings sound, one at a time. */
	GstAudioInfo info;
	struct sound_clock clock;
	struct tempo tempo;
	struct stretch stretch;
	GArray *frames;		       /* float: of the piece at hand */
	_Atomic uint64_t first_due_ns; /* of what was heard first since the flush; 0: nothing */
	_Atomic unsigned gaps;	       /* how often samples were not continuous */
};

/*
 * `out` takes what is to be heard, time stamped, in pieces of 10 ms, each as loud as is wanted when
 * the sink takes it; a reference of its own is held. The number of gaps goes on counting.
 */
void sound_init(struct sound *sound, struct gate *gate, struct volume *volume, GstAppSrc *out);
void sound_clear(struct sound *sound); /* accepts a zeroed one */

/* After a flush: what comes next is not continuous with what came before. */
void sound_reset(struct sound *sound);

/* What the decoder gives has to be turned into this. Freed with gst_caps_unref(). */
GstCaps *sound_caps(void);
/* The next decoded piece; waits for its time. Takes the reference. */
void sound_take(struct sound *sound, GstSample *sample);
