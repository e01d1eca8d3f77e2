/*
 * play/gate: where decoded pictures and sound wait for their time. Streaming threads come to it and
 * are held; the play thread tells it of units and opens and closes it. The times are pace's.
 */
#pragma once

#include <glib.h>

#include "client/play/pace.h"
#include "client/play/play.h"

/* Sound passes so much before its time, for the sink to have it. */
#define GATE_SOUND_AHEAD_NS (80 * PACE_MS_NS)

struct gate {
	GMutex lock;
	GCond changed;
	bool closed[PACE_KINDS];
	struct pace pace;
	bool begun;	       /* a picture's unit of this zap came */
	unsigned held_back;    /* so many more are decoded and not shown */
	uint64_t show_from_ns; /* earlier pictures are not shown */
};

/* It begins open. */
void gate_init(struct gate *gate, const struct pace_config *config);
void gate_clear(struct gate *gate);

/* Nobody waits any longer, nothing passes: before a flush, or before elements stop. */
void gate_close(struct gate *gate, enum pace_kind kind);
void gate_open(struct gate *gate, enum pace_kind kind);
/* A new zap begins. */
void gate_begin(struct gate *gate);
/* As pace_expect(). */
void gate_expect(struct gate *gate, enum pace_kind kind, int64_t slack_ns);
/* As pace_unit(); and pictures are held back as play_unit's recovery_pictures has it. */
void gate_unit(struct gate *gate, enum pace_kind kind, const struct play_unit *unit);

/*
 * Waits until the picture is to be shown; false when it is not. *ret_hurry: so many come too late
 * that the decoder should leave some out.
 */
bool gate_await_picture(struct gate *gate, uint64_t due_ns, bool *ret_hurry);

struct gate_sound {
	uint64_t at_ns; /* when it is to be heard */
	double speed;	/* how much faster than recorded */
};
/* Waits until shortly before the sound's time; false when it is not to be heard. */
bool gate_await_sound(
	struct gate *gate, uint64_t due_ns, uint64_t duration_ns, struct gate_sound *ret);
