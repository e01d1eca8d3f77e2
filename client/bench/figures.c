#include <assert.h>
#include <math.h>

#include "client/bench/figures.h"

static_assert((int)BENCH_AUDIO == (int)ZAP_AUDIO && (int)BENCH_OVERHEAD == (int)ZAP_MILESTONES,
	"the first figures are the zap's milestones");
static_assert((int)BENCH_SUPERSEDED == (int)ZAP_SUPERSEDED, "classes are the zap's kinds");

static const char *const figure_names[BENCH_FIGURES] = {
	[BENCH_REPORT] = "report",
	[BENCH_FIRST_PACKET] = "first_packet",
	[BENCH_PSI] = "psi",
	[BENCH_RAP] = "rap",
	[BENCH_RAP_COMPLETE] = "rap_complete",
	[BENCH_DECODED] = "decoded",
	[BENCH_PICTURE] = "picture",
	[BENCH_MOTION] = "motion",
	[BENCH_AUDIO] = "audio",
	[BENCH_OVERHEAD] = "overhead",
	[BENCH_FREEZE] = "freeze",
	[BENCH_WAIT] = "wait",
};

static const char *const class_names[BENCH_CLASSES] = {
	[BENCH_COLD] = "cold",
	[BENCH_PARTIAL] = "partial",
	[BENCH_WARM] = "warm",
	[BENCH_SUPERSEDED] = "superseded",
	[BENCH_ALL] = "all",
};

static const char *const stage_names[BENCH_STAGES] = {
	[BENCH_STAGE_REPORT] = "report",
	[BENCH_STAGE_JOIN] = "network join",
	[BENCH_STAGE_WAIT] = "wait for a RAP",
	[BENCH_STAGE_TRANSMIT] = "RAP transmission",
	[BENCH_STAGE_DECODE] = "decode",
	[BENCH_STAGE_PRESENT] = "present",
};

static const enum bench_figure stage_ends[BENCH_STAGES] = {
	[BENCH_STAGE_REPORT] = BENCH_REPORT,
	[BENCH_STAGE_JOIN] = BENCH_FIRST_PACKET,
	[BENCH_STAGE_WAIT] = BENCH_RAP,
	[BENCH_STAGE_TRANSMIT] = BENCH_RAP_COMPLETE,
	[BENCH_STAGE_DECODE] = BENCH_DECODED,
	[BENCH_STAGE_PRESENT] = BENCH_PICTURE,
};

const char *bench_figure_name(enum bench_figure figure)
{
	return figure_names[figure];
}

const char *bench_class_name(enum bench_class kind)
{
	return class_names[kind];
}

const char *bench_stage_name(enum bench_stage stage)
{
	return stage_names[stage];
}

static double since_press_ms(const struct bench_zap *zap, uint64_t at_ns)
{
	return at_ns > zap->scheduled_ns ? (double)(at_ns - zap->scheduled_ns) / 1e6 : 0;
}

/* Did this zap end without what it was to reach? A superseded one was not given the time. */
static bool ended_badly(const struct bench_zap *zap)
{
	return zap->record.result != ZAP_OK && zap->record.kind != ZAP_SUPERSEDED;
}

static bool picture_refuted(const struct bench_zap *zap)
{
	return zap->check == BENCH_DAMAGED || zap->check == BENCH_WRONG;
}

bool bench_failed(const struct bench_zap *zap)
{
	return zap->record.kind != ZAP_SUPERSEDED && isinf(bench_figure(zap, BENCH_PICTURE));
}

bool bench_never_moved(const struct bench_zap *zap)
{
	return isinf(bench_figure(zap, BENCH_FREEZE));
}

bool bench_never_heard(const struct bench_zap *zap)
{
	return !bench_failed(zap) && isinf(bench_figure(zap, BENCH_AUDIO));
}

/* Of a zap that shows a picture what was to follow it may be missing, and it is none the worse. */
static bool is_missing_after_picture(const struct bench_zap *zap, enum bench_figure figure)
{
	if (zap->cut != BENCH_CUT_NONE)
		return false;
	return figure == BENCH_MOTION || (figure == BENCH_AUDIO && zap->has_sound);
}

/* A milestone that is not there. */
static double never_reached(const struct bench_zap *zap, enum bench_figure figure)
{
	bool shown = zap->record.at_ns[ZAP_PICTURE] != 0;
	/* No report may have been needed, and a channel that shows a picture may have no sound. */
	bool needed = figure != BENCH_REPORT && (figure != BENCH_AUDIO || !shown);
	bool missing = ended_badly(zap) && needed;
	if (shown)
		missing = missing || is_missing_after_picture(zap, figure);
	return missing ? INFINITY : NAN;
}

static double milestone(const struct bench_zap *zap, enum bench_figure figure)
{
	uint64_t at_ns = zap->record.at_ns[figure];
	if (figure == BENCH_REPORT && zap->wire_ns)
		at_ns = zap->wire_ns;
	if ((figure == BENCH_PICTURE || figure == BENCH_MOTION) && at_ns && picture_refuted(zap))
		return INFINITY;
	return at_ns ? since_press_ms(zap, at_ns) : never_reached(zap, figure);
}

/* Nothing where the start was never reached: there is no knowing how long the rest had taken. */
static double span(const struct bench_zap *zap, enum bench_figure from, enum bench_figure to)
{
	double start_ms = milestone(zap, from);
	return isfinite(start_ms) ? milestone(zap, to) - start_ms : NAN;
}

double bench_figure(const struct bench_zap *zap, enum bench_figure figure)
{
	switch (figure) {
	case BENCH_OVERHEAD:
		return span(zap, BENCH_RAP_COMPLETE, BENCH_PICTURE);
	case BENCH_FREEZE:
		return span(zap, BENCH_PICTURE, BENCH_MOTION);
	case BENCH_WAIT:
		return span(zap, BENCH_FIRST_PACKET, BENCH_RAP_COMPLETE);
	default:
		return milestone(zap, figure);
	}
}

void bench_stages_reached(const struct bench_zap *zap, double *ret_ms)
{
	double before_ms = 0;
	for (int i = 0; i < BENCH_STAGES; i++) {
		double at_ms = milestone(zap, stage_ends[i]);
		/* Later ones may overtake: a table that was kept is known before a packet comes. */
		ret_ms[i] = isfinite(at_ms) && at_ms > before_ms ? at_ms - before_ms : 0;
		before_ms += ret_ms[i];
	}
}

bool bench_stages(const struct bench_zap *zap, double *ret_ms)
{
	bench_stages_reached(zap, ret_ms);
	return isfinite(milestone(zap, BENCH_PICTURE));
}
