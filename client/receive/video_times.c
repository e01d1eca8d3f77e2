#include "client/receive/video_times.h"

/* Until two times were seen: no longer than any frame lasts, so that times never go back. */
#define STEP_FIRST_90KHZ 1500

static uint64_t next_dts(const struct video_times *t)
{
	return t->last_dts_90khz + (t->step_90khz ? t->step_90khz : STEP_FIRST_90KHZ);
}

/* A frame came with its times: what lies between it and the last such is so many steps. */
static void learn_step(struct video_times *t, const struct video_frame *frame)
{
	unsigned frames = t->since_timed + 1;
	if (t->known && !t->step_said && frame->dts_90khz > t->timed_dts_90khz)
		t->step_90khz = (frame->dts_90khz - t->timed_dts_90khz) / frames;
	t->timed_dts_90khz = frame->dts_90khz;
	t->since_timed = 0;
}

/* Where in time does `order` of its group count from? */
static void follow_group(struct video_times *t, const struct video_frame *frame)
{
	if (!frame->has_order)
		return;
	if (frame->has_pts) {
		t->group_pts_90khz = frame->pts_90khz - frame->order * t->step_90khz;
		t->group_known = t->step_90khz > 0;
	} else if (frame->group) {
		t->group_pts_90khz = t->last_pts_90khz + t->step_90khz;
	}
}

static void date(struct video_times *t, struct video_frame *frame)
{
	frame->dts_90khz = next_dts(t);
	frame->pts_90khz = frame->dts_90khz;
	if (!frame->has_order || !t->group_known)
		return;
	uint64_t pts_90khz = t->group_pts_90khz + frame->order * t->step_90khz;
	frame->pts_90khz = MAX(pts_90khz, frame->dts_90khz);
}

bool video_times_set(struct video_times *t, struct video_frame *frame)
{
	if (!frame->has_pts && !t->known)
		return false;
	if (frame->step_90khz) {
		t->step_90khz = frame->step_90khz;
		t->step_said = true;
	}
	if (frame->has_pts)
		learn_step(t, frame);
	else
		t->since_timed++;
	follow_group(t, frame);
	if (!frame->has_pts)
		date(t, frame);
	bool forward = t->known && frame->dts_90khz >= t->last_dts_90khz;
	t->last_pts_90khz = forward ? MAX(t->last_pts_90khz, frame->pts_90khz) : frame->pts_90khz;
	t->last_dts_90khz = frame->dts_90khz;
	t->known = true;
	return true;
}
