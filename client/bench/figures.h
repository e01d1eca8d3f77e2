/*
 * bench/figures: what is measured of one zap, in milliseconds from the scheduled press.
 *
 * A figure is a number, or INFINITY where a zap that failed never got there, or NAN where there is
 * nothing to say: no report was needed, a channel has no sound, another key or the run's end came
 * first. A picture that was given the time and did not move is infinitely far from motion. What
 * came before the press (on a warm zap) counts as 0.
 */
#pragma once

#include "client/bench/result.h"

enum bench_figure {
	/* The zap's milestones, in the order of enum zap_milestone. */
	BENCH_REPORT,
	BENCH_FIRST_PACKET,
	BENCH_PSI,
	BENCH_RAP,
	BENCH_RAP_COMPLETE,
	BENCH_DECODED,
	BENCH_PICTURE,
	BENCH_MOTION,
	BENCH_AUDIO,
	/* What follows from them. */
	BENCH_OVERHEAD, /* picture - rap_complete: what the client adds */
	BENCH_FREEZE,	/* motion - picture */
	BENCH_WAIT,	/* rap_complete - first_packet: what no client can avoid */
	BENCH_FIGURES,
};

/* The parts of the way to a picture, one after the other; their sum is the picture's figure. */
enum bench_stage {
	BENCH_STAGE_REPORT,   /* press -> report */
	BENCH_STAGE_JOIN,     /* -> first packet */
	BENCH_STAGE_WAIT,     /* -> random access point */
	BENCH_STAGE_TRANSMIT, /* -> its last byte */
	BENCH_STAGE_DECODE,   /* -> decoded */
	BENCH_STAGE_PRESENT,  /* -> handed to the sink */
	BENCH_STAGES,
};

enum bench_class {
	/* In the order of enum zap_kind. */
	BENCH_COLD,
	BENCH_PARTIAL,
	BENCH_WARM,
	BENCH_SUPERSEDED,
	BENCH_ALL, /* all but the superseded ones, which tell nothing of a picture */
	BENCH_CLASSES,
};

double bench_figure(const struct bench_zap *zap, enum bench_figure figure);

/* Has this zap no picture that counts, although no other key came first? */
bool bench_failed(const struct bench_zap *zap);
/* Has it a picture that counts, and had the time to move, and did not? */
bool bench_never_moved(const struct bench_zap *zap);
/* Likewise: was it not heard, although its channel was in other zaps? */
bool bench_never_heard(const struct bench_zap *zap);

/*
 * Cuts the way to the picture into ret_ms[BENCH_STAGES]; false where there is no picture. A
 * milestone that is missing leaves its time to the stage after it.
 */
bool bench_stages(const struct bench_zap *zap, double *ret_ms);

/* How far a zap got that has no picture, likewise; *ret_ms of stages not reached are 0. */
void bench_stages_reached(const struct bench_zap *zap, double *ret_ms);

const char *bench_figure_name(enum bench_figure figure); /* "report", ..., as in JSON */
const char *bench_class_name(enum bench_class kind);	 /* "cold", ..., "all" */
const char *bench_stage_name(enum bench_stage stage);	 /* for people: "wait for a RAP" */
