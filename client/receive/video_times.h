/*
 * receive/video_times: times for video frames that come without: a PTS is needed every 0.7 s only
 * (ISO/IEC 13818-1 section 2.7.4). Pure.
 */
#pragma once

#include "client/receive/video_framer.h"

/* Zeroed: nothing known yet. */
struct video_times {
	bool known;
	uint64_t last_dts_90khz;
	uint64_t timed_dts_90khz; /* the last that a frame came with */
	unsigned since_timed;	  /* frames */
	uint64_t step_90khz;	  /* between two frames; 0: not known */
	bool step_said;		  /* the stream itself says so */
	uint64_t last_pts_90khz;  /* the latest */
	bool group_known;
	uint64_t group_pts_90khz; /* of the frame that is the first to be shown of its group */
};

/*
 * Gives the frame a PTS and DTS where it has none: the next step of the DTS, and the PTS that its
 * order in the group says, or the DTS. False when there is nothing to go by yet.
 */
bool video_times_set(struct video_times *t, struct video_frame *frame);
