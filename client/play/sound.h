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

/* A piece leaves for the sink, to be heard at at_ns; the zap's first sound was due at first_ns. */
typedef void (*sound_left_fn)(void *ctx, uint64_t at_ns, uint64_t first_ns);

struct sound {
	struct gate *gate;
	struct volume *volume; /* applied on the thread of `out` */
	GstAppSrc *out;
	uint64_t lead_ns; /* pieces leave so long before their time; 0: the sink waits by itself */
	sound_left_fn left;
	void *ctx;
	/* Of the streaming thread that brings sound, one at a time. */
	GstAudioInfo info;
	struct sound_clock clock;
	struct tempo tempo;
	struct stretch stretch;
	GArray *frames;		       /* float: of the piece at hand */
	_Atomic uint64_t first_due_ns; /* of what was heard first since the flush; 0: nothing */
	_Atomic unsigned gaps;	       /* how often samples were not continuous */
	GMutex lock;
	uint64_t age; /* under the lock: pieces of another one are old sound */
	bool faded;   /* of `out`: the old sound has ended */
};

struct sound_options {
	struct gate *gate;
	struct volume *volume;
	uint64_t lead_ns;
	sound_left_fn left;
	void *ctx;
};

/*
 * `out` takes what is to be heard, time stamped, in pieces of 16 ms at most, each as loud as is
 * wanted when it leaves; a reference of its own is held. The number of gaps goes on counting.
 */
void sound_init(struct sound *sound, GstAppSrc *out, const struct sound_options *options);
void sound_clear(struct sound *sound); /* accepts a zeroed one */

/*
 * When nobody brings sound: what was taken and has not left does not leave any more, but for one
 * piece that fades out. The sink is not flushed: a device that is paused loses its time.
 */
void sound_cut(struct sound *sound);

/* What the decoder gives has to be turned into this. Freed with gst_caps_unref(). */
GstCaps *sound_caps(void);
/* The next decoded piece; waits for its time. Takes the reference. */
void sound_take(struct sound *sound, GstSample *sample);
